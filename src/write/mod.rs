//! Records written out, one format a file, behind one small trait.

pub mod card;
mod csv;
mod html;
mod jsonl;

pub use csv::{Csv, FindingRows, LabRows, Row, Rows, SummaryRows, header as csv_header};
pub use html::{page, report};
pub use jsonl::Jsonl;

use std::io;

use crate::record::Record;

/// Writes records in the order they come.
pub trait RecordWriter: Send {
    /// Writes one record.
    ///
    /// # Errors
    /// What the output says, as for a full disk or a closed pipe.
    fn write(&mut self, record: &Record) -> io::Result<()>;
    /// Writes what stands at the end and flushes.
    ///
    /// # Errors
    /// What the output says.
    fn finish(&mut self) -> io::Result<()>;
}
