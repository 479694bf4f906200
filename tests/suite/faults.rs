//! Faults of the world around a run: closed pipes, full disks, signals, deep and wide folders, files that vanish.
#![cfg(unix)]

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::AtomicBool;

use bingli::read::{Fields, Inputs};
use bingli::run::batch::Batch;

use crate::invariants::record_of;
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
    for _ in 0..1_000 {
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

#[test]
fn a_disk_that_fills_up_loses_nothing_that_was_done() {
    let folder = tempfile::tempdir().unwrap();
    let (input, out, whole) = (folder.path().join("in.jsonl"), folder.path().join("out"), folder.path().join("whole"));
    fs::write(&input, lines(4_000)).unwrap();
    // No file may grow above two megabytes; the signal that says so is ignored, so that the write fails as on a full disk.
    let limited = "trap '' XFSZ; ulimit -f 4096; exec \"$0\" batch \"$1\" -o \"$2\"";
    let output = Command::new("sh").args(["-c", limited, env!("CARGO_BIN_EXE_bingli"), path(&input), path(&out)]).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("too large"), "{said}");
    assert!(!out.join("reports.jsonl").exists(), "outputs appear whole or not at all");
    let (code, _, stderr) = run(&["batch", path(&input), "-o", path(&out), "--resume"], b"");
    assert!(code == 0 && stderr.contains("taken over"), "{stderr}");
    assert_eq!(run(&["batch", path(&input), "-o", path(&whole)], b"").0, 0);
    for name in ["reports.jsonl", "labs.csv", "findings.csv", "summary.csv", "summary.json", "report.html"] {
        assert!(fs::read(out.join(name)).unwrap() == fs::read(whole.join(name)).unwrap(), "{name}");
    }
}

fn inputs(folder: &Path) -> Inputs {
    Inputs { paths: vec![folder.to_path_buf()], format: None, encoding: None, fields: Fields::default(), max_report_bytes: 1_000_000 }
}

#[test]
fn a_file_that_vanishes_during_the_walk_fails_alone() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["a.txt", "b.txt", "c.txt"] {
        fs::write(folder.path().join(name), "pT2").unwrap();
    }
    let mut pieces = inputs(folder.path()).open();
    assert!(pieces.next().unwrap().is_ok());
    fs::remove_file(folder.path().join("b.txt")).unwrap();
    let gone = pieces.next().unwrap().unwrap_err();
    assert_eq!((gone.id.as_str(), gone.kind.name()), ("b.txt", "missing"));
    assert!(pieces.next().unwrap().is_ok() && pieces.next().is_none());
}

#[test]
fn what_may_not_be_read_or_written_is_said() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let (closed, sealed) = (folder.path().join("closed.txt"), folder.path().join("sealed"));
    fs::write(&closed, "pT2").unwrap();
    fs::create_dir(&sealed).unwrap();
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).unwrap();
    fs::set_permissions(&sealed, fs::Permissions::from_mode(0o555)).unwrap();
    if fs::read(&closed).is_ok() {
        // Whoever may do everything is refused nothing: under such a user there is nothing to be seen here.
        return;
    }
    let (code, _, stderr) = run(&["extract", path(&closed)], b"");
    assert!(code == 2 && stderr.contains("(unreadable)"), "{stderr}");
    let (code, _, stderr) = run(&["batch", "-", "-o", path(&sealed.join("out"))], b"one report");
    assert!(code == 2 && stderr.contains("sealed/out"), "{stderr}");
}

#[test]
fn json_of_any_depth_fails_alone() {
    let deep = format!("{{\"id\":\"deep\",\"text\":\"pT1\",\"more\":{}{}}}\n", "[".repeat(100_000), "]".repeat(100_000));
    let (code, stdout, stderr) = run(&["extract"], (deep + "{\"id\":\"b\",\"text\":\"pT2\"}\n").as_bytes());
    assert_eq!((code, records(&stdout).len()), (1, 1));
    assert!(stderr.contains("malformed"), "{stderr}");
}

#[test]
fn a_quote_never_closed_does_not_hold_the_table() {
    let mut table = b"id,text\na,pT1\nb,\"pT2".to_vec();
    table.extend(std::iter::repeat_n(b'x', 3_000_000));
    let (code, stdout, stderr) = run(&["extract", "--input-format", "csv", "--max-report-bytes", "1000000"], &table);
    assert_eq!((code, records(&stdout).len()), (1, 1));
    assert!(stderr.contains("too-large") && stderr.contains("quote"), "{stderr}");
}

#[test]
fn a_worker_that_panics_loses_one_report() {
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join("in");
    fs::create_dir(&input).unwrap();
    for number in 0..40 {
        fs::write(input.join(format!("{number:02}.txt")), format!("pT{}", number % 4 + 1)).unwrap();
    }
    for jobs in [1, 2] {
        let out = folder.path().join(format!("out{jobs}"));
        let batch = Batch {
            inputs: inputs(&input),
            folder: &out,
            jobs,
            resume: true,
            bom: false,
            stop: &AtomicBool::new(false),
            fingerprint: "one".into(),
            name: &|name| name.to_string(),
        };
        let structure = |document: &bingli::document::Document| {
            assert!(document.id != "07.txt", "a defect");
            record_of(&document.text)
        };
        let counts = batch
            .run(&structure, &|tally, folder, counts| bingli::write::report(tally, folder, counts, &serde_json::json!({})), &mut |_, _| (), &mut |_| ())
            .unwrap();
        assert_eq!((counts.done, counts.failed), (39, 1));
        let failures = fs::read_to_string(out.join("failures.jsonl")).unwrap();
        assert!(failures.lines().count() == 1 && failures.contains("\"07.txt\"") && failures.contains("\"internal\""), "{failures}");
    }
}

#[test]
fn an_interrupt_finishes_what_is_under_way_on_any_number_of_threads() {
    for (signal, jobs) in [("-INT", "1"), ("-INT", "3")] {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("out");
        let mut child = program().args(["batch", "-", "-o", path(&out), "--jobs", jobs]).stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        stdin.write_all(lines(500).as_bytes()).unwrap();
        while !out.join(".bingli/run-1/journal").exists() {
            std::thread::yield_now();
        }
        assert!(Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap().success());
        let _ = stdin.write_all(lines(1).as_bytes());
        drop(stdin);
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains("reports done") && said.contains("--resume"), "{said}");
    }
}

#[test]
fn an_output_file_appears_whole_or_stays_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let (input, out) = (folder.path().join("in.jsonl"), folder.path().join("out.jsonl"));
    fs::write(&input, lines(4_000)).unwrap();
    fs::write(&out, "what was there before").unwrap();
    let limited = "trap '' XFSZ; ulimit -f 1024; exec \"$0\" extract \"$1\" -o \"$2\"";
    let output = Command::new("sh").args(["-c", limited, env!("CARGO_BIN_EXE_bingli"), path(&input), path(&out)]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(fs::read_to_string(&out).unwrap(), "what was there before");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2, "nothing is left beside it");
    assert_eq!(run(&["extract", path(&input), "-o", path(&out)], b"").0, 0);
    assert_eq!(records(&fs::read_to_string(&out).unwrap()).len(), 4_000);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
}

#[test]
fn an_interrupted_extraction_gives_whole_records_and_says_how_many() {
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join("in.jsonl");
    fs::write(&input, lines(60_000)).unwrap();
    for jobs in ["1", "2"] {
        let mut child = program().args(["extract", path(&input), "--jobs", jobs]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut written = String::new();
        stdout.read_line(&mut written).unwrap();
        assert!(Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap().success());
        stdout.read_to_string(&mut written).unwrap();
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{said}");
        let whole = records(&written).len();
        assert!(whole < 60_000 && said.contains(&format!("the {whole} reports written are whole")), "{whole}: {said}");
    }
}
