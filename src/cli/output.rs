//! Where results go: standard output or a file, buffered; a closed pipe is not an error.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

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
    let part = path.and_then(Part::of);
    let out = match &part {
        Some(part) => open(Some(&part.part)).with_context(|| format!("{}: cannot be written", part.path.display()))?,
        None => open(path)?,
    };
    let Some(recipient) = recipient else { return Ok((out, Seal { sealed: None, part })) };
    let sealed = Sealed::new(out, recipient)?;
    Ok((Box::new(BufWriter::with_capacity(1 << 16, sealed.clone())), Seal { sealed: Some(sealed), part }))
}

/// What ends an output: an encrypted one is closed, and a file gets its name. Without it the file is as it was before.
pub struct Seal {
    sealed: Option<Sealed>,
    part: Option<Part>,
}

/// A file that grows under another name, so that it appears whole or not at all. Dropped before it has its name, it is removed.
struct Part {
    path: PathBuf,
    part: PathBuf,
}

impl Part {
    /// Of a path that is a file or nothing yet; what else there is (a device, a pipe, a link) is written to directly.
    fn of(path: &Path) -> Option<Self> {
        let plain = path.as_os_str() != "-" && path.symlink_metadata().map_or(true, |data| data.is_file());
        let mut name = std::ffi::OsString::from(".");
        name.push(path.file_name().filter(|_| plain)?);
        name.push(format!(".{}.part", std::process::id()));
        Some(Self { path: path.to_path_buf(), part: path.with_file_name(name) })
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.part);
    }
}

impl Seal {
    /// Of an output that needs no end.
    pub const fn none() -> Self {
        Self { sealed: None, part: None }
    }

    /// Ends the output, after its last flush.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn close(&self) -> io::Result<()> {
        self.sealed.as_ref().map_or(Ok(()), Sealed::close)?;
        self.part.as_ref().map_or(Ok(()), |part| std::fs::rename(&part.part, &part.path))
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
