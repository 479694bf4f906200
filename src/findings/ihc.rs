//! Immunohistochemistry: `CK7（-）`, `KI67（40%+）`, `ER(2+,20%)`, `CD30、CD15均阴性`, `positive for CK7 and TTF-1, negative for CK20`.
//!
//! Markers come from the lexicon; markers that stand in one list share the value behind the list or the words before it. A marker
//! without a value gives nothing. HER2 follows the ASCO/CAP scores; in-situ hybridisation is a marker of its own (`HER2-ISH`).

mod list;
mod number;
mod value;

use serde::Deserialize;

use super::assertion::{Assertions, Presence};
use super::detail::Ihc;
use super::squeeze::squeezed;
use super::{Detail, Finder, Finding, Reading};
use crate::document::Language;
use crate::error::Result;
use crate::lexicon::{ClassId, Hit, Lexicon};
use crate::span::Span;
use value::Stain;
pub(super) use value::walk;

/// What a word near a marker says.
#[derive(Debug, PartialEq, Eq, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Role {
    Positive,
    Negative,
    Equivocal,
    PositiveBefore,
    NegativeBefore,
    StainBefore,
    Amplified,
    NotAmplified,
    Mutated,
    WildType,
    Rearranged,
    NotRearranged,
    Weak,
    Moderate,
    Strong,
    Above,
    Below,
    Quantified,
    Allred,
    NoResult,
    Filler,
}

#[derive(Debug, Deserialize)]
struct WordAttributes {
    role: Role,
}

/// The words of results with their roles.
#[derive(Debug)]
pub(super) struct ResultWords {
    pub class: ClassId,
    pub roles: Vec<Role>,
}

impl ResultWords {
    pub fn new(lexicon: &Lexicon) -> Result<Self> {
        let class = lexicon.class("ihc.word")?;
        let roles = lexicon.vocabulary(class).attributes::<WordAttributes>()?.into_iter().map(|word| word.role).collect();
        Ok(Self { class, roles })
    }

    /// The word that begins at a byte: its role and end.
    pub fn at(&self, reading: &Reading<'_>, at: usize) -> Option<(Role, usize)> {
        reading.hits.at(self.class, at).filter(|hit| hit.start as usize == at).map(|hit| (self.roles[hit.entry as usize], hit.end as usize))
    }

    /// The word that ends last at or before `at`, not before `from`.
    pub fn last_before(&self, reading: &Reading<'_>, from: usize, at: usize) -> Option<(Role, Span)> {
        reading
            .hits
            .within(self.class, Span::new(from, at))
            .iter()
            .rev()
            .map(|hit| (self.roles[hit.entry as usize], hit.span()))
            .find(|(role, _)| *role != Role::Filler)
    }
}

#[derive(Debug, Deserialize)]
struct MarkerAttributes {
    #[serde(default)]
    ish: bool,
    /// In Chinese a stain only beside other markers; alone it is a test of another thing.
    #[serde(default)]
    panel: bool,
}

/// Finds immunohistochemical results.
#[derive(Debug)]
pub struct Stains {
    class: ClassId,
    markers: Vec<(String, bool)>,
    panels: Vec<bool>,
    words: ResultWords,
    /// Things with a size: none of them is a stain.
    things: ClassId,
    assertions: Assertions,
}

impl Stains {
    /// Takes the classes `marker`, `ihc.word` and `measured`.
    ///
    /// # Errors
    /// Where one is missing or a word has no known `role`.
    pub fn new(lexicon: &Lexicon) -> Result<Self> {
        let class = lexicon.class("marker")?;
        let vocabulary = lexicon.vocabulary(class);
        let attributes: Vec<MarkerAttributes> = vocabulary.attributes()?;
        let panels = attributes.iter().map(|attributes| attributes.panel).collect();
        let markers = vocabulary.entries.iter().zip(attributes).map(|(entry, attributes)| (entry.id().to_string(), attributes.ish)).collect();
        Ok(Self { class, markers, panels, words: ResultWords::new(lexicon)?, things: lexicon.class("measured")?, assertions: Assertions::new(lexicon)? })
    }

    /// Whether a short name is written as names are, not as a word.
    fn is_name(&self, reading: &Reading<'_>, hit: Hit) -> bool {
        let span = hit.span();
        let form = reading.slice(span);
        // `9p21` is a place on a chromosome.
        if form.starts_with('p') && reading.text()[..span.start].ends_with(|before: char| before.is_ascii_digit()) {
            return false;
        }
        form.len() > 4 || !form.as_bytes()[0].is_ascii_alphabetic() || reading.is_upper(span.start) || form.bytes().any(|byte| byte.is_ascii_digit())
    }

    /// How many hits from the first on stand in one list, and whether a mark that lists share a value stands between them.
    fn cluster(&self, reading: &Reading<'_>, hits: &[Hit]) -> usize {
        let mut length = 1;
        while let (Some(last), Some(next)) = (hits.get(length - 1), hits.get(length)) {
            let gap = reading.slice(Span::new(last.end as usize, next.start as usize));
            // More than a few letters are no list, however the blanks stand.
            let few = gap.bytes().filter(|byte| !byte.is_ascii_whitespace()).nth(12).is_none();
            let gap = squeezed(if few { gap } else { "" });
            let joined = gap.len() <= 12
                && !gap.trim().is_empty()
                && gap.split([' ', '\n', ',', '、', '/', '&']).all(|word| matches!(word, "" | "and" | "or" | "和" | "及" | "与"));
            if joined || self.over_unknown(reading, last, next) {
                length += 1;
            } else {
                break;
            }
        }
        length
    }

    /// The value that words before a list give it: `positive for …`.
    fn before(&self, reading: &Reading<'_>, start: usize) -> Option<Stain> {
        let from = super::cursor::around(reading.text(), Span::new(start, start), 90, 0).start.max(reading.sentence(start).start);
        let mut nearest = self.words.last_before(reading, from, start)?;
        // `negative for immunoperoxidase stain for …`: the noun gives no verdict.
        if nearest.0 == Role::StainBefore && !self.is_verb(reading, nearest.1.start) {
            nearest = self.words.last_before(reading, from, nearest.1.start)?;
        }
        let (role, at) = nearest;
        let gap = squeezed(reading.slice(Span::new(at.end, start)));
        let plain = gap.len() < 48 && self.fills(reading, Span::new(at.end, start));
        let listed = || gap.len() < 48 && self.unknown_names(reading, Span::new(at.end, start));
        let linked = [" for", " with"].iter().any(|word| gap.trim_end().ends_with(word));
        let opens = gap.starts_with(':') && self.opens_line(reading, at.start);
        let status = match role {
            Role::PositiveBefore if plain || listed() => "positive",
            Role::NegativeBefore if plain || listed() => "negative",
            Role::StainBefore if plain && self.is_verb(reading, at.start) => "positive",
            // `positive immunohistochemical staining for p53`
            Role::Positive if plain && linked => "positive",
            Role::Negative if plain && linked => "negative",
            // `negative cytokeratin immunohistochemistry`
            Role::Negative if matches!(gap.trim(), "" | "of") => "negative",
            // `POSITIVE: CK7, TTF-1`
            Role::Positive if opens && plain => "positive",
            Role::Negative if opens && plain => "negative",
            _ => return None,
        };
        Some(Stain { status: Some(status), start: at.start, end: start, ..Stain::default() })
    }

    /// Whether a stretch holds nothing but words that may stand between a verdict and its markers.
    fn fills(&self, reading: &Reading<'_>, gap: Span) -> bool {
        let mut at = gap.start;
        gap.of(reading.text()).split_inclusive([' ', '\n', '-', ',', ':']).all(|piece| {
            let word = piece.trim_end_matches([' ', '\n', '-', ',', ':']);
            let here = at;
            at += piece.len();
            matches!(word, "" | "a" | "the" | "both" | "for" | "with" | "to" | "and" | "only" | "against" | "antibodies")
                || self.words.at(reading, here).is_some_and(|(role, end)| matches!(role, Role::Filler | Role::StainBefore) && end >= here + word.len())
        })
    }

    /// Whether a word stands at the start of its line or statement.
    fn opens_line(&self, reading: &Reading<'_>, at: usize) -> bool {
        let head = reading.text().get(..at).unwrap_or("").trim_end_matches([' ', '-', '*']);
        head.is_empty() || head.ends_with(['\n', '.', ';'])
    }

    /// `the cells |stain for`: a word that tissue stands before is a verb, behind `immunohistochemical` or at a start a noun.
    fn is_verb(&self, reading: &Reading<'_>, at: usize) -> bool {
        let head = reading.text().get(..at).unwrap_or("").trim_end();
        let start = head.rfind([' ', '\n']).map_or(0, |blank| blank + 1);
        let word = &head[start..];
        self.words.at(reading, start).is_some_and(|(role, end)| role == Role::Filler && end == head.len())
            && !word.starts_with("immuno")
            && !matches!(word, "the" | "and" | "of" | "with" | "all" | "by" | "on" | "in")
    }

    /// `confirmed by cytokeratin immunostain`: the stain shows what the statement says to be there or not.
    fn instrument(&self, reading: &Reading<'_>, first: usize, last: usize) -> Option<Stain> {
        let text = reading.text();
        let rest = text.get(last..)?;
        let means = last + (rest.len() - rest.trim_start_matches([' ', '\n', ')', '.']).len());
        let behind = self.words.at(reading, means).filter(|(role, _)| *role == Role::Filler).map(|(_, end)| Span::new(means, end));
        let behind = behind.filter(|at| ["immuno", "stain"].iter().any(|stem| reading.slice(*at).starts_with(stem)));
        let noun = text.get(..first).unwrap_or("").trim_end().len();
        let ahead = reading
            .hits
            .within(self.words.class, Span::new(noun.saturating_sub(14), first))
            .iter()
            .any(|hit| hit.end as usize == noun && self.words.roles[hit.entry as usize] == Role::StainBefore);
        let end = behind.map(|at| at.end).or(ahead.then_some(last))?;
        let from = super::cursor::around(text, Span::new(first, first), 130, 0).start.max(reading.sentence(first).start);
        let head = text.get(from..first)?;
        let at = [" by", " on", " with"]
            .iter()
            .flat_map(|word| head.rmatch_indices(word))
            .filter(|(at, word)| head[at + word.len()..].starts_with([' ', '.', '\n']))
            .map(|(at, _)| at)
            .max()?;
        let gap = &head[at..];
        if gap.len() > 56 || [" is ", " are ", " was ", " were ", ";", ":"].iter().any(|word| gap.contains(word)) {
            return None;
        }
        let status = match self.assertions.presence(reading, Span::new(first, last)) {
            Presence::Absent => "negative",
            _ if ["confirm", "identif", "visible", "highlight", "support", "seen", "detect", "demonstrat", "positive"]
                .iter()
                .any(|stem| head[..at].contains(stem)) =>
            {
                "positive"
            }
            _ => return None,
        };
        Some(Stain { status: Some(status), start: last, end, ..Stain::default() })
    }

    /// The word right behind a list that makes it one of genes: amplification, mutation or rearrangement.
    fn of_gene(&self, reading: &Reading<'_>, last: usize) -> Option<Role> {
        let rest = reading.text().get(last..)?;
        let at = last + rest.len() - rest.trim_start_matches([' ', '\n']).len();
        let (role, end) = self.words.at(reading, at)?;
        let next = if role == Role::Filler { self.words.at(reading, end + 1).map(|(role, _)| role)? } else { role };
        matches!(next, Role::Amplified | Role::Mutated | Role::Rearranged).then_some(next)
    }

    /// What stands before a method: the marker and the words between.
    fn before_method<'r>(&self, reading: &'r Reading<'_>, hits: &[Hit]) -> Option<(&str, &'r str)> {
        let [.., marker, method] = hits else { return None };
        let gap = reading.slice(Span::new(marker.end.min(method.start) as usize, method.start as usize)).trim();
        self.markers[method.entry as usize].1.then(|| (self.markers[marker.entry as usize].0.as_str(), gap))
    }

    /// Whether the first verdict behind a colon of the same statement denies.
    fn denied_behind(&self, reading: &Reading<'_>, from: usize) -> bool {
        let near = super::cursor::around(reading.text(), Span::new(from, from), 0, 48);
        let said =
            near.of(reading.text()).find([';', '.']).or_else(|| near.of(reading.text()).find("\n\n")).map_or(near, |at| Span::new(near.start, near.start + at));
        let colon = said.of(reading.text()).find(':').map_or(said.end, |at| said.start + at);
        let verdicts = reading.hits.within(self.words.class, Span::new(colon, said.end)).iter().map(|hit| self.words.roles[hit.entry as usize]);
        let mut verdicts = verdicts.filter(|role| matches!(role, Role::Positive | Role::Negative | Role::Equivocal | Role::Amplified | Role::NotAmplified));
        matches!(verdicts.next(), Some(Role::Negative | Role::NotAmplified))
    }

    fn push(&self, reading: &Reading<'_>, hit: Hit, stain: &Stain, out: &mut Vec<Finding>) {
        // `HER2（2+，FISH未扩增）`: the score is the protein's, the verdict the gene's.
        if stain.amplification && stain.score.is_some() && !self.markers[hit.entry as usize].1 {
            let protein = Stain { amplification: false, status: Some("positive"), ..stain.clone() };
            self.push(reading, hit, &protein, out);
            let gene = Stain { score: None, percent: None, ..stain.clone() };
            return self.push(reading, hit, &gene, out);
        }
        let (name, ish) = &self.markers[hit.entry as usize];
        let mut marker = name.clone();
        if (*ish && !stain.amplification) || (stain.status.is_none() && stain.percent.is_none()) {
            return;
        }
        if stain.amplification && !*ish {
            marker.push_str("-ISH");
        }
        let mut status = stain.status;
        if marker == "HER2" && !stain.single_plus {
            status = match stain.score.as_deref() {
                Some("0" | "1+") => Some("negative"),
                Some("2+") => Some("equivocal"),
                Some("3+" | "4+") => Some("positive"),
                _ => status,
            };
        }
        let span = if stain.start > hit.start as usize {
            Span::new(hit.start as usize, stain.end.max(hit.end as usize))
        } else {
            Span::new(stain.start, hit.end as usize)
        };
        let span = if span.len() > 160 { hit.span() } else { span };
        if stain.amplification && status == Some("positive") && self.assertions.presence(reading, hit.span()) == Presence::Absent {
            status = Some("negative");
        }
        // `EGFR gene amplification by FISH: non-amplified`: the noun before the method is no verdict.
        if stain.amplification && status == Some("positive") && self.denied_behind(reading, stain.end) {
            status = Some("negative");
        }
        let detail = Ihc {
            marker,
            status: status.map(str::to_string),
            score: stain.score.clone(),
            percent: stain.percent,
            intensity: stain.intensity.map(str::to_string),
            qualifier: stain
                .qualifier
                .filter(|place| !place.is_empty())
                .map(|place| reading.written(place).trim().to_string())
                .filter(|words| !words.is_empty()),
        };
        out.push(Finding::stated(reading, Detail::Ihc(detail), self.assertions.assess(reading, span), span));
    }
}

impl Finder for Stains {
    fn find(&self, reading: &Reading<'_>, out: &mut Vec<Finding>) {
        let hits: Vec<Hit> = reading.of(self.class).iter().copied().filter(|hit| self.is_name(reading, *hit)).collect();
        let mut index = 0;
        let mut carried: Option<(Stain, usize)> = None;
        while index < hits.len() {
            let length = self.cluster(reading, &hits[index..]);
            let list = &hits[index..index + length];
            index += length;
            let (first, last) = (list[0].start as usize, list[length - 1].end as usize);
            // `EGFR gene amplification by FISH: …`: the method names no gene of its own.
            let method = self.before_method(reading, &hits[..index]);
            if method.is_some_and(|(marker, gap)| !marker.starts_with("HER2") && gap.len() < 30 && gap.ends_with("by")) {
                continue;
            }
            let stop = hits.get(index).map_or(reading.text().len(), |hit| hit.start as usize);
            if length == 1 && reading.language == Language::Zh && self.panels[list[0].entry as usize] && !beside(&hits, index - 1) {
                carried = None;
                continue;
            }
            // `激素受体(ER)90%阳性`: the value stands behind the bracket that repeats the name.
            let repeated = index > length
                && hits[index - length - 1].entry == list[0].entry
                && reading.text()[..first].ends_with('(')
                && reading.text()[last..].starts_with(')');
            let last = last + usize::from(repeated);
            let before = self.before(reading, first);
            let direct = || walk(reading, &self.words, last, stop);
            let shared = reading.language == Language::Zh;
            // `negative for EGFR amplification`: said of the gene, not of the protein.
            if let Some(stain) = &before
                && let Some(genetic) = self.of_gene(reading, last)
            {
                if genetic == Role::Amplified && stain.status == Some("negative") {
                    let stain = Stain { amplification: true, ..stain.clone() };
                    for hit in list {
                        self.push(reading, *hit, &stain, out);
                    }
                }
                carried = None;
                continue;
            }
            if let Some(stain) = &before {
                for hit in list {
                    self.push(reading, *hit, stain, out);
                }
                carried = before.map(|stain| (stain, last));
                continue;
            }
            match direct().or_else(|| self.instrument(reading, first, last)) {
                Some(mut stain) => {
                    // `HER2 by FISH: negative`: the method's verdict is on the gene.
                    stain.amplification |= length == 1
                        && matches!(method, Some(("HER2", gap)) if matches!(gap, "by" | "(" | "" | "-" | "," | "gene by" | "status by") || gap.len() <= 12 && gap.bytes().all(|byte| b"+-:,()0123 ".contains(&byte)))
                        && stain.score.is_none()
                        && stain.percent.is_none();
                    // `Cytokeratin cocktail (AE1/AE3): negative`: the name is before the bracket, its clones in it.
                    let owner = hits[..index - length].last().filter(|owner| self.owns(reading, **owner, &list[..1], last));
                    if let Some(owner) = owner {
                        self.push(reading, *owner, &stain, out);
                        carried = None;
                        continue;
                    }
                    let all = length == 1 || !shared || stain.together || self.joined_closely(reading, list);
                    for (place, hit) in list.iter().enumerate() {
                        if all || place + 1 == length {
                            self.push(reading, *hit, &stain, out);
                        }
                    }
                    carried = None;
                }
                None => {
                    // A list that goes on behind a bracket or a clone: `positive for CK7 (focal), TTF-1`.
                    if let Some((stain, end)) = &carried
                        && let Some(gap) = reading.text().get(*end..first)
                        && gap.len() < 40
                        && gap.trim_start_matches(' ').starts_with('(')
                        && gap.trim_end_matches([' ', ',']).ends_with(')')
                    {
                        let stain = Stain { start: first, end: first, ..stain.clone() };
                        for hit in list {
                            self.push(reading, *hit, &stain, out);
                        }
                        carried = Some((stain, last));
                    } else {
                        carried = None;
                    }
                }
            }
        }
    }
}

/// Whether another marker stands within a line of one.
fn beside(hits: &[Hit], index: usize) -> bool {
    let at = hits[index];
    let near = |other: &Hit| other.entry != at.entry && other.start.abs_diff(at.start) <= 120;
    index > 0 && near(&hits[index - 1]) || hits.get(index + 1).is_some_and(near)
}

impl Stains {
    /// Whether a marker is the one that a list in brackets right behind it gives the clones of.
    fn owns(&self, reading: &Reading<'_>, owner: Hit, list: &[Hit], last: usize) -> bool {
        let gap = reading.slice(Span::new(owner.end as usize, list[0].start as usize));
        let own = gap.len() <= 14 && gap.strip_suffix('(').is_some_and(|words| words.trim().is_empty() || words.trim() == "cocktail");
        own && reading.text()[last..].starts_with(')') && !self.markers[list[0].entry as usize].1
    }

    /// Whether a list is joined by `、` or `/` alone, so that one value behind it is everyone's.
    fn joined_closely(&self, reading: &Reading<'_>, list: &[Hit]) -> bool {
        list.windows(2).all(|pair| matches!(reading.slice(Span::new(pair[0].end as usize, pair[1].start as usize)).trim(), "、" | "/" | "和" | "及" | "与"))
    }
}

#[cfg(test)]
mod tests;
