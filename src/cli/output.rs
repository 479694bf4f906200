//! Where results go: standard output or a file, buffered; a closed pipe is not an error.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use anyhow::Context;

use crate::deidentify::vault::{Recipient, Sealed};

/// The output named, or standard output.
pub fn open(path: Option<&Path>) -> anyhow::Result<Box<dyn Write + Send>> {
    Ok(match path {
        Some(path) if path.as_os_str() != "-" => Box::new(BufWriter::with_capacity(1 << 18, private(path)?)),
        _ => Box::new(BufWriter::with_capacity(1 << 16, io::stdout())),
    })
}

/// Who alone can open what is written, from what was typed.
///
/// # Errors
/// Where it is no recipient, or the program was built without encryption.
pub fn recipient(text: Option<&str>) -> anyhow::Result<Option<Recipient>> {
    Ok(text.map(str::parse).transpose()?)
}

/// The output named, or standard output, encrypted where there is a recipient. The seal is closed after the last flush.
///
/// # Errors
/// Where it cannot be written.
pub fn sealed(path: Option<&Path>, recipient: Option<&Recipient>) -> anyhow::Result<(Box<dyn Write + Send>, Seal)> {
    let out = open(path)?;
    let Some(recipient) = recipient else { return Ok((out, Seal::none())) };
    let sealed = Sealed::new(out, recipient)?;
    Ok((Box::new(BufWriter::with_capacity(1 << 16, sealed.clone())), Seal(Some(sealed))))
}

/// What ends an encrypted output; of another there is nothing to end.
pub struct Seal(Option<Sealed>);

impl Seal {
    /// Of an output that is not encrypted.
    pub const fn none() -> Self {
        Self(None)
    }

    /// Ends the output.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn close(&self) -> io::Result<()> {
        self.0.as_ref().map_or(Ok(()), Sealed::close)
    }
}

/// A new file that only its owner can read: it may hold what identifies someone.
pub fn private(path: &Path) -> anyhow::Result<File> {
    let mut options = File::options();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).with_context(|| format!("{}: cannot be written", path.display()))
}

/// Whether an error only says that nobody reads our output any more.
pub fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| cause.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe))
}
