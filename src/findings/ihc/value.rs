//! The value behind a marker: brackets, plus signs, scores, percentages and words, with the cells or the pattern they are said of.

use super::number::number;
use super::{ResultWords, Role};
use crate::findings::cursor::Cursor;
use crate::fold::is_han;
use crate::reading::Reading;
use crate::span::Span;

/// What stands behind a marker.
#[derive(Debug, Clone, PartialEq, Default)]
pub(in crate::findings) struct Stain {
    pub status: Option<&'static str>,
    pub score: Option<String>,
    pub percent: Option<[f64; 2]>,
    pub intensity: Option<&'static str>,
    pub qualifier: Option<Span>,
    /// A word says that all of the list are meant (`均`).
    pub together: bool,
    /// The result is one of in-situ hybridisation.
    pub amplification: bool,
    /// A comparison in words stands before the percentage: above it, or below.
    pub above: Option<bool>,
    /// The percentage is given without a verdict.
    pub quantified: bool,
    /// The number that follows is an Allred sum.
    pub allred: bool,
    /// A single plus sign, which is no HER2 score.
    pub single_plus: bool,
    /// What the words say, apart from signs and percentages.
    pub gene: Option<&'static str>,
    pub start: usize,
    pub end: usize,
}

impl Stain {
    pub(super) fn known(&self) -> bool {
        self.amplification || self.status.is_some() || self.percent.is_some() || self.score.is_some()
    }

    pub(super) fn say(&mut self, status: &'static str) {
        self.status.get_or_insert(status);
    }

    fn word(&mut self, role: Role) {
        match role {
            Role::Positive => self.say("positive"),
            Role::Negative => self.say("negative"),
            Role::Equivocal => self.say("equivocal"),
            // `gene amplification: negative`: what follows may deny it.
            Role::Amplified => self.amplification = true,
            Role::NotAmplified => {
                self.amplification = true;
                self.say("negative");
            }
            Role::Weak => {
                self.intensity = Some("weak");
            }
            Role::Moderate => self.intensity = Some("moderate"),
            Role::Strong => self.intensity = Some("strong"),
            Role::Mutated => self.gene = Some("mutated"),
            Role::WildType => self.gene = Some("wild-type"),
            Role::Rearranged => self.gene = Some("rearranged"),
            Role::NotRearranged => self.gene = Some("not-rearranged"),
            Role::Above => self.above = Some(true),
            Role::Below => self.above = Some(false),
            Role::Quantified => self.quantified = true,
            Role::Allred => self.allred = true,
            Role::NoResult | Role::Filler | Role::PositiveBefore | Role::NegativeBefore | Role::StainBefore => {}
        }
    }

    pub(super) fn share(&mut self, low: f64, high: f64) {
        if high > 100.0 || low > high {
            return;
        }
        self.percent = Some(match self.percent {
            Some([a, b]) => [a.min(low), b.max(high)],
            None => [low, high],
        });
    }

    fn finish(mut self) -> Option<Self> {
        if self.status.is_none() && !self.quantified {
            self.status = match (&self.score, self.percent) {
                _ if self.amplification => Some("positive"),
                (Some(score), _) if score == "0" => Some("negative"),
                (Some(_), _) => Some("positive"),
                (None, Some([low, high])) => Some(if high < 1.0 || (low == 0.0 && high <= 1.0) { "negative" } else { "positive" }),
                (None, None) => None,
            };
        }
        if self.intensity == Some("weak") && self.status.is_none() {
            return None;
        }
        (self.status.is_some() || self.gene.is_some() || (self.quantified && self.percent.is_some())).then_some(self)
    }
}

/// Reads the value behind a marker list; `stop` is where the next marker begins.
pub(in crate::findings) fn walk(reading: &Reading<'_>, words: &ResultWords, from: usize, stop: usize) -> Option<Stain> {
    let text = reading.text();
    let mut stain = Stain { start: from.saturating_add(1), end: from, ..Stain::default() };
    let mut cursor = Cursor::new(text, from);
    let mut han = 0;
    let mut qualifier: Option<Span> = None;
    let mut colon = false;
    if cursor.peek(0) == b'/' || cursor.eat("基因状态") {
        return None;
    }
    // What scanning leaves of a trade mark: `HercepTest? by …`.
    if cursor.skip(b"?*%'\"", 3) > 0 && cursor.peek(0) != b' ' {
        cursor.at = from;
    }
    // `HER2 (HercepTest): 1+`: the name stood in a bracket.
    if cursor.peek(0) == b')' && in_bracket(text, from) {
        cursor.at += 1;
    }
    while cursor.at < stop.min(from + 110) {
        // Columns stand apart.
        let blank = cursor.skip(b" ", 24) + cursor.blanks(3) > 0;
        cursor.skip(b" ", 24);
        if cursor.at >= stop {
            break;
        }
        if let Some((role, end)) = words.at(reading, cursor.at) {
            match role {
                Role::NoResult if !stain.known() => return None,
                Role::StainBefore => break,
                Role::PositiveBefore | Role::NegativeBefore => {
                    // `CK7, negative for CK20`: the next list's own; `stain is positive for carcinoma`: this one's.
                    if stain.known() || (stop < text.len() && stop < end + 40) {
                        break;
                    }
                    stain.word(if role == Role::PositiveBefore { Role::Positive } else { Role::Negative });
                    stain.end = end;
                    break;
                }
                _ => {}
            }
            if stain.status.is_some() && matches!(role, Role::Positive | Role::Negative) && text.as_bytes()[cursor.at].is_ascii() && blank {
                break;
            }
            stain.word(role);
            if reading.slice(Span::new(cursor.at, end)).starts_with('均') {
                stain.together = true;
            }
            if role == Role::Weak && reading.slice(Span::new(cursor.at, end)).len() > 3 && text.as_bytes()[cursor.at] >= 0x80 {
                stain.say("positive");
            }
            if role == Role::Strong && reading.slice(Span::new(cursor.at, end)).len() > 3 && text.as_bytes()[cursor.at] >= 0x80 {
                stain.say("positive");
            }
            cursor.at = end;
            if role != Role::Filler {
                stain.end = end;
            }
            continue;
        }
        let byte = cursor.peek(0);
        match byte {
            b'(' | b'[' | b'{' | b'<' if byte != b'<' || !cursor.peek(1).is_ascii_digit() => {
                let close = closing(cursor.rest()).or_else(|| unclosed(cursor.rest()));
                let Some(close) = close else { break };
                let inside = Span::new(cursor.at + 1, cursor.at + close);
                let before = stain.clone();
                content(reading, words, inside, &mut stain);
                cursor.at += close + 1;
                if stain != before {
                    stain.end = cursor.at;
                    if qualifier.is_none() && stain.qualifier.is_none() {
                        stain.qualifier = words_of(text, inside);
                    }
                }
            }
            b'+' | b'-' => {
                if !signs(&mut cursor, &mut stain, stop) {
                    break;
                }
                stain.end = cursor.at.max(stain.end);
            }
            b'0'..=b'9' | b'>' | b'<' | b'~' => {
                let before = stain.clone();
                if !number(&mut cursor, &mut stain, colon) {
                    break;
                }
                if before != stain {
                    stain.end = cursor.at;
                }
            }
            b':' | b'=' => {
                // `（+）:30%`
                let share = stain.percent.is_none() && matches!(cursor.rest()[1..].trim_start_matches(' ').as_bytes().first(), Some(b'0'..=b'9' | b'<' | b'>'));
                if stain.known() && !(stain.amplification && stain.status.is_none()) && !share {
                    break;
                }
                colon = !share || !stain.known();
                cursor.at += 1;
            }
            // `positive, 95%, strong`
            b',' if stain.status.is_some() && stain.percent.is_none() && !stain.amplification => {
                let mut next = cursor;
                next.at += 1;
                next.blanks(2);
                let mut with = stain.clone();
                if next.at >= stop
                    || !matches!(next.peek(0), b'0'..=b'9' | b'>' | b'<' | b'~')
                    || !number(&mut next, &mut with, false)
                    || (with.percent.is_none() && with.score == stain.score)
                {
                    break;
                }
                (stain, cursor) = (with, next);
                stain.end = cursor.at;
            }
            // `stained with the antibody. Negative reaction in …`
            b'.' if !stain.known() => {
                let mut next = cursor;
                next.at += 1;
                next.blanks(3);
                let verdict = words.at(reading, next.at).filter(|(role, _)| matches!(role, Role::Positive | Role::Negative | Role::Equivocal));
                let Some((_, end)) = verdict else { break };
                let noun = end + 1;
                if next.at == cursor.at + 1 || words.at(reading, noun).is_none_or(|(role, _)| role != Role::Filler) {
                    break;
                }
                cursor = next;
            }
            b'a'..=b'z' if !stain.known() => match super::list::block(reading, cursor.at).filter(|end| words.at(reading, *end).is_some()) {
                Some(end) => cursor.at = end,
                None => break,
            },
            _ => {
                let Some(character) = cursor.rest().chars().next() else { break };
                match character {
                    '≥' | '≤' => {
                        if !number(&mut cursor, &mut stain, colon) {
                            break;
                        }
                        stain.end = cursor.at;
                    }
                    '±' => {
                        stain.say("equivocal");
                        cursor.at += character.len_utf8();
                        stain.end = cursor.at;
                    }
                    // A name that goes on to one of a tumour: `肝细胞和胆管细胞癌`.
                    '癌' | '瘤' if !stain.known() && !cursor.rest()[character.len_utf8()..].starts_with('细') => return None,
                    // `阳性约30%`
                    '约' if stain.status.is_some() && stain.percent.is_none() => cursor.at += character.len_utf8(),
                    _ if is_han(character) && !stain.known() && han < 14 => {
                        if matches!(character, '均' | '皆' | '都') {
                            stain.together = true;
                        }
                        han += 1;
                        let here = Span::new(cursor.at, cursor.at + character.len_utf8());
                        qualifier = Some(qualifier.map_or(here, |known| known.join(here)));
                        cursor.at += character.len_utf8();
                    }
                    _ => break,
                }
            }
        }
    }
    if stain.qualifier.is_none() {
        stain.qualifier = qualifier.filter(|place| place.end <= stain.end);
    }
    stain.finish()
}

/// Whether a bracket that was opened right before a place is still open.
pub(super) fn in_bracket(text: &str, at: usize) -> bool {
    let near = crate::findings::cursor::around(text, Span::new(at, at), 48, 0).of(text);
    near.rfind('(').is_some_and(|open| near.rfind(')').is_none_or(|close| close < open))
}

/// Where the bracket that opens a text closes, within 90 bytes, inner brackets balanced.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0;
    for (at, byte) in text.bytes().enumerate().take(90) {
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => {
                depth -= 1;
                if depth == 0 {
                    return Some(at);
                }
            }
            b'\n' if depth == 0 => return None,
            _ => {}
        }
    }
    None
}

/// Where a bracket that is never closed leaves off: at the next mark.
fn unclosed(text: &str) -> Option<usize> {
    text.bytes().take(40).position(|byte| matches!(byte, b',' | b';' | b'\n'))
}

/// What stands in brackets: everything that can be read counts, the rest names cells.
fn content(reading: &Reading<'_>, words: &ResultWords, inside: Span, stain: &mut Stain) {
    let text = reading.text();
    let whole = inside.of(text).trim();
    if whole == "0" {
        stain.score.get_or_insert_with(|| "0".into());
        return;
    }
    if matches!(whole, "—" | "--" | "-") {
        stain.say("negative");
        return;
    }
    let mut cursor = Cursor::new(text, inside.start);
    while cursor.at < inside.end {
        if let Some((role, end)) = words.at(reading, cursor.at) {
            // `弱阳性` is a verdict as well.
            let verdict = text.as_bytes()[cursor.at] >= 0x80 && end - cursor.at > '弱'.len_utf8();
            if matches!(role, Role::Weak | Role::Strong) && verdict {
                stain.say("positive");
            }
            stain.word(match role {
                Role::PositiveBefore => Role::Positive,
                Role::NegativeBefore => Role::Negative,
                other => other,
            });
            cursor.at = end;
            continue;
        }
        match cursor.peek(0) {
            b'+' => {
                signs(&mut cursor, stain, inside.end);
            }
            b'-' => {
                let own = cursor.before() >= 0x80 || matches!(cursor.before(), b'(' | b' ' | b',');
                let after = cursor.peek(1);
                if cursor.peek(1) == b'/' && cursor.peek(2) == b'+' {
                    stain.say("equivocal");
                    cursor.at += 2;
                } else if inside_words(&cursor) {
                    // `中-低分化`: a range of words.
                } else if own && (matches!(after, b')' | b']' | b',' | b' ') || after >= 0x80) {
                    stain.say("negative");
                }
                cursor.at += 1;
            }
            b'0'..=b'9' | b'>' | b'<' | b'~' => {
                let start = cursor.at;
                let scored = text[inside.start..start].trim_end().ends_with(['=', ':']);
                if !number(&mut cursor, stain, scored) && cursor.at == start {
                    cursor.at += 1;
                }
            }
            _ => {
                let Some(character) = cursor.rest().chars().next() else { break };
                match character {
                    '±' => stain.say("equivocal"),
                    '≥' | '≤' if number(&mut cursor, stain, false) => {
                        continue;
                    }
                    _ => {}
                }
                // A word that is not known ends nothing; digits in it are not values.
                if character.is_ascii_alphabetic() {
                    while cursor.peek(0).is_ascii_alphanumeric() && cursor.at < inside.end {
                        cursor.at += 1;
                    }
                } else {
                    cursor.at += character.len_utf8();
                }
            }
        }
    }
}

/// Han words inside a bracket, as the cells or the pattern.
fn words_of(text: &str, inside: Span) -> Option<Span> {
    let start = inside.start + inside.of(text).char_indices().find(|(_, character)| is_han(*character))?.0;
    let end = start + text.get(start..inside.end)?.char_indices().find(|(_, character)| !is_han(*character)).map_or(inside.end - start, |(at, _)| at);
    Some(Span::new(start, end))
}

/// `中-低分化`, `肝细胞-胆管细胞`: whether the hyphen at the cursor stands between Chinese words.
fn inside_words(cursor: &Cursor<'_>) -> bool {
    cursor.before() >= 0x80 && cursor.rest().get(1..).and_then(|rest| rest.chars().next()).is_some_and(is_han)
}

/// Plus and minus signs; false where the sign is no value.
fn signs(cursor: &mut Cursor<'_>, stain: &mut Stain, stop: usize) -> bool {
    if cursor.peek(0) == b'-' {
        if cursor.peek(1) == b'/' && cursor.peek(2) == b'+' {
            cursor.at += 3;
            stain.say("equivocal");
            return true;
        }
        if cursor.peek(1) == b'+' {
            cursor.at += 1;
            return signs(cursor, stain, stop);
        }
        let mut next = *cursor;
        next.at += 1;
        let glued = next.peek(0).is_ascii_alphanumeric() && next.at < stop;
        next.blanks(3);
        let word_follows = next.at > cursor.at + 1 && next.peek(0).is_ascii_alphabetic() && next.at < stop;
        // `肝细胞-胆管细胞`: a hyphen inside a Chinese name.
        if stain.known() || glued && !next.peek(0).is_ascii_alphabetic() || inside_words(cursor) {
            return false;
        }
        cursor.at += 1;
        if !word_follows && !glued && next.peek(0) != b'(' {
            stain.say("negative");
        }
        return true;
    }
    let plus = cursor.skip(b"+", 5);
    if plus == 0 {
        return false;
    }
    if (cursor.peek(0) == b'/' && cursor.peek(1) == b'-') || (cursor.peek(0) == b'-' && plus == 1 && !cursor.peek(1).is_ascii_alphanumeric()) {
        cursor.at += if cursor.peek(0) == b'/' { 2 } else { 1 };
        stain.say("equivocal");
        return true;
    }
    stain.say("positive");
    if plus > 1 {
        if stain.score.is_none() {
            stain.score = Some(format!("{}+", plus.min(4)));
        }
    } else if stain.score.is_none() {
        stain.single_plus = true;
    }
    true
}
