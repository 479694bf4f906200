//! The data of the laboratory: factors against an independent UCUM, codes against the property of their unit, tidy entries,
//! hostile text.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use bingli::document::Document;
use bingli::findings::Extractor;
use bingli::fold::fold;
use bingli::lexicon::{Entry, Lexicon, Packed};

fn lexicon() -> Lexicon {
    Lexicon::embedded().expect("embedded lexicon")
}

fn entries<'a>(lexicon: &'a Lexicon, class: &str) -> &'a [Entry] {
    &lexicon.vocabulary(lexicon.class(class).expect("class")).entries
}

fn units(entry: &Entry) -> Vec<(String, f64, Option<String>, String)> {
    let field = |unit: Packed<'_>, key: &str| match unit.values().pairs().find(|(own, _)| *own == key)?.1 {
        Packed::Text(text) | Packed::Number(text) => Some(text.to_string()),
        _ => None,
    };
    entry
        .attribute("units")
        .into_iter()
        .flat_map(Packed::values)
        .map(|unit| {
            (
                field(unit, "ucum").unwrap_or_default(),
                field(unit, "factor").and_then(|factor| factor.parse().ok()).unwrap_or(0.0),
                field(unit, "loinc"),
                field(unit, "loinc_status").unwrap_or_default(),
            )
        })
        .collect()
}

#[test]
fn scales_of_a_family_agree_with_an_independent_ucum() {
    let lexicon = lexicon();
    let mut by_family: BTreeMap<&str, Vec<(&str, f64)>> = BTreeMap::new();
    for unit in entries(&lexicon, "unit") {
        octofhir_ucum::validate(unit.id()).unwrap_or_else(|error| panic!("{}: {error:?}", unit.id()));
        by_family.entry(unit.text("family").expect("family")).or_default().push((unit.id(), unit.number("scale").expect("scale")));
    }
    let mut compared = 0;
    for (family, list) in by_family {
        let (base, base_scale) = list[0];
        for (unit, scale) in &list[1..] {
            // An international unit has no size in UCUM: the lexicon takes it for the enzyme unit, as laboratories print them alike.
            if unit.contains("IU") != base.contains("IU") || !octofhir_ucum::is_comparable(unit, base).unwrap_or(false) {
                continue;
            }
            let factor = octofhir_ucum::convert(1.0, unit, base).unwrap_or_else(|error| panic!("{unit} in {base}: {error:?}"));
            let ours = scale / base_scale;
            assert!((factor / ours - 1.0).abs() < 1e-4, "{family}: 1 {unit} is {factor} {base}, the lexicon says {ours}");
            compared += 1;
        }
    }
    assert!(compared > 50, "only {compared} pairs compared");
}

#[test]
fn factors_of_an_analyte_agree_with_ucum_where_no_molar_mass_is_needed() {
    let lexicon = lexicon();
    let mut compared = 0;
    for analyte in entries(&lexicon, "analyte") {
        let Some(canonical) = analyte.text("canonical") else { continue };
        for (ucum, factor, _, _) in units(analyte) {
            if factor <= 0.0 || ucum == canonical || ucum.contains("IU") != canonical.contains("IU") || ucum.contains('{') || canonical.contains('{') {
                continue;
            }
            if !octofhir_ucum::is_comparable(&ucum, canonical).unwrap_or(false) || ucum.contains("eq") {
                continue;
            }
            let theirs = octofhir_ucum::convert(1.0, &ucum, canonical).expect("comparable units convert");
            assert!((theirs / factor - 1.0).abs() < 1e-3, "{}: 1 {ucum} is {theirs} {canonical}, the lexicon says {factor}", analyte.id());
            compared += 1;
        }
    }
    assert!(compared > 40, "only {compared} factors compared");
}

/// The LOINC property that a unit measures, by the family of the unit.
fn property(family: &str) -> &str {
    match family {
        "mass/volume" | "mass/volume FEU" | "mass/volume DDU" => "mass concentration",
        "substance/volume" | "equivalent/volume" => "substance concentration",
        "activity/volume" | "arbitrary/volume" => "catalytic or arbitrary concentration",
        // A fraction is printed as percent and as a plain number.
        "fraction" | "ratio" => "fraction",
        other => other,
    }
}

#[test]
fn a_code_stands_for_one_property_of_one_analyte() {
    let lexicon = lexicon();
    let families: BTreeMap<&str, &str> = entries(&lexicon, "unit").iter().map(|unit| (unit.id(), unit.text("family").expect("family"))).collect();
    let mut seen: BTreeMap<String, (String, BTreeSet<&str>)> = BTreeMap::new();
    for analyte in entries(&lexicon, "analyte") {
        for (ucum, _, loinc, status) in units(analyte) {
            let Some(loinc) = loinc else { continue };
            assert!(check_digit(&loinc), "{}: {loinc} has a wrong check digit", analyte.id());
            assert!(["name", "unit", "unverified", "memory"].contains(&status.as_str()), "{}: status `{status}`", analyte.id());
            let entry = seen.entry(loinc.clone()).or_insert_with(|| (analyte.id().to_string(), BTreeSet::new()));
            assert_eq!(entry.0, analyte.id(), "{loinc} stands for two analytes");
            entry.1.insert(property(families[ucum.as_str()]));
        }
    }
    assert!(seen.len() > 150, "only {} codes", seen.len());
    for (loinc, (analyte, properties)) in seen {
        // A volume fraction is printed as percent and as litre in litre: both are one family.
        assert_eq!(properties.len(), 1, "{loinc} of {analyte} stands for several properties: {properties:?}");
    }
}

/// The check digit of LOINC codes (mod 10, doubling from the right).
fn check_digit(code: &str) -> bool {
    let Some((number, digit)) = code.split_once('-') else { return false };
    let sum: u32 = number
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, byte)| {
            let value = u32::from(byte.wrapping_sub(b'0'));
            if place % 2 == 0 { (value * 2) / 10 + (value * 2) % 10 } else { value }
        })
        .sum();
    digit.parse() == Ok((10 - sum % 10) % 10)
}

#[test]
fn entries_are_tidy() {
    let lexicon = lexicon();
    let analytes = entries(&lexicon, "analyte");
    assert_eq!(analytes.len(), 167);
    let mut owners: BTreeMap<String, &str> = BTreeMap::new();
    for analyte in analytes {
        assert!(!analyte.source().is_empty() && analyte.examples().next().is_some(), "{}: expected a source and examples", analyte.id());
        for form in analyte.forms() {
            if let Some(other) = owners.insert(fold(form), analyte.id()) {
                assert_eq!(other, analyte.id(), "`{form}` names two analytes");
            }
        }
        for weak in analyte.list("weak").chain(analyte.list("strict")) {
            assert!(analyte.forms().any(|form| fold(form) == weak), "{}: `{weak}` is no name of it", analyte.id());
        }
        if analyte.text("reference_source").is_none() {
            assert!(analyte.attribute("reference").is_none(), "{}: a reference without its source", analyte.id());
        }
    }
    for other in entries(&lexicon, "analyte.other") {
        for form in other.forms() {
            assert!(!owners.contains_key(&fold(form)), "`{form}` is an analyte and another thing");
        }
    }
}

/// A quadratic pass over any of these would not come to its end.
#[test]
fn hostile_text_is_read_to_its_end() {
    let extractor = Extractor::new(Arc::new(lexicon())).expect("extractor");
    for (text, most) in [
        ("CEA ".to_string() + &"1".repeat(1_000_000), 1),
        ("CEA(".repeat(50_000), 0),
        ("hb/".repeat(50_000), 0),
        ("钾、".repeat(30_000), 0),
        ("CEA 5.1 -> ".repeat(6_000), 6_000),
        ("[(".repeat(100_000) + "CEA 5.1", 1),
    ] {
        let document = Document { text, ..Document::default() };
        let found = extractor.extract(&extractor.read(&document)).labs.len();
        assert!(found <= most, "{found} results, expected at most {most}");
    }
}
