//! Checks of a report against itself: what cannot be right together is said, with the findings it rests on. Nothing is corrected.
//!
//! Tables of the staging systems are data of the lexicon and wide enough for the editions in use, so that a check speaks only
//! where no edition agrees with the report. A value with an X, an open range or another organ's rule gives no check.

mod scores;
mod staging;
#[cfg(test)]
mod tests;

use serde::Serialize;

use super::summary::Summary;
use super::{Detail, Finding, Presence, Reading, Temporality};
use crate::error::Result;
use crate::lexicon::Lexicon;
use staging::Staging;

/// Something in a report that does not fit something else in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// Which rule, as documented.
    pub rule: &'static str,
    /// What does not fit, in numbers and categories.
    pub message: String,
    /// Indexes of the findings it rests on.
    pub findings: Vec<usize>,
}

/// Checks reports by one lexicon.
#[derive(Debug)]
pub struct Checker {
    staging: Staging,
    /// Organs whose tumour is of one side in one report.
    paired: Vec<String>,
}

impl Checker {
    /// Takes the staging tables of a lexicon.
    ///
    /// # Errors
    /// Where a table is missing or not well-formed.
    pub fn new(lexicon: &Lexicon) -> Result<Self> {
        let sides = lexicon.vocabulary(lexicon.class("organ.sides")?);
        let paired = sides.entries.iter().filter(|entry| entry.id() == "paired").flat_map(|entry| entry.list("organs")).map(str::to_string).collect();
        Ok(Self { staging: Staging::new(lexicon)?, paired })
    }

    /// All checks that speak, in the order of the rules and of the text.
    pub fn check(&self, reading: &Reading<'_>, findings: &[Finding], summary: &Summary) -> Vec<Check> {
        let mut out = Vec::new();
        scores::nodes(findings, &mut out);
        scores::gleason(findings, &mut out);
        scores::nottingham(findings, &mut out);
        scores::allred(reading, findings, &mut out);
        scores::her2(findings, &mut out);
        self.staging.check(findings, summary, &mut out);
        let organ = summary.primary_site.as_ref().and_then(|site| site.icdo.as_deref()).and_then(|code| code.get(..3));
        if organ.is_some_and(|organ| self.paired.iter().any(|known| known == organ)) && summary.laterality.as_deref() != Some("bilateral") {
            sides(findings, &mut out);
        }
        out
    }
}

/// Whether a finding is about the patient's tumour now.
fn counts(finding: &Finding) -> bool {
    finding.assertion.presence == Presence::Present && finding.assertion.temporality == Temporality::Current
}

/// Left and right both stand by the tumour's organ, and nothing says both sides.
fn sides(findings: &[Finding], out: &mut Vec<Check>) {
    let of = |value: &str| -> Vec<usize> {
        let side = |finding: &Finding| matches!(&finding.detail, Detail::Laterality(side) if side.value == value) && counts(finding);
        findings.iter().enumerate().filter(|(_, finding)| side(finding)).map(|(index, _)| index).collect()
    };
    let (left, right) = (of("left"), of("right"));
    if !left.is_empty() && !right.is_empty() && of("bilateral").is_empty() {
        let mut findings: Vec<usize> = left.into_iter().chain(right).collect();
        findings.sort_unstable();
        out.push(Check { rule: "laterality-conflict", message: "left and right are both given for the organ of the tumour".into(), findings });
    }
}
