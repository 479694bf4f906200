//! Histologies: names of tumours from the morphology dictionary with the words of degree that belong to them, the code this
//! tool assigns and the code printed beside them.
//!
//! Benign lesions give nothing. A bare `carcinoma` or `cancer` is a finding only where the report names no type.
//! The code follows the name and the words of its sentence; which name stands for the report is the summary's choice.

use super::assertion::Assertions;
use super::detail::Histology;
use super::histology_rules::CodingRules;
use super::{Assertion, Detail, Finder, Finding, Presence, Reading};
use crate::error::Result;
use crate::fold::is_han;
use crate::lexicon::{ClassId, Hit, Lexicon};
use crate::span::Span;

#[derive(Debug)]
struct Morphology {
    code: String,
    rank: u8,
    organ: Option<String>,
    weak: bool,
    /// It means the contrary behind a syllable (`non-small`), which a scan may have damaged: nothing may be glued to it.
    free: bool,
}

/// Finds histologies.
#[derive(Debug)]
pub struct Histologies {
    class: ClassId,
    entries: Vec<Morphology>,
    rules: CodingRules,
    assertions: Assertions,
}

/// A name found in the text.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Named<'l> {
    /// The name with its words of degree, in folded offsets.
    pub span: Span,
    /// The code of the dictionary.
    pub code: &'l str,
    /// How specific the name is, 0 to 4.
    pub rank: u8,
    /// The organ the code is meant for, where the name is of one organ.
    pub organ: Option<&'l str>,
    /// A word that names a tumour only in its organ (`papillary`, `clear cell type`).
    pub weak: bool,
}

impl Histologies {
    /// Takes the classes `morphology`, `histology.word` and `histology.rule`.
    ///
    /// # Errors
    /// Where one of them is missing or an entry lacks an attribute.
    pub fn new(lexicon: &Lexicon) -> Result<Self> {
        let class = lexicon.class("morphology")?;
        let vocabulary = lexicon.vocabulary(class);
        let entries = vocabulary
            .entries
            .iter()
            .enumerate()
            .map(|(index, entry)| {
                let code = entry.text("code").ok_or_else(|| vocabulary.error(index, format!("entry `{}`: expected a `code`", entry.id())))?;
                let rank = entry.number("rank").map_or(3, |rank| rank as u8);
                Ok(Morphology {
                    code: code.to_string(),
                    rank,
                    organ: entry.text("organ").map(str::to_string),
                    weak: entry.flag("weak"),
                    free: entry.flag("free"),
                })
            })
            .collect::<Result<Vec<_>>>()?;
        Ok(Self { class, entries, rules: CodingRules::new(lexicon)?, assertions: Assertions::new(lexicon)? })
    }

    /// Every tumour named that is not benign, in the order of the text.
    pub(super) fn named(&self, reading: &Reading<'_>) -> Vec<Named<'_>> {
        reading.of(self.class).iter().filter_map(|hit| self.name(reading, *hit)).collect()
    }

    fn name(&self, reading: &Reading<'_>, hit: Hit) -> Option<Named<'_>> {
        let entry = &self.entries[hit.entry as usize];
        if entry.code.ends_with("/0") {
            return None;
        }
        let text = reading.text();
        let mut span = hit.span();
        let glued =
            |character: char| !character.is_whitespace() && !is_han(character) && !matches!(character, '(' | '[' | ':' | ',' | ';' | '.' | '/' | '"' | ')');
        if entry.free && text[..span.start].ends_with(glued) {
            return None;
        }
        let words = reading.of(self.rules.words);
        while let Some(word) = words[..words.partition_point(|word| (word.end as usize) <= span.start)].last()
            && self.rules.prefix[word.entry as usize]
            && text.get(word.end as usize..span.start).is_some_and(|gap| gap.len() <= 2 && gap.bytes().all(|byte| matches!(byte, b' ' | b',' | b'\n')))
        {
            span.start = word.start as usize;
        }
        Some(Named { span, code: &entry.code, rank: entry.rank, organ: entry.organ.as_deref(), weak: entry.weak })
    }

    /// Whether a name is stated, when and in whom.
    pub(super) fn assess(&self, reading: &Reading<'_>, span: Span) -> Assertion {
        self.assertions.assess(reading, span)
    }

    /// The words that refine a name: those of its sentence, or `wide` those of the lines around it, for a name that tells little.
    pub(super) fn words(&self, reading: &Reading<'_>, span: Span, wide: bool) -> Vec<&str> {
        let text = reading.text();
        let mut around = reading.sentence(span.start);
        around.start = around.start.max(floor(text, span.start.saturating_sub(120)));
        around.end = around.end.max(span.end).min(floor(text, span.end + 160));
        if wide {
            around = Span::new(floor(text, span.start.saturating_sub(200)), floor(text, span.end + 400));
        }
        let mut out: Vec<&str> = Vec::new();
        for hit in reading.hits.within(self.rules.words, around) {
            let name = self.rules.names[hit.entry as usize].as_str();
            if !out.contains(&name) {
                out.push(name);
            }
        }
        out
    }

    /// The code a registry assigns to a code in an organ, given the words that stand with it.
    pub(super) fn refine(&self, code: &str, organ: Option<&str>, words: &[&str], beside: &[&str]) -> String {
        self.rules.refine(code, organ, words, beside)
    }

    /// The code a registry assigns to a name in an organ.
    fn code(&self, reading: &Reading<'_>, named: &Named<'_>, organ: Option<&str>) -> String {
        self.rules.refine(named.code, organ.or(named.organ), &self.words(reading, named.span, false), &[])
    }
}

impl Finder for Histologies {
    fn find(&self, reading: &Reading<'_>, out: &mut Vec<Finding>) {
        let names = self.named(reading);
        let typed = names.iter().any(|named| named.rank >= 2 && !named.weak);
        let mut printed = printed_codes(reading.text());
        let from = out.len();
        for named in names.iter().filter(|named| !typed || named.rank >= 2 && !named.weak) {
            let assertion = self.assess(reading, named.span);
            if named.rank < 2 && assertion.presence == Presence::Absent {
                continue;
            }
            let near = printed.iter().position(|(span, _)| span.start >= named.span.end.saturating_sub(40) && span.start < named.span.end + 40);
            let code = near.map(|index| printed.remove(index).1);
            let span = reading.to_original(named.span);
            out.push(Finding {
                detail: Detail::Histology(Histology {
                    name: span.of(&reading.document.text).to_string(),
                    icdo: Some(self.code(reading, named, None)),
                    icdo_printed: code,
                }),
                assertion,
                specimen: None,
                section: reading.section_kind(named.span.start).to_string(),
                span,
                doubts: Vec::new(),
            });
        }
        for (span, code) in printed {
            let span_original = reading.to_original(span);
            let known = self.entries.iter().any(|entry| entry.code == code);
            out.push(Finding {
                detail: Detail::Histology(Histology {
                    name: span_original.of(&reading.document.text).to_string(),
                    icdo: known.then(|| code.clone()),
                    icdo_printed: Some(code),
                }),
                assertion: self.assertions.assess(reading, span),
                specimen: None,
                section: reading.section_kind(span.start).to_string(),
                span: span_original,
                doubts: Vec::new(),
            });
        }
        out[from..].sort_by_key(|finding| finding.span);
    }
}

/// Morphology codes printed in a text: `8140/3`, `M-8140/3`, `M8140 / 3`.
fn printed_codes(text: &str) -> Vec<(Span, String)> {
    let bytes = text.as_bytes();
    let mut out = Vec::new();
    for slash in memchr::memchr_iter(b'/', bytes) {
        let mut end = slash;
        while end > 0 && bytes[end - 1] == b' ' && slash - end < 2 {
            end -= 1;
        }
        let Some(digits) = end.checked_sub(4).and_then(|start| bytes.get(start..end)) else { continue };
        let start = end - 4;
        let before = start.checked_sub(1).map(|at| bytes[at]);
        if !matches!(digits[0], b'8' | b'9')
            || !digits.iter().all(u8::is_ascii_digit)
            || before.is_some_and(|byte| byte.is_ascii_digit() || byte == b'.' || byte == b'/')
        {
            continue;
        }
        let mut at = slash + 1;
        while bytes.get(at) == Some(&b' ') && at - slash < 3 {
            at += 1;
        }
        let behaviour = bytes.get(at).copied().unwrap_or(b' ');
        let after = bytes.get(at + 1).copied().unwrap_or(b' ');
        if matches!(behaviour, b'0' | b'1' | b'2' | b'3' | b'6' | b'9') && !after.is_ascii_digit() && after != b'/' {
            let code = format!("{}/{}", &text[start..end], behaviour as char);
            out.push((Span::new(start, at + 1), code));
        }
    }
    out
}

/// The nearest character boundary at or before a byte.
fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn printed_codes_are_told_from_dates_and_fractions() {
        let found: Vec<String> = printed_codes("ICD-O M-8140/3, 8500 / 3; 12/8140/3, 1998/3/4, 8140/31, 2/15").into_iter().map(|(_, code)| code).collect();
        assert_eq!(found, ["8140/3", "8500/3"]);
    }
}
