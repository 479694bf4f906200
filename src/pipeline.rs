//! The way of a report: document, identifiers, reading, findings, labels, record. A pipeline is built once and shared by all threads;
//! the same document always gives the same record.

use std::sync::Arc;

use crate::deidentify::key::Key;
use crate::deidentify::{Deidentifier, Identifier};
use crate::document::Document;
use crate::error::Result;
use crate::features::{Analyzer, Bag, Block, Columns};
use crate::findings::Extractor;
use crate::lexicon::Lexicon;
use crate::models::bundle::Bundle;
use crate::models::label::{Asked, Labeller};
use crate::quality::Legibility;
use crate::record::{Parts, Quality, Record};
use crate::span::Span;

/// Version of the pipeline: part of what a resumed run and a model are keyed by.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// What a pipeline does beyond reading.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Whether identifiers are removed from what is given out.
    pub deidentify: bool,
    /// Whether the masked text goes into records.
    pub with_text: bool,
    /// The key by which ids and sources are hashed, where they are.
    pub hash_ids: Option<Arc<Key>>,
}

/// Structures reports.
pub struct Pipeline {
    extractor: Extractor,
    deidentifier: Deidentifier,
    legibility: Legibility,
    settings: Settings,
    labeller: Option<Labeller>,
}

impl Pipeline {
    /// A pipeline over a lexicon.
    ///
    /// # Errors
    /// Where the lexicon lacks what a stage needs.
    pub fn new(lexicon: Arc<Lexicon>, settings: Settings) -> Result<Self> {
        Ok(Self {
            legibility: Legibility::new(&lexicon),
            deidentifier: Deidentifier::new(&lexicon)?,
            extractor: Extractor::new(lexicon)?,
            settings,
            labeller: None,
        })
    }

    /// With a model that labels every report.
    ///
    /// # Errors
    /// Where the model's parts do not fit together or what is asked cannot be met.
    pub fn with_model(mut self, model: Arc<Bundle>, asked: Asked) -> Result<Self> {
        self.labeller = Some(Labeller::new(model, self.extractor.lexicon(), asked)?);
        Ok(self)
    }

    /// The terms and numbers of a document, as a model is trained on them.
    pub fn bag(&self, analyzer: &Analyzer, document: &Document, blocks: &[Block], columns: &Columns) -> Bag {
        let reading = self.extractor.read(document);
        let stated = self.extractor.extract(&reading);
        let hidden: Vec<Span> = self.deidentifier.find(&reading).iter().map(|identifier| identifier.span).collect();
        analyzer.bag(self.extractor.lexicon(), &reading, &stated, &hidden, blocks, columns)
    }

    /// The lexicon it reads by.
    pub fn lexicon(&self) -> &Lexicon {
        self.extractor.lexicon()
    }

    /// Everything that decides what is made of a document, beside the document.
    pub fn fingerprint(&self) -> String {
        format!("{VERSION} {} {:?} {}", self.extractor.lexicon().hash(), self.settings, self.name("")) + self.labeller.as_ref().map_or("", Labeller::name)
    }

    /// An id or a source as it is given out.
    pub fn name(&self, name: &str) -> String {
        self.settings.hash_ids.as_ref().map_or_else(|| name.to_string(), |key| key.id(name))
    }

    /// The record of a document.
    pub fn record(&self, document: &Document) -> Record {
        let reading = self.extractor.read(document);
        // A model never sees an identifier, whatever is given out.
        let all = if self.settings.deidentify || self.labeller.is_some() { self.deidentifier.find(&reading) } else { Vec::new() };
        let identifiers: &[Identifier] = if self.settings.deidentify { &all } else { &[] };
        let extraction = self.extractor.extract(&reading);
        let characters = document.text.chars().count();
        let legible = self.legibility.share(&reading);
        let mut notes = self.legibility.notes(legible, characters);
        // A result that came coded and that no analyte is known for is not left out in silence.
        if extraction.labs.iter().filter(|lab| lab.origin.is_some()).count() < document.results.len() {
            notes.push("unknown-results");
        }
        let quality = Quality { characters, legible, notes };
        let hidden: Vec<Span> = all.iter().map(|identifier| identifier.span).collect();
        let labels = self.labeller.iter().flat_map(|labeller| labeller.labels(self.extractor.lexicon(), &reading, &extraction, &hidden, legible)).collect();
        let mut record = Record::new(Parts {
            document,
            reading: &reading,
            extraction,
            identifiers,
            deidentify: self.settings.deidentify,
            with_text: self.settings.with_text,
            quality,
            labels,
        });
        if self.settings.hash_ids.is_some() {
            record.id = self.name(&record.id);
            record.source = self.name(&record.source);
        }
        record
    }
}
