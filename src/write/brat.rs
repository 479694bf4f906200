//! BRAT standoff: per report a `.txt` with the (masked) text and an `.ann` with findings, laboratory results and identifiers, and
//! once an `annotation.conf` that names the types. `ids.tsv` says which files belong to which report.
//!
//! Offsets count code points, as BRAT does, and slice back to the text (a tab is written as a blank, since tabs part the columns);
//! a span over line ends is written as fragments, one a line.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::RecordWriter;
use super::folder::{Names, create};
use crate::findings::{Assertion, Detail};
use crate::record::{Record, name_of};

/// Writes BRAT files into a folder.
#[derive(Debug)]
pub struct Brat {
    folder: PathBuf,
    names: Names,
    index: BufWriter<File>,
    types: BTreeSet<&'static str>,
}

impl Brat {
    /// A writer into `folder`, which is made.
    ///
    /// # Errors
    /// Where the folder cannot be made or written.
    pub fn new(folder: &Path) -> io::Result<Self> {
        std::fs::create_dir_all(folder)?;
        let mut index = BufWriter::new(create(&folder.join("ids.tsv"))?);
        index.write_all(b"name\tid\n")?;
        Ok(Self { folder: folder.to_path_buf(), names: Names::default(), index, types: BTreeSet::new() })
    }
}

impl RecordWriter for Brat {
    fn write(&mut self, record: &Record) -> io::Result<()> {
        let text = record.text.as_deref().unwrap_or("");
        let name = self.names.of(&record.id);
        writeln!(self.index, "{name}\t{}", record.id.replace(['\t', '\n', '\r'], " "))?;
        create(&self.folder.join(format!("{name}.txt")))?.write_all(text.as_bytes())?;
        let mut sheet = Sheet::new(text);
        for placed in &record.findings {
            let finding = &placed.value;
            self.types.insert(finding.detail.kind());
            sheet.add(finding.detail.kind(), placed.start, placed.end, Some(&finding.assertion), &note_of(&finding.detail));
        }
        for placed in &record.labs {
            self.types.insert("lab");
            let lab = &placed.value;
            let code = lab.loinc.as_deref().map_or_else(String::new, |code| format!(" LOINC {code}"));
            let flag = lab.flag.map_or_else(String::new, |flag| format!(" {flag}"));
            sheet.add("lab", placed.start, placed.end, Some(&lab.assertion), &format!("{}{code}{flag}", lab.analyte));
        }
        for redaction in &record.redactions {
            self.types.insert("identifier");
            sheet.add("identifier", redaction.original_start, redaction.original_end, None, redaction.kind);
        }
        create(&self.folder.join(format!("{name}.ann")))?.write_all(sheet.out.as_bytes())
    }

    fn finish(&mut self) -> io::Result<()> {
        self.index.flush()?;
        let types: Vec<&str> = self.types.iter().copied().collect();
        let conf = format!(
            "[entities]\n{}\n[relations]\n[events]\n[attributes]\nPresence Arg:<ENTITY>, Value:absent|uncertain\nTemporality Arg:<ENTITY>, Value:historical|planned\nExperiencer Arg:<ENTITY>, Value:family\n",
            types.join("\n")
        );
        create(&self.folder.join("annotation.conf"))?.write_all(conf.as_bytes())
    }
}

/// One `.ann` file being written.
struct Sheet {
    text: Vec<char>,
    out: String,
    entities: usize,
    attributes: usize,
}

impl Sheet {
    fn new(text: &str) -> Self {
        Self { text: text.chars().collect(), out: String::new(), entities: 0, attributes: 0 }
    }

    /// Adds an entity, what its assertion says beyond the usual, and a note with its value.
    fn add(&mut self, kind: &str, start: usize, end: usize, assertion: Option<&Assertion>, note: &str) {
        let fragments = fragments(&self.text, start, end);
        if fragments.is_empty() {
            return;
        }
        self.entities += 1;
        let number = self.entities;
        let places: Vec<String> = fragments.iter().map(|(start, end)| format!("{start} {end}")).collect();
        let words: Vec<String> =
            fragments.iter().map(|(start, end)| self.text[*start..*end].iter().map(|own| if *own == '\t' { ' ' } else { *own }).collect()).collect();
        let _ = writeln!(self.out, "T{number}\t{kind} {}\t{}", places.join(";"), words.join(" "));
        let assertion = assertion.cloned().unwrap_or_default();
        let usual = Assertion::default();
        for (attribute, value, unusual) in [
            ("Presence", name_of(&assertion.presence), assertion.presence != usual.presence),
            ("Temporality", name_of(&assertion.temporality), assertion.temporality != usual.temporality),
            ("Experiencer", name_of(&assertion.experiencer), assertion.experiencer != usual.experiencer),
        ] {
            if unusual {
                self.attributes += 1;
                let _ = writeln!(self.out, "A{}\t{attribute} T{number} {value}", self.attributes);
            }
        }
        if !note.is_empty() {
            let _ = writeln!(self.out, "#{number}\tAnnotatorNotes T{number}\t{}", note.replace(['\t', '\n', '\r'], " "));
        }
    }
}

/// The parts of a span that hold no line end, blank ones left out.
fn fragments(text: &[char], start: usize, end: usize) -> Vec<(usize, usize)> {
    let mut out = Vec::new();
    let mut from = start;
    for at in start..=end.min(text.len()) {
        let breaks = at == end.min(text.len()) || matches!(text[at], '\n' | '\r');
        if breaks {
            if text.get(from..at).is_some_and(|part| part.iter().any(|character| !character.is_whitespace())) {
                out.push((from, at));
            }
            from = at + 1;
        }
    }
    out
}

/// The fields of a finding as JSON without its type.
fn note_of(detail: &Detail) -> String {
    match serde_json::to_value(detail) {
        Ok(Value::Object(mut fields)) => {
            fields.remove("type");
            Value::Object(fields).to_string()
        }
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_over_line_ends_become_fragments_that_slice_back() {
        let mut sheet = Sheet::new("大小\r\n 3\tcm 余");
        sheet.add("tumor_size", 0, 9, None, "a\nb");
        assert_eq!(sheet.out, "T1\ttumor_size 0 2;4 9\t大小  3 cm\n#1\tAnnotatorNotes T1\ta b\n");
        sheet.add("empty", 2, 4, None, "");
        sheet.add("beyond", 50, 60, None, "");
        assert_eq!(sheet.entities, 1);
    }
}
