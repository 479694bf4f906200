//! A report as it enters the pipeline: its decoded text and what came with it. Nothing has been interpreted yet.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// One report.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Document {
    /// The id it is known by in all outputs.
    pub id: String,
    /// Where it came from, for people: a path, or a path with a line.
    pub source: String,
    /// The decoded text, as written.
    pub text: String,
    /// The name of the encoding it was decoded from, lower case.
    pub encoding: String,
    /// What a table or a message said about it.
    pub meta: Meta,
    /// Columns that came with the text and were asked for: label, group, fold, numeric and categorical features.
    pub columns: BTreeMap<String, String>,
    /// Whether it came as a record or a row, and not as a text of its own.
    pub is_record: bool,
    /// Results that came coded in a message, beside the text.
    pub results: Vec<CodedResult>,
}

/// What is known of a report beside its text.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Meta {
    /// Name or number of the patient. Never written out unless identifiers are asked for.
    pub patient: Option<String>,
    /// Sex of the patient.
    pub sex: Option<Sex>,
    /// Age in years at the report.
    pub age_years: Option<f64>,
    /// Date of the report, ISO 8601.
    pub date: Option<String>,
    /// The laboratory's number of the report. Never written out unless identifiers are asked for.
    pub report_number: Option<String>,
    /// Status of the report.
    pub status: Option<Status>,
    /// Further values that name the patient, removed wherever the text repeats them.
    pub identifiers: Vec<String>,
}

/// Sex as reference ranges distinguish it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sex {
    /// Female.
    Female,
    /// Male.
    Male,
}

/// Status of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Not yet signed.
    Preliminary,
    /// Signed.
    Final,
    /// Changed after signing.
    Amended,
    /// Added to after signing.
    Addendum,
}

/// A result that a message carried in coded form (an OBX segment, an Observation).
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CodedResult {
    /// LOINC, where the message gave one.
    pub loinc: Option<String>,
    /// The name as the message gave it.
    pub name: String,
    /// The value as written.
    pub value: String,
    /// The unit as written.
    pub unit: String,
    /// The reference interval as written.
    pub reference: String,
    /// The flag as written (`H`, `L`, `↑`).
    pub flag: String,
    /// Date of the result, ISO 8601.
    pub date: Option<String>,
}

/// The language of a text, by the script of most of its letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Language {
    /// English, or another language in Latin script.
    #[default]
    En,
    /// Chinese.
    Zh,
}

impl Language {
    /// The language of a text with that many Han characters: Chinese where they make up a fifth of its letters (they carry a word each one
    /// or two).
    pub fn of(text: &str, han: usize) -> Self {
        if han == 0 {
            return Self::En;
        }
        let latin = text.bytes().filter(u8::is_ascii_alphabetic).count();
        if han * 4 > latin { Self::Zh } else { Self::En }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chinese_note_with_many_abbreviations_is_chinese() {
        let of = |text: &str| Language::of(text, crate::fold::count_han(text));
        assert_eq!(of("术后 PT3N1M0，CEA 3.4 NG/ML，行 XELOX 化疗"), Language::Zh);
        assert_eq!(of("Adenocarcinoma, Lauren type (肠型)"), Language::En);
        assert_eq!(of(""), Language::En);
    }
}
