//! A piece of input as documents: decoding, JSON, table cells. Runs on any thread; the same piece always gives the same documents.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use encoding_rs::Encoding;
use serde_json::{Map, Value};

use super::{Content, Failure, Fields, Held, MAX_REPORT_BYTES, Raw, docx, fhir, markup, message, pdf};
use crate::decode::{Decoded, Guess, decode, guess, name};
use crate::document::{Document, Meta, Sex, Status};
use crate::error::FailureKind;

/// Files of a folder looked at for its majority encoding, and bytes of each.
const VOTERS: usize = 64;
const VOTE_BYTES: u64 = 16 * 1024;

/// Why a document could not be read.
type Failed = (FailureKind, String);

/// Turns pieces into documents.
#[derive(Debug)]
pub struct Parser {
    fields: Fields,
    encoding: Option<&'static Encoding>,
    limit: usize,
    majorities: Mutex<BTreeMap<PathBuf, Option<&'static Encoding>>>,
}

impl Parser {
    /// A parser of records with these fields, in one encoding or in whatever the bytes show.
    pub const fn new(fields: Fields, encoding: Option<&'static Encoding>) -> Self {
        Self { fields, encoding, limit: MAX_REPORT_BYTES, majorities: Mutex::new(BTreeMap::new()) }
    }

    /// With another limit on the text of a report.
    #[must_use]
    pub const fn with_limit(mut self, bytes: usize) -> Self {
        self.limit = bytes;
        self
    }

    /// The documents of a piece.
    pub fn parse(&self, raw: Raw) -> Vec<Result<Document, Failure>> {
        let Raw { id, source, content } = raw;
        let documents = match content {
            Content::Text(bytes, folder) => vec![self.text(id, source, &bytes, folder.as_deref())],
            Content::Json(value) => self.json(id, source, &value),
            Content::Value(value) => self.json(id, source, &value).into_iter().map(|document| document.and_then(|document| self.within(document))).collect(),
            Content::Row(header, cells) => vec![self.row(id, source, &header, &cells)],
            Content::Message(bytes) => message::documents(&bytes, &id, &source, self.encoding, &|kind, bytes| self.attachment(kind, bytes)),
            Content::Html(bytes) => vec![self.whole(id, source, || self.page(&bytes))],
            Content::Xml(bytes) => vec![self.whole(id, source, || {
                let (text, encoding) = self.decoded(&bytes)?;
                Ok((markup::xml(&text).map_err(|what| (FailureKind::Malformed, what))?, encoding))
            })],
            Content::Docx(held) => vec![self.whole(id, source, || Ok((docx::text(&held, self.limit)?, "utf-8".into())))],
            Content::Pdf(held) => vec![self.whole(id, source, || Ok((pdf::text(&held, self.limit)?, "utf-8".into())))],
        };
        documents.into_iter().map(|document| document.map(|document| self.join(document))).collect()
    }

    /// A document, where its text is within the limit.
    fn within(&self, document: Document) -> Result<Document, Failure> {
        if document.text.len() <= self.limit {
            return Ok(document);
        }
        let what = format!("expected at most {} bytes a report, found {}", self.limit, document.text.len());
        Err(Failure::new(document.id, document.source, FailureKind::TooLarge, what))
    }

    /// A document whose text another format holds.
    fn whole(&self, id: String, source: String, read: impl FnOnce() -> Result<(String, String), Failed>) -> Result<Document, Failure> {
        let (text, encoding) = read().map_err(|(kind, what)| Failure::new(&id, &source, kind, what))?;
        if text.trim().is_empty() {
            return Err(Failure::new(id, source, FailureKind::Empty, "expected a report, found a document without text"));
        }
        Ok(Document { id, source, text, encoding, ..Document::default() })
    }

    /// Bytes of a page or of XML, in the encoding given, declared, or shown.
    fn decoded(&self, bytes: &[u8]) -> Result<(String, String), Failed> {
        let encoding = self.encoding.or_else(|| markup::declared(bytes));
        let decoded = match decode(bytes, encoding) {
            // A page that was saved anew may declare what it was.
            Err(_) if self.encoding.is_none() && std::str::from_utf8(bytes).is_ok() => decode(bytes, None),
            decoded => decoded,
        };
        decoded.map(|decoded| (decoded.text, name(decoded.encoding))).map_err(|error| (error.kind, error.what))
    }

    fn page(&self, bytes: &[u8]) -> Result<(String, String), Failed> {
        let (text, encoding) = self.decoded(bytes)?;
        Ok((markup::html(&text), encoding))
    }

    /// The text of a document that a message carries, by its type.
    fn attachment(&self, kind: &str, bytes: &[u8]) -> Result<String, Failed> {
        if bytes.starts_with(b"%PDF-") {
            return pdf::text(&Held::Memory(bytes.into()), self.limit);
        }
        if bytes.starts_with(b"PK\x03\x04") {
            return docx::text(&Held::Memory(bytes.into()), self.limit);
        }
        if kind.contains("html") {
            return self.page(bytes).map(|(text, _)| text);
        }
        if kind.contains("rtf") || bytes.starts_with(b"{\\rtf") {
            return Err((FailureKind::Unsupported, "expected an attachment that is read here, found one of Rich Text Format".into()));
        }
        if kind.contains("image") {
            return Err((FailureKind::NoText, "expected a text, found a picture".into()));
        }
        decode(bytes, None).map(|decoded| decoded.text).map_err(|error| (error.kind, error.what))
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

    fn json(&self, id: String, source: String, value: &[u8]) -> Vec<Result<Document, Failure>> {
        let malformed = |what: String| vec![Err(Failure::new(&id, &source, FailureKind::Malformed, what))];
        let text = match std::str::from_utf8(value) {
            Ok(text) => text,
            Err(error) => {
                let what = format!("byte {}: expected UTF-8, found another byte", error.valid_up_to());
                return vec![Err(Failure::new(id, source, FailureKind::Undecodable, what))];
            }
        };
        let value: Value = match serde_json::from_str(text) {
            Ok(value) => value,
            Err(error) if error.line() > 1 => {
                return malformed(format!("line {}, column {}: expected JSON, found {}", error.line(), error.column(), category(&error)));
            }
            Err(error) => return malformed(format!("column {}: expected JSON, found {}", error.column(), category(&error))),
        };
        match value {
            Value::Object(object) => self.object(id, source, object),
            // Several records, where the file is no JSON Lines.
            Value::Array(values) if values.first().is_some_and(Value::is_object) => {
                let place = |name: &str, index: usize| format!("{name}#{}", index + 1);
                let one = |(index, value): (usize, Value)| match value {
                    Value::Object(object) => self.object(place(&id, index), place(&source, index), object),
                    _ => {
                        vec![Err(Failure::new(place(&id, index), place(&source, index), FailureKind::Malformed, "expected a JSON object, found another value"))]
                    }
                };
                values.into_iter().enumerate().flat_map(one).collect()
            }
            _ => malformed("expected a JSON object, found another value".into()),
        }
    }

    /// A record, or a resource of FHIR.
    fn object(&self, id: String, source: String, mut object: Map<String, Value>) -> Vec<Result<Document, Failure>> {
        if object.get("resourceType").is_some_and(Value::is_string) && !object.get(&self.fields.text).is_some_and(Value::is_string) {
            return fhir::documents(&object, &id, &source, &|kind, bytes| self.attachment(kind, bytes));
        }
        let id = object.get(&self.fields.id).and_then(scalar).unwrap_or(id);
        let field = &self.fields.text;
        let what = match object.remove(field) {
            Some(Value::String(text)) => {
                let cell = |key: &str| object.get(key).and_then(scalar);
                return vec![self.document(id, source, text, &cell)];
            }
            Some(Value::Null) | None => format!("expected a field `{field}` with text, found none"),
            Some(_) => format!("expected text in the field `{field}`, found another value"),
        };
        vec![Err(Failure::new(id, source, FailureKind::NoText, what))]
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
        if self.encoding.is_some() && text.contains('\u{FFFD}') {
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
        status: first(&["status", "report_status"]).and_then(|value| status(&value)),
        identifiers: first(&["name", "patient_name"]).into_iter().collect(),
    }
}

/// Status as records of this program and tables write it.
fn status(value: &str) -> Option<Status> {
    Some(match value.trim().to_lowercase().as_str() {
        "preliminary" => Status::Preliminary,
        "final" => Status::Final,
        "amended" | "corrected" => Status::Amended,
        "addendum" | "appended" => Status::Addendum,
        _ => return None,
    })
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
        // A list of single values, as of labels.
        Value::Array(values) => {
            values.iter().map(|value| if value.is_array() { None } else { scalar(value) }).collect::<Option<Vec<_>>>().map(|all| all.join("; "))
        }
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
