//! Bytes of a report as text. Order of belief: the user's word, a byte order mark, UTF-16 by its zero or Han high bytes,
//! strict UTF-8, then GB18030 against Big5 by their common characters, then a Western single-byte guess.
//!
//! It never replaces a byte that it cannot read: the report fails with encoding and position instead.
//! It says whether it is sure, so that a short file can take the majority of its folder.

use encoding_rs::{BIG5, Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::error::FailureKind;

/// A decoded text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// The text, without a byte order mark.
    pub text: String,
    /// What it was decoded from.
    pub encoding: &'static Encoding,
    /// Whether another encoding would be hard to believe.
    pub sure: bool,
}

/// Why bytes are no text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undecodable {
    /// What kind of failure.
    pub kind: FailureKind,
    /// What was expected and what was found, without the text.
    pub what: String,
}

/// Bytes looked at to tell an encoding.
const SAMPLE: usize = 16 * 1024;

/// The name of an encoding as records give it.
pub fn name(encoding: &'static Encoding) -> String {
    encoding.name().to_ascii_lowercase()
}

/// The encoding a user named (`gbk`, `utf-16le`, `big5`); GBK and GB2312 are read as GB18030, which holds them.
pub fn by_name(label: &str) -> Option<&'static Encoding> {
    match Encoding::for_label(label.trim().as_bytes())? {
        found if found == encoding_rs::GBK => Some(GB18030),
        found => Some(found),
    }
}

/// Decodes bytes, by the encoding given or by the one they show.
///
/// # Errors
/// Bytes that are no text, or that the encoding cannot explain: kind, encoding and position.
pub fn decode(bytes: &[u8], forced: Option<&'static Encoding>) -> Result<Decoded, Undecodable> {
    if let Some(encoding) = forced {
        return strictly(bytes, encoding, true);
    }
    let guess = guess(bytes);
    match guess {
        Guess::Known(encoding, sure) => strictly(bytes, encoding, sure),
        Guess::Binary => Err(Undecodable { kind: FailureKind::Binary, what: "expected text, found control bytes".into() }),
    }
}

/// What a sample of bytes looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guess {
    /// An encoding, and whether another would be hard to believe.
    Known(&'static Encoding, bool),
    /// No text.
    Binary,
}

/// The encoding that bytes show.
pub fn guess(bytes: &[u8]) -> Guess {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return Guess::Known(encoding, true);
    }
    if let Some(encoding) = utf16_without_mark(&bytes[..bytes.len().min(SAMPLE)]) {
        return Guess::Known(encoding, true);
    }
    if is_binary(&bytes[..bytes.len().min(SAMPLE)]) {
        return Guess::Binary;
    }
    match std::str::from_utf8(bytes) {
        Ok(_) => Guess::Known(UTF_8, true),
        // A sample may end inside a character, and one damaged byte does not make a Chinese UTF-8 file another encoding.
        Err(error) if error.valid_up_to() > 64 && !bytes[..error.valid_up_to()].is_ascii() => Guess::Known(UTF_8, true),
        Err(error) => guess_multibyte(&bytes[error.valid_up_to().saturating_sub(64)..]),
    }
}

fn strictly(bytes: &[u8], encoding: &'static Encoding, sure: bool) -> Result<Decoded, Undecodable> {
    let body = match Encoding::for_bom(bytes) {
        Some((marked, length)) if marked == encoding => &bytes[length..],
        _ => bytes,
    };
    if encoding == UTF_8 {
        return match std::str::from_utf8(body) {
            Ok(text) => Ok(Decoded { text: text.to_string(), encoding, sure }),
            Err(error) => Err(undecodable(encoding, bytes.len() - body.len() + error.valid_up_to())),
        };
    }
    match encoding.decode_without_bom_handling_and_without_replacement(body) {
        Some(text) => {
            if text.contains('\0') && text.matches('\0').count() * 10 > text.len() {
                return Err(Undecodable { kind: FailureKind::Binary, what: "expected text, found zero bytes".into() });
            }
            Ok(Decoded { text: text.into_owned(), encoding, sure })
        }
        None => Err(undecodable(encoding, first_error(body, encoding) + bytes.len() - body.len())),
    }
}

fn undecodable(encoding: &'static Encoding, at: usize) -> Undecodable {
    Undecodable { kind: FailureKind::Undecodable, what: format!("byte {at}: expected {}, found a byte that it does not have", encoding.name()) }
}

/// Where decoding first fails.
fn first_error(bytes: &[u8], encoding: &'static Encoding) -> usize {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut out = vec![0u8; 4096];
    let mut read = 0;
    loop {
        let (result, used, _) = decoder.decode_to_utf8_without_replacement(&bytes[read..], &mut out, true);
        read += used;
        match result {
            encoding_rs::DecoderResult::OutputFull => {}
            encoding_rs::DecoderResult::InputEmpty => return read,
            encoding_rs::DecoderResult::Malformed(bad, extra) => return read.saturating_sub(bad as usize + extra as usize),
        }
    }
}

/// UTF-16 without a mark: zero bytes on one side (Latin text), or Han high bytes on one side and low bytes of all kinds on the other.
fn utf16_without_mark(sample: &[u8]) -> Option<&'static Encoding> {
    let pairs = sample.len() / 2;
    if pairs < 2 || !sample.len().is_multiple_of(2) && sample.len() < SAMPLE {
        return None;
    }
    let (mut even, mut odd) = ([0usize; 3], [0usize; 3]);
    for pair in sample.chunks_exact(2) {
        for (byte, counts) in [(pair[0], &mut even), (pair[1], &mut odd)] {
            match byte {
                0 => counts[0] += 1,
                0x4E..=0x9F => counts[1] += 1,
                0x20 | 0x30 | 0xFF => counts[2] += 1,
                _ => {}
            }
        }
    }
    let high = |counts: [usize; 3]| counts[0] + counts[1] + counts[2];
    let plausible = |side: [usize; 3], other: [usize; 3]| {
        let zeros = side[0] * 5 > pairs && other[0] * 20 < pairs;
        zeros && high(side) * 20 >= pairs * 19
    };
    if plausible(even, odd) {
        return Some(UTF_16BE);
    }
    if plausible(odd, even) {
        return Some(UTF_16LE);
    }
    // Hardly any Latin: no zeros to count, so the text itself must decode to common Han.
    [(UTF_16BE, even), (UTF_16LE, odd)].into_iter().find_map(|(encoding, side)| {
        if high(side) * 100 < pairs * 97 || std::str::from_utf8(sample).is_ok() {
            return None;
        }
        let text = encoding.decode_without_bom_handling_and_without_replacement(sample)?;
        let han = text.chars().filter(|character| crate::fold::is_han(*character)).count();
        (han * 2 > text.chars().count()).then_some(encoding)
    })
}

fn is_binary(sample: &[u8]) -> bool {
    let control = sample.iter().filter(|byte| matches!(byte, 0..=8 | 14..=26 | 28..=31 | 127)).count();
    sample.contains(&0) || control * 50 > sample.len()
}

/// GB18030 or Big5 by the share of two-byte characters in the range each keeps for its common ones; else a Western guess.
fn guess_multibyte(bytes: &[u8]) -> Guess {
    let sample = &bytes[..bytes.len().min(SAMPLE)];
    let high = sample.iter().filter(|byte| **byte >= 0x80).count();
    let gb = common_share(sample, |lead, trail| (0xB0..=0xD7).contains(&lead) && trail >= 0xA1, |trail| (0x40..=0xFE).contains(&trail));
    let big5 = common_share(sample, |lead, _| (0xA4..=0xC6).contains(&lead), |trail| matches!(trail, 0x40..=0x7E | 0xA1..=0xFE));
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(sample, true);
    let western = detector.guess(None, chardetng::Utf8Detection::Deny);
    let complete = bytes.len() <= SAMPLE;
    let reads = |encoding: &'static Encoding| !complete || encoding.decode_without_bom_handling_and_without_replacement(sample).is_some();
    let chinese = match (gb.filter(|_| reads(GB18030)), big5.filter(|_| reads(BIG5))) {
        (Some(gb), Some(big5)) => {
            let detected_big5 = western == BIG5;
            let by_share = big5 > gb + 0.05;
            let sure = (gb - big5).abs() > 0.15 && high >= 16 && by_share == detected_big5;
            Some((if by_share && (detected_big5 || big5 > gb + 0.25) { BIG5 } else { GB18030 }, gb.max(big5), sure))
        }
        (Some(gb), None) => Some((GB18030, gb, high >= 8)),
        (None, Some(big5)) => Some((BIG5, big5, high >= 16)),
        (None, None) => None,
    };
    match chinese {
        Some((encoding, share, sure)) if share > 0.4 || (western == GB18030 || western == encoding_rs::GBK || western == BIG5) => Guess::Known(encoding, sure),
        _ if western.is_single_byte() => Guess::Known(western, high * 20 < sample.len() && high > 2),
        _ => Guess::Known(WINDOWS_1252, false),
    }
}

/// Share of two-byte characters that are common; `None` where bytes do not pair up as the encoding demands.
fn common_share(sample: &[u8], common: impl Fn(u8, u8) -> bool, trails: impl Fn(u8) -> bool) -> Option<f64> {
    let (mut pairs, mut hits, mut at) = (0usize, 0usize, 0usize);
    while at < sample.len() {
        let lead = sample[at];
        if lead < 0x80 {
            at += 1;
            continue;
        }
        let Some(&trail) = sample.get(at + 1) else { break };
        if lead == 0x80 || lead == 0xFF {
            return None;
        }
        if (0x30..=0x39).contains(&trail) {
            at += 4;
            pairs += 1;
            continue;
        }
        if !trails(trail) {
            return None;
        }
        // Signs and punctuation say nothing about which characters are common.
        if !(0xA1..=0xA9).contains(&lead) || common(lead, trail) {
            pairs += 1;
            hits += usize::from(common(lead, trail));
        }
        at += 2;
    }
    (pairs > 0).then(|| hits as f64 / pairs as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTE: &str = "复核意见：示例器官甲处见少量异型腺体，边缘干净，结节两枚均无累及。CEA 12.4ng/mL。";

    fn read(bytes: &[u8]) -> (String, String) {
        let decoded = decode(bytes, None).unwrap();
        (decoded.text, name(decoded.encoding))
    }

    #[test]
    fn chinese_encodings_are_told_apart_and_give_the_same_text() {
        let traditional = "複核意見：示例器官甲處見少量異型腺體，邊緣乾淨，結節兩枚均無累及。";
        assert_eq!(read(&GB18030.encode(NOTE).0), (NOTE.into(), "gb18030".into()));
        assert_eq!(read(&BIG5.encode(traditional).0), (traditional.into(), "big5".into()));
        assert_eq!(read(NOTE.as_bytes()), (NOTE.into(), "utf-8".into()));
    }

    #[test]
    fn utf16_is_read_with_and_without_a_mark_in_both_languages() {
        for text in [NOTE, "Final diagnosis: adenocarcinoma, pT3 N1a.", "复核意见腺体结节无累及边缘干净"] {
            let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
            assert_eq!(read(&little), (text.into(), "utf-16le".into()));
            assert_eq!(read(&big), (text.into(), "utf-16be".into()));
            assert_eq!(read(&[&[0xFF, 0xFE], little.as_slice()].concat()).0, text);
            assert_eq!(read(&[&[0xFE, 0xFF], big.as_slice()].concat()).0, text);
        }
    }

    #[test]
    fn a_byte_order_mark_is_no_text() {
        assert_eq!(read("\u{FEFF}pT2".as_bytes()).0, "pT2");
    }

    #[test]
    fn binary_and_damaged_bytes_fail_with_a_place() {
        assert_eq!(decode(&[0x7F, b'E', b'L', b'F', 1, 2, 3, 0, 0, 0, 9, 9], None).unwrap_err().kind, FailureKind::Binary);
        let mut bytes = NOTE.repeat(3).into_bytes();
        bytes[100] = 0xFF;
        let error = decode(&bytes, None).unwrap_err();
        assert_eq!(error.kind, FailureKind::Undecodable);
        assert!(error.what.starts_with("byte "), "{}", error.what);
    }

    #[test]
    fn western_text_stays_western() {
        let bytes = WINDOWS_1252.encode("Carcinome épidermoïde modérément différencié, marges saines.").0.into_owned();
        assert_eq!(read(&bytes).1, "windows-1252");
    }
}
