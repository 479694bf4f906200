//! Invasion, extension, margin and receptors of the report.

use super::Summary;
use super::rank::Ranked;
use crate::findings::Detail;
use crate::findings::detail::Ihc;

pub(super) fn answer(ranked: &Ranked<'_>, out: &mut Summary) {
    type Take = fn(&Detail) -> Option<&str>;
    let fields: [(&'static str, Take); 3] = [
        ("lvi", |detail| if let Detail::Lvi(value) = detail { Some(&value.status) } else { None }),
        ("pni", |detail| if let Detail::Pni(value) = detail { Some(&value.status) } else { None }),
        ("ene", |detail| if let Detail::Ene(value) = detail { Some(&value.status) } else { None }),
    ];
    for (field, take) in fields {
        let Some((index, value)) = worst(ranked, take, &["indeterminate", "absent", "present"]) else { continue };
        out.note(field, [index]);
        let slot = match field {
            "lvi" => &mut out.lvi,
            "pni" => &mut out.pni,
            _ => &mut out.ene,
        };
        *slot = Some(value);
    }
    let margin: Take = |detail| match detail {
        // A margin that the tumour keeps a distance from is not positive.
        Detail::Margin(value) if value.status == "positive" && value.distance_mm.is_some_and(|distance| distance > 0.0) => Some("close"),
        Detail::Margin(value) => Some(&value.status),
        _ => None,
    };
    if let Some((index, value)) = worst(ranked, margin, &["indeterminate", "negative", "close", "positive"]) {
        out.margin = Some(value);
        out.note("margin", [index]);
    }
    receptor(ranked, out, "er", "ER");
    receptor(ranked, out, "pr", "PR");
    receptor(ranked, out, "her2", "HER2");
    her2_score(ranked, out);
    ki67(ranked, out);
}

/// Of the statements in the heaviest section, the one that is furthest in `order`.
fn worst(ranked: &Ranked<'_>, take: fn(&Detail) -> Option<&str>, order: &[&str]) -> Option<(usize, String)> {
    let place = |value: &str| order.iter().position(|known| *known == value);
    let mut best: Option<((bool, u8, Option<usize>), usize, &str)> = None;
    for (index, weight, value) in ranked.of(take) {
        // Diagnosis, its comment and its addendum speak with one voice; what is indeterminate yields to what is known anywhere.
        let key = (place(value) != Some(0), if weight >= 32 { 32 } else { weight }, place(value));
        if best.as_ref().is_none_or(|(known, ..)| key > *known) {
            best = Some((key, index, value));
        }
    }
    best.map(|(_, index, value)| (index, value.to_string()))
}

fn marker<'a>(ranked: &Ranked<'a>, name: &'static str, accept: impl Fn(&Ihc) -> bool) -> Option<(usize, &'a Ihc)> {
    ranked.best(|detail| match detail {
        Detail::Ihc(ihc) if ihc.marker == name && accept(ihc) => Some(ihc),
        _ => None,
    })
}

fn receptor(ranked: &Ranked<'_>, out: &mut Summary, field: &'static str, name: &'static str) {
    let Some((index, ihc)) = marker(ranked, name, |ihc| ihc.status.is_some()) else { return };
    let slot = match field {
        "er" => &mut out.er,
        "pr" => &mut out.pr,
        _ => &mut out.her2,
    };
    *slot = ihc.status.clone();
    out.note(field, [index]);
}

fn her2_score(ranked: &Ranked<'_>, out: &mut Summary) {
    let Some((index, ihc)) = marker(ranked, "HER2", |ihc| ihc.score.is_some()) else { return };
    out.her2_score = ihc.score.clone();
    out.note("her2_score", [index]);
}

/// The percentage of Ki-67; of a range its middle, of an open range its stated end.
fn ki67(ranked: &Ranked<'_>, out: &mut Summary) {
    let Some((index, ihc)) = marker(ranked, "KI-67", |ihc| ihc.percent.is_some()) else { return };
    out.ki67_percent = ihc.percent.map(|[low, high]| match (low, high) {
        (low, 100.0) => low,
        (0.0, high) => high,
        (low, high) => (low + high) / 2.0,
    });
    out.note("ki67_percent", [index]);
}
