//! One file of the lexicon: a class and its entries, each with its surface forms, a source and examples.
//!
//! Entries keep every further key as an attribute; the stage that uses the class reads those into its own types, so that
//! a new attribute needs no change here. Forms are matched as they fold (see [`mod@crate::fold`]).

use std::fs;
use std::hash::Hasher;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::entry::Entry;
use super::packed::{Packed, Values};
use crate::error::{Error, Result};
use crate::hash::Fnv;

/// One class of entries, read from one file.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Vocabulary {
    /// The file below the lexicon folder.
    #[serde(default)]
    pub file: String,
    /// The class, as `margin.term`.
    pub class: String,
    /// What the class holds, in a sentence.
    #[serde(default)]
    pub description: String,
    /// Forms may touch digits (`2013-5-6cea3.4`, `ca199149.1`); otherwise letters and digits alike must not touch them.
    #[serde(default)]
    pub glued: bool,
    /// The entries, in the order of the file.
    #[serde(rename = "entry", default)]
    pub entries: Vec<Entry>,
    /// FNV-1a of the file's text.
    #[serde(default)]
    pub text_hash: u64,
    /// The line of each entry, from 1; empty where the vocabulary was not read from a file.
    #[serde(skip)]
    pub lines: Vec<usize>,
}

impl Vocabulary {
    /// The line of an entry in its file, 1 where it is not known.
    pub fn line(&self, entry: usize) -> usize {
        self.lines.get(entry).copied().unwrap_or(1)
    }

    /// The attributes of every entry as a type of the caller's.
    ///
    /// # Errors
    /// [`Error::Lexicon`] with file and line where an attribute is missing or of another kind.
    pub fn attributes<T: DeserializeOwned>(&self) -> Result<Vec<T>> {
        let read = |(index, entry): (usize, &Entry)| entry.read().map_err(|error| self.error(index, format!("entry `{}`: {error}", entry.id())));
        self.entries.iter().enumerate().map(read).collect()
    }

    /// An error at one of the entries.
    pub fn error(&self, entry: usize, what: String) -> Error {
        Error::Lexicon { file: self.file.clone(), line: self.line(entry), what }
    }
}

/// The vocabularies packed by the build script, in the order of their paths.
pub(super) fn embedded() -> Vec<Vocabulary> {
    Values(include_str!(concat!(env!("OUT_DIR"), "/lexicon.packed"))).filter_map(|one| read(one.values())).collect()
}

/// One of them: its values stand in the order in which `build.rs` writes them.
fn read(mut values: Values<'static>) -> Option<Vocabulary> {
    Some(Vocabulary {
        file: values.text()?.into(),
        text_hash: u64::from_str_radix(values.text()?, 16).ok()?,
        class: values.text()?.into(),
        description: values.text()?.into(),
        glued: matches!(values.next()?, Packed::Truth(true)),
        entries: values.next()?.values().texts().map(Entry::embedded).collect(),
        lines: Vec::new(),
    })
}

/// The vocabularies of a folder, in the order of their paths.
pub(super) fn read_folder(folder: &Path) -> Result<Vec<Vocabulary>> {
    let mut files: Vec<PathBuf> = Vec::new();
    for entry in walkdir::WalkDir::new(folder).sort_by_file_name() {
        let entry = entry.map_err(|error| Error::io(folder, error.into()))?;
        if entry.file_type().is_file() && entry.path().extension().is_some_and(|kind| kind == "toml") {
            files.push(entry.into_path());
        }
    }
    if files.is_empty() {
        return Err(Error::Lexicon { file: folder.display().to_string(), line: 1, what: "expected a folder of *.toml, found none".into() });
    }
    files.iter().map(|path| read_file(folder, path)).collect()
}

fn read_file(folder: &Path, path: &Path) -> Result<Vocabulary> {
    let text = fs::read_to_string(path).map_err(|error| Error::io(path, error))?;
    let file = path.strip_prefix(folder).unwrap_or(path).to_string_lossy().replace('\\', "/");
    let mut vocabulary: Vocabulary = toml::from_str(&text).map_err(|error| Error::Lexicon {
        file: file.clone(),
        line: error.span().map_or(1, |span| 1 + text[..span.start.min(text.len())].matches('\n').count()),
        what: error.message().to_string(),
    })?;
    vocabulary.lines = text.lines().enumerate().filter(|(_, line)| line.trim() == "[[entry]]").map(|(index, _)| index + 1).collect();
    vocabulary.text_hash = fnv(&text);
    vocabulary.file = file;
    Ok(vocabulary)
}

/// The hash of a text, as `build.rs` has it.
fn fnv(text: &str) -> u64 {
    let mut hash = Fnv::default();
    hash.write(text.as_bytes());
    hash.finish()
}
