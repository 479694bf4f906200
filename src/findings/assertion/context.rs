//! Weighs the cues around a finding. The nearest cue of presence wins; pseudo-cues hide what they cover, because the lexicon
//! matches the longest form; a cue inside the finding is the finding's own and is left to it. No more than [`WINDOW`] bytes on either
//! side are looked at, so that a text without stops costs no more than another.

use serde::Deserialize;

use super::scope::{carries_back, carries_forward, clause, clause_ends, field_value, reach, says_no, says_no_share};
use super::{Assertion, Experiencer, Presence, Temporality};
use crate::document::Language;
use crate::error::Result;
use crate::lexicon::{ClassId, Hit, Lexicon};
use crate::reading::Reading;
use crate::span::Span;
use crate::timeline::{Event, Timeline};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Kind {
    Absent,
    Uncertain,
    Historical,
    Planned,
    Family,
    Pseudo,
    Terminate,
    Verb,
    Event,
    Now,
    Admission,
    Operation,
    Report,
}

impl Kind {
    /// The event of a note that the cue names, if it names one.
    const fn event(self) -> Option<Event> {
        Some(match self {
            Self::Now => Event::Now,
            Self::Admission => Event::Admission,
            Self::Operation => Event::Operation,
            Self::Report => Event::Report,
            _ => return None,
        })
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Direction {
    #[default]
    Forward,
    Backward,
    Both,
    Sentence,
}

#[derive(Debug, Clone, Copy, Deserialize)]
pub(super) struct Cue {
    pub(super) kind: Kind,
    #[serde(default)]
    direction: Direction,
    #[serde(default)]
    scope: Option<usize>,
}

/// Bytes on either side of a finding where its cues stand; what is longer than this is no sentence.
const WINDOW: usize = 2000;

/// The sentence of a finding as far as its window reaches.
fn window(text: &str, sentence: Span, span: Span) -> Span {
    let mut start = sentence.start.min(span.start).max(span.start.saturating_sub(WINDOW));
    let mut end = sentence.end.max(span.end).min(span.end.saturating_add(WINDOW));
    while !text.is_char_boundary(start) {
        start += 1;
    }
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    Span::new(start, end)
}

/// Whether the history is the first heading of a synopsis, which states the present tumour below it.
fn opens_synopsis(reading: &Reading<'_>, at: usize) -> bool {
    let own = reading.sections.partition_point(|section| section.span.start <= at);
    let above = own.checked_sub(2).and_then(|index| reading.sections.get(index));
    above.is_some_and(|section| section.kind == "synoptic" && section.span.len() < SHORT)
}

/// Bytes of a section that is nothing but a heading.
const SHORT: usize = 120;

/// Tells presence, temporality and experiencer of a place in a text.
#[derive(Debug)]
pub struct Assertions {
    class: ClassId,
    cues: Vec<Cue>,
    /// Latin words that open a report.
    reports: Vec<String>,
}

impl Assertions {
    /// Takes the class `cue`.
    ///
    /// # Errors
    /// Where it is missing or an entry has no known `kind`.
    pub fn new(lexicon: &Lexicon) -> Result<Self> {
        let class = lexicon.class("cue")?;
        let vocabulary = lexicon.vocabulary(class);
        let cues: Vec<Cue> = vocabulary.attributes()?;
        let reports =
            vocabulary.entries.iter().zip(&cues).filter(|(_, cue)| cue.kind == Kind::Report).flat_map(|(entry, _)| entry.en().map(str::to_string)).collect();
        Ok(Self { class, cues, reports })
    }

    /// The assertion of a finding at a folded span.
    pub fn assess(&self, reading: &Reading<'_>, span: Span) -> Assertion {
        let mut assertion = self.around(reading, span);
        let section = reading.section_kind(span.start);
        if assertion.temporality == Temporality::Current && self.is_from_before(reading, span, section) {
            assertion.temporality = Temporality::Historical;
        }
        assertion
    }

    /// The assertion of what only an examined specimen shows: where an English history holds it, the heading of the report below was not read.
    pub fn assess_examined(&self, reading: &Reading<'_>, span: Span) -> Assertion {
        if reading.language == Language::En { self.around(reading, span) } else { self.assess(reading, span) }
    }

    /// The assertion of a laboratory result at a folded span: what is older than the last event of a note is historical.
    pub fn assess_lab(&self, reading: &Reading<'_>, span: Span) -> Assertion {
        let mut assertion = self.around(reading, span);
        if assertion.temporality == Temporality::Current && reading.language == Language::Zh && self.timeline(reading).is_old(span.start) {
            assertion.temporality = Temporality::Historical;
        }
        assertion
    }

    /// Presence only, for grammars that read a status off the words: the nearest cue that reaches the span, if any.
    pub fn presence(&self, reading: &Reading<'_>, span: Span) -> Presence {
        self.around(reading, span).presence
    }

    /// What a cue inside a statement says of it, as in `神经未见癌侵犯`.
    pub(crate) fn inside(&self, reading: &Reading<'_>, span: Span) -> Presence {
        let cues = reading.hits.within(self.class, span).iter().map(|hit| self.cue(*hit).kind);
        cues.fold(Presence::Present, |presence, kind| match kind {
            Kind::Absent => Presence::Absent,
            Kind::Uncertain if presence == Presence::Present => Presence::Uncertain,
            _ => presence,
        })
    }

    fn is_from_before(&self, reading: &Reading<'_>, span: Span, section: &str) -> bool {
        match reading.language {
            Language::Zh => self.timeline(reading).is_before_last_operation(span.start),
            Language::En => section == "history" && !opens_synopsis(reading, span.start) && !self.reported_since(reading, span.start),
        }
    }

    /// Whether words that open a report stand between the heading of a history and a place, within the window of either: the heading of
    /// its own was not read.
    fn reported_since(&self, reading: &Reading<'_>, at: usize) -> bool {
        let start = reading.section(at).map_or(at, |section| section.heading.end.min(at));
        let between = Span::new(start, at);
        let ends = [start, at].map(|end| window(reading.text(), between, Span::new(end, end)).of(reading.text()));
        self.reports.iter().any(|form| ends.iter().any(|near| near.contains(form.as_str())))
    }

    fn timeline<'r>(&self, reading: &'r Reading<'_>) -> &'r Timeline {
        reading.timeline(|| Timeline::new(reading.text(), reading.of(self.class).iter().filter_map(|hit| Some((hit.span(), self.cue(*hit).kind.event()?)))))
    }

    fn cue(&self, hit: Hit) -> Cue {
        self.cues[hit.entry as usize]
    }

    fn around(&self, reading: &Reading<'_>, span: Span) -> Assertion {
        let text = reading.text();
        let sentence = window(text, reading.sentence(span.start), span);
        let mut clause = clause(text, sentence, span);
        let hits = reading.hits.within(self.class, sentence);
        for hit in hits.iter().filter(|hit| self.cue(**hit).kind == Kind::Terminate) {
            let at = hit.span();
            if at.end <= span.start && at.end > clause.start {
                clause.start = at.end;
            } else if at.start >= span.end && at.start < clause.end {
                clause.end = at.start;
            }
        }
        let mut out = Assertion::default();
        if reading.section_kind(span.start) == "family-history" {
            out.experiencer = Experiencer::Family;
        }
        let mut nearest = usize::MAX;
        for hit in hits {
            let (at, cue) = (hit.span(), self.cue(*hit));
            let Some(distance) = self.reaches(text, cue, at, span, clause, hits) else { continue };
            match cue.kind {
                Kind::Absent | Kind::Uncertain if distance <= nearest => {
                    nearest = distance;
                    out.presence = if cue.kind == Kind::Absent { Presence::Absent } else { Presence::Uncertain };
                }
                Kind::Historical => out.temporality = Temporality::Historical,
                Kind::Planned if out.temporality == Temporality::Current => out.temporality = Temporality::Planned,
                Kind::Family => out.experiencer = Experiencer::Family,
                _ => continue,
            }
            out.cues.push(reading.to_original(at));
        }
        let none = || says_no_share(Span::new(sentence.start, span.start).of(text));
        if out.presence == Presence::Present && (field_value(text, span.end).is_some_and(says_no) || none()) {
            out.presence = Presence::Absent;
        }
        out
    }

    /// How far the cue at `at` stands from the finding, where it reaches it.
    fn reaches(&self, text: &str, cue: Cue, at: Span, span: Span, clause: Span, hits: &[Hit]) -> Option<usize> {
        if !matches!(cue.kind, Kind::Absent | Kind::Uncertain | Kind::Historical | Kind::Planned | Kind::Family) {
            return None;
        }
        if cue.direction == Direction::Sentence {
            return Some(0);
        }
        // `Vascular invasion?: No` asks, and is answered behind its colon.
        if at.of(text) == "?" && text[at.end..].trim_start_matches(' ').starts_with(':') {
            return None;
        }
        if !clause.contains(at) {
            return None;
        }
        let scope = cue.scope.map(|characters| characters * 3);
        let looks_back = match cue.direction {
            Direction::Backward => true,
            Direction::Both => clause_ends(text, at.end),
            _ => false,
        };
        let looks_forward = cue.direction == Direction::Forward || (cue.direction == Direction::Both && !looks_back);
        if at.end <= span.start && looks_forward {
            let gap = Span::new(at.end, span.start);
            if gap.len() > reach(scope) {
                return None;
            }
            let verb = hits.iter().any(|hit| self.cue(*hit).kind == Kind::Verb && gap.contains(hit.span()));
            return carries_forward(gap.of(text), span.of(text), scope, verb).then_some(gap.len());
        }
        if at.start >= span.end && looks_back {
            let gap = Span::new(span.end, at.start);
            if gap.len() > reach(scope) {
                return None;
            }
            let coordinate = hits.iter().any(|hit| self.cue(*hit).kind == Kind::Event && gap.contains(hit.span()));
            return carries_back(gap.of(text), span.of(text), scope, coordinate).then_some(gap.len());
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;
    use crate::reading::Reader;

    /// The assertion of `words` in `text`.
    fn assess(text: &str, words: &str) -> Assertion {
        let lexicon = Lexicon::embedded().unwrap();
        let document = Document { text: text.into(), ..Document::default() };
        let reading = Reader::new(&lexicon).unwrap().read(&lexicon, &document);
        let folded = crate::fold::fold(words);
        let at = reading.text().find(&folded).unwrap();
        Assertions::new(&lexicon).unwrap().assess(&reading, Span::new(at, at + folded.len()))
    }

    #[test]
    fn an_absent_cue_reaches_over_an_english_list_and_stops_at_but() {
        let text = "There is no evidence of lymphatic, venous or perineural invasion, but carcinoma is present.";
        assert_eq!(assess(text, "venous").presence, Presence::Absent);
        assert_eq!(assess(text, "perineural").presence, Presence::Absent);
        assert_eq!(assess(text, "carcinoma").presence, Presence::Present);
    }

    #[test]
    fn a_cue_at_the_end_of_a_clause_looks_back() {
        assert_eq!(assess("Perineural invasion: NOT IDENTIFIED", "perineural invasion").presence, Presence::Absent);
        assert_eq!(assess("脉管癌栓、神经侵犯均未见。", "脉管癌栓").presence, Presence::Absent);
        assert_eq!(assess("脉管癌栓（-），神经侵犯", "神经侵犯").presence, Presence::Present);
    }

    #[test]
    fn chinese_lists_carry_and_clauses_do_not() {
        let text = "未见脉管癌栓及神经侵犯，切缘见癌；但淋巴结转移。";
        assert_eq!(assess(text, "神经侵犯").presence, Presence::Absent);
        assert_eq!(assess(text, "切缘").presence, Presence::Present);
        assert_eq!(assess(text, "淋巴结转移").presence, Presence::Present);
    }

    #[test]
    fn pseudo_cues_say_nothing() {
        assert_eq!(assess("无明显诱因出现腹痛", "腹痛").presence, Presence::Present);
        assert_eq!(assess("（胃）未分化癌", "癌").presence, Presence::Present);
    }

    #[test]
    fn uncertain_cues_on_either_side() {
        assert_eq!(assess("suspicious for angiolymphatic invasion", "angiolymphatic invasion").presence, Presence::Uncertain);
        assert_eq!(assess("考虑肾母细胞瘤", "肾母细胞瘤").presence, Presence::Uncertain);
        assert_eq!(assess("肝转移？", "肝转移").presence, Presence::Uncertain);
    }

    #[test]
    fn what_stands_before_the_last_operation_with_its_own_pathology_is_historical() {
        let text = "胃镜活检示低分化腺癌，2014年3月行胃癌根治术，术后病理示：中分化腺癌，切缘阴性。";
        assert_eq!(assess(text, "低分化").temporality, Temporality::Historical);
        assert_eq!(assess(text, "中分化").temporality, Temporality::Current);
    }

    #[test]
    fn what_is_looked_at_does_not_grow_with_the_sentence() {
        for unit in ["cea 5.1 -> ", "未见癌,"] {
            let text = unit.repeat(100_000);
            let whole = Span::new(0, text.len());
            for at in [0, unit.len() * 50_000, text.len() - unit.len()] {
                let span = Span::new(at, at + unit.len());
                let seen = window(&text, whole, span);
                assert!(seen.len() <= span.len() + 2 * WINDOW && seen.contains(span) && text.is_char_boundary(seen.start) && text.is_char_boundary(seen.end));
            }
        }
        assert_eq!(window("one. two", Span::new(5, 8), Span::new(5, 6)), Span::new(5, 8));
    }

    #[test]
    fn a_relative_is_not_the_patient() {
        assert_eq!(assess("母亲患胃癌。", "胃癌").experiencer, Experiencer::Family);
        assert_eq!(assess("Her mother had breast carcinoma.", "carcinoma").experiencer, Experiencer::Family);
    }
}
