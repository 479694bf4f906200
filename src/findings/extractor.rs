//! All findings of a report, in the order of the text. One line below names each finder; a finder has a file of its own.

use std::sync::Arc;

use super::checks::{Check, Checker};
use super::depth::Depths;
use super::differentiation::Differentiations;
use super::ene::ExtranodalExtensions;
use super::gleason::Gleasons;
use super::grade::Grades;
use super::histology::Histologies;
use super::ihc::Stains;
use super::invasion::Invasions;
use super::labs::Labs;
use super::laterality::Lateralities;
use super::margin::Margins;
use super::metastasis::Metastases;
use super::molecular::Moleculars;
use super::nodes::Nodes;
use super::organ::Organs;
use super::primary_site::PrimarySites;
use super::procedure::Procedures;
use super::size::TumorSizes;
use super::special_stain::SpecialStains;
use super::specimen::Specimens;
use super::stage_group::StageGroups;
use super::summary::{Summarizer, Summary};
use super::tnm::Tnms;
use super::tumor_deposits::Deposits;
use super::{Finding, Lab};
use crate::document::{CodedResult, Document};
use crate::error::Result;
use crate::lexicon::Lexicon;
use crate::reading::{Reader, Reading};
use crate::span::Span;

/// Finds one kind of finding, or a few that share a grammar.
pub trait Finder: Send + Sync {
    /// Adds what it finds. Total: any text gives some list, possibly none.
    fn find(&self, reading: &Reading<'_>, out: &mut Vec<Finding>);
}

impl<F: Finder> Finder for Arc<F> {
    fn find(&self, reading: &Reading<'_>, out: &mut Vec<Finding>) {
        F::find(self, reading, out);
    }
}

/// Everything a report states.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Extraction {
    /// Laboratory results in the order of the text, then those that came coded.
    pub labs: Vec<Lab>,
    /// Findings in the order of the text.
    pub findings: Vec<Finding>,
    /// One answer a field, from the findings.
    pub summary: Summary,
    /// What does not fit together.
    pub checks: Vec<Check>,
}

/// Reads reports by one lexicon.
pub struct Extractor {
    lexicon: Arc<Lexicon>,
    reader: Reader,
    labs: Labs,
    finders: Vec<Box<dyn Finder>>,
    specimens: Specimens,
    summarizer: Summarizer,
    checker: Checker,
}

impl Extractor {
    /// Prepares every finder.
    ///
    /// # Errors
    /// [`crate::error::Error::Lexicon`] where the lexicon lacks a class or an attribute that a finder needs.
    pub fn new(lexicon: Arc<Lexicon>) -> Result<Self> {
        // The organ is asked for by three, its side and names of tumours by two.
        let histologies = Arc::new(Histologies::new(&lexicon)?);
        let organs = Arc::new(Organs::new(&lexicon)?);
        let sides = Arc::new(Lateralities::new(&lexicon, Arc::clone(&organs))?);
        let finders: Vec<Box<dyn Finder>> = vec![
            Box::new(Arc::clone(&histologies)),
            Box::new(PrimarySites::new(Arc::clone(&organs))),
            Box::new(Arc::clone(&sides)),
            Box::new(Procedures::new(&lexicon)?),
            Box::new(Invasions::new(&lexicon)?),
            Box::new(ExtranodalExtensions::new(&lexicon)?),
            Box::new(Margins::new(&lexicon)?),
            Box::new(Nodes::new(&lexicon)?),
            Box::new(TumorSizes::new(&lexicon)?),
            Box::new(Depths::new(&lexicon)?),
            Box::new(Deposits::new(&lexicon)?),
            Box::new(Metastases::new(&lexicon)?),
            Box::new(Tnms::new(&lexicon)?),
            Box::new(StageGroups::new(&lexicon)?),
            Box::new(Differentiations::new(&lexicon)?),
            Box::new(Grades::new(&lexicon)?),
            Box::new(Gleasons::new(&lexicon)?),
            Box::new(Stains::new(&lexicon)?),
            Box::new(Moleculars::new(&lexicon)?),
            Box::new(SpecialStains::new(&lexicon)?),
        ];
        Ok(Self {
            labs: Labs::new(&lexicon)?,
            reader: Reader::new(&lexicon)?,
            finders,
            specimens: Specimens::new(&lexicon)?,
            summarizer: Summarizer::new(&lexicon, organs, sides, histologies)?,
            checker: Checker::new(&lexicon)?,
            lexicon,
        })
    }

    /// The lexicon it reads by.
    pub fn lexicon(&self) -> &Lexicon {
        &self.lexicon
    }

    /// Makes a document ready.
    pub fn read<'a>(&self, document: &'a Document) -> Reading<'a> {
        self.reader.read(&self.lexicon, document)
    }

    /// A result that came coded: by its LOINC, or by its name where it has none that is known.
    fn from_message(&self, document: &Document, result: &CodedResult) -> Option<Lab> {
        if let Some(lab) = self.labs.coded(document, result) {
            return Some(lab);
        }
        let interval = if result.reference.is_empty() { String::new() } else { format!(" ({})", result.reference) };
        let text = format!("{}: {} {}{interval} {}", result.name, result.value, result.unit, result.flag);
        let line = Document { text, meta: document.meta.clone(), ..Document::default() };
        let lab = self.labs.find(&self.read(&line)).into_iter().next()?;
        Some(Lab { name: result.name.clone(), date: result.date.clone(), origin: Some("message"), section: "message".into(), span: Span::default(), ..lab })
    }

    /// Everything a report states.
    pub fn extract(&self, reading: &Reading<'_>) -> Extraction {
        let mut labs = self.labs.find(reading);
        labs.extend(reading.document.results.iter().filter_map(|result| self.from_message(reading.document, result)));
        let mut findings = Vec::new();
        for finder in &self.finders {
            finder.find(reading, &mut findings);
        }
        self.specimens.assign(reading, &mut findings);
        // Keys are sorted, and each finding is moved once.
        findings.sort_by_cached_key(|finding| (finding.span, finding.detail.kind()));
        let summary = self.summarizer.summarize(reading, &findings);
        let checks = self.checker.check(reading, &findings, &summary);
        Extraction { labs, findings, summary, checks }
    }
}
