//! Resection margins: a margin with the status said of it in its clause or field, and with the distance of the tumour where one stands
//! beside it. One millimetre or less is close. Inked margins without a status and specimen names are no statement.

use serde::Deserialize;

use super::assertion::{Assertions, Presence};
use super::cursor::{self, line_before};
use super::detail::Margin;
use super::lengths::Lengths;
use super::status::{Status, Statuses};
use super::{Detail, Finder, Finding, Reading};
use crate::error::Result;
use crate::fold::is_han;
use crate::length::Length;
use crate::lexicon::{ClassId, Hit, Lexicon};
use crate::span::Span;

/// Bytes between a margin and what is said of it.
const REACH: usize = 110;
/// A tumour this near to a margin is close to it.
const CLOSE_MM: f64 = 1.0;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Value {
    Negative,
    Positive,
    Close,
    Indeterminate,
    Unstated,
}

impl Value {
    const fn name(self) -> Option<&'static str> {
        match self {
            Self::Negative => Some("negative"),
            Self::Positive => Some("positive"),
            Self::Close => Some("close"),
            Self::Indeterminate => Some("indeterminate"),
            Self::Unstated => None,
        }
    }
}

#[derive(Debug, Deserialize)]
struct Word {
    value: Value,
    /// The margin is its object: it counts only ahead of the margin and near it.
    #[serde(default)]
    before: bool,
    /// The same of a Chinese margin (`未累及切缘`); behind the margin it counts too.
    #[serde(default)]
    ahead: bool,
}

#[derive(Debug, Deserialize)]
struct Term {
    #[serde(default)]
    weak: bool,
}

/// Finds margins.
#[derive(Debug)]
pub struct Margins {
    class: ClassId,
    status: ClassId,
    node: ClassId,
    terms: Vec<Term>,
    words: Vec<Word>,
    lengths: Lengths,
    statuses: Statuses,
    assertions: Assertions,
}

impl Margins {
    /// Takes the classes `margin` and `margin.status`, lengths and cues.
    ///
    /// # Errors
    /// Where one is missing or an entry lacks its value.
    pub fn new(lexicon: &Lexicon) -> Result<Self> {
        let (class, status) = (lexicon.class("margin")?, lexicon.class("margin.status")?);
        Ok(Self {
            class,
            status,
            node: lexicon.class("node")?,
            terms: lexicon.vocabulary(class).attributes()?,
            words: lexicon.vocabulary(status).attributes()?,
            lengths: Lengths::new(lexicon)?,
            statuses: Statuses::new(lexicon)?,
            assertions: Assertions::new(lexicon)?,
        })
    }

    /// What a status word says with the cues before it: `no tumor present at` is negative, `suspicious for tumor at` indeterminate.
    fn negated(&self, reading: &Reading<'_>, hit: &Hit) -> Value {
        let value = self.words[hit.entry as usize].value;
        if !matches!(value, Value::Positive | Value::Close) {
            return value;
        }
        match self.assertions.presence(reading, hit.span()) {
            Presence::Absent => Value::Negative,
            Presence::Uncertain => Value::Indeterminate,
            Presence::Present => value,
        }
    }

    fn is_elsewhere(&self, reading: &Reading<'_>, margin: Span, word: Span) -> bool {
        let nodes = word.start > margin.end && !reading.hits.within(self.node, Span::new(margin.end, word.start)).is_empty();
        is_of_next_field(reading.text(), margin, word, nodes)
    }

    /// `Margin involved: No`: where the words behind a margin name a field, what its value says; `Unstated` where it has none.
    fn field(&self, reading: &Reading<'_>, margin: Span) -> Option<(Value, Span)> {
        let text = reading.text();
        let name = Span::new(margin.end, cursor::around(text, margin, 0, 24).end);
        let hit = reading.hits.within(self.status, name).iter().find(|hit| self.words[hit.entry as usize].value == Value::Positive)?;
        let end = hit.end as usize;
        let colon = end + text.get(end..)?.find(|next: char| next != ' ').filter(|at| text[end + at..].starts_with([':', '?']))?;
        let answer = cursor::around(text, Span::new(colon, colon + 1), 0, 30);
        let answer = Span::new(colon + 1, answer.end);
        if let Some((status, at)) = self.statuses.behind(reading, end) {
            let value = match status {
                Status::Present => Value::Positive,
                Status::Absent => Value::Negative,
                Status::Indeterminate => Value::Indeterminate,
                Status::Unstated => Value::Unstated,
            };
            return Some((value, Span::new(hit.start as usize, at.end)));
        }
        if let Some(word) =
            reading.hits.within(self.status, answer).iter().find(|word| !answer.of(text)[..word.start as usize - answer.start].contains(['.', ';', '\n']))
        {
            return Some((self.negated(reading, word), word.span()));
        }
        // The name of a margin answers too; a category or a number is the next field.
        let body = answer.of(text).trim_start_matches(' ').as_bytes();
        let named = body.first().is_some_and(u8::is_ascii_alphabetic) && !body.get(1).is_some_and(u8::is_ascii_digit);
        Some((if named { Value::Positive } else { Value::Unstated }, hit.span()))
    }

    /// The status word nearest to a margin in its statement: behind it first.
    fn status(&self, reading: &Reading<'_>, margin: Span, statement: Span, next_margin: usize, han: bool, lengths: &[Length]) -> Option<(Value, Span)> {
        let text = reading.text();
        if let Some(answer) = self.field(reading, margin) {
            return Some(answer);
        }
        let words = reading.hits.within(self.status, statement);
        let value = |hit: &Hit| (self.negated(reading, hit), hit.span());
        let lone_sign = |at: Span| matches!(at.of(text), "-" | "+") && (!han || at.start > margin.end + 2);
        let object = |hit: &Hit| self.words[hit.entry as usize].before;
        let behind = words
            .iter()
            .filter(|hit| {
                !object(hit)
                    && !lone_sign(hit.span())
                    && !names_next_field(text, margin.end, hit.span())
                    && !self.is_elsewhere(reading, margin, hit.span())
                    && (han || !is_of_next_block(text, margin.end, hit.start as usize))
                    && !kept_off(text, hit.span(), lengths)
            })
            .map(value)
            .find(|(_, at)| at.start >= margin.end && at.start < next_margin.min(margin.end + REACH));
        if han {
            // `紧邻环周切缘`, `未累及底部切除面`: the margin is the object.
            return behind.or_else(|| {
                let object = words.iter().rev().find(|hit| self.words[hit.entry as usize].ahead && hit.end as usize <= margin.start)?;
                (margin.start - object.end as usize <= 30).then(|| value(object))
            });
        }
        let ahead = words
            .iter()
            .rev()
            .filter(|hit| {
                let at = hit.span();
                let gap = text.get(at.end..margin.start);
                at.end <= margin.start
                    && !lone_sign(at)
                    && !kept_off(text, at, lengths)
                    && gap.is_some_and(|gap| gap.len() <= REACH && (!object(hit) || (gap.len() <= 60 && !gap.contains([';', ':']) && !gap.contains(" cm"))))
            })
            .map(value)
            .next();
        match (behind, ahead) {
            // `no tumor at the margins`: what is said before holds, unless a predicate follows the margin.
            (Some(behind), Some(ahead)) => {
                let direct = behind.1.start - margin.end <= 14 || reading.text()[margin.end..behind.1.start].contains(':');
                Some(if direct || margin.start - ahead.1.end > 40 { behind } else { ahead })
            }
            (behind, ahead) => behind.or(ahead),
        }
    }
}

/// `carcinoma present 1.2 cm from …`: a distance follows, which belongs to the margin behind it.
fn kept_off(text: &str, word: Span, lengths: &[Length]) -> bool {
    let next = lengths.partition_point(|length| length.span.start < word.end);
    lengths.get(next).is_some_and(|length| {
        length.span.start - word.end <= 16 && !text[word.end..length.span.start].contains([',', ';']) && length.longest() > 0.0 && {
            let behind = text[length.span.end..].trim_start_matches([' ', '.', '\n']);
            ["from", "away"].iter().any(|link| behind.starts_with(link)) || text[word.end..length.span.start].contains("within") && behind.starts_with("of ")
        }
    })
}

/// Whether a word behind a line break belongs to the name of the next field.
fn names_next_field(text: &str, margin_end: usize, word: Span) -> bool {
    let Some(gap) = text.get(margin_end..word.start) else { return false };
    let rest = &text[word.end..];
    let end = rest.bytes().take(60).position(|byte| byte == b'\n').unwrap_or(rest.len());
    let line = &rest[..end];
    gap.trim_end().contains('\n') && end < 60 && line.contains(':') && !line.starts_with(':')
}

/// Whether a word is the value of a field of its own that begins on a later line: `negative margins⏎Lymph Nodes: Positive`. The parts of
/// a margin that stands as a heading (`Margins⏎Distal: negative`) are not meant, unless they speak of nodes.
fn is_of_next_field(text: &str, margin: Span, word: Span, nodes: bool) -> bool {
    let Some(gap) = text.get(margin.end..word.start) else { return false };
    let Some((before, field)) = gap.rsplit_once('\n') else { return false };
    let named = field.find(':').is_some_and(|colon| field[..colon].contains(|character: char| character.is_alphabetic()));
    let heading = line_before(text, margin.start).is_some_and(|line| line.len() <= 30) && before.trim().trim_matches([':', '.', '-']).is_empty();
    nodes || named && !heading
}

/// `Deep margin: 2 mm`: whether the name of a margin is all that its line begins with.
fn is_short_field(text: &str, margin: usize) -> bool {
    let Some(line) = line_before(text, margin).map(|line| line.trim_start_matches([' ', '-', '*', '\u{b7}'])) else { return false };
    line.len() <= 24 && !line.contains([':', '.', ';', ',']) && line.split_whitespace().count() <= 3
}

/// Whether a margin stands in a line of the key to the blocks: `B6-B7: mass with margins`, `G 13 - lateral margin`.
fn is_block_key(reading: &Reading<'_>, margin: Span) -> bool {
    let text = reading.text();
    let Some(line) = line_before(text, margin.start).map(|line| line.trim_start_matches([' ', '-', '*'])) else { return false };
    let letters = line.bytes().take_while(u8::is_ascii_alphabetic).count();
    let rest = line[letters..].trim_start_matches(' ');
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let sign = rest[digits..].trim_start_matches(' ');
    // `R0: resected with …` is no block.
    let residual = line.starts_with(['r', 'p']) && letters == 1 && matches!(&rest[..digits], "0" | "1" | "2");
    (1..=2).contains(&letters)
        && !residual
        && (1..=2).contains(&digits)
        && sign.starts_with([':', '-', '=', ')', ','])
        && reading.is_upper(margin.start - line.len())
        && matches!(reading.section_kind(margin.start), "gross" | "body" | "specimen")
}

/// `B2 - anterior margin; B5 - fundus with tumor`: whether the next block of a list begins before a word.
fn is_of_next_block(text: &str, margin_end: usize, word: usize) -> bool {
    let Some(gap) = text.get(margin_end..word) else { return false };
    gap.match_indices(';').any(|(at, _)| {
        let block = gap[at + 1..].trim_start().as_bytes();
        matches!(block, [b'a'..=b'z', b'0'..=b'9', ..])
    })
}

/// The statement a margin stands in: its sentence for English, its clause for Chinese.
fn statement(reading: &Reading<'_>, margin: Span, han: bool) -> Span {
    let text = reading.text();
    let sentence = reading.sentence(margin.start);
    let sentence = Span::new(sentence.start.min(margin.start), sentence.end.max(margin.end));
    if !han {
        // A field goes on over a line break where its name ends the line.
        let after = text[sentence.end..].char_indices().take(80).find(|(_, character)| *character == '\n').map_or(0, |(at, _)| at);
        let behind = text[margin.end..sentence.end].trim();
        let bullet = text[sentence.end..].trim_start().starts_with(['-', '*']) && !behind.ends_with(':');
        let name_only = behind.trim_matches([':', '-', '.', ' ']).is_empty() && !behind.ends_with('.') && !bullet;
        return if name_only { Span::new(sentence.start, sentence.end + after) } else { sentence };
    }
    let stop = |character: char| matches!(character, ';' | '。' | '\n');
    let start = text[sentence.start..margin.start].rfind(|character| stop(character) || character == ',').map_or(sentence.start, |at| sentence.start + at + 1);
    let end = text[margin.end..sentence.end].find(|character| stop(character) || character == ',').map_or(sentence.end, |at| margin.end + at);
    Span::new(start, end)
}

impl Finder for Margins {
    fn find(&self, reading: &Reading<'_>, out: &mut Vec<Finding>) {
        let hits = reading.of(self.class);
        if hits.is_empty() {
            return;
        }
        let lengths = self.lengths.of(reading);
        let text = reading.text();
        let mut told: Option<Span> = None;
        for (index, hit) in hits.iter().enumerate() {
            let margin = hit.span();
            let han = is_han_at(text, margin);
            let statement = statement(reading, margin, han);
            let next = hits.get(index + 1).map_or(usize::MAX, |next| next.start as usize);
            let distance = distance(text, margin, statement, lengths);
            if han && next < statement.end && distance.is_none() {
                // A list of margins shares the status behind the last one.
                continue;
            }
            let keyed = !han && is_block_key(reading, margin);
            let status = self.status(reading, margin, statement, if han { usize::MAX } else { next }, han, lengths);
            // `B6: tumor with margins and uninvolved tissue` tells what was cut, not what was seen; nor does the line before it.
            let own_line = |at: Span| !text.get(at.end.min(margin.start)..margin.start.max(at.start)).is_some_and(|gap| gap.contains('\n'));
            if keyed && distance.is_none() && status.is_some_and(|(value, at)| value != Value::Positive || !own_line(at)) {
                continue;
            }
            let (value, span) = match (status, distance) {
                (Some((Value::Negative | Value::Unstated, _)) | None, Some(length)) => {
                    (if length.longest() <= CLOSE_MM { Value::Close } else { Value::Negative }, margin.join(length.span))
                }
                (Some((value, at)), _) => (value, margin.join(at)),
                (None, None) => continue,
            };
            let term = &self.terms[hit.entry as usize];
            if term.weak && distance.is_none() && value == Value::Negative && status.is_none_or(|(_, at)| at.end > margin.start) {
                continue;
            }
            let Some(name) = value.name() else { continue };
            // Two names of one margin in one statement say one thing.
            if told.is_some_and(|earlier| earlier.contains(margin) && earlier.contains(span)) {
                continue;
            }
            told = Some(span);
            let detail = Margin { status: name.into(), distance_mm: distance.map(Length::longest), site: site(reading, margin, statement) };
            out.push(Finding::stated(reading, Detail::Margin(detail), self.assertions.assess_examined(reading, margin), span));
        }
    }
}

fn is_han_at(text: &str, span: Span) -> bool {
    span.of(text).chars().any(is_han)
}

/// The distance that links tumour and margin: a single length beside the margin with `from`, `to`, `is`, `at`, `by` or `距` between.
fn distance<'a>(text: &str, margin: Span, statement: Span, lengths: &'a [Length]) -> Option<&'a Length> {
    let from = lengths.partition_point(|length| length.span.end <= statement.start);
    let near = lengths[from..].iter().take_while(|length| length.span.start < statement.end).filter(|length| length.millimetres.len() == 1);
    let mut best: Option<&Length> = None;
    for length in near {
        let linked = if length.span.end <= margin.start {
            let gap = Span::new(length.span.end, margin.start).of(text);
            let gap = gap.trim_start_matches(['.', ' ', '\n', '\r']);
            gap.len() <= 70
                && ["from", "to the", "of the", "or more from", "away from", "within the", "clear of"].iter().any(|word| gap.starts_with(word))
                && !gap.contains([';', ':'])
        } else if length.span.start >= margin.end {
            let gap = Span::new(margin.end, length.span.start).of(text);
            gap.len() <= 60
                && !gap.contains(';')
                && (["by", "at", "is", ":", "=", "than", "distance", "小于", "约", "距", ","].iter().any(|word| gap.contains(word)))
                && !["measur", " x "].iter().any(|word| gap.contains(word))
                && (gap.trim() == ":" && is_short_field(text, margin.start)
                    || ["closest", "nearest", "distance", "距", "by", "小于", "greater than", "within"]
                        .iter()
                        .any(|word| gap.contains(word) || text[statement.start..margin.start].contains(word)))
        } else {
            false
        };
        if linked && best.is_none_or(|known| gap_between(length.span, margin) < gap_between(known.span, margin)) {
            best = Some(length);
        }
    }
    best
}

const fn gap_between(a: Span, b: Span) -> usize {
    if a.end <= b.start { b.start - a.end } else { a.start.saturating_sub(b.end) }
}

/// The words that name the margin, as written: what stands before it in its clause, where that is a short phrase.
fn site(reading: &Reading<'_>, margin: Span, statement: Span) -> Option<String> {
    let text = reading.text();
    let before = &text[statement.start..margin.start];
    let start = before.rfind([',', ';', ':', '.', '\n', '。', '(', ')', '-']).map_or(0, |at| at + before[at..].chars().next().map_or(1, char::len_utf8));
    let phrase = before[start..].trim();
    let words = phrase
        .split(' ')
        .rev()
        .take_while(|word| {
            !matches!(*word, "the" | "from" | "to" | "of" | "at" | "is" | "are" | "all" | "other" | "nearest" | "closest" | "and" | "tumor" | "cm" | "mm")
        })
        .count();
    let kept: usize = phrase.split(' ').rev().take(words).map(|word| word.len() + 1).sum();
    let name = &phrase[phrase.len().saturating_sub(kept.saturating_sub(1))..];
    if name.is_empty() || name.len() > 60 {
        return None;
    }
    let end = statement.start + start + before[start..].trim_end().len();
    Some(reading.written(Span::new(end - name.len(), margin.end)).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;
    use crate::reading::Reader;

    fn found(text: &str) -> Vec<(String, Option<f64>)> {
        let lexicon = Lexicon::embedded().unwrap();
        let document = Document { text: text.into(), ..Document::default() };
        let reading = Reader::new(&lexicon).unwrap().read(&lexicon, &document);
        let mut out = Vec::new();
        Margins::new(&lexicon).unwrap().find(&reading, &mut out);
        out.into_iter()
            .filter_map(|finding| if let Detail::Margin(margin) = finding.detail { Some((margin.status, margin.distance_mm)) } else { None })
            .collect()
    }

    fn says(text: &str, expected: &[(&str, Option<f64>)]) {
        let found = found(text);
        assert_eq!(found.iter().map(|(status, distance)| (status.as_str(), *distance)).collect::<Vec<_>>(), expected, "{text}");
    }

    #[test]
    fn english_margins() {
        says("Margins: Uninvolved by invasive carcinoma.", &[("negative", None)]);
        says("All surgical margins are free of tumor.", &[("negative", None)]);
        says("No tumor identified at the cervical margin.", &[("negative", None)]);
        says("The tumor is 2.2 cm from the bronchial margin.", &[("negative", Some(22.0))]);
        says("Tumor is 0.1 cm from the apical margin.", &[("close", Some(1.0))]);
        says("Tumor extends to the inked margin.", &[("positive", None)]);
        says("MARGINS: POSITIVE", &[("positive", None)]);
        says("The margins are inked blue.", &[]);
        says("Distal margin: not applicable", &[]);
        says("R0: resected with grossly and microscopically negative margins\nLymph Nodes:  Positive 1 / 26", &[("negative", None)]);
        says("Surgical margins:\nLymph nodes: positive", &[]);
        says("Resection margin involved: No. Deep margin involved: Yes.", &[("negative", None), ("positive", None)]);
        says("RESECTION MARGIN INVOLVED: T2 N0.", &[]);
        says("Margins involved: narrowly free", &[("negative", None)]);
        says("MARGINS: INVASIVE CARCINOMA PRESENT 1.2 CM FROM THE ANTERIOR MARGIN.", &[("negative", Some(12.0))]);
    }

    #[test]
    fn chinese_margins() {
        says("切缘（-），淋巴结0/3。", &[("negative", None)]);
        says("上、下切缘及另送断端均未查见癌。", &[("negative", None)]);
        says("断端阴性；残端见癌浸润。", &[("negative", None), ("positive", None)]);
        says("Proximal margin negative, 5.5 cm away; distal margin negative, 1.8 cm away.", &[("negative", None), ("negative", None)]);
        says("侵及肌层，未累及底部切除面。", &[("negative", None)]);
        says("侵透肠壁，紧邻环周切缘，淋巴结0/3。", &[("close", None)]);
        says("侵及肌层，累及底部切除面。", &[("positive", None)]);
    }
}
