//! How far a cue reaches. A clause ends at `;`, `。` and at the terminators of the lexicon. In Chinese `、` carries on and `，` ends,
//! unless a conjunction follows; in English a comma carries a list, until a verb behind it begins a new statement.

use crate::findings::endings::Endings;
use crate::fold::is_han;
use crate::span::Span;

/// Conjunctions that carry a Chinese list over a comma.
const CARRIED_ON: [&str; 7] = ["及", "和", "或", "亦", "也", "与", "均"];
/// Bytes of Latin text a cue reaches over.
const LATIN_REACH: usize = 110;
/// Bytes of Chinese text a cue reaches over.
const HAN_REACH: usize = 90;

/// Bytes from the end of a field's name to its sign.
const NAME_REACH: usize = 50;

/// Bytes of the gap over which a cue may still reach, whatever the texts.
pub(super) fn reach(scope: Option<usize>) -> usize {
    scope.unwrap_or(LATIN_REACH.max(HAN_REACH))
}

/// The part of `sentence` around `target` between semicolons and full stops of Chinese.
pub(super) fn clause(text: &str, sentence: Span, target: Span) -> Span {
    let before = Span::new(sentence.start, target.start).of(text).as_bytes();
    let after = Span::new(target.end, sentence.end).of(text).as_bytes();
    let start = last_stop(before).map_or(0, |at| at + 1);
    // `carcinoma .Final stage`: a stop that scanning pushed away.
    let pushed = memchr::memrchr_iter(b'.', &before[start..]).map(|at| start + at).find(|at| {
        let next = before[at + 1..].iter().find(|byte| **byte != b' ');
        *at > 0 && before[at - 1] == b' ' && next.is_none_or(u8::is_ascii_alphabetic)
    });
    let start = sentence.start + pushed.map_or(start, |at| at + 1);
    let end = first_stop(after).map_or(sentence.end, |at| target.end + at);
    Span::new(start.min(target.start), end.max(target.end))
}

/// The full stop of Chinese.
const STOP: &[u8] = "。".as_bytes();

/// The first semicolon or full stop of Chinese.
fn first_stop(bytes: &[u8]) -> Option<usize> {
    let semicolon = memchr::memchr(b';', bytes);
    let ahead = &bytes[..semicolon.unwrap_or(bytes.len())];
    let stop = memchr::memchr_iter(STOP[0], ahead).find(|at| ahead[*at..].starts_with(STOP));
    stop.or(semicolon)
}

/// The last semicolon or full stop of Chinese.
fn last_stop(bytes: &[u8]) -> Option<usize> {
    let semicolon = memchr::memrchr(b';', bytes);
    let from = semicolon.unwrap_or(0);
    let behind = &bytes[from..];
    let stop = memchr::memrchr_iter(STOP[0], behind).find(|at| behind[*at..].starts_with(STOP));
    stop.map(|at| from + at).or(semicolon)
}

/// Whether a cue carries forward over `gap`, the text between it and `finding`. What is said in Chinese keeps to its comma, whatever stands in the gap.
pub(super) fn carries_forward(gap: &str, finding: &str, reach: Option<usize>, verb_in_gap: bool) -> bool {
    let han = is_chinese(gap) || is_chinese(finding);
    if gap.len() > reach.unwrap_or(if han { HAN_REACH } else { LATIN_REACH }) {
        return false;
    }
    match (han, gap.rfind(',')) {
        (true, Some(comma)) => {
            let rest = gap[comma + 1..].trim_start();
            CARRIED_ON.iter().any(|word| rest.starts_with(word))
        }
        (false, Some(_)) => !verb_in_gap,
        (_, None) => !(han && gap.contains(':')),
    }
}

/// Whether a cue looks back over `gap`, the text between `finding` and it. In `腺癌 PAX8(-)` the sign is the marker's.
/// Over a comma of English it looks back only where the words behind the comma are of the same list (`coordinate`): in
/// `carcinoma, margins negative` the margins are.
pub(super) fn carries_back(gap: &str, finding: &str, reach: Option<usize>, coordinate: bool) -> bool {
    let han = is_chinese(gap) || is_chinese(finding);
    let marker = !is_chinese(gap) && is_chinese(finding) && gap.trim_start_matches(',').starts_with(' ') && gap.contains(|c: char| c.is_ascii_alphabetic());
    if marker {
        return false;
    }
    if gap.len() > reach.unwrap_or(if han { HAN_REACH } else { LATIN_REACH }) {
        return false;
    }
    if !han && names_another_field(gap) {
        return false;
    }
    match gap.find(',') {
        None => true,
        Some(comma) => gap[comma + 1..].trim().is_empty() || (!han && coordinate && gap.len() <= LATIN_REACH / 2),
    }
}

/// Whether a gap holds the name of a field of its own: `: satellite lesions: `.
fn names_another_field(gap: &str) -> bool {
    let parts: Vec<&str> = gap.split(':').collect();
    parts.len() > 2 && parts[1..parts.len() - 1].iter().any(|part| part.contains(|character: char| character.is_alphabetic()))
}

/// What stands in the field that a name heads: `Margin involved by tumor: No`, `Spread of metastases; No`. The name may go on for a few
/// words, on its own line.
pub(super) fn field_value(text: &str, name_end: usize) -> Option<&str> {
    let rest = text.get(name_end..)?;
    let near = &rest.as_bytes()[..rest.len().min(NAME_REACH + 1)];
    let ends = |(at, sign): (usize, &u8)| match sign {
        b':' | b';' | b'?' | b'\n' | b'.' | b',' => true,
        0xE3 => rest.as_bytes()[at..].starts_with(STOP),
        _ => false,
    };
    let sign = near.iter().enumerate().position(ends)?;
    matches!(near[sign], b':' | b';' | b'?').then(|| rest[sign + 1..].trim_start_matches([' ', '\t', '-']))
}

/// Whether a field is answered with a bare `no`.
pub(super) fn says_no(value: &str) -> bool {
    value.strip_prefix("no").is_some_and(|rest| {
        let rest = rest.trim_start_matches(' ');
        rest.is_empty() || rest.starts_with(['\n', '\r', '.', ',', ';', '/', ')', '|'])
    })
}

/// How a share ends before what is shared.
const SHARES: Endings = Endings::new(&["positive for", "involved by"]);
/// What may stand between.
const SPREAD: Endings = Endings::new(&["metastatic"]);

/// `0/12 nodes positive for |carcinoma`: none of those counted has it.
pub(super) fn says_no_share(head: &str) -> bool {
    let head = head.trim_end();
    if !SPREAD.may_end(head) && !SHARES.may_end(head) {
        return false;
    }
    let head = SPREAD.strip(head).map_or(head, str::trim_end);
    let Some(rest) = SHARES.strip(head) else { return false };
    let mut start = rest.len().saturating_sub(48);
    while !rest.is_char_boundary(start) {
        start += 1;
    }
    let counted = &rest[start..];
    let stroke = counted
        .match_indices("0/")
        .any(|(at, _)| !counted[..at].ends_with(|before: char| before.is_ascii_digit()) && counted[at + 2..].starts_with(|next: char| next.is_ascii_digit()));
    (stroke || counted.contains("zero of ") || counted.contains("none of ")) && !counted.contains([';', ':'])
}

fn is_chinese(text: &str) -> bool {
    text.chars().any(is_han)
}

/// Whether the clause ends right behind `end`, so that a cue there has nothing ahead of it to speak of.
pub(super) fn clause_ends(text: &str, end: usize) -> bool {
    let rest = text.get(end..).unwrap_or("").trim_start_matches([' ', ')', '"', '\'', '\t']);
    rest.is_empty() || rest.starts_with([',', ';', '.', '。', '\n', '\r', '、', '(', ':', '/', '|', '*', '-'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chinese_comma_ends_the_reach_and_an_enumeration_does_not() {
        assert!(carries_forward("脉管癌栓、", "神经侵犯", None, false));
        assert!(!carries_forward("脉管癌栓,", "神经侵犯", None, false));
        assert!(carries_forward("脉管癌栓,及", "神经侵犯", None, false));
        assert!(!carries_forward("EGFR,", "癌", None, false));
        assert!(!carries_back(",PAX8", "转移性腺癌", None, false));
        assert!(!carries_back(" PAX8", "转移性腺癌", None, false));
        assert!(carries_back("", "神经侵犯", None, false));
        assert!(!carries_back(", multifocal, margins ", "carcinoma", None, false));
        assert!(carries_back(", perineural invasion: ", "lymphatic invasion", None, true));
        assert!(!carries_back(": satellite lesions: are ", "carcinoma", None, false));
    }

    #[test]
    fn a_field_answered_with_no() {
        let says = |text: &str, end: usize| field_value(text, end).is_some_and(says_no);
        assert!(says("involved by tumor: no\n", 8));
        assert!(says("spread of n1 metastases; no", 6));
        assert!(!says("invasion: not identified", 8));
        assert!(!says("invasion. nodes: no", 8));
        assert!(!says("invasion: no lymphatic invasion", 8));
    }

    #[test]
    fn none_of_a_count() {
        assert!(says_no_share("0/12 lymph nodes positive for metastatic "));
        assert!(!says_no_share("10/12 lymph nodes positive for "));
        assert!(!says_no_share("0/3; tumor positive for "));
    }

    #[test]
    fn an_english_list_goes_on_until_a_verb() {
        assert!(carries_forward(" lymphatic, venous or ", "invasion", None, false));
        assert!(!carries_forward(" tumor, the nodes are ", "involved", None, true));
    }
}
