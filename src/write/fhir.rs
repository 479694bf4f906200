//! FHIR R4: a `Bundle` a line for each report, with the report, its text, the patient as far as known, and an `Observation` a value.
//!
//! The place of every value in the text is an extension; what is historical carries a modifier extension; what is absent or uncertain
//! never stands as a value; what is planned or a relative's is no observation of this patient and is left out. Ids follow from the
//! report's id, so that the same report gives the same bundle.

mod codes;
mod laboratory;
mod pathology;
mod resource;
mod statement;

use std::io::{self, Write};

use sha2::{Digest, Sha256};

use super::RecordWriter;
use crate::document::Status;
use crate::findings::{Assertion, Doubt, Experiencer, Presence, Temporality};
use crate::record::{PlacedLabel, Record, name_of};
use resource::{
    Attachment, Bundle, CodeableConcept, Component, Content, DiagnosticReport, DocumentReference, Entry, Extension, Identifier, Observation, Patient, Quantity,
    Reference, Resource, Value,
};
use statement::Statement;

const ICDO: &str = "http://terminology.hl7.org/CodeSystem/icd-o-3";
const INTERPRETATION: &str = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation";
const CATEGORY: &str = "http://terminology.hl7.org/CodeSystem/observation-category";
const SERVICE: &str = "http://terminology.hl7.org/CodeSystem/v2-0074";
const ABSENT: &str = "http://terminology.hl7.org/CodeSystem/data-absent-reason";
/// Place of a value in the text: `start` and `end` in code points, and the words.
const SPAN: &str = "urn:bingli:fhir:text-span";
const DOUBT: &str = "urn:bingli:fhir:doubt";
const APPROXIMATE: &str = "urn:bingli:fhir:approximate";
const TEMPORALITY: &str = "urn:bingli:fhir:temporality";
const IDS: &str = "urn:bingli:report";

fn interpretation(code: &str) -> CodeableConcept {
    CodeableConcept::coded(INTERPRETATION, code)
}

/// Writes NDJSON of bundles.
#[derive(Debug)]
pub struct Fhir<W> {
    out: W,
}

impl<W: Write> Fhir<W> {
    /// A writer to `out`.
    pub const fn new(out: W) -> Self {
        Self { out }
    }
}

impl<W: Write + Send> RecordWriter for Fhir<W> {
    fn write(&mut self, record: &Record) -> io::Result<()> {
        serde_json::to_writer(&mut self.out, &bundle(record))?;
        self.out.write_all(b"\n")
    }
    fn finish(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// What the observations of a report share.
struct Shared<'a> {
    record: &'a Record,
    patient: Reference,
    document: Reference,
    date: Option<String>,
}

/// A value's place, assertion and doubts.
struct Place<'a> {
    start: usize,
    end: usize,
    text: &'a str,
    assertion: &'a Assertion,
    doubts: &'a [Doubt],
}

fn bundle(record: &Record) -> Bundle {
    let (patient, document) = (id(record, "patient", 0), id(record, "document", 0));
    let shared = Shared { record, patient: refer(&patient), document: refer(&document), date: record.meta.date.as_deref().and_then(statement::date) };
    let observations = shared.observations();
    let attachment = Attachment {
        content_type: "text/plain; charset=utf-8",
        language: name_of(&record.language),
        data: record.text.as_deref().filter(|text| !text.is_empty()).map(|text| base64(text.as_bytes())),
        title: if record.source.trim().is_empty() { record.id.clone() } else { record.source.clone() },
    };
    let mut entry = vec![
        Entry { full_url: url(&patient), resource: Resource::Patient(Patient { id: patient, gender: record.meta.sex.map(|sex| name_of(&sex)) }) },
        Entry {
            full_url: url(&document),
            resource: Resource::DocumentReference(DocumentReference {
                id: document,
                status: "current",
                doc_status: record.meta.status.map(|status| match status {
                    Status::Preliminary => "preliminary",
                    Status::Final => "final",
                    Status::Amended | Status::Addendum => "amended",
                }),
                r#type: codes::concept(&["report".into()], None),
                subject: shared.patient.clone(),
                content: vec![Content { attachment: attachment.clone() }],
            }),
        },
        shared.report(&observations, attachment),
    ];
    entry.extend(observations.into_iter().map(|own| Entry { full_url: url(&own.id), resource: Resource::Observation(Box::new(own)) }));
    Bundle {
        resource_type: "Bundle",
        id: id(record, "bundle", 0),
        identifier: Identifier { system: IDS, value: record.id.clone() },
        r#type: "collection",
        entry,
    }
}

impl Shared<'_> {
    fn report(&self, observations: &[Observation], attachment: Attachment) -> Entry {
        let record = self.record;
        let coded = [&record.summary.histology, &record.summary.primary_site];
        let codes = coded.into_iter().flatten().filter_map(|coded| {
            let mut concept = CodeableConcept::coded(ICDO, coded.icdo.as_deref()?);
            concept.text = CodeableConcept::words(&coded.text).text;
            Some(concept)
        });
        let report = DiagnosticReport {
            id: id(record, "report", 0),
            status: match record.meta.status {
                Some(Status::Preliminary) => "preliminary",
                Some(Status::Final) => "final",
                Some(Status::Amended) => "amended",
                Some(Status::Addendum) => "appended",
                None => "unknown",
            },
            category: vec![CodeableConcept::coded(SERVICE, if record.findings.is_empty() { "LAB" } else { "PAT" })],
            code: codes::concept(&["report".into()], None),
            subject: self.patient.clone(),
            effective_date_time: self.date.clone(),
            result: observations.iter().map(|own| refer(&own.id)).collect(),
            conclusion: record.summary.histology.as_ref().map(|coded| coded.text.clone()).filter(|text| !text.trim().is_empty()),
            conclusion_code: codes.collect(),
            presented_form: Some(attachment).filter(|attachment| attachment.data.is_some()).into_iter().collect(),
        };
        Entry { full_url: url(&report.id), resource: Resource::DiagnosticReport(report) }
    }

    fn observations(&self) -> Vec<Observation> {
        let record = self.record;
        let breast = record.summary.primary_site.as_ref().and_then(|site| site.icdo.as_deref()).is_some_and(|code| code.starts_with("C50"));
        let mut out = Vec::new();
        for placed in &record.findings {
            let own = &placed.value;
            let place = Place { start: placed.start, end: placed.end, text: &placed.text, assertion: &own.assertion, doubts: &own.doubts };
            for statement in pathology::statements(&own.detail, breast) {
                self.observation(statement, &place, &mut out);
            }
        }
        for placed in &record.labs {
            let own = &placed.value;
            let place = Place { start: placed.start, end: placed.end, text: &placed.text, assertion: &own.assertion, doubts: &own.doubts };
            self.observation(laboratory::statement(own), &place, &mut out);
        }
        if let Some(label) = record.labels.first() {
            out.push(self.label(label, out.len()));
        }
        out
    }

    fn observation(&self, statement: Statement, place: &Place<'_>, out: &mut Vec<Observation>) {
        let assertion = place.assertion;
        if assertion.temporality == Temporality::Planned || assertion.experiencer == Experiencer::Family {
            return;
        }
        let mut own = self.empty(out.len(), statement.code);
        own.extension = vec![span(place)];
        own.extension.extend(place.doubts.iter().map(|doubt| Extension::value(DOUBT, Value::Code(name_of(doubt)))));
        if assertion.temporality == Temporality::Historical {
            own.modifier_extension = vec![Extension::value(TEMPORALITY, Value::Code("historical".into()))];
            own.effective_date_time = None;
        }
        if let Some(date) = statement.date.as_deref().and_then(statement::date) {
            own.effective_date_time = Some(date);
        }
        own.body_site = statement.site;
        own.method = statement.method.as_deref().filter(|words| !words.is_empty()).map(CodeableConcept::words);
        if assertion.presence == Presence::Present {
            own.value = statement.value;
            own.component = statement.components;
            own.interpretation = statement.interpretation.into_iter().collect();
            own.reference_range = statement.reference.into_iter().filter(|range| range.range.low.is_some() || range.range.high.is_some()).collect();
            if statement.approximate {
                own.extension.push(Extension::value(APPROXIMATE, Value::Truth(true)));
            }
            if own.value.is_none() && own.component.is_empty() {
                own.data_absent_reason = Some(CodeableConcept::coded(ABSENT, "unknown"));
            }
        } else {
            // What is named goes into the code, without LOINC: nobody may read it as a value of the patient.
            own.code.coding.clear();
            let name = own.code.text.take().unwrap_or_default();
            own.code.text = Some(format!("{name}: {}", place.text));
            let absent = assertion.presence == Presence::Absent;
            own.value = Some(if absent { Value::Truth(false) } else { Value::Concept(CodeableConcept::words("uncertain")) });
            own.interpretation = vec![interpretation(if absent { "NEG" } else { "IND" })];
        }
        out.push(own);
    }

    fn label(&self, placed: &PlacedLabel, index: usize) -> Observation {
        let label = &placed.label;
        let mut own = self.empty(index, codes::concept(&["label".into()], None));
        own.status = "preliminary";
        own.method = Some(CodeableConcept::words(&label.model));
        if label.abstained {
            own.data_absent_reason = Some(CodeableConcept::coded(ABSENT, "unknown"));
        } else {
            own.value = Some(Value::Concept(CodeableConcept::words(&label.label)));
        }
        let probability = Value::Quantity(Quantity::of(f64::from(label.probability), "1"));
        own.component = vec![Component { code: codes::concept(&["label.probability".into()], None), value: probability }];
        own
    }

    fn empty(&self, index: usize, code: CodeableConcept) -> Observation {
        Observation {
            id: id(self.record, "observation", index),
            extension: Vec::new(),
            modifier_extension: Vec::new(),
            status: match self.record.meta.status {
                Some(Status::Preliminary) => "preliminary",
                Some(Status::Final) => "final",
                Some(Status::Amended | Status::Addendum) => "amended",
                None => "unknown",
            },
            category: vec![CodeableConcept::coded(CATEGORY, "laboratory")],
            code,
            subject: self.patient.clone(),
            effective_date_time: self.date.clone(),
            value: None,
            data_absent_reason: None,
            interpretation: Vec::new(),
            body_site: None,
            method: None,
            reference_range: Vec::new(),
            derived_from: vec![self.document.clone()],
            component: Vec::new(),
        }
    }
}

fn span(place: &Place<'_>) -> Extension {
    let part = |url, value| Extension::value(url, value);
    let mut parts = vec![part("start", Value::Place(place.start)), part("end", Value::Place(place.end))];
    if !place.text.trim().is_empty() {
        parts.push(part("text", Value::Words(place.text.to_string())));
    }
    Extension { url: SPAN, extension: parts, value: None }
}

/// A UUID (version 8) that follows from the report's id and what it names.
fn id(record: &Record, what: &str, index: usize) -> String {
    let digest = Sha256::digest(format!("{}\0{what}\0{index}", record.id).as_bytes());
    let mut bytes = [0u8; 16];
    bytes.copy_from_slice(&digest[..16]);
    bytes[6] = bytes[6] & 0x0F | 0x80;
    bytes[8] = bytes[8] & 0x3F | 0x80;
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    [0..8, 8..12, 12..16, 16..20, 20..32].map(|part| &hex[part]).join("-")
}

fn url(id: &str) -> String {
    format!("urn:uuid:{id}")
}

fn refer(id: &str) -> Reference {
    Reference { reference: url(id) }
}

/// Base64 with padding (RFC 4648).
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let group = chunk.iter().fold(0u32, |group, byte| group << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for digit in 0..4 {
            out.push(if digit <= chunk.len() { char::from(DIGITS[(group >> (18 - 6 * digit) & 63) as usize]) } else { '=' });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::base64;

    #[test]
    fn base64_is_that_of_the_standard() {
        for (plain, coded) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy"), ("病", "55eF")] {
            assert_eq!(base64(plain.as_bytes()), coded);
        }
    }
}
