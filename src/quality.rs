//! How well a text can be read: the share of its letters in words that look like words of a report. A scan that an OCR engine could not
//! read says so here, and its label is abstained.
//!
//! A Latin word looks like one when the lexicon has it or most of its three-letter stretches occur in the lexicon's words;
//! Han characters and words of one or two letters say nothing. It does not judge meaning.

use crate::lexicon::Lexicon;
use crate::reading::Reading;

/// Below this share a text is called illegible.
pub const ILLEGIBLE_BELOW: f64 = 0.72;
/// Letters a text must have before it can be called illegible.
const ENOUGH: usize = 40;
/// Shorter texts than this many characters are said to be short.
const SHORT: usize = 40;

/// Three-letter stretches of known words, with a blank at either end of a word.
pub struct Legibility {
    known: Vec<bool>,
}

const SIDE: usize = 27;

impl Legibility {
    /// Learns from every Latin form and word list of a lexicon.
    pub fn new(lexicon: &Lexicon) -> Self {
        let mut known = vec![false; SIDE * SIDE * SIDE];
        for vocabulary in lexicon.vocabularies() {
            for entry in &vocabulary.entries {
                for form in entry.en.iter().map(String::as_str).chain(entry.list("words")) {
                    for word in form.split(|character: char| !character.is_ascii_alphabetic()) {
                        for code in trigrams(word.as_bytes()) {
                            known[code] = true;
                        }
                    }
                }
            }
        }
        Self { known }
    }

    /// The share of letters in words that look like words, from 0 to 1; 1 where there are too few letters to tell.
    pub fn share(&self, reading: &Reading<'_>) -> f64 {
        let (mut good, mut all) = (0usize, 0usize);
        if !reading.text().is_ascii() {
            all = reading.text().chars().filter(|character| crate::fold::is_han(*character)).count();
            good = all;
        }
        for word in reading.text().as_bytes().split(|byte| !byte.is_ascii_alphabetic()) {
            if word.len() < 3 {
                continue;
            }
            all += word.len();
            let hits: usize = trigrams(word).map(|code| usize::from(self.known[code])).sum();
            if hits * 5 >= word.len() * 4 {
                good += word.len();
            }
        }
        if all < ENOUGH { 1.0 } else { (good as f64 / all as f64 * 1000.0).round() / 1000.0 }
    }

    /// The short notes of a text.
    pub fn notes(&self, share: f64, characters: usize) -> Vec<&'static str> {
        let mut notes = Vec::new();
        if share < ILLEGIBLE_BELOW {
            notes.push("illegible");
        }
        if characters < SHORT {
            notes.push("short");
        }
        notes
    }
}

/// Codes of the three-letter stretches of a word, ends included.
fn trigrams(word: &[u8]) -> impl Iterator<Item = usize> {
    let code = |byte: u8| usize::from((byte | 0x20).wrapping_sub(b'a')).min(SIDE - 2) + 1;
    let mut before = 0;
    let mut here = word.first().map_or(0, |byte| code(*byte));
    (0..word.len()).map(move |at| {
        let next = word.get(at + 1).map_or(0, |byte| code(*byte));
        let stretch = (before * SIDE + here) * SIDE + next;
        (before, here) = (here, next);
        stretch
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::document::Document;
    use crate::findings::Extractor;

    fn share(text: &str) -> f64 {
        let extractor = Extractor::new(Arc::new(Lexicon::embedded().unwrap())).unwrap();
        let document = Document { text: text.into(), ..Document::default() };
        Legibility::new(extractor.lexicon()).share(&extractor.read(&document))
    }

    #[test]
    fn reports_are_legible_and_noise_is_not() {
        assert!(share("Sections of the left breast show an invasive ductal carcinoma; the margins are free of tumor.") > 0.95);
        assert!(share("镜下见异型腺体浸润性生长，边缘干净，另见结节两枚，均无累及，请结合临床所见综合判断，必要时复查，随访观察，不适随诊，谢谢合作。") > 0.95);
        assert!(share("lliil ~wq xvfj rtqz jjkw iiilf qqpz mfgx wzxk vvvw jxq zzkp lkjq xxcv wqrt pfgh zxjw qkjx") < 0.5);
    }
}
