//! The summary of short invented reports.

use std::sync::{Arc, LazyLock};

use super::Summary;
use crate::document::Document;
use crate::findings::{Detail, Extractor};
use crate::lexicon::Lexicon;

static EXTRACTOR: LazyLock<Extractor> = LazyLock::new(|| Extractor::new(Arc::new(Lexicon::embedded().unwrap())).unwrap());

fn summary(text: &str) -> Summary {
    let document = Document { text: text.to_string(), ..Document::default() };
    let reading = EXTRACTOR.read(&document);
    EXTRACTOR.extract(&reading).summary
}

fn histology(text: &str) -> Option<String> {
    summary(text).histology.and_then(|histology| histology.icdo)
}

fn site(text: &str) -> Option<(String, String)> {
    summary(text).primary_site.map(|site| (site.text, site.icdo.unwrap_or_default()))
}

#[test]
fn a_histology_is_coded_as_a_registry_codes_it_in_its_organ() {
    let cases = [
        ("DIAGNOSIS:\nUterus, hysterectomy: Adenocarcinoma of the endometrium, endometrioid type.", "8380/3"),
        ("DIAGNOSIS:\nUterus, hysterectomy: Papillary serous carcinoma of the endometrium.", "8441/3"),
        ("DIAGNOSIS:\nKidney, left, nephrectomy: Renal cell carcinoma, clear cell type.", "8310/3"),
        ("DIAGNOSIS:\nKidney, right, nephrectomy: Papillary carcinoma, 3 cm.", "8260/3"),
        ("DIAGNOSIS:\nCervix, hysterectomy: Squamous cell carcinoma, large cell, nonkeratinizing.", "8072/3"),
        ("DIAGNOSIS:\nProstate, radical prostatectomy: Acinar adenocarcinoma, Gleason 3+4.", "8140/3"),
        ("DIAGNOSIS:\nRight colon, resection: Invasive adenocarcinoma arising in a tubulovillous adenoma.", "8140/3"),
        ("DIAGNOSIS:\nBrain, left frontal, resection: Oligodendroglioma, WHO grade III.", "9451/3"),
        ("病理诊断：（胃窦）中分化腺癌，侵及浆膜。", "8140/3"),
        ("病理诊断：右肾透明细胞性肾细胞癌。", "8310/3"),
        ("病理诊断：（宫颈）中分化鳞状细胞癌。", "8070/3"),
    ];
    for (text, code) in cases {
        assert_eq!(histology(text).as_deref(), Some(code), "{text}");
    }
}

#[test]
fn the_diagnosis_comes_before_history_and_what_is_ruled_out_is_no_histology() {
    let text = "CLINICAL HISTORY: Papillary thyroid carcinoma in 2009.\nFINAL DIAGNOSIS:\nLung, left upper lobe, lobectomy: Squamous cell carcinoma.";
    assert_eq!(histology(text).as_deref(), Some("8070/3"));
    assert_eq!(histology("DIAGNOSIS:\nColon, biopsy: Tubular adenoma. Negative for adenocarcinoma."), None);
    assert_eq!(histology("FINAL DIAGNOSIS: Gallbladder, cholecystectomy: chronic cholecystitis."), None);
}

#[test]
fn invasive_comes_before_in_situ_and_the_primary_before_its_metastases() {
    let breast =
        "DIAGNOSIS:\nBreast, left, mastectomy: Invasive lobular carcinoma. Ductal carcinoma in situ, solid type. Lymph nodes: metastatic carcinoma in 2 of 11.";
    assert_eq!(histology(breast).as_deref(), Some("8520/3"));
}

#[test]
fn a_printed_code_answers_where_no_name_stands() {
    assert_eq!(histology("ICD-O-3: 8480/3, C18.0").as_deref(), Some("8480/3"));
}

#[test]
fn the_side_is_that_of_the_tumours_organ() {
    assert_eq!(summary("DIAGNOSIS:\nKidney, left, radical nephrectomy: Clear cell renal cell carcinoma.").laterality.as_deref(), Some("left"));
    let both = "DIAGNOSIS:\nProstate, radical prostatectomy: Adenocarcinoma involving the right and left lobes.";
    assert_eq!(summary(both).laterality.as_deref(), Some("bilateral"));
    let node = "DIAGNOSIS:\nRight breast, lumpectomy: Invasive ductal carcinoma. Left axillary lymph node: negative.";
    assert_eq!(summary(node).laterality.as_deref(), Some("right"));
}

#[test]
fn an_imaging_report_gives_the_site_as_written() {
    assert_eq!(site("1.右肺下叶占位，考虑周围型肺癌；2.肝囊肿。右肺下叶见团块影，边缘分叶。"), Some(("右肺下叶".into(), "C34.3".into())));
    assert_eq!(site("左乳癌术后，肝内多发转移瘤。肝右叶见低密度影。").map(|(text, _)| text).as_deref(), Some("左乳"));
    assert_eq!(site("胃窦部胃壁增厚，考虑胃癌。左肾囊肿。").map(|(text, _)| text).as_deref(), Some("胃窦部"));
}

#[test]
fn findings_behind_an_answer_are_of_its_kind() {
    let document = Document { text: "DIAGNOSIS:\nCecum, right hemicolectomy: Mucinous adenocarcinoma.".into(), ..Document::default() };
    let reading = EXTRACTOR.read(&document);
    let extraction = EXTRACTOR.extract(&reading);
    let behind = &extraction.summary.from["histology"];
    assert!(!behind.is_empty() && behind.iter().all(|index| matches!(extraction.findings[*index].detail, Detail::Histology(_))));
}

#[test]
fn an_empty_report_has_no_answers() {
    assert_eq!(summary(""), Summary::default());
    assert_eq!(summary("No significant abnormality."), Summary::default());
}

fn derived(text: &str) -> (Option<String>, Option<String>, Vec<(&'static str, &'static str)>) {
    let out = summary(text);
    (out.t, out.n, out.derived.into_iter().collect())
}

#[test]
fn categories_that_follow_by_the_organs_rule_are_named_as_derived() {
    let text = |t: &str| Some(t.to_string());
    let nodes = "DIAGNOSIS:\nColon, sigmoid, resection: Adenocarcinoma, pT3. Metastatic carcinoma in 2 of 14 lymph nodes (2/14).";
    assert_eq!(derived(nodes), (text("T3"), text("N1b"), vec![("n", "nodes")]));
    let size =
        "DIAGNOSIS:\nBreast, left, lumpectomy: Invasive ductal carcinoma, tumor size 1.3 cm. Stage: pT1 N1 MX. Lymph nodes: metastatic carcinoma in 1 of 9.";
    assert_eq!(derived(size), (text("T1c"), text("N1a"), vec![("n", "nodes"), ("t", "tumor_size_mm")]));
    let depth = "DIAGNOSIS:\nEsophagus, resection: Squamous cell carcinoma of the esophagus. Tumor extent: Adventitia. Lymph nodes: 0/8 positive.";
    assert_eq!(derived(depth), (text("T3"), text("N0"), vec![("n", "nodes"), ("t", "depth")]));
}

#[test]
fn nothing_is_derived_against_what_is_stated_nor_where_the_rule_is_by_place() {
    let stated = "DIAGNOSIS:\nColon, sigmoid, resection: Adenocarcinoma, pT3 pN2a. Metastatic carcinoma in 2 of 14 lymph nodes (2/14).";
    assert_eq!(summary(stated).n.as_deref(), Some("N2a"));
    let open = "DIAGNOSIS:\nKidney, left, nephrectomy: Clear cell renal cell carcinoma, pT1a NX. Lymph nodes: 0/2.";
    assert_eq!(summary(open).n.as_deref(), Some("NX"));
    let lung = "DIAGNOSIS:\nLung, left upper lobe, lobectomy: Squamous cell carcinoma. Lymph nodes: 0/6 positive.";
    assert_eq!(summary(lung).n, None);
    let small = "DIAGNOSIS:\nBreast, right, lumpectomy: Invasive ductal carcinoma. Micrometastasis in 1 of 2 lymph nodes.";
    assert_eq!(summary(small).n, None);
    assert_eq!(summary("DIAGNOSIS:\nColon, resection: Tubular adenoma. Lymph nodes: 0/6.").n, None);
}

#[test]
fn of_two_stagings_the_one_that_fits_the_count_answers() {
    let text = "DIAGNOSIS:\nEsophagus, resection: Adenocarcinoma of the esophagus. Submitted as T3 N1 MX. Metastatic carcinoma in 3 of 17 lymph nodes. T3 N2.";
    assert_eq!(summary(text).n.as_deref(), Some("N2"));
}

#[test]
fn the_final_diagnosis_outranks_frozen_section_history_and_gross() {
    let text = "CLINICAL HISTORY: cT2 lung cancer.\nFROZEN SECTION DIAGNOSIS:\nA. Margin positive for carcinoma. Adenocarcinoma.\nFINAL DIAGNOSIS:\nLung, left upper lobe, lobectomy: Squamous cell carcinoma, pT1b pN0. Bronchial margin negative.\nGROSS DESCRIPTION: A tan mass, 2 cm.";
    let out = summary(text);
    assert_eq!((out.t.as_deref(), out.margin.as_deref()), (Some("T1b"), Some("negative")));
    assert_eq!(out.histology.and_then(|histology| histology.icdo).as_deref(), Some("8070/3"));
}

#[test]
fn of_several_reports_in_one_text_all_findings_stay_and_one_answer_comes_from_one_of_them() {
    let text = "Report 1. DIAGNOSIS:\nColon, sigmoid, resection: Adenocarcinoma, pT3 pN1a.\n\nReport 2. DIAGNOSIS:\nBreast, left, lumpectomy: Invasive ductal carcinoma, pT1c pN0.";
    let document = Document { text: text.into(), ..Document::default() };
    let extraction = EXTRACTOR.extract(&EXTRACTOR.read(&document));
    let staged: Vec<_> = extraction.findings.iter().filter_map(|finding| if let Detail::Tnm(tnm) = &finding.detail { tnm.t.clone() } else { None }).collect();
    assert_eq!(staged, ["T3", "T1c"]);
    let out = extraction.summary;
    assert_eq!((out.t.as_deref(), out.n.as_deref()), (Some("T3"), Some("N1a")));
    assert_eq!(out.from["t"].len(), 1);
}

#[test]
fn the_dictionaries_are_as_large_as_they_say_and_every_entry_names_its_source() {
    let lexicon = Lexicon::embedded().unwrap();
    for (class, least) in [("morphology", 250), ("topography", 120)] {
        let entries = &lexicon.vocabulary(lexicon.class(class).unwrap()).entries;
        let codes: std::collections::BTreeSet<&str> = entries.iter().filter_map(|entry| entry.text("code")).collect();
        assert!(codes.len() >= least, "{class}: {} codes", codes.len());
        assert!(entries.iter().all(|entry| !entry.source().is_empty()), "{class}");
        assert!(
            entries.iter().filter(|entry| entry.zh().next().is_some()).count() >= least
                && entries.iter().filter(|entry| entry.en().next().is_some()).count() >= least
        );
    }
}
