//! A model file carries no identifier: not of a field, not of a label in the text, not one that only a single patient's reports hold.

use std::fmt::Write;
use std::fs;

use super::program::{path, run};

/// Invented reports: a consultant signs many of them, a patient has six, a pet name stands unlabelled in his alone.
fn reports() -> String {
    let mut out = String::from("id,text,label,patient_name,hospital\n");
    for row in 0..96 {
        let (label, organ) = [("liver", "liver biopsy shows steatosis"), ("lung", "lung wedge shows emphysema"), ("skin", "skin punch shows nevus")][row % 3];
        let patient = if row < 18 && row % 3 == 0 { "Ashdown Rowan".to_string() } else { format!("Patient{row} Person{row}") };
        let pet = if row < 18 && row % 3 == 0 { "Known on the ward as Quibblewick." } else { "" };
        writeln!(
            out,
            "r{row:03},\"MRN: QX-5566{row:02}. Signed by Dr. Petra Vellacott, tel (212) 555-0147. {organ}, mr. Ashdown. 报告医师：李青松 电话 13800001234 住院号：0012345 {pet} Case s5566770 of the week.\",{label},{patient},h{}",
            row % 7
        )
        .unwrap();
    }
    out
}

#[test]
fn a_model_holds_no_identifier() {
    let folder = tempfile::tempdir().unwrap();
    let (file, model) = (folder.path().join("reports.csv"), folder.path().join("a.model"));
    fs::write(&file, reports()).unwrap();
    let (code, _, err) = run(&["train", path(&file), "--label", "label", "--name", "organ", "-o", path(&model)], b"");
    assert_eq!(code, 0, "{err}");
    let bytes = fs::read(&model).unwrap().to_ascii_lowercase();
    let holds = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(holds("steatosis"), "the terms of a model can be read in its file, or this test proves nothing");
    for text in ["ashdown", "rowan", "petra", "vellacott", "quibblewick", "qx-5566", "5566770", "555-0147", "青松", "13800001234", "0012345"] {
        assert!(!holds(text), "{text} is in the model");
    }
}
