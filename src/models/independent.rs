//! Training for several independent labels a report: one feature space for all, a two-class model a label. Terms are chosen by the sets
//! of labels that reports have together, folds share those sets out, and the way to train is chosen by the mean F1 of the labels,
//! calibrated and cut at thresholds that the fold itself had no part in.

use std::collections::BTreeSet;
use std::sync::atomic::AtomicBool;

use ndarray::{Array2, Axis};

use super::multilabel::MultiLabel;
use super::presence::{cooled, shared_temperature, thresholds};
use super::train::{Candidate, Samples};
use super::{Classifier, kind};
use crate::error::{Error, Result};
use crate::features::{FeatureSpace, Rows};

/// Stands between the labels of a report.
pub const BETWEEN: char = ';';

/// Which reports have which labels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Names of the labels, sorted.
    pub names: Vec<String>,
    /// For each label, whether each sample has it.
    pub of: Vec<Vec<bool>>,
    /// Labels left out: too few reports have them, or all have.
    pub left_out: Vec<String>,
}

impl Held {
    /// The labels of samples whose classes are lists of labels; those of fewer than `least` reports, or of all, are left out.
    pub fn new(samples: &Samples, least: usize) -> Self {
        let lists: Vec<BTreeSet<&str>> = samples.classes.iter().map(|class| parts(class).collect()).collect();
        let (mut names, mut of, mut left_out) = (Vec::new(), Vec::new(), Vec::new());
        for name in lists.iter().flatten().copied().collect::<BTreeSet<&str>>() {
            let held: Vec<bool> = samples.labels.iter().map(|list| lists.get(*list as usize).is_some_and(|list| list.contains(name))).collect();
            let with = held.iter().filter(|held| **held).count();
            if with >= least && with < held.len() {
                names.push(name.to_string());
                of.push(held);
            } else {
                left_out.push(name.to_string());
            }
        }
        Self { names, of, left_out }
    }
}

/// The labels of a list.
pub fn parts(list: &str) -> impl Iterator<Item = &str> {
    list.split([BETWEEN, '；', '|']).map(str::trim).filter(|part| !part.is_empty())
}

/// How well labels are found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Figures {
    /// Share of reports whose labels are all right.
    pub exact: f64,
    /// F1 over all labels of all reports.
    pub micro_f1: f64,
    /// Mean F1 of the labels.
    pub macro_f1: f64,
}

/// What cross-validation gave for a way to train.
#[derive(Debug, Clone)]
pub struct Found<'a> {
    /// The way.
    pub candidate: &'a Candidate,
    /// Probabilities of each sample by models that did not see its fold, calibrated on the other folds. Shape: samples × labels.
    pub probabilities: Array2<f32>,
    /// Which labels each sample was given, by thresholds chosen on the other folds. Shape: samples × labels.
    pub said: Array2<bool>,
    /// The temperature of the model that is fitted on everything.
    pub temperature: f32,
    /// Figures of what was said.
    pub figures: Figures,
}

/// Figures of labels that were said. Shape: samples × labels.
pub fn figures(said: &Array2<bool>, held: &[Vec<bool>]) -> Figures {
    let f1 = |right: usize, said: usize, own: usize| 2.0 * right as f64 / (said + own).max(1) as f64;
    let mut all = (0, 0, 0);
    let mut sum = 0.0;
    for (column, own) in said.columns().into_iter().zip(held) {
        let right = column.iter().zip(own).filter(|(said, own)| **said && **own).count();
        let (said, own) = (column.iter().filter(|said| **said).count(), own.iter().filter(|held| **held).count());
        sum += f1(right, said, own);
        all = (all.0 + right, all.1 + said, all.2 + own);
    }
    let exact = said.rows().into_iter().enumerate().filter(|(at, row)| row.iter().zip(held).all(|(said, own)| *said == own[*at]));
    Figures { exact: exact.count() as f64 / said.nrows().max(1) as f64, micro_f1: f1(all.0, all.1, all.2), macro_f1: sum / held.len().max(1) as f64 }
}

/// A space and a model a label, fitted on some rows. Labels that all those rows have, or none, are left out: gives the places of those kept.
///
/// # Errors
/// What cannot be learned, or a stop.
pub fn fit(
    candidate: &Candidate,
    samples: &Samples,
    held: &Held,
    rows: &[usize],
    seed: u64,
    stop: &AtomicBool,
) -> Result<(FeatureSpace, MultiLabel, Vec<usize>)> {
    let of = Rows { rows, labels: &samples.labels, classes: samples.classes.len(), groups: &samples.groups };
    let space = FeatureSpace::fit(&samples.corpus, &of, &candidate.recipe)?;
    let x = space.matrix(&samples.corpus, rows);
    let groups: Vec<u32> = rows.iter().map(|row| samples.groups[*row]).collect();
    let (mut kept, mut own) = (Vec::new(), Vec::new());
    for (place, held) in held.of.iter().enumerate() {
        let held: Vec<bool> = rows.iter().map(|row| held[*row]).collect();
        if held.contains(&true) && held.contains(&false) {
            kept.push(place);
            own.push(held);
        }
    }
    let params = kind::settings_with(&candidate.kind, candidate.strength, space.views())?;
    let model = MultiLabel::fit(&*params, &x, &own, &vec![1.0; rows.len()], Some(&groups), seed, stop)?;
    Ok((space, model, kept))
}

/// The best of some ways to train by the mean F1 of the labels.
///
/// # Errors
/// No way at all; what cannot be learned; a stop.
pub fn choose<'a>(
    candidates: &'a [Candidate],
    samples: &Samples,
    held: &Held,
    seed: u64,
    stop: &AtomicBool,
    progress: &mut dyn FnMut(&Found<'_>),
) -> Result<Found<'a>> {
    let mut best: Option<Found<'_>> = None;
    for candidate in candidates {
        let found = validate(candidate, samples, held, seed, stop)?;
        progress(&found);
        if best.as_ref().is_none_or(|best| found.figures.macro_f1 > best.figures.macro_f1 + 1e-9) {
            best = Some(found);
        }
    }
    best.ok_or_else(|| Error::Training("training: expected a candidate, found none".into()))
}

/// What models say of samples whose fold they did not see, temperature and thresholds of each fold being those of the others.
fn validate<'a>(candidate: &'a Candidate, samples: &Samples, held: &Held, seed: u64, stop: &AtomicBool) -> Result<Found<'a>> {
    let (rows, labels) = (samples.labels.len(), held.names.len());
    // None where the models of a fold could not know the label: all their reports had it, or none.
    let mut raw: Array2<Option<f32>> = Array2::from_elem((rows, labels), None);
    for fold in 0..samples.fold_count {
        let (inside, outside): (Vec<usize>, Vec<usize>) = (0..rows).partition(|row| samples.folds[*row] == fold);
        if inside.is_empty() {
            continue;
        }
        let (space, model, kept) = fit(candidate, samples, held, &outside, seed, stop)?;
        let found = model.probabilities(&space.matrix(&samples.corpus, &inside));
        for (place, column) in kept.into_iter().zip(found.columns()) {
            inside.iter().zip(column).for_each(|(row, chance)| raw[[*row, place]] = Some(*chance));
        }
    }
    let heat = |others: &dyn Fn(usize) -> bool| {
        let pairs = raw.indexed_iter().filter(|((row, _), _)| others(*row)).filter_map(|((row, label), chance)| Some(((*chance)?, held.of[label][row])));
        shared_temperature(&pairs.collect::<Vec<(f32, bool)>>())
    };
    let (mut probabilities, mut said) = (Array2::zeros((rows, labels)), Array2::from_elem((rows, labels), false));
    for fold in 0..samples.fold_count {
        let own = heat(&|row| samples.folds[row] != fold);
        for ((row, label), chance) in raw.indexed_iter().filter(|((row, _), _)| samples.folds[*row] == fold) {
            probabilities[[row, label]] = chance.map_or(0.0, |chance| cooled(chance, own));
        }
    }
    for fold in 0..samples.fold_count {
        let others: Vec<usize> = (0..rows).filter(|row| samples.folds[*row] != fold).collect();
        let of: Vec<Vec<bool>> = held.of.iter().map(|held| others.iter().map(|row| held[*row]).collect()).collect();
        let least = thresholds(&probabilities.select(Axis(0), &others), &of);
        for row in (0..rows).filter(|row| samples.folds[*row] == fold) {
            (0..labels).for_each(|label| said[[row, label]] = probabilities[[row, label]] >= least[label]);
        }
    }
    let figures = figures(&said, &held.of);
    Ok(Found { candidate, temperature: heat(&|_| true), probabilities, said, figures })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_parted_and_rare_labels_left_out() {
        let classes: Vec<String> = ["a", "a; b", "b；c|", "d"].map(String::from).to_vec();
        let samples = Samples { corpus: Default::default(), labels: vec![0, 1, 1, 2, 3], classes, groups: vec![0; 5], folds: vec![0; 5], fold_count: 1 };
        let held = Held::new(&samples, 2);
        assert_eq!((held.names.join(" "), held.left_out.join(" ")), ("a b".into(), "c d".into()));
        assert_eq!(held.of, [[true, true, true, false, false], [false, true, true, true, false]]);
        let said = ndarray::arr2(&[[true, false], [true, true], [false, true], [false, true], [false, true]]);
        let found = figures(&said, &held.of);
        assert!((found.exact - 0.6).abs() < 1e-9 && (found.micro_f1 - 10.0 / 12.0).abs() < 1e-9, "{found:?}");
    }
}
