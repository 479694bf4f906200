//! JSON Lines: a record a line, UTF-8, numbers as short as they read back the same.

use std::io::{self, Write};

use super::RecordWriter;
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
        // A serializer writes a few bytes at a time: they are gathered, and written at once.
        self.line.clear();
        serde_json::to_writer(&mut self.line, record)?;
        self.line.push(b'\n');
        self.out.write_all(&self.line)
    }
    fn finish(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
