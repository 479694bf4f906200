//! `summary.csv`: a row a report, one answer a field; what the report leaves open is empty.

use super::{Row, Rows};
use crate::record::{Record, name_of};

/// The table of reports.
#[derive(Debug, Clone, Copy, Default)]
pub struct SummaryRows;

impl Rows for SummaryRows {
    fn header(&self) -> &'static [&'static str] {
        &["id", "source", "language", "status", "characters", "legible", "labs", "findings", "doubts"]
    }

    fn rows(&self, record: &Record, out: &mut Row) {
        let doubts = record.labs.iter().map(|lab| lab.value.doubts.len()).sum::<usize>()
            + record.findings.iter().map(|finding| finding.value.doubts.len()).sum::<usize>();
        out.text(&record.id).text(&record.source).text(&name_of(&record.language));
        out.option(record.meta.status.map(|status| name_of(&status)).as_deref()).count(record.quality.characters).number(Some(record.quality.legible));
        out.count(record.labs.len()).count(record.findings.len()).count(doubts).end();
    }
}
