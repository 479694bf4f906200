//! The main job from outside: encodings give the same findings, threads change no byte, a run is taken up where it stopped.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use encoding_rs::{BIG5, GB18030};

use crate::program::{path, records, run};

fn outputs(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    fs::read_dir(folder)
        .unwrap()
        .flatten()
        .filter(|entry| entry.file_type().unwrap().is_file())
        .map(|entry| (entry.file_name().to_string_lossy().into_owned(), fs::read(entry.path()).unwrap()))
        .collect()
}

fn reports(folder: &Path, count: usize) {
    for number in 0..count {
        let text = format!("Final diagnosis: invented carcinoma number {number}, pT{} N{}.\n肿瘤大小{}cm。", number % 4 + 1, number % 3, number % 7 + 1);
        fs::write(folder.join(format!("{number:03}.txt")), text).unwrap();
    }
}

#[test]
fn encodings_of_one_report_give_one_result() {
    let simplified = "姓名：某某\n病理诊断：（胃窦）低分化腺癌，大小３×２cm，分期T2N1M0，淋巴结3/14见癌。\nCEA 12.4ng/mL，血红蛋白 84g/L。\n";
    let traditional = "姓名：某某\n病理診斷：（胃竇）低分化腺癌，大小３×２cm，分期T2N1M0，淋巴結3/14見癌。\nCEA 12.4ng/mL，血紅蛋白 84g/L。\n";
    let little = [&[0xFF, 0xFE][..], &simplified.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>()].concat();
    let twins: [(&str, Vec<u8>, &str); 5] = [
        ("gb18030.txt", GB18030.encode(simplified).0.into_owned(), simplified),
        ("big5.txt", BIG5.encode(traditional).0.into_owned(), traditional),
        ("utf16le-marked.txt", little, simplified),
        ("utf16be.txt", simplified.encode_utf16().flat_map(u16::to_be_bytes).collect(), simplified),
        ("utf8-marked.txt", [&[0xEF, 0xBB, 0xBF][..], simplified.as_bytes()].concat(), simplified),
    ];
    for (name, bytes, text) in twins {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(name), bytes).unwrap();
        let (code, stdout, _) = run(&["extract", path(folder.path())], b"");
        let (_, expected, _) = run(&["extract"], text.as_bytes());
        let (found, expected) = (&records(&stdout)[0], &records(&expected)[0]);
        assert_eq!(code, 0, "{name}");
        for field in ["language", "sections", "labs", "findings", "summary", "redactions"] {
            assert_eq!(found[field], expected[field], "{name}: {field}");
        }
        assert!(found["encoding"].as_str().is_some_and(|encoding| name.starts_with(&encoding.replace('-', "")[..4])), "{name}: {}", found["encoding"]);
    }
}

#[test]
fn threads_change_no_byte() {
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join("in");
    fs::create_dir(&input).unwrap();
    reports(&input, 300);
    let all: Vec<_> = ["1", "2", "5"]
        .iter()
        .map(|jobs| {
            let out = folder.path().join(format!("out{jobs}"));
            assert_eq!(run(&["batch", path(&input), "-o", path(&out), "--jobs", jobs], b"").0, 0);
            outputs(&out)
        })
        .collect();
    assert_eq!(all[0], all[1]);
    assert_eq!(all[0], all[2]);
    let names: Vec<&str> = all[0].keys().map(String::as_str).collect();
    assert_eq!(names, ["failures.jsonl", "findings.csv", "labs.csv", "report.html", "reports.jsonl", "summary.csv", "summary.json"]);
}

#[test]
fn a_resumed_run_does_only_what_is_new_or_changed() {
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join("in");
    let out = folder.path().join("out");
    fs::create_dir(&input).unwrap();
    reports(&input, 20);
    assert_eq!(run(&["batch", path(&input), "-o", path(&out), "--resume"], b"").0, 0);
    fs::write(input.join("003.txt"), "changed: pT1").unwrap();
    fs::remove_file(input.join("007.txt")).unwrap();
    fs::write(input.join("999.txt"), "new: pT2").unwrap();
    let (code, _, stderr) = run(&["batch", path(&input), "-o", path(&out), "--resume"], b"");
    assert!(code == 0 && stderr.contains("20 reports done (18 taken over"), "{stderr}");
    let fresh = folder.path().join("fresh");
    assert_eq!(run(&["batch", path(&input), "-o", path(&fresh)], b"").0, 0);
    assert_eq!(outputs(&out), outputs(&fresh));
}

#[cfg(unix)]
#[test]
fn outputs_are_for_their_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    assert_eq!(run(&["batch", "-", "-o", path(&out)], b"one report").0, 0);
    for name in outputs(&out).keys() {
        assert_eq!(fs::metadata(out.join(name)).unwrap().permissions().mode() & 0o077, 0, "{name}");
    }
}
