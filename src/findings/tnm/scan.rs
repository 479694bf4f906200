//! Where categories may stand: cheap looks at the bytes of a text, so that a category is read only where one may begin.

use super::category::prefix_before;
use crate::findings::cursor::Cursor;

/// Of each byte: whether it is one of the letters (1), may follow one (2), may stand before one (4).
const LOOK: [u8; 256] = {
    let mut look = [0; 256];
    let mut at = 0;
    while at < 256 {
        let byte = at as u8;
        look[at] = matches!(byte, b't' | b'n' | b'm') as u8
            | ((matches!(byte, b'0'..=b'4' | b'x' | b'i' | b'l' | b'o' | b'a' | b' ' | b':' | b'=' | b')') as u8) << 1)
            | ((!byte.is_ascii_alphabetic() || matches!(byte, b'p' | b'c' | b'y' | b'r' | b'a' | b'u')) as u8 * 4);
        at += 1;
    }
    look
};

/// The first place from `from` on where a category may begin.
pub(super) fn next_candidate(bytes: &[u8], from: usize) -> Option<usize> {
    let mut before = from.checked_sub(1).map_or(0, |before| bytes[before]);
    for (at, pair) in bytes.windows(2).enumerate().skip(from) {
        let [here, next] = pair else { continue };
        if LOOK[usize::from(*here)] & LOOK[usize::from(*next)] >> 1 & LOOK[usize::from(before)] >> 2 & 1 != 0 && candidate(bytes, at) {
            return Some(at);
        }
        before = *here;
    }
    None
}

/// A closer look at what the bytes around a place let stand: a value behind the letter that ends there or goes on with a further
/// category, no word before it.
fn candidate(bytes: &[u8], at: usize) -> bool {
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
        return false;
    }
    match at.checked_sub(1).map(|before| bytes[before]) {
        Some(byte) if byte.is_ascii_alphabetic() => true,
        Some(byte) => !byte.is_ascii_digit() || at < 2 || !bytes[at - 2].is_ascii_alphabetic(),
        None => true,
    }
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
