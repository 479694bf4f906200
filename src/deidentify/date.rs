//! The grammar of dates, in digits, English months and Chinese characters: one reader for finding them in a text and for
//! taking a found one apart when it is shifted or made coarser. A year alone is no date; a day and a month are.

use std::ops::Range;

/// The parts of a date as they stand in a text, and what they say.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Date {
    /// Where it stands.
    pub place: Range<usize>,
    /// The year, four digits, and its place.
    pub year: Option<(i16, Range<usize>)>,
    /// The month and its place.
    pub month: Option<(i8, Range<usize>)>,
    /// The day and its place.
    pub day: Option<(i8, Range<usize>)>,
}

/// A run of digits of a text: place and value.
fn number(bytes: &[u8], at: usize) -> Option<(u32, usize)> {
    let end = at + bytes.get(at..)?.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if end == at || end - at > 4 {
        return None;
    }
    Some((bytes[at..end].iter().fold(0, |value, digit| value * 10 + u32::from(digit - b'0')), end))
}

fn blanks(bytes: &[u8], at: usize) -> usize {
    let mut at = at;
    let mut breaks = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b' ' => at += 1,
            b'\n' if breaks == 0 => {
                breaks += 1;
                at += 1;
            }
            _ => break,
        }
    }
    at
}

const fn is_year(value: u32) -> bool {
    value >= 1900 && value <= 2099
}
const fn is_month(value: u32) -> bool {
    value >= 1 && value <= 12
}
const fn is_day(value: u32) -> bool {
    value >= 1 && value <= 31
}

/// The date in digits that begins at byte `at` of a folded text, where a run of digits begins.
pub fn digits(text: &str, at: usize) -> Option<Date> {
    let bytes = text.as_bytes();
    if at > 0 && (bytes[at - 1].is_ascii_digit() || (bytes[at - 1] == b'.' && at > 1 && bytes[at - 2].is_ascii_digit())) {
        return None;
    }
    let run = bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    if run == 8 || run == 12 || run == 14 {
        return compact(text, at, run);
    }
    // A measurement rather than a date: no sign of one follows.
    if !bytes.get(blanks(bytes, at + run)).is_some_and(|sign| matches!(sign, b'-' | b'.' | b'/' | 0x80..)) {
        return None;
    }
    let (first, end) = number(bytes, at)?;
    match end - at {
        4 if is_year(first) => year_first(text, at, first, end),
        1 | 2 if is_day(first) => small_first(text, at, first, end),
        _ => None,
    }
}

/// `20130506`, with or without a time behind it.
fn compact(text: &str, at: usize, run: usize) -> Option<Date> {
    let bytes = text.as_bytes();
    if at > 0 && (bytes[at - 1].is_ascii_alphabetic() || matches!(bytes[at - 1], b'-' | b'.' | b'#')) {
        return None;
    }
    let part = |from: usize, to: usize| text.get(at + from..at + to).and_then(|part| part.parse::<u32>().ok());
    let (year, month, day) = (part(0, 4)?, part(4, 6)?, part(6, 8)?);
    if !is_year(year) || !is_month(month) || !is_day(day) || bytes.get(at + run).is_some_and(|byte| byte.is_ascii_alphabetic() || *byte == b'-') {
        return None;
    }
    Some(Date {
        place: at..at + run,
        year: Some((year as i16, at..at + 4)),
        month: Some((month as i8, at + 4..at + 6)),
        day: Some((day as i8, at + 6..at + 8)),
    })
}

/// `2013-5-6`, `2013年5月6日`, `2013.05`.
fn year_first(text: &str, at: usize, year: u32, end: usize) -> Option<Date> {
    let bytes = text.as_bytes();
    let after = blanks(bytes, end);
    let sign = text.get(after..)?.chars().next()?;
    if !matches!(sign, '-' | '.' | '/' | '年' | '、' | ',') || (matches!(sign, ',') && after != end) {
        return None;
    }
    let month_at = blanks(bytes, after + sign.len_utf8());
    if sign == ',' {
        return None;
    }
    let (month, month_end) = number(bytes, month_at)?;
    if !is_month(month) || month_end - month_at > 2 {
        return None;
    }
    let date = Date { place: at..month_end, year: Some((year as i16, at..end)), month: Some((month as i8, month_at..month_end)), day: None };
    let after = blanks(bytes, month_end);
    let second = text.get(after..).and_then(|rest| rest.chars().next());
    let second = second.filter(|second| {
        *second == sign
            || (sign == '年' && matches!(second, '月' | '-' | '.'))
            || matches!((sign, second), ('-', '.') | ('.', '-') | ('-', '/') | ('/', '-') | ('-', '月') | ('.', '月'))
    });
    if let Some(second) = second {
        let day_at = blanks(bytes, after + second.len_utf8());
        if let Some((day, day_end)) = number(bytes, day_at).filter(|(day, day_end)| is_day(*day) && day_end - day_at <= 2) {
            let fraction = bytes.get(day_end) == Some(&b'.') && bytes.get(day_end + 1).is_some_and(u8::is_ascii_digit) && sign != '.';
            let closed = sign != '年' && second != '月'
                || text.get(blanks(bytes, day_end)..).is_some_and(|rest| rest.starts_with(['日', '号', '、', '-', '~', ',', '至', '到', '及', '.']));
            if closed && !fraction && !bytes.get(day_end).is_some_and(u8::is_ascii_digit) {
                let end = mark(text, day_end, &["日", "号"]);
                let end = more_days(text, end);
                return Some(Date { place: at..time(text, end), day: Some((day as i8, day_at..day_end)), ..date });
            }
        }
        if second == '月' {
            return Some(Date { place: at..after + '月'.len_utf8(), ..date });
        }
    }
    if sign == '年' {
        return second_months(text, month_end).map(|end| Date { place: at..end, ..date });
    }
    let before = text[..at].trim_end_matches(' ').chars().next_back();
    let next = text.get(month_end..).and_then(|rest| rest.chars().next());
    let plain = !next.is_some_and(|next| next.is_ascii_alphanumeric() || matches!(next, '%' | '(' | '/' | '-' | '~' | '.') && sign == '.' || next == '%')
        && !bytes.get(month_end).is_some_and(u8::is_ascii_digit)
        && !(matches!(next, Some('.' | '-')) && bytes.get(month_end + 1).is_some_and(u8::is_ascii_digit));
    let quiet = sign != '.' || !before.is_some_and(|before| before.is_ascii_alphanumeric() || matches!(before, ':' | '>' | '<' | '=' | '(' | '↑' | '↓'));
    let two = month_end - month_at == 2 || !text.is_ascii();
    (plain && quiet && two && matches!(sign, '-' | '.' | '/')).then_some(date)
}

/// `2013年4、5月`: the second month is part of it.
fn second_months(text: &str, end: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let rest = text.get(end..)?;
    let sign = rest.chars().next().filter(|sign| matches!(sign, '、' | '-' | '~' | ',' | '至' | '到'))?;
    let (month, month_end) = number(bytes, end + sign.len_utf8())?;
    (is_month(month) && text.get(month_end..)?.starts_with('月')).then_some(month_end + '月'.len_utf8())
}

/// `5月6日`, `4/12/2022`, `12.04.2022`, `04-12-22`.
fn small_first(text: &str, at: usize, first: u32, end: usize) -> Option<Date> {
    let bytes = text.as_bytes();
    if at > 0 && (bytes[at - 1].is_ascii_alphabetic() || matches!(bytes[at - 1], b'/' | b'^')) {
        return None;
    }
    let after = blanks(bytes, end);
    let sign = text.get(after..)?.chars().next().filter(|sign| matches!(sign, '月' | '/' | '-' | '.'))?;
    let second_at = blanks(bytes, after + sign.len_utf8());
    let (second, second_end) = number(bytes, second_at).filter(|(_, end)| end - second_at <= 2)?;
    if sign == '月' {
        let close = blanks(bytes, second_end);
        let closed = text.get(close..).is_some_and(|rest| rest.starts_with(['日', '号']));
        if !closed || !is_month(first) || !is_day(second) {
            return None;
        }
        let end = more_days(text, close + '日'.len_utf8());
        return Some(Date {
            place: at..time(text, end),
            year: None,
            month: Some((first as i8, at..end_of(bytes, at))),
            day: Some((second as i8, second_at..second_end)),
        });
    }
    let after = blanks(bytes, second_end);
    if text.get(after..)?.chars().next()? != sign {
        return None;
    }
    let third_at = blanks(bytes, after + sign.len_utf8());
    let (third, third_end) = number(bytes, third_at)?;
    let long = third_end - third_at == 4 && is_year(third);
    let wide = end - at == 2 && second_end - second_at == 2;
    let short = third_end - third_at == 2 && (sign == '/' && after == second_end || wide);
    let (month, day) = if is_month(first) && is_day(second) {
        ((first, at..end), (second, second_at..second_end))
    } else if is_day(first) && is_month(second) {
        ((second, second_at..second_end), (first, at..end))
    } else {
        return None;
    };
    let next = bytes.get(third_end).copied().unwrap_or(b' ');
    let follows = next.is_ascii_alphanumeric() && long
        || (next == b'-' || next == b'/' || next == b'.') && bytes.get(third_end + 1).is_some_and(u8::is_ascii_digit) && !long;
    if !(long || short) || follows && !long || bytes.get(third_end).is_some_and(u8::is_ascii_digit) {
        return None;
    }
    if !long && text[at..third_end].contains('\n') {
        return None;
    }
    let year = if long {
        third
    } else if third < 50 {
        2000 + third
    } else {
        1900 + third
    };
    Some(Date {
        place: at..time(text, third_end),
        year: Some((year as i16, third_at..third_end)),
        month: Some((month.0 as i8, month.1)),
        day: Some((day.0 as i8, day.1)),
    })
}

fn end_of(bytes: &[u8], at: usize) -> usize {
    at + bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count()
}

fn mark(text: &str, end: usize, marks: &[&str]) -> usize {
    let rest = text.get(end..).unwrap_or("");
    let at = end + (rest.len() - rest.trim_start_matches(' ').len());
    let rest = text.get(at..).unwrap_or("");
    marks.iter().find(|mark| rest.starts_with(**mark)).map_or(end, |mark| at + mark.len())
}

/// Further days of the same month: `6日、8日`, `6-28日`.
fn more_days(text: &str, end: usize) -> usize {
    let bytes = text.as_bytes();
    let mut end = end;
    while let Some(sign) = text.get(end..).and_then(|rest| rest.chars().next()).filter(|sign| matches!(sign, '、' | '-' | '~' | ',' | '至' | '到' | '及')) {
        let at = end + sign.len_utf8();
        let Some((day, day_end)) = number(bytes, at).filter(|(day, day_end)| is_day(*day) && day_end - at <= 2) else { break };
        let closed = mark(text, day_end, &["日", "号"]);
        if closed == day_end || day == 0 {
            break;
        }
        end = closed;
    }
    end
}

/// A time of day right behind a date goes with it.
fn time(text: &str, end: usize) -> usize {
    let bytes = text.as_bytes();
    let mut at = end;
    while matches!(bytes.get(at), Some(b' ' | b't')) && at - end < 2 {
        at += 1;
    }
    let Some((hour, hour_end)) = number(bytes, at).filter(|(hour, hour_end)| *hour < 24 && hour_end - at <= 2) else { return end };
    let _ = hour;
    let mut last = end;
    let mut at = hour_end;
    for _ in 0..2 {
        if bytes.get(at) != Some(&b':') {
            break;
        }
        match number(bytes, at + 1).filter(|(part, part_end)| *part < 60 && part_end - at == 3) {
            Some((_, part_end)) => {
                last = part_end;
                at = part_end;
            }
            None => break,
        }
    }
    last
}

/// The date around an English month name at `name`: `April 12th, 2023`, `12 April 2023`, `Nov 2022`, `Jan 5th`, `12-Apr-23`.
pub fn english(text: &str, name: Range<usize>, month: i8) -> Option<Date> {
    let bytes = text.as_bytes();
    let mut date = Date { place: name.clone(), month: Some((month, name.clone())), ..Date::default() };
    if let Some((day, day_at, day_end)) = day_before(text, name.start) {
        date.day = Some((day, day_at..day_end));
        date.place.start = day_at;
    }
    let mut at = name.end;
    if bytes.get(at) == Some(&b'.') {
        at += 1;
    }
    if date.day.is_none()
        && let Some((day, day_at, day_end, end)) = day_after(text, at)
    {
        date.day = Some((day, day_at..day_end));
        date.place.end = end;
        at = end;
    }
    if let Some((year, year_at, year_end)) = year_after(text, at, date.day.is_some()) {
        date.year = Some((year, year_at..year_end));
        date.place.end = year_end;
    }
    if date.day.is_none() && date.year.is_none() {
        return None;
    }
    date.place.end = time(text, date.place.end);
    Some(date)
}

fn day_before(text: &str, at: usize) -> Option<(i8, usize, usize)> {
    let head = text.get(..at)?;
    let trimmed = head.trim_end_matches([' ', '-', '/', '\n', ',']);
    if head.len() - trimmed.len() > 3 || trimmed.len() == head.len() && !head.ends_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let trimmed = trimmed.strip_suffix(" of").unwrap_or(trimmed);
    let trimmed = ["st", "nd", "rd", "th"].iter().find_map(|suffix| trimmed.strip_suffix(suffix)).unwrap_or(trimmed);
    let start = trimmed.len() - trimmed.bytes().rev().take_while(u8::is_ascii_digit).count();
    let day: u32 = trimmed.get(start..)?.parse().ok()?;
    let before = trimmed.get(..start)?.chars().next_back();
    (is_day(day) && trimmed.len() - start <= 2 && !before.is_some_and(|before| before.is_alphanumeric() || matches!(before, '.' | '/' | '-'))).then_some((
        day as i8,
        start,
        trimmed.len(),
    ))
}

fn day_after(text: &str, at: usize) -> Option<(i8, usize, usize, usize)> {
    let bytes = text.as_bytes();
    let mut day_at = at;
    while matches!(bytes.get(day_at), Some(b' ' | b'\n' | b'-' | b'/')) && day_at - at < 3 {
        day_at += 1;
    }
    let (day, end) = number(bytes, day_at).filter(|(day, end)| is_day(*day) && end - day_at <= 2)?;
    let marked =
        ["st", "nd", "rd", "th"].iter().find(|suffix| text.get(end..).is_some_and(|rest| rest.starts_with(**suffix))).map_or(end, |suffix| end + suffix.len());
    let next = bytes.get(marked).copied().unwrap_or(b' ');
    let fraction = next == b'.' && bytes.get(marked + 1).is_some_and(u8::is_ascii_digit);
    (!next.is_ascii_alphanumeric() && !fraction && next != b'%').then_some((day as i8, day_at, end, marked))
}

fn year_after(text: &str, at: usize, day: bool) -> Option<(i16, usize, usize)> {
    let bytes = text.as_bytes();
    let mut year_at = at;
    while matches!(bytes.get(year_at), Some(b' ' | b'\n' | b'-' | b'/' | b',' | b'.')) && year_at - at < 4 {
        year_at += 1;
    }
    if text.get(year_at..)?.starts_with("of ") {
        year_at += 3;
    }
    let quoted = bytes.get(year_at) == Some(&b'\'');
    let value_at = year_at + usize::from(quoted);
    let (year, end) = number(bytes, value_at)?;
    if bytes.get(end).is_some_and(u8::is_ascii_alphanumeric) {
        return None;
    }
    match end - value_at {
        4 if is_year(year) => Some((year as i16, value_at, end)),
        2 if quoted || day && year_at > at && matches!(bytes[year_at - 1], b'-' | b'/') => {
            Some((if year < 50 { 2000 + year } else { 1900 + year } as i16, value_at, end))
        }
        _ => None,
    }
}

/// A date in Chinese characters that ends with 月 or 日 after the 年 at byte `at`: `二〇一三年五月六日`.
pub fn han(text: &str, at: usize) -> Option<Range<usize>> {
    let is_digit = |c: char| "〇零○o一二三四五六七八九".contains(c);
    let is_number = |c: char| "一二三四五六七八九十".contains(c);
    let head = text.get(..at)?;
    let year = head.chars().rev().take_while(|c| is_digit(*c)).count();
    if year != 4 {
        return None;
    }
    let start = head.char_indices().rev().nth(3)?.0;
    let mut end = at + '年'.len_utf8();
    for close in ['月', '日'] {
        let rest = text.get(end..)?;
        let digits: usize = rest.chars().take_while(|c| is_number(*c)).map(char::len_utf8).sum();
        if digits == 0 || !rest.get(digits..)?.starts_with(close) {
            break;
        }
        end += digits + close.len_utf8();
    }
    (end > at + '年'.len_utf8()).then_some(start..end)
}

/// The year that a date as written holds, where it holds one.
pub fn year(text: &str) -> Option<i16> {
    let at = (0..text.len()).find(|at| text.as_bytes()[*at].is_ascii_digit())?;
    if let Some((year, _)) = digits(text, at).and_then(|date| date.year) {
        return Some(year);
    }
    let runs = text.split(|c: char| !c.is_ascii_digit()).filter(|run| run.len() == 4);
    runs.filter_map(|run| run.parse().ok()).find(|year: &i16| is_year(u32::try_from(*year).unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Option<&str> {
        (0..text.len()).filter(|at| text.as_bytes()[*at].is_ascii_digit()).find_map(|at| digits(text, at)).map(|date| &text[date.place])
    }

    #[test]
    fn dates_in_digits_are_whole() {
        for date in [
            "1903-5-6",
            "1903.05.06",
            "1903年5月6日",
            "1903年 5 月 6日",
            "1903/5/6",
            "19030506",
            "1903年5月",
            "5月6日",
            "4/12/22",
            "04-12-22",
            "12.04.1922",
            "1903-05-06 14:30:25",
            "1903年5月6日、8日",
            "1903-05",
        ] {
            assert_eq!(found(&format!("于{date}，")), Some(date), "{date}");
        }
    }

    #[test]
    fn values_sizes_and_counts_are_no_dates() {
        for text in ["3.5x2x1 cm", "4/12", "2/3/4 nodes", "cea 2013.5ng/ml", "11.2-14.5", "5月余", "3-5天", "12/10hpf", "1.2.3", "2013年", "2013", "8140/3"]
        {
            assert_eq!(found(text), None, "{text}");
        }
    }

    #[test]
    fn english_dates_have_parts() {
        let text = "on april 12th, 1923.";
        let date = english(text, 3..8, 4).unwrap();
        assert_eq!((&text[date.place], date.day.unwrap().0, date.year.unwrap().0), ("april 12th, 1923", 12, 1923));
        let text = "jan 20th '23 and";
        assert_eq!(&text[english(text, 0..3, 1).unwrap().place], "jan 20th '23");
        let text = "12-apr-23, ok";
        assert_eq!(&text[english(text, 3..6, 4).unwrap().place], "12-apr-23");
        assert_eq!(english("may be 5 cm", 0..3, 5), None);
    }

    #[test]
    fn chinese_numerals_are_dates() {
        let text = "签于二〇〇三年五月六日";
        assert_eq!(&text[han(text, text.find('年').unwrap()).unwrap()], "二〇〇三年五月六日");
    }
}
