//! `bingli model show`: what a model is, how it was trained, how well it did and what it has learned.

use std::io::Write;

use super::args::{ModelVerb, Show};
use super::{Outcome, learn, output};
use crate::models::bundle::Bundle;

/// Runs the verb.
pub fn run(verb: &ModelVerb) -> anyhow::Result<Outcome> {
    let ModelVerb::Show(show) = verb;
    let model = learn::model(&show.model)?;
    let mut out = output::open(None)?;
    if show.json {
        serde_json::to_writer_pretty(&mut out, &json(&model, show))?;
        writeln!(out)?;
    } else {
        text(&model, show, &mut out)?;
    }
    out.flush()?;
    Ok(Outcome::Done)
}

/// The features that speak most for a class.
pub fn strongest(model: &Bundle, class: usize, count: usize) -> Vec<(String, f32)> {
    let mut weights = model.classifier.weights(class);
    weights.retain(|(_, weight)| *weight > 0.0);
    weights.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    weights.truncate(count);
    weights.into_iter().map(|(column, weight)| (model.space.name(column), weight)).collect()
}

fn json(model: &Bundle, show: &Show) -> serde_json::Value {
    let manifest = &model.manifest;
    let learned: serde_json::Map<String, serde_json::Value> =
        manifest.labels.iter().enumerate().map(|(class, label)| (label.clone(), serde_json::json!(strongest(model, class, show.top)))).collect();
    serde_json::json!({
        "sha256": manifest.checksum(), "format": manifest.format, "pipeline": manifest.pipeline, "lexicon": manifest.lexicon, "kind": manifest.kind,
        "labels": manifest.labels, "features": model.space.columns(), "recipe": manifest.recipe, "temperature": manifest.temperature,
        "training": manifest.training, "learned": learned,
    })
}

fn text(model: &Bundle, show: &Show, out: &mut dyn Write) -> std::io::Result<()> {
    let manifest = &model.manifest;
    let training = &manifest.training;
    writeln!(out, "model      {} ({})", training.name, &manifest.checksum()[..12])?;
    writeln!(out, "kind       {}, strength {}{}", manifest.kind, training.strength, if training.balance > 0.0 { ", classes balanced" } else { "" })?;
    writeln!(out, "features   {} by recipe {}", model.space.columns(), manifest.recipe.name)?;
    writeln!(out, "trained    {} reports, {} labels, {}", training.reports, manifest.labels.len(), training.folds)?;
    writeln!(out, "scores     accuracy {:.4}, macro-F1 {:.4} out of fold", training.accuracy, training.macro_f1)?;
    writeln!(out, "versions   bingli {}, lexicon {}, file {}", manifest.pipeline, manifest.lexicon, manifest.format)?;
    for (class, label) in manifest.labels.iter().enumerate() {
        let learned: Vec<String> = strongest(model, class, show.top).into_iter().map(|(feature, weight)| format!("{feature} {}", two_digits(weight))).collect();
        writeln!(out, "\n{label} ({} reports)\n  {}", training.label_counts.get(label).copied().unwrap_or(0), learned.join(", "))?;
    }
    Ok(())
}

/// A weight to two digits that say something, at least two and at most eight behind the point: `1.25`, `0.0031`.
fn two_digits(weight: f32) -> String {
    let places = if weight == 0.0 { 2.0 } else { (1.0 - weight.abs().log10().floor()).clamp(2.0, 8.0) };
    format!("{weight:.*}", places as usize)
}
