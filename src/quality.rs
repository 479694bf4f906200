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
    /// A bit for each stretch, by its code.
    known: Vec<u64>,
}

/// Bits of a letter in the code of a stretch.
const LETTER: usize = 5;
/// Codes of stretches.
const CODES: usize = 1 << (3 * LETTER);

impl Legibility {
    /// Learns from every Latin form and word list of a lexicon.
    pub fn new(lexicon: &Lexicon) -> Self {
        let mut known = vec![0; CODES / 64];
        for vocabulary in lexicon.vocabularies() {
            for entry in &vocabulary.entries {
                for form in entry.en().chain(entry.list("words")) {
                    for word in form.split(|character: char| !character.is_ascii_alphabetic()) {
                        for code in trigrams(word.as_bytes()) {
                            known[code / 64] |= 1 << (code % 64);
                        }
                    }
                }
            }
        }
        Self { known }
    }

    /// The share of letters in words that look like words, from 0 to 1; 1 where there are too few letters to tell.
    pub fn share(&self, reading: &Reading<'_>) -> f64 {
        let mut all = reading.han;
        let mut good = all;
        let (mut code, mut length, mut hits) = (0, 0, 0);
        let mut take = |byte: u8| {
            let letter = LETTERS[usize::from(byte)];
            if letter == 0 && length == 0 {
                return;
            }
            code = (code << LETTER | usize::from(letter)) % CODES;
            hits += usize::from(self.knows(code));
            if letter != 0 {
                length += 1;
                return;
            }
            if length >= 3 {
                all += length;
                good += if hits * 5 >= length * 4 { length } else { 0 };
            }
            (code, length, hits) = (0, 0, 0);
        };
        reading.text().bytes().for_each(&mut take);
        take(b' ');
        if all < ENOUGH { 1.0 } else { (good as f64 / all as f64 * 1000.0).round() / 1000.0 }
    }

    /// Whether a stretch occurs in a known word; one with a single letter in it never does.
    fn knows(&self, code: usize) -> bool {
        self.known[code / 64] >> (code % 64) & 1 != 0
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

/// 1 to 26 for a letter, 0 for what is none.
const LETTERS: [u8; 256] = {
    let mut letters = [0; 256];
    let mut at = 0;
    while at < 256 {
        letters[at] = if (at as u8).is_ascii_alphabetic() { at as u8 & 0x1f } else { 0 };
        at += 1;
    }
    letters
};

/// Codes of the three-letter stretches of a word, ends included.
fn trigrams(word: &[u8]) -> impl Iterator<Item = usize> {
    let end = std::iter::once(0).take(word.len());
    let mut code = 0;
    let codes = word.iter().map(|byte| LETTERS[usize::from(*byte)]).chain(end).map(move |letter| {
        code = (code << LETTER | usize::from(letter)) % CODES;
        code
    });
    codes.skip(1)
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
