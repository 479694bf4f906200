//! `labs.csv`: a row a laboratory result.

use super::{Cells, Column, Kind, Rows};
use crate::record::{Record, name_of};

/// The table of laboratory results.
#[derive(Debug, Clone, Copy, Default)]
pub struct LabRows;

impl Rows for LabRows {
    fn columns(&self) -> &'static [Column] {
        &[
            ("id", Kind::Text),
            ("analyte", Kind::Text),
            ("name", Kind::Text),
            ("kind", Kind::Text),
            ("comparator", Kind::Text),
            ("value", Kind::Number),
            ("value_high", Kind::Number),
            ("text_value", Kind::Text),
            ("unit", Kind::Text),
            ("ucum", Kind::Text),
            ("canonical_value", Kind::Number),
            ("canonical_ucum", Kind::Text),
            ("loinc", Kind::Text),
            ("reference_low", Kind::Number),
            ("reference_high", Kind::Number),
            ("reference_source", Kind::Text),
            ("flag", Kind::Text),
            ("flag_source", Kind::Text),
            ("specimen", Kind::Text),
            ("date", Kind::Text),
            ("presence", Kind::Text),
            ("temporality", Kind::Text),
            ("section", Kind::Text),
            ("start", Kind::Count),
            ("end", Kind::Count),
            ("text", Kind::Text),
            ("doubts", Kind::Text),
        ]
    }

    fn rows(&self, record: &Record, out: &mut dyn Cells) {
        for placed in &record.labs {
            let lab = &placed.value;
            out.text(&record.id);
            out.text(&lab.analyte);
            out.text(&lab.name);
            out.text(name_of(&lab.kind).as_str());
            out.text(lab.comparator);
            out.number(lab.value);
            out.number(lab.value_high);
            out.option(lab.text_value.as_deref());
            out.text(&lab.unit);
            out.option(lab.ucum.as_deref());
            out.number(lab.canonical.as_ref().map(|quantity| quantity.value));
            out.option(lab.canonical.as_ref().map(|quantity| quantity.ucum.as_str()));
            out.option(lab.loinc.as_deref());
            out.number(lab.reference.and_then(|ends| ends[0]));
            out.number(lab.reference.and_then(|ends| ends[1]));
            out.option(lab.reference_source);
            out.option(lab.flag);
            out.option(lab.flag_source);
            out.option(lab.specimen.as_deref());
            out.option(lab.date.as_deref());
            out.text(&name_of(&lab.assertion.presence));
            out.text(&name_of(&lab.assertion.temporality));
            out.text(&lab.section);
            out.count(placed.start);
            out.count(placed.end);
            out.text(&placed.text);
            out.text(&list_of(&lab.doubts));
            out.end();
        }
    }
}

/// Names joined by `; `.
pub(super) fn list_of<T: serde::Serialize>(values: &[T]) -> String {
    values.iter().map(name_of).collect::<Vec<_>>().join("; ")
}
