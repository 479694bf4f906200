//! Training: recipes and strengths are compared on the same folds, the best is calibrated on what its folds never saw, and then
//! fitted on everything. Folds keep groups (hospitals) whole where groups are known: what counts is the next hospital.

use std::collections::BTreeSet;
use std::sync::atomic::AtomicBool;

use ndarray::Array2;
use serde::{Deserialize, Serialize};

use super::kind;
use super::scale::{scale, temperature};
use super::{Classifier, Targets};
use crate::error::{Error, Result};
use crate::features::{Corpus, FeatureSpace, Recipe, Rows};

/// Labelled reports. Shapes: one value a sample of the corpus.
#[derive(Debug)]
pub struct Samples {
    /// Terms and numbers.
    pub corpus: Corpus,
    /// Class of each sample.
    pub labels: Vec<u32>,
    /// Names of the classes, sorted.
    pub classes: Vec<String>,
    /// Group of each sample; each its own where there are none.
    pub groups: Vec<u32>,
    /// Fold of each sample.
    pub folds: Vec<u32>,
    /// Number of folds.
    pub fold_count: u32,
}

/// One way to train.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    /// How features are made.
    pub recipe: Recipe,
    /// Kind of model.
    pub kind: String,
    /// Inverse of the penalty.
    pub strength: f64,
    /// How far class weights even out the sizes of classes: 0 not at all, 1 wholly.
    pub balance: f64,
}

/// What cross-validation gave for a candidate.
#[derive(Debug, Clone)]
pub struct Validated {
    /// The candidate.
    pub candidate: Candidate,
    /// Probabilities of each sample by the model that did not see its fold, calibrated on the other folds. Shape: samples × classes.
    pub probabilities: Array2<f32>,
    /// The temperature for the model that is fitted on everything.
    pub temperature: f32,
    /// Share of samples whose best class is right.
    pub accuracy: f64,
    /// Mean F1 over the classes.
    pub macro_f1: f64,
}

/// A space and a model fitted on it.
pub struct Fitted {
    /// Features.
    pub space: FeatureSpace,
    /// Model.
    pub model: Box<dyn Classifier>,
}

impl Candidate {
    /// Fits space and model on some rows.
    ///
    /// # Errors
    /// What cannot be learned, or a stop.
    pub fn fit(&self, samples: &Samples, rows: &[usize], seed: u64, stop: &AtomicBool) -> Result<Fitted> {
        let of = Rows { rows, labels: &samples.labels, classes: samples.classes.len(), groups: &samples.groups };
        let space = FeatureSpace::fit(&samples.corpus, &of, &self.recipe)?;
        let x = space.matrix(&samples.corpus, rows);
        let labels: Vec<u32> = rows.iter().map(|row| samples.labels[*row]).collect();
        let weights = balanced(&labels, samples.classes.len(), self.balance);
        let groups: Vec<u32> = rows.iter().map(|row| samples.groups[*row]).collect();
        let targets = Targets { labels: &labels, classes: samples.classes.len(), weights: &weights, groups: Some(&groups) };
        let model = kind::settings(&self.kind, self.strength)?.fit(&x, &targets, seed, stop)?;
        Ok(Fitted { space, model })
    }

    /// Probabilities of every sample by a model that did not see its fold.
    ///
    /// # Errors
    /// What cannot be learned, or a stop.
    pub fn validate(&self, samples: &Samples, seed: u64, stop: &AtomicBool) -> Result<Validated> {
        let mut raw = Array2::zeros((samples.labels.len(), samples.classes.len()));
        for fold in 0..samples.fold_count {
            let (inside, outside): (Vec<usize>, Vec<usize>) = (0..samples.labels.len()).partition(|row| samples.folds[*row] == fold);
            if inside.is_empty() {
                continue;
            }
            let fitted = self.fit(samples, &outside, seed, stop)?;
            let found = fitted.model.probabilities(&fitted.space.matrix(&samples.corpus, &inside));
            for (at, row) in inside.iter().enumerate() {
                raw.row_mut(*row).assign(&found.row(at));
            }
        }
        let known = samples.known_elsewhere();
        let mut probabilities = raw.clone();
        for fold in 0..samples.fold_count {
            let others: Vec<usize> = known.iter().copied().filter(|row| samples.folds[*row] != fold).collect();
            let own = temperature_of(&raw, &samples.labels, &others);
            for row in (0..samples.labels.len()).filter(|row| samples.folds[*row] == fold) {
                scale(probabilities.row_mut(row), own);
            }
        }
        let (accuracy, macro_f1) = figures(&probabilities, &samples.labels);
        Ok(Validated { candidate: self.clone(), temperature: temperature_of(&raw, &samples.labels, &known), probabilities, accuracy, macro_f1 })
    }
}

impl Samples {
    /// Rows whose class the model that did not see their fold could know: a class that stands in one fold only is unknown there, and
    /// would teach the temperature nothing but despair.
    fn known_elsewhere(&self) -> Vec<usize> {
        let mut folds: Vec<BTreeSet<u32>> = vec![BTreeSet::new(); self.classes.len()];
        for (label, fold) in self.labels.iter().zip(&self.folds) {
            folds[*label as usize].insert(*fold);
        }
        (0..self.labels.len()).filter(|row| folds[self.labels[*row] as usize].len() > 1).collect()
    }
}

fn temperature_of(raw: &Array2<f32>, labels: &[u32], rows: &[usize]) -> f32 {
    let labels: Vec<u32> = rows.iter().map(|row| labels[*row]).collect();
    temperature(&raw.select(ndarray::Axis(0), rows), &labels)
}

/// Validates every candidate and gives them in their order, with the place of the best by the mean of accuracy and macro-F1;
/// the first of equals.
///
/// # Errors
/// [`Error::Training`] where there is nothing to learn; a stop.
pub fn choose(
    candidates: &[Candidate],
    samples: &Samples,
    seed: u64,
    stop: &AtomicBool,
    progress: &mut dyn FnMut(&Validated),
) -> Result<(Vec<Validated>, usize)> {
    let mut all = Vec::with_capacity(candidates.len());
    for candidate in candidates {
        let validated = candidate.validate(samples, seed, stop)?;
        progress(&validated);
        all.push(validated);
    }
    let merit = |validated: &Validated| validated.accuracy + validated.macro_f1;
    let best = (0..all.len()).reduce(|best, next| if merit(&all[next]) > merit(&all[best]) + 1e-9 { next } else { best });
    best.map(|best| (all, best)).ok_or_else(|| Error::Training("training: expected a candidate, found none".into()))
}

/// Weights of mean 1 that fall with the size of a row's class: at `balance` 1 every class that occurs has the same sum.
pub fn balanced(labels: &[u32], classes: usize, balance: f64) -> Vec<f32> {
    let mut sizes = vec![0u32; classes];
    labels.iter().for_each(|label| sizes[*label as usize] += 1);
    let weights: Vec<f64> = labels.iter().map(|label| f64::from(sizes[*label as usize]).powf(-balance)).collect();
    let mean = weights.iter().sum::<f64>() / weights.len().max(1) as f64;
    weights.into_iter().map(|weight| (weight / mean) as f32).collect()
}

/// The class of the largest probability, the first of equals.
pub fn best_class(row: ndarray::ArrayView1<'_, f32>) -> u32 {
    let mut best = (0u32, f32::NEG_INFINITY);
    for (class, probability) in (0u32..).zip(row.iter()) {
        if *probability > best.1 {
            best = (class, *probability);
        }
    }
    best.0
}

/// Accuracy and macro-F1 over the classes that occur.
pub fn figures(probabilities: &Array2<f32>, labels: &[u32]) -> (f64, f64) {
    let classes = probabilities.ncols();
    let (mut right, mut given, mut own) = (vec![0u32; classes], vec![0u32; classes], vec![0u32; classes]);
    for (row, label) in probabilities.rows().into_iter().zip(labels) {
        let best = best_class(row);
        given[best as usize] += 1;
        own[*label as usize] += 1;
        right[*label as usize] += u32::from(best == *label);
    }
    let f1 = |class: usize| 2.0 * f64::from(right[class]) / f64::from((given[class] + own[class]).max(1));
    let present: Vec<usize> = (0..classes).filter(|class| own[*class] > 0).collect();
    let accuracy = f64::from(right.iter().sum::<u32>()) / labels.len().max(1) as f64;
    (accuracy, present.iter().map(|class| f1(*class)).sum::<f64>() / present.len().max(1) as f64)
}

/// The candidates that are tried without settings: few terms that travel for long reports, all terms for short texts; of one kind
/// where it is named.
pub fn candidates(samples: &Samples, kind: Option<&str>) -> Vec<Candidate> {
    let groups = samples.groups.iter().copied().collect::<BTreeSet<u32>>().len();
    let mut lengths: Vec<usize> = samples.corpus.samples.iter().map(|sample| sample.terms.len()).collect();
    lengths.sort_unstable();
    let long = lengths.get(lengths.len() / 2).copied().unwrap_or(0) > LONG_REPORT;
    let candidate = |mut recipe: Recipe, own: &str, strength: f64, balance: f64| {
        let limit = if groups >= 20 { 4 } else { 2 };
        recipe.min_groups = recipe.min_groups.min(limit);
        recipe.min_reports = recipe.min_reports.min(limit);
        Candidate { recipe, kind: kind.unwrap_or(own).to_string(), strength, balance }
    };
    let mut all = if long {
        vec![
            candidate(Recipe::few(150, 400), "logistic", 0.1, 0.75),
            candidate(Recipe::few(150, 400), "logistic", 0.3, 0.75),
            candidate(Recipe::few(400, 400), "logistic", 0.1, 0.75),
            candidate(Recipe::few(150, 400), "logistic", 0.1, 0.0),
        ]
    } else {
        vec![
            candidate(Recipe::many(None), "svm", 10.0, 0.0),
            candidate(Recipe::characters(), "svm", 10.0, 0.0),
            candidate(Recipe::many(None), "logistic", 10.0, 0.0),
        ]
    };
    all.dedup();
    all
}

/// Different terms that the middle report of a corpus of long reports has at least.
const LONG_REPORT: usize = 150;
