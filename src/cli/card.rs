//! From what training knows to a model card.

use std::path::Path;

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
const FEATURES: usize = 8;
/// Reports a label should have before its figures mean much.
const FEW: u64 = 30;
/// Surest shares of the reports.
const SHARES: [f64; 5] = [1.0, 0.9, 0.75, 0.5, 0.25];

/// Writes the card of a model.
///
/// # Errors
/// Where the file cannot be written.
pub fn write(path: &Path, name: &str, labelled: &Labelled, best: &Validated, fitted: &Fitted, grouped: bool, seed: u64) -> anyhow::Result<()> {
    let samples = &labelled.samples;
    let groups = grouped.then_some(&samples.groups[..]);
    let said = said(&best.probabilities);
    let scores = Scores::new(&best.probabilities, &samples.labels, groups, seed)?;
    let mut by_group: Vec<(String, GroupScores)> = groups
        .map(|groups| by_group(groups, &samples.labels, &said, samples.classes.len()))
        .unwrap_or_default()
        .into_iter()
        .map(|own| (labelled.group_names.get(own.group as usize).cloned().unwrap_or_else(|| "(none)".into()), own))
        .collect();
    by_group.sort_by(|(a_name, a), (b_name, b)| {
        b.far_below.cmp(&a.far_below).then(a.accuracy.total_cmp(&b.accuracy)).then(b.reports.cmp(&a.reports)).then(a_name.cmp(b_name))
    });
    let card = Card {
        name: name.to_string(),
        facts: facts(labelled, best, fitted),
        labels: samples.classes.clone(),
        confusion: Confusion::new(&samples.labels, &said, samples.classes.len()),
        bins: bins(&best.probabilities, &samples.labels, BINS),
        certainty: by_certainty(best, &samples.labels, &SHARES),
        features: (0..samples.classes.len()).map(|class| strongest(fitted, class)).collect(),
        limits: limits(labelled, best, &scores, &by_group, grouped),
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

fn limits(labelled: &Labelled, best: &Validated, scores: &Scores, groups: &[(String, GroupScores)], grouped: bool) -> Vec<String> {
    let samples = &labelled.samples;
    let mut out = vec![
        "The figures are those of reports left out in turn; the way to train was chosen on the same folds, which flatters it a little.".to_string(),
        "A label is a suggestion to a reader, not a diagnosis; every report the model was not made for gets one of the labels above all the same.".into(),
    ];
    if grouped {
        out.push(format!("Folds keep groups whole: the figures stand for a group never seen. {GROUPED_WARNING}."));
    } else {
        out.push("No groups were given: at another hospital expect less. Train with --group to see how much.".into());
    }
    for (label, own) in samples.classes.iter().zip(&scores.classes).filter(|(_, own)| own.reports < FEW) {
        out.push(format!("`{label}` has {} reports only: its figures may be chance.", own.reports));
    }
    for (name, own) in groups.iter().filter(|(_, own)| own.far_below) {
        out.push(format!("Group {name}: accuracy {:.3} against {:.3} elsewhere.", own.accuracy, own.elsewhere));
    }
    if let Ok((covered, size)) = Conformal::cross_check(&best.probabilities, &samples.labels, &samples.folds, Score::Lac, 0.95, false) {
        out.push(format!("Prediction sets asked to hold the truth in 95 % of reports held it in {:.1} %, with {size:.2} labels on average.", 100.0 * covered));
    }
    out
}
