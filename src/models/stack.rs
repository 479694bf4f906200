//! A stack: several kinds are fitted, and a dense logistic regression (linfa-logistic) learns from their probabilities about rows that
//! they had not seen (inner folds, groups whole) which of them to believe where. The kinds are then fitted again on everything.
//!
//! linfa-logistic has no row weights: weights act through the kinds below, not on top. Contributions are those of the kinds, each
//! by the weight that the top gives its answer for the class: an approximation, exact only where the kinds are linear.

use std::sync::atomic::AtomicBool;

use linfa::Dataset;
use linfa::traits::Fit as _;
use linfa_logistic::MultiLogisticRegression;
use ndarray::{Array1, Array2};

use super::inner::inner_folds;
use super::rows::{OwnedTargets, check, go_on, take};
use super::{Classifier, Fit, Matrix, Saved, Targets, kind};
use crate::error::{Error, Result};

/// Name of the kind.
pub const KIND: &str = "stack";
/// A probability below this counts as this.
const FLOOR: f64 = 1e-4;
/// More kinds than this are taken for damage.
const MOST: usize = 64;

/// Settings of the fit.
pub struct StackParams {
    /// What is stacked.
    pub kinds: Vec<Box<dyn Fit>>,
    /// Inner folds.
    pub folds: usize,
    /// Penalty of the regression on top.
    pub l2: f64,
}

/// A fitted stack.
pub struct Stack {
    kinds: Vec<Box<dyn Classifier>>,
    /// Shape: (kinds × classes) × classes.
    weights: Array2<f64>,
    intercepts: Array1<f64>,
}

impl Fit for StackParams {
    fn fit(&self, x: &Matrix, targets: &Targets<'_>, seed: u64, stop: &AtomicBool) -> Result<Box<dyn Classifier>> {
        check(x, targets)?;
        let (classes, folds) = (targets.classes, self.folds.max(2));
        if self.kinds.is_empty() {
            return Err(Error::Setting("stack; expected at least one kind below, found none".into()));
        }
        let fold_of = inner_folds(targets, folds, seed);
        let mut held_out = Array2::zeros((x.rows(), self.kinds.len() * classes));
        for fold in 0..folds as u32 {
            let (inside, outside): (Vec<usize>, Vec<usize>) = (0..x.rows()).partition(|at| fold_of[*at] == fold);
            if inside.is_empty() {
                continue;
            }
            let (own, own_targets, seen) = (take(x, &outside), OwnedTargets::of(targets, &outside), take(x, &inside));
            for (place, params) in self.kinds.iter().enumerate() {
                go_on(stop)?;
                let answers = params.fit(&own, &own_targets.view(), seed, stop)?.probabilities(&seen);
                for (within, at) in inside.iter().enumerate() {
                    for class in 0..classes {
                        held_out[[*at, place * classes + class]] = logarithm(answers[[within, class]]);
                    }
                }
            }
        }
        go_on(stop)?;
        let labels = Array1::from_iter(targets.labels.iter().map(|label| *label as usize));
        let top = MultiLogisticRegression::default().alpha(self.l2).max_iterations(200).gradient_tolerance(1e-3);
        let top = top.fit(&Dataset::new(held_out, labels)).map_err(|error| Error::Training(format!("stack; the regression on top failed: {error}")))?;
        // Classes that do not occur have no column in the regression: they get a logit that never wins.
        let mut weights = Array2::zeros((self.kinds.len() * classes, classes));
        let mut intercepts = Array1::from_elem(classes, -30.0);
        for (column, class) in top.classes().iter().enumerate() {
            weights.column_mut(*class).assign(&top.params().column(column));
            intercepts[*class] = top.intercept()[column];
        }
        let kinds = self.kinds.iter().map(|params| params.fit(x, targets, seed, stop)).collect::<Result<_>>()?;
        // What is used is what is saved: 32-bit numbers.
        Ok(Box::new(Stack { kinds, weights: weights.mapv(|weight| f64::from(weight as f32)), intercepts: intercepts.mapv(|value| f64::from(value as f32)) }))
    }
}

fn logarithm(probability: f32) -> f64 {
    f64::from(probability).max(FLOOR).ln()
}

impl Stack {
    /// A model from its tensors.
    ///
    /// # Errors
    /// Where they do not fit together or a part is not well-formed.
    pub fn load(saved: &Saved) -> Result<Self> {
        let (classes, features) = (saved.class_count()?, saved.feature_count()?);
        let count = saved.count("kinds", 1, MOST)?;
        let mut kinds = Vec::with_capacity(count);
        for place in 0..count {
            let name = saved.text(&format!("kind{place}"))?;
            if name == KIND {
                return Err(Error::Model("stack; expected single kinds below, found a stack".into()));
            }
            let part = kind::load(name, &saved.part(&format!("part{place}"))?)?;
            if part.classes() != classes || part.features() != features {
                return Err(Error::Model(format!("stack, part {place}; expected {classes} classes and {features} features, found others")));
            }
            kinds.push(part);
        }
        let wide = |values: &[f32]| values.iter().map(|value| f64::from(*value)).collect::<Vec<f64>>();
        let weights = wide(saved.floats("weights", &[count * classes, classes])?);
        let weights = Array2::from_shape_vec((count * classes, classes), weights).map_err(|error| Error::Model(format!("stack; {error}")))?;
        Ok(Self { kinds, weights, intercepts: Array1::from(wide(saved.floats("intercepts", &[classes])?)) })
    }

    /// How much the top believes a kind's answer for a class.
    fn trust(&self, place: usize, class: usize) -> f32 {
        self.weights.get((place * self.classes() + class, class)).copied().unwrap_or(0.0) as f32
    }

    fn gathered(&self, of_kind: impl Fn(&dyn Classifier) -> Vec<(u32, f32)>, class: usize) -> Vec<(u32, f32)> {
        let mut sums = std::collections::BTreeMap::new();
        for (place, kind) in self.kinds.iter().enumerate() {
            let parts = of_kind(kind.as_ref());
            let length = parts.iter().map(|(_, part)| part.abs()).sum::<f32>().max(1e-9);
            parts.into_iter().for_each(|(feature, part)| *sums.entry(feature).or_insert(0.0) += self.trust(place, class) * part / length);
        }
        sums.into_iter().collect()
    }
}

impl Classifier for Stack {
    fn kind(&self) -> &'static str {
        KIND
    }
    fn classes(&self) -> usize {
        self.intercepts.len()
    }
    fn features(&self) -> usize {
        self.kinds.first().map_or(0, |kind| kind.features())
    }
    fn probabilities(&self, x: &Matrix) -> Array2<f32> {
        let classes = self.classes();
        let mut out = Array2::zeros((x.rows(), classes));
        let answers: Vec<Array2<f32>> = self.kinds.iter().map(|kind| kind.probabilities(x)).collect();
        for (at, mut row) in out.rows_mut().into_iter().enumerate() {
            let mut logits = self.intercepts.clone();
            for (place, answers) in answers.iter().enumerate() {
                for class in 0..classes {
                    logits.scaled_add(logarithm(answers[[at, class]]), &self.weights.row(place * classes + class));
                }
            }
            let largest = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            logits.mapv_inplace(|logit| (logit - largest).exp());
            let sum = logits.sum();
            row.iter_mut().zip(&logits).for_each(|(out, value)| *out = (value / sum) as f32);
        }
        out
    }
    fn contributions(&self, x: &Matrix, at: usize, class: usize) -> Vec<(u32, f32)> {
        self.gathered(|kind| kind.contributions(x, at, class), class)
    }
    fn weights(&self, class: usize) -> Vec<(u32, f32)> {
        self.gathered(|kind| kind.weights(class), class)
    }
    fn save(&self) -> Saved {
        let (rows, classes) = self.weights.dim();
        let mut saved = Saved::default()
            .with_setting("classes", classes)
            .with_setting("features", self.features())
            .with_setting("kinds", self.kinds.len())
            .with_floats("weights", &[rows, classes], self.weights.iter().map(|weight| *weight as f32).collect())
            .with_floats("intercepts", &[classes], self.intercepts.iter().map(|value| *value as f32).collect());
        for (place, kind) in self.kinds.iter().enumerate() {
            saved = saved.with_setting(&format!("kind{place}"), kind.kind()).with_part(&format!("part{place}"), kind.save());
        }
        saved
    }
}
