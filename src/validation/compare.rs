//! Kinds of models on the same folds: figures with intervals, seconds, bytes, and a recommendation in a sentence.
//!
//! Quick kinds try every usual way to train; slow ones the features that suited the regression best. Choosing on the folds that
//! give the figures flatters each kind a little, and those with more ways a little more.

use std::sync::atomic::AtomicBool;
use std::time::Instant;

use ndarray::{Array2, Axis};

use super::bootstrap::{DRAWINGS, intervals};
use super::conformal::{Conformal, Score};
use super::confusion::Confusion;
use super::scores::{Scores, said};
use crate::error::{Error, Result};
use crate::models::bundle::{Bundle, Manifest, Training};
use crate::models::kind::KINDS;
use crate::models::train::{Candidate, Samples, Validated, choose};

/// One kind on the folds.
#[derive(Debug, Clone)]
pub struct Compared {
    /// The way to train that was best for the kind, and its out-of-fold probabilities.
    pub best: Validated,
    /// Figures of the out-of-fold probabilities.
    pub scores: Scores,
    /// Coverage of prediction sets asked for 0.95, and their mean size; none with too few reports.
    pub sets: Option<(f64, f64)>,
    /// Seconds of one fit on everything.
    pub seconds: f64,
    /// Bytes of the model file.
    pub bytes: usize,
}

/// Which kind to take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advice {
    /// The kind.
    pub kind: String,
    /// Why, in a sentence.
    pub sentence: String,
}

/// Kinds whose fits take seconds where others take minutes.
const QUICK: [&str; 2] = ["logistic", "svm"];
/// Coverage that prediction sets are checked at.
pub const COVERAGE: f64 = 0.95;
/// A kind that costs so many times less is taken in place of one that is not clearly better.
const CHEAPER: f64 = 4.0;

/// Compares kinds. `ways` gives the usual ways to train of a kind. `grouped`: whether groups are known, for the intervals.
///
/// # Errors
/// A kind that is none, what cannot be learned, or a stop.
pub fn compare(
    kinds: &[String],
    ways: impl Fn(&str) -> Vec<Candidate>,
    samples: &Samples,
    grouped: bool,
    seed: u64,
    stop: &AtomicBool,
    progress: &mut dyn FnMut(&Compared),
) -> Result<Vec<Compared>> {
    if let Some(kind) = kinds.iter().find(|kind| !KINDS.contains(&kind.as_str())) {
        return Err(Error::Setting(format!("--kinds; expected some of {}, found `{kind}`", KINDS.join(", "))));
    }
    let groups = grouped.then_some(&samples.groups[..]);
    let mut features: Option<Candidate> = None;
    let mut all = Vec::with_capacity(kinds.len());
    for kind in kinds {
        let tried = match &features {
            // Voters that see parts of the features apart have a way of their own.
            _ if ways(kind).iter().any(|way| !way.recipe.views.is_empty()) => ways(kind),
            Some(way) if !QUICK.contains(&kind.as_str()) => vec![Candidate { kind: kind.clone(), ..way.clone() }],
            _ if QUICK.contains(&kind.as_str()) => ways(kind),
            _ => ways(kind).into_iter().take(1).collect(),
        };
        let (mut validated, best) = choose(&tried, samples, seed, stop, &mut |_| ())?;
        let best = validated.swap_remove(best);
        if features.is_none() {
            features = Some(best.candidate.clone());
        }
        let rows: Vec<usize> = (0..samples.labels.len()).collect();
        let started = Instant::now();
        let fitted = best.candidate.fit(samples, &rows, seed, stop)?;
        let seconds = started.elapsed().as_secs_f64();
        let manifest = Manifest::new(String::new(), samples.classes.clone(), best.temperature, &fitted.space, &*fitted.model, Training::default());
        let bytes = Bundle { manifest, space: fitted.space, classifier: fitted.model }.to_bytes()?.len();
        let scores = Scores::new(&best.probabilities, &samples.labels, groups, seed)?;
        let sets = Conformal::cross_check(&best.probabilities, &samples.labels, &samples.folds, Score::Lac, COVERAGE, false).ok();
        let compared = Compared { best, scores, sets, seconds, bytes };
        progress(&compared);
        all.push(compared);
    }
    Ok(all)
}

/// What a kind is chosen by: the mean of accuracy and macro-F1.
fn merit(compared: &Compared) -> f64 {
    f64::midpoint(compared.scores.accuracy, compared.scores.macro_mean.f1)
}

/// The kind to take: the best, unless one that costs far less is not clearly worse (the interval of the difference, on the same drawn
/// reports, holds zero).
pub fn advise(all: &[Compared], samples: &Samples, grouped: bool, seed: u64) -> Option<Advice> {
    let best = all.iter().reduce(|best, next| if merit(next) > merit(best) { next } else { best })?;
    let kind = |compared: &Compared| compared.best.candidate.kind.clone();
    let figures = |compared: &Compared| format!("accuracy {:.3}, macro-F1 {:.3}", compared.scores.accuracy, compared.scores.macro_mean.f1);
    let tied: Vec<&Compared> = all.iter().filter(|other| !std::ptr::eq(*other, best) && !clearly_better(best, other, samples, grouped, seed)).collect();
    let cost = |compared: &Compared| (compared.seconds.max(1e-3)) * (compared.bytes.max(1) as f64).sqrt();
    let cheaper = tied.iter().filter(|other| cost(best) > CHEAPER * cost(other)).max_by(|a, b| merit(a).total_cmp(&merit(b)));
    if let Some(cheaper) = cheaper {
        let sentence = format!(
            "Take {}: {}; {} is no more than chance better ({}) and costs far more to train and keep.",
            kind(cheaper),
            figures(cheaper),
            kind(best),
            figures(best)
        );
        return Some(Advice { kind: kind(cheaper), sentence });
    }
    let names: Vec<String> = tied.iter().map(|other| kind(other)).collect();
    let rest = if all.len() == 1 {
        "the only kind compared".into()
    } else if names.is_empty() {
        "clearly better than every other kind here".into()
    } else {
        format!("not clearly better than {}", names.join(", "))
    };
    Some(Advice { kind: kind(best), sentence: format!("Take {}: {}, {rest}.", kind(best), figures(best)) })
}

/// Whether the 95 % interval of the difference in merit lies above zero.
fn clearly_better(one: &Compared, other: &Compared, samples: &Samples, grouped: bool, seed: u64) -> bool {
    let (mine, theirs) = (said(&one.best.probabilities), said(&other.best.probabilities));
    let merit = |said: &[u32], rows: &[usize]| {
        let pick = |of: &[u32]| rows.iter().map(|row| of[*row]).collect::<Vec<u32>>();
        let counts = Confusion::new(&pick(&samples.labels), &pick(said), samples.classes.len());
        f64::midpoint(counts.accuracy(), counts.macro_mean().f1)
    };
    let groups = grouped.then_some(&samples.groups[..]);
    let [interval] = intervals(samples.labels.len(), groups, DRAWINGS, seed, |rows| [Some(merit(&mine, rows) - merit(&theirs, rows))]);
    interval.is_some_and(|(low, _)| low > 0.0)
}

/// Figures of the reports the model is surest of: for shares of the reports, from the surest down, the probability at the cut and the
/// accuracy above it.
pub fn by_certainty(probabilities: &Array2<f32>, labels: &[u32], shares: &[f64]) -> Vec<(f64, f64, f64)> {
    let said = said(probabilities);
    let mut order: Vec<(f32, usize)> = probabilities.axis_iter(Axis(0)).zip(&said).map(|(row, label)| row[*label as usize]).zip(0..).collect();
    order.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let cut = |share: f64| {
        let kept = &order[..((order.len() as f64 * share).round() as usize).clamp(1, order.len().max(1)).min(order.len())];
        let right = kept.iter().filter(|(_, row)| said[*row] == labels[*row]).count();
        (share, f64::from(kept.last().map_or(0.0, |(probability, _)| *probability)), right as f64 / kept.len().max(1) as f64)
    };
    shares.iter().map(|share| cut(*share)).collect()
}
