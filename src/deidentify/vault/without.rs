//! What a build without encryption says.

use std::io::{self, Write};
use std::path::Path;

use zeroize::Zeroizing;

use crate::error::{Error, Result};

/// There is none.
#[derive(Clone, Copy)]
pub enum Recipient {}
pub type Writer = io::Sink;

pub fn recipient(_text: &str) -> Result<Recipient> {
    Err(without())
}

pub fn writer(_out: Box<dyn Write + Send>, recipient: &Recipient) -> io::Result<Writer> {
    match *recipient {}
}

pub fn close(_writer: Writer) -> io::Result<()> {
    Ok(())
}

pub fn open(_sealed: &[u8], _file: &str, _path: &Path) -> Result<Zeroizing<Vec<u8>>> {
    Err(without())
}

fn without() -> Error {
    Error::Setting("encryption: expected a program built with `--features encrypt`, found one without".into())
}
