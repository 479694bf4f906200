//! Places in a text. A [`Span`] counts bytes of the decoded text and always lies on character boundaries;
//! what is written out counts Unicode code points, and [`CodePoints`] translates between the two.

use serde::{Deserialize, Serialize};

/// A byte range of a text, end exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// The span from `start` to `end`; an end before the start gives the empty span at `start`.
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end: if end < start { start } else { end } }
    }
    /// Length in bytes.
    pub const fn len(self) -> usize {
        self.end - self.start
    }
    /// Whether the span covers nothing.
    pub const fn is_empty(self) -> bool {
        self.end == self.start
    }
    /// Whether `other` lies wholly inside this span.
    pub const fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }
    /// Whether the byte offset lies inside this span.
    pub const fn holds(self, offset: usize) -> bool {
        self.start <= offset && offset < self.end
    }
    /// Whether the two share at least one byte.
    pub const fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }
    /// The smallest span that covers both.
    pub fn join(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }
    /// The text at this span; empty where the span does not fit the text.
    pub fn of(self, text: &str) -> &str {
        text.get(self.start..self.end).unwrap_or("")
    }
}

/// Byte offsets of a text as code point offsets.
#[derive(Debug, Clone)]
pub struct CodePoints {
    ascii: bool,
    /// Code points before byte `64 * i`.
    blocks: Vec<u32>,
}

const BLOCK: usize = 64;

impl CodePoints {
    /// Indexes a text in one pass.
    pub fn new(text: &str) -> Self {
        if text.is_ascii() {
            return Self { ascii: true, blocks: Vec::new() };
        }
        let mut blocks = Vec::with_capacity(text.len() / BLOCK + 1);
        let mut count = 0u32;
        let (whole, rest) = text.as_bytes().as_chunks::<BLOCK>();
        for block in whole {
            blocks.push(count);
            // A sum of bytes, which a block cannot overflow: sixteen are added at once.
            count += u32::from(block.iter().map(|&byte| u8::from(!is_continuation(byte))).sum::<u8>());
        }
        if !rest.is_empty() {
            blocks.push(count);
        }
        Self { ascii: false, blocks }
    }

    /// Code points before the byte `offset` of `text`, the text this index was made from.
    pub fn at(&self, text: &str, offset: usize) -> usize {
        let offset = offset.min(text.len());
        if self.ascii {
            return offset;
        }
        let block = (offset / BLOCK).min(self.blocks.len().saturating_sub(1));
        let before = self.blocks.get(block).copied().unwrap_or(0) as usize;
        before + text.as_bytes()[block * BLOCK..offset].iter().filter(|&&byte| !is_continuation(byte)).count()
    }
}

const fn is_continuation(byte: u8) -> bool {
    byte & 0xC0 == 0x80
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_points_of_every_boundary_equal_a_plain_count() {
        let text = "血红蛋白 84 g/L ↓ 😀 hemoglobin 低于正常，余（-）。".repeat(9);
        let index = CodePoints::new(&text);
        for (count, (byte, _)) in text.char_indices().enumerate() {
            assert_eq!(index.at(&text, byte), count);
        }
        assert_eq!(index.at(&text, text.len()), text.chars().count());
    }

    #[test]
    fn ascii_offsets_are_their_own_code_points() {
        assert_eq!(CodePoints::new("pT3 N1").at("pT3 N1", 4), 4);
    }
}
