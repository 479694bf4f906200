//! An observation of FHIR: values as coded results, words as text.

use serde_json::{Map, Value};

use super::{list, text};
use crate::document::CodedResult;

/// Words longer than this are a text and no value.
const WORD: usize = 60;

/// Reads an observation and its components.
pub(super) fn read(observation: &Map<String, Value>, results: &mut Vec<CodedResult>, narrated: &mut String) {
    let date = ["effectiveDateTime", "issued"].iter().find_map(|key| text(observation, key)).map(|date| date.split('T').next().unwrap_or(date).to_string());
    for own in std::iter::once(observation).chain(list(observation, "component")) {
        let (name, loinc) = code(own);
        if let Some((value, unit)) = measured(own) {
            results.push(CodedResult { loinc, name, value, unit, reference: reference(own), flag: flag(own), date: date.clone() });
        } else if let Some(words) = words(own) {
            if words.chars().count() <= WORD && loinc.is_some() && !words.contains('\n') {
                results.push(CodedResult { loinc, name, value: words, unit: String::new(), reference: reference(own), flag: flag(own), date: date.clone() });
            } else {
                narrated.push_str(&format!("{name}: {words}\n"));
            }
        }
    }
}

fn code(own: &Map<String, Value>) -> (String, Option<String>) {
    let Some(code) = own.get("code").and_then(Value::as_object) else { return (String::new(), None) };
    let loinc = list(code, "coding").find(|one| text(one, "system") == Some("http://loinc.org")).and_then(|one| text(one, "code"));
    let display = || list(code, "coding").find_map(|one| text(one, "display"));
    (text(code, "text").or_else(display).or(loinc).unwrap_or("").to_string(), loinc.map(str::to_string))
}

fn number(value: &Map<String, Value>) -> Option<String> {
    value.get("value").filter(|value| value.is_number()).map(Value::to_string)
}

fn unit(value: &Map<String, Value>) -> String {
    text(value, "unit").or_else(|| text(value, "code")).unwrap_or("").to_string()
}

fn measured(own: &Map<String, Value>) -> Option<(String, String)> {
    if let Some(quantity) = own.get("valueQuantity").and_then(Value::as_object) {
        return Some((format!("{}{}", text(quantity, "comparator").unwrap_or(""), number(quantity)?), unit(quantity)));
    }
    if let Some(range) = own.get("valueRange").and_then(Value::as_object) {
        let end = |key| range.get(key).and_then(Value::as_object);
        let (low, high) = (end("low")?, end("high")?);
        return Some((format!("{}-{}", number(low)?, number(high)?), unit(high)));
    }
    own.get("valueInteger").filter(|value| value.is_number()).map(|value| (value.to_string(), String::new()))
}

fn words(own: &Map<String, Value>) -> Option<String> {
    if let Some(words) = text(own, "valueString") {
        return Some(words.trim().to_string()).filter(|words| !words.is_empty());
    }
    let concept = own.get("valueCodeableConcept").and_then(Value::as_object)?;
    text(concept, "text").or_else(|| list(concept, "coding").find_map(|one| text(one, "display"))).map(str::to_string)
}

fn reference(own: &Map<String, Value>) -> String {
    let Some(range) = list(own, "referenceRange").next() else { return String::new() };
    let end = |key: &str| range.get(key).and_then(Value::as_object).and_then(number);
    match (end("low"), end("high")) {
        (Some(low), Some(high)) => format!("{low}-{high}"),
        (Some(low), None) => format!(">={low}"),
        (None, Some(high)) => format!("<={high}"),
        (None, None) => text(range, "text").unwrap_or("").to_string(),
    }
}

fn flag(own: &Map<String, Value>) -> String {
    let coded = list(own, "interpretation").flat_map(|one| list(one, "coding")).find_map(|one| text(one, "code"));
    coded.unwrap_or("").to_string()
}
