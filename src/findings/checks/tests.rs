//! Checks over short invented reports, from the text to what is said.

use std::sync::{Arc, LazyLock};

use crate::document::Document;
use crate::findings::Extractor;
use crate::lexicon::Lexicon;

static EXTRACTOR: LazyLock<Extractor> = LazyLock::new(|| Extractor::new(Arc::new(Lexicon::embedded().unwrap())).unwrap());

fn rules(text: &str) -> Vec<&'static str> {
    let document = Document { text: text.to_string(), ..Document::default() };
    let extraction = EXTRACTOR.extract(&EXTRACTOR.read(&document));
    for check in &extraction.checks {
        assert!(!check.findings.is_empty() && check.findings.iter().all(|index| *index < extraction.findings.len()), "{}", check.rule);
    }
    extraction.checks.iter().map(|check| check.rule).collect()
}

#[test]
fn scores_that_do_not_add_up_are_said() {
    let breast = |grade: &str| format!("DIAGNOSIS:\nBreast, left, mastectomy: Invasive ductal carcinoma, {grade}.");
    assert_eq!(rules(&breast("Nottingham score 7/9 (tubules 3, nuclei 3, mitoses 2)")), ["nottingham-sum"]);
    assert!(rules(&breast("Nottingham score 8/9 (tubules 3, nuclei 3, mitoses 2)")).is_empty());
    assert_eq!(rules(&breast("ER positive, Allred score 7 = 5 + 3")), ["allred-sum"]);
    assert!(rules(&breast("ER positive, Allred score 8 = 5 + 3")).is_empty());
    assert_eq!(rules("DIAGNOSIS:\nProstate: Adenocarcinoma, Gleason score 3+4=8."), ["gleason-sum"]);
    assert_eq!(rules("HER2 (2+). ER (-)."), ["her2-equivocal-without-ish"]);
}

#[test]
fn conflicting_sides_and_stages_are_said() {
    let sides = "DIAGNOSIS:\nLeft breast, lumpectomy: Invasive ductal carcinoma of the right breast.";
    assert_eq!(rules(sides), ["laterality-conflict"]);
    let stage = |group: &str| format!("DIAGNOSIS:\nColon, sigmoid, resection: Adenocarcinoma. pT3 pN0 M0, AJCC stage {group}.");
    assert_eq!(rules(&stage("IIIB")), ["stage-group-differs"]);
    assert!(rules(&stage("IIA")).is_empty());
    assert_eq!(rules("DIAGNOSIS:\nColon, sigmoid, resection: Adenocarcinoma, pT3 pN0. Lymph nodes: 2/14 positive."), ["pn-differs-from-nodes"]);
}
