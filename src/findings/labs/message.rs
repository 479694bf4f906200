//! Results that came coded beside the text, in a message or a resource.

use super::Labs;
use super::build::against;
use crate::document::{CodedResult, Document};
use crate::findings::Doubt;
use crate::findings::lab::{Lab, LabKind};

impl Labs {
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
