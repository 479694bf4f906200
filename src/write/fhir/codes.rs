//! Names and LOINC codes of findings, from `corpora/codes/fhir.toml`. A code that a more special place lacks is not taken from the
//! general one: a name may be inherited, a code never.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use toml::{Table, Value};

use super::resource::{CodeableConcept, Coding};

/// LOINC.
const LOINC: &str = "http://loinc.org";

static CODES: LazyLock<BTreeMap<String, Entry>> = LazyLock::new(|| {
    let mut all = BTreeMap::new();
    let table: Table = include_str!("../../../corpora/codes/fhir.toml").parse().unwrap_or_default();
    collect("", &table, &mut all);
    all
});

#[derive(Debug, Default)]
struct Entry {
    name: String,
    loinc: Option<String>,
}

fn collect(path: &str, table: &Table, all: &mut BTreeMap<String, Entry>) {
    for (key, value) in table {
        let Value::Table(inner) = value else { continue };
        let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
        if let Some(name) = inner.get("name").and_then(Value::as_str) {
            all.insert(path.clone(), Entry { name: name.to_string(), loinc: inner.get("loinc").and_then(Value::as_str).map(str::to_string) });
        }
        collect(&path, inner, all);
    }
}

/// The concept of a finding: the first of `keys` that is known; `of` names it closer, as a marker or a place.
pub fn concept(keys: &[String], of: Option<&str>) -> CodeableConcept {
    let entry = keys.iter().find_map(|key| CODES.get(key));
    let name = entry.map_or_else(|| keys.last().cloned().unwrap_or_default(), |entry| entry.name.clone());
    CodeableConcept {
        coding: entry.and_then(|entry| entry.loinc.as_ref()).map(|code| Coding { system: LOINC, code: code.clone() }).into_iter().collect(),
        text: Some(of.filter(|of| !of.trim().is_empty()).map_or_else(|| name.clone(), |of| format!("{name}: {of}"))),
    }
}

/// A LOINC code of a laboratory result.
pub fn loinc(code: &str) -> Coding {
    Coding { system: LOINC, code: code.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_finding_has_a_name_and_every_code_its_form() {
        let form = regex::Regex::new("^[0-9]{1,7}-[0-9]$").unwrap();
        assert!(CODES.len() > 60);
        for (key, entry) in CODES.iter() {
            assert!(!entry.name.is_empty() && entry.loinc.as_ref().is_none_or(|code| form.is_match(code)), "{key}");
        }
        assert_eq!(concept(&["t.pathological".into()], None).coding[0].code, "21899-0");
        assert!(concept(&["ihc.none".into(), "ihc".into()], Some("CK7")).text.is_some_and(|text| text.ends_with(": CK7")));
    }
}
