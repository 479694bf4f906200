//! The side of the tumour's organ: words for left, right and both sides that stand by the organ the report is about.
//!
//! A side by another organ, a lymph node or a margin gives nothing. Each side gives at most one finding, its best evidence;
//! a report that speaks of both sides of the tumour keeps both, and the summary decides.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;

use super::detail::Laterality;
use super::organ::{Organs, family};
use super::weight::section_weight;
use super::{Assertion, Detail, Finder, Finding, Reading};
use crate::error::Result;
use crate::lexicon::{ClassId, Hit, Lexicon};
use crate::organ::{OrganVote, SideVote};
use crate::span::Span;

#[derive(Debug, Deserialize)]
struct Side {
    value: String,
    #[serde(default)]
    weak: bool,
}

/// Finds sides.
#[derive(Debug)]
pub struct Lateralities {
    class: ClassId,
    sides: Vec<Side>,
    organs: Arc<Organs>,
    procedure: ClassId,
    operated: Vec<Option<String>>,
    morphology: ClassId,
    malignant: Vec<bool>,
    topography: ClassId,
    codes: Vec<String>,
    cue: ClassId,
    /// Words of nodes and metastases.
    node: Vec<bool>,
    /// Words of structures whose side is not the tumour's.
    elsewhere: Vec<bool>,
    /// Words that make a sentence one about the tumour.
    statement: Vec<bool>,
    /// Organs whose sides are named by where the tumour lies in them, not by which of a pair.
    inner: Vec<String>,
    /// Organs whose tumours are often of both sides.
    both: Vec<String>,
    /// Organs that have no side.
    midline: Vec<String>,
    /// Groups of organs whose side is told with any of them.
    joined: Vec<Vec<String>>,
}

impl Lateralities {
    /// Takes the class `laterality` and what the organ is found by.
    ///
    /// # Errors
    /// Where a class or an attribute is missing.
    pub(super) fn new(lexicon: &Lexicon, organs: Arc<Organs>) -> Result<Self> {
        let class = lexicon.class("laterality")?;
        let procedure = lexicon.class("procedure")?;
        let morphology = lexicon.class("morphology")?;
        let topography = lexicon.class("topography")?;
        let cue = lexicon.class("site.cue")?;
        let paired = lexicon.vocabulary(lexicon.class("organ.sides")?);
        let text = |class: ClassId, key: &str| -> Vec<Option<String>> {
            lexicon.vocabulary(class).entries.iter().map(|entry| entry.text(key).map(str::to_string)).collect()
        };
        let listed = |id: &str| -> Vec<String> {
            paired.entries.iter().filter(|entry| entry.id() == id).flat_map(|entry| entry.list("organs")).map(str::to_string).collect()
        };
        let kinds = text(cue, "role");
        let roles = |wanted: &[&str]| -> Vec<bool> { kinds.iter().map(|role| role.as_deref().is_some_and(|role| wanted.contains(&role))).collect() };
        Ok(Self {
            class,
            sides: lexicon.vocabulary(class).attributes()?,
            organs,
            procedure,
            operated: text(procedure, "topography"),
            morphology,
            malignant: text(morphology, "code").iter().map(|code| code.as_deref().is_some_and(|code| code.ends_with("/3") || code.ends_with("/2"))).collect(),
            topography,
            codes: text(topography, "code").into_iter().map(Option::unwrap_or_default).collect(),
            cue,
            node: roles(&["node", "secondary"]),
            elsewhere: roles(&["elsewhere", "node"]),
            statement: roles(&["statement", "tumour"]),
            joined: paired
                .entries
                .iter()
                .filter(|entry| !matches!(entry.id(), "inner" | "midline" | "paired" | "both"))
                .map(|entry| entry.list("organs").map(str::to_string).collect())
                .collect(),
            inner: listed("inner"),
            both: listed("both"),
            midline: listed("midline"),
        })
    }

    /// The sides of the report's organ with what speaks for each.
    pub(super) fn votes<'v>(&self, reading: &Reading<'_>, vote: &'v OrganVote) -> &'v [SideVote] {
        vote.sides.get_or_init(|| self.count(reading, vote))
    }

    fn count(&self, reading: &Reading<'_>, vote: &OrganVote) -> Vec<SideVote> {
        let Some(organ) = vote.organ.as_deref() else { return Vec::new() };
        if self.midline.iter().any(|known| known == organ) {
            return Vec::new();
        }
        let inner = self.is_inner(organ);
        let mut sides: BTreeMap<&str, SideVote> = BTreeMap::new();
        for hit in reading.of(self.class) {
            let side = &self.sides[hit.entry as usize];
            let weight = if inner { self.inside(reading, *hit) } else { self.beside(reading, *hit, organ, vote, side.weak) };
            if weight <= 0.0 {
                continue;
            }
            let entry = sides.entry(&side.value).or_insert_with(|| SideVote { value: side.value.clone(), weight: 0.0, span: hit.span(), best: 0.0 });
            entry.weight += weight;
            if weight > entry.best {
                entry.best = weight;
                entry.span = hit.span();
            }
        }
        sides.into_values().collect()
    }

    /// Whether an organ has sides of its own.
    pub(super) fn is_inner(&self, organ: &str) -> bool {
        self.inner.iter().any(|known| known == organ)
    }

    /// Whether tumour stated on each side of an organ is bilateral.
    pub(super) fn may_be_both(&self, organ: &str) -> bool {
        self.is_inner(organ) || self.both.iter().any(|known| known == organ)
    }

    /// How much a side that stands by the organ speaks for it; 0 where it stands by something else.
    fn beside(&self, reading: &Reading<'_>, hit: Hit, organ: &str, vote: &OrganVote, weak: bool) -> f64 {
        let span = hit.span();
        let sentence = reading.sentence(span.start);
        let reach = 28;
        let near = Span::new(back(reading.text(), span.start, reach).max(sentence.start), forward(reading.text(), span.end, reach).min(sentence.end));
        // The nearest organ word after the side, or else before it, is the one the side belongs to.
        let after = reading
            .hits
            .within(self.topography, Span::new(span.start, near.end))
            .iter()
            .chain(reading.hits.within(self.topography, Span::new(near.start, near.end)))
            .find(|site| {
                let site = site.span();
                !span.contains(site)
            });
        let operation =
            reading.hits.within(self.procedure, Span::new(span.start, near.end)).iter().find_map(|hit| self.operated[hit.entry as usize].as_deref());
        let own = match (after, operation) {
            (Some(site), _) => self.same_organ(family(&self.codes[site.entry as usize]), organ),
            (None, Some(operated)) => self.same_organ(family(operated), organ),
            (None, None) => false,
        };
        if !own || (weak && after.is_none_or(|site| site.start != hit.end)) || self.by_node(reading, Span::new(span.start, near.end)) {
            return 0.0;
        }
        let base = f64::from(section_weight(reading.section_kind(span.start))).max(5.0) / 8.0;
        let first = vote.sites.partition_point(|site| site.span.end <= near.start);
        let seat = vote.sites[first..].iter().take_while(|site| site.span.start < near.end).any(|site| site.score >= 5 && site.span.overlaps(near));
        let tumour = self.tumour_in(reading, sentence);
        base * (1.0 + if seat { 1.0 } else { 0.0 } + if tumour { 2.0 } else { 0.0 })
    }

    /// How much a side speaks for where the tumour lies inside an organ: only in a statement about the tumour.
    fn inside(&self, reading: &Reading<'_>, hit: Hit) -> f64 {
        let span = hit.span();
        let sentence = reading.sentence(span.start);
        let after = Span::new(back(reading.text(), span.start, 24).max(sentence.start), forward(reading.text(), span.end, 32).min(sentence.end));
        let before = Span::new(back(reading.text(), span.start, 120), span.end);
        let spoken = |place: Span| reading.hits.within(self.cue, place).iter().any(|hit| self.statement[hit.entry as usize]);
        let about_tumour = self.tumour_in(reading, sentence) || spoken(sentence) || spoken(before);
        if !about_tumour || reading.hits.within(self.cue, after).iter().any(|hit| self.elsewhere[hit.entry as usize]) {
            return 0.0;
        }
        let kind = reading.section_kind(span.start);
        if matches!(kind, "history" | "frozen" | "gross" | "specimen" | "header") { 0.0 } else { f64::from(section_weight(kind)) / 8.0 }
    }

    fn same_organ(&self, organ: &str, other: &str) -> bool {
        let has = |group: &Vec<String>, name: &str| group.iter().any(|known| known == name);
        organ == other || self.joined.iter().any(|group| has(group, organ) && has(group, other))
    }

    fn tumour_in(&self, reading: &Reading<'_>, sentence: Span) -> bool {
        reading.hits.within(self.morphology, sentence).iter().any(|hit| self.malignant[hit.entry as usize])
    }

    fn by_node(&self, reading: &Reading<'_>, span: Span) -> bool {
        reading.hits.within(self.cue, span).iter().any(|hit| self.node[hit.entry as usize])
    }
}

impl Finder for Lateralities {
    fn find(&self, reading: &Reading<'_>, out: &mut Vec<Finding>) {
        let votes = self.votes(reading, self.organs.vote(reading));
        let most = votes.iter().map(|vote| vote.weight).fold(0.0, f64::max);
        let best = votes.iter().map(|vote| vote.best).fold(0.0, f64::max);
        // A side with little behind it, or with evidence of a lesser kind, is no statement about the tumour.
        for vote in votes.iter().filter(|vote| vote.weight * 3.0 >= most && vote.best * 1.3 >= best) {
            out.push(Finding {
                detail: Detail::Laterality(Laterality { value: vote.value.clone() }),
                assertion: Assertion::default(),
                specimen: None,
                section: reading.section_kind(vote.span.start).to_string(),
                span: reading.to_original(vote.span),
                doubts: Vec::new(),
            });
        }
    }
}

/// The byte some `reach` bytes before, on a character boundary.
fn back(text: &str, at: usize, reach: usize) -> usize {
    let mut start = at.saturating_sub(reach);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    start
}

/// The byte some `reach` bytes after, on a character boundary.
fn forward(text: &str, at: usize, reach: usize) -> usize {
    let mut end = (at + reach).min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    end
}
