//! Gradient boosting: each round adds a small tree a class on the gradient of the log loss (softmax; two classes need one tree), on
//! a drawn half of the rows, with Newton steps in the leaves. Classes of a round are grown side by side, each in its own order.
//!
//! # Source
//! Friedman: Greedy function approximation, Annals of Statistics 29, 2001; Ke et al.: LightGBM, NIPS 2017 (histograms, best leaf first).

use std::sync::atomic::AtomicBool;

use ndarray::Array2;
use rayon::prelude::*;

use super::bins::Binned;
use super::nodes::{DenseRow, LEAF, Nodes};
use super::regress::{Limits, grow};
use super::split::Sums;
use crate::error::{Error, Result};
use crate::models::random::Random;
use crate::models::rows::{check, go_on, row};
use crate::models::{Classifier, Fit, Matrix, Saved, Targets, softmax};

/// Name of the kind.
pub const KIND: &str = "boosting";

/// Settings of the fit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BoostingParams {
    /// Number of rounds.
    pub rounds: usize,
    /// Factor on every tree's answer.
    pub rate: f64,
    /// Largest number of leaves of a tree.
    pub leaves: usize,
    /// Largest number of questions from root to leaf.
    pub depth: usize,
    /// Least number of drawn reports in a leaf.
    pub leaf: usize,
    /// Penalty on the square of a leaf's answer.
    pub l2: f64,
    /// Share of the rows drawn for a round.
    pub share: f64,
    /// Most bins a feature.
    pub bins: usize,
}

impl Default for BoostingParams {
    fn default() -> Self {
        Self { rounds: 80, rate: 0.1, leaves: 16, depth: 6, leaf: 3, l2: 1.0, share: 0.5, bins: 32 }
    }
}

/// A fitted model.
#[derive(Debug, Clone, PartialEq)]
pub struct Boosting {
    features: usize,
    /// Trees of round r and output o stand at r × outputs + o.
    nodes: Nodes,
    /// Answer of each node.
    answers: Vec<f32>,
    /// Logit of each output before any tree.
    start: Vec<f32>,
}

impl Fit for BoostingParams {
    fn fit(&self, x: &Matrix, targets: &Targets<'_>, seed: u64, stop: &AtomicBool) -> Result<Box<dyn Classifier>> {
        check(x, targets)?;
        let (rows, classes) = (x.rows(), targets.classes);
        let outputs = if classes == 2 { 1 } else { classes };
        let binned = Binned::new(x, self.bins);
        let limits = Limits { leaves: self.leaves.max(2), depth: self.depth.max(1), leaf: self.leaf.max(1), l2: self.l2.max(1e-6), rate: self.rate };
        let start = start_logits(targets, outputs);
        let mut model = Boosting { features: x.cols(), nodes: Nodes::default(), answers: Vec::new(), start: start.clone() };
        // By output, then row.
        let mut logits: Vec<Vec<f32>> = start.iter().map(|logit| vec![*logit; rows]).collect();
        let mut dense = DenseRow::new(x.cols());
        let random = Random::new(seed);
        for round in 0..self.rounds.max(1) as u64 {
            go_on(stop)?;
            let chances = chances(&logits, rows);
            let mut drawing = random.child(round);
            let mut drawn: Vec<u32> = (0..rows as u32).filter(|_| drawing.unit() < self.share).collect();
            if drawn.len() < 2 * limits.leaf {
                drawn = (0..rows as u32).collect();
            }
            let trees = (0..outputs)
                .into_par_iter()
                .map_init(
                    || Sums::new(x.cols(), 3, false),
                    |sums, output| {
                        let class = if outputs == 1 { 1 } else { output as u32 };
                        let factor = if outputs == 1 { 1.0 } else { (classes - 1) as f32 / classes as f32 };
                        let steps: Vec<(f32, f32)> = (0..rows)
                            .map(|at| {
                                let (chance, weight) = (chances[output][at], targets.weights[at]);
                                let wanted = f32::from(u8::from(targets.labels[at] == class));
                                (weight * factor * (chance - wanted), weight * (chance * (1.0 - chance)).max(1e-6))
                            })
                            .collect();
                        grow(&binned, drawn.clone(), &steps, &limits, sums, stop)
                    },
                )
                .collect::<Result<Vec<(Nodes, Vec<f32>)>>>()?;
            for at in 0..rows {
                dense.with(x, at, |values| {
                    for (own, (nodes, answers)) in logits.iter_mut().zip(&trees) {
                        own[at] += answers[nodes.leaf(0, values)];
                    }
                });
            }
            for (nodes, answers) in trees {
                model.nodes.append(&nodes);
                model.answers.extend(answers);
            }
        }
        Ok(Box::new(model))
    }
}

/// The logits of the classes' shares.
fn start_logits(targets: &Targets<'_>, outputs: usize) -> Vec<f32> {
    let mut shares = vec![1e-3f64; targets.classes];
    targets.labels.iter().zip(targets.weights).for_each(|(label, weight)| shares[*label as usize] += f64::from(*weight));
    if outputs == 1 {
        return vec![(shares[1] / shares[0]).ln() as f32];
    }
    let all: f64 = shares.iter().sum();
    shares.iter().map(|share| (share / all).ln() as f32).collect()
}

/// Probabilities by output, then row.
fn chances(logits: &[Vec<f32>], rows: usize) -> Vec<Vec<f32>> {
    if let [own] = logits {
        return vec![own.iter().map(|logit| 1.0 / (1.0 + (-logit).exp())).collect()];
    }
    let mut out = vec![vec![0f32; rows]; logits.len()];
    for at in 0..rows {
        let largest = logits.iter().map(|own| own[at]).fold(f32::NEG_INFINITY, f32::max);
        let mut sum = 0.0;
        for (out, own) in out.iter_mut().zip(logits) {
            out[at] = (own[at] - largest).exp();
            sum += out[at];
        }
        out.iter_mut().for_each(|out| out[at] /= sum);
    }
    out
}

impl Boosting {
    /// A model from its tensors.
    ///
    /// # Errors
    /// Where they do not fit together.
    pub fn load(saved: &Saved) -> Result<Self> {
        let (classes, features) = (saved.class_count()?, saved.feature_count()?);
        let outputs = if classes == 2 { 1 } else { classes };
        let nodes = Nodes::load(saved, features)?;
        let answers = saved.floats("answers", &[nodes.count()])?.to_vec();
        if nodes.roots.is_empty() || !nodes.roots.len().is_multiple_of(outputs) {
            return Err(Error::Model(format!("trees; expected a multiple of {outputs}, found {}", nodes.roots.len())));
        }
        Ok(Self { features, nodes, answers, start: saved.floats("start", &[outputs])?.to_vec() })
    }

    /// The output of a class and the sign with which it speaks for it.
    fn output(&self, class: usize) -> (usize, f32) {
        if self.start.len() == 1 { (0, if class == 1 { 1.0 } else { -1.0 }) } else { (class, 1.0) }
    }

    fn trees_of(&self, output: usize) -> impl Iterator<Item = u32> + '_ {
        self.nodes.roots.iter().copied().skip(output).step_by(self.start.len())
    }

    /// What each question on the way of a row changed in the logit of a class, by feature, and the logit before the first question.
    fn path_contributions(&self, x: &Matrix, at: usize, class: usize) -> (f32, Vec<(u32, f32)>) {
        let (output, sign) = self.output(class);
        let mut start = self.start.get(output).copied().unwrap_or(0.0) * sign;
        let mut by_feature = std::collections::BTreeMap::new();
        DenseRow::new(self.features).with(x, at, |values| {
            for root in self.trees_of(output) {
                start += sign * self.answers[root as usize];
                let path: Vec<usize> = self.nodes.path(root, values).collect();
                for step in path.windows(2) {
                    *by_feature.entry(self.nodes.feature[step[0]]).or_insert(0.0) += sign * (self.answers[step[1]] - self.answers[step[0]]);
                }
            }
        });
        (start, by_feature.into_iter().collect())
    }
}

impl Classifier for Boosting {
    fn kind(&self) -> &'static str {
        KIND
    }
    fn classes(&self) -> usize {
        self.start.len().max(2)
    }
    fn features(&self) -> usize {
        self.features
    }
    fn probabilities(&self, x: &Matrix) -> Array2<f32> {
        let (classes, outputs) = (self.classes(), self.start.len());
        let mut out = Array2::zeros((x.rows(), classes));
        let Some(flat) = out.as_slice_mut() else { return out };
        flat.par_chunks_mut(classes * 32).enumerate().for_each_init(
            || DenseRow::new(self.features),
            |dense, (chunk, flat)| {
                for (within, out) in flat.chunks_mut(classes).enumerate() {
                    let own = &mut out[classes - outputs..];
                    own.copy_from_slice(&self.start);
                    dense.with(x, chunk * 32 + within, |values| {
                        for (tree, root) in self.nodes.roots.iter().enumerate() {
                            own[tree % outputs] += self.answers[self.nodes.leaf(*root, values)];
                        }
                    });
                    softmax(ndarray::ArrayViewMut1::from(out));
                }
            },
        );
        out
    }
    fn contributions(&self, x: &Matrix, at: usize, class: usize) -> Vec<(u32, f32)> {
        let (columns, _) = row(x, at);
        self.path_contributions(x, at, class).1.into_iter().filter(|(feature, _)| columns.contains(feature)).collect()
    }
    fn weights(&self, class: usize) -> Vec<(u32, f32)> {
        let (output, sign) = self.output(class);
        let mut out: Vec<(u32, f32)> = (0..self.features as u32).map(|feature| (feature, 0.0)).collect();
        let roots: Vec<usize> = self.trees_of(output).map(|root| root as usize).collect();
        for root in roots {
            let all = self.nodes.cover[root].max(1e-9);
            let mut open = vec![root];
            while let Some(at) = open.pop() {
                let feature = self.nodes.feature[at];
                if feature != LEAF {
                    let left = self.nodes.left[at] as usize;
                    out[feature as usize].1 += sign * self.nodes.cover[at] / all * (self.answers[left + 1] - self.answers[left]);
                    open.extend([left, left + 1]);
                }
            }
        }
        out
    }
    fn save(&self) -> Saved {
        let saved = Saved::default().with_setting("classes", self.classes()).with_setting("features", self.features);
        let saved = self.nodes.save(saved).with_floats("answers", &[self.answers.len()], self.answers.clone());
        saved.with_floats("start", &[self.start.len()], self.start.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::synthetic;

    #[test]
    fn path_contributions_and_start_add_up_to_the_logit() {
        let (x, labels) = synthetic::topics(200, 2, 9);
        let targets = Targets { labels: &labels, classes: 2, weights: &vec![1.0; 200], groups: None };
        let saved = BoostingParams { rounds: 10, ..BoostingParams::default() }.fit(&x, &targets, 1, &AtomicBool::new(false)).unwrap().save();
        let model = Boosting::load(&saved).unwrap();
        let probabilities = model.probabilities(&x);
        for at in [0, 17, 199] {
            let (start, parts) = model.path_contributions(&x, at, 1);
            let logit = start + parts.iter().map(|(_, part)| part).sum::<f32>();
            assert!((1.0 / (1.0 + (-logit).exp()) - probabilities[[at, 1]]).abs() < 1e-5);
        }
    }
}
