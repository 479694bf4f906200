//! Which terms enter: seen in enough reports and groups, then per class by chi-squared, one term for each class in turn, so
//! that a rare class gets its words too.

use std::collections::BTreeSet;

/// A term as reports that hold it, by class and in all.
#[derive(Debug, Clone)]
pub struct TermCounts {
    /// The term.
    pub term: u32,
    /// Reports of each class that hold it.
    pub by_class: Vec<u32>,
    /// Reports that hold it.
    pub reports: u32,
}

/// At most `keep` terms, best first for each class in turn; ties go to the lower term. `class_sizes` are reports a class.
pub fn by_class_in_turn(terms: &[TermCounts], class_sizes: &[u32], keep: usize) -> Vec<u32> {
    if terms.len() <= keep {
        return terms.iter().map(|term| term.term).collect();
    }
    let total: u32 = class_sizes.iter().sum();
    let ranked: Vec<Vec<u32>> = class_sizes
        .iter()
        .enumerate()
        .filter(|(_, size)| **size > 0)
        .map(|(class, size)| {
            let mut scored: Vec<(f64, u32)> = terms.iter().map(|term| (chi_squared(term.by_class[class], term.reports, *size, total), term.term)).collect();
            scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
            scored.into_iter().map(|(_, term)| term).collect()
        })
        .collect();
    let mut chosen = BTreeSet::new();
    for rank in 0..terms.len() {
        for list in &ranked {
            if chosen.len() == keep {
                return chosen.into_iter().collect();
            }
            chosen.insert(list[rank]);
        }
    }
    chosen.into_iter().collect()
}

/// How far the reports with a term are from being shared out to a class as all reports are: chi-squared of two cells.
fn chi_squared(inside: u32, with: u32, size: u32, total: u32) -> f64 {
    let share = f64::from(size) / f64::from(total.max(1));
    let expected = f64::from(with) * share;
    let outside = f64::from(with) - expected;
    let difference = f64::from(inside) - expected;
    let square = difference * difference;
    square / expected.max(1e-9) + square / outside.max(1e-9)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rare_class_gets_its_word_before_a_common_class_gets_its_second() {
        let term = |term, by_class: [u32; 2]| TermCounts { term, by_class: by_class.to_vec(), reports: by_class.iter().sum() };
        let terms = [term(0, [90, 0]), term(1, [80, 0]), term(2, [0, 5]), term(3, [45, 5])];
        assert_eq!(by_class_in_turn(&terms, &[100, 10], 2), [0, 2]);
        assert_eq!(by_class_in_turn(&terms, &[100, 10], 9), [0, 1, 2, 3]);
    }
}
