//! `report.html` of a batch: what was read, what failed, and a table of the reports. One file without anything from elsewhere.

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::Path;

use maud::{DOCTYPE, html};
use serde::{Deserialize, Serialize};

use crate::record::Record;
use crate::tally::{Counts, Tally};

/// Reports in one page.
const PER_PAGE: usize = 2_000;

/// What the page shows of one report, as kept while a batch runs.
#[derive(Debug, Serialize, Deserialize)]
struct Entry {
    id: String,
    labs: usize,
    findings: Vec<(String, String)>,
}

/// The line of a report for [`report`].
pub fn page(record: &Record) -> Vec<u8> {
    let findings = record.findings.iter().map(|finding| (finding.value.detail.kind().to_string(), finding.text.clone())).collect();
    let mut line = serde_json::to_vec(&Entry { id: record.id.clone(), labs: record.labs.len(), findings }).unwrap_or_default();
    line.push(b'\n');
    line
}

/// The page of a batch, by name and bytes.
///
/// # Errors
/// Where the lines of the reports cannot be read.
pub fn report(tally: &Tally, pages: &Path, counts: &Counts) -> io::Result<Vec<(String, Vec<u8>)>> {
    let entries: Vec<Entry> = BufReader::new(File::open(pages)?)
        .lines()
        .take(PER_PAGE)
        .map(|line| serde_json::from_str(&line?).map_err(io::Error::from))
        .collect::<io::Result<_>>()?;
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head { meta charset="utf-8"; title { "bingli" } style { (maud::PreEscaped("body{font:15px/1.5 system-ui,sans-serif;margin:2em;max-width:70em}table{border-collapse:collapse}td,th{border:1px solid #ccc;padding:.2em .6em;text-align:left;vertical-align:top}")) } }
            body {
                h1 { "bingli" }
                p { (counts.done) " reports, " (counts.failed) " failed" }
                @for group in ["languages", "encodings", "findings", "labs", "labels", "failures"] {
                    h2 { (group) }
                    table { @for (name, count) in tally.group(group) { tr { td { (name) } td { (count) } } } }
                }
                h2 { "reports" }
                table {
                    @for entry in &entries {
                        tr { td { (entry.id) } td { (entry.labs) } td { @for (kind, text) in &entry.findings { div { b { (kind) } " " (text) } } } }
                    }
                }
            }
        }
    };
    Ok(vec![("report.html".into(), page.into_string().into_bytes())])
}
