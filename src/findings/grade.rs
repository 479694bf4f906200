//! Histological grade: `Grade 2 of 3`, `G3`, `Fuhrman II/IV`, `FIGO grade 1`, `NUCLEAR GRADE II TO III/IV`, `high-grade`, `管状腺癌II-III级`, `G3型`.
//!
//! The value is kept as a digit, a range or `low`, `intermediate`, `high`; Roman numerals and the letters scanners make of them
//! are read as digits. Grades of precursors, inflammation or toxicity, Gleason patterns and parts of a sum do not count.
//! A Nottingham sum without a grade gives the grade that follows from it.

mod value;

use serde::Deserialize;

use super::assertion::Assertions;
use super::cursor::{Cursor, around};
use super::detail::Grade;
use super::squeeze::squeezed;
use super::{Detail, Finder, Finding, Reading};
use crate::error::Result;
use crate::lexicon::{ClassId, Lexicon};
use crate::span::Span;
use value::{from_sum, parts, skip_label, sum, value, value_before};

#[derive(Debug, Deserialize)]
struct Cue {
    role: Role,
    #[serde(default)]
    system: String,
    #[serde(default)]
    value: String,
}

#[derive(Debug, PartialEq, Eq, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Role {
    Head,
    Nuclear,
    Word,
    System,
    Score,
    Component,
    Tumour,
    Behind,
    Other,
}

/// Finds grades.
#[derive(Debug)]
pub struct Grades {
    class: ClassId,
    cues: Vec<Cue>,
    morphology: ClassId,
    assertions: Assertions,
}

impl Grades {
    /// Takes the class `grade.cue`.
    ///
    /// # Errors
    /// Where it is missing or an entry has no known `role`.
    pub fn new(lexicon: &Lexicon) -> Result<Self> {
        let class = lexicon.class("grade.cue")?;
        Ok(Self { class, cues: lexicon.vocabulary(class).attributes()?, morphology: lexicon.class("morphology")?, assertions: Assertions::new(lexicon)? })
    }

    fn roles<'a>(&'a self, reading: &'a Reading<'_>, place: Span) -> impl DoubleEndedIterator<Item = (&'a Cue, Span)> {
        reading.hits.within(self.class, place).iter().map(|hit| (&self.cues[hit.entry as usize], hit.span()))
    }

    fn has(&self, reading: &Reading<'_>, place: Span, role: Role) -> bool {
        self.roles(reading, place).any(|(cue, _)| cue.role == role)
    }

    /// What else is graded, right before or behind.
    fn other_near(&self, reading: &Reading<'_>, span: Span, before: usize, after: usize) -> bool {
        let sentence = reading.sentence(span.start);
        let place = around(reading.text(), span, before, after);
        self.has(reading, Span::new(place.start.max(sentence.start.min(span.start)), place.end), Role::Other)
    }

    /// The system named inside or shortly before a grade.
    fn system(&self, reading: &Reading<'_>, span: Span) -> String {
        let place = around(reading.text(), span, 36, 14);
        self.roles(reading, place).rfind(|(cue, _)| cue.role == Role::System).map_or_else(|| "generic".to_string(), |(cue, _)| cue.system.clone())
    }

    fn push(&self, reading: &Reading<'_>, span: Span, grade: String, out: &mut Vec<Finding>) {
        let system = self.system(reading, span);
        let mut detail = Grade { system, grade, score: None, components: None };
        if detail.system == "nottingham" {
            let place = around(reading.text(), span, 0, 60);
            let found =
                self.roles(reading, place).find(|(cue, at)| cue.role == Role::Score && at.start >= span.start).and_then(|(_, at)| sum(reading.text(), at.end));
            detail.score = found.map(|(total, _)| total);
            detail.components = parts(place.of(reading.text()));
        }
        let numeral = detail.grade.as_bytes().first().is_some_and(u8::is_ascii_digit);
        let detail = Detail::Grade(detail);
        out.push(match numeral {
            true => Finding::asserted(reading, &self.assertions, span, detail),
            false => Finding::assessed(reading, &self.assertions, span, detail),
        });
    }

    /// A head with its value behind it.
    fn head(&self, reading: &Reading<'_>, head: Span, nuclear: bool, out: &mut Vec<Finding>) -> Option<usize> {
        let text = reading.text();
        if self.other_near(reading, head, 24, 14) {
            return None;
        }
        if nuclear && self.has(reading, around(text, head, 70, 90), Role::Component) {
            return None;
        }
        let mut cursor = Cursor::new(text, head.end);
        skip_label(&mut cursor);
        // `grade (FIGO): FIGO grade 2`: words of the system between head and value.
        for _ in 0..3 {
            let Some(hit) = reading.hits.at(self.class, cursor.at).filter(|hit| hit.start as usize == cursor.at) else { break };
            if !matches!(self.cues[hit.entry as usize].role, Role::System | Role::Head | Role::Nuclear) {
                break;
            }
            cursor.at = hit.end as usize;
            skip_label(&mut cursor);
        }
        let start = cursor.at;
        let grade = value(&mut cursor)?;
        if start == head.end && text.as_bytes()[head.end - 1].is_ascii_alphabetic() && !text.as_bytes()[start].is_ascii_digit() {
            return None;
        }
        let span = Span::new(head.start, cursor.at);
        if self.other_near(reading, Span::new(start, cursor.at), 0, 16) {
            return Some(cursor.at);
        }
        self.push(reading, span, grade, out);
        Some(cursor.at)
    }

    /// `Nottingham score: 8/9`, `Bloom-Richardson grade 9 (3+3+3)`: the grade that follows from a sum.
    fn from_score(&self, reading: &Reading<'_>, system: Span, out: &mut Vec<Finding>) {
        let text = reading.text();
        let place = around(text, system, 0, 48);
        let end = self
            .roles(reading, place)
            .filter(|(cue, at)| matches!(cue.role, Role::Score | Role::Head) && at.end >= system.end)
            .map(|(_, at)| at.end)
            .chain([system.end])
            .find_map(|at| sum(text, at));
        let Some((total, end)) = end else { return };
        let Some(grade) = from_sum(total) else { return };
        let span = Span::new(system.start, end);
        let detail = Grade { system: "nottingham".into(), grade: grade.into(), score: Some(total), components: parts(around(text, span, 0, 70).of(text)) };
        out.push(Finding::asserted(reading, &self.assertions, span, Detail::Grade(detail)));
    }

    /// `G2`, `GII`, `G2-3` beside a tumour, a category or a word of grade.
    fn letters(&self, reading: &Reading<'_>, out: &mut Vec<Finding>) {
        let text = reading.text();
        let bytes = text.as_bytes();
        let from = out.iter().rposition(|finding| !matches!(finding.detail, Detail::Grade(_))).map_or(0, |index| index + 1);
        for at in memchr::memchr_iter(b'g', bytes) {
            let next = bytes.get(at + 1).copied().unwrap_or(0);
            let parted = next == b' ' && matches!(bytes.get(at + 2), Some(b'1'..=b'4'));
            if !matches!(next, b'1'..=b'4' | b'i' | b'l') && !parted || !reading.is_upper(at) {
                continue;
            }
            if at > 0
                && (bytes[at - 1].is_ascii_alphanumeric() && !matches!(bytes.get(at.saturating_sub(2)), Some(b'm' | b'n'))
                    || matches!(bytes[at - 1], b'/' | b'.' | b'_'))
            {
                continue;
            }
            let mut cursor = Cursor::new(text, at + 1);
            cursor.skip(b" ", 1);
            let Some(grade) = value(&mut cursor) else { continue };
            if matches!(cursor.peek(0), b'/' | b'*' | b'^') || !grade.as_bytes()[0].is_ascii_digit() {
                continue;
            }
            let span = Span::new(at, cursor.at);
            let numbered = bytes[at + 1].is_ascii_digit() || bytes[at + 1] == b' ';
            if !numbered && !self.has(reading, around(text, span, 44, 0), Role::Head) && !matches!(bytes.get(at.wrapping_sub(1)), Some(b'(')) {
                continue;
            }
            let known = out[from..].iter().any(|finding| finding.span.overlaps(reading.to_original(span)));
            if !known && self.beside_tumour(reading, span) && !self.other_near(reading, span, 18, 14) {
                self.push(reading, span, grade, out);
            }
        }
    }

    fn beside_tumour(&self, reading: &Reading<'_>, span: Span) -> bool {
        let text = reading.text();
        let near = around(text, span, 60, 36);
        let cue = self.roles(reading, near).any(|(cue, _)| matches!(cue.role, Role::Head | Role::Nuclear | Role::System | Role::Tumour));
        let staged = || {
            let words = around(text, span, 24, 12).of(text);
            words.match_indices(['t', 'n', 'm']).any(|(at, _)| words.as_bytes().get(at + 1).is_some_and(|byte| matches!(byte, b'0'..=b'4' | b'x')))
        };
        let gross = matches!(reading.section_kind(span.start), "gross" | "specimen");
        !gross && (cue || !reading.hits.within(self.morphology, near).is_empty() || staged())
    }

    /// `腺癌II-III级`.
    fn behind(&self, reading: &Reading<'_>, mark: Span, out: &mut Vec<Finding>) {
        let text = reading.text();
        let Some((start, grade)) = value_before(text, mark.start) else { return };
        let span = Span::new(start, mark.end);
        let sentence = reading.sentence(start);
        let place = around(text, Span::new(start, start), 26, 0);
        let tumour = self.has(reading, Span::new(place.start.max(sentence.start), start), Role::Tumour);
        let known = out.iter().rev().take(6).any(|finding| matches!(finding.detail, Detail::Grade(_)) && finding.span.overlaps(reading.to_original(span)));
        if tumour && !known && !self.other_near(reading, span, 24, 8) {
            self.push(reading, span, grade, out);
        }
    }
}

/// `FIGO |II (of III)`: the numeral behind a system is a grade where its scale is said.
fn of_scale(text: &str, end: usize) -> bool {
    let rest = squeezed(around(text, Span::new(end, end), 0, 40).of(text));
    let rest = rest.trim_start();
    let numeral = rest.bytes().take(3).take_while(|byte| matches!(byte, b'i' | b'1'..=b'3')).count();
    let behind = rest[numeral..].trim_start_matches([' ', '(']);
    numeral > 0 && (behind.starts_with("of ii") || behind.starts_with("of 3"))
}

impl Finder for Grades {
    fn find(&self, reading: &Reading<'_>, out: &mut Vec<Finding>) {
        let text = reading.text();
        let mut own = Vec::new();
        let mut done = 0;
        for hit in reading.of(self.class) {
            let span = hit.span();
            if span.end <= done {
                continue;
            }
            let cue = &self.cues[hit.entry as usize];
            match cue.role {
                Role::Head | Role::Nuclear => {
                    done = self.head(reading, span, cue.role == Role::Nuclear, &mut own).unwrap_or(done);
                }
                Role::Word => {
                    if !self.other_near(reading, span, 48, 44) {
                        self.push(reading, span, cue.value.clone(), &mut own);
                    }
                }
                Role::System => {
                    let named = reading.slice(span);
                    if named.ends_with("grade")
                        && let Some(end) = self.head(reading, span, false, &mut own)
                    {
                        done = end;
                    }
                    if cue.system == "nottingham" {
                        self.from_score(reading, span, &mut own);
                    } else if (cue.system == "fuhrman" || of_scale(text, span.end)) && !named.ends_with("grade") {
                        done = self.head(reading, span, false, &mut own).unwrap_or(done);
                    }
                }
                Role::Behind => self.behind(reading, span, &mut own),
                Role::Score | Role::Component | Role::Tumour | Role::Other => {}
            }
        }
        self.letters(reading, &mut own);
        out.append(&mut own);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;
    use crate::reading::Reader;

    fn found(text: &str) -> Vec<(String, String)> {
        let lexicon = Lexicon::embedded().unwrap();
        let document = Document { text: text.into(), ..Document::default() };
        let reading = Reader::new(&lexicon).unwrap().read(&lexicon, &document);
        let mut out = Vec::new();
        Grades::new(&lexicon).unwrap().find(&reading, &mut out);
        out.into_iter().filter_map(|finding| if let Detail::Grade(grade) = finding.detail { Some((grade.system, grade.grade)) } else { None }).collect()
    }

    fn one(text: &str, system: &str, grade: &str) {
        assert_eq!(found(text), [(system.to_string(), grade.to_string())], "{text}");
    }

    #[test]
    fn grades_with_their_systems() {
        one("Fuhrman nuclear grade III/IV", "fuhrman", "3");
        one("WHO grade I II.", "who", "3");
        one("FIGO grade 2", "figo", "2");
        one("NUCLEAR GRADE II TO III/IV", "generic", "2-3");
        one("Adenocarcinoma, Grade 3 (of 4)", "generic", "3");
        one("Nottingham score: 8 out of 9", "nottingham", "3");
        one("直肠管状腺癌II-III级", "generic", "2-3");
        one("高级别浆液性癌", "generic", "high");
    }

    #[test]
    fn grades_of_other_things_do_not_count() {
        for text in ["High grade prostatic intraepithelial neoplasia", "Gleason grade 4", "Staining intensity grade: 2", "高血压2级", "骨髓抑制II级"] {
            assert!(found(text).is_empty(), "{text}: {:?}", found(text));
        }
    }
}
