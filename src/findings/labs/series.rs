//! Results that stand together: as many values as names, courses of one name, units that a list shares, and names that say little alone
//! and much in a row of results.

use std::collections::BTreeSet;

use super::Labs;
use super::scan::{Measure, Scanner};
use crate::findings::lab::Lab;
use crate::findings::quantity::date_at;
use crate::fold::fold;
use crate::lexicon::Hit;
use crate::reading::Reading;
use crate::span::Span;

/// Bytes between two results that stand together.
const NEIGHBOUR: usize = 40;
/// So many different names in a row vouch for each other.
const ROW: usize = 3;
/// Bytes behind a result where its course may go on.
const COURSE: usize = 64;

/// The results found so far, in the order of the text. Those whose name says little wait for others beside them.
#[derive(Debug, Default)]
pub(super) struct Results {
    list: Vec<Lab>,
    waiting: Vec<bool>,
}

impl Results {
    pub(super) fn push(&mut self, lab: Lab, waits: bool) {
        self.list.push(lab);
        self.waiting.push(waits);
    }

    pub(super) fn last(&self) -> Option<&Lab> {
        self.list.last()
    }

    /// Where the last result ends in the folded text.
    pub(super) fn last_end(&self, reading: &Reading<'_>) -> Option<usize> {
        self.list.last().map(|lab| reading.folded.from_original(lab.span).end)
    }

    /// Whether a result that is sure stands right before a place.
    pub(super) fn is_beside(&self, reading: &Reading<'_>, at: usize) -> bool {
        self.waiting.last() == Some(&false) && self.last_end(reading).is_some_and(|end| end + NEIGHBOUR >= at)
    }

    /// All results; of those that wait, the ones in a row with a sure one or with enough others.
    pub(super) fn settle(self, reading: &Reading<'_>) -> Vec<Lab> {
        let spans: Vec<Span> = self.list.iter().map(|lab| reading.folded.from_original(lab.span)).collect();
        let mut keep = vec![true; spans.len()];
        let mut from = 0;
        while from < spans.len() {
            let joins = |index: &usize| *index == from || spans[*index].start <= spans[index - 1].end + NEIGHBOUR;
            let to = (from..spans.len()).take_while(joins).last().map_or(from + 1, |last| last + 1);
            let names: BTreeSet<&str> = self.list[from..to].iter().map(|lab| lab.analyte.as_str()).collect();
            let course = names.len() == 1 && to - from >= ROW;
            if names.len() < ROW && !course && self.waiting[from..to].iter().all(|waits| *waits) {
                keep[from..to].fill(false);
            }
            from = to;
        }
        self.list.into_iter().zip(keep).filter_map(|(lab, keep)| keep.then_some(lab)).collect()
    }
}

impl Labs {
    /// `sodium is 140 and potassium 4.4 mEq/L`: a result without unit takes that of the next one where only a conjunction is between
    /// them, both have the same kind of value and the unit is one of its own.
    pub(super) fn share_units(&self, scanner: &Scanner<'_>, out: &mut [Lab]) {
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

    /// As many values as names: `3.38、13.1、43.43ng/ml`, `169.2/51.5`; a unit at the end serves those without one.
    pub(super) fn list(&self, scanner: &Scanner<'_>, first: &Measure, count: usize, limit: usize) -> Option<Vec<Measure>> {
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
        let written = &text[first.span.start..measures[count - 1].span.end];
        if written.contains('/') && !written.contains(char::is_alphabetic) || measures.iter().all(|measure| measure.unit.is_some()) {
            measures.iter_mut().for_each(|measure| measure.listed = true);
        }
        Some(measures)
    }

    /// Further values of the same name: `由15.1升至55.4`, `12.3 -> 9.8`.
    pub(super) fn trend(&self, scanner: &Scanner<'_>, analyte: usize, name: Span, first: &Measure, limit: usize, out: &mut Results) {
        let text = scanner.reading.text();
        let mut at = first.span.end;
        let mut unit = first.unit;
        for _ in 0..6 {
            at = scanner.blanks(at, 2);
            let arrow = ["->", "→", "-->", "=>", "⇒"].iter().find(|sign| text.get(at..).is_some_and(|rest| rest.starts_with(**sign))).map(|sign| sign.len());
            let step = if text.get(at..).is_some_and(|rest| rest.starts_with(',')) { scanner.blanks(at + 1, 2) } else { at };
            let worded = self.words.change.at(text, step).map(|length| step + length);
            let near = arrow.map(|length| at + length).or(worded).filter(|next| *next < limit);
            let measured = |measure: &Measure| measure.unit.is_some_and(|hit| self.analytes.get(analyte).measures(&self.units, hit.unit));
            let near = near.and_then(|next| scanner.measure(scanner.blanks(next, 2), false));
            let far = || self.again(scanner, at, limit).or_else(|| self.later(scanner, at, limit)).filter(measured);
            let Some(mut measure) = near.or_else(far) else { return };
            if measure.unit.is_none() {
                measure.unit = unit;
            }
            unit = measure.unit;
            at = measure.span.end;
            self.measured(scanner, analyte, name, &measure, out);
        }
    }

    /// `3.0 mEq/L on admission and 4.2 mEq/L at discharge`: the value behind the moment of the one before.
    fn again(&self, scanner: &Scanner<'_>, at: usize, limit: usize) -> Option<Measure> {
        let text = scanner.reading.text();
        let comma = |at: usize| if scanner.byte(at) == b',' { scanner.blanks(at + 1, 2) } else { at };
        // `98g/L,第3天102g/L`: a day of its own and a value.
        let day = matches!(scanner.byte(at), b',' | b';').then(|| self.day(scanner, scanner.blanks(at + 1, 2))).flatten();
        if let Some(next) = day.filter(|next| *next < limit) {
            return scanner.measure(scanner.blanks(next, 2), false);
        }
        let at = comma(scanner.blanks(at + self.words.moment.at(text, at)?, 2));
        let next = scanner.blanks(at + self.words.join.at(text, at).or_else(|| self.words.change.at(text, at))?, 2);
        (next < limit).then(|| scanner.measure(next, false)).flatten()
    }

    /// Where a day that is told ends: a date, `第3天`, `术后2周`, with the word that says it was looked at again.
    fn day(&self, scanner: &Scanner<'_>, at: usize) -> Option<usize> {
        let text = scanner.reading.text();
        let end = match date_at(text, at) {
            Some(length) => at + length,
            None => {
                let moment = self.words.moment.at(text, at).unwrap_or(0);
                let head = at + moment;
                if moment > 0 && scanner.measure(head, false).is_some_and(|measure| measure.unit.is_some()) {
                    return Some(head);
                }
                let head = head + usize::from(text.get(head..)?.starts_with('第')) * '第'.len_utf8();
                let digits = text.get(head..)?.bytes().take(3).take_while(u8::is_ascii_digit).count();
                let unit = text.get(head + digits..)?.chars().next().filter(|unit| digits > 0 && matches!(unit, '天' | '日' | '周' | '月'))?;
                let end = head + digits + unit.len_utf8();
                end + usize::from(text.get(end..)?.starts_with('后')) * '后'.len_utf8()
            }
        };
        let again = self.words.change.at(text, end).filter(|length| !text[end..end + length].ends_with(['至', '到']));
        Some(end + again.unwrap_or(0))
    }

    /// `N 0.75、L 0.2` behind a count of 12: without a unit, parts of one are shares and no counts.
    pub(super) fn bare_shares(&self, out: &mut [Lab]) {
        let share = |lab: &Lab| {
            let index = self.analytes.position(&lab.analyte).filter(|_| lab.unit.is_empty() && lab.comparator.is_empty() && lab.value_high.is_none());
            index.and_then(|index| self.analytes.get(index).share(&self.analytes)).filter(|_| lab.value.is_some_and(|value| value < 1.0))
        };
        for index in 1..out.len() {
            let (head, tail) = out.split_at_mut(index);
            let (Some(before), lab) = (head.last_mut(), &mut tail[0]) else { continue };
            let (Some(value), Some(whole), Some(of)) = (lab.value, before.value, share(lab)) else { continue };
            // Neutrophils are no eighth of the cells; lymphocytes may be.
            let rare = self.analytes.get(of).bare_below.is_some_and(|limit| limit >= 20.0);
            let counted = self.analytes.position(&before.analyte).is_some_and(|before| self.analytes.get(before).is_counted());
            let first = rare && share(before).is_none() && counted && value >= 0.5 && whole >= 8.0 * value && !before.unit.is_empty();
            let sum = before.unit.is_empty() && (0.85..=1.005).contains(&(value + whole));
            let other = share(before).filter(|_| sum);
            let fraction = sum && self.analytes.position(&before.analyte).is_some_and(|before| self.analytes.get(before).is_fraction());
            if first || fraction || other.is_some() {
                lab.analyte.clone_from(&self.analytes.get(of).id);
            }
            if let Some(other) = other {
                before.analyte.clone_from(&self.analytes.get(other).id);
            }
        }
    }

    /// `白细胞最低1.8×10^9/L,予升白治疗后恢复至4.5×10^9/L`: the value behind words of change further on, no other name between.
    fn later(&self, scanner: &Scanner<'_>, at: usize, limit: usize) -> Option<Measure> {
        let text = scanner.reading.text();
        let stop = limit.min(at + COURSE);
        let named = scanner.reading.hits.of(scanner.analytes);
        let behind = &named[named.partition_point(|hit| (hit.start as usize) < at)..];
        // `输注血小板后升至`: what was given is not measured.
        let measured = |hit: &&Hit| !self.is_excluded(scanner.reading, hit.entry as usize, hit.span());
        let next = behind.iter().take_while(|hit| (hit.start as usize) < stop).find(measured).map_or(stop, |hit| hit.start as usize);
        (at..stop.min(next)).find_map(|place| {
            let length = self.words.change.at(text, place)?;
            let word = &text[place..place + length];
            let speaks = word.ends_with(['至', '到']) && word.chars().count() > 1 || word.ends_with(" to");
            speaks.then(|| scanner.measure(scanner.blanks(place + length, 2), false)).flatten()
        })
    }
}
