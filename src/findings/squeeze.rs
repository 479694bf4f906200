//! A stretch of text with every run of blanks and line breaks as one blank, and the way back. Wrapped and spread lines say what
//! one line says; a grammar of words that looks at this form sees no difference. Offsets are found on the stretch as it was.

use std::borrow::Cow;

/// A stretch with single blanks; most are so as they stand.
pub(super) struct Squeezed<'a> {
    text: Cow<'a, str>,
    /// Where each byte came from, and the end; none where every byte stands where it stood.
    origins: Option<Vec<usize>>,
}

impl<'a> Squeezed<'a> {
    pub(super) fn new(stretch: &'a str) -> Self {
        let bytes = stretch.as_bytes();
        if memchr::memchr3(b'\n', b'\r', b'\t', bytes).is_none() && memchr::memmem::find(bytes, b"  ").is_none() {
            return Self { text: Cow::Borrowed(stretch), origins: None };
        }
        let mut text = String::with_capacity(stretch.len());
        let mut origins = Vec::with_capacity(stretch.len() + 1);
        for (at, character) in stretch.char_indices() {
            if matches!(character, ' ' | '\n' | '\r' | '\t') {
                if !text.ends_with(' ') {
                    text.push(' ');
                    origins.push(at);
                }
            } else {
                text.push(character);
                origins.extend((at..).take(character.len_utf8()));
            }
        }
        origins.push(stretch.len());
        Self { text: Cow::Owned(text), origins: Some(origins) }
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Where a byte stood before.
    pub(super) fn origin(&self, at: usize) -> usize {
        self.origins.as_ref().map_or(at.min(self.text.len()), |origins| origins[at.min(origins.len() - 1)])
    }
}

/// A stretch with single blanks, where no way back is needed.
pub(super) fn squeezed(stretch: &str) -> Cow<'_, str> {
    Squeezed::new(stretch).text
}

/// The last words of a stretch with single blanks, some bytes of it at the most.
pub(super) fn last_words(stretch: &str, most: usize) -> Cow<'_, str> {
    let mut start = stretch.len().saturating_sub(most);
    while !stretch.is_char_boundary(start) {
        start += 1;
    }
    squeezed(&stretch[start..])
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
        assert_eq!(last_words("a mass in\nthe", 7), " in the");
    }
}
