//! The search for identifiers: classes of the lexicon as they were found, tokens, and what has been found so far.
//! Everything is triggered by a hit of the lexicon, a capital or a digit; no expression runs over the text.

use std::cell::{Cell, OnceCell};

use super::text::{Shape, Text};
use super::words::{Flags, Words};
use crate::error::Result;
use crate::lexicon::{ClassId, Hits, Lexicon};
use crate::span::Span;

/// What follows a label.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Value {
    /// Nothing: the label only ends what stands before it.
    Nothing,
    /// A person.
    Name,
    /// Letters and digits.
    Number,
    /// Words up to the end of the clause.
    Place,
    /// A place, where it begins like one.
    Address,
    /// A date.
    Date,
}

/// A label of a field.
#[derive(Debug, Clone)]
pub struct Label {
    /// The kind of what follows.
    pub kind: &'static str,
    /// Its form.
    pub value: Value,
    /// Whether a colon must follow.
    pub colon: bool,
    /// The least number of digits of a number.
    pub digits: usize,
    /// Whether the label goes with the value.
    pub with_label: bool,
}

/// The classes that the search reads and what their entries say.
#[derive(Debug)]
pub struct Classes {
    pub label: ClassId,
    pub labels: Vec<Label>,
    pub title: ClassId,
    /// Whether a name stands before the title, for each entry.
    pub title_after: Vec<bool>,
    pub title_subject: Vec<bool>,
    pub title_relation: Vec<bool>,
    pub institution: ClassId,
    pub institutions: Vec<Institution>,
    pub place: ClassId,
    pub places: Vec<Place>,
    /// Codes of states, folded.
    pub codes: Vec<String>,
    pub street: ClassId,
    pub month: ClassId,
    pub months: Vec<(i8, bool)>,
    pub safe: ClassId,
    pub epithet: ClassId,
    /// Classes of the clinical vocabulary.
    pub clinical: Vec<ClassId>,
}

/// How an entry of the class of institutions is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Institution {
    /// A name as it stands.
    Known,
    /// The word such a name ends in.
    Head,
    /// A head only behind a place or a person.
    Weak,
    /// A short name of a numbered hospital.
    Short,
    /// A generic word.
    Generic,
}

/// How an entry of the class of places is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// A city.
    City,
    /// A city that is a word or an eponym as well.
    Ambiguous,
    /// A state or a province.
    Region,
}

impl Classes {
    /// Takes the classes of a lexicon.
    ///
    /// # Errors
    /// Where a class is missing or a label has an unknown kind or value.
    pub fn new(lexicon: &Lexicon) -> Result<Self> {
        let class = |name: &str| lexicon.class(name);
        let label = class("identifier.label")?;
        let vocabulary = lexicon.vocabulary(label);
        let mut labels = Vec::with_capacity(vocabulary.entries.len());
        for (index, entry) in vocabulary.entries.iter().enumerate() {
            let kind = match entry.text("kind") {
                None => "",
                Some(kind) => super::kind::known(kind)
                    .ok_or_else(|| vocabulary.error(index, format!("entry `{}`: expected a kind of identifier, found `{kind}`", entry.id())))?,
            };
            let value = match entry.text("value") {
                None => Value::Nothing,
                Some("name") => Value::Name,
                Some("number") => Value::Number,
                Some("place") => Value::Place,
                Some("address") => Value::Address,
                Some("date") => Value::Date,
                Some(other) => {
                    return Err(vocabulary.error(index, format!("entry `{}`: expected name, number, place, address or date, found `{other}`", entry.id())));
                }
            };
            let digits = entry.number("digits").map_or(3, |digits| digits as usize);
            labels.push(Label { kind, value, colon: entry.flag("colon"), digits, with_label: entry.flag("with_label") });
        }
        let entries = |class: ClassId| lexicon.vocabulary(class).entries.iter();
        let (title, institution, place, month) =
            (class("identifier.title")?, class("identifier.institution")?, class("identifier.place")?, class("identifier.month")?);
        let clinical = lexicon
            .vocabularies()
            .iter()
            .filter(|vocabulary| !vocabulary.class.starts_with("identifier."))
            .filter_map(|vocabulary| class(&vocabulary.class).ok())
            .collect();
        Ok(Self {
            label,
            labels,
            title,
            title_after: entries(title).map(|entry| entry.flag("after")).collect(),
            title_subject: entries(title).map(|entry| entry.flag("subject")).collect(),
            title_relation: entries(title).map(|entry| entry.flag("relation")).collect(),
            institution,
            institutions: entries(institution)
                .map(|entry| match () {
                    () if entry.flag("generic") => Institution::Generic,
                    () if entry.flag("known") => Institution::Known,
                    () if entry.flag("weak") => Institution::Weak,
                    () if entry.flag("short") => Institution::Short,
                    () => Institution::Head,
                })
                .collect(),
            place,
            places: entries(place)
                .map(|entry| match () {
                    () if entry.flag("ambiguous") => Place::Ambiguous,
                    () if entry.text("kind") == Some("region") => Place::Region,
                    () => Place::City,
                })
                .collect(),
            codes: entries(place).filter_map(|entry| entry.text("code")).map(str::to_ascii_lowercase).collect(),
            street: class("identifier.street")?,
            month,
            months: entries(month).map(|entry| (entry.number("number").unwrap_or(0.0) as i8, entry.flag("word"))).collect(),
            safe: class("identifier.safe")?,
            epithet: class("identifier.epithet")?,
            clinical,
        })
    }
}

/// Something found, in folded offsets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// What kind.
    pub kind: &'static str,
    /// Where.
    pub span: Span,
    /// Whether a label or a title says so, against which no list of safe words counts.
    pub firm: bool,
}

/// A search through one text.
#[derive(Debug)]
pub struct Finder<'a> {
    pub text: &'a Text<'a>,
    pub words: &'a Words,
    pub classes: &'a Classes,
    pub found: Vec<Found>,
    /// What each token may be, once it was asked for.
    flags: Vec<Cell<Option<Flags>>>,
    clinical: OnceCell<Covered>,
}

/// The bytes that words of some classes cover, a bit each.
#[derive(Debug)]
struct Covered(Vec<u64>);

impl Covered {
    /// What hits longer than three bytes cover.
    fn new(hits: &Hits, classes: &[ClassId], length: usize) -> Self {
        let mut bits = vec![0u64; length / 64 + 1];
        for hit in classes.iter().flat_map(|class| hits.of(*class)).filter(|hit| hit.end - hit.start > 3) {
            let (first, last) = (hit.start as usize, hit.end as usize - 1);
            let (from, to) = (u64::MAX << (first % 64), u64::MAX >> (63 - last % 64));
            if first / 64 == last / 64 {
                bits[first / 64] |= from & to;
            } else {
                bits[first / 64] |= from;
                bits[first / 64 + 1..last / 64].fill(u64::MAX);
                bits[last / 64] |= to;
            }
        }
        Self(bits)
    }

    fn holds(&self, at: usize) -> bool {
        self.0.get(at / 64).is_some_and(|bits| bits & 1 << (at % 64) != 0)
    }
}

impl<'a> Finder<'a> {
    /// A search that has found nothing yet.
    pub fn new(text: &'a Text<'a>, words: &'a Words, classes: &'a Classes) -> Self {
        Self { text, words, classes, found: Vec::new(), flags: vec![Cell::new(None); text.tokens.len()], clinical: OnceCell::new() }
    }

    /// Keeps something found.
    pub fn push(&mut self, kind: &'static str, span: Span, firm: bool) {
        if !span.is_empty() {
            self.found.push(Found { kind, span, firm });
        }
    }

    /// What a token may be.
    pub fn flags(&self, index: usize) -> Flags {
        let Some(known) = self.flags.get(index) else { return Flags::default() };
        known.get().unwrap_or_else(|| {
            let flags = self.words.flags(self.text.word(index));
            known.set(Some(flags));
            flags
        })
    }

    /// Whether a hit of a class covers the byte.
    pub fn hit(&self, class: ClassId, offset: usize) -> Option<Span> {
        self.text.reading.hits.at(class, offset).map(crate::lexicon::Hit::span)
    }

    /// Whether the clinical vocabulary knows the word at a byte.
    pub fn is_clinical(&self, offset: usize) -> bool {
        let covered = self.clinical.get_or_init(|| Covered::new(&self.text.reading.hits, &self.classes.clinical, self.text.folded.len()));
        covered.holds(offset)
    }

    /// Whether the words behind a place make an eponym of it: `disease`, `-type`, `'s tumor`.
    pub fn is_epithet_after(&self, end: usize) -> bool {
        let rest = self.text.from(end);
        let rest = rest.strip_prefix("'s").or_else(|| rest.strip_prefix('\'')).unwrap_or(rest);
        let trimmed = rest.trim_start_matches([' ', '-', '\n']);
        let at = end + (self.text.from(end).len() - trimmed.len());
        rest.len() - trimmed.len() <= 2 && self.hit(self.classes.epithet, at).is_some_and(|hit| hit.start == at)
    }

    /// Whether a place hit starts at a byte, and how it is read.
    pub fn place_at(&self, offset: usize) -> Option<(Span, Place)> {
        let hit = self.text.reading.hits.at(self.classes.place, offset).filter(|hit| hit.start as usize == offset)?;
        Some((hit.span(), self.classes.places[hit.entry as usize]))
    }

    /// An institution hit that starts at a byte.
    pub fn institution_at(&self, offset: usize) -> Option<(Span, Institution)> {
        let hit = self.text.reading.hits.at(self.classes.institution, offset)?;
        Some((hit.span(), self.classes.institutions[hit.entry as usize]))
    }

    /// Whether a text in capitals surrounds a token, so that a capital says nothing.
    pub fn shouted(&self, index: usize) -> bool {
        let long = |index: usize| self.text.shape(index) == Shape::Upper && self.text.end(index) - self.text.start(index) > 3;
        long(index) && (long(index.wrapping_sub(1)) || long(index + 1) || long(index.wrapping_sub(2)) || long(index + 2))
    }
}
