//! Operations, biopsies and cytology as named in the report, with what kind of specimen they give.

use serde::Deserialize;

use super::assertion::Assertions;
use super::detail::Procedure;
use super::{Detail, Finder, Finding, Reading};
use crate::error::Result;
use crate::lexicon::{ClassId, Hit, Lexicon};

#[derive(Debug, Deserialize)]
struct Kind {
    value: String,
}

/// Finds procedures.
#[derive(Debug)]
pub struct Procedures {
    class: ClassId,
    margin: ClassId,
    kinds: Vec<Kind>,
    assertions: Assertions,
}

impl Procedures {
    /// Takes the classes `procedure` and `margin`.
    ///
    /// # Errors
    /// Where it is missing or an entry has no `value`.
    pub fn new(lexicon: &Lexicon) -> Result<Self> {
        let class = lexicon.class("procedure")?;
        Ok(Self { class, margin: lexicon.class("margin")?, kinds: lexicon.vocabulary(class).attributes()?, assertions: Assertions::new(lexicon)? })
    }
}

impl Finder for Procedures {
    fn find(&self, reading: &Reading<'_>, out: &mut Vec<Finding>) {
        // `resection margin`: a word of a margin is no operation.
        let of_margin = |hit: &Hit| reading.hits.at(self.margin, hit.start as usize).is_some_and(|margin| margin.span().contains(hit.span()));
        for hit in reading.of(self.class).iter().filter(|hit| !of_margin(hit)) {
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
