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
