//! A text made ready for the findings: folded, cut in sentences and sections, scanned once for every surface form.

use std::sync::OnceLock;

use crate::document::{Document, Language};
use crate::error::Result;
use crate::fold::{Folded, count_han};
use crate::length::Length;
use crate::lexicon::{ClassId, Hit, Hits, Lexicon};
use crate::organ::OrganVote;
use crate::section::{Section, Sectioner, section_at};
use crate::sentence::{Places, sentences};
use crate::span::Span;
use crate::timeline::Timeline;

/// What every finding looks at. All spans but `original` ones are in folded offsets.
#[derive(Debug)]
pub struct Reading<'a> {
    /// The report.
    pub document: &'a Document,
    /// The folded text.
    pub folded: Folded,
    /// The language of the text.
    pub language: Language,
    /// Sections that tile the folded text.
    pub sections: Vec<Section>,
    /// Sentences that tile the folded text.
    pub sentences: Vec<Span>,
    /// The surface forms found.
    pub hits: Hits,
    /// Chinese characters of the folded text.
    pub han: usize,
    /// Where the sentence of a byte is looked for.
    places: Places,
    timeline: OnceLock<Timeline>,
    organ: OnceLock<OrganVote>,
    lengths: OnceLock<Vec<Length>>,
}

impl Reading<'_> {
    /// The folded text.
    pub fn text(&self) -> &str {
        self.folded.text()
    }
    /// The folded words at a span.
    pub fn slice(&self, span: Span) -> &str {
        span.of(self.folded.text())
    }
    /// The hits of a class.
    pub fn of(&self, class: ClassId) -> &[Hit] {
        self.hits.of(class)
    }
    /// The sentence that holds a byte; the empty span at the end of the text where none does.
    pub fn sentence(&self, offset: usize) -> Span {
        self.places.of(&self.sentences, offset).map_or(Span::new(self.text().len(), self.text().len()), |index| self.sentences[index])
    }
    /// The section that holds a byte.
    pub fn section(&self, offset: usize) -> Option<&Section> {
        section_at(&self.sections, offset).map(|index| &self.sections[index])
    }
    /// The kind of the section that holds a byte, `body` where there is none.
    pub fn section_kind(&self, offset: usize) -> &str {
        self.section(offset).map_or("body", |section| &section.kind)
    }
    /// The course of events, read once when it is first asked for.
    pub(crate) fn timeline(&self, read: impl FnOnce() -> Timeline) -> &Timeline {
        self.timeline.get_or_init(read)
    }
    /// What the report says about its organ, read once when it is first asked for.
    pub(crate) fn organ(&self, read: impl FnOnce() -> OrganVote) -> &OrganVote {
        self.organ.get_or_init(read)
    }
    /// The lengths of the text, read once when they are first asked for.
    pub(crate) fn lengths(&self, read: impl FnOnce() -> Vec<Length>) -> &[Length] {
        self.lengths.get_or_init(read)
    }
    /// A folded span in the original text.
    pub fn to_original(&self, span: Span) -> Span {
        self.folded.to_original(span, &self.document.text)
    }
    /// The words as written at a folded span.
    pub fn written(&self, span: Span) -> &str {
        self.to_original(span).of(&self.document.text)
    }
    /// Whether the original has an upper-case ASCII letter where the folded byte came from.
    #[inline]
    pub fn is_upper(&self, offset: usize) -> bool {
        self.folded.original_byte(offset, &self.document.text).is_ascii_uppercase()
    }
}

/// Makes readings by one lexicon.
#[derive(Debug)]
pub struct Reader {
    sectioner: Sectioner,
}

impl Reader {
    /// Takes the headings of a lexicon.
    ///
    /// # Errors
    /// Where the lexicon has no sections.
    pub fn new(lexicon: &Lexicon) -> Result<Self> {
        Ok(Self { sectioner: Sectioner::new(lexicon)? })
    }

    /// Reads a document.
    pub fn read<'a>(&self, lexicon: &Lexicon, document: &'a Document) -> Reading<'a> {
        let folded = Folded::new(&document.text);
        let han = if folded.text().is_ascii() { 0 } else { count_han(folded.text()) };
        let hits = lexicon.scan(folded.text());
        let sections = self.sectioner.sections(&folded, &document.text, &hits);
        let sentences = sentences(&folded, &document.text);
        Reading {
            places: Places::new(&sentences),
            language: Language::of(&document.text, han),
            document,
            folded,
            sections,
            sentences,
            hits,
            han,
            timeline: OnceLock::new(),
            organ: OnceLock::new(),
            lengths: OnceLock::new(),
        }
    }
}
