//! Limits on what archives and compressed files unfold to: so many times their own size, counted over all levels of nesting together.

use std::io::{self, BufRead, ErrorKind, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Containers within containers, a compressed file counted as one.
pub(super) const MAX_DEPTH: usize = 6;
/// What may unfold from anything.
const FREE: u64 = 64 * 1024 * 1024;
/// What may unfold from a byte beyond that.
const RATIO: u64 = 250;

/// What one outermost file may still unfold to.
#[derive(Debug, Default)]
pub(super) struct Budget {
    input: AtomicU64,
    output: AtomicU64,
}

impl Budget {
    /// The budget of a file of this size; 0 for a stream, whose bytes are counted as they come.
    pub(super) fn new(size: u64) -> Arc<Self> {
        Arc::new(Self { input: AtomicU64::new(size), output: AtomicU64::new(0) })
    }

    /// Whether nothing more may unfold.
    pub(super) fn is_spent(&self) -> bool {
        self.output.load(Ordering::Relaxed) > FREE.saturating_add(self.input.load(Ordering::Relaxed).saturating_mul(RATIO))
    }
}

/// The reason of a failure by a spent budget.
pub(super) fn reason() -> String {
    format!("expected an archive that unfolds to at most {RATIO} times its size, found more")
}

/// Counts the bytes of a stream as input.
pub(super) struct Counted<R>(pub R, pub Arc<Budget>);

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.0.read(buffer)?;
        self.1.input.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

/// Counts what unfolds, and ends where the budget does.
pub(super) struct Limited<R>(pub R, pub Arc<Budget>);

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.0.read(buffer)?;
        self.1.output.fetch_add(count as u64, Ordering::Relaxed);
        if self.1.is_spent() {
            return Err(io::Error::new(ErrorKind::QuotaExceeded, reason()));
        }
        Ok(count)
    }
}

/// Frames of Zstandard one after another.
pub(super) struct Frames<R: BufRead> {
    decoder: Option<ruzstd::decoding::StreamingDecoder<R, ruzstd::decoding::FrameDecoder>>,
    rest: Option<R>,
}

impl<R: BufRead> Frames<R> {
    pub(super) const fn new(reader: R) -> Self {
        Self { decoder: None, rest: Some(reader) }
    }
}

impl<R: BufRead> Read for Frames<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            if let Some(decoder) = &mut self.decoder {
                let count = decoder.read(buffer).map_err(|error| io::Error::new(ErrorKind::InvalidData, error.to_string()))?;
                if count > 0 || buffer.is_empty() {
                    return Ok(count);
                }
            }
            if let Some(done) = self.decoder.take() {
                self.rest = Some(done.into_inner());
            }
            let Some(mut reader) = self.rest.take() else { return Ok(0) };
            if reader.fill_buf()?.is_empty() {
                return Ok(0);
            }
            let decoder = ruzstd::decoding::StreamingDecoder::new(reader)
                .map_err(|_| io::Error::new(ErrorKind::InvalidData, "a frame of Zstandard that is damaged or needs too large a window"))?;
            self.decoder = Some(decoder);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_unfolds_beyond_the_budget_is_an_error_of_its_own_kind() {
        let budget = Budget::new(10);
        let mut reader = Limited(io::repeat(0).take(FREE * 2), Arc::clone(&budget));
        let error = io::copy(&mut reader, &mut io::sink()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::QuotaExceeded);
        assert!(budget.is_spent());
    }
}
