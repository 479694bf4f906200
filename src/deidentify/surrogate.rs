//! Realistic stand-ins by a keyed hash: within one patient the same name always gets the same stand-in, and all dates move by the
//! same number of days, so that intervals stay. Nothing can be computed back without the key.

use jiff::civil::Date as Day;
use jiff::{Span as Interval, ToSpan};

use super::date::{self, Date};
use super::key::Key;
use super::kind;
use super::number::check_digit;
use crate::error::Result;
use crate::fold::{fold, is_han};
use crate::lexicon::Lexicon;

/// The lists that stand-ins are taken from.
#[derive(Debug)]
pub struct Surrogates {
    lists: Vec<(String, Vec<String>)>,
    months: Vec<(String, i8)>,
}

/// The stand-ins of one patient.
#[derive(Debug, Clone, Copy)]
pub struct Patient<'a> {
    /// The key.
    pub key: &'a Key,
    /// What the patient is known by.
    pub patient: &'a str,
}

impl Surrogates {
    /// Takes the lists of a lexicon.
    ///
    /// # Errors
    /// Where the lexicon has no such class.
    pub fn new(lexicon: &Lexicon) -> Result<Self> {
        let vocabulary = lexicon.vocabulary(lexicon.class("identifier.surrogate")?);
        let lists = vocabulary
            .entries
            .iter()
            .map(|entry| (entry.id().to_string(), entry.text("words").unwrap_or("").split_whitespace().map(|word| word.replace('_', " ")).collect()));
        let months = lexicon.vocabulary(lexicon.class("identifier.month")?);
        let months = months.entries.iter().flat_map(|entry| entry.en().map(|form| (form.to_string(), entry.number("number").unwrap_or(0.0) as i8)));
        Ok(Self { lists: lists.collect(), months: months.collect() })
    }

    fn pick(&self, patient: Patient<'_>, list: &str, word: &str) -> String {
        let words = self.lists.iter().find(|(id, _)| id == list).map_or(&[][..], |(_, words)| words);
        words.get(patient.key.below(&[patient.patient, list, word], words.len())).cloned().unwrap_or_else(|| kind::tag(list).to_string())
    }

    /// What stands for an identifier.
    pub fn stand_in(&self, patient: Patient<'_>, kind: &str, written: &str) -> String {
        let han = written.chars().any(is_han);
        let list = |name: &str| if han { format!("{name}-zh") } else { name.to_string() };
        match kind {
            "name" if han => self.han_name(patient, written),
            "name" => self.latin_name(patient, written),
            "date" => self.date(patient, written),
            "age" => "90".into(),
            "hospital" | "department" => self.pick(patient, &list(kind), written),
            "place" | "address" => self.pick(patient, &list("place"), written),
            "email" => format!("person{}@example.org", patient.key.below(&[patient.patient, kind, written], 10_000)),
            "url" => format!("https://example.org/{}", patient.key.below(&[patient.patient, kind, written], 10_000)),
            "ip" => format!(
                "10.{}.{}.{}",
                patient.key.below(&["1", written], 256),
                patient.key.below(&["2", written], 256),
                patient.key.below(&["3", written], 256)
            ),
            _ => scrambled(patient, kind, written),
        }
    }

    fn han_name(&self, patient: Patient<'_>, written: &str) -> String {
        let mut out = String::new();
        for name in written.split_inclusive(|c: char| !is_han(c)) {
            let characters: Vec<char> = name.chars().filter(|c| is_han(*c)).collect();
            let whole: String = characters.iter().collect();
            for (place, _) in characters.iter().enumerate() {
                out += &if place == 0 { self.pick(patient, "surname-zh", &whole) } else { self.pick(patient, "given-zh", &format!("{place}{whole}")) };
            }
            out.extend(name.chars().filter(|c| !is_han(*c)));
        }
        out
    }

    fn latin_name(&self, patient: Patient<'_>, written: &str) -> String {
        let mut out = String::new();
        let words: Vec<&str> = written.split_inclusive(|c: char| !c.is_alphabetic() && c != '\'').collect();
        let family = words.iter().rposition(|word| word.trim_end_matches(|c: char| !c.is_alphabetic()).chars().count() > 1);
        for (place, word) in words.iter().enumerate() {
            let letters = word.trim_end_matches(|c: char| !c.is_alphabetic());
            let tail = &word[letters.len()..];
            let folded = fold(letters);
            let title = matches!(folded.as_str(), "dr" | "drs" | "mr" | "mrs" | "ms" | "miss" | "prof" | "professor" | "doctor");
            let plain = letters.chars().count();
            if title || plain == 0 {
                out += letters;
            } else if plain == 1 {
                out.push(char::from(b'A' + patient.key.below(&[patient.patient, "initial", &folded], 26) as u8));
            } else {
                let list = if Some(place) == family && words.len() > 1 { "surname" } else { "given" };
                let stand_in = self.pick(patient, list, &folded);
                let loud = letters.chars().all(char::is_uppercase);
                out += &if loud { stand_in.to_uppercase() } else { stand_in };
            }
            out += tail;
        }
        out
    }

    /// The same way of writing, some days earlier.
    fn date(&self, patient: Patient<'_>, written: &str) -> String {
        let days = 30 + patient.key.below(&[patient.patient, "dates"], 700) as i64;
        let text = fold(written);
        let read = (0..text.len()).find(|at| text.as_bytes()[*at].is_ascii_digit()).and_then(|at| date::digits(&text, at)).or_else(|| {
            self.months
                .iter()
                .filter_map(|(form, month)| text.find(form.as_str()).map(|at| (form.len(), at, *month)))
                .max()
                .and_then(|(length, at, month)| date::english(&text, at..at + length, month))
        });
        read.and_then(|read| self.shifted(&text, written, &read, days)).unwrap_or_else(|| kind::tag("date").to_string())
    }

    fn shifted(&self, text: &str, written: &str, read: &Date, days: i64) -> Option<String> {
        let (month, _) = read.month.clone()?;
        let year = read.year.as_ref().map_or(2001, |(year, _)| *year);
        let day = read.day.as_ref().map_or(15, |(day, _)| *day);
        let interval: Interval = days.days();
        let moved = Day::new(year, month, day).ok()?.checked_sub(interval).ok()?;
        let mut parts: Vec<(std::ops::Range<usize>, String)> = Vec::new();
        let padded = text.len() >= 8 && text.bytes().take(8).all(|byte| byte.is_ascii_digit())
            || [&read.month, &read.day].iter().any(|part| part.as_ref().is_some_and(|(_, place)| text[place.clone()].starts_with('0')));
        let small = |value: i8| if padded { format!("{value:02}") } else { value.to_string() };
        if let Some((_, place)) = &read.year {
            parts.push((place.clone(), if place.len() == 2 { format!("{:02}", moved.year() % 100) } else { moved.year().to_string() }));
        }
        if let Some((_, place)) = &read.month {
            let form = &text[place.clone()];
            parts.push((place.clone(), if form.as_bytes()[0].is_ascii_digit() { small(moved.month()) } else { self.month(form, moved.month(), written) }));
        }
        let mut cut = read.place.end;
        if let Some((_, place)) = &read.day {
            let tail = &text[place.end..read.place.end];
            let ordinal = ["st", "nd", "rd", "th"].iter().any(|suffix| tail.starts_with(suffix));
            parts.push((place.start..place.end + if ordinal { 2 } else { 0 }, if ordinal { with_suffix(moved.day()) } else { small(moved.day()) }));
            if tail.contains(['、', '~', '至', '到', '及']) || tail.contains('日') && tail.matches(['日', '号']).count() > 1 {
                cut = place.end + if tail.starts_with(['日', '号']) { '日'.len_utf8() } else { 0 };
            }
        }
        parts.sort_by_key(|(place, _)| place.start);
        let mut out = String::new();
        let mut at = read.place.start;
        for (place, form) in parts {
            out += text.get(at..place.start)?;
            out += &form;
            at = place.end;
        }
        out += text.get(at..cut.max(at))?;
        Some(out)
    }

    /// The name of a month, as long and in the case of the one it stands for.
    fn month(&self, form: &str, month: i8, written: &str) -> String {
        let long = form.len() > 3;
        let name = self.months.iter().filter(|(name, number)| *number == month && ((name.len() > 3) == long || name.len() <= 4)).map(|(name, _)| name.as_str());
        let name = if long { name.max_by_key(|name| name.len()) } else { name.min_by_key(|name| name.len()) }.unwrap_or(form);
        let loud = written.chars().filter(|c| c.is_alphabetic()).take(2).all(char::is_uppercase);
        let title: String = name.chars().take(1).flat_map(char::to_uppercase).chain(name.chars().skip(1)).collect();
        if loud { name.to_uppercase() } else { title }
    }
}

fn with_suffix(day: i8) -> String {
    let suffix = match (day % 10, day / 10) {
        (1, 0 | 2 | 3) => "st",
        (2, 0 | 2) => "nd",
        (3, 0 | 2) => "rd",
        _ => "th",
    };
    format!("{day}{suffix}")
}

/// Digits for digits and letters for letters; identity cards keep a right check digit.
fn scrambled(patient: Patient<'_>, kind: &str, written: &str) -> String {
    let stream = patient.key.hash(&[patient.patient, kind, written]);
    let mut out: String = written
        .chars()
        .enumerate()
        .map(|(place, character)| {
            let byte = stream[place % stream.len()].wrapping_add((place / stream.len()) as u8);
            match character {
                '0'..='9' => char::from(b'0' + byte % 10),
                'a'..='z' => char::from(b'a' + byte % 26),
                'A'..='Z' => char::from(b'A' + byte % 26),
                '０'..='９' => char::from(b'0' + byte % 10),
                other => other,
            }
        })
        .collect();
    if kind == "id-card" && out.len() == 18 && out.bytes().take(17).all(|byte| byte.is_ascii_digit()) {
        let digits: Vec<u8> = out.bytes().take(17).map(|byte| byte - b'0').collect();
        out.truncate(17);
        out.push(match check_digit(&digits) {
            10 => 'X',
            digit => char::from(b'0' + digit),
        });
    }
    out
}
