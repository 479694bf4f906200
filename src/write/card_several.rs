//! The model card of a model of several independent labels a report: what the other card says, as far as it has a meaning here. Figures
//! are of each label for itself; there is no confusion of one label with another.

use maud::html;

use super::card::{GROUPS, calibration, figure, frame};
use crate::validation::groups::GroupScores;
use crate::validation::reliability::Bin;
use crate::validation::several::SeveralScores;

/// What a card says.
#[derive(Debug)]
pub struct SeveralCard {
    /// Name of the model.
    pub name: String,
    /// What is stated about it, as term and value.
    pub facts: Vec<(String, String)>,
    /// Labels, in the order of the figures.
    pub labels: Vec<String>,
    /// Figures on reports the model had not seen.
    pub scores: SeveralScores,
    /// Points of the calibration plot.
    pub bins: Vec<Bin>,
    /// Groups by name, the worst first; right is a report whose labels are all right.
    pub groups: Vec<(String, GroupScores)>,
    /// The strongest features of each label with their weights.
    pub features: Vec<Vec<(String, f32)>>,
    /// Where not to trust it.
    pub limits: Vec<String>,
}

/// The page.
pub fn page(card: &SeveralCard) -> String {
    let scores = &card.scores;
    let figures = [
        ("All labels of a report right", Some(scores.exact), scores.exact_interval),
        ("Labels wrongly given or missing", Some(scores.hamming_loss), None),
        ("Macro-F1", Some(scores.macro_mean.f1), scores.macro_f1_interval),
        ("Micro-F1", Some(scores.micro.f1), scores.micro_f1_interval),
        ("Macro precision", Some(scores.macro_mean.precision), None),
        ("Macro recall", Some(scores.macro_mean.recall), None),
        ("AUROC (mean of the labels)", scores.auroc, None),
        ("Average precision (likewise)", scores.average_precision, None),
        ("Log loss (of a report and label)", Some(scores.log_loss), None),
        ("Brier score (likewise)", Some(scores.brier), None),
        ("Expected calibration error, 15 bins (likewise)", Some(scores.calibration_error), None),
    ];
    let rest = html! {
        h2 { "Calibration" }
        (calibration(&card.bins, "probability of a label", "share that has it"))
        p { "Dots on the line: of reports given a label with a probability, that share has it. Size: number of reports and labels." }
        h2 { "Labels" }
        table {
            tr { th { "label" } th.n { "reports" } th.n { "given from" } th.n { "precision" } th.n { "recall" } th.n { "F1" } th.n { "AUROC" } th { "features that speak most for it" } }
            @for ((label, own), features) in card.labels.iter().zip(&scores.labels).zip(&card.features) {
                tr {
                    td { (label) } td.n { (own.reports) } td.n { (format!("{:.2}", own.threshold)) } td.n { (format!("{:.3}", own.triple.precision)) }
                    td.n { (format!("{:.3}", own.triple.recall)) } td.n { (format!("{:.3}", own.triple.f1)) } td.n { (figure(own.auroc)) }
                    td { @for (feature, _) in features { (feature) "; " } }
                }
            }
        }
        @if !card.groups.is_empty() {
            h2 { "Groups" }
            table {
                tr { th { "group" } th.n { "reports" } th.n { "all labels right" } th.n { "elsewhere" } th {} }
                @for (name, own) in card.groups.iter().take(GROUPS) {
                    tr class=[own.far_below.then_some("warn")] {
                        td { (name) } td.n { (own.reports) } td.n { (format!("{:.3}", own.accuracy)) } td.n { (format!("{:.3}", own.elsewhere)) }
                        td { @if own.far_below { "far below the rest" } }
                    }
                }
            }
            @if card.groups.len() > GROUPS { p { (card.groups.len() - GROUPS) " more groups, none of them worse than these." } }
        }
    };
    frame(&card.name, &card.facts, scores.reports, &figures, &rest, &card.limits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::validation::several::presence_bins;

    #[test]
    fn a_card_has_each_label_escaped_with_its_threshold() {
        let probabilities = ndarray::arr2(&[[0.9f32, 0.1], [0.2, 0.6]]);
        let held = [vec![true, false], vec![false, true]];
        let said = probabilities.mapv(|chance| chance >= 0.5);
        let card = SeveralCard {
            name: "several".into(),
            facts: vec![("Data".into(), "abc".into())],
            labels: vec!["<b>".into(), "肝".into()],
            scores: SeveralScores::new(&probabilities, &said, &held, &[0.35, 0.5], None, 1).unwrap(),
            bins: presence_bins(&probabilities, &held),
            groups: Vec::new(),
            features: vec![vec![("word:x".into(), 1.0)], Vec::new()],
            limits: vec!["few reports".into()],
        };
        let page = page(&card);
        for part in ["&lt;b&gt;", "肝", "0.35", "word:x", "few reports", "<svg"] {
            assert!(page.contains(part), "{part}");
        }
        assert!(!page.contains("http"));
    }
}
