//! `bingli compare`: the same folds for every kind of model, as a table or JSON, with a recommendation.

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use serde_json::{Value, json};

use super::args::Compare;
use super::{Outcome, card, learn, output, train, ways};
use crate::models::kind::KINDS;
use crate::models::train::{Samples, candidates};
use crate::validation::compare::{Advice, COVERAGE, Compared, advise, compare};
use crate::validation::groups::by_group;
use crate::validation::scores::said;

/// Runs the verb.
pub fn run(verb: &Compare) -> anyhow::Result<Outcome> {
    let stop = Arc::new(AtomicBool::new(false));
    train::stop_on_signals(&stop)?;
    let started = Instant::now();
    let labelled = learn::read(&verb.input, &verb.work, &verb.fields, &train::blocks(&verb.ways, None)?, verb.folds)?;
    let samples = &labelled.samples;
    eprintln!("bingli: {} reports, {} labels, {} ({:.1} s)", samples.labels.len(), samples.classes.len(), labelled.folds, started.elapsed().as_secs_f64());
    let kinds: Vec<String> = if verb.kinds.is_empty() { KINDS.iter().map(|kind| (*kind).to_string()).collect() } else { verb.kinds.clone() };
    let grouped = verb.fields.group.is_some();
    let mut told = |compared: &Compared| {
        let Compared { best, scores, .. } = compared;
        let kind = &best.candidate.kind;
        eprintln!("bingli: {kind:<9} accuracy {:.4} macro-F1 {:.4} ({:.1} s)", scores.accuracy, scores.macro_mean.f1, started.elapsed().as_secs_f64());
    };
    // Names and ranges are checked before the first fit.
    ways::changed(Vec::new(), &verb.ways)?;
    let tried = |kind: &str| ways::changed(candidates(samples, Some(kind)), &verb.ways).unwrap_or_default();
    let all = compare(&kinds, tried, samples, grouped, verb.seed, &stop, &mut told)?;
    let advice = advise(&all, samples, grouped, verb.seed);
    if let (Some(path), Some(advice)) = (&verb.card, &advice)
        && let Some(taken) = all.iter().find(|compared| compared.best.candidate.kind == advice.kind)
    {
        let rows: Vec<usize> = (0..samples.labels.len()).collect();
        let fitted = taken.best.candidate.fit(samples, &rows, verb.seed, &stop)?;
        card::of_training(path, &advice.kind, &labelled, &taken.best, &fitted, grouped, verb.seed)?;
    }
    let mut out = output::open(None)?;
    if verb.json {
        let kinds: Vec<Value> = all.iter().map(|compared| one(compared, samples)).collect();
        let advice = advice.map(|Advice { kind, sentence }| json!({"kind": kind, "sentence": sentence}));
        let whole = json!({"reports": samples.labels.len(), "labels": samples.classes, "folds": labelled.folds, "kinds": kinds, "recommendation": advice});
        serde_json::to_writer_pretty(&mut out, &whole)?;
        writeln!(out)?;
    } else {
        table(&all, &mut out)?;
        if let Some(advice) = advice {
            writeln!(out, "\n{}", advice.sentence)?;
            below(&all, &advice, &labelled, grouped, &mut out)?;
        }
    }
    out.flush()?;
    Ok(if labelled.failed > 0 { Outcome::SomeFailed } else { Outcome::Done })
}

fn one(compared: &Compared, samples: &Samples) -> Value {
    let candidate = &compared.best.candidate;
    let mut scores = json!(compared.scores);
    let classes: Vec<Value> = samples.classes.iter().zip(&compared.scores.classes).map(|(label, scores)| json!({"label": label, "scores": scores})).collect();
    scores["classes"] = Value::Array(classes);
    json!({
        "kind": candidate.kind, "recipe": candidate.recipe.name, "strength": candidate.strength, "scores": scores, "seconds": compared.seconds,
        "bytes": compared.bytes, "sets": compared.sets.map(|(covered, size)| json!({"asked": COVERAGE, "covered": covered, "size": size})),
    })
}

fn table(all: &[Compared], out: &mut dyn Write) -> std::io::Result<()> {
    writeln!(out, "kind       accuracy              macro-F1              AUROC   log loss  Brier  cal. error  sets 0.95     seconds      bytes  features")?;
    let with = |value: f64, interval: Option<(f64, f64)>| {
        let interval = interval.map_or_else(String::new, |(low, high)| format!(" [{low:.3}, {high:.3}]"));
        format!("{value:.3}{interval}")
    };
    for Compared { best, scores, sets, seconds, bytes } in all {
        let sets = sets.map_or_else(|| "-".to_string(), |(covered, size)| format!("{covered:.3} x{size:.2}"));
        writeln!(
            out,
            "{:<9}  {:<20}  {:<20}  {:<6}  {:>8.3}  {:>5.3}  {:>10.3}  {:<12}  {:>7.2}  {:>9}  {}",
            best.candidate.kind,
            with(scores.accuracy, scores.accuracy_interval),
            with(scores.macro_mean.f1, scores.macro_f1_interval),
            scores.auroc.map_or_else(|| "-".into(), |value| format!("{value:.3}")),
            scores.log_loss,
            scores.brier,
            scores.calibration_error,
            sets,
            seconds,
            bytes,
            best.candidate.recipe.name
        )?;
    }
    Ok(())
}

/// Groups far below the rest, by the kind that is recommended.
fn below(all: &[Compared], advice: &Advice, labelled: &learn::Labelled, grouped: bool, out: &mut dyn Write) -> std::io::Result<()> {
    let Some(taken) = all.iter().find(|compared| grouped && compared.best.candidate.kind == advice.kind) else { return Ok(()) };
    let samples = &labelled.samples;
    for group in by_group(&samples.groups, &samples.labels, &said(&taken.best.probabilities), samples.classes.len()).iter().filter(|group| group.far_below) {
        writeln!(
            out,
            "Group {}: accuracy {:.3} on {} reports, {:.3} elsewhere: look at its reports before using labels there.",
            labelled.group_names.get(group.group as usize).map_or("(none)", String::as_str),
            group.accuracy,
            group.reports,
            group.elsewhere
        )?;
    }
    Ok(())
}
