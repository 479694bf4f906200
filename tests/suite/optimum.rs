//! The sparse regression and linfa-logistic, an implementation that is not ours, reach the same optimum on a dense problem.

use std::sync::atomic::AtomicBool;

use bingli::models::logistic::LogisticParams;
use bingli::models::{Fit as _, Matrix, Targets};
use linfa::Dataset;
use linfa::traits::Fit as _;
use linfa_logistic::MultiLogisticRegression;
use ndarray::{Array1, Array2};

const ROWS: usize = 120;
const COLUMNS: usize = 5;

#[test]
fn both_regressions_give_the_same_probabilities() {
    // A fixed table of numbers that looks drawn and is not.
    let value = |row: usize, column: usize| (((row * 37 + column * 101 + row * column * 13) % 97) as f64 / 97.0 - 0.5) * 3.0;
    let x = Array2::from_shape_fn((ROWS, COLUMNS), |(row, column)| value(row, column));
    let label = |row: usize| usize::from(value(row, 0) + 0.5 * value(row, 3) > 0.2) + usize::from(value(row, 1) - value(row, 4) > 0.4);
    let labels: Vec<usize> = (0..ROWS).map(label).collect();
    let theirs = MultiLogisticRegression::default()
        .alpha(1.0)
        .max_iterations(2000)
        .gradient_tolerance(1e-7)
        .fit(&Dataset::new(x.clone(), Array1::from(labels.clone())))
        .unwrap()
        .predict_probabilities(&x);
    let sparse = Matrix::new(
        (ROWS, COLUMNS),
        (0..=ROWS).map(|row| row * COLUMNS).collect(),
        (0..ROWS).flat_map(|_| 0..COLUMNS as u32).collect(),
        x.iter().map(|value| *value as f32).collect(),
    );
    let labels: Vec<u32> = labels.into_iter().map(|label| label as u32).collect();
    let targets = Targets { labels: &labels, classes: 3, weights: &[1.0; ROWS], groups: None };
    let params = LogisticParams { l2: 1.0, iterations: 2000, tolerance: 1e-9 };
    let ours = params.fit(&sparse, &targets, 1, &AtomicBool::new(false)).unwrap().probabilities(&sparse);
    let furthest = theirs.iter().zip(ours.iter()).map(|(theirs, ours)| (theirs - f64::from(*ours)).abs()).fold(0.0, f64::max);
    assert!(furthest < 1e-4, "{furthest}");
}
