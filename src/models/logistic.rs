//! Multinomial logistic regression on sparse rows: softmax, squared (L2) penalty on the weights, none on the intercepts.
//!
//! Minimises Σ wᵢ · −log p(yᵢ|xᵢ) + l2/2 · |W|² by [`lbfgs`](super::lbfgs), as scikit-learn does with C = 1/l2; with far more features
//! than rows in the [`span`](super::span) of the rows. Rows are shared out for the probabilities and features for the gradient, and
//! every sum has one owner and one order: the same bits on any number of threads.

use std::sync::atomic::AtomicBool;

use ndarray::Array2;
use rayon::prelude::*;

use super::lbfgs::{Limits, minimise};
use super::rows::{check, go_on};
use super::span::Span;
use super::{Classifier, Fit, Matrix, Saved, Targets};
use crate::error::Result;

/// Settings of the fit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LogisticParams {
    /// Strength of the penalty; the inverse of scikit-learn's C.
    pub l2: f64,
    /// Largest number of iterations.
    pub iterations: usize,
    /// Largest entry of the mean gradient at which the optimum counts as reached, as it does where several iterations together
    /// decrease the loss by less than five times this share.
    pub tolerance: f64,
}

impl Default for LogisticParams {
    fn default() -> Self {
        Self { l2: 1.0, iterations: 300, tolerance: 1e-5 }
    }
}

/// A fitted regression. Shapes: weights features × classes in row-major order, one intercept a class.
#[derive(Debug, Clone, PartialEq)]
pub struct Logistic {
    weights: Vec<f32>,
    intercepts: Vec<f32>,
}

/// What several iterations must win, as a multiple of the tolerance. The loss then lies within a ten-thousandth of the least where
/// the tolerance is the usual one.
const DECREASE: f64 = 5.0;

/// Features a row from which the span of the rows is the smaller place to search.
const WIDE: usize = 2;

/// Name of the kind.
pub const KIND: &str = "logistic";

impl Fit for LogisticParams {
    fn fit(&self, x: &Matrix, targets: &Targets<'_>, _seed: u64, stop: &AtomicBool) -> Result<Box<dyn Classifier>> {
        let (parameters, _) = optimum(x, targets, self, stop)?;
        let cut = x.cols() * targets.classes;
        let single = |values: &[f64]| values.iter().map(|value| *value as f32).collect::<Vec<f32>>();
        Ok(Box::new(Logistic { weights: single(&parameters[..cut]), intercepts: single(&parameters[cut..]) }))
    }
}

/// The parameters at the optimum (features × classes, then intercepts) and the loss there.
///
/// # Errors
/// One class only, an empty matrix, values that are not finite, shapes that do not fit, or a stop.
pub fn optimum(x: &Matrix, targets: &Targets<'_>, params: &LogisticParams, stop: &AtomicBool) -> Result<(Vec<f64>, f64)> {
    check(x, targets)?;
    let classes = targets.classes;
    let total: f64 = targets.weights.iter().map(|weight| f64::from(*weight)).sum();
    let mut parameters = vec![0.0f64; (x.cols() + 1) * classes];
    start_at_shares(&mut parameters[x.cols() * classes..], targets);
    let limits = Limits { iterations: params.iterations, gradient: params.tolerance * total, decrease: DECREASE * params.tolerance };
    if x.cols() > WIDE * x.rows() {
        if let Some(found) = Span::new(x, targets, params.l2).minimise(&parameters[x.cols() * classes..], limits, stop) {
            return Ok(found);
        }
        go_on(stop)?;
    }
    let by_feature = x.to_csc();
    let mut residuals = vec![0.0f64; x.rows() * classes];
    let mut losses = vec![0.0f64; x.rows()];
    let ended = minimise(
        &mut parameters,
        |parameters, gradient| {
            let (weights, intercepts) = parameters.split_at(x.cols() * classes);
            residuals.par_chunks_mut(classes).zip(losses.par_iter_mut()).enumerate().with_min_len(64).for_each(|(row, (out, loss))| {
                let label = targets.labels[row] as usize;
                let weight = f64::from(targets.weights[row]);
                *loss = weight * row_residual(x, row, weights, intercepts, label, out);
                out.iter_mut().for_each(|residual| *residual *= weight);
            });
            let (by_weight, by_intercept) = gradient.split_at_mut(x.cols() * classes);
            by_weight.par_chunks_mut(classes).enumerate().with_min_len(64).for_each(|(feature, out)| {
                out.copy_from_slice(&weights[feature * classes..][..classes]);
                out.iter_mut().for_each(|entry| *entry *= params.l2);
                if let Some(column) = by_feature.outer_view(feature) {
                    for (row, value) in column.iter() {
                        let value = f64::from(*value);
                        out.iter_mut().zip(&residuals[row * classes..][..classes]).for_each(|(out, residual)| *out += value * residual);
                    }
                }
            });
            by_intercept.fill(0.0);
            for residual in residuals.chunks(classes) {
                by_intercept.iter_mut().zip(residual).for_each(|(out, residual)| *out += residual);
            }
            losses.iter().sum::<f64>() + 0.5 * params.l2 * weights.iter().map(|weight| weight * weight).sum::<f64>()
        },
        limits,
        stop,
    );
    if ended.stopped {
        go_on(stop)?;
    }
    Ok((parameters, ended.value))
}

/// Intercepts that give every class its share of the weight: the optimum where no feature says anything.
fn start_at_shares(intercepts: &mut [f64], targets: &Targets<'_>) {
    let mut shares = vec![1e-3f64; intercepts.len()];
    for (label, weight) in targets.labels.iter().zip(targets.weights) {
        shares[*label as usize] += f64::from(*weight);
    }
    let mean = shares.iter().map(|share| share.ln()).sum::<f64>() / shares.len() as f64;
    intercepts.iter_mut().zip(shares).for_each(|(intercept, share)| *intercept = share.ln() - mean);
}

/// Writes p − y of a row and gives −log p(y). Each row by its own maximum.
fn row_residual(x: &Matrix, row: usize, weights: &[f64], intercepts: &[f64], label: usize, out: &mut [f64]) -> f64 {
    let classes = intercepts.len();
    out.copy_from_slice(intercepts);
    if let Some(features) = x.outer_view(row) {
        for (feature, value) in features.iter() {
            let value = f64::from(*value);
            out.iter_mut().zip(&weights[feature * classes..][..classes]).for_each(|(out, weight)| *out += value * weight);
        }
    }
    let largest = out.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let own = out[label];
    let mut sum = 0.0;
    for logit in out.iter_mut() {
        *logit = (*logit - largest).exp();
        sum += *logit;
    }
    out.iter_mut().for_each(|entry| *entry /= sum);
    out[label] -= 1.0;
    largest + sum.ln() - own
}

impl Logistic {
    /// A model from its tensors.
    ///
    /// # Errors
    /// A model error where they do not fit together.
    pub fn load(saved: &Saved) -> Result<Self> {
        let (classes, features) = (saved.class_count()?, saved.feature_count()?);
        let weights = saved.floats("weights", &[features, classes])?.to_vec();
        Ok(Self { weights, intercepts: saved.floats("intercepts", &[classes])?.to_vec() })
    }

    /// Logits. Shape: rows × classes.
    pub fn logits(&self, x: &Matrix) -> Array2<f32> {
        let classes = self.intercepts.len();
        let mut out = Array2::zeros((x.rows(), classes));
        for (row, mut logits) in out.rows_mut().into_iter().enumerate() {
            let mut sums: Vec<f64> = self.intercepts.iter().map(|intercept| f64::from(*intercept)).collect();
            if let Some(features) = x.outer_view(row) {
                for (feature, value) in features.iter() {
                    let weights = self.weights.get(feature * classes..(feature + 1) * classes).unwrap_or_default();
                    sums.iter_mut().zip(weights).for_each(|(sum, weight)| *sum += f64::from(*value) * f64::from(*weight));
                }
            }
            logits.iter_mut().zip(sums).for_each(|(logit, sum)| *logit = sum as f32);
        }
        out
    }
}

impl Classifier for Logistic {
    fn kind(&self) -> &'static str {
        KIND
    }
    fn classes(&self) -> usize {
        self.intercepts.len()
    }
    fn features(&self) -> usize {
        self.weights.len() / self.intercepts.len().max(1)
    }
    fn probabilities(&self, x: &Matrix) -> Array2<f32> {
        let mut logits = self.logits(x);
        logits.rows_mut().into_iter().for_each(super::softmax);
        logits
    }
    fn contributions(&self, x: &Matrix, row: usize, class: usize) -> Vec<(u32, f32)> {
        let classes = self.intercepts.len();
        let Some(features) = x.outer_view(row) else { return Vec::new() };
        let weight = |feature: usize| {
            let weights = self.weights.get(feature * classes..(feature + 1) * classes).unwrap_or_default();
            weights.get(class).copied().unwrap_or(0.0) - weights.iter().sum::<f32>() / classes as f32
        };
        features.iter().map(|(feature, value)| (feature as u32, value * weight(feature))).collect()
    }
    fn weights(&self, class: usize) -> Vec<(u32, f32)> {
        let classes = self.intercepts.len();
        self.weights.chunks(classes).enumerate().map(|(feature, weights)| (feature as u32, weights.get(class).copied().unwrap_or(0.0))).collect()
    }
    fn save(&self) -> Saved {
        let (features, classes) = (self.features(), self.classes());
        Saved::default()
            .with_setting("classes", classes)
            .with_setting("features", features)
            .with_floats("weights", &[features, classes], self.weights.clone())
            .with_floats("intercepts", &[classes], self.intercepts.clone())
    }
}
