//! Phrases that a text may end with. Their last two letters are held apart, so that most texts are ruled out by one look
//! before anything is squeezed or compared.

/// A list of endings.
pub(super) struct Endings {
    words: &'static [&'static str],
    /// By a mix of the last two bytes: whether a word ends so.
    pairs: [bool; 256],
}

impl Endings {
    /// Endings of two bytes at least; a shorter one does not compile where the list is a constant.
    pub(super) const fn new(words: &'static [&'static str]) -> Self {
        let mut pairs = [false; 256];
        let mut at = 0;
        while at < words.len() {
            let word = words[at].as_bytes();
            pairs[mix(word[word.len() - 2], word[word.len() - 1])] = true;
            at += 1;
        }
        Self { words, pairs }
    }

    /// Whether a text may end with one of the words, blanks behind it aside; where not, it surely does not.
    pub(super) fn may_end(&self, text: &str) -> bool {
        text.trim_end().as_bytes().last_chunk::<2>().is_some_and(|[one, last]| self.pairs[mix(*one, *last)])
    }

    /// The text before the ending, if it has one: the first of the list that fits.
    pub(super) fn strip<'t>(&self, text: &'t str) -> Option<&'t str> {
        self.words.iter().find_map(|word| text.strip_suffix(word))
    }
}

const fn mix(one: u8, last: u8) -> usize {
    (one.wrapping_mul(31) ^ last) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ends_with_a_word_is_never_ruled_out() {
        const LIST: Endings = Endings::new(&["more than", "at", "不足"]);
        for text in ["it is more than", "more than \n", "at", "厚度不足"] {
            assert!(LIST.may_end(text), "{text}");
            assert!(LIST.strip(text.trim_end()).is_some(), "{text}");
        }
        assert!(!LIST.may_end("") && !LIST.may_end("t") && !LIST.may_end("a mass of"));
        assert_eq!(LIST.strip("in a mass of"), None);
    }
}
