//! A length as a report states it, as plain data: read once and kept with the reading, for sizes, depths and margins ask for it.

use crate::span::Span;

/// One length or size as written.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Length {
    /// From the first digit to the end of the unit.
    pub(crate) span: Span,
    /// Millimetres, in the order written.
    pub(crate) millimetres: Vec<f64>,
    /// `2-3 cm`: the lower end that was written before a single number.
    pub(crate) range_from: Option<f64>,
}

impl Length {
    /// The longest dimension.
    pub(crate) fn longest(&self) -> f64 {
        self.millimetres.iter().copied().fold(0.0, f64::max)
    }
}
