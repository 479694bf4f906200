//! How much a finding counts for the report as a whole: by its section, its time and its assertion.

use crate::findings::weight::section_weight;
use crate::findings::{Detail, Experiencer, Finding, Presence, Reading, Temporality};
use crate::span::Span;

/// The findings of a report, each with its weight.
pub(super) struct Ranked<'a> {
    /// All findings, in the order of the text.
    pub findings: &'a [Finding],
    /// The weight of each; `None` where it is not about this patient's tumour now.
    pub weights: Vec<Option<u8>>,
    /// The specimen of the primary tumour, once it is known.
    pub specimen: Option<String>,
}

impl<'a> Ranked<'a> {
    pub(super) fn new(reading: &Reading<'_>, findings: &'a [Finding]) -> Self {
        let weights = findings.iter().map(|finding| weight(reading, finding)).collect();
        Self { findings, weights, specimen: None }
    }

    /// The findings that count and whose detail `take` accepts, with index and weight, in the order of the text.
    pub(super) fn of<'s, T: 's>(&'s self, take: impl Fn(&'a Detail) -> Option<T> + 's) -> impl Iterator<Item = (usize, u8, T)> + 's {
        self.findings.iter().zip(&self.weights).enumerate().filter_map(move |(index, (finding, weight))| Some((index, (*weight)?, take(&finding.detail)?)))
    }

    /// The findings at a place, with their indexes.
    pub(super) fn at(&self, span: Span) -> impl Iterator<Item = (usize, &'a Finding)> {
        let first = self.findings.partition_point(|finding| finding.span < span);
        self.findings.iter().enumerate().skip(first).take_while(move |(_, finding)| finding.span == span)
    }

    /// The first of the heaviest findings that `take` accepts; of equal ones that of the primary tumour's specimen.
    pub(super) fn best<T>(&self, take: impl Fn(&'a Detail) -> Option<T>) -> Option<(usize, T)> {
        let mut best: Option<(usize, (u8, bool), T)> = None;
        for (index, weight, value) in self.of(take) {
            let key = (weight, self.is_elsewhere(index));
            if best.as_ref().is_none_or(|(_, known, _)| key.0 > known.0 || (key.0 == known.0 && known.1 && !key.1)) {
                best = Some((index, key, value));
            }
        }
        best.map(|(index, _, value)| (index, value))
    }

    /// Whether a finding is of now, and no more than suspected.
    pub(super) fn is_current(&self, index: usize) -> bool {
        self.findings.get(index).is_some_and(|finding| finding.assertion.temporality == Temporality::Current && finding.assertion.presence == Presence::Present)
    }

    /// Whether a finding stands in a specimen that is not the primary tumour's.
    fn is_elsewhere(&self, index: usize) -> bool {
        match (&self.specimen, self.findings.get(index).and_then(|finding| finding.specimen.as_ref())) {
            (Some(own), Some(other)) => own != other,
            _ => false,
        }
    }
}

fn weight(reading: &Reading<'_>, finding: &Finding) -> Option<u8> {
    let assertion = &finding.assertion;
    let own_status = matches!(finding.detail, Detail::Margin(_) | Detail::Lvi(_) | Detail::Pni(_) | Detail::Ene(_) | Detail::Ihc(_) | Detail::LymphNodes(_));
    if assertion.experiencer == Experiencer::Family
        || assertion.temporality == Temporality::Planned
        || (assertion.presence == Presence::Absent && !own_status)
        || finding.section == "family-history"
    {
        return None;
    }
    let kind = if finding.section.is_empty() { reading.section_kind(reading.folded.from_original(finding.span).start) } else { &finding.section };
    // A historical finding answers only where nothing current does, in any section; an uncertain one yields within its section.
    let section = section_weight(kind) * 2 - u8::from(assertion.presence == Presence::Uncertain);
    Some(section + if assertion.temporality == Temporality::Current { 20 } else { 0 })
}
