//! One file of the lexicon: a class and its entries, each with its surface forms, a source and examples.
//!
//! Entries keep every further key as an attribute; the stage that uses the class reads those into its own types, so that
//! a new attribute needs no change here. Forms are matched as they fold (see [`mod@crate::fold`]).

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::{fmt, fs};

use serde::de::value::MapDeserializer;
use serde::de::{self, DeserializeOwned, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::error::{Error, Result};

/// One class of entries, read from one file.
#[derive(Debug, Clone, Deserialize)]
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

/// One thing known, by all its names.
#[derive(Debug, Clone, Default)]
pub struct Entry {
    /// Unique in its class.
    pub id: String,
    /// English and other Latin-script forms.
    pub en: Vec<String>,
    /// Chinese forms.
    pub zh: Vec<String>,
    /// Where the entry comes from.
    pub source: String,
    /// Invented uses.
    pub examples: Vec<String>,
    /// Every other key with its value: a handful, in the order of the file.
    pub attributes: Vec<(String, Value)>,
}

/// Written out because a derived reading of "every other key" holds the whole entry twice, and the lexicon is read at every start.
impl<'de> Deserialize<'de> for Entry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        struct Keys;
        impl<'de> Visitor<'de> for Keys {
            type Value = Entry;
            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an entry of a vocabulary")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> std::result::Result<Entry, A::Error> {
                let (mut entry, mut named) = (Entry::default(), false);
                while let Some(key) = map.next_key::<Cow<'de, str>>()? {
                    match key.as_ref() {
                        "id" => (entry.id, named) = (map.next_value()?, true),
                        "en" => entry.en = map.next_value()?,
                        "zh" => entry.zh = map.next_value()?,
                        "source" => entry.source = map.next_value()?,
                        "examples" => entry.examples = map.next_value()?,
                        _ => {
                            entry.attributes.push((key.into_owned(), map.next_value()?));
                        }
                    }
                }
                if named { Ok(entry) } else { Err(de::Error::missing_field("id")) }
            }
        }
        deserializer.deserialize_map(Keys)
    }
}

impl Entry {
    /// An attribute.
    pub fn attribute(&self, key: &str) -> Option<&Value> {
        self.attributes.iter().find(|(own, _)| own == key).map(|(_, value)| value)
    }
    /// A text attribute.
    pub fn text(&self, key: &str) -> Option<&str> {
        self.attribute(key).and_then(Value::as_str)
    }
    /// A numeric attribute.
    pub fn number(&self, key: &str) -> Option<f64> {
        self.attribute(key).and_then(Value::as_f64)
    }
    /// A truth attribute; false where it is absent.
    pub fn flag(&self, key: &str) -> bool {
        self.attribute(key).and_then(Value::as_bool).unwrap_or(false)
    }
    /// A list of texts; empty where it is absent.
    pub fn list(&self, key: &str) -> Vec<&str> {
        self.attribute(key).and_then(Value::as_array).map_or_else(Vec::new, |list| list.iter().filter_map(Value::as_str).collect())
    }
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
        self.entries
            .iter()
            .enumerate()
            .map(|(index, entry)| {
                let attributes = MapDeserializer::new(entry.attributes.iter().map(|(key, value)| (key.as_str(), value)));
                T::deserialize(attributes).map_err(|error: serde_json::Error| self.error(index, format!("entry `{}`: {error}", entry.id)))
            })
            .collect()
    }

    /// An error at one of the entries.
    pub fn error(&self, entry: usize, what: String) -> Error {
        Error::Lexicon { file: self.file.clone(), line: self.line(entry), what }
    }
}

#[derive(Deserialize)]
struct Embedded {
    file: String,
    text_hash: u64,
    vocabulary: Vocabulary,
}

/// The vocabularies embedded by the build script.
pub(super) fn embedded() -> Result<Vec<Vocabulary>> {
    let all: Vec<Embedded> = serde_json::from_str(include_str!(concat!(env!("OUT_DIR"), "/lexicon.json"))).map_err(|error| Error::Lexicon {
        file: "embedded".into(),
        line: error.line(),
        what: error.to_string(),
    })?;
    Ok(all.into_iter().map(|one| Vocabulary { file: one.file, text_hash: one.text_hash, ..one.vocabulary }).collect())
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

/// FNV-1a over the bytes of a text.
fn fnv(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
