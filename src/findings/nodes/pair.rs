//! Pairs with a stroke: `2/15`, `(0/4)`, `**/13`, `III/VIII`. A pair is nodal by a node word or station near it, by following another nodal
//! pair in one list, or, in Chinese, by being a clause of its own. Fractions, dates, scores and counts per field are not.

use super::count::{leading_digits, roman, trailing};
use super::{Count, Scene};
use crate::fold::is_han;
use crate::span::Span;

/// Bytes before a pair within which a node word makes it nodal.
const BEFORE: usize = 160;
/// Bytes behind a pair within which a node word makes it nodal.
const BEHIND: usize = 70;

/// Words right before or behind a pair that make it something else.
const OTHER_BEFORE: [&str; 16] = [
    "grade",
    "score",
    "gleason",
    "nottingham",
    "fuhrman",
    "tubules",
    "mitoses",
    "mitotic",
    "nuclear",
    "differentiation",
    "<",
    ">",
    "block",
    "slide",
    "allred",
    "bp",
];
const OTHER_BEHIND: [&str; 8] = ["hpf", "/", "high", "cm", "mm", "%", "weeks", "g/"];

/// Words around a share of a wall, a lumen or a depth: `环绕肠壁2/3周`, `大于1/2`.
const PART_BEFORE: [&str; 9] = ["占", "腔", "环", "绕", "大于", "小于", "超过", "不足", "周径的"];
const PART_BEHIND: [&str; 9] = ["周", "圈", "环", "生长", "肌层", "层", "管腔", "管壁", "肠腔"];

/// All nodal pairs of a text, in its order.
pub(super) fn pairs(scene: &Scene<'_>) -> Vec<Count> {
    let text = scene.text;
    let mut out: Vec<Count> = Vec::new();
    for (stroke, _) in text.match_indices('/') {
        let Some((positive, examined, span)) = read(text, stroke) else { continue };
        let (Some(examined), positive) = (examined, positive) else { continue };
        if examined > 150 || positive.is_some_and(|positive| positive > examined) || is_other(text, span) {
            continue;
        }
        let listed = out.last().is_some_and(|last| {
            let gap = text.get(last.span.end..span.start).unwrap_or(";");
            gap.len() <= 48 && !gap.contains(['。', ';', '\n']) && gap.contains([',', '、', ':', '(', ' '])
        });
        let half = positive == Some(1) && examined <= 4;
        if !(scene.node_near(span, BEFORE, BEHIND, half)
            || (listed && !half)
            || (listed && scene.station_near(span))
            || (alone(text, span, examined) && scene.tumor_near(span))
            || numbered(text, span)
            || bracketed(scene, span, positive)
            || behind_category(text, span, positive))
        {
            continue;
        }
        let positive = positive.or_else(|| scene.said_absent(span).then_some(0));
        out.push(Count { positive, examined: Some(examined), span, station: None, explicit: true });
    }
    out
}

/// The numbers around a stroke.
fn read(text: &str, stroke: usize) -> Option<(Option<u32>, Option<u32>, Span)> {
    let (before, behind) = (text.get(..stroke)?, text.get(stroke + 1..)?);
    let left = before.trim_end_matches(' ');
    // `3+/15`: the sign says what is counted.
    let before = left.strip_suffix('+').filter(|head| head.ends_with(|last: char| last.is_ascii_digit())).unwrap_or(before);
    let Some((examined, length)) = leading_digits(behind) else { return roman_pair(before, behind, stroke) };
    let end = stroke + 1 + length;
    if left.ends_with('*') {
        let start = left.trim_end_matches('*').len();
        return Some((None, Some(examined), Span::new(start, end)));
    }
    // `1+/15`
    let before = left.strip_suffix('+').unwrap_or(before);
    trailing(before).map(|(positive, start)| (Some(positive), Some(examined), Span::new(start, end)))
}

fn roman_pair(before: &str, behind: &str, stroke: usize) -> Option<(Option<u32>, Option<u32>, Span)> {
    let left = before.trim_end_matches(' ');
    let start = left.len() - left.bytes().rev().take_while(|byte| matches!(byte, b'i' | b'v' | b'x' | b'l')).count();
    let blanks = behind.len() - behind.trim_start_matches(' ').len();
    let length = behind[blanks..].bytes().take_while(|byte| matches!(byte, b'i' | b'v' | b'x' | b'l')).count();
    if !before[..start].trim_end().ends_with(['(', 'o', '.']) {
        return None;
    }
    let (positive, examined) = (roman(&left[start..])?, roman(&behind[blanks..blanks + length])?);
    Some((Some(positive), Some(examined), Span::new(start, stroke + 1 + blanks + length)))
}

fn is_other(text: &str, span: Span) -> bool {
    let before = text[..span.start].trim_end_matches([' ', ':', '(', '-', '=']);
    let behind = text[span.end..].trim_start_matches(' ');
    let tail = &before[before.len() - before.bytes().rev().take(14).take_while(u8::is_ascii).count()..];
    OTHER_BEFORE.iter().any(|word| tail.ends_with(word))
        || text[..span.start].trim_end().ends_with(['/', '.', '-', '~', '^', '='])
        || OTHER_BEHIND.iter().any(|word| behind.starts_with(word))
        || PART_BEFORE.iter().any(|word| before.ends_with(word))
        || PART_BEHIND.iter().any(|word| behind.starts_with(word)) && !behind.starts_with("周围")
        || text[span.end..].starts_with('-') && text.as_bytes()[span.end..].get(1).is_some_and(u8::is_ascii_digit)
}

/// `No.8a 0/2`: behind the number of a station, in a Chinese text.
fn numbered(text: &str, span: Span) -> bool {
    let head = text[..span.start].trim_end_matches([' ', '(', ':']);
    let number = head.trim_end_matches(|last: char| last.is_ascii_lowercase());
    let stem = number.trim_end_matches(|last: char| last.is_ascii_digit());
    let named = head.len() - number.len() <= 2 && (1..=2).contains(&(number.len() - stem.len())) && (stem.ends_with("no.") || stem.ends_with("no. "));
    named && (text[..span.start].chars().rev().take(60).any(is_han) || text[span.end..].chars().take(60).any(is_han))
}

/// A pair in brackets of an English report on nodes: none positive, or behind the word that it counts.
fn bracketed(scene: &Scene<'_>, span: Span, positive: Option<u32>) -> bool {
    let before = scene.text[..span.start].trim_end_matches(' ');
    let Some(head) = before.strip_suffix('(') else { return false };
    let closed = scene.text[span.end..].trim_start_matches(' ').starts_with(')');
    let head = head.trim_end();
    closed
        && scene.nodes().next().is_some()
        && !head.ends_with(is_han)
        && (positive == Some(0)
            || ["positive", "negative", "involved"].iter().any(|word| head.ends_with(word))
            || (["carcinoma", "metastasis", "metastases", "malignancy", "tumor", "disease"].iter().any(|word| head.ends_with(word))
                && !scene.said_absent(span)))
}

/// `pT3, pN1 (2/24)`: right behind the category of the nodes, and at one with it.
fn behind_category(text: &str, span: Span, positive: Option<u32>) -> bool {
    let head = text[..span.start].trim_end_matches([' ', '(', ',', '[']);
    let start = head.len() - head.bytes().rev().take_while(u8::is_ascii_alphanumeric).count();
    let word = head[start..].trim_end_matches(['a', 'b', 'c']);
    let word = word.strip_suffix("mi").unwrap_or(word);
    let before = &word[..word.len().saturating_sub(2)];
    let category = &word[before.len()..];
    let staged = matches!(before, "p" | "yp") || ["pt", "ypt", "t"].iter().any(|letters| before.starts_with(letters));
    staged && matches!((category, positive), ("n0", Some(0)) | ("n1" | "n2" | "n3", Some(1..)))
}

/// A clause of its own in a Chinese text: `,18/49;`.
fn alone(text: &str, span: Span, examined: u32) -> bool {
    let before = text[..span.start].trim_end_matches([' ', '(']);
    let behind = text[span.end..].trim_start_matches([' ', ')']);
    let behind = ["(+)", "(-)", "+", "枚", "个"].iter().find_map(|mark| behind.strip_prefix(mark)).unwrap_or(behind).trim_start_matches(' ');
    let chinese = text[..span.start].chars().rev().take(24).any(is_han);
    chinese && examined >= 5 && before.ends_with([',', ';', '。', ':', '、']) && (behind.is_empty() || behind.starts_with([',', ';', '。', '、', '.']))
}
