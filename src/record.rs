//! What is given out for a report: one JSON object, version 1, identifiers masked. Places count Unicode code points of the decoded
//! text, end exclusive; the evidence of every value is `text[start:end]`.

use serde::Serialize;

use crate::deidentify::{Identifier, Masked};
use crate::document::{Document, Language, Sex, Status};
use crate::findings::checks::Check;
use crate::findings::summary::Summary;
use crate::findings::{Extraction, Finding, Lab};
use crate::models::label::Label;
use crate::reading::Reading;
use crate::span::{CodePoints, Span};

/// Version of the record.
pub const SCHEMA: u32 = 1;

/// One report, structured.
#[derive(Debug, Clone, Serialize)]
pub struct Record {
    /// Version of the record.
    pub schema: u32,
    /// Id of the report.
    pub id: String,
    /// Where it came from.
    pub source: String,
    /// Language of the text.
    pub language: Language,
    /// Encoding it was decoded from.
    pub encoding: String,
    /// What was known beside the text.
    pub meta: RecordMeta,
    /// How well the text could be read.
    pub quality: Quality,
    /// The masked text, on request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Sections that tile the text.
    pub sections: Vec<SectionPlace>,
    /// Laboratory results.
    pub labs: Vec<Placed<Lab>>,
    /// Pathology findings.
    pub findings: Vec<Placed<Finding>>,
    /// What does not fit together in the report.
    pub checks: Vec<Check>,
    /// One answer a field.
    pub summary: Summary,
    /// Labels, where a model was given; the first is the best.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<PlacedLabel>,
    /// Identifiers that were removed.
    pub redactions: Vec<Redaction>,
}

/// A label with its evidence in place.
#[derive(Debug, Clone, Serialize)]
pub struct PlacedLabel {
    /// The label.
    #[serde(flatten)]
    pub label: Label,
    /// What decided, the strongest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<PlacedEvidence>,
}

/// A feature that decided, with its place where it has one.
#[derive(Debug, Clone, Serialize)]
pub struct PlacedEvidence {
    /// The feature.
    pub feature: String,
    /// How much it spoke for the label.
    pub weight: f32,
    /// First code point.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<usize>,
    /// One past the last code point.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end: Option<usize>,
}

/// A value with its place and its words.
#[derive(Debug, Clone, Serialize)]
pub struct Placed<T> {
    /// The value.
    #[serde(flatten)]
    pub value: T,
    /// First code point.
    pub start: usize,
    /// One past the last code point.
    pub end: usize,
    /// The words, masked.
    pub text: String,
    /// The cues that decided the assertion.
    pub cues: Vec<Cue>,
}

/// A cue of an assertion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cue {
    /// First code point.
    pub start: usize,
    /// One past the last code point.
    pub end: usize,
    /// The words.
    pub text: String,
}

/// A section as written out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SectionPlace {
    /// The kind.
    pub kind: String,
    /// The heading as written, masked; empty where none stands.
    pub heading: String,
    /// First code point.
    pub start: usize,
    /// One past the last code point.
    pub end: usize,
}

/// What was known of a report beside its text, as far as it may be given out.
#[derive(Debug, Clone, Default, Serialize)]
pub struct RecordMeta {
    /// Only with `--deid off`.
    pub patient: Option<String>,
    /// Sex of the patient.
    pub sex: Option<Sex>,
    /// Age in years; above 89 only with `--deid off`.
    pub age_years: Option<f64>,
    /// Date of the report; the year alone unless `--deid off`.
    pub date: Option<String>,
    /// Only with `--deid off`.
    pub report_number: Option<String>,
    /// Status of the report.
    pub status: Option<Status>,
}

/// How well a text could be read.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Quality {
    /// Length in code points.
    pub characters: usize,
    /// Share of characters in words or forms the tool knows.
    pub legible: f64,
    /// Short notes: `illegible`, `short`, `unknown-results` (results that came coded and that no analyte is known for).
    pub notes: Vec<&'static str>,
}

/// An identifier that was removed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Redaction {
    /// What kind.
    pub kind: &'static str,
    /// First code point in the original text.
    pub original_start: usize,
    /// One past the last code point.
    pub original_end: usize,
    /// What stands there now.
    pub replacement: String,
}

/// What a record is made of.
#[derive(Debug)]
pub struct Parts<'a> {
    /// The report.
    pub document: &'a Document,
    /// The report, read.
    pub reading: &'a Reading<'a>,
    /// What it states.
    pub extraction: Extraction,
    /// Identifiers to be masked, sorted; with `--deid off` none.
    pub identifiers: &'a [Identifier],
    /// Whether identifiers are removed.
    pub deidentify: bool,
    /// Whether the masked text goes into the record.
    pub with_text: bool,
    /// How well it could be read.
    pub quality: Quality,
    /// Labels.
    pub labels: Vec<Label>,
}

impl Record {
    /// Puts a record together.
    pub fn new(parts: Parts<'_>) -> Self {
        let Parts { document, reading, extraction, identifiers, deidentify, with_text, quality, labels } = parts;
        let text = document.text.as_str();
        let points = CodePoints::new(text);
        let masked = Masked::new(text, identifiers);
        let places = Places { text, points: &points, masked: &masked };
        let Extraction { labs, findings, summary, checks } = extraction;
        Self {
            schema: SCHEMA,
            id: document.id.clone(),
            source: document.source.clone(),
            language: reading.language,
            encoding: document.encoding.clone(),
            meta: RecordMeta::new(document, deidentify),
            quality,
            text: with_text.then(|| masked.whole().into_owned()),
            sections: reading.sections.iter().map(|section| places.section(reading, section)).collect(),
            labs: labs.into_iter().map(|lab| places.placed(lab.span, lab.assertion.cues.clone(), lab)).collect(),
            findings: findings.into_iter().map(|finding| places.placed(finding.span, finding.assertion.cues.clone(), finding)).collect(),
            checks,
            summary,
            labels: labels.into_iter().map(|label| places.label(label)).collect(),
            redactions: identifiers.iter().map(|identifier| places.redaction(*identifier)).collect(),
        }
    }
}

impl RecordMeta {
    fn new(document: &Document, deidentify: bool) -> Self {
        let meta = &document.meta;
        if deidentify {
            return Self {
                sex: meta.sex,
                age_years: meta.age_years.filter(|age| *age < 90.0),
                date: meta.date.as_ref().and_then(|date| date.get(..4)).map(str::to_string),
                status: meta.status,
                ..Self::default()
            };
        }
        Self {
            patient: meta.patient.clone(),
            sex: meta.sex,
            age_years: meta.age_years,
            date: meta.date.clone(),
            report_number: meta.report_number.clone(),
            status: meta.status,
        }
    }
}

struct Places<'a> {
    text: &'a str,
    points: &'a CodePoints,
    masked: &'a Masked<'a>,
}

impl Places<'_> {
    fn at(&self, span: Span) -> (usize, usize) {
        (self.points.at(self.text, span.start), self.points.at(self.text, span.end))
    }

    fn placed<T>(&self, span: Span, cues: Vec<Span>, value: T) -> Placed<T> {
        let (start, end) = self.at(span);
        let cues = cues
            .into_iter()
            .map(|cue| {
                let (start, end) = self.at(cue);
                Cue { start, end, text: self.masked.slice(cue).into_owned() }
            })
            .collect();
        Placed { value, start, end, text: self.masked.slice(span).into_owned(), cues }
    }

    fn label(&self, mut label: Label) -> PlacedLabel {
        let evidence = std::mem::take(&mut label.evidence).into_iter().map(|evidence| {
            let place = evidence.span.filter(|span| !span.is_empty()).map(|span| self.at(span));
            PlacedEvidence { feature: evidence.feature, weight: evidence.weight, start: place.map(|place| place.0), end: place.map(|place| place.1) }
        });
        PlacedLabel { evidence: evidence.collect(), label }
    }

    fn section(&self, reading: &Reading<'_>, section: &crate::section::Section) -> SectionPlace {
        let (start, end) = self.at(reading.to_original(section.span));
        SectionPlace { kind: section.kind.clone(), heading: self.masked.slice(reading.to_original(section.heading)).into_owned(), start, end }
    }

    fn redaction(&self, identifier: Identifier) -> Redaction {
        let (original_start, original_end) = self.at(identifier.span);
        Redaction { kind: identifier.kind, original_start, original_end, replacement: self.masked.slice(identifier.span).into_owned() }
    }
}

/// The name of a plain enum value as it stands in a record.
pub fn name_of<T: Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => name,
        _ => String::new(),
    }
}
