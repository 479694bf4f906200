//! The terms of many reports, numbered in sorted order, so that the order of the reports changes nothing.

use std::collections::{BTreeMap, HashMap};

/// Terms and numbers of one report, by name.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Bag {
    /// Counts of terms, sorted by term.
    pub terms: Vec<(String, u32)>,
    /// Numbers, sorted by name; each name once.
    pub numbers: Vec<(String, f32)>,
}

/// Terms and numbers of one report, by number.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sample {
    /// Term and count, sorted by term.
    pub terms: Vec<(u32, u32)>,
    /// Number and value, sorted.
    pub numbers: Vec<(u32, f32)>,
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
    /// Numbers the terms of bags. Terms that fewer than `min_reports` reports hold are left out at once.
    pub fn new(bags: Vec<Bag>, min_reports: u32) -> Self {
        let mut ids: HashMap<String, u32> = HashMap::new();
        let mut reports: Vec<u32> = Vec::new();
        let mut numbers: BTreeMap<String, u32> = BTreeMap::new();
        let mut samples = Vec::with_capacity(bags.len());
        let mut named_numbers = Vec::with_capacity(bags.len());
        for bag in bags {
            let mut terms = Vec::with_capacity(bag.terms.len());
            for (term, count) in bag.terms {
                let next = ids.len() as u32;
                let id = *ids.entry(term).or_insert(next);
                if id == next {
                    reports.push(0);
                }
                reports[id as usize] += 1;
                terms.push((id, count));
            }
            for (name, _) in &bag.numbers {
                numbers.entry(name.clone()).or_insert(0);
            }
            named_numbers.push(bag.numbers);
            samples.push(Sample { terms, numbers: Vec::new() });
        }
        let mut sorted: Vec<(String, u32)> = ids.into_iter().filter(|(_, id)| reports[*id as usize] >= min_reports).collect();
        sorted.sort();
        let mut renumbered = vec![u32::MAX; reports.len()];
        for (number, (_, id)) in sorted.iter().enumerate() {
            renumbered[*id as usize] = number as u32;
        }
        for (number, value) in numbers.values_mut().enumerate() {
            *value = number as u32;
        }
        for (sample, named) in samples.iter_mut().zip(named_numbers) {
            sample.terms.retain_mut(|(id, _)| {
                *id = renumbered[*id as usize];
                *id != u32::MAX
            });
            sample.terms.sort_unstable();
            sample.numbers = named.into_iter().filter_map(|(name, value)| numbers.get(&name).map(|id| (*id, value))).collect();
            sample.numbers.sort_by_key(|(id, _)| *id);
        }
        Self { terms: sorted.into_iter().map(|(term, _)| term).collect(), numbers: numbers.into_keys().collect(), samples }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_reports_changes_no_number_of_a_term() {
        let bag = |terms: &[&str]| Bag { terms: terms.iter().map(|term| ((*term).to_string(), 1)).collect(), numbers: vec![(terms[0].to_string(), 1.0)] };
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
        let bag = |term: &str| Bag { terms: vec![(term.to_string(), 3)], numbers: Vec::new() };
        assert_eq!(Corpus::new(vec![bag("seen"), bag("seen"), bag("smithson")], 2).terms, ["seen"]);
    }
}
