//! Weights of features for outputs: what the linear kinds (support vectors, naive Bayes) have in common.

use ndarray::Array2;
use rayon::prelude::*;

use super::rows::row;
use super::{Matrix, Saved};
use crate::error::Result;

/// Features × outputs in row-major order, and an intercept an output.
#[derive(Debug, Clone, PartialEq)]
pub struct Linear {
    /// Number of features.
    pub features: usize,
    /// Shape: features × outputs.
    pub weights: Vec<f32>,
    /// One an output.
    pub intercepts: Vec<f32>,
}

impl Linear {
    /// Number of outputs.
    pub fn outputs(&self) -> usize {
        self.intercepts.len()
    }

    /// Weights of a feature; none for a feature that the model does not know.
    pub fn of(&self, feature: u32) -> &[f32] {
        let outputs = self.outputs();
        let start = (feature as usize).saturating_mul(outputs);
        self.weights.get(start..start.saturating_add(outputs)).unwrap_or_default()
    }

    /// Intercept plus weighted values, as `value_of` takes them. Shape: rows × outputs.
    pub fn decisions(&self, x: &Matrix, value_of: impl Fn(f32) -> f32 + Sync) -> Array2<f64> {
        let outputs = self.outputs();
        let mut out = Array2::zeros((x.rows(), outputs));
        let Some(flat) = out.as_slice_mut() else { return out };
        flat.par_chunks_mut(outputs).with_min_len(64).enumerate().for_each(|(at, sums)| {
            sums.iter_mut().zip(&self.intercepts).for_each(|(sum, intercept)| *sum = f64::from(*intercept));
            let (columns, values) = row(x, at);
            for (column, value) in columns.iter().zip(values) {
                let value = f64::from(value_of(*value));
                sums.iter_mut().zip(self.of(*column)).for_each(|(sum, weight)| *sum += value * f64::from(*weight));
            }
        });
        out
    }

    /// Every feature with its weight for an output, as `weight_of` reads it from the weights of all outputs.
    pub fn every(&self, weight_of: impl Fn(&[f32]) -> f32) -> Vec<(u32, f32)> {
        (0..self.features as u32).map(|feature| (feature, weight_of(self.of(feature)))).collect()
    }

    /// Adds the tensors to a saved model.
    pub fn save(&self, saved: Saved) -> Saved {
        saved
            .with_floats("weights", &[self.features, self.outputs()], self.weights.clone())
            .with_floats("intercepts", &[self.outputs()], self.intercepts.clone())
            .with_setting("features", self.features)
    }

    /// From the tensors of a saved model.
    ///
    /// # Errors
    /// Where they do not fit together.
    pub fn load(saved: &Saved, outputs: usize) -> Result<Self> {
        let features = saved.feature_count()?;
        let weights = saved.floats("weights", &[features, outputs])?.to_vec();
        Ok(Self { features, weights, intercepts: saved.floats("intercepts", &[outputs])?.to_vec() })
    }
}
