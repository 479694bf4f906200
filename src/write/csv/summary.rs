//! `summary.csv`: a row a report, one answer a field; what the report leaves open is empty.

use super::{Row, Rows};
use crate::record::{Record, name_of};

/// The table of reports.
#[derive(Debug, Clone, Copy, Default)]
pub struct SummaryRows;

impl Rows for SummaryRows {
    fn header(&self) -> &'static [&'static str] {
        &[
            "id",
            "source",
            "language",
            "status",
            "t",
            "n",
            "m",
            "stage_group",
            "primary_site",
            "primary_site_icdo",
            "histology",
            "histology_icdo",
            "laterality",
            "differentiation",
            "grade",
            "gleason_primary",
            "gleason_secondary",
            "gleason_score",
            "tumor_size_mm",
            "nodes_positive",
            "nodes_examined",
            "margin",
            "lvi",
            "pni",
            "ene",
            "er",
            "pr",
            "her2",
            "her2_score",
            "ki67_percent",
            "labs",
            "findings",
            "doubts",
            "characters",
            "legible",
        ]
    }

    fn rows(&self, record: &Record, out: &mut Row) {
        let summary = &record.summary;
        let whole = |number: Option<u32>| number.map(f64::from);
        let doubts = record.labs.iter().map(|lab| lab.value.doubts.len()).sum::<usize>()
            + record.findings.iter().map(|finding| finding.value.doubts.len()).sum::<usize>();
        out.text(&record.id).text(&record.source).text(&name_of(&record.language)).option(record.meta.status.map(|status| name_of(&status)).as_deref());
        for field in [&summary.t, &summary.n, &summary.m, &summary.stage_group] {
            out.option(field.as_deref());
        }
        for coded in [&summary.primary_site, &summary.histology] {
            out.option(coded.as_ref().map(|coded| coded.text.as_str())).option(coded.as_ref().and_then(|coded| coded.icdo.as_deref()));
        }
        for field in [&summary.laterality, &summary.differentiation, &summary.grade] {
            out.option(field.as_deref());
        }
        let gleason = &summary.gleason;
        out.number(whole(gleason.primary)).number(whole(gleason.secondary)).number(whole(gleason.score)).number(summary.tumor_size_mm);
        out.number(whole(summary.nodes.positive)).number(whole(summary.nodes.examined));
        for field in [&summary.margin, &summary.lvi, &summary.pni, &summary.ene, &summary.er, &summary.pr, &summary.her2, &summary.her2_score] {
            out.option(field.as_deref());
        }
        out.number(summary.ki67_percent).count(record.labs.len()).count(record.findings.len()).count(doubts);
        out.count(record.quality.characters).number(Some(record.quality.legible)).end();
    }
}
