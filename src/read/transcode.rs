//! Any encoding as UTF-8, as a stream: lines, rows and JSON can only be cut in an encoding whose line ends are single bytes.

use std::io::{self, BufRead, BufReader, Cursor, Read};

use encoding_rs::{Encoding, UTF_8};

use crate::decode::{Guess, guess};

/// Bytes looked at to tell the encoding.
pub(super) const SNIFF: usize = 64 * 1024;

/// A reader of UTF-8 over a reader of the encoding given, or of the one its start shows; `None` where that is no text.
pub(super) fn as_utf8(mut reader: Box<dyn BufRead + Send>, forced: Option<&'static Encoding>) -> io::Result<Option<Box<dyn BufRead + Send>>> {
    let mut start = Vec::with_capacity(SNIFF);
    reader.by_ref().take(SNIFF as u64).read_to_end(&mut start)?;
    let encoding: &'static Encoding = match forced {
        Some(encoding) => encoding,
        None => match guess(&start) {
            Guess::Known(encoding, _) => encoding,
            Guess::Binary => return Ok(None),
        },
    };
    let body = match Encoding::for_bom(&start) {
        Some((marked, length)) if marked == encoding => start.split_off(length),
        _ => start,
    };
    let whole = Cursor::new(body).chain(reader);
    Ok(Some(if encoding == UTF_8 { Box::new(whole) } else { Box::new(BufReader::with_capacity(SNIFF, Transcoder::new(whole, encoding))) }))
}

/// Reads an encoding as UTF-8. A byte the encoding does not have becomes U+FFFD, which the parser then refuses with its line.
struct Transcoder<R> {
    reader: R,
    decoder: encoding_rs::Decoder,
    out: Vec<u8>,
    at: usize,
    done: bool,
}

impl<R: BufRead> Transcoder<R> {
    fn new(reader: R, encoding: &'static Encoding) -> Self {
        Self { reader, decoder: encoding.new_decoder_without_bom_handling(), out: Vec::new(), at: 0, done: false }
    }
}

impl<R: BufRead> Read for Transcoder<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.at == self.out.len() && !self.done {
            let input = self.reader.fill_buf()?;
            self.done = input.is_empty();
            let length = input.len();
            self.out.resize(self.decoder.max_utf8_buffer_length(length).unwrap_or(length * 3 + 16), 0);
            let (_, _, written, _) = self.decoder.decode_to_utf8(input, &mut self.out, self.done);
            self.out.truncate(written);
            self.at = 0;
            self.reader.consume(length);
        }
        let count = buffer.len().min(self.out.len() - self.at);
        buffer[..count].copy_from_slice(&self.out[self.at..self.at + count]);
        self.at += count;
        Ok(count)
    }
}
