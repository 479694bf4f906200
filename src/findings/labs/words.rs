//! Words around results (`lab_words.toml`), looked up at a place: the longest word of a role that begins there.

use crate::error::{Error, Result};
use crate::fold::fold;
use crate::lexicon::Lexicon;

/// The words of one role, by first byte, longest first.
#[derive(Debug)]
pub(super) struct Role {
    words: Vec<String>,
    /// Where the words of a first byte begin among all, and behind them those of the next.
    begins: [u16; 257],
    /// The bytes that a word of the role ends with: most places are ruled out by a look.
    ends: [bool; 256],
}

impl Role {
    fn new<'t>(words: impl Iterator<Item = &'t str>) -> Self {
        let mut words: Vec<String> = words.map(fold).filter(|word| !word.is_empty()).collect();
        let first = |word: &String| word.as_bytes()[0];
        words.sort_by(|a, b| first(a).cmp(&first(b)).then(b.len().cmp(&a.len())).then(a.cmp(b)));
        words.dedup();
        let mut role = Self { words, begins: [0; 257], ends: [false; 256] };
        for word in &role.words {
            role.begins[usize::from(first(word)) + 1] += 1;
            role.ends[usize::from(word.as_bytes()[word.len() - 1])] = true;
        }
        for byte in 0..256 {
            role.begins[byte + 1] += role.begins[byte];
        }
        role
    }

    /// The length of the longest word that begins at a byte and ends at a word boundary.
    pub(super) fn at(&self, text: &str, at: usize) -> Option<usize> {
        let first = usize::from(*text.as_bytes().get(at)?);
        let list = &self.words[usize::from(self.begins[first])..usize::from(self.begins[first + 1])];
        if list.is_empty() {
            return None;
        }
        let rest = text.get(at..)?;
        list.iter()
            .find(|word| {
                rest.starts_with(word.as_str()) && {
                    let last = word.as_bytes().last().copied().unwrap_or(0);
                    let next = rest.as_bytes().get(word.len()).copied().unwrap_or(0);
                    !(last.is_ascii_alphabetic() && next.is_ascii_alphabetic())
                }
            })
            .map(String::len)
    }

    /// Whether the text before a byte ends in a word of the role that begins at a word boundary; gives where it begins.
    pub(super) fn before(&self, text: &str, at: usize) -> Option<usize> {
        let head = text.get(..at)?;
        if !self.ends[usize::from(*head.as_bytes().last()?)] {
            return None;
        }
        self.words
            .iter()
            .filter(|word| head.ends_with(word.as_str()))
            .filter(|word| {
                let first = word.as_bytes().first().copied().unwrap_or(0);
                let before = head.as_bytes().get((head.len() - word.len()).wrapping_sub(1)).copied().unwrap_or(0);
                !(first.is_ascii_alphabetic() && before.is_ascii_alphabetic())
            })
            .map(|word| at - word.len())
            .min()
    }

    /// Whether any word of the role stands in a stretch.
    pub(super) fn within(&self, stretch: &str) -> Option<usize> {
        (0..stretch.len()).rev().find(|at| self.at(stretch, *at).is_some())
    }
}

/// All roles.
#[derive(Debug)]
pub(super) struct Words {
    pub link: Role,
    pub change: Role,
    pub from: Role,
    pub reference: Role,
    /// Comparators with their signs, in the order of trying.
    pub comparators: Vec<(Role, &'static str)>,
    /// Qualitative results by polarity.
    pub qualities: Vec<(Role, Quality)>,
    pub adverb: Role,
    pub flags: Vec<(Role, &'static str)>,
    /// Words after a number that make it a count of other things.
    pub measure_word: Role,
    /// Words that tie a value to a quality before a comma.
    pub adjunct: Role,
    pub negation: Role,
    pub stain: Role,
    pub dose: Role,
    pub join: Role,
    pub not_done: Role,
    /// Words that begin a phrase between a name and its verb.
    pub detour: Role,
    /// When a result was: `on admission`, `at discharge`.
    pub moment: Role,
    /// Examinations of urine, and those of blood that end what they head.
    pub panel: Role,
    pub blood_panel: Role,
    /// Specimens other than blood.
    pub specimens: Vec<(Role, &'static str)>,
}

/// What a qualitative result says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quality {
    Positive,
    Negative,
    Normal,
    Abnormal,
    High,
    Low,
}

impl Words {
    pub(super) fn new(lexicon: &Lexicon) -> Result<Self> {
        let vocabulary = lexicon.vocabulary(lexicon.class("lab.word")?);
        let role = |id: &str| {
            let entry = vocabulary.entries.iter().find(|entry| entry.id() == id).ok_or_else(|| Error::Lexicon {
                file: vocabulary.file.clone(),
                line: 1,
                what: format!("expected an entry `{id}`, found none"),
            })?;
            Ok::<Role, Error>(Role::new(entry.list("words").chain(entry.list("zh_words"))))
        };
        Ok(Self {
            link: role("link")?,
            change: role("change")?,
            from: role("from")?,
            reference: role("reference")?,
            comparators: vec![(role("at-most")?, "<="), (role("at-least")?, ">="), (role("less")?, "<"), (role("greater")?, ">"), (role("about")?, "~")],
            qualities: vec![
                (role("normal")?, Quality::Normal),
                (role("abnormal")?, Quality::Abnormal),
                (role("negative")?, Quality::Negative),
                (role("positive")?, Quality::Positive),
                (role("high")?, Quality::High),
                (role("low")?, Quality::Low),
            ],
            adverb: role("adverb")?,
            flags: vec![(role("flag-high")?, "high"), (role("flag-low")?, "low"), (role("flag-normal")?, "normal"), (role("flag-abnormal")?, "abnormal")],
            measure_word: role("measure-word")?,
            adjunct: role("adjunct")?,
            negation: role("negation")?,
            stain: role("stain")?,
            dose: role("dose")?,
            join: role("join")?,
            not_done: role("not-done")?,
            detour: role("detour")?,
            moment: role("moment")?,
            panel: role("urine-panel")?,
            blood_panel: role("blood-panel")?,
            specimens: vec![
                (role("urine")?, "urine"),
                (role("csf")?, "csf"),
                (role("pleural fluid")?, "pleural fluid"),
                (role("ascitic fluid")?, "ascitic fluid"),
                (role("stool")?, "stool"),
                (role("marrow")?, "marrow"),
            ],
        })
    }

    /// The qualitative result whose words begin at a byte: what it says and how long it is.
    pub(super) fn quality_at(&self, text: &str, at: usize) -> Option<(Quality, usize)> {
        let plain = |at: usize| {
            self.qualities.iter().filter_map(|(role, quality)| role.at(text, at).map(|length| (*quality, length))).max_by_key(|(_, length)| *length)
        };
        let found = plain(at);
        let Some(mut end) = self.negation.at(text, at).map(|length| at + length).filter(|_| found.is_none()) else { return found };
        // `no significant elevation`: what is denied of a value leaves it normal.
        for _ in 0..3 {
            end += text.get(end..)?.bytes().take_while(|byte| *byte == b' ').count();
            if let Some((Quality::High | Quality::Low | Quality::Abnormal, length)) = plain(end) {
                return Some((Quality::Normal, end + length - at));
            }
            let word = text.get(end..)?.bytes().take_while(u8::is_ascii_alphabetic).count();
            end += self.adverb.at(text, end).or(Some(word).filter(|word| *word > 0))?;
        }
        None
    }
}
