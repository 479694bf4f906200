//! Training: recipes and strengths are compared on the same folds, the best is calibrated on what its folds never saw, and then
//! fitted on everything. Folds keep groups (hospitals) whole where groups are known: what counts is the next hospital.

use std::collections::BTreeSet;
use std::sync::atomic::AtomicBool;

use ndarray::Array2;
use serde::{Deserialize, Serialize};

use super::balance::{Resampling, balanced, resample, together};
use super::kind;
use super::scale::{scale, temperature};
use super::vote;
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
    /// How far weights even out the sizes of groups, likewise.
    #[serde(default)]
    pub group_balance: f64,
    /// Whether reports are drawn so that classes come equally often.
    #[serde(default)]
    pub resampling: Resampling,
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
        let drawn = resample(rows, &samples.labels, self.resampling, seed);
        let rows = &drawn[..];
        let x = space.matrix(&samples.corpus, rows);
        let labels: Vec<u32> = rows.iter().map(|row| samples.labels[*row]).collect();
        let groups: Vec<u32> = rows.iter().map(|row| samples.groups[*row]).collect();
        let weights = together(&[balanced(&labels, self.balance), balanced(&groups, self.group_balance)]);
        let targets = Targets { labels: &labels, classes: samples.classes.len(), weights: &weights, groups: Some(&groups) };
        let model = kind::settings_with(&self.kind, self.strength, space.views())?.fit(&x, &targets, seed, stop)?;
        Ok(Fitted { space, model })
    }

    /// Probabilities of every sample by a model that did not see its fold.
    ///
    /// # Errors
    /// What cannot be learned, or a stop.
    pub fn validate(&self, samples: &Samples, seed: u64, stop: &AtomicBool) -> Result<Validated> {
        let all: Vec<usize> = (0..samples.labels.len()).collect();
        self.validate_on(samples, &all, seed, stop)
    }

    /// The same with some samples only, as if there were no others; those left out keep probabilities of 0.
    fn validate_on(&self, samples: &Samples, rows: &[usize], seed: u64, stop: &AtomicBool) -> Result<Validated> {
        let mut raw = Array2::zeros((samples.labels.len(), samples.classes.len()));
        for fold in 0..samples.fold_count {
            let (inside, outside): (Vec<usize>, Vec<usize>) = rows.iter().partition(|row| samples.folds[**row] == fold);
            if inside.is_empty() {
                continue;
            }
            let found = self.fit(samples, &outside, seed, stop)?.probabilities(samples, &inside);
            inside.iter().zip(found.rows()).for_each(|(row, found)| raw.row_mut(*row).assign(&found));
        }
        let known = samples.known_elsewhere(rows);
        let mut probabilities = raw.clone();
        for fold in 0..samples.fold_count {
            let others: Vec<usize> = known.iter().copied().filter(|row| samples.folds[*row] != fold).collect();
            let own = temperature_of(&raw, &samples.labels, &others);
            for row in rows.iter().filter(|row| samples.folds[**row] == fold) {
                scale(probabilities.row_mut(*row), own);
            }
        }
        let (accuracy, macro_f1) = figures_on(&probabilities, &samples.labels, rows);
        Ok(Validated { candidate: self.clone(), temperature: temperature_of(&raw, &samples.labels, &known), probabilities, accuracy, macro_f1 })
    }
}

impl Fitted {
    /// Probabilities of some samples, as the model gives them.
    pub fn probabilities(&self, samples: &Samples, rows: &[usize]) -> Array2<f32> {
        self.model.probabilities(&self.space.matrix(&samples.corpus, rows))
    }
}

impl Samples {
    /// Rows whose class the model that did not see their fold could know: a class that stands in one fold only is unknown there, and
    /// would teach the temperature nothing but despair.
    fn known_elsewhere(&self, rows: &[usize]) -> Vec<usize> {
        let mut folds: Vec<BTreeSet<u32>> = vec![BTreeSet::new(); self.classes.len()];
        rows.iter().for_each(|row| {
            folds[self.labels[*row] as usize].insert(self.folds[*row]);
        });
        rows.iter().copied().filter(|row| folds[self.labels[*row] as usize].len() > 1).collect()
    }
}

fn temperature_of(raw: &Array2<f32>, labels: &[u32], rows: &[usize]) -> f32 {
    let labels: Vec<u32> = rows.iter().map(|row| labels[*row]).collect();
    temperature(&raw.select(ndarray::Axis(0), rows), &labels)
}

/// Validates every candidate and gives them in their order, with the place of the best by the mean of accuracy and macro-F1;
/// the first of equals, and a vote only where it is clearly better.
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
    let rows: Vec<usize> = (0..samples.labels.len()).collect();
    choose_on(candidates, samples, &rows, seed, stop, progress)
}

fn choose_on(
    candidates: &[Candidate],
    samples: &Samples,
    rows: &[usize],
    seed: u64,
    stop: &AtomicBool,
    progress: &mut dyn FnMut(&Validated),
) -> Result<(Vec<Validated>, usize)> {
    let mut all = Vec::with_capacity(candidates.len());
    for candidate in candidates {
        let validated = candidate.validate_on(samples, rows, seed, stop)?;
        progress(&validated);
        all.push(validated);
    }
    let merit = |at: usize| all.get(at).map_or(0.0, |validated: &Validated| f64::midpoint(validated.accuracy, validated.macro_f1));
    let voters = |at: usize| all.get(at).is_some_and(|validated| validated.candidate.kind == vote::KIND);
    // Voters explain themselves less exactly than one model: where one model will do, it is taken.
    let better = |next: usize, best: usize| merit(next) > merit(best) + if voters(next) && !voters(best) { CLEARLY } else { 1e-9 };
    let best = (0..all.len()).reduce(|best, next| if better(next, best) { next } else { best });
    best.map(|best| (all, best)).ok_or_else(|| Error::Training("training: expected a candidate, found none".into()))
}

/// Nested validation: for each fold the way to train is chosen on the other folds alone, so that the choice flatters nothing. Gives
/// probabilities, temperature and figures of models chosen so; the candidate is the one chosen most often, the first of equals.
///
/// # Errors
/// [`Error::Training`] with fewer than three folds; what cannot be learned; a stop.
pub fn nested(candidates: &[Candidate], samples: &Samples, seed: u64, stop: &AtomicBool, progress: &mut dyn FnMut(u32, &Validated)) -> Result<Validated> {
    if samples.fold_count < 3 {
        return Err(Error::Training(format!("nested validation: expected at least three folds, found {}; give --folds 3 or more", samples.fold_count)));
    }
    let mut probabilities = Array2::zeros((samples.labels.len(), samples.classes.len()));
    let (mut chosen, mut temperatures) = (vec![0usize; candidates.len()], 0.0);
    for fold in 0..samples.fold_count {
        let (inside, outside): (Vec<usize>, Vec<usize>) = (0..samples.labels.len()).partition(|row| samples.folds[*row] == fold);
        let (mut all, best) = choose_on(candidates, samples, &outside, seed, stop, &mut |_| ())?;
        let best_validated = all.swap_remove(best);
        progress(fold, &best_validated);
        chosen[best] += 1;
        temperatures += best_validated.temperature / samples.fold_count as f32;
        let found = best_validated.candidate.fit(samples, &outside, seed, stop)?.probabilities(samples, &inside);
        for (row, found) in inside.iter().zip(found.rows()) {
            probabilities.row_mut(*row).assign(&found);
            scale(probabilities.row_mut(*row), best_validated.temperature);
        }
    }
    let most = (0..candidates.len()).reduce(|most, next| if chosen[next] > chosen[most] { next } else { most });
    let candidate = most.and_then(|at| candidates.get(at)).cloned().ok_or_else(|| Error::Training("training: expected a candidate, found none".into()))?;
    let (accuracy, macro_f1) = figures(&probabilities, &samples.labels);
    Ok(Validated { candidate, probabilities, temperature: temperatures, accuracy, macro_f1 })
}

/// Hold-out: all that is chosen and calibrated is so without the rows `held`, whose probabilities then come from a model fitted on the
/// others, and whose figures are those given. The other rows keep their out-of-fold probabilities.
///
/// # Errors
/// What cannot be learned; a stop.
pub fn hold_out(
    candidates: &[Candidate],
    samples: &Samples,
    held: &[usize],
    seed: u64,
    stop: &AtomicBool,
    progress: &mut dyn FnMut(&Validated),
) -> Result<Validated> {
    let apart: BTreeSet<usize> = held.iter().copied().collect();
    let rows: Vec<usize> = (0..samples.labels.len()).filter(|row| !apart.contains(row)).collect();
    let (mut all, best) = choose_on(candidates, samples, &rows, seed, stop, progress)?;
    let mut best = all.swap_remove(best);
    let found = best.candidate.fit(samples, &rows, seed, stop)?.probabilities(samples, held);
    for (row, found) in held.iter().zip(found.rows()) {
        best.probabilities.row_mut(*row).assign(&found);
        scale(best.probabilities.row_mut(*row), best.temperature);
    }
    (best.accuracy, best.macro_f1) = figures_on(&best.probabilities, &samples.labels, held);
    Ok(best)
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

fn figures_on(probabilities: &Array2<f32>, labels: &[u32], rows: &[usize]) -> (f64, f64) {
    let own: Vec<u32> = rows.iter().map(|row| labels[*row]).collect();
    figures(&probabilities.select(ndarray::Axis(0), rows), &own)
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
        Candidate { recipe, kind: kind.unwrap_or(own).to_string(), strength, balance, group_balance: 0.0, resampling: Resampling::None }
    };
    let mut all = if long {
        vec![
            candidate(Recipe::few(150, 400), "logistic", 0.1, 1.0),
            candidate(Recipe::few(150, 400), "logistic", 0.1, 0.75),
            candidate(Recipe::few(150, 400), "logistic", 0.3, 0.75),
            candidate(Recipe::few(400, 400), "logistic", 0.1, 0.75),
            candidate(Recipe::few(150, 400), "vote", 0.1, 1.0),
        ]
    } else {
        vec![
            candidate(Recipe::many(None), "svm", 10.0, 0.0),
            candidate(Recipe::runs(), "svm", 10.0, 0.0),
            candidate(Recipe::phrases(), "svm", 40.0, 0.0),
            candidate(Recipe::views(), "vote", 10.0, 0.0),
        ]
    };
    // Views are for voters, and voters for views.
    if !long && let Some(kind) = kind {
        all.retain(|candidate| candidate.recipe.views.is_empty() != (kind == "vote"));
    }
    all.dedup();
    all
}

/// How much better a vote must be than one model: a report in a thousand.
const CLEARLY: f64 = 0.001;

/// Different terms that the middle report of a corpus of long reports has at least.
const LONG_REPORT: usize = 150;
