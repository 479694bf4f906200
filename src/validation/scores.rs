//! All figures of one set of probabilities, with intervals.

use ndarray::{Array2, Axis};
use serde::Serialize;

use super::bootstrap::{DRAWINGS, intervals};
use super::confusion::{Confusion, Triple, best_class};
use super::curves::{auroc, average_precision, of_class, one_against_rest};
use super::reliability::{brier, calibration_error, log_loss};
use crate::error::{Error, Result};

/// Figures of a set of reports. Intervals cover 95 %.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Scores {
    /// Number of reports.
    pub reports: usize,
    /// Share of labels that are right.
    pub accuracy: f64,
    /// Its interval.
    pub accuracy_interval: Option<(f64, f64)>,
    /// Means over the classes that occur.
    #[serde(rename = "macro")]
    pub macro_mean: Triple,
    /// Interval of the macro-F1.
    pub macro_f1_interval: Option<(f64, f64)>,
    /// All classes counted together.
    pub micro: Triple,
    /// Means by numbers of reports.
    pub weighted: Triple,
    /// Matthews' coefficient.
    pub matthews: f64,
    /// Area under the receiver operating characteristic, mean of one class against the rest.
    pub auroc: Option<f64>,
    /// Its interval.
    pub auroc_interval: Option<(f64, f64)>,
    /// Average precision, mean of one class against the rest.
    pub average_precision: Option<f64>,
    /// Mean −ln of the true class's probability.
    pub log_loss: f64,
    /// Brier score.
    pub brier: f64,
    /// Expected calibration error, 15 bins.
    pub calibration_error: f64,
    /// Its interval.
    pub calibration_error_interval: Option<(f64, f64)>,
    /// Figures of each class.
    pub classes: Vec<ClassScores>,
}

/// Figures of a class.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ClassScores {
    /// Its reports.
    pub reports: u64,
    /// Precision, recall, F1.
    #[serde(flatten)]
    pub triple: Triple,
    /// Area under the receiver operating characteristic against the rest.
    pub auroc: Option<f64>,
    /// Average precision against the rest.
    pub average_precision: Option<f64>,
}

/// The most probable class of each row.
pub fn said(probabilities: &Array2<f32>) -> Vec<u32> {
    probabilities.rows().into_iter().map(best_class).collect()
}

impl Scores {
    /// Figures of probabilities against the truth; where groups are given intervals draw whole groups.
    ///
    /// # Errors
    /// [`Error::Shape`] where lengths differ, nothing is there or a probability is not finite.
    pub fn new(probabilities: &Array2<f32>, truth: &[u32], groups: Option<&[u32]>, seed: u64) -> Result<Self> {
        let (rows, classes) = probabilities.dim();
        if rows == 0 || rows != truth.len() || groups.is_some_and(|groups| groups.len() != rows) {
            return Err(Error::Shape(format!("scores; expected a label and a group a report, found {rows} reports and {} labels", truth.len())));
        }
        if probabilities.iter().any(|value| !value.is_finite()) || truth.iter().any(|label| *label as usize >= classes) {
            return Err(Error::Shape(format!("scores; expected finite probabilities and labels below {classes}, found others")));
        }
        let said = said(probabilities);
        let confusion = Confusion::new(truth, &said, classes);
        let [accuracy_interval, macro_f1_interval, auroc_interval, calibration_error_interval] = intervals(rows, groups, DRAWINGS, seed, |drawn| {
            let (own, own_truth) = (probabilities.select(Axis(0), drawn), drawn.iter().map(|row| truth[*row]).collect::<Vec<u32>>());
            let counts = Confusion::new(&own_truth, &drawn.iter().map(|row| said[*row]).collect::<Vec<u32>>(), classes);
            [Some(counts.accuracy()), Some(counts.macro_mean().f1), one_against_rest(&own, &own_truth, auroc), Some(calibration_error(&own, &own_truth))]
        });
        let of = |class: usize| ClassScores {
            reports: confusion.support(class),
            triple: confusion.class(class),
            auroc: of_class(probabilities, truth, class, auroc),
            average_precision: of_class(probabilities, truth, class, average_precision),
        };
        Ok(Self {
            reports: rows,
            accuracy: confusion.accuracy(),
            accuracy_interval,
            macro_mean: confusion.macro_mean(),
            macro_f1_interval,
            micro: confusion.micro(),
            weighted: confusion.weighted_mean(),
            matthews: confusion.matthews(),
            auroc: one_against_rest(probabilities, truth, auroc),
            auroc_interval,
            average_precision: one_against_rest(probabilities, truth, average_precision),
            log_loss: log_loss(probabilities, truth),
            brier: brier(probabilities, truth),
            calibration_error: calibration_error(probabilities, truth),
            calibration_error_interval,
            classes: (0..classes).map(of).collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn perfect_answers_have_perfect_figures() {
        let truth = [0, 1, 2, 0, 1, 2];
        let probabilities = Array2::from_shape_fn((6, 3), |(row, class)| if truth[row] as usize == class { 1.0f32 } else { 0.0 });
        let scores = Scores::new(&probabilities, &truth, None, 1).unwrap();
        assert_eq!((scores.accuracy, scores.macro_mean.f1, scores.matthews, scores.auroc), (1.0, 1.0, 1.0, Some(1.0)));
        assert_eq!((scores.brier, scores.calibration_error), (0.0, 0.0));
        assert_eq!(scores.accuracy_interval, Some((1.0, 1.0)));
    }

    #[test]
    fn what_does_not_fit_is_an_error() {
        let probabilities = ndarray::array![[0.5f32, 0.5]];
        assert!(Scores::new(&probabilities, &[0, 1], None, 1).is_err());
        assert!(Scores::new(&probabilities, &[2], None, 1).is_err());
        assert!(Scores::new(&ndarray::array![[f32::NAN, 0.5]], &[1], None, 1).is_err());
    }
}
