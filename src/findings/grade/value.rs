//! The value of a grade: digits, Roman numerals, words, ranges; sums of parts.

use crate::findings::cursor::Cursor;

/// Over a colon, `is`, a short bracket and the like between a head and its value.
pub(super) fn skip_label(cursor: &mut Cursor<'_>) {
    for _ in 0..8 {
        let start = cursor.at;
        cursor.skip(b" \t\r\n:=.,-_*#", 4);
        for word in
            ["is", "of", "tumor", "tumour", "histologic", "nuclear", "equals", "was", "overall", "for", "the", "pattern", "为", "score", "highest", "worst"]
        {
            cursor.word(word);
        }
        if matches!(cursor.peek(0), b'(' | b'[') && cursor.peek(1).is_ascii_alphabetic() && !(cursor.peek(1) == b'g' && cursor.peek(2).is_ascii_digit()) {
            let close = cursor.rest().bytes().take(64).position(|byte| matches!(byte, b')' | b']'));
            let inner = close.and_then(|close| cursor.rest().get(1..close)).unwrap_or("");
            let numeral = inner.bytes().take_while(|byte| matches!(byte, b'i' | b'v')).count();
            if numeral == 0 || inner.as_bytes().get(numeral).is_some_and(u8::is_ascii_alphabetic) {
                cursor.at += close.map_or(0, |close| close + 1);
            }
        }
        if cursor.at == start {
            break;
        }
    }
    // The value itself may stand in brackets.
    if matches!(cursor.peek(0), b'(' | b'[') && (cursor.peek(1).is_ascii_digit() || matches!(cursor.peek(1), b'i' | b'g')) {
        cursor.at += 1;
    }
}

/// `2`, `ii`, `gii`, `2-3`, `ii to iii`, with `/3` or `of 4` behind; `low`, `high`.
pub(super) fn value(cursor: &mut Cursor<'_>) -> Option<String> {
    for (word, kept) in [("high", "high"), ("low", "low"), ("intermediate", "intermediate"), ("moderate", "intermediate")] {
        if cursor.word(word) {
            return Some(kept.to_string());
        }
    }
    for (word, kept) in [("高级别", "high"), ("低级别", "low")] {
        if cursor.eat(word) {
            return Some(kept.to_string());
        }
    }
    let mut next = *cursor;
    next.word("grade");
    next.blanks(2);
    if next.peek(0) == b'g' && (next.peek(1).is_ascii_digit() || matches!(next.peek(1), b'i' | b'l')) {
        next.at += 1;
    }
    let mut first = numeral(&mut next)?;
    // `grade I II`: a numeral that scanning broke.
    let mut broken = next;
    if first == 1 && broken.blanks(3) > 0 && broken.rest().starts_with("ii") && numeral(&mut broken) == Some(2) {
        (first, next) = (3, broken);
    }
    *cursor = next;
    let mut range = next;
    range.blanks(2);
    let joined = if range.peek(0) == b'-' || range.peek(0) == b'~' {
        range.at += 1;
        true
    } else {
        range.word("to") || range.eat("至") || range.eat("到")
    };
    if joined {
        range.blanks(2);
        range.word("grade");
        range.blanks(2);
        if range.peek(0) == b'g' && range.peek(1).is_ascii_digit() {
            range.at += 1;
        }
        if let Some(second) = numeral(&mut range).filter(|second| *second > first) {
            *cursor = range;
            over_scale(cursor);
            return Some(format!("{first}-{second}"));
        }
    }
    over_scale(cursor);
    Some(first.to_string())
}

/// `/3`, `of iv`, `out of 3` behind a value.
fn over_scale(cursor: &mut Cursor<'_>) {
    let mut next = *cursor;
    next.skip(b" (", 2);
    next.word("out");
    next.skip(b" ", 1);
    if next.peek(0) == b'/' {
        next.at += 1;
    } else if !next.word("of") {
        return;
    }
    next.skip(b" ", 1);
    let scale = next.peek(0);
    if scale.is_ascii_digit() || numeral(&mut { next }).is_some() {
        if scale.is_ascii_digit() {
            next.integer();
        } else {
            numeral(&mut next);
        }
        next.skip(b")", 1);
        *cursor = next;
    }
}

/// A digit from 1 to 4 or a Roman numeral, also as scanners read it (`ll`, `1v`).
fn numeral(cursor: &mut Cursor<'_>) -> Option<u32> {
    let run = (0..5).take_while(|ahead| matches!(cursor.peek(*ahead), b'i' | b'l' | b'v' | b'0'..=b'9')).count();
    let after = cursor.peek(run);
    if run == 0 || after.is_ascii_alphabetic() {
        return None;
    }
    let written = cursor.rest().get(..run)?;
    let value = match written {
        "1" | "i" | "l" => 1,
        "2" | "ii" | "ll" | "il" | "li" | "11" | "1i" | "i1" => 2,
        "3" | "iii" | "lll" | "lii" | "iil" | "ili" | "111" | "ill" | "lil" | "lli" => 3,
        "4" | "iv" | "lv" | "1v" => 4,
        _ => return None,
    };
    let mut next = *cursor;
    next.at += run;
    let measured = {
        let mut unit = next;
        unit.skip(b" ", 1);
        unit.word("cm") || unit.word("mm") || unit.peek(0) == b'%' || unit.word("x")
    };
    if measured || (after == b'.' && next.peek(1).is_ascii_digit()) || (after == b',' && decimal(&next)) || after == b'+' {
        return None;
    }
    *cursor = next;
    Some(value)
}

/// Whether the comma at a cursor is a decimal one: `G1,3.2cm` goes on with another number.
fn decimal(cursor: &Cursor<'_>) -> bool {
    let digits = cursor.rest().bytes().skip(1).take(4).take_while(u8::is_ascii_digit).count();
    digits > 0 && !matches!(cursor.peek(1 + digits), b'.' | b'*' | b'x')
}

/// The value that ends at `end`, as before `级`.
pub(super) fn value_before(text: &str, end: usize) -> Option<(usize, String)> {
    let bytes = text.as_bytes();
    let run = bytes[..end].iter().rev().take(10).take_while(|byte| matches!(byte, b'i' | b'v' | b'g' | b'1'..=b'4' | b'-' | b'~' | b' ')).count();
    let mut longest = None;
    for start in end - run..end {
        let glued = start > 0 && (bytes[start - 1].is_ascii_alphanumeric() || matches!(bytes[start - 1], b'/' | b'.'));
        let mut cursor = Cursor::new(text, start);
        cursor.skip(b"g", 1);
        if !glued
            && !matches!(bytes[start], b' ' | b'-' | b'~')
            && let Some(grade) = value(&mut cursor)
            && cursor.at == end
        {
            longest = Some((start, grade));
            break;
        }
    }
    if longest.is_none() {
        for (word, first, second) in [("二", "2", ""), ("三", "3", ""), ("一", "1", ""), ("二-三", "2", "3"), ("一-二", "1", "2")] {
            if text.get(..end).is_some_and(|before| before.ends_with(word)) {
                let grade = if second.is_empty() { first.to_string() } else { format!("{first}-{second}") };
                longest = Some((end - word.len(), grade));
            }
        }
    }
    longest
}

/// A sum of 3 to 9 behind a word of score: its value and where it ends.
pub(super) fn sum(text: &str, at: usize) -> Option<(u32, usize)> {
    let mut cursor = Cursor::new(text, at);
    for _ in 0..4 {
        cursor.skip(b" \r\n:=.-(,", 3);
        for word in ["is", "of", "total", "score", "grade"] {
            cursor.word(word);
        }
    }
    let total = cursor.integer().filter(|total| (3..=9).contains(total))?;
    let end = cursor.at;
    // `3级(3+3+2=8分)`: the grade itself, and no sum.
    if cursor.rest().starts_with('级') {
        return None;
    }
    let mut next = cursor;
    next.skip(b" (", 2);
    next.word("out");
    next.skip(b" ", 1);
    let of_nine = (next.eat("/") || next.word("of")) && {
        next.skip(b" ", 1);
        next.peek(0) == b'9'
    };
    let added = parts(text.get(end..text.len().min(end + 24)).unwrap_or("")).is_some();
    if cursor.peek(0) == b'.' && cursor.peek(1).is_ascii_digit() {
        return None;
    }
    if of_nine || added || total > 4 { Some((total, if of_nine { next.at + 1 } else { end })) } else { None }
}

/// The grade that a Nottingham sum means.
pub(super) fn from_sum(total: u32) -> Option<&'static str> {
    match total {
        3..=5 => Some("1"),
        6 | 7 => Some("2"),
        8 | 9 => Some("3"),
        _ => None,
    }
}

/// `3+3+2`, `(tubules 3, nuclei 3, mitoses 2)`: the parts of a sum.
pub(super) fn parts(text: &str) -> Option<[u32; 3]> {
    summed(text).or_else(|| named(text))
}

/// Three items in brackets, each a name and a number of 1 to 3.
fn named(text: &str) -> Option<[u32; 3]> {
    let inside = &text[text.find('(')? + 1..];
    let mut items = inside.split([',', ';', ')']).map(|item| {
        let item = item.trim_start();
        let at = item.find(|character: char| character.is_ascii_digit()).filter(|_| item.starts_with(|first: char| first.is_alphabetic()))?;
        let (name, digits) = item.split_at(at);
        let plain = name.chars().all(|character| character.is_alphabetic() || matches!(character, ' ' | '=' | ':' | '-'));
        let value = digits.bytes().next().filter(|digit| (b'1'..=b'3').contains(digit))?;
        (plain && !digits[1..].starts_with(|next: char| next.is_ascii_digit() || next == '.')).then(|| u32::from(value - b'0'))
    });
    Some([items.next()??, items.next()??, items.next()??])
}

/// `3+3+2`.
fn summed(text: &str) -> Option<[u32; 3]> {
    let mut digits = text.bytes().filter(|byte| !byte.is_ascii_whitespace());
    let window: Vec<u8> = digits.by_ref().take(200).collect();
    window.windows(5).find_map(|five| match five {
        [a @ b'1'..=b'3', b'+', b @ b'1'..=b'3', b'+', c @ b'1'..=b'3'] => Some([u32::from(a - b'0'), u32::from(b - b'0'), u32::from(c - b'0')]),
        _ => None,
    })
}
