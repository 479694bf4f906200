//! Counts and scores that must add up: lymph nodes, Gleason, Nottingham, Allred; HER2 2+ that needs an in-situ hybridisation.

use std::collections::BTreeMap;

use super::{Check, counts};
use crate::findings::detail::{Gleason, Ihc};
use crate::findings::{Detail, Finding, Reading};

/// More stations than any section has; beyond these nothing is added up.
const STATIONS: usize = 64;

/// Positive nodes exceed examined; stations of one section do not add up to the total stated there.
pub(super) fn nodes(findings: &[Finding], out: &mut Vec<Check>) {
    let counted: Vec<(usize, &Finding, u32, u32, bool)> = findings
        .iter()
        .enumerate()
        .filter_map(|(index, finding)| match &finding.detail {
            Detail::LymphNodes(nodes) if counts(finding) => Some((index, finding, nodes.positive?, nodes.examined?, nodes.station.is_some())),
            _ => None,
        })
        .collect();
    for (index, _, positive, examined, _) in counted.iter().filter(|(_, _, positive, examined, _)| positive > examined) {
        out.push(Check {
            rule: "nodes-positive-exceed-examined",
            message: format!("{positive} positive lymph nodes of {examined} examined"),
            findings: vec![*index],
        });
    }
    let mut by_section: BTreeMap<&str, Vec<(usize, u32, u32)>> = BTreeMap::new();
    for (index, finding, positive, examined, _) in counted.iter().filter(|(.., station)| *station) {
        by_section.entry(&finding.section).or_default().push((*index, *positive, *examined));
    }
    // A total is a count without station that stands with at least two stations in its section.
    for (index, finding, positive, examined, _) in counted.iter().filter(|(.., station)| !station) {
        let Some(stations) = by_section.get(&*finding.section).filter(|stations| (2..=STATIONS).contains(&stations.len())) else { continue };
        if stations.iter().any(|(_, positive, examined)| positive > examined) {
            continue;
        }
        let sum = stations.iter().fold((0, 0), |(positive, examined), (_, more_positive, more_examined)| (positive + more_positive, examined + more_examined));
        if *examined >= stations.iter().map(|(_, _, examined)| *examined).max().unwrap_or(0) && sum != (*positive, *examined) {
            let mut from: Vec<usize> = stations.iter().map(|(index, ..)| *index).chain([*index]).collect();
            from.sort_unstable();
            out.push(Check {
                rule: "nodes-stations-differ-from-total",
                message: format!("the stations add up to {}/{}, the total is {positive}/{examined}", sum.0, sum.1),
                findings: from,
            });
        }
    }
}

/// Patterns and score, score and grade group.
pub(super) fn gleason(findings: &[Finding], out: &mut Vec<Check>) {
    for (index, finding) in findings.iter().enumerate().filter(|(_, finding)| counts(finding)) {
        let Detail::Gleason(Gleason { primary, secondary, score, grade_group, .. }) = &finding.detail else { continue };
        if let (Some(primary), Some(secondary), Some(score)) = (primary, secondary, score)
            && primary + secondary != *score
        {
            out.push(Check { rule: "gleason-sum", message: format!("{primary} + {secondary} is not {score}"), findings: vec![index] });
        }
        let group = match (primary, secondary, score) {
            (Some(3), Some(4), _) => Some(2),
            (Some(4), Some(3), _) => Some(3),
            (_, _, Some(0..=6)) => Some(1),
            (_, _, Some(8)) => Some(4),
            (_, _, Some(9 | 10)) => Some(5),
            _ => None,
        };
        if let (Some(stated), Some(group)) = (grade_group, group)
            && *stated != group
        {
            out.push(Check {
                rule: "gleason-grade-group",
                message: format!("the patterns give grade group {group}, {stated} is stated"),
                findings: vec![index],
            });
        }
    }
}

/// Components and score, score and grade.
pub(super) fn nottingham(findings: &[Finding], out: &mut Vec<Check>) {
    for (index, finding) in findings.iter().enumerate().filter(|(_, finding)| counts(finding)) {
        let Detail::Grade(grade) = &finding.detail else { continue };
        if grade.system != "nottingham" {
            continue;
        }
        let sum = grade.components.map(|components| components.iter().sum::<u32>());
        if let (Some(sum), Some(score)) = (sum, grade.score)
            && sum != score
        {
            out.push(Check { rule: "nottingham-sum", message: format!("the components add up to {sum}, the score is {score}"), findings: vec![index] });
        }
        let implied = match grade.score.or(sum) {
            Some(3..=5) => "1",
            Some(6 | 7) => "2",
            Some(8 | 9) => "3",
            _ => continue,
        };
        if matches!(grade.grade.as_str(), "1" | "2" | "3") && grade.grade != implied {
            out.push(Check {
                rule: "nottingham-grade",
                message: format!("the score gives grade {implied}, grade {} is stated", grade.grade),
                findings: vec![index],
            });
        }
    }
}

/// `score 8 = 5 + 3` beside a receptor: a total of 2 to 8 that is not the sum of a proportion of 0 to 5 and an intensity of 0 to 3.
pub(super) fn allred(reading: &Reading<'_>, findings: &[Finding], out: &mut Vec<Check>) {
    for (index, finding) in findings.iter().enumerate().filter(|(_, finding)| counts(finding)) {
        if !matches!(&finding.detail, Detail::Ihc(ihc) if matches!(ihc.marker.as_str(), "ER" | "PR")) {
            continue;
        }
        let place = reading.folded.from_original(finding.span);
        let sentence = reading.sentence(place.start);
        let text = reading.text();
        let rest = text.get(place.start..sentence.end.max(place.end)).unwrap_or("");
        if let Some((total, proportion, intensity)) = sum_of_two(rest)
            && proportion <= 5
            && intensity <= 3
            && (2..=8).contains(&total)
            && proportion + intensity != total
        {
            out.push(Check {
                rule: "allred-sum",
                message: format!("proportion {proportion} and intensity {intensity} do not give {total}"),
                findings: vec![index],
            });
        }
    }
}

/// The first `8 = 5 + 3` or `5 + 3 = 8` of one-digit numbers, words between them allowed: total, first and second part.
fn sum_of_two(text: &str) -> Option<(u32, u32, u32)> {
    let bytes = text.as_bytes();
    let plus = memchr::memchr(b'+', bytes)?;
    let equals = memchr::memchr(b'=', bytes)?;
    let digit_before = |at: usize| number(bytes[..at].iter().rev());
    let digit_after = |at: usize| number(bytes[at + 1..].iter());
    let (first, second) = (digit_before(plus)?, digit_after(plus)?);
    let total = if equals < plus { digit_before(equals)? } else { digit_after(equals)? };
    Some((total, first, second))
}

/// The first digit within a few words, if it stands alone.
fn number<'a>(bytes: impl Iterator<Item = &'a u8>) -> Option<u32> {
    let mut bytes = bytes.take(24).skip_while(|byte| byte.is_ascii_alphabetic() || **byte == b' ');
    let digit = bytes.next().filter(|byte| byte.is_ascii_digit())?;
    match bytes.next() {
        Some(next) if next.is_ascii_digit() => None,
        Some(b'.') if bytes.next().is_some_and(u8::is_ascii_digit) => None,
        _ => Some(u32::from(digit - b'0')),
    }
}

/// HER2 2+ and no in-situ hybridisation anywhere in the report.
pub(super) fn her2(findings: &[Finding], out: &mut Vec<Check>) {
    let is = |ihc: &Ihc, marker: &str| ihc.marker == marker;
    let tested = findings.iter().any(|finding| {
        matches!(&finding.detail, Detail::Ihc(ihc) if is(ihc, "HER2-ISH"))
            || matches!(&finding.detail, Detail::Molecular(gene) if gene.gene == "HER2" || gene.gene == "ERBB2")
    });
    if tested {
        return;
    }
    let equivocal: Vec<usize> = findings
        .iter()
        .enumerate()
        .filter(|(_, finding)| counts(finding) && matches!(&finding.detail, Detail::Ihc(ihc) if is(ihc, "HER2") && ihc.score.as_deref() == Some("2+")))
        .map(|(index, _)| index)
        .collect();
    if !equivocal.is_empty() {
        out.push(Check { rule: "her2-equivocal-without-ish", message: "HER2 2+ without an in-situ hybridisation".into(), findings: equivocal });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_read_from_either_side() {
        assert_eq!(sum_of_two("allred score: 7 = proportion 5 + intensity 3"), Some((7, 5, 3)));
        assert_eq!(sum_of_two("5 + 3 = 8"), Some((8, 5, 3)));
        assert_eq!(sum_of_two("90% + 3 = 10"), None);
    }
}
