//! One number: digits with a decimal point or comma, thousands, an OCR engine's letter O for zero and blanks around the point.

use crate::span::Span;

/// A number read.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Number {
    /// Its value.
    pub value: f64,
    /// Its place in the folded text.
    pub span: Span,
    /// A letter was read as a digit, or a blank inside was passed over.
    pub repaired: bool,
}

/// Digits of a number at the most; more are no measurement.
const LONGEST: usize = 12;

/// The number that begins at a byte of a folded text. `comma_is_decimal` says whether a comma may stand for a decimal point or thousands;
/// a full-width comma never does (`wide_comma` tells one by its byte).
pub fn number_at(text: &str, at: usize, wide_comma: impl Fn(usize) -> bool) -> Option<Number> {
    let bytes = text.as_bytes();
    let byte = |index: usize| bytes.get(index).copied().unwrap_or(0);
    let digit = |index: usize| byte(index).is_ascii_digit();
    let mut digits = String::with_capacity(16);
    let mut repaired = false;
    let mut point = false;
    let mut end = at;
    if !(digit(at) || (byte(at) == b'.' && digit(at + 1)) || (byte(at) == b'o' && byte(at + 1) == b'.' && digit(at + 2))) {
        return None;
    }
    while digits.len() <= LONGEST {
        match byte(end) {
            b'0'..=b'9' => {
                digits.push(char::from(byte(end)));
                end += 1;
            }
            b'o' if zero_for_o(bytes, at, end) => {
                digits.push('0');
                repaired = true;
                end += 1;
            }
            b'.' if !point && (digit(end + 1) || (byte(end + 1) == b'o' && !byte(end + 2).is_ascii_alphabetic())) => {
                digits.push('.');
                point = true;
                end += 1;
            }
            // `8·4`, as some journals print it; `3·10^9` is a product.
            0xC2 if !point
                && byte(end + 1) == 0xB7
                && digit(end + 2)
                && !(byte(end + 2) == b'1' && byte(end + 3) == b'0' && !byte(end + 4).is_ascii_whitespace()) =>
            {
                digits.push('.');
                point = true;
                end += 2;
            }
            b'.' if !point && byte(end + 1) == b' ' && digit(end + 2) && !pushed_list(bytes, end + 2) => {
                digits.push('.');
                (point, repaired) = (true, true);
                end += 2;
            }
            b' ' if !point && byte(end + 1) == b'.' && digit(end + 2) => {
                digits.push('.');
                (point, repaired) = (true, true);
                end += 2;
            }
            b' ' if !point && digits.len() <= 3 && !digits.starts_with('0') && counted_group(bytes, end) => {
                digits.extend(bytes[end + 1..end + 4].iter().map(|byte| char::from(*byte)));
                end += 4;
            }
            b',' if !point && digit(end + 1) && !wide_comma(end) => {
                let group = (1..=4).take_while(|step| digit(end + step)).count();
                if group == 3 && digits.len() <= 3 && !digits.starts_with('0') {
                    end += 1;
                    digits.extend(bytes[end..end + 3].iter().map(|byte| char::from(*byte)));
                    end += 3;
                } else if group <= 2 || digits == "0" {
                    digits.push('.');
                    point = true;
                    end += 1;
                } else {
                    break;
                }
            }
            _ => break,
        }
    }
    if digits.len() > LONGEST || (byte(end) == b'.' && digit(end + 1)) {
        return None;
    }
    // `4.5010^12/l`: the ten belongs to the unit.
    let exponent = matches!(byte(end), b'^' | b'~') || (byte(end) == b'e' && digit(end + 1));
    if exponent && digits.ends_with("10") {
        let kept = &digits[..digits.len() - 2];
        if kept.is_empty() {
            return None;
        }
        if !kept.ends_with('.') {
            end -= 2;
            digits.truncate(digits.len() - 2);
        }
    }
    let value: f64 = digits.parse().ok()?;
    Some(Number { value, span: Span::new(at, end), repaired })
}

/// A letter O between or before digits, and no word around it.
fn zero_for_o(bytes: &[u8], start: usize, at: usize) -> bool {
    let before = at > start && (bytes[at - 1].is_ascii_digit() || bytes[at - 1] == b'.' || bytes[at - 1] == b'o');
    let next = bytes.get(at + 1).copied().unwrap_or(b' ');
    (before && (!next.is_ascii_alphabetic() || next == b'o')) || (at == start && next == b'.')
}

/// `44 000 platelets/ml`: a blank before three digits separates thousands where a count per volume follows.
fn counted_group(bytes: &[u8], at: usize) -> bool {
    let digits = bytes[at + 1..].iter().take(4).take_while(|byte| byte.is_ascii_digit()).count();
    let unit = bytes.get(at + 4..).unwrap_or(&[]).trim_ascii_start();
    let letters = unit.iter().take(12).take_while(|byte| byte.is_ascii_alphabetic()).count();
    digits == 3 && unit.get(letters) == Some(&b'/') && (letters == 0 || letters > 3)
}

/// `1. 4` may be a point pushed away or the number of a list: a digit run followed by a point again is a list or a version.
fn pushed_list(bytes: &[u8], at: usize) -> bool {
    let length = bytes[at..].iter().take(4).take_while(|byte| byte.is_ascii_digit()).count();
    bytes.get(at + length) == Some(&b'.') || length > 2
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<(f64, usize)> {
        number_at(text, 0, |_| false).map(|number| (number.value, number.span.end))
    }

    #[test]
    fn numbers_in_their_spellings() {
        assert_eq!(read("12,500/ul"), Some((12500.0, 6)));
        assert_eq!(read("44 000 platelets/ml"), Some((44000.0, 6)));
        assert_eq!(read("44 000 mg"), Some((44.0, 2)));
        assert_eq!(read("9,11mmol"), Some((9.11, 4)));
        assert_eq!(read("0,69"), Some((0.69, 4)));
        assert_eq!(read("1o5 g/l"), Some((105.0, 3)));
        assert_eq!(read("1. 4 x 2"), Some((1.4, 4)));
        assert_eq!(read("4.5010^12/l"), Some((4.5, 4)));
        assert_eq!(read("21.48^9/l"), Some((21.48, 5)));
        assert_eq!(read("5.10"), Some((5.1, 4)));
        assert_eq!(read("8·4 g/dl"), Some((8.4, 4)));
        assert_eq!(read("3·10^9/l"), Some((3.0, 1)));
        assert_eq!(read("2.5.1"), None);
        assert_eq!(read(&"9".repeat(1_000_000)), None);
        assert_eq!(number_at("318,100", 0, |_| true).map(|number| number.value), Some(318.0));
    }
}
