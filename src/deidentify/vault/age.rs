//! The format of age, by its own library.

use std::io::{self, Write};
use std::path::Path;

use zeroize::Zeroizing;

use crate::error::{Error, Result};

pub type Recipient = age::x25519::Recipient;
pub type Writer = age::stream::StreamWriter<Box<dyn Write + Send>>;

pub fn recipient(text: &str) -> Result<Recipient> {
    text.parse().map_err(|_| Error::Setting("--encrypt-to: expected a recipient of age (age1…), found another value".into()))
}

pub fn writer(out: Box<dyn Write + Send>, recipient: &Recipient) -> io::Result<Writer> {
    let one: &dyn age::Recipient = recipient;
    age::Encryptor::with_recipients(std::iter::once(one)).map_err(io::Error::other)?.wrap_output(out)
}

pub fn close(writer: Writer) -> io::Result<()> {
    writer.finish()?.flush()
}

pub fn open(sealed: &[u8], file: &str, path: &Path) -> Result<Zeroizing<Vec<u8>>> {
    let line = file.lines().find(|line| line.starts_with("AGE-SECRET-KEY-")).unwrap_or("");
    let identity: age::x25519::Identity =
        line.trim().parse().map_err(|_| Error::Setting(format!("{}: expected an identity of age (AGE-SECRET-KEY-…), found none", path.display())))?;
    age::decrypt(&identity, sealed)
        .map(Zeroizing::new)
        .map_err(|_| Error::Setting("vault: expected one that this identity opens, found another or a damaged one".into()))
}
