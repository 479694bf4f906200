//! The lexicon in the repository is well-formed, and the check names what is not by file and line.

use std::fs;

use crate::program::{path, run};

const LEXICON: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/corpora/lexicon");

#[test]
fn the_lexicon_of_the_repository_has_nothing_wrong() {
    let (code, stdout, stderr) = run(&["lexicon", "check", LEXICON], b"");
    assert_eq!(code, 0, "{stdout}{stderr}");
    assert!(stdout.contains("0 found wrong"));
}

#[test]
fn what_is_wrong_is_named_by_file_and_line() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("odd.toml");
    fs::write(
        &file,
        "class = \"odd\"\n\n[[entry]]\nid = \"a\"\nen = [\"one\"]\nsource = \"s\"\nexamples = [\"one\"]\n\n[[entry]]\nid = \"a\"\nen = [\"one\", \" two\"]\n",
    )
    .unwrap();
    let (code, stdout, _) = run(&["lexicon", "check", path(folder.path())], b"");
    assert_eq!(code, 1);
    for expected in ["odd.toml:9: entry `a`: expected an id of its own", "expected a source", "expected an example", "blanks at its ends"] {
        assert!(stdout.contains(expected), "{expected}: {stdout}");
    }
    fs::write(&file, "class = \"odd\"\n[[entry]]\nid = 3\n").unwrap();
    let (code, _, stderr) = run(&["lexicon", "check", path(folder.path())], b"");
    assert_eq!(code, 2);
    assert!(stderr.contains("odd.toml:3"), "{stderr}");
}

#[test]
fn a_lexicon_with_an_error_is_refused_before_any_report_is_read() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("units.toml"), "class = \"unit\"\n[[entry]]\nid = \"g/L\"\nscale = \"one\"\n").unwrap();
    let (code, stdout, stderr) = run(&["extract", "--lexicon", path(folder.path())], b"one report");
    assert_eq!((code, stdout.as_str()), (2, ""), "{stderr}");
}

/// One analyte of the repository's lexicon, with one mistake each, is refused by file, line, what was expected and what was found.
#[test]
fn mistakes_in_an_analyte_are_named() {
    let folder = tempfile::tempdir().unwrap();
    copy_toml(std::path::Path::new(LEXICON), folder.path());
    let file = folder.path().join("analytes.toml");
    let text = fs::read_to_string(&file).unwrap();
    let start = text.find("[[entry]]\nid = \"glu\"").expect("glucose");
    let entry = &text[start..start + text[start + 9..].find("[[entry]]").map_or(text.len() - start, |end| end + 9)];
    let line = |part: &str| entry.lines().find(|line| line.starts_with(part)).unwrap_or_else(|| panic!("{part}")).to_string();
    let units = &entry[entry.find("units = [").unwrap()..entry.find("\n]\n").unwrap() + 3];
    let factor = entry.lines().find(|line| line.contains("factor = 1,")).unwrap();
    let code = entry.split("loinc = \"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let last = code.bytes().last().unwrap();
    let other = format!("{}{}", &code[..code.len() - 1], (last - b'0' + 1) % 10);
    let name = line("name = ");
    for (from, to, expected) in [
        (units.to_string(), "units = []\n".into(), "expected at least one, found none"),
        (factor.to_string(), factor.replace("factor = 1,", "factor = nan,"), "expected f64"),
        (factor.to_string(), factor.replace("factor = 1,", "factor = -1,"), "expected a number from 0 on, found -1"),
        (factor.to_string(), factor.replace("{ ucum = \"", "{ ucum = \"furlong/"), "expected one of units.toml, found `furlong/"),
        (line("plausible = "), "plausible = [50, 1]".into(), "expected the lower end first, found 50, 1"),
        (line("reference = "), "reference = [{ low = 6.1, high = 3.9 }]".into(), "expected the lower end first, found 6.1, 3.9"),
        (format!("\"{code}\""), format!("\"{other}\""), "expected a code with its check digit, found `"),
        (name.clone(), format!("{name}\npair = [\"nothing\"]"), "expected the id of an analyte"),
        (line("zh = "), line("zh = ").replacen("zh = [", "zh = [\"血红蛋白\", ", 1), "expected the form `血红蛋白` at one entry, found it at"),
    ] {
        assert!(entry.contains(&from), "{from}");
        fs::write(&file, text.replacen(entry, &entry.replacen(&from, &to, 1), 1)).unwrap();
        let (code, stdout, stderr) = run(&["lexicon", "check", path(folder.path())], b"");
        let at = text[..start].lines().count() + 1;
        assert_eq!(code, 1, "{expected}: {stdout}{stderr}");
        let said = stdout.lines().find(|line| line.contains(expected)).unwrap_or_else(|| panic!("{expected}: {stdout}{stderr}"));
        assert!(said.contains(&format!("analytes.toml:{at}")), "{said}");
    }
}

fn copy_toml(from: &std::path::Path, to: &std::path::Path) {
    fs::create_dir_all(to).unwrap();
    for item in fs::read_dir(from).unwrap() {
        let item = item.unwrap().path();
        let target = to.join(item.file_name().unwrap());
        if item.is_dir() { copy_toml(&item, &target) } else { fs::copy(&item, &target).map(|_| ()).unwrap() }
    }
}
