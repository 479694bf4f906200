//! From a reading to numbers: what a report says as named terms and numbers ([`Analyzer`]), a training corpus of them
//! ([`Corpus`]), and what a model was fitted on ([`FeatureSpace`]): a sorted vocabulary, frozen weights and scaled numbers.
//!
//! Terms carry their block (`word:`, `head-concept:` …), so a model names what it learned. Everything fitted (selection, idf,
//! scales, imputed values) is fitted on the rows given, so that cross-validation can do it inside each fold. A term seen in too
//! few reports or in too few groups (hospitals) never enters: it would not travel, and it might name somebody.

mod analyzer;
mod block;
mod corpus;
mod field;
mod finding;
mod latent;
mod number;
mod recipe;
mod select;
mod space;
#[cfg(test)]
mod tests;
mod vocabulary;

pub use analyzer::{Analyzer, Columns, Sink, column_terms};
pub use block::Block;
pub use corpus::{Bag, Corpus, Sample, rare};
pub use latent::Latent;
pub use number::{Imputation, NumberColumn};
pub use recipe::{Part, Recipe, Weighting};
pub use space::{FeatureSpace, Rows};
pub use vocabulary::{Interned, Vocabulary};

/// Reports by features, compressed by row. Shape: reports × features.
pub type Matrix = sprs::CsMatI<f32, u32, usize>;
