//! `compare` and the figures around it, from outside: the same folds for every kind, clear errors for what cannot be learned.

use std::fmt::Write;

use super::program::{path, run};

/// Invented reports of two hospitals' worth of words: label, group and fold stand in columns.
fn reports(labels: &[&str], count: usize) -> String {
    let mut out = String::from("id,text,label,hospital\n");
    for row in 0..count {
        let label = labels[row % labels.len()];
        let organ = ["liver biopsy shows steatosis", "lung wedge shows emphysema", "skin punch shows nevus"][row % labels.len() % 3];
        writeln!(out, "r{row:03},\"Specimen {organ}. Site {}.\",{label},h{}", ["left", "right", "upper"][row / 2 % 3], row / 4 % 6).unwrap();
    }
    out
}

fn compared(text: &str, more: &[&str]) -> (i32, String, String) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("reports.csv");
    std::fs::write(&file, text).unwrap();
    run(&[&["compare", path(&file)], more].concat(), b"")
}

#[test]
fn every_kind_is_scored_on_the_same_reports_and_one_is_recommended() {
    let text = reports(&["a", "b", "c"], 72);
    let (code, out, err) = compared(&text, &["--group", "hospital", "--folds", "3", "--kinds", "logistic,svm,bayes,tree", "--json"]);
    assert_eq!(code, 0, "{err}");
    let answer: serde_json::Value = serde_json::from_str(&out).unwrap();
    let kinds = answer["kinds"].as_array().unwrap();
    let names: Vec<&str> = kinds.iter().map(|kind| kind["kind"].as_str().unwrap()).collect();
    assert_eq!(names, ["logistic", "svm", "bayes", "tree"]);
    assert!(kinds.iter().all(|kind| kind["scores"]["reports"] == 72 && kind["bytes"].as_u64() > Some(0)));
    assert!(kinds[0]["scores"]["accuracy"].as_f64() > Some(0.95));
    assert!(answer["recommendation"]["sentence"].as_str().unwrap().starts_with("Take "));
}

#[test]
fn the_card_of_the_recommended_kind_is_one_page_that_needs_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let card = folder.path().join("card.html");
    let (code, out, err) = compared(&reports(&["a", "b"], 48), &["--folds", "3", "--kinds", "svm", "--card", path(&card)]);
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("Take svm"));
    let page = std::fs::read_to_string(card).unwrap();
    assert!(page.contains("Calibration") && page.contains("Confusion matrix") && page.contains("No groups were given"));
    assert!(!page.contains("steatosis."), "a card holds no sentence of a report");
}

#[test]
fn what_cannot_be_compared_says_what_to_do() {
    let fine = reports(&["a", "b"], 24);
    for (text, more, said) in [
        (reports(&["a"], 24), &[][..], "at least two labels with"),
        (fine.clone(), &["--label", "diagnosis"][..], "name the field that holds the label"),
        (fine.clone(), &["--group", "hospital", "--folds", "7"][..], "at least as many groups"),
        (fine.clone(), &["--group", "label", "--folds", "2"][..], "--group"),
        (fine, &["--kinds", "oracle"][..], "expected some of logistic"),
    ] {
        let (code, out, err) = compared(&text, more);
        assert_eq!((code, out.as_str()), (2, ""), "{err}");
        assert!(err.contains(said), "{said}: {err}");
    }
}

#[test]
fn a_label_with_one_report_is_left_out_with_a_warning() {
    let text = reports(&["a", "b"], 24) + "odd,\"Specimen liver biopsy shows steatosis.\",rare,h1\n";
    let (code, _, err) = compared(&text, &["--folds", "2", "--kinds", "bayes"]);
    assert_eq!(code, 0, "{err}");
    assert!(err.contains("`rare` has 1 of at least 2"));
}
