//! What stands at a place: a value with its unit, flag and reference interval, or a qualitative result, or words that only link.
//!
//! Reading order: [`Scanner::result`] walks from the end of a name over linking words, dates and brackets to the first value or
//! quality; [`Scanner::measure`] reads the value itself; [`Scanner::reference`] a printed interval.

use super::words::{Quality, Words};
use crate::findings::quantity::{Number, UnitHit, Units, date_at, number_at, time_at};
use crate::lexicon::ClassId;
use crate::reading::Reading;
use crate::span::Span;

/// Steps and bytes walked from a name to its value at the most.
const STEPS: usize = 14;
const REACH: usize = 110;
/// Bytes of a phrase between a name and its verb at the most.
const DETOUR: usize = 44;

/// A value as it stands in the text.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Measure {
    pub number: Number,
    pub high: Option<Number>,
    pub comparator: &'static str,
    pub unit: Option<UnitHit>,
    pub flag: Option<&'static str>,
    pub reference: Option<[Option<f64>; 2]>,
    pub span: Span,
    /// One of as many values as there are names, each in its place: the list vouches for names that alone say little.
    pub listed: bool,
    /// It stands in a row of values below a row of names.
    pub row: bool,
}

/// What a name's result is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Outcome {
    Measured(Measure),
    Quality { quality: Quality, span: Span, sign: bool },
}

/// Looks at places of one reading.
pub(super) struct Scanner<'a> {
    pub reading: &'a Reading<'a>,
    pub words: &'a Words,
    pub units: &'a Units,
    pub analytes: ClassId,
    /// Whether values may be written as a pair with a slash, as for two names.
    pub pair: bool,
}

impl Scanner<'_> {
    pub(super) fn text(&self) -> &str {
        self.reading.text()
    }

    pub(super) fn byte(&self, at: usize) -> u8 {
        self.text().as_bytes().get(at).copied().unwrap_or(0)
    }

    pub(super) fn blanks(&self, at: usize, most: usize) -> usize {
        at + self.text().as_bytes().get(at..).map_or(0, |rest| rest.iter().take(most).take_while(|byte| matches!(byte, b' ' | b'\n' | b'\t' | b'\r')).count())
    }

    fn name_at(&self, at: usize) -> bool {
        self.reading.hits.at(self.analytes, at).is_some_and(|hit| hit.start as usize == at)
    }

    /// The number at a byte; a full-width comma never lies inside one.
    pub(super) fn number(&self, at: usize) -> Option<Number> {
        number_at(self.text(), at, |comma| self.reading.folded.original_byte(comma, &self.reading.document.text) >= 0x80)
    }

    /// Walks from the end of a name to its result. `limit` is the end of the sentence.
    pub(super) fn result(&self, from: usize, limit: usize, negative: bool) -> Option<Outcome> {
        let stop = limit.min(from + REACH);
        let mut at = from;
        let mut commas = 0;
        let mut quality: Option<(Quality, Span)> = None;
        let mut unit_before: Option<UnitHit> = None;
        let mut reference: Option<[Option<f64>; 2]> = None;
        let mut phrase: Option<usize> = None;
        // After an `and` only a quality may follow: the next value belongs to what comes after it.
        let mut joined = false;
        let mut worded = false;
        // `from 1.0 to 3.4`: a course and no range; `after transfusion was`: only a value with its unit is the name's.
        let (mut course, mut detour) = (false, false);
        for _ in 0..STEPS {
            at = self.blanks(at, 6);
            if at >= stop {
                break;
            }
            if self.words.not_done.at(self.text(), at).is_some() {
                return None;
            }
            if let Some(length) = date_at(self.text(), at).filter(|_| !self.number_with_unit(at)) {
                at += length;
                continue;
            }
            if let Some(length) = time_at(self.text(), at) {
                at += length;
                continue;
            }
            if let Some(length) = self.span_of_time(at) {
                at += length;
                continue;
            }
            if !joined && let Some(mut measure) = self.value(at, negative && quality.is_none(), !course) {
                if measure.unit.is_none() {
                    measure.unit = unit_before;
                }
                if detour && measure.unit.is_none() {
                    return None;
                }
                measure.reference = measure.reference.or(reference);
                return Some(Outcome::Measured(measure));
            }
            if quality.is_none()
                && !worded
                && let Some(sign) = self.sign_at(at)
            {
                return Some(sign);
            }
            if quality.is_none()
                && let Some((found, length)) = self.words.quality_at(self.text(), at)
                && self.words.link.at(self.text(), at).is_none_or(|link| link <= length)
            {
                if joined {
                    break;
                }
                quality = Some((found, Span::new(phrase.unwrap_or(at), at + length)));
                at += length;
                continue;
            }
            if let Some(length) = self.words.link.at(self.text(), at).max(self.words.adverb.at(self.text(), at)).max(self.words.from.at(self.text(), at)) {
                worded |= self.byte(at).is_ascii_alphabetic();
                course |= self.words.from.at(self.text(), at) == Some(length);
                joined |= self.words.join.at(self.text(), at) == Some(length);
                if quality.is_none() && phrase.is_none() && self.words.adverb.at(self.text(), at) == Some(length) {
                    phrase = Some(at);
                }
                at += length;
                continue;
            }
            if let Some(hit) = self.unit_column(at).filter(|_| unit_before.is_none()) {
                (unit_before, at) = (Some(hit), hit.span.end);
                continue;
            }
            if let Some(next) = self.detour(at, stop).filter(|_| quality.is_none() && !detour) {
                (at, detour) = (next, true);
                continue;
            }
            match self.byte(at) {
                b':' | b'=' | b'|' => at += 1,
                b'-' if !negative => at += 1,
                b',' if commas == 0
                    && ((at - from <= 2 && quality.is_none())
                        || (quality.is_some() && self.words.adjunct.at(self.text(), self.blanks(at + 1, 2)).is_some())) =>
                {
                    commas += 1;
                    at += 1;
                }
                b'(' | b'[' => match self.bracket(at, stop, &mut unit_before, &mut reference) {
                    Some(next) => at = next,
                    None => at += 1,
                },
                b')' | b']' if quality.is_none() => at += 1,
                b'"' | b'\'' => at += 1,
                _ => break,
            }
        }
        quality.map(|(quality, span)| Outcome::Quality { quality, span, sign: false })
    }

    /// A bracket between name and value: a unit, a reference interval, a date or a short remark is passed over; a value is entered.
    fn bracket(&self, at: usize, stop: usize, unit: &mut Option<UnitHit>, reference: &mut Option<[Option<f64>; 2]>) -> Option<usize> {
        let close = at + 1 + self.text().get(at + 1..stop)?.find([')', ']'])?;
        let inner = self.blanks(at + 1, 2);
        if let Some(hit) = self.units.at(self.text(), inner, |_| false).filter(|hit| self.blanks(hit.span.end, 2) == close) {
            *unit = Some(hit);
            return Some(close + 1);
        }
        if self.words.reference.at(self.text(), inner).is_some()
            && let Some((range, _)) = self.reference(at)
        {
            *reference = Some(range);
            return Some(close + 1);
        }
        if date_at(self.text(), inner).is_some() {
            return Some(close + 1);
        }
        let remark = self.text().get(inner..close)?;
        (!remark.bytes().any(|byte| byte.is_ascii_digit() || matches!(byte, b'+' | b'-'))
            && remark.len() <= 40
            && self.words.quality_at(self.text(), inner).is_none())
        .then_some(close + 1)
    }

    /// `hemoglobin after transfusion was 9.1 g/dL`: where a phrase between a name and its verb ends, behind the verb.
    fn detour(&self, at: usize, stop: usize) -> Option<usize> {
        let start = at + self.words.detour.at(self.text(), at)?;
        let phrase = self.text().get(start..stop.min(start + DETOUR).min(self.text().len()))?;
        let plain = phrase.bytes().take_while(|byte| byte.is_ascii_alphabetic() || matches!(byte, b' ' | b'-')).count();
        [" was ", " were ", " is "].iter().filter_map(|verb| phrase[..plain].find(verb).map(|found| start + found + verb.len())).min()
    }

    /// `(+)`, `(-)`, `++`, `3+`, `±`, `(阳性)` right at a place.
    fn sign_at(&self, at: usize) -> Option<Outcome> {
        let text = self.text();
        let open = matches!(self.byte(at), b'(' | b'[');
        let start = if open { self.blanks(at + 1, 1) } else { at };
        let mut end = start;
        let digits = usize::from(self.byte(start).is_ascii_digit() && self.byte(start + 1) == b'+');
        end += digits;
        let signs = text.get(end..)?.chars().take(4).take_while(|sign| matches!(sign, '+' | '-' | '±')).map(char::len_utf8).sum::<usize>();
        end += signs;
        if signs == 0 {
            return None;
        }
        // `+2` grades as `2+` does.
        if digits == 0
            && signs == 1
            && matches!(self.byte(end), b'1'..=b'4')
            && self.byte(end - 1) == b'+'
            && !self.byte(end + 1).is_ascii_alphanumeric()
            && self.byte(end + 1) != b'.'
        {
            end += 1;
        }
        let quality = if text[start..end].contains('+') || text[start..end].contains('±') { Quality::Positive } else { Quality::Negative };
        if open {
            let close = self.blanks(end, 1);
            if !matches!(self.byte(close), b')' | b']') {
                return None;
            }
            end = close + 1;
        } else if self.byte(end).is_ascii_alphanumeric() || (self.byte(end) == b'.' && self.byte(end + 1).is_ascii_digit()) {
            return None;
        } else if quality == Quality::Negative && end < text.len() && !text[end..].trim_start_matches(' ').starts_with(['。', '、', ',', ';', '.', ')']) {
            // A dash before a word is punctuation.
            return None;
        }
        Some(Outcome::Quality { quality, span: Span::new(at, end), sign: true })
    }

    /// The polarity behind a value of what is there or not: `(-)`, `(阴性)`, `S/CO 阳性`.
    pub(super) fn polarity_behind(&self, end: usize) -> Option<(Quality, Span, bool)> {
        let text = self.text();
        let unit = text.get(end..)?.bytes().take(10).take_while(|byte| byte.is_ascii_alphabetic() || matches!(byte, b' ' | b'/')).count();
        let at = end + unit;
        if let Some(Outcome::Quality { quality, span, sign }) = self.sign_at(at) {
            return Some((quality, span, sign));
        }
        let open = usize::from(self.byte(at) == b'(');
        let (quality, length) = self.words.quality_at(text, at + open)?;
        let polar = matches!(quality, Quality::Positive | Quality::Negative);
        polar.then(|| (quality, Span::new(at + open, at + open + length), false))
    }

    /// `2天内`, `8点`: how long it took, or the hour, before the value itself.
    fn span_of_time(&self, at: usize) -> Option<usize> {
        let rest = self.text().get(at..)?;
        let digits = rest.bytes().take(3).take_while(u8::is_ascii_digit).count();
        if digits == 0 {
            return None;
        }
        let unit = ["天内", "日内", "周内", "月内", "小时内", "天后", "周后", "小时后", "点钟", "点"].iter().find(|unit| rest[digits..].starts_with(**unit));
        unit.map(|unit| digits + unit.len())
    }

    fn number_with_unit(&self, at: usize) -> bool {
        self.number(at).is_some_and(|number| self.units.at(self.text(), number.span.end, |next| self.name_at(next)).is_some())
    }

    /// A value at a place: comparator, number or range, unit, flag, reference interval.
    pub(super) fn measure(&self, from: usize, negative: bool) -> Option<Measure> {
        self.value(from, negative, true)
    }

    /// A value at a place, which may be a range only where `ranged` says so.
    fn value(&self, from: usize, negative: bool, ranged: bool) -> Option<Measure> {
        let text = self.text();
        let mut at = from;
        let mut comparator = "";
        if let Some((sign, length)) = self.words.comparators.iter().find_map(|(role, sign)| role.at(text, at).map(|length| (*sign, length))) {
            comparator = sign;
            at = self.blanks(at + length, 2);
        }
        let minus = negative && matches!(self.byte(at), b'-') && self.byte(at + 1).is_ascii_digit();
        let mut number = self.number(at + usize::from(minus))?;
        if minus {
            number.value = -number.value;
            number.span.start = at;
        }
        let mut end = number.span.end;
        let next_name = |next: usize| self.name_at(next);
        let mut unit = self.units.at(text, end, next_name);
        // `20+mmol/L`: more than twenty.
        if unit.is_none() && self.byte(end) == b'+' {
            let plus = self.units.at(text, end + 1, next_name);
            if plus.is_none() {
                // `1+` to `4+` is a grade.
                if number.value < 5.0 {
                    return None;
                }
                // Without a unit it must end there: no sign of a stain, no further number.
                let next = self.byte(end + 1);
                if next.is_ascii_alphanumeric() || matches!(next, b'+' | b')' | b'%' | b'(' | b']' | b'-') {
                    return None;
                }
                end += 1;
            }
            comparator = if comparator.is_empty() { ">" } else { comparator };
            unit = plus;
        }
        if let Some(hit) = unit {
            end = hit.span.end;
        }
        let mut high = None;
        if comparator != ">"
            && ranged
            && let Some((second, second_unit, second_end)) = self.range_end(end)
        {
            if second.value >= number.value {
                high = Some(second);
                unit = second_unit.or(unit);
                end = second_end;
            } else if unit.is_none() {
                return None;
            }
        }
        if unit.is_none() && (self.is_other_thing(number.span.start, end) || high.is_none() && ranged && self.is_torn(end)) {
            return None;
        }
        let mut measure = Measure { number, high, comparator, unit, flag: None, reference: None, span: Span::new(from, end), listed: false, row: false };
        self.after(&mut measure);
        Some(measure)
    }

    /// Whether a number goes on behind one blank as far as a unit: `15 0 mmol/L` is neither 15 nor 0.
    fn is_torn(&self, end: usize) -> bool {
        self.byte(end) == b' '
            && self.byte(end + 1).is_ascii_digit()
            && self.number(end + 1).is_some_and(|next| self.units.at(self.text(), next.span.end, |name| self.name_at(name)).is_some())
    }

    /// `-14mmol/l`, `~18`, `至30` after the first number.
    fn range_end(&self, at: usize) -> Option<(Number, Option<UnitHit>, usize)> {
        let text = self.text();
        let start = self.blanks(at, 1);
        let length =
            ["--", "-", "~", "至", "到", "to "].iter().find(|sign| text.get(start..).is_some_and(|rest| rest.starts_with(**sign))).map(|sign| sign.len())?;
        let second = self.number(self.blanks(start + length, 1))?;
        if matches!(self.byte(second.span.end), b'-' | b'/') && self.byte(second.span.end + 1).is_ascii_digit() {
            return None;
        }
        let unit = self.units.at(text, second.span.end, |next| self.name_at(next));
        let end = unit.map_or(second.span.end, |hit| hit.span.end);
        (unit.is_some() || !self.is_other_thing(second.span.start, end)).then_some((second, unit, end))
    }

    /// A number without a known unit that belongs to something else: a dose, a date, an age, a count of things, a fraction, a code.
    fn is_other_thing(&self, start: usize, end: usize) -> bool {
        let text = self.text();
        if date_at(text, start).is_some() || time_at(text, start).is_some() {
            return true;
        }
        let rest = text.get(end..).unwrap_or("");
        let near = rest.strip_prefix(' ').unwrap_or(rest);
        let first = near.chars().next().unwrap_or(' ');
        let glued = rest.len() == near.len();
        // A dose: its unit may be spelled as an analyte is (`mg`).
        if ["mg", "g", "ml", "ug", "mcg", "u", "iu", "units", "unit", "cm", "mm", "kg", "tablets"]
            .iter()
            .any(|unit| near.strip_prefix(unit).is_some_and(|after| after.is_empty() || after.starts_with([' ', ',', '.', ';', '\n', ')'])))
        {
            return true;
        }
        if first.is_ascii_alphabetic()
            && !self.name_at(end + rest.len() - near.len())
            && (glued || ["mg ", "g ", "ml ", "cm", "mm", "kg", "u ", "iu "].iter().any(|unit| near.starts_with(unit)))
        {
            return !matches!(first, 'h' | 'l') || near.chars().nth(1).is_some_and(|next| next.is_ascii_alphabetic());
        }
        if self.words.measure_word.at(near, 0).is_some() {
            return true;
        }
        // A titre.
        let titre = first == ':' && near[1..].starts_with(|next: char| next.is_ascii_digit());
        // `12.3*` is marked as abnormal, `12.3*10` is a product.
        let product = first == '*' && near[1..].trim_start_matches(' ').starts_with(|next: char| next.is_ascii_digit() || matches!(next, '*' | '^' | 'x'));
        if glued
            && (titre || product || matches!(first, '^' | '#') || (first == '/' && !(self.pair && near[1..].starts_with(|next: char| next.is_ascii_digit()))))
        {
            return true;
        }
        glued && first == 'x' && near.len() > 1 && near.as_bytes()[1].is_ascii_digit()
    }
}
