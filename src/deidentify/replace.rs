//! Texts with their identifiers replaced: by a tag, by `*`, by a realistic stand-in, or by something coarser.

use super::key::Key;
use super::surrogate::{Patient, Surrogates};
use super::{Identifier, date, kind};
use crate::document::Document;
use crate::error::{Error, Result};
use crate::fold::fold;
use crate::lexicon::{Entry, Lexicon};

/// What happens to an identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// `[NAME]`.
    Tag,
    /// `*` for every character.
    Mask,
    /// A realistic stand-in by a keyed hash.
    Surrogate,
    /// A year for a date, a band of five years for an age, a province or state for a place; a tag for the rest.
    Generalise,
}

/// Replaces identifiers.
#[derive(Debug)]
pub struct Replacer {
    mode: Mode,
    key: Option<Key>,
    surrogates: Surrogates,
    /// Provinces and states, folded, the longest first.
    regions: Vec<String>,
}

/// What was put in the place of one identifier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replacement {
    /// What was there.
    pub identifier: Identifier,
    /// What is there now.
    pub with: String,
}

impl Replacer {
    /// A replacer of one mode over a lexicon.
    ///
    /// # Errors
    /// Where surrogates are asked for without a key, or the lexicon lacks their lists.
    pub fn new(lexicon: &Lexicon, mode: Mode, key: Option<Key>) -> Result<Self> {
        if mode == Mode::Surrogate && key.is_none() {
            return Err(Error::Setting("--deid surrogate: expected --key FILE, found none".into()));
        }
        let places = lexicon.vocabulary(lexicon.class("identifier.place")?);
        let mut regions: Vec<String> =
            places.entries.iter().filter(|entry| entry.text("kind") == Some("region")).flat_map(Entry::forms).map(str::to_string).collect();
        regions.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        Ok(Self { mode, key, surrogates: Surrogates::new(lexicon)?, regions })
    }

    /// The text of a document with its identifiers replaced, and what stands for each.
    pub fn replace(&self, document: &Document, identifiers: &[Identifier]) -> (String, Vec<Replacement>) {
        let text = document.text.as_str();
        let patient = document.meta.patient.as_deref().unwrap_or(&document.id);
        let mut out = String::with_capacity(text.len());
        let mut replacements = Vec::with_capacity(identifiers.len());
        let mut at = 0;
        for identifier in identifiers {
            let written = identifier.span.of(text);
            let with = self.replacement(patient, identifier.kind, written);
            out += text.get(at..identifier.span.start).unwrap_or("");
            out += &with;
            at = identifier.span.end;
            replacements.push(Replacement { identifier: *identifier, with });
        }
        out += text.get(at..).unwrap_or("");
        (out, replacements)
    }

    fn replacement(&self, patient: &str, kind: &'static str, written: &str) -> String {
        match (self.mode, &self.key) {
            (Mode::Mask, _) => "*".repeat(written.chars().count()),
            (Mode::Surrogate, Some(key)) => self.surrogates.stand_in(Patient { key, patient }, kind, written),
            (Mode::Generalise, _) => self.coarser(kind, written),
            _ => kind::tag(kind).to_string(),
        }
    }

    fn coarser(&self, kind: &'static str, written: &str) -> String {
        let folded = fold(written);
        let coarser = match kind {
            "date" => date::year(&folded).map(|year| if folded.contains('年') { format!("{year}年") } else { year.to_string() }),
            "age" => folded.parse::<u32>().ok().map(|age| if age >= 90 { "90+".into() } else { format!("{}-{}", age / 5 * 5, age / 5 * 5 + 4) }),
            "place" | "address" | "hospital" => self.regions.iter().find(|region| folded.contains(region.as_str())).map(|region| {
                let shown: String = region
                    .split(' ')
                    .map(|word| word.chars().take(1).flat_map(char::to_uppercase).chain(word.chars().skip(1)).collect::<String>())
                    .collect::<Vec<_>>()
                    .join(" ");
                format!("[{shown}]")
            }),
            _ => None,
        };
        coarser.unwrap_or_else(|| kind::tag(kind).to_string())
    }
}
