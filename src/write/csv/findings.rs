//! `findings.csv`: a row a finding. The fields of its kind stand in one cell as `field=value` pairs, in the order of the record.

use serde_json::Value;

use super::labs::list_of;
use super::{Row, Rows};
use crate::record::{Record, name_of};

/// The table of findings.
#[derive(Debug, Clone, Copy, Default)]
pub struct FindingRows;

impl Rows for FindingRows {
    fn header(&self) -> &'static [&'static str] {
        &["id", "index", "type", "value", "presence", "temporality", "experiencer", "specimen", "section", "start", "end", "text", "cues", "doubts"]
    }

    fn rows(&self, record: &Record, out: &mut Row) {
        for (index, placed) in record.findings.iter().enumerate() {
            let finding = &placed.value;
            out.text(&record.id).count(index).text(finding.detail.kind()).text(&fields_of(&finding.detail));
            out.text(&name_of(&finding.assertion.presence)).text(&name_of(&finding.assertion.temporality)).text(&name_of(&finding.assertion.experiencer));
            out.option(finding.specimen.as_deref()).text(&finding.section).count(placed.start).count(placed.end).text(&placed.text);
            let cues: Vec<&str> = placed.cues.iter().map(|cue| cue.text.as_str()).collect();
            out.text(&cues.join("; ")).text(&list_of(&finding.doubts)).end();
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
