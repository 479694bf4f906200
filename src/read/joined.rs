//! A table beside the reports: its first column is an id, its other columns join the report of that id.

use std::collections::HashMap;
use std::path::Path;

/// Columns by id.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct JoinedColumns {
    header: Vec<String>,
    rows: HashMap<String, Vec<String>>,
}

impl JoinedColumns {
    /// Reads a CSV, or a TSV where the file's name ends so.
    ///
    /// # Errors
    /// What is wrong with the table, and in which line.
    pub fn read(path: &Path) -> Result<Self, String> {
        let tabs = path.extension().is_some_and(|kind| kind == "tsv");
        let mut table = csv::ReaderBuilder::new().delimiter(if tabs { b'\t' } else { b',' }).from_path(path).map_err(|error| error.to_string())?;
        let header: Vec<String> = table.headers().map_err(|error| error.to_string())?.iter().skip(1).map(str::to_string).collect();
        let mut rows = HashMap::new();
        for (index, row) in table.records().enumerate() {
            let line = index + 2;
            let row = row.map_err(|_| format!("line {line}; expected {} cells, found another number", header.len() + 1))?;
            let mut cells = row.iter().map(str::to_string);
            let id = cells.next().unwrap_or_default();
            if rows.insert(id, cells.collect()).is_some() {
                return Err(format!("line {line}; expected an id once, found it again"));
            }
        }
        Ok(Self { header, rows })
    }

    /// The value of a column for an id; empty cells are no value.
    pub fn get(&self, id: &str, column: &str) -> Option<&str> {
        let index = self.header.iter().position(|name| name == column)?;
        self.rows.get(id)?.get(index).map(String::as_str).filter(|value| !value.trim().is_empty())
    }
}
