//! What can be typed of learning: classify, train, evaluate, compare, model.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::{Input, Work};
use crate::features::Imputation;

/// `bingli classify`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  bingli classify -m site.model < report.txt\n  bingli classify -m site.model --explain 5 --abstain 0.8 reports/ -o labels.jsonl"
)]
pub struct Classify {
    /// What to read.
    #[command(flatten)]
    pub input: Input,
    /// How to work.
    #[command(flatten)]
    pub work: Work,
    /// The model [default: the embedded demo, trained on invented reports]
    #[arg(short, long, value_name = "MODEL")]
    pub model: Option<PathBuf>,
    /// Where the records go [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Leave reports whose best label is less probable than this to a reader
    #[arg(long, value_name = "P")]
    pub abstain: Option<f32>,
    /// Give the set of labels that holds the true one with this probability, as 0.95
    #[arg(long, value_name = "P")]
    pub coverage: Option<f64>,
    /// Name the N features that decided, with their places
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub explain: usize,
    /// Encrypt the output to this recipient of age (age1…); only its identity opens it
    #[arg(long, value_name = "RECIPIENT")]
    pub encrypt_to: Option<String>,
}

/// Where labels and what goes with them stand.
#[derive(Debug, Clone, Args)]
pub struct LabelFields {
    /// Field or column that holds the label
    #[arg(long, value_name = "FIELD", default_value = "label")]
    pub label: String,
    /// Field that holds the group (hospital, patient): groups are kept whole in validation
    #[arg(long, value_name = "FIELD")]
    pub group: Option<String>,
    /// Field that holds the fold of each report, in place of folds made here
    #[arg(long, value_name = "FIELD")]
    pub fold: Option<String>,
    /// Fields that join the text as numbers
    #[arg(long, value_name = "FIELD", value_delimiter = ',')]
    pub numeric: Vec<String>,
    /// Fields that join the text as categories
    #[arg(long, value_name = "FIELD", value_delimiter = ',')]
    pub categorical: Vec<String>,
    /// Labels with fewer reports are left out with a warning
    #[arg(long, value_name = "N", default_value_t = 2)]
    pub min_class: usize,
    /// Whether the field holds a list of independent labels.
    #[arg(skip)]
    pub several: bool,
}

impl LabelFields {
    /// The option that named the field.
    pub const fn asked(&self) -> &'static str {
        if self.several { "--labels" } else { "--label" }
    }
}

/// What features are made and what is done about imbalance, in place of what validation chooses among.
#[derive(Debug, Args)]
pub struct Ways {
    /// Use these blocks of features only: word, stem, pair, subword, han, character, head, diagnosis, concept, head-concept,
    /// diagnosis-concept, finding, summary, lab, column
    #[arg(long, value_name = "BLOCK", value_delimiter = ',', help_heading = "Features")]
    pub blocks: Vec<String>,
    /// Keep so many terms of each part, chosen by chi-squared for each label in turn
    #[arg(long, value_name = "N", help_heading = "Features")]
    pub keep: Option<usize>,
    /// Reports a term must stand in
    #[arg(long, value_name = "N", help_heading = "Features")]
    pub min_reports: Option<usize>,
    /// Groups a term must stand in
    #[arg(long, value_name = "N", help_heading = "Features")]
    pub min_groups: Option<usize>,
    /// What stands for a missing number: drop, mean, median, min, max or predicted
    #[arg(long, value_name = "HOW", value_parser = crate::cli::ways::imputation, help_heading = "Features")]
    pub imputation: Option<Imputation>,
    /// Bring the terms down to so many directions by a truncated singular value decomposition (latent semantic analysis)
    #[arg(long, value_name = "N", help_heading = "Features")]
    pub latent: Option<u32>,
    /// How far weights even out the sizes of labels, from 0 to 1
    #[arg(long, value_name = "SHARE", help_heading = "Imbalance")]
    pub balance: Option<f64>,
    /// Weigh reports so that every group counts the same
    #[arg(long, help_heading = "Imbalance")]
    pub group_balance: bool,
    /// Draw reports so that labels come equally often: smaller ones again (over), larger ones less (under)
    #[arg(long, value_enum, value_name = "HOW", help_heading = "Imbalance")]
    pub resample: Option<Weigh>,
}

/// How reports are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Weigh {
    /// Reports of smaller labels come again.
    Over,
    /// Reports of larger labels are left out.
    Under,
}

/// `bingli evaluate`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  bingli evaluate new.jsonl --label diagnosis -m site.model\n  bingli evaluate new.jsonl -m site.model --json\n  bingli evaluate new.jsonl --labels findings -m findings.model"
)]
pub struct Evaluate {
    /// What to read.
    #[command(flatten)]
    pub input: Input,
    /// How to work.
    #[command(flatten)]
    pub work: Work,
    /// The model
    #[arg(short, long, value_name = "MODEL")]
    pub model: PathBuf,
    /// Field that holds the true label; left out, drift is reported
    #[arg(long, value_name = "FIELD")]
    pub label: Option<String>,
    /// Field that holds the list of true labels, for a model of several labels a report
    #[arg(long, value_name = "FIELD", conflicts_with = "label")]
    pub labels: Option<String>,
    /// Field that holds the group: intervals draw whole groups
    #[arg(long, value_name = "FIELD")]
    pub group: Option<String>,
    /// Write the model card with the figures of these reports
    #[arg(long, value_name = "FILE")]
    pub card: Option<PathBuf>,
    /// As JSON
    #[arg(long)]
    pub json: bool,
}

/// `bingli train`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  bingli train reports.jsonl --label diagnosis --group hospital -o diagnosis.model\n  bingli train notes.csv --label label --numeric age --categorical sex -o notes.model --predictions out-of-fold.jsonl"
)]
pub struct Train {
    /// What to read.
    #[command(flatten)]
    pub input: Input,
    /// How to work.
    #[command(flatten)]
    pub work: Work,
    /// Where the labels stand.
    #[command(flatten)]
    pub fields: LabelFields,
    /// How features are made.
    #[command(flatten)]
    pub ways: Ways,
    /// Field that holds a list of independent labels (a JSON list, or parted by `;`), in place of one label
    #[arg(long, value_name = "FIELD", conflicts_with_all = ["label", "nested", "holdout"])]
    pub labels: Option<String>,
    /// The model to write
    #[arg(short, long, value_name = "MODEL")]
    pub output: PathBuf,
    /// Kind of model: logistic, svm, network, tree, forest, boosting, bayes, vote, stack [default: chosen by validation]
    #[arg(long, value_name = "KIND")]
    pub kind: Option<String>,
    /// Ways to train to choose among, as a JSON list, in place of the usual ones
    #[arg(long, value_name = "FILE")]
    pub candidates: Option<PathBuf>,
    /// Number of folds, where none are given
    #[arg(long, value_name = "N", default_value_t = 5)]
    pub folds: u32,
    /// Nested validation: for each fold the way to train is chosen on the other folds alone, and the figures given are those
    #[arg(long)]
    pub nested: bool,
    /// Hold out this share of the reports, groups whole: nothing is chosen on them, and the figures given are theirs
    #[arg(long, value_name = "SHARE", conflicts_with = "nested")]
    pub holdout: Option<f64>,
    /// Seed of everything that is drawn
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// Name of the model [default: its file's]
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// Write the label of each report by the model that did not see its fold, as records
    #[arg(long, value_name = "FILE")]
    pub predictions: Option<PathBuf>,
    /// Write the model card: data, figures, calibration, groups, features, limits
    #[arg(long, value_name = "FILE")]
    pub card: Option<PathBuf>,
}

/// `bingli compare`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  bingli compare reports.jsonl --label diagnosis --group hospital\n  bingli compare notes.csv --label label --kinds logistic,svm,bayes --card card.html --json"
)]
pub struct Compare {
    /// What to read.
    #[command(flatten)]
    pub input: Input,
    /// How to work.
    #[command(flatten)]
    pub work: Work,
    /// Where the labels stand.
    #[command(flatten)]
    pub fields: LabelFields,
    /// How features are made.
    #[command(flatten)]
    pub ways: Ways,
    /// Kinds to compare [default: all]
    #[arg(long, value_name = "KIND", value_delimiter = ',')]
    pub kinds: Vec<String>,
    /// Number of folds, where none are given
    #[arg(long, value_name = "N", default_value_t = 5)]
    pub folds: u32,
    /// Seed of everything that is drawn
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// Write the model card of the recommended kind
    #[arg(long, value_name = "FILE")]
    pub card: Option<PathBuf>,
    /// As JSON
    #[arg(long)]
    pub json: bool,
}

/// `bingli model`.
#[derive(Debug, Subcommand)]
pub enum ModelVerb {
    /// Labels, features, how it was trained, its scores and what it has learned
    Show(Show),
}

/// `bingli model show`.
#[derive(Debug, Args)]
pub struct Show {
    /// The model
    #[arg(value_name = "MODEL")]
    pub model: PathBuf,
    /// As JSON
    #[arg(long)]
    pub json: bool,
    /// Features shown for each label
    #[arg(long, value_name = "N", default_value_t = 8)]
    pub top: usize,
}
