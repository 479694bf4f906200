//! What a report says about its organ, as plain data: read once and kept with the reading, for several findings and the summary ask for it.

use std::sync::{Arc, OnceLock};

use crate::span::Span;

/// A site phrase with what speaks for it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct SiteCandidate {
    /// The phrase, in folded offsets.
    pub span: Span,
    /// ICD-O topography.
    pub code: Arc<str>,
    /// How strongly the words around make it the seat of the tumour; 0 for an organ merely mentioned.
    pub score: i32,
    /// Nothing but side and organ are named.
    pub coarse: bool,
    /// It is spoken of after its operation.
    pub operated: bool,
    /// The seat of a metastasis, or a lymph node.
    pub secondary: bool,
}

/// The sites of a report and the organ they speak for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct OrganVote {
    /// All sites named, in the order of the text.
    pub sites: Vec<SiteCandidate>,
    /// The organ with most votes; none where a Chinese note merely mentions organs.
    pub organ: Option<String>,
    /// Which of the sites stands for the report, once it was asked for.
    pub seat: OnceLock<Option<usize>>,
    /// The sides of the organ, once they were asked for.
    pub sides: OnceLock<Vec<SideVote>>,
}

/// What speaks for one side of the organ.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct SideVote {
    /// `left`, `right` or `bilateral`.
    pub value: String,
    /// Sum over the mentions.
    pub weight: f64,
    /// The best mention, in folded offsets.
    pub span: Span,
    /// The weight of the best mention.
    pub best: f64,
}
