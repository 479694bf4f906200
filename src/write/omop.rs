//! OMOP CDM 5.4: `note.csv` and `note_nlp.csv`, columns named and ordered as the CDM has them, a row a report and a row a value.
//!
//! What only the warehouse knows (person, dates, concepts) is left empty, or 0 where the CDM wants a concept: nothing is made up.
//! `offset` counts code points of `note_text`; `term_modifiers` is `key=value` pairs joined by `;`, since the CDM has no vocabulary.

use std::fs::File;
use std::io::{self, BufWriter};
use std::path::Path;

use csv::{QuoteStyle, Writer, WriterBuilder};
use serde_json::Value;

use super::RecordWriter;
use super::folder::create;
use crate::findings::{Assertion, Doubt, Experiencer, Presence, Temporality};
use crate::record::{Record, name_of};

/// Columns of NOTE.
pub const NOTE: [&str; 16] = [
    "note_id",
    "person_id",
    "note_date",
    "note_datetime",
    "note_type_concept_id",
    "note_class_concept_id",
    "note_title",
    "note_text",
    "encoding_concept_id",
    "language_concept_id",
    "provider_id",
    "visit_occurrence_id",
    "visit_detail_id",
    "note_source_value",
    "note_event_id",
    "note_event_field_concept_id",
];

/// Columns of NOTE_NLP.
pub const NOTE_NLP: [&str; 14] = [
    "note_nlp_id",
    "note_id",
    "section_concept_id",
    "snippet",
    "offset",
    "lexical_variant",
    "note_nlp_concept_id",
    "note_nlp_source_concept_id",
    "nlp_system",
    "nlp_date",
    "nlp_datetime",
    "term_exists",
    "term_temporal",
    "term_modifiers",
];

/// Code points of context on each side of a value; the CDM gives a snippet 250 characters.
const CONTEXT: usize = 60;
/// Longest snippet and variant.
const LONGEST: usize = 250;

/// Writes the two tables into a folder.
pub struct Omop {
    note: Writer<BufWriter<File>>,
    nlp: Writer<BufWriter<File>>,
    notes: u64,
    terms: u64,
}

impl Omop {
    /// A writer into `folder`, which is made.
    ///
    /// # Errors
    /// Where the folder cannot be made or written.
    pub fn new(folder: &Path) -> io::Result<Self> {
        std::fs::create_dir_all(folder)?;
        let open = |name: &str, columns: &[&str]| -> io::Result<Writer<BufWriter<File>>> {
            let mut writer = WriterBuilder::new().quote_style(QuoteStyle::NonNumeric).from_writer(BufWriter::new(create(&folder.join(name))?));
            writer.write_record(columns)?;
            Ok(writer)
        };
        Ok(Self { note: open("note.csv", &NOTE)?, nlp: open("note_nlp.csv", &NOTE_NLP)?, notes: 0, terms: 0 })
    }

    fn term(&mut self, text: &[char], term: &Term<'_>) -> io::Result<()> {
        self.terms += 1;
        let slice = |start: usize, end: usize| -> String { text.get(start..end.min(text.len())).unwrap_or_default().iter().take(LONGEST).collect() };
        let snippet = slice(term.start.saturating_sub(CONTEXT), term.end + CONTEXT);
        let exists = if term.assertion.presence == Presence::Absent || term.assertion.experiencer == Experiencer::Family { "N" } else { "Y" };
        let temporal = match term.assertion.temporality {
            Temporality::Current => "present",
            Temporality::Historical => "past",
            Temporality::Planned => "future",
        };
        let cells: [&str; 14] = [
            &self.terms.to_string(),
            &self.notes.to_string(),
            "0",
            &snippet,
            &term.start.to_string(),
            &slice(term.start, term.end),
            "0",
            "0",
            concat!("bingli ", env!("CARGO_PKG_VERSION")),
            "",
            "",
            exists,
            temporal,
            &term.modifiers,
        ];
        self.nlp.write_record(cells)?;
        Ok(())
    }
}

/// A row of NOTE_NLP.
struct Term<'a> {
    start: usize,
    end: usize,
    assertion: &'a Assertion,
    modifiers: String,
}

impl RecordWriter for Omop {
    fn write(&mut self, record: &Record) -> io::Result<()> {
        self.notes += 1;
        let whole = record.text.as_deref().unwrap_or("");
        // A masked date is a year alone, which is no date of the CDM.
        let date = record.meta.date.as_deref().and_then(|date| date.get(..10)).unwrap_or("");
        let title: String = record.id.chars().take(LONGEST).collect();
        let source: String = record.source.chars().take(50).collect();
        let number = self.notes.to_string();
        self.note.write_record([&number, "", date, "", "0", "0", &title, whole, "0", "0", "", "", "", &source, "", ""])?;
        let text: Vec<char> = whole.chars().collect();
        for placed in &record.findings {
            let finding = &placed.value;
            let modifiers = modifiers(finding.detail.kind(), &finding.detail, &["type"], &finding.section, &finding.assertion, &finding.doubts);
            self.term(&text, &Term { start: placed.start, end: placed.end, assertion: &finding.assertion, modifiers })?;
        }
        for placed in &record.labs {
            let lab = &placed.value;
            let modifiers =
                modifiers("lab", lab, &["presence", "temporality", "experiencer", "section", "doubts", "name"], &lab.section, &lab.assertion, &lab.doubts);
            self.term(&text, &Term { start: placed.start, end: placed.end, assertion: &lab.assertion, modifiers })?;
        }
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        self.note.flush()?;
        self.nlp.flush()
    }
}

/// The kind and the fields of a value, its section and its assertion as `key=value` pairs.
fn modifiers<T: serde::Serialize>(kind: &str, value: &T, left_out: &[&str], section: &str, assertion: &Assertion, doubts: &[Doubt]) -> String {
    let mut pairs = vec![format!("type={kind}")];
    if let Ok(Value::Object(fields)) = serde_json::to_value(value) {
        let kept = fields.iter().filter(|(key, value)| !value.is_null() && value.as_str() != Some("") && !left_out.contains(&key.as_str()));
        pairs.extend(kept.map(|(key, value)| format!("{key}={}", plain(value))));
    }
    pairs.push(format!("presence={}", name_of(&assertion.presence)));
    pairs.push(format!("section={section}"));
    if assertion.experiencer != Experiencer::Patient {
        pairs.push(format!("experiencer={}", name_of(&assertion.experiencer)));
    }
    pairs.extend(doubts.iter().map(|doubt| format!("doubt={}", name_of(doubt))));
    pairs.join(";")
}

/// A value without the characters that part the pairs.
fn plain(value: &Value) -> String {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_string);
    text.replace([';', '='], ",").replace(['\n', '\r'], " ")
}
