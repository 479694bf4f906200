//! A laboratory result: what was measured, its value as written and in canonical unit, its reference and its flag.

use serde::Serialize;

use super::{Assertion, Doubt};
use crate::span::Span;

/// One laboratory result of the patient. Fields as in the record; what is not known is left out.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Lab {
    /// Id of the analyte in `analytes.toml`.
    pub analyte: String,
    /// The name as written.
    pub name: String,
    /// Numeric, range or qualitative.
    pub kind: LabKind,
    /// The value as meant, in the unit as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
    /// The upper end of a range.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value_high: Option<f64>,
    /// The words of a qualitative result.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text_value: Option<String>,
    /// `""`, `<`, `>`, `<=`, `>=` or `~`.
    pub comparator: &'static str,
    /// The unit as written, `""` where none is.
    pub unit: String,
    /// UCUM code of the unit, where it is understood.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ucum: Option<String>,
    /// The value in the canonical unit of the analyte.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub canonical: Option<Quantity>,
    /// LOINC, only where its property fits the unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub loinc: Option<String>,
    /// Reference interval; an open end is `None`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<[Option<f64>; 2]>,
    /// `printed` or `lexicon`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference_source: Option<&'static str>,
    /// `low`, `high`, `critical-low`, `critical-high`, `normal` or `abnormal`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flag: Option<&'static str>,
    /// `printed`, `printed-range` or `lexicon-range`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flag_source: Option<&'static str>,
    /// What was measured: `blood`, `urine`, `csf`, …
    #[serde(skip_serializing_if = "Option::is_none")]
    pub specimen: Option<String>,
    /// Date of the result where stated: ISO 8601, shortened to what is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// Presence, temporality, experiencer and cues.
    #[serde(flatten)]
    pub assertion: Assertion,
    /// The kind of section it stands in.
    pub section: String,
    /// `message` where the result came coded beside the text; left out where it was read in the text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<&'static str>,
    /// Its place in the original text, from the name to the last of value, unit and flag.
    #[serde(skip)]
    pub span: Span,
    /// Why it may be wrong.
    pub doubts: Vec<Doubt>,
}

/// What kind of value a result has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum LabKind {
    /// One number.
    #[default]
    Numeric,
    /// Two ends.
    Range,
    /// Words or signs.
    Qualitative,
}

/// A value in a UCUM unit.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Quantity {
    /// The value.
    pub value: f64,
    /// UCUM code.
    pub ucum: String,
}
