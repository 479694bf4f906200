//! Models over sparse rows: one interface for every kind, parameters apart from fitted models, everything seeded.
//!
//! A matrix has a row a report and a column a feature. Labels are numbers from 0; what they mean is the bundle's business.
//! A fitted model is a plain value: the same data, settings and seed give the same bytes on any number of cores.

pub mod balance;
pub mod bayes;
pub mod bundle;
pub mod independent;
pub mod inner;
pub mod kind;
pub mod label;
pub mod lbfgs;
pub mod linear;
pub mod logistic;
pub mod multilabel;
pub mod network;
pub mod presence;
pub mod random;
pub mod rows;
pub mod saved;
pub mod scale;
pub mod sets;
pub mod sigmoid;
pub mod span;
pub mod stack;
pub mod svm;
#[cfg(test)]
pub(crate) mod synthetic;
#[cfg(test)]
mod tests;
pub mod train;
pub mod tree;
pub mod vote;

use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;

use ndarray::Array2;

use crate::error::Result;

pub use crate::features::Matrix;

/// What is to be learned. Shapes: `labels` and `weights` have one value a row of the matrix.
#[derive(Debug, Clone, Copy)]
pub struct Targets<'a> {
    /// Class of each row, from 0.
    pub labels: &'a [u32],
    /// Number of classes.
    pub classes: usize,
    /// Weight of each row: class weights, group weights and resampling together. Positive.
    pub weights: &'a [f32],
    /// Group of each row (hospital, patient), if known: a split made while fitting keeps groups together.
    pub groups: Option<&'a [u32]>,
}

/// Settings of one kind of model, which can be fitted.
pub trait Fit: Send + Sync {
    /// Fits a model. Stops early with an error when `stop` becomes true; leaves nothing behind.
    ///
    /// # Errors
    /// One class only, an empty matrix, values that are not finite, shapes that do not fit, or a stop.
    fn fit(&self, x: &Matrix, targets: &Targets<'_>, seed: u64, stop: &AtomicBool) -> Result<Box<dyn Classifier>>;
}

/// A fitted model.
pub trait Classifier: Send + Sync {
    /// The kind, as in `--kind` and in the manifest.
    fn kind(&self) -> &'static str;
    /// Number of classes.
    fn classes(&self) -> usize;
    /// Number of features (columns) it was fitted on.
    fn features(&self) -> usize;
    /// Probabilities. Shape: rows of `x` × classes; every row is finite and sums to 1; rows are independent.
    fn probabilities(&self, x: &Matrix) -> Array2<f32>;
    /// How much each feature present in row `row` speaks for `class` (log-odds or the model's own scale), unordered.
    fn contributions(&self, x: &Matrix, row: usize, class: usize) -> Vec<(u32, f32)>;
    /// What the whole model has learned: a weight a feature for a class; empty where the kind has none.
    fn weights(&self, class: usize) -> Vec<(u32, f32)>;
    /// Everything needed to load it again: named tensors and small settings.
    fn save(&self) -> Saved;
}

/// A model as tensors and settings, independent of the file it goes into.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Saved {
    /// Tensors by name: shape and values in row-major order.
    pub tensors: BTreeMap<String, (Vec<usize>, Values)>,
    /// Small settings.
    pub settings: serde_json::Map<String, serde_json::Value>,
}

/// Values of a tensor.
#[derive(Debug, Clone, PartialEq)]
pub enum Values {
    /// 32-bit floats.
    F32(Vec<f32>),
    /// 32-bit unsigned integers.
    U32(Vec<u32>),
}

/// Turns logits into probabilities in place, by the row's own maximum.
pub fn softmax(mut logits: ndarray::ArrayViewMut1<'_, f32>) {
    let largest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    logits.mapv_inplace(|logit| (logit - largest).exp());
    let sum: f32 = logits.sum();
    logits.mapv_inplace(|entry| entry / sum);
}
