//! Units by their spellings (`units.toml`): the longest spelling that stands at a place, blanks inside passed over.

use crate::error::Result;
use crate::fold::folded;
use crate::lexicon::{Lexicon, WordMap};
use crate::span::Span;

/// Characters of the longest spelling looked at.
const LONGEST: usize = 40;

/// One unit.
#[derive(Debug, Clone, PartialEq)]
pub struct Unit {
    /// UCUM code.
    pub ucum: String,
    /// Units of one family convert by their scales alone.
    pub family: String,
    /// Size in the family's base unit.
    pub scale: f64,
}

/// A unit found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnitHit {
    /// Index of the unit.
    pub unit: usize,
    /// Its place in the folded text.
    pub span: Span,
}

/// All units and their spellings.
#[derive(Debug)]
pub struct Units {
    units: Vec<Unit>,
    codes: WordMap<u32>,
    spellings: WordMap<u32>,
    /// The first two bytes of every spelling, a bit each: most places are ruled out by them.
    begins: Vec<u64>,
}

impl Units {
    /// Takes the class `unit` of a lexicon.
    ///
    /// # Errors
    /// Where it is missing, or an entry has no family or scale, or two units share a spelling.
    pub fn new(lexicon: &Lexicon) -> Result<Self> {
        let vocabulary = lexicon.vocabulary(lexicon.class("unit")?);
        let mut units = Vec::new();
        let mut codes = WordMap::with_room(vocabulary.entries.len());
        let mut spellings = WordMap::with_room(1 << 13);
        let mut begins = vec![0u64; 1 << 10];
        for (index, entry) in vocabulary.entries.iter().enumerate() {
            let (Some(family), Some(scale)) = (entry.text("family"), entry.number("scale").filter(|scale| *scale > 0.0)) else {
                return Err(vocabulary.error(index, format!("unit `{}`; expected `family` and a `scale` above 0", entry.id())));
            };
            codes.or_insert(entry.id(), index as u32);
            units.push(Unit { ucum: entry.id().into(), family: family.into(), scale });
            for spelling in entry.list("spellings") {
                let mut key = folded(spelling);
                if key.contains(' ') {
                    key = key.replace(' ', "").into();
                }
                match *key.as_bytes() {
                    [] => {}
                    [first] => begins[usize::from(first) * 4..][..4].fill(u64::MAX),
                    [first, second, ..] => begins[usize::from(first) * 4 + usize::from(second) / 64] |= 1 << (second % 64),
                }
                let other = *spellings.or_insert(&key, index as u32) as usize;
                if other != index {
                    return Err(vocabulary.error(
                        index,
                        format!("spelling `{spelling}` of `{}`; expected it once, found it at `{}` too", entry.id(), vocabulary.entries[other].id()),
                    ));
                }
            }
        }
        Ok(Self { units, codes, spellings, begins })
    }

    /// A unit by its index.
    pub fn get(&self, index: usize) -> &Unit {
        &self.units[index]
    }

    /// The index of a UCUM code.
    pub fn by_code(&self, ucum: &str) -> Option<usize> {
        self.codes.get(ucum).map(|index| *index as usize)
    }

    /// The unit that begins at a byte, after up to two blanks. `next_name` says whether a name begins at a byte: only there may a letter
    /// follow a unit without a gap.
    pub fn at(&self, text: &str, at: usize, next_name: impl Fn(usize) -> bool) -> Option<UnitHit> {
        let rest = text.get(at..)?;
        let start = at + rest.bytes().take(2).take_while(|byte| matches!(byte, b' ' | b'\n' | b'\t')).count();
        let mut first = text.as_bytes().get(start..)?.iter().copied().filter(|byte| !matches!(byte, b' ' | b'\n'));
        let (first, second) = (first.next()?, first.next().unwrap_or(0));
        if self.begins[usize::from(first) * 4 + usize::from(second) / 64] & 1 << (second % 64) == 0 {
            return None;
        }
        let mut key = String::with_capacity(LONGEST);
        let mut best = None;
        for (offset, character) in text.get(start..)?.char_indices().take(LONGEST + 8) {
            if character == ' ' || character == '\n' {
                if offset == 0 {
                    return None;
                }
                continue;
            }
            // A new word may only continue a unit spelled in words or a power of ten.
            key.push(character);
            if key.len() > LONGEST {
                break;
            }
            let end = start + offset + character.len_utf8();
            let next = text[end..].chars().next().unwrap_or(' ');
            let bounded = !(character.is_ascii_alphanumeric() && next.is_ascii_alphanumeric())
                || (character.is_ascii_alphabetic() && (next_name(end) || next.is_ascii_digit()));
            if bounded && let Some(&unit) = self.spellings.get(&key) {
                best = Some(UnitHit { unit: unit as usize, span: Span::new(start, end) });
            }
        }
        best
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_in_their_spellings() {
        let units = Units::new(&Lexicon::embedded().unwrap()).unwrap();
        let read = |text: &str| units.at(text, 0, |_| false).map(|hit| (units.get(hit.unit).ucum.clone(), hit.span.of(text).to_string()));
        for (text, ucum) in [
            ("x10^9/l", "10*9/L"),
            ("*109/l", "10*9/L"),
            ("x10~9/l", "10*9/L"),
            ("x 10^9 / l", "10*9/L"),
            ("^12/l", "10*12/L"),
            ("g/dl", "g/dL"),
            ("grams per deciliter", "g/dL"),
            ("milligrams/deciliter", "mg/dL"),
            ("u/ml", "U/mL"),
            ("k/ul", "10*3/uL"),
            ("%", "%"),
            ("mmhg", "mm[Hg]"),
            ("ml/min/1.73m^2", "mL/min/{1.73_m2}"),
        ] {
            assert_eq!(read(text).map(|found| found.0).as_deref(), Some(ucum), "{text}");
        }
        assert_eq!(read("mg d1"), None, "a dose is no unit of a result");
        assert_eq!(read("mmol/l and then").map(|found| found.1).as_deref(), Some("mmol/l"));
    }
}
