//! One category of a TNM group: prefix, letter, value and what stands in brackets behind it.

use crate::findings::cursor::Cursor;
use crate::reading::Reading;
use crate::span::Span;

/// Prefixes as they stand before the letter; what is kept of each.
const PREFIXES: [(&str, &str); 16] = [
    ("tnmp", "p"),
    // The system glued on, as `AJCCpT2`.
    ("jccp", "p"),
    ("iccp", "p"),
    ("ypc", "yp"),
    ("yrp", "yp"),
    ("yp", "yp"),
    ("yc", "yc"),
    ("rp", "rp"),
    ("rc", "r"),
    ("ap", "a"),
    ("p", "p"),
    ("c", "c"),
    ("y", "yp"),
    ("r", "r"),
    ("a", "a"),
    ("u", ""),
];

/// A category that was read.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Category {
    /// `T3a`, `NX`, `M0`.
    pub value: String,
    /// As kept; empty where none is written.
    pub prefix: &'static str,
    /// As written, for telling `c` and `p` from words.
    pub prefixed: bool,
    /// From the prefix to the last bracket.
    pub span: Span,
    /// The place of the letter.
    pub letter: usize,
    /// A letter was read as a digit.
    pub repaired: bool,
    /// A blank or a colon stands between letter and value.
    pub parted: bool,
    /// What stood in brackets.
    pub suffixes: Vec<String>,
}

/// Where the prefix before the letter at `letter` begins, and what is kept of it; `None` inside a word.
///
/// What stands before `floor` belongs to the category before.
pub(super) fn prefix_before(text: &str, letter: usize, floor: usize) -> Option<(usize, &'static str)> {
    let bytes = text.as_bytes();
    let floor = floor.min(letter);
    let run = |end: usize| bytes[floor.min(end)..end].iter().rev().take(4).take_while(|byte| byte.is_ascii_alphabetic()).count();
    let glued = run(letter);
    if glued > 0 {
        return known(text, letter - glued, letter);
    }
    // `p T2`, `P-T3`: one blank or hyphen between.
    if letter > floor + 1 && matches!(bytes[letter - 1], b' ' | b'-') {
        let parted = run(letter - 1);
        if (1..=2).contains(&parted)
            && let Some((start, kept)) = known(text, letter - 1 - parted, letter - 1)
            && matches!(kept, "p" | "yp")
            && text.get(start..letter - 1) != Some("y")
        {
            return Some((start, kept));
        }
    }
    Some((letter, ""))
}

fn known(text: &str, start: usize, end: usize) -> Option<(usize, &'static str)> {
    let written = text.get(start..end)?;
    PREFIXES.iter().find(|(form, _)| *form == written).map(|(_, kept)| (start, *kept))
}

/// Reads the category whose letter stands at `letter`. `loose` allows a letter for a digit and a gap before the value.
pub(super) fn category(reading: &Reading<'_>, letter: usize, floor: usize, loose: bool) -> Option<Category> {
    let text = reading.text();
    let (start, prefix) = prefix_before(text, letter, floor)?;
    let prefixed = start < letter;
    let kind = *text.as_bytes().get(letter)?;
    let mut cursor = Cursor::new(text, letter + 1);
    let parted = gap(&mut cursor, kind);
    if parted && !loose && !prefixed {
        return None;
    }
    let (written, repaired) = base(&mut cursor, kind, !parted || loose)?;
    // A capital L is no one.
    if repaired && cursor.before() == b'l' && reading.is_upper(cursor.at - 1) {
        return None;
    }
    let mut value = String::with_capacity(4);
    value.push(kind.to_ascii_uppercase() as char);
    value.push_str(written);
    if value.len() == 2 && value.as_bytes()[1].is_ascii_digit() {
        letters(&mut cursor, kind, prefix, &mut value);
    }
    let mut suffixes = Vec::new();
    while let Some(suffix) = bracket(&mut cursor) {
        suffixes.push(suffix);
    }
    if !ends(&cursor) || (parted && (counts(&cursor) || (kind == b'n' && goes_on(reading, letter, &cursor)))) {
        return None;
    }
    // `utilise`: the letter of ultrasound needs a digit.
    if repaired && text.get(start..letter) == Some("u") {
        return None;
    }
    Some(Category { value, prefix, prefixed, span: Span::new(start, cursor.at), letter, repaired, parted, suffixes })
}

/// Blank, colon, closing bracket between letter and value; whether there was one. `T: T2` repeats the letter.
fn gap(cursor: &mut Cursor<'_>, kind: u8) -> bool {
    let start = cursor.at;
    cursor.skip(b")", 1);
    cursor.skip(b" ", 1);
    if cursor.skip(b":=", 1) == 1 {
        cursor.skip(b" ", 2);
        if cursor.peek(0) == kind && cursor.peek(1).is_ascii_digit() {
            cursor.at += 1;
        }
    }
    cursor.at > start
}

/// How a value begins, and whether a letter stood for its digit.
fn base(cursor: &mut Cursor<'_>, kind: u8, glued: bool) -> Option<(&'static str, bool)> {
    let highest = match kind {
        b't' => b'4',
        b'n' => b'3',
        _ => b'1',
    };
    let byte = cursor.peek(0);
    let (written, repaired) = match byte {
        b'0'..=b'4' if byte <= highest => (["0", "1", "2", "3", "4"][usize::from(byte - b'0')], false),
        b'x' => ("X", false),
        b'i' if kind == b't' && cursor.peek(1) == b's' => {
            cursor.at += 2;
            return Some(("is", false));
        }
        b'a' if kind == b't' && glued => ("a", false),
        b'o' if glued => ("0", true),
        b'i' | b'l' if glued => ("1", true),
        _ => return None,
    };
    cursor.at += 1;
    Some((written, repaired))
}

/// `a`, `1a`, `b2`, `mi` behind a digit, also pushed away by one blank.
fn letters(cursor: &mut Cursor<'_>, kind: u8, prefix: &str, value: &mut String) {
    let mut next = *cursor;
    let pushed = next.skip(b" ", 1) == 1;
    if next.eat("mi") {
        if !next.peek(0).is_ascii_alphanumeric() && !(pushed && next.peek(0) == b'-') {
            value.push_str("mi");
            *cursor = next;
        }
        return;
    }
    let byte = next.peek(0);
    if !matches!(byte, b'a'..=b'e') {
        return;
    }
    next.at += 1;
    let part = match next.peek(0) {
        digit @ b'1'..=b'3' => digit,
        b'l' | b'i' if matches!(byte, b'a' | b'b') => b'1',
        _ => 0,
    };
    if kind == b't' && part > 0 {
        let mut after = next;
        after.at += 1;
        if ends(&after) {
            value.push(byte as char);
            value.push(part as char);
            *cursor = after;
            return;
        }
    }
    // `cT2 cN1`, `cT2cN1`: the prefix of the next category.
    if starts_category(&next) && (pushed || (byte == b'c' && matches!(prefix, "c" | "yc"))) {
        return;
    }
    let mut after = next;
    after.skip(b" ", 3);
    let closed = matches!(after.peek(0), b',' | b';' | b')' | b'/' | b'.' | b'\n' | b'\r' | b']' | b'^' | 0) || starts_category(&after);
    // `T3a/b`: which of the two is left open.
    if !pushed && next.peek(0) == b'/' && matches!(next.peek(1), b'a'..=b'd') && !next.peek(2).is_ascii_alphanumeric() {
        next.at += 2;
        *cursor = next;
        return;
    }
    if if pushed { closed } else { ends(&next) } {
        value.push(byte as char);
        *cursor = next;
    }
}

/// Whether a number goes on as a count: `pN): 2 of 13`, `N: 2/13`.
fn counts(cursor: &Cursor<'_>) -> bool {
    let mut next = *cursor;
    next.blanks(2);
    next.eat("of ") || next.eat("out of ") || (next.skip(b"/", 1) == 1 && next.peek(0).is_ascii_digit())
}

/// Whether a digit behind a colon is the number of something: `pN): 1 node was found`.
fn goes_on(reading: &Reading<'_>, letter: usize, cursor: &Cursor<'_>) -> bool {
    let marked = reading.text().get(letter..cursor.at).is_some_and(|words| words.contains(':'));
    let mut next = *cursor;
    marked
        && cursor.before().is_ascii_digit()
        && next.blanks(1) == 1
        && next.peek(0).is_ascii_alphabetic()
        && next.peek(1).is_ascii_alphabetic()
        && !starts_category(&next)
}

/// `(sn)`, `(i+)`, `(mol-)`, `(m)`, `(3)`, `[i-]`.
fn bracket(cursor: &mut Cursor<'_>) -> Option<String> {
    let mut next = *cursor;
    next.skip(b" ", 1);
    if next.skip(b"([", 1) == 0 {
        return None;
    }
    let inner = next.rest();
    let close = inner.bytes().take(7).position(|byte| matches!(byte, b')' | b']'))?;
    let written = inner.get(..close)?.trim();
    let known = matches!(written, "sn" | "i+" | "i-" | "mol+" | "mol-" | "mi" | "m" | "dcis" | "s" | "f" | "is")
        || (written.len() == 1 && written.as_bytes()[0].is_ascii_digit());
    if !known {
        return None;
    }
    cursor.at = next.at + close + 1;
    Some(written.to_string())
}

/// Whether a value may end here: no letter or digit goes on, unless a further category does.
fn ends(cursor: &Cursor<'_>) -> bool {
    let byte = cursor.peek(0);
    if byte.is_ascii_alphabetic() {
        return starts_category(cursor) || starts_group(cursor);
    }
    !(byte.is_ascii_digit() || byte == b'%' || (byte == b'.' && cursor.peek(1).is_ascii_digit()) || (byte == b'-' && cursor.peek(1).is_ascii_alphabetic()))
}

/// Whether a further category begins here, as the `n1` of `t3an1`, or one that cannot be read, as the `nq` of `t3anq`.
fn starts_category(cursor: &Cursor<'_>) -> bool {
    let mut next = *cursor;
    for _ in 0..3 {
        if matches!(next.peek(0), b'p' | b'c' | b'y') {
            next.at += 1;
        }
    }
    let (value, behind) = (next.peek(1), next.peek(2));
    let parted = value == b' ' && (behind.is_ascii_digit() || (matches!(behind, b'x' | b'i' | b'l' | b'o') && !next.peek(3).is_ascii_alphanumeric()));
    match next.peek(0) {
        b'n' | b'm' => {
            value.is_ascii_digit()
                || matches!(value, b'+' | b'-')
                || (matches!(value, b'x' | b'o' | b'i' | b'l') && (!behind.is_ascii_alphabetic() || matches!(behind, b'm' | b'p' | b'c')))
                || (value.is_ascii_alphabetic() && !behind.is_ascii_alphanumeric() && matches!(cursor.before(), b'0'..=b'4' | b'a'..=b'd'))
                || parted
        }
        b'l' | b'v' | b'r' | b'g' => {
            value.is_ascii_digit()
                || (matches!(value, b'x' | b'o' | b'i' | b'l') && !behind.is_ascii_alphabetic())
                || (parted && behind != b'i' && behind != b'l')
        }
        _ => false,
    }
}

/// Whether a stage group is glued on, as the `iiic` of `m0iiic期`.
fn starts_group(cursor: &Cursor<'_>) -> bool {
    let roman = (0..4).take_while(|ahead| matches!(cursor.peek(*ahead), b'i' | b'v')).count();
    let letter = usize::from(matches!(cursor.peek(roman), b'a'..=b'c'));
    roman > 0 && !cursor.peek(roman + letter).is_ascii_alphabetic() && cursor.before().is_ascii_digit()
}
