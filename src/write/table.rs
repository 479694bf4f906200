//! Records as flat tables: the columns of each table with their kinds, and the cells of a record one after the other. CSV and Parquet
//! write the same tables, so that a column means the same in both.

mod findings;
mod labs;
mod summary;

pub use findings::FindingRows;
pub use labs::LabRows;
pub use summary::SummaryRows;

use crate::record::Record;

/// What the cells of a column hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text.
    Text,
    /// A number, perhaps with a fraction.
    Number,
    /// A whole number that is always there.
    Count,
}

/// A column: its name and what its cells hold.
pub type Column = (&'static str, Kind);

/// A table of records: its columns, and some rows a record.
pub trait Rows: Send + Sync {
    /// The columns in their order.
    fn columns(&self) -> &'static [Column];
    /// Adds the rows of a record, a cell a column and an end after each row.
    fn rows(&self, record: &Record, out: &mut dyn Cells);
}

/// Where cells go.
pub trait Cells {
    /// A cell of text; empty where nothing is known.
    fn text(&mut self, text: &str);
    /// A cell with a number; a missing one is empty, never 0.
    fn number(&mut self, number: Option<f64>);
    /// A cell with a count.
    fn count(&mut self, count: usize);
    /// Ends the row.
    fn end(&mut self);
    /// A cell of text that may be missing.
    fn option(&mut self, text: Option<&str>) {
        self.text(text.unwrap_or(""));
    }
}

/// The three tables of a record, with the names of their files.
pub const TABLES: [(&str, &dyn Rows); 3] = [("labs", &LabRows), ("findings", &FindingRows), ("summary", &SummaryRows)];
