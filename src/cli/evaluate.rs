//! `bingli evaluate`: scores a model on labelled reports; without labels, how far reports have drifted from those it was trained on.

use std::io::Write;

use anyhow::bail;
use ndarray::Array2;
use serde_json::json;

use super::args::{Evaluate, LabelFields};
use super::learn::Labelled;
use super::{Outcome, card, learn, model, output, several};
use crate::features::{FeatureSpace, Sample};
use crate::models::bundle::Bundle;
use crate::models::multilabel;
use crate::models::scale::scale;
use crate::models::train::{Samples, Validated};
use crate::validation::drift::Baseline;
use crate::validation::scores::Scores;

/// Where a model keeps what its training reports looked like.
pub const BASELINE: &str = "baseline";

/// Runs the verb.
pub fn run(verb: &Evaluate) -> anyhow::Result<Outcome> {
    let model = learn::model(&verb.model)?;
    learn::warn_of_mismatch(&model, &verb.work.lexicon()?.hash());
    if verb.card.is_some() && verb.label.is_none() && verb.labels.is_none() {
        bail!("--card: expected labels to score by (--label FIELD, or --labels FIELD for a model of several), found none");
    }
    if model.manifest.kind == multilabel::KIND {
        return several::evaluate::run(verb, &model);
    }
    if let Some(field) = &verb.labels {
        bail!("--labels {field}: expected a model of several labels a report, found one of one; name the field with --label");
    }
    let training = &model.manifest.training;
    let fields = LabelFields {
        label: verb.label.clone().unwrap_or_else(|| "label".into()),
        group: verb.group.clone(),
        fold: None,
        numeric: training.numeric.clone(),
        categorical: training.categorical.clone(),
        min_class: 1,
        several: false,
    };
    let Labelled { samples, failed, group_names, data, .. } =
        learn::read_for_use(&verb.input, &verb.work, &fields, &model.space.recipe.blocks(), model.subwords()?, verb.label.is_some())?;
    let probabilities = probabilities(&model, &samples);
    let mut out = output::open(None)?;
    if verb.label.is_none() {
        drift(&model, Baseline::new(&unknown(&model.space, &samples), &probabilities), samples.corpus.samples.len(), verb.json, &mut out)?;
    } else {
        let truth = truth(&model, &samples)?;
        let scores = Scores::new(&probabilities, &truth, verb.group.is_some().then_some(&samples.groups[..]), training.seed)?;
        if let Some(path) = &verb.card {
            let subject = card::Subject {
                name: &training.name,
                facts: facts(&model, &data, samples.labels.len()),
                labels: &model.manifest.labels,
                probabilities: &probabilities,
                truth: &truth,
                groups: verb.group.is_some().then_some((&samples.groups[..], &group_names[..])),
                folds: None,
                features: (0..model.manifest.labels.len()).map(|class| model::strongest(&model, class, card::FEATURES)).collect(),
                seed: training.seed,
            };
            card::write(path, subject)?;
        }
        if verb.json {
            let mut value = json!(scores);
            value["classes"] = model.manifest.labels.iter().zip(&scores.classes).map(|(label, own)| json!({"label": label, "scores": own})).collect();
            serde_json::to_writer_pretty(&mut out, &value)?;
            writeln!(out)?;
        } else {
            table(&model, &scores, &mut out)?;
        }
    }
    out.flush()?;
    Ok(if failed > 0 { Outcome::SomeFailed } else { Outcome::Done })
}

/// What a card states of a model and of the reports it is scored on.
pub fn facts(model: &Bundle, data: &str, reports: usize) -> Vec<(String, String)> {
    let manifest = &model.manifest;
    let training = &manifest.training;
    [
        ("Model", format!("{}, file {}", manifest.kind, manifest.checksum())),
        ("Features", format!("{} by recipe {}", model.space.columns(), manifest.recipe.name)),
        ("Reports scored", reports.to_string()),
        ("Data scored (SHA-256 of ids, labels, texts)", data.to_string()),
        ("Split", format!("reports apart from the training; trained on {} reports, validated by {}", training.reports, training.folds)),
        ("Training data (likewise)", training.data.clone()),
        ("Figures in training", format!("accuracy {:.3}, macro-F1 {:.3} out of fold", training.accuracy, training.macro_f1)),
        ("Program", format!("trained by bingli {}, scored by {}", manifest.pipeline, crate::pipeline::VERSION)),
    ]
    .map(|(term, value)| (term.to_string(), value))
    .to_vec()
}

fn probabilities(model: &Bundle, samples: &Samples) -> Array2<f32> {
    let rows: Vec<usize> = (0..samples.corpus.samples.len()).collect();
    let mut probabilities = model.classifier.probabilities(&model.space.matrix(&samples.corpus, &rows));
    probabilities.rows_mut().into_iter().for_each(|row| scale(row, model.manifest.temperature));
    probabilities
}

/// The labels of the samples as the model numbers them.
fn truth(model: &Bundle, samples: &Samples) -> anyhow::Result<Vec<u32>> {
    let numbers: Vec<Option<u32>> =
        samples.classes.iter().map(|class| model.manifest.labels.iter().position(|label| label == class).map(|at| at as u32)).collect();
    let unknown: Vec<&str> = samples.classes.iter().zip(&numbers).filter(|(_, number)| number.is_none()).map(|(class, _)| class.as_str()).collect();
    if !unknown.is_empty() {
        bail!(
            "--label: expected labels the model knows ({}), found {}; spell them as in training or leave those reports out",
            model.manifest.labels.join(", "),
            unknown.join(", ")
        );
    }
    Ok(samples.labels.iter().map(|label| numbers.get(*label as usize).copied().flatten().unwrap_or(0)).collect())
}

fn table(model: &Bundle, scores: &Scores, out: &mut dyn Write) -> std::io::Result<()> {
    let interval = |interval: Option<(f64, f64)>| interval.map_or_else(String::new, |(low, high)| format!(" [{low:.4}, {high:.4}]"));
    let maybe = |value: Option<f64>| value.map_or_else(|| "-".to_string(), |value| format!("{value:.4}"));
    writeln!(out, "reports            {}", scores.reports)?;
    writeln!(out, "accuracy           {:.4}{}", scores.accuracy, interval(scores.accuracy_interval))?;
    writeln!(out, "macro precision    {:.4}", scores.macro_mean.precision)?;
    writeln!(out, "macro recall       {:.4}", scores.macro_mean.recall)?;
    writeln!(out, "macro-F1           {:.4}{}", scores.macro_mean.f1, interval(scores.macro_f1_interval))?;
    writeln!(out, "micro-F1           {:.4}", scores.micro.f1)?;
    writeln!(out, "weighted F1        {:.4}", scores.weighted.f1)?;
    writeln!(out, "AUROC              {}{}", maybe(scores.auroc), interval(scores.auroc_interval))?;
    writeln!(out, "average precision  {}", maybe(scores.average_precision))?;
    writeln!(out, "Matthews           {:.4}", scores.matthews)?;
    writeln!(out, "log loss           {:.4}", scores.log_loss)?;
    writeln!(out, "Brier              {:.4}", scores.brier)?;
    writeln!(out, "calibration error  {:.4}{}", scores.calibration_error, interval(scores.calibration_error_interval))?;
    writeln!(out, "\nreports  precision  recall  F1      AUROC   label")?;
    for (label, own) in model.manifest.labels.iter().zip(&scores.classes) {
        writeln!(
            out,
            "{:>7}  {:<9.4}  {:<6.4}  {:<6.4}  {:<6}  {label}",
            own.reports,
            own.triple.precision,
            own.triple.recall,
            own.triple.f1,
            maybe(own.auroc)
        )?;
    }
    Ok(())
}

/// What training reports look like: terms the space does not hold, and probabilities out of fold.
pub fn baseline(space: &FeatureSpace, samples: &Samples, best: &Validated) -> Baseline {
    Baseline::new(&unknown(space, samples), &best.probabilities)
}

/// Share of each sample's terms that a space does not hold.
pub fn unknown(space: &FeatureSpace, samples: &Samples) -> Vec<f64> {
    let blocks = space.recipe.blocks();
    let asked: Vec<(bool, bool)> = samples
        .corpus
        .terms
        .iter()
        .map(|term| {
            let asked = crate::features::Block::of_term(term).is_some_and(|(block, _)| blocks.contains(&block));
            (asked, asked && space.terms.binary_search(term).is_ok())
        })
        .collect();
    let share = |sample: &Sample| {
        let count = |known: bool| sample.terms.iter().filter(|(term, _)| asked.get(*term as usize).is_some_and(|own| own.0 && (!known || own.1))).count();
        // Terms too rare to be numbered here are unknown to the model too; they count as in training, where they were left out likewise.
        let dropped: u32 = sample.dropped.iter().filter(|(block, _)| blocks.contains(block)).map(|(_, count)| count).sum();
        1.0 - count(true) as f64 / (count(false) + dropped as usize).max(1) as f64
    };
    samples.corpus.samples.iter().map(share).collect()
}

/// Says how far reports have drifted from those of the training.
///
/// # Errors
/// A model that does not remember its training reports.
pub fn drift(model: &Bundle, now: Baseline, reports: usize, as_json: bool, out: &mut dyn Write) -> anyhow::Result<()> {
    let Some(then) = model.manifest.more.get(BASELINE) else {
        bail!(
            "{}: expected a model that remembers its training reports, found none; train it again, or name the field of the labels",
            model.manifest.training.name
        );
    };
    let then: Baseline = serde_json::from_value(then.clone())?;
    let drift = then.against(now, reports);
    if as_json {
        serde_json::to_writer_pretty(&mut *out, &json!({"reports": reports, "then": then, "drift": drift}))?;
        writeln!(out)?;
        return Ok(());
    }
    writeln!(out, "reports             {reports}")?;
    writeln!(out, "unknown terms       {:.1} %, {:.1} % in training", 100.0 * drift.now.unknown, 100.0 * then.unknown)?;
    writeln!(out, "shift of certainty  {:.3}", drift.confidence_shift)?;
    writeln!(out, "shift of labels     {:.3}", drift.label_shift)?;
    for ((label, now), then) in model.manifest.labels.iter().zip(&drift.now.labels).zip(&then.labels) {
        writeln!(out, "{:>6.1} %  {:>6.1} % in training  {label}", 100.0 * now, 100.0 * then)?;
    }
    for warning in &drift.warnings {
        eprintln!("bingli: {warning}");
    }
    Ok(())
}
