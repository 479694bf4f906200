//! Identifiers made of digits that need no label: dates, telephone numbers, identity cards, bank cards, social security numbers,
//! IP addresses, accession numbers, ages above 89, and runs too long to be a measurement.
//! A number with a decimal point, a unit or a slash is left to the laboratory.

use super::date;
use super::text::{Shape, Text};
use crate::span::Span;

/// The fewest digits of a run that is an identifier whatever stands around it.
const LONG: usize = 8;
/// The fewest digits of a telephone number, a social security number or a card.
const FEWEST: usize = 9;

/// What begins at the run of digits `index`: kind and place. Most numbers of a report are measurements: each way is ruled out by the
/// length of the run or by what touches it before anything is read.
pub fn at(text: &Text<'_>, index: usize) -> Option<(&'static str, Span)> {
    let run = text.span(index, index);
    if let Some(date) = date::digits(text.folded, run.start) {
        return Some(("date", Span::new(date.place.start, date.place.end)));
    }
    if let Some(span) = on_day(text, index) {
        return Some(("date", span));
    }
    let several = || {
        let chain = Chain::at(text, index);
        let enough = chain.stops >= 3 || chain.lengths.iter().sum::<usize>() >= FEWEST;
        enough.then(|| ip(text, &chain).or_else(|| phone(text, &chain)).or_else(|| ssn(text, &chain)).or_else(|| card(text, &chain))).flatten()
    };
    (run.len() >= FEWEST || text.digits(index + 1))
        .then(several)
        .flatten()
        .or_else(|| identity(text, index))
        .or_else(|| masked(text, index))
        .or_else(|| accession(text, index))
        .or_else(|| long(text, index))
        .or_else(|| age(text, index, 90).map(|span| ("age", span)))
        .or_else(|| if text.reading.han > 0 { plate(text, index).or_else(|| bed(text, index)) } else { None })
}

/// `15床`, with `3病区` before it where that stands.
fn bed(text: &Text<'_>, index: usize) -> Option<(&'static str, Span)> {
    let span = text.span(index, index);
    let rest = text.from(span.end);
    let mark = ["床", "号床"].iter().find(|mark| rest.starts_with(**mark))?;
    (span.len() <= 3 && bounded(text, span)).then(|| ("bed", Span::new(span.start, span.end + mark.len())))
}

/// `on 5/6.`: a month and a day, where a preposition says so and a sign closes it.
fn on_day(text: &Text<'_>, index: usize) -> Option<Span> {
    let previous = index.checked_sub(1)?;
    if text.folded.as_bytes().get(text.end(index)) != Some(&b'/') {
        return None;
    }
    let small = |index: usize, most: u32| {
        text.digits(index) && text.word(index).parse::<u32>().is_ok_and(|value| (1..=most).contains(&value)) && text.word(index).len() <= 2
    };
    let said = matches!(text.word(previous), "on" | "dated" | "since") && text.gap(previous) == " ";
    if !said || !small(index, 12) || text.gap(index) != "/" || !small(index + 1, 31) {
        return None;
    }
    let rest = text.from(text.end(index + 1));
    let closed =
        rest.is_empty() || rest.starts_with([',', ';', ')', '\n', '?']) || rest.starts_with('.') && !rest[1..].starts_with(|c: char| c.is_ascii_digit());
    closed.then(|| text.span(index, index + 1))
}

/// Runs of digits that follow each other with one or two signs between.
struct Chain {
    /// Number of digits of each run.
    lengths: [usize; 6],
    count: usize,
    /// One past the last byte of each run.
    ends: [usize; 6],
    start: usize,
    /// The signs between: hyphens, full stops, blanks alone.
    hyphens: usize,
    stops: usize,
}

impl Chain {
    fn at(text: &Text<'_>, first: usize) -> Self {
        let mut chain = Self { lengths: [0; 6], count: 0, ends: [0; 6], start: text.start(first), hyphens: 0, stops: 0 };
        let mut index = first;
        while chain.count < 6 && text.digits(index) {
            chain.lengths[chain.count] = text.end(index) - text.start(index);
            chain.ends[chain.count] = text.end(index);
            chain.count += 1;
            let gap = text.gap(index);
            match gap {
                "-" | ")-" | "--" | "-\n" | ") " | ")" | " - " | "- " | " -" => chain.hyphens += 1,
                "." => chain.stops += 1,
                " " | "\n" => {}
                _ => break,
            }
            index += 1;
        }
        chain
    }

    fn is(&self, lengths: &[usize]) -> bool {
        self.count >= lengths.len() && self.lengths[..lengths.len()] == *lengths
    }

    fn span(&self, count: usize) -> Span {
        Span::new(self.start, self.ends[count - 1])
    }
}

/// Whether a letter, a digit or a sign of a larger number touches the place.
fn bounded(text: &Text<'_>, span: Span) -> bool {
    let bytes = text.folded.as_bytes();
    let before = span.start.checked_sub(1).map_or(b' ', |at| bytes[at]);
    let after = bytes.get(span.end).copied().unwrap_or(b' ');
    let decimal = after == b'.' && bytes.get(span.end + 1).is_some_and(u8::is_ascii_digit);
    !before.is_ascii_alphanumeric() && before != b'.' && !after.is_ascii_alphanumeric() && !decimal
}

fn ip(text: &Text<'_>, chain: &Chain) -> Option<(&'static str, Span)> {
    if chain.count < 4 || chain.stops < 3 {
        return None;
    }
    let span = chain.span(4);
    let slice = text.slice(span.start, span.end);
    let parts: Vec<u32> = slice.split('.').filter_map(|part| part.parse().ok()).collect();
    (parts.len() == 4 && parts.iter().all(|part| *part < 256) && parts.iter().any(|part| *part > 31) && bounded(text, span)).then_some(("ip", span))
}

fn phone(text: &Text<'_>, chain: &Chain) -> Option<(&'static str, Span)> {
    let slice = |count: usize| text.slice(chain.start, chain.ends[count - 1]);
    let joined = chain.hyphens + chain.stops > 0;
    let opened = text.before(chain.start).ends_with('(') && text.from(chain.ends[0]).starts_with(')');
    let count = if chain.is(&[3, 3, 4]) && (joined || opened) {
        3
    } else if (chain.is(&[1, 3, 3, 4]) && slice(1) == "1" || chain.is(&[2, 3, 3, 4])) && joined {
        4
    } else if chain.is(&[11]) && mobile(slice(1)) || chain.is(&[13]) && slice(1).starts_with("861") {
        1
    } else if chain.is(&[3, 4, 4]) && mobile(slice(1)) || chain.is(&[2, 11]) && slice(1) == "86" {
        if chain.is(&[2, 11]) { 2 } else { 3 }
    } else if chain.is(&[2, 3, 4, 4]) && slice(1) == "86" {
        4
    } else if (chain.is(&[3, 8]) || chain.is(&[4, 8]) || chain.is(&[4, 7]) || chain.is(&[3, 7])) && slice(1).starts_with('0') {
        2
    } else if (chain.is(&[3, 4, 4]) || chain.is(&[4, 4, 4]) || chain.is(&[4, 3, 4])) && slice(1).starts_with('0') && joined
        || (chain.is(&[3, 3, 4]) || chain.is(&[3, 4, 3])) && (slice(1) == "400" || slice(1) == "800")
    {
        3
    } else if (chain.is(&[11]) || chain.is(&[12])) && slice(1).starts_with('0') && !slice(1).starts_with("00") {
        1
    } else {
        return None;
    };
    let mut span = chain.span(count);
    if !bounded(text, span) && !text.from(span.end).starts_with('x') {
        return None;
    }
    if opened {
        span.start -= 1;
    }
    if text.before(span.start).ends_with('+') {
        span.start -= 1;
    }
    for mark in [" ext. ", " ext ", " x", "x", "转", "-"] {
        if let Some(rest) = text.from(span.end).strip_prefix(mark) {
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            if (1..=5).contains(&digits) {
                span.end += mark.len() + digits;
                break;
            }
        }
    }
    let head = text.before(span.start);
    let kind = if head.ends_with("fax: ") || head.ends_with("fax ") || head.ends_with("传真:") || head.ends_with("传真") { "fax" } else { "phone" };
    Some((kind, span))
}

fn mobile(digits: &str) -> bool {
    let bytes = digits.as_bytes();
    bytes.first() == Some(&b'1') && bytes.get(1).is_some_and(|second| (b'3'..=b'9').contains(second))
}

fn ssn(text: &Text<'_>, chain: &Chain) -> Option<(&'static str, Span)> {
    let span = (chain.is(&[3, 2, 4]) && chain.hyphens >= 2
        || chain.is(&[3, 2, 4]) && chain.count == 3 && text.slice(chain.start, chain.ends[2]).matches(' ').count() == 2)
        .then(|| chain.span(3))?;
    bounded(text, span).then_some(("ssn", span))
}

/// A bank card: thirteen to nineteen digits, alone or in fours, that pass Luhn's check.
fn card(text: &Text<'_>, chain: &Chain) -> Option<(&'static str, Span)> {
    let count = if (13..=19).contains(&chain.lengths[0]) {
        1
    } else {
        let fours = chain.lengths[..chain.count].iter().take_while(|length| **length == 4).count();
        match (fours, chain.lengths.get(fours).copied().unwrap_or(0)) {
            (4, 3) => 5,
            (4 | 5, _) => fours.min(4),
            _ if chain.is(&[4, 6, 5]) => 3,
            _ => return None,
        }
    };
    let span = chain.span(count);
    let digits: Vec<u32> = text.slice(span.start, span.end).bytes().filter(u8::is_ascii_digit).map(|digit| u32::from(digit - b'0')).collect();
    (bounded(text, span) && luhn(&digits)).then_some(("bank-card", span))
}

/// Luhn's check over the digits of a card number.
pub fn luhn(digits: &[u32]) -> bool {
    let sum: u32 = digits.iter().rev().enumerate().map(|(place, digit)| if place % 2 == 1 { digit * 2 - if *digit > 4 { 9 } else { 0 } } else { *digit }).sum();
    digits.len() >= 13 && sum.is_multiple_of(10) && digits.iter().any(|digit| *digit != 0)
}

/// Digits of an identity card number before it may be cut by a blank.
const UNBROKEN: usize = 6;

/// A Chinese identity card number: seventeen digits and a check digit or `x`, cut by one line break at most; fifteen digits of the older form.
fn identity(text: &Text<'_>, index: usize) -> Option<(&'static str, Span)> {
    let start = text.start(index);
    if text.end(index) - start < UNBROKEN {
        return None;
    }
    if start > 0 && text.folded.as_bytes()[start - 1].is_ascii_alphanumeric() {
        return None;
    }
    let mut digits = [0u8; 18];
    let mut count = 0;
    let mut breaks = 0;
    let mut end = start;
    for (offset, byte) in text.folded.as_bytes()[start..].iter().take(22).enumerate() {
        match byte {
            b'0'..=b'9' if count < 18 => digits[count] = byte - b'0',
            b'x' if count == 17 => digits[count] = 10,
            b'\n' | b'\r' | b' ' if breaks < 3 && (UNBROKEN..18).contains(&count) => {
                breaks += 1;
                continue;
            }
            _ => break,
        }
        count += 1;
        end = start + offset + 1;
    }
    let span = Span::new(start, end);
    (count == 18 && check_digit(&digits[..17]) == digits[17] && bounded(text, span)).then_some(("id-card", span))
}

/// The check digit of the first seventeen digits, ten for `x`.
pub fn check_digit(digits: &[u8]) -> u8 {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    const CHECKS: [u8; 11] = [1, 0, 10, 9, 8, 7, 6, 5, 4, 3, 2];
    let sum: u32 = digits.iter().zip(WEIGHTS).map(|(digit, weight)| u32::from(*digit) * weight).sum();
    CHECKS[(sum % 11) as usize]
}

/// A number of which someone has starred the middle: `110101********1234`, `138****5678`.
fn masked(text: &Text<'_>, index: usize) -> Option<(&'static str, Span)> {
    let end = text.end(index);
    if text.folded.as_bytes().get(end) != Some(&b'*') {
        return None;
    }
    let stars = text.from(end).bytes().take_while(|byte| *byte == b'*').count();
    if stars < 3 || !text.digits(index) || end - text.start(index) < 2 {
        return None;
    }
    let tail = text.from(end + stars).bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b'x').count();
    let span = Span::new(text.start(index), end + stars + tail);
    match span.len() {
        11 => Some(("phone", span)),
        15 | 18 => Some(("id-card", span)),
        6.. if tail >= 2 => Some(("id", span)),
        _ => None,
    }
}

/// `S13-12345`, `SP-14-1234`, `JH-123456`, `2013-12345`: one to five capitals, hyphens, digits.
fn accession(text: &Text<'_>, index: usize) -> Option<(&'static str, Span)> {
    let bytes = text.folded.as_bytes();
    let mut first = index;
    if index > 0 && text.shape(index - 1) == Shape::Upper && matches!(text.gap(index - 1), "" | "-") && text.end(index - 1) - text.start(index - 1) <= 5 {
        first = index - 1;
    }
    let letters = first != index;
    if !letters && (bytes.get(text.end(index)) != Some(&b'-') || !matches!(text.gap(index), "-" | "-\n")) {
        return None;
    }
    let mut last = index;
    let mut groups = 1;
    while text.digits(last + 1) && matches!(text.gap(last), "-" | "-\n") && groups < 4 {
        last += 1;
        groups += 1;
    }
    let span = text.span(first, last);
    let length = |index: usize| text.end(index) - text.start(index);
    let dotted = bytes.get(span.end) == Some(&b'.') && bytes.get(span.end + 1).is_some_and(u8::is_ascii_digit);
    if dotted || bytes.get(span.end).is_some_and(|byte| matches!(byte, b'/' | b'%')) || span.start > 0 && matches!(bytes[span.start - 1], b'.' | b'/' | b'*') {
        return None;
    }
    if bytes.get(span.end).is_some_and(u8::is_ascii_alphabetic) {
        return None;
    }
    let total: usize = (index..=last).filter(|at| text.digits(*at)).map(length).sum();
    let year = length(index) == 2 || length(index) == 4 && text.word(index).parse::<u32>().is_ok_and(|year| (1980..=2060).contains(&year));
    let span_of_years = !letters && groups == 2 && text.word(last).parse::<u32>().is_ok_and(|year| (1900..=2060).contains(&year));
    if span_of_years || letters && text.before(span.start).ends_with('\\') {
        return None;
    }
    let form = if letters {
        total >= 6 || groups == 2 && year && length(last) >= 3
    } else {
        groups == 2 && year && length(index) == 4 && length(last) >= 4 || groups == 2 && length(index) == 2 && length(last) >= 5
    };
    (form && total <= 16 && (letters || bounded(text, span))).then_some(("accession", span))
}

/// A run of eight digits and more that no point, unit or letter touches.
fn long(text: &Text<'_>, index: usize) -> Option<(&'static str, Span)> {
    let span = text.span(index, index);
    if span.len() < LONG || !bounded(text, span) && !(text.from(span.end).starts_with('x') && span.len() == 17) {
        return None;
    }
    let digits = text.slice(span.start, span.end);
    if digits.starts_with(['0', '1']) && digits.bytes().all(|byte| byte == digits.as_bytes()[0]) {
        return None; // a bar code as read by a machine
    }
    let rest = text.from(span.end);
    let unit = rest.trim_start_matches(' ');
    let measured = unit.starts_with("copies") || unit.starts_with("iu") || unit.starts_with("/") || unit.starts_with("拷贝") || unit.starts_with('%');
    let kind = match span.len() {
        15 => "id-card",
        17 if rest.starts_with('x') => return Some(("id-card", Span::new(span.start, span.end + 1))),
        18 => "id-card",
        _ => "id",
    };
    (!measured).then_some((kind, span))
}

/// An age of at least `least` years: the number alone.
pub fn age(text: &Text<'_>, index: usize, least: u32) -> Option<Span> {
    let span = text.span(index, index);
    if span.len() > 3 {
        return None;
    }
    let bytes = text.folded.as_bytes();
    let years = bytes[span.start..span.end].iter().fold(0, |years, digit| years * 10 + u32::from(digit - b'0'));
    if years < least || years > 125 {
        return None;
    }
    if span.start > 0 && (matches!(bytes[span.start - 1], b'.' | b'/' | b'-') || bytes[span.start - 1].is_ascii_alphanumeric()) {
        return None;
    }
    let rest = text.from(span.end).trim_start_matches([' ', '-', '\n']);
    let years_follow = rest.starts_with('岁')
        || rest.starts_with("周岁")
        || [
            "yo ",
            "yo,",
            "yo.",
            "yo\n",
            "y/o",
            "y.o",
            "yom",
            "yof",
            "yr old",
            "yrs old",
            "yr-old",
            "y old",
            "yrs. old",
            "year old",
            "years old",
            "year-old",
            "years-old",
            "years of age",
            "years of age",
            "yrs of age",
            "y.o.",
            "yo-",
            "year - old",
            "yo)",
            "y/o",
        ]
        .iter()
        .any(|unit| rest.starts_with(unit))
        || rest == "yo";
    let head = text.before(span.start).trim_end_matches([' ', ':', '\n', '=']);
    let labelled = head.ends_with("年龄")
        || ["age", "aged", "age of"].iter().any(|label| head.strip_suffix(label).is_some_and(|rest| !rest.ends_with(|c: char| c.is_alphanumeric())));
    let fraction = rest.starts_with('%') || bytes.get(span.end) == Some(&b'.') && bytes.get(span.end + 1).is_some_and(u8::is_ascii_digit);
    (years_follow || labelled && !fraction).then_some(span)
}

/// A Chinese number plate: a province, a letter, five or six letters and digits.
fn plate(text: &Text<'_>, index: usize) -> Option<(&'static str, Span)> {
    const PROVINCES: &str = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼";
    let joined = |at: usize| at > 0 && text.capital(at - 1) && matches!(text.gap(at - 1), "" | "·" | " ");
    let first = match (joined(index), index > 1 && joined(index - 1)) {
        (true, true) => index - 2,
        (true, false) => index - 1,
        _ => return None,
    };
    let start = text.start(first);
    let province = text.before(start).chars().next_back().filter(|province| PROVINCES.contains(*province))?;
    let rest = text.from(start);
    let body: String = rest.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '·' | ' ')).filter(char::is_ascii_alphanumeric).take(8).collect();
    if !(6..=7).contains(&body.len()) || body.bytes().filter(u8::is_ascii_digit).count() < 3 || !body.as_bytes()[0].is_ascii_alphabetic() {
        return None;
    }
    let mut left = body.len();
    let end = rest.char_indices().find(|(_, c)| {
        left -= usize::from(c.is_ascii_alphanumeric());
        left == 0
    })?;
    Some(("plate", Span::new(start - province.len_utf8(), start + end.0 + 1)))
}
