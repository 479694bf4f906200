//! What the page holds of one report: the record without what nobody looks at, a JSON line.

use serde::Serialize;

use crate::document::{Language, Status};
use crate::findings::checks::Check;
use crate::findings::summary::Summary;
use crate::findings::{Finding, Lab};
use crate::record::{Placed, PlacedLabel, Record, Redaction};

#[derive(Serialize)]
struct Entry<'a> {
    id: &'a str,
    source: &'a str,
    language: Language,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<Status>,
    legible: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
    labs: &'a [Placed<Lab>],
    findings: &'a [Placed<Finding>],
    checks: &'a [Check],
    summary: &'a Summary,
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<&'a PlacedLabel>,
    redactions: &'a [Redaction],
}

/// The line of a report for [`super::report`].
pub fn page(record: &Record) -> Vec<u8> {
    let entry = Entry {
        id: &record.id,
        source: &record.source,
        language: record.language,
        status: record.meta.status,
        legible: record.quality.legible,
        text: record.text.as_deref(),
        labs: &record.labs,
        findings: &record.findings,
        checks: &record.checks,
        summary: &record.summary,
        label: record.labels.first(),
        redactions: &record.redactions,
    };
    let mut line = serde_json::to_vec(&entry).unwrap_or_default();
    line.push(b'\n');
    line
}
