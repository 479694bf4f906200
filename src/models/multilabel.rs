//! Several independent labels a report: a two-class model a label, each with its own probability; they need not sum to 1.

use std::sync::atomic::AtomicBool;

use ndarray::Array2;

use super::{Classifier, Fit, Matrix, Saved, Targets, kind};
use crate::error::{Error, Result};

/// Name of the kind.
pub const KIND: &str = "multilabel";
/// More labels than this are taken for damage.
const MOST: usize = 1 << 16;

/// A fitted model a label.
pub struct MultiLabel {
    models: Vec<Box<dyn Classifier>>,
}

impl MultiLabel {
    /// Fits a model a label. `held`: for each label, whether each row has it. Weights and groups: one a row.
    ///
    /// # Errors
    /// A label that all rows have or none has, named by its place; otherwise as the kind.
    pub fn fit(params: &dyn Fit, x: &Matrix, held: &[Vec<bool>], weights: &[f32], groups: Option<&[u32]>, seed: u64, stop: &AtomicBool) -> Result<Self> {
        if held.is_empty() {
            return Err(Error::Training("labels; expected at least one, found none; check --label".into()));
        }
        let mut models = Vec::with_capacity(held.len());
        for (place, held) in held.iter().enumerate() {
            let with = held.iter().filter(|held| **held).count();
            if with == 0 || with == held.len() {
                return Err(Error::Training(format!(
                    "label {place}; expected reports with and without it, found {with} of {} with it; leave it out or give reports of the other kind",
                    held.len()
                )));
            }
            let labels: Vec<u32> = held.iter().map(|held| u32::from(*held)).collect();
            models.push(params.fit(x, &Targets { labels: &labels, classes: 2, weights, groups }, seed, stop)?);
        }
        Ok(Self { models })
    }

    /// From what was saved.
    ///
    /// # Errors
    /// Where a part is missing or not well-formed.
    pub fn load(saved: &Saved) -> Result<Self> {
        let labels = saved.count("labels", 1, MOST)?;
        let part = |place: usize| {
            let name = saved.text(&format!("kind{place}"))?;
            if name == KIND {
                return Err(Error::Model(format!("label {place}; expected a kind of two classes, found several labels in one")));
            }
            let model = kind::load(name, &saved.part(&format!("label{place}"))?)?;
            if model.classes() == 2 { Ok(model) } else { Err(Error::Model(format!("label {place}; expected two classes, found {}", model.classes()))) }
        };
        let models: Vec<Box<dyn Classifier>> = (0..labels).map(part).collect::<Result<_>>()?;
        if models.windows(2).any(|pair| pair[0].features() != pair[1].features()) {
            return Err(Error::Model("several labels; expected the same features for each, found others".into()));
        }
        Ok(Self { models })
    }
}

/// Classes are labels here, and rows of probabilities need not sum to 1.
impl Classifier for MultiLabel {
    fn kind(&self) -> &'static str {
        KIND
    }
    fn classes(&self) -> usize {
        self.models.len()
    }
    fn features(&self) -> usize {
        self.models.first().map_or(0, |model| model.features())
    }
    fn probabilities(&self, x: &Matrix) -> Array2<f32> {
        let mut out = Array2::zeros((x.rows(), self.models.len()));
        for (model, mut column) in self.models.iter().zip(out.columns_mut()) {
            column.assign(&model.probabilities(x).column(1));
        }
        out
    }
    fn contributions(&self, x: &Matrix, row: usize, label: usize) -> Vec<(u32, f32)> {
        self.models.get(label).map_or_else(Vec::new, |model| model.contributions(x, row, 1))
    }
    fn weights(&self, label: usize) -> Vec<(u32, f32)> {
        self.models.get(label).map_or_else(Vec::new, |model| model.weights(1))
    }
    fn save(&self) -> Saved {
        let mut saved = Saved::default().with_setting("labels", self.models.len());
        for (place, model) in self.models.iter().enumerate() {
            saved = saved.with_setting(&format!("kind{place}"), model.kind()).with_part(&format!("label{place}"), model.save());
        }
        saved
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::logistic::LogisticParams;
    use crate::models::synthetic;

    #[test]
    fn labels_are_independent_and_come_back_from_the_file() {
        let (x, classes) = synthetic::topics(300, 3, 2);
        let held: Vec<Vec<bool>> = (1..3).map(|least| classes.iter().map(|class| *class >= least).collect()).collect();
        let stop = AtomicBool::new(false);
        let fit = |held: &[Vec<bool>]| MultiLabel::fit(&LogisticParams::default(), &x, held, &vec![1.0; 300], None, 1, &stop);
        let model = fit(&held).unwrap();
        let found = model.probabilities(&x);
        assert_eq!(MultiLabel::load(&model.save()).unwrap().probabilities(&x), found);
        assert_eq!(fit(&held[1..]).unwrap().probabilities(&x).column(0), found.column(1));
        assert!(fit(&[vec![true; 300]]).err().unwrap().to_string().contains("with and without"));
    }
}
