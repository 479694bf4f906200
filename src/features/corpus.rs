//! The terms of many reports, numbered in sorted order, so that the order of the reports changes nothing.

use super::{Block, Vocabulary};

/// Terms and numbers of one report, by name.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Bag {
    /// Counts of terms, sorted by term.
    pub terms: Vec<(String, u32)>,
    /// Numbers, sorted by name; each name once.
    pub numbers: Vec<(String, f32)>,
    /// The patient, where the report says which.
    pub patient: Option<String>,
}

/// Terms and numbers of one report, by number.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sample {
    /// Term and count, sorted by term.
    pub terms: Vec<(u32, u32)>,
    /// Number and value, sorted.
    pub numbers: Vec<(u32, f32)>,
    /// Short runs of characters too rare to be numbered, as hash and count; see [`rare`].
    pub rare: Vec<(u32, u32)>,
    /// Different terms of each block that are too rare to be numbered.
    pub dropped: Vec<(Block, u32)>,
}

/// Characters of the longest run whose hash is kept where it is rare.
pub const LONGEST_RARE: usize = 2;

/// The hash of a form that is a short run of characters, from which the form cannot be read (FNV-1a, 32 bits).
pub fn rare(block: Block, form: &str) -> Option<u32> {
    (block == Block::Character && form.chars().nth(LONGEST_RARE).is_none())
        .then(|| form.bytes().fold(0x811c_9dc5u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)))
}

/// A training corpus.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Corpus {
    /// Terms, sorted.
    pub terms: Vec<String>,
    /// Names of numbers, sorted.
    pub numbers: Vec<String>,
    /// One a report, in the order given.
    pub samples: Vec<Sample>,
}

impl Corpus {
    /// Numbers the terms of bags; see [`Vocabulary::corpus`] for those left out.
    pub fn new(bags: Vec<Bag>, min_reports: u32) -> Self {
        let mut vocabulary = Vocabulary::default();
        let reports = bags.into_iter().map(|bag| vocabulary.intern(bag)).collect();
        vocabulary.corpus(reports, min_reports)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_reports_changes_no_number_of_a_term() {
        let bag = |terms: &[&str]| Bag {
            terms: terms.iter().map(|term| ((*term).to_string(), 1)).collect(),
            numbers: vec![(terms[0].to_string(), 1.0)],
            patient: None,
        };
        let bags = vec![bag(&["b", "c"]), bag(&["a", "c"]), bag(&["b", "d", "e"])];
        let mut reversed = bags.clone();
        reversed.reverse();
        let (one, mut other) = (Corpus::new(bags, 1), Corpus::new(reversed, 1));
        other.samples.reverse();
        assert_eq!(one, other);
        assert_eq!(one.terms, ["a", "b", "c", "d", "e"]);
    }

    #[test]
    fn terms_of_one_report_only_never_enter() {
        let bag = |term: &str| Bag { terms: vec![(term.to_string(), 3)], numbers: Vec::new(), patient: None };
        assert_eq!(Corpus::new(vec![bag("seen"), bag("seen"), bag("smithson")], 2).terms, ["seen"]);
    }

    #[test]
    fn terms_of_one_patient_only_never_enter() {
        let bag = |patient: &str, terms: &[&str]| Bag {
            terms: terms.iter().map(|term| ((*term).to_string(), 1)).collect(),
            numbers: Vec::new(),
            patient: Some(patient.to_string()),
        };
        let bags = vec![bag("a", &["seen", "smithson"]), bag("a", &["smithson"]), bag("b", &["seen", "u556677"]), bag("c", &["u556677"])];
        assert_eq!(Corpus::new(bags, 2).terms, ["seen"]);
    }
}
