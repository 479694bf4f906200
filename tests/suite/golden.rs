//! Goldens of the whole pipeline: what the hand-written bundled reports come to, a line a value. `BINGLI_BLESS=1` rewrites them; read the diff.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::program::{records, run};

fn text(record: &Value) -> String {
    let mut out = String::new();
    let plain = |value: &Value| value.to_string();
    for lab in record["labs"].as_array().unwrap() {
        let fields = ["analyte", "comparator", "value", "value_high", "text_value", "unit", "flag", "temporality"].map(|name| plain(&lab[name]));
        writeln!(out, "lab {} {} {}", fields.join(" "), lab["start"], lab["text"]).unwrap();
    }
    for finding in record["findings"].as_array().unwrap() {
        let fields =
            finding.as_object().unwrap().iter().filter(|(name, _)| !["start", "end", "text", "cues", "section", "doubts", "specimen"].contains(&name.as_str()));
        let fields: Vec<String> = fields.map(|(name, value)| format!("{name}={value}")).collect();
        writeln!(out, "finding {} {} {}", fields.join(" "), finding["start"], finding["text"]).unwrap();
    }
    for (name, value) in record["summary"].as_object().unwrap().iter().filter(|(name, value)| !value.is_null() && *name != "from") {
        writeln!(out, "summary {name} {value}").unwrap();
    }
    for check in record["checks"].as_array().unwrap() {
        writeln!(out, "check {}", check["rule"]).unwrap();
    }
    writeln!(out, "label {}", record["labels"][0]["label"]).unwrap();
    out
}

#[test]
fn the_hand_written_reports_come_to_what_they_came_to() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let bless = std::env::var_os("BINGLI_BLESS").is_some();
    let (code, stdout, stderr) = run(&["classify", concat!(env!("CARGO_MANIFEST_DIR"), "/corpora/reports")], b"");
    assert_eq!(code, 0, "{stderr}");
    let mut differing = Vec::new();
    let mut count = 0;
    for record in records(&stdout) {
        let id = record["id"].as_str().unwrap().to_string();
        if !id.contains("/hand-") {
            continue;
        }
        count += 1;
        let path = root.join("tests/goldens").join(id.replace('/', "-"));
        let found = text(&record);
        if bless {
            fs::write(&path, found).unwrap();
        } else if fs::read_to_string(&path).unwrap_or_default() != found {
            differing.push(id);
        }
    }
    assert!(count >= 48, "{count}");
    assert!(differing.is_empty(), "differ from their goldens: {differing:?}; BINGLI_BLESS=1 rewrites them");
}
