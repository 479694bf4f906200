//! From a name and what stands behind it to a [`Lab`]: which analyte it is, what the value means, and why it may be wrong.

use super::Labs;
use super::analyte::Meaning;
use super::context::{is_fragment, is_label, is_of_tissue, single_letter_of_unit};
use super::scan::{Measure, Scanner};
use super::series::Results;
use super::words::Quality;
use crate::document::{Document, Language};
use crate::findings::Doubt;
use crate::findings::assertion::Presence;
use crate::findings::lab::{Lab, LabKind};
use crate::reading::Reading;
use crate::span::Span;

impl Labs {
    pub(super) fn measured(&self, scanner: &Scanner<'_>, named: usize, name: Span, measure: &Measure, out: &mut Results) {
        let reading = scanner.reading;
        let value = measure.number.value;
        let words = reading.slice(name);
        if self.is_excluded(reading, named, name) || cuts_a_number(words, name, measure) {
            return;
        }
        let Some(index) = self.which(named, words, measure).and_then(|index| self.in_fluid(reading, named, index, name, measure)) else { return };
        let analyte = self.analytes.get(index);
        if analyte.qualitative {
            // `0.02 IU/ml (-)`, `0.05 S/CO (阴性)`: the words behind the number are the result.
            if let Some((quality, span, sign)) = scanner.polarity_behind(measure.span.end) {
                self.quality(scanner, index, name, quality, span, sign, out);
            }
            return;
        }
        // `pH 6.0` is the urine's only where urine is spoken of: buffers have one too.
        if index != named && measure.unit.is_none() && analyte.specimen == "urine" && !self.wrong_specimen(reading, named, name) {
            return;
        }
        let weak = self.analytes.get(named).weak.iter().any(|weak| weak == words);
        let meaning = measure.unit.map(|hit| analyte.meaning(&self.units, hit.unit, value));
        let plausible = meaning.as_ref().map_or_else(|| analyte.can_be(&self.units, value), |meaning| meaning.plausible);
        let neighbour = measure.listed || out.is_beside(reading, name.start);
        let fits = measure.unit.is_some_and(|hit| analyte.measures(&self.units, hit.unit));
        let strict = weak && self.analytes.get(named).strict.iter().any(|strict| strict == words);
        // `WBC 2.1, N1.0`: a count with a point beside another result is no stage.
        let point = reading.slice(measure.number.span).contains('.');
        let counted = strict && analyte.is_counted() && point;
        let likely = measure.unit.is_none() && plausible && (!strict || counted || measure.listed);
        if weak && !fits && !likely {
            return;
        }
        let waits = weak && !fits && !neighbour;
        // `TC 3 3` is a line of a table of blocks.
        if waits && reading.text()[measure.span.end..].trim_start_matches(' ').starts_with(|next: char| next.is_ascii_digit()) {
            return;
        }
        if measure.unit.is_some_and(|hit| !fits && self.units.get(hit.unit).family == "fraction") {
            return;
        }
        // `pT3`, written small and large and glued to its figure, is a category, whatever stands on the next line.
        if name.len() == 2 && !point && measure.span.start == name.end && !reading.is_upper(name.start) && reading.is_upper(name.start + 1) {
            return;
        }
        // One letter names an analyte only right before its value, or where `K was 4.4 mmol/L` says what it is; `L6UL` says nothing.
        if name.len() == 1 {
            let gap = reading.text().get(name.end..measure.span.start).map(str::trim);
            let linked = gap.is_some_and(|gap| matches!(gap, ":" | "=" | "of" | "was" | "is" | "为")) && (fits || neighbour);
            let letters = measure.unit.is_some_and(|hit| reading.slice(hit.span).bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b' '));
            if letters || measure.span.start > name.end + 1 && !linked && !measure.listed {
                return;
            }
        }
        if single_letter_of_unit(reading, name)
            || measure.unit.is_none() && (!plausible || is_label(reading, name, measure, neighbour))
            || self.is_dose(reading, measure)
        {
            return;
        }
        let mut lab = self.lab(reading, index, name, measure.span);
        // Who measures has it: what is denied beside a number is another thing.
        lab.assertion.presence = Presence::Present;
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
        lab.doubts.extend(measure.row.then_some(Doubt::UnclearReference));
        lab.doubts.sort_unstable();
        lab.doubts.dedup();
        out.push(lab, waits);
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
    pub(super) fn graded(&self, scanner: &Scanner<'_>, named: usize, name: Span, span: Span, out: &mut Results) {
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
        out.push(lab, false);
    }

    #[allow(clippy::too_many_arguments)]
    pub(super) fn quality(&self, scanner: &Scanner<'_>, named: usize, name: Span, quality: Quality, span: Span, sign: bool, out: &mut Results) {
        let reading = scanner.reading;
        // `Urinalysis: glucose negative`: the analyte of the fluid that is spoken of.
        let named = if self.wrong_specimen(reading, named, name) {
            let other = |index: &usize| self.analytes.get(*index).qualitative && !self.wrong_specimen(reading, *index, name);
            self.analytes.get(named).alternatives.iter().copied().find(other).unwrap_or(named)
        } else {
            named
        };
        let polar = matches!(quality, Quality::Positive | Quality::Negative);
        // Among antigens and antibodies a name that a protein shares is the antibody's.
        let named = if polar && out.last().is_some_and(|last| self.analytes.position(&last.analyte).is_some_and(|last| self.analytes.get(last).is_serology())) {
            self.analytes.get(named).alternatives.iter().copied().find(|other| self.analytes.get(*other).is_serology()).unwrap_or(named)
        } else {
            named
        };
        let analyte = self.analytes.get(named);
        let words = reading.slice(name);
        if self.is_excluded(reading, named, name) || self.wrong_specimen(reading, named, name) || (polar && analyte.stain && self.is_stain(reading, name)) {
            return;
        }
        // `Alt- negative` is no enzyme; eosinophils in a diagnosis are those of the tissue.
        let english = reading.language == Language::En;
        if english && (polar && reading.text()[name.end..].starts_with('-') || analyte.is_counted() && is_of_tissue(reading.section_kind(name.start))) {
            return;
        }
        if is_fragment(reading, name)
            || self.says_another_thing(reading, name, span)
            || (polar && !analyte.qualitative && self.is_sign_of_tissue(reading, name, span, sign))
        {
            return;
        }
        let weak = analyte.weak.iter().any(|weak| *weak == words);
        let neighbour = out.is_beside(reading, name.start);
        let vouched = analyte.specimen == "urine" && self.fluid(reading, name) == Some("urine");
        if !(vouched || neighbour && analyte.is_serology()) && analyte.strict.iter().any(|strict| strict == words) {
            return;
        }
        if !vouched && (weak || (sign && words.len() <= 2)) && !neighbour && !(analyte.qualitative && words.len() > 3) {
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
        out.push(lab, false);
    }

    /// Which of the analytes that share a name the unit or, without one, the value speaks for.
    pub(super) fn which(&self, named: usize, name: &str, measure: &Measure) -> Option<usize> {
        let analyte = self.analytes.get(named);
        let neutral = !name.contains(['%', '比', '率']) && !name.contains("百分") && !name.contains("percent");
        let candidates = std::iter::once(named).chain(analyte.alternatives.iter().copied());
        match measure.unit {
            Some(hit) => {
                let measured = |index: &usize| self.analytes.get(*index).measures(&self.units, hit.unit);
                let likely = |index: &usize| {
                    let meaning = self.analytes.get(*index).meaning(&self.units, hit.unit, measure.number.value);
                    meaning.plausible && meaning.canonical.is_some()
                };
                candidates.clone().filter(measured).find(likely).or_else(|| candidates.clone().find(measured)).or(Some(named))
            }
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
pub(super) fn against(range: Option<[Option<f64>; 2]>, value: f64) -> &'static str {
    match range {
        Some([Some(low), _]) if value < low => "low",
        Some([_, Some(high)]) if value > high => "high",
        _ => "normal",
    }
}

/// Whether a name ends in a digit that a column or a blank parts from its letters and a number goes on with: `pg ⇥ 15.2` holds no `pg 1`,
/// `CA 12510.9` holds `CA 125`.
fn cuts_a_number(words: &str, name: Span, measure: &Measure) -> bool {
    let head = words.trim_end_matches(|last: char| last.is_ascii_digit());
    let parted = head.ends_with(['\t', '\n']) || (head.ends_with(' ') && words.len() - head.len() == 1);
    measure.span.start == name.end && head.len() < words.len() && parted
}
