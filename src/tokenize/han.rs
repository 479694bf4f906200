//! Words of Han text by jieba with its general dictionary and, above it, the Chinese names of the lexicon. The dictionary is
//! loaded when the first Han text comes and then shared by all threads.

use std::fmt;
use std::sync::OnceLock;

use jieba_rs::Jieba;

use crate::fold::{fold, is_han};
use crate::lexicon::{Entry, Lexicon};

/// Longest name that is taken for a word: longer ones are phrases.
const LONGEST_WORD: usize = 6;

/// Cuts Han text into words.
pub struct HanWords {
    /// Names of the lexicon, folded, sorted.
    names: Vec<String>,
    jieba: OnceLock<Jieba>,
}

impl fmt::Debug for HanWords {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("HanWords").field("names", &self.names.len()).finish_non_exhaustive()
    }
}

impl HanWords {
    /// Takes the Chinese names of a lexicon that are all Han and two to six characters long.
    pub fn new(lexicon: &Lexicon) -> Self {
        let forms = lexicon.vocabularies().iter().flat_map(|vocabulary| &vocabulary.entries).flat_map(Entry::zh);
        let mut names: Vec<String> = forms.map(fold).filter(|form| is_word(form)).collect();
        names.sort();
        names.dedup();
        Self { names, jieba: OnceLock::new() }
    }

    /// Hands the byte range of each word of a run of Han characters to `push`.
    pub fn cut(&self, run: &str, push: &mut dyn FnMut(usize, usize)) {
        // One character is one word: stray ones in other texts do not ask for the dictionary.
        if run.chars().nth(1).is_none() {
            push(0, run.len());
            return;
        }
        for word in self.jieba().cut(run, true) {
            push(word.byte_start, word.byte_end);
        }
    }

    fn jieba(&self) -> &Jieba {
        self.jieba.get_or_init(|| {
            let mut jieba = Jieba::new();
            for name in &self.names {
                if !jieba.has_word(name) {
                    let frequency = jieba.suggest_freq(name);
                    jieba.add_word(name, Some(frequency), None);
                }
            }
            jieba
        })
    }
}

fn is_word(form: &str) -> bool {
    (2..=LONGEST_WORD).contains(&form.chars().count()) && form.chars().all(is_han)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_the_lexicon_are_words() {
        let words = HanWords::new(&Lexicon::embedded().unwrap());
        let run = "右肺上叶乙状结肠";
        let mut out = Vec::new();
        words.cut(run, &mut |start, end| out.push(&run[start..end]));
        assert_eq!(out.concat(), run);
        assert!(out.contains(&"乙状结肠"), "{out:?}");
    }
}
