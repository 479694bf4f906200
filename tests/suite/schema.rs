//! Every record of the bundled reports fits the JSON Schema that ships, and the schema is one that rejects.
//!
//! The keywords that the schema uses are checked here by a few lines, so that the quick suite needs no further crate;
//! `.ci/run` checks the same records with a full validator.

use serde_json::{Value, json};

use crate::program::{records, run};

const KEYWORDS: [&str; 17] = [
    "$schema",
    "$id",
    "title",
    "description",
    "$defs",
    "$ref",
    "type",
    "const",
    "enum",
    "properties",
    "required",
    "additionalProperties",
    "items",
    "oneOf",
    "minimum",
    "maximum",
    "pattern",
];
const LENGTHS: [&str; 2] = ["minItems", "maxItems"];

/// The first place where a value does not fit a schema.
fn misfit(root: &Value, schema: &Value, value: &Value, place: &str) -> Option<String> {
    let fail = |what: &str| Some(format!("{place}: {what}"));
    let Some(object) = schema.as_object() else { return fail("the schema is no object") };
    if let Some(unknown) = object.keys().find(|key| !KEYWORDS.contains(&key.as_str()) && !LENGTHS.contains(&key.as_str())) {
        return fail(&format!("a keyword that this test does not know: {unknown}"));
    }
    if let Some(reference) = schema["$ref"].as_str() {
        let target = root.pointer(reference.trim_start_matches('#'))?;
        return misfit(root, target, value, place);
    }
    if object.contains_key("const") && schema["const"] != *value {
        return fail("const");
    }
    if schema["enum"].as_array().is_some_and(|allowed| !allowed.contains(value)) {
        return fail("enum");
    }
    let kinds: Vec<&str> =
        schema["type"].as_array().map_or_else(|| schema["type"].as_str().into_iter().collect(), |kinds| kinds.iter().filter_map(Value::as_str).collect());
    let is = |kind: &str| match kind {
        "null" => value.is_null(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "number" => value.is_number(),
        "integer" => value.is_i64() || value.is_u64(),
        "array" => value.is_array(),
        _ => value.is_object(),
    };
    if !kinds.is_empty() && !kinds.iter().any(|kind| is(kind)) {
        return fail("type");
    }
    if let Some(number) = value.as_f64()
        && (schema["minimum"].as_f64().is_some_and(|least| number < least) || schema["maximum"].as_f64().is_some_and(|most| number > most))
    {
        return fail("range");
    }
    if let (Some(text), Some(pattern)) = (value.as_str(), schema["pattern"].as_str())
        && !regex::Regex::new(pattern).unwrap().is_match(text)
    {
        return fail("pattern");
    }
    if let Some(items) = value.as_array() {
        let length = items.len() as u64;
        if schema["minItems"].as_u64().is_some_and(|least| length < least) || schema["maxItems"].as_u64().is_some_and(|most| length > most) {
            return fail("length");
        }
        if object.contains_key("items")
            && let Some(found) = items.iter().enumerate().find_map(|(index, item)| misfit(root, &schema["items"], item, &format!("{place}/{index}")))
        {
            return Some(found);
        }
    }
    if let Some(fields) = value.as_object() {
        if let Some(missing) = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).find(|name| !fields.contains_key(*name)) {
            return fail(&format!("without `{missing}`"));
        }
        for (name, field) in fields {
            let place = format!("{place}/{name}");
            let own = &schema["properties"][name];
            let found = if own.is_object() {
                misfit(root, own, field, &place)
            } else if schema["additionalProperties"] == json!(false) {
                Some(format!("{place}: a field that is not in the schema"))
            } else if schema["additionalProperties"].is_object() {
                misfit(root, &schema["additionalProperties"], field, &place)
            } else {
                None
            };
            if found.is_some() {
                return found;
            }
        }
    }
    if let Some(branches) = schema["oneOf"].as_array() {
        let misfits: Vec<Option<String>> = branches.iter().map(|branch| misfit(root, branch, value, place)).collect();
        if misfits.iter().filter(|found| found.is_none()).count() != 1 {
            let closest = branches.iter().zip(misfits).find(|(branch, _)| branch["properties"]["type"]["const"] == value["type"]).and_then(|(_, found)| found);
            return Some(closest.unwrap_or_else(|| format!("{place}: fits not exactly one branch")));
        }
    }
    None
}

fn schema() -> Value {
    serde_json::from_str(include_str!("../../docs/record.schema.json")).unwrap()
}

#[test]
fn records_of_the_bundled_reports_fit_the_schema() {
    let schema = schema();
    let (code, stdout, stderr) = run(&["extract", concat!(env!("CARGO_MANIFEST_DIR"), "/corpora/reports")], b"");
    assert_eq!(code, 0, "{stderr}");
    let records = records(&stdout);
    assert!(records.len() >= 240);
    let misfits: Vec<String> = records.iter().filter_map(|record| misfit(&schema, &schema, record, record["id"].as_str().unwrap())).take(5).collect();
    assert!(misfits.is_empty(), "{misfits:#?}");
}

#[test]
fn the_schema_rejects_what_is_not_in_the_contract() {
    let schema = schema();
    let (_, stdout, _) = run(&["extract"], "诊断：编造癌，T2N0M0，大小2cm。".as_bytes());
    let record = &records(&stdout)[0];
    assert_eq!(misfit(&schema, &schema, record, ""), None);
    for (field, value) in
        [("schema", json!(2)), ("language", json!("fr")), ("findings", json!([{"type": "invented"}])), ("extra", json!(1)), ("summary", json!({}))]
    {
        let mut changed = record.clone();
        changed[field] = value;
        assert!(misfit(&schema, &schema, &changed, "").is_some(), "{field}");
    }
}
