//! Temperature scaling: one number that makes probabilities as sure as they are right, fitted on rows a model has not seen.

use ndarray::{Array2, ArrayViewMut1};

/// Colder than this is never chosen: it would turn every answer into a certainty.
const COLDEST: f64 = 0.2;
/// Hotter than this says nothing any more.
const HOTTEST: f64 = 10.0;

/// The temperature under which the true labels are most likely, by golden section on its logarithm.
pub fn temperature(probabilities: &Array2<f32>, labels: &[u32]) -> f32 {
    if labels.is_empty() {
        return 1.0;
    }
    let loss = |logarithm: f64| -> f64 {
        let inverse = (-logarithm).exp();
        probabilities
            .rows()
            .into_iter()
            .zip(labels)
            .map(|(row, label)| {
                let logits: Vec<f64> = row.iter().map(|probability| f64::from(probability.max(1e-12)).ln() * inverse).collect();
                let largest = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                largest + logits.iter().map(|logit| (logit - largest).exp()).sum::<f64>().ln() - logits.get(*label as usize).copied().unwrap_or(0.0)
            })
            .sum()
    };
    let ratio = (5f64.sqrt() - 1.0) / 2.0;
    let (mut low, mut high) = (COLDEST.ln(), HOTTEST.ln());
    let (mut left, mut right) = (high - ratio * (high - low), low + ratio * (high - low));
    let (mut at_left, mut at_right) = (loss(left), loss(right));
    while high - low > 1e-4 {
        if at_left < at_right {
            (high, right, at_right) = (right, left, at_left);
            left = high - ratio * (high - low);
            at_left = loss(left);
        } else {
            (low, left, at_left) = (left, right, at_right);
            right = low + ratio * (high - low);
            at_right = loss(right);
        }
    }
    f64::midpoint(low, high).exp() as f32
}

/// Probabilities of a row at a temperature.
pub fn scale(mut row: ArrayViewMut1<'_, f32>, temperature: f32) {
    row.mapv_inplace(|probability| probability.max(1e-12).ln() / temperature);
    super::softmax(row);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_overconfident_model_is_cooled_to_its_accuracy() {
        // Nine in ten are right, all are said with 0.999.
        let rows = 1000;
        let mut probabilities = Array2::from_elem((rows, 2), 0.001f32);
        let labels: Vec<u32> = (0..rows).map(|row| u32::from(row % 10 == 0)).collect();
        probabilities.column_mut(0).fill(0.999);
        let temperature = temperature(&probabilities, &labels);
        scale(probabilities.row_mut(0), temperature);
        assert!((probabilities[[0, 0]] - 0.9).abs() < 0.01, "{temperature} {}", probabilities[[0, 0]]);
    }
}
