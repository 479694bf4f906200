//! The primary site: of the sites a report names, those that carry the tumour are findings, and one stands for the report.
//!
//! Of the sites of the report's organ the best supported is taken; one that names the part (lobe, segment) comes before the bare
//! organ. A Chinese imaging report states the tumour and describes the mass apart: the described part of the same side is taken,
//! unless the tumour was removed. A site that merely belongs to the report's organ is a finding only where no better one stands.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::detail::PrimarySite;
use super::organ::{Organs, family};
use super::weight::section_weight;
use super::{Assertion, Detail, Finder, Finding, Reading};
use crate::document::Language;
use crate::organ::{OrganVote, SiteCandidate};

/// From this score on a site is a finding.
const SEAT: i32 = 6;

/// Finds primary sites.
#[derive(Debug)]
pub struct PrimarySites {
    organs: Arc<Organs>,
}

impl PrimarySites {
    /// Takes what the organ of a report is found by.
    pub(super) const fn new(organs: Arc<Organs>) -> Self {
        Self { organs }
    }
}

impl Finder for PrimarySites {
    fn find(&self, reading: &Reading<'_>, out: &mut Vec<Finding>) {
        let vote = self.organs.vote(reading);
        let chosen = seat(reading, vote).map(|site| site.span);
        for site in &vote.sites {
            let carries = site.score >= SEAT && !site.secondary && !matches!(reading.section_kind(site.span.start), "gross" | "family-history");
            if !carries && Some(site.span) != chosen {
                continue;
            }
            let original = reading.to_original(site.span);
            out.push(Finding {
                detail: Detail::PrimarySite(PrimarySite { text: original.of(&reading.document.text).to_string(), icdo: Some(site.code.to_string()) }),
                assertion: Assertion::default(),
                specimen: None,
                section: reading.section_kind(site.span.start).to_string(),
                span: original,
                doubts: Vec::new(),
            });
        }
    }
}

/// The site that stands for the report; none where the report leaves its organ open.
pub(super) fn seat<'a>(reading: &Reading<'_>, vote: &'a OrganVote) -> Option<&'a SiteCandidate> {
    let index = vote.seat.get_or_init(|| {
        let seat = chosen(reading, vote)?;
        vote.sites.iter().position(|site| std::ptr::eq(site, seat))
    });
    vote.sites.get((*index)?)
}

fn chosen<'a>(reading: &Reading<'_>, vote: &'a OrganVote) -> Option<&'a SiteCandidate> {
    let organ = vote.organ.as_deref()?;
    match reading.language {
        Language::Zh => described(reading, &vote.sites, organ),
        Language::En => choose(reading, &vote.sites, organ),
    }
}

/// The site of an English report.
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
