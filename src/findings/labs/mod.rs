//! Laboratory results: names from the lexicon, values bound to them by what stands between, meaning by unit.
//!
//! Names that follow each other with nothing but separators form a group; the result after a group belongs to all of it (a quality),
//! to each in turn (as many values as names) or to the last name alone. A value is never sought beyond the sentence, and words that are not
//! known to link end the search: no result is better than a wrong one. What may be wrong is kept with a doubt.

mod analyte;
mod before;
mod build;
mod check;
mod columns;
mod context;
mod interval;
mod message;
mod scan;
mod series;
mod words;

use crate::document::{CodedResult, Document};
use crate::error::Result;
use crate::findings::assertion::Assertions;
use crate::findings::lab::Lab;
use crate::findings::quantity::Units;
use crate::lexicon::{ClassId, Hit, Lexicon};
use crate::reading::Reading;
use crate::span::Span;
use analyte::Analytes;
use context::is_fragment;
use scan::{Measure, Outcome, Scanner};
use series::Results;
use words::Words;

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
        let mut scanner = Scanner { reading, words: &self.words, units: &self.units, analytes: self.analytes.class, pair: false };
        let hits = &self.named(&scanner);
        let mut out = Results::default();
        let mut index = 0;
        while index < hits.len() {
            if let Some(row) = scanner.row(&hits[index..]) {
                index += row.len();
                for (hit, measure) in row {
                    self.measured(&scanner, hit.entry as usize, hit.span(), &measure, &mut out);
                }
                continue;
            }
            let group = self.group(&scanner, hits, index);
            index = group.next;
            scanner.pair = group.names.len() > 1;
            self.results(&scanner, &group, &mut out);
        }
        let mut out = out.settle(reading);
        self.share_units(&scanner, &mut out);
        self.bare_shares(&mut out);
        out
    }

    /// The names of analytes that lie in no name of another thing. The name of a ratio with two values behind it is two names.
    fn named(&self, scanner: &Scanner<'_>) -> Vec<Hit> {
        let reading = scanner.reading;
        let ratio = |hit: &Hit| reading.slice(hit.span()).contains('/') && scanner.is_pair(hit.end as usize);
        let mut others = reading.of(self.others).iter().filter(|other| !ratio(other)).peekable();
        let mut named = reading.of(self.analytes.class).to_vec();
        named.retain(|hit| {
            while others.next_if(|other| other.end < hit.end).is_some() {}
            others.peek().is_none_or(|other| other.start > hit.start) && !is_fragment(reading, hit.span())
        });
        named
    }

    /// The names from a hit on that are separated by nothing but list signs.
    fn group(&self, scanner: &Scanner<'_>, hits: &[Hit], from: usize) -> Group {
        let reading = scanner.reading;
        let text = reading.text();
        let first = hits[from];
        let mut group = Group { names: vec![(first.entry as usize, first.span())], end: first.end as usize, next: from + 1 };
        while let Some(hit) = hits.get(group.next) {
            let gap = &text[group.end..hit.start as usize];
            let last = group.names[group.names.len() - 1].0;
            let same = last == hit.entry as usize || self.analytes.get(last).alternatives.contains(&(hit.entry as usize));
            let trimmed = gap.trim_matches([' ', '\n']);
            // `…测定、`: a word that only links may stand before the separator.
            let links = |length: &usize| *length < trimmed.len() && self.words.quality_at(trimmed, 0).is_none();
            let trimmed = self.words.link.at(trimmed, 0).filter(links).map_or(trimmed, |length| trimmed[length..].trim_start());
            if same && matches!(trimmed, "(" | "" | "," | "-" | "[" | "(ca) " | "/") {
                // The same analyte by another name: `carcinoembryonic antigen (CEA`.
                let disease = self.analytes.get(last).strict.iter().any(|strict| *strict == reading.slice(group.names[group.names.len() - 1].1));
                if disease && let Some((_, name)) = group.names.last_mut() {
                    // `anemia (Hb 84 g/L)`: the measured thing is named in the bracket.
                    *name = hit.span();
                }
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
        if let [(only, name)] = group.names[..]
            && let pair @ [_, _] = self.analytes.get(only).pair.as_slice()
            && scanner.is_pair(group.end)
        {
            group.names = pair.iter().map(|analyte| (*analyte, name)).collect();
        }
        group
    }

    fn results(&self, scanner: &Scanner<'_>, group: &Group, out: &mut Results) {
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
        if let ([_], Some(values)) = (&group.names[..], scanner.two_values(group.end, limit)) {
            for measure in values.iter().filter(|_| self.are_values(last, &values)) {
                self.measured(scanner, last, last_span, measure, out);
            }
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

    /// Whether two values behind a slash can both be an analyte's, and no share, date or pressure.
    fn are_values(&self, index: usize, values: &[Measure; 2]) -> bool {
        let analyte = self.analytes.get(index);
        values.iter().all(|measure| match measure.unit {
            Some(hit) => analyte.measures(&self.units, hit.unit) && analyte.meaning(&self.units, hit.unit, measure.number.value).plausible,
            None => analyte.can_be(&self.units, measure.number.value),
        })
    }

    /// A result that came coded in a message, beside the text; `None` where its code is not known.
    pub fn coded(&self, document: &Document, result: &CodedResult) -> Option<Lab> {
        self.from_message(document, result)
    }
}
