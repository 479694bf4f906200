use super::*;
use crate::document::Document;
use crate::reading::Reader;

fn found(text: &str) -> Vec<String> {
    let lexicon = Lexicon::embedded().unwrap();
    let document = Document { text: text.into(), ..Document::default() };
    let reading = Reader::new(&lexicon).unwrap().read(&lexicon, &document);
    let mut out = Vec::new();
    Stains::new(&lexicon).unwrap().find(&reading, &mut out);
    out.into_iter()
        .filter_map(|finding| if let Detail::Ihc(ihc) = finding.detail { Some(ihc) } else { None })
        .map(|ihc| {
            let mut words = format!("{} {}", ihc.marker, ihc.status.unwrap_or_default());
            if let Some(score) = ihc.score {
                words.push_str(&format!(" {score}"));
            }
            if let Some([low, high]) = ihc.percent {
                words.push_str(&format!(" {low}-{high}%"));
            }
            words
        })
        .collect()
}

#[test]
fn chinese_lists() {
    assert_eq!(
        found("免疫组化：CK7（-），CK20（+++），KI67（40%+），HER-2(++)"),
        ["CK7 negative", "CK20 positive 3+", "KI-67 positive 40-40%", "HER2 equivocal 2+"]
    );
    assert_eq!(found("CD30、CD15均阴性"), ["CD30 negative", "CD15 negative"]);
    assert_eq!(found("ER(2+,20%),PR(+>75%) SYN- CGA+/-"), ["ER positive 2+ 20-20%", "PR positive 75-100%", "SYN negative", "CGA equivocal"]);
    assert_eq!(found("HER2（2+），FISH未扩增"), ["HER2 equivocal 2+", "HER2-ISH negative"]);
    assert_eq!(found("TS部分（+），KI67阳性率约50%，MSH6()"), ["TS positive", "KI-67 positive 50-50%"]);
}

#[test]
fn english_prose() {
    assert_eq!(
        found("The cells are positive for CK7 and TTF-1, and negative for CK20, CDX2."),
        ["CK7 positive", "TTF-1 positive", "CK20 negative", "CDX2 negative"]
    );
    assert_eq!(found("ER: Positive >95%. PR: Negative. HER2: 1+"), ["ER positive 95-100%", "PR negative", "HER2 negative 1+"]);
    assert!(found("ER o Negative o Positive. Referred from the ER.").is_empty());
    assert_eq!(found("POSITIVE: CK7, TTF-1\nNEGATIVE: CK20"), ["CK7 positive", "TTF-1 positive", "CK20 negative"]);
    assert_eq!(found("The MIB-1 proliferation index is greater than 9%."), ["KI-67 positive 9-100%"]);
    assert_eq!(found("Immunohistochemical stains with ERG are negative."), ["ERG negative"]);
    assert_eq!(found("MSH2: Most tumor cells exhibit positive nuclear staining."), ["MSH2 positive"]);
    assert_eq!(found("p21 by image quantitation:\nUnaltered\nPercent Positive Average: 60%"), ["P21  60-60%"]);
}

#[test]
fn a_stain_as_the_means_says_what_its_statement_says() {
    assert_eq!(found("Two nodes negative for tumor by H&E and cytokeratin immunohistochemistry."), ["CK negative"]);
    assert_eq!(found("Micrometastasis in one node, confirmed by pancytokeratin immunostain."), ["PANCK positive"]);
    assert_eq!(found("No evidence of metastatic carcinoma, confirmed by cytokeratin stain."), ["CK negative"]);
    assert!(found("Immunostains for ER and PR are pending.").is_empty());
    assert_eq!(found("ER: 8/8, PR: 2/8."), ["ER positive", "PR negative"]);
    assert_eq!(found("Estrogen receptor: Allred score 5+3=8. PR (Allred score 0/8)."), ["ER positive", "PR negative"]);
    assert_eq!(found("Cytokeratin cocktail (AE1/AE3, CAM 5.2): negative."), ["CK negative"]);
    assert_eq!(found("HER2/neu (HercepTest): 1+. PR: 2-3+"), ["HER2 negative 1+", "PR positive 2-3+"]);
    assert_eq!(found("Nuclei show positive immunohistochemical staining for p53."), ["P53 positive"]);
    assert_eq!(found("MIB-1 LI: 13.3%"), ["KI-67 positive 13.3-13.3%"]);
}
