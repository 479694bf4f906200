//! From what training knows to a model card.

use std::path::Path;

use ndarray::Array2;

use super::learn::Labelled;
use super::train::write_whole;
use crate::models::train::{Fitted, Validated};
use crate::validation::compare::by_certainty;
use crate::validation::conformal::{Conformal, GROUPED_WARNING, Score};
use crate::validation::confusion::Confusion;
use crate::validation::groups::{GroupScores, by_group};
use crate::validation::reliability::{BINS, bins};
use crate::validation::scores::{Scores, said};
use crate::write::card::{Card, page};

/// Features shown for each label.
pub const FEATURES: usize = 8;
/// Reports a label should have before its figures mean much.
const FEW: u64 = 30;
/// Surest shares of the reports.
const SHARES: [f64; 5] = [1.0, 0.9, 0.75, 0.5, 0.25];

/// What a card is written of.
pub struct Subject<'a> {
    /// Name of the model.
    pub name: &'a str,
    /// What is stated about it.
    pub facts: Vec<(String, String)>,
    /// Names of the labels.
    pub labels: &'a [String],
    /// Probabilities of reports the model had not seen.
    pub probabilities: &'a Array2<f32>,
    /// Their labels.
    pub truth: &'a [u32],
    /// Their groups and the groups' names.
    pub groups: Option<(&'a [u32], &'a [String])>,
    /// Their folds, where they are those of the training.
    pub folds: Option<&'a [u32]>,
    /// The strongest features of each label.
    pub features: Vec<Vec<(String, f32)>>,
    /// Seed of the intervals.
    pub seed: u64,
}

/// Writes the card of a model that was just trained, with its figures out of fold.
///
/// # Errors
/// Where the file cannot be written.
pub fn of_training(path: &Path, name: &str, labelled: &Labelled, best: &Validated, fitted: &Fitted, grouped: bool, seed: u64) -> anyhow::Result<()> {
    let samples = &labelled.samples;
    let subject = Subject {
        name,
        facts: facts(labelled, best, fitted),
        labels: &samples.classes,
        probabilities: &best.probabilities,
        truth: &samples.labels,
        groups: grouped.then_some((&samples.groups[..], &labelled.group_names[..])),
        folds: Some(&samples.folds),
        features: (0..samples.classes.len()).map(|class| strongest(fitted, class)).collect(),
        seed,
    };
    write(path, subject)
}

/// Writes a card.
///
/// # Errors
/// Where the file cannot be written.
pub fn write(path: &Path, subject: Subject<'_>) -> anyhow::Result<()> {
    let Subject { probabilities, truth, labels, .. } = subject;
    let said = said(probabilities);
    let scores = Scores::new(probabilities, truth, subject.groups.map(|(groups, _)| groups), subject.seed)?;
    let mut by_group: Vec<(String, GroupScores)> = subject
        .groups
        .map(|(groups, names)| {
            let named = |own: GroupScores| (names.get(own.group as usize).cloned().unwrap_or_else(|| "(none)".into()), own);
            by_group(groups, truth, &said, labels.len()).into_iter().map(named).collect()
        })
        .unwrap_or_default();
    by_group.sort_by(|(a_name, a), (b_name, b)| {
        b.far_below.cmp(&a.far_below).then(a.accuracy.total_cmp(&b.accuracy)).then(b.reports.cmp(&a.reports)).then(a_name.cmp(b_name))
    });
    let card = Card {
        name: subject.name.to_string(),
        labels: labels.to_vec(),
        confusion: Confusion::new(truth, &said, labels.len()),
        bins: bins(probabilities, truth, BINS),
        certainty: by_certainty(probabilities, truth, &SHARES),
        limits: limits(&subject, &scores, &by_group),
        facts: subject.facts,
        features: subject.features,
        groups: by_group,
        scores,
    };
    write_whole(path, page(&card).as_bytes())
}

fn facts(labelled: &Labelled, best: &Validated, fitted: &Fitted) -> Vec<(String, String)> {
    let candidate = &best.candidate;
    [
        ("Kind", candidate.kind.clone()),
        ("Features", format!("{} by recipe {}", fitted.space.columns(), candidate.recipe.name)),
        ("Training reports", labelled.samples.labels.len().to_string()),
        ("Data (SHA-256 of ids, labels, texts)", labelled.data.clone()),
        ("Split", labelled.folds.clone()),
        ("Strength, class balance", format!("{}, {}", candidate.strength, candidate.balance)),
        ("Temperature", format!("{:.3}", best.temperature)),
        ("Program", format!("bingli {}", env!("CARGO_PKG_VERSION"))),
    ]
    .map(|(term, value)| (term.to_string(), value))
    .to_vec()
}

fn strongest(fitted: &Fitted, class: usize) -> Vec<(String, f32)> {
    let mut weights = fitted.model.weights(class);
    weights.retain(|(_, weight)| *weight > 0.0);
    weights.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    weights.truncate(FEATURES);
    weights.into_iter().map(|(column, weight)| (fitted.space.name(column), weight)).collect()
}

fn limits(subject: &Subject<'_>, scores: &Scores, groups: &[(String, GroupScores)]) -> Vec<String> {
    let mut out = vec![
        if subject.folds.is_some() {
            "The figures are those of reports left out in turn; the way to train was chosen on the same folds, which flatters it a little (train --nested does not).".to_string()
        } else {
            "The figures are those of the reports scored here; at another hospital they differ.".to_string()
        },
        "A label is a suggestion to a reader, not a diagnosis; every report the model was not made for gets one of the labels above all the same.".into(),
    ];
    match (subject.groups.is_some(), subject.folds.is_some()) {
        (true, true) => out.push(format!("Folds keep groups whole: the figures stand for a group never seen. {GROUPED_WARNING}.")),
        (false, true) => out.push("No groups were given: at another hospital expect less. Train with --group to see how much.".into()),
        (false, false) => out.push("No groups were given: whether some hospital or age fares worse is not known. Evaluate with --group.".into()),
        (true, false) => {}
    }
    for (label, own) in subject.labels.iter().zip(&scores.classes).filter(|(_, own)| own.reports < FEW) {
        out.push(format!("`{label}` has {} reports only: its figures may be chance.", own.reports));
    }
    for (name, own) in groups.iter().filter(|(_, own)| own.far_below) {
        out.push(format!("Group {name}: accuracy {:.3} against {:.3} elsewhere.", own.accuracy, own.elsewhere));
    }
    if let Some(Ok((covered, size))) = subject.folds.map(|folds| Conformal::cross_check(subject.probabilities, subject.truth, folds, Score::Lac, 0.95, false)) {
        out.push(format!("Prediction sets asked to hold the truth in 95 % of reports held it in {:.1} %, with {size:.2} labels on average.", 100.0 * covered));
    }
    out
}
