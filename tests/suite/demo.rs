//! The demo model in the repository is what its script makes of the bundled reports, byte for byte.

use std::fs;

use crate::program::{path, records, run};

const REPORTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/corpora/reports");
const LABELS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/corpora/labels.tsv");
const MODEL: &[u8] = include_bytes!("../../corpora/models/demo.model");

#[test]
fn training_again_gives_the_same_bytes_on_one_and_two_threads() {
    let folder = tempfile::tempdir().unwrap();
    for jobs in ["1", "2"] {
        let out = folder.path().join("demo.model");
        let arguments =
            ["train", REPORTS, "--columns-from", LABELS, "--label", "label", "--group", "group", "--name", "demo", "-o", path(&out), "--jobs", jobs];
        let (code, _, stderr) = run(&arguments, b"");
        assert_eq!(code, 0, "{stderr}");
        assert!(fs::read(&out).unwrap() == MODEL, "the lexicon or the features changed: run corpora/models/make with the program as it is now");
    }
}

#[test]
fn a_report_on_stdin_gets_a_label_and_a_word_on_what_the_model_is() {
    let (code, stdout, stderr) = run(&["classify"], "FINAL DIAGNOSIS: Left breast, lumpectomy: invasive ductal carcinoma, pT1c N0.".as_bytes());
    assert_eq!(code, 0, "{stderr}");
    assert!(stderr.contains("demo") && stderr.contains("invented"), "{stderr}");
    let record = &records(&stdout)[0];
    assert_eq!(record["labels"][0]["label"], "breast carcinoma");
    let sum: f64 = record["labels"][0]["distribution"].as_object().unwrap().values().map(|share| share.as_f64().unwrap()).sum();
    assert!((sum - 1.0).abs() < 1e-3, "{sum}");
}

#[test]
fn a_file_that_is_no_model_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("not.model");
    for bytes in [&b""[..], b"{}", &MODEL[..MODEL.len() / 2]] {
        fs::write(&file, bytes).unwrap();
        let (code, stdout, stderr) = run(&["classify", "-m", path(&file)], b"one report");
        assert_eq!((code, stdout.as_str()), (2, ""), "{stderr}");
        assert!(stderr.contains("not.model") && stderr.contains("expected"), "{stderr}");
    }
}
