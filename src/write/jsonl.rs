//! JSON Lines: a record a line, UTF-8, numbers as short as they read back the same.

use std::io::{self, Write};

use super::RecordWriter;
use crate::record::Record;

/// Writes JSON Lines.
#[derive(Debug)]
pub struct Jsonl<W> {
    out: W,
}

impl<W: Write> Jsonl<W> {
    /// A writer to `out`.
    pub const fn new(out: W) -> Self {
        Self { out }
    }
}

impl<W: Write + Send> RecordWriter for Jsonl<W> {
    fn write(&mut self, record: &Record) -> io::Result<()> {
        serde_json::to_writer(&mut self.out, record)?;
        self.out.write_all(b"\n")
    }
    fn finish(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
