//! Invasion of vessels (`lvi`) and of nerves (`pni`): the invaded thing and the word of invasion within one clause, in either order,
//! and the status said of the pair. A list shares its word (`脉管癌栓及神经侵犯`), and names that are the invasion itself need none.
//! Codes beside a TNM (`L1 V0 Pn0`) count where the letters are upper case. Does not read margins of vessels or tissue lists.

use serde::Deserialize;

use super::assertion::Assertions;
use super::cursor::around;
use super::detail::{Lvi, Pni};
use super::marks::marked;
use super::status::{Status, Statuses};
use super::{Detail, Doubt, Finder, Finding, Reading};
use crate::error::Result;
use crate::fold::is_han;
use crate::lexicon::{ClassId, Hit, Lexicon};
use crate::span::Span;

/// Bytes between a word of invasion and what is invaded.
const REACH: usize = 48;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Invaded {
    Lvi,
    Pni,
    Both,
    None,
}

#[derive(Debug, Deserialize)]
struct Site {
    finding: Invaded,
    #[serde(default)]
    bare: bool,
    #[serde(default)]
    list: bool,
    #[serde(default)]
    stems: Vec<String>,
}

/// Finds statements of vascular and perineural invasion.
#[derive(Debug)]
pub struct Invasions {
    site: ClassId,
    event: ClassId,
    marker: ClassId,
    sites: Vec<Site>,
    statuses: Statuses,
    assertions: Assertions,
}

impl Invasions {
    /// Takes the classes `invasion.site` and `invasion.event`, statuses and cues.
    ///
    /// # Errors
    /// Where one is missing or an entry lacks what it needs.
    pub fn new(lexicon: &Lexicon) -> Result<Self> {
        let site = lexicon.class("invasion.site")?;
        Ok(Self {
            site,
            event: lexicon.class("invasion.event")?,
            marker: lexicon.class("marker")?,
            sites: lexicon.vocabulary(site).attributes()?,
            statuses: Statuses::new(lexicon)?,
            assertions: Assertions::new(lexicon)?,
        })
    }

    fn site_of(&self, hit: Hit) -> &Site {
        &self.sites[hit.entry as usize]
    }

    /// `CD34血管（+）`, `CD10(血管+)`: the cells that a stain is said of.
    fn is_stained(&self, reading: &Reading<'_>, site: Span) -> bool {
        let head = reading.text().get(..site.start).unwrap_or("").trim_end_matches([' ', '(']);
        let near = Span::new(head.len().saturating_sub(16), head.len());
        is_han(last_char(reading.text(), site.end)) && reading.hits.within(self.marker, near).iter().any(|hit| hit.end as usize == head.len())
    }

    /// Whether two or more names of a printed list of patterns stand around a name.
    fn is_printed(&self, reading: &Reading<'_>, statement: Span) -> bool {
        let place = around(reading.text(), statement, 140, 140);
        reading.hits.within(self.site, place).iter().filter(|hit| self.site_of(**hit).list).count() >= 2
    }

    /// The statement around a hit: the invaded thing with the word of invasion, if there is one.
    fn statement(&self, reading: &Reading<'_>, hit: Hit) -> Option<Span> {
        let span = hit.span();
        let clause = clause(reading.text(), span);
        let behind = Span::new(span.end, clause.end.min(span.end + REACH));
        let before = Span::new(clause.start.max(span.start.saturating_sub(REACH)), span.start);
        let events = reading.of(self.event);
        let from = events.partition_point(|event| (event.start as usize) < before.start);
        let near = events[from..].iter().take_while(|event| (event.start as usize) < behind.end).map(|event| event.span());
        let (mut ahead, mut after) = (None, None);
        for event in near {
            if event.start >= span.end && after.is_none() {
                after = Some(event);
            } else if event.end <= span.start {
                ahead = Some(event);
            } else if event.overlaps(span) {
                return Some(span.join(event));
            }
        }
        if let Some(event) = after {
            return Some(span.join(event));
        }
        if let Some(event) = ahead {
            let gap = Span::new(event.end, span.start).of(reading.text());
            let linked = if gap.chars().any(is_han) || gap.is_empty() || is_han(last_char(reading.text(), event.end)) {
                !gap.contains(':')
            } else {
                gap.trim().split(' ').count() <= 5
                    && [" of", " into", " in", " the", " by", " carcinomatosa", " vasc", ""].iter().any(|word| gap.trim_end().ends_with(word))
            };
            if linked {
                return Some(event.join(span));
            }
        }
        let site = self.site_of(hit);
        let marked = matches!(self.statuses.behind(reading, span.end), Some((Status::Present | Status::Absent, at)) if at.start <= span.end + 4 && reading.text().is_char_boundary(span.start) && is_han(last_char(reading.text(), span.end)) && !at.of(reading.text()).chars().any(|character| matches!(character, '见' | '有')));
        let field =
            matches!(reading.text().get(span.end..), Some(rest) if rest.trim_start().starts_with(':')) && self.statuses.behind(reading, span.end).is_some();
        (site.bare || marked || field).then_some(span)
    }
}

fn last_char(text: &str, end: usize) -> char {
    text.get(..end).and_then(|head| head.chars().next_back()).unwrap_or(' ')
}

/// The stretch around a place without a comma of Chinese, a full stop or a semicolon. Enumerations carry on.
fn clause(text: &str, span: Span) -> Span {
    let floor = floor_boundary(text, span.start.saturating_sub(120));
    let ceiling = floor_boundary(text, (span.end + 120).min(text.len()));
    let stops = |head: &str| {
        head.char_indices().filter(|(at, character)| ends_clause(head, *at, *character)).map(|(at, character)| at + character.len_utf8()).next_back()
    };
    let start = stops(&text[floor..span.start]).map_or(floor, |at| floor + at);
    let tail = &text[span.end..ceiling.max(span.end)];
    let signed = |at: usize| text[..span.end + at].trim_end_matches(['+', '-', '(', ')']).ends_with(is_han);
    let end = tail
        .char_indices()
        .find(|(at, character)| ends_clause(tail, *at, *character) || (*character == ',' && signed(*at)))
        .map_or(ceiling.max(span.end), |(at, _)| span.end + at);
    Span::new(start, end)
}

fn ends_clause(text: &str, at: usize, character: char) -> bool {
    match character {
        '。' | ';' => true,
        ',' => text[at + 1..].chars().next().is_some_and(is_han) || text[..at].chars().next_back().is_some_and(is_han),
        '.' => text[at + 1..].starts_with([' ', '\n']),
        '\n' => text[at + 1..].starts_with(['\n', '-', '*']),
        _ => false,
    }
}

fn floor_boundary(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

impl Finder for Invasions {
    fn find(&self, reading: &Reading<'_>, out: &mut Vec<Finding>) {
        let mut last: Option<(Invaded, Span)> = None;
        for hit in reading.of(self.site) {
            let finding = self.site_of(*hit).finding;
            if finding == Invaded::None || self.is_stained(reading, hit.span()) {
                continue;
            }
            let Some(statement) = self.statement(reading, *hit) else { continue };
            // `脉管内` and `癌栓` of one statement are one finding.
            if last.is_some_and(|(kind, span)| kind == finding && span.overlaps(statement)) {
                continue;
            }
            let Some((mut status, span)) = self.statuses.of(reading, &self.assertions, statement) else { continue };
            // `未侵犯神经`: the denial is grown together with the word of invasion.
            if status == Status::Present && reading.text()[..statement.start].ends_with('未') {
                status = Status::Absent;
            }
            let Some(name) = status.name() else { continue };
            if span == statement && status == Status::Present && self.is_printed(reading, statement) {
                continue;
            }
            last = Some((finding, statement));
            let assertion = self.assertions.assess_examined(reading, statement);
            if matches!(finding, Invaded::Lvi | Invaded::Both) {
                out.push(Finding::stated(reading, Detail::Lvi(Lvi { status: name.into() }), assertion.clone(), span));
            }
            if matches!(finding, Invaded::Pni | Invaded::Both) {
                out.push(Finding::stated(reading, Detail::Pni(Pni { status: name.into() }), assertion, span));
            }
        }
        self.damaged(reading, out);
        codes(reading, &self.assertions, out);
    }
}

impl Invasions {
    /// Words before a word of invasion that scanning damaged, known by a stem.
    fn damaged(&self, reading: &Reading<'_>, out: &mut Vec<Finding>) {
        for event in reading.of(self.event) {
            let text = reading.text();
            let at = event.span();
            let floor = floor_boundary(text, at.start.saturating_sub(24));
            let before = &text[floor..at.start];
            let before = before.rfind(['.', ':', ';', '\n']).map_or(before, |stop| if stop + 2 < before.len() { &before[stop + 1..] } else { before });
            let before =
                before.rfind(|character: char| !character.is_ascii()).map_or(before, |last| before[last..].trim_start_matches(|c: char| !c.is_ascii()));
            let Some((site, start)) =
                self.sites.iter().find_map(|site| site.stems.iter().find_map(|stem| before.find(stem.as_str())).map(|found| (site, found)))
            else {
                continue;
            };
            let start = before[..start].rfind(' ').map_or(0, |blank| blank + 1) + at.start - before.len();
            let statement = Span::new(start, at.end);
            let sites = reading.of(self.site);
            let first = sites.partition_point(|hit| hit.end as usize <= statement.start);
            if sites.get(first).is_some_and(|hit| hit.span().overlaps(statement)) {
                continue;
            }
            let Some((status, span)) = self.statuses.of(reading, &self.assertions, statement) else { continue };
            let Some(name) = status.name() else { continue };
            let detail = if site.finding == Invaded::Pni { Detail::Pni(Pni { status: name.into() }) } else { Detail::Lvi(Lvi { status: name.into() }) };
            let mut finding = Finding::stated(reading, detail, self.assertions.assess_examined(reading, statement), span);
            finding.doubts.push(Doubt::RepairedCharacter);
            out.push(finding);
        }
    }
}

/// `L0`, `V1`, `Pn0` in upper case beside each other or beside a TNM.
fn codes(reading: &Reading<'_>, assertions: &Assertions, out: &mut Vec<Finding>) {
    let text = reading.text();
    let bytes = text.as_bytes();
    let opens = |prior: u8, byte: u8, next: u8| {
        let word = ((prior | 0x20).wrapping_sub(b'a') < 26) | (prior.wrapping_sub(b'0') < 10);
        let value = (next.wrapping_sub(b'0') < 3) | (next == b'o') | (next == b' ');
        ((byte == b'l') | (byte == b'v')) & !word & value
    };
    for index in marked(bytes, opens) {
        let byte = bytes[index];
        let at = if bytes.get(index + 1) == Some(&b' ') { index + 2 } else { index + 1 };
        let Some(value) = bytes.get(at) else { continue };
        let status = match value {
            b'0' | b'o' => "absent",
            b'1' => "present",
            b'2' if byte == b'v' => "present",
            _ => continue,
        };
        if bytes.get(at + 1).is_some_and(u8::is_ascii_alphanumeric) || !reading.is_upper(index) || !beside_tnm(text, index, at + 1) {
            continue;
        }
        let span = Span::new(index, at + 1);
        out.push(Finding::stated(reading, Detail::Lvi(Lvi { status: status.into() }), assertions.assess_examined(reading, span), span));
    }
}

/// Whether another code of a staging line stands within a few characters.
fn beside_tnm(text: &str, start: usize, end: usize) -> bool {
    let before = &text[floor_boundary(text, start.saturating_sub(14))..start];
    let after = &text[end..floor_boundary(text, (end + 14).min(text.len()))];
    let code = |part: &str| {
        part.split(|character: char| !character.is_ascii_alphanumeric()).any(|word| {
            let staged =
                word.len() >= 3 && word.starts_with(['p', 'y']) && matches!(word.trim_start_matches(['p', 'y']).as_bytes().first(), Some(b't' | b'n' | b'm'));
            if staged {
                return true;
            }
            let word = word.trim_start_matches(['p', 'y', 'c']);
            matches!(word, "l0" | "v0" | "lo" | "vo" | "nx" | "mx" | "r0" | "rx" | "ro")
        })
    };
    code(before) || code(after)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;
    use crate::reading::Reader;

    fn found(text: &str) -> Vec<(&'static str, String)> {
        let lexicon = Lexicon::embedded().unwrap();
        let document = Document { text: text.into(), ..Document::default() };
        let reading = Reader::new(&lexicon).unwrap().read(&lexicon, &document);
        let mut out = Vec::new();
        Invasions::new(&lexicon).unwrap().find(&reading, &mut out);
        out.into_iter()
            .map(|finding| match finding.detail {
                Detail::Lvi(lvi) => ("lvi", lvi.status),
                Detail::Pni(pni) => ("pni", pni.status),
                _ => ("other", String::new()),
            })
            .collect()
    }

    fn says(text: &str, expected: &[(&'static str, &str)]) {
        let mut found = found(text);
        found.dedup();
        assert_eq!(found.iter().map(|(kind, status)| (*kind, status.as_str())).collect::<Vec<_>>(), expected, "{text}");
    }

    #[test]
    fn fields_and_sentences_in_english() {
        says("LYMPHATIC (SMALL VESSEL) INVASION: NOT IDENTIFIED.", &[("lvi", "absent")]);
        says("Perineural invasion: present\nVascular invasion: absent", &[("pni", "present"), ("lvi", "absent")]);
        says("There is no lymphovascular invasion identified.", &[("lvi", "absent")]);
        says("Foci suspicious for lymphovascular invasion.", &[("lvi", "indeterminate")]);
        says("Focal vascular space invasion", &[("lvi", "present")]);
        says("Lymphovascular invasion: not applicable", &[]);
        says("Angiolymphatic/perineural invasion not identified.", &[("lvi", "absent"), ("pni", "absent")]);
        says("pT3 pN1 M0 G2 L1 V0", &[("lvi", "present"), ("lvi", "absent")]);
        says("Fracture of L1 vertebra", &[]);
        says("\u{2022} No Jfmphovascular invasion is identified.", &[("lvi", "absent")]);
        says("Storiform Palisading Vascular Invasion Clusterized Indian File", &[]);
        says("Invasion of vessels by tumor: absent", &[("lvi", "absent")]);
    }

    #[test]
    fn lists_and_marks_in_chinese() {
        says("未见脉管癌栓及神经侵犯，边缘干净。", &[("lvi", "absent"), ("pni", "absent")]);
        says("脉管内见癌栓，神经未见癌侵犯。", &[("lvi", "present"), ("pni", "absent")]);
        says("脉管（-），神经（+）。", &[("lvi", "absent"), ("pni", "present")]);
        says("侵犯神经，见脉管内癌栓。", &[("pni", "present"), ("lvi", "present")]);
        says("（胃）神经内分泌癌，送检脉管及脂肪组织。", &[]);
        says("免疫组化：CD34血管（+），CD10(血管+)", &[]);
        says("瘤栓及神经+，：未侵及胰腺", &[("lvi", "present"), ("pni", "present")]);
    }
}
