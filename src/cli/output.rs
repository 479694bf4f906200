//! Where results go: standard output or a file, buffered; a closed pipe is not an error.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use anyhow::Context;

/// The output named, or standard output.
pub fn open(path: Option<&Path>) -> anyhow::Result<Box<dyn Write + Send>> {
    Ok(match path {
        Some(path) if path.as_os_str() != "-" => {
            Box::new(BufWriter::with_capacity(1 << 18, File::create(path).with_context(|| format!("-o {}: cannot be written", path.display()))?))
        }
        _ => Box::new(BufWriter::with_capacity(1 << 16, io::stdout())),
    })
}

/// Whether an error only says that nobody reads our output any more.
pub fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| cause.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe))
}
