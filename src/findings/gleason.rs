//! Gleason scores: `3+4=7`, `SCORE 6 (3+3)`, primary, secondary and total each in a field, tertiary pattern, grade group where stated.
//!
//! Only near the word itself; a pair of numbers elsewhere (`4/5`, node counts) gives nothing. Patterns are 1 to 5.

use serde::Deserialize;

use super::assertion::Assertions;
use super::cursor::{Cursor, around};
use super::detail::Gleason;
use super::{Detail, Doubt, Finder, Finding, Reading};
use crate::error::Result;
use crate::lexicon::{ClassId, Lexicon};
use crate::span::Span;

#[derive(Debug, Deserialize)]
struct Cue {
    role: Role,
    /// A field that names the score itself.
    #[serde(default)]
    head: bool,
}

#[derive(Debug, PartialEq, Eq, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Role {
    Head,
    Primary,
    Secondary,
    Tertiary,
    Total,
    Group,
}

/// Finds Gleason scores.
#[derive(Debug)]
pub struct Gleasons {
    class: ClassId,
    cues: Vec<Cue>,
    assertions: Assertions,
}

/// How far behind the word a score is looked for.
const REACH: usize = 110;
/// How far before a total its patterns may stand, a tertiary one between.
const FIELDS: usize = 100;

impl Gleasons {
    /// Takes the class `gleason.cue`.
    ///
    /// # Errors
    /// Where it is missing or an entry has no known `role`.
    pub fn new(lexicon: &Lexicon) -> Result<Self> {
        let class = lexicon.class("gleason.cue")?;
        Ok(Self { class, cues: lexicon.vocabulary(class).attributes()?, assertions: Assertions::new(lexicon)? })
    }

    /// The value behind the first cue of a role inside a place, and where it ends.
    fn field(&self, reading: &Reading<'_>, place: Span, role: Role, most: u32) -> Option<(u32, usize)> {
        reading.hits.within(self.class, place).iter().filter(|hit| self.cues[hit.entry as usize].role == role).find_map(|hit| {
            let mut cursor = Cursor::new(reading.text(), hit.end as usize);
            labelled(&mut cursor);
            let value = cursor.integer()?;
            // `315` is `3/5` as scanners read it.
            let value = match value {
                100..600 if value % 100 == 15 => value / 100,
                1000..6000 if value % 1000 == 115 => value / 1000,
                _ => without_ten(value),
            };
            let pair = {
                let mut next = cursor;
                next.skip(b" ", 2);
                next.peek(0) == b'+'
            };
            if cursor.peek(0) == b'%' || pair {
                return None;
            }
            if cursor.peek(0) == b'/' && cursor.peek(1).is_ascii_digit() {
                cursor.at += 1;
                cursor.integer();
            }
            ((1..=most).contains(&value)).then_some((value, cursor.at))
        })
    }
}

impl Gleasons {
    /// The secondary pattern whose field cannot be read: what the stated sum leaves of it.
    fn rest_of_sum(&self, reading: &Reading<'_>, wide: Span, primary: Option<(u32, usize)>) -> Option<(u32, usize)> {
        let (primary, end) = primary?;
        let (total, at) = self.field(reading, Span::new(end, around(reading.text(), wide, 0, 140).end), Role::Total, 10)?;
        total.checked_sub(primary).filter(|rest| (1..=5).contains(rest)).map(|rest| (rest, at))
    }
}

/// `7110` is `7/10` as scanners read it.
const fn without_ten(value: u32) -> u32 {
    if value >= 1000 && value < 11_000 && value % 1000 == 110 { value / 1000 } else { value }
}

/// Over what stands between a label and its value: `:`, `grade`, `pattern`, `is`, a short bracket.
fn labelled(cursor: &mut Cursor<'_>) {
    for _ in 0..8 {
        let start = cursor.at;
        cursor.skip(b" \t\r\n:=.;#-_*'\"", 4);
        for word in
            ["grade", "pattern", "gleason", "score", "is", "of", "sum", "total", "group", "was", "评分", "为", "分级", "最高", "about", "histologic", "a"]
        {
            cursor.word(word);
        }
        if cursor.peek(0) == b'(' && cursor.peek(1).is_ascii_alphabetic() {
            let close = cursor.rest().bytes().take(40).position(|byte| byte == b')');
            cursor.at += close.map_or(0, |close| close + 1);
        }
        if cursor.at == start {
            break;
        }
    }
}

#[derive(Debug, Default, Clone, Copy, PartialEq)]
struct Score {
    primary: u32,
    secondary: u32,
    total: Option<u32>,
    start: usize,
    end: usize,
}

/// `3+4`, with `=7` or `(score 7)` behind or `7 (`, `score 7:` before.
fn pair(text: &str, plus: usize) -> Option<Score> {
    let bytes = text.as_bytes();
    let left = bytes[..plus].iter().rposition(|byte| *byte != b' ')?;
    let primary = bytes[left].is_ascii_digit().then(|| u32::from(bytes[left] - b'0')).filter(|value| (1..=5).contains(value))?;
    if left > 0 && (bytes[left - 1].is_ascii_digit() || bytes[left - 1] == b'.') {
        return None;
    }
    let mut cursor = Cursor::new(text, plus + 1);
    cursor.blanks(3);
    let secondary = cursor.integer().filter(|value| (1..=5).contains(value))?;
    if cursor.peek(0) == b'%' {
        return None;
    }
    let mut score = Score { primary, secondary, total: None, start: left, end: cursor.at };
    let mut next = cursor;
    // `(4+4)=8`
    if next.peek(0) == b')' && next.rest()[1..].trim_start_matches(' ').starts_with('=') {
        next.at += 1;
    }
    for _ in 0..5 {
        next.skip(b" \n\r\t=,:;(-._a", 3);
        for word in ["score", "sum", "total", "of", "equals", "gleason", "combined", "for", "is", "总分", "a", "评分"] {
            next.word(word);
        }
    }
    let sum = primary + secondary;
    if let Some(total) = next.integer()
        && (total == sum || (2..=10).contains(&total) && text.get(cursor.at..next.at).is_some_and(|gap| gap.contains('=')))
    {
        score.total = Some(total);
        score.end = next.at;
    }
    if score.total.is_none() {
        // `5 + 3 s 8`: the sign of equality as scanners read it.
        let mut read = cursor;
        read.blanks(2);
        if matches!(read.peek(0), b's' | b'z' | b'~' | b'^' | b'*' | b'e') && !read.peek(1).is_ascii_alphabetic() {
            read.at += 1;
            read.skip(b" =", 2);
            if read.integer() == Some(sum) {
                (score.total, score.end) = (Some(sum), read.at);
            }
        }
    }
    if score.total.is_none() {
        // `7 (4+3)`, `score 7: 4+3`.
        let mut at = left;
        while at > 0 && matches!(bytes[at - 1], b' ' | b'(' | b'[' | b':' | b'=' | b'-' | b',' | b'\n') && left - at < 4 {
            at -= 1;
        }
        for tail in ["/10", "/ 10", "分"] {
            if text.get(..at).is_some_and(|before| before.ends_with(tail)) {
                at -= tail.len();
            }
        }
        let digits = bytes[..at].iter().rev().take(2).take_while(|byte| byte.is_ascii_digit()).count();
        if let Some(total) = text.get(at - digits..at).and_then(|word| word.parse::<u32>().ok()).filter(|total| *total == sum) {
            score.total = Some(total);
            score.start = at - digits;
        }
    }
    Some(score)
}

impl Finder for Gleasons {
    fn find(&self, reading: &Reading<'_>, out: &mut Vec<Finding>) {
        let text = reading.text();
        let heads: Vec<Span> = reading
            .of(self.class)
            .iter()
            .map(|hit| (&self.cues[hit.entry as usize], hit.span()))
            .filter(|(cue, _)| cue.role == Role::Head || cue.head)
            .map(|(_, span)| span)
            .collect();
        if heads.is_empty() {
            return;
        }
        let fields = |role: Role| reading.of(self.class).iter().any(|hit| self.cues[hit.entry as usize].role == role);
        let split = fields(Role::Primary) && fields(Role::Secondary);
        let mut done = 0;
        for head in heads {
            if head.start < done {
                continue;
            }
            let place = around(text, head, if split { 40 } else { 14 }, REACH);
            let from = place.start.max(done);
            let found = text
                .get(from..place.end)
                .into_iter()
                .flat_map(|part| part.match_indices('+'))
                .filter_map(|(at, _)| pair(text, from + at))
                .find(|score| score.start >= head.end || text.get(score.end..head.start).is_some_and(|gap| gap.len() < 12));
            let wide = around(text, head, if split { FIELDS } else { 0 }, REACH + 60);
            let wide = Span::new(wide.start.max(done), wide.end);
            // Fields that stand before a pair are a statement of their own, unless they say the same.
            let found = found.filter(|score| {
                let before = Span::new(wide.start, score.start);
                match (self.field(reading, before, Role::Primary, 5), self.field(reading, before, Role::Secondary, 5)) {
                    (Some(primary), Some(secondary)) => (primary.0, secondary.0) == (score.primary, score.secondary),
                    _ => true,
                }
            });
            let (mut value, mut span) = match found {
                Some(score) => (
                    Gleason { primary: Some(score.primary), secondary: Some(score.secondary), score: score.total, ..Gleason::default() },
                    Span::new(head.start.min(score.start), score.end.max(head.end)),
                ),
                None => {
                    let primary = self.field(reading, wide, Role::Primary, 5);
                    let secondary = self.field(reading, wide, Role::Secondary, 5);
                    let secondary = secondary.or_else(|| self.rest_of_sum(reading, wide, primary));
                    let (Some(primary), Some(secondary)) = (primary, secondary) else {
                        if let Some(single) = self.single(reading, head) {
                            done = single.1.end;
                            let detail = Detail::Gleason(Gleason { score: Some(single.0), ..Gleason::default() });
                            out.push(Finding::asserted(reading, &self.assertions, single.1, detail));
                        }
                        continue;
                    };
                    let total =
                        self.field(reading, Span::new(wide.start, around(text, head, 0, REACH + 140).end), Role::Total, 10).filter(|(total, _)| *total >= 2);
                    let end = primary.1.max(secondary.1).max(total.map_or(0, |(_, end)| end));
                    (
                        Gleason { primary: Some(primary.0), secondary: Some(secondary.0), score: total.map(|(total, _)| total), ..Gleason::default() },
                        Span::new(head.start.min(primary.1.saturating_sub(1)), end.max(head.end)),
                    )
                }
            };
            let behind = around(text, Span::new(head.start, span.end), 0, 70);
            if let Some((tertiary, end)) = self.field(reading, behind, Role::Tertiary, 5) {
                value.tertiary = Some(tertiary);
                span.end = span.end.max(end);
            }
            if let Some((group, end)) = self.field(reading, behind, Role::Group, 5) {
                value.grade_group = Some(group);
                span.end = span.end.max(end);
            }
            done = span.end;
            let odd = matches!((value.primary, value.secondary, value.score), (Some(a), Some(b), Some(sum)) if a + b != sum);
            let mut finding = Finding::asserted(reading, &self.assertions, span, Detail::Gleason(value));
            if odd {
                finding.doubts.push(Doubt::Inconsistent);
            }
            out.push(finding);
        }
        self.bare(reading, out);
    }
}

impl Gleasons {
    /// `adenocarcinoma, 5+4=9` in a report that names the score elsewhere: patterns of 3 to 5 with their right sum.
    fn bare(&self, reading: &Reading<'_>, out: &mut Vec<Finding>) {
        let text = reading.text();
        let taken: Vec<Span> = out.iter().map(|finding| reading.folded.from_original(finding.span)).collect();
        for plus in memchr::memchr_iter(b'+', text.as_bytes()) {
            let Some(score) = pair(text, plus) else { continue };
            let span = Span::new(score.start, score.end);
            let patterns = (3..=5).contains(&score.primary) && (3..=5).contains(&score.secondary);
            let summed = score.total == Some(score.primary + score.secondary) && text.get(plus..score.end).is_some_and(|words| words.contains('='));
            if patterns && summed && !taken.iter().any(|other| other.start < span.end && span.start < other.end) {
                let detail = Gleason { primary: Some(score.primary), secondary: Some(score.secondary), score: score.total, ..Gleason::default() };
                out.push(Finding::asserted(reading, &self.assertions, span, Detail::Gleason(detail)));
            }
        }
    }

    /// `Gleason score 7`: a total alone.
    fn single(&self, reading: &Reading<'_>, head: Span) -> Option<(u32, Span)> {
        let mut cursor = Cursor::new(reading.text(), head.end);
        labelled(&mut cursor);
        let value = cursor.integer().map(without_ten).filter(|value| (6..=10).contains(value))?;
        let end = cursor.at;
        (cursor.peek(0) != b'%' && cursor.peek(0) != b'.' || !cursor.peek(1).is_ascii_digit()).then_some((value, Span::new(head.start, end)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;
    use crate::reading::Reader;

    fn found(text: &str) -> Vec<(Option<u32>, Option<u32>, Option<u32>)> {
        let lexicon = Lexicon::embedded().unwrap();
        let document = Document { text: text.into(), ..Document::default() };
        let reading = Reader::new(&lexicon).unwrap().read(&lexicon, &document);
        let mut out = Vec::new();
        Gleasons::new(&lexicon).unwrap().find(&reading, &mut out);
        out.into_iter()
            .filter_map(|finding| if let Detail::Gleason(value) = finding.detail { Some((value.primary, value.secondary, value.score)) } else { None })
            .collect()
    }

    #[test]
    fn pairs_sums_and_fields() {
        assert_eq!(found("Gleason score 3+4=7"), [(Some(3), Some(4), Some(7))]);
        assert_eq!(found("GLEASON SCORE 6 (3+3)"), [(Some(3), Some(3), Some(6))]);
        assert_eq!(found("Gleason评分：4＋3＝7分"), [(Some(4), Some(3), Some(7))]);
        assert_eq!(found("Primary Gleason grade: 4. Secondary Gleason grade: 3. Gleason sum score: 7"), [(Some(4), Some(3), Some(7))]);
        assert!(found("Lymph nodes 4/5, sizes 3+4 cm").is_empty());
    }
}
