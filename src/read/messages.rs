//! HL7 v2 messages of a file, one at a time: segments end at a carriage return as the standard says, or at a line feed, or at both;
//! the segments of a batch around the messages are passed over. Each message begins with its own MSH.

use std::io::{BufRead, Read};

use super::{Content, Failure, Raw};
use crate::error::FailureKind;

/// Messages being read.
pub(super) struct Messages {
    reader: Box<dyn BufRead + Send>,
    id: String,
    source: String,
    /// The next message's first segment, with the number of its line.
    next: Option<(usize, Vec<u8>)>,
    line: usize,
    count: usize,
    ended: bool,
}

impl Messages {
    pub(super) fn new(reader: Box<dyn BufRead + Send>, id: String, source: String) -> Self {
        Self { reader, id, source, next: None, line: 0, count: 0, ended: false }
    }

    /// The next message.
    pub(super) fn next_message(&mut self, limit: usize) -> Option<Result<Raw, Failure>> {
        if self.ended {
            return None;
        }
        let (mut first, mut message) = self.next.take().unwrap_or((0, Vec::new()));
        let mut too_long = false;
        loop {
            let mut segment = Vec::new();
            match self.segment(&mut segment, limit) {
                Err(error) => {
                    self.ended = true;
                    let kind = if error.kind() == std::io::ErrorKind::QuotaExceeded { FailureKind::Limit } else { FailureKind::Damaged };
                    return Some(Err(self.fail(first.max(1), kind, format!("expected more segments, found: {error}"))));
                }
                Ok(false) => {
                    self.ended = true;
                    break;
                }
                Ok(true) => {}
            }
            let start = segment.iter().position(|byte| !matches!(byte, 0x0B | 0x1C | b' ')).unwrap_or(segment.len());
            let own = segment.get(start..).unwrap_or_default();
            if own.starts_with(b"MSH") {
                if !message.is_empty() || too_long {
                    self.next = Some((self.line, [own, b"\r"].concat()));
                    break;
                }
                first = self.line;
            } else if message.is_empty() {
                if own.is_empty() || [&b"FHS"[..], b"BHS", b"BTS", b"FTS"].iter().any(|name| own.starts_with(name)) {
                    continue;
                }
                first = first.max(self.line);
            }
            if message.len() + own.len() > limit {
                too_long = true;
                message = b"MSH".to_vec();
            } else if !too_long && ![&b"BTS|"[..], b"FTS|"].iter().any(|name| own.starts_with(name)) {
                message.extend_from_slice(own);
                message.push(b'\r');
            }
        }
        if message.is_empty() {
            return (self.count == 0).then(|| Err(self.fail(1, FailureKind::Malformed, "expected a message that begins with MSH, found none".into())));
        }
        self.count += 1;
        if too_long {
            return Some(Err(self.fail(first, FailureKind::TooLarge, format!("expected at most {limit} bytes a message, found more"))));
        }
        let only = self.ended && self.count == 1;
        let id = if only { self.id.clone() } else { format!("{}#{first}", self.id) };
        Some(Ok(Raw { id, source: format!("{}:{first}", self.source), content: Content::Message(message) }))
    }

    fn fail(&self, line: usize, kind: FailureKind, what: String) -> Failure {
        Failure::new(format!("{}#{line}", self.id), format!("{}:{line}", self.source), kind, what)
    }

    /// One segment without its end; whether there was any. Of one that is too long only so much is kept as shows it.
    fn segment(&mut self, segment: &mut Vec<u8>, limit: usize) -> std::io::Result<bool> {
        let mut any = false;
        loop {
            let buffer = self.reader.fill_buf()?;
            if buffer.is_empty() {
                break;
            }
            any = true;
            let end = memchr::memchr2(b'\r', b'\n', buffer);
            let take = end.unwrap_or(buffer.len());
            let room = (limit + 1).saturating_sub(segment.len()).min(take);
            segment.extend_from_slice(&buffer[..room]);
            let was = end.map(|end| buffer[end]);
            self.reader.consume(take + usize::from(end.is_some()));
            if let Some(end) = was {
                if end == b'\r' && self.reader.fill_buf()?.first() == Some(&b'\n') {
                    self.reader.by_ref().take(1).read_exact(&mut [0])?;
                }
                break;
            }
        }
        self.line += usize::from(any);
        Ok(any)
    }
}
