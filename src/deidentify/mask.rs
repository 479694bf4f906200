//! A text with its identifiers masked: every character of one becomes `*`, so that code point offsets fit both texts.

use std::borrow::Cow;

use super::Identifier;
use crate::span::Span;

/// The character that stands for one that was removed.
const MASK: char = '*';

/// A text and the identifiers to be masked in whatever is taken out of it.
#[derive(Debug, Clone, Copy)]
pub struct Masked<'a> {
    text: &'a str,
    /// Sorted by start, without overlaps.
    identifiers: &'a [Identifier],
}

impl<'a> Masked<'a> {
    /// A text with identifiers sorted by their start and not overlapping; with none, nothing is masked.
    pub const fn new(text: &'a str, identifiers: &'a [Identifier]) -> Self {
        Self { text, identifiers }
    }

    /// The masked text at a span of the original.
    pub fn slice(&self, span: Span) -> Cow<'a, str> {
        let from = self.identifiers.partition_point(|identifier| identifier.span.end <= span.start);
        let inside = &self.identifiers[from..];
        if inside.first().is_none_or(|first| first.span.start >= span.end) {
            return Cow::Borrowed(span.of(self.text));
        }
        let mut out = String::with_capacity(span.len());
        let mut at = span.start;
        for identifier in inside.iter().take_while(|identifier| identifier.span.start < span.end) {
            let start = identifier.span.start.max(at);
            let end = identifier.span.end.min(span.end);
            out.push_str(Span::new(at, start).of(self.text));
            out.extend(Span::new(start, end).of(self.text).chars().map(|_| MASK));
            at = end.max(at);
        }
        out.push_str(Span::new(at, span.end).of(self.text));
        Cow::Owned(out)
    }

    /// The whole text, masked.
    pub fn whole(&self) -> Cow<'a, str> {
        self.slice(Span::new(0, self.text.len()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_keep_every_code_point_in_place() {
        let text = "姓名：某甲，CEA 3.4";
        let span = Span::new(9, 15);
        let identifiers = [Identifier { kind: "name", span }];
        let masked = Masked::new(text, &identifiers);
        assert_eq!(masked.whole(), "姓名：**，CEA 3.4");
        assert_eq!(masked.slice(Span::new(0, 12)), "姓名：*");
        assert_eq!(masked.slice(Span::new(15, text.len())), "，CEA 3.4");
        assert_eq!(masked.whole().chars().count(), text.chars().count());
    }
}
