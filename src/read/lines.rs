//! Lines of a stream, of which none is held beyond the limit: a longer one is passed over and reported by its number.

use std::io::{BufRead, Result};

/// One line, without its end.
#[derive(Debug, PartialEq, Eq)]
pub enum Line {
    /// Its bytes.
    Whole(Vec<u8>),
    /// It was longer than the limit; it has been passed over.
    TooLong,
}

/// Reads lines.
#[derive(Debug)]
pub struct Lines<R> {
    reader: R,
    limit: usize,
    number: usize,
}

impl<R: BufRead> Lines<R> {
    /// Lines of a reader, each at most `limit` bytes.
    pub const fn new(reader: R, limit: usize) -> Self {
        Self { reader, limit, number: 0 }
    }

    /// The number of the last line read, from 1.
    pub const fn number(&self) -> usize {
        self.number
    }

    /// The next line; `None` at the end.
    ///
    /// # Errors
    /// What the reader says, as for a truncated gzip.
    pub fn next_line(&mut self) -> Result<Option<Line>> {
        let mut line = Vec::new();
        let mut too_long = false;
        let mut any = false;
        loop {
            let buffer = self.reader.fill_buf()?;
            if buffer.is_empty() {
                break;
            }
            any = true;
            let end = memchr::memchr(b'\n', buffer);
            let take = end.unwrap_or(buffer.len());
            too_long |= line.len() + take > self.limit;
            if too_long {
                line = Vec::new();
            } else {
                line.extend_from_slice(&buffer[..take]);
            }
            let used = take + usize::from(end.is_some());
            self.reader.consume(used);
            if end.is_some() {
                break;
            }
        }
        if !any {
            return Ok(None);
        }
        self.number += 1;
        if line.last() == Some(&b'\r') {
            line.pop();
        }
        Ok(Some(if too_long { Line::TooLong } else { Line::Whole(line) }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_line_is_passed_over_and_the_rest_is_read() {
        let mut lines = Lines::new(&b"one\r\n0123456789\ntwo"[..], 5);
        assert_eq!(lines.next_line().unwrap(), Some(Line::Whole(b"one".to_vec())));
        assert_eq!(lines.next_line().unwrap(), Some(Line::TooLong));
        assert_eq!(lines.next_line().unwrap(), Some(Line::Whole(b"two".to_vec())));
        assert_eq!(lines.next_line().unwrap(), None);
        assert_eq!(lines.number(), 3);
    }
}
