//! Phrases around a length: the side of a comparison, and the object of a preposition of place; and the words that tell a report of imaging.

use crate::findings::endings::Endings;
use crate::findings::squeeze::{squeezed, tail};
use crate::length::Length;
use crate::reading::Reading;
use crate::span::Span;

/// What makes the length behind it a side of a comparison.
const COMPARISONS: Endings =
    Endings::new(&["more than", "greater than", "less than", "at least", "exceeding", "within", "up to but not", "not more than", "equal to", "exceeds"]);

/// Whether a length is one side of a comparison, as in the definitions of categories: `more than 2 cm`, `> 3 cm`.
pub(super) fn is_threshold(before: &str) -> bool {
    let before = tail(before, 48);
    let sign = before.trim_end().trim_end_matches('=').ends_with(['>', '<', '≤', '≥']);
    sign || COMPARISONS.may_end(before) && COMPARISONS.strip(squeezed(before).trim_end()).is_some()
}

/// Whether a length is the limit of a category: `7 cm or less`.
pub(super) fn is_limit(behind: &str) -> bool {
    let behind = behind.trim_start();
    ["or less", "or more", "or smaller", "or larger", "and less", "but not", "but less"].iter().any(|word| behind.starts_with(word))
}

/// What makes the length behind it the way between two things.
const WAYS: Endings = Endings::new(&[
    "separated by",
    "distance of",
    "distance between",
    " from",
    " at",
    "spaced",
    "located",
    "clearance being",
    "clearance of",
    "clearance is",
    "clearance",
]);

/// Words between these and the length.
const HEDGES: [Endings; 5] =
    [Endings::new(&["approximately"]), Endings::new(&["about"]), Endings::new(&["up to"]), Endings::new(&["only"]), Endings::new(&["at least"])];

/// Whether a length lies between two things, or says how deep inside the body one is: `separated by 1.5 cm`, `from 40 cm`, `at 25 cm`.
pub(super) fn is_between(before: &str) -> bool {
    let before = tail(before, 64);
    if !WAYS.may_end(before) && !HEDGES.iter().any(|hedge| hedge.may_end(before)) {
        return false;
    }
    let words = squeezed(before);
    let mut words = words.trim_end();
    for hedge in &HEDGES {
        words = hedge.strip(words).unwrap_or(words).trim_end();
    }
    WAYS.strip(words).is_some()
}

/// Whether a length is the way to something: `0.5 cm from the margin`.
pub(super) fn is_distance(behind: &str) -> bool {
    let behind = behind.trim_start_matches([' ', '.', '\n', '\r']);
    ["from ", "from\n", "away "].iter().any(|word| behind.starts_with(word))
}

/// Whether a word stands before a place.
fn is_of_place(word: &str) -> bool {
    matches!(
        word,
        "in" | "of"
            | "within"
            | "involving"
            | "at"
            | "on"
            | "into"
            | "from"
            | "through"
            | "near"
            | "occupying"
            | "along"
            | "abutting"
            | "to"
            | "between"
            | "under"
            | "replaces"
            | "fills"
            | "replacing"
            | "filling"
            | "occupies"
            | "involves"
    )
}

/// Whether a noun is the object of a preposition of place: `in the upper pole of the |kidney`.
pub(super) fn in_place(head: &str) -> bool {
    let tail = tail(head, 44);
    let tail = if tail.contains('\n') || tail.contains("  ") { squeezed(tail) } else { tail.into() };
    // Words with a blank on either side, the last first.
    let mut end = None;
    let mut blanks = memchr::memrchr_iter(b' ', tail.as_bytes());
    let Some(at) = blanks.find(|at| end.replace(*at).is_some_and(|end| is_of_place(&tail[at + 1..end]))) else { return false };
    // What a thing consists of is no place.
    let whole = tail[at..].starts_with(" of ")
        && ["consists", "consisting", "consist", "composed", "received is", "labeled"].iter().any(|word| tail[..at].ends_with(word));
    if whole {
        return false;
    }
    let phrase = &tail[at + 1..];
    !phrase.contains([',', ';', '.'])
        && phrase.split_whitespace().count() <= 5
        && ![" is ", " are ", " measur", " contains", " with "].iter().any(|word| phrase.contains(word))
}

/// Decimals that stand in a list right before a length, in their order, each with its place.
pub(super) fn numbers_ahead(text: &str, start: usize) -> Vec<(Span, f64)> {
    let mut out = Vec::new();
    let mut at = start;
    while out.len() < 8 {
        let head = text[..at].trim_end();
        let plain = head.strip_suffix("and").map_or(head, str::trim_end);
        let comma = plain.strip_suffix(',').unwrap_or(plain);
        let begin = comma.len() - comma.bytes().rev().take_while(|byte| byte.is_ascii_digit() || *byte == b'.').count();
        let number = &comma[begin..];
        let decimal = number.len() <= 4 && number.bytes().filter(|byte| *byte == b'.').count() == 1 && !number.starts_with('.') && !number.ends_with('.');
        let opens = comma[..begin].ends_with([' ', '(', '\n']);
        if comma.len() == head.len() || !decimal || !opens || comma[..begin].trim_end().ends_with(['x', '*', '/', '#']) {
            break;
        }
        let Ok(value) = number.parse() else { break };
        out.push((Span::new(begin, comma.len()), value));
        at = begin;
    }
    out.reverse();
    out
}

/// Millimetres in the unit that a length of one number is written in.
pub(super) fn unit_of(text: &str, length: &Length) -> f64 {
    if text[..length.span.end].trim_end_matches('.').ends_with('m') && length.span.of(text).contains("mm") { 1.0 } else { 10.0 }
}

/// `3.2 cm in length and 4.4 cm in width`, `1.5 x 0.8 cm to a height of 0.9 cm`, `greatest dimension 3 cm, additional dimensions 2 x 1 cm`.
pub(super) fn same_thing(gap: &str, behind: &str, first: &Length, second: &Length) -> bool {
    if gap.len() > 64 || first.millimetres.len() + second.millimetres.len() > 4 {
        return false;
    }
    let gap = gap.split_whitespace().collect::<Vec<_>>().join(" ");
    if gap.contains("additional dimension") {
        return true;
    }
    const AXES: [&str; 9] = ["length", "long", "width", "wide", "height", "thickness", "thick", "depth", "厚"];
    let behind = behind.trim_start().trim_start_matches("in ");
    let ahead = gap.trim_end_matches([' ', ':']).trim_end_matches(" is").trim_end_matches(" of");
    let axis = AXES.iter().any(|word| behind.starts_with(word) || ahead.ends_with(word));
    let linked = ["and", ",", "x", "by", "to a", "with a"].iter().any(|word| gap.contains(word));
    let other =
        ["from", "margin", "invasion", "depth of", "mass", "tumor", "lesion", "nodule", "wall", "specimen", "壁", "浸润"].iter().any(|word| gap.contains(word));
    axis && linked && !other && first.millimetres.len() + second.millimetres.len() <= 3
}

/// Whether a Chinese report is one of imaging: it describes densities or signals and brings in no pathology.
pub(super) fn is_imaging_report(reading: &Reading<'_>) -> bool {
    let text = reading.text();
    reading.han > 0
        && ["密度", "信号", "平扫", "增强", "强化", "扫描", "显影", "回声", "代谢"].iter().any(|word| text.contains(word))
        && !["病理", "术后病", "免疫组化", "镜检", "镜下"].iter().any(|word| text.contains(word))
}
