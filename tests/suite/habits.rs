//! A person's habits: a file of settings, completions, the manual, `--help`.

use std::fs;

use crate::program::{bingli, path, records, run};

#[test]
fn settings_of_a_file_hold_and_what_is_typed_goes_before_them() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("bingli.toml"), "id = \"note\"\njobs = 1\n[extract]\nwith-text = true\n").unwrap();
    let line = "{\"note\":\"a\",\"key\":\"b\",\"text\":\"pT1\"}\n";
    let in_folder = |arguments: &[&str]| {
        let output = bingli(arguments).current_dir(folder.path()).write_stdin(line).output().unwrap();
        (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    let (code, stdout, stderr) = in_folder(&["extract"]);
    assert!(code == 0 && stderr.contains("settings from bingli.toml"), "{stderr}");
    assert_eq!((records(&stdout)[0]["id"].as_str(), records(&stdout)[0]["text"].as_str()), (Some("a"), Some("pT1")));
    assert_eq!(records(&in_folder(&["extract", "--id", "key"]).1)[0]["id"], "b");
    assert_eq!(records(&in_folder(&["extract", "--id=key"]).1)[0]["id"], "b");
    let other = folder.path().join("other.toml");
    fs::write(&other, "id = \"key\"").unwrap();
    let record = &records(&in_folder(&["--config", path(&other), "extract"]).1)[0];
    assert!(record["id"] == "b" && record.get("text").is_none());
    for (bad, said) in [
        ("idd = 1", "no verb has"),
        ("[extract]\nresume = true", "expected the long name of an option of this verb"),
        ("[nothing]\na = 1", "expected the name of a verb"),
        ("jobs = [", "expected TOML"),
        ("with-text = \"yes\"", "expected true or false"),
    ] {
        fs::write(&other, bad).unwrap();
        let (code, _, stderr) = in_folder(&["extract", "--config", path(&other)]);
        assert!(code == 2 && stderr.contains(said), "{bad}: {stderr}");
    }
    assert_eq!(in_folder(&["extract", "--config", "missing.toml"]).0, 2);
}

#[test]
fn completions_and_manual_name_every_verb() {
    for shell in ["bash", "zsh", "fish"] {
        let (code, stdout, _) = run(&["completions", shell], b"");
        assert!(code == 0 && stdout.contains("extract") && stdout.contains("with-text"), "{shell}");
    }
    let (code, stdout, _) = run(&["man"], b"");
    assert!(code == 0 && stdout.contains(".TH bingli"), "{stdout}");
    assert!(run(&["man", "batch"], b"").1.contains("resume"));
    assert_eq!(run(&["man", "nothing"], b"").0, 2);
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(run(&["man", "-o", path(folder.path())], b"").0, 0);
    assert!(folder.path().join("bingli-extract.1").exists());
}

#[test]
fn help_has_examples() {
    for verb in ["batch", "extract", "completions"] {
        assert!(run(&[verb, "--help"], b"").1.contains("Examples:"), "{verb}");
    }
}
