//! `labs.csv`: a row a laboratory result.

use super::{Row, Rows};
use crate::record::{Record, name_of};

/// The table of laboratory results.
#[derive(Debug, Clone, Copy, Default)]
pub struct LabRows;

impl Rows for LabRows {
    fn header(&self) -> &'static [&'static str] {
        &[
            "id",
            "analyte",
            "name",
            "kind",
            "comparator",
            "value",
            "value_high",
            "text_value",
            "unit",
            "ucum",
            "canonical_value",
            "canonical_ucum",
            "loinc",
            "reference_low",
            "reference_high",
            "reference_source",
            "flag",
            "flag_source",
            "specimen",
            "date",
            "presence",
            "temporality",
            "section",
            "start",
            "end",
            "text",
            "doubts",
        ]
    }

    fn rows(&self, record: &Record, out: &mut Row) {
        for placed in &record.labs {
            let lab = &placed.value;
            out.text(&record.id).text(&lab.analyte).text(&lab.name).text(name_of(&lab.kind).as_str()).text(lab.comparator);
            out.number(lab.value).number(lab.value_high).option(lab.text_value.as_deref()).text(&lab.unit).option(lab.ucum.as_deref());
            out.number(lab.canonical.as_ref().map(|quantity| quantity.value)).option(lab.canonical.as_ref().map(|quantity| quantity.ucum.as_str()));
            out.option(lab.loinc.as_deref()).number(lab.reference.and_then(|ends| ends[0])).number(lab.reference.and_then(|ends| ends[1]));
            out.option(lab.reference_source).option(lab.flag).option(lab.flag_source).option(lab.specimen.as_deref()).option(lab.date.as_deref());
            out.text(&name_of(&lab.assertion.presence)).text(&name_of(&lab.assertion.temporality)).text(&lab.section);
            out.count(placed.start).count(placed.end).text(&placed.text).text(&list_of(&lab.doubts)).end();
        }
    }
}

/// Names joined by `; `.
pub(super) fn list_of<T: serde::Serialize>(values: &[T]) -> String {
    values.iter().map(name_of).collect::<Vec<_>>().join("; ")
}
