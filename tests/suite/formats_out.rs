//! Formats out: what was written reads back with an independent reader, slices to the text, and stays in its folder.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::program::{path, records, run};

const REPORTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/corpora/reports");

fn bundled() -> Vec<Value> {
    let (code, stdout, stderr) = run(&["extract", REPORTS, "--with-text"], b"");
    assert_eq!(code, 0, "{stderr}");
    records(&stdout)
}

fn rows(file: &Path) -> (Vec<String>, Vec<BTreeMap<String, String>>) {
    let bytes = fs::read(file).unwrap();
    let mut reader = csv::Reader::from_reader(bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes));
    let header: Vec<String> = reader.headers().unwrap().iter().map(str::to_string).collect();
    let rows = reader.records().map(|row| header.iter().cloned().zip(row.unwrap().iter().map(str::to_string)).collect()).collect();
    (header, rows)
}

fn slice(text: &str, start: usize, end: usize) -> String {
    text.chars().skip(start).take(end - start).collect()
}

#[test]
fn brat_offsets_slice_back_to_the_text() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("brat");
    let (code, _, stderr) = run(&["extract", REPORTS, "--format", "brat", "-o", path(&out)], b"");
    assert_eq!(code, 0, "{stderr}");
    let ids = fs::read_to_string(out.join("ids.tsv")).unwrap();
    let all = bundled();
    assert_eq!(ids.lines().count() - 1, all.len());
    let mut entities = 0;
    for (line, record) in ids.lines().skip(1).zip(&all) {
        let (name, id) = line.split_once('\t').unwrap();
        assert_eq!(id, record["id"]);
        let text = fs::read_to_string(out.join(format!("{name}.txt"))).unwrap();
        assert_eq!(text, record["text"].as_str().unwrap());
        for line in fs::read_to_string(out.join(format!("{name}.ann"))).unwrap().lines().filter(|line| line.starts_with('T')) {
            let parts: Vec<&str> = line.split('\t').collect();
            assert_eq!(parts.len(), 3, "{line}");
            let (_, places) = parts[1].split_once(' ').unwrap();
            let words: Vec<String> = places
                .split(';')
                .map(|place| {
                    let (start, end) = place.split_once(' ').unwrap();
                    slice(&text, start.parse().unwrap(), end.parse().unwrap())
                })
                .collect();
            assert_eq!(words.join(" ").replace('\t', " "), parts[2]);
            entities += 1;
        }
    }
    let values: usize =
        all.iter().map(|record| ["findings", "labs", "redactions"].iter().map(|field| record[*field].as_array().unwrap().len()).sum::<usize>()).sum();
    assert_eq!(entities, values);
}

#[test]
fn ids_never_leave_the_folder() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("a").join("brat");
    fs::create_dir_all(&out).unwrap();
    let lines = "{\"id\":\"../../x\",\"text\":\"pT1\\r\\nN0\"}\n{\"id\":\"..\",\"text\":\"pT1\"}\n{\"id\":\"/etc/y\",\"text\":\"pT1\"}\n{\"id\":\"a\\u0000b\",\"text\":\"pT1\"}\n{\"id\":\"A\\u0000B\",\"text\":\"pT1\"}\n";
    let (code, _, stderr) = run(&["extract", "--format", "brat", "-o", path(&out)], lines.as_bytes());
    assert_eq!(code, 0, "{stderr}");
    let inside = fs::read_dir(&out).unwrap().count();
    assert_eq!(inside, 5 * 2 + 2);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    assert_eq!(fs::read_dir(folder.path().join("a")).unwrap().count(), 1);
}

#[test]
fn omop_tables_have_the_columns_of_the_cdm_and_offsets_into_their_notes() {
    let folder = tempfile::tempdir().unwrap();
    let (code, _, stderr) = run(&["extract", REPORTS, "--format", "omop", "-o", path(folder.path())], b"");
    assert_eq!(code, 0, "{stderr}");
    let (header, notes) = rows(&folder.path().join("note.csv"));
    assert_eq!(
        header.join(","),
        "note_id,person_id,note_date,note_datetime,note_type_concept_id,note_class_concept_id,note_title,note_text,encoding_concept_id,language_concept_id,provider_id,visit_occurrence_id,visit_detail_id,note_source_value,note_event_id,note_event_field_concept_id"
    );
    let (header, terms) = rows(&folder.path().join("note_nlp.csv"));
    assert_eq!(
        header.join(","),
        "note_nlp_id,note_id,section_concept_id,snippet,offset,lexical_variant,note_nlp_concept_id,note_nlp_source_concept_id,nlp_system,nlp_date,nlp_datetime,term_exists,term_temporal,term_modifiers"
    );
    let texts: BTreeMap<&str, &str> = notes.iter().map(|note| (note["note_id"].as_str(), note["note_text"].as_str())).collect();
    assert!(texts.len() >= 240 && terms.len() > texts.len());
    for term in &terms {
        let (text, offset, variant) = (texts[term["note_id"].as_str()], term["offset"].parse().unwrap(), &term["lexical_variant"]);
        assert_eq!(slice(text, offset, offset + variant.chars().count()), *variant);
        assert!(term["snippet"].contains(variant.as_str()) || variant.chars().count() > 120);
        assert!(
            term["term_modifiers"].starts_with("type=") && term["term_modifiers"].split(';').all(|pair| pair.matches('=').count() == 1),
            "{}",
            term["term_modifiers"]
        );
    }
}

#[test]
fn tables_read_back_as_the_records_say() {
    let folder = tempfile::tempdir().unwrap();
    let (code, _, stderr) = run(&["extract", REPORTS, "--format", "csv", "--bom", "-o", path(folder.path())], b"");
    assert_eq!(code, 0, "{stderr}");
    let all = bundled();
    for table in ["labs", "findings", "summary"] {
        assert!(fs::read(folder.path().join(format!("{table}.csv"))).unwrap().starts_with(b"\xEF\xBB\xBF"), "{table}");
    }
    let (_, findings) = rows(&folder.path().join("findings.csv"));
    let expected: Vec<(&str, &Value)> =
        all.iter().flat_map(|record| record["findings"].as_array().unwrap().iter().map(|finding| (record["id"].as_str().unwrap(), finding))).collect();
    assert_eq!(findings.len(), expected.len());
    let disarmed = |cell: &str| cell.strip_prefix('\'').filter(|rest| rest.starts_with(['=', '+', '-', '@'])).unwrap_or(cell).to_string();
    for (row, (id, finding)) in findings.iter().zip(&expected) {
        assert_eq!((row["id"].as_str(), row["type"].as_str()), (*id, finding["type"].as_str().unwrap()));
        assert_eq!(disarmed(&row["text"]), finding["text"].as_str().unwrap());
        assert_eq!(row["start"], finding["start"].to_string());
    }
    let (_, labs) = rows(&folder.path().join("labs.csv"));
    let expected: Vec<&Value> = all.iter().flat_map(|record| record["labs"].as_array().unwrap()).collect();
    assert_eq!(labs.len(), expected.len());
    for (row, lab) in labs.iter().zip(expected) {
        assert_eq!(row["value"].parse::<f64>().ok(), lab["value"].as_f64());
        assert_eq!(row["loinc"], lab["loinc"].as_str().unwrap_or(""));
    }
    let (_, summary) = rows(&folder.path().join("summary.csv"));
    for (row, record) in summary.iter().zip(&all) {
        assert_eq!((row["id"].as_str(), row["t"].as_str()), (record["id"].as_str().unwrap(), record["summary"]["t"].as_str().unwrap_or("")));
    }
}

#[test]
fn one_table_goes_to_standard_output_or_a_file() {
    let (code, stdout, _) = run(&["extract", "--format", "csv"], "pT2 N1".as_bytes());
    assert!(code == 0 && stdout.lines().count() == 2 && stdout.starts_with("\"id\",\"source\""), "{stdout}");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("found.csv");
    assert_eq!(run(&["extract", "--format", "csv", "--table", "findings", "-o", path(&file)], b"pT2 N1").0, 0);
    assert_eq!(rows(&file).1[0]["type"], "tnm");
    for format in ["omop", "brat"] {
        let (code, _, stderr) = run(&["extract", "--format", format], b"pT2 N1");
        assert!(code == 2 && stderr.contains("expected `-o DIR`"), "{stderr}");
    }
}

#[test]
fn fhir_bundles_refer_within_themselves_and_never_turn_a_denial_into_a_value() {
    let (code, stdout, stderr) = run(&["extract", REPORTS, "--format", "fhir"], b"");
    assert_eq!(code, 0, "{stderr}");
    let mut observations = 0;
    for bundle in records(&stdout) {
        let entries = bundle["entry"].as_array().unwrap();
        let urls: Vec<&str> = entries.iter().map(|entry| entry["fullUrl"].as_str().unwrap()).collect();
        for entry in entries {
            let resource = &entry["resource"];
            assert_eq!(entry["fullUrl"], format!("urn:uuid:{}", resource["id"].as_str().unwrap()));
            let references = [&resource["subject"], &resource["derivedFrom"][0]];
            assert!(references.iter().filter_map(|reference| reference["reference"].as_str()).all(|reference| urls.contains(&reference)));
            if resource["resourceType"] == "Observation" {
                observations += 1;
                if resource["valueBoolean"] == Value::Bool(false) {
                    assert!(resource["code"].get("coding").is_none() && resource.get("component").is_none());
                }
                let valued = resource.as_object().unwrap().keys().filter(|key| key.starts_with("value")).count();
                assert!(valued <= 1 && (valued == 1 || resource.get("component").is_some() || resource.get("dataAbsentReason").is_some()));
            }
        }
    }
    assert!(observations > 1000, "{observations}");
}
