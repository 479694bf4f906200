//! Pieces of words, learned from the texts at hand: byte-pair encoding of the `tokenizers` crate over the words of a text.
//!
//! A misread word (`adenocarclnoma`) shares pieces with the right one where the word itself is unknown. The learned merges go
//! into the model file; training on the same texts gives the same pieces.

use std::fmt;

use tokenizers::models::bpe::{BPE, BpeTrainer};
use tokenizers::{Model, Trainer};

use crate::error::{Error, Result};

/// Learned pieces of words.
pub struct Subwords {
    model: BPE,
    pieces: usize,
}

impl fmt::Debug for Subwords {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Subwords").field("pieces", &self.pieces).finish_non_exhaustive()
    }
}

impl Subwords {
    /// Learns at most `pieces` pieces from words; a piece must occur twice.
    ///
    /// # Errors
    /// [`Error::Training`] where the words give no pieces.
    pub fn train<'a>(words: impl Iterator<Item = &'a str> + Send, pieces: usize) -> Result<Self> {
        let mut trainer = BpeTrainer::builder().vocab_size(pieces).min_frequency(2).show_progress(false).build();
        trainer.feed(words, |word| Ok(vec![word.to_string()])).map_err(|error| Error::Training(format!("subwords: {error}")))?;
        let mut model = BPE::default();
        trainer.train(&mut model).map_err(|error| Error::Training(format!("subwords: {error}")))?;
        Ok(Self { pieces: model.get_vocab_size(), model })
    }

    /// The model as JSON, for the model file.
    ///
    /// # Errors
    /// [`Error::Model`] where it cannot be written.
    pub fn to_json(&self) -> Result<String> {
        serde_json::to_string(&self.model).map_err(|error| Error::Model(format!("subwords: {error}")))
    }

    /// A model from its JSON.
    ///
    /// # Errors
    /// [`Error::Model`] where it is not one.
    pub fn from_json(json: &str) -> Result<Self> {
        let model: BPE = serde_json::from_str(json).map_err(|error| Error::Model(format!("subwords: {error}")))?;
        Ok(Self { pieces: model.get_vocab_size(), model })
    }

    /// Number of pieces.
    pub const fn pieces(&self) -> usize {
        self.pieces
    }

    /// Hands each piece of a word with its byte range inside the word to `push`; characters never seen in training are passed over.
    pub fn cut(&self, word: &str, push: &mut dyn FnMut(usize, usize, &str)) {
        for token in self.model.tokenize(word).unwrap_or_default() {
            push(token.offsets.0, token.offsets.1, &token.value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_slice_back_and_survive_their_json() {
        let words = ["carcinoma", "adenocarcinoma", "carcinoma", "adenoma", "adenoma", "lymphoma"];
        let subwords = Subwords::train(words.into_iter().cycle().take(60), 40).unwrap();
        let again = Subwords::from_json(&subwords.to_json().unwrap()).unwrap();
        assert_eq!(subwords.to_json().unwrap(), Subwords::train(words.into_iter().cycle().take(60), 40).unwrap().to_json().unwrap());
        for word in ["adenocarcinoma", "lymphadenoma", "", "肿瘤"] {
            let (mut pieces, mut other) = (Vec::new(), Vec::new());
            subwords.cut(word, &mut |start, end, piece| {
                assert_eq!(&word[start..end], piece);
                pieces.push(piece.to_string());
            });
            again.cut(word, &mut |_, _, piece| other.push(piece.to_string()));
            assert_eq!(pieces, other);
        }
    }
}
