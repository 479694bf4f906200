//! The model card: one HTML page that says what a model was trained on, how well it does and where not to trust it.
//! Nothing from elsewhere, drawn with inline SVG, fit for print. It holds labels and features, never a report's text.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::validation::confusion::Confusion;
use crate::validation::groups::GroupScores;
use crate::validation::reliability::Bin;
use crate::validation::scores::Scores;

/// What a card says.
#[derive(Debug)]
pub struct Card {
    /// Name of the model.
    pub name: String,
    /// What is stated about it, as term and value: kind, features, data hash, folds, versions.
    pub facts: Vec<(String, String)>,
    /// Labels, in the order of the figures.
    pub labels: Vec<String>,
    /// Figures on reports the model had not seen.
    pub scores: Scores,
    /// Truth by what was said.
    pub confusion: Confusion,
    /// Points of the calibration plot.
    pub bins: Vec<Bin>,
    /// Share of reports from the surest down, probability at the cut, accuracy above it.
    pub certainty: Vec<(f64, f64, f64)>,
    /// Groups by name, the worst first.
    pub groups: Vec<(String, GroupScores)>,
    /// The strongest features of each label with their weights.
    pub features: Vec<Vec<(String, f32)>>,
    /// Where not to trust it.
    pub limits: Vec<String>,
}

/// Groups shown.
pub(super) const GROUPS: usize = 30;
const STYLE: &str = "body{font:14px/1.45 system-ui,sans-serif;margin:2em auto;max-width:72em;padding:0 1em;color:#1b1b1b}\
h1{font-size:1.6em}h2{font-size:1.15em;margin-top:1.8em;border-bottom:1px solid #ccc}table{border-collapse:collapse}\
td,th{padding:.15em .7em;text-align:left;border-bottom:1px solid #e4e4e4;vertical-align:top}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}\
.plots{display:flex;flex-wrap:wrap;gap:2em}.warn{background:#fff3d6}svg text{font:10px system-ui,sans-serif}\
@media print{body{margin:0;font-size:11px}h2{break-after:avoid}table,svg{break-inside:avoid}}";

/// The page.
pub fn page(card: &Card) -> String {
    let scores = &card.scores;
    let figures = [
        ("Accuracy", Some(scores.accuracy), scores.accuracy_interval),
        ("Macro-F1", Some(scores.macro_mean.f1), scores.macro_f1_interval),
        ("Macro precision", Some(scores.macro_mean.precision), None),
        ("Macro recall", Some(scores.macro_mean.recall), None),
        ("Weighted F1", Some(scores.weighted.f1), None),
        ("Matthews correlation", Some(scores.matthews), None),
        ("AUROC (mean of one against the rest)", scores.auroc, scores.auroc_interval),
        ("Average precision (likewise)", scores.average_precision, None),
        ("Log loss", Some(scores.log_loss), None),
        ("Brier score", Some(scores.brier), None),
        ("Expected calibration error, 15 bins", Some(scores.calibration_error), scores.calibration_error_interval),
    ];
    let rest = html! {
        div.plots {
            div { h2 { "Calibration" } (calibration(&card.bins, "probability of the label said", "share right")) p { "Dots on the line: the model is as often right as it says. Size: number of reports." } }
            div {
                h2 { "The surest reports" }
                table {
                    tr { th.n { "share" } th.n { "probability at least" } th.n { "accuracy" } }
                    @for (share, probability, accuracy) in &card.certainty { tr { td.n { (format!("{:.0} %", share * 100.0)) } td.n { (format!("{probability:.3}")) } td.n { (format!("{accuracy:.3}")) } } }
                }
            }
        }
        h2 { "Labels" }
        table {
            tr { th { "label" } th.n { "reports" } th.n { "precision" } th.n { "recall" } th.n { "F1" } th.n { "AUROC" } th { "features that speak most for it" } }
            @for (at, label) in card.labels.iter().enumerate() {
                @if let Some(own) = scores.classes.get(at) {
                    tr {
                        td { (label) } td.n { (own.reports) } td.n { (format!("{:.3}", own.triple.precision)) } td.n { (format!("{:.3}", own.triple.recall)) }
                        td.n { (format!("{:.3}", own.triple.f1)) } td.n { (figure(own.auroc)) }
                        td { @for (feature, _) in card.features.get(at).into_iter().flatten() { (feature) "; " } }
                    }
                }
            }
        }
        h2 { "Confusion matrix" }
        (confusion(&card.confusion, &card.labels))
        @if !card.groups.is_empty() {
            h2 { "Groups" }
            table {
                tr { th { "group" } th.n { "reports" } th.n { "accuracy" } th.n { "macro-F1" } th.n { "accuracy elsewhere" } th {} }
                @for (name, own) in card.groups.iter().take(GROUPS) {
                    tr class=[own.far_below.then_some("warn")] {
                        td { (name) } td.n { (own.reports) } td.n { (format!("{:.3}", own.accuracy)) } td.n { (format!("{:.3}", own.macro_f1)) } td.n { (format!("{:.3}", own.elsewhere)) }
                        td { @if own.far_below { "far below the rest" } }
                    }
                }
            }
            @if card.groups.len() > GROUPS { p { (card.groups.len() - GROUPS) " more groups, none of them worse than these." } }
        }
    };
    frame(&card.name, &card.facts, scores.reports, &figures, &rest, &card.limits)
}

/// A figure by its name, with its 95 % interval where there is one.
pub(super) type Figure = (&'static str, Option<f64>, Option<(f64, f64)>);

/// A figure to three digits.
pub(super) fn figure(value: Option<f64>) -> String {
    value.map_or_else(|| "–".to_string(), |value| format!("{value:.3}"))
}

/// What every card begins and ends with: name, facts and figures; limits.
pub(super) fn frame(name: &str, facts: &[(String, String)], reports: usize, figures: &[Figure], rest: &Markup, limits: &[String]) -> String {
    let interval = |interval: &Option<(f64, f64)>| interval.map_or_else(String::new, |(low, high)| format!("{low:.3} – {high:.3}"));
    html! {
        (DOCTYPE)
        html lang="en" {
            head { meta charset="utf-8"; meta name="viewport" content="width=device-width"; title { "Model card: " (name) } style { (PreEscaped(STYLE)) } }
            body {
                h1 { "Model card: " (name) }
                table { @for (term, value) in facts { tr { th { (term) } td { (value) } } } }
                h2 { "Figures on " (reports) " reports the model had not seen" }
                table {
                    tr { th { "figure" } th.n { "value" } th { "95 % interval" } }
                    @for (name, value, range) in figures { tr { td { (name) } td.n { (figure(*value)) } td { (interval(range)) } } }
                }
                (rest)
                h2 { "Limits" }
                ul { @for limit in limits { li { (limit) } } }
            }
        }
    }
    .into_string()
}

/// Confidence against accuracy, a dot a bin.
pub(super) fn calibration(bins: &[Bin], across: &str, up: &str) -> Markup {
    const SIDE: f64 = 240.0;
    let (x, y) = (|value: f64| format!("{:.1}", 30.0 + value * SIDE), |value: f64| format!("{:.1}", 10.0 + (1.0 - value) * SIDE));
    let all = bins.iter().map(|bin| bin.count).sum::<usize>().max(1) as f64;
    html! {
        svg width="290" height="290" viewBox="0 0 290 290" role="img" aria-label="calibration plot" {
            rect x="30" y="10" width=(SIDE) height=(SIDE) fill="none" stroke="#999" {}
            line x1=(x(0.0)) y1=(y(0.0)) x2=(x(1.0)) y2=(y(1.0)) stroke="#bbb" stroke-dasharray="4 3" {}
            @for bin in bins.iter().filter(|bin| bin.count > 0) {
                circle cx=(x(bin.confidence)) cy=(y(bin.accuracy)) r=(format!("{:.1}", 2.5 + 9.0 * (bin.count as f64 / all).sqrt())) fill="#2a6fb0" fill-opacity="0.65" {
                    title { (bin.count) " reports, confidence " (format!("{:.3}", bin.confidence)) ", accuracy " (format!("{:.3}", bin.accuracy)) }
                }
            }
            @for tick in [0.0, 0.5, 1.0] {
                text x=(x(tick)) y="264" text-anchor="middle" { (tick) }
                text x="26" y=(y(tick)) text-anchor="end" { (tick) }
            }
            text x="150" y="282" text-anchor="middle" { (across) }
            text x="10" y="130" text-anchor="middle" transform="rotate(-90 10 130)" { (up) }
        }
    }
}

/// Truth by what was said, shaded by the share of the truth.
fn confusion(counts: &Confusion, labels: &[String]) -> Markup {
    let classes = counts.classes();
    let cell = if classes > 12 { 26 } else { 40 };
    let left = 12 + 6 * labels.iter().map(|label| label.chars().map(|sign| if sign.is_ascii() { 1 } else { 2 }).sum::<usize>()).max().unwrap_or(0).min(30);
    let (width, height) = (left + cell * classes + 10, left + cell * classes + 10);
    html! {
        svg width=(width) height=(height) viewBox=(format!("0 0 {width} {height}")) role="img" aria-label="confusion matrix, truth by row" {
            @for (at, label) in labels.iter().take(classes).enumerate() {
                text x=(left - 4) y=(left + cell * at + cell / 2 + 3) text-anchor="end" { (short(label)) }
                text transform=(format!("translate({},{}) rotate(-90)", left + cell * at + cell / 2 + 3, left - 4)) { (short(label)) }
            }
            @for truth in 0..classes {
                @for said in 0..classes {
                    @let count = counts.0[[truth, said]];
                    @let share = count as f64 / (counts.support(truth) as f64).max(1.0);
                    rect x=(left + cell * said) y=(left + cell * truth) width=(cell) height=(cell) stroke="#ddd"
                        fill=(if truth == said { "#2a6fb0" } else { "#c0392b" }) fill-opacity=(format!("{:.2}", if count == 0 { 0.0 } else { 0.08 + 0.82 * share })) {}
                    @if count > 0 { text x=(left + cell * said + cell / 2) y=(left + cell * truth + cell / 2 + 3) text-anchor="middle" { (count) } }
                }
            }
        }
        p { "Rows: what is true. Columns: what was said." }
    }
}

/// A label's first thirty characters.
fn short(label: &str) -> String {
    label.chars().take(30).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::validation::reliability::{BINS, bins};

    #[test]
    fn a_card_says_everything_escapes_labels_and_asks_nothing_of_the_network() {
        let probabilities = ndarray::array![[0.8f32, 0.2], [0.6, 0.4], [0.3, 0.7], [0.9, 0.1]];
        let truth = [0, 1, 1, 0];
        let card = Card {
            name: "demo".into(),
            facts: vec![("Data".into(), "abc123".into())],
            labels: vec!["<lung>".into(), "肝".into()],
            scores: Scores::new(&probabilities, &truth, None, 1).unwrap(),
            confusion: Confusion::new(&truth, &[0, 0, 1, 0], 2),
            bins: bins(&probabilities, &truth, BINS),
            certainty: vec![(0.5, 0.8, 1.0)],
            groups: vec![("A".into(), GroupScores { group: 0, reports: 30, accuracy: 0.4, macro_f1: 0.4, elsewhere: 0.9, far_below: true })],
            features: vec![vec![("word:lung".into(), 1.0)], Vec::new()],
            limits: vec!["Not for other hospitals.".into()],
        };
        let page = page(&card);
        for part in ["abc123", "&lt;lung&gt;", "肝", "word:lung", "far below the rest", "Not for other hospitals.", "<svg", "Matthews"] {
            assert!(page.contains(part), "{part}");
        }
        assert!(!page.contains("http") && !page.contains("<script") && !page.contains("<lung>"));
    }
}
