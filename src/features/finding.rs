//! Findings and laboratory results as terms: the kind, each field with its value, counts and sizes by their order of magnitude.
//! What a report states outright (`tnm.t=T3`) is worth more to a model than all the words around it.

use super::field::terms_of;
use crate::findings::summary::{Coded, Summary};
use crate::findings::{Detail, Finding, Lab, Presence};

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
    let mut path = format!("{sign}{kind}");
    push(&path);
    let subject = match &finding.detail {
        Detail::Ihc(stained) => Some(&stained.marker),
        Detail::Molecular(tested) => Some(&tested.gene),
        Detail::SpecialStain(stained) => Some(&stained.stain),
        _ => None,
    };
    if let Some(subject) = subject {
        path.push('.');
        path.push_str(subject);
    }
    terms_of(&finding.detail, &path, [&FREE_TEXT, &[]], push);
}

/// Hands the terms of a summary to `push`: each answer, and site with histology together.
pub fn summary_terms(summary: &Summary, push: &mut dyn FnMut(&str)) {
    terms_of(summary, "", [&["from"], &FREE_TEXT], push);
    let code = |coded: &Option<Coded>| coded.as_ref().and_then(|coded| coded.icdo.as_ref()).and_then(|icdo| icdo.get(..3)).map(str::to_string);
    if let (Some(site), Some(histology)) = (code(&summary.primary_site), code(&summary.histology)) {
        push(&format!("{site}+{histology}"));
    }
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
