//! Stems of English words, with words that must not be stemmed: `lateral` is not `later`.
//!
//! Two implementations stand behind one choice, since which one serves better, and whether stemming serves at all, is measured.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;

use crate::fold::fold;
use crate::lexicon::Lexicon;

/// Which stemmer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StemmerKind {
    /// Snowball's present English stemmer (frostem).
    #[default]
    Snowball,
    /// Snowball's English stemmer of 2019 (rust-stemmers).
    RustStemmers,
}

enum Engine {
    Snowball(frostem::Stemmer),
    RustStemmers(rust_stemmers::Stemmer),
}

/// Stems words, protected ones apart.
pub struct Stemmer {
    engine: Engine,
    protected: BTreeSet<String>,
}

impl fmt::Debug for Stemmer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Stemmer").field("protected", &self.protected.len()).finish_non_exhaustive()
    }
}

impl Stemmer {
    /// A stemmer with the protected words of the lexicon's class `stemming`, where it has one.
    pub fn new(kind: StemmerKind, lexicon: &Lexicon) -> Self {
        let protected = lexicon
            .class("stemming")
            .map_or_else(|_| BTreeSet::new(), |class| lexicon.vocabulary(class).entries.iter().flat_map(|entry| entry.list("words")).map(fold).collect());
        let engine = match kind {
            StemmerKind::Snowball => Engine::Snowball(frostem::Stemmer::new(frostem::Algorithm::English)),
            StemmerKind::RustStemmers => Engine::RustStemmers(rust_stemmers::Stemmer::create(rust_stemmers::Algorithm::English)),
        };
        Self { engine, protected }
    }

    /// The stem of a folded word; words with digits or letters beyond ASCII, and protected ones, are their own.
    pub fn stem<'a>(&self, word: &'a str) -> Cow<'a, str> {
        if word.len() < 3 || !word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'\'') || self.protected.contains(word) {
            return Cow::Borrowed(word);
        }
        match &self.engine {
            Engine::Snowball(stemmer) => stemmer.stem(word),
            Engine::RustStemmers(stemmer) => stemmer.stem(word),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn protected_words_keep_their_meaning_with_either_stemmer() {
        let lexicon = Lexicon::embedded().unwrap();
        for kind in [StemmerKind::Snowball, StemmerKind::RustStemmers] {
            let stemmer = Stemmer::new(kind, &lexicon);
            assert_ne!(stemmer.stem("lateral"), stemmer.stem("later"));
            assert_ne!(stemmer.stem("organic"), stemmer.stem("organ"));
            assert_eq!(stemmer.stem("metastases"), stemmer.stem("metastase"));
            assert_eq!(stemmer.stem("pt3n1"), "pt3n1");
        }
    }
}
