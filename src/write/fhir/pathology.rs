//! Findings as the elements of an `Observation`, after mCODE where it has the element.

use super::resource::{CodeableConcept, Component, Quantity, Range, Value};
use super::statement::Statement;
use super::{ICDO, codes, interpretation};
use crate::findings::Detail;
use crate::findings::detail::{Gleason, Ihc, LymphNodes, Tnm, TumorSize};

/// What a finding says; `breast` chooses the codes that hold for a breast specimen alone.
pub fn statements(detail: &Detail, breast: bool) -> Vec<Statement> {
    let plain = |kind: &str, of: Option<&str>, value: &str| Statement {
        code: codes::concept(&[kind.to_string()], of),
        value: Some(Value::Concept(CodeableConcept::words(value))),
        ..Statement::default()
    };
    let kind = detail.kind();
    vec![match detail {
        Detail::Tnm(tnm) => return categories(tnm),
        Detail::StageGroup(stage) => Statement { method: Some(stage.system.clone()), ..plain(kind, None, &stage.stage) },
        Detail::TumorSize(size) => size_of(size),
        Detail::LymphNodes(nodes) => nodes_of(nodes),
        Detail::Margin(margin) => Statement {
            code: codes::concept(&if breast { vec!["margin.breast".into()] } else { vec!["margin".into()] }, None),
            site: margin.site.as_deref().map(CodeableConcept::words),
            components: component("margin.distance", margin.distance_mm.map(|distance| Value::Quantity(Quantity::of(distance, "mm")))),
            ..plain(kind, None, &margin.status)
        },
        Detail::Lvi(found) => plain(kind, None, &found.status),
        Detail::Pni(found) => plain(kind, None, &found.status),
        Detail::Ene(found) => plain(kind, None, &found.status),
        Detail::Differentiation(found) => plain(kind, None, &found.to.as_ref().map_or_else(|| found.from.clone(), |to| format!("{} to {to}", found.from))),
        Detail::Grade(grade) => Statement {
            code: codes::concept(&[format!("grade.{}", grade.system), "grade".into()], None),
            method: Some(grade.system.clone()),
            components: component("grade.score", grade.score.map(whole)),
            ..plain(kind, None, &grade.grade)
        },
        Detail::Gleason(gleason) => gleason_of(gleason),
        Detail::Ihc(ihc) => marker(ihc, breast),
        Detail::Histology(histology) => Statement {
            value: Some(Value::Concept(icdo(&histology.name, histology.icdo.as_deref()))),
            components: component("histology.printed", histology.icdo_printed.as_ref().map(|code| Value::Words(code.clone()))),
            ..plain(kind, None, "")
        },
        Detail::PrimarySite(site) => Statement { value: Some(Value::Concept(icdo(&site.text, site.icdo.as_deref()))), ..plain(kind, None, "") },
        Detail::Metastasis(metastasis) => {
            Statement { value: Some(Value::Concept(icdo(&metastasis.site, metastasis.icdo.as_deref()))), ..plain(kind, None, "") }
        }
        Detail::Laterality(side) => plain(kind, None, &side.value),
        Detail::Depth(depth) => Statement {
            components: component("depth.millimetres", depth.depth_mm.map(|depth| Value::Quantity(Quantity::of(depth, "mm")))),
            ..plain(kind, None, depth.level.as_deref().unwrap_or(""))
        },
        Detail::Procedure(procedure) => Statement { method: Some(procedure.value.clone()), ..plain(kind, None, &procedure.name) },
        Detail::Specimen(specimen) => plain(kind, specimen.label.as_deref(), &specimen.text),
        Detail::TumorDeposits(deposits) => {
            Statement { components: component("tumor_deposits.count", deposits.count.map(whole)), ..plain(kind, None, &deposits.status) }
        }
        Detail::Mmr(found) => plain(kind, None, &found.status),
        Detail::Msi(found) => plain(kind, None, &found.status),
        Detail::Molecular(found) => Statement {
            components: component("molecular.variant", found.variant.clone().filter(|variant| !variant.trim().is_empty()).map(Value::Words)),
            ..plain(kind, Some(&found.gene), &found.result)
        },
        Detail::Pdl1(found) => Statement { value: Some(percentages(found.score)), ..plain(kind, Some(&found.kind), "") },
        Detail::SpecialStain(found) => {
            Statement { interpretation: found.status.as_deref().and_then(polarity), ..plain(kind, Some(&found.stain), found.status.as_deref().unwrap_or("")) }
        }
    }]
}

/// One statement a category, pathological or clinical as the prefix says.
fn categories(tnm: &Tnm) -> Vec<Statement> {
    let basis = match tnm.prefix.as_str() {
        "p" | "yp" | "rp" | "a" => Some("pathological"),
        "c" | "yc" => Some("clinical"),
        _ => None,
    };
    let fields = [
        ("t", &tnm.t),
        ("n", &tnm.n),
        ("m", &tnm.m),
        ("lymphatic", &tnm.lymphatic),
        ("venous", &tnm.venous),
        ("perineural", &tnm.perineural),
        ("residual", &tnm.residual),
    ];
    let stated = fields.into_iter().filter_map(|(name, value)| Some((name, value.as_deref()?)));
    let statement = |(name, value): (&str, &str)| {
        let keys: Vec<String> = basis.map(|basis| format!("{name}.{basis}")).into_iter().chain([name.to_string()]).collect();
        let prefix = if matches!(name, "t" | "n" | "m") { tnm.prefix.as_str() } else { "" };
        Statement {
            code: codes::concept(&keys, None),
            value: Some(Value::Concept(CodeableConcept::words(&format!("{prefix}{value}")))),
            method: tnm.edition.clone(),
            ..Statement::default()
        }
    };
    stated.map(statement).collect()
}

fn size_of(size: &TumorSize) -> Statement {
    let dimensions = size.dimensions_mm.iter().enumerate().take(3).map(|(index, dimension)| {
        let key = if index == 0 { "tumor_size.longest" } else { "tumor_size.further" };
        Component { code: codes::concept(&[key.into()], None), value: Value::Quantity(Quantity::of(*dimension, "mm")) }
    });
    Statement { code: codes::concept(&["tumor_size".into()], None), components: dimensions.collect(), ..Statement::default() }
}

/// Codes for the counts of all nodes; those of a station have words alone.
fn nodes_of(nodes: &LymphNodes) -> Statement {
    let count = |key: &str, count: Option<u32>| {
        component(key, count.map(|count| Value::Quantity(Quantity::of(f64::from(count), "{#}")))).into_iter().map(|mut part| {
            if nodes.station.is_some() {
                part.code.coding.clear();
            }
            part
        })
    };
    Statement {
        code: codes::concept(&["lymph_nodes".into()], nodes.station.as_deref()),
        site: nodes.station.as_deref().map(CodeableConcept::words),
        components: count("lymph_nodes.positive", nodes.positive).chain(count("lymph_nodes.examined", nodes.examined)).collect(),
        ..Statement::default()
    }
}

fn gleason_of(gleason: &Gleason) -> Statement {
    let parts = [
        ("gleason.primary", gleason.primary),
        ("gleason.secondary", gleason.secondary),
        ("gleason.tertiary", gleason.tertiary),
        ("gleason.grade_group", gleason.grade_group),
    ];
    Statement {
        code: codes::concept(&["gleason".into()], None),
        value: gleason.score.map(whole),
        components: parts.into_iter().flat_map(|(key, number)| component(key, number.map(whole))).collect(),
        ..Statement::default()
    }
}

/// A marker; receptors have codes, others words.
fn marker(ihc: &Ihc, breast: bool) -> Statement {
    let name = ihc.marker.to_lowercase();
    let keys = |part: &str| -> Vec<String> {
        let special = if breast { vec![format!("ihc.{name}.breast{part}")] } else { Vec::new() };
        special.into_iter().chain([format!("ihc.{name}{part}"), format!("ihc{part}")]).collect()
    };
    let known = codes::concept(&keys("")[..keys("").len() - 1], None);
    let part = |part: &str, value: Option<Value>| value.map(|value| Component { code: codes::concept(&keys(part), None), value });
    let parts = [
        part(".percent", ihc.percent.map(percentages)),
        part(".score", ihc.score.clone().map(Value::Words)),
        part(".intensity", ihc.intensity.clone().map(Value::Words)),
    ];
    Statement {
        code: if known.coding.is_empty() { codes::concept(&["ihc".into()], Some(&ihc.marker)) } else { known },
        value: ihc.status.as_deref().map(|status| Value::Concept(CodeableConcept::words(status))),
        interpretation: ihc.status.as_deref().and_then(polarity),
        site: ihc.qualifier.as_deref().filter(|words| !words.trim().is_empty()).map(CodeableConcept::words),
        components: parts.into_iter().flatten().collect(),
        ..Statement::default()
    }
}

fn polarity(status: &str) -> Option<CodeableConcept> {
    Some(interpretation(match status {
        "positive" => "POS",
        "negative" => "NEG",
        "equivocal" => "IND",
        _ => return None,
    }))
}

fn percentages([low, high]: [f64; 2]) -> Value {
    if low == high {
        return Value::Quantity(Quantity::of(low, "%"));
    }
    Value::Range(Range { low: Some(Quantity::of(low, "%")), high: Some(Quantity::of(high, "%")) })
}

fn component(key: &str, value: Option<Value>) -> Vec<Component> {
    value.map(|value| Component { code: codes::concept(&[key.to_string()], None), value }).into_iter().collect()
}

fn whole(number: u32) -> Value {
    Value::Integer(u64::from(number))
}

/// Words with their ICD-O-3 code.
fn icdo(words: &str, code: Option<&str>) -> CodeableConcept {
    let mut concept = code.map(|code| CodeableConcept::coded(ICDO, code)).unwrap_or_default();
    concept.text = CodeableConcept::words(words).text;
    concept
}
