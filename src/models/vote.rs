//! A vote of different kinds: the geometric mean of their probabilities. Kinds that err differently correct each other; nothing is
//! learned on top, so it costs no inner folds.
//!
//! Contributions are those of the kinds, each scaled to sum 1 in size before they are added: an approximation, as in the stack.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;

use ndarray::Array2;

use super::rows::{check, go_on};
use super::{Classifier, Fit, Matrix, Saved, Targets, kind};
use crate::error::{Error, Result};

/// Name of the kind.
pub const KIND: &str = "vote";
/// A probability below this counts as this: no kind may forbid a class alone.
const FLOOR: f32 = 1e-3;
/// More kinds than this are taken for damage.
const MOST: usize = 64;

/// Settings of the fit.
pub struct VoteParams {
    /// Who votes.
    pub kinds: Vec<Box<dyn Fit>>,
}

/// Fitted voters.
pub struct Vote {
    kinds: Vec<Box<dyn Classifier>>,
}

impl Fit for VoteParams {
    fn fit(&self, x: &Matrix, targets: &Targets<'_>, seed: u64, stop: &AtomicBool) -> Result<Box<dyn Classifier>> {
        check(x, targets)?;
        let mut kinds = Vec::with_capacity(self.kinds.len());
        for params in &self.kinds {
            go_on(stop)?;
            kinds.push(params.fit(x, targets, seed, stop)?);
        }
        if kinds.is_empty() {
            return Err(Error::Setting("vote; expected at least one kind, found none".into()));
        }
        Ok(Box::new(Vote { kinds }))
    }
}

impl Vote {
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
            if name == KIND || name == super::stack::KIND {
                return Err(Error::Model(format!("vote; expected single kinds, found a {name}")));
            }
            let part = kind::load(name, &saved.part(&format!("part{place}"))?)?;
            if part.classes() != classes || part.features() != features {
                return Err(Error::Model(format!("vote, part {place}; expected {classes} classes and {features} features, found others")));
            }
            kinds.push(part);
        }
        Ok(Self { kinds })
    }

    fn gathered(&self, of_kind: impl Fn(&dyn Classifier) -> Vec<(u32, f32)>) -> Vec<(u32, f32)> {
        let mut sums = BTreeMap::new();
        for kind in &self.kinds {
            let parts = of_kind(kind.as_ref());
            let length = parts.iter().map(|(_, part)| part.abs()).sum::<f32>().max(1e-9) * self.kinds.len() as f32;
            parts.into_iter().for_each(|(feature, part)| *sums.entry(feature).or_insert(0.0) += part / length);
        }
        sums.into_iter().collect()
    }
}

impl Classifier for Vote {
    fn kind(&self) -> &'static str {
        KIND
    }
    fn classes(&self) -> usize {
        self.kinds.first().map_or(0, |kind| kind.classes())
    }
    fn features(&self) -> usize {
        self.kinds.first().map_or(0, |kind| kind.features())
    }
    fn probabilities(&self, x: &Matrix) -> Array2<f32> {
        let mut out = Array2::<f32>::zeros((x.rows(), self.classes()));
        let share = 1.0 / self.kinds.len().max(1) as f32;
        for kind in &self.kinds {
            out.zip_mut_with(&kind.probabilities(x), |sum, probability| *sum += share * probability.max(FLOOR).ln());
        }
        out.rows_mut().into_iter().for_each(super::softmax);
        out
    }
    fn contributions(&self, x: &Matrix, at: usize, class: usize) -> Vec<(u32, f32)> {
        self.gathered(|kind| kind.contributions(x, at, class))
    }
    fn weights(&self, class: usize) -> Vec<(u32, f32)> {
        self.gathered(|kind| kind.weights(class))
    }
    fn save(&self) -> Saved {
        let mut saved =
            Saved::default().with_setting("classes", self.classes()).with_setting("features", self.features()).with_setting("kinds", self.kinds.len());
        for (place, kind) in self.kinds.iter().enumerate() {
            saved = saved.with_setting(&format!("kind{place}"), kind.kind()).with_part(&format!("part{place}"), kind.save());
        }
        saved
    }
}
