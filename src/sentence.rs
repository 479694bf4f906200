//! Sentences of a folded text. They tile it: each sentence ends where the next begins, blanks belong to the one before.
//!
//! A full stop ends a sentence when a blank and a capital, a digit or a bracket follow, and the word before it is no
//! abbreviation and no number whose decimals an OCR engine pushed away (`1. 4 x`). A line break ends one when an empty line,
//! a heading-like line or a bullet follows; other breaks are wrapped lines. `。`, `！` and `？` always end one.
//! A semicolon ends a clause, not a sentence. What goes on for more than [`LONGEST`] bytes is no sentence and is cut at a blank: every
//! finding may look at its whole sentence, and stays linear in the text all the same.

use memchr::{memchr, memchr3, memrchr};

use crate::fold::Folded;
use crate::span::Span;

/// Bytes of a sentence at the most. The longest of real reports, a page without a stop, have some 2,600.
pub const LONGEST: usize = 4096;
/// Bytes before that, where a blank or a comma is looked for to cut at.
const CUT_REACH: usize = 256;

/// The sentences of a text, in folded offsets, tiling it.
pub fn sentences(folded: &Folded, original: &str) -> Vec<Span> {
    let text = folded.text();
    let bytes = text.as_bytes();
    let mut out = Vec::new();
    let mut start = 0;
    let mut at = 0;
    let mut ends = Ends::default();
    let mut ahead = Span::default();
    while let Some(mark) = ends.next(bytes, at) {
        let end = match bytes[mark] {
            b'\n' => line_break(folded, original, mark, &mut ahead),
            b'.' => full_stop(folded, original, mark),
            b'!' | b'?' => Some(mark + 1),
            b'\\' => exporter_break(bytes, mark),
            _ => han_stop(bytes, mark),
        };
        match end {
            Some(end) => {
                let end = skip_blanks(bytes, end);
                if end > start {
                    push(text, Span::new(start, end), &mut out);
                    start = end;
                }
                at = end.max(mark + 1);
            }
            None => at = mark + 1,
        }
    }
    if start < text.len() {
        push(text, Span::new(start, text.len()), &mut out);
    }
    out
}

/// A sentence, in pieces where it is too long.
fn push(text: &str, mut sentence: Span, out: &mut Vec<Span>) {
    while sentence.len() > LONGEST {
        let mut end = sentence.start + LONGEST;
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let near = &text.as_bytes()[end - CUT_REACH..end];
        let end = near.iter().rposition(|byte| matches!(byte, b' ' | b',' | b';' | b'\n')).map_or(end, |at| end - CUT_REACH + at + 1);
        out.push(Span::new(sentence.start, end));
        sentence.start = end;
    }
    out.push(sentence);
}

/// The index of the sentence that holds a byte.
pub fn sentence_at(sentences: &[Span], offset: usize) -> Option<usize> {
    let index = sentences.partition_point(|sentence| sentence.end <= offset);
    sentences.get(index).filter(|sentence| sentence.holds(offset)).map(|_| index)
}

/// Bytes of a text that share one entry of [`Places`].
const BLOCK: usize = 64;

/// Which sentence holds the first byte of each block of a text, so that the sentence of a byte is found without a search.
#[derive(Debug)]
pub struct Places(Vec<u32>);

impl Places {
    /// The places of sentences that tile a text.
    pub fn new(sentences: &[Span]) -> Self {
        let mut first = Vec::with_capacity(sentences.last().map_or(0, |last| last.end / BLOCK + 1));
        for (index, sentence) in sentences.iter().enumerate() {
            while first.len() * BLOCK < sentence.end {
                first.push(index as u32);
            }
        }
        Self(first)
    }

    /// The index of the sentence that holds a byte.
    pub fn of(&self, sentences: &[Span], offset: usize) -> Option<usize> {
        let first = *self.0.get(offset / BLOCK)? as usize;
        sentences.get(first..)?.iter().position(|sentence| offset < sentence.end).map(|ahead| first + ahead)
    }
}

/// The next of the bytes at which a sentence may end: the common ones and the rare ones are each looked for once.
#[derive(Default)]
struct Ends {
    common: usize,
    rare: usize,
}

impl Ends {
    fn next(&mut self, bytes: &[u8], at: usize) -> Option<usize> {
        if self.common <= at {
            self.common = memchr3(b'\n', b'.', 0xE3, &bytes[at..]).map_or(bytes.len(), |offset| at + offset) + 1;
        }
        if self.rare <= at {
            self.rare = memchr3(b'!', b'?', b'\\', &bytes[at..]).map_or(bytes.len(), |offset| at + offset) + 1;
        }
        let next = self.common.min(self.rare) - 1;
        (next < bytes.len()).then_some(next)
    }
}

/// `。` is E3 80 82 in UTF-8.
fn han_stop(bytes: &[u8], at: usize) -> Option<usize> {
    (bytes.get(at..at + 3) == Some(&[0xE3, 0x80, 0x82])).then_some(at + 3)
}

/// `\U0004` and the like, which some exporters write for control characters.
fn exporter_break(bytes: &[u8], at: usize) -> Option<usize> {
    let digits = bytes.get(at + 2..at + 6)?;
    (bytes.get(at + 1) == Some(&b'u') && digits.iter().all(u8::is_ascii_hexdigit)).then_some(at + 6)
}

fn skip_blanks(bytes: &[u8], mut at: usize) -> usize {
    while bytes.get(at).is_some_and(|byte| matches!(byte, b' ' | b'\n' | b'\r' | b'\t')) {
        at += 1;
    }
    at
}

/// Abbreviations that end in a stop.
const fn abbreviates(word: &[u8]) -> bool {
    matches!(
        word,
        b"dr"
            | b"mr"
            | b"mrs"
            | b"ms"
            | b"no"
            | b"vs"
            | b"fig"
            | b"st"
            | b"approx"
            | b"e.g"
            | b"i.e"
            | b"cf"
            | b"ca"
            | b"max"
            | b"min"
            | b"incl"
            | b"resp"
            | b"pat"
            | b"nr"
            | b"prof"
    )
}

/// A stop behind one of these is a speck of the scan: no sentence ends there.
const fn is_open(word: &[u8]) -> bool {
    matches!(
        word,
        b"in"
            | b"the"
            | b"at"
            | b"of"
            | b"is"
            | b"are"
            | b"and"
            | b"an"
            | b"to"
            | b"from"
            | b"with"
            | b"by"
            | b"for"
            | b"or"
            | b"which"
            | b"that"
            | b"on"
            | b"was"
            | b"were"
            | b"this"
            | b"than"
            | b"into"
            | b"these"
            | b"its"
            | b"greatest"
            | b"measuring"
            | b"have"
            | b"has"
    )
}

fn full_stop(folded: &Folded, original: &str, at: usize) -> Option<usize> {
    let bytes = folded.text().as_bytes();
    let next = bytes.get(at + 1)?;
    if !matches!(next, b' ' | b'\n' | b'\t' | b'\r') {
        return None;
    }
    let follow = skip_blanks(bytes, at + 1);
    let first = *bytes.get(follow)?;
    if first.is_ascii_alphabetic() && !folded.original_byte(follow, original).is_ascii_uppercase() {
        return None;
    }
    let word_start = bytes[..at].iter().rposition(|byte| !byte.is_ascii_alphanumeric() && *byte != b'.').map_or(0, |index| index + 1);
    let word = &bytes[word_start..at];
    if abbreviates(word) || is_open(word) {
        return None;
    }
    let single_letter = word.len() == 1 && word[0].is_ascii_alphabetic();
    let number = !word.is_empty() && word.iter().all(u8::is_ascii_digit);
    let list_item = (single_letter || number) && word.len() <= 2 && at_line_start(bytes, word_start);
    if list_item || (number && first.is_ascii_digit() && bytes[at + 1] == b' ') {
        return None;
    }
    Some(at + 1)
}

fn at_line_start(bytes: &[u8], at: usize) -> bool {
    bytes[..at].iter().rev().find(|byte| !matches!(byte, b' ' | b'\t' | b'(')).is_none_or(|byte| *byte == b'\n' || *byte == b'.')
}

/// `ahead` is the line behind the last break that was looked at, mostly the one that ends here.
fn line_break(folded: &Folded, original: &str, at: usize, ahead: &mut Span) -> Option<usize> {
    let bytes = folded.text().as_bytes();
    let line_start = if ahead.end == at { ahead.start } else { memrchr(b'\n', &bytes[..at]).map_or(0, |index| index + 1) };
    let line = bytes[line_start..at].trim_ascii();
    let next_start = at + 1;
    let next_end = memchr(b'\n', &bytes[next_start..]).map_or(bytes.len(), |length| next_start + length);
    *ahead = Span::new(next_start, next_end);
    let next = bytes[next_start..next_end].trim_ascii();
    if line.is_empty() || next.is_empty() || heading_like(folded, original, next_start, next) || (bullet(next) && !in_bracket(line, next)) {
        return Some(at + 1);
    }
    if matches!(line.last(), Some(b':' | b',' | b'-' | b'(')) {
        return None;
    }
    // `none of⏎12 nodes`: the line is wrapped, however short.
    let last = line.rsplit(|byte| *byte == b' ').next().unwrap_or(line);
    if is_open(last) {
        return None;
    }
    let han = |line: &[u8]| !line.is_ascii() && line.iter().any(|byte| *byte >= 0xE4);
    (han(line) || han(next) || line.len() < 32).then_some(at + 1).filter(|_| !continues(folded, original, next_start, next))
}

/// A line that begins with a lower-case word, an opening bracket or a unit goes on with the line before.
fn continues(folded: &Folded, original: &str, start: usize, line: &[u8]) -> bool {
    let Some(&first) = line.first() else { return false };
    let at = skip_blanks(folded.text().as_bytes(), start);
    first.is_ascii_alphabetic() && folded.original_byte(at, original).is_ascii_lowercase()
}

/// `TUMOR SIZE: …`, `Margins: …`, `肿瘤大小：…`: a colon within the first words of a line that begins with a capital or Han.
fn heading_like(folded: &Folded, original: &str, start: usize, line: &[u8]) -> bool {
    let Some(colon) = memchr(b':', &line[..line.len().min(60)]) else { return false };
    let at = skip_blanks(folded.text().as_bytes(), start);
    let first = folded.original_byte(at, original);
    colon > 1 && (first.is_ascii_uppercase() || first >= 0x80) && line[..colon].split(|byte| *byte == b' ').count() <= 7
}

fn bullet(line: &[u8]) -> bool {
    match line {
        [b'-' | b'*', rest @ ..] => rest.first().is_some_and(|byte| !byte.is_ascii_digit()),
        [b'(', letter, b')', ..] => letter.is_ascii_alphanumeric(),
        [first, b'.' | b')', b' ', rest @ ..] if first.is_ascii_alphanumeric() => rest.first().is_some_and(|byte| !byte.is_ascii_digit()),
        [a, b, b'.' | b')', b' ', rest @ ..] if a.is_ascii_digit() && b.is_ascii_digit() => rest.first().is_some_and(|byte| !byte.is_ascii_digit()),
        _ => false,
    }
}

/// `(2 of⏎5) right nodes`: the line closes a bracket that the one before it left open.
fn in_bracket(line: &[u8], next: &[u8]) -> bool {
    let open = line.iter().rposition(|byte| *byte == b'(');
    open.is_some_and(|open| !line[open..].contains(&b')'))
        && next.iter().position(|byte| matches!(byte, b'(' | b')')).is_some_and(|at| at <= 2 && next[at] == b')')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<String> {
        let folded = Folded::new(text);
        let spans = sentences(&folded, text);
        assert_eq!(spans.first().map_or(0, |span| span.start), 0);
        assert!(spans.windows(2).all(|pair| pair[0].end == pair[1].start));
        assert_eq!(spans.last().map_or(0, |span| span.end), folded.text().len());
        spans.iter().map(|span| span.of(folded.text()).trim().to_string()).collect()
    }

    #[test]
    fn the_sentence_of_every_byte_is_found() {
        let text = "So! Is it? This is longer than a block of sixty-four bytes, as any sentence of a report may be. Yes! No!\n\nEnd! ".repeat(3);
        let folded = Folded::new(&text);
        let spans = sentences(&folded, &text);
        let places = Places::new(&spans);
        assert!(spans.len() > 12);
        assert!((0..text.len() + 70).all(|at| places.of(&spans, at) == sentence_at(&spans, at)));
        assert_eq!(Places::new(&[]).of(&[], 0), None);
    }

    #[test]
    fn a_pushed_decimal_does_not_end_a_sentence() {
        assert_eq!(split("Tumor 1. 4 x 2.0 cm. Margins are free."), ["tumor 1. 4 x 2.0 cm.", "margins are free."]);
    }

    #[test]
    fn wrapped_lines_stay_together_and_fields_do_not() {
        assert_eq!(
            split("The tumor invades through the muscularis propria into\npericolic fat.\nMargins: free\nNodes: 0/12"),
            ["the tumor invades through the muscularis propria into\npericolic fat.", "margins: free", "nodes: 0/12"]
        );
    }

    #[test]
    fn no_sentence_is_longer_than_a_page_and_words_stay_whole() {
        for unit in ["carcinoma, ", "癌", "未见癌，", "1"] {
            let pieces = split(&unit.repeat(20_000));
            assert!(pieces.iter().all(|piece| piece.len() <= LONGEST), "{unit}");
            assert!(!unit.ends_with(' ') || pieces.iter().all(|piece| piece.starts_with("carcinoma") && piece.ends_with(',')), "{unit}");
        }
    }

    #[test]
    fn chinese_stops_end_sentences_and_semicolons_do_not() {
        assert_eq!(split("切缘未见癌。淋巴结0/12；脉管癌栓（-）。"), ["切缘未见癌。", "淋巴结0/12;脉管癌栓(-)。"]);
    }
}
