//! Lengths in a text: one to three numbers with `x`, `*`, `by` or a blank between and a unit behind. All dimensions in millimetres, in the
//! order written. Scanning errors are read as meant: `1. 4 x`, `0,4 x 0.3`, `5.3 x. 2.4`, `l.7`. Which thing was measured is not decided here.

use serde::Deserialize;

use crate::error::Result;
use crate::length::Length;
use crate::lexicon::{ClassId, Lexicon};
use crate::reading::Reading;
use crate::span::Span;

#[derive(Debug, Deserialize)]
struct Unit {
    millimetres: f64,
}

/// Reads lengths at the units of the lexicon.
#[derive(Debug)]
pub(super) struct Lengths {
    class: ClassId,
    units: Vec<Unit>,
    /// Latin forms with their millimetres, for units that touch a cross (`4cmx3cm`).
    forms: Vec<(String, f64)>,
}

impl Lengths {
    pub(super) fn new(lexicon: &Lexicon) -> Result<Self> {
        let class = lexicon.class("length.unit")?;
        let vocabulary = lexicon.vocabulary(class);
        let units: Vec<Unit> = vocabulary.attributes()?;
        let forms = vocabulary.entries.iter().zip(&units).flat_map(|(entry, unit)| entry.en().map(|form| (form.to_string(), unit.millimetres))).collect();
        Ok(Self { class, units, forms })
    }

    /// All lengths of a text, in its order.
    pub(super) fn of<'r>(&self, reading: &'r Reading<'_>) -> &'r [Length] {
        reading.lengths(|| self.read(reading))
    }

    fn read(&self, reading: &Reading<'_>) -> Vec<Length> {
        let text = reading.text();
        let mut out: Vec<Length> = Vec::new();
        // Whether the unit before named its axis: `4 cm from medial to lateral, 3 cm …`.
        let mut axis = false;
        for hit in reading.of(self.class) {
            let unit = self.units[hit.entry as usize].millimetres;
            let at = hit.span();
            let floor = out.last().map_or(0, |last| last.span.end);
            let Some((start, values)) = self.values_before(text, floor, at.start, unit) else { continue };
            // A unit of its own between the dimensions: `1.6 cm x 1.5 cm`.
            if let Some(last) = out.last_mut()
                && last.millimetres.len() + values.len() <= 3
                && (joins(Span::new(last.span.end, start).of(text)) || axis && follows(Span::new(last.span.end, start).of(text)))
            {
                axis = at.len() > UNIT;
                last.span.end = at.end;
                last.millimetres.extend(values.iter().map(|value| round(*value)));
                continue;
            }
            let (start, range_from) = if values.len() == 1 { range(text, floor, start) } else { (start, None) };
            let millimetres: Vec<f64> = values.into_iter().map(round).collect();
            if millimetres.iter().all(|value| *value <= 0.0) || millimetres.iter().any(|value| *value > 2000.0) {
                continue;
            }
            axis = at.len() > UNIT;
            out.push(Length { span: Span::new(start, at.end), millimetres, range_from: range_from.map(|value| round(value * unit)) });
        }
        out
    }

    /// The millimetres of the numbers that end right before a unit, with the place of the first.
    fn values_before(&self, text: &str, floor: usize, end: usize, unit: f64) -> Option<(usize, Vec<f64>)> {
        let mut values = Vec::new();
        // A third dimension that the scan lost leaves its cross before the unit.
        let end = text.get(floor..end)?.trim_end().strip_suffix(" x").map_or(end, |rest| floor + rest.len());
        let (mut start, first) = number_before(text, floor, end)?;
        values.push(first * unit);
        while values.len() < 3 {
            let Some(cross) = cross_before(text, floor, start) else {
                // `2.1 -1.5 x 1.5 cm`: a dash before two dimensions that do not rise is a cross that scanning lost.
                if values.len() == 2
                    && let Some(rest) = text.get(floor..start).and_then(|head| head.trim_end().strip_suffix(['-', '~']))
                    && rest.ends_with(' ')
                    && let Some((next, value)) = number_before(text, floor, floor + rest.len())
                    && value * unit >= values[1]
                {
                    values.push(value * unit);
                    start = next;
                }
                break;
            };
            let (before, own) = self.unit_before(text, floor, cross).unwrap_or((cross, unit));
            let Some((next, value)) = number_before(text, floor, before) else { break };
            values.push(value * own);
            start = next;
        }
        values.reverse();
        Some((start, values))
    }

    /// The unit that touches a cross: where it begins and its millimetres.
    fn unit_before(&self, text: &str, floor: usize, end: usize) -> Option<(usize, f64)> {
        let head = text.get(floor..end)?;
        self.forms.iter().find_map(|(form, millimetres)| {
            // Most often a digit stands here, and no form ends so.
            if head.as_bytes().last() != form.as_bytes().last() {
                return None;
            }
            let rest = head.strip_suffix(form.as_str())?.trim_end_matches(' ');
            rest.ends_with(|last: char| last.is_ascii_digit()).then_some((floor + rest.len(), *millimetres))
        })
    }
}

fn round(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

/// `2-3 cm`: the number before a dash.
fn range(text: &str, floor: usize, start: usize) -> (usize, Option<f64>) {
    let head = &text[floor..start];
    let trimmed = head.trim_end();
    let Some(rest) = trimmed.strip_suffix(['-', '~', '至']).or_else(|| trimmed.strip_suffix(" to")) else { return (start, None) };
    match number_before(text, floor, floor + rest.len()) {
        Some((from, value)) if !text[floor..from].ends_with(|character: char| matches!(character, '-' | '/' | 'x') || character.is_ascii_alphabetic()) => {
            (from, Some(value))
        }
        _ => (start, None),
    }
}

/// Bytes of a unit that no axis stands behind.
const UNIT: usize = 11;

/// What stands between two dimensions of which the first has named its axis.
fn follows(gap: &str) -> bool {
    matches!(gap.trim().trim_matches([',', '.']).trim(), "" | "and") && !gap.contains("\n\n")
}

fn joins(gap: &str) -> bool {
    let gap = gap.trim().trim_matches(['.', ',']).trim();
    matches!(gap, "x" | "*" | "by" | "xxx" | "乘" | "x.")
}

/// Where the number before a cross ends, if a cross stands right before `end`.
fn cross_before(text: &str, floor: usize, end: usize) -> Option<usize> {
    let head = text[floor..end].trim_end_matches([' ', '\n', '\r', '\t', '.', '_']);
    let head = head.strip_suffix("less than").or_else(|| head.strip_suffix('<')).map_or(head, str::trim_end);
    // What de-identification put beside a cross stays out of the number.
    let head = head.strip_suffix("xxx").map_or(head, |rest| rest.trim_end());
    for sign in ["x", "*", "by", "乘", "×"] {
        if let Some(rest) = head.strip_suffix(sign) {
            let rest = rest.trim_end_matches([' ', '\n', '\r', '\t', '.', '_', '<', '>', '-', '(', ')']);
            let rest = rest.trim_end_matches(['x', ' ']);
            return Some(floor + rest.len());
        }
    }
    None
}

/// What one is divided by for so many decimals.
const DECIMALS: [u32; 5] = [1, 10, 100, 1_000, 10_000];

/// The decimal number that ends right before `end`, over blanks, with its place.
fn number_before(text: &str, floor: usize, end: usize) -> Option<(usize, f64)> {
    let bytes = text.as_bytes();
    let head = text.get(floor..end)?.as_bytes();
    let mut at = floor + head.iter().rposition(|byte| !matches!(byte, b' ' | b'-' | b'_' | b'\n' | b'\t' | b'\r' | b'.')).map_or(0, |last| last + 1);
    let stop = at;
    let digit = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'o' | b'l' | b's');
    let mut digits = 0;
    while at > floor && digit(bytes[at - 1]) {
        at -= 1;
        digits += 1;
    }
    if digits == 0 || digits > 4 {
        return None;
    }
    let fraction = at;
    // Decimals that scanning pushed away: `1. 4`, `0 .5`, `0,4`.
    let mut point = fraction;
    while point > floor && bytes[point - 1] == b' ' && fraction - point < 2 {
        point -= 1;
    }
    let (mut start, mut grown) = (fraction, false);
    // The digits before a decimal point; none where no point stands.
    let mut ahead: Option<&[u8]> = None;
    if point > floor && matches!(bytes[point - 1], b'.' | b',') {
        let mut whole_end = point - 1;
        while whole_end > floor && bytes[whole_end - 1] == b' ' && point - whole_end < 3 {
            whole_end -= 1;
        }
        let mut whole = whole_end;
        while whole > floor && digit(bytes[whole - 1]) && whole_end - whole < 4 {
            whole -= 1;
        }
        let spaced = fraction != point || whole_end != point - 1;
        let comma_list = bytes[point - 1] == b',' && spaced;
        // `measures14.0 cm`: a word that is grown together with the number keeps its letters.
        grown = bytes[floor..whole].iter().rev().take(8).take_while(|byte| byte.is_ascii_lowercase()).count() >= 3;
        while grown && whole < whole_end && !bytes[whole].is_ascii_digit() {
            whole += 1;
        }
        // `1.7.0 x 4.5 cm`: the number of the line stands before.
        let item = whole > floor && bytes[whole - 1] == b'.' && is_item(&bytes[floor..whole - 1]);
        let whole_digits = &text[whole..whole_end];
        let clean = whole_digits.bytes().any(|byte| byte.is_ascii_digit() || byte == b'o' || byte == b'l')
            && !(whole > floor && bytes[whole - 1].is_ascii_alphabetic() && bytes[whole - 1] != b'x' && !grown);
        if !whole_digits.is_empty() && clean && !comma_list && (!spaced || stop - fraction <= 2) && (item || !(whole > floor && bytes[whole - 1] == b'.')) {
            start = whole;
            ahead = Some(whole_digits.as_bytes());
        } else if whole_digits.is_empty() && !spaced && bytes[point - 1] == b'.' {
            start = point - 1;
            ahead = Some(b"0");
        }
    }
    let written = &text[start..stop];
    let lettered = start > floor && bytes[start - 1].is_ascii_alphabetic() && bytes[start - 1] != b'x';
    if !written.bytes().any(|byte| byte.is_ascii_digit()) || (lettered && !(grown && start < fraction)) {
        return None;
    }
    let behind = &bytes[fraction..stop];
    let value = whole_number(behind);
    // A quotient of whole numbers is as exact as the decimal read as such: at most four digits stand on either side.
    let value = match ahead {
        Some(ahead) => f64::from(whole_number(ahead) * DECIMALS[behind.len()] + value) / f64::from(DECIMALS[behind.len()]),
        None => f64::from(value),
    };
    Some((start, value))
}

/// The whole number of some digits, with letters that a scan put for digits read as meant.
fn whole_number(digits: &[u8]) -> u32 {
    digits.iter().fold(0, |value, byte| {
        let digit = match byte {
            b'o' => 0,
            b'l' => 1,
            b's' => 5,
            digit => u32::from(digit - b'0'),
        };
        value * 10 + digit
    })
}

/// Whether a text ends with the number of an item at the start of its line, or with the cross before a number: `1`, `x`.
fn is_item(head: &[u8]) -> bool {
    let digits = head.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    let before = head[..head.len() - digits].last();
    (matches!(digits, 1 | 2) && before == Some(&b'\n')) || (digits == 0 && before == Some(&b'x'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;
    use crate::reading::Reader;

    fn lengths(text: &str) -> Vec<Vec<f64>> {
        let lexicon = Lexicon::embedded().unwrap();
        let document = Document { text: text.into(), ..Document::default() };
        let reading = Reader::new(&lexicon).unwrap().read(&lexicon, &document);
        Lengths::new(&lexicon).unwrap().of(&reading).iter().map(|length| length.millimetres.clone()).collect()
    }

    #[test]
    fn dimensions_as_written_and_as_scanned() {
        assert_eq!(lengths("a 3.2 x 2.1 x 1.5 cm mass"), [[32.0, 21.0, 15.0]]);
        assert_eq!(lengths("1. 4 x 0,9 cm"), [[14.0, 9.0]]);
        assert_eq!(lengths("5.3 x. 2.4 x 2.2 Cm"), [[53.0, 24.0, 22.0]]);
        assert_eq!(lengths("2.0xl.7xl.5cm"), [[20.0, 17.0, 15.0]]);
        assert_eq!(lengths("25 x 20 mm and 0.5 cm"), [vec![25.0, 20.0], vec![5.0]]);
        assert_eq!(lengths("4 cm x 3 cm x 2 cm"), [[40.0, 30.0, 20.0]]);
        assert_eq!(lengths("measures 2.6 -1.8 x 1.5 cm"), [[26.0, 18.0, 15.0]]);
        assert_eq!(lengths("less than 0.1 x less than 0.1 cm"), [[1.0, 1.0]]);
    }

    #[test]
    fn axes_behind_the_units_and_numbers_grown_together() {
        assert_eq!(lengths("a mass of 3.6 cm SI x 3.5 cm ML x 5.5 cm AP"), [[36.0, 35.0, 55.0]]);
        assert_eq!(lengths("4 cm from medial to lateral by 3.5 cm from superior to inferior and 2.1 cm"), [[40.0, 35.0, 21.0]]);
        assert_eq!(lengths("a tumor that measures14.0 x 7.7 cm"), [[140.0, 77.0]]);
        assert_eq!(lengths("Tumor size:\n1.7.0 x 4.5 x 4.0 cm"), [[70.0, 45.0, 40.0]]);
        assert_eq!(lengths("nodules of 3 cm, 2 cm and 1 cm"), [[30.0], [20.0], [10.0]]);
    }

    #[test]
    fn chinese_dimensions() {
        assert_eq!(lengths("大小约３．５×２ｃｍ"), [[35.0, 20.0]]);
        assert_eq!(lengths("体积14*9*1.6CM"), [[140.0, 90.0, 16.0]]);
        assert_eq!(lengths("大小2.3×XXX1.5×XXX0.8CM"), [[23.0, 15.0, 8.0]]);
        assert_eq!(lengths("直径约2厘米"), [[20.0]]);
        assert_eq!(lengths("大小约4.6CM×3.0CM，另见12MM×0.8CM"), [[46.0, 30.0], [12.0, 8.0]]);
    }

    #[test]
    fn no_number_no_length() {
        assert!(lengths("cm mm x cm, ICM, 0 cm").is_empty());
    }
}
