//! JSON Lines: a record a line, UTF-8, numbers as short as they read back the same.

use std::io::{self, Write};

use super::{RecordWriter, json};
use crate::record::Record;

/// Writes JSON Lines.
#[derive(Debug)]
pub struct Jsonl<W> {
    out: W,
    line: Vec<u8>,
}

impl<W: Write> Jsonl<W> {
    /// A writer to `out`.
    pub const fn new(out: W) -> Self {
        Self { out, line: Vec::new() }
    }
}

impl<W: Write + Send> RecordWriter for Jsonl<W> {
    fn write(&mut self, record: &Record) -> io::Result<()> {
        self.line.clear();
        json::append(&mut self.line, record)?;
        self.line.push(b'\n');
        self.out.write_all(&self.line)
    }
    fn finish(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
