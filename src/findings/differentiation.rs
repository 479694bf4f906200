//! Differentiation: `moderately to poorly differentiated`, `中-低分化`, `分化差`, `Differentiation: moderate`.
//!
//! A head word is found by the lexicon; the level words right before it are read backwards, a range through `to`, `至`, a dash
//! or nothing (`中低分化`). A head without a level gives nothing.

use super::assertion::Assertions;
use super::cursor::Cursor;
use super::detail::Differentiation;
use super::{Detail, Finder, Finding, Reading};
use crate::error::Result;
use crate::fold::fold;
use crate::lexicon::{ClassId, Lexicon};
use crate::span::Span;

#[derive(Debug, Clone, PartialEq)]
enum Word {
    Head,
    Whole(String),
    Level,
}

#[derive(Debug)]
struct Level {
    name: String,
    /// Longest first.
    before: Vec<String>,
    after: Vec<String>,
}

/// Finds differentiations.
#[derive(Debug)]
pub struct Differentiations {
    class: ClassId,
    words: Vec<Word>,
    levels: Vec<Level>,
    assertions: Assertions,
}

impl Differentiations {
    /// Takes the class `differentiation`.
    ///
    /// # Errors
    /// Where it is missing or an entry has no known `role`.
    pub fn new(lexicon: &Lexicon) -> Result<Self> {
        let class = lexicon.class("differentiation")?;
        let vocabulary = lexicon.vocabulary(class);
        let forms = |list: &mut dyn Iterator<Item = &str>| {
            let mut forms: Vec<String> = list.map(fold).collect();
            forms.sort_by(|a, b| b.len().cmp(&a.len()).then(a.cmp(b)));
            forms
        };
        let mut words = Vec::new();
        let mut levels = Vec::new();
        for (index, entry) in vocabulary.entries.iter().enumerate() {
            let level = entry.text("level").unwrap_or_default().to_string();
            words.push(match entry.text("role") {
                Some("head") => Word::Head,
                Some("whole") => Word::Whole(level),
                Some("level") => {
                    levels.push(Level { name: level, before: forms(&mut entry.list("before")), after: forms(&mut entry.list("after")) });
                    Word::Level
                }
                other => return Err(vocabulary.error(index, format!("role; expected head, whole or level, found {other:?}"))),
            });
        }
        Ok(Self { class, words, levels, assertions: Assertions::new(lexicon)? })
    }

    /// The level word that ends at `end`: its start and name.
    fn level_before(&self, text: &str, end: usize) -> Option<(usize, &str)> {
        let before = text.get(..end)?;
        let mut best: Option<(usize, &str)> = None;
        for level in &self.levels {
            if let Some(form) = level.before.iter().find(|form| before.ends_with(form.as_str())) {
                let start = end - form.len();
                let whole = form.as_bytes()[0] >= 0x80 || !text.as_bytes()[..start].last().is_some_and(u8::is_ascii_alphanumeric);
                if whole && best.is_none_or(|(known, _)| start < known) {
                    best = Some((start, &level.name));
                }
            }
        }
        best
    }

    fn level_after(&self, text: &str, start: usize) -> Option<(usize, &str)> {
        let rest = text.get(start..)?;
        self.levels
            .iter()
            .filter_map(|level| level.after.iter().find(|form| rest.starts_with(form.as_str())).map(|form| (start + form.len(), level.name.as_str())))
            .filter(|(end, _)| !text.as_bytes()[*end - 1].is_ascii() || !text.as_bytes().get(*end).is_some_and(u8::is_ascii_alphabetic))
            .max_by_key(|(end, _)| *end)
    }

    /// The levels before a head: start of the first, names of the first and the last.
    fn read_before(&self, text: &str, head: usize) -> Option<(usize, String, Option<String>)> {
        let (mut start, mut last) = self.level_before(text, back_over(text, head, b" \t\r\n-.", 12))?;
        // `moderately well differentiated` is one level.
        let glued = back_over(text, start, b" \t\r\n-", 3);
        if last == "well"
            && let Some((earlier, name @ "moderate")) = self.level_before(text, glued)
            && glued < start
            && text.as_bytes()[earlier].is_ascii()
        {
            start = earlier;
            last = name;
        }
        let Some(end) = joined(text, start) else { return Some((start, last.to_string(), None)) };
        match self.level_before(text, end) {
            // `高分化与中分化` are two heads; a range has one.
            Some((from, first)) if first != last => Some((from, first.to_string(), Some(last.to_string()))),
            _ => Some((start, last.to_string(), None)),
        }
    }

    /// `分化差`, `Differentiation: moderate to poor`.
    fn read_after(&self, text: &str, end: usize) -> Option<(usize, String, Option<String>)> {
        let mut cursor = Cursor::new(text, end);
        cursor.eat("程度");
        cursor.blanks(2);
        cursor.skip(b":=", 1);
        cursor.blanks(3);
        let marked = cursor.at > end;
        let (end, first) = self.level_after(text, cursor.at)?;
        if !marked && cursor.peek(0).is_ascii() {
            return None;
        }
        let mut next = Cursor::new(text, end);
        next.blanks(2);
        if !(next.word("to") || next.eat("-") || next.eat("至")) {
            return Some((end, first.to_string(), None));
        }
        next.blanks(2);
        match self.level_after(text, next.at) {
            Some((end, second)) if second != first => Some((end, first.to_string(), Some(second.to_string()))),
            _ => Some((end, first.to_string(), None)),
        }
    }
}

/// Back over at most `most` bytes of a set.
fn back_over(text: &str, end: usize, set: &[u8], most: usize) -> usize {
    let bytes = &text.as_bytes()[..end.min(text.len())];
    end - bytes.iter().rev().take(most).take_while(|byte| set.contains(byte)).count()
}

/// Where the earlier level of a range ends, if what stands before `start` joins two levels.
fn joined(text: &str, start: usize) -> Option<usize> {
    let han = text.as_bytes().get(start).is_some_and(|byte| *byte >= 0x80);
    let end = back_over(text, start, b" \t\r\n", 12);
    let before = text.get(..end)?;
    for word in ["至", "到", "、", "及", "~", "-", "/", "或", "to", "and", "through", "or", "--"] {
        if let Some(rest) = before.strip_suffix(word) {
            let word_is_whole = !word.as_bytes()[0].is_ascii_alphabetic() || (end < start && rest.ends_with([' ', '-', '\n', ',']));
            if word_is_whole {
                return Some(back_over(text, rest.len(), b" \t\r\n-", 12));
            }
        }
    }
    han.then_some(start)
}

impl Finder for Differentiations {
    fn find(&self, reading: &Reading<'_>, out: &mut Vec<Finding>) {
        let text = reading.text();
        for hit in reading.of(self.class) {
            let head = hit.span();
            let (span, from, to) = match &self.words[hit.entry as usize] {
                Word::Whole(level) => (head, level.clone(), None),
                Word::Level => continue,
                Word::Head => match self.read_before(text, head.start) {
                    Some((start, from, to)) => (Span::new(start, head.end), from, to),
                    None => match self.read_after(text, head.end) {
                        Some((end, from, to)) => (Span::new(head.start, end), from, to),
                        None => continue,
                    },
                },
            };
            out.push(Finding::asserted(reading, &self.assertions, span, Detail::Differentiation(Differentiation { from, to })));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;
    use crate::reading::Reader;

    fn found(text: &str) -> Vec<(String, Option<String>)> {
        let lexicon = Lexicon::embedded().unwrap();
        let document = Document { text: text.into(), ..Document::default() };
        let reading = Reader::new(&lexicon).unwrap().read(&lexicon, &document);
        let mut out = Vec::new();
        Differentiations::new(&lexicon).unwrap().find(&reading, &mut out);
        out.into_iter().filter_map(|finding| if let Detail::Differentiation(value) = finding.detail { Some((value.from, value.to)) } else { None }).collect()
    }

    #[test]
    fn levels_and_ranges_in_both_languages() {
        let one = |level: &str| vec![(level.to_string(), None)];
        let two = |from: &str, to: &str| vec![(from.to_string(), Some(to.to_string()))];
        assert_eq!(found("moderately-differentiated carcinoma"), one("moderate"));
        assert_eq!(found("Well to moderately differentiated"), two("well", "moderate"));
        assert_eq!(found("moderately well differentiated"), one("moderate"));
        assert_eq!(found("Differentiation: poor"), one("poor"));
        assert_eq!(found("中低分化腺癌"), two("moderate", "poor"));
        assert_eq!(found("高-中分化"), two("well", "moderate"));
        assert_eq!(found("腺癌，分化差"), one("poor"));
        assert!(found("伴鳞状分化").is_empty());
    }
}
