//! Size of the tumour itself. Each length of the text is given to what it measures: the field it stands in, the noun it stands before
//! (`a 3 cm mass`), or the subject before it in the sentence, passing by places (`mass in the kidney measuring …`). Lengths of specimens,
//! nodes, margins, distances and benign lesions are left; in notes those of imaging too, unless the report is one of imaging.

use serde::Deserialize;

mod phrase;

use self::phrase::{in_place, is_between, is_distance, is_imaging_report, is_limit, is_threshold, numbers_ahead, same_thing, unit_of};
use super::assertion::Assertions;
use super::cursor;
use super::detail::TumorSize;
use super::lengths::Lengths;
use super::squeeze::squeezed;
use super::{Detail, Finder, Finding, Reading};
use crate::error::Result;
use crate::fold::is_han;
use crate::length::Length;
use crate::lexicon::{ClassId, Hit, Lexicon};
use crate::span::Span;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Kind {
    Tumor,
    Field,
    Other,
    Distance,
    Extent,
    Imaging,
    Felt,
    Pathology,
    Benign,
}

#[derive(Debug, Deserialize)]
struct Thing {
    kind: Kind,
}

/// Finds tumour sizes.
#[derive(Debug)]
pub struct TumorSizes {
    class: ClassId,
    things: Vec<Thing>,
    lengths: Lengths,
    assertions: Assertions,
}

impl TumorSizes {
    /// Takes the classes `measured` and `length.unit`, and the cues.
    ///
    /// # Errors
    /// Where one is missing or an entry lacks its kind.
    pub fn new(lexicon: &Lexicon) -> Result<Self> {
        let class = lexicon.class("measured")?;
        Ok(Self { class, things: lexicon.vocabulary(class).attributes()?, lengths: Lengths::new(lexicon)?, assertions: Assertions::new(lexicon)? })
    }

    fn kind(&self, hit: &Hit) -> Kind {
        self.things[hit.entry as usize].kind
    }

    /// Whether a length measures the tumour.
    fn is_tumor(&self, reading: &Reading<'_>, length: &Length, imaging_report: bool) -> bool {
        let text = reading.text();
        let sentence = reading.sentence(length.span.start);
        let sentence = Span::new(sentence.start.min(length.span.start), sentence.end.max(length.span.end));
        let beside_han = || text[..length.span.start].chars().rev().take(12).any(is_han) || text[length.span.end..].chars().take(4).any(is_han);
        if reading.han > 0 && beside_han() {
            return self.is_tumor_han(reading, length, sentence, imaging_report);
        }
        if length.millimetres.len() == 1 {
            let head = &text[..length.span.start];
            let limited = (is_threshold(head) && !self.is_value_of_field(reading, length)) || is_limit(&text[length.span.end..]);
            if limited || is_between(head) {
                return false;
            }
        }
        match self.noun_behind(reading, length) {
            Some(Kind::Tumor) => return true,
            Some(Kind::Other | Kind::Distance) => return false,
            _ => {}
        }
        let before = Span::new(sentence.start, length.span.start);
        match self.subject(reading, before) {
            Some(kind) => matches!(kind, Kind::Tumor | Kind::Field),
            None => self.carried_on(reading, sentence, before.of(text)) || self.answers(reading, length),
        }
    }

    /// `TUMOR SIZE: greater than 5 cm`: the value of a field, if a comparison.
    fn is_value_of_field(&self, reading: &Reading<'_>, length: &Length) -> bool {
        let near = cursor::around(reading.text(), Span::new(length.span.start, length.span.start), 48, 0);
        let head = near.of(reading.text());
        let Some(colon) = head.rfind(':').filter(|at| !head[*at..].contains(['.', ';', ','])) else { return false };
        let line = near.start + head[..colon].rfind('\n').unwrap_or(0);
        reading.hits.within(self.class, Span::new(line, near.start + colon + 1)).last().is_some_and(|hit| self.kind(hit) == Kind::Field)
    }

    /// In a form whose names stand above their values: a line that is only a length, the first below an empty size field.
    fn answers(&self, reading: &Reading<'_>, length: &Length) -> bool {
        let text = reading.text();
        let head = text[..length.span.start].trim_end_matches(|sign: char| sign.is_whitespace() && sign != '\n');
        if !head.is_empty() && !head.ends_with('\n') {
            return false;
        }
        let line = head.len();
        let end = text[length.span.end..].find('\n').map_or(text.len(), |at| length.span.end + at);
        let tail = text[length.span.end..end].trim_matches(['.', ' ', '\r']);
        if !(tail.is_empty() || ["in ", "maxim", "greatest"].iter().any(|word| tail.starts_with(word))) {
            return false;
        }
        let above = cursor::around(text, Span::new(line, line), 700, 0);
        let empty = |hit: &&Hit| {
            let rest = text[hit.end as usize..].trim_start_matches([':', ' ', '\r']);
            self.kind(hit) == Kind::Field && rest.starts_with('\n') && text[hit.end as usize..].starts_with([':', ' ', '\n'])
        };
        let Some(field) = reading.hits.within(self.class, above).iter().rev().find(empty) else { return false };
        // Names of fields, or values of those before it, stand between; no other length does.
        let between = &text[field.end as usize..line];
        between.matches(":\n").count() + between.matches(": \n").count() >= 2
            && !self.lengths.of(reading).iter().any(|other| other.span.start >= field.end as usize && other.span.end <= line)
    }

    /// The noun that a length stands before: `a 3.0 x 2.6 cm firm mass`, or the distance word behind it.
    fn noun_behind(&self, reading: &Reading<'_>, length: &Length) -> Option<Kind> {
        let text = reading.text();
        let mut limit = text.len().min(length.span.end + 60);
        while !text.is_char_boundary(limit) {
            limit -= 1;
        }
        let behind = &text[length.span.end..limit.max(length.span.end)];
        // Behind an article commas stand between adjectives: `a 0.6 cm white, ovoid mass`.
        let head = text[..length.span.start].trim_end();
        let article = length.millimetres.len() > 1 || [" a", " an", " the", " one", "\na"].iter().any(|word| head.ends_with(word));
        let stop = behind
            .bytes()
            .enumerate()
            .find(|(at, sign)| match sign {
                b';' | b':' | b'(' => true,
                b')' => *at > 0,
                b',' => !article || *at < 2,
                // `left lung: 20 x 18 cm⏎tumor: 9 cm`: the field of another thing ends with its line.
                b'\n' if head.ends_with(':') => true,
                b'.' | b'\n' => {
                    let blanks = behind[at + 1..].len() - behind[at + 1..].trim_start().len();
                    let next = length.span.end + at + 1 + blanks;
                    reading.is_upper(next) || text[next..].starts_with(|next: char| !next.is_ascii_alphabetic())
                }
                _ => false,
            })
            .map_or(behind.len(), |(at, _)| at);
        // `0.4 cm. from the margin` in upper case: the stop is a speck.
        let speck = behind.strip_prefix(". ").is_some_and(|rest| rest.trim_start().starts_with("from"));
        if speck && length.millimetres.len() == 1 {
            return Some(Kind::Distance);
        }
        let behind = Span::new(length.span.end, length.span.end + stop);
        // `within 0.1 cm of the inked margin`
        let phrase = behind.of(text).trim_start();
        if length.millimetres.len() == 1 && phrase.starts_with("of ") && ["margin", "ink"].iter().any(|word| phrase.get(..36).unwrap_or(phrase).contains(word))
        {
            return Some(Kind::Distance);
        }
        if let Some(hit) = reading.hits.within(self.class, behind).iter().next() {
            let gap = squeezed(Span::new(behind.start, hit.start as usize).of(text));
            let kind = self.kind(hit);
            match kind {
                Kind::Benign if gap.split_whitespace().count() <= 6 => return Some(Kind::Other),
                Kind::Distance if length.millimetres.len() == 1 && gap.split_whitespace().count() <= 2 => return Some(Kind::Distance),
                Kind::Distance | Kind::Field => return None,
                Kind::Other if gap.trim() == "in" && length.millimetres.len() == 1 => return Some(Kind::Other),
                Kind::Tumor | Kind::Other
                    if !gap.contains(" in ")
                        && !gap.contains(" no ")
                        && !gap.contains(" of ")
                        && !gap.starts_with(" and ")
                        && !gap.contains(" which ")
                        && gap.split_whitespace().count() <= 6 =>
                {
                    return Some(kind);
                }
                Kind::Extent if length.millimetres.len() == 1 && gap.split_whitespace().count() <= 1 && gap.trim() != "and" => return Some(Kind::Other),
                _ => return None,
            }
        }
        None
    }

    /// The subject of a measurement: the nearest noun before it that is no place. Before a place the subject goes on.
    fn subject(&self, reading: &Reading<'_>, before: Span) -> Option<Kind> {
        let text = reading.text();
        let hits = reading.hits.within(self.class, before);
        let mut place = None;
        for hit in hits.iter().rev() {
            let kind = self.kind(hit);
            let head = &text[before.start..hit.start as usize];
            match kind {
                // `0.2 cm in greatest dimension` names no field.
                Kind::Field if head.trim_end().ends_with(" in") || head.trim_end().ends_with("\nin") => {}
                // `largest nodal metastasis (greatest dimension): 1.3 cm`
                Kind::Field
                    if head.trim_end_matches([' ', '(', ',']).ends_with(|last: char| last.is_ascii_alphabetic()) && self.names_other(reading, head, hit) =>
                {
                    return Some(Kind::Other);
                }
                Kind::Other if hit.span().of(text).contains("node") => return Some(Kind::Other),
                Kind::Tumor | Kind::Field => {
                    let tail = &text[hit.end as usize..before.end];
                    if kind == Kind::Tumor && self.is_benign(reading, hit) {
                        return Some(Kind::Other);
                    }
                    // Another measured thing and its length between: the tumour has had its size.
                    let of_tissue = tail.trim_start().starts_with("of ") && ["tissue", "fat"].iter().any(|word| tail.get(..48).unwrap_or(tail).contains(word));
                    let other = of_tissue || tail.contains("margin") || tail.contains("inked") || text[before.start..before.end].contains("distance");
                    return Some(if other { Kind::Other } else { kind });
                }
                Kind::Other => {
                    if in_place(head) {
                        place = place.or(Some(Kind::Other));
                    } else {
                        return Some(Kind::Other);
                    }
                }
                Kind::Extent => return Some(Kind::Other),
                _ => {}
            }
        }
        place
    }

    /// Whether the dimension that a field names is said, right before it, to be of something else.
    fn names_other(&self, reading: &Reading<'_>, head: &str, field: &Hit) -> bool {
        let end = field.start as usize - (head.len() - head.trim_end_matches([' ', '(', ',']).len());
        let near = cursor::around(reading.text(), Span::new(end, end), 24, 0);
        field.span().of(reading.text()).ends_with("dimension")
            && reading.hits.within(self.class, near).last().is_some_and(|hit| hit.end as usize == end && self.kind(hit) == Kind::Other)
    }

    /// Whether an adjective before a noun says that it is a benign nodule: `whorled, firm nodules`.
    fn is_benign(&self, reading: &Reading<'_>, noun: &Hit) -> bool {
        let near = cursor::around(reading.text(), Span::new(noun.start as usize, noun.start as usize), 48, 0);
        reading.hits.within(self.class, near).iter().any(|hit| {
            let gap = reading.text().get(hit.end as usize..noun.start as usize);
            self.kind(hit) == Kind::Benign && gap.is_some_and(|gap| !gap.contains(['.', ';', ':']))
        })
    }

    /// `It measures …`, `measuring …` at the start of a sentence: the subject of the sentence before, or of the diagnosis line above.
    fn carried_on(&self, reading: &Reading<'_>, sentence: Span, before: &str) -> bool {
        let opens = before.trim_start_matches([' ', '-', '\n', '*', '.', '(']);
        let pronoun = [
            "it ",
            "measur",
            "this ",
            "the largest",
            "the larger",
            "the smaller",
            "the second",
            "the other",
            "the third",
            "which",
            "size",
            "maximum",
            "greatest",
            "largest",
            "dimension",
            "overall size",
        ]
        .iter()
        .any(|word| opens.starts_with(word));
        if !pronoun || sentence.start == 0 {
            return false;
        }
        if ["the second", "the other", "the third", "the smaller", "the larger"].iter().any(|word| opens.starts_with(word)) {
            let near = cursor::around(reading.text(), Span::new(sentence.start, sentence.start), 320, 0);
            let things = reading.hits.within(self.class, near).iter().rev().filter(|hit| !hit.span().of(reading.text()).contains("margin"));
            return things.map(|hit| self.kind(hit)).find(|kind| matches!(kind, Kind::Tumor | Kind::Other)) == Some(Kind::Tumor);
        }
        if opens.starts_with("size") {
            let near = Span::new(sentence.start.saturating_sub(160), sentence.start);
            return reading.hits.within(self.class, near).iter().any(|hit| self.kind(hit) == Kind::Tumor);
        }
        let previous = reading.sentence(sentence.start - 1);
        if previous.end > sentence.start || previous.is_empty() {
            return false;
        }
        let text = reading.text();
        let mut kinds =
            reading.hits.within(self.class, previous).iter().filter(|hit| !in_place(&text[previous.start..hit.start as usize])).map(|hit| self.kind(hit));
        matches!(kinds.find(|kind| matches!(kind, Kind::Tumor | Kind::Field | Kind::Other)), Some(Kind::Tumor | Kind::Field))
    }

    fn is_tumor_han(&self, reading: &Reading<'_>, length: &Length, sentence: Span, imaging_report: bool) -> bool {
        let text = reading.text();
        let clause_start = text[sentence.start..length.span.start].rfind([',', ';', '。']).map_or(sentence.start, |at| sentence.start + at + 1);
        let clause_end = text[length.span.end..sentence.end].find([',', ';', '。']).map_or(sentence.end, |at| length.span.end + at);
        let own = Span::new(clause_start.min(length.span.start), length.span.start);
        let kinds = |span: Span| reading.hits.within(self.class, span).iter().map(|hit| self.kind(hit)).collect::<Vec<_>>();
        let (ahead, behind) = (kinds(own), kinds(Span::new(length.span.end, clause_end)));
        if ahead.contains(&Kind::Felt) || behind.contains(&Kind::Felt) {
            return false;
        }
        let mut before = kinds(Span::new(sentence.start, length.span.start));
        let sized = ["大小", "体积", "面积", "最大径", "直径"].iter().any(|word| own.of(text).trim_start_matches([' ', ':', '-']).starts_with(word));
        // `…腺癌。大小3×2cm`: the size of what the sentence before named last.
        if sized && before.is_empty() && sentence.start > 0 {
            let named = |kind: &Kind| matches!(kind, Kind::Tumor | Kind::Field | Kind::Other);
            before = kinds(reading.sentence(sentence.start - 1)).into_iter().rev().find(named).into_iter().collect();
        }
        if !imaging_report {
            let last = before.iter().rev().find(|kind| matches!(kind, Kind::Imaging | Kind::Pathology | Kind::Felt));
            if matches!(last, Some(Kind::Imaging | Kind::Felt)) {
                return false;
            }
        }
        // The clause before it may have named another thing: `平滑肌瘤多枚,直径0.3cm`.
        if ahead.is_empty()
            && behind.is_empty()
            && matches!(before.last(), Some(Kind::Other))
            && !before.contains(&Kind::Field)
            && text[sentence.start..length.span.start].ends_with("直径")
        {
            return false;
        }
        // `距门齿30cm` is a distance whatever stands behind it; `进镜30cm`, `浸润宫颈1cm` are so too.
        let far = matches!(ahead.last(), Some(Kind::Distance | Kind::Extent)) && !own.of(text).contains('径');
        if length.millimetres.len() == 1 && (far || own.of(text).contains('距')) && !own.of(text).contains("大小") {
            return false;
        }
        if sized && !before.is_empty() && ahead.is_empty() {
            return before.iter().any(|kind| matches!(kind, Kind::Tumor | Kind::Field));
        }
        let thing = |kinds: &[Kind]| kinds.iter().copied().rev().find(|kind| matches!(kind, Kind::Tumor | Kind::Field | Kind::Other));
        let next = behind.iter().copied().find(|kind| matches!(kind, Kind::Tumor | Kind::Field | Kind::Other));
        match (thing(&ahead), next) {
            (Some(Kind::Other), Some(Kind::Tumor)) => text[length.span.end..clause_end].chars().count() <= 12,
            (Some(kind), _) => kind != Kind::Other,
            (None, Some(kind)) => kind != Kind::Other,
            (None, None) => {
                // A bare size in a list of pathology, or the size of what the clause before named.
                let clause = own.of(text).trim_matches([' ', '约', '大', '小', ':', '体', '积', '直', '径', '面', '(', '-', '为', '最', '范', '围', '者']);
                clause.chars().count() <= 8
                    && !text[..length.span.start].ends_with('(') | clause.is_empty()
                    && matches!(thing(&before), Some(Kind::Tumor | Kind::Field))
            }
        }
    }
}

impl Finder for TumorSizes {
    fn find(&self, reading: &Reading<'_>, out: &mut Vec<Finding>) {
        let lengths = self.lengths.of(reading);
        if lengths.is_empty() {
            return;
        }
        let text = reading.text();
        let imaging_report = is_imaging_report(reading);
        let mut last: Option<Span> = None;
        let mut index = 0;
        while let Some(length) = lengths.get(index) {
            index += 1;
            // `5×4cm及1.8×1.5cm`: what the list begins with, the rest is.
            let listed = last.is_some_and(|last| {
                let gap = text.get(last.end..length.span.start).unwrap_or("").trim();
                matches!(gap, "及" | "和" | "、" | "与" | "and" | "," | ", and" | "&")
            });
            // No tumour is half a metre long; a body is.
            if length.longest() > 500.0 {
                continue;
            }
            // `1.5 x 1 cm, 0.5 cm from the margin`: the list ends before a distance.
            let listed = listed && !is_distance(&text[length.span.end..]);
            if !listed && !self.is_tumor(reading, length, imaging_report) {
                continue;
            }
            let mut dimensions = length.millimetres.clone();
            let mut span = length.span;
            while let Some(next) = lengths.get(index) {
                let gap = text.get(span.end..next.span.start).unwrap_or("");
                let behind = text.get(next.span.end..).unwrap_or("");
                if !same_thing(gap, behind, length, next) {
                    break;
                }
                dimensions.extend(&next.millimetres);
                span = span.join(next.span);
                index += 1;
            }
            dimensions.sort_by(|a, b| b.total_cmp(a));
            last = Some(span);
            // `foci (4.9, 3.0, and 0.8 cm)`: the unit behind the last is everyone's.
            if dimensions.len() == 1 {
                for (at, value) in numbers_ahead(text, span.start) {
                    let detail = TumorSize { dimensions_mm: vec![value * unit_of(text, length)] };
                    out.push(Finding::stated(reading, Detail::TumorSize(detail), self.assertions.assess(reading, at), at));
                }
            }
            let assertion = self.assertions.assess(reading, span);
            out.push(Finding::stated(reading, Detail::TumorSize(TumorSize { dimensions_mm: dimensions }), assertion, span));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;
    use crate::reading::Reader;

    fn says(text: &str, expected: &[&[f64]]) {
        let lexicon = Lexicon::embedded().unwrap();
        let document = Document { text: text.into(), ..Document::default() };
        let reading = Reader::new(&lexicon).unwrap().read(&lexicon, &document);
        let mut out = Vec::new();
        TumorSizes::new(&lexicon).unwrap().find(&reading, &mut out);
        let found: Vec<_> =
            out.into_iter().filter_map(|finding| if let Detail::TumorSize(size) = finding.detail { Some(size.dimensions_mm) } else { None }).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn the_tumor_and_not_what_surrounds_it() {
        says("TUMOR SIZE: 3.5 x 2 cm", &[&[35.0, 20.0]]);
        says("Sectioning reveals a 4.4 x 3.5 x 3.5 cm firm mass in the lower pole.", &[&[44.0, 35.0, 35.0]]);
        says("The specimen measures 12 x 8 x 4 cm.", &[]);
        says("The mass is located 3 cm from the proximal margin.", &[]);
        says("There is a mass in the upper pole of the kidney measuring 5 x 4 cm.", &[&[50.0, 40.0]]);
        says("The largest lymph node measures 1.5 cm.", &[]);
        says("Tumor is close to 0.1 cm of the inked apical margin.", &[]);
        says("A tumor measuring 3.2 cm in length and 4.4 cm in width.", &[&[44.0, 32.0]]);
        says("Tumor size:\nHistologic grade:\nMargins:\nUpper pole\n5.2 cm\nG2\nNegative", &[&[52.0]]);
        says("Greatest dimension: 3 cm. Additional dimensions: 2 x 1 cm", &[&[30.0, 20.0, 10.0]]);
    }

    #[test]
    fn chinese_sizes() {
        says("甲处低分化腺癌，大小3.5×2cm，达外层。", &[&[35.0, 20.0]]);
        says("腺癌两处，大小分别为6×4cm及1.7×1.5cm。", &[&[60.0, 40.0], &[17.0, 15.0]]);
        says("距上切缘3cm，淋巴结大者1.5cm。", &[]);
        says("送检标本一段长11cm，距甲端2cm处见一大小4.5*3*1.5cm肿物。", &[&[45.0, 30.0, 15.0]]);
    }
}
