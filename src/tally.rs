//! Counts of a run: per report a few counters, added up over all, written as `summary.json`. Holds names of kinds, never report text.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::record::{Record, name_of};

/// Counters by group and name, as `finding` and `tnm`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally(BTreeMap<String, BTreeMap<String, u64>>);

impl Tally {
    /// The counters of one record.
    pub fn of(record: &Record) -> Self {
        let mut tally = Self::default();
        tally.count("reports", "done");
        tally.count("languages", &name_of(&record.language));
        tally.count("encodings", &record.encoding);
        for lab in &record.labs {
            tally.count("labs", &lab.value.analyte);
            lab.value.doubts.iter().for_each(|doubt| tally.count("doubts", &name_of(doubt)));
        }
        for finding in &record.findings {
            tally.count("findings", finding.value.detail.kind());
            finding.value.doubts.iter().for_each(|doubt| tally.count("doubts", &name_of(doubt)));
        }
        for redaction in &record.redactions {
            tally.count("redactions", redaction.kind);
        }
        for note in &record.quality.notes {
            tally.count("quality", note);
        }
        tally
    }

    /// Adds one to a counter.
    pub fn count(&mut self, group: &str, name: &str) {
        *self.0.entry(group.to_string()).or_default().entry(name.to_string()).or_default() += 1;
    }

    /// Adds all counters of another.
    pub fn add(&mut self, other: &Self) {
        for (group, counters) in &other.0 {
            let own = self.0.entry(group.clone()).or_default();
            for (name, count) in counters {
                *own.entry(name.clone()).or_default() += count;
            }
        }
    }

    /// One counter.
    pub fn get(&self, group: &str, name: &str) -> u64 {
        self.0.get(group).and_then(|counters| counters.get(name)).copied().unwrap_or(0)
    }

    /// The counters of a group, by name.
    pub fn group(&self, group: &str) -> impl Iterator<Item = (&str, u64)> {
        self.0.get(group).into_iter().flatten().map(|(name, count)| (name.as_str(), *count))
    }

    /// As it stands in `summary.json`.
    pub fn json(&self) -> Map<String, Value> {
        self.0.iter().map(|(group, counters)| (group.clone(), json!(counters))).collect()
    }
}

/// What a batch came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// Reports in the outputs.
    pub done: u64,
    /// Of these, taken over from an earlier run.
    pub taken_over: u64,
    /// Reports that failed.
    pub failed: u64,
    /// Whether the run was ended from outside; its outputs are not published, `--resume` goes on.
    pub interrupted: bool,
}
