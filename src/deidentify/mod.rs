//! Identifiers: found as spans of the original text before anything else is read, removed when something is given out.

mod mask;

pub use mask::Masked;

use serde::Serialize;

use crate::span::Span;

/// One identifier in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Identifier {
    /// What kind, as `name` or `date`.
    pub kind: &'static str,
    /// Its place in the original text.
    pub span: Span,
}
