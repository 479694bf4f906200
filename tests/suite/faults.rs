//! Faults of the world around a run: closed pipes, full disks, signals, deep and wide folders, files that vanish.
#![cfg(unix)]

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Command, Stdio};

use crate::program::{path, records, run};

fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_bingli"))
}

fn lines(count: usize) -> String {
    (0..count).map(|number| format!("{{\"id\":\"r{number}\",\"text\":\"Invented carcinoma {number}, pT{} N0.\"}}\n", number % 4 + 1)).collect()
}

#[test]
fn a_closed_pipe_is_success() {
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join("in.jsonl");
    fs::write(&input, lines(20_000)).unwrap();
    let mut child = program().args(["extract", path(&input)]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut first = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert!(child.wait().unwrap().success(), "{said}");
    assert_eq!(said, "");
    assert_eq!(records(&first).len(), 1);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error_that_says_so() {
    let (code, _, stderr) = run(&["extract", "-o", "/dev/full"], lines(20_000).as_bytes());
    assert_eq!(code, 2);
    assert!(stderr.contains("No space left"), "{stderr}");
}

#[test]
fn a_folder_that_cannot_be_written_is_refused_before_the_work() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "in the way").unwrap();
    let (code, _, stderr) = run(&["batch", "-", "-o", path(&file.join("out"))], b"one report");
    assert_eq!(code, 2);
    assert!(stderr.contains("file/out"), "{stderr}");
}

#[test]
fn a_signal_ends_a_run_that_can_be_taken_up() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let mut child = program().args(["batch", "-", "-o", path(&out), "--resume"]).stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(lines(3_000).as_bytes()).unwrap();
    // The journal shows that reports are under way; the input stays open, so the run cannot have ended by itself.
    while !out.join(".bingli").exists() {
        std::thread::yield_now();
    }
    assert!(Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap().success());
    // One more line lets the reader see the signal.
    let _ = stdin.write_all(lines(1).as_bytes());
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("--resume"), "{said}");
    assert!(!out.join("reports.jsonl").exists(), "an interrupted run publishes nothing");
    let (code, _, stderr) = run(&["batch", "-", "-o", path(&out), "--resume"], lines(3_000).as_bytes());
    assert!(code == 0 && stderr.contains("3000 reports done"), "{stderr}");
    assert_eq!(records(&fs::read_to_string(out.join("reports.jsonl")).unwrap()).len(), 3_000);
}

#[test]
fn two_runs_on_one_folder_refuse_each_other() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let mut first = program().args(["batch", "-", "-o", path(&out)]).stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stdin = first.stdin.take().unwrap();
    stdin.write_all(b"{").unwrap();
    while !out.join(".bingli/run-1/journal").exists() {
        std::thread::yield_now();
    }
    let (code, _, stderr) = run(&["batch", "-", "-o", path(&out)], b"one report");
    assert_eq!(code, 2);
    assert!(stderr.contains("only run in this folder"), "{stderr}");
    drop(stdin);
    first.wait().unwrap();
}

#[test]
fn deep_and_circular_folders_are_walked() {
    let folder = tempfile::tempdir().unwrap();
    let mut deep = folder.path().to_path_buf();
    for _ in 0..300 {
        deep.push("d");
    }
    fs::create_dir_all(&deep).unwrap();
    fs::write(deep.join("report.txt"), "pT2").unwrap();
    std::os::unix::fs::symlink(folder.path(), folder.path().join("d/circle")).unwrap();
    std::os::unix::fs::symlink(folder.path().join("nowhere"), folder.path().join("broken")).unwrap();
    let (code, stdout, stderr) = run(&["extract", path(folder.path())], b"");
    assert_eq!(code, 1, "the circle and the broken link are named");
    assert_eq!(records(&stdout).len(), 1);
    assert!(stderr.contains("leads back") && stderr.contains("broken"), "{stderr}");
}
