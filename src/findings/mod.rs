//! What a report states: laboratory results and pathology findings, each with its place, its assertion and its doubts.
//!
//! The stage reads a folded text once for all surface forms of the lexicon ([`Reading`]); each finding has a file of its own
//! that looks near its hits with a small grammar and hands back values with spans of the original text.
//! It never waits for tokens or models, and it corrects nothing silently: what may be wrong is kept and said in `doubts`.

pub mod assertion;
pub mod checks;
mod cursor;
mod depth;
pub mod detail;
mod differentiation;
mod endings;
mod ene;
mod gleason;
mod grade;
mod histology;
mod histology_rules;
mod ihc;
mod invasion;
pub mod lab;
pub mod labs;
mod laterality;
mod lengths;
mod margin;
mod marks;
mod metastasis;
mod molecular;
mod nodes;
mod organ;
mod primary_site;
mod procedure;
pub mod quantity;
mod site_phrase;
mod size;
mod special_stain;
mod specimen;
mod squeeze;
mod stage_group;
mod status;
pub mod summary;
mod tnm;
mod tumor_deposits;
mod weight;

pub use assertion::{Assertion, Experiencer, Presence, Temporality};
pub use detail::Detail;
pub use lab::Lab;
mod extractor;

pub use crate::reading::{Reader, Reading};
pub use extractor::{Extraction, Extractor, Finder};

use serde::Serialize;

use crate::span::Span;

/// Why a value may be wrong; the documented list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Doubt {
    /// The value lies outside what a living person can have in this unit; it has no code.
    Implausible,
    /// The unit is not known to the lexicon; the value stays as written.
    UnknownUnit,
    /// The unit is known but not one this analyte is measured in.
    UnitMismatch,
    /// No unit is written; the canonical one was not assumed.
    NoUnit,
    /// A glued name and value had more than one plausible cut.
    AmbiguousCut,
    /// The name may stand for another analyte; context did not settle it.
    AmbiguousName,
    /// A character was read as another (letter O for zero, l for one).
    RepairedCharacter,
    /// Parts of the statement do not add up.
    Inconsistent,
    /// The words leave open which tumour, specimen or date the value belongs to.
    UnclearReference,
}

/// One finding of a report.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Finding {
    /// What was found, with its fields.
    #[serde(flatten)]
    pub detail: Detail,
    /// Presence, temporality, experiencer and the cues that decided them.
    #[serde(flatten)]
    pub assertion: Assertion,
    /// The lettered or numbered specimen it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub specimen: Option<String>,
    /// The kind of section it stands in.
    pub section: String,
    /// Its place in the original text.
    #[serde(skip)]
    pub span: Span,
    /// Why it may be wrong.
    pub doubts: Vec<Doubt>,
}

impl Finding {
    /// A finding at a folded span, in the section and specimen it stands in.
    pub(crate) fn new(reading: &Reading<'_>, detail: Detail, assertion: Assertion, span: Span) -> Self {
        Self { detail, assertion, specimen: None, section: reading.section_kind(span.start).to_string(), span: reading.to_original(span), doubts: Vec::new() }
    }

    /// A finding at a folded span, asserted as the words around it say.
    pub(crate) fn assessed(reading: &Reading<'_>, assertions: &assertion::Assertions, span: Span, detail: Detail) -> Self {
        Self::new(reading, detail, assertions.assess(reading, span), span)
    }

    /// A value that is only written where it holds: a `no` somewhere before it speaks of something else.
    pub(crate) fn asserted(reading: &Reading<'_>, assertions: &assertion::Assertions, span: Span, detail: Detail) -> Self {
        let mut finding = Self::assessed(reading, assertions, span, detail);
        if finding.assertion.presence == Presence::Absent {
            finding.assertion.presence = Presence::Present;
        }
        finding
    }

    /// A finding whose status or count carries the negation, so that its presence stays `present`.
    pub(crate) fn stated(reading: &Reading<'_>, detail: Detail, assertion: Assertion, span: Span) -> Self {
        Self::new(reading, detail, Assertion { presence: Presence::Present, ..assertion }, span)
    }
}
