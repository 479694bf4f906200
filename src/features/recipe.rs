//! How features are made from terms: which blocks, how many of each, how they are weighted. Part of the model file.

use serde::{Deserialize, Serialize};

use super::{Block, Imputation};

/// Settings of a feature space.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Recipe {
    /// A short name, as written in the model and in tables.
    pub name: String,
    /// What is taken, part by part.
    pub parts: Vec<Part>,
    /// How a term that is there is weighted.
    pub weighting: Weighting,
    /// Groups (hospitals) a term must be seen in; where there are no groups every report is one.
    pub min_groups: usize,
    /// Reports a term must be seen in.
    pub min_reports: usize,
    /// What stands for a number that is missing.
    pub imputation: Imputation,
}

/// Blocks whose terms compete for the same places.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Part {
    /// The blocks.
    pub blocks: Vec<Block>,
    /// How many terms are kept, chosen per class by chi-squared in turn; all where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keep: Option<usize>,
}

/// Weight of a term in a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Weighting {
    /// 1 where it is there.
    Binary,
    /// Logarithm of the count, 1 for one.
    Logarithm,
    /// (1 + ln count) × (1 + ln((1 + n) / (1 + reports with it))), rows scaled to length 1; the last factor is frozen at the fit.
    TfIdf,
}

impl Recipe {
    /// Few terms that travel: words and the lexicon's sites and histologies, in the whole text, its head and its diagnosis,
    /// with what the findings state. For long reports of many hospitals.
    pub fn few(words: usize, concepts: usize) -> Self {
        Self {
            name: format!("few-{words}-{concepts}"),
            parts: vec![
                Part { blocks: vec![Block::Word, Block::Han], keep: Some(words) },
                Part { blocks: vec![Block::Concept, Block::HeadConcept, Block::DiagnosisConcept], keep: Some(concepts) },
                Part { blocks: vec![Block::Finding, Block::Summary, Block::Lab], keep: Some(concepts / 2) },
                Part { blocks: vec![Block::Column], keep: None },
            ],
            weighting: Weighting::Binary,
            min_groups: 4,
            min_reports: 4,
            imputation: Imputation::Median,
        }
    }

    /// All terms by TF-IDF: words, neighbours, Han words and characters. For short texts and many reports of one kind.
    pub fn many(keep: Option<usize>) -> Self {
        Self {
            name: keep.map_or_else(|| "many".to_string(), |keep| format!("many-{keep}")),
            parts: vec![
                Part { blocks: vec![Block::Word, Block::Pair, Block::Han, Block::Character, Block::Concept], keep },
                Part { blocks: vec![Block::Finding, Block::Summary, Block::Lab, Block::Column], keep: None },
            ],
            weighting: Weighting::TfIdf,
            min_groups: 2,
            min_reports: 2,
            imputation: Imputation::Median,
        }
    }

    /// All runs of characters and the lexicon's entries by TF-IDF. For phrases, where words repeat what their characters say.
    pub fn characters() -> Self {
        let parts = vec![
            Part { blocks: vec![Block::Character, Block::Concept], keep: None },
            Part { blocks: vec![Block::Finding, Block::Summary, Block::Lab, Block::Column], keep: None },
        ];
        Self { name: "characters".into(), parts, ..Self::many(None) }
    }

    /// The blocks that are needed, sorted.
    pub fn blocks(&self) -> Vec<Block> {
        let mut blocks: Vec<Block> = self.parts.iter().flat_map(|part| part.blocks.iter().copied()).collect();
        blocks.sort();
        blocks.dedup();
        blocks
    }
}
