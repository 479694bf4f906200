//! Counts of a run: per report a few counters, added up over all, written as `summary.json`. Holds names of kinds, never report text.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::findings::Presence;
use crate::findings::detail::Detail;
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
        tally.count_answers(record);
        tally
    }

    /// What the pages of a long run show over all of it: stages, nodes, markers, labels, results against their reference intervals.
    fn count_answers(&mut self, record: &Record) {
        let summary = &record.summary;
        if summary.t.is_some() || summary.n.is_some() {
            let category = |category: &Option<String>| category.clone().unwrap_or_default();
            self.count("t_n", &format!("{}|{}", category(&summary.t), category(&summary.n)));
        }
        if let Some(group) = &summary.stage_group {
            self.count("stage_groups", group);
        }
        if let Some(positive) = summary.nodes.positive {
            self.count("positive_nodes", &positive.to_string());
        }
        if let Some(examined) = summary.nodes.examined {
            self.count("examined_nodes", &examined.to_string());
        }
        if let Some(label) = record.labels.first() {
            self.count("labels", if label.label.abstained { "" } else { &label.label.label });
        }
        for finding in record.findings.iter().filter(|finding| finding.value.assertion.presence == Presence::Present) {
            if let Detail::Ihc(own) = &finding.value.detail {
                self.count("markers", &format!("{}|{}", own.marker, own.status.as_deref().unwrap_or("")));
            }
        }
        for lab in record.labs.iter().map(|lab| &lab.value).filter(|lab| lab.assertion.presence == Presence::Present) {
            if let (Some(value), Some([Some(low), Some(high)])) = (lab.value, lab.reference)
                && high > low
            {
                // The upper end still lies within, whatever is beyond it does not.
                let eighth = ((value - low) / (high - low) * 8.0).floor().clamp(-24.0, 32.0);
                let eighth = if value > high { eighth.max(8.0) } else { eighth.min(7.0) };
                self.count("against_reference", &format!("{}|{eighth}", lab.analyte));
            }
        }
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
