//! The way of a report: document, identifiers, reading, findings, labels, record. A pipeline is built once and shared by all threads;
//! the same document always gives the same record.

use std::sync::Arc;

use crate::document::Document;
use crate::error::Result;
use crate::findings::Extractor;
use crate::lexicon::Lexicon;
use crate::quality::Legibility;
use crate::record::{Parts, Quality, Record};

/// Version of the pipeline: part of what a resumed run and a model are keyed by.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// What a pipeline does beyond reading.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Whether identifiers are removed from what is given out.
    pub deidentify: bool,
    /// Whether the masked text goes into records.
    pub with_text: bool,
}

/// Structures reports.
pub struct Pipeline {
    extractor: Extractor,
    legibility: Legibility,
    settings: Settings,
}

impl Pipeline {
    /// A pipeline over a lexicon.
    ///
    /// # Errors
    /// Where the lexicon lacks what a stage needs.
    pub fn new(lexicon: Arc<Lexicon>, settings: Settings) -> Result<Self> {
        Ok(Self { legibility: Legibility::new(&lexicon), extractor: Extractor::new(lexicon)?, settings })
    }

    /// Everything that decides what is made of a document, beside the document.
    pub fn fingerprint(&self) -> String {
        format!("{VERSION} {} {:?}", self.extractor.lexicon().hash(), self.settings)
    }

    /// The record of a document.
    pub fn record(&self, document: &Document) -> Record {
        let reading = self.extractor.read(document);
        let identifiers = Vec::new();
        let extraction = self.extractor.extract(&reading);
        let characters = document.text.chars().count();
        let legible = self.legibility.share(&reading);
        let quality = Quality { characters, legible, notes: self.legibility.notes(legible, characters) };
        Record::new(Parts {
            document,
            reading: &reading,
            extraction,
            identifiers: &identifiers,
            deidentify: self.settings.deidentify,
            with_text: self.settings.with_text,
            quality,
        })
    }
}
