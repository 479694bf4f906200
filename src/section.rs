//! Sections of a report: headings from the lexicon cut the text into stretches that tile it.
//!
//! A heading counts where a line, a sentence or a clause begins and a colon, a line end or (in upper-case reports) a dash
//! follows it. What stands before the first heading is the section `body`. Lettered specimens (`A.`, `(B)`, `Part 2:`) at the
//! start of a line inside a diagnosis or gross section set the specimen of what follows.

use serde::Serialize;

use crate::error::Result;
use crate::fold::Folded;
use crate::lexicon::{ClassId, Hits, Lexicon};
use crate::span::Span;

/// One stretch of a report under one heading. Spans are in folded offsets while reading and in original offsets in a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Section {
    /// The kind: an id of `sections.toml`, or `body` where no heading stands.
    pub kind: String,
    /// The heading as written; empty where none stands.
    pub heading: Span,
    /// Heading and content; the spans of all sections tile the text.
    pub span: Span,
}

/// Finds sections by the headings of a lexicon.
#[derive(Debug)]
pub struct Sectioner {
    class: ClassId,
    /// Kind of each entry.
    kinds: Vec<String>,
    /// Whether the line of the heading may be all there is of the section.
    line: Vec<bool>,
}

impl Sectioner {
    /// Takes the class `section` of a lexicon.
    ///
    /// # Errors
    /// Where the lexicon has no such class.
    pub fn new(lexicon: &Lexicon) -> Result<Self> {
        let class = lexicon.class("section")?;
        let kinds = lexicon.vocabulary(class).entries.iter().map(|entry| entry.id().split('#').next().unwrap_or("").to_string()).collect();
        let line = lexicon.vocabulary(class).entries.iter().map(|entry| entry.flag("line")).collect();
        Ok(Self { class, kinds, line })
    }

    /// The sections of a text, in folded offsets, tiling it.
    pub fn sections(&self, folded: &Folded, original: &str, hits: &Hits) -> Vec<Section> {
        let text = folded.text();
        let mut out: Vec<Section> = Vec::new();
        for hit in hits.of(self.class) {
            let span = hit.span();
            let Some(start) = heading_start(text, span.start) else { continue };
            if !heading_ends(folded, original, span) {
                continue;
            }
            // A heading right behind a section of one line: there is nothing between them.
            if out.last().is_some_and(|last| last.span.start >= start) {
                out.pop();
            }
            if let Some(last) = out.last_mut() {
                last.span.end = start;
            } else if start > 0 {
                out.push(Section { kind: "body".into(), heading: Span::default(), span: Span::new(0, start) });
            }
            out.push(Section { kind: self.kinds[hit.entry as usize].clone(), heading: span, span: Span::new(start, text.len()) });
            if self.line[hit.entry as usize]
                && let Some(end) = one_line(folded, original, span.end)
            {
                out.push(Section { kind: "body".into(), heading: Span::default(), span: Span::new(end, text.len()) });
                if let [.., section, _] = out.as_mut_slice() {
                    section.span.end = end;
                }
            }
        }
        if out.is_empty() && !text.is_empty() {
            out.push(Section { kind: "body".into(), heading: Span::default(), span: Span::new(0, text.len()) });
        }
        out
    }
}

/// Bytes of a line that may be all there is of a section.
const LINE: usize = 200;

/// Where a section of one line ends: `History: 74 y, hard right lobe.`, an empty line, and a text without a heading of its own.
fn one_line(folded: &Folded, original: &str, heading_end: usize) -> Option<usize> {
    let text = folded.text();
    let rest = text.get(heading_end..)?;
    let line = &rest[..rest.find('\n')?];
    let said = line.trim_start_matches([' ', '\t', ':']).trim_end();
    let behind = &rest[line.len()..];
    let next = behind.trim_start();
    let gap = &behind[..behind.len() - next.len()];
    let at = text.len() - next.len();
    let begins = !folded.original_byte(at, original).is_ascii_lowercase();
    let whole = !said.is_empty() && line.len() <= LINE && said.ends_with(['.', '。', ';', '!']);
    (whole && begins && !next.is_empty() && gap.matches('\n').count() > 1).then_some(at)
}

/// The index of the section that holds a byte.
pub fn section_at(sections: &[Section], offset: usize) -> Option<usize> {
    let index = sections.partition_point(|section| section.span.end <= offset);
    sections.get(index).map(|_| index)
}

/// Where a heading may begin: after a line break, or after the end of a sentence or clause; blanks, bullets and brackets between.
fn heading_start(text: &str, at: usize) -> Option<usize> {
    let mut start = at;
    for (index, character) in text[..at].char_indices().rev().take(8) {
        match character {
            '\n' | '。' | ';' | '|' => return Some(start),
            '.' | ',' | ')' | '"' | ':' | '!' | '?' if start < at || character != ':' => return Some(start),
            ' ' | '\t' | '*' | '(' | '<' | '#' | '-' | '_' | '\r' => start = index,
            '0'..='9' | '、' => start = index,
            _ => return None,
        }
    }
    (start == 0).then_some(0)
}

/// Whether a heading ends as headings do.
fn heading_ends(folded: &Folded, original: &str, span: Span) -> bool {
    let text = folded.text();
    let rest = &text[span.end..];
    let trimmed = rest.trim_start_matches([' ', '\t', ')', '*', '"']);
    if trimmed.starts_with(':') || rest.is_empty() {
        return true;
    }
    // Line breaks that a scan made stops: `CLINICAL NOTES. mass. GROSS DESCRIPTION. A nodule.`
    let upper = || (span.start..span.end).all(|at| !text.as_bytes()[at].is_ascii_alphabetic() || folded.original_byte(at, original).is_ascii_uppercase());
    if span.len() >= 9 && rest.starts_with(". ") && span.of(text).is_ascii() && !text[..span.start].trim_end().ends_with([':', ',']) && upper() {
        return true;
    }
    let alone_on_line = trimmed.starts_with(['\n', '\r']) && text[..span.start].trim_end_matches([' ', '\t', '*', '(', '-', '#']).ends_with(['\n']);
    if alone_on_line || (span.start == 0 && trimmed.starts_with(['\n', '\r'])) {
        return true;
    }
    trimmed.starts_with('-') && rest.starts_with([' ', '-']) && folded.original_byte(span.start, original).is_ascii_uppercase() && span.len() > 6
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<(String, String)> {
        let lexicon = Lexicon::embedded().unwrap();
        let folded = Folded::new(text);
        let hits = lexicon.scan(folded.text());
        let sections = Sectioner::new(&lexicon).unwrap().sections(&folded, text, &hits);
        assert!(sections.windows(2).all(|pair| pair[0].span.end == pair[1].span.start));
        sections.into_iter().map(|section| (section.kind, section.span.of(folded.text()).trim().to_string())).collect()
    }

    #[test]
    fn english_headings_tile_the_report() {
        let found = kinds("CLINICAL HISTORY: mass\nGROSS DESCRIPTION:\nA nodule.\nFINAL DIAGNOSIS:\nCarcinoma.");
        assert_eq!(found.iter().map(|(kind, _)| kind.as_str()).collect::<Vec<_>>(), ["history", "gross", "diagnosis"]);
        let found = kinds("CLINICAL NOTES. Mass. GROSS DESCRIPTION. A nodule. MICROSCOPIC DESCRIPTION. Carcinoma.");
        assert_eq!(found.iter().map(|(kind, _)| kind.as_str()).collect::<Vec<_>>(), ["history", "gross", "microscopic"]);
    }

    #[test]
    fn a_history_of_one_line_ends_with_its_paragraph() {
        let of = |text: &str| kinds(text).into_iter().map(|(kind, _)| kind).collect::<Vec<_>>();
        assert_eq!(of("History: 74 y, hard right lobe.\n\nRight base 4+5=9\n"), ["history", "body"]);
        assert_eq!(of("History: mass.\n\nDIAGNOSIS: carcinoma."), ["history", "diagnosis"]);
        assert_eq!(of("History: a mass that was\n\nfound by chance.\n"), ["history"]);
        assert_eq!(of("History:\nA mass.\n\nFound by chance.\n"), ["history"]);
    }

    #[test]
    fn chinese_headings_need_a_colon_or_a_line_of_their_own() {
        let found = kinds("巨检：灰白肿物。镜下所见：腺癌。病理诊断：乙状结肠腺癌，病理分期略。");
        assert_eq!(found.iter().map(|(kind, _)| kind.as_str()).collect::<Vec<_>>(), ["gross", "microscopic", "diagnosis"]);
    }
}
