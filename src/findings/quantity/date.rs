//! Dates at a place of a folded text: `2013-5-6`, `2013.5`, `2013年5月6日`, `5月6日`, `7/15`, `12/03/2014`.

/// The length of the date that begins at a byte, if one does.
pub fn date_at(text: &str, at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    let bytes = rest.as_bytes();
    let (first, first_end) = digits(bytes, 0)?;
    let year = first_end == 4 && (1900..=2100).contains(&first);
    let (mark, after) = separator(rest, first_end)?;
    let (second, second_end) = digits(bytes, after)?;
    if year {
        if !(1..=12).contains(&second) || second_end - after > 2 {
            return None;
        }
        let month_end = suffix(rest, second_end, "月");
        return Some(day(rest, month_end, mark, second_end).unwrap_or(month_end));
    }
    if mark == '月' && (1..=12).contains(&first) && (1..=31).contains(&second) && second_end - after <= 2 {
        return Some(suffix(rest, second_end, "日"));
    }
    if mark != '/' || !(1..=31).contains(&first) || !(1..=31).contains(&second) {
        return None;
    }
    let third = bytes.get(second_end).filter(|byte| **byte == b'/').and_then(|_| digits(bytes, second_end + 1));
    third.filter(|(year, end)| (1900..=2100).contains(year) || (end - second_end - 1 == 2)).map(|(_, end)| end)
}

/// The length of the time of day that begins at a byte, if one does: `8 am`, `8:30`, `10:15 p.m.`.
pub fn time_at(text: &str, at: usize) -> Option<usize> {
    let bytes = text.get(at..)?.as_bytes();
    let (hour, mut end) = digits(bytes, 0).filter(|(hour, end)| *hour < 24 && *end <= 2)?;
    let minutes = bytes.get(end).filter(|byte| **byte == b':').and_then(|_| digits(bytes, end + 1)).filter(|(minute, last)| *minute < 60 && last - end == 3);
    end = minutes.map_or(end, |(_, last)| last);
    let rest = text[at + end..].trim_start_matches(' ');
    let half = ["am", "pm", "a.m.", "p.m."]
        .iter()
        .find(|half| rest.strip_prefix(**half).is_some_and(|next| !next.starts_with(|next: char| next.is_ascii_alphanumeric())));
    match half {
        Some(half) if hour <= 12 => Some(bytes.len() - rest.len() + half.len()),
        _ => minutes.map(|_| end),
    }
}

/// The day after a month that ends at `month_end`, or the plain end of the month's digits at `plain_end`.
fn day(rest: &str, month_end: usize, mark: char, plain_end: usize) -> Option<usize> {
    let from = if month_end > plain_end {
        month_end
    } else {
        let (next, after) = separator(rest, plain_end)?;
        if next != mark && mark != '年' {
            return None;
        }
        after
    };
    let (day, end) = digits(rest.as_bytes(), from)?;
    // A day may be glued to a value with a decimal point: the value is not the day.
    ((1..=31).contains(&day) && end - from <= 2).then(|| suffix(rest, suffix(rest, end, "日"), "号"))
}

fn digits(bytes: &[u8], from: usize) -> Option<(u32, usize)> {
    let length = bytes.get(from..)?.iter().take(5).take_while(|byte| byte.is_ascii_digit()).count();
    if length == 0 || length > 4 {
        return None;
    }
    let value = bytes[from..from + length].iter().fold(0, |value, byte| value * 10 + u32::from(byte - b'0'));
    Some((value, from + length))
}

fn separator(rest: &str, at: usize) -> Option<(char, usize)> {
    let mark = rest.get(at..)?.chars().next()?;
    matches!(mark, '-' | '.' | '/' | '年' | '月').then(|| (mark, at + mark.len_utf8()))
}

fn suffix(rest: &str, at: usize, sign: &str) -> usize {
    if rest.get(at..).is_some_and(|rest| rest.starts_with(sign)) { at + sign.len() } else { at }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_day_are_no_values() {
        for time in ["8 am", "8:30", "10:15 p.m.", "23:05"] {
            assert_eq!(time_at(time, 0), Some(time.len()), "{time}");
        }
        for other in ["8 amp", "1:160", "25:10", "8", "12.5", "1:8"] {
            assert_eq!(time_at(other, 0), None, "{other}");
        }
    }

    #[test]
    fn dates_in_their_spellings_have_their_length() {
        for date in ["2013-5-6", "2013.12.16", "2011/3/25", "2013年5月6日", "2013年5月", "5月6日", "2012-9", "12/03/2014"] {
            assert_eq!(date_at(date, 0), Some(date.len()), "{date}");
        }
        for other in ["12.5", "3/29", "7.35-7.45", "120-160", "2306", "5.5.5"] {
            assert_eq!(date_at(other, 0), None, "{other}");
        }
    }
}
