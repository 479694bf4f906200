//! Findings and laboratory results as terms: the kind, each field with its value, counts and sizes by their order of magnitude.
//! What a report states outright (`tnm.t=T3`) is worth more to a model than all the words around it.

use serde_json::Value;

use crate::findings::summary::{Coded, Summary};
use crate::findings::{Finding, Lab, Presence};

/// Fields that repeat the report's own words, which other blocks count.
const FREE_TEXT: [&str; 4] = ["type", "text", "variant", "name"];

/// Hands the terms of a finding to `push`. A finding that is absent or uncertain says so in each term.
pub fn finding_terms(finding: &Finding, push: &mut dyn FnMut(&str)) {
    let kind = finding.detail.kind();
    let sign = match finding.assertion.presence {
        Presence::Present => "",
        Presence::Absent => "no ",
        Presence::Uncertain => "perhaps ",
    };
    push(&format!("{sign}{kind}"));
    if let Ok(Value::Object(fields)) = serde_json::to_value(&finding.detail) {
        let label = fields.iter().find(|(key, _)| matches!(key.as_str(), "marker" | "gene" | "stain")).and_then(|(_, value)| value.as_str());
        let prefix = label.map_or_else(|| format!("{sign}{kind}"), |label| format!("{sign}{kind}.{label}"));
        for (key, value) in fields.iter().filter(|(key, _)| !FREE_TEXT.contains(&key.as_str())) {
            field(&format!("{prefix}.{key}"), value, push);
        }
    }
}

/// Hands the terms of a summary to `push`: each answer, and site with histology together.
pub fn summary_terms(summary: &Summary, push: &mut dyn FnMut(&str)) {
    let Ok(Value::Object(fields)) = serde_json::to_value(summary) else { return };
    for (key, value) in fields.iter().filter(|(key, _)| key.as_str() != "from") {
        match value {
            Value::Object(parts) => {
                parts.iter().filter(|(part, _)| !FREE_TEXT.contains(&part.as_str())).for_each(|(part, value)| field(&format!("{key}.{part}"), value, push))
            }
            _ => field(key, value, push),
        }
    }
    let code = |coded: &Option<Coded>| coded.as_ref().and_then(|coded| coded.icdo.as_ref()).and_then(|icdo| icdo.get(..3)).map(str::to_string);
    if let (Some(site), Some(histology)) = (code(&summary.primary_site), code(&summary.histology)) {
        push(&format!("{site}+{histology}"));
    }
}

fn field(path: &str, value: &Value, push: &mut dyn FnMut(&str)) {
    match value {
        Value::String(text) => {
            push(&format!("{path}={text}"));
            // The category of a code: `C18` of `C18.7`, `814` of `8140/3`, `T4` of `T4a`.
            let length = if path.ends_with("icdo") { 3 } else { 2 };
            if let Some(head) =
                text.get(..length).filter(|head| text.len() > length && head.as_bytes().get(1).copied().is_some_and(|byte| byte.is_ascii_digit()))
            {
                push(&format!("{path}={head}"));
            }
        }
        Value::Number(number) => push(&format!("{path}~{}", magnitude(number.as_f64().unwrap_or(0.0)))),
        Value::Bool(truth) => push(&format!("{path}={truth}")),
        Value::Array(values) => values.iter().for_each(|value| field(path, value, push)),
        Value::Object(fields) => fields.iter().for_each(|(key, value)| field(&format!("{path}.{key}"), value, push)),
        Value::Null => {}
    }
}

/// The power of two below a number: 0, 1, 2, 4, 8, …
fn magnitude(number: f64) -> i64 {
    if !(1.0..1e15).contains(&number) {
        return 0;
    }
    1i64 << (number.log2().floor() as u32).min(50)
}

/// Hands the terms of a laboratory result to `push`: that it was measured, and its flag.
pub fn lab_terms(lab: &Lab, push: &mut dyn FnMut(&str)) {
    push(&lab.analyte);
    if let Some(flag) = lab.flag {
        push(&format!("{}={flag}", lab.analyte));
    }
}

/// Laboratory values by analyte, the first of each: on the scale of their reference interval where one is known (0 its lower
/// end, 1 its upper end), else in the canonical unit.
pub fn lab_numbers(labs: &[Lab]) -> Vec<(String, f32)> {
    let mut numbers: Vec<(String, f32)> = Vec::new();
    for lab in labs {
        let scaled = match (lab.value, lab.reference) {
            (Some(value), Some([Some(low), Some(high)])) if high > low => Some(((value - low) / (high - low), "in reference")),
            _ => lab.canonical.as_ref().map(|quantity| (quantity.value, quantity.ucum.as_str())),
        };
        if let Some((value, unit)) = scaled {
            numbers.push((format!("{} {unit}", lab.analyte), value as f32));
        }
    }
    numbers.sort_by(|a, b| a.0.cmp(&b.0));
    numbers.dedup_by(|next, first| next.0 == first.0);
    numbers
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::findings::Assertion;
    use crate::findings::detail::{Detail, LymphNodes, Tnm};
    use crate::span::Span;

    fn terms(detail: Detail) -> Vec<String> {
        let finding =
            Finding { detail, assertion: Assertion::default(), specimen: None, section: "diagnosis".into(), span: Span::default(), doubts: Vec::new() };
        let mut out = Vec::new();
        finding_terms(&finding, &mut |term| out.push(term.to_string()));
        out
    }

    #[test]
    fn a_category_is_a_term_with_and_without_its_subcategory() {
        let found = terms(Detail::Tnm(Tnm { t: Some("T4a".into()), ..Tnm::default() }));
        assert!(found.contains(&"tnm.t=T4a".to_string()) && found.contains(&"tnm.t=T4".to_string()), "{found:?}");
    }

    #[test]
    fn counts_are_terms_by_their_magnitude() {
        let found = terms(Detail::LymphNodes(LymphNodes { positive: Some(3), examined: Some(12), ..LymphNodes::default() }));
        assert!(found.contains(&"lymph_nodes.positive~2".to_string()) && found.contains(&"lymph_nodes.examined~8".to_string()), "{found:?}");
    }
}
