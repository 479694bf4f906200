//! The three-letter stretches of the words of a lexicon, a bit each. `build.rs` includes this file.

/// Bits of a letter in the code of a stretch.
const LETTER: usize = 5;
/// Codes of stretches.
const CODES: usize = 1 << (3 * LETTER);

/// A bit for each stretch, by its code.
pub type Stretches = [u64; CODES / 64];

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

/// The stretches of all words of some texts.
pub fn stretches<'t>(texts: impl Iterator<Item = &'t str>) -> Box<Stretches> {
    let mut known = Box::new([0; CODES / 64]);
    for word in texts.flat_map(|text| text.as_bytes().split(|byte| !byte.is_ascii_alphabetic())) {
        for code in trigrams(word) {
            known[code / 64] |= 1 << (code % 64);
        }
    }
    known
}

/// Codes of the three-letter stretches of a word, ends included.
pub fn trigrams(word: &[u8]) -> impl Iterator<Item = usize> {
    let end = std::iter::once(0).take(word.len());
    let mut code = 0;
    let codes = word.iter().map(|byte| LETTERS[usize::from(*byte)]).chain(end).map(move |letter| {
        code = (code << LETTER | usize::from(letter)) % CODES;
        code
    });
    codes.skip(1)
}
