//! Whether probabilities mean what they say: log loss, Brier score, expected calibration error and the points of the reliability plot.

use ndarray::Array2;
use serde::Serialize;

use super::confusion::best_class;

/// Bins of the calibration error.
pub const BINS: usize = 15;
/// A probability below this counts as this in the log loss.
const FLOOR: f64 = 1e-15;

/// Reports whose best class is about equally probable.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Bin {
    /// Reports in it.
    pub count: usize,
    /// Mean probability of their best class.
    pub confidence: f64,
    /// Share of them that is right.
    pub accuracy: f64,
}

/// Mean of −ln of the true class's probability.
pub fn log_loss(probabilities: &Array2<f32>, truth: &[u32]) -> f64 {
    mean(
        truth.len(),
        probabilities.rows().into_iter().zip(truth).map(|(row, label)| -f64::from(row.get(*label as usize).copied().unwrap_or(0.0)).max(FLOOR).ln()),
    )
}

/// Mean squared distance between probabilities and the truth, summed over the classes (0 to 2).
pub fn brier(probabilities: &Array2<f32>, truth: &[u32]) -> f64 {
    let of_row = |(row, label): (ndarray::ArrayView1<'_, f32>, &u32)| {
        row.iter().enumerate().map(|(class, probability)| (f64::from(*probability) - f64::from(u8::from(class == *label as usize))).powi(2)).sum::<f64>()
    };
    mean(truth.len(), probabilities.rows().into_iter().zip(truth).map(of_row))
}

/// Reports by the probability of their best class, in `bins` bins of equal width; bin b holds (b/bins, (b+1)/bins].
pub fn bins(probabilities: &Array2<f32>, truth: &[u32], bins: usize) -> Vec<Bin> {
    let bins = bins.max(1);
    let mut sums = vec![(0usize, 0f64, 0f64); bins];
    for (row, label) in probabilities.rows().into_iter().zip(truth) {
        let best = best_class(row);
        let confidence = f64::from(row.get(best as usize).copied().unwrap_or(0.0));
        let bin = ((confidence * bins as f64).ceil() as usize).clamp(1, bins) - 1;
        sums[bin].0 += 1;
        sums[bin].1 += confidence;
        sums[bin].2 += f64::from(u8::from(best == *label));
    }
    let mean = |sum: f64, count: usize| if count == 0 { 0.0 } else { sum / count as f64 };
    sums.into_iter().map(|(count, confidence, right)| Bin { count, confidence: mean(confidence, count), accuracy: mean(right, count) }).collect()
}

/// Expected calibration error: the distance between confidence and accuracy, averaged over the bins by their reports.
pub fn calibration_error(probabilities: &Array2<f32>, truth: &[u32]) -> f64 {
    let all = truth.len().max(1) as f64;
    bins(probabilities, truth, BINS).iter().map(|bin| bin.count as f64 / all * (bin.confidence - bin.accuracy).abs()).sum()
}

fn mean(count: usize, values: impl Iterator<Item = f64>) -> f64 {
    values.sum::<f64>() / count.max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_by_hand() {
        let probabilities = ndarray::array![[0.8f32, 0.2], [0.6, 0.4], [0.3, 0.7], [0.9, 0.1]];
        let truth = [0, 1, 1, 0];
        let loss = -(0.8f64.ln() + 0.4f64.ln() + 0.7f64.ln() + 0.9f64.ln()) / 4.0;
        assert!((log_loss(&probabilities, &truth) - loss).abs() < 1e-6);
        assert!((brier(&probabilities, &truth) - 2.0 * (0.04 + 0.36 + 0.09 + 0.01) / 4.0).abs() < 1e-6);
        // Each report in a bin of its own: distances 0.2, 0.6, 0.3, 0.1.
        assert!((calibration_error(&probabilities, &truth) - 1.2 / 4.0).abs() < 1e-6);
    }

    #[test]
    fn ten_reports_at_eight_tenths_with_seven_right_err_by_a_tenth() {
        let probabilities = Array2::from_shape_fn((10, 2), |(_, class)| if class == 0 { 0.8f32 } else { 0.2 });
        let truth = [0, 0, 0, 0, 0, 0, 0, 1, 1, 1];
        assert!((calibration_error(&probabilities, &truth) - 0.1).abs() < 1e-6);
        let filled: Vec<Bin> = bins(&probabilities, &truth, BINS).into_iter().filter(|bin| bin.count > 0).collect();
        assert_eq!((filled.len(), filled[0].count), (1, 10));
        assert!((filled[0].accuracy - 0.7).abs() < 1e-12);
    }

    #[test]
    fn a_certain_error_has_a_finite_loss() {
        assert!(log_loss(&ndarray::array![[1.0f32, 0.0]], &[1]).is_finite());
    }
}
