//! Columns of a printed table, where they differ from the order of running text: an interval in front of its result, and values in a row
//! below the row of their names.

use super::scan::{Measure, Scanner};
use crate::findings::quantity::UnitHit;
use crate::span::Span;

impl Scanner<'_> {
    /// `Hemoglobin ⇥ 12.0-16.0 ⇥ g/dL ⇥ 10.1 ⇥ L`: what reads as a range is the interval, where a number stands in a later column.
    pub(super) fn behind_interval(&self, measure: Measure) -> Measure {
        let Some(high) = measure.high else { return measure };
        let mut at = measure.span.end;
        for _ in 0..2 {
            let Some(next) = self.next_column(at) else { return measure };
            if let Some(mut result) = self.measure(next, false).filter(|result| result.high.is_none() && self.ends_column(result.span.end)) {
                result.unit = result.unit.or(measure.unit);
                result.reference = result.reference.or(Some([Some(measure.number.value), Some(high.value)]));
                return result;
            }
            let Some(unit) = self.units.at(self.reading.text(), next, |_| false).filter(|unit| self.ends_column(unit.span.end)) else { return measure };
            at = unit.span.end;
        }
        measure
    }

    /// Where the next column of the line begins, right behind a byte.
    pub(super) fn next_column(&self, at: usize) -> Option<usize> {
        let rest = self.reading.text().get(at..)?;
        let gap = rest.len() - rest.trim_start_matches([' ', '\t', '|']).len();
        (rest[..gap].contains(['\t', '|']) || gap >= 2).then_some(at + gap)
    }

    /// A unit that fills a column of its own, in front of the result.
    pub(super) fn unit_column(&self, at: usize) -> Option<UnitHit> {
        let head = self.reading.text().get(..at)?;
        let begins = head.ends_with(['\t', '|']) || head.ends_with("| ") || head.ends_with("  ");
        self.units.at(self.reading.text(), at, |_| false).filter(|hit| begins && hit.span.start == at && self.ends_column(hit.span.end))
    }

    fn ends_column(&self, at: usize) -> bool {
        let rest = self.reading.text().get(at..).unwrap_or("").trim_end_matches(' ');
        rest.is_empty() || rest.starts_with(['\t', '|', '\n', '\r']) || rest.starts_with("  ") || rest.starts_with(" |")
    }

    /// Whether a value stands in a row of nothing but values below the row of its name: which is whose is not said by the order of the text.
    pub(super) fn is_row_of_values(&self, name: Span, measure: &Measure) -> bool {
        let text = self.reading.text();
        let at = measure.number.span.start;
        if at < name.end || !text[name.end..at].contains('\n') {
            return false;
        }
        let start = text[..at].rfind('\n').map_or(0, |line| line + 1);
        let line = &text[start..at + text[at..].find('\n').unwrap_or(text.len() - at)];
        line.split_whitespace().count() >= 2 && !line.contains(|character: char| character.is_alphabetic())
    }
}
