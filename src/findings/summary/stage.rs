//! T, N, M, stage group, Gleason, grade and differentiation of the report.

use super::rank::Ranked;
use super::{GleasonAnswer, Summary};
use crate::findings::Detail;
use crate::findings::detail::{Gleason, Tnm};

/// `counted`: the N category that the number of positive nodes gives.
pub(super) fn answer(ranked: &Ranked<'_>, counted: Option<&str>, out: &mut Summary) {
    for (field, part) in [("t", category_t as fn(&Tnm) -> Option<&str>), ("n", category_n), ("m", category_m)] {
        let Some((index, value)) = category(ranked, part, counted.filter(|_| field == "n")) else { continue };
        out.note(field, [index]);
        let slot = match field {
            "t" => &mut out.t,
            "n" => &mut out.n,
            _ => &mut out.m,
        };
        *slot = Some(value);
    }
    if let Some((index, stage)) = ranked.best(|detail| if let Detail::StageGroup(stage) = detail { Some(stage) } else { None }) {
        out.stage_group = Some(stage.stage.clone());
        out.note("stage_group", [index]);
    }
    if let Some((index, value)) = ranked.best(|detail| if let Detail::Differentiation(value) = detail { Some(value) } else { None }) {
        out.differentiation = Some(worse(&value.from, value.to.as_deref()).to_string());
        out.note("differentiation", [index]);
    }
    grade(ranked, out);
    gleason(ranked, out);
}

fn category_t(tnm: &Tnm) -> Option<&str> {
    tnm.t.as_deref()
}
fn category_n(tnm: &Tnm) -> Option<&str> {
    tnm.n.as_deref()
}
fn category_m(tnm: &Tnm) -> Option<&str> {
    tnm.m.as_deref()
}

/// A stated category before an X, a pathological before a clinical, the heavier section, the first of several tumours; of the same
/// category the one said in more detail. Of two that weigh the same, the one that fits what was counted.
fn category(ranked: &Ranked<'_>, part: fn(&Tnm) -> Option<&str>, counted: Option<&str>) -> Option<(usize, String)> {
    let mut best: Option<((bool, bool, u8, bool), usize, String)> = None;
    for (index, weight, (prefix, value)) in ranked.of(|detail| if let Detail::Tnm(tnm) = detail { Some((tnm.prefix.as_str(), part(tnm)?)) } else { None }) {
        let known = value.as_bytes().get(1).is_some_and(|byte| *byte != b'X');
        let key = (known, !prefix.contains('c'), weight, counted.is_some_and(|counted| counted.starts_with(value.get(..2).unwrap_or(value))));
        let detailed = |held: &str| value.len() > held.len() && value.starts_with(held);
        if best.as_ref().is_none_or(|(held, _, held_value)| key > *held || (key == *held && detailed(held_value))) {
            best = Some((key, index, value.to_string()));
        }
    }
    best.map(|(_, index, value)| (index, value))
}

fn worse<'a>(from: &'a str, to: Option<&'a str>) -> &'a str {
    const ORDER: [&str; 4] = ["well", "moderate", "poor", "undifferentiated"];
    let place = |word: &str| ORDER.iter().position(|known| *known == word);
    match to {
        Some(to) if place(to) > place(from) => to,
        _ => from,
    }
}

/// A stated grade; where none is, the differentiation as a grade, which is how registries carry it.
fn grade(ranked: &Ranked<'_>, out: &mut Summary) {
    let stated = |named: bool| {
        ranked.best(move |detail| match detail {
            Detail::Grade(grade) if named != (grade.system == "generic" || grade.system == "other") => Some(grade),
            _ => None,
        })
    };
    if let Some((index, grade)) = stated(true).or_else(|| stated(false)) {
        out.grade = Some(grade.grade.clone());
        out.note("grade", [index]);
        return;
    }
    let grade = match out.differentiation.as_deref() {
        Some("well") => "1",
        Some("moderate") => "2",
        Some("poor") => "3",
        Some("undifferentiated") => "4",
        _ => return,
    };
    out.grade = Some(grade.to_string());
    let from = out.from.get("differentiation").cloned().unwrap_or_default();
    out.note("grade", from);
}

/// Both patterns before a bare score; the score is filled from the patterns only where both are stated.
fn gleason(ranked: &Ranked<'_>, out: &mut Summary) {
    let full = ranked.best(|detail| match detail {
        Detail::Gleason(gleason @ Gleason { primary: Some(_), secondary: Some(_), .. }) => Some(gleason),
        _ => None,
    });
    let any = || ranked.best(|detail| if let Detail::Gleason(gleason) = detail { Some(gleason) } else { None });
    if let Some((index, gleason)) = full.or_else(any) {
        let sum = gleason.primary.zip(gleason.secondary).map(|(primary, secondary)| primary + secondary);
        out.gleason = GleasonAnswer { primary: gleason.primary, secondary: gleason.secondary, score: gleason.score.or(sum) };
        out.note("gleason", [index]);
    }
}
