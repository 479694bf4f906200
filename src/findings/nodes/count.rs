//! Counts as reports write them: digits, English words (`twenty-four`), both (`two (2)`), Roman numerals, and digits a scan misread.

/// A count that begins at `text`'s start after blanks: value and length read.
pub(super) fn leading(text: &str) -> Option<(u32, usize)> {
    let blanks = text.len() - text.trim_start_matches([' ', '\n', '\r', '\t']).len();
    let rest = &text[blanks..];
    if let Some((value, length)) = digits(rest) {
        return Some((value, blanks + length));
    }
    let (value, length) = words(rest)?;
    // `two (2)`: the digits repeat the word.
    let after = &rest[length..];
    let open = after.len() - after.trim_start_matches([' ', '\n']).len();
    if let Some(inside) = after[open..].strip_prefix('(')
        && let Some((_, digits)) = digits(inside)
        && inside[digits..].starts_with(')')
    {
        return Some((value, blanks + length + open + 1 + digits + 1));
    }
    Some((value, blanks + length))
}

/// Up to three digits that no letter, point or further digit follows.
fn digits(text: &str) -> Option<(u32, usize)> {
    let length = text.bytes().take_while(u8::is_ascii_digit).count();
    let next = text.as_bytes().get(length);
    let clean = (1..=3).contains(&length) && !next.is_some_and(|byte| byte.is_ascii_alphabetic() || *byte == b'%') && !decimal(text, length);
    if clean { text[..length].parse().ok().map(|value| (value, length)) } else { None }
}

fn decimal(text: &str, length: usize) -> bool {
    text[length..].starts_with('.') && text.as_bytes().get(length + 1).is_some_and(u8::is_ascii_digit)
}

const UNITS: [(&str, u32); 23] = [
    ("seventeen", 17),
    ("thirteen", 13),
    ("fourteen", 14),
    ("eighteen", 18),
    ("nineteen", 19),
    ("fifteen", 15),
    ("sixteen", 16),
    ("eleven", 11),
    ("twelve", 12),
    ("single", 1),
    ("three", 3),
    ("seven", 7),
    ("eight", 8),
    ("zero", 0),
    ("four", 4),
    ("five", 5),
    ("nine", 9),
    ("none", 0),
    ("one", 1),
    ("two", 2),
    ("six", 6),
    ("ten", 10),
    ("no", 0),
];

const TENS: [(&str, u32); 9] =
    [("twenty", 20), ("thirty", 30), ("fourty", 40), ("forty", 40), ("fifty", 50), ("sixty", 60), ("seventy", 70), ("eighty", 80), ("ninety", 90)];

fn words(text: &str) -> Option<(u32, usize)> {
    // No other words of numbers begin so.
    if !matches!(
        text.as_bytes(),
        [b'n', b'o', ..]
            | [b't', b'e' | b'h' | b'w', ..]
            | [b'f', b'o' | b'i', ..]
            | [b's', b'e' | b'i', ..]
            | [b'e', b'i' | b'l', ..]
            | [b'n', b'i', ..]
            | [b'o', b'n', ..]
            | [b'z', b'e', ..]
    ) || matches!(text.as_bytes(), [b't', b'h', b'e' | b'a', ..] | [b'f', b'o', b'r', b' ', ..])
    {
        return None;
    }
    for (name, value) in TENS {
        if let Some(rest) = text.strip_prefix(name) {
            let gap = rest.len() - rest.trim_start_matches([' ', '-', '\n']).len();
            let unit = UNITS.iter().find(|(word, unit)| (1..=9).contains(unit) && rest[gap..].starts_with(word) && ends(&rest[gap + word.len()..]));
            return match unit {
                Some((word, unit)) => Some((value + unit, name.len() + gap + word.len())),
                None => ends(rest).then_some((value, name.len())),
            };
        }
    }
    let length = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    UNITS.iter().find(|(name, _)| name.len() == length && text.strip_prefix(name).is_some_and(ends)).map(|(name, value)| (*value, name.len()))
}

fn ends(rest: &str) -> bool {
    !rest.bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric())
}

/// The digits that end right before the end of `text`: value and where they begin. A letter O alone is a zero, `l` and `i` are ones.
pub(super) fn trailing(text: &str) -> Option<(u32, usize)> {
    let head = text.trim_end_matches([' ', '\n', '\r']);
    let start = head.len() - head.bytes().rev().take_while(|byte| byte.is_ascii_digit() || matches!(byte, b'o' | b'l' | b'i' | b'|')).count();
    scanned(&head[start..])
        .filter(|_| {
            head[..start].ends_with("ln")
                || head[..start].ends_with("lnm")
                || !head[..start].ends_with(|before: char| before.is_ascii_alphanumeric() || before == '.')
        })
        .map(|value| (value, start))
}

/// The digits at the start of `text`, scanned ones too.
pub(super) fn leading_digits(text: &str) -> Option<(u32, usize)> {
    let blanks = text.len() - text.trim_start_matches([' ', ',', '\n', '\r']).len();
    let rest = &text[blanks..];
    let length = rest.bytes().take_while(|byte| byte.is_ascii_digit() || matches!(byte, b'o' | b'l' | b'|')).count();
    // `3/12LN`: the letter begins the word.
    if rest[..length].ends_with('l') && length > 1 && rest[length..].starts_with('n') {
        return scanned(&rest[..length - 1]).map(|value| (value, blanks + length - 1));
    }
    let clean = !rest.as_bytes().get(length).is_some_and(u8::is_ascii_alphabetic) && !decimal(rest, length);
    scanned(&rest[..length]).filter(|_| clean).map(|value| (value, blanks + length))
}

fn scanned(digits: &str) -> Option<u32> {
    if digits.is_empty() || digits.len() > 3 {
        return None;
    }
    if !digits.bytes().any(|byte| byte.is_ascii_digit()) && digits != "o" && digits != "l" {
        return None;
    }
    let read: String = digits
        .chars()
        .map(|character| match character {
            'o' => '0',
            'l' | 'i' | '|' => '1',
            other => other,
        })
        .collect();
    read.parse().ok()
}

/// A Roman numeral below a hundred.
pub(super) fn roman(text: &str) -> Option<u32> {
    if text.is_empty() || text.len() > 7 {
        return None;
    }
    let mut total = 0i64;
    let mut previous = 0i64;
    for byte in text.bytes().rev() {
        let value = match byte {
            b'i' | b'l' => 1,
            b'v' => 5,
            b'x' => 10,
            _ => return None,
        };
        total += if value < previous { -value } else { value };
        previous = previous.max(value);
    }
    u32::try_from(total).ok().filter(|total| (1..100).contains(total))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_digits_and_both() {
        assert_eq!(leading("twenty-four lymph nodes"), Some((24, 11)));
        assert_eq!(leading("two (2) lymph"), Some((2, 7)));
        assert_eq!(leading("15 nodes"), Some((15, 2)));
        assert_eq!(leading("onerous"), None);
        assert_eq!(leading("3.5 cm"), None);
    }

    #[test]
    fn scanned_and_roman() {
        assert_eq!(trailing("nodes (o"), Some((0, 7)));
        assert_eq!(roman("xix"), Some(19));
        assert_eq!(roman("viii"), Some(8));
        assert_eq!(roman("vex"), None);
    }
}
