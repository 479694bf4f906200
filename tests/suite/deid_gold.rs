//! How much of what is marked in `corpora/identifiers` is removed, and how much else goes with it. A floor that falls is a defect.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use bingli::deidentify::Deidentifier;
use bingli::document::Document;
use bingli::lexicon::Lexicon;
use bingli::reading::Reader;
use bingli::span::CodePoints;
use serde_json::Value;

/// Kinds found by their own form or by a label.
const STRUCTURED: [&str; 18] = [
    "MEDICAL_RECORD",
    "PATHOLOGY_NUMBER",
    "ID_CARD",
    "PHONE",
    "EMAIL",
    "SOCIAL",
    "HEALTH_PLAN",
    "BANK_CARD",
    "PASSPORT",
    "URL",
    "IP",
    "DEVICE",
    "PLATE",
    "DATE",
    "BED",
    "FAX",
    "ACCOUNT",
    "LICENSE",
];

struct Score {
    /// Removed and marked, by type.
    by: BTreeMap<String, (usize, usize)>,
    /// Characters removed that are not marked, and all that are not marked.
    over: (usize, usize),
    missed: Vec<String>,
}

fn score(gold: &str) -> Score {
    static TOOLS: OnceLock<(Lexicon, Reader, Deidentifier)> = OnceLock::new();
    let (lexicon, reader, deidentifier) = TOOLS.get_or_init(|| {
        let lexicon = Lexicon::embedded().unwrap();
        let tools = (Reader::new(&lexicon).unwrap(), Deidentifier::new(&lexicon).unwrap());
        (lexicon, tools.0, tools.1)
    });
    let mut score = Score { by: BTreeMap::new(), over: (0, 0), missed: Vec::new() };
    for line in gold.lines() {
        let marked: Value = serde_json::from_str(line).unwrap();
        let document = Document { id: "x".into(), text: marked["text"].as_str().unwrap().into(), ..Document::default() };
        let points = CodePoints::new(&document.text);
        let mut covered = vec![false; document.text.chars().count()];
        for identifier in deidentifier.find(&reader.read(lexicon, &document)) {
            let (start, end) = (points.at(&document.text, identifier.span.start), points.at(&document.text, identifier.span.end));
            covered[start..end].fill(true);
        }
        let mut gold = vec![false; covered.len()];
        for item in marked["phi"].as_array().unwrap() {
            let (start, end) = (item["start"].as_u64().unwrap() as usize, item["end"].as_u64().unwrap() as usize);
            gold[start..end].fill(true);
            let kind = item["type"].as_str().unwrap();
            let whole = covered[start..end].iter().all(|covered| *covered);
            let count = score.by.entry(kind.to_string()).or_default();
            count.0 += usize::from(whole);
            count.1 += 1;
            if !whole {
                score.missed.push(format!("{} {kind} {start}..{end}", marked["id"]));
            }
        }
        score.over.0 += covered.iter().zip(&gold).filter(|(covered, gold)| **covered && !**gold).count();
        score.over.1 += gold.iter().filter(|gold| !**gold).count();
    }
    score
}

fn share(score: &Score, of: impl Fn(&str) -> bool) -> f64 {
    let (removed, marked) = score.by.iter().filter(|(kind, _)| of(kind)).fold((0, 0), |sum, (_, count)| (sum.0 + count.0, sum.1 + count.1));
    removed as f64 / marked as f64
}

#[test]
fn chinese_identifiers_are_removed_and_little_else() {
    let score = score(include_str!("../../corpora/identifiers/zh.jsonl"));
    let over = score.over.0 as f64 / score.over.1 as f64;
    assert!(share(&score, |_| true) >= 0.98, "{:?}\n{:#?}", score.by, score.missed);
    assert!(share(&score, |kind| STRUCTURED.contains(&kind)) >= 0.999, "{:?}\n{:#?}", score.by, score.missed);
    assert!(over <= 0.01, "{over}");
}

#[test]
fn english_identifiers_are_removed_and_little_else() {
    let score = score(include_str!("../../corpora/identifiers/en.jsonl"));
    let over = score.over.0 as f64 / score.over.1 as f64;
    assert!(share(&score, |_| true) >= 0.97, "{:?}\n{:#?}", score.by, score.missed);
    assert!(share(&score, |kind| STRUCTURED.contains(&kind)) >= 0.985, "{:?}\n{:#?}", score.by, score.missed);
    assert!(over <= 0.03, "{over}");
}
