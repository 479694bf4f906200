//! Rows of a CSV or TSV table with a header. A row that does not fit the header fails alone; quotes may hold line breaks.

use std::io::{self, BufRead, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::{Content, Failure, Format, Inputs, Raw};
use crate::error::FailureKind;

/// A table being read.
pub(super) struct Table {
    name: String,
    source: String,
    header: Arc<Vec<String>>,
    rows: csv::Reader<Bounded>,
    /// Bytes read since the last row began.
    row_bytes: Arc<AtomicUsize>,
    limit: usize,
    stopped: bool,
}

/// A reader that gives up where one row goes on for longer than any row may: a quote that is never closed would hold the whole file.
struct Bounded {
    reader: Box<dyn BufRead + Send>,
    row_bytes: Arc<AtomicUsize>,
    limit: usize,
}

impl Read for Bounded {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.reader.read(buffer)?;
        if self.row_bytes.fetch_add(count, Ordering::Relaxed) > self.limit {
            return Err(io::Error::from(io::ErrorKind::FileTooLarge));
        }
        Ok(count)
    }
}

impl Table {
    /// Reads the header and checks that it has the text field.
    pub(super) fn new(reader: Box<dyn BufRead + Send>, format: Format, name: &str, source: &str, inputs: &Inputs) -> Result<Self, Failure> {
        let delimiter = if format == Format::Tsv { b'\t' } else { b',' };
        let row_bytes = Arc::new(AtomicUsize::new(0));
        // Quotes inside a cell are doubled, and the table is read ahead by a buffer.
        let bounded = Bounded { reader, row_bytes: Arc::clone(&row_bytes), limit: inputs.max_report_bytes.saturating_mul(2).saturating_add(1 << 16) };
        let mut rows = csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(bounded);
        let header = rows.headers().map_err(|error| Failure::new(name, source, FailureKind::Malformed, describe(&error)))?.clone();
        let header: Vec<String> = header.iter().map(|cell| cell.trim().to_string()).collect();
        expect_text(&header, &inputs.fields.text).map_err(|what| Failure::new(name, source, FailureKind::Malformed, what))?;
        Ok(Self { name: name.into(), source: source.into(), header: Arc::new(header), rows, row_bytes, limit: inputs.max_report_bytes, stopped: false })
    }

    /// The next row.
    pub(super) fn next_row(&mut self) -> Option<Result<Raw, Failure>> {
        if self.stopped {
            return None;
        }
        let mut row = csv::StringRecord::new();
        self.row_bytes.store(0, Ordering::Relaxed);
        let result = self.rows.read_record(&mut row);
        let line = match &result {
            Ok(false) => return None,
            Ok(true) => row.position().map_or(0, csv::Position::line),
            Err(error) => error.position().map_or(0, csv::Position::line),
        };
        let id = format!("{}#{line}", self.name);
        let place = format!("{}:{line}", self.source);
        if let Err(error) = result {
            self.stopped = matches!(error.kind(), csv::ErrorKind::Io(_));
            let kind = match error.kind() {
                csv::ErrorKind::Io(error) if error.kind() == io::ErrorKind::FileTooLarge => FailureKind::TooLarge,
                csv::ErrorKind::Io(error) if error.kind() == io::ErrorKind::QuotaExceeded => FailureKind::Limit,
                csv::ErrorKind::Io(_) => FailureKind::Damaged,
                _ => FailureKind::Malformed,
            };
            return Some(Err(Failure::new(id, place, kind, describe(&error))));
        }
        if row.len() != self.header.len() {
            let what = format!("expected {} cells, found {}", self.header.len(), row.len());
            return Some(Err(Failure::new(id, place, FailureKind::Malformed, what)));
        }
        if row.as_slice().len() > self.limit {
            let what = format!("expected at most {} bytes a row, found {}", self.limit, row.as_slice().len());
            return Some(Err(Failure::new(id, place, FailureKind::TooLarge, what)));
        }
        let cells = row.iter().map(str::to_string).collect();
        Some(Ok(Raw { id, source: place, content: Content::Row(Arc::clone(&self.header), cells) }))
    }
}

/// Whether a header has the column of the text.
pub(super) fn expect_text(header: &[String], text: &str) -> Result<(), String> {
    if header.iter().any(|name| name == text) {
        return Ok(());
    }
    let found = header.len();
    Err(format!(
        "expected a header with the column `{text}`, found {found} column{} without it; is the delimiter right? (--text names the column, --input-format csv or tsv the delimiter)",
        if found == 1 { "" } else { "s" }
    ))
}

/// What is wrong with a table, without its text.
fn describe(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::Io(error) if error.kind() == io::ErrorKind::FileTooLarge => {
            "expected the end of a row, found more bytes than a report may have; is a quote left open? the rest of the table is left out".into()
        }
        csv::ErrorKind::Io(error) => format!("expected more rows, found: {error}"),
        csv::ErrorKind::Utf8 { .. } => "expected UTF-8, found other bytes".into(),
        _ => "expected a row of the table, found something else".into(),
    }
}
