//! A text in its plain form: lower case, half-width, one spelling of signs, simplified Han. Every grammar and every
//! dictionary reads this form; spans found in it are carried back, so that evidence always points at the words as written.
//!
//! Rules: ASCII lower-cased; full-width forms to ASCII; superscript digits to `^` and digits (`10⁹` to `10^9`); Roman
//! numeral signs to letters; dashes, crosses, quotes, micro signs and blanks to one sign each; traditional Han to
//! simplified by `corpora/lexicon/han/variants.tsv`; words grown together where a line ended (`specifiedMargins`) get a
//! blank. It does not correct: a letter O for a zero stays one.

use std::borrow::Cow;

use crate::span::Span;

// The script that builds the lexicon reads this file too, from elsewhere.
#[path = "fold/seam.rs"]
mod seam;

use self::seam::seams;

/// A folded text and the way back to the original.
#[derive(Debug, Clone, Default)]
pub struct Folded {
    text: String,
    /// For each byte of `text`, the original byte offset of the character it came from, and the original length at the
    /// end; `None` where all offsets are their own.
    origin: Option<Vec<u32>>,
}

impl Folded {
    /// Folds a text. Texts above 4 GiB are not meant for it: their offsets would not fit.
    pub fn new(original: &str) -> Self {
        let plain = original.bytes().fold(true, |plain, byte| plain & matches!(byte, 1..0x80));
        let seams = seams(original.as_bytes());
        if plain && seams.is_empty() {
            return Self { text: original.to_ascii_lowercase(), origin: None };
        }
        Self::mapped(original, &seams)
    }

    /// Folds run by run, and parts words at the seams.
    fn mapped(original: &str, seams: &[usize]) -> Self {
        let (text, origin) = (String::with_capacity(original.len() + seams.len()), Vec::with_capacity(original.len() + seams.len() + 1));
        let mut folder = Folder { text, origin, raised: false, zeros: original.contains('\0') };
        let mut seams = seams.iter().copied().peekable();
        let mut at = 0usize;
        while at < original.len() {
            let until = seams.peek().copied().unwrap_or(original.len());
            let rest = &original[at..until];
            at += match (ascii_ahead(rest.as_bytes()), plain_han(rest.as_bytes())) {
                (0, 0) => {
                    let Some(character) = rest.chars().next() else { break };
                    folder.character(character, at);
                    character.len_utf8()
                }
                (0, run) => {
                    folder.plain_han(&rest[..run], at);
                    run
                }
                (run, _) => {
                    folder.ascii(&rest[..run], at);
                    run
                }
            };
            if at == until && seams.next().is_some() {
                folder.push(" ", at - 1);
            }
        }
        folder.origin.push(original.len() as u32);
        Self { text: folder.text, origin: Some(folder.origin) }
    }

    /// The folded text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The original byte offset of the character that gave the folded byte `offset`.
    #[inline]
    pub fn origin(&self, offset: usize) -> usize {
        match &self.origin {
            None => offset.min(self.text.len()),
            Some(origin) => origin.get(offset).or(origin.last()).map_or(0, |&at| at as usize),
        }
    }

    /// The span of the original text that a span of the folded text came from.
    pub fn to_original(&self, span: Span, original: &str) -> Span {
        if self.origin.is_none() && span.end <= self.text.len() {
            return span;
        }
        let start = self.origin(span.start);
        if span.is_empty() {
            return Span::new(start, start);
        }
        let last = self.origin(span.end - 1);
        let end = last + original.get(last..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        Span::new(start, end)
    }

    /// The span of the folded text that came from a span of the original text.
    pub fn from_original(&self, span: Span) -> Span {
        match &self.origin {
            None => span,
            Some(origin) => Span::new(
                origin.partition_point(|&at| (at as usize) < span.start).min(self.text.len()),
                origin.partition_point(|&at| (at as usize) < span.end).min(self.text.len()),
            ),
        }
    }

    /// The original byte at a folded offset where the fold kept its place, as for telling upper from lower case.
    #[inline]
    pub fn original_byte(&self, offset: usize, original: &str) -> u8 {
        original.as_bytes().get(self.origin(offset)).copied().unwrap_or(0)
    }
}

/// A form folded alone, as for entering it in a dictionary. Its capitals are its own.
pub fn fold(form: &str) -> String {
    folded(form).into_owned()
}

/// The same without a copy where a form is plain already, as most of a lexicon are.
pub fn folded(form: &str) -> Cow<'_, str> {
    if form.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase() && byte != 0) {
        return Cow::Borrowed(form);
    }
    Cow::Owned(Folded::mapped(form, &[]).text)
}

/// Whether a character is a Chinese one.
pub fn is_han(character: char) -> bool {
    matches!(character as u32, 0x4E00..=0x9FFF | 0x3400..=0x4DBF | 0xF900..=0xFAFF | 0x20000..=0x2EFFF)
}

/// How many characters of a text are Chinese ones, as [`is_han`] has them: the first two bytes of a character tell. Folding does not
/// change it.
pub fn count_han(text: &str) -> usize {
    let bytes = text.as_bytes();
    // Without a branch and counted in one byte, so that many bytes are looked at in one step.
    let han = |(first, second): (&u8, &u8)| {
        (0xE5..=0xE9).contains(first)
            | (*first == 0xE3) & (*second >= 0x90)
            | (*first == 0xE4) & (*second != 0xB7)
            | (*first == 0xEF) & (0xA4..=0xAB).contains(second)
            | (*first == 0xF0) & (0xA0..=0xAE).contains(second)
    };
    let behind = bytes.get(1..).unwrap_or(&[]);
    bytes.chunks(128).zip(behind.chunks(128)).map(|(one, next)| usize::from(one.iter().zip(next).map(|pair| u8::from(han(pair))).sum::<u8>())).sum()
}

/// Whether a text has a Chinese character.
pub fn has_han(text: &str) -> bool {
    // Pieces are counted whole, which is many times as fast as byte by byte.
    let may = |piece: &[u8]| piece.iter().filter(|byte| **byte >= 0xE3).count() > 0;
    !text.is_ascii() && text.as_bytes().chunks(256).any(may) && text.chars().any(is_han)
}

/// How many ASCII characters a text begins with.
fn ascii_ahead(bytes: &[u8]) -> usize {
    let mut at = 0;
    while let Some(chunk) = bytes.get(at..).and_then(|rest| rest.first_chunk::<16>()) {
        if !chunk.is_ascii() {
            break;
        }
        at += 16;
    }
    at + bytes[at..].iter().take_while(|byte| byte.is_ascii()).count()
}

/// How many bytes of a text's beginning are Chinese characters that fold to themselves.
fn plain_han(bytes: &[u8]) -> usize {
    let mut at = 0;
    while let Some([first @ 0xE4..=0xE9, second, third]) = bytes.get(at..at + 3) {
        let code = (u32::from(*first) & 0xF) << 12 | (u32::from(*second) & 0x3F) << 6 | u32::from(*third) & 0x3F;
        if code.checked_sub(HAN_FROM).and_then(|index| HAN.get(index as usize)).is_none_or(|&plain| u32::from(plain) != code) {
            break;
        }
        at += 3;
    }
    at
}

/// How many small ASCII letters a text begins with: folded text has no others.
#[inline]
pub fn letters_ahead(bytes: &[u8]) -> usize {
    const EACH: u64 = 0x0101_0101_0101_0101;
    let mut at = 0;
    // Eight bytes at a time: the high bit of a byte is set where it is a small letter.
    while let Some(chunk) = bytes.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
        let chunk = u64::from_le_bytes(*chunk);
        let low = chunk & (0x7f * EACH);
        let small = (low + (0x80 - b'a' as u64) * EACH) & !(low + (0x7f - b'z' as u64) * EACH) & !chunk;
        let length = ((!small & (0x80 * EACH)).trailing_zeros() / 8) as usize;
        at += length;
        if length < 8 {
            return at;
        }
    }
    at + bytes[at..].iter().take_while(|byte| byte.is_ascii_lowercase()).count()
}

struct Folder {
    text: String,
    origin: Vec<u32>,
    /// Whether the last character was a superscript.
    raised: bool,
    /// Whether the text has zero bytes, which vanish.
    zeros: bool,
}

impl Folder {
    fn ascii(&mut self, run: &str, at: usize) {
        self.raised = false;
        if self.zeros && run.contains('\0') {
            let mut from = at;
            for piece in run.split('\0') {
                if !piece.is_empty() {
                    self.ascii(piece, from);
                }
                from += piece.len() + 1;
            }
            return;
        }
        let from = self.text.len();
        self.text.push_str(run);
        self.text[from..].make_ascii_lowercase();
        self.origin.extend(at as u32..(at + run.len()) as u32);
    }

    /// Characters of three bytes that stay what they are.
    fn plain_han(&mut self, run: &str, at: usize) {
        self.raised = false;
        self.text.push_str(run);
        self.origin.extend((at..at + run.len()).step_by(3).flat_map(|at| [at as u32; 3]));
    }

    fn push(&mut self, form: &str, at: usize) {
        self.text.push_str(form);
        self.origin.extend(std::iter::repeat_n(at as u32, form.len()));
    }

    fn character(&mut self, character: char, at: usize) {
        if let Some(digit) = superscript(character) {
            if !self.raised && digit != "+" {
                self.push("^", at);
            }
            self.raised = digit != "+";
            return self.push(digit, at);
        }
        self.raised = false;
        let mut buffer = [0u8; 4];
        match sign(character) {
            Some(form) => self.push(form, at),
            None => {
                let code = character as u32;
                let plain = match code {
                    0xFF01..=0xFF5E => char::from_u32(code - 0xFEE0).unwrap_or(character).to_ascii_lowercase(),
                    HAN_FROM..=0x9FFF => HAN.get((code - HAN_FROM) as usize).and_then(|&to| char::from_u32(to.into())).unwrap_or(character),
                    0x0370..=0x03FF | 0x00C0..=0x024F => character.to_lowercase().next().unwrap_or(character),
                    _ => character,
                };
                self.push(plain.encode_utf8(&mut buffer), at);
            }
        }
    }
}

fn superscript(character: char) -> Option<&'static str> {
    Some(match character {
        '⁰' => "0",
        '¹' => "1",
        '²' => "2",
        '³' => "3",
        '⁴' => "4",
        '⁵' => "5",
        '⁶' => "6",
        '⁷' => "7",
        '⁸' => "8",
        '⁹' => "9",
        '⁻' => "-",
        '⁺' => "+",
        _ => return None,
    })
}

fn sign(character: char) -> Option<&'static str> {
    Some(match character {
        '×' | '✕' | '╳' | '⨯' | 'х' | 'Х' | '✖' => "x",
        '∗' | '⁎' | '﹡' => "*",
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | '﹣' | '\u{AD}' => "-",
        '～' | '〜' | '∼' | '˜' => "~",
        '‘' | '’' | '′' | '＇' | '`' => "'",
        '“' | '”' | '″' | '〃' => "\"",
        '\u{A0}' | '\u{3000}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{205F}' | '\u{FFFD}' => " ",
        '\u{200B}'..='\u{200F}' | '\u{FEFF}' | '\u{2060}' | '\u{202A}'..='\u{202E}' => "",
        '\u{2028}' | '\u{2029}' | '\u{85}' => "\n",
        'µ' | 'μ' | 'Μ' => "u",
        '≦' | '⩽' => "≤",
        '≧' | '⩾' => "≥",
        '∶' | '︰' | '﹕' => ":",
        '﹐' => ",",
        '﹑' => "、",
        '﹔' => ";",
        '﹙' | '【' | '〔' | '［' | '〖' => "(",
        '﹚' | '】' | '〕' | '］' | '〗' => ")",
        '｡' => "。",
        '﹪' | '٪' => "%",
        '㎜' => "mm",
        '㎝' => "cm",
        '㎎' => "mg",
        '㎏' => "kg",
        '㎕' => "ul",
        '㎖' => "ml",
        '㏄' => "cc",
        'ℓ' => "l",
        'Ⅰ' | 'ⅰ' => "i",
        'Ⅱ' | 'ⅱ' => "ii",
        'Ⅲ' | 'ⅲ' => "iii",
        'Ⅳ' | 'ⅳ' => "iv",
        'Ⅴ' | 'ⅴ' => "v",
        'Ⅵ' | 'ⅵ' => "vi",
        'Ⅶ' | 'ⅶ' => "vii",
        'Ⅷ' | 'ⅷ' => "viii",
        'Ⅸ' | 'ⅸ' => "ix",
        'Ⅹ' | 'ⅹ' => "x",
        'Ⅺ' | 'ⅺ' => "xi",
        'Ⅻ' | 'ⅻ' => "xii",
        '₀' => "0",
        '₁' => "1",
        '₂' => "2",
        '₃' => "3",
        '₄' => "4",
        '₅' => "5",
        '₆' => "6",
        '₇' => "7",
        '₈' => "8",
        '₉' => "9",
        '½' => "1/2",
        'ﬁ' => "fi",
        'ﬂ' => "fl",
        _ => return None,
    })
}

/// The first of the common Chinese characters.
const HAN_FROM: u32 = 0x4E00;

/// Simplified form of each character from U+4E00 to U+9FFF; its own code where there is none.
static HAN: [u16; 0x5200] = {
    let mut table = [0; 0x5200];
    let mut at = 0;
    while at < table.len() {
        table[at] = (HAN_FROM + at as u32) as u16;
        at += 1;
    }
    // Lines of two characters with a tab between them.
    let pairs = include_bytes!("../corpora/lexicon/han/variants.tsv");
    at = 0;
    while at < pairs.len() {
        let (from, tab) = character(pairs, at);
        let (to, end) = character(pairs, tab + 1);
        assert!(pairs[tab] == b'\t' && pairs[end] == b'\n' && to <= 0xFFFF);
        table[(from - HAN_FROM) as usize] = to as u16;
        at = end + 1;
    }
    table
};

/// The code of the character at a byte, and where it ends.
const fn character(bytes: &[u8], at: usize) -> (u32, usize) {
    let first = bytes[at] as u32;
    let (mut code, length) = match first {
        0..0x80 => (first, 1),
        0x80..0xE0 => (first & 0x1F, 2),
        0xE0..0xF0 => (first & 0x0F, 3),
        _ => (first & 0x07, 4),
    };
    let mut next = at + 1;
    while next < at + length {
        code = code << 6 | bytes[next] as u32 & 0x3F;
        next += 1;
    }
    (code, next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zero_bytes_between_letters_vanish_and_spans_still_point_home() {
        let original = "\0L\0E\0F\0T\0 \0肾";
        let folded = Folded::new(original);
        assert_eq!(folded.text(), "left 肾");
        assert_eq!(folded.to_original(Span::new(0, 4), original).of(original), "L\0E\0F\0T");
        let damaged = Folded::new("\0k\0i\0d");
        assert_eq!(damaged.text(), "kid");
    }

    #[test]
    fn han_are_counted_by_their_bytes_as_one_by_one() {
        let edges = [0x2FFF, 0x3000, 0x33FF, 0x3400, 0x4DBF, 0x4DC0, 0x4DFF, 0x4E00, 0x9FFF, 0xA000, 0xF8FF, 0xF900, 0xFAFF, 0xFB00, 0xFF0C, 0x1F600, 0x1FFFF];
        let far = [0x20000, 0x2EBEF, 0x2EFFF, 0x2F000, 0x30000];
        let text: String = edges.into_iter().chain(far).filter_map(char::from_u32).collect();
        for end in text.char_indices().map(|(at, _)| at) {
            assert_eq!(count_han(&text[..end]), text[..end].chars().filter(|character| is_han(*character)).count());
            assert_eq!(has_han(&text[..end]), count_han(&text[..end]) > 0);
        }
    }

    #[test]
    fn full_width_and_signs_fold_and_spans_come_back() {
        let original = "肿瘤大小：３．５×２ｃｍ，ＨＥＲ２（２＋）";
        let folded = Folded::new(original);
        assert_eq!(folded.text(), "肿瘤大小:3.5x2cm,her2(2+)");
        let at = folded.text().find("her2").unwrap();
        assert_eq!(folded.to_original(Span::new(at, at + 8), original).of(original), "ＨＥＲ２（２＋）");
    }

    #[test]
    fn superscripts_become_a_caret_and_digits() {
        assert_eq!(fold("6.2×10⁹/L, 10¹² m²"), "6.2x10^9/l, 10^12 m^2");
        assert_eq!(fold("ⅢA期 Ⅱ级"), "iiia期 ii级");
    }

    #[test]
    fn traditional_characters_fold_to_simplified() {
        assert_eq!(fold("血紅蛋白"), "血红蛋白");
    }

    #[test]
    fn folding_keeps_the_number_of_chinese_characters() {
        let every: String = ('\u{80}'..='\u{2FFFF}').collect();
        assert_eq!(count_han(&every), every.chars().filter(|character| is_han(*character)).count());
        assert_eq!(count_han(&fold(&every)), count_han(&every));
    }

    #[test]
    fn every_folded_boundary_maps_inside_the_original() {
        let original = "Ⅳ期 ㎝ ½ 😀 ﬁ　—“血紅素”µmol";
        let folded = Folded::new(original);
        for start in 0..=folded.text().len() {
            for end in start..=folded.text().len() {
                let span = folded.to_original(Span::new(start, end), original);
                assert!(original.get(span.start..span.end).is_some());
            }
        }
    }
}
