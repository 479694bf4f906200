//! How well a text can be read: the share of its letters in words that look like words of a report. A scan that an OCR engine could not
//! read says so here, and its label is abstained.
//!
//! A Latin word looks like one when the lexicon has it or most of its three-letter stretches occur in the lexicon's words;
//! Han characters and words of one or two letters say nothing. It does not judge meaning.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::fold::letters_ahead;
use crate::lexicon::{Lexicon, Stretches, trigrams};
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
    known: Box<Stretches>,
    /// Short words that were judged, so that the common ones are judged once: their letters as a number, with [`GOOD`] where they look like
    /// words. A place is overwritten by the next word that falls on it.
    judged: Vec<AtomicU64>,
}

/// The bit that no letter sets.
const GOOD: u64 = 1 << 63;
/// Binary logarithm of the places of judged words.
const PLACES: u32 = 12;

impl Legibility {
    /// Knows the stretches of a lexicon.
    pub fn new(lexicon: &Lexicon) -> Self {
        Self { known: Box::new(*lexicon.stretches()), judged: (0..1 << PLACES).map(|_| AtomicU64::new(0)).collect() }
    }

    /// The share of letters in words that look like words, from 0 to 1; 1 where there are too few letters to tell.
    pub fn share(&self, reading: &Reading<'_>) -> f64 {
        let mut all = reading.han;
        let mut good = all;
        let text = reading.text().as_bytes();
        let mut at = 0;
        while let Some(byte) = text.get(at) {
            if byte.is_ascii_lowercase() {
                let length = letters_ahead(&text[at..]);
                if length >= 3 {
                    all += length;
                    good += if self.is_word(&text[at..], length) { length } else { 0 };
                }
                at += length;
            }
            at += 1;
        }
        if all < ENOUGH { 1.0 } else { (good as f64 / all as f64 * 1000.0).round() / 1000.0 }
    }

    /// Whether that many letters that a text begins with look like a word.
    fn is_word(&self, text: &[u8], length: usize) -> bool {
        let Some(letters) = text.first_chunk::<8>().filter(|_| length <= 8) else { return self.judge(&text[..length]) };
        let word = u64::from_le_bytes(*letters) & u64::MAX >> (64 - 8 * length);
        let place = &self.judged[(word.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (64 - PLACES)) as usize];
        let last = place.load(Ordering::Relaxed);
        if last & !GOOD == word {
            return last & GOOD != 0;
        }
        let good = self.judge(&text[..length]);
        place.store(if good { word | GOOD } else { word }, Ordering::Relaxed);
        good
    }

    /// Whether most stretches of a word are known.
    fn judge(&self, word: &[u8]) -> bool {
        trigrams(word).filter(|code| self.known[code / 64] >> (code % 64) & 1 != 0).count() * 5 >= word.len() * 4
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
