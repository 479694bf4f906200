//! Laboratory results: names from the lexicon, values bound to them by what stands between, meaning by unit.
//!
//! Names that follow each other with nothing but separators form a group; the result after a group belongs to all of it (a quality),
//! to each in turn (as many values as names) or to the last name alone. A value is never sought beyond the sentence, and words that are not
//! known to link end the search: no result is better than a wrong one. What may be wrong is kept with a doubt.

mod analyte;
mod build;
mod columns;
mod interval;
mod scan;
mod words;

use crate::document::{CodedResult, Document};
use crate::error::Result;
use crate::findings::assertion::Assertions;
use crate::findings::lab::Lab;
use crate::findings::quantity::Units;
use crate::fold::fold;
use crate::lexicon::{ClassId, Hit, Lexicon};
use crate::reading::Reading;
use crate::span::Span;
use analyte::Analytes;
use scan::{Measure, Outcome, Scanner};
use words::{Quality, Words};

/// Finds laboratory results.
#[derive(Debug)]
pub struct Labs {
    analytes: Analytes,
    units: Units,
    words: Words,
    assertions: Assertions,
    /// Names that hold the letters of an analyte and are another thing.
    others: ClassId,
}

/// Names that share what follows them.
#[derive(Debug)]
struct Group {
    /// Index of the analyte and place of each name; an alias in brackets counts with the name before it.
    names: Vec<(usize, Span)>,
    end: usize,
    /// Index of the next hit.
    next: usize,
}

impl Labs {
    /// Takes analytes, units and words of a lexicon.
    ///
    /// # Errors
    /// Where a class is missing or an entry is not well-formed, with file and line.
    pub fn new(lexicon: &Lexicon) -> Result<Self> {
        let units = Units::new(lexicon)?;
        Ok(Self {
            analytes: Analytes::new(lexicon, &units)?,
            words: Words::new(lexicon)?,
            assertions: Assertions::new(lexicon)?,
            others: lexicon.class("analyte.other")?,
            units,
        })
    }

    /// The results stated in a text, in its order.
    pub fn find(&self, reading: &Reading<'_>) -> Vec<Lab> {
        let hits = &self.named(reading);
        let mut scanner = Scanner { reading, words: &self.words, units: &self.units, analytes: self.analytes.class, pair: false };
        let mut out = Vec::new();
        let mut index = 0;
        while index < hits.len() {
            let group = self.group(reading, hits, index);
            index = group.next;
            scanner.pair = group.names.len() > 1;
            self.results(&scanner, &group, &mut out);
        }
        self.share_units(&scanner, &mut out);
        out
    }

    /// `sodium is 140 and potassium 4.4 mEq/L`: a result without unit takes that of the next one where only a conjunction is between
    /// them, both have the same kind of value and the unit is one of its own.
    fn share_units(&self, scanner: &Scanner<'_>, out: &mut [Lab]) {
        let reading = scanner.reading;
        for index in (1..out.len()).rev() {
            let (head, tail) = out.split_at_mut(index);
            let (Some(lab), next) = (head.last_mut(), &tail[0]) else { continue };
            if !lab.unit.is_empty() || lab.value.is_none() || next.unit.is_empty() || next.value.is_none() || lab.analyte == next.analyte {
                continue;
            }
            let (at, behind) = (reading.folded.from_original(lab.span), reading.folded.from_original(next.span));
            let Some(gap) = reading.text().get(at.end..behind.start.max(at.end)).map(str::trim) else { continue };
            let joined = gap == "、" || !gap.is_empty() && self.words.join.at(gap, 0) == Some(gap.len());
            let Some(unit) = Some(fold(&next.unit)).and_then(|unit| self.units.at(&unit, 0, |_| false)).map(|hit| hit.unit) else { continue };
            if joined {
                self.give_unit(reading.document, lab, unit, &next.unit);
            }
        }
    }

    /// The names of analytes that lie in no name of another thing.
    fn named(&self, reading: &Reading<'_>) -> Vec<Hit> {
        let mut others = reading.of(self.others).iter().peekable();
        let mut named = reading.of(self.analytes.class).to_vec();
        named.retain(|hit| {
            while others.next_if(|other| other.end < hit.end).is_some() {}
            others.peek().is_none_or(|other| other.start > hit.start)
        });
        named
    }

    /// The names from a hit on that are separated by nothing but list signs.
    fn group(&self, reading: &Reading<'_>, hits: &[Hit], from: usize) -> Group {
        let text = reading.text();
        let first = hits[from];
        let mut group = Group { names: vec![(first.entry as usize, first.span())], end: first.end as usize, next: from + 1 };
        while let Some(hit) = hits.get(group.next) {
            let gap = &text[group.end..hit.start as usize];
            let last = group.names[group.names.len() - 1].0;
            let same = last == hit.entry as usize || self.analytes.get(last).alternatives.contains(&(hit.entry as usize));
            let trimmed = gap.trim_matches([' ', '\n']);
            // `…测定、`: a word that only links may stand before the separator.
            let trimmed = self.words.link.at(trimmed, 0).filter(|length| *length < trimmed.len()).map_or(trimmed, |length| trimmed[length..].trim_start());
            if same && matches!(trimmed, "(" | "" | "," | "-" | "[" | "(ca) " | "/") {
                // The same analyte by another name: `carcinoembryonic antigen (CEA`.
                let closed = text[hit.end as usize..].starts_with([')', ']']) && matches!(trimmed, "(" | "[");
                group.end = hit.end as usize + usize::from(closed);
            } else if matches!(trimmed, "、" | "/" | "/," | "," | "&" | "+" | ", and" | ";" | "") && !(trimmed.is_empty() && gap.is_empty())
                || self.words.join.at(trimmed, 0) == Some(trimmed.len()) && !trimmed.is_empty()
            {
                group.names.push((hit.entry as usize, hit.span()));
                group.end = hit.end as usize;
            } else {
                break;
            }
            group.next += 1;
        }
        group
    }

    fn results(&self, scanner: &Scanner<'_>, group: &Group, out: &mut Vec<Lab>) {
        let reading = scanner.reading;
        let limit = reading.sentence(group.end.saturating_sub(1)).end;
        let (last, last_span) = group.names[group.names.len() - 1];
        let negative = self.analytes.get(last).is_plausible(-1.0) && self.analytes.get(last).id == "be";
        if group.names.len() == 1
            && let Some(measure) = self.value_before(scanner, last, last_span, out)
        {
            self.measured(scanner, last, last_span, &measure, out);
            return;
        }
        match scanner.result(group.end, limit, negative) {
            Some(Outcome::Measured(measure)) if scanner.is_row_of_values(last_span, &measure) => {}
            Some(Outcome::Measured(measure)) => {
                let measure = scanner.behind_interval(measure);
                if group.names.len() > 1
                    && let Some(measures) = self.list(scanner, &measure, group.names.len(), limit)
                {
                    for ((analyte, name), measure) in group.names.iter().zip(measures) {
                        self.measured(scanner, *analyte, *name, &measure, out);
                    }
                    return;
                }
                self.measured(scanner, last, last_span, &measure, out);
                self.trend(scanner, last, last_span, &measure, limit, out);
            }
            Some(Outcome::Quality { quality, span, sign }) => {
                for (analyte, name) in &group.names {
                    if !sign || group.names.len() == 1 || *analyte == last {
                        self.quality(scanner, *analyte, *name, quality, span, sign, out);
                    }
                }
            }
            None => self.before(scanner, group, out),
        }
    }

    /// As many values as names: `3.38、13.1、43.43ng/ml`, `169.2/51.5`; a unit at the end serves those without one.
    fn list(&self, scanner: &Scanner<'_>, first: &Measure, count: usize, limit: usize) -> Option<Vec<Measure>> {
        let text = scanner.reading.text();
        let mut measures = vec![first.clone()];
        while measures.len() < count {
            let mut at = scanner.blanks(measures[measures.len() - 1].span.end, 2);
            let mut separated = false;
            for _ in 0..3 {
                let rest = text.get(at..limit)?;
                if let Some(sign) = rest.chars().next().filter(|sign| matches!(sign, '、' | ',' | '/' | ';')) {
                    at = scanner.blanks(at + sign.len_utf8(), 2);
                    separated = true;
                } else if let Some(length) = self.words.join.at(text, at) {
                    at = scanner.blanks(at + length, 2);
                    separated = true;
                } else {
                    break;
                }
            }
            if !separated {
                return None;
            }
            measures.push(scanner.measure(at, false)?);
        }
        let shared = measures.iter().rev().find_map(|measure| measure.unit);
        if measures.iter().filter(|measure| measure.unit.is_some()).count() == 1 && measures[count - 1].unit.is_some() {
            for measure in &mut measures {
                measure.unit = shared;
            }
        }
        Some(measures)
    }

    /// Further values of the same name: `由15.1升至55.4`, `12.3 -> 9.8`.
    fn trend(&self, scanner: &Scanner<'_>, analyte: usize, name: Span, first: &Measure, limit: usize, out: &mut Vec<Lab>) {
        let text = scanner.reading.text();
        let mut at = first.span.end;
        let mut unit = first.unit;
        for _ in 0..6 {
            at = scanner.blanks(at, 2);
            let arrow = ["->", "→", "-->", "=>", "⇒"].iter().find(|sign| text.get(at..).is_some_and(|rest| rest.starts_with(**sign))).map(|sign| sign.len());
            let step = if text.get(at..).is_some_and(|rest| rest.starts_with(',')) { scanner.blanks(at + 1, 2) } else { at };
            let worded = self.words.change.at(text, step).map(|length| step + length);
            let Some(next) = arrow.map(|length| at + length).or(worded).filter(|next| *next < limit) else { return };
            let Some(mut measure) = scanner.measure(scanner.blanks(next, 2), false) else { return };
            if measure.unit.is_none() {
                measure.unit = unit;
            }
            unit = measure.unit;
            at = measure.span.end;
            self.measured(scanner, analyte, name, &measure, out);
        }
    }

    /// `8,990/ml of white blood cells`, `94% neutrophils`: a value with its unit right before the name, not taken by a name before it.
    fn value_before(&self, scanner: &Scanner<'_>, analyte: usize, name: Span, out: &[Lab]) -> Option<Measure> {
        let reading = scanner.reading;
        let text = reading.text();
        let head = text[..name.start].trim_end();
        let of = head.ends_with(" of");
        let end = if of { head.len() - 3 } else { head.len() };
        if end + 6 < name.start || reading.slice(name).bytes().any(|byte| byte >= 0x80) {
            return None;
        }
        let taken = out.last().map_or(0, |lab| reading.folded.from_original(lab.span).end);
        let floor = taken.max(reading.sentence(name.start).start).max(name.start.saturating_sub(40));
        let begin = (floor..end).find(|at| {
            text.is_char_boundary(*at)
                && text.as_bytes()[*at].is_ascii_digit()
                && (*at == 0 || !matches!(text.as_bytes()[at - 1], b'0'..=b'9' | b'.' | b',' | b'-' | b'/') && !text.as_bytes()[at - 1].is_ascii_alphabetic())
                && scanner.measure(*at, false).is_some_and(|measure| {
                    measure.unit.is_some_and(|unit| measure.span.end >= end && (measure.span.end <= name.start || unit.span.contains(name)))
                })
        })?;
        let measure = scanner.measure(begin, false)?;
        let unit = measure.unit?;
        let counted = matches!(self.units.get(unit.unit).family.as_str(), "fraction" | "number/volume");
        let fits = self.which(analyte, reading.slice(name), &measure).is_some_and(|index| self.analytes.get(index).measures(&self.units, unit.unit));
        (fits && (of || (counted && self.analytes.get(analyte).is_counted()))).then_some(measure)
    }

    /// A quality before the names: `elevated levels of CEA`, `normal creatinine and electrolytes`.
    fn before(&self, scanner: &Scanner<'_>, group: &Group, out: &mut Vec<Lab>) {
        let reading = scanner.reading;
        let (first, name) = group.names[0];
        let graded = grade_before(&reading.text()[reading.sentence(name.start).start.min(name.start)..name.start]).is_some();
        if reading.slice(name).bytes().any(|byte| byte >= 0x80) || !graded && self.analytes.get(first).weak.iter().any(|weak| *weak == reading.slice(name)) {
            return;
        }
        let start = reading.sentence(name.start).start;
        let text = reading.text();
        if let Some(begin) = grade_before(&text[start..name.start]) {
            self.graded(scanner, first, name, Span::new(start + begin, name.start), out);
            return;
        }
        let mut at = name.start;
        for _ in 0..4 {
            let head = text[start..at].trim_end();
            at = start + head.len();
            if let Some((quality, begin)) = self
                .words
                .qualities
                .iter()
                .filter_map(|(role, quality)| role.before(&text[..at], at).map(|begin| (*quality, begin)))
                .min_by_key(|(_, begin)| *begin)
            {
                let span = Span::new(begin.max(start), at);
                for (analyte, name) in &group.names {
                    // `positive for AFP` speaks of stained cells.
                    if !(self.analytes.get(*analyte).stain && matches!(quality, Quality::Positive | Quality::Negative)) {
                        self.quality(scanner, *analyte, *name, quality, span, false, out);
                    }
                }
                return;
            }
            let Some(begin) =
                self.words.adverb.before(&text[..at], at).or_else(|| self.words.link.before(&text[..at], at)).filter(|begin| *begin >= start && *begin < at)
            else {
                return;
            };
            at = begin;
        }
    }

    /// A result that came coded in a message, beside the text; `None` where its code is not known.
    pub fn coded(&self, document: &Document, result: &CodedResult) -> Option<Lab> {
        self.from_message(document, result)
    }
}

/// Where the grade of a test strip begins that stands right before a name: `3+ `, `+ 3 `.
fn grade_before(head: &str) -> Option<usize> {
    let body = head.trim_end();
    let digit = |text: &str| text.ends_with(|last: char| matches!(last, '1'..='4'));
    let begin = match body.strip_suffix('+') {
        Some(rest) if digit(rest) => rest.len() - 1,
        Some(_) => return None,
        None if digit(body) => body[..body.len() - 1].trim_end().strip_suffix('+')?.len(),
        None => return None,
    };
    (body.len() < head.len() && !body[..begin].ends_with(|before: char| before.is_alphanumeric() || before == '.')).then_some(begin)
}
