//! `bingli train`: reads labelled reports, compares ways to train on the same folds, calibrates, fits on everything and writes the model.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use anyhow::{Context, bail};

use super::args::{Train, Ways};
use super::{Outcome, card, evaluate, learn, output, several, ways};
use crate::features::{Block, Recipe};
use crate::models::bundle::{Bundle, Manifest, Training};
use crate::models::label::SURPRISES;
use crate::models::sets::surprises;
use crate::models::train::{Candidate, Samples, Validated, best_class, candidates, choose, hold_out, nested};
use crate::tokenize::Subwords;
use crate::validation::folds::{Folds, Plan};

/// Runs the verb.
pub fn run(verb: &Train) -> anyhow::Result<Outcome> {
    if let Some(field) = &verb.labels {
        return several::run(verb, field);
    }
    let stop = Arc::new(AtomicBool::new(false));
    stop_on_signals(&stop)?;
    let started = Instant::now();
    let named = named(verb)?;
    let mut labelled = learn::read(&verb.input, &verb.work, &verb.fields, &blocks(&verb.ways, named.as_deref())?, verb.folds)?;
    let samples = &labelled.samples;
    eprintln!("bingli: {} reports, {} labels, {} ({:.1} s)", samples.labels.len(), samples.classes.len(), labelled.folds, started.elapsed().as_secs_f64());
    let tried = ways::changed(named.unwrap_or_else(|| candidates(samples, verb.kind.as_deref())), &verb.ways)?;
    let mut progress = |validated: &Validated| told(validated, started);
    let mut best = match verb.holdout {
        Some(share) => {
            let folds = Folds::new(&Plan::HoldOut(share), &samples.labels, samples.classes.len(), Some(&samples.groups), verb.seed)?;
            let held: Vec<usize> = (0..samples.labels.len()).filter(|row| folds.of[*row] == 0).collect();
            labelled.folds = format!("{} reports held out; chosen by {} of the others", held.len(), labelled.folds);
            hold_out(&tried, samples, &held, verb.seed, &stop, &mut progress)?
        }
        None => {
            let (mut all, best) = choose(&tried, samples, verb.seed, &stop, &mut progress)?;
            all.swap_remove(best)
        }
    };
    if verb.nested {
        let honest = nested(&tried, samples, verb.seed, &stop, &mut |fold, chosen| {
            eprintln!(
                "bingli: fold {}: {} {} chosen on the others ({:.1} s)",
                fold + 1,
                chosen.candidate.recipe.name,
                chosen.candidate.kind,
                started.elapsed().as_secs_f64()
            );
        })?;
        best = Validated { candidate: best.candidate, temperature: best.temperature, ..honest };
    }
    if let Some(path) = &verb.predictions {
        predictions(path, &labelled.ids, samples, &best)?;
    }
    let rows: Vec<usize> = (0..samples.labels.len()).collect();
    let fitted = best.candidate.fit(samples, &rows, verb.seed, &stop)?;
    let training = training(verb, &labelled, &best);
    if let Some(path) = &verb.card {
        card::of_training(path, &training.name, &labelled, &best, &fitted, verb.fields.group.is_some(), verb.seed)?;
    }
    let lexicon = verb.work.lexicon()?.hash();
    let mut manifest = Manifest::new(lexicon, samples.classes.clone(), best.temperature, &fitted.space, &*fitted.model, training);
    if fitted.space.recipe.blocks().contains(&Block::Subword) {
        manifest.subwords = labelled.subwords.as_ref().map(Subwords::to_json).transpose()?.unwrap_or_default();
    }
    manifest.more.insert(SURPRISES.into(), serde_json::to_value(surprises(&best.probabilities, &samples.labels))?);
    manifest.more.insert(evaluate::BASELINE.into(), serde_json::to_value(evaluate::baseline(&fitted.space, samples, &best))?);
    let bundle = Bundle { manifest, space: fitted.space, classifier: fitted.model };
    let bytes = bundle.to_bytes()?;
    write_whole(&verb.output, &bytes)?;
    eprintln!(
        "bingli: {} ({}, {} features, {} bytes); accuracy {:.4}, macro-F1 {:.4} on {}; {:.1} s",
        verb.output.display(),
        best.candidate.recipe.name,
        bundle.space.columns(),
        bytes.len(),
        best.accuracy,
        best.macro_f1,
        labelled.folds,
        started.elapsed().as_secs_f64()
    );
    Ok(if labelled.failed > 0 { Outcome::SomeFailed } else { Outcome::Done })
}

/// Sets `stop` when the user interrupts; a second interruption ends the program at once.
///
/// # Errors
/// Where the system does not let signals be caught.
pub fn stop_on_signals(stop: &Arc<AtomicBool>) -> std::io::Result<()> {
    for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
        signal_hook::flag::register_conditional_default(signal, Arc::clone(stop))?;
        signal_hook::flag::register(signal, Arc::clone(stop))?;
    }
    Ok(())
}

/// The ways to train of a file, where one is named.
///
/// # Errors
/// Where it cannot be read or holds none.
pub fn named(verb: &Train) -> anyhow::Result<Option<Vec<Candidate>>> {
    let Some(path) = &verb.candidates else { return Ok(None) };
    let text = std::fs::read(path).with_context(|| format!("--candidates {}: cannot be read", path.display()))?;
    let named: Vec<Candidate> = serde_json::from_slice(&text).with_context(|| format!("--candidates {}", path.display()))?;
    if named.is_empty() {
        bail!("--candidates {}: expected a list of ways to train, found none in it", path.display());
    }
    Ok(Some(named))
}

/// Every block that some recipe, the user or a way to train named by the user asks for.
///
/// # Errors
/// A name that no block has.
pub fn blocks(asked: &Ways, named: Option<&[Candidate]>) -> anyhow::Result<Vec<Block>> {
    let mut blocks = Recipe::few(1, 1).blocks();
    // Pieces of words are learned from words.
    blocks.push(Block::Word);
    blocks.extend(Recipe::many(None).blocks());
    blocks.extend(ways::blocks(asked)?);
    blocks.extend(named.into_iter().flatten().flat_map(|candidate| candidate.recipe.blocks()));
    blocks.sort();
    blocks.dedup();
    Ok(blocks)
}

fn told(validated: &Validated, started: Instant) {
    let Validated { candidate, accuracy, macro_f1, temperature, .. } = validated;
    eprintln!(
        "bingli: {:<14} {} strength {:<5} balance {} accuracy {accuracy:.4} macro-F1 {macro_f1:.4} temperature {temperature:.2} ({:.1} s)",
        candidate.recipe.name,
        candidate.kind,
        candidate.strength,
        candidate.balance,
        started.elapsed().as_secs_f64()
    );
}

/// What a model's file says of its training.
pub fn training(verb: &Train, labelled: &learn::Labelled, best: &Validated) -> Training {
    let samples = &labelled.samples;
    let mut label_counts = std::collections::BTreeMap::new();
    for label in &samples.labels {
        *label_counts.entry(samples.classes[*label as usize].clone()).or_insert(0) += 1;
    }
    let groups = if verb.fields.group.is_some() { samples.groups.iter().collect::<std::collections::BTreeSet<_>>().len() } else { 0 };
    Training {
        name: verb.name.clone().unwrap_or_else(|| verb.output.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned())),
        reports: samples.labels.len(),
        label_counts,
        groups,
        folds: labelled.folds.clone(),
        accuracy: best.accuracy,
        macro_f1: best.macro_f1,
        strength: best.candidate.strength,
        balance: best.candidate.balance,
        seed: verb.seed,
        data: labelled.data.clone(),
        numeric: verb.fields.numeric.clone(),
        categorical: verb.fields.categorical.clone(),
    }
}

/// Writes out-of-fold labels as records that hold id and labels.
fn predictions(path: &Path, ids: &[String], samples: &Samples, best: &Validated) -> anyhow::Result<()> {
    let mut out = output::open(Some(path))?;
    for (row, id) in best.probabilities.rows().into_iter().zip(ids) {
        let class = best_class(row);
        let distribution: serde_json::Map<String, serde_json::Value> =
            samples.classes.iter().zip(row).map(|(label, probability)| (label.clone(), serde_json::json!(probability))).collect();
        let label = serde_json::json!({
            "label": samples.classes[class as usize], "probability": row[class as usize], "distribution": distribution, "abstained": false, "model": "out of fold",
        });
        serde_json::to_writer(&mut out, &serde_json::json!({"schema": crate::record::SCHEMA, "id": id, "labels": [label]}))?;
        out.write_all(b"\n")?;
    }
    out.flush()?;
    Ok(())
}

/// Writes a file whole or not at all: beside its place first, then moved there.
pub fn write_whole(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".part");
    std::fs::write(&beside, bytes).and_then(|()| std::fs::rename(&beside, path)).with_context(|| format!("-o {}: cannot be written", path.display()))
}
