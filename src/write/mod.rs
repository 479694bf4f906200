//! Records written out, one format a file, behind one small trait.

mod brat;
pub mod card;
pub mod card_several;
mod csv;
mod fhir;
mod folder;
mod html;
mod jsonl;
mod omop;
#[cfg(feature = "parquet")]
mod parquet;
mod table;

pub use brat::Brat;
pub use csv::{Csv, Row, header as csv_header, rows as csv_rows};
pub use fhir::Fhir;
pub use folder::create;
pub use html::{name as page_name, page, report};
pub use jsonl::Jsonl;
pub use omop::Omop;
#[cfg(feature = "parquet")]
pub use parquet::Parquet;
pub use table::{Cells, Column, FindingRows, Kind, LabRows, Rows, SummaryRows, TABLES};

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
