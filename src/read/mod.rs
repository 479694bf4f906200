//! Inputs as a stream of reports: files, folders, archives, standard input; one format a file of this module.
//!
//! [`Inputs::open`] walks and cuts the inputs into [`Raw`] pieces on one thread, in order and holding one piece at a time;
//! [`parse::Parser`] turns a piece into [`crate::document::Document`]s on any thread. A piece that cannot be read becomes a [`Failure`]
//! and the stream goes on. No report larger than the limit is ever held, and no archive is.

mod archive;
mod base64;
mod budget;
mod docx;
mod fhir;
mod format;
mod joined;
mod layout;
mod lines;
mod markup;
mod message;
mod messages;
pub mod parse;
mod pdf;
mod sheet;
mod source;
mod table;
mod transcode;
mod typeset;

pub use archive::Held;
pub use format::Format;
pub use joined::JoinedColumns;
pub use lines::{Line, Lines};
pub use source::Stream;

use std::path::PathBuf;
use std::sync::Arc;

use encoding_rs::Encoding;
use serde::Serialize;

use crate::error::FailureKind;

/// Default limit on the bytes of one report: 16 MB.
pub const MAX_REPORT_BYTES: usize = 16_000_000;

/// What to read and how.
#[derive(Debug, Clone)]
pub struct Inputs {
    /// Files and folders; `-` or none is standard input.
    pub paths: Vec<PathBuf>,
    /// The format, where the extension does not say or must not.
    pub format: Option<Format>,
    /// The encoding, where detection must not decide.
    pub encoding: Option<&'static Encoding>,
    /// Names of the fields of records.
    pub fields: Fields,
    /// Larger reports are refused.
    pub max_report_bytes: usize,
}

/// Names of the fields of records (JSON keys or table columns).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fields {
    /// The id of a report.
    pub id: String,
    /// Its text.
    pub text: String,
    /// Further fields that travel with the document.
    pub columns: Vec<String>,
    /// A table whose columns join by id.
    pub table: Option<Arc<JoinedColumns>>,
}

impl Default for Fields {
    fn default() -> Self {
        Self { id: "id".into(), text: "text".into(), columns: Vec::new(), table: None }
    }
}

/// One piece of input, not yet decoded or parsed.
#[derive(Debug, Clone)]
pub struct Raw {
    /// The id it has where it holds none of its own.
    pub id: String,
    /// Where it came from, for people.
    pub source: String,
    /// What it holds.
    pub content: Content,
}

/// What a piece of input holds.
#[derive(Debug, Clone)]
pub enum Content {
    /// The bytes of one report, and the folder whose majority decides an unsure encoding.
    Text(Vec<u8>, Option<Arc<PathBuf>>),
    /// One line of JSON, in UTF-8.
    Json(Vec<u8>),
    /// A JSON value that may hold several reports, in UTF-8.
    Value(Vec<u8>),
    /// A page.
    Html(Vec<u8>),
    /// XML.
    Xml(Vec<u8>),
    /// A text of Office Open XML.
    Docx(Held),
    /// PDF.
    Pdf(Held),
    /// A message of HL7 v2.
    Message(Vec<u8>),
    /// One row of a table: the header and the cells.
    Row(Arc<Vec<String>>, Vec<String>),
}

/// A report that failed, as written to `failures.jsonl`. Holds no report text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Failure {
    /// The id it would have had.
    pub id: String,
    /// Where it came from.
    pub source: String,
    /// What was expected and what was found.
    pub reason: String,
    /// What kind of failure.
    pub kind: FailureKind,
}

impl Failure {
    /// A failure of a report.
    pub fn new(id: impl Into<String>, source: impl Into<String>, kind: FailureKind, reason: impl Into<String>) -> Self {
        Self { id: id.into(), source: source.into(), reason: reason.into(), kind }
    }
}
