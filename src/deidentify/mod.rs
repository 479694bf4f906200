//! Identifiers: found as spans of the original text before anything else is read, removed when something is given out.
//!
//! [`Deidentifier`] finds them by labels, titles, name lists, places and the grammar of numbers and dates (all words are data of the
//! lexicon classes `identifier.*`); [`Masked`] gives out text with them masked at equal length, [`Replacer`] has the other modes.
//! It removes no value of a laboratory, stage, block label, gene or eponym, and leaves a year that stands alone.

mod date;
mod find;
mod han;
mod institution;
pub mod key;
mod kind;
mod label;
mod mask;
mod name;
mod number;
mod replace;
mod surrogate;
mod text;
pub mod vault;
mod words;

pub use kind::{KINDS, Kind};
pub use mask::Masked;
pub use number::{check_digit, luhn};
pub use replace::{Mode, Replacement, Replacer};

use std::sync::LazyLock;

use memchr::memmem;
use serde::Serialize;

use crate::error::Result;
use crate::fold::{fold, is_han};
use crate::lexicon::Lexicon;
use crate::reading::Reading;
use crate::span::Span;
use find::{Classes, Finder, Found};
use text::{Shape, Text};
use words::{Flags, Words};

/// One identifier in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Identifier {
    /// What kind, as `name` or `date`.
    pub kind: &'static str,
    /// Its place in the original text.
    pub span: Span,
}

/// Finds identifiers.
#[derive(Debug)]
pub struct Deidentifier {
    words: Words,
    classes: Classes,
}

impl Deidentifier {
    /// Takes the classes `identifier.*` of a lexicon.
    ///
    /// # Errors
    /// Where the lexicon lacks one of them, or an entry is of an unknown kind.
    pub fn new(lexicon: &Lexicon) -> Result<Self> {
        Ok(Self { words: Words::new(lexicon)?, classes: Classes::new(lexicon)? })
    }

    /// The identifiers of a reading: sorted, without overlaps, in original offsets.
    pub fn find(&self, reading: &Reading<'_>) -> Vec<Identifier> {
        let text = Text::new(reading);
        let mut finder = Finder::new(&text, &self.words, &self.classes);
        numbers(&mut finder);
        finder.labelled();
        finder.names();
        finder.places();
        if reading.han > 0 {
            finder.han_titles();
            finder.han_places();
        }
        addresses_of_the_net(&mut finder);
        let mut found = finder.found;
        found.retain(|one| one.firm || !lies_in_safe(reading, &self.classes, one.span));
        repeats(&text, &self.words, &self.classes, &mut found);
        structured(&text, &mut found);
        merge(found, reading)
    }

    /// Ages of any size, for making them coarser: the numbers alone.
    pub fn ages(&self, reading: &Reading<'_>) -> Vec<Identifier> {
        let text = Text::new(reading);
        let spans = (0..text.tokens.len()).filter(|index| text.digits(*index)).filter_map(|index| number::age(&text, index, 0));
        spans.map(|span| Identifier { kind: "age", span: reading.to_original(span) }).collect()
    }
}

/// Runs of digits and months.
fn numbers(finder: &mut Finder<'_>) {
    let text = finder.text;
    let mut behind = 0;
    for index in 0..text.tokens.len() {
        if text.digits(index)
            && text.start(index) >= behind
            && let Some((kind, span)) = number::at(text, index)
        {
            behind = span.end;
            finder.push(kind, span, true);
        }
    }
    for hit in text.reading.hits.of(finder.classes.month) {
        let (month, word) = finder.classes.months[hit.entry as usize];
        let span = hit.span();
        let first = text.token_from(span.start);
        if word && !text.capital(first) {
            continue;
        }
        if let Some(date) = date::english(text.folded, span.start..span.end, month) {
            finder.push("date", Span::new(date.place.start, date.place.end), true);
            continue;
        }
        let previous = text.word(first.wrapping_sub(1));
        let spoken = matches!(previous, "last" | "this" | "in" | "since" | "next" | "until" | "by" | "early" | "late" | "mid" | "during" | "of");
        if text.shape(first) == Shape::Title && text.gap(first.wrapping_sub(1)) == " " && spoken {
            let start = if matches!(previous, "last" | "this" | "next") { text.start(first - 1) } else { span.start };
            finder.push("date", Span::new(start, span.end), false);
        }
    }
}

static SCHEME: LazyLock<memmem::Finder<'static>> = LazyLock::new(|| memmem::Finder::new("://"));
static WWW: LazyLock<memmem::Finder<'static>> = LazyLock::new(|| memmem::Finder::new("www."));

/// E-mail addresses and addresses of the web.
fn addresses_of_the_net(finder: &mut Finder<'_>) {
    let text = finder.text.folded;
    let bytes = text.as_bytes();
    for at in memchr::memchr_iter(b'@', bytes) {
        let local = bytes[..at].iter().rev().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-' | b'+' | b'%')).count();
        let host = bytes[at + 1..].iter().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-')).count();
        let host_text = text[at + 1..at + 1 + host].trim_end_matches(['.', '-']);
        if local > 0 && host_text.contains('.') {
            finder.push("email", Span::new(at - local, at + 1 + host_text.len()), true);
        } else if local == 0 && host_text.len() >= 3 && host_text.bytes().any(|byte| byte.is_ascii_alphabetic()) {
            finder.push("social-media", Span::new(at, at + 1 + host_text.len()), true);
        }
    }
    for at in SCHEME.find_iter(bytes).chain(WWW.find_iter(bytes)) {
        let scheme = bytes[..at].iter().rev().take_while(|byte| byte.is_ascii_alphabetic()).count();
        let scheme = if text[at..].starts_with("www.") { 0 } else { scheme };
        let rest: usize = text[at..]
            .chars()
            .take_while(|c| !c.is_whitespace() && c.is_ascii() && !matches!(c, '"' | '<' | '>' | '(' | ')' | ',' | ';'))
            .map(char::len_utf8)
            .sum();
        let end = at + text[at..at + rest].trim_end_matches(['.', '?', '!', ':']).len();
        if end > at + 4 {
            finder.push("url", Span::new(at - scheme, end), true);
        }
    }
}

/// Whether a span lies wholly inside an eponym or another phrase that survives.
fn lies_in_safe(reading: &Reading<'_>, classes: &Classes, span: Span) -> bool {
    reading.hits.at(classes.safe, span.start).is_some_and(|hit| hit.span().contains(span))
}

/// Names found for sure are removed wherever the text repeats them or their family name.
fn repeats(text: &Text<'_>, words: &Words, classes: &Classes, found: &mut Vec<Found>) {
    let names: Vec<Span> = found.iter().filter(|one| one.kind == "name").map(|one| one.span).collect();
    let mut forms: Vec<&str> = Vec::new();
    for span in names {
        let name = text.slice(span.start, span.end);
        if name.chars().all(is_han) && name.chars().count() >= 2 {
            forms.push(name);
        } else if name.is_ascii() {
            let first = text.token_from(span.start);
            let parts = (first..).take_while(|index| *index < text.tokens.len() && text.start(*index) < span.end);
            forms.extend(
                parts
                    .filter(|index| text.end(*index) - text.start(*index) >= 4)
                    .map(|index| text.word(index))
                    .filter(|word| words.flags(word).surely(Flags::NAME)),
            );
        }
    }
    forms.sort_unstable();
    forms.dedup();
    for form in forms {
        for at in memmem::find_iter(text.folded.as_bytes(), form.as_bytes()) {
            let span = Span::new(at, at + form.len());
            let whole = text
                .tokens
                .get(text.token_from(at))
                .is_some_and(|token| token.start as usize == at && token.end as usize == span.end && token.shape != Shape::Lower);
            let eponym = lies_in_safe(text.reading, classes, span);
            if !eponym && (!form.is_ascii() || whole) {
                found.push(Found { kind: "name", span, firm: false });
            }
        }
    }
}

/// What a table or a message said of the patient is removed wherever the text repeats it.
fn structured(text: &Text<'_>, found: &mut Vec<Found>) {
    let meta = &text.reading.document.meta;
    let values = meta.patient.iter().chain(&meta.identifiers).map(|value| (value, "name")).chain(meta.report_number.iter().map(|value| (value, "accession")));
    for (value, kind) in values {
        let value = fold(value.trim());
        let kind = if value.bytes().any(|byte| byte.is_ascii_digit()) && kind == "name" { "medical-record" } else { kind };
        let parts = value.split([' ', ',', '^', ';']).filter(|part| part.len() >= 4 && part.is_ascii() && kind == "name");
        for form in std::iter::once(value.as_str()).chain(parts) {
            let characters = form.chars().count();
            if characters < 2 || form.is_ascii() && characters < 3 {
                continue;
            }
            for at in memmem::find_iter(text.folded.as_bytes(), form.as_bytes()) {
                let end = at + form.len();
                let touches = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
                let bytes = text.folded.as_bytes();
                if form.is_ascii() && (touches(at.checked_sub(1).and_then(|before| bytes.get(before))) || touches(bytes.get(end))) {
                    continue;
                }
                found.push(Found { kind, span: Span::new(at, end), firm: true });
            }
        }
    }
}

/// Sorted, with those that overlap made one of the stronger kind.
fn merge(mut found: Vec<Found>, reading: &Reading<'_>) -> Vec<Identifier> {
    found.sort_by(|a, b| a.span.start.cmp(&b.span.start).then(b.span.end.cmp(&a.span.end)).then(kind::rank(a.kind).cmp(&kind::rank(b.kind))));
    let mut out: Vec<Identifier> = Vec::with_capacity(found.len());
    let mut lengths: Vec<usize> = Vec::with_capacity(found.len());
    for one in found {
        let span = reading.to_original(one.span);
        match out.last_mut().filter(|last| span.start < last.span.end) {
            Some(last) => {
                let length = lengths.last_mut();
                if let Some(length) = length
                    && span.len() > *length
                {
                    *length = span.len();
                    last.kind = one.kind;
                }
                last.span = last.span.join(span);
            }
            None if !span.is_empty() => {
                out.push(Identifier { kind: one.kind, span });
                lengths.push(span.len());
            }
            None => {}
        }
    }
    out
}
