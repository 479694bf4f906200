//! One answer a field for the whole report, with the findings behind each.
//!
//! Findings compete by where they stand (the final diagnosis before microscopy, gross description, frozen section and
//! history; an addendum before what it amends), by when they hold (current before historical) and by the tumour they speak of
//! (the primary before metastases). A field that the report leaves open stays null; the few categories that follow from other answers
//! by the organ's rule are named in `derived`.

mod derive;
mod histology;
mod nodes;
mod rank;
mod site;
mod size;
mod stage;
mod status;
pub(in crate::findings) mod table;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use super::histology::Histologies;
use super::laterality::Lateralities;
use super::organ::Organs;
use super::{Finding, Reading};
use crate::error::Result;
use crate::lexicon::Lexicon;
use derive::Derivation;
use histology::HistologyChoice;
use nodes::NodeChoice;
use rank::Ranked;
use site::SiteChoice;

/// A name as written with its ICD-O-3 code.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Coded {
    /// As written.
    pub text: String,
    /// ICD-O-3.
    pub icdo: Option<String>,
}

/// Gleason patterns and score.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct GleasonAnswer {
    /// Primary pattern.
    pub primary: Option<u32>,
    /// Secondary pattern.
    pub secondary: Option<u32>,
    /// Score.
    pub score: Option<u32>,
}

/// Lymph nodes of the whole report.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct NodesAnswer {
    /// With metastasis.
    pub positive: Option<u32>,
    /// Examined.
    pub examined: Option<u32>,
}

/// One answer a field. What the report leaves open is null.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Summary {
    /// T category.
    pub t: Option<String>,
    /// N category.
    pub n: Option<String>,
    /// M category.
    pub m: Option<String>,
    /// Stage group.
    pub stage_group: Option<String>,
    /// Primary site.
    pub primary_site: Option<Coded>,
    /// Histological type.
    pub histology: Option<Coded>,
    /// `left`, `right` or `bilateral`.
    pub laterality: Option<String>,
    /// `well`, `moderate`, `poor` or `undifferentiated`; of a range the worse end.
    pub differentiation: Option<String>,
    /// `1` to `4`, `low`, `intermediate` or `high`.
    pub grade: Option<String>,
    /// Gleason score.
    pub gleason: GleasonAnswer,
    /// Greatest dimension of the primary tumour.
    pub tumor_size_mm: Option<f64>,
    /// Lymph nodes.
    pub nodes: NodesAnswer,
    /// `negative`, `positive`, `close` or `indeterminate`; the worst of all margins.
    pub margin: Option<String>,
    /// Lymphovascular invasion.
    pub lvi: Option<String>,
    /// Perineural invasion.
    pub pni: Option<String>,
    /// Extranodal extension.
    pub ene: Option<String>,
    /// Oestrogen receptor.
    pub er: Option<String>,
    /// Progesterone receptor.
    pub pr: Option<String>,
    /// HER2.
    pub her2: Option<String>,
    /// HER2 immunohistochemical score.
    pub her2_score: Option<String>,
    /// Ki-67.
    pub ki67_percent: Option<f64>,
    /// The specimen of the primary tumour, where its findings stand in one.
    pub specimen: Option<String>,
    /// Fields that are not stated, or not in full, with the field that they follow from by the organ's rule: `t` from `depth` or
    /// `tumor_size_mm`, `n` from `nodes`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub derived: BTreeMap<&'static str, &'static str>,
    /// Indexes of the findings behind each field.
    pub from: BTreeMap<&'static str, Vec<usize>>,
}

impl Summary {
    /// Notes the findings behind a field.
    fn note(&mut self, field: &'static str, findings: impl IntoIterator<Item = usize>) {
        let mut indexes: Vec<usize> = findings.into_iter().collect();
        indexes.sort_unstable();
        indexes.dedup();
        if !indexes.is_empty() {
            self.from.insert(field, indexes);
        }
    }
}

/// Makes summaries by one lexicon.
#[derive(Debug)]
pub struct Summarizer {
    organs: Arc<Organs>,
    histology: HistologyChoice,
    site: SiteChoice,
    nodes: NodeChoice,
    derivation: Derivation,
}

impl Summarizer {
    /// Takes the rules of a lexicon.
    ///
    /// # Errors
    /// Where the lexicon lacks a class that the rules need.
    pub(super) fn new(lexicon: &Lexicon, organs: Arc<Organs>, sides: Arc<Lateralities>, histologies: Arc<Histologies>) -> Result<Self> {
        Ok(Self {
            organs,
            histology: HistologyChoice::new(lexicon, histologies)?,
            site: SiteChoice::new(sides),
            nodes: NodeChoice::new(lexicon)?,
            derivation: Derivation::new(lexicon)?,
        })
    }

    /// The answers of a report.
    pub fn summarize(&self, reading: &Reading<'_>, findings: &[Finding]) -> Summary {
        let mut out = Summary::default();
        let mut ranked = Ranked::new(reading, findings);
        let vote = self.organs.vote(reading);
        self.site.answer(reading, &ranked, vote, &mut out);
        self.histology.answer(reading, &ranked, vote.organ.as_deref(), &mut out);
        // The tumour whose histology answers: of equal statements, those of its specimen come first.
        out.specimen = out.from.get("histology").and_then(|behind| behind.iter().find_map(|index| findings.get(*index)?.specimen.clone()));
        ranked.specimen.clone_from(&out.specimen);
        self.nodes.answer(reading, &ranked, &mut out);
        let counted = self.derivation.by_nodes(reading, &out).map(str::to_string);
        stage::answer(&ranked, counted.as_deref(), &mut out);
        status::answer(&ranked, &mut out);
        size::answer(reading, &ranked, &mut out);
        self.derivation.answer(reading, &ranked, &mut out);
        out
    }
}
