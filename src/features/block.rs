//! The blocks of features that can be switched, each with the prefix its terms carry.

use serde::{Deserialize, Serialize};

/// One block of features.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Block {
    /// Latin words.
    Word,
    /// Their stems.
    Stem,
    /// Neighbouring words.
    Pair,
    /// Learned pieces of words.
    Subword,
    /// Han words.
    Han,
    /// One to three neighbouring characters of Chinese texts.
    Character,
    /// Words of the head of the report.
    Head,
    /// Words of diagnosis sections.
    Diagnosis,
    /// Entries of the lexicon that are named anywhere.
    Concept,
    /// Entries named in the head.
    HeadConcept,
    /// Entries named in a diagnosis section.
    DiagnosisConcept,
    /// Findings, by their fields.
    Finding,
    /// The answers of the report's summary, by their fields.
    Summary,
    /// Flags of laboratory results.
    Lab,
    /// Categorical columns that come with the text.
    Column,
}

impl Block {
    /// All blocks, in the order of their prefixes' meaning.
    pub const ALL: [Self; 15] = [
        Self::Word,
        Self::Stem,
        Self::Pair,
        Self::Subword,
        Self::Han,
        Self::Character,
        Self::Head,
        Self::Diagnosis,
        Self::Concept,
        Self::HeadConcept,
        Self::DiagnosisConcept,
        Self::Finding,
        Self::Summary,
        Self::Lab,
        Self::Column,
    ];

    /// The name, which is also the prefix of its terms.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Word => "word",
            Self::Stem => "stem",
            Self::Pair => "pair",
            Self::Subword => "subword",
            Self::Han => "han",
            Self::Character => "character",
            Self::Head => "head",
            Self::Diagnosis => "diagnosis",
            Self::Concept => "concept",
            Self::HeadConcept => "head-concept",
            Self::DiagnosisConcept => "diagnosis-concept",
            Self::Finding => "finding",
            Self::Summary => "summary",
            Self::Lab => "lab",
            Self::Column => "column",
        }
    }

    /// The block of a name.
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|block| block.name() == name)
    }

    /// The block and the bare form of a term.
    pub fn of_term(term: &str) -> Option<(Self, &str)> {
        let (block, form) = term.split_once(':')?;
        Some((Self::by_name(block)?, form))
    }

    /// The term of a form in this block.
    pub fn term(self, form: &str) -> String {
        let mut term = String::with_capacity(self.name().len() + 1 + form.len());
        term.push_str(self.name());
        term.push(':');
        term.push_str(form);
        term
    }
}
