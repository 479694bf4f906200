//! From a name and what stands behind it to a [`Lab`]: which analyte it is, what the value means, and why it may be wrong.

use super::Labs;
use super::analyte::Meaning;
use super::scan::{Measure, Scanner};
use super::words::Quality;
use crate::document::{CodedResult, Document, Language};
use crate::findings::Doubt;
use crate::findings::lab::{Lab, LabKind};
use crate::reading::Reading;
use crate::span::Span;

/// Bytes looked at before a name for the specimen.
const SPECIMEN_REACH: usize = 90;
/// Bytes around a polarity where words of staining speak against serum.
const TISSUE_REACH: usize = 600;
/// A result this near before a weak name vouches for it.
const NEIGHBOUR: usize = 40;

impl Labs {
    pub(super) fn measured(&self, scanner: &Scanner<'_>, named: usize, name: Span, measure: &Measure, out: &mut Vec<Lab>) {
        let reading = scanner.reading;
        let value = measure.number.value;
        let Some(index) = self.which(named, reading.slice(name), measure) else { return };
        let analyte = self.analytes.get(index);
        if self.is_excluded(reading, named, name) || self.wrong_specimen(reading, index, name) || analyte.qualitative || is_fragment(reading, name) {
            return;
        }
        // `pH 6.0` is the urine's only where urine is spoken of: buffers have one too.
        if index != named && measure.unit.is_none() && analyte.specimen == "urine" && !self.wrong_specimen(reading, named, name) {
            return;
        }
        let weak = self.analytes.get(named).weak.iter().any(|weak| *weak == reading.slice(name));
        let meaning = measure.unit.map(|hit| analyte.meaning(&self.units, hit.unit, value));
        let plausible = meaning.as_ref().map_or_else(|| analyte.can_be(&self.units, value), |meaning| meaning.plausible);
        let neighbour = out.last().is_some_and(|lab| reading.folded.from_original(lab.span).end + NEIGHBOUR >= name.start);
        let fits = measure.unit.is_some_and(|hit| analyte.measures(&self.units, hit.unit));
        let strict = weak && self.analytes.get(named).strict.iter().any(|strict| *strict == reading.slice(name));
        // `WBC 2.1, N1.0`: a count with a point beside another result is no stage.
        let counted = strict && analyte.is_counted() && reading.slice(measure.number.span).contains('.');
        if weak && !(fits || (neighbour && (!strict || counted) && measure.unit.is_none() && plausible)) {
            return;
        }
        if measure.unit.is_some_and(|hit| !fits && self.units.get(hit.unit).family == "fraction") {
            return;
        }
        // `pT3`, written small and large and glued to its figure, is a category, whatever stands on the next line.
        if name.len() == 2 && measure.span.start == name.end && !reading.is_upper(name.start) && reading.is_upper(name.start + 1) {
            return;
        }
        // One letter names an analyte only right before its value.
        if name.len() == 1 && measure.span.start > name.end + 1 {
            return;
        }
        if single_letter_of_unit(reading, name)
            || measure.unit.is_none() && (!plausible || is_label(reading, name, measure, neighbour))
            || self.is_dose(reading, measure)
        {
            return;
        }
        let mut lab = self.lab(reading, index, name, measure.span);
        lab.kind = if measure.high.is_some() { LabKind::Range } else { LabKind::Numeric };
        lab.value = Some(value);
        lab.value_high = measure.high.map(|number| number.value);
        lab.comparator = measure.comparator;
        if measure.number.repaired {
            lab.doubts.push(Doubt::RepairedCharacter);
        }
        match (measure.unit, meaning) {
            (Some(hit), Some(meaning)) => {
                lab.unit = reading.written(hit.span).trim_end_matches('.').to_string();
                self.apply(reading.document, &mut lab, index, hit.unit, meaning, measure.reference);
            }
            _ => lab.doubts.push(Doubt::NoUnit),
        }
        if lab.reference.is_none() {
            lab.reference = measure.reference;
            lab.reference_source = measure.reference.map(|_| "printed");
        }
        flag(&mut lab, measure);
        lab.doubts.sort_unstable();
        lab.doubts.dedup();
        out.push(lab);
    }

    /// A unit that was found elsewhere, where it is one of the analyte's and makes the value a possible one.
    pub(super) fn give_unit(&self, document: &Document, lab: &mut Lab, unit: usize, written: &str) {
        let Some(index) = self.analytes.position(&lab.analyte) else { return };
        let (analyte, value) = (self.analytes.get(index), lab.value.unwrap_or_default());
        let meaning = analyte.meaning(&self.units, unit, value);
        if !analyte.measures(&self.units, unit) || !meaning.plausible {
            return;
        }
        lab.unit = written.to_string();
        lab.doubts.retain(|doubt| *doubt != Doubt::NoUnit);
        let printed = lab.reference.filter(|_| lab.reference_source == Some("printed"));
        self.apply(document, lab, index, unit, meaning, printed);
    }

    /// Canonical value, code and the lexicon's reference interval.
    fn apply(&self, document: &Document, lab: &mut Lab, index: usize, unit: usize, meaning: Meaning, printed: Option<[Option<f64>; 2]>) {
        let analyte = self.analytes.get(index);
        if !analyte.measures(&self.units, unit) {
            lab.doubts.push(Doubt::UnitMismatch);
            return;
        }
        lab.ucum = Some(self.units.get(meaning.unit).ucum.clone());
        lab.canonical = meaning.canonical;
        lab.loinc = meaning.loinc;
        if !meaning.plausible {
            lab.doubts.push(Doubt::Implausible);
        }
        if let Some(range) = printed {
            lab.reference = Some(range);
            lab.reference_source = Some("printed");
        } else if let (Some(factor), Some((range, may_flag))) = (meaning.factor, analyte.reference(document.meta.sex, document.meta.age_years)) {
            lab.reference = Some(range.map(|end| end.map(|end| end / factor)));
            lab.reference_source = Some("lexicon");
            if may_flag
                && meaning.plausible
                && let Some(value) = lab.value
            {
                lab.flag = Some(against(lab.reference, value));
                lab.flag_source = Some("lexicon-range");
            }
        }
    }

    /// A grade of a test strip before a name. It is the urine's, or nobody's.
    pub(super) fn graded(&self, scanner: &Scanner<'_>, named: usize, name: Span, span: Span, out: &mut Vec<Lab>) {
        let of_urine = |index: &usize| self.analytes.get(*index).specimen == "urine" && self.analytes.get(*index).qualitative;
        let Some(index) = std::iter::once(named).chain(self.analytes.get(named).alternatives.iter().copied()).find(of_urine) else { return };
        let reading = scanner.reading;
        if self.wrong_specimen(reading, index, name) {
            return;
        }
        let mut lab = self.lab(reading, index, name, Span::new(span.start, span.start + reading.slice(span).trim_end().len()));
        lab.kind = LabKind::Qualitative;
        lab.text_value = Some(reading.slice(span).trim_end().to_string());
        lab.loinc = self.analytes.get(index).qualitative_loinc();
        out.push(lab);
    }

    #[allow(clippy::too_many_arguments)]
    pub(super) fn quality(&self, scanner: &Scanner<'_>, named: usize, name: Span, quality: Quality, span: Span, sign: bool, out: &mut Vec<Lab>) {
        let reading = scanner.reading;
        // `Urinalysis: glucose negative`: the analyte of the fluid that is spoken of.
        let named = if self.wrong_specimen(reading, named, name) {
            let other = |index: &usize| self.analytes.get(*index).qualitative && !self.wrong_specimen(reading, *index, name);
            self.analytes.get(named).alternatives.iter().copied().find(other).unwrap_or(named)
        } else {
            named
        };
        let analyte = self.analytes.get(named);
        let words = reading.slice(name);
        let polar = matches!(quality, Quality::Positive | Quality::Negative);
        if self.is_excluded(reading, named, name) || self.wrong_specimen(reading, named, name) || (polar && analyte.stain && self.is_stain(reading, name)) {
            return;
        }
        if is_fragment(reading, name)
            || self.says_another_thing(reading, name, span)
            || (polar && !analyte.qualitative && self.is_sign_of_tissue(reading, name, span, sign))
        {
            return;
        }
        let weak = analyte.weak.iter().any(|weak| *weak == words);
        let neighbour = out.last().is_some_and(|lab| reading.folded.from_original(lab.span).end + NEIGHBOUR >= name.start);
        if analyte.strict.iter().any(|strict| strict == words) {
            return;
        }
        if (weak || (sign && words.len() <= 2)) && !neighbour && !(analyte.qualitative && words.len() > 3) {
            return;
        }
        let mut lab = self.lab(reading, named, name, span);
        lab.kind = LabKind::Qualitative;
        lab.text_value = Some(reading.written(span).to_string());
        if analyte.qualitative {
            lab.loinc = analyte.qualitative_loinc();
        }
        let flag = match quality {
            Quality::High => Some("high"),
            Quality::Low => Some("low"),
            Quality::Normal => Some("normal"),
            Quality::Abnormal => Some("abnormal"),
            Quality::Positive | Quality::Negative => None,
        };
        lab.flag = flag;
        lab.flag_source = flag.map(|_| "printed");
        out.push(lab);
    }

    /// Which of the analytes that share a name the unit or, without one, the value speaks for.
    pub(super) fn which(&self, named: usize, name: &str, measure: &Measure) -> Option<usize> {
        let analyte = self.analytes.get(named);
        let neutral = !name.contains(['%', '比', '率']) && !name.contains("百分") && !name.contains("percent");
        let candidates = std::iter::once(named).chain(analyte.alternatives.iter().copied());
        match measure.unit {
            Some(hit) => candidates.clone().find(|index| self.analytes.get(*index).measures(&self.units, hit.unit)).or(Some(named)),
            None if neutral && analyte.bare_below.is_some_and(|limit| measure.number.value < limit) => analyte.alternatives.first().copied(),
            None => candidates.clone().find(|index| self.analytes.get(*index).can_be(&self.units, measure.number.value)).or(Some(named)),
        }
    }

    fn lab(&self, reading: &Reading<'_>, index: usize, name: Span, value: Span) -> Lab {
        let analyte = self.analytes.get(index);
        // A name far from its value, as in a list, is not part of the place.
        let near = name.end <= value.start && value.start - name.end <= 60;
        let place = if near || value.end <= name.start { name.join(value) } else { value };
        let assertion = self.assertions.assess_lab(reading, place);
        Lab {
            analyte: analyte.id.clone(),
            name: reading.written(name).to_string(),
            specimen: Some(analyte.specimen.clone()),
            section: reading.section_kind(name.start).to_string(),
            span: reading.to_original(place),
            assertion,
            ..Lab::default()
        }
    }

    /// A word right before or after a name that makes it another thing (`糖化`血红蛋白, 肌酐`清除率`).
    fn is_excluded(&self, reading: &Reading<'_>, index: usize, name: Span) -> bool {
        let text = reading.text();
        let (before, after) = (text[..name.start].trim_end(), text[name.end..].trim_start());
        self.analytes.get(index).exclude.iter().any(|word| before.ends_with(word.as_str()) || after.starts_with(word.as_str()))
    }

    /// A blood analyte named in another fluid: nearest specimen word before it in the sentence, no panel of blood between.
    fn wrong_specimen(&self, reading: &Reading<'_>, index: usize, name: Span) -> bool {
        let text = reading.text();
        let mut start = reading.sentence(name.start).start.max(name.start.saturating_sub(SPECIMEN_REACH));
        while !text.is_char_boundary(start) {
            start += 1;
        }
        let head = &text[start..name.start];
        let found = self.words.specimens.iter().filter_map(|(role, specimen)| role.within(head).map(|at| (at, *specimen))).max();
        let analyte = self.analytes.get(index);
        let Some((at, specimen)) = found else { return false };
        let direct = head.len() - at <= 14;
        let blood_since = head[at..].contains('血') || head[at..].contains("serum") || head[at..].contains("blood") || head[at..].contains(';');
        let fits = analyte.specimen == specimen;
        if fits || blood_since {
            return false;
        }
        direct || head[at..].contains(':')
    }

    /// An immunohistochemical list: words of staining before it in the sentence, or other markers with signs around it.
    fn is_stain(&self, reading: &Reading<'_>, name: Span) -> bool {
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
    fn is_sign_of_tissue(&self, reading: &Reading<'_>, name: Span, span: Span, sign: bool) -> bool {
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
        reading.language == Language::En
            && (matches!(reading.section_kind(name.start), "diagnosis" | "comment" | "synoptic" | "special-stain" | "frozen" | "specimen" | "addendum")
                || self.words.stain.within(&text[from..to]).is_some())
    }

    /// `lymphocytes and normal glands`, `CA125, negative for CK20`, `increased iron staining`: the quality belongs to other words.
    fn says_another_thing(&self, reading: &Reading<'_>, name: Span, span: Span) -> bool {
        let text = reading.text();
        let behind = span.start >= name.end;
        let joined = behind && self.words.join.at(text, span.start).is_some();
        let after = text[span.end.max(name.end)..].trim_start();
        joined || (behind && after.starts_with("for ")) || self.words.stain.at(after, 0).is_some()
    }

    /// Words right after a value that make it a dose.
    fn is_dose(&self, reading: &Reading<'_>, measure: &Measure) -> bool {
        if measure.unit.is_some() {
            return false;
        }
        let after = reading.text()[measure.span.end..].trim_start();
        self.words.dose.at(after, 0).is_some_and(|length| !after[length..].starts_with(|next: char| next.is_ascii_alphanumeric()))
    }

    /// A result of a message as a lab.
    pub(super) fn from_message(&self, document: &Document, result: &CodedResult) -> Option<Lab> {
        let index = result.loinc.as_deref().and_then(|loinc| self.analytes.by_loinc(loinc))?;
        let analyte = self.analytes.get(index);
        let written = result.value.trim();
        let (comparator, digits) =
            ["<=", ">=", "<", ">"].iter().find_map(|sign| written.strip_prefix(sign).map(|rest| (*sign, rest.trim()))).unwrap_or(("", written));
        let unit = crate::fold::fold(&result.unit);
        let unit = self.units.at(&unit, 0, |_| false).filter(|hit| hit.span.end == unit.len());
        let mut lab = Lab {
            analyte: analyte.id.clone(),
            name: result.name.clone(),
            comparator,
            unit: result.unit.clone(),
            specimen: Some(analyte.specimen.clone()),
            date: result.date.clone(),
            origin: Some("message"),
            section: "message".into(),
            ..Lab::default()
        };
        match digits.parse::<f64>().ok().filter(|value| value.is_finite()) {
            None => {
                lab.kind = LabKind::Qualitative;
                lab.text_value = Some(written.to_string());
                lab.comparator = "";
                lab.loinc = analyte.qualitative_loinc();
            }
            Some(value) => {
                lab.value = Some(value);
                let (mut expected, mut plausible) = (None, true);
                match unit {
                    None => lab.doubts.push(if result.unit.is_empty() { Doubt::NoUnit } else { Doubt::UnknownUnit }),
                    Some(hit) if analyte.measures(&self.units, hit.unit) => {
                        let meaning = analyte.meaning(&self.units, hit.unit, value);
                        lab.ucum = Some(self.units.get(meaning.unit).ucum.clone());
                        lab.canonical = meaning.canonical;
                        lab.loinc = meaning.loinc;
                        if !meaning.plausible {
                            lab.doubts.push(Doubt::Implausible);
                        }
                        expected = meaning.factor.zip(analyte.reference(document.meta.sex, document.meta.age_years));
                        plausible = meaning.plausible;
                    }
                    Some(_) => lab.doubts.push(Doubt::UnitMismatch),
                }
                let reference = crate::fold::fold(&result.reference);
                if let Some(range) = interval(&reference) {
                    lab.reference = Some(range);
                    lab.reference_source = Some("printed");
                }
                let printed = match result.flag.trim() {
                    "H" | "↑" => Some("high"),
                    "L" | "↓" => Some("low"),
                    "HH" => Some("critical-high"),
                    "LL" => Some("critical-low"),
                    "N" => Some("normal"),
                    "A" => Some("abnormal"),
                    _ => None,
                };
                if printed.is_some() {
                    lab.flag = printed;
                    lab.flag_source = Some("printed");
                } else if lab.reference.is_some() {
                    lab.flag = Some(against(lab.reference, value));
                    lab.flag_source = Some("printed-range");
                } else if let Some((factor, (range, may_flag))) = expected {
                    lab.reference = Some(range.map(|end| end.map(|end| end / factor)));
                    lab.reference_source = Some("lexicon");
                    if may_flag && plausible {
                        lab.flag = Some(against(lab.reference, value));
                        lab.flag_source = Some("lexicon-range");
                    }
                }
            }
        }
        Some(lab)
    }
}

/// An interval as a message writes it: `12-16`, `<5`, `>=60`.
fn interval(written: &str) -> Option<[Option<f64>; 2]> {
    let written = written.trim();
    let number = |text: &str| text.trim().parse::<f64>().ok().filter(|value| value.is_finite());
    if let Some(high) = written.strip_prefix("<=").or_else(|| written.strip_prefix('<')) {
        return Some([None, Some(number(high)?)]);
    }
    if let Some(low) = written.strip_prefix(">=").or_else(|| written.strip_prefix('>')) {
        return Some([Some(number(low)?), None]);
    }
    let (low, high) = written.split_once(['-', '~'])?;
    Some([Some(number(low)?), Some(number(high)?)])
}

/// The last letter of `U/L` is no name.
fn single_letter_of_unit(reading: &Reading<'_>, name: Span) -> bool {
    name.len() == 1 && reading.text()[..name.start].ends_with(['/', '(', '^', '*'])
}

/// A letter that is the end of something written: the litre of a unit, the last sign of `MIB-l`; in English, a small letter.
fn is_fragment(reading: &Reading<'_>, name: Span) -> bool {
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
        || (name.len() == 1 && (touched || head.trim_end().ends_with('/') || (reading.language == Language::En && !reading.is_upper(name.start))))
}

/// A number that labels: a ticked box (`CEA 0 negative`), and in English a block or a code, `FSH1`, `CEA-88342`, with no result beside it.
fn is_label(reading: &Reading<'_>, name: Span, measure: &Measure, neighbour: bool) -> bool {
    let whole = !reading.slice(measure.number.span).contains(['.', ',']);
    let gap = reading.text().get(name.end..measure.span.start).unwrap_or("").trim();
    let glued = gap == "-" || measure.span.start == name.end;
    whole && (measure.number.value == 0.0 && measure.high.is_none() || (glued && !neighbour && reading.language == Language::En))
}

/// Printed flag first, then the printed interval.
fn flag(lab: &mut Lab, measure: &Measure) {
    if let Some(printed) = measure.flag {
        lab.flag = Some(printed);
        lab.flag_source = Some("printed");
    } else if let (Some("printed"), Some(value), "") = (lab.reference_source, lab.value, lab.comparator) {
        lab.flag = Some(against(lab.reference, value));
        lab.flag_source = Some("printed-range");
    }
}

/// A value against an interval.
fn against(range: Option<[Option<f64>; 2]>, value: f64) -> &'static str {
    match range {
        Some([Some(low), _]) if value < low => "low",
        Some([_, Some(high)]) if value > high => "high",
        _ => "normal",
    }
}
