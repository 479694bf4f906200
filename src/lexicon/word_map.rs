//! What is known of single words, by the word. All words stand in one text: many thousands of them are taken in at each start, and each on
//! its own would cost more to put away than to read.

/// Small values by word.
#[derive(Debug)]
pub struct WordMap<V> {
    /// The words, one behind the other.
    text: String,
    /// Where each word ends, and its value.
    words: Vec<(u32, V)>,
    /// Open addressing: the number of a word, from 1; a power of two long, at most half full.
    slots: Vec<u32>,
}

impl<V> Default for WordMap<V> {
    fn default() -> Self {
        Self::with_room(0)
    }
}

impl<V> WordMap<V> {
    /// An empty map that holds some words without growing.
    pub fn with_room(words: usize) -> Self {
        let slots = vec![0; (words * 2).next_power_of_two().max(16)];
        Self { text: String::with_capacity(words * 8), words: Vec::with_capacity(words), slots }
    }

    /// The value of a word.
    pub fn get(&self, word: &str) -> Option<&V> {
        let number = self.slots[self.slot(word)];
        Some(&self.words.get((number as usize).checked_sub(1)?)?.1)
    }

    /// The value of a word, which is given one where it has none.
    pub fn or_insert(&mut self, word: &str, value: V) -> &mut V {
        let mut slot = self.slot(word);
        if self.slots[slot] == 0 {
            if (self.words.len() + 1) * 2 > self.slots.len() {
                self.grow();
                slot = self.slot(word);
            }
            self.text.push_str(word);
            self.words.push((self.text.len() as u32, value));
            self.slots[slot] = self.words.len() as u32;
        }
        let number = self.slots[slot] as usize;
        &mut self.words[number - 1].1
    }

    fn word(&self, index: usize) -> &str {
        let start = index.checked_sub(1).map_or(0, |before| self.words[before].0);
        &self.text[start as usize..self.words[index].0 as usize]
    }

    /// The slot of a word, or the empty one that it would take.
    fn slot(&self, word: &str) -> usize {
        let mask = self.slots.len() - 1;
        let mut at = hash(word) & mask;
        while self.slots[at] != 0 && self.word(self.slots[at] as usize - 1) != word {
            at = (at + 1) & mask;
        }
        at
    }

    fn grow(&mut self) {
        let mask = self.slots.len() * 2 - 1;
        let mut slots = vec![0; mask + 1];
        for index in 0..self.words.len() {
            let mut at = hash(self.word(index)) & mask;
            while slots[at] != 0 {
                at = (at + 1) & mask;
            }
            slots[at] = index as u32 + 1;
        }
        self.slots = slots;
    }
}

/// Eight bytes at a time; the words are the lexicon's, no stranger chooses them.
fn hash(word: &str) -> usize {
    let mix = |hash: u64, number: u64| (hash.rotate_left(29) ^ number).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let (chunks, rest) = word.as_bytes().as_chunks::<8>();
    let hash = chunks.iter().fold(word.len() as u64, |hash, chunk| mix(hash, u64::from_le_bytes(*chunk)));
    (mix(hash, rest.iter().fold(0, |number, byte| number << 8 | u64::from(*byte))) >> 32) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_keeps_its_value_while_the_map_grows() {
        let mut map = WordMap::default();
        let word = |number: usize| "word".repeat(number % 5) + &number.to_string();
        for number in 0..1000 {
            *map.or_insert(&word(number), 0) += number;
            *map.or_insert(&word(number), 0) += 1;
        }
        assert!((0..1000).all(|number| map.get(&word(number)) == Some(&(number + 1))));
        assert_eq!(map.get("word"), None);
        assert_eq!(WordMap::<u8>::default().get(""), None);
    }
}
