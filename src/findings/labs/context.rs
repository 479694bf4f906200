//! What stands around a name and makes it another thing: a fluid, a stain of tissue, a word that changes the name, a dose, the letters of
//! something else.

use super::Labs;
use super::scan::Measure;
use crate::document::Language;
use crate::reading::Reading;
use crate::span::Span;

/// Bytes looked at before a name for the specimen.
const SPECIMEN_REACH: usize = 90;
/// Bytes before a name where an examination may head its list.
const PANEL_REACH: usize = 240;
/// Bytes around a polarity where words of staining speak against serum.
const TISSUE_REACH: usize = 600;

impl Labs {
    /// A word right before or after a name that makes it another thing (`糖化`血红蛋白, 肌酐`清除率`).
    pub(super) fn is_excluded(&self, reading: &Reading<'_>, index: usize, name: Span) -> bool {
        let text = reading.text();
        let (before, after) = (text[..name.start].trim_end(), text[name.end..].trim_start());
        self.analytes.get(index).exclude.iter().any(|word| before.ends_with(word.as_str()) || after.starts_with(word.as_str()))
    }

    /// The fluid other than blood that a name stands under: one that is named near, or urine where its examination heads the list.
    pub(super) fn fluid(&self, reading: &Reading<'_>, name: Span) -> Option<&'static str> {
        self.fluid_near(reading, name).or_else(|| self.is_in_panel(reading, name).then_some("urine"))
    }

    /// The fluid whose word is the nearest before a name in the sentence, right before it or with a colon, and no word of blood between.
    fn fluid_near(&self, reading: &Reading<'_>, name: Span) -> Option<&'static str> {
        let text = reading.text();
        let from = reading.sentence(name.start).start;
        let start = ceiling(text, from.max(name.start.saturating_sub(SPECIMEN_REACH)));
        let head = &text[start..name.start];
        let found = self.words.specimens.iter().filter_map(|(role, specimen)| role.within(head).map(|at| (at, *specimen))).max();
        let near = found.filter(|(at, _)| {
            let gap = &head[*at..];
            let blood = gap.contains('血') || gap.contains("serum") || gap.contains("blood") || gap.contains(';');
            !blood && (gap.len() <= 14 || gap.contains(':'))
        });
        near.map(|(_, specimen)| specimen)
    }

    /// Whether a sentence is about the cells of another fluid: `CSF showed a leukocyte count of 487/μL with 80% neutrophils`.
    fn opens_with_fluid(&self, reading: &Reading<'_>, name: Span) -> bool {
        let text = reading.text();
        let start = reading.sentence(name.start).start;
        let opens = self.words.specimens.iter().any(|(role, specimen)| *specimen != "urine" && role.at(text, start).is_some());
        opens && text.get(start..name.start).is_some_and(|head| head.len() <= PANEL_REACH && self.words.blood_panel.within(head).is_none())
    }

    /// Whether an examination of urine heads the list that a name stands in.
    fn is_in_panel(&self, reading: &Reading<'_>, name: Span) -> bool {
        let text = reading.text();
        let start = ceiling(text, reading.sentence(name.start).start.max(name.start.saturating_sub(PANEL_REACH)));
        let head = &text[start..name.start];
        self.words.panel.within(head).is_some_and(|at| self.words.blood_panel.within(&head[at..]).is_none())
    }

    /// Whether a name stands under another fluid than its analyte is measured in. Under an examination of urine, only what has a
    /// namesake in urine does: other names go on with blood.
    pub(super) fn wrong_specimen(&self, reading: &Reading<'_>, index: usize, name: Span) -> bool {
        let specimen = self.analytes.get(index).specimen.as_str();
        match self.fluid_near(reading, name) {
            Some(fluid) => fluid != specimen,
            None if self.analytes.get(index).is_counted() && self.opens_with_fluid(reading, name) => true,
            None => specimen != "urine" && self.namesakes(index, "urine").next().is_some() && self.is_in_panel(reading, name),
        }
    }

    /// The analyte of a name under the fluid that is spoken of: `尿常规：白细胞 80/ul`. A name that stands under an examination only by
    /// its place in the sentence stays the blood's where no namesake is measured so.
    pub(super) fn in_fluid(&self, reading: &Reading<'_>, named: usize, index: usize, name: Span, measure: &Measure) -> Option<usize> {
        if !self.wrong_specimen(reading, index, name) {
            return Some(index);
        }
        let fits = |other: &usize| {
            let other = self.analytes.get(*other);
            !other.qualitative && measure.unit.map_or_else(|| other.can_be(&self.units, measure.number.value), |hit| other.is_printed_in(hit.unit))
        };
        let near = self.fluid_near(reading, name);
        let panel = near.is_none() && self.is_in_panel(reading, name);
        self.namesakes(named, near.unwrap_or("urine")).find(fits).or_else(|| panel.then_some(index))
    }

    /// The analytes of a fluid that share the names of one.
    fn namesakes<'l>(&'l self, index: usize, fluid: &'l str) -> impl Iterator<Item = usize> + 'l {
        self.analytes.get(index).alternatives.iter().copied().filter(move |other| self.analytes.get(*other).specimen == fluid)
    }

    /// An immunohistochemical list: words of staining before it in the sentence, or other markers with signs around it.
    pub(super) fn is_stain(&self, reading: &Reading<'_>, name: Span) -> bool {
        let sentence = reading.sentence(name.start);
        let text = reading.text();
        if matches!(reading.section_kind(name.start), "ihc" | "gross" | "microscopic") || self.words.stain.within(&text[sentence.start..name.start]).is_some() {
            return true;
        }
        let mut from = sentence.start.max(name.start.saturating_sub(80));
        let mut to = sentence.end.min(name.end + 80);
        while !text.is_char_boundary(from) {
            from += 1;
        }
        while !text.is_char_boundary(to) {
            to -= 1;
        }
        let signs = text[from..to].match_indices(['+', '-']).filter(|(at, _)| {
            let before = text[..from + at].chars().next_back().unwrap_or(' ');
            before == '(' || before == '+' || before.is_ascii_alphanumeric()
        });
        signs.count() >= 3
    }

    /// A sign or a polarity that a serum value does not have: a bare sign, or words of staining anywhere near, or a section of pathology.
    pub(super) fn is_sign_of_tissue(&self, reading: &Reading<'_>, name: Span, span: Span, sign: bool) -> bool {
        if sign && !reading.slice(span).starts_with(['(', '[']) {
            return true;
        }
        let text = reading.text();
        let (mut from, mut to) = (name.start.saturating_sub(TISSUE_REACH), (span.end.min(name.end + TISSUE_REACH) + TISSUE_REACH).min(text.len()));
        while !text.is_char_boundary(from) {
            from += 1;
        }
        while !text.is_char_boundary(to) {
            to -= 1;
        }
        reading.language == Language::En && (is_of_tissue(reading.section_kind(name.start)) || self.words.stain.within(&text[from..to]).is_some())
    }

    /// `lymphocytes and normal glands`, `CA125, negative for CK20`, `increased iron staining`: the quality belongs to other words.
    pub(super) fn says_another_thing(&self, reading: &Reading<'_>, name: Span, span: Span) -> bool {
        let text = reading.text();
        let behind = span.start >= name.end;
        let joined = behind && self.words.join.at(text, span.start).is_some();
        let after = text[span.end.max(name.end)..].trim_start();
        joined || (behind && after.starts_with("for ")) || self.words.stain.at(after, 0).is_some()
    }

    /// Words right after a value that make it a dose.
    pub(super) fn is_dose(&self, reading: &Reading<'_>, measure: &Measure) -> bool {
        if measure.unit.is_some() {
            return false;
        }
        let after = reading.text()[measure.span.end..].trim_start();
        self.words.dose.at(after, 0).is_some_and(|length| !after[length..].starts_with(|next: char| next.is_ascii_alphanumeric()))
    }
}

/// The last letter of `U/L` is no name.
pub(super) fn single_letter_of_unit(reading: &Reading<'_>, name: Span) -> bool {
    name.len() == 1 && reading.text()[..name.start].ends_with(['/', '(', '^', '*'])
}

/// A letter that is the end of something written: the litre of a unit, the last sign of `MIB-l`; in English, a small letter.
pub(super) fn is_fragment(reading: &Reading<'_>, name: Span) -> bool {
    let head = &reading.text()[..name.start];
    if name.len() > 2 {
        return false;
    }
    // `mg/L` in front of a list is a unit.
    if ["/l", "/dl", "/ml"].iter().any(|per| reading.text()[name.end..].starts_with(per)) {
        return true;
    }
    let touched = head.ends_with(|sign: char| sign == '-' || sign == '.' || sign.is_ascii_alphanumeric());
    touched && head.ends_with('-')
        || (name.len() == 1
            && (touched || head.trim_end().ends_with('/') && !between(reading, name) || (reading.language == Language::En && !reading.is_upper(name.start))))
}

/// `Na/K/Cl`: a letter between the slashes of a list of names.
fn between(reading: &Reading<'_>, name: Span) -> bool {
    let text = reading.text();
    let names = |letters: usize| (1..=3).contains(&letters);
    let before = text[..name.start].strip_suffix('/').is_some_and(|head| names(head.bytes().rev().take(4).take_while(u8::is_ascii_alphabetic).count()));
    before && text[name.end..].strip_prefix('/').is_some_and(|rest| names(rest.bytes().take(4).take_while(u8::is_ascii_alphabetic).count()))
}

/// A number that labels: a ticked box (`CEA 0 negative`), and in English a block or a code, `FSH1`, `CEA-88342`, with no result beside it.
pub(super) fn is_label(reading: &Reading<'_>, name: Span, measure: &Measure, neighbour: bool) -> bool {
    let whole = !reading.slice(measure.number.span).contains(['.', ',']);
    let gap = reading.text().get(name.end..measure.span.start).unwrap_or("").trim();
    let glued = gap == "-" || measure.span.start == name.end;
    // `Glucose-112* UreaN-18`: a flag or a next result in the same hand says that it is one.
    let behind = reading.text()[measure.number.span.end..].trim_start_matches(['*', '#']);
    let next = behind.strip_prefix(' ').is_some_and(|rest| {
        let dash = rest.bytes().take(17).position(|byte| byte == b'-');
        rest.starts_with(|first: char| first.is_ascii_alphabetic()) && dash.is_some_and(|at| matches!(rest.as_bytes().get(at + 1), Some(b'0'..=b'9' | b'<')))
    });
    if gap == "-" && measure.number.value < 10_000.0 && (next || measure.flag.is_some()) {
        return false;
    }
    whole && (measure.number.value == 0.0 && measure.high.is_none() || (glued && !neighbour && reading.language == Language::En))
}

/// The first character boundary from a byte on.
fn ceiling(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at += 1;
    }
    at
}

/// Whether a section speaks of tissue.
pub(super) fn is_of_tissue(section: &str) -> bool {
    matches!(section, "diagnosis" | "comment" | "synoptic" | "special-stain" | "frozen" | "specimen" | "addendum")
}
