//! `summary.csv`: a row a report, one answer a field; what the report leaves open is empty.

use super::{Cells, Column, Kind, Rows};
use crate::record::{Record, name_of};

/// The table of reports.
#[derive(Debug, Clone, Copy, Default)]
pub struct SummaryRows;

impl Rows for SummaryRows {
    fn columns(&self) -> &'static [Column] {
        &[
            ("id", Kind::Text),
            ("source", Kind::Text),
            ("language", Kind::Text),
            ("status", Kind::Text),
            ("t", Kind::Text),
            ("n", Kind::Text),
            ("m", Kind::Text),
            ("stage_group", Kind::Text),
            ("primary_site", Kind::Text),
            ("primary_site_icdo", Kind::Text),
            ("histology", Kind::Text),
            ("histology_icdo", Kind::Text),
            ("laterality", Kind::Text),
            ("differentiation", Kind::Text),
            ("grade", Kind::Text),
            ("gleason_primary", Kind::Number),
            ("gleason_secondary", Kind::Number),
            ("gleason_score", Kind::Number),
            ("tumor_size_mm", Kind::Number),
            ("nodes_positive", Kind::Number),
            ("nodes_examined", Kind::Number),
            ("margin", Kind::Text),
            ("lvi", Kind::Text),
            ("pni", Kind::Text),
            ("ene", Kind::Text),
            ("er", Kind::Text),
            ("pr", Kind::Text),
            ("her2", Kind::Text),
            ("her2_score", Kind::Text),
            ("ki67_percent", Kind::Number),
            ("specimen", Kind::Text),
            ("label", Kind::Text),
            ("label_probability", Kind::Number),
            ("label_abstained", Kind::Text),
            ("labs", Kind::Count),
            ("findings", Kind::Count),
            ("doubts", Kind::Count),
            ("characters", Kind::Count),
            ("legible", Kind::Number),
            ("derived", Kind::Text),
        ]
    }

    fn rows(&self, record: &Record, out: &mut dyn Cells) {
        let summary = &record.summary;
        let whole = |number: Option<u32>| number.map(f64::from);
        let doubts = record.labs.iter().map(|lab| lab.value.doubts.len()).sum::<usize>()
            + record.findings.iter().map(|finding| finding.value.doubts.len()).sum::<usize>();
        out.text(&record.id);
        out.text(&record.source);
        out.text(&name_of(&record.language));
        out.option(record.meta.status.map(|status| name_of(&status)).as_deref());
        for field in [&summary.t, &summary.n, &summary.m, &summary.stage_group] {
            out.option(field.as_deref());
        }
        for coded in [&summary.primary_site, &summary.histology] {
            out.option(coded.as_ref().map(|coded| coded.text.as_str()));
            out.option(coded.as_ref().and_then(|coded| coded.icdo.as_deref()));
        }
        for field in [&summary.laterality, &summary.differentiation, &summary.grade] {
            out.option(field.as_deref());
        }
        let gleason = &summary.gleason;
        out.number(whole(gleason.primary));
        out.number(whole(gleason.secondary));
        out.number(whole(gleason.score));
        out.number(summary.tumor_size_mm);
        out.number(whole(summary.nodes.positive));
        out.number(whole(summary.nodes.examined));
        for field in [&summary.margin, &summary.lvi, &summary.pni, &summary.ene, &summary.er, &summary.pr, &summary.her2, &summary.her2_score] {
            out.option(field.as_deref());
        }
        out.number(summary.ki67_percent);
        out.option(summary.specimen.as_deref());
        let label = record.labels.first().map(|placed| &placed.label);
        out.option(label.map(|label| label.label.as_str()));
        out.number(label.map(|label| f64::from(label.probability)));
        out.option(label.map(|label| if label.abstained { "yes" } else { "no" }));
        out.count(record.labs.len());
        out.count(record.findings.len());
        out.count(doubts);
        out.count(record.quality.characters);
        out.number(Some(record.quality.legible));
        let derived: Vec<String> = summary.derived.iter().map(|(field, basis)| format!("{field}:{basis}")).collect();
        out.option(Some(derived.join(" ")).filter(|text| !text.is_empty()).as_deref());
        out.end();
    }
}
