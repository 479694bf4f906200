//! Bad input: each a clear message without report text, its line in the failures, the rest of the run unharmed.

use std::fs;
use std::io::Write;

use crate::program::{path, records, run};

const REPORT: &str = "DIAGNOSIS: Invented carcinoma of nowhere, secretword.";

fn failures(folder: &std::path::Path) -> Vec<serde_json::Value> {
    fs::read_to_string(folder.join("failures.jsonl")).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn every_bad_file_is_named_and_the_rest_is_done() {
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join("in");
    fs::create_dir_all(input.join("sub")).unwrap();
    fs::write(input.join("a-good.txt"), REPORT).unwrap();
    fs::write(input.join("b-empty.txt"), "").unwrap();
    fs::write(input.join("c-blank.txt"), " \n\t ").unwrap();
    fs::write(input.join("d-binary.bin"), [0x7F, b'E', b'L', b'F', 0, 0, 1, 2, 3, 4, 5, 0]).unwrap();
    let mut damaged = "编造的文字，只为试验。".repeat(9).into_bytes();
    damaged[150] = 0xFF;
    fs::write(input.join("e-damaged.txt"), damaged).unwrap();
    fs::write(
        input.join("f-lines.jsonl"),
        format!("{{\"id\":\"x\",\"text\":\"{REPORT}\"}}\n{{broken\n{{\"id\":\"y\"}}\n{{\"id\":\"z\",\"text\":\"ok then\"}}\n[1]\n"),
    )
    .unwrap();
    fs::write(input.join("g-table.csv"), format!("id,text\np,\"{REPORT}\"\nq,a,b,c\nr,fine\n")).unwrap();
    fs::write(input.join("h-wrong.csv"), "id;text\n1;a\n").unwrap();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    for number in 0..2000 {
        writeln!(gzip, "{{\"id\":\"g{number}\",\"text\":\"{REPORT} {}\"}}", number * 7919).unwrap();
    }
    let whole = gzip.finish().unwrap();
    fs::write(input.join("i-cut.jsonl.gz"), &whole[..whole.len() / 2]).unwrap();
    fs::write(input.join("sub/j-large.txt"), REPORT.repeat(9000)).unwrap();
    let out = folder.path().join("out");
    let (code, stdout, stderr) = run(&["batch", path(&input), "-o", path(&out), "--max-report-bytes", "100000"], b"");
    assert_eq!((code, stdout.as_str()), (1, ""));
    assert!(!stderr.contains("secretword"), "no message holds report text");
    let failures = failures(&out);
    let kinds: Vec<(String, String)> =
        failures.iter().map(|failure| (failure["id"].as_str().unwrap().to_string(), failure["kind"].as_str().unwrap().to_string())).collect();
    let of = |id: &str| kinds.iter().find(|(name, _)| name == id).map(|(_, kind)| kind.as_str());
    assert_eq!(of("b-empty.txt"), Some("empty"));
    assert_eq!(of("c-blank.txt"), Some("empty"));
    assert_eq!(of("d-binary.bin"), Some("binary"));
    assert_eq!(of("e-damaged.txt"), Some("undecodable"));
    assert_eq!(of("f-lines.jsonl#2"), Some("malformed"));
    assert_eq!(of("y"), Some("no-text"));
    assert_eq!(of("f-lines.jsonl#5"), Some("malformed"));
    assert_eq!(of("g-table.csv#3"), Some("malformed"));
    assert_eq!(of("h-wrong.csv"), Some("malformed"));
    assert_eq!(of("sub/j-large.txt"), Some("too-large"));
    let cut: Vec<_> = kinds.iter().filter(|(id, _)| id.starts_with("i-cut")).collect();
    assert!(cut.len() == 1 && cut[0].1 == "damaged", "{cut:?}");
    let reports = fs::read_to_string(out.join("reports.jsonl")).unwrap();
    let ids: Vec<String> = records(&reports).iter().map(|record| record["id"].as_str().unwrap().to_string()).collect();
    for id in ["a-good.txt", "x", "z", "p", "r", "g0"] {
        assert!(ids.iter().any(|found| found == id), "{id} was lost");
    }
    assert!(!fs::read_to_string(out.join("failures.jsonl")).unwrap().contains("secretword"));
}

#[test]
fn a_missing_path_alone_cannot_run() {
    let (code, _, stderr) = run(&["extract", "no/such/file.txt"], b"");
    assert_eq!(code, 2);
    assert!(stderr.contains("no/such/file.txt") && stderr.contains("(missing)"), "{stderr}");
}

#[test]
fn repeated_and_missing_ids_are_made_with_a_warning() {
    let lines = "{\"id\":\"a\",\"text\":\"one\"}\n{\"id\":\"a\",\"text\":\"two\"}\n{\"text\":\"three\"}\n{\"id\":7,\"text\":\"four\"}\n";
    let (code, stdout, stderr) = run(&["extract"], lines.as_bytes());
    let ids: Vec<String> = records(&stdout).iter().map(|record| record["id"].as_str().unwrap().to_string()).collect();
    assert_eq!((code, ids), (0, ["a", "a~2", "stdin#3", "7"].map(String::from).to_vec()));
    assert!(stderr.contains("~2"));
}

#[test]
fn an_id_that_would_leave_the_folder_writes_nothing_outside() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("deep/out");
    let (code, _, _) = run(&["batch", "-", "-o", path(&out)], b"{\"id\":\"../../escape\",\"text\":\"one\"}\n");
    assert_eq!(code, 0);
    let mut names: Vec<String> = fs::read_dir(folder.path()).unwrap().flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    assert_eq!(names, ["deep"]);
    assert!(fs::read_to_string(out.join("reports.jsonl")).unwrap().contains("../../escape"));
}

#[test]
fn a_line_far_above_the_limit_is_refused_without_being_held() {
    let mut input = b"{\"id\":\"big\",\"text\":\"".to_vec();
    input.extend(std::iter::repeat_n(b'x', 30_000_000));
    input.extend_from_slice(b"\"}\n{\"id\":\"small\",\"text\":\"one\"}\n");
    let (code, stdout, stderr) = run(&["extract", "--max-report-bytes", "1000000"], &input);
    assert_eq!(code, 1);
    assert!(stderr.contains("too-large"));
    assert_eq!(records(&stdout).len(), 1);
}
