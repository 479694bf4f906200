//! Operations, biopsies and cytology as named in the report, with what kind of specimen they give.

use serde::Deserialize;

use super::assertion::Assertions;
use super::detail::Procedure;
use super::{Detail, Finder, Finding, Reading};
use crate::error::Result;
use crate::lexicon::{ClassId, Lexicon};

#[derive(Debug, Deserialize)]
struct Kind {
    value: String,
}

/// Finds procedures.
#[derive(Debug)]
pub struct Procedures {
    class: ClassId,
    kinds: Vec<Kind>,
    assertions: Assertions,
}

impl Procedures {
    /// Takes the class `procedure`.
    ///
    /// # Errors
    /// Where it is missing or an entry has no `value`.
    pub fn new(lexicon: &Lexicon) -> Result<Self> {
        let class = lexicon.class("procedure")?;
        Ok(Self { class, kinds: lexicon.vocabulary(class).attributes()?, assertions: Assertions::new(lexicon)? })
    }
}

impl Finder for Procedures {
    fn find(&self, reading: &Reading<'_>, out: &mut Vec<Finding>) {
        for hit in reading.of(self.class) {
            let span = reading.to_original(hit.span());
            out.push(Finding {
                detail: Detail::Procedure(Procedure { value: self.kinds[hit.entry as usize].value.clone(), name: span.of(&reading.document.text).to_string() }),
                assertion: self.assertions.assess(reading, hit.span()),
                specimen: None,
                section: reading.section_kind(hit.start as usize).to_string(),
                span,
                doubts: Vec::new(),
            });
        }
    }
}
