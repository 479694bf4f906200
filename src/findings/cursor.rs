//! Steps over a folded text byte by byte: what the small grammars of findings share. A cursor never leaves the text and
//! never stops inside a character, because it moves only over ASCII bytes and whole forms.

use crate::span::Span;

/// A place in a folded text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cursor<'a> {
    text: &'a str,
    /// The next byte to read.
    pub at: usize,
}

impl<'a> Cursor<'a> {
    pub fn new(text: &'a str, at: usize) -> Self {
        Self { text, at: at.min(text.len()) }
    }

    /// The byte `ahead` of the cursor; 0 behind the end.
    pub fn peek(&self, ahead: usize) -> u8 {
        self.text.as_bytes().get(self.at + ahead).copied().unwrap_or(0)
    }

    /// The byte before the cursor; 0 at the start.
    pub fn before(&self) -> u8 {
        self.at.checked_sub(1).map_or(0, |at| self.text.as_bytes()[at])
    }

    /// The text from the cursor on; empty where the cursor stands inside a character.
    pub fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or("")
    }

    /// Skips bytes of a set, at most `most`; how many.
    pub fn skip(&mut self, set: &[u8], most: usize) -> usize {
        let start = self.at;
        while self.at - start < most && set.contains(&self.peek(0)) && self.at < self.text.len() {
            self.at += 1;
        }
        self.at - start
    }

    /// Skips blanks and line breaks, at most `most`.
    pub fn blanks(&mut self, most: usize) -> usize {
        self.skip(b" \t\r\n", most)
    }

    /// Steps over a form if it stands here.
    pub fn eat(&mut self, form: &str) -> bool {
        let here = self.rest().starts_with(form);
        if here {
            self.at += form.len();
        }
        here
    }

    /// Steps over a word if it stands here and ends here.
    pub fn word(&mut self, form: &str) -> bool {
        let mut next = *self;
        let here = next.eat(form) && !next.peek(0).is_ascii_alphabetic();
        if here {
            *self = next;
        }
        here
    }

    /// A whole number of at most three digits that no digit follows.
    pub fn integer(&mut self) -> Option<u32> {
        let digits = (0..4).take_while(|ahead| self.peek(*ahead).is_ascii_digit()).count();
        if digits == 0 || digits > 3 {
            return None;
        }
        let value = self.text.get(self.at..self.at + digits)?.parse().ok()?;
        self.at += digits;
        Some(value)
    }

    /// A number with decimals.
    pub fn decimal(&mut self) -> Option<f64> {
        let mut end = self.at;
        let bytes = self.text.as_bytes();
        while bytes.get(end).is_some_and(u8::is_ascii_digit) {
            end += 1;
        }
        if end == self.at || end - self.at > 6 {
            return None;
        }
        if bytes.get(end) == Some(&b'.') && bytes.get(end + 1).is_some_and(u8::is_ascii_digit) {
            end += 1;
            while bytes.get(end).is_some_and(u8::is_ascii_digit) {
                end += 1;
            }
        }
        let value = self.text.get(self.at..end)?.parse().ok()?;
        self.at = end;
        Some(value)
    }
}

/// Bytes of a line that are looked back over.
const LINE: usize = 512;

/// What stands on the line of a place before it; none where the line began further back than [`LINE`] bytes.
pub(super) fn line_before(text: &str, at: usize) -> Option<&str> {
    let floor = at.saturating_sub(LINE);
    match memchr::memrchr(b'\n', &text.as_bytes()[floor..at]) {
        Some(line) => text.get(floor + line + 1..at),
        None if floor == 0 => text.get(..at),
        None => None,
    }
}

/// The span some `before` and `after` bytes around another, on character boundaries.
pub(super) fn around(text: &str, span: Span, before: usize, after: usize) -> Span {
    let mut start = span.start.min(text.len()).saturating_sub(before);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    let mut end = (span.end + after).min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    Span::new(start, end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_looked_for_within_reach_only() {
        assert_eq!(line_before("a\nbc d", 5), Some("bc "));
        assert_eq!(line_before("bc d", 3), Some("bc "));
        let long = "癌 ".repeat(LINE);
        assert_eq!(line_before(&long, long.len()), None, "what lies further back is not looked at");
    }
}
