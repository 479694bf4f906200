//! The FHIR R4 resources that are written, with the elements that are used and no others. Names and order are FHIR's.

use serde::Serialize;

/// A code of a system.
#[derive(Debug, Clone, Serialize)]
pub struct Coding {
    /// The system.
    pub system: &'static str,
    /// The code.
    pub code: String,
}

/// A concept: codes, and words.
#[derive(Debug, Clone, Default, Serialize)]
pub struct CodeableConcept {
    /// The codes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub coding: Vec<Coding>,
    /// The words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

impl CodeableConcept {
    /// A concept without words.
    pub fn coded(system: &'static str, code: &str) -> Self {
        Self { coding: vec![Coding { system, code: code.to_string() }], text: None }
    }
    /// A concept without a code; FHIR has no empty strings.
    pub fn words(text: &str) -> Self {
        Self { coding: Vec::new(), text: Some(if text.trim().is_empty() { "unknown".into() } else { text.to_string() }) }
    }
}

/// A quantity.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Quantity {
    /// The number.
    pub value: f64,
    /// `<`, `<=`, `>=` or `>`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comparator: Option<&'static str>,
    /// The unit as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// UCUM.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub system: Option<&'static str>,
    /// The unit's code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}

/// Unified Code for Units of Measure.
const UCUM: &str = "http://unitsofmeasure.org";

impl Quantity {
    /// A number in a UCUM unit.
    pub fn of(value: f64, ucum: &str) -> Self {
        Self { value, comparator: None, unit: Some(ucum.to_string()), system: Some(UCUM), code: Some(ucum.to_string()) }
    }
    /// A number in a unit as written, with its code where that is known.
    pub fn written(value: f64, unit: &str, ucum: Option<&str>) -> Self {
        let unit = Some(unit.trim()).filter(|unit| !unit.is_empty()).or(ucum).map(str::to_string);
        Self { value, comparator: None, unit, system: ucum.map(|_| UCUM), code: ucum.map(str::to_string) }
    }
}

/// Two ends of a quantity.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Range {
    /// The lower end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub low: Option<Quantity>,
    /// The upper end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub high: Option<Quantity>,
}

/// A value of an observation, a component or an extension.
#[derive(Debug, Clone, Serialize)]
pub enum Value {
    /// A quantity.
    #[serde(rename = "valueQuantity")]
    Quantity(Quantity),
    /// A concept.
    #[serde(rename = "valueCodeableConcept")]
    Concept(CodeableConcept),
    /// Two ends.
    #[serde(rename = "valueRange")]
    Range(Range),
    /// A whole number.
    #[serde(rename = "valueInteger")]
    Integer(u64),
    /// A place in a text.
    #[serde(rename = "valueUnsignedInt")]
    Place(usize),
    /// Words.
    #[serde(rename = "valueString")]
    Words(String),
    /// Yes or no.
    #[serde(rename = "valueBoolean")]
    Truth(bool),
    /// A code without a system.
    #[serde(rename = "valueCode")]
    Code(String),
}

/// An extension: either a value or further extensions.
#[derive(Debug, Clone, Serialize)]
pub struct Extension {
    /// What it is.
    pub url: &'static str,
    /// Its parts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub extension: Vec<Extension>,
    /// Its value.
    #[serde(flatten)]
    pub value: Option<Value>,
}

impl Extension {
    /// An extension with a value.
    pub const fn value(url: &'static str, value: Value) -> Self {
        Self { url, extension: Vec::new(), value: Some(value) }
    }
}

/// A part of an observation.
#[derive(Debug, Clone, Serialize)]
pub struct Component {
    /// What it is.
    pub code: CodeableConcept,
    /// Its value.
    #[serde(flatten)]
    pub value: Value,
}

/// A reference to another resource of the bundle.
#[derive(Debug, Clone, Serialize)]
pub struct Reference {
    /// Its `fullUrl`.
    pub reference: String,
}

/// A reference interval.
#[derive(Debug, Clone, Serialize)]
pub struct ReferenceRange {
    /// Its ends.
    #[serde(flatten)]
    pub range: Range,
    /// Where it comes from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// One value of a report.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Observation {
    /// Id.
    pub id: String,
    /// Place in the text and what FHIR has no element for.
    pub extension: Vec<Extension>,
    /// What changes the meaning of the whole.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub modifier_extension: Vec<Extension>,
    /// Status.
    pub status: &'static str,
    /// Laboratory.
    pub category: Vec<CodeableConcept>,
    /// What was observed.
    pub code: CodeableConcept,
    /// The patient.
    pub subject: Reference,
    /// When.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub effective_date_time: Option<String>,
    /// The value.
    #[serde(flatten)]
    pub value: Option<Value>,
    /// Why there is no value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data_absent_reason: Option<CodeableConcept>,
    /// High, low, positive, …
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub interpretation: Vec<CodeableConcept>,
    /// Where.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body_site: Option<CodeableConcept>,
    /// By which system or method.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<CodeableConcept>,
    /// Reference intervals.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reference_range: Vec<ReferenceRange>,
    /// The text.
    pub derived_from: Vec<Reference>,
    /// Parts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub component: Vec<Component>,
}

/// The patient: nothing but what reference intervals ask for.
#[derive(Debug, Clone, Serialize)]
pub struct Patient {
    /// Id.
    pub id: String,
    /// `female` or `male`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gender: Option<String>,
}

/// The text of the report.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DocumentReference {
    /// Id.
    pub id: String,
    /// Always `current`.
    pub status: &'static str,
    /// `preliminary`, `final` or `amended`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub doc_status: Option<&'static str>,
    /// What kind of document.
    pub r#type: CodeableConcept,
    /// The patient.
    pub subject: Reference,
    /// The text.
    pub content: Vec<Content>,
}

/// A form of a document.
#[derive(Debug, Clone, Serialize)]
pub struct Content {
    /// The text.
    pub attachment: Attachment,
}

/// A text.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Attachment {
    /// Always plain text in UTF-8.
    pub content_type: &'static str,
    /// Its language.
    pub language: String,
    /// The text, Base64; only where it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<String>,
    /// Where it came from.
    pub title: String,
}

/// The report.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DiagnosticReport {
    /// Id.
    pub id: String,
    /// Status.
    pub status: &'static str,
    /// Laboratory or pathology.
    pub category: Vec<CodeableConcept>,
    /// What kind of report.
    pub code: CodeableConcept,
    /// The patient.
    pub subject: Reference,
    /// When.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub effective_date_time: Option<String>,
    /// The values.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub result: Vec<Reference>,
    /// The histological type in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conclusion: Option<String>,
    /// Histology and site as ICD-O-3.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub conclusion_code: Vec<CodeableConcept>,
    /// The text, where it was asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub presented_form: Vec<Attachment>,
}

/// Any of the resources.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "resourceType")]
pub enum Resource {
    /// Patient.
    Patient(Patient),
    /// Text.
    DocumentReference(DocumentReference),
    /// Report.
    DiagnosticReport(DiagnosticReport),
    /// Value.
    Observation(Box<Observation>),
}

/// A resource in a bundle.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    /// Its place.
    pub full_url: String,
    /// The resource.
    pub resource: Resource,
}

/// All resources of a report.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Bundle {
    /// Always `Bundle`.
    pub resource_type: &'static str,
    /// Id.
    pub id: String,
    /// The report's id.
    pub identifier: Identifier,
    /// Always `collection`.
    pub r#type: &'static str,
    /// The resources.
    pub entry: Vec<Entry>,
}

/// An id of a system.
#[derive(Debug, Clone, Serialize)]
pub struct Identifier {
    /// The system.
    pub system: &'static str,
    /// The id.
    pub value: String,
}
