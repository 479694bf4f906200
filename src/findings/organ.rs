//! The organ a report is about, as the first three characters of an ICD-O topography code.
//!
//! Votes come from sites that carry the tumour, from operations that name an organ, from histologies that arise in one organ
//! only and, weakly, from mere mentions. Lymph nodes and seats of metastases have no vote. No single word decides.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::Reading;
use super::site_phrase::SiteGrammar;
use super::weight::section_weight;
use crate::document::Language;
use crate::error::Result;
use crate::lexicon::{ClassId, Lexicon, WordMap};
use crate::organ::OrganVote;

/// Finds the organ of a report.
#[derive(Debug)]
pub(super) struct Organs {
    sites: SiteGrammar,
    procedure: ClassId,
    /// Topography of each procedure.
    operated: Vec<Option<String>>,
    morphology: ClassId,
    /// The organ each histology arises in, where there is one.
    native: Vec<Option<String>>,
    /// The organs each histology arises in, where they are few.
    among: Vec<Vec<String>>,
    /// Beginnings of codes, and how readily that organ is a seat.
    seats: Vec<(String, f64)>,
}

impl Organs {
    pub(super) fn new(lexicon: &Lexicon) -> Result<Self> {
        let procedure = lexicon.class("procedure")?;
        let morphology = lexicon.class("morphology")?;
        let family = lexicon.class("histology.organ")?;
        let operated = lexicon.vocabulary(procedure).entries.iter().map(|entry| entry.text("topography").map(str::to_string)).collect();
        let families = &lexicon.vocabulary(family).entries;
        let seat = lexicon.vocabulary(lexicon.class("organ.seat")?);
        let seats =
            seat.entries.iter().flat_map(|entry| entry.list("organs").map(|organ| (organ.to_string(), entry.number("factor").unwrap_or(1.0)))).collect();
        let mut native = Vec::new();
        let mut among = Vec::new();
        // The first family that has a code or its beginning.
        let mut codes: WordMap<u16> = WordMap::with_room(1 << 7);
        for (index, family) in families.iter().enumerate() {
            family.list("codes").for_each(|code| _ = codes.or_insert(code, index as u16));
        }
        for entry in &lexicon.vocabulary(morphology).entries {
            let code = entry.text("code").unwrap_or("");
            let beginnings = (0..=code.len()).filter_map(|end| codes.get(code.get(..end)?));
            let family = beginnings.min().map(|index| &families[usize::from(*index)]);
            native.push(family.and_then(|family| family.text("organ").map(str::to_string)));
            among.push(family.map_or_else(Vec::new, |family| family.list("among").map(str::to_string).collect()));
        }
        Ok(Self { sites: SiteGrammar::new(lexicon)?, procedure, operated, morphology, native, among, seats })
    }

    /// The sites and the organ of a report.
    pub(super) fn vote<'r>(&self, reading: &'r Reading<'_>) -> &'r OrganVote {
        reading.organ(|| self.count(reading))
    }

    fn count(&self, reading: &Reading<'_>) -> OrganVote {
        let sites = self.sites.candidates(reading);
        // Votes and, weaker, mentions of each organ.
        let mut votes: BTreeMap<&str, (f64, f64)> = BTreeMap::new();
        let factor = |at: usize| f64::from(section_weight(reading.section_kind(at))) / 8.0;
        for site in &sites {
            if site.secondary {
                continue;
            }
            let organ = family(&site.code);
            let seat = self.seat(&site.code);
            let vote = if site.score > 0 { f64::from(site.score) * factor(site.span.start) * seat } else { 0.0 };
            let (votes, mentions) = votes.entry(organ).or_default();
            // In Chinese a note goes through all organs: the strongest statement counts, not their number.
            *votes = if reading.language == Language::Zh { votes.max(vote * 3.0) } else { *votes + vote };
            *mentions += 0.4 * seat;
        }
        for hit in reading.of(self.procedure) {
            if let Some(code) = &self.operated[hit.entry as usize] {
                votes.entry(family(code)).or_default().0 += 5.0 * factor(hit.start as usize) * self.seat(code);
            }
        }
        let mut seen = Vec::new();
        for hit in reading.of(self.morphology) {
            if let Some(organ) = &self.native[hit.entry as usize]
                && !seen.contains(&hit.entry)
            {
                seen.push(hit.entry);
                votes.entry(organ).or_default().0 += 14.0 * factor(hit.start as usize).max(0.5);
            }
        }
        for (vote, count) in votes.values_mut() {
            // A Chinese note names organs in passing; an English report names little but what was sent.
            if *vote > 0.0 || reading.language == Language::En {
                *vote += count.min(4.0);
            }
        }
        for hit in reading.of(self.morphology) {
            let few = &self.among[hit.entry as usize];
            if !few.is_empty() && votes.keys().any(|organ| few.iter().any(|one| one == organ)) {
                for (_, (vote, _)) in votes.iter_mut().filter(|(organ, _)| !few.iter().any(|one| one == *organ)) {
                    *vote *= 0.5;
                }
                break;
            }
        }
        votes.retain(|_, (vote, _)| *vote > if reading.language == Language::En { 0.25 } else { 0.0 });
        let organ = votes.iter().fold(None::<(&str, f64)>, |best, (organ, &(count, _))| match best {
            Some((_, known)) if known >= count => best,
            _ => Some((organ, count)),
        });
        let organ = organ.map(|(organ, _)| organ.to_string());
        OrganVote { organ, sites, seat: OnceLock::new(), sides: OnceLock::new() }
    }

    fn seat(&self, code: &str) -> f64 {
        // The second letter rules most of them out.
        let second = code.as_bytes().get(1);
        self.seats.iter().find(|(organ, _)| organ.as_bytes().get(1) == second && code.starts_with(organ.as_str())).map_or(1.0, |(_, factor)| *factor)
    }
}

/// The organ of a topography code; parts of one organ that are told apart by number only go together.
pub(super) fn family(code: &str) -> &str {
    match code.get(..3).unwrap_or(code) {
        "C19" | "C20" => "C20",
        "C54" | "C55" => "C54",
        organ => organ,
    }
}
