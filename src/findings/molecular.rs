//! Molecular results: genes (`KRAS、NRAS均野生型`, `ALK rearrangement not detected`), mismatch repair, microsatellites, PD-L1 scores.
//!
//! A gene needs a word of result behind or right before it; a list of genes shares one. A plain protein stain is left to the
//! immunohistochemistry. The variant is kept as written (`G12D`, `V600E`).

use serde::Deserialize;

use super::assertion::{Assertions, Presence};
use super::cursor::{Cursor, around};
use super::detail::{Mmr, Molecular, Msi, Pdl1};
use super::ihc::{ResultWords, Role as Word};
use super::{Detail, Finder, Finding, Reading};
use crate::error::Result;
use crate::lexicon::{ClassId, Hit, Lexicon};
use crate::span::Span;

#[derive(Debug, Deserialize)]
struct Entry {
    role: Role,
    #[serde(default)]
    value: String,
}

#[derive(Debug, PartialEq, Eq, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Role {
    Gene,
    Mmr,
    Msi,
    Pdl1,
}

/// Finds molecular results.
#[derive(Debug)]
pub struct Moleculars {
    class: ClassId,
    entries: Vec<(String, Entry)>,
    words: ResultWords,
    assertions: Assertions,
}

impl Moleculars {
    /// Takes the classes `gene` and `ihc.word`.
    ///
    /// # Errors
    /// Where one is missing or an entry has no known `role`.
    pub fn new(lexicon: &Lexicon) -> Result<Self> {
        let class = lexicon.class("gene")?;
        let vocabulary = lexicon.vocabulary(class);
        let entries = vocabulary.entries.iter().map(|entry| entry.id().to_string()).zip(vocabulary.attributes()?).collect();
        Ok(Self { class, entries, words: ResultWords::new(lexicon)?, assertions: Assertions::new(lexicon)? })
    }

    fn push(&self, reading: &Reading<'_>, span: Span, detail: Detail, out: &mut Vec<Finding>) {
        out.push(Finding::stated(reading, detail, self.assertions.assess(reading, span), span));
    }

    /// The first word of a gene result behind a place, before the next gene.
    fn result(&self, reading: &Reading<'_>, from: usize, until: usize) -> Option<(&'static str, usize)> {
        reading.hits.within(self.words.class, Span::new(from, until)).iter().find_map(|hit| {
            let result = match self.words.roles[hit.entry as usize] {
                Word::Mutated => "mutated",
                Word::WildType => "wild-type",
                Word::Rearranged => "rearranged",
                Word::NotRearranged => "not-rearranged",
                Word::Amplified => "amplified",
                Word::NotAmplified => "not-amplified",
                _ => return None,
            };
            Some((result, hit.end as usize))
        })
    }

    /// How many genes from the first on stand in one list.
    fn cluster(&self, reading: &Reading<'_>, hits: &[Hit]) -> usize {
        let joined = |pair: &[Hit]| {
            let gap = reading.slice(Span::new(pair[0].end as usize, pair[1].start as usize));
            !gap.is_empty() && gap.len() < 8 && gap.split([' ', ',', '、', '/', '&']).all(|word| matches!(word, "" | "and" | "or" | "和" | "及"))
        };
        let gene = |hit: &Hit| self.entries[hit.entry as usize].1.role == Role::Gene;
        1 + hits.windows(2).take_while(|pair| gene(&pair[1]) && joined(pair)).count()
    }

    /// `未检测到BRAF基因V600E突变`: whether the words before deny what follows.
    fn denied(&self, reading: &Reading<'_>, start: usize) -> bool {
        let from = around(reading.text(), Span::new(start, start), 30, 0).start.max(reading.sentence(start).start);
        self.words
            .last_before(reading, from, start)
            .is_some_and(|(role, at)| role == Word::WildType && reading.slice(Span::new(at.end, start)).trim().is_empty())
    }

    /// `EGFR amplification: NEGATIVE`, `KRAS mutation is not detected`: whether the first verdict behind a result denies it.
    fn refused(&self, reading: &Reading<'_>, end: usize) -> bool {
        let reach = around(reading.text(), Span::new(end, end), 0, 34).end.min(reading.sentence(end.saturating_sub(1)).end.max(end));
        let hits = reading.hits.within(self.words.class, Span::new(end, reach));
        let verdict = hits.iter().find(|hit| self.words.roles[hit.entry as usize] != Word::Filler);
        verdict.is_some_and(|hit| {
            let gap = reading.slice(Span::new(end, hit.start as usize));
            matches!(self.words.roles[hit.entry as usize], Word::Negative | Word::NotAmplified | Word::NotRearranged | Word::WildType)
                && !gap.contains([',', ';', '.', '\n', '、', '。'])
        })
    }

    /// `no mutation was identified in KRAS`: the denial before a gene that no result stands behind.
    fn turned(&self, reading: &Reading<'_>, first: usize) -> Option<&'static str> {
        let from = around(reading.text(), Span::new(first, first), 70, 0).start.max(reading.sentence(first).start);
        let hits = reading.hits.within(self.words.class, Span::new(from, first));
        hits.iter().rev().find_map(|hit| {
            let gap = reading.slice(Span::new(hit.end as usize, first));
            let linked = [" in ", " of ", " for "].iter().any(|link| gap.contains(link)) && !gap.contains([';', ':', '(']);
            match self.words.roles[hit.entry as usize] {
                Word::WildType if linked => Some("wild-type"),
                Word::NotRearranged if linked => Some("not-rearranged"),
                Word::NotAmplified if linked => Some("not-amplified"),
                _ => None,
            }
        })
    }

    fn genes(&self, reading: &Reading<'_>, list: &[Hit], next: usize, out: &mut Vec<Finding>) {
        let (first, last) = (list[0].start as usize, list[list.len() - 1].end as usize);
        let sentence = reading.sentence(first);
        let reach = around(reading.text(), Span::new(last, last), 0, 60).end.min(next).min(sentence.end.max(last));
        let clause = reading.text().get(last..reach).and_then(|words| words.find(['。', ';'])).map_or(reach, |at| last + at);
        let Some((result, end)) = self.result(reading, last, clause).or_else(|| self.turned(reading, first).map(|result| (result, last))) else { return };
        let denied = self.denied(reading, first) || self.assertions.presence(reading, list[0].span()) == Presence::Absent || self.refused(reading, end);
        let result = match (denied, result) {
            (true, "mutated") => "wild-type",
            (true, "rearranged") => "not-rearranged",
            (true, "amplified") => "not-amplified",
            _ => result,
        };
        let variant = variant(reading.text(), last, end).map(|place| reading.written(place).to_string());
        for hit in list {
            let detail = Molecular { gene: self.entries[hit.entry as usize].0.clone(), result: result.into(), variant: variant.clone() };
            self.push(reading, Span::new(hit.start as usize, end), Detail::Molecular(detail), out);
        }
    }

    fn pdl1(&self, reading: &Reading<'_>, hit: Hit, kind: &str, out: &mut Vec<Finding>) {
        let mut cursor = Cursor::new(reading.text(), hit.end as usize);
        cursor.skip(b" :=-()", 3);
        for word in ["is", "of", "score", "评分", "为", "约"] {
            cursor.word(word);
            cursor.skip(b" :=(", 2);
        }
        let above = cursor.skip(b">", 1) > 0 || cursor.eat("≥");
        let below = cursor.skip(b"<", 1) > 0 || cursor.eat("≤");
        cursor.skip(b"= ", 2);
        let Some(low) = cursor.decimal().filter(|low| *low <= 100.0) else { return };
        let mut range = cursor;
        range.skip(b"%", 1);
        let high = if range.skip(b"-~", 1) == 1 { range.decimal() } else { None }.filter(|high| *high >= low && *high <= 100.0);
        let score = match (above, below, high) {
            (true, _, _) => [low, 100.0],
            (_, true, _) => [0.0, low],
            (_, _, Some(high)) => [low, high],
            _ => [low, low],
        };
        let end = if high.is_some() { range.at } else { cursor.at };
        self.push(reading, Span::new(hit.start as usize, end), Detail::Pdl1(Pdl1 { kind: kind.into(), score }), out);
    }
}

/// `G12D`, `V600E`, `L858R`, `p.V600E`, `exon 19` between a gene and its result.
fn variant(text: &str, from: usize, to: usize) -> Option<Span> {
    let words = text.get(from..to)?;
    let bytes = words.as_bytes();
    (0..bytes.len()).find_map(|at| {
        let boundary = at == 0 || !bytes[at - 1].is_ascii_alphanumeric();
        let digits = bytes[at + 1..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let end = at + 1 + digits;
        let letter = bytes.get(end).is_some_and(u8::is_ascii_alphabetic) && !bytes.get(end + 1).is_some_and(u8::is_ascii_alphanumeric);
        (boundary && bytes[at].is_ascii_alphabetic() && (2..=4).contains(&digits) && letter).then(|| Span::new(from + at, from + end + 1))
    })
}

impl Finder for Moleculars {
    fn find(&self, reading: &Reading<'_>, out: &mut Vec<Finding>) {
        let hits = reading.of(self.class);
        let mut index = 0;
        while index < hits.len() {
            let hit = hits[index];
            let entry = &self.entries[hit.entry as usize].1;
            let span = hit.span();
            match entry.role {
                Role::Gene => {
                    let length = self.cluster(reading, &hits[index..]);
                    let next = hits.get(index + length).map_or(reading.text().len(), |hit| hit.start as usize);
                    self.genes(reading, &hits[index..index + length], next, out);
                    index += length;
                    continue;
                }
                Role::Mmr => self.push(reading, span, Detail::Mmr(Mmr { status: entry.value.clone() }), out),
                Role::Msi if reading.is_upper(span.start) || reading.slice(span).len() > 5 => {
                    self.push(reading, span, Detail::Msi(Msi { status: entry.value.clone() }), out);
                }
                Role::Msi => {}
                Role::Pdl1 => self.pdl1(reading, hit, &entry.value, out),
            }
            index += 1;
        }
    }
}
