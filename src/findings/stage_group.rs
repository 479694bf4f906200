//! Stage groups: `Stage IIIA`, `FIGO IB1`, `Dukes C2`, `IIIC期`, and the group written right behind a TNM.
//!
//! A numeral counts only beside a word of staging. Arabic groups (`stage 3A`) are read as Roman; staged illnesses, trials and
//! operations (`高血压II期`, `I期缝合`) do not count.

use serde::Deserialize;

use super::assertion::Assertions;
use super::cursor::{Cursor, around};
use super::detail::StageGroup;
use super::squeeze::squeezed;
use super::{Detail, Finder, Finding, Reading};
use crate::error::Result;
use crate::lexicon::{ClassId, Lexicon};
use crate::span::Span;

#[derive(Debug, Deserialize)]
struct Cue {
    role: Role,
    #[serde(default)]
    system: String,
    #[serde(default)]
    stage: String,
}

#[derive(Debug, PartialEq, Eq, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Role {
    Before,
    Behind,
    Whole,
    Other,
}

/// Finds stage groups.
#[derive(Debug)]
pub struct StageGroups {
    class: ClassId,
    cues: Vec<Cue>,
    assertions: Assertions,
}

impl StageGroups {
    /// Takes the class `stage.cue`.
    ///
    /// # Errors
    /// Where it is missing or an entry has no known `role`.
    pub fn new(lexicon: &Lexicon) -> Result<Self> {
        let class = lexicon.class("stage.cue")?;
        Ok(Self { class, cues: lexicon.vocabulary(class).attributes()?, assertions: Assertions::new(lexicon)? })
    }

    fn other_near(&self, reading: &Reading<'_>, span: Span) -> bool {
        reading.hits.within(self.class, around(reading.text(), span, 18, 14)).iter().any(|hit| self.cues[hit.entry as usize].role == Role::Other)
    }

    /// The system named last before a place.
    fn system(&self, reading: &Reading<'_>, at: usize, own: &str) -> String {
        let place = around(reading.text(), Span::new(at, at), 30, 0);
        let named = reading.hits.within(self.class, place);
        let cue = named.iter().rev().map(|hit| &self.cues[hit.entry as usize]).find(|cue| cue.role == Role::Before && cue.system != "ajcc");
        cue.map_or(own, |cue| &cue.system).to_string()
    }

    fn push(&self, reading: &Reading<'_>, span: Span, system: String, stage: String, out: &mut Vec<Finding>) {
        let span_known = reading.to_original(span);
        let known = out.iter().rev().take(8).any(|finding| matches!(finding.detail, Detail::StageGroup(_)) && finding.span.overlaps(span_known));
        if !known && !self.other_near(reading, span) {
            out.push(Finding::asserted(reading, &self.assertions, span, Detail::StageGroup(StageGroup { system, stage })));
        }
    }
}

/// A Roman or Arabic numeral with letter and digit from the cursor on.
fn group(cursor: &mut Cursor<'_>, arabic: bool) -> Option<String> {
    let start = cursor.at;
    let roman = (0..5).take_while(|ahead| matches!(cursor.peek(*ahead), b'i' | b'v')).count();
    let mut stage = match cursor.rest().get(..roman) {
        Some("i") => "I",
        Some("ii") => "II",
        Some("iii") => "III",
        Some("iv") => "IV",
        Some("") if arabic => match cursor.peek(0) {
            b'0' => "0",
            b'1' => "I",
            b'2' => "II",
            b'3' => "III",
            b'4' => "IV",
            _ => return None,
        },
        _ => return None,
    }
    .to_string();
    cursor.at += roman.max(1);
    let mut end = *cursor;
    if end.skip(b" ", 1) == 1 && end.peek(1).is_ascii_alphanumeric() && !end.peek(1).is_ascii_digit() {
        end = *cursor;
    }
    if matches!(end.peek(0), b'a'..=b'e' | b's') && !end.peek(1).is_ascii_alphabetic() {
        stage.push(end.peek(0).to_ascii_uppercase() as char);
        end.at += 1;
        if matches!(end.peek(0), b'1'..=b'3') && !end.peek(1).is_ascii_digit() {
            stage.push(end.peek(0) as char);
            end.at += 1;
        }
        *cursor = end;
    }
    let next = cursor.peek(0);
    // `FIGO 1级` is a grade.
    let whole =
        !next.is_ascii_alphanumeric() && !cursor.rest().starts_with('级') && !(next == b'.' && cursor.peek(1).is_ascii_digit()) && !matches!(next, b'%' | b'/');
    if !whole {
        cursor.at = start;
    }
    whole.then_some(stage)
}

/// `A` to `D` with a digit, as Dukes and Astler-Coller have them.
fn letter(cursor: &mut Cursor<'_>) -> Option<String> {
    let byte = cursor.peek(0);
    if !matches!(byte, b'a'..=b'd') {
        return None;
    }
    let digit = matches!(cursor.peek(1), b'1'..=b'3');
    let after = cursor.peek(1 + usize::from(digit));
    if after.is_ascii_alphanumeric() {
        return None;
    }
    let mut stage = (byte.to_ascii_uppercase() as char).to_string();
    if digit {
        stage.push(cursor.peek(1) as char);
    }
    cursor.at += stage.len();
    Some(stage)
}

/// The longest run before `end` that reads wholly as a Roman group.
fn group_before(text: &str, end: usize) -> Option<(usize, String)> {
    let bytes = text.as_bytes();
    let end_of = end - bytes[..end].iter().rev().take(1).take_while(|byte| **byte == b' ').count();
    let run = bytes[..end_of].iter().rev().take(7).take_while(|byte| matches!(byte, b'i' | b'v' | b'a'..=b'e' | b'1'..=b'3' | b' ')).count();
    (end_of - run..end_of).find_map(|start| {
        let mut cursor = Cursor::new(text, start);
        let glued = bytes[..start].last().is_some_and(|byte| byte.is_ascii_alphabetic() || *byte == b'/');
        (!glued).then(|| group(&mut cursor, false)).flatten().filter(|_| cursor.at == end_of).map(|stage| (start, stage))
    })
}

impl Finder for StageGroups {
    fn find(&self, reading: &Reading<'_>, out: &mut Vec<Finding>) {
        let text = reading.text();
        let tnms: Vec<Span> =
            out.iter().filter(|finding| matches!(finding.detail, Detail::Tnm(_))).map(|finding| reading.folded.from_original(finding.span)).collect();
        for hit in reading.of(self.class) {
            let span = hit.span();
            let cue = &self.cues[hit.entry as usize];
            match cue.role {
                Role::Other => {}
                Role::Whole => self.push(reading, span, cue.system.clone(), cue.stage.clone(), out),
                Role::Behind => {
                    if let Some((start, stage)) = group_before(text, span.start) {
                        let system = self.system(reading, start, &cue.system);
                        self.push(reading, Span::new(start, span.end), system, stage, out);
                    }
                }
                Role::Before => {
                    let mut cursor = Cursor::new(text, span.end);
                    cursor.blanks(16);
                    cursor.word("is");
                    cursor.word("group");
                    cursor.word("stage");
                    cursor.blanks(16);
                    cursor.skip(b":=-('", 2);
                    cursor.blanks(2);
                    let start = cursor.at;
                    let lettered = matches!(cue.system.as_str(), "dukes" | "astler-coller");
                    let stage = if lettered { letter(&mut cursor) } else { group(&mut cursor, true) };
                    // `FIGO II (of III)` is a grade.
                    let graded = squeezed(around(text, Span::new(cursor.at, cursor.at), 0, 24).of(text));
                    let graded = graded.trim_start_matches([' ', '(']);
                    let graded = ["of i", "of 3", "of 4"].iter().any(|scale| graded.starts_with(scale)) && !lettered;
                    if let Some(stage) = stage.filter(|_| !graded) {
                        let parted = start > span.end;
                        let arabic = text.as_bytes()[start].is_ascii_digit();
                        let upper = reading.is_upper(start) || arabic || reading.language == crate::document::Language::Zh;
                        if upper && (parted || lettered || reading.language == crate::document::Language::Zh) && !(arabic && stage == "0") {
                            let system = self.system(reading, start, &cue.system);
                            self.push(reading, Span::new(span.start, cursor.at), system, stage, out);
                        }
                    }
                }
            }
        }
        for tnm in tnms {
            // `pT1apN1[IIIC1]pMX`: in brackets inside the group.
            for (at, _) in tnm.of(text).match_indices(['[', '(']) {
                let mut cursor = Cursor::new(text, tnm.start + at + 1);
                let start = cursor.at;
                if let Some(stage) = group(&mut cursor, false).filter(|_| matches!(cursor.peek(0), b']' | b')')) {
                    let system = self.system(reading, start, "ajcc");
                    self.push(reading, Span::new(start, cursor.at), system, stage, out);
                }
            }
            let end = tnm.end;
            let mut cursor = Cursor::new(text, end);
            cursor.skip(b" ,;([/-", 3);
            cursor.eat("叒");
            let start = cursor.at;
            let parted = start > end;
            if parted
                && reading.is_upper(start)
                && let Some(stage) = group(&mut cursor, false)
                && (stage.len() > 1 || matches!(cursor.peek(0), b')' | b']'))
                && !(cursor.peek(0) == b' ' && matches!(cursor.peek(1), b'i' | b'l' | b'1'))
            {
                let system = self.system(reading, start, "ajcc");
                self.push(reading, Span::new(start, cursor.at), system, stage, out);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;
    use crate::reading::Reader;

    fn found(text: &str) -> Vec<String> {
        let lexicon = Lexicon::embedded().unwrap();
        let document = Document { text: text.into(), ..Document::default() };
        let reading = Reader::new(&lexicon).unwrap().read(&lexicon, &document);
        let mut out = Vec::new();
        StageGroups::new(&lexicon).unwrap().find(&reading, &mut out);
        out.into_iter()
            .filter_map(|finding| if let Detail::StageGroup(group) = finding.detail { Some(format!("{} {}", group.system, group.stage)) } else { None })
            .collect()
    }

    #[test]
    fn groups_beside_words_of_staging() {
        assert_eq!(found("AJCC Stage IIIA"), ["ajcc IIIA"]);
        assert_eq!(found("FIGO stage: IB1"), ["figo IB1"]);
        assert_eq!(found("诊断为胃癌Ⅲc期"), ["ajcc IIIC"]);
        assert_eq!(found("Dukes C2期"), ["dukes C2"]);
        assert!(found("FIGO II (of III) endometrial adenocarcinoma").is_empty());
    }

    #[test]
    fn other_staged_things_do_not_count() {
        for text in ["高血压II期", "参加III期临床试验", "Stage of disease: see note", "化疗第二周期"] {
            assert!(found(text).is_empty(), "{text}: {:?}", found(text));
        }
    }
}
