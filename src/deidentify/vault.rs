//! Output that only one recipient can open, in the format of the tool age (<https://age-encryption.org/v1>): the mapping for
//! re-identification, and results on request. It is encrypted as it is written, so its size has no bound; what was not closed is
//! refused when it is opened. Built with the cargo feature `encrypt`; without it a recipient is refused before any work.

use std::io::{self, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use zeroize::Zeroizing;

use crate::error::{Error, Result};

#[cfg(feature = "encrypt")]
#[path = "vault/age.rs"]
mod format;
#[cfg(not(feature = "encrypt"))]
#[path = "vault/without.rs"]
mod format;

/// Who alone can open what is written (`age1…`).
#[derive(Clone)]
pub struct Recipient(format::Recipient);

impl std::str::FromStr for Recipient {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        format::recipient(text.trim()).map(Self)
    }
}

/// A writer that encrypts; its clones write to the same output.
#[derive(Clone)]
pub struct Sealed(Arc<Mutex<Option<format::Writer>>>);

impl Sealed {
    /// Encrypts to a recipient what is written from now on.
    ///
    /// # Errors
    /// Where the output cannot be written.
    pub fn new(out: Box<dyn Write + Send>, recipient: &Recipient) -> io::Result<Self> {
        Ok(Self(Arc::new(Mutex::new(Some(format::writer(out, &recipient.0)?)))))
    }

    /// Writes the end, without which nobody can open it. Later calls do nothing.
    ///
    /// # Errors
    /// Where the output cannot be written.
    pub fn close(&self) -> io::Result<()> {
        let taken = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        taken.map_or(Ok(()), format::close)
    }

    fn with<T>(&self, work: impl FnOnce(&mut format::Writer) -> io::Result<T>) -> io::Result<T> {
        match self.0.lock().unwrap_or_else(PoisonError::into_inner).as_mut() {
            Some(writer) => work(writer),
            None => Err(io::Error::other("encrypted output: expected it open, found it closed")),
        }
    }
}

impl Write for Sealed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.with(|writer| writer.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.with(Write::flush)
    }
}

/// Decrypts with the identity in a file that only its owner can read; the whole is opened before a byte is given back.
///
/// # Errors
/// Where the identity is not one, does not fit, or others can read its file; or the vault is damaged or was never closed.
pub fn open(sealed: &[u8], identity: &Path) -> Result<Zeroizing<Vec<u8>>> {
    super::key::owner_only(identity)?;
    let file = Zeroizing::new(std::fs::read_to_string(identity).map_err(|error| Error::io(identity, error))?);
    format::open(sealed, &file, identity)
}
