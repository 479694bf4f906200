//! What a value of a report says, before it is put into an `Observation`: one shape for laboratory results, findings and labels.

use super::resource::{CodeableConcept, Component, ReferenceRange, Value};

/// One value.
#[derive(Debug, Default)]
pub struct Statement {
    /// What it is about.
    pub code: CodeableConcept,
    /// The value.
    pub value: Option<Value>,
    /// Whether the text says "about".
    pub approximate: bool,
    /// High, low, positive, …
    pub interpretation: Option<CodeableConcept>,
    /// Reference interval.
    pub reference: Option<ReferenceRange>,
    /// When it was measured.
    pub date: Option<String>,
    /// Where.
    pub site: Option<CodeableConcept>,
    /// By which system.
    pub method: Option<String>,
    /// Parts.
    pub components: Vec<Component>,
}

/// A date as FHIR has it: a year, a month or a day.
pub fn date(text: &str) -> Option<String> {
    let day = text.get(..10).or(text.get(..7)).or(text.get(..4))?;
    let form = day.bytes().enumerate().all(|(index, byte)| if matches!(index, 4 | 7) { byte == b'-' } else { byte.is_ascii_digit() });
    form.then(|| day.to_string())
}

#[cfg(test)]
mod tests {
    use super::date;

    #[test]
    fn only_dates_that_fhir_knows_are_written() {
        assert_eq!(date("2023").as_deref(), Some("2023"));
        assert_eq!(date("2023-04-01T10:00").as_deref(), Some("2023-04-01"));
        assert_eq!(date("4月1日"), None);
        assert_eq!(date("****-**"), None);
    }
}
