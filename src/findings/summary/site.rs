//! The primary site and the side of the report.
//!
//! The site is chosen where sites are found; the side is the one with most behind it.

use super::rank::Ranked;
use super::{Coded, Summary};
use crate::findings::laterality::Lateralities;
use crate::findings::primary_site::seat;
use crate::findings::{Detail, Reading};
use crate::organ::OrganVote;
use std::sync::Arc;

#[derive(Debug)]
pub(super) struct SiteChoice {
    sides: Arc<Lateralities>,
}

impl SiteChoice {
    pub(super) const fn new(sides: Arc<Lateralities>) -> Self {
        Self { sides }
    }

    pub(super) fn answer(&self, reading: &Reading<'_>, ranked: &Ranked<'_>, vote: &OrganVote, out: &mut Summary) {
        if let Some(site) = seat(reading, vote) {
            out.primary_site = Some(Coded { text: reading.written(site.span).to_string(), icdo: Some(site.code.to_string()) });
            let span = reading.to_original(site.span);
            out.note(
                "primary_site",
                ranked
                    .of(|detail| matches!(detail, Detail::PrimarySite(_)).then_some(()))
                    .map(|(index, ..)| index)
                    .filter(|index| ranked.findings[*index].span == span),
            );
        }
        self.side(reading, ranked, vote, out);
    }

    /// The side with most behind it; both sides nearly alike inside one organ are `bilateral`.
    fn side(&self, reading: &Reading<'_>, ranked: &Ranked<'_>, vote: &OrganVote, out: &mut Summary) {
        let votes = self.sides.votes(reading, vote);
        let weight = |value: &str| votes.iter().find(|vote| vote.value == value).map_or(0.0, |vote| vote.weight);
        let (left, right, both) = (weight("left"), weight("right"), weight("bilateral"));
        let organ = vote.organ.as_deref().unwrap_or("");
        let alike = left.min(right) > 0.0 && (self.sides.is_inner(organ) || left.min(right) * 3.0 >= left.max(right));
        let value = if left + right + both <= 0.0 {
            return;
        } else if self.sides.may_be_both(organ) && (alike || self.sides.is_inner(organ) && both > 0.0) || both > left.max(right) {
            "bilateral"
        } else if left > right {
            "left"
        } else {
            "right"
        };
        out.laterality = Some(value.to_string());
        let from: Vec<usize> = ranked
            .of(|detail| if let Detail::Laterality(side) = detail { Some(side) } else { None })
            .filter(|(_, _, side)| side.value == value || value == "bilateral")
            .map(|(index, ..)| index)
            .collect();
        out.note("laterality", from);
    }
}
