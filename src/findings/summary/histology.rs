//! The histology of the report: the most telling name in the final diagnosis, coded as a registry codes it in its organ.
//!
//! Names compete by section, by how specific they are, by a field that introduces them and by repetition; invasive tumours come before in-situ
//! ones, the primary before metastases, a named type before a bare `carcinoma`. The words of all sentences that state the winner refine its code.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use super::rank::Ranked;
use super::{Coded, Summary};
use crate::error::Result;
use crate::findings::histology::{Histologies, Named};
use crate::findings::weight::section_weight;
use crate::findings::{Detail, Experiencer, Presence, Reading, Temporality};
use crate::lexicon::{ClassId, Lexicon};
use crate::span::Span;

#[derive(Debug)]
pub(super) struct HistologyChoice {
    histologies: Arc<Histologies>,
    procedure: ClassId,
    cue: ClassId,
    points: Vec<f64>,
    /// Codes that tell little in their organ.
    vague: Vec<String>,
}

/// Below this weight a name says nothing about the report's tumour.
const ENOUGH: f64 = 7.5;

/// The same for a name that does not even say what kind of tumour it is.
const ENOUGH_UNNAMED: f64 = 9.5;

struct Candidate<'l> {
    named: Named<'l>,
    finding: Option<usize>,
    score: f64,
}

impl HistologyChoice {
    pub(super) fn new(lexicon: &Lexicon, histologies: Arc<Histologies>) -> Result<Self> {
        let cue = lexicon.class("histology.cue")?;
        let points = lexicon.vocabulary(cue).entries.iter().map(|entry| entry.number("points").unwrap_or(0.0)).collect();
        let rules = lexicon.vocabulary(lexicon.class("histology.organ")?);
        let vague = rules.entries.iter().flat_map(|entry| entry.list("vague")).map(str::to_string).collect();
        Ok(Self { histologies, procedure: lexicon.class("procedure")?, cue, points, vague })
    }

    pub(super) fn answer(&self, reading: &Reading<'_>, ranked: &Ranked<'_>, organ: Option<&str>, out: &mut Summary) {
        let candidates = self.candidates(reading, ranked, organ);
        let mut said: HashMap<&str, usize> = HashMap::new();
        for candidate in candidates.iter().filter(|candidate| candidate.score > 6.0) {
            *said.entry(candidate.named.code).or_default() += 1;
        }
        let Some(best) = candidates.iter().enumerate().fold(None::<(usize, f64)>, |best, (index, candidate)| {
            let again = said.get(candidate.named.code).copied().unwrap_or(0).min(4);
            let score = candidate.score + 0.4 * again as f64;
            if best.is_none_or(|(_, known)| score > known) { Some((index, score)) } else { best }
        }) else {
            return self.printed(ranked, out);
        };
        let chosen = &candidates[best.0];
        if chosen.score < if chosen.named.rank == 0 { ENOUGH_UNNAMED } else { ENOUGH } {
            return self.printed(ranked, out);
        }
        let wide = chosen.named.rank <= 1;
        let mut words = self.histologies.words(reading, chosen.named.span, wide);
        let same: Vec<&Candidate<'_>> = candidates.iter().filter(|other| other.named.code == chosen.named.code && other.score + 1.5 > chosen.score).collect();
        for other in &same {
            words.extend(self.histologies.words(reading, other.named.span, wide));
        }
        let meant = organ.or(chosen.named.organ);
        let beside: Vec<&str> = candidates.iter().filter(|other| other.score + 3.5 > chosen.score && !other.named.weak).map(|other| other.named.code).collect();
        let mut code = self.histologies.refine(chosen.named.code, meant, &words, &beside);
        // A word that names a tumour only in this organ says more than a name that tells little.
        let word =
            || candidates.iter().filter(|other| other.named.weak && other.named.rank >= 2 && other.named.organ.is_some_and(|named| Some(named) == meant));
        if self.vague.contains(&code)
            && let Some(other) =
                word().fold(None::<&Candidate<'_>>, |best, other| if best.is_some_and(|known| known.score >= other.score) { best } else { Some(other) })
        {
            code = other.named.code.to_string();
        }
        out.histology = Some(Coded { text: reading.written(chosen.named.span).to_string(), icdo: Some(code) });
        out.note("histology", same.iter().filter_map(|candidate| candidate.finding));
    }

    fn candidates(&self, reading: &Reading<'_>, ranked: &Ranked<'_>, organ: Option<&str>) -> Vec<Candidate<'_>> {
        let mut out = Vec::new();
        for named in self.histologies.named(reading) {
            let span = reading.to_original(named.span);
            let finding = ranked.at(span).find(|(_, finding)| matches!(finding.detail, Detail::Histology(_))).map(|(index, _)| index);
            // A name that is a finding was assessed then.
            let assertion = match finding {
                Some(index) => Cow::Borrowed(&ranked.findings[index].assertion),
                None => Cow::Owned(self.histologies.assess(reading, named.span)),
            };
            if assertion.presence == Presence::Absent || assertion.experiencer == Experiencer::Family {
                continue;
            }
            // An addendum speaks mostly of markers; its histology does not outrank the diagnosis.
            let section = f64::from(section_weight(reading.section_kind(named.span.start))).min(8.0);
            let mut score = section + 1.5 * f64::from(named.rank.min(3));
            score += match named.code.rsplit('/').next() {
                Some("3") => 2.0,
                Some("6") => -3.0,
                Some("2") => -1.0,
                _ => -2.0,
            };
            if assertion.temporality != Temporality::Current {
                score -= 6.0;
            }
            if assertion.presence == Presence::Uncertain {
                score -= 1.5;
            }
            if let (Some(meant), Some(organ)) = (named.organ, organ) {
                score += if meant == organ { 1.0 } else { -3.0 };
            }
            if named.weak {
                score -= if named.organ == organ { 3.0 } else { 8.0 };
            }
            let written = reading.slice(named.span);
            if written.is_ascii() && written.ends_with("omas") {
                score -= 2.0;
            }
            if self.operated(reading, named.span) {
                score += 2.0;
            }
            score += self.cues(reading, named.span);
            out.push(Candidate { named, finding, score });
        }
        out
    }

    /// Whether an operation heads the sentence of a name, as in `right colon, resection: …`.
    fn operated(&self, reading: &Reading<'_>, span: Span) -> bool {
        let sentence = reading.sentence(span.start);
        reading.hits.within(self.procedure, Span::new(sentence.start, span.start)).iter().any(|hit| span.start - (hit.end as usize) < 80)
    }

    /// What the words before a name say, each kind once.
    fn cues(&self, reading: &Reading<'_>, span: Span) -> f64 {
        let text = reading.text();
        let mut start = span.start.saturating_sub(48);
        while !text.is_char_boundary(start) {
            start += 1;
        }
        let start = text[start..span.start].rfind(['\n', ';', '。']).map_or(start, |index| start + index);
        let mut seen = Vec::new();
        let mut sum = 0.0;
        for hit in reading.hits.within(self.cue, Span::new(start, span.start)) {
            if !seen.contains(&hit.entry) {
                seen.push(hit.entry);
                sum += self.points[hit.entry as usize];
            }
        }
        sum
    }

    /// Where no name stands, the code printed in the text.
    fn printed(&self, ranked: &Ranked<'_>, out: &mut Summary) {
        let found = ranked.best(|detail| match detail {
            Detail::Histology(histology) if histology.icdo_printed.is_some() => Some(histology),
            _ => None,
        });
        if let Some((index, histology)) = found {
            out.histology = Some(Coded { text: histology.name.clone(), icdo: histology.icdo_printed.clone() });
            out.note("histology", [index]);
        }
    }
}
