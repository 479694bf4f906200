//! What is printed about categories and is nobody's: definitions (`pT1: 2 cm or less. pT2: more than 2 cm`) and menus
//! (`pT1 / pT2 / pT3`). A field that gives one category with its definition is a statement, and so is the one that is ticked.

use super::category::Category;
use crate::findings::cursor::Cursor;
use crate::findings::{Detail, Finding};
use crate::span::Span;

/// A group as found, and whether words explain it.
#[derive(Debug)]
pub(super) struct Found {
    pub finding: Finding,
    /// In folded offsets.
    pub place: Span,
    pub explained: Option<Explained>,
}

/// How a category is explained.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Explained {
    /// `pT2: more than …`, as a form prints its answer too.
    Prefixed,
    /// `T2a = one side`: without prefix, as a key beside the form has them.
    Bare,
    /// `(N1, single node; N2, …`: a key in brackets.
    Key,
}

/// `[ ] pT2`, `( ) pT2`, `__ pT2`: an option that was not taken.
pub(super) fn unchecked(text: &str, at: usize) -> bool {
    let before = text.get(..at).unwrap_or("").trim_end_matches([' ', '\t']);
    ["[]", "[ ]", "( )", "()", "__"].iter().any(|mark| before.ends_with(mark)) || before.ends_with(['□', '☐', '○'])
}

/// `[x] pT2`, `√pT2`: an option that was taken.
fn ticked(text: &str, at: usize) -> bool {
    let before = text.get(..at).unwrap_or("").trim_end_matches([' ', '\t']);
    let alone = |mark: char| before.strip_suffix(mark).is_some_and(|head| head.is_empty() || head.ends_with([' ', '\n', '\t', '_']));
    before.ends_with(['☑', '☒', '√', '✓', '✔', '■', '●']) || ["[x]", "(x)"].iter().any(|mark| before.ends_with(mark)) || alone('x')
}

/// Whether words, or a sign of comparison, explain the category.
pub(super) fn explained(text: &str, category: &Category, end: usize) -> Option<Explained> {
    let mut cursor = Cursor::new(text, end);
    cursor.skip(b" ", 2);
    let before = text.get(..category.span.start).unwrap_or("").trim_end_matches(' ');
    let listed = !category.prefixed && before.ends_with(['(', ';', '\n', '.']);
    if cursor.skip(if listed { b":=-," } else { b":=-" }, 2) == 0 {
        return None;
    }
    cursor.skip(b" ", 2);
    let words = cursor.peek(0).is_ascii_alphabetic() || cursor.peek(0) >= 0x80 || matches!(cursor.peek(0), b'<' | b'>');
    words.then_some(match category.prefixed {
        true => Explained::Prefixed,
        false if listed && goes_on(cursor.rest(), category) => Explained::Key,
        false => Explained::Bare,
    })
}

/// Whether another category of the letter follows behind a semicolon, within the brackets.
fn goes_on(rest: &str, category: &Category) -> bool {
    let letter = category.value.as_bytes().first().map_or(0, u8::to_ascii_lowercase);
    let key = rest.split([')', '\u{3002}']).next().unwrap_or("");
    key.split(';').skip(1).take(4).any(|item| {
        let item = item.trim_start().as_bytes();
        item.first() == Some(&letter) && item.get(1).is_some_and(|byte| byte.is_ascii_digit() || matches!(byte, b'i' | b'l' | b'o' | b'x'))
    })
}

/// Explained categories of one letter close together are a printed table: three different ones, or two that stand beside each other
/// without prefix. Part and whole (`pT2: …`, `pT2a: …`) are one.
pub(super) fn drop_definitions(found: &mut Vec<Found>) {
    let table = |own: &Found| {
        let Some(kind) = own.explained else { return false };
        if kind == Explained::Key {
            return true;
        }
        let category = value(&own.finding);
        let reach = if kind == Explained::Bare { 160 } else { 600 };
        let mut near: Vec<String> = found
            .iter()
            .filter(|other| other.explained.is_some() && other.place.start.abs_diff(own.place.start) < reach)
            .map(|other| value(&other.finding))
            .filter(|other| other.as_bytes().first() == category.as_bytes().first())
            .collect();
        near.sort_unstable();
        near.dedup();
        near.len() >= if kind == Explained::Bare { 2 } else { 3 }
    };
    let drop: Vec<bool> = found.iter().map(table).collect();
    keep(found, &drop);
}

/// Three or more different categories of one letter with nothing but strokes and boxes between them are a menu; the one that is ticked stays.
pub(super) fn drop_menus(text: &str, found: &mut Vec<Found>) {
    let letter = |index: usize| value(&found[index].finding).as_bytes().first().copied();
    let joined = |index: usize| {
        let gap = text.get(found[index - 1].place.end..found[index].place.start).unwrap_or("a");
        letter(index) == letter(index - 1) && gap.len() < 16 && gap.chars().all(|sign| !sign.is_alphanumeric() || sign == 'x')
    };
    let mut drop = vec![false; found.len()];
    let mut start = 0;
    for index in 1..=found.len() {
        if index < found.len() && joined(index) {
            continue;
        }
        if index - start >= 3 {
            for item in start..index {
                drop[item] = !ticked(text, found[item].place.start);
            }
        }
        start = index;
    }
    keep(found, &drop);
}

fn keep(found: &mut Vec<Found>, drop: &[bool]) {
    let mut index = 0;
    found.retain(|_| {
        index += 1;
        !drop[index - 1]
    });
}

fn value(finding: &Finding) -> String {
    match &finding.detail {
        Detail::Tnm(tnm) => tnm.t.clone().or_else(|| tnm.n.clone()).or_else(|| tnm.m.clone()).unwrap_or_default(),
        _ => String::new(),
    }
}
