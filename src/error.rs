//! What can go wrong, said as `where: what; expected …, found …`. No message holds report text: place and kind only.

use std::path::PathBuf;

/// An error of the library.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file or folder could not be opened, read or written.
    #[error("{path}: {source}")]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// One report could not be read; the rest of the run is unharmed.
    #[error("{place}: {what}")]
    Report {
        /// Where: a path, a path with a line, or an id.
        place: String,
        /// What kind of failure, for counting.
        kind: FailureKind,
        /// What was expected and what was found.
        what: String,
    },
    /// A lexicon file is not well-formed.
    #[error("{file}:{line}: {what}")]
    Lexicon {
        /// The file below the lexicon folder.
        file: String,
        /// The line, from 1.
        line: usize,
        /// What was expected and what was found.
        what: String,
    },
    /// A model file is not one, is damaged, or does not fit.
    #[error("model: {0}")]
    Model(String),
    /// Numbers or shapes that do not fit together.
    #[error("{0}")]
    Shape(String),
    /// Training data or settings that cannot be learned from.
    #[error("{0}")]
    Training(String),
    /// A setting that cannot be met.
    #[error("{0}")]
    Setting(String),
}

/// Why a report failed, as counted in `summary.json` and named in `failures.jsonl`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FailureKind {
    /// The path is not there, or vanished during the walk.
    Missing,
    /// The operating system refused to read it.
    Unreadable,
    /// No bytes, or only blanks.
    Empty,
    /// Bytes that are no text.
    Binary,
    /// Bytes that no known encoding explains.
    Undecodable,
    /// Larger than `--max-report-bytes`.
    TooLarge,
    /// A record without text.
    NoText,
    /// A line of JSON, CSV or a message that is not well-formed.
    Malformed,
    /// A compressed file or archive that ends too soon or is damaged.
    Damaged,
    /// A kind of file that is not read here, or needs a program that is not installed.
    Unsupported,
    /// The file is encrypted.
    Encrypted,
    /// A limit on size, number or nesting of an archive was reached.
    Limit,
    /// The program itself failed on this report.
    Internal,
}

impl FailureKind {
    /// The name written out.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Unreadable => "unreadable",
            Self::Empty => "empty",
            Self::Binary => "binary",
            Self::Undecodable => "undecodable",
            Self::TooLarge => "too-large",
            Self::NoText => "no-text",
            Self::Malformed => "malformed",
            Self::Damaged => "damaged",
            Self::Unsupported => "unsupported",
            Self::Encrypted => "encrypted",
            Self::Limit => "limit",
            Self::Internal => "internal",
        }
    }
}

/// What the library's functions return.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// An input or output error at a path.
    pub fn io(path: impl Into<PathBuf>, source: std::io::Error) -> Self {
        Self::Io { path: path.into(), source }
    }
    /// A report that failed.
    pub fn report(place: impl Into<String>, kind: FailureKind, what: impl Into<String>) -> Self {
        Self::Report { place: place.into(), kind, what: what.into() }
    }
}
