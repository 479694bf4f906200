//! Labels of a report: the best one, how sure, what else it might be, and which words decided.

use std::sync::Arc;

use serde::Serialize;

use super::bundle::Bundle;
use super::multilabel;
use super::presence::{Open, Presence, cooled};
use super::scale::scale;
use super::sets::threshold;
use super::train::best_class;
use crate::error::{Error, Result};
use crate::features::{Analyzer, Block, column_terms};
use crate::findings::Extraction;
use crate::lexicon::Lexicon;
use crate::reading::Reading;
use crate::span::Span;

/// A label as a record holds it; evidence is placed by the record.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Label {
    /// The best label.
    pub label: String,
    /// Its probability.
    pub probability: f32,
    /// Every label with its probability, the most probable first; sums to 1.
    #[serde(serialize_with = "as_map")]
    pub distribution: Vec<(String, f32)>,
    /// The labels that together reach the coverage asked for; where labels are independent, the sides of this one that cannot be ruled out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub set: Option<Vec<String>>,
    /// Whether the report is left to a reader.
    pub abstained: bool,
    /// Name and version of the model.
    pub model: String,
    /// What decided.
    #[serde(skip)]
    pub evidence: Vec<Evidence>,
}

/// One feature that spoke for or against the best label.
#[derive(Debug, Clone, PartialEq)]
pub struct Evidence {
    /// The feature.
    pub feature: String,
    /// How much it spoke for the label.
    pub weight: f32,
    /// A place in the original text; none where the feature has none.
    pub span: Option<Span>,
}

fn as_map<S: serde::Serializer>(pairs: &[(String, f32)], serializer: S) -> std::result::Result<S::Ok, S::Error> {
    serializer.collect_map(pairs.iter().map(|(label, probability)| (label, probability)))
}

/// What is asked of labels.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Asked {
    /// Leave reports below this probability to a reader.
    pub abstain: Option<f32>,
    /// Give sets that hold the true label with this probability.
    pub coverage: Option<f64>,
    /// Features to be named as evidence.
    pub explain: usize,
}

/// Labels reports by a model.
pub struct Labeller {
    bundle: Arc<Bundle>,
    analyzer: Analyzer,
    blocks: Vec<Block>,
    name: String,
    asked: Asked,
    /// Largest surprise of a label in a set, where sets are asked for.
    surprise: Option<f32>,
    /// How probabilities become labels where they are independent.
    presence: Presence,
}

/// Where a model keeps how surprising the truth was out of fold.
pub const SURPRISES: &str = "surprises";
/// Where a model of independent labels keeps how probabilities become labels.
pub const PRESENCE: &str = "presence";
/// Reports less legible than this are left to a reader.
const LEGIBLE: f64 = 0.5;

/// How a model's probabilities become labels where they are independent.
pub fn presence(bundle: &Bundle) -> Presence {
    bundle.manifest.more.get(PRESENCE).and_then(|own| serde_json::from_value(own.clone()).ok()).unwrap_or_default()
}

impl Labeller {
    /// A labeller by a model and the lexicon at hand.
    ///
    /// # Errors
    /// [`Error::Setting`] where a probability asked for is none; [`Error::Model`] where the model's pieces of words are damaged.
    pub fn new(bundle: Arc<Bundle>, lexicon: &Lexicon, asked: Asked) -> Result<Self> {
        if let Some(least) = asked.abstain.filter(|least| !(0.0..=1.0).contains(least)) {
            return Err(Error::Setting(format!("--abstain: expected a probability from 0 to 1, found {least}")));
        }
        let presence = presence(&bundle);
        let unknown = || Error::Model("expected a model that knows how sure it was out of fold, found none; train it again".into());
        let surprise = match asked.coverage {
            None => None,
            Some(coverage) if coverage > 0.0 && coverage < 1.0 => {
                let table: Vec<f32> = bundle.manifest.more.get(SURPRISES).and_then(|table| serde_json::from_value(table.clone()).ok()).unwrap_or_default();
                if presence.covers() { None } else { Some(threshold(&table, coverage).ok_or_else(unknown)?) }
            }
            Some(coverage) => return Err(Error::Setting(format!("--coverage: expected a probability between 0 and 1, found {coverage}"))),
        };
        let subwords = bundle.subwords()?;
        let name = format!("{} {}", bundle.manifest.training.name, &bundle.manifest.checksum()[..12]);
        Ok(Self { analyzer: Analyzer::new(lexicon, subwords)?, blocks: bundle.space.recipe.blocks(), name, bundle, asked, surprise, presence })
    }

    /// Name and checksum of the model.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The model.
    pub fn bundle(&self) -> &Bundle {
        &self.bundle
    }

    /// The labels of a report: the best one, or every one it has where labels are independent. `identifiers` are never seen; `legible` is
    /// the share of the text that could be read.
    pub fn labels(&self, lexicon: &Lexicon, reading: &Reading<'_>, stated: &Extraction, identifiers: &[Span], legible: f64) -> Vec<Label> {
        let Bundle { manifest, space, classifier } = &*self.bundle;
        let mut seen: Vec<(u32, Span)> = Vec::new();
        self.analyzer.terms(lexicon, reading, stated, identifiers, &self.blocks, &mut |block, form, span| {
            if let Some(column) = space.source(block, form) {
                seen.push((column, span));
            }
        });
        column_terms(reading.document, &manifest.training.categorical, &mut |form| {
            seen.extend(space.source(Block::Column, form).map(|column| (column, Span::default())))
        });
        seen.sort_unstable();
        let mut counts: Vec<(u32, u32)> = Vec::new();
        for (column, _) in &seen {
            match counts.last_mut() {
                Some((last, count)) if last == column => *count += 1,
                _ => counts.push((*column, 1)),
            }
        }
        let numbers = self.analyzer.numbers(reading.document, stated, &manifest.training.numeric);
        let x = space.single(counts.clone(), &numbers);
        let mut probabilities = classifier.probabilities(&x);
        if manifest.kind == multilabel::KIND {
            return self.independent(&x, &probabilities, &counts, &seen, legible);
        }
        scale(probabilities.row_mut(0), manifest.temperature);
        let row = probabilities.row(0);
        let best = best_class(row);
        let mut distribution: Vec<(String, f32)> = manifest.labels.iter().cloned().zip(row.iter().copied()).collect();
        distribution.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        let probability = row[best as usize];
        let evidence = if self.asked.explain > 0 { self.evidence(&x, best, &counts, &seen) } else { Vec::new() };
        vec![Label {
            label: manifest.labels.get(best as usize).cloned().unwrap_or_default(),
            probability,
            set: self
                .surprise
                .map(|most| distribution.iter().enumerate().filter(|(at, own)| *at == 0 || 1.0 - own.1 <= most).map(|(_, own)| own.0.clone()).collect()),
            distribution,
            abstained: legible < LEGIBLE || self.asked.abstain.is_some_and(|least| probability < least),
            model: self.name.clone(),
            evidence,
        }]
    }

    /// Independent labels, each against its absence; the most probable first. With a coverage those too that cannot be ruled out: they are
    /// abstained from, and their set has both sides.
    fn independent(
        &self,
        x: &crate::features::Matrix,
        probabilities: &ndarray::Array2<f32>,
        counts: &[(u32, u32)],
        seen: &[(u32, Span)],
        legible: f64,
    ) -> Vec<Label> {
        let temperature = self.bundle.manifest.temperature;
        let own = |(place, chance): (usize, &f32)| {
            let chance = cooled(*chance, temperature);
            let given = chance >= self.presence.threshold(place);
            let open = self.asked.coverage.map(|coverage| self.presence.open(place, chance, coverage));
            if !given && !open.is_some_and(|open| open.present) {
                return None;
            }
            let label = self.bundle.manifest.labels.get(place).cloned().unwrap_or_default();
            let not = format!("not {label}");
            let set = open.map(|Open { present, absent }| {
                let sides = [(present || (given && !absent), &label), (absent || (!given && !present), &not)];
                sides.into_iter().filter(|side| side.0).map(|side| side.1.clone()).collect()
            });
            let mut distribution = vec![(label.clone(), chance), (not, 1.0 - chance)];
            distribution.sort_by(|a, b| b.1.total_cmp(&a.1));
            Some(Label {
                probability: chance,
                distribution,
                set,
                abstained: !given || legible < LEGIBLE || self.asked.abstain.is_some_and(|least| chance < least),
                model: self.name.clone(),
                evidence: if self.asked.explain > 0 { self.evidence(x, place as u32, counts, seen) } else { Vec::new() },
                label,
            })
        };
        let mut found: Vec<Label> = probabilities.row(0).iter().enumerate().filter_map(own).collect();
        found.sort_by(|a, b| b.probability.total_cmp(&a.probability).then_with(|| a.label.cmp(&b.label)));
        found
    }

    /// The features that spoke most, for or against, each with the first place it stands at.
    fn evidence(&self, x: &crate::features::Matrix, best: u32, counts: &[(u32, u32)], seen: &[(u32, Span)]) -> Vec<Evidence> {
        let row: Vec<(u32, f32)> = x.indices().iter().copied().zip(x.data().iter().copied()).collect();
        let mut spoken = self.bundle.space.by_source(counts, &row, self.bundle.classifier.contributions(x, 0, best as usize));
        spoken.retain(|(_, weight)| *weight != 0.0);
        spoken.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()).then(a.0.cmp(&b.0)));
        spoken.truncate(self.asked.explain);
        let place = |column: u32| seen.get(seen.partition_point(|(own, _)| *own < column)).filter(|(own, _)| *own == column).map(|(_, span)| *span);
        spoken.into_iter().map(|(column, weight)| Evidence { feature: self.bundle.space.source_name(column), weight, span: place(column) }).collect()
    }
}
