//! Minimises a smooth function: limited-memory BFGS with a weak Wolfe line search by bisection.
//!
//! All sums run in a fixed order, so a minimum has the same bits on any number of threads when the function has.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};

/// Pairs of steps and gradient changes that are remembered.
pub(super) const MEMORY: usize = 10;
/// Share of the expected decrease that a step must reach.
const DECREASE: f64 = 1e-4;
/// Share of the slope that may be left after a step.
const CURVATURE: f64 = 0.9;
/// Steps tried along one direction.
const TRIES: usize = 30;

/// When to end.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Largest number of iterations.
    pub iterations: usize,
    /// The largest entry of the gradient at which the minimum counts as reached.
    pub gradient: f64,
    /// Relative decrease over `PAST` iterations below which the minimum counts as reached.
    pub decrease: f64,
}

/// Iterations over which a decrease is measured: single ones are small by chance long before the minimum.
const PAST: usize = 6;

/// The values of the last iterations.
#[derive(Debug, Default)]
pub(super) struct Past(VecDeque<f64>);

impl Past {
    /// Takes the value of an iteration; says whether too little was won over the last ones to go on.
    pub(super) fn ends(&mut self, value: f64, limits: Limits) -> bool {
        self.0.push_back(value);
        let before = if self.0.len() > PAST { self.0.pop_front() } else { None };
        before.is_some_and(|before| before - value <= limits.decrease * value.abs().max(1.0))
    }
}

/// How a minimisation ended.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ended {
    /// Iterations made.
    pub iterations: usize,
    /// The value reached.
    pub value: f64,
    /// Whether it was asked to stop.
    pub stopped: bool,
}

/// Minimises `function`, which gives its value and writes its gradient, from `x`, which ends at the minimum.
pub fn minimise(x: &mut [f64], mut function: impl FnMut(&[f64], &mut [f64]) -> f64, limits: Limits, stop: &AtomicBool) -> Ended {
    let size = x.len();
    let mut gradient = vec![0.0; size];
    let mut value = function(x, &mut gradient);
    let mut pairs: VecDeque<(Vec<f64>, Vec<f64>, f64)> = VecDeque::new();
    let mut past = Past::default();
    let (mut direction, mut trial, mut next_gradient) = (vec![0.0; size], vec![0.0; size], vec![0.0; size]);
    for iteration in 0..limits.iterations {
        if stop.load(Ordering::Relaxed) {
            return Ended { iterations: iteration, value, stopped: true };
        }
        if gradient.iter().fold(0.0f64, |largest, entry| largest.max(entry.abs())) <= limits.gradient {
            return Ended { iterations: iteration, value, stopped: false };
        }
        two_loops(&gradient, &pairs, &mut direction);
        let mut slope = dot(&gradient, &direction);
        if slope >= 0.0 {
            pairs.clear();
            direction.iter_mut().zip(&gradient).for_each(|(direction, gradient)| *direction = -gradient);
            slope = dot(&gradient, &direction);
        }
        let first = if pairs.is_empty() { 1.0 / slope.abs().sqrt().max(1.0) } else { 1.0 };
        let Some(next) = search(x, &direction, value, slope, first, &mut function, &mut trial, &mut next_gradient) else {
            return Ended { iterations: iteration, value, stopped: false };
        };
        let step: Vec<f64> = trial.iter().zip(x.iter()).map(|(new, old)| new - old).collect();
        let change: Vec<f64> = next_gradient.iter().zip(&gradient).map(|(new, old)| new - old).collect();
        let curvature = dot(&step, &change);
        if curvature > 1e-12 * dot(&change, &change) {
            if pairs.len() == MEMORY {
                pairs.pop_front();
            }
            pairs.push_back((step, change, 1.0 / curvature));
        }
        x.copy_from_slice(&trial);
        gradient.copy_from_slice(&next_gradient);
        value = next;
        if past.ends(value, limits) {
            return Ended { iterations: iteration + 1, value, stopped: false };
        }
    }
    Ended { iterations: limits.iterations, value, stopped: false }
}

/// The direction by the remembered pairs: minus an approximate inverse Hessian times the gradient.
fn two_loops(gradient: &[f64], pairs: &VecDeque<(Vec<f64>, Vec<f64>, f64)>, direction: &mut [f64]) {
    direction.copy_from_slice(gradient);
    let mut alphas = Vec::with_capacity(pairs.len());
    for (step, change, rho) in pairs.iter().rev() {
        let alpha = rho * dot(step, direction);
        add(direction, -alpha, change);
        alphas.push(alpha);
    }
    if let Some((_, change, rho)) = pairs.back() {
        let scale = 1.0 / (rho * dot(change, change));
        direction.iter_mut().for_each(|entry| *entry *= scale);
    }
    for ((step, change, rho), alpha) in pairs.iter().zip(alphas.into_iter().rev()) {
        let beta = rho * dot(change, direction);
        add(direction, alpha - beta, step);
    }
    direction.iter_mut().for_each(|entry| *entry = -*entry);
}

/// A step that decreases enough and leaves little slope; `trial` and `gradient` end there. `None` where no step decreases.
#[expect(clippy::too_many_arguments, reason = "the state of one line search")]
fn search(
    x: &[f64],
    direction: &[f64],
    value: f64,
    slope: f64,
    first: f64,
    function: &mut impl FnMut(&[f64], &mut [f64]) -> f64,
    trial: &mut [f64],
    gradient: &mut [f64],
) -> Option<f64> {
    let (mut low, mut high, mut step) = (0.0, f64::INFINITY, first);
    let mut last = None;
    for _ in 0..TRIES {
        trial.iter_mut().zip(x.iter().zip(direction)).for_each(|(trial, (x, direction))| *trial = x + step * direction);
        let next = function(trial, gradient);
        let enough = next.is_finite() && next <= value + DECREASE * step * slope;
        if !enough {
            high = step;
        } else if dot(gradient, direction) < CURVATURE * slope {
            low = step;
            last = Some(next);
        } else {
            return Some(next);
        }
        step = if high.is_finite() { 0.5 * (low + high) } else { 2.0 * step };
    }
    // The slope could not be brought down; the longest step that decreased serves, where there was one.
    last.map(|_| {
        trial.iter_mut().zip(x.iter().zip(direction)).for_each(|(trial, (x, direction))| *trial = x + low * direction);
        function(trial, gradient)
    })
}

pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    // Four sums side by side, always in the same order.
    let mut sums = [0.0f64; 4];
    let (a4, a_rest) = a.as_chunks::<4>();
    let (b4, b_rest) = b.as_chunks::<4>();
    for (a, b) in a4.iter().zip(b4) {
        for lane in 0..4 {
            sums[lane] += a[lane] * b[lane];
        }
    }
    (sums[0] + sums[1]) + (sums[2] + sums[3]) + a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum::<f64>()
}

fn add(to: &mut [f64], factor: f64, from: &[f64]) {
    to.iter_mut().zip(from).for_each(|(to, from)| *to += factor * from);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_valley_of_rosenbrock_is_walked_to_its_end() {
        let mut x = [-1.2, 1.0];
        let ended = minimise(
            &mut x,
            |x, gradient| {
                let (a, b) = (1.0 - x[0], x[1] - x[0] * x[0]);
                gradient[0] = -2.0 * a - 400.0 * x[0] * b;
                gradient[1] = 200.0 * b;
                a * a + 100.0 * b * b
            },
            Limits { iterations: 200, gradient: 1e-9, decrease: 0.0 },
            &AtomicBool::new(false),
        );
        assert!((x[0] - 1.0).abs() < 1e-6 && (x[1] - 1.0).abs() < 1e-6, "{x:?} {ended:?}");
        assert!(ended.iterations < 80);
    }
}
