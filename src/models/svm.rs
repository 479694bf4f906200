//! Linear support vectors: squared hinge loss, one class against the rest, by dual coordinate descent over the rows; then Platt
//! scaling on decisions about rows held out by inner folds, and the probabilities of the classes scaled to sum 1.
//!
//! linfa-svm holds a full kernel matrix of dense rows and liblinear's bindings are C++: hence these lines.
//!
//! # Source
//! Hsieh, Chang, Lin, Keerthi, Sundararajan: A dual coordinate descent method for large-scale linear SVM, ICML 2008.

use std::sync::atomic::AtomicBool;

use ndarray::Array2;
use rayon::prelude::*;

use super::inner::inner_folds;
use super::linear::Linear;
use super::random::Random;
use super::rows::{check, go_on, row};
use super::sigmoid::Sigmoid;
use super::{Classifier, Fit, Matrix, Saved, Targets};
use crate::error::Result;

/// Name of the kind.
pub const KIND: &str = "svm";

/// Settings of the fit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SvmParams {
    /// Cost of an error (liblinear's C).
    pub cost: f64,
    /// Largest violation of the optimum's conditions at which a fit ends.
    pub tolerance: f64,
    /// Largest number of passes over the rows.
    pub passes: usize,
    /// Inner folds whose held-out decisions the probabilities are fitted on.
    pub folds: usize,
}

impl Default for SvmParams {
    fn default() -> Self {
        Self { cost: 1.0, tolerance: 0.05, passes: 200, folds: 3 }
    }
}

/// A fitted model. Two classes need one output, of class 1.
#[derive(Debug, Clone, PartialEq)]
pub struct Svm {
    linear: Linear,
    slopes: Vec<f32>,
    offsets: Vec<f32>,
}

impl Fit for SvmParams {
    fn fit(&self, x: &Matrix, targets: &Targets<'_>, seed: u64, stop: &AtomicBool) -> Result<Box<dyn Classifier>> {
        check(x, targets)?;
        let positives: Vec<u32> = if targets.classes == 2 { vec![1] } else { (0..targets.classes as u32).collect() };
        let folds = inner_folds(targets, self.folds.max(2), seed);
        let random = Random::new(seed);
        let fitted = positives
            .par_iter()
            .map(|class| {
                let positive: Vec<bool> = targets.labels.iter().map(|label| label == class).collect();
                let own = random.child(u64::from(*class));
                let mut held_out = vec![0f64; x.rows()];
                for fold in 0..self.folds.max(2) as u32 {
                    let rows: Vec<usize> = (0..x.rows()).filter(|at| folds[*at] != fold).collect();
                    let plane = self.separate(x, &rows, &positive, targets.weights, own.child(u64::from(fold) + 1), stop)?;
                    (0..x.rows()).filter(|at| folds[*at] == fold).for_each(|at| held_out[at] = plane.decision(x, at));
                }
                let rows: Vec<usize> = (0..x.rows()).collect();
                let plane = self.separate(x, &rows, &positive, targets.weights, own.child(0), stop)?;
                Ok((plane, Sigmoid::fit(&held_out, &positive, targets.weights)))
            })
            .collect::<Result<Vec<(Plane, Sigmoid)>>>()?;
        let outputs = fitted.len();
        let mut weights = vec![0f32; x.cols() * outputs];
        for (output, (plane, _)) in fitted.iter().enumerate() {
            plane.weights.iter().enumerate().for_each(|(feature, weight)| weights[feature * outputs + output] = *weight as f32);
        }
        let linear = Linear { features: x.cols(), weights, intercepts: fitted.iter().map(|(plane, _)| plane.intercept as f32).collect() };
        let slopes = fitted.iter().map(|(_, sigmoid)| sigmoid.slope as f32).collect();
        let offsets = fitted.iter().map(|(_, sigmoid)| sigmoid.offset as f32).collect();
        Ok(Box::new(Svm { linear, slopes, offsets }))
    }
}

/// A separating plane.
struct Plane {
    weights: Vec<f64>,
    intercept: f64,
}

impl Plane {
    fn decision(&self, x: &Matrix, at: usize) -> f64 {
        let (columns, values) = row(x, at);
        self.intercept + columns.iter().zip(values).map(|(column, value)| self.weights[*column as usize] * f64::from(*value)).sum::<f64>()
    }
}

impl SvmParams {
    /// The plane between positive and other rows. Rows whose multiplier stays at its bound are set aside between passes.
    fn separate(&self, x: &Matrix, rows: &[usize], positive: &[bool], weights: &[f32], mut random: Random, stop: &AtomicBool) -> Result<Plane> {
        let mut plane = Plane { weights: vec![0.0; x.cols()], intercept: 0.0 };
        let mut multipliers = vec![0f64; x.rows()];
        let squares: Vec<f64> = (0..x.rows()).map(|at| 1.0 + row(x, at).1.iter().map(|value| f64::from(*value).powi(2)).sum::<f64>()).collect();
        let mut active = rows.to_vec();
        let mut bound = f64::INFINITY;
        for _ in 0..self.passes {
            go_on(stop)?;
            random.shuffle(&mut active);
            let (mut largest, mut smallest) = (f64::NEG_INFINITY, f64::INFINITY);
            active.retain(|at| {
                let sign = if positive[*at] { 1.0 } else { -1.0 };
                let diagonal = 0.5 / (self.cost * f64::from(weights[*at]));
                let old = multipliers[*at];
                let gradient = sign * plane.decision(x, *at) - 1.0 + diagonal * old;
                let projected = if old > 0.0 {
                    gradient
                } else if gradient > bound {
                    return false;
                } else {
                    gradient.min(0.0)
                };
                largest = largest.max(projected);
                smallest = smallest.min(projected);
                if projected.abs() > 1e-12 {
                    let new = (old - gradient / (squares[*at] + diagonal)).max(0.0);
                    multipliers[*at] = new;
                    let step = (new - old) * sign;
                    plane.intercept += step;
                    let (columns, values) = row(x, *at);
                    columns.iter().zip(values).for_each(|(column, value)| plane.weights[*column as usize] += step * f64::from(*value));
                }
                true
            });
            if active.is_empty() || largest - smallest <= self.tolerance {
                if active.len() == rows.len() {
                    break;
                }
                active = rows.to_vec();
                bound = f64::INFINITY;
            } else {
                bound = if largest > 0.0 { largest } else { f64::INFINITY };
            }
        }
        Ok(plane)
    }
}

impl Svm {
    /// A model from its tensors.
    ///
    /// # Errors
    /// Where they do not fit together.
    pub fn load(saved: &Saved) -> Result<Self> {
        let classes = saved.class_count()?;
        let outputs = if classes == 2 { 1 } else { classes };
        Ok(Self {
            linear: Linear::load(saved, outputs)?,
            slopes: saved.floats("slopes", &[outputs])?.to_vec(),
            offsets: saved.floats("offsets", &[outputs])?.to_vec(),
        })
    }

    /// The output of a class and the sign with which it speaks for it.
    fn output(&self, class: usize) -> (usize, f32) {
        if self.slopes.len() == 1 { (0, if class == 1 { 1.0 } else { -1.0 }) } else { (class, 1.0) }
    }

    fn log_odds_weight(&self, weights: &[f32], class: usize) -> f32 {
        let (output, sign) = self.output(class);
        weights.get(output).map_or(0.0, |weight| sign * weight * self.slopes[output])
    }
}

impl Classifier for Svm {
    fn kind(&self) -> &'static str {
        KIND
    }
    fn classes(&self) -> usize {
        self.slopes.len().max(2)
    }
    fn features(&self) -> usize {
        self.linear.features
    }
    fn probabilities(&self, x: &Matrix) -> Array2<f32> {
        let decisions = self.linear.decisions(x, |value| value);
        let mut out = Array2::zeros((x.rows(), self.classes()));
        for (decisions, mut row) in decisions.rows().into_iter().zip(out.rows_mut()) {
            let chance =
                |output: usize| Sigmoid { slope: f64::from(self.slopes[output]), offset: f64::from(self.offsets[output]) }.probability(decisions[output]);
            if self.slopes.len() == 1 {
                row[1] = chance(0) as f32;
                row[0] = 1.0 - row[1];
            } else {
                let chances: Vec<f64> = (0..self.slopes.len()).map(|output| chance(output).max(1e-9)).collect();
                let sum: f64 = chances.iter().sum();
                row.iter_mut().zip(chances).for_each(|(out, chance)| *out = (chance / sum) as f32);
            }
        }
        out
    }
    fn contributions(&self, x: &Matrix, at: usize, class: usize) -> Vec<(u32, f32)> {
        let (columns, values) = row(x, at);
        columns.iter().zip(values).map(|(column, value)| (*column, value * self.log_odds_weight(self.linear.of(*column), class))).collect()
    }
    fn weights(&self, class: usize) -> Vec<(u32, f32)> {
        self.linear.every(|weights| self.log_odds_weight(weights, class))
    }
    fn save(&self) -> Saved {
        let outputs = self.slopes.len();
        let saved = Saved::default().with_setting("classes", self.classes());
        self.linear.save(saved).with_floats("slopes", &[outputs], self.slopes.clone()).with_floats("offsets", &[outputs], self.offsets.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_plane_is_the_optimum_of_the_primal() {
        // At the optimum the gradient of 1/2 |w|^2 + C sum max(0, 1 - y d)^2 vanishes, the intercept counted as a weight.
        let mut random = Random::new(4);
        let (rows, columns) = (60, 5);
        let values: Vec<f32> = (0..rows * columns).map(|_| random.normal() as f32).collect();
        let starts = (0..=rows).map(|at| at * columns).collect();
        let x = Matrix::new((rows, columns), starts, (0..rows).flat_map(|_| 0..columns as u32).collect(), values);
        let positive: Vec<bool> = (0..rows).map(|at| row(&x, at).1[0] + 0.5 * random.normal() as f32 > 0.0).collect();
        let params = SvmParams { tolerance: 1e-9, passes: 20_000, ..SvmParams::default() };
        let all: Vec<usize> = (0..rows).collect();
        let plane = params.separate(&x, &all, &positive, &vec![1.0; rows], Random::new(1), &AtomicBool::new(false)).unwrap();
        let mut gradient: Vec<f64> = plane.weights.iter().copied().chain([plane.intercept]).collect();
        for (at, positive) in positive.iter().enumerate() {
            let sign = if *positive { 1.0 } else { -1.0 };
            let slack = (1.0 - sign * plane.decision(&x, at)).max(0.0);
            for (column, value) in row(&x, at).1.iter().chain(&[1.0]).enumerate() {
                gradient[column] -= 2.0 * slack * sign * f64::from(*value);
            }
        }
        assert!(gradient.iter().all(|entry| entry.abs() < 1e-5), "{gradient:?}");
    }
}
