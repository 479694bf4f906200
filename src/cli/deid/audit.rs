//! What a run of `deid` did, without a word of any text: a line a report as it goes, counts by kind at the end.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write};

use serde_json::json;
use sha2::{Digest, Sha256};

use super::{Cleaned, Cleaner, hex};
use crate::cli::args::Deidentify;
use crate::cli::output;

/// The log of one run.
pub struct Audit {
    file: BufWriter<File>,
    reports: usize,
    kinds: BTreeMap<&'static str, usize>,
}

impl Audit {
    /// Begins the log, where one was asked for.
    pub fn open(verb: &Deidentify, cleaner: &Cleaner) -> anyhow::Result<Option<Self>> {
        let Some(path) = &verb.audit else { return Ok(None) };
        let mut file = BufWriter::new(output::private(path)?);
        let mode = format!("{:?}", verb.deid).to_lowercase();
        writeln!(file, "{}", json!({ "version": env!("CARGO_PKG_VERSION"), "lexicon": cleaner.lexicon.hash(), "mode": mode }))?;
        Ok(Some(Self { file, reports: 0, kinds: BTreeMap::new() }))
    }

    /// Counts a report.
    pub fn count(&mut self, cleaned: &Cleaned) -> std::io::Result<()> {
        self.reports += 1;
        for redaction in &cleaned.redactions {
            *self.kinds.entry(redaction.kind).or_default() += 1;
        }
        let hash = |text: &str| hex(&Sha256::digest(text.as_bytes()));
        let line = json!({ "id": hash(&cleaned.id), "before": cleaned.sha256, "after": hash(&cleaned.text), "removed": cleaned.redactions.len() });
        writeln!(self.file, "{line}")
    }

    /// Ends the log.
    pub fn finish(mut self) -> std::io::Result<()> {
        writeln!(self.file, "{}", json!({ "reports": self.reports, "kinds": self.kinds }))?;
        self.file.flush()
    }
}
