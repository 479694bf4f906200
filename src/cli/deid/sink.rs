//! Where the documents without identifiers go: a stream, or a folder with a file for each text and one for the records.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;

use super::Cleaned;
use crate::cli::args::Deidentify;
use crate::cli::output::{self, Seal};

/// Where the cleaned documents go.
pub enum Sink {
    /// One stream: a text as it is, records as lines.
    Stream(Box<dyn Write + Send>, Seal),
    /// One stream of records, as for several texts.
    Records(Box<dyn Write + Send>, Seal),
    /// A file for each text, and one for the records.
    Folder(PathBuf, Option<Box<dyn Write + Send>>),
}

impl Sink {
    /// Opens what was asked for.
    pub fn open(verb: &Deidentify) -> anyhow::Result<Self> {
        let several = verb.input.inputs.len() > 1 || verb.input.inputs.iter().any(|path| path.is_dir() || is_archive(path));
        // Without a vault it is the output that is encrypted, and that is one stream.
        let recipient = output::recipient(verb.encrypt_to.as_deref().filter(|_| verb.vault.is_none()))?;
        Ok(match &verb.output {
            Some(path) if recipient.is_none() && path.is_dir() || recipient.is_none() && several && path.extension().is_none() => {
                fs::create_dir_all(path).with_context(|| format!("-o {}: cannot be made", path.display()))?;
                Self::Folder(path.clone(), None)
            }
            path => {
                let (out, seal) = output::sealed(path.as_deref(), recipient.as_ref())?;
                if several { Self::Records(out, seal) } else { Self::Stream(out, seal) }
            }
        })
    }

    /// Writes a document.
    pub fn write(&mut self, cleaned: &Cleaned) -> io::Result<()> {
        let line = |out: &mut dyn Write| -> io::Result<()> {
            serde_json::to_writer(&mut *out, cleaned)?;
            out.write_all(b"\n")
        };
        match self {
            Self::Stream(out, _) if !cleaned.is_record => out.write_all(cleaned.text.as_bytes()),
            Self::Stream(out, _) | Self::Records(out, _) => line(out),
            Self::Folder(folder, records) if cleaned.is_record => {
                if records.is_none() {
                    *records = Some(Box::new(output::private(&folder.join("records.jsonl")).map_err(io::Error::other)?));
                }
                records.as_mut().map_or(Ok(()), |out| line(out))
            }
            Self::Folder(folder, _) => {
                let path = folder.join(text_name(below(&cleaned.id)));
                if let Some(parent) = path.parent() {
                    fs::create_dir_all(parent)?;
                }
                output::private(&path).map_err(io::Error::other)?.write_all(cleaned.text.as_bytes())
            }
        }
    }

    /// Ends the output.
    pub fn finish(self) -> anyhow::Result<()> {
        match self {
            Self::Stream(mut out, seal) | Self::Records(mut out, seal) => {
                out.flush()?;
                drop(out);
                seal.close()?;
            }
            Self::Folder(_, out) => out.map_or(Ok(()), |mut out| out.flush())?,
        }
        Ok(())
    }
}

/// An id as a path that stays below a folder.
fn below(id: &str) -> PathBuf {
    let parts = Path::new(id).components().filter_map(|part| match part {
        std::path::Component::Normal(name) => Some(name),
        _ => None,
    });
    let path: PathBuf = parts.collect();
    if path.as_os_str().is_empty() { PathBuf::from("report.txt") } else { path }
}

/// Whether a file holds files.
fn is_archive(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default();
    [".zip", ".tar", ".tgz", ".tar.gz", ".tar.zst", ".tzst"].iter().any(|kind| name.ends_with(kind))
}

/// A path as that of a text: what came out of a document or an archive of another kind is none of that kind.
fn text_name(path: PathBuf) -> PathBuf {
    const OTHERS: [&str; 11] = ["docx", "docm", "pdf", "html", "htm", "xhtml", "xml", "gz", "zst", "zip", "tar"];
    if !path.extension().is_some_and(|kind| OTHERS.iter().any(|other| kind.eq_ignore_ascii_case(other))) {
        return path;
    }
    let mut name = path.into_os_string();
    name.push(".txt");
    name.into()
}
