//! One classification tree: each node is parted where the classes' squared shares (Gini) gain most.

use std::sync::atomic::AtomicBool;

use super::bins::Binned;
use super::nodes::Nodes;
use super::split::Sums;
use crate::error::Result;
use crate::models::Targets;
use crate::models::random::Random;
use crate::models::rows::go_on;

/// How far a tree grows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Growth {
    /// Largest number of questions from root to leaf.
    pub depth: usize,
    /// Least number of rows in a leaf.
    pub leaf: usize,
    /// Features that are drawn at each node out of those that occur in it; all where none is given.
    pub drawn: Option<usize>,
}

/// A tree and the weight of each class in its nodes' rows (inner nodes: empty).
#[derive(Debug, Default)]
pub struct Grown {
    /// The nodes.
    pub nodes: Nodes,
    /// Class and weight, ascending by class, a node.
    pub held: Vec<Vec<(u32, f32)>>,
}

/// Grows a tree on rows, which may repeat.
///
/// # Errors
/// A stop.
pub fn grow(binned: &Binned, mut rows: Vec<u32>, targets: &Targets<'_>, growth: &Growth, mut random: Random, stop: &AtomicBool) -> Result<Grown> {
    let Targets { labels, classes, weights, .. } = *targets;
    let mut sums = Sums::new(binned.features(), classes + 1, growth.drawn.is_some());
    let mut grown = Grown::default();
    let mut spare = Vec::new();
    grown.nodes.roots.push(0);
    grown.add_leaf(&total(&rows, labels, weights, classes));
    let mut open = vec![(0usize, 0usize, rows.len(), 0usize)];
    while let Some((node, start, end, depth)) = open.pop() {
        go_on(stop)?;
        let own = &mut rows[start..end];
        let total = total(own, labels, weights, classes);
        let pure = total[..classes].iter().filter(|weight| **weight > 0.0).count() < 2;
        if pure || depth >= growth.depth || own.len() < 2 * growth.leaf {
            continue;
        }
        let base: f64 = score(&total, classes);
        let mut gain_of = |left: &[f64], right: &[f64]| {
            let gain = score(left, classes) + score(right, classes) - base;
            (left[classes] >= growth.leaf as f64 && right[classes] >= growth.leaf as f64 && gain > 1e-9 * base.abs()).then_some(gain)
        };
        let mut add = |at: u32, bin: &mut [f64]| {
            bin[labels[at as usize] as usize] += f64::from(weights[at as usize]);
            bin[classes] += 1.0;
        };
        let split = match growth.drawn {
            None => {
                sums.fill(binned, own, &[], &mut add);
                sums.best(binned, &total, &mut gain_of)
            }
            Some(drawn) => {
                // Features are drawn until one of them parts the node, each drawing twice as large.
                let mut features = sums.occurring(binned, own);
                random.shuffle(&mut features);
                let (mut rest, mut size, mut split) = (&features[..], drawn.max(1), None);
                while split.is_none() && !rest.is_empty() {
                    let (now, later) = rest.split_at(size.min(rest.len()));
                    sums.fill(binned, own, now, &mut add);
                    split = sums.best(binned, &total, &mut gain_of);
                    (rest, size) = (later, size * 2);
                }
                split
            }
        };
        let Some(split) = split else { continue };
        let middle = start + binned.partition(own, split.feature, split.bin, &mut spare);
        let left = grown.add_leaf(&self::total(&rows[start..middle], labels, weights, classes));
        grown.add_leaf(&self::total(&rows[middle..end], labels, weights, classes));
        grown.nodes.feature[node] = split.feature;
        grown.nodes.threshold[node] = binned.edges[split.feature as usize][usize::from(split.bin)];
        grown.nodes.left[node] = left as u32;
        grown.held[node].clear();
        open.push((left, start, middle, depth + 1));
        open.push((left + 1, middle, end, depth + 1));
    }
    Ok(grown)
}

impl Grown {
    fn add_leaf(&mut self, total: &[f64]) -> usize {
        let classes = &total[..total.len() - 1];
        self.held.push(classes.iter().enumerate().filter(|(_, weight)| **weight > 0.0).map(|(class, weight)| (class as u32, *weight as f32)).collect());
        self.nodes.push_leaf(classes.iter().sum::<f64>() as f32)
    }
}

/// Weight of each class, then the number of rows.
fn total(rows: &[u32], labels: &[u32], weights: &[f32], classes: usize) -> Vec<f64> {
    let mut total = vec![0f64; classes + 1];
    for at in rows {
        total[labels[*at as usize] as usize] += f64::from(weights[*at as usize]);
    }
    total[classes] = rows.len() as f64;
    total
}

/// Sum of squared class weights over their sum: the larger, the purer.
fn score(held: &[f64], classes: usize) -> f64 {
    let (sum, squares) = held[..classes].iter().fold((0.0, 0.0), |(sum, squares), weight| (sum + weight, squares + weight * weight));
    if sum > 0.0 { squares / sum } else { 0.0 }
}
