//! Decision tree and random forest: each leaf holds the weight of the classes that came to it; a forest is the mean of trees grown
//! on rows drawn with repetition, with features drawn at every node.
//!
//! # Source
//! Breiman: Random forests, Machine Learning 45, 2001. Path contributions: Saabas 2014 (the change of the class's share at each question).

use std::sync::atomic::AtomicBool;

use ndarray::Array2;
use rayon::prelude::*;

use super::bins::Binned;
use super::grow::{Grown, Growth, grow};
use super::nodes::{DenseRow, LEAF, Nodes};
use crate::error::{Error, Result};
use crate::models::random::Random;
use crate::models::rows::{check, row};
use crate::models::{Classifier, Fit, Matrix, Saved, Targets};

/// Name of the single tree.
pub const TREE: &str = "tree";
/// Name of the forest.
pub const FOREST: &str = "forest";

/// Settings of a single tree.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TreeParams {
    /// Largest number of questions from root to leaf.
    pub depth: usize,
    /// Least number of reports in a leaf.
    pub leaf: usize,
}

impl Default for TreeParams {
    fn default() -> Self {
        Self { depth: 20, leaf: 5 }
    }
}

/// Settings of a forest.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ForestParams {
    /// Number of trees.
    pub trees: usize,
    /// Largest number of questions from root to leaf.
    pub depth: usize,
    /// Least number of reports in a leaf.
    pub leaf: usize,
}

impl Default for ForestParams {
    fn default() -> Self {
        Self { trees: 200, depth: 60, leaf: 2 }
    }
}

/// Most bins a feature.
const BINS: usize = 32;

/// One tree or many.
#[derive(Debug, Clone, PartialEq)]
pub struct Forest {
    kind: &'static str,
    features: usize,
    nodes: Nodes,
    /// Where the classes of each node start in `held_class`; one more than nodes.
    held_start: Vec<u32>,
    held_class: Vec<u32>,
    held_weight: Vec<f32>,
    /// Share of each class in the training weight; a leaf counts it as one report more.
    prior: Vec<f32>,
}

impl Fit for TreeParams {
    fn fit(&self, x: &Matrix, targets: &Targets<'_>, seed: u64, stop: &AtomicBool) -> Result<Box<dyn Classifier>> {
        check(x, targets)?;
        let binned = Binned::new(x, BINS);
        let growth = Growth { depth: self.depth, leaf: self.leaf.max(1), drawn: None };
        let rows = (0..x.rows() as u32).collect();
        let tree = grow(&binned, rows, targets, &growth, Random::new(seed), stop)?;
        Ok(Box::new(Forest::of(TREE, x.cols(), targets, &[tree])))
    }
}

impl Fit for ForestParams {
    fn fit(&self, x: &Matrix, targets: &Targets<'_>, seed: u64, stop: &AtomicBool) -> Result<Box<dyn Classifier>> {
        check(x, targets)?;
        let binned = Binned::new(x, BINS);
        let drawn = (x.cols() as f64).sqrt().ceil() as usize;
        let growth = Growth { depth: self.depth, leaf: self.leaf.max(1), drawn: Some(drawn) };
        let random = Random::new(seed);
        let trees = (0..self.trees.max(1) as u64)
            .into_par_iter()
            .map(|tree| {
                let mut own = random.child(tree);
                let mut rows: Vec<u32> = (0..x.rows()).map(|_| own.below(x.rows()) as u32).collect();
                rows.sort_unstable();
                grow(&binned, rows, targets, &growth, own, stop)
            })
            .collect::<Result<Vec<Grown>>>()?;
        Ok(Box::new(Forest::of(FOREST, x.cols(), targets, &trees)))
    }
}

impl Forest {
    fn of(kind: &'static str, features: usize, targets: &Targets<'_>, trees: &[Grown]) -> Self {
        let mut prior = vec![0f64; targets.classes];
        targets.labels.iter().zip(targets.weights).for_each(|(label, weight)| prior[*label as usize] += f64::from(*weight));
        let all: f64 = prior.iter().sum();
        let mut forest = Self {
            kind,
            features,
            nodes: Nodes::default(),
            held_start: vec![0],
            held_class: Vec::new(),
            held_weight: Vec::new(),
            prior: prior.iter().map(|share| (share / all) as f32).collect(),
        };
        for tree in trees {
            forest.nodes.append(&tree.nodes);
            for held in &tree.held {
                forest.held_class.extend(held.iter().map(|(class, _)| *class));
                forest.held_weight.extend(held.iter().map(|(_, weight)| *weight));
                forest.held_start.push(forest.held_class.len() as u32);
            }
        }
        forest
    }

    /// A model from its tensors.
    ///
    /// # Errors
    /// Where they do not fit together.
    pub fn load(kind: &'static str, saved: &Saved) -> Result<Self> {
        let (classes, features) = (saved.class_count()?, saved.feature_count()?);
        let nodes = Nodes::load(saved, features)?;
        let held = saved.length("held_class")?;
        let forest = Self {
            kind,
            features,
            held_start: saved.integers("held_start", &[nodes.count() + 1])?.to_vec(),
            held_class: saved.integers("held_class", &[held])?.to_vec(),
            held_weight: saved.floats("held_weight", &[held])?.to_vec(),
            prior: saved.floats("prior", &[classes])?.to_vec(),
            nodes,
        };
        let ordered = forest.held_start.first() == Some(&0) && forest.held_start.is_sorted() && forest.held_start.last() == Some(&(held as u32));
        let inside = forest.held_class.iter().all(|class| (*class as usize) < classes);
        let positive = forest.held_weight.iter().chain(&forest.prior).all(|weight| *weight >= 0.0) && forest.prior.iter().sum::<f32>() > 0.0;
        if ordered && inside && positive && !forest.nodes.roots.is_empty() {
            return Ok(forest);
        }
        Err(Error::Model("leaves; expected ascending starts, classes in range, weights of 0 or more and a tree, found others".into()))
    }

    /// Adds the share of each class in a leaf.
    fn add_leaf(&self, leaf: usize, share: f64, out: &mut [f64]) {
        let range = self.held_start[leaf] as usize..self.held_start[leaf + 1] as usize;
        let sum: f64 = 1.0 + self.held_weight[range.clone()].iter().map(|weight| f64::from(*weight)).sum::<f64>();
        out.iter_mut().zip(&self.prior).for_each(|(out, prior)| *out += share * f64::from(*prior) / sum);
        for (class, weight) in self.held_class[range.clone()].iter().zip(&self.held_weight[range]) {
            out[*class as usize] += share * f64::from(*weight) / sum;
        }
    }

    /// The share of a class in every node: in a leaf as it answers, above as the mean of its children by the rows that came.
    fn shares(&self, class: usize) -> Vec<f32> {
        let mut cover: Vec<f64> = self.nodes.cover.iter().map(|cover| f64::from(*cover).max(1e-9)).collect();
        let mut shares = vec![0f64; self.nodes.count()];
        let mut leaf = vec![0f64; self.prior.len()];
        for at in (0..self.nodes.count()).rev() {
            if self.nodes.feature[at] == LEAF {
                leaf.fill(0.0);
                self.add_leaf(at, 1.0, &mut leaf);
                shares[at] = leaf.get(class).copied().unwrap_or(0.0);
            } else {
                let left = self.nodes.left[at] as usize;
                cover[at] = cover[left] + cover[left + 1];
                shares[at] = (cover[left] * shares[left] + cover[left + 1] * shares[left + 1]) / cover[at];
            }
        }
        shares.into_iter().map(|share| share as f32).collect()
    }

    /// What each question on the way of a row changed, by feature, and the share before the first question.
    fn path_contributions(&self, x: &Matrix, at: usize, class: usize) -> (f32, Vec<(u32, f32)>) {
        let shares = self.shares(class);
        let mut start = 0.0;
        let mut by_feature = std::collections::BTreeMap::new();
        let trees = self.nodes.roots.len() as f32;
        DenseRow::new(self.features).with(x, at, |values| {
            for root in &self.nodes.roots {
                start += shares[*root as usize] / trees;
                let path: Vec<usize> = self.nodes.path(*root, values).collect();
                for step in path.windows(2) {
                    *by_feature.entry(self.nodes.feature[step[0]]).or_insert(0.0) += (shares[step[1]] - shares[step[0]]) / trees;
                }
            }
        });
        (start, by_feature.into_iter().collect())
    }
}

impl Classifier for Forest {
    fn kind(&self) -> &'static str {
        self.kind
    }
    fn classes(&self) -> usize {
        self.prior.len()
    }
    fn features(&self) -> usize {
        self.features
    }
    fn probabilities(&self, x: &Matrix) -> Array2<f32> {
        let (classes, trees) = (self.classes(), self.nodes.roots.len() as f64);
        let mut out = Array2::zeros((x.rows(), classes));
        let Some(flat) = out.as_slice_mut() else { return out };
        flat.par_chunks_mut(classes * 32).enumerate().for_each_init(
            || DenseRow::new(self.features),
            |dense, (chunk, flat)| {
                let mut sums = vec![0f64; classes];
                for (within, out) in flat.chunks_mut(classes).enumerate() {
                    sums.fill(0.0);
                    dense.with(x, chunk * 32 + within, |values| {
                        self.nodes.roots.iter().for_each(|root| self.add_leaf(self.nodes.leaf(*root, values), 1.0 / trees, &mut sums));
                    });
                    let all: f64 = sums.iter().sum();
                    out.iter_mut().zip(&sums).for_each(|(out, sum)| *out = (sum / all) as f32);
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
        let shares = self.shares(class);
        let mut out: Vec<(u32, f32)> = (0..self.features as u32).map(|feature| (feature, 0.0)).collect();
        let all: f32 = self.nodes.roots.iter().map(|root| self.nodes.cover[*root as usize]).sum::<f32>().max(1e-9);
        for (at, feature) in self.nodes.feature.iter().enumerate().filter(|(_, feature)| **feature != LEAF) {
            let left = self.nodes.left[at] as usize;
            out[*feature as usize].1 += self.nodes.cover[at] / all * (shares[left + 1] - shares[left]);
        }
        out
    }
    fn save(&self) -> Saved {
        let saved = Saved::default().with_setting("classes", self.classes()).with_setting("features", self.features);
        self.nodes
            .save(saved)
            .with_integers("held_start", &[self.held_start.len()], self.held_start.clone())
            .with_integers("held_class", &[self.held_class.len()], self.held_class.clone())
            .with_floats("held_weight", &[self.held_weight.len()], self.held_weight.clone())
            .with_floats("prior", &[self.prior.len()], self.prior.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::synthetic;

    #[test]
    fn path_contributions_and_start_add_up_to_the_probability() {
        let (x, labels) = synthetic::topics(200, 3, 9);
        let targets = Targets { labels: &labels, classes: 3, weights: &vec![1.0; 200], groups: None };
        let binned = Binned::new(&x, BINS);
        let growth = Growth { depth: 10, leaf: 2, drawn: Some(5) };
        let trees: Vec<Grown> =
            (0..3).map(|seed| grow(&binned, (0..200).collect(), &targets, &growth, Random::new(seed), &AtomicBool::new(false)).unwrap()).collect();
        let forest = Forest::of(FOREST, x.cols(), &targets, &trees);
        let probabilities = forest.probabilities(&x);
        for at in [0, 17, 199] {
            for class in 0..3 {
                let (start, parts) = forest.path_contributions(&x, at, class);
                let sum = start + parts.iter().map(|(_, part)| part).sum::<f32>();
                assert!((sum - probabilities[[at, class]]).abs() < 1e-4, "{sum} {}", probabilities[[at, class]]);
            }
        }
    }
}
