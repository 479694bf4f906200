//! How features are made from terms: which blocks, how many of each, how they are weighted. Part of the model file.

use serde::{Deserialize, Serialize};

use super::corpus::LONGEST_RARE;
use super::{Block, Imputation};

/// Buckets of rare runs: few enough that each is shared.
const BUCKETS: u32 = 1 << 13;

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
    /// Dimensions that the terms are brought down to by a truncated singular value decomposition; none where terms stand for themselves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latent: Option<u32>,
    /// Parts, by number, that voters see apart, each view scaled for itself; the narrowest last. None where all see everything.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub views: Vec<Vec<usize>>,
}

/// Blocks whose terms compete for the same places.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Part {
    /// The blocks.
    pub blocks: Vec<Block>,
    /// How many terms are kept, chosen per class by chi-squared in turn; all where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keep: Option<usize>,
    /// Characters of the longest run of characters taken; all where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub longest: Option<usize>,
    /// Buckets that runs of characters share which are too rare for a place of their own; none where it is 0. A bucket never tells
    /// what is in it.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub buckets: u32,
}

impl Part {
    /// Blocks of which `keep` terms are kept, or all.
    pub const fn new(blocks: Vec<Block>, keep: Option<usize>) -> Self {
        Self { blocks, keep, longest: None, buckets: 0 }
    }

    /// Whether a form of a block may enter.
    pub fn takes(&self, block: Block, form: &str) -> bool {
        self.blocks.contains(&block) && (block != Block::Character || self.longest.is_none_or(|longest| form.chars().nth(longest).is_none()))
    }
}

fn is_zero(number: &u32) -> bool {
    *number == 0
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
                Part::new(vec![Block::Word, Block::Han], Some(words)),
                Part::new(vec![Block::Concept, Block::HeadConcept, Block::DiagnosisConcept], Some(concepts)),
                Part::new(vec![Block::Finding, Block::Summary, Block::Lab], Some(concepts / 2)),
                Part::new(vec![Block::Column], None),
            ],
            weighting: Weighting::Binary,
            min_groups: 4,
            min_reports: 4,
            imputation: Imputation::Median,
            latent: None,
            views: Vec::new(),
        }
    }

    /// All terms by TF-IDF: words, neighbours, Han words and characters. For short texts and many reports of one kind.
    pub fn many(keep: Option<usize>) -> Self {
        Self {
            name: keep.map_or_else(|| "many".to_string(), |keep| format!("many-{keep}")),
            parts: vec![Part::new(vec![Block::Word, Block::Pair, Block::Han, Block::Character, Block::Concept], keep), Part::new(vec![Block::Column], None)],
            weighting: Weighting::TfIdf,
            min_groups: 2,
            min_reports: 2,
            imputation: Imputation::Median,
            latent: None,
            views: Vec::new(),
        }
    }

    /// Runs of one to three characters by TF-IDF. For short texts, where words repeat what their characters say.
    pub fn runs() -> Self {
        Self { name: "runs".into(), parts: vec![Part::new(vec![Block::Character], None), Part::new(vec![Block::Column], None)], ..Self::many(None) }
    }

    /// Runs of one or two characters by TF-IDF, rare ones in buckets. For phrases, where one rare name decides.
    pub fn phrases() -> Self {
        let runs = Part { longest: Some(2), buckets: BUCKETS, ..Part::new(vec![Block::Character], None) };
        Self { name: "phrases".into(), parts: vec![runs, Part::new(vec![Block::Column], None)], ..Self::many(None) }
    }

    /// All terms and, beside them, the short runs of phrases: for voters that see them apart and so err apart. For short texts.
    pub fn views() -> Self {
        let parts = Self::many(None).parts.into_iter().chain(Self::phrases().parts.into_iter().take(1)).collect();
        Self { name: "views".into(), parts, views: vec![vec![0, 1], vec![1, 2]], ..Self::many(None) }
    }

    /// The part whose rare runs stand in buckets, where there is one.
    pub fn bucketed(&self) -> Option<&Part> {
        self.parts.iter().find(|part| part.buckets > 0 && part.blocks.contains(&Block::Character) && part.longest.is_none_or(|longest| longest >= LONGEST_RARE))
    }

    /// The blocks that are needed, sorted.
    pub fn blocks(&self) -> Vec<Block> {
        let mut blocks: Vec<Block> = self.parts.iter().flat_map(|part| part.blocks.iter().copied()).collect();
        blocks.sort();
        blocks.dedup();
        blocks
    }
}
