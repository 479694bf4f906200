//! What is printed with a value: its unit in brackets, its flag, and its reference interval before or behind it: `(0-3.4)`, `[normal, 1.1-7.3]`, `正常值 3.5-9.5`, `参考值<5`, `3.5-9.5`.

use super::scan::{Measure, Scanner};
use crate::findings::quantity::{UnitHit, date_at};

impl Scanner<'_> {
    /// `54.65(ng/ml)`: a bracket right behind a value that holds its unit and nothing else.
    fn unit_in_bracket(&self, at: usize) -> Option<(UnitHit, usize)> {
        let open = self.blanks(at, 1);
        if !matches!(self.byte(open), b'(' | b'[') {
            return None;
        }
        let hit = self.units.at(self.text(), open + 1, |_| false)?;
        let close = self.blanks(hit.span.end, 1);
        matches!(self.byte(close), b')' | b']').then_some((hit, close + 1))
    }

    /// Flag and reference interval after a value, in either order.
    pub(super) fn after(&self, measure: &mut Measure) {
        if measure.unit.is_none()
            && let Some((unit, end)) = self.unit_in_bracket(measure.span.end)
        {
            measure.unit = Some(unit);
            measure.span.end = end;
        }
        if measure.unit.is_none()
            && let Some(unit) = self.next_column(measure.span.end).and_then(|next| self.unit_column(next))
        {
            measure.unit = Some(unit);
            measure.span.end = unit.span.end;
        }
        for _ in 0..3 {
            let at = self.next_column(measure.span.end).unwrap_or_else(|| self.blanks(measure.span.end, 3));
            if measure.flag.is_none()
                && let Some((flag, length)) = self.flag(at)
            {
                measure.flag = Some(flag);
                measure.span.end = at + length;
                // `10.1 L g/dL`
                if measure.unit.is_none()
                    && let Some(unit) = self.units.at(self.text(), at + length, |_| false)
                {
                    measure.unit = Some(unit);
                    measure.span.end = unit.span.end;
                }
                continue;
            }
            if measure.reference.is_none()
                && let Some((range, end)) = self.reference(at)
            {
                measure.reference = Some(range);
                measure.unit = measure.unit.or_else(|| self.unit_of_interval(at, end));
                // The place of a result ends with its value; a flag may still stand behind the interval.
                let behind = self.blanks(end, 2);
                if measure.flag.is_none()
                    && let Some((flag, length)) = self.flag(behind)
                {
                    measure.flag = Some(flag);
                    measure.span.end = behind + length;
                }
            }
            break;
        }
    }

    pub(super) fn flag(&self, at: usize) -> Option<(&'static str, usize)> {
        let (flag, length) =
            self.words.flags.iter().filter_map(|(role, flag)| role.at(self.text(), at).map(|length| (*flag, length))).max_by_key(|found| found.1)?;
        let letter = self.byte(at).is_ascii_alphabetic() && length <= 2;
        // `12.3→45.6` is a course.
        if self.byte(self.blanks(at + length, 2)).is_ascii_digit() && self.text()[at..].starts_with('→') {
            return None;
        }
        let alone = !self.byte(at + length).is_ascii_alphanumeric();
        (!letter || (self.reading.is_upper(at) && alone)).then_some((flag, length))
    }

    /// The unit printed with a reference interval behind a value: `13.5 [4.5-11.0 x10^3/mm3]`.
    pub(super) fn unit_of_interval(&self, from: usize, to: usize) -> Option<UnitHit> {
        let close = self.text().get(..to)?.trim_end_matches([')', ']', ' ']).len();
        (from..close)
            .filter(|at| self.byte(*at).is_ascii_digit())
            .find_map(|at| self.units.at(self.text(), at + 1, |_| false).filter(|hit| hit.span.end == close))
    }

    /// A printed reference interval at a place: `(0-3.4)`, `[normal, 1.1-7.3]`, `正常值 3.5-9.5`, `参考值<5`, `3.5-9.5`.
    pub(super) fn reference(&self, from: usize) -> Option<([Option<f64>; 2], usize)> {
        let text = self.text();
        let open = matches!(self.byte(from), b'(' | b'[');
        let mut at = self.blanks(if open { from + 1 } else { from }, 2);
        if !open && self.byte(at) == b',' {
            at = self.blanks(at + 1, 2);
        }
        let mut worded = false;
        for _ in 0..4 {
            if let Some(length) = self.words.reference.at(text, at) {
                worded = true;
                at = self.blanks(at + length, 3);
            } else if matches!(self.byte(at), b':' | b',' | b'=') || (worded && self.byte(at) == b'(') {
                at = self.blanks(at + 1, 2);
            } else if worded && (text.get(at..).is_some_and(|rest| rest.starts_with("is ") || rest.starts_with("of "))) {
                at = self.blanks(at + 3, 1);
            } else {
                break;
            }
        }
        if date_at(text, at).is_some() {
            return None;
        }
        let comparator = self.words.comparators.iter().take(4).find_map(|(role, sign)| role.at(text, at).map(|length| (*sign, length)));
        if let Some((sign, length)) = comparator {
            let number = self.number(self.blanks(at + length, 2))?;
            if !open && !worded {
                return None;
            }
            let range = if sign.starts_with('<') { [None, Some(number.value)] } else { [Some(number.value), None] };
            return self.close(number.span.end, open).map(|end| (range, end));
        }
        let negative = self.byte(at) == b'-' && self.byte(at + 1).is_ascii_digit();
        let low = self.number(at + usize::from(negative))?;
        let mut middle = low.span.end;
        if let Some(hit) = self.units.at(text, middle, |_| false) {
            middle = hit.span.end;
        }
        let sign = self.blanks(middle, 1);
        let length =
            ["--", "-", "~", "至", "to "].iter().find(|sign_| text.get(sign..).is_some_and(|rest| rest.starts_with(**sign_))).map(|sign| sign.len())?;
        let high = self.number(self.blanks(sign + length, 1))?;
        let lowest = if negative { -low.value } else { low.value };
        if high.value <= lowest || (matches!(self.byte(high.span.end), b'-' | b'/') && self.byte(high.span.end + 1).is_ascii_digit()) {
            return None;
        }
        let after = self.units.at(text, high.span.end, |_| false).map_or(high.span.end, |hit| hit.span.end);
        if !open && !worded && (self.byte(after).is_ascii_alphanumeric() || self.byte(after) >= 0x80) {
            return None;
        }
        self.close(high.span.end, open).map(|end| ([Some(lowest), Some(high.value)], end))
    }

    /// The end of an interval: after its unit and, where a bracket was opened, after the bracket.
    fn close(&self, at: usize, open: bool) -> Option<usize> {
        let end = self.units.at(self.text(), at, |_| false).map_or(at, |hit| hit.span.end);
        if !open {
            return Some(end);
        }
        let close = self.text().get(end..(end + 24).min(self.text().len())).and_then(|rest| rest.find([')', ']'])).or_else(|| {
            let mut until = (end + 24).min(self.text().len());
            while !self.text().is_char_boundary(until) {
                until -= 1;
            }
            self.text().get(end..until).and_then(|rest| rest.find([')', ']']))
        })?;
        Some(end + close + 1)
    }
}
