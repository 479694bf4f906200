//! `bingli train --labels`: several independent labels a report, each with a model of its own over the same features.

mod card;
pub mod evaluate;

use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use anyhow::bail;
use ndarray::Array2;
use serde_json::json;

use self::evaluate::{LEFT_OUT, given};
use super::args::{LabelFields, Train};
use super::evaluate::BASELINE;
use super::{Outcome, learn, model, output, train, ways};
use crate::features::Block;
use crate::models::bundle::{Bundle, Manifest};
use crate::models::independent::{Figures, Found, Held, choose, fit};
use crate::models::label::PRESENCE;
use crate::models::presence::Presence;
use crate::models::train::{Candidate, Samples, Validated, candidates};
use crate::tokenize::Subwords;
use crate::validation::drift::Baseline;
use crate::validation::several::SeveralScores;

/// Runs the verb for the field that holds the labels.
pub fn run(verb: &Train, field: &str) -> anyhow::Result<Outcome> {
    let stop = Arc::new(AtomicBool::new(false));
    train::stop_on_signals(&stop)?;
    let started = Instant::now();
    // A set of labels may be rare where its labels are not.
    let fields = LabelFields { label: field.to_string(), min_class: 1, several: true, ..verb.fields.clone() };
    let named = train::named(verb)?;
    let labelled = learn::read(&verb.input, &verb.work, &fields, &train::blocks(&verb.ways, named.as_deref())?, verb.folds)?;
    let samples = &labelled.samples;
    let held = Held::new(samples, verb.fields.min_class.max(samples.fold_count as usize));
    for name in &held.left_out {
        eprintln!("bingli: label `{name}` stands in too few reports, or in all, and is left out");
    }
    if held.names.is_empty() {
        bail!("--labels {field}: expected labels that several reports have and others have not, found none");
    }
    eprintln!("bingli: {} reports, {} labels, {}", samples.labels.len(), held.names.len(), labelled.folds);
    let tried = ways::changed(named.unwrap_or_else(|| usual_ways(samples, verb)), &verb.ways)?;
    let found = choose(&tried, samples, &held, verb.seed, &stop, &mut |found| {
        let (candidate, seconds) = (found.candidate, started.elapsed().as_secs_f64());
        let Figures { exact, micro_f1, macro_f1 } = found.figures;
        eprintln!(
            "bingli: {:<14} {} strength {:<5} macro-F1 {macro_f1:.4} micro-F1 {micro_f1:.4} all right {exact:.4} ({seconds:.1} s)",
            candidate.recipe.name, candidate.kind, candidate.strength
        );
    })?;
    let Found { candidate, probabilities, said, temperature, figures } = found;
    if let Some(path) = &verb.predictions {
        predictions(path, &labelled.ids, &held, &probabilities, &said)?;
    }
    let rows: Vec<usize> = (0..samples.labels.len()).collect();
    let (space, classifier, _) = fit(candidate, samples, &held, &rows, verb.seed, &stop)?;
    let presence = Presence::fit(&probabilities, &held.of);
    let baseline = Baseline::several(&super::evaluate::unknown(&space, samples), &probabilities, &said);
    let as_validated = Validated { candidate: candidate.clone(), probabilities, temperature, accuracy: figures.exact, macro_f1: figures.macro_f1 };
    let mut training = train::training(verb, &labelled, &as_validated);
    training.label_counts = held.names.iter().cloned().zip(held.of.iter().map(|held| held.iter().filter(|held| **held).count())).collect();
    let mut manifest = Manifest::new(verb.work.lexicon()?.hash(), held.names.clone(), temperature, &space, &classifier, training);
    if space.recipe.blocks().contains(&Block::Subword) {
        manifest.subwords = labelled.subwords.as_ref().map(Subwords::to_json).transpose()?.unwrap_or_default();
    }
    manifest.more.insert(PRESENCE.into(), json!(presence));
    manifest.more.insert(BASELINE.into(), json!(baseline));
    manifest.more.insert(LEFT_OUT.into(), json!(held.left_out));
    let bundle = Bundle { manifest, space, classifier: Box::new(classifier) };
    if let Some(path) = &verb.card {
        let thresholds: Vec<f32> = (0..held.names.len()).map(|label| presence.threshold(label)).collect();
        let grouped = verb.fields.group.is_some();
        let probabilities = &as_validated.probabilities;
        let scores = SeveralScores::new(probabilities, &said, &held.of, &thresholds, grouped.then_some(&samples.groups[..]), verb.seed)?;
        let subject = card::Subject {
            name: &bundle.manifest.training.name,
            facts: facts(&labelled, &as_validated, &bundle),
            labels: &held.names,
            probabilities,
            said: &said,
            held: &held.of,
            groups: grouped.then_some((&samples.groups[..], &labelled.group_names[..])),
            scores,
            features: (0..held.names.len()).map(|label| model::strongest(&bundle, label, super::card::FEATURES)).collect(),
            in_training: true,
        };
        card::write(path, subject)?;
    }
    let bytes = bundle.to_bytes()?;
    train::write_whole(&verb.output, &bytes)?;
    eprintln!(
        "bingli: {} ({} bytes); macro-F1 {:.4}, all right {:.4} on {}",
        verb.output.display(),
        bytes.len(),
        figures.macro_f1,
        figures.exact,
        labelled.folds
    );
    Ok(if labelled.failed > 0 { Outcome::SomeFailed } else { Outcome::Done })
}

/// What the card states of the model and its training.
fn facts(labelled: &learn::Labelled, best: &Validated, bundle: &Bundle) -> Vec<(String, String)> {
    [
        ("Kind", format!("{} of {}, one a label", bundle.manifest.kind, best.candidate.kind)),
        ("Features", format!("{} by recipe {}", bundle.space.columns(), best.candidate.recipe.name)),
        ("Training reports", labelled.samples.labels.len().to_string()),
        ("Data (SHA-256 of ids, labels, texts)", labelled.data.clone()),
        ("Split", labelled.folds.clone()),
        ("Strength", best.candidate.strength.to_string()),
        ("Temperature", format!("{:.3}", best.temperature)),
        ("Program", format!("bingli {}", crate::pipeline::VERSION)),
    ]
    .map(|(term, value)| (term.to_string(), value))
    .to_vec()
}

/// The ways to train that are tried where no file names some.
fn usual_ways(samples: &Samples, verb: &Train) -> Vec<Candidate> {
    let mut tried = candidates(samples, Some(verb.kind.as_deref().unwrap_or_else(|| usual(samples))));
    // Weights that even out classes would make a half no half; voters would cost too much a label.
    tried.iter_mut().for_each(|candidate| candidate.balance = 0.0);
    tried.dedup();
    tried
}

/// The kind that is quick for the length of the reports.
fn usual(samples: &Samples) -> &'static str {
    if candidates(samples, None).iter().any(|candidate| candidate.kind == "logistic") { "logistic" } else { "svm" }
}

/// Writes out-of-fold labels as records that hold id, the labels found and the probabilities of all.
fn predictions(path: &Path, ids: &[String], held: &Held, probabilities: &Array2<f32>, said: &Array2<bool>) -> anyhow::Result<()> {
    let mut out = output::open(Some(path))?;
    for ((at, row), id) in probabilities.rows().into_iter().enumerate().zip(ids) {
        let all: serde_json::Map<String, serde_json::Value> = held.names.iter().zip(row).map(|(label, chance)| (label.clone(), json!(chance))).collect();
        let labels = given(&held.names, probabilities, said, at);
        serde_json::to_writer(&mut out, &json!({"schema": crate::record::SCHEMA, "id": id, "labels": labels, "probabilities": all}))?;
        out.write_all(b"\n")?;
    }
    out.flush()?;
    Ok(())
}
