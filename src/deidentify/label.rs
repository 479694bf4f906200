//! Labelled fields: what follows 姓名, 住院号, `MRN`, `Address` up to the end of the field, whatever it looks like.
//! A colon, an equals sign, a number sign, `is`, or a blank may stand between; the next label ends a value.

use super::date;
use super::find::{Finder, Label, Value};
use super::text::Shape;
use super::words::Flags;
use crate::fold::is_han;
use crate::span::Span;

/// The most characters of a labelled place.
const LONGEST_PLACE: usize = 60;
/// The most characters of a labelled number.
const LONGEST_NUMBER: usize = 40;

impl Finder<'_> {
    /// Values of labelled fields.
    pub fn labelled(&mut self) {
        let classes = self.classes;
        for hit in self.text.reading.hits.of(classes.label) {
            let label = &classes.labels[hit.entry as usize];
            if label.value != Value::Nothing {
                self.value(hit.span(), label);
            }
        }
    }

    fn value(&mut self, span: Span, label: &Label) {
        let text = self.text;
        // `1单位=14g`: an equals sign explains a word, it announces no place.
        let han = text.slice(span.start, span.end).chars().next_back().is_some_and(is_han);
        if han && text.before(span.start).chars().next_back().is_some_and(is_han) && span.len() <= 6 && !self.starts_field(span.start) {
            return;
        }
        let rest = text.from(span.end);
        let closing = if rest.starts_with(['(', '（']) {
            rest.find([')', '\n']).filter(|at| *at < 24 && rest[*at..].starts_with(')')).map_or(0, |at| at + 1)
        } else {
            0
        };
        let closing = if closing > 0 && rest[closing..].trim_start_matches(' ').starts_with(':') { closing } else { 0 };
        let rest = &rest[closing..];
        let trimmed = rest.trim_start_matches([' ', '\t', '_']);
        let colon = trimmed.starts_with([':', '=']);
        let gap = rest.len() - trimmed.len();
        let bed = label.kind == "bed" && !han && text.reading.is_upper(span.start) && gap == 1;
        if label.colon && !colon && !bed && !(han && gap > 0 && label.value == Value::Name && text.slice(span.start, span.end).ends_with(['名', '师', '生']))
        {
            return;
        }
        let at = span.end + closing + gap;
        match label.value {
            Value::Name => self.name_value(at, colon, han, span),
            Value::Number => self.number_value(at, span, label, colon),
            Value::Place if trimmed.starts_with(':') => self.place_value(at, label.kind),
            Value::Place => {}
            Value::Address => self.address_value(at, label.kind),
            Value::Date => self.date_value(at, colon, label),
            Value::Nothing => {}
        }
    }

    /// Whether a field begins at a byte: after a blank, a sign, or the value of another field.
    fn starts_field(&self, at: usize) -> bool {
        let text = self.text;
        let label = text.reading.hits.at(self.classes.label, at).map(|hit| hit.span());
        label.is_some_and(|label| text.from(label.end).starts_with([':', '=']))
    }

    /// After the colon, blanks and at most one line break.
    fn skip(&self, at: usize) -> usize {
        let rest = self.text.from(at);
        let trimmed = rest.trim_start_matches([' ', '\t', ':', '=', '_']);
        let trimmed = trimmed.strip_prefix("\r\n").or_else(|| trimmed.strip_prefix('\n')).map_or(trimmed, |next| {
            let next = next.trim_start_matches([' ', '\t']);
            if self.hit(self.classes.label, at + (rest.len() - next.len())).is_some() { trimmed } else { next }
        });
        at + (rest.len() - trimmed.len())
    }

    fn name_value(&mut self, at: usize, colon: bool, han: bool, label: Span) {
        let text = self.text;
        let at = self.skip(at);
        if text.from(at).chars().next().is_some_and(|c| is_han(c) || han && c == '*') {
            if let Some(span) = self.han_names(at, colon) {
                self.push("name", span, true);
            }
            return;
        }
        let first = text.token_from(at);
        let lead = text.slice(at, text.start(first));
        if lead.len() > 2 || !lead.bytes().all(|byte| matches!(byte, b' ' | b'"' | b'(' | b'.' | b'*')) || !text.capital(first) {
            return;
        }
        let first = if matches!(text.word(first), "dr" | "mr" | "mrs" | "ms" | "prof") && text.gap(first).len() <= 2 { first + 1 } else { first };
        let Some(mut last) = self.run_of_names(first) else { return };
        if (text.gap(last) == ", " || text.gap(last) == ",")
            && let Some(further) = self.run_of_names(last + 1).filter(|_| self.flags(last + 1).any(Flags::NAME))
        {
            last = further;
        }
        if (first..=last).all(|index| text.initial(index)) {
            return;
        }
        let known =
            (first..=last).any(|index| self.flags(index).surely(Flags::NAME) || self.flags(index).any(Flags::PINYIN) && text.shape(index) == Shape::Title);
        let words = text.slice(label.start, label.end);
        let signed = ["signed by", "named", "name is", "dictated by", "transcribed by", "verified by"].iter().any(|phrase| words.ends_with(phrase));
        let titled = (first..=last).all(|index| text.shape(index) == Shape::Title || text.initial(index));
        let several = last > first
            && (colon || signed && titled)
            && (first..=last).all(|index| !self.is_clinical(text.start(index)) && !self.flags(index).any(Flags::PART));
        let plain = colon
            && (han || text.slice(label.start, label.end).ends_with("name"))
            && !self.is_clinical(text.start(first))
            && !self.flags(first).any(Flags::PART);
        if (known || several || plain) && !text.from(text.end(last)).starts_with(':') {
            let end = text.end(last) + usize::from(text.initial(last) && text.from(text.end(last)).starts_with('.'));
            self.push("name", Span::new(text.start(first), end), colon);
        }
    }

    fn number_value(&mut self, at: usize, label_span: Span, label: &Label, colon: bool) {
        let text = self.text;
        let mut at = at;
        loop {
            let rest = text.from(at);
            let trimmed = rest.trim_start_matches([' ', '\t', ':', '=', '#', '(', '_', '"', '+', ',', '.']);
            let trimmed = if colon || at > label_span.end { self.after_break(trimmed) } else { trimmed };
            let word = [
                "number",
                "no.",
                "no ",
                "num ",
                "is ",
                "was ",
                "id ",
                "id:",
                "of ",
                "#",
                "code ",
                "ending in ",
                "号码",
                "号",
                "为",
                "是",
                "via ",
                "at ",
                "his ",
                "her ",
            ]
            .iter()
            .find(|word| trimmed.starts_with(**word));
            let next = at + (rest.len() - trimmed.len()) + word.map_or(0, |word| word.trim_end().len());
            if next == at {
                break;
            }
            at = next;
        }
        let rest = text.from(at);
        let wide = matches!(label.kind, "phone" | "fax" | "bank-card" | "account" | "id-card");
        let mut end = 0;
        let mut digits = 0;
        let mut broken = false;
        let bytes = rest.as_bytes();
        while end < bytes.len().min(LONGEST_NUMBER) {
            let byte = bytes[end];
            let next = bytes.get(end + 1).copied().unwrap_or(b' ');
            let value = byte.is_ascii_alphanumeric() || byte == b'*';
            let inner = matches!(byte, b'-' | b'/' | b'.' | b'_' | b'#' | b'@') && (next.is_ascii_alphanumeric() || next == b'*') && end > 0;
            let spaced = matches!(byte, b' ' | b'(' | b')' | b'+' | b'-')
                && digits > 0
                && (next.is_ascii_digit() || matches!(next, b' ' | b'(' | b'-' | b'+'))
                && (wide || self.all_digits(&rest[..end]) && groups(&rest[end + 1..]));
            let split = !broken
                && byte == b'\n'
                && digits >= 3
                && next.is_ascii_digit()
                && (bytes[end - 1] == b'-' || wide && self.all_digits(&rest[..end]) && digits < 11);
            if !(value || inner || spaced || split) {
                break;
            }
            broken |= split;
            digits += usize::from(byte.is_ascii_digit() || byte == b'*');
            end += 1;
        }
        let value = rest[..end].trim_end_matches([' ', '-', '/', '.', '(', '+']);
        let least = if colon || label.digits != 3 { label.digits } else { 4 };
        let handle = label.digits == 0 && value.len() >= 4 && (colon || value.bytes().any(|byte| byte == b'_' || byte.is_ascii_digit()));
        let unit = rest[end..].starts_with('%') || label.kind == "bed" && digits > 3;
        if digits >= least.max(1) && !unit || handle {
            let mut start = at;
            let mut stop = at + value.len();
            if label.with_label && !text.slice(label_span.start, label_span.end).chars().any(is_han) && label_span.len() > 4 {
                start = label_span.start;
            } else if text.before(start).ends_with(['+', '#']) || text.before(start).ends_with('(') && value.contains(')') {
                start -= 1;
            }
            if label.kind == "bed" {
                stop += ["床", "号床", "室"].iter().find(|mark| text.from(stop).starts_with(**mark)).map_or(0, |mark| mark.len());
            }
            self.push(label.kind, Span::new(start, stop), true);
        }
    }

    fn after_break<'t>(&self, rest: &'t str) -> &'t str {
        let next = rest.strip_prefix("\r\n").or_else(|| rest.strip_prefix('\n'));
        next.filter(|next| {
            next.split(['\n', ' ']).next().is_some_and(|word| word.bytes().any(|byte| byte.is_ascii_digit()) && word.is_ascii() && word.len() >= 4)
        })
        .unwrap_or(rest)
    }

    fn all_digits(&self, value: &str) -> bool {
        value.bytes().all(|byte| byte.is_ascii_digit() || byte == b' ')
    }

    fn place_value(&mut self, at: usize, kind: &'static str) {
        let start = self.skip(at);
        let text = self.text;
        let rest = text.from(start);
        let han = rest.chars().take(20).any(is_han);
        let mut end = 0;
        for (count, (offset, character)) in rest.char_indices().enumerate() {
            let stop = match character {
                '\n' | ';' | '。' | '\t' | '；' | '|' => true,
                ',' | '，' | ':' => han || character == ':',
                '.' => !han && rest[offset + 1..].starts_with(' ') && offset > 4 && !rest[..offset].ends_with(" st") && !rest[..offset].ends_with(" ave"),
                ' ' => rest[offset + 1..].starts_with(' ') || han && self.next_is_label(start + offset + 1),
                _ => false,
            };
            if stop || count >= LONGEST_PLACE || offset > 0 && self.label_with_colon(start + offset) {
                break;
            }
            end = offset + character.len_utf8();
        }
        let value = rest[..end].trim_end_matches([' ', '_', '-', '/', '(', ')']);
        let upper = text.reading.is_upper(start) || rest.starts_with(|c: char| c.is_ascii_digit());
        let words = value.chars().filter(|c| c.is_alphanumeric()).count();
        let generic =
            self.hit(self.classes.institution, start).is_some_and(|hit| hit.start == start && hit.end >= start + value.len() && self.is_generic(start));
        let after = text.from(start + end).trim_start_matches([' ', '#']);
        let another = after.starts_with(':') || self.next_is_label(start) || rest[..end].contains('#');
        let latin = upper
            && words >= 3
            && !another
            && !self.is_clinical(start)
            && (value.contains(|c: char| c.is_ascii_digit()) || kind != "address")
            && !self.flags(text.token_from(start)).any(Flags::NEVER);
        let nothing = self.words.no_values.iter().any(|nothing| nothing == value);
        if words >= 2 && (han || latin) && !generic && !nothing {
            self.push(kind, Span::new(start, start + value.len()), true);
        }
    }

    fn next_is_label(&self, at: usize) -> bool {
        self.hit(self.classes.label, at).is_some_and(|hit| hit.start == at)
    }

    fn label_with_colon(&self, at: usize) -> bool {
        self.hit(self.classes.label, at).is_some_and(|hit| hit.start == at && self.text.from(hit.end).trim_start_matches(' ').starts_with([':', '=']))
    }

    fn date_value(&mut self, at: usize, colon: bool, label: &Label) {
        let text = self.text;
        let start = self.skip(at);
        let rest = text.from(start);
        if !rest.starts_with(|c: char| c.is_ascii_digit()) || date::digits(text.folded, start).is_some() {
            return;
        }
        let mut end = 0;
        for (offset, character) in rest.char_indices().take(24) {
            let inner = matches!(character, '-' | '/' | '.' | ':' | ' ') && rest[offset + 1..].starts_with(|c: char| c.is_ascii_digit());
            if !(character.is_ascii_digit() || inner || matches!(character, '年' | '月' | '日' | '时' | '分')) {
                break;
            }
            end = offset + character.len_utf8();
        }
        let digits = rest[..end].bytes().filter(u8::is_ascii_digit).count();
        let parts = rest[..end].split(['-', '/', '.', '年', '月', ' ']).filter(|part| !part.is_empty()).count();
        if (digits >= 4 && parts >= 2 || digits >= 6) && (colon || !label.colon) {
            self.push("date", Span::new(start, start + end), true);
        }
    }
}

/// Whether a text goes on with a group of two digits or more that ends there.
fn groups(rest: &str) -> bool {
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    (3..=4).contains(&digits) && !rest[digits..].starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '.' | '/' | '-' | '%'))
}
