//! FHIR R4 as documents: `DiagnosticReport`, `DocumentReference`, and the reports of a `Bundle` with the patient and the observations that it
//! holds. References are followed within what was given, never elsewhere. Another version and other resources are refused by name.

mod observation;

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::Failure;
use super::message::{age, names};
use super::parse::sex;
use crate::document::{Document, Meta, Status};
use crate::error::FailureKind;

type Resource = Map<String, Value>;
type Failed = (FailureKind, String);

/// Fields that R4 does not have, by resource, with the version that has them.
const OTHERS: [(&str, &str, &str); 12] = [
    ("DiagnosticReport", "codedDiagnosis", "STU3 or before"),
    ("DiagnosticReport", "image", "STU3 or before"),
    ("DiagnosticReport", "composition", "R5"),
    ("DiagnosticReport", "supportingInfo", "R5"),
    ("DiagnosticReport", "note", "R5"),
    ("DocumentReference", "class", "STU3 or before"),
    ("DocumentReference", "created", "STU3 or before"),
    ("DocumentReference", "indexed", "STU3 or before"),
    ("DocumentReference", "attester", "R5"),
    ("DocumentReference", "modality", "R5"),
    ("DocumentReference", "bodySite", "R5"),
    ("DocumentReference", "version", "R5"),
];

/// Reads an attachment: its type and its bytes.
pub(super) type Attach<'a> = &'a dyn Fn(&str, &[u8]) -> Result<String, Failed>;

/// Resources that come beside reports and hold none.
const OTHER_RESOURCES: [&str; 14] = [
    "Binary",
    "Composition",
    "Condition",
    "Encounter",
    "Media",
    "Observation",
    "Organization",
    "Parameters",
    "Patient",
    "Practitioner",
    "Procedure",
    "QuestionnaireResponse",
    "ServiceRequest",
    "Specimen",
];

/// The documents of a resource.
pub(super) fn documents(resource: &Resource, id: &str, source: &str, attach: Attach<'_>) -> Vec<Result<Document, Failure>> {
    let kind = text(resource, "resourceType").unwrap_or("");
    let fail = |kind, what: String| vec![Err(Failure::new(id, source, kind, what))];
    let known = Known::of(resource);
    match kind {
        "DiagnosticReport" | "DocumentReference" => {
            let id = text(resource, "id").unwrap_or(id);
            vec![
                known.document(resource, attach, None).map(|document| named(document, id, source)).map_err(|(kind, what)| Failure::new(id, source, kind, what)),
            ]
        }
        "Bundle" => {
            let reports: Vec<&Resource> = entries(resource).filter(|(_, own)| is_report(own)).map(|(_, own)| own).collect();
            if reports.is_empty() {
                return fail(FailureKind::NoText, "expected a DiagnosticReport or a DocumentReference in the Bundle, found none".into());
            }
            known.reports(&reports, id, source, attach)
        }
        other => {
            let found = OTHER_RESOURCES.iter().find(|known| **known == other).unwrap_or(&"another resource");
            fail(FailureKind::Unsupported, format!("expected a DiagnosticReport, a DocumentReference or a Bundle, found {found}"))
        }
    }
}

fn named(document: Document, id: &str, source: &str) -> Document {
    Document { id: id.into(), source: source.into(), encoding: "utf-8".into(), is_record: true, ..document }
}

fn is_report(resource: &Resource) -> bool {
    matches!(text(resource, "resourceType"), Some("DiagnosticReport" | "DocumentReference"))
}

fn text<'a>(object: &'a Resource, key: &str) -> Option<&'a str> {
    object.get(key)?.as_str()
}

fn list<'a>(object: &'a Resource, key: &str) -> impl Iterator<Item = &'a Resource> + use<'a> {
    object.get(key).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object)
}

fn entries(bundle: &Resource) -> impl Iterator<Item = (Option<&str>, &Resource)> {
    list(bundle, "entry").filter_map(|entry| Some((text(entry, "fullUrl"), entry.get("resource")?.as_object()?)))
}

/// What references can lead to.
struct Known<'a>(HashMap<String, &'a Resource>);

impl<'a> Known<'a> {
    fn of(resource: &'a Resource) -> Self {
        let mut known = HashMap::new();
        let mut add = |url: Option<&str>, own: &'a Resource| {
            if let Some(url) = url {
                known.insert(url.to_string(), own);
            }
            if let (Some(kind), Some(id)) = (text(own, "resourceType"), text(own, "id")) {
                known.insert(format!("{kind}/{id}"), own);
            }
        };
        for (url, own) in entries(resource) {
            add(url, own);
        }
        Self(known)
    }

    fn follow(&self, from: &'a Resource, reference: &Resource) -> Option<&'a Resource> {
        let to = text(reference, "reference")?;
        if let Some(inner) = to.strip_prefix('#') {
            return list(from, "contained").find(|own| text(own, "id") == Some(inner));
        }
        let tail = || {
            let mut parts = to.split("/_history").next().unwrap_or(to).rsplit('/');
            let (id, kind) = (parts.next()?, parts.next()?);
            self.0.get(&format!("{kind}/{id}"))
        };
        self.0.get(to).or_else(tail).copied()
    }

    /// The reports of a bundle. A report without a text of its own takes that of the only document beside it, which then is none of its own.
    fn reports(&self, reports: &[&'a Resource], id: &str, source: &str, attach: Attach<'_>) -> Vec<Result<Document, Failure>> {
        let of = |kind: &str| reports.iter().copied().filter(|own| text(own, "resourceType") == Some(kind)).collect::<Vec<_>>();
        let (diagnostic, documents) = (of("DiagnosticReport"), of("DocumentReference"));
        let pair = match (diagnostic.as_slice(), documents.as_slice()) {
            ([report], [document]) => Some((*report, *document)),
            _ => None,
        };
        if let Some((report, document)) = pair {
            let own = text(report, "id").unwrap_or(id);
            let result = self.document(report, attach, Some(document));
            return vec![result.map(|document| named(document, own, source)).map_err(|(kind, what)| Failure::new(own, source, kind, what))];
        }
        reports
            .iter()
            .enumerate()
            .map(|(index, report)| {
                let own = text(report, "id").map_or_else(|| format!("{id}#{}", index + 1), str::to_string);
                let result = self.document(report, attach, None);
                result.map(|document| named(document, &own, source)).map_err(|(kind, what)| Failure::new(own, source, kind, what))
            })
            .collect()
    }

    /// A report, with the document that may hold its text.
    fn document(&self, report: &'a Resource, attach: Attach<'_>, beside: Option<&'a Resource>) -> Result<Document, Failed> {
        in_version(report)?;
        let status = status(report)?;
        let mut out = Document::default();
        let mut failed = None;
        out.text = words(report, attach, &mut failed);
        if let Some(beside) = beside.filter(|_| out.text.trim().is_empty() || !has_form(report)) {
            in_version(beside)?;
            let own = words(beside, attach, &mut failed);
            if !own.trim().is_empty() {
                out.text = own;
            }
        }
        let mut narrated = String::new();
        for reference in list(report, "result") {
            if let Some(observation) = self.follow(report, reference) {
                self.observe(observation, &mut out, &mut narrated, 0);
            }
        }
        if out.text.trim().is_empty() {
            out.text = narrated;
        }
        if let Some(failed) = failed {
            return Err(failed);
        }
        if out.text.trim().is_empty() && out.results.is_empty() {
            return Err((FailureKind::NoText, "expected a text or results in the report, found none".into()));
        }
        let subject = report.get("subject").and_then(Value::as_object);
        let patient = subject.and_then(|subject| self.follow(report, subject));
        let date = ["effectiveDateTime", "issued", "date"].iter().find_map(|key| text(report, key)).or_else(|| {
            let period = report.get("effectivePeriod")?.as_object()?;
            text(period, "end").or_else(|| text(period, "start"))
        });
        out.meta = meta(patient, subject, date);
        let numbers: Vec<String> = list(report, "identifier").filter_map(|own| text(own, "value")).map(str::to_string).collect();
        out.meta.report_number = numbers.first().cloned();
        out.meta.identifiers.extend(numbers.into_iter().skip(1));
        for person in ["performer", "resultsInterpreter", "author"] {
            out.meta.identifiers.extend(list(report, person).filter_map(|one| text(one, "display")).map(str::to_string));
        }
        out.meta.status = status;
        Ok(out)
    }

    fn observe(&self, observation: &'a Resource, out: &mut Document, narrated: &mut String, depth: usize) {
        if depth > 4 || matches!(text(observation, "status"), Some("cancelled" | "entered-in-error")) {
            return;
        }
        observation::read(observation, &mut out.results, narrated);
        for member in list(observation, "hasMember") {
            if let Some(member) = self.follow(observation, member) {
                self.observe(member, out, narrated, depth + 1);
            }
        }
    }
}

/// Refuses a resource of another version.
fn in_version(resource: &Resource) -> Result<(), Failed> {
    let other = |what: String| Err((FailureKind::Unsupported, what));
    let kind = text(resource, "resourceType").unwrap_or("");
    let found = OTHERS.iter().find(|(own, field, _)| *own == kind && resource.contains_key(*field));
    if let Some((_, field, version)) = found {
        return other(format!("expected FHIR R4, found the field `{field}` of {version}"));
    }
    if kind == "DocumentReference" && resource.get("context").is_some_and(Value::is_array) {
        return other("expected FHIR R4, found a list in the field `context`, as in R5".into());
    }
    if list(resource, "performer").any(|one| one.contains_key("actor")) {
        return other("expected FHIR R4, found the field `performer.actor` of STU3".into());
    }
    let profiles = resource.get("meta").and_then(|meta| meta.get("profile")).and_then(Value::as_array);
    let named = |sign: &[&str]| profiles.into_iter().flatten().filter_map(Value::as_str).any(|profile| sign.iter().any(|sign| profile.contains(sign)));
    if named(&["/5.0/", "|5."]) || named(&["/3.0/", "|3.", "/STU3/", "/DSTU2/"]) {
        return other("expected FHIR R4, found a profile of another version".into());
    }
    Ok(())
}

/// The status; what is void is refused.
fn status(report: &Resource) -> Result<Option<Status>, Failed> {
    let written = text(report, "docStatus").or_else(|| text(report, "status")).unwrap_or("");
    let void = [text(report, "status"), text(report, "docStatus")].into_iter().flatten().find(|status| matches!(*status, "entered-in-error" | "cancelled"));
    if let Some(void) = void {
        return Err((FailureKind::Unsupported, format!("expected a report in force, found the status {void}")));
    }
    Ok(match written {
        "registered" | "partial" | "preliminary" => Some(Status::Preliminary),
        "final" => Some(Status::Final),
        "amended" | "corrected" => Some(Status::Amended),
        "appended" => Some(Status::Addendum),
        _ => None,
    })
}

fn has_form(report: &Resource) -> bool {
    list(report, "presentedForm").next().is_some()
}

/// The text of a report: what is attached, then a conclusion that it does not repeat; without an attachment what it says of itself.
fn words(report: &Resource, attach: Attach<'_>, failed: &mut Option<Failed>) -> String {
    let mut parts: Vec<String> = Vec::new();
    let attachments = list(report, "presentedForm").chain(list(report, "content").filter_map(|content| content.get("attachment")?.as_object()));
    let mut elsewhere = false;
    let mut first: Option<Failed> = None;
    for attachment in attachments {
        let Some(data) = text(attachment, "data") else {
            elsewhere |= attachment.contains_key("url");
            continue;
        };
        let kind = text(attachment, "contentType").unwrap_or("text/plain").to_lowercase();
        let read = super::base64::decode(data).ok_or_else(|| (FailureKind::Malformed, "attachment: expected Base64, found something else".to_string()));
        match read.and_then(|bytes| attach(&kind, &bytes)) {
            // The same text in another form.
            Ok(text) if parts.iter().any(|part| same(part, &text)) => {}
            Ok(text) => parts.push(text),
            Err(failure) => first = first.or(Some(failure)),
        }
    }
    let said = ["conclusion", "description"].iter().find_map(|key| text(report, key)).map(str::trim).filter(|said| !said.is_empty());
    if parts.is_empty() {
        let narrative = report.get("text").and_then(|text| text.get("div")).and_then(Value::as_str).map(super::markup::html);
        parts.extend(narrative.filter(|narrative| !narrative.trim().is_empty()));
    }
    if parts.is_empty()
        && let Some(failure) = first
    {
        *failed = Some(failure);
    }
    if let Some(said) = said.filter(|said| !parts.iter().any(|part| squeezed(part).contains(&squeezed(said)))) {
        parts.push(said.to_string());
    }
    if parts.is_empty() && elsewhere && failed.is_none() {
        *failed = Some((FailureKind::NoText, "expected a text, found an attachment elsewhere; nothing is fetched".into()));
    }
    let mut out = parts.join("\n");
    if !out.is_empty() && !out.ends_with('\n') && parts.len() > 1 {
        out.push('\n');
    }
    out
}

fn squeezed(text: &str) -> String {
    text.chars().filter(|sign| !sign.is_whitespace()).collect()
}

fn same(one: &str, other: &str) -> bool {
    squeezed(one) == squeezed(other)
}

/// What is known of the patient at a date.
fn meta(patient: Option<&Resource>, subject: Option<&Resource>, date: Option<&str>) -> Meta {
    let mut identifiers = Vec::new();
    let mut meta = Meta { date: date.map(|date| date.split('T').next().unwrap_or(date).to_string()), ..Meta::default() };
    if let Some(subject) = subject {
        identifiers.extend(text(subject, "display").map(str::to_string));
        identifiers.extend(subject.get("identifier").and_then(|own| own.get("value")).and_then(Value::as_str).map(str::to_string));
        meta.patient = text(subject, "reference").and_then(|reference| reference.strip_prefix("Patient/")).map(str::to_string);
    }
    if let Some(patient) = patient {
        let numbers: Vec<String> = list(patient, "identifier").filter_map(|own| text(own, "value")).map(str::to_string).collect();
        meta.patient = numbers.first().cloned().or(meta.patient);
        identifiers.extend(numbers);
        for name in list(patient, "name") {
            let given: Vec<&str> = name.get("given").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
            identifiers.extend(names(text(name, "family").unwrap_or(""), &given.join(" ")));
            identifiers.extend(text(name, "text").map(str::to_string));
        }
        identifiers.extend(list(patient, "telecom").filter_map(|own| text(own, "value")).map(str::to_string));
        for address in list(patient, "address") {
            identifiers.extend(address.get("line").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).map(str::to_string));
        }
        meta.sex = text(patient, "gender").and_then(sex);
        meta.age_years = text(patient, "birthDate").zip(meta.date.as_deref()).and_then(|(born, at)| age(born, at));
    }
    identifiers.retain(|value| !value.trim().is_empty());
    meta.identifiers = identifiers;
    meta
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(value: Value) -> Vec<Result<Document, Failure>> {
        documents(value.as_object().unwrap(), "b.json", "b.json", &|_, bytes| Ok(String::from_utf8_lossy(bytes).into_owned()))
    }

    #[test]
    fn a_bundle_gives_text_results_patient_and_status() {
        let found = read(json!({"resourceType": "Bundle", "type": "collection", "entry": [
            {"fullUrl": "urn:uuid:1", "resource": {"resourceType": "Patient", "gender": "female", "birthDate": "1960-02-03",
                "identifier": [{"value": "P-77"}], "name": [{"family": "Family", "given": ["Given"]}]}},
            {"fullUrl": "urn:uuid:2", "resource": {"resourceType": "Observation", "status": "final", "code": {"coding": [{"system": "http://loinc.org", "code": "718-7"}]},
                "valueQuantity": {"value": 8.4, "unit": "g/dL", "comparator": "<"}, "referenceRange": [{"low": {"value": 12}, "high": {"value": 16}}]}},
            {"resource": {"resourceType": "DiagnosticReport", "id": "r1", "status": "appended", "subject": {"reference": "urn:uuid:1"},
                "effectiveDateTime": "2026-01-01T09:00:00Z", "conclusion": "pT2 N0", "identifier": [{"value": "S26-1"}],
                "presentedForm": [{"contentType": "text/plain", "data": "cFQyIE4w"}], "result": [{"reference": "urn:uuid:2"}]}}]}));
        let document = found[0].as_ref().unwrap();
        assert_eq!((document.id.as_str(), document.text.as_str()), ("r1", "pT2 N0"));
        assert_eq!((document.meta.age_years, document.meta.status, document.meta.patient.as_deref()), (Some(65.0), Some(Status::Addendum), Some("P-77")));
        assert_eq!((document.results[0].value.as_str(), document.results[0].reference.as_str()), ("<8.4", "12-16"));
    }

    #[test]
    fn other_versions_and_resources_are_named() {
        let kind = |value| read(value)[0].as_ref().err().map(|failure| (failure.kind, failure.reason.clone())).unwrap();
        let (found, what) = kind(json!({"resourceType": "DocumentReference", "status": "current", "modality": [], "content": []}));
        assert!(found == FailureKind::Unsupported && what.contains("R5"), "{what}");
        assert_eq!(kind(json!({"resourceType": "Patient"})).0, FailureKind::Unsupported);
        assert_eq!(kind(json!({"resourceType": "DiagnosticReport", "status": "entered-in-error"})).0, FailureKind::Unsupported);
        assert_eq!(kind(json!({"resourceType": "DiagnosticReport", "status": "final", "presentedForm": [{"url": "http://x"}]})).0, FailureKind::NoText);
    }
}
