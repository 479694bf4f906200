//! One regression tree on gradients: the leaf whose split gains most is parted next, and a leaf answers with its Newton step.

use std::sync::atomic::AtomicBool;

use super::bins::Binned;
use super::nodes::Nodes;
use super::split::{Split, Sums};
use crate::error::Result;
use crate::models::rows::go_on;

/// How far a tree grows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// Largest number of leaves.
    pub leaves: usize,
    /// Largest number of questions from root to leaf.
    pub depth: usize,
    /// Least number of rows in a leaf.
    pub leaf: usize,
    /// Penalty on the square of a leaf's answer.
    pub l2: f64,
    /// Factor on every answer.
    pub rate: f64,
}

struct Open {
    node: usize,
    start: usize,
    end: usize,
    depth: usize,
    total: [f64; 3],
    split: Option<Split>,
}

/// Grows a tree on rows; `steps` holds gradient and curvature of each row of the matrix. Gives the nodes and an answer a node.
///
/// # Errors
/// A stop.
pub fn grow(binned: &Binned, mut rows: Vec<u32>, steps: &[(f32, f32)], limits: &Limits, sums: &mut Sums, stop: &AtomicBool) -> Result<(Nodes, Vec<f32>)> {
    let mut nodes = Nodes::default();
    let mut answers = Vec::new();
    let mut spare = Vec::new();
    let mut leaf = |nodes: &mut Nodes, total: &[f64; 3]| {
        answers.push((-limits.rate * total[0] / (total[1] + limits.l2)) as f32);
        nodes.push_leaf(total[2] as f32)
    };
    let all = total(&rows, steps);
    let root = leaf(&mut nodes, &all);
    nodes.roots.push(root as u32);
    let count = rows.len();
    let mut open = vec![Open { node: root, start: 0, end: count, depth: 0, total: all, split: find(binned, &rows, steps, &all, 0, limits, sums) }];
    let mut leaves = 1;
    while leaves < limits.leaves {
        go_on(stop)?;
        let best =
            open.iter().enumerate().filter_map(|(at, open)| Some((at, open.split?.gain, open.node))).max_by(|a, b| a.1.total_cmp(&b.1).then(b.2.cmp(&a.2)));
        let Some((at, _, _)) = best else { break };
        let parent = open.swap_remove(at);
        let Some(split) = parent.split else { break };
        let middle = parent.start + binned.partition(&mut rows[parent.start..parent.end], split.feature, split.bin, &mut spare);
        nodes.feature[parent.node] = split.feature;
        nodes.threshold[parent.node] = binned.edges[split.feature as usize][usize::from(split.bin)];
        for (start, end, right) in [(parent.start, middle, false), (middle, parent.end, true)] {
            let total = total(&rows[start..end], steps);
            let node = leaf(&mut nodes, &total);
            if !right {
                nodes.left[parent.node] = node as u32;
            }
            let depth = parent.depth + 1;
            let split = find(binned, &rows[start..end], steps, &total, depth, limits, sums);
            open.push(Open { node, start, end, depth, total, split });
        }
        leaves += 1;
        debug_assert!(parent.total[2] >= 2.0 * limits.leaf as f64);
    }
    Ok((nodes, answers))
}

/// Sums of gradient, curvature and rows.
fn total(rows: &[u32], steps: &[(f32, f32)]) -> [f64; 3] {
    rows.iter().fold([0.0; 3], |[g, h, n], at| {
        let (gradient, curvature) = steps[*at as usize];
        [g + f64::from(gradient), h + f64::from(curvature), n + 1.0]
    })
}

fn find(binned: &Binned, rows: &[u32], steps: &[(f32, f32)], total: &[f64; 3], depth: usize, limits: &Limits, sums: &mut Sums) -> Option<Split> {
    if depth >= limits.depth || rows.len() < 2 * limits.leaf {
        return None;
    }
    sums.fill(binned, rows, &[], |at, bin| {
        let (gradient, curvature) = steps[at as usize];
        bin[0] += f64::from(gradient);
        bin[1] += f64::from(curvature);
        bin[2] += 1.0;
    });
    let score = |side: &[f64]| side[0] * side[0] / (side[1] + limits.l2);
    let base = score(total);
    sums.best(binned, total, |left, right| {
        let enough = left[2] >= limits.leaf as f64 && right[2] >= limits.leaf as f64 && left[1] > 1e-3 && right[1] > 1e-3;
        let gain = score(left) + score(right) - base;
        (enough && gain > 1e-9).then_some(gain)
    })
}
