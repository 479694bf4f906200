//! How far a cue reaches. A clause ends at `;`, `。` and at the terminators of the lexicon. In Chinese `、` carries on and `，` ends,
//! unless a conjunction follows; in English a comma carries a list, until a verb behind it begins a new statement.

use crate::fold::is_han;
use crate::span::Span;

/// Conjunctions that carry a Chinese list over a comma.
const CARRIED_ON: [&str; 7] = ["及", "和", "或", "亦", "也", "与", "均"];
/// Bytes of Latin text a cue reaches over.
const LATIN_REACH: usize = 110;
/// Bytes of Chinese text a cue reaches over.
const HAN_REACH: usize = 90;

/// The part of `sentence` around `target` between semicolons and full stops of Chinese.
pub(super) fn clause(text: &str, sentence: Span, target: Span) -> Span {
    let before = Span::new(sentence.start, target.start).of(text);
    let after = Span::new(target.end, sentence.end).of(text);
    let start = before.rfind([';', '。']).map_or(sentence.start, |at| sentence.start + at + 1);
    let end = after.find([';', '。']).map_or(sentence.end, |at| target.end + at);
    Span::new(start.min(target.start), end.max(target.end))
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
pub(super) fn carries_back(gap: &str, finding: &str, reach: Option<usize>) -> bool {
    let han = is_chinese(gap) || is_chinese(finding);
    let marker = !is_chinese(gap) && is_chinese(finding) && gap.trim_start_matches(',').starts_with(' ') && gap.contains(|c: char| c.is_ascii_alphabetic());
    if marker {
        return false;
    }
    if gap.len() > reach.unwrap_or(if han { HAN_REACH } else { LATIN_REACH }) {
        return false;
    }
    match gap.find(',') {
        None => true,
        Some(comma) => gap[comma + 1..].trim().is_empty() || (!han && gap.len() <= LATIN_REACH / 2),
    }
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
        assert!(!carries_back(",PAX8", "转移性腺癌", None));
        assert!(!carries_back(" PAX8", "转移性腺癌", None));
        assert!(carries_back("", "神经侵犯", None));
    }

    #[test]
    fn an_english_list_goes_on_until_a_verb() {
        assert!(carries_forward(" lymphatic, venous or ", "invasion", None, false));
        assert!(!carries_forward(" tumor, the nodes are ", "involved", None, true));
    }
}
