//! The surface forms of one script as a trie over words, and the tokens of a text that walk it.
//!
//! A token is a run of ASCII letters or one other character; blanks are no tokens of their own: each token says what stands before it.
//! A form can begin and end only where a token does, so a text is matched by one look-up a token and a few more where a form begins.

use std::borrow::Cow;
use std::num::NonZeroU32;

use crate::fold::{fold, has_han, letters_ahead};

/// Numbers of the filter of first words: 16 KiB.
const FIRST: usize = 1 << 11;

/// What stands between a token and the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Gap {
    /// Nothing, or blanks before a comma.
    None,
    /// Blanks, or the blank that is read behind a comma that has blanks only before it.
    Blank,
    /// Blanks with an empty line in them: no form goes over it.
    Break,
}

/// A token of a folded text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token {
    pub start: u32,
    pub end: u32,
    word: Word,
    gap: Gap,
    /// Whether no word may begin here: a letter or a digit that touches one before it.
    pub glued: bool,
}

/// The bytes of a token in one number: themselves up to eight of them (none is zero), a hash of more with the first bit set.
type Word = u64;

const LONG: Word = 1 << 63;
/// Changes a word that has a blank before it; no bytes of a token give the number of others so changed, and no hash has the bit.
const SPACED: Word = 1 << 61;
const MIX: u64 = 0x9e37_79b9_7f4a_7c15;

const fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\r' | b'\t')
}

/// The tokens of a folded text, in its order.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut out = Vec::with_capacity(text.len() / 4 + 8);
    cut(text, &mut out);
    out
}

/// Adds the tokens of a folded text.
fn cut(text: &str, out: &mut Vec<Token>) {
    let bytes = text.as_bytes();
    let mut at = 0;
    let mut gap = Gap::None;
    let mut behind_word = false;
    while let Some(&byte) = bytes.get(at) {
        let start = at;
        let (word, of_word);
        let mut next_gap = Gap::None;
        match byte {
            b' ' | b'\n' | b'\r' | b'\t' => {
                (gap, at) = blanks(bytes, at);
                continue;
            }
            b'a'..=b'z' => {
                (word, at) = letters(bytes, at);
                of_word = true;
            }
            0..0x80 => {
                at += 1;
                (word, of_word) = (Word::from(byte), byte.is_ascii_digit());
                // Behind a comma that has blanks only before it a blank is read: `a ,b` is `a, b`.
                if byte == b',' && gap == Gap::None && start > 0 && is_blank(bytes[start - 1]) {
                    next_gap = Gap::Blank;
                }
            }
            _ => {
                at = (at + length(byte)).min(bytes.len());
                (word, of_word) = (bytes[start..at].iter().fold(0, |word, byte| word << 8 | Word::from(*byte)), false);
            }
        }
        out.push(Token { start: start as u32, end: at as u32, word, gap, glued: behind_word && of_word && gap == Gap::None });
        (behind_word, gap) = (of_word, next_gap);
    }
}

/// What the blanks at a place, at least one, are to the token behind them, and where they end.
#[inline]
fn blanks(bytes: &[u8], at: usize) -> (Gap, usize) {
    match bytes.get(at + 1) {
        Some(b',') => (Gap::None, at + 1),
        Some(next) if !is_blank(*next) => (Gap::Blank, at + 1),
        _ => many_blanks(bytes, at),
    }
}

fn many_blanks(bytes: &[u8], at: usize) -> (Gap, usize) {
    let length = bytes[at..].iter().take_while(|byte| is_blank(**byte)).count();
    let lines = bytes[at..at + length].iter().filter(|byte| **byte == b'\n').count();
    let gap = match bytes.get(at + length) {
        _ if lines > 1 => Gap::Break,
        Some(b',') => Gap::None,
        _ => Gap::Blank,
    };
    (gap, at + length)
}

/// The run of letters at a place, at least one, as a number, and where it ends.
#[inline]
fn letters(bytes: &[u8], at: usize) -> (Word, usize) {
    let rest = &bytes[at..];
    let length = letters_ahead(rest);
    let word = match rest.first_chunk::<8>() {
        Some(first) if length <= 8 => u64::from_be_bytes(*first) >> (64 - 8 * length),
        Some(first) => hash(*first, &rest[..length]),
        None => rest[..length].iter().fold(0, |word, byte| word << 8 | Word::from(*byte)),
    };
    (word, at + length)
}

/// The number of a word of more than eight letters, of which the first eight are at hand.
fn hash(first: [u8; 8], word: &[u8]) -> Word {
    let mix = |hash: u64, chunk: [u8; 8]| (hash.rotate_left(29) ^ u64::from_le_bytes(chunk)).wrapping_mul(MIX);
    // The last eight letters overlap those before them, which costs less than letters one by one.
    let (body, _) = word[8..].as_chunks::<8>();
    let hash = body.iter().fold(mix(word.len() as u64, first), |hash, chunk| mix(hash, *chunk));
    let hash = word.last_chunk::<8>().map_or(hash, |last| mix(hash, *last));
    (hash ^ hash >> 32 | LONG) & !SPACED
}

/// The bytes of the character that begins with `byte`.
const fn length(byte: u8) -> usize {
    match byte {
        0..0x80 => 1,
        0x80..0xE0 => 2,
        0xE0..0xF0 => 3,
        _ => 4,
    }
}

/// What a form names.
#[derive(Debug, Clone, Copy)]
pub(super) struct Target {
    pub class: u16,
    pub entry: u32,
    pub glued: bool,
}

/// Folded forms and what they name, by script: those with Han apart.
#[derive(Debug, Default)]
pub(super) struct Named {
    pub latin: Vec<(String, Target)>,
    pub han: Vec<(String, Target)>,
}

impl Named {
    /// Adds a form; one that folds to nothing is refused.
    pub fn add(&mut self, form: &str, target: Target) -> bool {
        let folded = fold(form);
        if folded.trim().is_empty() {
            return false;
        }
        let script = if has_han(&folded) { &mut self.han } else { &mut self.latin };
        script.push((folded, target));
        true
    }
}

/// A node of the trie.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Node {
    /// The targets of the form that ends here.
    pub targets: (u32, u32),
    /// The word that leads here among those too long for a number; empty for others.
    pub long: (u32, u32),
    /// A bit for each word that leads on: most others are ruled out by it.
    pub onward: u64,
}

/// One step of the trie: the node before, the word that leads on (changed by a blank before it), and the node it leads to (none: an empty slot).
#[derive(Debug, Clone, Copy)]
pub(super) struct Slot {
    pub word: Word,
    pub before: u32,
    pub node: Option<NonZeroU32>,
}

/// The forms of one script: tables that are built here or were laid out when the program was.
#[derive(Debug)]
pub(super) struct Forms {
    /// Open addressing by what leads to a node; a power of two long, at most three quarters full.
    pub slots: Cow<'static, [Slot]>,
    /// The first node is the root.
    pub nodes: Cow<'static, [Node]>,
    /// The words too long for a number, one behind the other.
    pub long: Cow<'static, [u8]>,
    /// A bit for each word that a form begins with.
    pub first: Cow<'static, [u64]>,
    pub targets: Cow<'static, [Target]>,
}

/// The forms of one script, to be walked.
#[derive(Debug, Clone, Copy)]
pub(super) struct Trie<'a> {
    slots: &'a [Slot],
    nodes: &'a [Node],
    long: &'a [u8],
    first: &'a [u64],
    targets: &'a [Target],
}

/// Tables that grow.
struct Builder {
    slots: Vec<Slot>,
    nodes: Vec<Node>,
    long: Vec<u8>,
    first: Vec<u64>,
}

impl Forms {
    /// The trie of some folded forms.
    pub fn new(forms: &[(String, Target)]) -> Self {
        let empty = Slot { word: 0, before: 0, node: None };
        // Forms share their beginnings: some two nodes a form.
        let nodes = forms.len() * 2;
        let mut out = Builder {
            slots: vec![empty; (nodes * 4 / 3).next_power_of_two().max(1 << 10)],
            nodes: Vec::with_capacity(nodes),
            long: Vec::new(),
            first: vec![0; FIRST],
        };
        out.nodes.push(Node::default());
        let mut ended: Vec<(u32, Target)> = Vec::with_capacity(forms.len());
        let mut words = Vec::new();
        for (form, target) in forms {
            words.clear();
            cut(form, &mut words);
            let mut node = 0;
            for (index, token) in words.iter().enumerate() {
                let key = if index == 0 { token.word } else { token.key() };
                node = match out.trie().step(node, key, token, form.as_bytes()) {
                    Some(next) => next,
                    None => out.add(node, key, token, form.as_bytes()),
                };
            }
            ended.push((node, *target));
        }
        // The targets of one form stand together.
        let place = |(node, target): &(u32, Target)| (*node, target.class, target.entry);
        ended.sort_unstable_by_key(place);
        ended.dedup_by_key(|ended| place(ended));
        let mut targets = Vec::with_capacity(ended.len());
        for (node, target) in ended {
            let at = targets.len() as u32;
            targets.push(target);
            let ends = &mut out.nodes[node as usize].targets;
            *ends = if ends.0 == ends.1 { (at, at + 1) } else { (ends.0, at + 1) };
        }
        Self { slots: out.slots.into(), nodes: out.nodes.into(), long: out.long.into(), first: out.first.into(), targets: targets.into() }
    }

    /// To be walked.
    pub fn trie(&self) -> Trie<'_> {
        Trie { slots: &self.slots, nodes: &self.nodes, long: &self.long, first: &self.first, targets: &self.targets }
    }
}

impl Builder {
    fn trie(&self) -> Trie<'_> {
        Trie { slots: &self.slots, nodes: &self.nodes, long: &self.long, first: &self.first, targets: &[] }
    }

    fn add(&mut self, before: u32, key: Word, token: &Token, text: &[u8]) -> u32 {
        if (self.nodes.len() + 1) * 4 > self.slots.len() * 3 {
            let grown = vec![Slot { word: 0, before: 0, node: None }; self.slots.len() * 2];
            for slot in std::mem::replace(&mut self.slots, grown) {
                if slot.node.is_some() {
                    self.insert(slot);
                }
            }
        }
        let next = self.nodes.len() as u32;
        let mut node = Node::default();
        if key & LONG != 0 {
            let from = self.long.len() as u32;
            self.long.extend_from_slice(token.of(text));
            node.long = (from, self.long.len() as u32);
        }
        self.nodes.push(node);
        self.nodes[before as usize].onward |= sign(key);
        if before == 0 {
            self.first[place(0, key) / 64 % FIRST] |= 1 << (place(0, key) % 64);
        }
        self.insert(Slot { word: key, before, node: NonZeroU32::new(next) });
        next
    }

    fn insert(&mut self, slot: Slot) {
        let mask = self.slots.len() - 1;
        let mut at = place(slot.before, slot.word) & mask;
        while self.slots[at].node.is_some() {
            at = (at + 1) & mask;
        }
        self.slots[at] = slot;
    }
}

impl<'a> Trie<'a> {
    /// The node that a token leads to, by its key there.
    #[inline]
    fn step(&self, before: u32, key: Word, token: &Token, text: &[u8]) -> Option<u32> {
        let mask = self.slots.len() - 1;
        let mut at = place(before, key) & mask;
        loop {
            let slot = self.slots[at];
            let next = slot.node?.get();
            if slot.word == key && slot.before == before && (key & LONG == 0 || self.is_long(next, token.of(text))) {
                return Some(next);
            }
            at = (at + 1) & mask;
        }
    }

    #[inline]
    fn is_long(&self, node: u32, word: &[u8]) -> bool {
        let (from, to) = self.nodes[node as usize].long;
        self.long[from as usize..to as usize] == *word
    }

    /// Whether a form may begin with a token: most tokens are ruled out by it.
    #[inline]
    pub fn may_begin(&self, token: &Token) -> bool {
        let hash = place(0, token.word);
        self.first[hash / 64 % FIRST] & 1 << (hash % 64) != 0
    }

    /// Calls `found` with the number of tokens and the targets of every form that begins with the first of some tokens, the shortest first.
    #[inline]
    pub fn walk(&self, tokens: &[Token], text: &[u8], mut found: impl FnMut(usize, &'a [Target])) {
        let Some(first) = tokens.first() else { return };
        let (mut token, mut key, mut node) = (first, first.word, 0);
        for length in 1.. {
            let Some(next) = self.step(node, key, token, text) else { return };
            node = next;
            let Node { targets: (from, to), onward, .. } = self.nodes[node as usize];
            if from < to {
                found(length, &self.targets[from as usize..to as usize]);
            }
            let Some(behind) = tokens.get(length).filter(|behind| behind.gap != Gap::Break) else { return };
            (token, key) = (behind, behind.key());
            if onward & sign(key) == 0 {
                return;
            }
        }
    }
}

impl Token {
    #[inline]
    fn of<'a>(&self, text: &'a [u8]) -> &'a [u8] {
        &text[self.start as usize..self.end as usize]
    }

    /// What leads on to it from the token before.
    #[inline]
    fn key(&self) -> Word {
        if self.gap == Gap::Blank { self.word ^ SPACED } else { self.word }
    }
}

/// The bit of a word among those that lead on from a node.
#[inline]
const fn sign(word: Word) -> u64 {
    1 << (word.wrapping_mul(MIX) >> 58)
}

/// Where a slot is looked for first.
#[inline]
const fn place(before: u32, word: Word) -> usize {
    let mixed = (word ^ (before as u64).wrapping_mul(MIX)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    (mixed >> 32) as usize
}
