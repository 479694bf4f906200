//! Prediction sets that hold the true class with a stated probability (split conformal), for reports exchangeable with those the
//! thresholds were fitted on. A hospital never seen is not exchangeable with known ones: there the coverage is aimed at, not
//! promised, which is why thresholds come from folds that keep hospitals whole and `warning` says so.
//!
//! # Source
//! Sadinle, Lei, Wasserman: Least ambiguous set-valued classifiers, JASA 114, 2019 (LAC); Romano, Sesia, Candès: Classification with
//! valid and adaptive coverage, NeurIPS 2020 (APS).

use ndarray::{Array2, ArrayView1};
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// How surprising a class is for a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Score {
    /// One less its probability: the smallest sets.
    Lac,
    /// The probability of all classes down to it: coverage more even between easy and hard reports.
    Aps,
}

/// Thresholds of prediction sets.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Conformal {
    /// How surprise is measured.
    pub score: Score,
    /// Coverage asked for.
    pub coverage: f64,
    /// Largest surprise a class may have in a set: one for all classes, or one a class.
    thresholds: Vec<f64>,
}

/// What must be said where groups are known.
pub const GROUPED_WARNING: &str = "sets cover as stated for reports like those of the groups trained on; at a group never seen the coverage may be lower, check it on labelled reports from there";

impl Conformal {
    /// Fits thresholds on out-of-fold probabilities. With `by_class`, a class with too few reports for a threshold of its own is
    /// in every set.
    ///
    /// # Errors
    /// [`Error::Setting`] for a coverage outside (0, 1); [`Error::Training`] with too few reports for the coverage; [`Error::Shape`].
    pub fn fit(probabilities: &Array2<f32>, truth: &[u32], score: Score, coverage: f64, by_class: bool) -> Result<Self> {
        if !(coverage > 0.0 && coverage < 1.0) {
            return Err(Error::Setting(format!("--coverage; expected a number between 0 and 1, found {coverage}")));
        }
        let (rows, classes) = probabilities.dim();
        if rows != truth.len() || truth.iter().any(|label| *label as usize >= classes) {
            return Err(Error::Shape(format!("prediction sets; expected a label below {classes} a report, found {rows} reports and {} labels", truth.len())));
        }
        let surprise: Vec<f64> = probabilities.rows().into_iter().zip(truth).map(|(row, label)| surprise(row, *label as usize, score)).collect();
        let thresholds = if by_class {
            (0..classes as u32)
                .map(|class| {
                    let own = surprise.iter().zip(truth).filter(|(_, label)| **label == class).map(|(surprise, _)| *surprise).collect();
                    quantile(own, coverage).unwrap_or(f64::MAX)
                })
                .collect()
        } else {
            let least = (coverage / (1.0 - coverage)).ceil();
            vec![quantile(surprise, coverage).ok_or_else(|| {
                Error::Training(format!("--coverage {coverage}; expected at least {least} labelled reports, found {rows}; give more reports or ask for less"))
            })?]
        };
        Ok(Self { score, coverage, thresholds })
    }

    /// The classes of a report's set, the most probable first; never empty: the best class is always in it.
    pub fn set(&self, row: ArrayView1<'_, f32>) -> Vec<u32> {
        let order = by_probability(row);
        let inside = |class: &u32| {
            let threshold = self.thresholds.get(*class as usize).or(self.thresholds.first()).copied().unwrap_or(f64::MAX);
            surprise(row, *class as usize, self.score) <= threshold
        };
        let set: Vec<u32> = order.iter().copied().filter(inside).collect();
        if set.is_empty() { order.into_iter().take(1).collect() } else { set }
    }

    /// Share of reports whose set holds the truth, and the mean size of a set.
    pub fn check(&self, probabilities: &Array2<f32>, truth: &[u32]) -> (f64, f64) {
        let (mut held, mut size) = (0usize, 0usize);
        for (row, label) in probabilities.rows().into_iter().zip(truth) {
            let set = self.set(row);
            held += usize::from(set.contains(label));
            size += set.len();
        }
        let all = truth.len().max(1) as f64;
        (held as f64 / all, size as f64 / all)
    }

    /// Coverage and size where thresholds come from the other folds each time.
    ///
    /// # Errors
    /// As [`Conformal::fit`].
    pub fn cross_check(probabilities: &Array2<f32>, truth: &[u32], folds: &[u32], score: Score, coverage: f64, by_class: bool) -> Result<(f64, f64)> {
        let names: std::collections::BTreeSet<u32> = folds.iter().copied().collect();
        let (mut held, mut size) = (0f64, 0f64);
        for fold in names {
            let part = |inside: bool| {
                let rows: Vec<usize> = (0..truth.len()).filter(|row| (folds[*row] == fold) == inside).collect();
                (probabilities.select(ndarray::Axis(0), &rows), rows.iter().map(|row| truth[*row]).collect::<Vec<u32>>())
            };
            let ((others, others_truth), (own, own_truth)) = (part(false), part(true));
            let (own_held, own_size) = Self::fit(&others, &others_truth, score, coverage, by_class)?.check(&own, &own_truth);
            held += own_held * own_truth.len() as f64;
            size += own_size * own_truth.len() as f64;
        }
        let all = truth.len().max(1) as f64;
        Ok((held / all, size / all))
    }
}

/// Classes, the most probable first, the first of equals first.
fn by_probability(row: ArrayView1<'_, f32>) -> Vec<u32> {
    let mut order: Vec<u32> = (0..row.len() as u32).collect();
    order.sort_by(|a, b| row[*b as usize].total_cmp(&row[*a as usize]).then(a.cmp(b)));
    order
}

fn surprise(row: ArrayView1<'_, f32>, class: usize, score: Score) -> f64 {
    match score {
        Score::Lac => 1.0 - f64::from(row[class]),
        Score::Aps => {
            by_probability(row).into_iter().take_while(|other| *other as usize != class).chain([class as u32]).map(|other| f64::from(row[other as usize])).sum()
        }
    }
}

/// The value at rank ⌈(n + 1) · coverage⌉; none where there are not so many.
fn quantile(mut values: Vec<f64>, coverage: f64) -> Option<f64> {
    let rank = ((values.len() + 1) as f64 * coverage - 1e-9).ceil() as usize;
    values.sort_unstable_by(f64::total_cmp);
    values.get(rank.max(1) - 1).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::random::Random;

    /// Probabilities of a model that is too sure, with labels drawn from the true ones.
    fn reports(count: usize, seed: u64) -> (Array2<f32>, Vec<u32>) {
        let mut random = Random::new(seed);
        let mut said = Array2::zeros((count, 6));
        let mut truth = Vec::new();
        for mut row in said.rows_mut() {
            let raised: Vec<f64> = (0..6).map(|_| (1.5 * random.normal()).exp()).collect();
            let mut draw = random.unit() * raised.iter().sum::<f64>();
            truth.push(
                raised
                    .iter()
                    .position(|value| {
                        draw -= value;
                        draw < 0.0
                    })
                    .unwrap_or(5) as u32,
            );
            let sure: Vec<f64> = raised.iter().map(|value| value.powi(2)).collect();
            row.iter_mut().zip(&sure).for_each(|(out, value)| *out = (value / sure.iter().sum::<f64>()) as f32);
        }
        (said, truth)
    }

    #[test]
    fn sets_cover_what_was_asked_on_exchangeable_reports() {
        let ((known, labels), (new, truth)) = (reports(4000, 1), reports(4000, 2));
        for score in [Score::Lac, Score::Aps] {
            for by_class in [false, true] {
                let (covered, size) = Conformal::fit(&known, &labels, score, 0.95, by_class).unwrap().check(&new, &truth);
                assert!((covered - 0.95).abs() < 0.02, "{score:?} {by_class} {covered}");
                assert!(size > 1.0 && size < 6.0);
            }
        }
        let folds: Vec<u32> = (0..4000).map(|row| row % 5).collect();
        let (covered, _) = Conformal::cross_check(&known, &labels, &folds, Score::Lac, 0.95, false).unwrap();
        assert!((covered - 0.95).abs() < 0.02, "{covered}");
    }

    #[test]
    fn every_class_is_covered_where_thresholds_are_by_class() {
        let ((known, labels), (new, truth)) = (reports(8000, 3), reports(8000, 4));
        let conformal = Conformal::fit(&known, &labels, Score::Lac, 0.9, true).unwrap();
        for class in 0..6 {
            let rows: Vec<usize> = (0..8000).filter(|row| truth[*row] == class).collect();
            let (covered, _) = conformal.check(&new.select(ndarray::Axis(0), &rows), &vec![class; rows.len()]);
            assert!((covered - 0.9).abs() < 0.04, "{class} {covered}");
        }
    }

    #[test]
    fn a_set_is_never_empty_and_too_few_reports_are_said() {
        let (known, labels) = reports(4000, 5);
        let conformal = Conformal::fit(&known, &labels, Score::Lac, 0.2, false).unwrap();
        assert!(known.rows().into_iter().all(|row| !conformal.set(row).is_empty()));
        let (few, labels) = reports(10, 6);
        assert!(Conformal::fit(&few, &labels, Score::Lac, 0.95, false).unwrap_err().to_string().contains("at least 19"));
        assert!(Conformal::fit(&few, &labels, Score::Lac, 1.0, false).is_err());
        assert_eq!(Conformal::fit(&few, &labels, Score::Lac, 0.95, true).unwrap().set(few.row(0)).len(), 6);
    }
}
