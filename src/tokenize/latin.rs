//! Words of text without Han: UAX#29 word boundaries, and more cuts at underscores (blanks to be filled in) and at a full stop
//! or colon between letters, because reports glue sentences together (`margin.The`). ASCII takes a path of its own that gives the same words.

use unicode_segmentation::UnicodeSegmentation;

use super::Kind;

/// Hands each token's byte range and kind to `push`.
pub fn cut(run: &str, push: &mut (impl FnMut(usize, usize, Kind) + ?Sized)) {
    // A blank ends a word in either path: what is ASCII between blanks is cut as such even where the rest is not.
    let mut start = 0;
    while let Some(rest) = run.get(start..).filter(|rest| !rest.is_empty()) {
        let plain = rest.bytes().position(|byte| !byte.is_ascii()).unwrap_or(rest.len());
        let blank = |byte: &u8| matches!(byte, b' ' | b'\n');
        if plain == rest.len() {
            return ascii(rest.as_bytes(), &mut |from, to, kind| push(start + from, start + to, kind));
        }
        let clean = rest.as_bytes()[..plain].iter().rposition(&blank).map_or(0, |at| at + 1);
        ascii(&rest.as_bytes()[..clean], &mut |from, to, kind| push(start + from, start + to, kind));
        let odd = rest.as_bytes()[plain..].iter().position(blank).map_or(rest.len(), |at| plain + at);
        unicode(rest.get(clean..odd).unwrap_or_default(), &mut |from, to, kind| push(start + clean + from, start + clean + to, kind));
        start += odd;
    }
}

/// What an ASCII byte is to a tokenizer.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sort {
    Blank,
    Sign,
    /// May stand inside a word.
    Joint,
    Digit,
    Letter,
}

const SORTS: [Sort; 256] = {
    let mut sorts = [Sort::Sign; 256];
    let mut at = 0;
    while at < 256 {
        let byte = at as u8;
        sorts[at] = match byte {
            b'\t'..=b'\r' | b' ' => Sort::Blank,
            b'\'' | b'.' | b',' | b';' => Sort::Joint,
            b'0'..=b'9' => Sort::Digit,
            b'a'..=b'z' | b'A'..=b'Z' => Sort::Letter,
            _ => Sort::Sign,
        };
        at += 1;
    }
    sorts
};

fn ascii(bytes: &[u8], push: &mut (impl FnMut(usize, usize, Kind) + ?Sized)) {
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match SORTS[usize::from(*byte)] {
            Sort::Blank => at += 1,
            Sort::Sign | Sort::Joint => {
                push(at, at + 1, Kind::Sign);
                at += 1;
            }
            Sort::Digit | Sort::Letter => {
                let start = at;
                let mut letters = false;
                while let Some(byte) = bytes.get(at) {
                    match SORTS[usize::from(*byte)] {
                        Sort::Letter => letters = true,
                        Sort::Digit => {}
                        Sort::Joint if at > start && joined(bytes, at) => {}
                        _ => break,
                    }
                    at += 1;
                }
                push(start, at, if letters { Kind::Word } else { Kind::Number });
            }
        }
    }
}

/// Whether a sign stands inside a word: an apostrophe between letters, a decimal sign between digits.
fn joined(bytes: &[u8], at: usize) -> bool {
    let (Some(before), Some(after)) = (at.checked_sub(1).and_then(|index| bytes.get(index)), bytes.get(at + 1)) else { return false };
    match bytes[at] {
        b'\'' => (before.is_ascii_alphabetic() && after.is_ascii_alphabetic()) || (before.is_ascii_digit() && after.is_ascii_digit()),
        b'.' | b',' | b';' => before.is_ascii_digit() && after.is_ascii_digit(),
        _ => false,
    }
}

fn unicode(run: &str, push: &mut (impl FnMut(usize, usize, Kind) + ?Sized)) {
    for (start, word) in run.split_word_bound_indices() {
        let mut letters = false;
        let mut digits = false;
        for character in word.chars() {
            letters |= character.is_alphabetic();
            digits |= character.is_numeric();
        }
        if !letters && !digits {
            for (offset, character) in word.char_indices().filter(|(_, character)| !character.is_whitespace()) {
                push(start + offset, start + offset + character.len_utf8(), Kind::Sign);
            }
            continue;
        }
        let mut from = 0;
        let mut before = ' ';
        let mut characters = word.char_indices().peekable();
        while let Some((offset, character)) = characters.next() {
            let after = characters.peek().map_or(' ', |(_, next)| *next);
            if character == '_' || (matches!(character, '.' | ':' | '·') && !(before.is_numeric() && after.is_numeric())) {
                piece(start, word, from, offset, push);
                push(start + offset, start + offset + character.len_utf8(), Kind::Sign);
                from = offset + character.len_utf8();
            }
            before = character;
        }
        piece(start, word, from, word.len(), push);
    }
}

fn piece(start: usize, word: &str, from: usize, to: usize, push: &mut (impl FnMut(usize, usize, Kind) + ?Sized)) {
    let Some(part) = word.get(from..to).filter(|part| !part.is_empty()) else { return };
    let kind = if part.chars().any(char::is_alphabetic) {
        Kind::Word
    } else if part.chars().any(char::is_numeric) {
        Kind::Number
    } else {
        Kind::Sign
    };
    push(start + from, start + to, kind);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn tokens(cut: impl Fn(&mut dyn FnMut(usize, usize, Kind))) -> Vec<(usize, usize, Kind)> {
        let mut out = Vec::new();
        cut(&mut |start, end, kind| out.push((start, end, kind)));
        out
    }

    #[test]
    fn sentences_glued_by_a_full_stop_are_cut_and_decimals_are_not() {
        let text = "margin.the 3.5x2 patient's ck-7";
        let words: Vec<&str> = tokens(|push| cut(text, push)).iter().map(|(start, end, _)| &text[*start..*end]).collect();
        assert_eq!(words, ["margin", ".", "the", "3.5x2", "patient's", "ck", "-", "7"]);
    }

    proptest! {
        #[test]
        fn pieces_between_blanks_are_cut_as_the_whole(text in "[a-c0-2é°\u{301}\u{200d}µ“” \n\r.,:;'_-]{0,24}") {
            prop_assert_eq!(tokens(|push| cut(&text, push)), tokens(|push| unicode(&text, push)));
        }

        #[test]
        fn the_ascii_path_gives_the_words_of_uax_29(text in "[a-c0-2 .,:;'_\"-]{0,24}") {
            prop_assert_eq!(tokens(|push| ascii(text.as_bytes(), push)), tokens(|push| unicode(&text, push)));
        }
    }
}
