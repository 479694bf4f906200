//! Results in front of their names: `94% neutrophils`, `elevated levels of CEA`, `3+ protein`.

use super::scan::{Measure, Scanner};
use super::series::Results;
use super::words::Quality;
use super::{Group, Labs};
use crate::document::Language;
use crate::span::Span;

impl Labs {
    /// `8,990/ml of white blood cells`, `94% neutrophils`: a value with its unit right before the name, not taken by a name before it.
    pub(super) fn value_before(&self, scanner: &Scanner<'_>, analyte: usize, name: Span, out: &Results) -> Option<Measure> {
        let reading = scanner.reading;
        let text = reading.text();
        let head = text[..name.start].trim_end();
        let of = head.ends_with(" of");
        let end = if of { head.len() - 3 } else { head.len() };
        if end + 6 < name.start || reading.slice(name).bytes().any(|byte| byte >= 0x80) {
            return None;
        }
        let taken = out.last_end(reading).unwrap_or(0);
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
    pub(super) fn before(&self, scanner: &Scanner<'_>, group: &Group, out: &mut Results) {
        let reading = scanner.reading;
        let (first, name) = group.names[0];
        let graded = grade_before(&reading.text()[reading.sentence(name.start).start.min(name.start)..name.start]).is_some();
        if reading.slice(name).bytes().any(|byte| byte >= 0x80) || !graded && self.analytes.get(first).weak.iter().any(|weak| *weak == reading.slice(name)) {
            return;
        }
        // `increased fib rosis`: few letters name an analyte where they are capitals; `focal positivity for` speaks of cells.
        if reading.language == Language::En && name.len() <= 3 && !(name.start..name.end).any(|at| reading.is_upper(at)) {
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
                    let polar = matches!(quality, Quality::Positive | Quality::Negative);
                    if !(polar && (self.analytes.get(*analyte).stain || self.words.stain.within(&text[start..at]).is_some())) {
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
