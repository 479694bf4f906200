//! Seams of a text: places where two words are grown together since the line break between them was lost.

/// Where a word begins that is grown together with the one before, since a line break was lost: `specifiedMargins`, `NoSEMINAL`.
/// Not in what holds digits or signs of an address, and not behind short beginnings, as of names and trade marks.
pub(super) fn seams(bytes: &[u8]) -> Vec<usize> {
    let mut found = Vec::new();
    let behind = bytes.get(1..).unwrap_or(&[]);
    // Pieces are looked at whole, which is many times as fast as byte by byte; most have none.
    let glued = |(one, next): (&u8, &u8)| one.is_ascii_lowercase() & next.is_ascii_uppercase();
    for (index, (ones, nexts)) in bytes.chunks(64).zip(behind.chunks(64)).enumerate() {
        if ones.iter().zip(nexts).fold(false, |any, pair| any | glued(pair)) {
            let places = ones.iter().zip(nexts).enumerate().filter(|(_, pair)| glued(*pair)).map(|(at, _)| index * 64 + at + 1);
            found.extend(places.filter(|seam| is_seam(bytes, *seam)));
        }
    }
    found
}

/// How words end before a capital that looks like its small letter: scanning writes `adenocarCinoma` for one word.
const ENDS: [&[u8]; 22] =
    [b"ed", b"or", b"er", b"ma", b"on", b"nt", b"es", b"ls", b"ts", b"ns", b"ry", b"gy", b"al", b"ic", b"te", b"ly", b"is", b"us", b"ss", b"cy", b"my", b"ne"];

/// Bytes around a seam that are looked at.
const SEAM_REACH: usize = 40;

fn is_seam(bytes: &[u8], seam: usize) -> bool {
    let linked = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'@' | b'_' | b'/' | b'\\' | b'.') || *byte >= 0x80;
    let head = bytes[seam.saturating_sub(SEAM_REACH)..seam].iter().rev();
    let tail = &bytes[seam..bytes.len().min(seam + SEAM_REACH)];
    let small = head.clone().take_while(|byte| byte.is_ascii_lowercase()).count();
    let capital = bytes[seam - small..seam].len() < seam && bytes[seam - small - 1].is_ascii_uppercase();
    let word = &bytes[seam - small - usize::from(capital)..seam];
    let next = tail[1..].iter().take_while(|byte| byte.is_ascii_lowercase()).count();
    let capitals = tail.iter().take_while(|byte| byte.is_ascii_uppercase()).count();
    let whole = word.len() >= 4 || word == b"Yes" || word == b"No" || matches!(word, b"cm" | b"mm");
    let alike = matches!(bytes[seam], b'C' | b'O' | b'S' | b'U' | b'V' | b'W' | b'X' | b'Z' | b'P' | b'K') && capitals == 1;
    let plain = !alike || word.len() < 4 || ENDS.iter().any(|end| word.ends_with(end));
    if !whole || !plain || (next < 2 && capitals < 4) {
        return false;
    }
    // What is linked to it on both sides must be letters, and short.
    let letters = |run: &[u8]| run.len() < SEAM_REACH && run.iter().all(|byte| byte.is_ascii_alphabetic() || *byte == b'.');
    let before = &bytes[seam - head.take_while(|byte| linked(byte)).count()..seam];
    let behind = &tail[..tail.iter().take_while(|byte| linked(byte) && **byte != b'/').count()];
    let behind = behind.strip_suffix(b".").unwrap_or(behind);
    letters(before) && letters(behind) && !behind.contains(&b'.')
}

#[cfg(test)]
mod tests {
    use crate::fold::Folded;
    use crate::span::Span;

    #[test]
    fn words_grown_together_are_parted_and_spans_still_point_home() {
        let original = "Type: AdenocarcinomaHistologic grade: Not specifiedMARGINS: NoSEMINAL vesicle, 2 cmLymph";
        let folded = Folded::new(original);
        assert_eq!(folded.text(), "type: adenocarcinoma histologic grade: not specified margins: no seminal vesicle, 2 cm lymph");
        let at = folded.text().find("adenocarcinoma").unwrap();
        assert_eq!(folded.to_original(Span::new(at, at + 15), original).of(original), "Adenocarcinoma");
        assert_eq!(folded.to_original(Span::new(at + 15, at + 25), original).of(original), "Histologic");
        for whole in ["McDonald", "HbA1c", "mRNA", "carCinoma", "AdenocarcinOma", "InvaSive", "JohnSmith@example.org", "www.PathGroup.com", "HER2neuPositive"] {
            assert!(!Folded::new(whole).text().contains([' ']), "{whole}");
        }
    }
}
