//! Extension of nodal metastasis beyond the capsule. Words that other organs use too (`extracapsular` of prostate and thyroid)
//! count only where a node is spoken of within the same few lines.

use serde::Deserialize;

use super::assertion::Assertions;
use super::detail::Ene;
use super::status::Statuses;
use super::{Detail, Finder, Finding, Reading};
use crate::error::Result;
use crate::lexicon::{ClassId, Lexicon};
use crate::span::Span;

#[derive(Debug, Deserialize)]
struct Term {
    #[serde(default)]
    node: bool,
}

/// Finds extranodal extension.
#[derive(Debug)]
pub struct ExtranodalExtensions {
    class: ClassId,
    node: ClassId,
    terms: Vec<Term>,
    statuses: Statuses,
    assertions: Assertions,
}

impl ExtranodalExtensions {
    /// Takes the classes `extranodal` and `node`, statuses and cues.
    ///
    /// # Errors
    /// Where one is missing.
    pub fn new(lexicon: &Lexicon) -> Result<Self> {
        let class = lexicon.class("extranodal")?;
        Ok(Self {
            class,
            node: lexicon.class("node")?,
            terms: lexicon.vocabulary(class).attributes()?,
            statuses: Statuses::new(lexicon)?,
            assertions: Assertions::new(lexicon)?,
        })
    }

    fn node_near(&self, reading: &Reading<'_>, span: Span) -> bool {
        let around = Span::new(span.start.saturating_sub(160), (span.end + 80).min(reading.text().len()));
        !reading.hits.within(self.node, around).is_empty()
    }
}

impl Finder for ExtranodalExtensions {
    fn find(&self, reading: &Reading<'_>, out: &mut Vec<Finding>) {
        for hit in reading.of(self.class) {
            let at = hit.span();
            if self.terms[hit.entry as usize].node && !self.node_near(reading, at) {
                continue;
            }
            let Some((status, span)) = self.statuses.of(reading, &self.assertions, at) else { continue };
            let Some(name) = status.name() else { continue };
            let assertion = self.assertions.assess_examined(reading, at);
            out.push(Finding::stated(reading, Detail::Ene(Ene { status: name.into() }), assertion, span));
        }
    }
}
