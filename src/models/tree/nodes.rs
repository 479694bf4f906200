//! Trees laid out flat, all of a model in one row of nodes. A child stands behind its parent, the right child behind the left one.

use crate::error::{Error, Result};
use crate::models::rows::row;
use crate::models::{Matrix, Saved};

/// The feature number that marks a leaf.
pub const LEAF: u32 = u32::MAX;

/// Nodes of one or many trees. Shapes: one value a node, except `roots`: one a tree.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Nodes {
    /// Feature that is asked, or [`LEAF`].
    pub feature: Vec<u32>,
    /// Values up to it go left.
    pub threshold: Vec<f32>,
    /// The left child; the right one follows it.
    pub left: Vec<u32>,
    /// Weight of the training rows that came here.
    pub cover: Vec<f32>,
    /// First node of each tree.
    pub roots: Vec<u32>,
}

impl Nodes {
    /// Adds a leaf and gives its number.
    pub fn push_leaf(&mut self, cover: f32) -> usize {
        self.feature.push(LEAF);
        self.threshold.push(0.0);
        self.left.push(0);
        self.cover.push(cover);
        self.feature.len() - 1
    }

    /// Number of nodes.
    pub fn count(&self) -> usize {
        self.feature.len()
    }

    /// Takes in the trees of another, behind its own.
    pub fn append(&mut self, other: &Self) {
        let shift = self.count() as u32;
        self.roots.extend(other.roots.iter().map(|root| root + shift));
        self.left.extend(other.left.iter().zip(&other.feature).map(|(left, feature)| if *feature == LEAF { 0 } else { left + shift }));
        self.feature.extend_from_slice(&other.feature);
        self.threshold.extend_from_slice(&other.threshold);
        self.cover.extend_from_slice(&other.cover);
    }

    /// The nodes a dense row passes from a root to its leaf.
    pub fn path<'a>(&'a self, root: u32, values: &'a [f32]) -> impl Iterator<Item = usize> + 'a {
        std::iter::successors(Some(root as usize), move |at| {
            let feature = self.feature[*at];
            if feature == LEAF {
                return None;
            }
            let right = values.get(feature as usize).is_some_and(|value| *value > self.threshold[*at]);
            Some(self.left[*at] as usize + usize::from(right))
        })
    }

    /// The leaf of a dense row.
    pub fn leaf(&self, root: u32, values: &[f32]) -> usize {
        let mut at = root as usize;
        while self.feature[at] != LEAF {
            let right = values.get(self.feature[at] as usize).is_some_and(|value| *value > self.threshold[at]);
            at = self.left[at] as usize + usize::from(right);
        }
        at
    }

    /// Adds the tensors to a saved model.
    pub fn save(&self, saved: Saved) -> Saved {
        let nodes = [self.count()];
        saved
            .with_integers("feature", &nodes, self.feature.clone())
            .with_floats("threshold", &nodes, self.threshold.clone())
            .with_integers("left", &nodes, self.left.clone())
            .with_floats("cover", &nodes, self.cover.clone())
            .with_integers("roots", &[self.roots.len()], self.roots.clone())
    }

    /// From the tensors of a saved model. Children must stand behind their parents, so that every walk ends.
    ///
    /// # Errors
    /// Where a number points outside or backwards.
    pub fn load(saved: &Saved, features: usize) -> Result<Self> {
        let count = saved.length("feature")?;
        let nodes = Self {
            feature: saved.integers("feature", &[count])?.to_vec(),
            threshold: saved.floats("threshold", &[count])?.to_vec(),
            left: saved.integers("left", &[count])?.to_vec(),
            cover: saved.floats("cover", &[count])?.to_vec(),
            roots: saved.integers("roots", &[saved.length("roots")?])?.to_vec(),
        };
        let mut taken = vec![false; count];
        for (at, (feature, left)) in nodes.feature.iter().zip(&nodes.left).enumerate() {
            let inside = (*feature as usize) < features && (*left as usize) > at && (*left as usize) < count - 1;
            let free = !inside || !(taken[*left as usize] || taken[*left as usize + 1]);
            if inside && *feature != LEAF {
                taken[*left as usize..=*left as usize + 1].fill(true);
            }
            if *feature != LEAF && !(inside && free) {
                return Err(Error::Model(format!(
                    "tree node {at}; expected a feature below {features} and children of its own behind it, found {feature} and {left}"
                )));
            }
            if nodes.cover[at] < 0.0 {
                return Err(Error::Model(format!("tree node {at}; expected a cover of 0 or more, found {}", nodes.cover[at])));
            }
        }
        if let Some(root) = nodes.roots.iter().find(|root| taken.get(**root as usize).is_none_or(|taken| *taken)) {
            return Err(Error::Model(format!("tree roots; expected nodes that are no children, found {root} of {count}")));
        }
        Ok(nodes)
    }
}

/// A row with every value in its place; filled and emptied without touching the rest.
#[derive(Debug)]
pub struct DenseRow(Vec<f32>);

impl DenseRow {
    /// Room for a number of features.
    pub fn new(features: usize) -> Self {
        Self(vec![0.0; features])
    }

    /// Calls `with` on a row of the matrix. Columns that the model does not know are left out.
    pub fn with<T>(&mut self, x: &Matrix, at: usize, with: impl FnOnce(&[f32]) -> T) -> T {
        let (columns, values) = row(x, at);
        for (column, value) in columns.iter().zip(values) {
            if let Some(place) = self.0.get_mut(*column as usize) {
                *place = *value;
            }
        }
        let out = with(&self.0);
        for column in columns {
            if let Some(place) = self.0.get_mut(*column as usize) {
                *place = 0.0;
            }
        }
        out
    }
}
