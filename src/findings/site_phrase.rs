//! Sites as written: topography words joined with side, segment and quadrant, each with what the words around it say for its being
//! the seat of the tumour (a histology in the sentence, a site field, a mass or its operation).
//!
//! Lymph nodes and seats of metastases are marked so. The code is that of the most specific topography word; nothing is inferred
//! from the histology here. Which of the sites becomes a finding is decided in `primary_site`.

use std::sync::Arc;

use serde::Deserialize;

use super::assertion::Assertions;
use super::{Presence, Reading};
use crate::error::Result;
use crate::lexicon::{ClassId, Hit, Lexicon};
use crate::organ::SiteCandidate;
use crate::span::Span;

#[derive(Debug, Deserialize)]
struct Topography {
    code: String,
}

#[derive(Debug, Deserialize)]
struct Part {
    place: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Role {
    Tumour,
    Operated,
    Secondary,
    Node,
    Benign,
    Field,
    Statement,
    Elsewhere,
    Distance,
}

#[derive(Debug, Deserialize)]
struct Cue {
    role: Role,
    weight: i32,
}

/// How far the sites and cues of a report were read: phrases are weighed in the order of the text.
#[derive(Debug, Default)]
struct Places {
    site: usize,
    cue: usize,
}

/// Reads site phrases.
#[derive(Debug)]
pub(super) struct SiteGrammar {
    topography: ClassId,
    codes: Vec<Arc<str>>,
    part: ClassId,
    before: Vec<bool>,
    cue: ClassId,
    cues: Vec<Cue>,
    morphology: ClassId,
    malignant: Vec<bool>,
    word: ClassId,
    assertions: Assertions,
}

impl SiteGrammar {
    /// Takes the classes `topography`, `site.part`, `site.cue` and `morphology`.
    ///
    /// # Errors
    /// Where one of them is missing or an entry lacks an attribute.
    pub(super) fn new(lexicon: &Lexicon) -> Result<Self> {
        let topography = lexicon.class("topography")?;
        let part = lexicon.class("site.part")?;
        let cue = lexicon.class("site.cue")?;
        let morphology = lexicon.class("morphology")?;
        let codes = lexicon.vocabulary(topography).attributes::<Topography>()?.into_iter().map(|entry| entry.code.into()).collect();
        let before = lexicon.vocabulary(part).attributes::<Part>()?.into_iter().map(|entry| entry.place == "before").collect();
        let cues = lexicon.vocabulary(cue).attributes::<Cue>()?;
        let malignant = lexicon
            .vocabulary(morphology)
            .entries
            .iter()
            .map(|entry| matches!(entry.text("code").and_then(|code| code.split('/').nth(1)), Some("2" | "3")))
            .collect();
        Ok(Self {
            topography,
            codes,
            part,
            before,
            cue,
            cues,
            morphology,
            malignant,
            word: lexicon.class("histology.word")?,
            assertions: Assertions::new(lexicon)?,
        })
    }

    /// Every topography phrase of a report with its score, in the order of the text.
    pub(super) fn candidates(&self, reading: &Reading<'_>) -> Vec<SiteCandidate> {
        // `乳头` in `乳头状`: a word of a histology is no site.
        let mut words = reading.of(self.word).iter().peekable();
        let mut in_word = |hit: &Hit| {
            while words.next_if(|word| word.end <= hit.start).is_some() {}
            words.peek().is_some_and(|word| word.span().contains(hit.span()) && word.span() != hit.span())
        };
        let hits: Vec<Hit> = reading.of(self.topography).iter().copied().filter(|hit| !in_word(hit)).collect();
        let hits = hits.as_slice();
        let stated = |hit: &&Hit| self.malignant[hit.entry as usize] && self.assertions.presence(reading, hit.span()) != Presence::Absent;
        let names: Vec<Span> = reading.of(self.morphology).iter().filter(stated).map(|hit| hit.span()).collect();
        let mut out = Vec::with_capacity(hits.len());
        let mut at = 0;
        let mut places = Places::default();
        while let Some(&first) = hits.get(at) {
            let (span, taken) = self.phrase(reading, hits, at);
            let members = &hits[at..at + taken];
            let best = members.iter().copied().max_by_key(|hit| specificity(self.code(*hit))).unwrap_or(first);
            let code = Arc::clone(&self.codes[best.entry as usize]);
            out.push(self.weigh(reading, span, code, members, &names, &mut places));
            at += taken;
        }
        out
    }

    fn code(&self, hit: Hit) -> &str {
        &self.codes[hit.entry as usize]
    }

    /// The phrase around the hit at `at`: words before, touching topography words of one organ, words after; and how many hits it takes.
    fn phrase(&self, reading: &Reading<'_>, hits: &[Hit], at: usize) -> (Span, usize) {
        let text = reading.text();
        let mut span = hits[at].span();
        let parts = reading.of(self.part);
        let mut behind = parts.partition_point(|hit| (hit.end as usize) <= span.start);
        while let Some(hit) = parts[..behind].last()
            && self.before[hit.entry as usize]
            && touches(text, hit.end as usize, span.start)
        {
            span.start = hit.start as usize;
            behind -= 1;
        }
        let mut taken = 1;
        loop {
            if let Some(next) = hits.get(at + taken)
                && touches(text, span.end, next.start as usize)
                && self.code(*next)[..3] == self.code(hits[at])[..3]
                && (specificity(self.code(*next)) > 0 || specificity(self.code(hits[at])) == 0)
            {
                span.end = next.end as usize;
                taken += 1;
                continue;
            }
            behind += parts[behind..].iter().take_while(|hit| (hit.start as usize) < span.end).count();
            let next = parts[behind..].iter().take_while(|hit| (hit.start as usize) < span.end + 2).find(|hit| !self.before[hit.entry as usize]);
            if let Some(next) = next
                && touches(text, span.end, next.start as usize)
            {
                span.end = next.end as usize;
                continue;
            }
            let clock = clock(&text[span.end..]);
            if clock == 0 {
                break;
            }
            span.end += clock;
        }
        while hits.get(at + taken).is_some_and(|next| (next.start as usize) < span.end) {
            taken += 1;
        }
        (span, taken)
    }

    fn weigh(&self, reading: &Reading<'_>, span: Span, code: Arc<str>, members: &[Hit], names: &[Span], places: &mut Places) -> SiteCandidate {
        let text = reading.text();
        let coarse = members.len() == 1
            && members.iter().all(|hit| hit.span() == span || text[span.start..hit.start as usize].chars().count() <= 2 && hit.end as usize == span.end)
            && code.ends_with('9');
        let mut site = SiteCandidate { span, code, score: 0, coarse, operated: false, secondary: false };
        let after = self.own_window(reading, span, &site.code, places);
        let mut best = 0;
        let mut sum = 0;
        for hit in reading.hits.along(self.cue, after, &mut places.cue) {
            let cue = &self.cues[hit.entry as usize];
            let gap = hit.start as usize - span.end;
            match cue.role {
                Role::Tumour if self.assertions.presence(reading, hit.span()) == Presence::Absent => break,
                Role::Tumour => {
                    // `右肺癌`: nothing between; `右肺上叶见团块影`: a few words; further off it may be another's.
                    let weight = if gap <= 15 && cue.weight >= 6 && !text[span.end..hit.start as usize].contains([',', '、', '(', ':']) {
                        cue.weight + 4
                    } else if gap > 60 {
                        cue.weight / 2
                    } else {
                        cue.weight
                    };
                    best = best.max(weight);
                    sum += cue.weight;
                }
                Role::Operated => {
                    site.operated = true;
                    best = best.max(cue.weight);
                }
                Role::Node if gap <= 12 && best < 6 => {
                    site.secondary = true;
                    break;
                }
                Role::Secondary => {
                    site.secondary = best < 4 && gap <= 48;
                    break;
                }
                Role::Benign if best < 3 => {
                    best = 0;
                    sum = 0;
                    break;
                }
                Role::Benign if best < 4 => break,
                // `肠镜`, `回肠造瘘`: not the organ of the tumour.
                Role::Elsewhere if gap == 0 => {
                    site.secondary = true;
                    break;
                }
                Role::Node | Role::Benign | Role::Field | Role::Statement | Role::Elsewhere | Role::Distance => {}
            }
        }
        if site.secondary || site.code.starts_with("C77") {
            site.secondary = true;
            return site;
        }
        site.score = best + (sum - best).clamp(0, 2);
        let before = window_before(text, span.start);
        for hit in reading.hits.along(self.cue, before, &mut places.cue).iter().rev() {
            let cue = &self.cues[hit.entry as usize];
            let gap = &text[hit.end as usize..span.start];
            match cue.role {
                Role::Field if gap.trim_start().starts_with([':', '-', '|']) => site.score += cue.weight + 2,
                Role::Secondary if gap.len() < 24 => {
                    site.score -= if gap.len() < 8 { 8 } else { 4 };
                }
                Role::Distance if gap.is_empty() => {
                    site.secondary = true;
                    site.score = 0;
                    return site;
                }
                Role::Node => {
                    site.score -= 2;
                    break;
                }
                _ => {}
            }
        }
        site.score += histology_nearby(reading, span, names);
        site
    }

    /// The words after a site that may speak of it: up to the end of the statement or the next site of another organ.
    fn own_window(&self, reading: &Reading<'_>, span: Span, code: &str, places: &mut Places) -> Span {
        let mut window = window_after(reading.text(), span.end);
        let next = reading.hits.along(self.topography, window, &mut places.site).iter().find(|hit| {
            let other = &self.code(**hit)[..3];
            other != &code[..3] && !matches!(other, "C49" | "C76" | "C77")
        });
        if let Some(next) = next {
            window.end = next.start as usize;
        }
        window
    }
}

/// A malignant histology in the sentence: `carcinoma of the cecum`, `cecum, resection: adenocarcinoma`.
fn histology_nearby(reading: &Reading<'_>, span: Span, names: &[Span]) -> i32 {
    if names.is_empty() {
        return 0;
    }
    let text = reading.text();
    let sentence = reading.sentence(span.start);
    let reach = Span::new(sentence.start, sentence.end.max(span.end));
    let mut score = 0;
    let first = names.partition_point(|name| name.start < reach.start);
    for name in names[first..].iter().take_while(|name| name.start < reach.end).filter(|name| reach.contains(**name)) {
        let points = if name.end <= span.start {
            match text[name.end..span.start].trim() {
                "of" | "of the" | "in the" | "from the" | "" | "of left" | "of right" | "arising in the" => 7,
                gap if gap.len() < 40 => 3,
                _ => 2,
            }
        } else if name.start >= span.end && name.start - span.end < 90 {
            5
        } else {
            2
        };
        score = score.max(points);
    }
    score
}

/// How much of the organ a code pins down.
fn specificity(code: &str) -> u8 {
    match code.as_bytes().last() {
        Some(b'9') => 0,
        Some(b'8') => 1,
        _ => 2,
    }
}

/// Whether two pieces of a phrase touch, a blank or a bracket apart.
fn touches(text: &str, end: usize, start: usize) -> bool {
    end <= start && text.get(end..start).is_some_and(|gap| gap.is_empty() || gap == " " || gap == "(" || gap == ", ")
}

/// The length of a clock position (`9-10点钟`, `2点`) at the start of a text.
fn clock(text: &str) -> usize {
    let digits = text.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b'-').count();
    if digits == 0 || digits > 5 {
        return 0;
    }
    ["点钟位", "点钟", "点"].iter().find(|word| text[digits..].starts_with(**word)).map_or(0, |word| digits + word.len())
}

/// Characters after a site that may speak of it.
const REACH: usize = 48;

/// The words after a site up to the end of the statement, at most some forty characters.
fn window_after(text: &str, from: usize) -> Span {
    let near = &text.as_bytes()[from..text.len().min(from + REACH)];
    if near.is_ascii() {
        return Span::new(from, from + memchr::memchr2(b';', b'\n', near).unwrap_or(near.len()));
    }
    let stops = |(number, (_, character)): &(usize, (usize, char))| *number == REACH || matches!(character, ';' | '。' | '\n');
    Span::new(from, text[from..].char_indices().enumerate().find(stops).map_or(text.len(), |(_, (index, _))| from + index))
}

/// The words before a site back to the start of the statement, at most some forty bytes.
fn window_before(text: &str, to: usize) -> Span {
    let mut start = to.saturating_sub(60);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    let near = &text.as_bytes()[start..to];
    if near.is_ascii() {
        return Span::new(memchr::memrchr2(b'\n', b';', near).map_or(start, |index| start + index + 1), to);
    }
    let from = text[start..to].rfind(['\n', ';', '。']).map_or(start, |index| start + index + 1);
    let from = if text.is_char_boundary(from) { from } else { start };
    Span::new(from, to)
}
