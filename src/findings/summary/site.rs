//! The primary site and the side of the report.
//!
//! Of the sites that carry the tumour, those of the report's organ compete; a site that names the part (lobe, segment) comes before
//! the bare organ unless the tumour was taken out long ago. In imaging reports the site of the described mass counts as well.

use std::collections::BTreeMap;

use super::rank::Ranked;
use super::{Coded, Summary};
use crate::document::Language;
use crate::error::Result;
use crate::findings::laterality::Lateralities;
use crate::findings::organ::{OrganVote, family};
use crate::findings::primary_site::SiteCandidate;
use crate::findings::weight::section_weight;
use crate::findings::{Detail, Reading};
use crate::lexicon::Lexicon;

#[derive(Debug)]
pub(super) struct SiteChoice {
    sides: Lateralities,
}

impl SiteChoice {
    pub(super) fn new(lexicon: &Lexicon) -> Result<Self> {
        Ok(Self { sides: Lateralities::new(lexicon)? })
    }

    pub(super) fn answer(&self, reading: &Reading<'_>, ranked: &Ranked<'_>, vote: &OrganVote, out: &mut Summary) {
        if let Some(organ) = vote.organ.as_deref()
            && let Some(site) = if reading.language == Language::Zh { described(reading, &vote.sites, organ) } else { choose(reading, &vote.sites, organ) }
        {
            out.primary_site = Some(Coded { text: reading.written(site.span).to_string(), icdo: Some(site.code.clone()) });
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
        let value = if left + right + both <= 0.0 {
            return;
        } else if vote.organ.as_deref().is_some_and(|organ| self.sides.is_inner(organ)) {
            if both > 0.0 || (left > 0.0 && right > 0.0) {
                "bilateral"
            } else if left > right {
                "left"
            } else {
                "right"
            }
        } else if both > left.max(right) {
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

/// The site that stands for the report.
fn choose<'a>(reading: &Reading<'_>, sites: &'a [SiteCandidate], organ: &str) -> Option<&'a SiteCandidate> {
    let of_organ = || sites.iter().filter(|site| !site.secondary && family(&site.code) == organ);
    // Where no site carries the tumour in its own sentence, the organ as named is the answer: it was chosen on other grounds.
    let least = if of_organ().any(|site| site.score > 0) { 1 } else { 0 };
    let own = || of_organ().filter(move |site| site.score >= least);
    let mut count: BTreeMap<&str, f64> = BTreeMap::new();
    for site in own() {
        *count.entry(reading.slice(site.span)).or_default() += 0.5;
    }
    // After an operation the site is the one operated on: what is new elsewhere in the organ is not it.
    let operated = own().any(|site| site.operated && site.score >= 6);
    own()
        .map(|site| {
            let section = f64::from(section_weight(reading.section_kind(site.span.start)));
            let part = if site.coarse || operated { 0.0 } else { 4.0 };
            (site, f64::from(site.score) + section / 2.0 + part + count.get(reading.slice(site.span)).copied().unwrap_or(0.0).min(2.0))
        })
        .fold(None::<(&SiteCandidate, f64)>, |best, (site, score)| match best {
            Some((_, known)) if known >= score => best,
            _ => Some((site, score)),
        })
        .map(|(site, _)| site)
}

/// The site of a Chinese report: the strongest statement; where that names no part, the part of the same side in which a mass is
/// described, unless the tumour was taken out.
fn described<'a>(reading: &Reading<'_>, sites: &'a [SiteCandidate], organ: &str) -> Option<&'a SiteCandidate> {
    let own = || sites.iter().filter(|site| !site.secondary && site.score > 0 && family(&site.code) == organ);
    let side = |site: &SiteCandidate| reading.slice(site.span).chars().find(|character| matches!(character, '左' | '右' | '双' | '两'));
    let first_best = |candidates: &mut dyn Iterator<Item = &'a SiteCandidate>| {
        candidates.fold(None::<&SiteCandidate>, |best, site| if best.is_some_and(|known| known.score >= site.score) { best } else { Some(site) })
    };
    let strong = first_best(&mut own())?;
    let wanted = side(strong);
    let fits = |site: &&SiteCandidate| wanted.is_none() || side(site) == wanted;
    if strong.operated && wanted.is_some() {
        return Some(strong);
    }
    let tells = |site: &&SiteCandidate| !site.coarse && site.score >= if side(site).is_some() { 3 } else { 5 } && (wanted.is_none() || side(site).is_some());
    let part = if strong.coarse && !strong.operated { first_best(&mut own().filter(fits).filter(tells)) } else { None };
    let sided = || if wanted.is_none() { first_best(&mut own().filter(|site| side(site).is_some() && site.score >= 3)) } else { None };
    part.or_else(sided).or(Some(strong))
}
