//! A report as the search for identifiers sees it: Latin words with their case and runs of digits, in folded offsets.
//! Everything between two tokens (blanks, signs, Han) is a gap, looked at only where a rule asks for it.

use crate::fold::letters_ahead;
use crate::reading::Reading;
use crate::span::Span;

/// What a token looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// `margin`
    Lower,
    /// `Margin`
    Title,
    /// `MARGIN`, `M`
    Upper,
    /// `2019`
    Digits,
}

/// A word or a run of digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// First byte of the folded text.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
    /// What it looks like.
    pub shape: Shape,
}

/// A reading cut in tokens.
#[derive(Debug)]
pub struct Text<'a> {
    /// The report, read.
    pub reading: &'a Reading<'a>,
    /// The folded text.
    pub folded: &'a str,
    /// The tokens in order.
    pub tokens: Vec<Token>,
}

impl<'a> Text<'a> {
    /// Cuts a reading.
    pub fn new(reading: &'a Reading<'a>) -> Self {
        let folded = reading.text();
        let bytes = folded.as_bytes();
        let mut tokens = Vec::with_capacity(bytes.len() / 5);
        let mut at = 0;
        while at < bytes.len() {
            let start = at;
            at += 1;
            let shape = match SIGNS[usize::from(bytes[start])] {
                Sign::Other => continue,
                Sign::Digit => {
                    at += bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
                    Shape::Digits
                }
                Sign::Letter | Sign::Accent => {
                    let end = word_end(bytes, start);
                    if end == start {
                        continue;
                    }
                    at = end;
                    match reading.is_upper(start) {
                        false => Shape::Lower,
                        true if end - start == 1 || reading.is_upper(start + 1) => Shape::Upper,
                        true => Shape::Title,
                    }
                }
            };
            tokens.push(Token { start: start as u32, end: at as u32, shape });
        }
        Self { reading, folded, tokens }
    }

    /// The folded text at a byte range; empty where it does not fit.
    pub fn slice(&self, start: usize, end: usize) -> &'a str {
        self.folded.get(start..end).unwrap_or("")
    }

    /// The folded text from a byte on.
    pub fn from(&self, start: usize) -> &'a str {
        self.folded.get(start..).unwrap_or("")
    }

    /// The folded text before a byte.
    pub fn before(&self, end: usize) -> &'a str {
        self.folded.get(..end).unwrap_or("")
    }

    /// The folded form of a token.
    pub fn word(&self, index: usize) -> &'a str {
        self.tokens.get(index).map_or("", |token| self.slice(token.start as usize, token.end as usize))
    }

    /// First byte of a token; the end of the text where there is none.
    pub fn start(&self, index: usize) -> usize {
        self.tokens.get(index).map_or(self.folded.len(), |token| token.start as usize)
    }

    /// One past the last byte of a token.
    pub fn end(&self, index: usize) -> usize {
        self.tokens.get(index).map_or(self.folded.len(), |token| token.end as usize)
    }

    /// From the first byte of one token to the end of another.
    pub fn span(&self, first: usize, last: usize) -> Span {
        Span::new(self.start(first), self.end(last))
    }

    /// What stands between a token and the next; a line of its own where there is no next.
    pub fn gap(&self, index: usize) -> &'a str {
        if index >= self.tokens.len() || index + 1 >= self.tokens.len() { "\n\n" } else { self.slice(self.end(index), self.start(index + 1)) }
    }

    /// What a token looks like; small where there is none.
    pub fn shape(&self, index: usize) -> Shape {
        self.tokens.get(index).map_or(Shape::Lower, |token| token.shape)
    }

    /// Whether a token is a word with a capital.
    pub fn capital(&self, index: usize) -> bool {
        matches!(self.shape(index), Shape::Title | Shape::Upper)
    }

    /// Whether a token is a single capital that stands for a name: no digit and no hyphen touches it.
    pub fn initial(&self, index: usize) -> bool {
        self.shape(index) == Shape::Upper
            && self.end(index) - self.start(index) == 1
            && !self.folded.as_bytes().get(self.end(index)).is_some_and(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b'\'' | b'/'))
    }

    /// Whether a token is a run of digits.
    pub fn digits(&self, index: usize) -> bool {
        self.shape(index) == Shape::Digits
    }

    /// The first token that starts at or after a byte.
    pub fn token_from(&self, offset: usize) -> usize {
        self.tokens.partition_point(|token| (token.start as usize) < offset)
    }

    /// Whether the words of a name may be joined by what stands after a token: a blank, one line break, a hyphen, the full stop of an initial.
    pub fn joins(&self, index: usize) -> bool {
        let gap = self.gap(index);
        let stop = gap.starts_with('.');
        let rest = if stop { &gap[1..] } else { gap };
        (!stop || self.initial(index)) && (rest == "-" || short_blank(rest))
    }
}

/// One past the last byte of the word that begins at a byte; the byte itself where none does.
fn word_end(bytes: &[u8], start: usize) -> usize {
    let mut at = start + letters_ahead(&bytes[start..]);
    while bytes.get(at).is_some_and(|byte| *byte >= 0x80 || *byte == b'\'') {
        let step = letter(bytes, at);
        if step > 0 {
            at += step;
        } else if bytes[at] == b'\'' && at > start && at - start <= 2 && letter(bytes, at + 1) > 0 && letter(bytes, at + 2) > 0 {
            at += 1;
        } else {
            break;
        }
        at += letters_ahead(&bytes[at..]);
    }
    at
}

/// Whether a gap is one blank or two, with one line break at most; or, after a full stop, nothing.
fn short_blank(gap: &str) -> bool {
    gap.len() <= 3 && gap.bytes().all(|byte| matches!(byte, b' ' | b'\n' | b'\r')) && gap.bytes().filter(|byte| *byte == b'\n').count() <= 1
}

/// What a byte may begin.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sign {
    Other,
    Letter,
    Digit,
    /// Of a letter with an accent, perhaps.
    Accent,
}

const SIGNS: [Sign; 256] = {
    let mut signs = [Sign::Other; 256];
    let mut at = 0;
    while at < 256 {
        signs[at] = match at as u8 {
            b'a'..=b'z' => Sign::Letter,
            b'0'..=b'9' => Sign::Digit,
            0xC3..=0xC9 => Sign::Accent,
            _ => Sign::Other,
        };
        at += 1;
    }
    signs
};

/// How many bytes the letter at `at` has: one in ASCII, two in the Latin letters with accents, none where it is no letter.
fn letter(bytes: &[u8], at: usize) -> usize {
    match bytes.get(at) {
        Some(byte) if byte.is_ascii_alphabetic() => 1,
        Some(0xC3) if bytes.get(at + 1).is_some_and(|next| !matches!(next, 0x97 | 0xB7)) => 2,
        Some(0xC4..=0xC9) => 2,
        _ => 0,
    }
}
