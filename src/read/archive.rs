//! Files in an archive, one at a time and in its order: each is a stream of its own over the archive's bytes, never held whole here.
//! Names become parts of ids: they lead nowhere, and nothing is ever unpacked to a disk.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, ErrorKind, Read, Seek, SeekFrom};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use flate2::read::DeflateDecoder;
use zip::{CompressionMethod, ZipArchive};

use crate::error::FailureKind;

/// Bytes that can be read from any place, as often as wanted.
#[derive(Debug, Clone)]
pub enum Held {
    /// A file on the disk, which is not held.
    Path(PathBuf),
    /// Bytes out of an archive.
    Memory(Arc<[u8]>),
}

/// Reads from any place.
pub(super) trait Seekable: BufRead + Seek + Send {}
impl<T: BufRead + Seek + Send> Seekable for T {}

impl Held {
    /// A reader from the start.
    pub(super) fn open(&self) -> io::Result<Box<dyn Seekable>> {
        Ok(match self {
            Self::Path(path) => Box::new(BufReader::new(File::open(path)?)),
            Self::Memory(bytes) => Box::new(Cursor::new(Arc::clone(bytes))),
        })
    }
}

/// An archive being read.
pub(super) enum Archive {
    Zip { held: Held, zip: Box<ZipArchive<Box<dyn Seekable>>>, next: usize },
    Tar(Arc<Mutex<Tar>>),
}

/// A file of an archive.
pub(super) struct Member {
    pub(super) name: String,
    pub(super) content: Result<Box<dyn BufRead + Send>, (FailureKind, String)>,
}

impl Archive {
    /// A ZIP archive.
    pub(super) fn zip(held: Held) -> io::Result<Self> {
        let zip = ZipArchive::new(held.open()?).map_err(as_io)?;
        Ok(Self::Zip { held, zip: Box::new(zip), next: 0 })
    }

    /// A TAR archive.
    pub(super) fn tar(reader: Box<dyn BufRead + Send>) -> Self {
        Self::Tar(Arc::new(Mutex::new(Tar { reader, left: 0, padding: 0 })))
    }

    /// The next file; folders, links and what an operating system leaves beside files are passed over.
    pub(super) fn next_member(&mut self) -> Option<io::Result<Member>> {
        loop {
            let member = match self {
                Self::Zip { held, zip, next } => {
                    if *next >= zip.len() {
                        return None;
                    }
                    *next += 1;
                    zip_member(held, zip, *next - 1)
                }
                Self::Tar(tar) => tar_member(tar).transpose()?,
            };
            match member {
                Ok(Some(member)) if !is_litter(&member.name) => return Some(Ok(member)),
                Ok(_) => {}
                Err(error) => return Some(Err(error)),
            }
        }
    }
}

/// A name as part of an id: no root, no way upwards, `/` between its parts.
fn tidy(raw: &[u8]) -> String {
    let name = match std::str::from_utf8(raw) {
        Ok(name) => name.to_string(),
        Err(_) => crate::decode::decode(raw, None).map_or_else(|_| String::from_utf8_lossy(raw).into_owned(), |decoded| decoded.text),
    };
    let parts: Vec<&str> = name.split(['/', '\\']).filter(|part| !part.is_empty() && *part != "." && *part != ".." && !part.ends_with(':')).collect();
    parts.join("/").replace(|sign: char| sign.is_control(), "_")
}

fn is_litter(name: &str) -> bool {
    let last = name.rsplit('/').next().unwrap_or(name);
    name.starts_with("__MACOSX/") || last == ".DS_Store" || last.eq_ignore_ascii_case("thumbs.db") || last.starts_with("~$")
}

fn zip_member(held: &Held, zip: &mut ZipArchive<Box<dyn Seekable>>, index: usize) -> io::Result<Option<Member>> {
    let file = match zip.by_index_raw(index) {
        Ok(file) => file,
        Err(error) => {
            let content = Err((FailureKind::Damaged, "expected a file in the archive, found a damaged entry".to_string()));
            return if matches!(error, zip::result::ZipError::Io(_)) {
                Err(as_io(error))
            } else {
                Ok(Some(Member { name: format!("entry {}", index + 1), content }))
            };
        }
    };
    if !file.is_file() {
        return Ok(None);
    }
    let name = tidy(file.name_raw());
    if file.encrypted() {
        return Ok(Some(Member { name, content: Err((FailureKind::Encrypted, "expected a file without a password, found an encrypted one".into())) }));
    }
    let (method, packed, whole, sum) = (file.compression(), file.compressed_size(), file.size(), file.crc32());
    let Some(start) = file.data_start() else {
        return Ok(Some(Member { name, content: Err((FailureKind::Damaged, "expected the file's bytes in the archive, found none".into())) }));
    };
    drop(file);
    let mut reader = held.open()?;
    reader.seek(SeekFrom::Start(start))?;
    let packed = reader.take(packed);
    let plain: Box<dyn Read + Send> = match method {
        CompressionMethod::Stored => Box::new(packed),
        CompressionMethod::Deflated => Box::new(DeflateDecoder::new(packed)),
        _ => {
            let what = "expected a file that is stored or deflated, found another compression".to_string();
            return Ok(Some(Member { name, content: Err((FailureKind::Unsupported, what)) }));
        }
    };
    let checked = Checked { reader: plain, crc: flate2::Crc::new(), whole, sum };
    Ok(Some(Member { name, content: Ok(Box::new(BufReader::new(checked))) }))
}

/// Checks length and sum at the end.
struct Checked {
    reader: Box<dyn Read + Send>,
    crc: flate2::Crc,
    whole: u64,
    sum: u32,
}

impl Read for Checked {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.reader.read(buffer)?;
        self.crc.update(&buffer[..count]);
        if count == 0 && !buffer.is_empty() && (self.crc.sum() != self.sum || self.whole as u32 != self.crc.amount()) {
            return Err(io::Error::new(ErrorKind::InvalidData, "bytes that do not have the sum that the archive states"));
        }
        Ok(count)
    }
}

/// A TAR archive between two of its files.
pub(super) struct Tar {
    reader: Box<dyn BufRead + Send>,
    /// What is left of the file being read.
    left: u64,
    /// What stands behind it.
    padding: u64,
}

impl Tar {
    fn read_part(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let most = usize::try_from(self.left).unwrap_or(usize::MAX).min(buffer.len());
        if most == 0 {
            return Ok(0);
        }
        let count = self.reader.read(&mut buffer[..most])?;
        if count == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        self.left -= count as u64;
        Ok(count)
    }

    fn skip(&mut self) -> io::Result<()> {
        let rest = self.left + self.padding;
        (self.left, self.padding) = (0, 0);
        let skipped = io::copy(&mut self.reader.by_ref().take(rest), &mut io::sink())?;
        if skipped < rest { Err(ErrorKind::UnexpectedEof.into()) } else { Ok(()) }
    }
}

/// The archive's own bytes, for its headers.
struct Headers(Arc<Mutex<Tar>>);

impl Read for Headers {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).reader.read(buffer)
    }
}

/// The bytes of one file.
struct Part(Arc<Mutex<Tar>>);

impl Read for Part {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).read_part(buffer)
    }
}

fn tar_member(tar: &Arc<Mutex<Tar>>) -> io::Result<Option<Option<Member>>> {
    tar.lock().unwrap_or_else(PoisonError::into_inner).skip()?;
    let mut headers = tar::Archive::new(Headers(Arc::clone(tar)));
    let Some(entry) = headers.entries()?.next() else { return Ok(None) };
    // What the crate says of it repeats its bytes.
    let entry = entry.map_err(|error| io::Error::new(error.kind(), "no header of a TAR archive, or a damaged one"))?;
    let (name, size, kind) = (tidy(&entry.path_bytes()), entry.size(), entry.header().entry_type());
    drop(entry);
    {
        let mut tar = tar.lock().unwrap_or_else(PoisonError::into_inner);
        tar.left = if kind.is_hard_link() || kind.is_symlink() || kind.is_dir() { 0 } else { size };
        tar.padding = tar.left.next_multiple_of(512) - tar.left;
    }
    if kind.is_gnu_sparse() {
        return Ok(Some(Some(Member { name, content: Err((FailureKind::Unsupported, "expected a plain file, found a sparse one".into())) })));
    }
    if !(kind.is_file() || kind.is_contiguous()) || name.is_empty() {
        return Ok(Some(None));
    }
    Ok(Some(Some(Member { name, content: Ok(Box::new(BufReader::new(Part(Arc::clone(tar))))) })))
}

/// An error of the ZIP directory as one of reading.
fn as_io(error: zip::result::ZipError) -> io::Error {
    match error {
        zip::result::ZipError::Io(error) => error,
        _ => io::Error::new(ErrorKind::InvalidData, "no directory of a ZIP archive, or a damaged one"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_nowhere() {
        assert_eq!(tidy(b"../../etc/x.txt"), "etc/x.txt");
        assert_eq!(tidy(b"/abs/./y"), "abs/y");
        assert_eq!(tidy(b"C:\\dir\\z.txt"), "dir/z.txt");
        assert_eq!(tidy(&encoding_rs::GB18030.encode("病理报告甲/图.txt").0), "病理报告甲/图.txt");
    }
}
