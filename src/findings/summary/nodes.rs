//! Lymph nodes of the whole report: a stated total where there is one, else the sum over the stations of the final diagnosis.

use super::rank::Ranked;
use super::{NodesAnswer, Summary};
use crate::findings::detail::LymphNodes;
use crate::findings::{Detail, Reading};

struct Count<'a> {
    index: usize,
    weight: u8,
    positive: Option<u32>,
    examined: u32,
    nodes: &'a LymphNodes,
    specimen: Option<&'a str>,
    at: usize,
}

pub(super) fn answer(_reading: &Reading<'_>, ranked: &Ranked<'_>, out: &mut Summary) {
    let counts: Vec<Count<'_>> = ranked
        .of(|detail| if let Detail::LymphNodes(nodes) = detail { Some(nodes) } else { None })
        .filter_map(|(index, weight, nodes)| {
            let finding = &ranked.findings[index];
            let examined = nodes.examined?;
            Some(Count { index, weight, positive: nodes.positive, examined, nodes, specimen: finding.specimen.as_deref(), at: finding.span.start })
        })
        .collect();
    let Some(top) =
        counts.iter().filter(|count| count.positive.is_some()).map(|count| count.weight).max().or_else(|| counts.iter().map(|count| count.weight).max())
    else {
        return;
    };
    // Diagnosis, addendum and comment speak of the same nodes.
    let mut tier: Vec<&Count<'_>> = counts.iter().filter(|count| count.weight == top || (top >= 32 && count.weight >= 32)).collect();
    if tier.iter().any(|count| count.positive.is_some()) {
        tier.retain(|count| count.positive.is_some());
    }
    let mut distinct: Vec<&Count<'_>> = Vec::new();
    for count in tier {
        let repeated = distinct.iter().any(|known| same_statement(known, count));
        if !repeated {
            distinct.push(count);
        }
    }
    let total = |counts: &[&Count<'_>]| {
        counts.iter().fold((0u32, 0u32), |(positive, examined), count| (positive + count.positive.unwrap_or(0), examined + count.examined))
    };
    let chosen: Vec<&Count<'_>> = match stated_total(&distinct) {
        Some(index) => vec![distinct[index]],
        None => distinct,
    };
    let (positive, examined) = total(&chosen);
    let any_positive = chosen.iter().any(|count| count.positive.is_some());
    out.nodes = NodesAnswer { positive: any_positive.then_some(positive), examined: Some(examined) };
    out.note("nodes", chosen.iter().map(|count| count.index));
}

/// The same count of the same station said twice.
fn same_statement(a: &Count<'_>, b: &Count<'_>) -> bool {
    let station = |count: &Count<'_>| count.nodes.station.as_deref().map(str::to_lowercase);
    (a.positive, a.examined) == (b.positive, b.examined)
        && (station(a) == station(b) || station(a).is_none() || station(b).is_none())
        && (a.specimen == b.specimen || a.specimen.is_none() || b.specimen.is_none())
        && (a.at.abs_diff(b.at) < 80 || a.specimen.is_some() && a.specimen == b.specimen || station(a).is_none() || station(b).is_none())
}

/// The count that is the sum of the others, or that has no station among several that do and is at least their sum.
fn stated_total(counts: &[&Count<'_>]) -> Option<usize> {
    if counts.len() < 2 {
        return None;
    }
    let examined: u32 = counts.iter().map(|count| count.examined).sum();
    let positive: u32 = counts.iter().filter_map(|count| count.positive).sum();
    counts.iter().position(|count| count.examined * 2 == examined && count.positive.unwrap_or(0) * 2 == positive).or_else(|| {
        counts
            .iter()
            .position(|count| count.nodes.station.is_none() && count.examined * 2 >= examined && counts.iter().all(|other| other.examined <= count.examined))
    })
}
