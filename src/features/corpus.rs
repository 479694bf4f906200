//! The terms of many reports, numbered in sorted order, so that the order of the reports changes nothing.

use std::collections::{BTreeMap, HashMap};

use super::Block;

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
    /// Numbers the terms of bags. Left out at once are terms that fewer than `min_reports` reports hold, that one patient alone has
    /// in several reports, or that are written like a number of a person or a report: a model must not carry what names anybody.
    pub fn new(bags: Vec<Bag>, min_reports: u32) -> Self {
        let mut ids: HashMap<String, u32> = HashMap::new();
        let mut reports: Vec<u32> = Vec::new();
        let mut patients = Patients::default();
        let mut numbers: BTreeMap<String, u32> = BTreeMap::new();
        let mut samples = Vec::with_capacity(bags.len());
        let mut named_numbers = Vec::with_capacity(bags.len());
        for bag in bags {
            let patient = patients.number(bag.patient);
            let mut terms = Vec::with_capacity(bag.terms.len());
            for (term, count) in bag.terms.into_iter().filter(|(term, _)| !is_long_number(term)) {
                let next = ids.len() as u32;
                let id = *ids.entry(term).or_insert(next);
                if id == next {
                    reports.push(0);
                }
                patients.saw(id, patient);
                reports[id as usize] += 1;
                terms.push((id, count));
            }
            for (name, _) in &bag.numbers {
                numbers.entry(name.clone()).or_insert(0);
            }
            named_numbers.push(bag.numbers);
            samples.push(Sample { terms, ..Sample::default() });
        }
        let mut seldom: HashMap<u32, (Block, Option<u32>)> = HashMap::new();
        for (term, id) in ids.iter().filter(|(_, id)| reports[**id as usize] < min_reports) {
            seldom.extend(Block::of_term(term).map(|(block, form)| (*id, (block, rare(block, form)))));
        }
        let mut sorted: Vec<(String, u32)> =
            ids.into_iter().filter(|(_, id)| reports[*id as usize] >= min_reports && !(reports[*id as usize] > 1 && patients.is_of_one(*id))).collect();
        sorted.sort();
        let mut renumbered = vec![u32::MAX; reports.len()];
        for (number, (_, id)) in sorted.iter().enumerate() {
            renumbered[*id as usize] = number as u32;
        }
        for (number, value) in numbers.values_mut().enumerate() {
            *value = number as u32;
        }
        for (sample, named) in samples.iter_mut().zip(named_numbers) {
            let Sample { terms, rare, .. } = sample;
            let mut dropped: BTreeMap<Block, u32> = BTreeMap::new();
            terms.retain_mut(|(id, count)| {
                if let Some((block, hash)) = seldom.get(id) {
                    rare.extend(hash.map(|hash| (hash, *count)));
                    *dropped.entry(*block).or_insert(0) += 1;
                }
                *id = renumbered[*id as usize];
                *id != u32::MAX
            });
            rare.sort_unstable();
            sample.dropped = dropped.into_iter().collect();
            sample.terms.sort_unstable();
            sample.numbers = named.into_iter().filter_map(|(name, value)| numbers.get(&name).map(|id| (*id, value))).collect();
            sample.numbers.sort_by_key(|(id, _)| *id);
        }
        Self { terms: sorted.into_iter().map(|(term, _)| term).collect(), numbers: numbers.into_keys().collect(), samples }
    }
}

/// Whether each term was seen in several patients. A report that does not say its patient is of a patient of its own.
#[derive(Default)]
struct Patients {
    numbers: HashMap<String, u32>,
    unknown: u32,
    /// Of each term the patient it was first seen in, and whether another came.
    first: Vec<(u32, bool)>,
}

impl Patients {
    fn number(&mut self, patient: Option<String>) -> u32 {
        let Some(patient) = patient else {
            self.unknown += 1;
            return u32::MAX - self.unknown;
        };
        let next = self.numbers.len() as u32;
        *self.numbers.entry(patient).or_insert(next)
    }

    fn saw(&mut self, term: u32, patient: u32) {
        if self.first.len() <= term as usize {
            self.first.push((patient, false));
        }
        let (first, several) = &mut self.first[term as usize];
        *several |= *first != patient;
    }

    fn is_of_one(&self, term: u32) -> bool {
        self.first.get(term as usize).is_some_and(|(_, several)| !several)
    }
}

/// Five digits in a row: a number of a person, a report or a telephone, and no name of a marker, a stage or a code of the lexicon.
fn is_long_number(term: &str) -> bool {
    let mut run = 0;
    term.bytes().any(|byte| {
        run = if byte.is_ascii_digit() { run + 1 } else { 0 };
        run == 5
    })
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
