//! A piece of input as documents: decoding, JSON, table cells. Runs on any thread; the same piece always gives the same documents.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use encoding_rs::Encoding;
use serde_json::Value;

use super::{Content, Failure, Fields, Raw};
use crate::decode::{Decoded, Guess, decode, guess, name};
use crate::document::{Document, Meta, Sex};
use crate::error::FailureKind;

/// Files of a folder looked at for its majority encoding, and bytes of each.
const VOTERS: usize = 64;
const VOTE_BYTES: u64 = 16 * 1024;

/// Turns pieces into documents.
#[derive(Debug)]
pub struct Parser {
    fields: Fields,
    encoding: Option<&'static Encoding>,
    majorities: Mutex<BTreeMap<PathBuf, Option<&'static Encoding>>>,
}

impl Parser {
    /// A parser of records with these fields, in one encoding or in whatever the bytes show.
    pub const fn new(fields: Fields, encoding: Option<&'static Encoding>) -> Self {
        Self { fields, encoding, majorities: Mutex::new(BTreeMap::new()) }
    }

    /// The documents of a piece.
    pub fn parse(&self, raw: Raw) -> Vec<Result<Document, Failure>> {
        let Raw { id, source, content } = raw;
        vec![match content {
            Content::Text(bytes, folder) => self.text(id, source, &bytes, folder.as_deref()).map(|document| self.join(document)),
            Content::Json(line) => self.json(id, source, &line).map(|document| self.join(document)),
            Content::Row(header, cells) => self.row(id, source, &header, &cells).map(|document| self.join(document)),
        }]
    }

    /// Adds the columns of the joined table that were asked for.
    fn join(&self, mut document: Document) -> Document {
        if let Some(table) = &self.fields.table {
            for name in &self.fields.columns {
                if let Some(value) = table.get(&document.id, name) {
                    document.columns.entry(name.clone()).or_insert_with(|| value.to_string());
                }
            }
        }
        document
    }

    fn text(&self, id: String, source: String, bytes: &[u8], folder: Option<&PathBuf>) -> Result<Document, Failure> {
        let decoded = decode(bytes, self.encoding).map_err(|error| Failure::new(&id, &source, error.kind, error.what))?;
        let decoded = match folder {
            Some(folder) if !decoded.sure && self.encoding.is_none() => self.by_majority(decoded, bytes, folder),
            _ => decoded,
        };
        if decoded.text.trim().is_empty() {
            return Err(Failure::new(id, source, FailureKind::Empty, "expected a report, found only blanks"));
        }
        Ok(Document { id, source, text: decoded.text, encoding: name(decoded.encoding), ..Document::default() })
    }

    /// An unsure file takes the encoding that most files of its folder show for sure, if it can be read so.
    fn by_majority(&self, decoded: Decoded, bytes: &[u8], folder: &Path) -> Decoded {
        let majority = {
            let mut majorities = self.majorities.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            *majorities.entry(folder.to_path_buf()).or_insert_with(|| majority(folder))
        };
        match majority {
            Some(encoding) if encoding != decoded.encoding => decode(bytes, Some(encoding)).unwrap_or(decoded),
            _ => decoded,
        }
    }

    fn json(&self, id: String, source: String, line: &[u8]) -> Result<Document, Failure> {
        let malformed = |what: String| Failure::new(&id, &source, FailureKind::Malformed, what);
        let text = std::str::from_utf8(line).map_err(|error| {
            Failure::new(&id, &source, FailureKind::Undecodable, format!("byte {}: expected UTF-8, found another byte", error.valid_up_to()))
        })?;
        let value: Value =
            serde_json::from_str(text).map_err(|error| malformed(format!("column {}: expected JSON, found {}", error.column(), category(&error))))?;
        let Value::Object(mut object) = value else { return Err(malformed("expected a JSON object, found another value".into())) };
        let own_id = object.get(&self.fields.id).and_then(scalar);
        let id = own_id.unwrap_or(id);
        let text = match object.remove(&self.fields.text) {
            Some(Value::String(text)) => text,
            Some(Value::Null) | None => {
                return Err(Failure::new(id, source, FailureKind::NoText, format!("expected a field `{}` with text, found none", self.fields.text)));
            }
            Some(_) => {
                return Err(Failure::new(id, source, FailureKind::NoText, format!("expected text in the field `{}`, found another value", self.fields.text)));
            }
        };
        let cell = |key: &str| object.get(key).and_then(scalar);
        self.document(id, source, text, &cell)
    }

    fn row(&self, id: String, source: String, header: &[String], cells: &[String]) -> Result<Document, Failure> {
        let cell = |key: &str| {
            let index = header.iter().position(|name| name == key)?;
            cells.get(index).map(|cell| cell.trim().to_string()).filter(|cell| !cell.is_empty())
        };
        let id = cell(&self.fields.id).unwrap_or(id);
        let text = header.iter().position(|name| *name == self.fields.text).and_then(|index| cells.get(index)).cloned().unwrap_or_default();
        self.document(id, source, text, &cell)
    }

    fn document(&self, id: String, source: String, text: String, cell: &dyn Fn(&str) -> Option<String>) -> Result<Document, Failure> {
        if text.trim().is_empty() {
            return Err(Failure::new(id, source, FailureKind::NoText, format!("expected text in the field `{}`, found none", self.fields.text)));
        }
        if text.contains('\u{FFFD}') && self.encoding.is_some() {
            return Err(Failure::new(id, source, FailureKind::Undecodable, "expected the encoding given, found a byte that it does not have"));
        }
        let columns = self.fields.columns.iter().filter_map(|key| cell(key).map(|value| (key.clone(), value))).collect();
        Ok(Document { id, source, text, encoding: "utf-8".into(), meta: meta(cell), columns, is_record: true, results: Vec::new() })
    }
}

/// What the usual columns say of the patient and the report.
fn meta(cell: &dyn Fn(&str) -> Option<String>) -> Meta {
    let first = |keys: &[&str]| keys.iter().find_map(|key| cell(key));
    Meta {
        patient: first(&["patient", "patient_id", "patient_name"]),
        sex: first(&["sex", "gender"]).and_then(|value| sex(&value)),
        age_years: first(&["age", "age_years"]).and_then(|value| value.trim().parse().ok()).filter(|age: &f64| (0.0..=130.0).contains(age)),
        date: first(&["date", "report_date"]),
        report_number: first(&["report_number", "accession"]),
        status: None,
        identifiers: first(&["name", "patient_name"]).into_iter().collect(),
    }
}

/// Sex as tables and messages write it.
pub fn sex(value: &str) -> Option<Sex> {
    match value.trim().to_lowercase().as_str() {
        "f" | "female" | "w" | "woman" | "女" | "女性" | "2" => Some(Sex::Female),
        "m" | "male" | "man" | "男" | "男性" | "1" => Some(Sex::Male),
        _ => None,
    }
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        _ => None,
    }
}

fn category(error: &serde_json::Error) -> &'static str {
    match error.classify() {
        serde_json::error::Category::Eof => "the end of the line",
        _ => "something else",
    }
}

/// The encoding that most files of a folder show for sure.
fn majority(folder: &Path) -> Option<&'static Encoding> {
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder).ok()?.flatten().filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_file())).map(|entry| entry.path()).collect();
    files.sort();
    let mut votes: BTreeMap<&'static str, (usize, &'static Encoding)> = BTreeMap::new();
    for path in files.iter().take(VOTERS * 4) {
        let mut bytes = Vec::new();
        if File::open(path).and_then(|file| file.take(VOTE_BYTES).read_to_end(&mut bytes)).is_err() || bytes.is_ascii() {
            continue;
        }
        if let Guess::Known(encoding, true) = guess(&bytes) {
            votes.entry(encoding.name()).or_insert((0, encoding)).0 += 1;
        }
        if votes.values().map(|vote| vote.0).sum::<usize>() >= VOTERS {
            break;
        }
    }
    let best = votes.values().max_by_key(|vote| vote.0)?;
    Some(best.1)
}

/// The parser, shared by the threads of a run.
pub type SharedParser = Arc<Parser>;
