//! CSV that a spreadsheet does not spoil: every text cell is quoted, so that no code becomes a date or a number, and a cell that a
//! spreadsheet would take for a formula begins with an apostrophe. Line ends are LF, numbers have a point.

use std::io::{self, Write};

use super::RecordWriter;
use super::table::{Cells, Rows};
use crate::record::Record;

/// The byte order mark that some spreadsheets want before UTF-8.
pub const BOM: &[u8] = b"\xEF\xBB\xBF";

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
}

impl Cells for Row {
    fn text(&mut self, text: &str) {
        self.separate();
        if text.is_empty() {
            return;
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
    }

    fn number(&mut self, number: Option<f64>) {
        self.separate();
        if let Some(number) = number.filter(|number| number.is_finite()) {
            self.bytes.extend_from_slice(shortest(number).as_bytes());
        }
    }

    fn count(&mut self, count: usize) {
        self.separate();
        self.bytes.extend_from_slice(count.to_string().as_bytes());
    }

    fn end(&mut self) {
        self.bytes.push(b'\n');
        self.begun = false;
    }
}

/// The shortest form that reads back the same; whole numbers without a point.
fn shortest(number: f64) -> String {
    if number == number.trunc() && number.abs() < 1e15 { format!("{number:.0}") } else { serde_json::json!(number).to_string() }
}

/// The header of a table as bytes, after a byte order mark if asked for.
pub fn header(rows: &dyn Rows, bom: bool) -> Vec<u8> {
    let mut row = Row::default();
    if bom {
        row.bytes.extend_from_slice(BOM);
    }
    for (name, _) in rows.columns() {
        row.text(name);
    }
    row.end();
    row.bytes
}

/// The rows of a record as bytes.
pub fn rows(rows: &dyn Rows, record: &Record) -> Vec<u8> {
    let mut row = Row::default();
    rows.rows(record, &mut row);
    row.bytes
}

/// Writes one or more tables, each to an output of its own.
pub struct Csv<W> {
    tables: Vec<(W, &'static dyn Rows)>,
}

impl<W: Write> Csv<W> {
    /// A writer of tables; the headers are written at once, after a byte order mark if asked for.
    ///
    /// # Errors
    /// What an output says.
    pub fn new(mut tables: Vec<(W, &'static dyn Rows)>, bom: bool) -> io::Result<Self> {
        for (out, table) in &mut tables {
            out.write_all(&header(*table, bom))?;
        }
        Ok(Self { tables })
    }
}

impl<W: Write + Send> RecordWriter for Csv<W> {
    fn write(&mut self, record: &Record) -> io::Result<()> {
        self.tables.iter_mut().try_for_each(|(out, table)| out.write_all(&rows(*table, record)))
    }
    fn finish(&mut self) -> io::Result<()> {
        self.tables.iter_mut().try_for_each(|(out, _)| out.flush())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_disarmed_quotes_doubled_and_missing_numbers_empty() {
        let mut row = Row::default();
        row.text("=1+1");
        row.text("a \"b\"");
        row.number(None);
        row.number(Some(84.0));
        row.number(Some(0.1));
        row.text("718-7");
        row.text("");
        row.end();
        assert_eq!(String::from_utf8(row.bytes).unwrap(), "\"'=1+1\",\"a \"\"b\"\"\",,84,0.1,\"718-7\",\n");
    }
}
