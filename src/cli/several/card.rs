//! From figures of several independent labels to their model card.

use std::path::Path;

use ndarray::Array2;

use crate::cli::train::write_whole;
use crate::validation::groups::{GroupScores, by_group};
use crate::validation::several::{SeveralScores, presence_bins};
use crate::write::card_several::{SeveralCard, page};

/// Reports with a label that its figures should rest on.
const FEW: u64 = 30;

/// What a card is written of. Shapes: reports × labels.
pub struct Subject<'a> {
    /// Name of the model.
    pub name: &'a str,
    /// What is stated about it.
    pub facts: Vec<(String, String)>,
    /// Names of the labels.
    pub labels: &'a [String],
    /// Probabilities of reports the model had not seen.
    pub probabilities: &'a Array2<f32>,
    /// The labels they were given.
    pub said: &'a Array2<bool>,
    /// For each label, the reports that have it.
    pub held: &'a [Vec<bool>],
    /// Their groups and the groups' names.
    pub groups: Option<(&'a [u32], &'a [String])>,
    /// Figures.
    pub scores: SeveralScores,
    /// The strongest features of each label.
    pub features: Vec<Vec<(String, f32)>>,
    /// Whether the reports are those of the training, left out in turn.
    pub in_training: bool,
}

/// Writes the card.
///
/// # Errors
/// Where the file cannot be written.
pub fn write(path: &Path, subject: Subject<'_>) -> anyhow::Result<()> {
    let right: Vec<u32> =
        subject.said.rows().into_iter().enumerate().map(|(at, row)| u32::from(row.iter().zip(subject.held).all(|(said, held)| *said == held[at]))).collect();
    let mut groups: Vec<(String, GroupScores)> = subject
        .groups
        .map(|(groups, names)| {
            let named = |own: GroupScores| (names.get(own.group as usize).cloned().unwrap_or_else(|| "(none)".into()), own);
            by_group(groups, &vec![1; right.len()], &right, 2).into_iter().map(named).collect()
        })
        .unwrap_or_default();
    groups.sort_by(|(a_name, a), (b_name, b)| {
        b.far_below.cmp(&a.far_below).then(a.accuracy.total_cmp(&b.accuracy)).then(b.reports.cmp(&a.reports)).then(a_name.cmp(b_name))
    });
    let card = SeveralCard {
        name: subject.name.to_string(),
        labels: subject.labels.to_vec(),
        bins: presence_bins(subject.probabilities, subject.held),
        limits: limits(&subject, &groups),
        facts: subject.facts,
        features: subject.features,
        groups,
        scores: subject.scores,
    };
    write_whole(path, page(&card).as_bytes())
}

fn limits(subject: &Subject<'_>, groups: &[(String, GroupScores)]) -> Vec<String> {
    let mut out = vec![
        if subject.in_training {
            "The figures are those of reports left out in turn, probabilities and thresholds by the others; the way to train was chosen on the same folds, which flatters it a little.".to_string()
        } else {
            "The figures are those of the reports scored here; at another hospital they differ.".to_string()
        },
        "A label is a suggestion to a reader, not a diagnosis; a label that no report was trained on is never given.".into(),
    ];
    if subject.groups.is_none() {
        out.push("No groups were given: whether some hospital or age fares worse is not known. Name them with --group.".into());
    }
    for (label, own) in subject.labels.iter().zip(&subject.scores.labels).filter(|(_, own)| own.reports < FEW) {
        out.push(format!("{} reports have `{label}`: its figures and its threshold may be chance.", own.reports));
    }
    for (name, own) in groups.iter().filter(|(_, own)| own.far_below) {
        out.push(format!("Group {name}: all labels right in {:.3} of the reports against {:.3} elsewhere.", own.accuracy, own.elsewhere));
    }
    out
}
