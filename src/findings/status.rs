//! What a report says of a thing it has named: the value behind a field name (`INVASION: NOT IDENTIFIED`), the predicate behind a
//! subject (`invasion is present`), or the cue before it (`no evidence of invasion`). Shared by invasion, margins and nodes.

use serde::Deserialize;

use super::assertion::{Assertions, Presence};
use crate::error::Result;
use crate::lexicon::{ClassId, Lexicon};
use crate::reading::Reading;
use crate::span::Span;

/// A status as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Status {
    Present,
    Absent,
    Indeterminate,
    /// The form has the field and leaves it open.
    Unstated,
}

impl Status {
    /// As records call it; nothing where the report leaves it open.
    pub(super) const fn name(self) -> Option<&'static str> {
        match self {
            Self::Present => Some("present"),
            Self::Absent => Some("absent"),
            Self::Indeterminate => Some("indeterminate"),
            Self::Unstated => None,
        }
    }
}

#[derive(Debug, Deserialize)]
struct Value {
    value: Status,
}

/// Length of a remark in brackets between a name and its status, as `(V)` or `(microscopic)`; nothing where the brackets hold a status.
fn remark(rest: &str) -> usize {
    let body = rest.trim_start_matches([' ', '\n', '.']);
    let Some(inside) = body.strip_prefix('(') else { return 0 };
    match inside.bytes().take(41).position(|byte| byte == b')') {
        Some(close) if inside[..close].len() == inside[..close].chars().count() && !inside[..close].contains(['+', '-']) && close > 0 => {
            rest.len() - inside.len() + close + 1
        }
        _ => 0,
    }
}

/// Whether a lone sign is punctuation: the bullet of the next line, or a dash with a word behind it.
fn is_dash(before: &str, after: &str) -> bool {
    let word = after.trim_start_matches(' ').starts_with(|character: char| character.is_ascii_alphabetic());
    word && (before.contains('\n') || after.starts_with(' ') && !after.starts_with("  "))
}

/// Length of what a name goes on with before its colon, as `of tumor in nodes` in `invasion of tumor in nodes: absent`.
fn object(rest: &str) -> usize {
    let linked = [" of ", " in ", " into ", " by ", " within "].iter().any(|word| rest.starts_with(word));
    let sign = || rest.bytes().take(49).position(|byte| matches!(byte, b':' | b'.' | b';' | b',' | b'\n' | b'('));
    linked.then(sign).flatten().filter(|at| rest[*at..].starts_with(':')).unwrap_or(0)
}

/// Length of the question mark of a field that is answered on its line: `invasion?: No`, `invasion? Yes`.
fn question(rest: &str) -> usize {
    let asked = rest.trim_start_matches(' ').strip_prefix('?').filter(|answer| answer.starts_with([':', ' ']));
    asked.filter(|answer| !answer.trim_start_matches([':', ' ']).starts_with(['\n', '\r'])).map_or(0, |answer| rest.len() - answer.len())
}

/// Length of what a form says to whom fills it in, with the colon before: `: (Select one)`.
fn instruction(rest: &str) -> usize {
    let said = rest.trim_start_matches([' ', ':']).strip_prefix("(select one)");
    said.map_or(0, |answer| rest.len() - answer.len())
}

/// Length of the sign that ticks the answer behind it: `X  Absent`, `x_ Absent`.
fn tick(rest: &str) -> usize {
    let answer = rest.strip_prefix('x').filter(|answer| answer.starts_with([' ', '_']));
    answer.map_or(0, |answer| rest.len() - answer.trim_start_matches([' ', '_']).len())
}

/// Whether the field offers its answers and gives none: `1 Yes 2 No`.
fn is_menu(text: &str, end: usize) -> bool {
    let rest = text.get(end..).unwrap_or("");
    let Some(value) = rest.bytes().take(51).position(|byte| byte == b':').filter(|colon| !rest[..*colon].contains(['.', '\n'])).map(|colon| &rest[colon + 1..])
    else {
        return false;
    };
    let answers: Vec<&str> = value.split(|character: char| !character.is_ascii_alphabetic()).filter(|word| !word.is_empty()).take(2).collect();
    matches!(answers.as_slice(), ["yes", "no"] | ["no", "yes"])
}

/// Whether a name stands alone on its line, as a heading of a form that was left empty.
fn alone_on_line(text: &str, span: Span) -> bool {
    let before = text.get(..span.start).unwrap_or("").trim_end_matches([' ', '\t', '-', '*', '.', ')', '\u{b7}']);
    // `J. `, `12) `: the item's letter or number.
    let item = before.bytes().rev().take(3).take_while(u8::is_ascii_alphanumeric).count();
    let opens = item <= 2 && (item == before.len() || before[..before.len() - item].ends_with('\n'));
    let before = if opens { &before[..before.len() - item] } else { before };
    let after = text.get(span.end..).unwrap_or("").trim_start_matches([' ', '\t', '.']);
    (before.is_empty() || before.ends_with('\n')) && (after.is_empty() || after.starts_with(['\n', '\r']))
}

/// Whether every cue that decides of a statement stands behind it.
fn said_behind_only(reading: &Reading<'_>, assertions: &Assertions, span: Span) -> bool {
    let end = reading.to_original(span).end;
    let cues = assertions.assess(reading, span).cues;
    !cues.is_empty() && cues.iter().all(|cue| cue.start >= end)
}

/// Whether a name in capitals stands alone on its line below words that are not: what was said above is not said of it.
fn is_heading(reading: &Reading<'_>, span: Span) -> bool {
    let capitals = |span: Span| {
        let letters = || (span.start..span.end).filter(|at| reading.text().as_bytes()[*at].is_ascii_alphabetic());
        letters().next().is_some() && letters().all(|at| reading.is_upper(at))
    };
    let above = reading.text()[..span.start].trim_end();
    let last = above.rfind([' ', '\n']).map_or(0, |at| at + 1);
    alone_on_line(reading.text(), span) && capitals(span) && !capitals(Span::new(last, above.len()))
}

/// Reads the status of what stands at a place.
#[derive(Debug)]
pub(super) struct Statuses {
    class: ClassId,
    values: Vec<Value>,
}

impl Statuses {
    pub(super) fn new(lexicon: &Lexicon) -> Result<Self> {
        let class = lexicon.class("status")?;
        Ok(Self { class, values: lexicon.vocabulary(class).attributes()? })
    }

    /// The status that stands right behind `end`, and where it ends. Blanks, colons, dashes, empty brackets and one line break may be between.
    pub(super) fn behind(&self, reading: &Reading<'_>, end: usize) -> Option<(Status, Span)> {
        let end = end + remark(reading.text().get(end..)?);
        let end = end + object(reading.text().get(end..)?);
        let end = end + question(reading.text().get(end..)?);
        let end = end + instruction(reading.text().get(end..)?);
        let rest = reading.text().get(end..)?;
        let skipped = rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n', ':', '.', '-', '=', '_', ',', '*', '/', '|', '"', '\'']).len();
        // A comma or a stop with a word behind it is another statement; with a sign behind it a field.
        let separators = &rest[..skipped];
        if separators.matches('\n').count() > 2 || separators.len() > 40 {
            return None;
        }
        let skipped = skipped + tick(&rest[skipped..]);
        let hit = reading.hits.at(self.class, end + skipped).filter(|hit| hit.start as usize == end + skipped);
        // `Yes   X  No`: the sign stands before the answer that is meant.
        let hit = hit.map(|hit| {
            let next = reading.text()[hit.end as usize..].trim_start_matches([' ', '_']);
            let at = reading.text().len() - next.len() + tick(next);
            reading.hits.at(self.class, at).filter(|other| tick(next) > 0 && other.start as usize == at).unwrap_or(hit)
        });
        let hit = hit.or_else(|| {
            // `(-)`, `(+)` begin with the bracket; a lone `-` or `+` was skipped as a separator.
            let sign = separators.find(['-', '+'])?;
            if is_dash(&rest[..sign], &rest[sign + 1..]) {
                return None;
            }
            reading.hits.at(self.class, end + sign).filter(|hit| hit.start as usize == end + sign)
        })?;
        // `INVASION 0.2 MM FROM …`: a length, no sign.
        let behind = &reading.text().as_bytes()[hit.end as usize..];
        if reading.slice(hit.span()) == "0" && matches!(behind, [b'.' | b'/' | b',', b'0'..=b'9', ..]) {
            return None;
        }
        let status = self.values[hit.entry as usize].value;
        let line_break = separators.contains('\n');
        let field = separators.contains(':') || line_break || separators.trim().is_empty() || !separators.contains([',', '.']);
        field.then_some((status, hit.span()))
    }

    /// The status of what stands at `span`: what is said behind it, else what a cue before it says, else that it is there.
    /// Nothing where a colon follows and no value that is known.
    pub(super) fn of(&self, reading: &Reading<'_>, assertions: &Assertions, span: Span) -> Option<(Status, Span)> {
        let inside = assertions.inside(reading, span);
        let presence = if inside == Presence::Present { assertions.presence(reading, span) } else { inside };
        let behind = self.behind(reading, span.end);
        let from_presence = match presence {
            Presence::Absent => Some(Status::Absent),
            Presence::Uncertain => Some(Status::Indeterminate),
            Presence::Present => None,
        };
        match (behind, from_presence) {
            (Some((status @ (Status::Absent | Status::Indeterminate | Status::Unstated), at)), _) => Some((status, span.join(at))),
            (Some((Status::Present, at)), None) => Some((Status::Present, span.join(at))),
            // A value behind the colon of its own field outranks what is said of the field before.
            (Some((Status::Present, at)), Some(_)) if inside == Presence::Present && reading.text()[span.end..].trim_start().starts_with(':') => {
                Some((Status::Present, span.join(at)))
            }
            // `Perineural invasion Yes⏎Lymphatic invasion None`: what is said further on is said of the next.
            (Some((Status::Present, at)), Some(_)) if inside == Presence::Present && alone_on_line(reading.text(), span) => {
                Some((Status::Present, span.join(at)))
            }
            (Some((Status::Present, at)), Some(_)) if inside == Presence::Present && said_behind_only(reading, assertions, span) => {
                Some((Status::Present, span.join(at)))
            }
            (Some((Status::Present, at)), Some(status)) => Some((status, span.join(at))),
            (None, Some(_)) if inside == Presence::Present && is_heading(reading, span) => None,
            (None, Some(status)) => Some((status, span)),
            (None, None) => {
                let rest = reading.text().get(span.end..).unwrap_or("").trim_start_matches([' ', '\t', ')', '"', '\'']);
                let open = rest.starts_with(':')
                    || rest.starts_with('?')
                    || rest.starts_with("(select")
                    || rest.starts_with("or ")
                    || alone_on_line(reading.text(), span) && !reading.slice(span).ends_with("identified")
                    || is_menu(reading.text(), span.end);
                (!open).then_some((Status::Present, span))
            }
        }
    }
}
