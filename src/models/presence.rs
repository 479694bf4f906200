//! From probabilities of independent labels to the labels a report has: one number makes all of them as sure as they are right, and
//! each label has the probability from which it counts as present, chosen for its F1 out of fold.
//!
//! With a coverage asked for, presence and absence are each ruled out where they would be too surprising (split conformal, for each
//! label and side apart): a report that has the label shows it at least as often as asked, and where neither side can be ruled out
//! the label is given as doubtful. As with one label a report, nothing is promised for a hospital unlike all others.

use ndarray::Array2;
use serde::{Deserialize, Serialize};

use super::scale::temperature;

/// Probability from which a report has a label, where there are too few reports to choose another.
pub const HOLDS: f32 = 0.5;
/// Reports with a label, and without it, from which its own threshold is chosen.
const LEAST: usize = 20;
/// No threshold is lower: what is less probable than this is not said.
const LOWEST: f32 = 0.1;
/// Quantiles of surprise that are kept.
const STEPS: usize = 200;

/// How probabilities of labels become labels. Shapes: one value a label; empty where a model of before there was this has none.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Presence {
    /// Probability from which a report has the label.
    thresholds: Vec<f32>,
    /// Quantiles of 1 − probability where the label is present.
    present: Vec<Vec<f32>>,
    /// Quantiles of the probability where it is absent.
    absent: Vec<Vec<f32>>,
}

/// Which sides of a label a coverage leaves open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Open {
    /// Whether the label may be present.
    pub present: bool,
    /// Whether it may be absent.
    pub absent: bool,
}

impl Presence {
    /// Thresholds and surprises by out-of-fold probabilities. Shape: reports × labels; `held` has a list a label.
    pub fn fit(probabilities: &Array2<f32>, held: &[Vec<bool>]) -> Self {
        let mut own = Self { thresholds: thresholds(probabilities, held), ..Self::default() };
        for (column, held) in probabilities.columns().into_iter().zip(held) {
            let side = |wanted: bool| column.iter().zip(held).filter(move |(_, held)| **held == wanted).map(|(chance, _)| *chance);
            own.present.push(quantiles(side(true).map(|chance| 1.0 - chance).collect()));
            own.absent.push(quantiles(side(false).collect()));
        }
        own
    }

    /// The probability from which a report has a label.
    pub fn threshold(&self, label: usize) -> f32 {
        self.thresholds.get(label).copied().unwrap_or(HOLDS)
    }

    /// Whether reports have labels. Shape: reports × labels.
    pub fn said(&self, probabilities: &Array2<f32>) -> Array2<bool> {
        Array2::from_shape_fn(probabilities.dim(), |(report, label)| probabilities[[report, label]] >= self.threshold(label))
    }

    /// Whether coverages can be asked for.
    pub fn covers(&self) -> bool {
        !self.present.is_empty()
    }

    /// What a coverage leaves open at a probability of a label.
    pub fn open(&self, label: usize, chance: f32, coverage: f64) -> Open {
        let step = ((coverage * STEPS as f64) - 1e-9).ceil().clamp(0.0, STEPS as f64) as usize;
        let most = |tables: &[Vec<f32>]| tables.get(label).and_then(|table| table.get(step)).copied().unwrap_or(1.0);
        Open { present: 1.0 - chance <= most(&self.present), absent: chance <= most(&self.absent) }
    }
}

/// For each label the probability from which it counts as present: half of the best F1 that any cut reaches, which is where F1 is best
/// if probabilities mean what they say. The best cut itself follows chance: on other reports it was worse.
///
/// # Source
/// Lipton, Elkan, Naryanaswamy: Optimal thresholding of classifiers to maximize F1 measure, ECML PKDD 2014.
pub fn thresholds(probabilities: &Array2<f32>, held: &[Vec<bool>]) -> Vec<f32> {
    probabilities.columns().into_iter().zip(held).map(|(column, held)| threshold(column.iter().copied().zip(held.iter().copied()).collect())).collect()
}

fn threshold(mut reports: Vec<(f32, bool)>) -> f32 {
    let with = reports.iter().filter(|(_, held)| *held).count();
    if with < LEAST || reports.len() - with < LEAST {
        return HOLDS;
    }
    reports.sort_by(|a, b| b.0.total_cmp(&a.0));
    let (mut right, mut said, mut best) = (0usize, 0usize, 0f64);
    for tied in reports.chunk_by(|a, b| a.0 == b.0) {
        said += tied.len();
        right += tied.iter().filter(|(_, held)| *held).count();
        best = best.max(2.0 * right as f64 / (said + with) as f64);
    }
    (0.5 * best as f32).max(LOWEST)
}

/// The temperature that all labels share, by pairs of probability and truth.
pub fn shared_temperature(pairs: &[(f32, bool)]) -> f32 {
    let probabilities = Array2::from_shape_fn((pairs.len(), 2), |(at, side)| if side == 1 { pairs[at].0 } else { 1.0 - pairs[at].0 });
    temperature(&probabilities, &pairs.iter().map(|(_, held)| u32::from(*held)).collect::<Vec<u32>>())
}

/// A probability at a temperature.
pub fn cooled(chance: f32, temperature: f32) -> f32 {
    let logarithm = |chance: f32| chance.max(1e-12).ln();
    let logit = (logarithm(chance) - logarithm(1.0 - chance)) / temperature;
    1.0 / (1.0 + (-logit).exp())
}

/// Values as quantiles in even steps, from the conformal side: beyond what the values can promise stands 1.
fn quantiles(mut values: Vec<f32>) -> Vec<f32> {
    values.sort_by(f32::total_cmp);
    let place = |step: usize| (step * (values.len() + 1)).div_ceil(STEPS).saturating_sub(1);
    (0..=STEPS).map(|step| values.get(place(step)).copied().unwrap_or(1.0)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reports of which every third has the label.
    fn reports() -> (Array2<f32>, Vec<Vec<bool>>) {
        let held: Vec<bool> = (0..900).map(|report| report % 3 == 0).collect();
        let chance = |report: usize| if report.is_multiple_of(3) { 0.15 + 0.3 * (report as f32 / 900.0) } else { 0.2 * (report as f32 / 900.0) };
        (Array2::from_shape_fn((900, 1), |(report, _)| chance(report)), vec![held])
    }

    fn first(chances: &Array2<f32>) -> Array2<f32> {
        chances.select(ndarray::Axis(0), &(0..30).collect::<Vec<usize>>())
    }

    #[test]
    fn a_threshold_is_where_f1_is_best_and_one_half_where_reports_are_few() {
        // Probabilities that are right: of reports at one tenth one in ten has the label, at two fifths two in five.
        let held: Vec<bool> = (0..1000).map(|report| if report < 500 { report % 10 == 0 } else { report % 5 < 2 }).collect();
        let chances = Array2::from_shape_fn((1000, 1), |(report, _)| if report < 500 { 0.1f32 } else { 0.4 });
        let own = Presence::fit(&chances, std::slice::from_ref(&held));
        let f1 = |threshold: f32| {
            let said: Vec<bool> = chances.iter().map(|chance| *chance >= threshold).collect();
            let right = said.iter().zip(&held).filter(|(said, held)| **said && **held).count();
            2.0 * right as f64 / (said.iter().chain(&held).filter(|said| **said).count() as f64)
        };
        let best = [0.05, 0.2, 0.5].map(f1).into_iter().fold(0.0, f64::max);
        assert!((f1(own.threshold(0)) - best).abs() < 1e-9 && own.threshold(0) < 0.4, "{}", own.threshold(0));
        assert_eq!(own.said(&chances).iter().filter(|said| **said).count(), 500);
        let (chances, held) = reports();
        let few = Presence::fit(&first(&chances), &[held[0][..30].to_vec()]);
        assert_eq!((few.threshold(0), few.threshold(7)), (HOLDS, HOLDS));
    }

    #[test]
    fn labels_are_shown_as_often_as_asked() {
        let (chances, held) = reports();
        let own = Presence::fit(&chances, &held);
        for coverage in [0.5, 0.9, 0.95] {
            let share = |wanted: bool, open: fn(Open) -> bool| {
                let all: Vec<f32> = chances.iter().zip(&held[0]).filter(|(_, held)| **held == wanted).map(|(chance, _)| *chance).collect();
                all.iter().filter(|chance| open(own.open(0, **chance, coverage))).count() as f64 / all.len() as f64
            };
            let (present, absent) = (share(true, |open| open.present), share(false, |open| open.absent));
            assert!((present - coverage).abs() < 0.01 && (absent - coverage).abs() < 0.01, "{coverage}: {present} {absent}");
        }
        // Ten reports cannot promise nineteen in twenty: nothing is ruled out.
        let few = Presence::fit(&first(&chances), &[held[0][..30].to_vec()]);
        assert!(few.open(0, 0.0, 0.95).present && !few.open(0, 0.0, 0.5).present);
    }

    #[test]
    fn a_temperature_moves_a_probability_to_or_from_one_half() {
        assert!((cooled(0.5, 3.0) - 0.5).abs() < 1e-6 && cooled(0.9, 2.0) < 0.9 && cooled(0.1, 0.5) < 0.1);
        assert!(cooled(0.0, 1.0) < 1e-6 && cooled(1.0, 1.0) > 0.999);
        let sure: Vec<(f32, bool)> = (0..1000).map(|at| (0.99, at % 10 != 0)).collect();
        assert!((cooled(0.99, shared_temperature(&sure)) - 0.9).abs() < 0.01);
    }
}
