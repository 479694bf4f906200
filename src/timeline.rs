//! The course of a Chinese note: dates (`2014-3-5`, `2014年3月`, `8-14`), distances (`3月前`, `入院前2天`) and operations in the order of
//! the text. A laboratory result is old where the event it stands under is two weeks or more before the note's last;
//! a pathology finding is old where it stands before the last operation that has a report of its own behind it.

use crate::span::Span;

/// Days before the note's last event at which a result is from an earlier episode.
const OLD_DAYS: i64 = 14;

/// What a cue says happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// The present state.
    Now,
    /// An admission.
    Admission,
    /// An operation.
    Operation,
    /// A report of pathology.
    Report,
}

/// Events of a note.
#[derive(Debug, Clone, Default)]
pub struct Timeline {
    /// Byte offset and days before the last event, in the order of the text.
    events: Vec<(usize, i64)>,
    /// Where the last operation with a report behind it stands.
    operation: usize,
}

impl Timeline {
    /// Reads the events of a folded text with the cues found in it.
    pub fn new(text: &str, cues: impl Iterator<Item = (Span, Event)>) -> Self {
        let cues: Vec<(Span, Event)> = cues.collect();
        let last_report = cues.iter().rev().find(|(_, kind)| *kind == Event::Report).map_or(0, |(span, _)| span.start);
        let operation = cues.iter().rev().find(|(span, kind)| *kind == Event::Operation && span.end <= last_report).map_or(0, |(span, _)| span.start);
        Self { events: events(text, &cues), operation }
    }

    /// Whether the event that governs an offset is from an earlier episode.
    pub fn is_old(&self, offset: usize) -> bool {
        let before = self.events.partition_point(|(at, _)| *at <= offset);
        match before.checked_sub(1).and_then(|index| self.events.get(index)) {
            Some((_, days)) => *days >= OLD_DAYS,
            None => self.events.iter().any(|(_, days)| *days > 0),
        }
    }

    /// Whether a later operation has its own pathology.
    pub fn is_before_last_operation(&self, offset: usize) -> bool {
        offset < self.operation
    }
}

fn events(text: &str, cues: &[(Span, Event)]) -> Vec<(usize, i64)> {
    let (dates, distances) = marks(text, cues);
    let last_date = dates.iter().map(|(_, day)| *day).max().unwrap_or(0);
    let mut out: Vec<(usize, i64)> = distances.clone();
    for (at, day) in &dates {
        // A date among distances is no newer than the distance it stands under, where the note goes on with nearer ones.
        let later = distances.iter().any(|(other, _)| other > at);
        let under = distances.iter().rev().find(|(other, _)| other < at).map(|(_, days)| *days);
        out.push((*at, if later { under.unwrap_or(0).max(last_date - day) } else { last_date - day }));
    }
    let end_of_dates = dates.last().map_or(0, |(at, _)| *at);
    out.extend(cues.iter().filter(|(span, kind)| *kind == Event::Now && span.start > end_of_dates).map(|(span, _)| (span.start, 0)));
    out.sort_unstable();
    out
}

type Marks = (Vec<(usize, i64)>, Vec<(usize, i64)>);

/// Dates as day numbers and distances as days, each with its place.
fn marks(text: &str, cues: &[(Span, Event)]) -> Marks {
    let (mut dates, mut distances) = (Vec::new(), Vec::new());
    let (mut year, mut at) = (None, 0);
    let bytes = text.as_bytes();
    while let Some(offset) = bytes[at..].iter().position(u8::is_ascii_digit) {
        let start = at + offset;
        at = start + bytes[start..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        if start > 0 && matches!(bytes[start - 1], b'.' | b'a'..=b'z') {
            continue;
        }
        if let Some((day, this_year, end)) = date(text, start, at, year) {
            dates.push((start, day));
            year = Some(this_year);
            at = end;
        }
    }
    for (index, _) in text.match_indices('前') {
        if let Some((start, days)) = distance_before(text, index) {
            distances.push((start, days));
        }
    }
    for (span, _) in cues.iter().filter(|(_, kind)| *kind == Event::Admission) {
        if let Some(rest) = text.get(span.end..).and_then(|rest| rest.strip_prefix('前'))
            && let Some(days) = distance_after(rest)
        {
            distances.push((span.start, days));
        }
    }
    distances.sort_unstable();
    (dates, distances)
}

/// A date that begins with the digits `start..end`: its day number, its year and its end.
fn date(text: &str, start: usize, end: usize, year: Option<i64>) -> Option<(i64, i64, usize)> {
    let first: i64 = text.get(start..end)?.parse().ok()?;
    let (separator, rest) = separator(text.get(end..)?)?;
    let second_at = text.len() - rest.len();
    let (second, second_end) = number(text, second_at);
    if (1900..2100).contains(&first) && end - start == 4 {
        let Some(month) = second.filter(|month| (1..=12).contains(month)) else {
            return (separator == '年').then_some((day_number(first, 6, 30), first, end));
        };
        let mut day = 15;
        let mut last = second_end;
        if let Some((_, rest)) = self::separator(text.get(second_end..)?) {
            let (third, third_end) = number(text, text.len() - rest.len());
            if let Some(third) = third.filter(|third| (1..=31).contains(third)) {
                day = third;
                last = third_end;
            }
        }
        return Some((day_number(first, month, day), first, last));
    }
    let (year, day) = (year?, second.filter(|day| (1..=31).contains(day))?);
    let digits = end - start <= 2 && second_end - second_at <= 2 && matches!(separator, '-' | '/' | '月');
    let follows = text.get(second_end..)?.trim_start().chars().next();
    let plausible = follows.is_none_or(|next| !next.is_ascii_digit() && !matches!(next, '%' | ')' | '-' | '/' | '.' | '~'));
    (digits && (1..=12).contains(&first) && plausible).then(|| (day_number(year, first, day), year, second_end))
}

/// The sign between the parts of a date and what follows it; some exporters put a comma behind the sign.
fn separator(text: &str) -> Option<(char, &str)> {
    let sign = text.chars().next().filter(|sign| matches!(sign, '-' | '.' | '/' | '年' | '月'))?;
    let rest = text[sign.len_utf8()..].trim_start_matches([' ', ',']);
    Some((sign, rest))
}

fn number(text: &str, at: usize) -> (Option<i64>, usize) {
    let length = text.as_bytes()[at..].iter().take(5).take_while(|byte| byte.is_ascii_digit()).count();
    (text.get(at..at + length).filter(|digits| digits.len() <= 2).and_then(|digits| digits.parse().ok()), at + length)
}

/// Days of a distance that ends right before the byte `end`, where `前` stands: `3月`, `1年余`, `半个月`.
fn distance_before(text: &str, end: usize) -> Option<(usize, i64)> {
    let head = text[..end].trim_end_matches(['之', '以', '余', '多', '半', '+']);
    let (head, unit) = unit_at_end(head)?;
    let head = head.trim_end_matches(['个', '余', '多', '+', '-', ' ', '几']);
    let digits = head.len() - head.trim_end_matches(|character: char| character.is_ascii_digit() || character == '.').len();
    let start = head.len() - digits;
    if digits > 0 {
        let count: f64 = head[start..].parse().ok().filter(|count: &f64| *count < 130.0)?;
        return Some((start, (count * unit) as i64));
    }
    let last = head.chars().next_back()?;
    Some((head.len() - last.len_utf8(), (han_number(last)? * unit) as i64))
}

/// Days of a distance at the start of a text: `3天`, `5+年`, `半月`.
fn distance_after(text: &str) -> Option<i64> {
    let digits = text.len() - text.trim_start_matches(|character: char| character.is_ascii_digit() || character == '.').len();
    let (count, rest) = if digits > 0 {
        (text[..digits].parse().ok().filter(|count: &f64| *count < 130.0)?, &text[digits..])
    } else {
        let first = text.chars().next()?;
        (han_number(first)?, &text[first.len_utf8()..])
    };
    let rest = rest.trim_start_matches(['+', '-', '个', '余', '多', ' ']);
    UNITS.iter().find(|(name, _)| rest.starts_with(name)).map(|(_, unit)| (count * unit) as i64)
}

/// Units of time in days, the longest name first.
const UNITS: [(&str, f64); 8] = [("星期", 7.0), ("小时", 0.0), ("分钟", 0.0), ("年", 365.0), ("月", 30.0), ("周", 7.0), ("天", 1.0), ("日", 1.0)];

fn unit_at_end(text: &str) -> Option<(&str, f64)> {
    UNITS.iter().find_map(|(name, days)| text.strip_suffix(name).map(|head| (head, *days)))
}

fn han_number(character: char) -> Option<f64> {
    Some(match character {
        '半' => 0.5,
        '一' => 1.0,
        '两' | '二' => 2.0,
        '三' | '数' | '几' | '多' => 3.0,
        '四' => 4.0,
        '五' => 5.0,
        '六' => 6.0,
        '七' => 7.0,
        '八' => 8.0,
        '九' => 9.0,
        '十' => 10.0,
        _ => return None,
    })
}

/// Days since a fixed day, exact enough to tell weeks apart.
fn day_number(year: i64, month: i64, day: i64) -> i64 {
    year * 365 + year / 4 + (month - 1) * 304 / 10 + day
}

#[cfg(test)]
mod tests {
    use super::*;

    fn old(text: &str, words: &str) -> bool {
        Timeline::new(text, std::iter::empty()).is_old(text.find(words).unwrap())
    }

    #[test]
    fn results_under_an_earlier_date_are_old() {
        let text = "2011-9-14查cea 7.1,2012-8-2复查cea 4.0,8-5血常规正常。";
        assert!(old(text, "cea 7.1"));
        assert!(!old(text, "cea 4.0"));
        assert!(!old(text, "血常规"));
    }

    #[test]
    fn distances_count_back_from_the_note() {
        let text = "患者3月前查肌酐394,1+年前查肌酐200,2天前查肌酐500";
        assert!(old(text, "肌酐394"));
        assert!(old(text, "肌酐200"));
        assert!(!old(text, "肌酐500"));
    }

    #[test]
    fn any_text_gives_a_timeline() {
        for text in ["", "前", "年前", "2014-", "2014-13-99前", "1.2.3前半", "9999999999年前", "٣年前"] {
            Timeline::new(text, std::iter::empty()).is_old(0);
        }
    }
}
