//! Multinomial logistic regression where there are far more features than rows: the optimum lies in the span of the rows, so that
//! limited-memory BFGS runs on one coefficient a row and class in place of one a feature and class.
//!
//! A vector of weights W = Xᵀa is kept as its coefficients `a` and its image `XW`; an inner product is that of one's coefficients with
//! the other's image. A line search costs no pass over the matrix, since images are linear in the step; an iteration costs one, in
//! which every feature's sum is formed and given back to its rows while it is at hand. The minimum is that of the weights themselves.
//! Features are parted into a fixed number of blocks whose sums are added in order: the same bits on any number of threads.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;

use super::lbfgs::{Limits, MEMORY, Past, dot};
use super::rows::row;
use super::{Matrix, Targets};

/// Blocks of features that are summed apart.
const BLOCKS: usize = 4;
/// Steps tried along one direction.
const TRIES: usize = 40;
/// Share of the expected decrease that a step must reach, and of the slope that may be left.
const DECREASE: f64 = 1e-4;
const CURVATURE: f64 = 0.5;

/// Weights in the span of the rows. Shapes: rows × classes, then the intercepts.
#[derive(Clone)]
struct Vector {
    coefficients: Vec<f64>,
    /// Logits without intercepts, then the intercepts.
    image: Vec<f64>,
}

impl Vector {
    fn with(&self, other: &Self) -> f64 {
        dot(&self.coefficients, &other.image)
    }
    fn add(&mut self, factor: f64, other: &Self) {
        let add = |to: &mut [f64], from: &[f64]| to.iter_mut().zip(from).for_each(|(to, from)| *to += factor * from);
        add(&mut self.coefficients, &other.coefficients);
        add(&mut self.image, &other.image);
    }
    fn scale(&mut self, factor: f64) {
        self.coefficients.iter_mut().chain(&mut self.image).for_each(|entry| *entry *= factor);
    }
}

/// The problem: rows by feature, what is to be learned, the penalty.
pub struct Span<'a> {
    x: &'a Matrix,
    by_feature: Matrix,
    targets: &'a Targets<'a>,
    l2: f64,
}

impl<'a> Span<'a> {
    /// A problem over checked rows.
    pub fn new(x: &'a Matrix, targets: &'a Targets<'a>, l2: f64) -> Self {
        Self { x, by_feature: x.to_csc(), targets, l2 }
    }

    /// Minimises from given intercepts. Gives features × classes weights, then intercepts, and the loss; none where it was stopped.
    pub fn minimise(&self, intercepts: &[f64], limits: Limits, stop: &AtomicBool) -> Option<(Vec<f64>, f64)> {
        let cut = self.x.rows() * self.targets.classes;
        let mut at = vec![0.0; cut];
        at.extend_from_slice(intercepts);
        let mut x = Vector { coefficients: at.clone(), image: at };
        let (mut value, mut residuals) = self.loss(&x.image);
        let (mut pairs, mut past): (VecDeque<(Vector, Vector, f64)>, Past) = (VecDeque::new(), Past::default());
        let (mut gradient, mut largest) = self.gradient(&x, &residuals);
        for _ in 0..limits.iterations {
            if stop.load(Ordering::Relaxed) {
                return None;
            }
            if largest <= limits.gradient {
                break;
            }
            let direction = two_loops(&gradient, &pairs);
            let slope = direction.with(&gradient);
            let (direction, slope) = if slope < 0.0 {
                (direction, slope)
            } else {
                pairs.clear();
                let mut down = gradient.clone();
                down.scale(-1.0);
                (down, -gradient.with(&gradient))
            };
            let first = if pairs.is_empty() { 1.0 / slope.abs().sqrt().max(1.0) } else { 1.0 };
            let Some((step, next, found)) = self.search(&x, &direction, value, slope, first) else { break };
            let mut moved = direction;
            moved.scale(step);
            x.add(1.0, &moved);
            residuals = found;
            let (next_gradient, next_largest) = self.gradient(&x, &residuals);
            let mut change = next_gradient.clone();
            change.add(-1.0, &gradient);
            let curvature = moved.with(&change);
            if curvature > 1e-12 * change.with(&change) {
                if pairs.len() == MEMORY {
                    pairs.pop_front();
                }
                pairs.push_back((moved, change, 1.0 / curvature));
            }
            (gradient, largest, value) = (next_gradient, next_largest, next);
            if past.ends(value, limits) {
                break;
            }
        }
        let mut weights = self.weights(&x.coefficients[..cut]);
        weights.extend_from_slice(&x.coefficients[cut..]);
        Some((weights, value))
    }

    /// The loss without the penalty at logits, and weight × (p − y) a row and class, then their sums.
    fn loss(&self, image: &[f64]) -> (f64, Vec<f64>) {
        let Targets { classes, labels, weights, .. } = *self.targets;
        let (logits, intercepts) = image.split_at(labels.len() * classes);
        let mut out = vec![0.0; image.len()];
        let (residuals, sums) = out.split_at_mut(logits.len());
        let mut losses = vec![0.0; labels.len()];
        residuals.par_chunks_mut(classes).zip(losses.par_iter_mut()).enumerate().with_min_len(256).for_each(|(at, (out, loss))| {
            let weight = f64::from(weights[at]);
            out.iter_mut().zip(&logits[at * classes..]).zip(intercepts).for_each(|((out, logit), intercept)| *out = logit + intercept);
            let own = out[labels[at] as usize];
            let largest = out.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            out.iter_mut().for_each(|entry| *entry = (*entry - largest).exp());
            let sum: f64 = out.iter().sum();
            out.iter_mut().for_each(|entry| *entry *= weight / sum);
            out[labels[at] as usize] -= weight;
            *loss = weight * (largest + sum.ln() - own);
        });
        for residual in residuals.chunks(classes) {
            sums.iter_mut().zip(residual).for_each(|(sum, residual)| *sum += residual);
        }
        (losses.iter().sum(), out)
    }

    /// The gradient at weights whose residuals are known, and its largest entry.
    fn gradient(&self, x: &Vector, residuals: &[f64]) -> (Vector, f64) {
        let cut = self.x.rows() * self.targets.classes;
        let mut coefficients = residuals.to_vec();
        coefficients[..cut].iter_mut().zip(&x.coefficients).for_each(|(out, own)| *out += self.l2 * own);
        let (mut image, mut largest) = self.image(&coefficients[..cut]);
        largest = coefficients[cut..].iter().fold(largest, |largest, entry| largest.max(entry.abs()));
        image.extend_from_slice(&coefficients[cut..]);
        (Vector { coefficients, image }, largest)
    }

    /// X Xᵀa, and the largest entry of Xᵀa.
    fn image(&self, coefficients: &[f64]) -> (Vec<f64>, f64) {
        let (classes, features) = (self.targets.classes, self.x.cols());
        let blocks: Vec<(Vec<f64>, f64)> = (0..BLOCKS)
            .into_par_iter()
            .map(|block| {
                let (mut image, mut largest, mut sums) = (vec![0.0; coefficients.len()], 0.0f64, vec![0.0; classes]);
                for feature in block * features / BLOCKS..(block + 1) * features / BLOCKS {
                    let (rows, values) = row(&self.by_feature, feature);
                    sum(rows, values, coefficients, &mut sums);
                    largest = sums.iter().fold(largest, |largest, entry| largest.max(entry.abs()));
                    for (at, value) in rows.iter().zip(values) {
                        let value = f64::from(*value);
                        image[*at as usize * classes..][..classes].iter_mut().zip(&sums).for_each(|(out, sum)| *out += value * sum);
                    }
                }
                (image, largest)
            })
            .collect();
        let mut blocks = blocks.into_iter();
        let (mut image, mut largest) = blocks.next().unwrap_or_default();
        for (part, own) in blocks {
            image.iter_mut().zip(part).for_each(|(out, part)| *out += part);
            largest = largest.max(own);
        }
        (image, largest)
    }

    /// Xᵀa. Shape: features × classes.
    fn weights(&self, coefficients: &[f64]) -> Vec<f64> {
        let classes = self.targets.classes;
        let mut out = vec![0.0; self.x.cols() * classes];
        out.par_chunks_mut(classes).enumerate().with_min_len(256).for_each(|(feature, out)| {
            let (rows, values) = row(&self.by_feature, feature);
            sum(rows, values, coefficients, out);
        });
        out
    }

    /// A step along a direction that decreases enough and leaves little slope: the step, the value and the residuals there.
    fn search(&self, x: &Vector, direction: &Vector, value: f64, slope: f64, first: f64) -> Option<(f64, f64, Vec<f64>)> {
        let cut = self.x.rows() * self.targets.classes;
        let squares = |a: &Vector, b: &Vector| dot(&a.coefficients[..cut], &b.image[..cut]);
        let (own, mixed, far) = (squares(x, x), squares(x, direction), squares(direction, direction));
        let (mut low, mut high, mut step) = (0.0f64, f64::INFINITY, first);
        let mut low_slope = slope;
        let mut last = None;
        let mut image = vec![0.0; x.image.len()];
        for _ in 0..TRIES {
            image.iter_mut().zip(x.image.iter().zip(&direction.image)).for_each(|(out, (at, along))| *out = at + step * along);
            let (loss, residuals) = self.loss(&image);
            let next = loss + 0.5 * self.l2 * (own + 2.0 * step * mixed + step * step * far);
            let here = dot(&residuals, &direction.image) + self.l2 * (mixed + step * far);
            if !(next.is_finite() && next <= value + DECREASE * step * slope) {
                high = step;
                step = 0.5 * (low + high);
            } else if here < CURVATURE * slope || here > -CURVATURE * slope {
                // Where the slope would vanish if it changed evenly, kept inside what is known.
                let guess = if here > low_slope { step - here * (step - low) / (here - low_slope) } else { 2.0 * step };
                if here > 0.0 {
                    high = step;
                } else {
                    (low, low_slope) = (step, here);
                }
                last = Some((step, next, residuals));
                step = if high.is_finite() { guess.clamp(low + 0.1 * (high - low), high - 0.1 * (high - low)) } else { guess.clamp(1.5 * low, 10.0 * low) };
            } else {
                return Some((step, next, residuals));
            }
        }
        last
    }
}

/// The sum of rows of coefficients by the values of one feature.
fn sum(rows: &[u32], values: &[f32], coefficients: &[f64], out: &mut [f64]) {
    let classes = out.len();
    out.fill(0.0);
    for (at, value) in rows.iter().zip(values) {
        let value = f64::from(*value);
        out.iter_mut().zip(&coefficients[*at as usize * classes..][..classes]).for_each(|(out, own)| *out += value * own);
    }
}

/// Down the gradient as the remembered pairs bend it.
fn two_loops(gradient: &Vector, pairs: &VecDeque<(Vector, Vector, f64)>) -> Vector {
    let mut direction = gradient.clone();
    let mut alphas = Vec::with_capacity(pairs.len());
    for (step, change, rho) in pairs.iter().rev() {
        let alpha = rho * step.with(&direction);
        direction.add(-alpha, change);
        alphas.push(alpha);
    }
    if let Some((_, change, rho)) = pairs.back() {
        direction.scale(1.0 / (rho * change.with(change)));
    }
    for ((step, change, rho), alpha) in pairs.iter().zip(alphas.into_iter().rev()) {
        let beta = rho * change.with(&direction);
        direction.add(alpha - beta, step);
    }
    direction.scale(-1.0);
    direction
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::synthetic;

    #[test]
    fn the_gradient_of_the_weights_vanishes_at_the_minimum() {
        let (x, labels) = synthetic::topics(40, 3, 5);
        let weights: Vec<f32> = (0..40).map(|row| 1.0 + (row % 3) as f32).collect();
        let targets = Targets { labels: &labels, classes: 3, weights: &weights, groups: None };
        let limits = Limits { iterations: 500, gradient: 1e-8, decrease: 0.0 };
        let (found, value) = Span::new(&x, &targets, 0.7).minimise(&[0.0; 3], limits, &AtomicBool::new(false)).unwrap();
        let (own, intercepts) = found.split_at(3 * x.cols());
        let mut gradient: Vec<f64> = own.iter().map(|weight| 0.7 * weight).chain([0.0; 3]).collect();
        let mut loss = 0.35 * own.iter().map(|weight| weight * weight).sum::<f64>();
        for at in 0..40 {
            let (columns, values) = row(&x, at);
            let logit = |class: usize| {
                intercepts[class] + columns.iter().zip(values).map(|(column, value)| own[*column as usize * 3 + class] * f64::from(*value)).sum::<f64>()
            };
            let logits: Vec<f64> = (0..3).map(logit).collect();
            let sum: f64 = logits.iter().map(|logit| logit.exp()).sum();
            loss += f64::from(weights[at]) * (sum.ln() - logits[labels[at] as usize]);
            for class in 0..3 {
                let residual = f64::from(weights[at]) * (logits[class].exp() / sum - f64::from(u8::from(labels[at] as usize == class)));
                columns.iter().zip(values).for_each(|(column, value)| gradient[*column as usize * 3 + class] += residual * f64::from(*value));
                gradient[3 * x.cols() + class] += residual;
            }
        }
        assert!(gradient.iter().all(|entry| entry.abs() < 1e-5), "{:?}", gradient.iter().fold(0.0f64, |most, entry| most.max(entry.abs())));
        assert!((loss - value).abs() < 1e-6 * loss, "{loss} {value}");
    }
}
