//! `findings.csv`: a row a finding. The fields of its kind stand in one cell as `field=value` pairs, in the order of the record.

use serde_json::Value;

use super::labs::list_of;
use super::{Cells, Column, Kind, Rows};
use crate::record::{Record, name_of};

/// The table of findings.
#[derive(Debug, Clone, Copy, Default)]
pub struct FindingRows;

impl Rows for FindingRows {
    fn columns(&self) -> &'static [Column] {
        &[
            ("id", Kind::Text),
            ("index", Kind::Count),
            ("type", Kind::Text),
            ("value", Kind::Text),
            ("presence", Kind::Text),
            ("temporality", Kind::Text),
            ("experiencer", Kind::Text),
            ("specimen", Kind::Text),
            ("section", Kind::Text),
            ("start", Kind::Count),
            ("end", Kind::Count),
            ("text", Kind::Text),
            ("cues", Kind::Text),
            ("doubts", Kind::Text),
        ]
    }

    fn rows(&self, record: &Record, out: &mut dyn Cells) {
        for (index, placed) in record.findings.iter().enumerate() {
            let finding = &placed.value;
            out.text(&record.id);
            out.count(index);
            out.text(finding.detail.kind());
            out.text(&fields_of(&finding.detail));
            out.text(&name_of(&finding.assertion.presence));
            out.text(&name_of(&finding.assertion.temporality));
            out.text(&name_of(&finding.assertion.experiencer));
            out.option(finding.specimen.as_deref());
            out.text(&finding.section);
            out.count(placed.start);
            out.count(placed.end);
            out.text(&placed.text);
            let cues: Vec<&str> = placed.cues.iter().map(|cue| cue.text.as_str()).collect();
            out.text(&cues.join("; "));
            out.text(&list_of(&finding.doubts));
            out.end();
        }
    }
}

/// `field=value; field=value` of what was found.
fn fields_of(detail: &crate::findings::Detail) -> String {
    let Ok(Value::Object(object)) = serde_json::to_value(detail) else { return String::new() };
    let pairs: Vec<String> = object
        .iter()
        .filter(|(key, value)| *key != "type" && !value.is_null())
        .map(|(key, value)| format!("{key}={}", plain(value)))
        .filter(|pair| !pair.ends_with('='))
        .collect();
    pairs.join("; ")
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(" x "),
        other => other.to_string().trim_end_matches(".0").to_string(),
    }
}
