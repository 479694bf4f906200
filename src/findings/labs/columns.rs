//! Columns of a printed table, where they differ from the order of running text: an interval in front of its result, and values in a row
//! below the row of their names.

use super::scan::{Measure, Scanner};
use crate::findings::quantity::{Number, UnitHit};
use crate::lexicon::Hit;
use crate::span::Span;

/// Bytes before a name where its line may begin.
const ROW_REACH: usize = 200;

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

    /// A row of nothing but names over a row of as many values: each is bound in its order, and said to be. `hits` begin with the first name.
    pub(super) fn row(&self, hits: &[Hit]) -> Option<Vec<(Hit, Measure)>> {
        let text = self.text();
        let first = hits.first()?.start as usize;
        let blank = |gap: &str| gap.bytes().all(|byte| matches!(byte, b' ' | b'\t' | b'|' | b'\r'));
        let floor = (0..first).rev().take(ROW_REACH).find(|at| text.as_bytes()[*at] == b'\n').map_or(0, |line| line + 1);
        if !text.get(floor..first).is_some_and(blank) {
            return None;
        }
        let mut end = first;
        let names: Vec<Hit> = hits
            .iter()
            .take_while(|hit| {
                let gap = text.get(end..hit.start as usize);
                end = hit.end as usize;
                gap.is_some_and(blank)
            })
            .copied()
            .collect();
        let mut at = names.last()?.end as usize;
        let mut values = Vec::new();
        let line = self.across(at);
        if names.len() < 2 || self.byte(line) != b'\n' {
            return None;
        }
        at = self.across(line + 1);
        while let Some(number) = self.number(at).filter(|_| values.len() < names.len()) {
            let mut span = number.span;
            let behind = self.blanks(span.end, 1);
            let flag = self.flag(behind);
            span.end = flag.map_or(span.end, |(_, length)| behind + length);
            if !matches!(self.byte(span.end), b' ' | b'\t' | b'|' | b'\r' | b'\n' | 0) {
                return None;
            }
            at = self.across(span.end);
            values.push(Measure {
                number,
                high: None,
                comparator: "",
                unit: None,
                flag: flag.map(|(flag, _)| flag),
                reference: None,
                span,
                listed: true,
                row: true,
            });
        }
        (values.len() == names.len() && matches!(self.byte(at), b'\n' | 0)).then(|| names.into_iter().zip(values).collect())
    }

    /// Behind the blanks and strokes of a line.
    fn across(&self, at: usize) -> usize {
        at + self.text().as_bytes().get(at..).map_or(0, |rest| rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'|' | b'\r')).count())
    }

    /// Whether two values with a stroke stand behind a place, `of` or a colon between: `ALT/AST: 169.2/51.5`.
    pub(super) fn is_pair(&self, end: usize) -> bool {
        let mut at = self.blanks(end, 2);
        for _ in 0..3 {
            let step = self.words.link.at(self.text(), at).unwrap_or(usize::from(matches!(self.byte(at), b':' | b'=' | b',')));
            at = self.blanks(at + step, 2);
        }
        let second = self.number(at).filter(|first| self.byte(first.span.end) == b'/').and_then(|first| self.number(first.span.end + 1));
        second.is_some_and(|second| self.byte(second.span.end) != b'/')
    }

    /// `14.8/5.2×10^9/L`: two values of one name, as before and after or at two times; which is which is not said. Whole numbers need a unit.
    pub(super) fn two_values(&self, end: usize, limit: usize) -> Option<[Measure; 2]> {
        let mut at = self.blanks(end, 2);
        for _ in 0..3 {
            let step = self.words.link.at(self.text(), at).unwrap_or(usize::from(matches!(self.byte(at), b':' | b'=')));
            at = self.blanks(at + step, 2);
        }
        let first = self.number(at).filter(|first| self.byte(first.span.end) == b'/')?;
        let second = self.number(first.span.end + 1).filter(|second| second.span.end <= limit && self.byte(second.span.end) != b'/')?;
        let unit = self.units.at(self.text(), second.span.end, |_| false);
        let points = [first, second].iter().all(|number| self.text()[number.span.start..number.span.end].contains('.'));
        if unit.is_none() && (!points || self.byte(second.span.end).is_ascii_alphanumeric()) {
            return None;
        }
        let measure = |number: Number, end: usize| Measure {
            number,
            high: None,
            comparator: "",
            unit,
            flag: None,
            reference: None,
            span: Span::new(number.span.start, end),
            listed: false,
            row: true,
        };
        Some([measure(first, first.span.end), measure(second, unit.map_or(second.span.end, |unit| unit.span.end))])
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
