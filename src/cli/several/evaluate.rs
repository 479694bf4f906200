//! `bingli evaluate` for a model of several independent labels: figures of each label and of whole reports, or drift without labels.

use std::io::Write;

use anyhow::bail;
use ndarray::Array2;
use serde_json::json;

use super::card;
use crate::cli::args::{Evaluate, LabelFields};
use crate::cli::learn::{self, Labelled};
use crate::cli::{Outcome, evaluate, model, output};
use crate::models::bundle::Bundle;
use crate::models::independent::parts;
use crate::models::label::presence;
use crate::models::presence::cooled;
use crate::models::train::Samples;
use crate::validation::drift::Baseline;
use crate::validation::several::SeveralScores;

/// Where a model keeps the labels that its training left out.
pub const LEFT_OUT: &str = "left out";

/// Runs the verb.
pub fn run(verb: &Evaluate, model: &Bundle) -> anyhow::Result<Outcome> {
    let training = &model.manifest.training;
    let field = verb.labels.as_ref().or(verb.label.as_ref());
    let fields = LabelFields {
        label: field.cloned().unwrap_or_else(|| "labels".into()),
        group: verb.group.clone(),
        fold: None,
        numeric: training.numeric.clone(),
        categorical: training.categorical.clone(),
        min_class: 1,
        several: true,
    };
    let Labelled { samples, failed, group_names, data, .. } =
        learn::read_for_use(&verb.input, &verb.work, &fields, &model.space.recipe.blocks(), model.subwords()?, field.is_some())?;
    let rows: Vec<usize> = (0..samples.corpus.samples.len()).collect();
    let probabilities = model.classifier.probabilities(&model.space.matrix(&samples.corpus, &rows)).mapv(|chance| cooled(chance, model.manifest.temperature));
    let presence = presence(model);
    let said = presence.said(&probabilities);
    let mut out = output::open(None)?;
    if field.is_none() {
        let now = Baseline::several(&evaluate::unknown(&model.space, &samples), &probabilities, &said);
        evaluate::drift(model, now, rows.len(), verb.json, &mut out)?;
    } else {
        let held = truth(model, &samples, fields.asked())?;
        let labels = &model.manifest.labels;
        let thresholds: Vec<f32> = (0..labels.len()).map(|label| presence.threshold(label)).collect();
        let scores = SeveralScores::new(&probabilities, &said, &held, &thresholds, verb.group.is_some().then_some(&samples.groups[..]), training.seed)?;
        if verb.json {
            let mut value = json!(scores);
            value["labels"] = labels.iter().zip(&scores.labels).map(|(label, own)| json!({"label": label, "scores": own})).collect();
            serde_json::to_writer_pretty(&mut out, &value)?;
            writeln!(out)?;
        } else {
            table(labels, &scores, &mut out)?;
        }
        if let Some(path) = &verb.card {
            let subject = card::Subject {
                name: &training.name,
                facts: evaluate::facts(model, &data, rows.len()),
                labels,
                probabilities: &probabilities,
                said: &said,
                held: &held,
                groups: verb.group.is_some().then_some((&samples.groups[..], &group_names[..])),
                scores,
                features: (0..labels.len()).map(|label| model::strongest(model, label, crate::cli::card::FEATURES)).collect(),
                in_training: false,
            };
            card::write(path, subject)?;
        }
    }
    out.flush()?;
    Ok(if failed > 0 { Outcome::SomeFailed } else { Outcome::Done })
}

/// For each label of the model, the reports that have it.
fn truth(model: &Bundle, samples: &Samples, asked: &str) -> anyhow::Result<Vec<Vec<bool>>> {
    let labels = &model.manifest.labels;
    let left_out: Vec<String> = model.manifest.more.get(LEFT_OUT).and_then(|names| serde_json::from_value(names.clone()).ok()).unwrap_or_default();
    let mut unknown: Vec<&str> = samples.classes.iter().flat_map(|class| parts(class)).filter(|name| !labels.iter().any(|label| label == name)).collect();
    unknown.sort_unstable();
    unknown.dedup();
    let (known_of, unheard_of): (Vec<&str>, Vec<&str>) = unknown.into_iter().partition(|name| left_out.iter().any(|label| label == name));
    if !unheard_of.is_empty() {
        bail!("{asked}: expected labels the model knows ({}), found {}; spell them as in training or leave them out", labels.join(", "), unheard_of.join(", "));
    }
    for name in known_of {
        eprintln!("bingli: label `{name}` was left out in training and is not scored");
    }
    let has = |class: &str, label: &str| parts(class).any(|name| name == label);
    Ok(labels
        .iter()
        .map(|label| {
            let classes: Vec<bool> = samples.classes.iter().map(|class| has(class, label)).collect();
            samples.labels.iter().map(|class| classes.get(*class as usize).copied().unwrap_or(false)).collect()
        })
        .collect())
}

/// Figures as a table for people.
pub fn table(labels: &[String], scores: &SeveralScores, out: &mut dyn Write) -> std::io::Result<()> {
    let interval = |interval: Option<(f64, f64)>| interval.map_or_else(String::new, |(low, high)| format!(" [{low:.4}, {high:.4}]"));
    let maybe = |value: Option<f64>| value.map_or_else(|| "-".to_string(), |value| format!("{value:.4}"));
    writeln!(out, "reports            {}", scores.reports)?;
    writeln!(out, "all labels right   {:.4}{}", scores.exact, interval(scores.exact_interval))?;
    writeln!(out, "Hamming loss       {:.4}", scores.hamming_loss)?;
    writeln!(out, "macro precision    {:.4}", scores.macro_mean.precision)?;
    writeln!(out, "macro recall       {:.4}", scores.macro_mean.recall)?;
    writeln!(out, "macro-F1           {:.4}{}", scores.macro_mean.f1, interval(scores.macro_f1_interval))?;
    writeln!(out, "micro-F1           {:.4}{}", scores.micro.f1, interval(scores.micro_f1_interval))?;
    writeln!(out, "AUROC              {}", maybe(scores.auroc))?;
    writeln!(out, "average precision  {}", maybe(scores.average_precision))?;
    writeln!(out, "log loss           {:.4}", scores.log_loss)?;
    writeln!(out, "Brier              {:.4}", scores.brier)?;
    writeln!(out, "calibration error  {:.4}", scores.calibration_error)?;
    writeln!(out, "\nreports  from  precision  recall  F1      AUROC   label")?;
    for (label, own) in labels.iter().zip(&scores.labels) {
        let (triple, auroc) = (&own.triple, maybe(own.auroc));
        writeln!(
            out,
            "{:>7}  {:<4.2}  {:<9.4}  {:<6.4}  {:<6.4}  {auroc:<6}  {label}",
            own.reports, own.threshold, triple.precision, triple.recall, triple.f1
        )?;
    }
    Ok(())
}

/// What out-of-fold predictions hold for a report: a label as in a record, where it was given.
pub fn given(labels: &[String], probabilities: &Array2<f32>, said: &Array2<bool>, row: usize) -> Vec<serde_json::Value> {
    let of = |(label, name): (usize, &String)| {
        let chance = probabilities[[row, label]];
        let distribution = json!({name.as_str(): chance, format!("not {name}"): 1.0 - chance});
        said[[row, label]]
            .then(|| (chance, json!({"label": name, "probability": chance, "distribution": distribution, "abstained": false, "model": "out of fold"})))
    };
    let mut given: Vec<(f32, serde_json::Value)> = labels.iter().enumerate().filter_map(of).collect();
    given.sort_by(|a, b| b.0.total_cmp(&a.0));
    given.into_iter().map(|(_, label)| label).collect()
}
