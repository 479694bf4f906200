//! Multinomial naive Bayes: the floor that every other kind must beat.
//!
//! A class has a distribution over features, estimated from weighted sums with additive smoothing. Values below zero (scaled numbers)
//! count as zero, in fitting and in use. Its probabilities are far too sure; the calibration that follows every fit mends that.
//! linfa-bayes takes dense matrices only.

use std::sync::atomic::AtomicBool;

use ndarray::Array2;

use super::linear::Linear;
use super::rows::{check, go_on, row};
use super::{Classifier, Fit, Matrix, Saved, Targets};
use crate::error::Result;

/// Name of the kind.
pub const KIND: &str = "bayes";

/// Settings of the fit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BayesParams {
    /// Added to every sum of a class and a feature.
    pub smoothing: f64,
}

impl Default for BayesParams {
    fn default() -> Self {
        Self { smoothing: 1.0 }
    }
}

/// A fitted model: log-likelihoods as weights, log-priors as intercepts.
#[derive(Debug, Clone, PartialEq)]
pub struct Bayes(Linear);

impl Fit for BayesParams {
    fn fit(&self, x: &Matrix, targets: &Targets<'_>, _seed: u64, stop: &AtomicBool) -> Result<Box<dyn Classifier>> {
        check(x, targets)?;
        go_on(stop)?;
        let classes = targets.classes;
        let mut sums = vec![self.smoothing.max(1e-6); x.cols() * classes];
        let mut sizes = vec![0f64; classes];
        for (at, (label, weight)) in targets.labels.iter().zip(targets.weights).enumerate() {
            let (label, weight) = (*label as usize, f64::from(*weight));
            sizes[label] += weight;
            let (columns, values) = row(x, at);
            for (column, value) in columns.iter().zip(values) {
                sums[*column as usize * classes + label] += weight * f64::from(value.max(0.0));
            }
        }
        let mut totals = vec![0f64; classes];
        for of_feature in sums.chunks(classes) {
            totals.iter_mut().zip(of_feature).for_each(|(total, sum)| *total += sum);
        }
        let weights = sums.chunks(classes).flat_map(|of| of.iter().zip(&totals).map(|(sum, total)| (sum / total).ln() as f32)).collect();
        let all: f64 = sizes.iter().sum::<f64>() + classes as f64 * 1e-3;
        let intercepts = sizes.iter().map(|size| ((size + 1e-3) / all).ln() as f32).collect();
        Ok(Box::new(Bayes(Linear { features: x.cols(), weights, intercepts })))
    }
}

impl Bayes {
    /// A model from its tensors.
    ///
    /// # Errors
    /// Where they do not fit together.
    pub fn load(saved: &Saved) -> Result<Self> {
        Ok(Self(Linear::load(saved, saved.class_count()?)?))
    }
}

/// The weight of a feature for a class against the mean of all classes.
fn against_mean(weights: &[f32], class: usize) -> f32 {
    weights.get(class).map_or(0.0, |weight| weight - weights.iter().sum::<f32>() / weights.len() as f32)
}

impl Classifier for Bayes {
    fn kind(&self) -> &'static str {
        KIND
    }
    fn classes(&self) -> usize {
        self.0.outputs()
    }
    fn features(&self) -> usize {
        self.0.features
    }
    fn probabilities(&self, x: &Matrix) -> Array2<f32> {
        let mut logits = self.0.decisions(x, |value| value.max(0.0));
        for mut row in logits.rows_mut() {
            let largest = row.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            row.mapv_inplace(|logit| (logit - largest).exp());
            let sum = row.sum();
            row.mapv_inplace(|value| value / sum);
        }
        logits.mapv(|value| value as f32)
    }
    fn contributions(&self, x: &Matrix, at: usize, class: usize) -> Vec<(u32, f32)> {
        let (columns, values) = row(x, at);
        columns.iter().zip(values).map(|(column, value)| (*column, value.max(0.0) * against_mean(self.0.of(*column), class))).collect()
    }
    fn weights(&self, class: usize) -> Vec<(u32, f32)> {
        self.0.every(|weights| against_mean(weights, class))
    }
    fn save(&self) -> Saved {
        self.0.save(Saved::default().with_setting("classes", self.classes()))
    }
}
