//! Sets of labels that hold the true one with the coverage asked for (split conformal on 1 − probability of the true label, which
//! gives the smallest sets). Kept with the model: how surprising the truth was to models that had not seen it.
//!
//! The promise holds for reports like those trained on. At a hospital never seen it is aimed at: folds that keep hospitals whole
//! make the surprises honest, but nothing can promise for a hospital unlike all others.

use ndarray::Array2;

/// Quantiles that are kept.
const STEPS: usize = 1000;

/// Surprises of the true labels out of fold as their quantiles, in steps of a thousandth.
pub fn surprises(probabilities: &Array2<f32>, labels: &[u32]) -> Vec<f32> {
    let mut all: Vec<f32> = probabilities.rows().into_iter().zip(labels).map(|(row, label)| 1.0 - row.get(*label as usize).copied().unwrap_or(0.0)).collect();
    all.sort_by(f32::total_cmp);
    let count = all.len();
    if count == 0 {
        return Vec::new();
    }
    let place = |step: usize| (step * (count + 1)).div_ceil(STEPS).saturating_sub(1);
    (0..=STEPS).map(|step| all.get(place(step)).copied().unwrap_or(1.0)).collect()
}

/// The largest surprise a label in a set may have at a coverage, a tenth of a thousandth on the safe side.
pub fn threshold(surprises: &[f32], coverage: f64) -> Option<f32> {
    let step = ((coverage * STEPS as f64) - 1e-9).ceil() as usize;
    surprises.get(step.min(STEPS)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_hold_the_truth_as_often_as_asked() {
        // The truth has probability at/2000 in row `at`: surprises spread evenly.
        let count = 2000;
        let probabilities = Array2::from_shape_fn((count, 2), |(at, class)| if class == 0 { at as f32 / count as f32 } else { 1.0 - at as f32 / count as f32 });
        let table = surprises(&probabilities, &vec![0; count]);
        for coverage in [0.5, 0.9, 0.95, 0.99] {
            let least = threshold(&table, coverage).unwrap();
            let held = probabilities.rows().into_iter().filter(|row| 1.0 - row[0] <= least).count() as f64 / count as f64;
            assert!((held - coverage).abs() < 0.002, "{coverage}: {held}");
        }
    }
}
