//! A laboratory result as the elements of an `Observation`.

use super::resource::{CodeableConcept, Quantity, Range, ReferenceRange, Value};
use super::statement::Statement;
use super::{codes, interpretation};
use crate::findings::Lab;
use crate::findings::lab::LabKind;

/// What a result says.
pub fn statement(lab: &Lab) -> Statement {
    let quantity = |value: f64| Quantity::written(value, &lab.unit, lab.ucum.as_deref());
    let comparator = Some(lab.comparator).filter(|comparator| matches!(*comparator, "<" | "<=" | ">=" | ">"));
    let value = match (lab.kind, lab.value, &lab.text_value) {
        (LabKind::Range, Some(low), _) => Some(Value::Range(Range { low: Some(quantity(low)), high: lab.value_high.map(quantity) })),
        (LabKind::Numeric, Some(value), _) => Some(Value::Quantity(Quantity { comparator, ..quantity(value) })),
        (_, _, Some(words)) if !words.trim().is_empty() => Some(Value::Concept(CodeableConcept::words(words))),
        _ => None,
    };
    let flag = lab.flag.and_then(|flag| {
        Some(match flag {
            "low" => "L",
            "high" => "H",
            "critical-low" => "LL",
            "critical-high" => "HH",
            "normal" => "N",
            "abnormal" => "A",
            _ => return None,
        })
    });
    Statement {
        code: CodeableConcept { coding: lab.loinc.as_deref().map(codes::loinc).into_iter().collect(), text: Some(lab.name.clone()) },
        value,
        approximate: lab.comparator == "~",
        interpretation: flag.map(interpretation),
        reference: lab.reference.map(|[low, high]| ReferenceRange {
            range: Range { low: low.map(quantity), high: high.map(quantity) },
            text: lab.reference_source.map(str::to_string),
        }),
        date: lab.date.clone(),
        ..Statement::default()
    }
}
