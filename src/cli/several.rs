//! `bingli train --labels`: several independent labels a report, each with a model of its own over the same features.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use anyhow::bail;
use serde_json::json;

use super::args::{LabelFields, Train};
use super::{Outcome, learn, output, train, ways};
use crate::features::Block;
use crate::models::bundle::{Bundle, Manifest};
use crate::models::independent::{Held, choose, figures, fit};
use crate::models::multilabel::HOLDS;
use crate::models::train::{Validated, candidates};
use crate::tokenize::Subwords;

/// Runs the verb for the field that holds the labels.
pub fn run(verb: &Train, field: &str) -> anyhow::Result<Outcome> {
    let stop = Arc::new(AtomicBool::new(false));
    train::stop_on_signals(&stop)?;
    let started = Instant::now();
    // A set of labels may be rare where its labels are not.
    let fields = LabelFields { label: field.to_string(), min_class: 1, ..verb.fields.clone() };
    let labelled = learn::read(&verb.input, &verb.work, &fields, &train::blocks(&verb.ways)?, verb.folds)?;
    let samples = &labelled.samples;
    let held = Held::new(samples, verb.fields.min_class.max(samples.fold_count as usize));
    for name in &held.left_out {
        eprintln!("bingli: label `{name}` stands in too few reports, or in all, and is left out");
    }
    if held.names.is_empty() {
        bail!("--labels {field}: expected labels that several reports have and others have not, found none");
    }
    eprintln!("bingli: {} reports, {} labels, {}", samples.labels.len(), held.names.len(), labelled.folds);
    // Weights that even out classes would make a half no half; voters would cost too much a label.
    let mut tried = ways::changed(candidates(samples, Some(verb.kind.as_deref().unwrap_or_else(|| usual(samples)))), &verb.ways)?;
    tried.iter_mut().for_each(|candidate| candidate.balance = verb.ways.balance.unwrap_or(0.0));
    tried.dedup();
    let (best, probabilities, found) = choose(&tried, samples, &held, verb.seed, &stop, &mut |candidate, found| {
        let (name, seconds) = (&candidate.recipe.name, started.elapsed().as_secs_f64());
        eprintln!(
            "bingli: {name:<14} {} strength {:<5} macro-F1 {:.4} micro-F1 {:.4} all right {:.4} ({seconds:.1} s)",
            candidate.kind, candidate.strength, found.macro_f1, found.micro_f1, found.exact
        );
    })?;
    if let Some(path) = &verb.predictions {
        predictions(path, &labelled.ids, &held, &probabilities)?;
    }
    let rows: Vec<usize> = (0..samples.labels.len()).collect();
    let (space, model, _) = fit(best, samples, &held, &rows, verb.seed, &stop)?;
    let as_validated = Validated { candidate: best.clone(), probabilities, temperature: 1.0, accuracy: found.exact, macro_f1: found.macro_f1 };
    let mut training = train::training(verb, &labelled, &as_validated);
    training.label_counts = held.names.iter().cloned().zip(held.of.iter().map(|held| held.iter().filter(|held| **held).count())).collect();
    let mut manifest = Manifest::new(verb.work.lexicon()?.hash(), held.names.clone(), 1.0, &space, &model, training);
    if space.recipe.blocks().contains(&Block::Subword) {
        manifest.subwords = labelled.subwords.as_ref().map(Subwords::to_json).transpose()?.unwrap_or_default();
    }
    let bytes = Bundle { manifest, space, classifier: Box::new(model) }.to_bytes()?;
    train::write_whole(&verb.output, &bytes)?;
    let found = figures(&as_validated.probabilities, &held);
    eprintln!("bingli: {} ({} bytes); macro-F1 {:.4}, all right {:.4} on {}", verb.output.display(), bytes.len(), found.macro_f1, found.exact, labelled.folds);
    Ok(if labelled.failed > 0 { Outcome::SomeFailed } else { Outcome::Done })
}

/// The kind that is quick for the length of the reports.
fn usual(samples: &crate::models::train::Samples) -> &'static str {
    if candidates(samples, None).iter().any(|candidate| candidate.kind == "logistic") { "logistic" } else { "svm" }
}

/// Writes out-of-fold labels as records that hold id and the labels found.
fn predictions(path: &Path, ids: &[String], held: &Held, probabilities: &ndarray::Array2<f32>) -> anyhow::Result<()> {
    let mut out = output::open(Some(path))?;
    for (row, id) in probabilities.rows().into_iter().zip(ids) {
        let distribution: serde_json::Map<String, serde_json::Value> =
            held.names.iter().zip(row).map(|(label, chance)| (label.clone(), json!(chance))).collect();
        let labels: Vec<serde_json::Value> = held
            .names
            .iter()
            .zip(row)
            .filter(|(_, chance)| **chance >= HOLDS)
            .map(|(label, chance)| json!({"label": label, "probability": chance, "abstained": false, "model": "out of fold"}))
            .collect();
        serde_json::to_writer(&mut out, &json!({"schema": crate::record::SCHEMA, "id": id, "labels": labels, "probabilities": distribution}))?;
        out.write_all(b"\n")?;
    }
    out.flush()?;
    Ok(())
}
