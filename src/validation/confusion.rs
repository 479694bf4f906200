//! The confusion matrix and what is counted from it: accuracy, precision, recall, F1, Matthews' coefficient.
//!
//! Rows are the truth, columns what was said. Means over classes (macro, weighted) take the classes that occur in the truth.

use ndarray::Array2;
use serde::Serialize;

pub use crate::models::train::best_class;

/// Counts of truth (rows) by what was said (columns). Shape: classes × classes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confusion(pub Array2<u64>);

/// Precision, recall and F1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Triple {
    /// Share of what was said that is true.
    pub precision: f64,
    /// Share of what is true that was said.
    pub recall: f64,
    /// Their harmonic mean.
    pub f1: f64,
}

impl Confusion {
    /// Counts labels that were said against the truth. Labels beyond `classes` are left out.
    pub fn new(truth: &[u32], said: &[u32], classes: usize) -> Self {
        let mut counts = Array2::zeros((classes, classes));
        for (truth, said) in truth.iter().zip(said) {
            if let Some(count) = counts.get_mut((*truth as usize, *said as usize)) {
                *count += 1;
            }
        }
        Self(counts)
    }

    /// Number of classes.
    pub fn classes(&self) -> usize {
        self.0.nrows()
    }

    /// Number of reports.
    pub fn total(&self) -> u64 {
        self.0.sum()
    }

    /// Reports of a class.
    pub fn support(&self, class: usize) -> u64 {
        self.0.row(class).sum()
    }

    /// Share of reports whose label is right.
    pub fn accuracy(&self) -> f64 {
        self.0.diag().sum() as f64 / (self.total() as f64).max(1.0)
    }

    /// Figures of one class; 0 where nothing was said or nothing is true.
    pub fn class(&self, class: usize) -> Triple {
        triple(self.0[[class, class]], self.0.column(class).sum(), self.support(class))
    }

    /// Means over the classes that occur.
    pub fn macro_mean(&self) -> Triple {
        self.mean(|_| 1.0)
    }

    /// Means over the classes by their numbers of reports.
    pub fn weighted_mean(&self) -> Triple {
        self.mean(|support| support as f64)
    }

    /// Figures of all classes counted together; where every report has one label, each equals the accuracy.
    pub fn micro(&self) -> Triple {
        triple(self.0.diag().sum(), self.total(), self.total())
    }

    fn mean(&self, weight: impl Fn(u64) -> f64) -> Triple {
        let mut sum = (0.0, Triple { precision: 0.0, recall: 0.0, f1: 0.0 });
        for class in (0..self.classes()).filter(|class| self.support(*class) > 0) {
            let (share, own) = (weight(self.support(class)), self.class(class));
            sum.0 += share;
            sum.1.precision += share * own.precision;
            sum.1.recall += share * own.recall;
            sum.1.f1 += share * own.f1;
        }
        let all = sum.0.max(f64::MIN_POSITIVE);
        Triple { precision: sum.1.precision / all, recall: sum.1.recall / all, f1: sum.1.f1 / all }
    }

    /// Matthews' correlation coefficient for many classes (Gorodkin 2004); 0 where one side is constant.
    pub fn matthews(&self) -> f64 {
        let (total, right) = (self.total() as f64, self.0.diag().sum() as f64);
        let pairs: Vec<(f64, f64)> = (0..self.classes()).map(|class| (self.support(class) as f64, self.0.column(class).sum() as f64)).collect();
        let both: f64 = pairs.iter().map(|(truth, said)| truth * said).sum();
        let spread = |of: fn(&(f64, f64)) -> f64| total * total - pairs.iter().map(|pair| of(pair) * of(pair)).sum::<f64>();
        let under = (spread(|pair| pair.0) * spread(|pair| pair.1)).sqrt();
        if under > 0.0 { (right * total - both) / under } else { 0.0 }
    }
}

/// From how many were right, said and true; 0 where nothing was said or nothing is true.
pub fn triple(right: u64, said: u64, truth: u64) -> Triple {
    let share = |of: u64| if of == 0 { 0.0 } else { right as f64 / of as f64 };
    Triple { precision: share(said), recall: share(truth), f1: if said + truth == 0 { 0.0 } else { 2.0 * right as f64 / (said + truth) as f64 } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_by_hand() {
        // Truth 0: three, two said 0, one said 1. Truth 1: two, one right, one said 2. Truth 2: one, right.
        let counts = Confusion::new(&[0, 0, 0, 1, 1, 2], &[0, 0, 1, 1, 2, 2], 3);
        assert_eq!(counts.accuracy(), 4.0 / 6.0);
        assert_eq!(counts.class(0), Triple { precision: 1.0, recall: 2.0 / 3.0, f1: 0.8 });
        assert_eq!(counts.class(1), Triple { precision: 0.5, recall: 0.5, f1: 0.5 });
        let mean = (0.8 + 0.5 + 2.0 / 3.0) / 3.0;
        assert!((counts.macro_mean().f1 - mean).abs() < 1e-12);
        let weighted = (3.0 * 0.8 + 2.0 * 0.5 + 2.0 / 3.0) / 6.0;
        assert!((counts.weighted_mean().f1 - weighted).abs() < 1e-12);
        assert!((counts.weighted_mean().recall - counts.accuracy()).abs() < 1e-12);
        assert_eq!(counts.micro().f1, counts.accuracy());
        // (4 * 6 - (3*2 + 2*2 + 1*2)) / sqrt((36 - 14) * (36 - 12))
        assert!((counts.matthews() - 12.0 / (22.0f64 * 24.0).sqrt()).abs() < 1e-12);
    }

    #[test]
    fn matthews_of_two_classes_is_the_known_formula_and_a_constant_answer_has_none() {
        let counts = Confusion::new(&[1, 1, 1, 0, 0, 0, 0], &[1, 1, 0, 0, 0, 0, 1], 2);
        let (tp, tn, fp, fneg) = (2.0f64, 3.0, 1.0, 1.0);
        let known = (tp * tn - fp * fneg) / ((tp + fp) * (tp + fneg) * (tn + fp) * (tn + fneg)).sqrt();
        assert!((counts.matthews() - known).abs() < 1e-12);
        assert_eq!(Confusion::new(&[0, 1], &[1, 1], 2).matthews(), 0.0);
    }
}
