//! CSV that a spreadsheet does not spoil: every text cell is quoted, so that no code becomes a date or a number, and a cell that a
//! spreadsheet would take for a formula begins with an apostrophe. Line ends are LF, numbers have a point.

mod findings;
mod labs;
mod summary;

pub use findings::FindingRows;
pub use labs::LabRows;
pub use summary::SummaryRows;

use std::io::{self, Write};

use super::RecordWriter;
use crate::record::Record;

/// The byte order mark that some spreadsheets want before UTF-8.
pub const BOM: &[u8] = b"\xEF\xBB\xBF";

/// A table of records: a header, and some rows a record.
pub trait Rows: Send {
    /// The names of the columns.
    fn header(&self) -> &'static [&'static str];
    /// Adds the rows of a record.
    fn rows(&self, record: &Record, out: &mut Row);
}

/// Rows being written into a buffer.
#[derive(Debug, Default)]
pub struct Row {
    /// Whole rows so far.
    pub bytes: Vec<u8>,
    begun: bool,
}

impl Row {
    fn separate(&mut self) {
        if self.begun {
            self.bytes.push(b',');
        }
        self.begun = true;
    }

    /// A cell of text; an empty one stays empty.
    pub fn text(&mut self, text: &str) -> &mut Self {
        self.separate();
        if text.is_empty() {
            return self;
        }
        self.bytes.push(b'"');
        if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
            self.bytes.push(b'\'');
        }
        for part in text.split_inclusive('"') {
            self.bytes.extend_from_slice(part.as_bytes());
            if part.ends_with('"') {
                self.bytes.push(b'"');
            }
        }
        self.bytes.push(b'"');
        self
    }

    /// A cell of text that may be missing.
    pub fn option(&mut self, text: Option<&str>) -> &mut Self {
        self.text(text.unwrap_or(""))
    }

    /// A cell with a number; a missing one is empty, never 0.
    pub fn number(&mut self, number: Option<f64>) -> &mut Self {
        self.separate();
        if let Some(number) = number.filter(|number| number.is_finite()) {
            // serde_json prints the shortest form that reads back the same; whole numbers need no point.
            let form = if number == number.trunc() && number.abs() < 1e15 { format!("{number:.0}") } else { serde_json::json!(number).to_string() };
            self.bytes.extend_from_slice(form.as_bytes());
        }
        self
    }

    /// A cell with a count.
    pub fn count(&mut self, count: usize) -> &mut Self {
        self.separate();
        self.bytes.extend_from_slice(count.to_string().as_bytes());
        self
    }

    /// Ends the row.
    pub fn end(&mut self) {
        self.bytes.push(b'\n');
        self.begun = false;
    }
}

/// The header of a table as bytes, after a byte order mark if asked for.
pub fn header(rows: &dyn Rows, bom: bool) -> Vec<u8> {
    let mut row = Row::default();
    if bom {
        row.bytes.extend_from_slice(BOM);
    }
    for name in rows.header() {
        row.text(name);
    }
    row.end();
    row.bytes
}

/// Writes one table.
pub struct Csv<W, R> {
    out: W,
    rows: R,
    row: Row,
}

impl<W: Write, R: Rows> Csv<W, R> {
    /// A writer of `rows` to `out`; the header is written at once, after a byte order mark if asked for.
    ///
    /// # Errors
    /// What the output says.
    pub fn new(mut out: W, rows: R, bom: bool) -> io::Result<Self> {
        out.write_all(&header(&rows, bom))?;
        Ok(Self { out, rows, row: Row::default() })
    }
}

impl<W: Write + Send, R: Rows> RecordWriter for Csv<W, R> {
    fn write(&mut self, record: &Record) -> io::Result<()> {
        self.row.bytes.clear();
        self.rows.rows(record, &mut self.row);
        self.out.write_all(&self.row.bytes)
    }
    fn finish(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_disarmed_quotes_doubled_and_missing_numbers_empty() {
        let mut row = Row::default();
        row.text("=1+1").text("a \"b\"").number(None).number(Some(84.0)).number(Some(0.1)).text("718-7").text("").end();
        assert_eq!(String::from_utf8(row.bytes).unwrap(), "\"'=1+1\",\"a \"\"b\"\"\",,84,0.1,\"718-7\",\n");
    }
}
