//! What can be typed. One struct a verb; options shared by several verbs stand in groups of their own.

mod learn;

pub use learn::{Classify, Compare, Evaluate, LabelFields, ModelVerb, Show, Train, Ways, Weigh};

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Structured findings, laboratory values and diagnosis labels from Chinese and English pathology reports and clinical notes, offline.
#[derive(Debug, Parser)]
#[command(name = "bingli", version, max_term_width = 110, arg_required_else_help = true)]
pub struct Arguments {
    /// File of settings [default: bingli.toml in the working folder]; what is typed goes before it
    #[arg(long, value_name = "FILE", global = true)]
    pub config: Option<PathBuf>,
    /// The verb.
    #[command(subcommand)]
    pub verb: Verb,
}

/// The verbs.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// The main job: every report below the inputs into records, tables and a page
    Batch(Batch),
    /// What is known to the lexicon, and whether one is well-formed
    #[command(subcommand)]
    Lexicon(LexiconVerb),
    /// Structured findings and laboratory values, a record a report
    Extract(Extract),
    /// Labels new reports by a model; standard input is the usual source
    Classify(Classify),
    /// Gives back what it was given, without identifiers
    Deid(Box<Deidentify>),
    /// Validates, fits and writes a model that labels reports
    Train(Train),
    /// Scores a model on labelled reports; without labels, drift from its training reports
    Evaluate(Evaluate),
    /// The same folds for every kind of model: one table and a recommendation
    Compare(Compare),
    /// What a model is and what it has learned
    #[command(subcommand)]
    Model(ModelVerb),
    /// Completions for a shell, on standard output
    Completions(Completions),
    /// The manual page, on standard output
    Man(Man),
}

/// `bingli completions`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  bingli completions bash > ~/.local/share/bash-completion/completions/bingli\n  bingli completions zsh > ~/.zfunc/_bingli")]
pub struct Completions {
    /// The shell
    #[arg(value_enum, value_name = "SHELL")]
    pub shell: clap_complete::Shell,
}

/// `bingli man`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  bingli man | man -l -\n  bingli man batch | man -l -\n  bingli man -o /usr/local/share/man/man1")]
pub struct Man {
    /// The page of one verb
    #[arg(value_name = "VERB")]
    pub verb: Option<String>,
    /// Write the pages of all verbs into this folder
    #[arg(short, long, value_name = "DIR")]
    pub output: Option<PathBuf>,
}

/// `bingli lexicon`.
#[derive(Debug, Subcommand)]
pub enum LexiconVerb {
    /// Classes of entries, with their numbers
    List {
        /// A lexicon folder [default: the embedded lexicon]
        #[arg(value_name = "DIR")]
        folder: Option<PathBuf>,
        /// As JSON Lines
        #[arg(long)]
        json: bool,
    },
    /// Everything that is wrong with a lexicon, by file and line; exit code 1 where anything is
    Check {
        /// A lexicon folder [default: the embedded lexicon]
        #[arg(value_name = "DIR")]
        folder: Option<PathBuf>,
        /// As JSON Lines
        #[arg(long)]
        json: bool,
    },
}

/// `bingli batch`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  bingli batch reports/ -o out\n  bingli batch reports/ -o out --resume\n  bingli batch notes.csv --id note_id --text body -o out --jobs 8"
)]
pub struct Batch {
    /// What to read.
    #[command(flatten)]
    pub input: Input,
    /// How to work.
    #[command(flatten)]
    pub work: Work,
    /// Folder of the outputs
    #[arg(short, long, value_name = "DIR")]
    pub output: PathBuf,
    /// The model that labels the reports [default: the embedded demo]
    #[arg(short, long, value_name = "MODEL")]
    pub model: Option<PathBuf>,
    /// Leave reports whose best label is less probable than this to a reader
    #[arg(long, value_name = "P")]
    pub abstain: Option<f32>,
    /// Name with each label the set of labels that holds the true one in this share of reports, as 0.95
    #[arg(long, value_name = "P")]
    pub coverage: Option<f64>,
    /// Name the N features that decided a label, with their places
    #[arg(long, value_name = "N", default_value_t = 3)]
    pub explain: usize,
    /// Continue an interrupted run in its folder, or take up what is new or changed
    #[arg(long)]
    pub resume: bool,
    /// Begin tables with a byte order mark, for spreadsheets that want one
    #[arg(long)]
    pub bom: bool,
}

/// `bingli extract`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  bingli extract reports/ > records.jsonl\n  zcat notes.jsonl.gz | bingli extract --id note_id --text body --format csv --table labs -o labs.csv\n  bingli extract reports/ --format fhir | gzip > bundles.ndjson.gz\n  bingli extract reports/ --format brat -o annotated\n  bingli extract --encoding gb18030 report.txt"
)]
pub struct Extract {
    /// What to read.
    #[command(flatten)]
    pub input: Input,
    /// How to work.
    #[command(flatten)]
    pub work: Work,
    /// Where the records go: a file, or a folder for omop, brat, parquet and all tables of csv [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Format of the records
    #[arg(long, value_enum, default_value_t = Format::Jsonl)]
    pub format: Format,
    /// With --format csv to standard output or to a file `….csv`: which table
    #[arg(long, value_enum, default_value_t = Table::Summary)]
    pub table: Table,
    /// Begin tables with a byte order mark, for spreadsheets that want one
    #[arg(long)]
    pub bom: bool,
    /// Encrypt the output to this recipient of age (age1…); only its identity opens it
    #[arg(long, value_name = "RECIPIENT")]
    pub encrypt_to: Option<String>,
}

/// Tables of CSV.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Table {
    /// A row a laboratory result
    Labs,
    /// A row a finding
    Findings,
    /// A row a report
    Summary,
}

/// Formats of records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// JSON Lines, a record a line
    Jsonl,
    /// Tables: one to standard output or a file `….csv`, or labs.csv, findings.csv and summary.csv in a folder
    Csv,
    /// FHIR R4, a Bundle a line
    Fhir,
    /// OMOP CDM 5.4, note.csv and note_nlp.csv in a folder
    Omop,
    /// BRAT standoff, a text and its annotations a report in a folder
    Brat,
    /// labs.parquet, findings.parquet and summary.parquet in a folder
    #[cfg(feature = "parquet")]
    Parquet,
}

impl Format {
    /// Whether the format is nothing without the text of the report.
    pub const fn needs_text(self) -> bool {
        matches!(self, Self::Omop | Self::Brat)
    }
}

/// What to read.
#[derive(Debug, Args)]
pub struct Input {
    /// Files, folders and archives (.zip, .tar, .gz, .zst); `-` or none reads standard input
    #[arg(value_name = "INPUT")]
    pub inputs: Vec<PathBuf>,
    /// Format of the inputs, where extension and content do not say: text, lines, jsonl, json, csv, tsv, docx, xlsx, html, xml, pdf, hl7
    #[arg(long, value_name = "FORMAT")]
    pub input_format: Option<String>,
    /// Encoding of the inputs, where it must not be detected: utf-8, gb18030, big5, utf-16le, …
    #[arg(long, value_name = "NAME")]
    pub encoding: Option<String>,
    /// Field of a record or column of a table that holds the id
    #[arg(long, value_name = "FIELD", default_value = "id")]
    pub id: String,
    /// Field or column that holds the text
    #[arg(long, value_name = "FIELD", default_value = "text")]
    pub text: String,
    /// A table (CSV or TSV with a header) whose first column is an id and whose other columns join the report of that id, as labels of a folder
    #[arg(long, value_name = "TABLE")]
    pub columns_from: Option<PathBuf>,
    /// Larger reports are refused without being held in memory
    #[arg(long, value_name = "BYTES", default_value_t = crate::read::MAX_REPORT_BYTES)]
    pub max_report_bytes: usize,
}

/// How to work.
#[derive(Debug, Args)]
pub struct Work {
    /// Threads [default: all cores]; never changes a byte of the output
    #[arg(short, long, value_name = "N")]
    pub jobs: Option<usize>,
    /// Use the lexicon of this folder in place of the embedded one
    #[arg(long, value_name = "DIR")]
    pub lexicon: Option<PathBuf>,
    /// What happens to identifiers: mask (same length) or off
    #[arg(long, value_enum, default_value_t = Deid::Mask)]
    pub deid: Deid,
    /// Write keyed hashes of ids and file names, by the key in this file
    #[arg(long, value_name = "KEYFILE")]
    pub hash_ids: Option<PathBuf>,
    /// Put the report's text (masked) into its record
    #[arg(long)]
    pub with_text: bool,
}

/// `bingli deid`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  bingli deid report.txt > clean.txt\n  bingli deid reports/ -o clean/ --deid surrogate --key key --hash-ids key --audit audit.jsonl\n  bingli deid --check clean/\nA key is any file of sixteen bytes or more that only its owner can read: (umask 077; head -c 32 /dev/urandom > key)"
)]
pub struct Deidentify {
    /// What to read.
    #[command(flatten)]
    pub input: Input,
    /// What stands in place of an identifier
    #[arg(long, value_enum, default_value_t = Replace::Tag)]
    pub deid: Replace,
    /// The key of `--deid surrogate`: a file that only its owner can read
    #[arg(long, value_name = "FILE")]
    pub key: Option<PathBuf>,
    /// Write keyed hashes of ids and file names, by the key in this file
    #[arg(long, value_name = "FILE")]
    pub hash_ids: Option<PathBuf>,
    /// A field of the records to be kept as it is; may come more than once
    #[arg(long, value_name = "FIELD")]
    pub keep: Vec<String>,
    /// Where the result goes: a file, or a folder for several texts [default: standard output]
    #[arg(short, long, value_name = "PATH")]
    pub output: Option<PathBuf>,
    /// Scan an output and say kind and place of what is left, without the text; exit code 1 where anything is
    #[arg(long)]
    pub check: bool,
    /// Write counts, kinds, hashes and versions to this file
    #[arg(long, value_name = "FILE")]
    pub audit: Option<PathBuf>,
    /// Write the mapping for re-identification to this file, encrypted
    #[arg(long, value_name = "FILE", requires = "encrypt_to")]
    pub vault: Option<PathBuf>,
    /// Encrypt the vault, or without one the output, to this recipient of age
    #[arg(long, value_name = "RECIPIENT")]
    pub encrypt_to: Option<String>,
    /// Give back the mapping of a vault
    #[arg(long, value_name = "FILE", requires = "identity")]
    pub open_vault: Option<PathBuf>,
    /// The identity of age that opens the vault: a file that only its owner can read
    #[arg(long, value_name = "FILE")]
    pub identity: Option<PathBuf>,
    /// Threads [default: all cores]; never changes a byte of the output
    #[arg(short, long, value_name = "N")]
    pub jobs: Option<usize>,
    /// Use the lexicon of this folder in place of the embedded one
    #[arg(long, value_name = "DIR")]
    pub lexicon: Option<PathBuf>,
}

/// What stands in place of an identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Replace {
    /// `[NAME]`
    Tag,
    /// `*` for every character
    Mask,
    /// A realistic stand-in by a keyed hash; dates keep their intervals
    Surrogate,
    /// A year, a band of ages, a region
    Generalise,
}

/// What happens to identifiers in records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Deid {
    /// Every character of an identifier becomes `*`
    Mask,
    /// Identifiers are left as they are
    Off,
}
