//! Learning from outside: what cannot be learned says what to do, a report alone is labelled as among others, the same bytes on any
//! number of threads, an interrupted training leaves nothing, models of older versions load.

use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use super::program::{path, records, run};

const ORGANS: [&str; 3] = ["liver biopsy shows steatosis", "lung wedge shows emphysema", "skin punch shows nevus"];
const OLD: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/models/0.1.0-format-1.model");

/// Invented reports with label, hospital and age.
fn reports(count: usize) -> String {
    let mut out = String::from("id,text,label,hospital,age\n");
    for row in 0..count {
        let (organ, side, age) = (ORGANS[row % 3], ["left", "right", "upper"][row / 2 % 3], ["61", "NaN", "inf", "", "47"][row % 5]);
        writeln!(out, "r{row:03},\"Specimen {organ}. Site {side}.\",{},h{},{age}", ["a", "b", "c"][row % 3], row / 4 % 6).unwrap();
    }
    out
}

/// Invented diagnoses in Chinese, a phrase each.
fn phrases(count: usize) -> String {
    let mut out = String::from("id,text,label\n");
    for row in 0..count {
        let (head, tail) = (["左侧", "右侧", "双侧", "慢性"][row % 4], ["肝脂肪变", "肺气肿", "皮肤色素痣"][row % 3]);
        writeln!(out, "p{row:03},{head}{tail},{}", ["a", "b", "c"][row % 3]).unwrap();
    }
    out
}

fn write(folder: &Path, name: &str, text: &str) -> String {
    let file = folder.join(name);
    fs::write(&file, text).unwrap();
    path(&file).to_string()
}

/// Trains and gives exit code, standard error and the model's bytes where there are some.
fn train(folder: &Path, input: &str, more: &[&str]) -> (i32, String, Option<Vec<u8>>) {
    let model = folder.join("out.model");
    let (code, _, err) = run(&[&["train", input, "--label", "label", "-o", path(&model)], more].concat(), b"");
    assert!(!folder.join("out.model.part").exists());
    (code, err, fs::read(model).ok())
}

#[test]
fn what_cannot_be_learned_says_what_to_do_and_leaves_no_model() {
    let folder = tempfile::tempdir().unwrap();
    let good = write(folder.path(), "good.csv", &reports(24));
    let groups = write(folder.path(), "groups.csv", &reports(24).replace(",hospital", ",ward"));
    // Each report has words of its own only.
    let apart: String = (0..24).fold("id,text,label\n".to_string(), |text, row| text + &format!("r{row},word{row}x other{row}y,{}\n", ["a", "b"][row % 2]));
    let apart = write(folder.path(), "apart.csv", &apart);
    let named: String = reports(24).lines().map(|line| line.replace(",a,h", ",a,one").replace(",b,h", ",b,two").replace(",c,h", ",c,three")).fold(
        String::new(),
        // The hospital's number falls away: the group is the label under another name.
        |text, line| {
            text + &["one", "two", "three"].iter().fold(line, |line, name| (0..6).fold(line, |line, digit| line.replace(&format!("{name}{digit}"), name)))
                + "\n"
        },
    );
    let named = write(folder.path(), "named.csv", &named);
    for (input, more, said) in [
        (&apart, &["--blocks", "word"][..], "no term is left"),
        (&good, &["--blocks", "wrod"][..], "expected some of word"),
        (&good, &["--kind", "oracle"][..], "--kind"),
        (&good, &["--folds", "1"][..], "at least 2"),
        (&good, &["--folds", "2", "--nested"][..], "at least three folds"),
        (&good, &["--balance", "3"][..], "--balance"),
        (&good, &["--group", "hospital", "--folds", "9"][..], "at least as many groups"),
        (&groups, &["--group", "hospital"][..], "--group hospital"),
        (&named, &["--group", "hospital", "--folds", "2"][..], "the labels themselves"),
        (&good, &["--min-class", "20"][..], "--min-class"),
    ] {
        let (code, err, model) = train(folder.path(), input, more);
        assert_eq!(code, 2, "{more:?}: {err}");
        assert!(err.contains(said) && model.is_none(), "{said}: {err}");
    }
}

#[test]
fn numbers_that_are_none_are_missing_and_every_imputation_trains() {
    let folder = tempfile::tempdir().unwrap();
    let input = write(folder.path(), "in.csv", &reports(45));
    for how in ["drop", "mean", "median", "min", "max", "predicted"] {
        let (code, err, model) = train(folder.path(), &input, &["--numeric", "age", "--categorical", "hospital", "--imputation", how, "--kind", "logistic"]);
        assert!(code == 0 && model.is_some(), "{how}: {err}");
    }
    let (code, err, _) = train(folder.path(), &input, &["--imputation", "guess"]);
    assert!(code == 2 && err.contains("predicted"), "{err}");
}

#[test]
fn labels_that_the_model_does_not_know_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let input = write(folder.path(), "in.csv", &reports(45));
    let (code, err, _) = train(folder.path(), &input, &["--kind", "svm"]);
    assert_eq!(code, 0, "{err}");
    let model = folder.path().join("out.model");
    let misspelled = write(folder.path(), "misspelled.csv", &reports(12).replace(",b,h", ",bb,h"));
    let (code, _, err) = run(&["evaluate", &misspelled, "-m", path(&model), "--label", "label"], b"");
    assert!(code == 2 && err.contains("found bb") && err.contains("a, b, c"), "{err}");
    let (code, _, err) = run(&["evaluate", &input, "-m", path(&model), "--label", "diagnosis"], b"");
    assert!(code == 2 && err.contains("`diagnosis`"), "{err}");
    // On what it was trained on, nothing has drifted.
    let (code, out, err) = run(&["evaluate", &input, "-m", path(&model)], b"");
    assert!(code == 0 && out.contains("unknown terms") && !err.contains("training"), "{err}");
    let card = folder.path().join("card.html");
    let (code, _, err) = run(&["evaluate", &input, "-m", path(&model), "--label", "label", "--group", "hospital", "--card", path(&card)], b"");
    assert_eq!(code, 0, "{err}");
    let card = fs::read_to_string(card).unwrap();
    for part in ["Data scored", "Split", "Calibration", "Confusion matrix", "Groups", "Limits", "features that speak most"] {
        assert!(card.contains(part), "{part}");
    }
}

#[test]
fn a_report_alone_is_labelled_as_among_others_by_every_way_to_make_features() {
    let folder = tempfile::tempdir().unwrap();
    for (text, more) in [
        (reports(45), &["--blocks", "word,subword,pair", "--kind", "svm"][..]),
        (reports(45), &["--latent", "4", "--kind", "logistic", "--numeric", "age"][..]),
        (phrases(48), &["--kind", "vote"][..]),
    ] {
        let input = write(folder.path(), "in.csv", &text);
        let (code, err, one) = train(folder.path(), &input, &[more, &["--jobs", "1"]].concat());
        assert_eq!(code, 0, "{err}");
        let (_, _, two) = train(folder.path(), &input, &[more, &["--jobs", "2"]].concat());
        assert!(one == two, "{more:?}: one and two threads give other bytes");
        let model = folder.path().join("out.model");
        let (code, out, err) = run(&["classify", &input, "-m", path(&model), "--explain", "3", "--coverage", "0.9"], b"");
        assert_eq!(code, 0, "{err}");
        let together = records(&out);
        for (line, record) in text.lines().skip(1).zip(&together).step_by(7) {
            let alone = write(folder.path(), "alone.csv", &format!("{}\n{line}\n", text.lines().next().unwrap()));
            let (_, out, _) = run(&["classify", &alone, "-m", path(&model), "--explain", "3", "--coverage", "0.9"], b"");
            assert_eq!(records(&out)[0]["labels"], record["labels"], "{more:?}");
        }
    }
}

/// Invented reports with a list of labels each, some with none.
fn several(count: usize) -> String {
    let mut text = String::new();
    for row in 0..count {
        let (liver, skin, rare) = (row % 2 == 0, row % 3 == 0, row == 7);
        let of = |named: &[(bool, &'static str)]| named.iter().filter(|named| named.0).map(|named| named.1).collect::<Vec<&str>>();
        let words = of(&[(liver, "steatosis"), (skin, "nevus"), (true, "specimen"), (row % 5 == 0, "fixed")]);
        let labels = of(&[(liver, "liver"), (skin, "skin"), (rare, "rare")]);
        let hospital = format!("h{}", row / 6 % 5);
        writeln!(text, "{}", serde_json::json!({"id": format!("r{row}"), "text": words.join(" and "), "labels": labels, "hospital": hospital})).unwrap();
    }
    text
}

#[test]
fn several_labels_a_report_are_found_each_for_itself() {
    let folder = tempfile::tempdir().unwrap();
    let input = write(folder.path(), "in.jsonl", &several(120));
    let (model, predictions, card) = (folder.path().join("several.model"), folder.path().join("out-of-fold.jsonl"), folder.path().join("card.html"));
    let train = ["train", &input, "--labels", "labels", "--group", "hospital", "-o", path(&model)];
    let (code, _, err) = run(&[&train[..], &["--predictions", path(&predictions), "--card", path(&card)]].concat(), b"");
    assert!(code == 0 && err.contains("120 reports, 2 labels") && err.contains("`rare`"), "{err}");
    // A report without any label is learned from too.
    let predicted = fs::read_to_string(predictions).unwrap();
    assert!(predicted.lines().count() == 120 && predicted.contains("\"labels\":[]"), "{predicted}");
    let card = fs::read_to_string(card).unwrap();
    for part in ["All labels of a report right", "given from", "Calibration", "Groups", "Limits", "liver"] {
        assert!(card.contains(part), "{part}");
    }
    let named = |out: &str| {
        let mut found: Vec<String> =
            records(out)[0]["labels"].as_array().into_iter().flatten().map(|label| label["label"].as_str().unwrap().to_string()).collect();
        found.sort();
        found
    };
    let both = br#"{"id": "n", "text": "specimen and nevus and steatosis"}"#;
    let (code, out, err) = run(&["classify", "-m", path(&model), "--explain", "2"], both);
    assert_eq!((code, named(&out)), (0, vec!["liver".to_string(), "skin".into()]), "{err}");
    let (_, out, _) = run(&["classify", "-m", path(&model)], br#"{"id": "n", "text": "specimen"}"#);
    assert!(named(&out).is_empty(), "{out}");
    let (code, out, err) = run(&["classify", "-m", path(&model), "--coverage", "0.9"], both);
    assert_eq!(code, 0, "{err}");
    for label in records(&out)[0]["labels"].as_array().unwrap() {
        let chances: f64 = label["distribution"].as_object().unwrap().values().map(|chance| chance.as_f64().unwrap()).sum();
        assert!((chances - 1.0).abs() < 1e-6 && label["set"].as_array().is_some_and(|set| set.contains(&label["label"])), "{label}");
    }
}

#[test]
fn a_model_of_several_labels_is_scored_and_says_what_it_does_not_know() {
    let folder = tempfile::tempdir().unwrap();
    let input = write(folder.path(), "in.jsonl", &several(120));
    let model = folder.path().join("several.model");
    let (code, _, err) = run(&["train", &input, "--labels", "labels", "--kind", "svm", "-o", path(&model)], b"");
    assert_eq!(code, 0, "{err}");
    let card = folder.path().join("card.html");
    let score = ["evaluate", &input, "-m", path(&model)];
    let (code, out, err) = run(&[&score[..], &["--labels", "labels", "--group", "hospital", "--card", path(&card)]].concat(), b"");
    assert!(code == 0 && out.contains("all labels right   1.0000") && err.contains("`rare` was left out"), "{out}{err}");
    assert!(fs::read_to_string(card).unwrap().contains("Reports scored"));
    let (_, out, _) = run(&[&score[..], &["--labels", "labels", "--json"]].concat(), b"");
    let figures: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!((figures["labels"][1]["label"].as_str(), figures["labels"][1]["scores"]["f1"].as_f64()), (Some("skin"), Some(1.0)));
    let (code, out, err) = run(&score, b"");
    assert!(code == 0 && out.contains("unknown terms") && !err.contains("differs from training"), "{out}{err}");
    let misspelled = write(folder.path(), "misspelled.jsonl", &several(30).replace("\"skin\"", "\"skn\""));
    let (code, _, err) = run(&["evaluate", &misspelled, "-m", path(&model), "--labels", "labels"], b"");
    assert!(code == 2 && err.contains("found skn") && err.contains("liver, skin"), "{err}");
    for (more, said) in [
        (&["train", &input, "--labels", "labels", "--label", "labels"][..], "cannot be used with"),
        (&["train", &input, "--labels", "findings"][..], "--labels findings"),
        (&["train", &input, "--labels", "labels", "--min-class", "100"][..], "several reports have"),
    ] {
        let (code, _, err) = run(&[more, &["-o", path(&model)]].concat(), b"");
        assert!(code == 2 && err.contains(said), "{said}: {err}");
    }
    let one = write(folder.path(), "one.csv", &reports(45));
    train(folder.path(), &one, &["--kind", "svm"]);
    let (code, _, err) = run(&["evaluate", &one, "-m", path(&folder.path().join("out.model")), "--labels", "label"], b"");
    assert!(code == 2 && err.contains("name the field with --label"), "{err}");
}

#[test]
fn held_out_reports_give_the_figures_and_are_not_chosen_on() {
    let folder = tempfile::tempdir().unwrap();
    let input = write(folder.path(), "in.csv", &reports(60));
    let (code, err, model) = train(folder.path(), &input, &["--kind", "svm", "--group", "hospital", "--folds", "2", "--holdout", "0.2"]);
    assert!(code == 0 && model.is_some() && err.contains("reports held out"), "{err}");
    let (code, err, _) = train(folder.path(), &input, &["--holdout", "1.5"]);
    assert!(code == 2 && err.contains("between 0 and 1"), "{err}");
}

#[test]
fn an_interrupted_training_leaves_no_model() {
    let folder = tempfile::tempdir().unwrap();
    let input = write(folder.path(), "in.csv", &reports(900));
    let model = folder.path().join("out.model");
    let mut child = Command::new(assert_cmd::cargo::cargo_bin("bingli"))
        .args(["train", &input, "--label", "label", "--kind", "stack", "--nested", "-o", path(&model)])
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(child.stderr.take().unwrap()).lines();
    assert!(said.next().unwrap().unwrap().contains("900 reports"));
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let rest: String = said.map_while(Result::ok).collect();
    assert!(!child.wait().unwrap().success() && rest.contains("interrupted"), "{rest}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing but the input is there");
}

#[test]
fn a_model_of_an_older_version_loads_and_says_where_its_lexicon_differs() {
    let text = "FINAL DIAGNOSIS: Left breast, lumpectomy: invasive ductal carcinoma, pT1c N0.";
    let (code, out, err) = run(&["classify", "-m", OLD], text.as_bytes());
    assert_eq!(code, 0, "{err}");
    assert_eq!(records(&out)[0]["labels"][0]["label"], "breast carcinoma");
    assert!(err.contains("another lexicon"), "{err}");
    let (code, out, _) = run(&["model", "show", OLD], b"");
    assert!(code == 0 && out.contains("file 1"), "{out}");
}
