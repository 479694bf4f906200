//! Word lists of the lexicon class `identifier.word`, consulted for a word that a capital letter or a label drew attention to.
//! They are kept out of the matcher: thousands of names would make every text pay for them.

use std::borrow::Cow;
use std::collections::HashSet;

use crate::error::Result;
use crate::fold::folded;
use crate::hash::Ends;
use crate::lexicon::{Lexicon, Vocabulary, WordMap};

/// What a word may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Flags(u16);

impl Flags {
    /// A given name.
    pub const GIVEN: Self = Self(1);
    /// A family name.
    pub const SURNAME: Self = Self(2);
    /// Also a word of the language, a place or an eponym.
    pub const AMBIGUOUS: Self = Self(4);
    /// A Chinese surname in pinyin.
    pub const PINYIN: Self = Self(8);
    /// Never part of a name.
    pub const NEVER: Self = Self(16);
    /// A word of the names of institutions that singles none out.
    pub const PART: Self = Self(32);
    /// A word for a person whose name may follow, set off by a comma: `the patient, Mary,`.
    pub const PERSON: Self = Self(64);
    /// A word right before a single name: `his wife Mary`.
    pub const BEFORE_NAME: Self = Self(128);
    /// What a person has: `Mary's chart`.
    pub const OWNED: Self = Self(256);
    /// A given or a family name.
    pub const NAME: Self = Self(3);

    /// Whether any of the flags of `other` is set.
    pub const fn any(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
    /// Whether it is a name of this kind and nothing else.
    pub const fn surely(self, kind: Self) -> bool {
        self.any(kind) && !self.any(Self(Self::AMBIGUOUS.0 | Self::NEVER.0))
    }
}

/// The lists.
#[derive(Debug, Default)]
pub struct Words {
    latin: WordMap<Flags>,
    ends: Ends,
    syllables: WordMap<()>,
    surnames: HashSet<char>,
    compounds: Vec<String>,
    /// Parts of Chinese addresses, the longest first.
    pub parts: Vec<String>,
    /// Words that bound a Chinese name, the longest first.
    pub bounds: Vec<String>,
    /// Signs that no Chinese name holds.
    pub clinical_signs: Vec<char>,
    /// Words that stand where a name is asked for and are none.
    pub no_names: Vec<String>,
    /// Words behind the name of a relative.
    pub after_names: Vec<String>,
    /// Words for a place that name none.
    pub generic_places: Vec<String>,
    /// What stands in a field that was not filled in.
    pub no_values: Vec<String>,
}

impl Words {
    /// Takes the lists of a lexicon.
    ///
    /// # Errors
    /// Where the lexicon has no class `identifier.word`.
    pub fn new(lexicon: &Lexicon) -> Result<Self> {
        let vocabulary = lexicon.vocabulary(lexicon.class("identifier.word")?);
        let mut words = Self { latin: WordMap::with_room(1 << 13), ..Self::default() };
        for (list, flag) in [
            ("given", Flags::GIVEN),
            ("surname", Flags::SURNAME),
            ("ambiguous", Flags::AMBIGUOUS),
            ("pinyin-surname", Flags::PINYIN),
            ("never", Flags::NEVER),
            ("institution-part", Flags::PART),
            ("person", Flags::PERSON),
            ("before-name", Flags::BEFORE_NAME),
            ("owned", Flags::OWNED),
        ] {
            for word in words_of(vocabulary, list) {
                words.ends.insert(&word);
                words.latin.or_insert(&word, Flags::default()).0 |= flag.0;
            }
        }
        words_of(vocabulary, "pinyin-syllable").for_each(|word| *words.syllables.or_insert(&word, ()));
        words.surnames = words_of(vocabulary, "surname-zh").filter_map(|word| word.chars().next()).collect();
        words.compounds = words_of(vocabulary, "compound-surname-zh").map(Cow::into_owned).collect();
        words.parts = longest_first(words_of(vocabulary, "address-part-zh"));
        words.bounds = longest_first(words_of(vocabulary, "boundary-zh"));
        words.clinical_signs = words_of(vocabulary, "clinical-sign-zh").flat_map(|word| word.chars().collect::<Vec<char>>()).collect();
        words.no_names = words_of(vocabulary, "no-name-zh").map(Cow::into_owned).collect();
        words.after_names = words_of(vocabulary, "after-name-zh").map(Cow::into_owned).collect();
        words.generic_places = words_of(vocabulary, "generic-place-zh").map(Cow::into_owned).collect();
        words.no_values = words_of(vocabulary, "no-value-zh").map(Cow::into_owned).collect();
        Ok(words)
    }

    /// What a folded word may be.
    pub fn flags(&self, word: &str) -> Flags {
        if self.ends.may_hold(word) { self.latin.get(word).copied().unwrap_or_default() } else { Flags::default() }
    }

    /// The length in characters of the Chinese surname that a text begins with.
    pub fn surname(&self, text: &str) -> Option<usize> {
        if let Some(compound) = self.compounds.iter().find(|compound| text.starts_with(compound.as_str())) {
            return Some(compound.chars().count());
        }
        text.chars().next().filter(|character| self.surnames.contains(character)).map(|_| 1)
    }

    /// How many pinyin syllables a folded word is made of, two at most; none where it is not.
    pub fn syllables(&self, word: &str) -> Option<usize> {
        if !word.is_ascii() {
            return None;
        }
        if self.syllables.get(word).is_some() {
            return Some(1);
        }
        (1..word.len()).any(|cut| self.syllables.get(&word[..cut]).is_some() && self.syllables.get(&word[cut..]).is_some()).then_some(2)
    }
}

fn words_of<'l>(vocabulary: &'l Vocabulary, list: &str) -> impl Iterator<Item = Cow<'l, str>> {
    let words = vocabulary.entries.iter().find(|entry| entry.id() == list).and_then(|entry| entry.text("words")).unwrap_or("");
    words.split_whitespace().map(folded)
}

fn longest_first<'l>(words: impl Iterator<Item = Cow<'l, str>>) -> Vec<String> {
    let mut words: Vec<String> = words.map(Cow::into_owned).collect();
    words.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
    words
}
