//! What the tool knows about words: every `*.toml` below `corpora/lexicon`, embedded in the program and replaceable by a folder.
//!
//! Each file holds one class of entries ([`Vocabulary`]); the surface forms of all classes go into one [`Matcher`], so that
//! a text is scanned once. A stage asks for the hits of its class and reads the attributes of the entries it knows.
//! Nothing here decides what a hit means.

mod embedded;
mod entry;
mod forms;
mod hygiene;
mod matcher;
mod packed;
mod stretches;

mod vocabulary;
mod word_map;

pub use entry::Entry;
pub use hygiene::problems;
pub use matcher::{Hit, Hits, Matcher};
pub use packed::{Packed, Values};
pub use stretches::{Stretches, trigrams};
pub use vocabulary::Vocabulary;
pub use word_map::WordMap;

use std::path::Path;

use crate::error::{Error, Result};

/// All vocabularies and the matcher of their forms.
#[derive(Debug)]
pub struct Lexicon {
    /// Sorted by class.
    vocabularies: Vec<Vocabulary>,
    matcher: Matcher,
    stretches: Box<Stretches>,
    hash: u64,
}

/// The number of a class in one lexicon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClassId(pub u16);

impl Lexicon {
    /// The lexicon embedded in the program.
    ///
    /// # Errors
    /// When the embedded data is not well-formed, which the hygiene test rules out.
    pub fn embedded() -> Result<Self> {
        let mut vocabularies = vocabulary::embedded();
        vocabularies.sort_by(|a, b| a.class.cmp(&b.class));
        let (matcher, hash) = (Matcher::embedded(vocabularies.len()), hash(&vocabularies));
        Ok(Self { vocabularies, matcher, stretches: Box::new(embedded::STRETCHES), hash })
    }

    /// A lexicon from a folder laid out as `corpora/lexicon`.
    ///
    /// # Errors
    /// [`Error::Lexicon`] with file and line where an entry is not well-formed; [`Error::Io`] where a file cannot be read.
    pub fn from_folder(folder: &Path) -> Result<Self> {
        Self::from_vocabularies(vocabulary::read_folder(folder)?)
    }

    /// The vocabularies of a folder, or the embedded ones, before they are put together: what a check looks at.
    ///
    /// # Errors
    /// Where a file is not well-formed TOML of the schema.
    pub fn files(folder: Option<&Path>) -> Result<Vec<Vocabulary>> {
        folder.map_or_else(|| Ok(vocabulary::embedded()), vocabulary::read_folder)
    }

    /// A lexicon of given vocabularies.
    ///
    /// # Errors
    /// [`Error::Lexicon`] where two files have the same class.
    pub fn from_vocabularies(mut vocabularies: Vec<Vocabulary>) -> Result<Self> {
        vocabularies.sort_by(|a, b| a.class.cmp(&b.class));
        for pair in vocabularies.windows(2) {
            if pair[0].class == pair[1].class {
                return Err(Error::Lexicon {
                    file: pair[1].file.clone(),
                    line: 1,
                    what: format!("class `{}`; expected one file a class, found it in {} too", pair[1].class, pair[0].file),
                });
            }
        }
        let matcher = Matcher::new(&vocabularies)?;
        let hash = hash(&vocabularies);
        let entries = vocabularies.iter().flat_map(|vocabulary| &vocabulary.entries);
        let stretches = stretches::stretches(entries.flat_map(|entry| entry.en().chain(entry.list("words"))));
        Ok(Self { vocabularies, matcher, stretches, hash })
    }

    /// The vocabularies, sorted by class.
    pub fn vocabularies(&self) -> &[Vocabulary] {
        &self.vocabularies
    }

    /// The number of a class.
    ///
    /// # Errors
    /// [`Error::Lexicon`] where no file has the class.
    pub fn class(&self, class: &str) -> Result<ClassId> {
        match self.vocabularies.binary_search_by(|vocabulary| vocabulary.class.as_str().cmp(class)) {
            Ok(index) => Ok(ClassId(index as u16)),
            Err(_) => Err(Error::Lexicon { file: "lexicon".into(), line: 1, what: format!("no file has the class `{class}`") }),
        }
    }

    /// The vocabulary of a class.
    pub fn vocabulary(&self, class: ClassId) -> &Vocabulary {
        &self.vocabularies[class.0 as usize]
    }

    /// The entry behind a hit of a class.
    pub fn entry(&self, class: ClassId, hit: Hit) -> &Entry {
        &self.vocabularies[class.0 as usize].entries[hit.entry as usize]
    }

    /// Finds all surface forms of a folded text.
    pub fn scan(&self, folded: &str) -> Hits {
        self.matcher.scan(folded)
    }

    /// The three-letter stretches of the words of every Latin form and word list.
    pub fn stretches(&self) -> &Stretches {
        &self.stretches
    }

    /// A hash of everything in the lexicon, as sixteen hexadecimal digits.
    pub fn hash(&self) -> String {
        format!("{:016x}", self.hash)
    }
}

/// A hash of the texts of some files, sorted by class.
fn hash(vocabularies: &[Vocabulary]) -> u64 {
    vocabularies.iter().fold(0, |hash, vocabulary| hash.rotate_left(7) ^ vocabulary.text_hash)
}
