//! Where categories may stand: cheap looks at the bytes of a text, so that a category is read only where one may begin.

use super::category::prefix_before;
use crate::findings::cursor::Cursor;
use crate::findings::marks::marked;

/// The places where a category may begin, each with whether a letter stands for its digit.
pub(super) fn candidates(bytes: &[u8]) -> impl Iterator<Item = (usize, bool)> {
    let letter = |byte: u8| (byte == b't') | (byte == b'n') | (byte == b'm');
    let before = |byte: u8| {
        let alphabetic = (byte | 0x20).wrapping_sub(b'a') < 26;
        !alphabetic | (byte == b'p') | (byte == b'c') | (byte == b'y') | (byte == b'r') | (byte == b'a') | (byte == b'u')
    };
    let value = |letter: u8, byte: u8| {
        let word = (byte == b'x') | (byte == b'i') | (byte == b'l') | (byte == b'o') | (byte == b'a') & (letter == b't');
        (byte.wrapping_sub(b'0') < 5) | word | (byte == b' ') | (byte == b':') | (byte == b'=') | (byte == b')')
    };
    let places = marked(bytes, |prior, here, next| letter(here) & value(here, next) & before(prior));
    places.into_iter().filter_map(|at| candidate(bytes, at).map(|scanned| (at, scanned)))
}

/// A closer look at what the bytes around a place let stand: a value behind the letter that ends there or goes on with a further
/// category, no word before it. Whether a letter stands for the digit.
fn candidate(bytes: &[u8], at: usize) -> Option<bool> {
    let letter = bytes[at];
    let byte = |at: usize| bytes.get(at).copied().unwrap_or(0);
    let value = (at + 1..at + 7).find(|at| !matches!(byte(*at), b' ' | b':' | b'=' | b')')).unwrap_or(at + 7);
    let parted = value > at + 1;
    let behind = byte(value + 1);
    let further = |byte: u8| !byte.is_ascii_alphabetic() || matches!(byte, b'n' | b'm' | b'l' | b'v' | b'r' | b'g' | b'p' | b'c' | b'y');
    let closed = further(behind);
    // `Tla` for `T1a`, `Tlbl` for `T1b1`
    let subdivided = matches!(behind, b'a'..=b'e') && (further(byte(value + 2)) || byte(value + 2) == b'i');
    let stands = match byte(value) {
        b'0'..=b'4' => true,
        b'i' => closed || subdivided || behind == b's',
        b'o' => closed || subdivided,
        b'x' => closed,
        b'l' => (closed || subdivided) && !parted,
        b'a' => closed && !parted && letter == b't',
        // `T: T2`
        again => parted && again == letter && behind.is_ascii_digit(),
    };
    if !stands {
        return None;
    }
    let begins = match at.checked_sub(1).map(|before| bytes[before]) {
        Some(byte) if byte.is_ascii_digit() => at < 2 || !bytes[at - 2].is_ascii_alphabetic(),
        _ => true,
    };
    let in_situ = letter == b't' && byte(value) == b'i' && behind == b's';
    begins.then_some(matches!(byte(value), b'o' | b'i' | b'l') && !in_situ)
}

/// The letter of the next category within a short gap of blanks, marks and one bracket.
pub(super) fn next_letter(text: &str, from: usize, want: u8) -> Option<usize> {
    let mut cursor = Cursor::new(text, from);
    let mut bracketed = false;
    loop {
        let start = cursor.at;
        cursor.skip(b" \t\r\n,;/.:-|_*&+", 8);
        cursor.word("nos");
        cursor.eat("叒");
        cursor.eat("、");
        if !bracketed && matches!(cursor.peek(0), b'(' | b'[') {
            let close = cursor.rest().bytes().take(40).position(|byte| matches!(byte, b')' | b']'))?;
            cursor.at += close + 1;
            bracketed = true;
        }
        if cursor.at == start {
            break;
        }
        if cursor.at - from > 56 {
            return None;
        }
    }
    for length in 0..=4usize {
        let letter = cursor.at + length;
        if text.as_bytes().get(letter) == Some(&want)
            && let Some((start, _)) = prefix_before(text, letter, from)
            && start <= cursor.at.max(from)
        {
            return Some(letter);
        }
    }
    None
}
