//! Special stains with their result: `PAS(+)`, `AB染色（-）`, `Congo red stain is negative`.

use super::assertion::Assertions;
use super::detail::SpecialStain;
use super::ihc::{ResultWords, walk};
use super::{Detail, Finder, Finding, Reading};
use crate::error::Result;
use crate::lexicon::{ClassId, Lexicon};
use crate::span::Span;

/// Finds special stains.
#[derive(Debug)]
pub struct SpecialStains {
    class: ClassId,
    names: Vec<String>,
    words: ResultWords,
    assertions: Assertions,
}

impl SpecialStains {
    /// Takes the classes `special_stain` and `ihc.word`.
    ///
    /// # Errors
    /// Where one is missing.
    pub fn new(lexicon: &Lexicon) -> Result<Self> {
        let class = lexicon.class("special_stain")?;
        let names = lexicon.vocabulary(class).entries.iter().map(|entry| entry.id().to_string()).collect();
        Ok(Self { class, names, words: ResultWords::new(lexicon)?, assertions: Assertions::new(lexicon)? })
    }
}

impl Finder for SpecialStains {
    fn find(&self, reading: &Reading<'_>, out: &mut Vec<Finding>) {
        let hits = reading.of(self.class);
        for (index, hit) in hits.iter().enumerate() {
            let span = hit.span();
            let short = span.len() <= 4 && reading.slice(span).is_ascii();
            // `Ab` is an antibody, `AB` a stain.
            let mut loud = if span.len() <= 2 { span.start..span.end } else { span.start..span.start + 1 };
            if short && !loud.all(|at| reading.is_upper(at)) {
                continue;
            }
            let stop = hits.get(index + 1).map_or(reading.text().len(), |next| next.start as usize);
            let Some(stain) = walk(reading, &self.words, span.end, stop) else { continue };
            let detail = SpecialStain { stain: self.names[hit.entry as usize].clone(), status: stain.status.map(str::to_string) };
            let span = Span::new(span.start, stain.end.max(span.end));
            out.push(Finding::stated(reading, Detail::SpecialStain(detail), self.assertions.assess(reading, span), span));
        }
    }
}
