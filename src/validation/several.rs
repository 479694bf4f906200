//! Figures of several independent labels a report: of reports whose labels are all right, of all labels together, and of each label.

use ndarray::{Array2, Axis};
use serde::Serialize;

use super::bootstrap::{DRAWINGS, intervals};
use super::confusion::{Triple, triple};
use super::curves::{auroc, average_precision};
use super::reliability::{BINS, Bin};
use crate::error::{Error, Result};

/// Figures of a set of reports. Intervals cover 95 %.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SeveralScores {
    /// Number of reports.
    pub reports: usize,
    /// Share of reports whose labels are all right.
    pub exact: f64,
    /// Its interval.
    pub exact_interval: Option<(f64, f64)>,
    /// Share of labels, over all reports, that are wrongly given or wrongly missing.
    pub hamming_loss: f64,
    /// Means over the labels that occur.
    #[serde(rename = "macro")]
    pub macro_mean: Triple,
    /// Interval of the macro-F1.
    pub macro_f1_interval: Option<(f64, f64)>,
    /// All labels counted together.
    pub micro: Triple,
    /// Interval of the micro-F1.
    pub micro_f1_interval: Option<(f64, f64)>,
    /// Area under the receiver operating characteristic, mean of the labels.
    pub auroc: Option<f64>,
    /// Average precision, mean of the labels.
    pub average_precision: Option<f64>,
    /// Mean −ln of the probability of what is true, over reports and labels.
    pub log_loss: f64,
    /// Mean squared distance of probability and truth, likewise.
    pub brier: f64,
    /// Expected calibration error, 15 bins of the probability, likewise.
    pub calibration_error: f64,
    /// Figures of each label.
    pub labels: Vec<LabelScores>,
}

/// Figures of a label.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LabelScores {
    /// Reports that have it.
    pub reports: u64,
    /// Precision, recall, F1.
    #[serde(flatten)]
    pub triple: Triple,
    /// Area under the receiver operating characteristic.
    pub auroc: Option<f64>,
    /// Average precision.
    pub average_precision: Option<f64>,
    /// Probability from which a report has it.
    pub threshold: f32,
}

/// A probability below this counts as this in the log loss.
const FLOOR: f64 = 1e-15;

impl SeveralScores {
    /// Figures of probabilities and of the labels given by them, against those that reports have. Shapes: reports × labels; `held` has a list
    /// a label, `thresholds` one a label. Where groups are given intervals draw whole groups.
    ///
    /// # Errors
    /// [`Error::Shape`] where shapes differ, nothing is there or a probability is not finite.
    pub fn new(probabilities: &Array2<f32>, said: &Array2<bool>, held: &[Vec<bool>], thresholds: &[f32], groups: Option<&[u32]>, seed: u64) -> Result<Self> {
        let (rows, labels) = probabilities.dim();
        let fits = said.dim() == (rows, labels) && held.len() == labels && thresholds.len() == labels && held.iter().all(|held| held.len() == rows);
        if rows == 0 || labels == 0 || !fits || groups.is_some_and(|groups| groups.len() != rows) {
            return Err(Error::Shape(format!("scores; expected a truth a report and label, found {rows} reports, {labels} labels and {} lists", held.len())));
        }
        if probabilities.iter().any(|value| !value.is_finite()) {
            return Err(Error::Shape("scores; expected finite probabilities, found others".into()));
        }
        let truth = Array2::from_shape_fn((rows, labels), |(row, label)| held[label][row]);
        let counted = Counted::new(said, &truth);
        let [exact_interval, macro_f1_interval, micro_f1_interval] = intervals(rows, groups, DRAWINGS, seed, |drawn| {
            let own = Counted::new(&said.select(Axis(0), drawn), &truth.select(Axis(0), drawn));
            [Some(own.exact), Some(own.macro_mean().f1), Some(own.micro().f1)]
        });
        let of = |label: usize| {
            let scores = probabilities.column(label).to_vec();
            LabelScores {
                reports: counted.labels[label].2,
                triple: counted.triple(label),
                // A side that no report stands on allows no figure.
                auroc: auroc(&scores, &held[label]),
                average_precision: average_precision(&scores, &held[label]),
                threshold: thresholds[label],
            }
        };
        let own: Vec<LabelScores> = (0..labels).map(of).collect();
        let mean = |of: fn(&LabelScores) -> Option<f64>| {
            let known: Vec<f64> = own.iter().filter_map(of).collect();
            (!known.is_empty()).then(|| known.iter().sum::<f64>() / known.len() as f64)
        };
        let over_all = |of: fn(f64, bool) -> f64| {
            probabilities.iter().zip(&truth).map(|(chance, held)| of(f64::from(*chance), *held)).sum::<f64>() / probabilities.len() as f64
        };
        Ok(Self {
            reports: rows,
            exact: counted.exact,
            exact_interval,
            hamming_loss: said.iter().zip(&truth).filter(|(said, held)| said != held).count() as f64 / said.len() as f64,
            macro_mean: counted.macro_mean(),
            macro_f1_interval,
            micro: counted.micro(),
            micro_f1_interval,
            auroc: mean(|label| label.auroc),
            average_precision: mean(|label| label.average_precision),
            log_loss: over_all(|chance, held| -if held { chance } else { 1.0 - chance }.max(FLOOR).ln()),
            brier: over_all(|chance, held| (chance - f64::from(u8::from(held))).powi(2)),
            calibration_error: calibration_error(&presence_bins(probabilities, held)),
            labels: own,
        })
    }
}

/// Reports and labels by the probability that the report has the label: how often it has.
pub fn presence_bins(probabilities: &Array2<f32>, held: &[Vec<bool>]) -> Vec<Bin> {
    let mut sums = vec![(0usize, 0f64, 0usize); BINS];
    for ((row, label), chance) in probabilities.indexed_iter() {
        let bin = ((f64::from(*chance) * BINS as f64).ceil() as usize).clamp(1, BINS) - 1;
        let sum = &mut sums[bin];
        *sum = (sum.0 + 1, sum.1 + f64::from(*chance), sum.2 + usize::from(held[label][row]));
    }
    let share = |sum: f64, count: usize| sum / count.max(1) as f64;
    sums.into_iter().map(|(count, chance, with)| Bin { count, confidence: share(chance, count), accuracy: share(with as f64, count) }).collect()
}

fn calibration_error(bins: &[Bin]) -> f64 {
    let all = bins.iter().map(|bin| bin.count).sum::<usize>().max(1) as f64;
    bins.iter().map(|bin| bin.count as f64 / all * (bin.confidence - bin.accuracy).abs()).sum()
}

/// Counts of what was said.
struct Counted {
    exact: f64,
    /// For each label: right, said, true.
    labels: Vec<(u64, u64, u64)>,
}

impl Counted {
    fn new(said: &Array2<bool>, truth: &Array2<bool>) -> Self {
        let count = |(said, truth): (ndarray::ArrayView1<'_, bool>, ndarray::ArrayView1<'_, bool>)| {
            let of = |wanted: fn(bool, bool) -> bool| said.iter().zip(truth).filter(|(said, held)| wanted(**said, **held)).count() as u64;
            (of(|said, held| said && held), of(|said, _| said), of(|_, held| held))
        };
        let exact = said.rows().into_iter().zip(truth.rows()).filter(|(said, held)| said == held).count();
        Self { exact: exact as f64 / said.nrows().max(1) as f64, labels: said.columns().into_iter().zip(truth.columns()).map(count).collect() }
    }

    fn triple(&self, label: usize) -> Triple {
        let (right, said, truth) = self.labels.get(label).copied().unwrap_or_default();
        triple(right, said, truth)
    }

    fn micro(&self) -> Triple {
        let sum = self.labels.iter().fold((0, 0, 0), |sum, own| (sum.0 + own.0, sum.1 + own.1, sum.2 + own.2));
        triple(sum.0, sum.1, sum.2)
    }

    /// The mean over the labels that occur.
    fn macro_mean(&self) -> Triple {
        let known: Vec<Triple> = (0..self.labels.len()).filter(|label| self.labels[*label].2 > 0).map(|label| self.triple(label)).collect();
        let mean = |of: fn(&Triple) -> f64| known.iter().map(of).sum::<f64>() / known.len().max(1) as f64;
        Triple { precision: mean(|own| own.precision), recall: mean(|own| own.recall), f1: mean(|own| own.f1) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_count_labels_and_whole_reports() {
        let probabilities = ndarray::arr2(&[[0.9f32, 0.1], [0.8, 0.7], [0.2, 0.6], [0.4, 0.2]]);
        let held = [vec![true, true, false, true], vec![false, true, false, false]];
        let said = probabilities.mapv(|chance| chance >= 0.5);
        let scores = SeveralScores::new(&probabilities, &said, &held, &[0.5, 0.5], None, 1).unwrap();
        assert_eq!((scores.exact, scores.hamming_loss), (0.5, 0.25));
        assert!((scores.labels[0].triple.recall - 2.0 / 3.0).abs() < 1e-9 && (scores.labels[1].triple.precision - 0.5).abs() < 1e-9);
        assert!((scores.micro.f1 - 6.0 / 8.0).abs() < 1e-9 && (scores.macro_mean.f1 - (0.8 + 2.0 / 3.0) / 2.0).abs() < 1e-9);
        assert_eq!((scores.labels[0].auroc, scores.labels[1].reports), (Some(1.0), 1));
        assert!(scores.exact_interval.is_some_and(|(low, high)| low <= 0.5 && high >= 0.5));
        let bins = presence_bins(&probabilities, &held);
        assert_eq!(bins.iter().map(|bin| bin.count).sum::<usize>(), 8);
    }

    #[test]
    fn what_does_not_fit_is_an_error() {
        let one = ndarray::arr2(&[[0.5f32]]);
        let said = ndarray::arr2(&[[true]]);
        assert!(SeveralScores::new(&one, &said, &[], &[], None, 1).is_err());
        assert!(SeveralScores::new(&one.mapv(|_| f32::NAN), &said, &[vec![true]], &[0.5], None, 1).is_err());
    }
}
