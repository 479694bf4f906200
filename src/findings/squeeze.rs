//! A stretch of text with every run of blanks and line breaks as one blank, and the way back. Wrapped and spread lines say what
//! one line says; a grammar of words that looks at this form sees no difference. Offsets are found on the stretch as it was.

/// A stretch with single blanks.
pub(super) struct Squeezed {
    text: String,
    /// Where each byte came from, and the end.
    origins: Vec<usize>,
}

impl Squeezed {
    pub(super) fn new(stretch: &str) -> Self {
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
        Self { text, origins }
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Where a byte stood before.
    pub(super) fn origin(&self, at: usize) -> usize {
        self.origins[at.min(self.origins.len() - 1)]
    }
}

/// A stretch with single blanks, where no way back is needed.
pub(super) fn squeezed(stretch: &str) -> String {
    Squeezed::new(stretch).text
}

/// The last words of a stretch with single blanks, some bytes of it at the most.
pub(super) fn last_words(stretch: &str, most: usize) -> String {
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
