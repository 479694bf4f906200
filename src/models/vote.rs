//! A vote of different kinds, some on a part of the columns: the geometric mean of their probabilities, every kind with the same
//! weight. Voters that err differently correct each other; nothing is learned on top, so it costs no inner folds.
//!
//! Contributions are those of the voters, each scaled to sum 1 in size before they are added: an approximation, as in the stack.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;

use ndarray::Array2;

use super::rows::{check, go_on, row};
use super::{Classifier, Fit, Matrix, Saved, Targets, kind};
use crate::error::{Error, Result};

/// Name of the kind.
pub const KIND: &str = "vote";
/// A probability below this counts as this: no kind may forbid a class alone.
const FLOOR: f32 = 1e-3;
/// More voters or views than this are taken for damage.
const MOST: usize = 64;

/// Settings of the fit.
pub struct VoteParams {
    /// Who votes.
    pub voters: Vec<Voter>,
    /// What some of them see.
    pub views: Vec<View>,
}

/// One who votes.
pub struct Voter {
    /// How it is fitted.
    pub params: Box<dyn Fit>,
    /// The view it sees; everything where there is none.
    pub view: Option<usize>,
}

/// A part of the columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    /// The columns, sorted.
    pub columns: Vec<u32>,
    /// How many of the first of them are scaled to length 1 together.
    pub scaled: usize,
}

/// Fitted voters.
pub struct Vote {
    voters: Vec<(Box<dyn Classifier>, Option<usize>)>,
    views: Vec<View>,
    features: usize,
}

impl View {
    /// The rows as they look in this view.
    fn of(&self, x: &Matrix) -> Matrix {
        let (mut starts, mut columns, mut values) = (vec![0], Vec::new(), Vec::new());
        for at in 0..x.rows() {
            let first = columns.len();
            let (own_columns, own_values) = row(x, at);
            for (column, value) in own_columns.iter().zip(own_values) {
                if let Ok(place) = self.columns.binary_search(column) {
                    columns.push(place as u32);
                    values.push(*value);
                }
            }
            let scaled = first + columns[first..].partition_point(|place| (*place as usize) < self.scaled);
            let length = values[first..scaled].iter().map(|value| f64::from(*value).powi(2)).sum::<f64>().sqrt() as f32;
            if length > 0.0 {
                values[first..scaled].iter_mut().for_each(|value| *value /= length);
            }
            starts.push(columns.len());
        }
        Matrix::new((x.rows(), self.columns.len()), starts, columns, values)
    }
}

impl Fit for VoteParams {
    fn fit(&self, x: &Matrix, targets: &Targets<'_>, seed: u64, stop: &AtomicBool) -> Result<Box<dyn Classifier>> {
        check(x, targets)?;
        let seen: Vec<Matrix> = self.views.iter().map(|view| view.of(x)).collect();
        let mut voters = Vec::with_capacity(self.voters.len());
        for Voter { params, view } in &self.voters {
            go_on(stop)?;
            voters.push((params.fit(view.and_then(|view| seen.get(view)).unwrap_or(x), targets, seed, stop)?, *view));
        }
        if voters.is_empty() {
            return Err(Error::Setting("vote; expected at least one kind, found none".into()));
        }
        Ok(Box::new(Vote { voters, views: self.views.clone(), features: x.cols() }))
    }
}

impl Vote {
    /// A model from its tensors.
    ///
    /// # Errors
    /// Where they do not fit together or a part is not well-formed.
    pub fn load(saved: &Saved) -> Result<Self> {
        let (classes, features) = (saved.class_count()?, saved.feature_count()?);
        // A model of before there were views has none.
        let has = |name: &str| saved.settings.contains_key(name);
        let count = if has("views") { saved.count("views", 0, MOST)? } else { 0 };
        let mut views = Vec::with_capacity(count);
        for view in 0..count {
            let name = format!("view{view}");
            let columns = saved.integers(&name, &[saved.length(&name)?])?.to_vec();
            let scaled = saved.count(&format!("scaled{view}"), 0, columns.len())?;
            if columns.windows(2).any(|pair| pair[0] >= pair[1]) || columns.last().is_some_and(|last| *last as usize >= features) {
                return Err(Error::Model(format!("vote, view {view}; expected sorted columns below {features}, found others")));
            }
            views.push(View { columns, scaled });
        }
        let count = saved.count("kinds", 1, MOST)?;
        let mut voters = Vec::with_capacity(count);
        for place in 0..count {
            let name = saved.text(&format!("kind{place}"))?;
            if name == KIND || name == super::stack::KIND {
                return Err(Error::Model(format!("vote; expected single kinds, found a {name}")));
            }
            let seat = format!("seat{place}");
            let view = if has(&seat) { Some(saved.count(&seat, 0, views.len().saturating_sub(1))?) } else { None };
            let expected = match view {
                Some(view) => views.get(view).map_or(0, |view: &View| view.columns.len()),
                None => features,
            };
            let part = kind::load(name, &saved.part(&format!("part{place}"))?)?;
            if part.classes() != classes || part.features() != expected {
                return Err(Error::Model(format!("vote, part {place}; expected {classes} classes and {expected} features, found others")));
            }
            voters.push((part, view));
        }
        Ok(Self { voters, views, features })
    }

    /// The weight of each voter: every kind has the same, shared by its voters.
    fn shares(&self) -> Vec<f32> {
        let mut of_kind: BTreeMap<&str, f32> = BTreeMap::new();
        self.voters.iter().for_each(|(voter, _)| *of_kind.entry(voter.kind()).or_insert(0.0) += 1.0);
        self.voters.iter().map(|(voter, _)| 1.0 / (of_kind[voter.kind()] * of_kind.len() as f32)).collect()
    }

    fn gathered(&self, of_voter: impl Fn(&dyn Classifier, Option<usize>) -> Vec<(u32, f32)>) -> Vec<(u32, f32)> {
        let mut sums = BTreeMap::new();
        for ((voter, view), share) in self.voters.iter().zip(self.shares()) {
            let parts = of_voter(voter.as_ref(), *view);
            let length = parts.iter().map(|(_, part)| part.abs()).sum::<f32>().max(1e-9) / share;
            let column = |place: u32| match view.and_then(|view| self.views.get(view)) {
                Some(view) => view.columns.get(place as usize).copied(),
                None => Some(place),
            };
            parts.into_iter().filter_map(|(place, part)| Some((column(place)?, part))).for_each(|(feature, part)| {
                *sums.entry(feature).or_insert(0.0) += part / length;
            });
        }
        sums.into_iter().collect()
    }
}

impl Classifier for Vote {
    fn kind(&self) -> &'static str {
        KIND
    }
    fn classes(&self) -> usize {
        self.voters.first().map_or(0, |(voter, _)| voter.classes())
    }
    fn features(&self) -> usize {
        self.features
    }
    fn probabilities(&self, x: &Matrix) -> Array2<f32> {
        let mut out = Array2::<f32>::zeros((x.rows(), self.classes()));
        let seen: Vec<Matrix> = self.views.iter().map(|view| view.of(x)).collect();
        for ((voter, view), share) in self.voters.iter().zip(self.shares()) {
            let own = view.and_then(|view| seen.get(view)).unwrap_or(x);
            out.zip_mut_with(&voter.probabilities(own), |sum, probability| *sum += share * probability.max(FLOOR).ln());
        }
        out.rows_mut().into_iter().for_each(super::softmax);
        out
    }
    fn contributions(&self, x: &Matrix, at: usize, class: usize) -> Vec<(u32, f32)> {
        let own = super::rows::take(x, &[at]);
        let seen: Vec<Matrix> = self.views.iter().map(|view| view.of(&own)).collect();
        self.gathered(|voter, view| voter.contributions(view.and_then(|view| seen.get(view)).unwrap_or(&own), 0, class))
    }
    fn weights(&self, class: usize) -> Vec<(u32, f32)> {
        self.gathered(|voter, _| voter.weights(class))
    }
    fn save(&self) -> Saved {
        let mut saved =
            Saved::default().with_setting("classes", self.classes()).with_setting("features", self.features).with_setting("kinds", self.voters.len());
        if !self.views.is_empty() {
            saved = saved.with_setting("views", self.views.len());
        }
        for (number, view) in self.views.iter().enumerate() {
            saved = saved
                .with_integers(&format!("view{number}"), &[view.columns.len()], view.columns.clone())
                .with_setting(&format!("scaled{number}"), view.scaled);
        }
        for (place, (voter, view)) in self.voters.iter().enumerate() {
            saved = saved.with_setting(&format!("kind{place}"), voter.kind()).with_part(&format!("part{place}"), voter.save());
            if let Some(view) = view {
                saved = saved.with_setting(&format!("seat{place}"), *view);
            }
        }
        saved
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::synthetic;

    #[test]
    fn views_are_scaled_apart_explained_by_their_own_columns_and_come_back_from_the_file() {
        let (x, labels) = synthetic::topics(200, 3, 2);
        let half: Vec<u32> = (0..x.cols() as u32).step_by(2).collect();
        let views = vec![((0..x.cols() as u32).collect(), x.cols()), (half.clone(), half.len())];
        let targets = Targets { labels: &labels, classes: 3, weights: &vec![1.0; labels.len()], groups: None };
        let model = kind::settings_with(KIND, 1.0, views).unwrap().fit(&x, &targets, 3, &AtomicBool::new(false)).unwrap();
        assert_eq!(model.save().settings["kinds"], 5);
        let found = model.probabilities(&x);
        let again = Vote::load(&model.save()).unwrap();
        assert_eq!((again.probabilities(&x), again.save()), (found.clone(), model.save()));
        let alone = model.probabilities(&super::super::rows::take(&x, &[7]));
        assert_eq!(alone.row(0), found.row(7));
        let own = row(&x, 7).0;
        assert!(model.contributions(&x, 7, 0).iter().all(|(column, _)| own.contains(column)));
        let narrow = View { columns: half, scaled: 1 << 20 }.of(&x);
        let length: f32 = row(&narrow, 7).1.iter().map(|value| value * value).sum();
        assert!((length - 1.0).abs() < 1e-4, "{length}");
    }
}
