//! Look-ups of the words of a text in long lists of our own, of which most words are none.
//!
//! [`Ends`] rules a word out by its first and last letters at a fraction of what a look-up costs; [`Fnv`] hashes what is left. Neither
//! is for keys that a stranger chooses: those of a list come from the lexicon or a model.

use std::hash::Hasher;

/// How the words of a list begin and end, a bit each.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Ends(Box<[u64; 1 << (Ends::BITS - 6)]>);

impl Ends {
    /// Binary logarithm of the number of bits: eight for each word of a list of some thousands.
    const BITS: u32 = 16;

    /// The bit of a word, by its first and its last letters.
    fn bit(word: &str) -> usize {
        let bytes = word.as_bytes();
        let ends = match (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
            (Some(first), Some(last)) => u64::from(u32::from_le_bytes(*first)) << 32 | u64::from(u32::from_le_bytes(*last)),
            _ => bytes.iter().fold(0, |ends, byte| ends << 8 | u64::from(*byte)),
        };
        // Fibonacci hashing: the high bits of the product depend on all letters.
        (ends.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (64 - Self::BITS)) as usize
    }

    /// Takes in a word of the list.
    pub(crate) fn insert(&mut self, word: &str) {
        let bit = Self::bit(word);
        self.0[bit / 64] |= 1 << (bit % 64);
    }

    /// Whether the list may have a word; where not, it has it surely not.
    pub(crate) fn may_hold(&self, word: &str) -> bool {
        let bit = Self::bit(word);
        self.0[bit / 64] >> (bit % 64) & 1 != 0
    }
}

impl Default for Ends {
    fn default() -> Self {
        Self(Box::new([0; 1 << (Self::BITS - 6)]))
    }
}

/// FNV-1a: fast for short keys.
#[derive(Debug, Clone)]
pub(crate) struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for Fnv {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_of_the_list_is_never_ruled_out_and_most_others_are() {
        let word = |number: u32| format!("{:x}", number.wrapping_mul(0x9E37_79B1));
        let mut ends = Ends::default();
        (0..4000).map(word).chain(["".into(), "a".into(), "乳腺".into()]).for_each(|word| ends.insert(&word));
        assert!((0..4000).map(word).chain(["".into(), "a".into(), "乳腺".into()]).all(|word| ends.may_hold(&word)));
        assert!((4000..8000).map(word).filter(|word| ends.may_hold(word)).count() < 800);
    }
}
