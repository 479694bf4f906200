//! A stretch of text with every run of blanks and line breaks as one blank, and the way back. Wrapped and spread lines say what
//! one line says; a grammar of words that looks at this form sees no difference. Offsets are found on the stretch as it was.

use std::borrow::Cow;

/// A stretch with single blanks; most are so as they stand.
pub(super) struct Squeezed<'a> {
    text: Cow<'a, str>,
    /// Behind each run that was shortened: the place in the squeezed text, and the bytes left out up to there.
    cuts: Vec<(usize, usize)>,
}

impl<'a> Squeezed<'a> {
    pub(super) fn new(stretch: &'a str) -> Self {
        let bytes = stretch.as_bytes();
        let mut text = String::new();
        let mut cuts = Vec::new();
        let mut copied = 0;
        while let Some(start) = next_run(bytes, copied) {
            let end = bytes[start..].iter().position(|byte| !is_blank(*byte)).map_or(bytes.len(), |length| start + length);
            if copied == 0 {
                text.reserve(stretch.len());
            }
            text.push_str(&stretch[copied..start]);
            text.push(' ');
            if end > start + 1 {
                cuts.push((text.len(), end - text.len()));
            }
            copied = end;
        }
        if copied == 0 {
            return Self { text: Cow::Borrowed(stretch), cuts };
        }
        text.push_str(&stretch[copied..]);
        Self { text: Cow::Owned(text), cuts }
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Where a byte of the stretch that is no blank stands now.
    pub(super) fn place(&self, origin: usize) -> usize {
        origin - self.cuts.iter().rev().find(|(behind, left_out)| behind + left_out <= origin).map_or(0, |(_, left_out)| *left_out)
    }

    /// Where a byte stood before.
    pub(super) fn origin(&self, at: usize) -> usize {
        let at = at.min(self.text.len());
        at + self.cuts.iter().rev().find(|(behind, _)| *behind <= at).map_or(0, |(_, left_out)| *left_out)
    }
}

const fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\r' | b'\t')
}

/// The first run of blanks from `from` on that is more than one space, or another blank than a space.
fn next_run(bytes: &[u8], from: usize) -> Option<usize> {
    (from..bytes.len()).find(|at| is_blank(bytes[*at]) && (bytes[*at] != b' ' || bytes.get(at + 1).is_some_and(|next| is_blank(*next))))
}

/// A stretch with single blanks, where no way back is needed.
pub(super) fn squeezed(stretch: &str) -> Cow<'_, str> {
    Squeezed::new(stretch).text
}

/// The end of a stretch, some bytes of it at the most.
pub(super) fn tail(stretch: &str, most: usize) -> &str {
    let mut start = stretch.len().saturating_sub(most);
    while !stretch.is_char_boundary(start) {
        start += 1;
    }
    &stretch[start..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_of_blanks_are_one_and_places_are_kept() {
        let flat = Squeezed::new("two  of\n 癌 x");
        assert_eq!(flat.text(), "two of 癌 x");
        assert_eq!(flat.origin(4), 5);
        assert_eq!(flat.origin(7), 9);
        assert_eq!(flat.origin(99), 14);
        assert_eq!(squeezed(tail("a mass in\nthe", 7)), " in the");
    }

    #[test]
    fn every_byte_knows_where_it_stood() {
        for stretch in [" \n", "a", "\t\ta  b\nc", "a \r\n\r\n b ", "癌  癌"] {
            let flat = Squeezed::new(stretch);
            let mut origins = Vec::new();
            for (at, character) in stretch.char_indices() {
                if !is_blank(stretch.as_bytes()[at]) || at == 0 || !is_blank(stretch.as_bytes()[at - 1]) {
                    origins.extend(at..at + character.len_utf8());
                }
            }
            origins.push(stretch.len());
            let solid = |at: &usize| stretch.as_bytes().get(*at).is_some_and(|byte| !is_blank(*byte));
            assert!(origins.iter().enumerate().filter(|(_, origin)| solid(origin)).all(|(place, origin)| flat.place(*origin) == place), "{stretch:?}");
            assert_eq!((0..=flat.text().len()).map(|at| flat.origin(at)).collect::<Vec<_>>(), origins, "{stretch:?}");
        }
    }
}
