//! Whether new reports still look like those a model was trained on, without labels: share of unknown words, shift of the scores,
//! mix of the labels said.

use ndarray::Array2;
use serde::{Deserialize, Serialize};

use super::scores::said;

/// Bins of the confidence.
const BINS: usize = 10;
/// A population stability index above this is called a shift (the usual mark).
const SHIFT: f64 = 0.2;

/// What is remembered of the training reports, out of fold.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Baseline {
    /// Mean share of a report's words that the model does not know.
    pub unknown: f64,
    /// Share of reports by the probability of their best label, in ten bins.
    pub confidence: Vec<f64>,
    /// Share of each label among those said.
    pub labels: Vec<f64>,
}

/// New reports against the training reports.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Drift {
    /// The new reports' figures.
    pub now: Baseline,
    /// Population stability index of the confidence.
    pub confidence_shift: f64,
    /// Population stability index of the labels said.
    pub label_shift: f64,
    /// Unknown words now less unknown words then.
    pub unknown_rise: f64,
    /// What is worth a word, in sentences.
    pub warnings: Vec<String>,
}

impl Baseline {
    /// Figures of reports: each one's share of unknown words, and its probabilities.
    pub fn new(unknown: &[f64], probabilities: &Array2<f32>) -> Self {
        let rows = probabilities.nrows().max(1) as f64;
        let (mut confidence, mut labels) = (vec![0f64; BINS], vec![0f64; probabilities.ncols()]);
        for (row, label) in probabilities.rows().into_iter().zip(said(probabilities)) {
            let best = f64::from(row[label as usize]);
            confidence[((best * BINS as f64) as usize).min(BINS - 1)] += 1.0 / rows;
            labels[label as usize] += 1.0 / rows;
        }
        Self { unknown: unknown.iter().sum::<f64>() / unknown.len().max(1) as f64, confidence, labels }
    }

    /// The same of several independent labels a report: the most probable one for how sure, and each label by the share of reports given it.
    /// Shape of `given`: reports × labels.
    pub fn several(unknown: &[f64], probabilities: &Array2<f32>, given: &Array2<bool>) -> Self {
        let rows = given.nrows().max(1) as f64;
        let labels = given.columns().into_iter().map(|own| own.iter().filter(|given| **given).count() as f64 / rows).collect();
        Self { labels, ..Self::new(unknown, probabilities) }
    }

    /// What changed from these reports to others.
    pub fn against(&self, now: Self, reports: usize) -> Drift {
        let confidence_shift = stability(&self.confidence, &now.confidence, reports);
        let label_shift = stability(&self.labels, &now.labels, reports);
        let unknown_rise = now.unknown - self.unknown;
        let mut warnings = Vec::new();
        if unknown_rise > 0.1 || 1.0 - now.unknown < (1.0 - self.unknown) / 2.0 {
            warnings.push(format!(
                "{:.0} % of the words are unknown to the model, {:.0} % in training: another kind of report, language or encoding",
                100.0 * now.unknown,
                100.0 * self.unknown
            ));
        }
        // Surer than on reports it had not seen, as on those it was trained on, is no reason to doubt.
        if confidence_shift > SHIFT && mean_bin(&now.confidence) < mean_bin(&self.confidence) {
            warnings.push(format!(
                "the model is not as sure as in training (stability index {confidence_shift:.2}): check labels on a sample before using its answers"
            ));
        }
        if label_shift > SHIFT {
            warnings.push(format!("the mix of labels differs from training (stability index {label_shift:.2}): another population, or a model that errs here"));
        }
        Drift { now, confidence_shift, label_shift, unknown_rise, warnings }
    }
}

/// The mean bin by share.
fn mean_bin(shares: &[f64]) -> f64 {
    shares.iter().enumerate().map(|(bin, share)| bin as f64 * share).sum()
}

/// Σ (now − then) · ln(now / then), both smoothed by half a report.
fn stability(then: &[f64], now: &[f64], reports: usize) -> f64 {
    let floor = 0.5 / reports.max(1) as f64;
    then.iter().zip(now).map(|(then, now)| (now + floor, then + floor)).map(|(now, then)| (now - then) * (now / then).ln()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn probabilities(confident: usize, all: usize) -> Array2<f32> {
        Array2::from_shape_fn((all, 2), |(row, class)| match (row < confident, class) {
            (true, 0) => 0.95f32,
            (true, _) => 0.05,
            (false, 0) => 0.45,
            (false, _) => 0.55,
        })
    }

    #[test]
    fn the_same_reports_have_not_drifted_and_others_have() {
        let then = Baseline::new(&[0.1, 0.1], &probabilities(90, 100));
        let same = then.against(Baseline::new(&[0.1, 0.12], &probabilities(88, 100)), 100);
        assert!(same.warnings.is_empty(), "{same:?}");
        let other = then.against(Baseline::new(&[0.5, 0.4], &probabilities(20, 100)), 100);
        assert_eq!(other.warnings.len(), 3);
        let surer = then.against(Baseline::new(&[0.1], &probabilities(100, 100)), 100);
        assert!(!surer.warnings.iter().any(|warning| warning.contains("not as sure")), "{surer:?}");
        // (0.2 - 0.9) ln(0.2 / 0.9) + (0.8 - 0.1) ln(0.8 / 0.1), smoothed.
        assert!((other.label_shift - 2.5).abs() < 0.1, "{}", other.label_shift);
    }
}
