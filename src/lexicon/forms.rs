//! The surface forms of one script as a trie over words, and the tokens of a text that walk it.
//!
//! A token is a run of ASCII letters or one other character; a run of blanks is one token, and none before a comma. A form can begin
//! and end only where a token does, so a text is matched by one look-up a token and a few more where a form begins.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::num::NonZeroU32;

use crate::fold::letters_ahead;

/// Numbers of the filter of first words: 16 KiB.
const FIRST: usize = 1 << 11;

/// What a token is made of; decides how the ends of a form may touch what stands beside them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// ASCII letters.
    Letters,
    /// One ASCII digit.
    Digit,
    /// Blanks, or the blank that is read behind a comma that has none.
    Blank,
    /// Blanks with an empty line in them.
    Break,
    /// Any other character.
    Other,
}

/// A token of a folded text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token {
    pub start: u32,
    pub end: u32,
    pub kind: Kind,
    word: Word,
}

/// The bytes of a token in one number: themselves up to eight of them (none is zero), a hash of more with the first bit set.
type Word = u64;

const LONG: Word = 1 << 63;

#[inline]
const fn grow(word: Word, byte: u8) -> Word {
    if word >> 55 == 0 { word << 8 | byte as u64 } else { (word ^ byte as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) | LONG }
}

const BLANK: Word = b' ' as Word;
const BREAK: Word = b'\n' as Word;

const fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\r' | b'\t')
}

/// The tokens of a folded text, in its order.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut out = Vec::with_capacity(text.len() / 2 + 8);
    cut(text, &mut out);
    out
}

/// Adds the tokens of a folded text.
fn cut(text: &str, out: &mut Vec<Token>) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let start = at;
        let word;
        let kind = if byte.is_ascii_lowercase() {
            (word, at) = letters(bytes, at);
            Kind::Letters
        } else if is_blank(byte) && bytes.get(at + 1).is_some_and(|next| *next != b',' && !is_blank(*next)) {
            at += 1;
            word = BLANK;
            Kind::Blank
        } else if is_blank(byte) {
            let mut lines = 0;
            while let Some(byte) = bytes.get(at).filter(|byte| is_blank(**byte)) {
                lines += usize::from(*byte == b'\n');
                at += 1;
            }
            if lines > 1 {
                out.push(Token { start: start as u32, end: start as u32 + 1, kind: Kind::Break, word: BREAK });
            } else if bytes.get(at) != Some(&b',') {
                out.push(Token { start: start as u32, end: start as u32 + 1, kind: Kind::Blank, word: BLANK });
            }
            if lines < 2 && bytes.get(at) == Some(&b',') {
                out.push(Token { start: at as u32, end: at as u32 + 1, kind: Kind::Other, word: Word::from(b',') });
                if bytes.get(at + 1).is_some_and(|next| !is_blank(*next)) {
                    out.push(Token { start: at as u32, end: at as u32 + 1, kind: Kind::Blank, word: BLANK });
                }
                at += 1;
            }
            continue;
        } else if byte.is_ascii() {
            at += 1;
            word = Word::from(byte);
            if byte.is_ascii_digit() { Kind::Digit } else { Kind::Other }
        } else {
            let length = length(byte);
            at = (at + length).min(bytes.len());
            word = bytes[start..at].iter().fold(0, |word, byte| word << 8 | Word::from(*byte));
            Kind::Other
        };
        out.push(Token { start: start as u32, end: at as u32, kind, word });
    }
}

/// The run of letters at a place, at least one, as a number, and where it ends.
fn letters(bytes: &[u8], at: usize) -> (Word, usize) {
    let length = letters_ahead(&bytes[at..]);
    if let Some(chunk) = bytes[at..].first_chunk::<8>().filter(|_| length < 8) {
        return (u64::from_be_bytes(*chunk) >> (64 - 8 * length), at + length);
    }
    (bytes[at..at + length].iter().fold(0, |word, byte| grow(word, *byte)), at + length)
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

/// A node of the trie.
#[derive(Debug, Clone, Copy, Default)]
struct Node {
    /// The targets of the form that ends here.
    targets: (u32, u32),
    /// A bit for each word that leads on: most others are ruled out by it.
    onward: u64,
}

/// One step of the trie: the node before, the word that leads on, and the node it leads to (none: an empty slot).
#[derive(Debug, Clone, Copy)]
struct Slot {
    word: Word,
    before: u32,
    node: Option<NonZeroU32>,
}

/// The forms of one script.
#[derive(Debug)]
pub(super) struct Forms {
    /// Open addressing by what leads to a node; a power of two long, at most three quarters full.
    slots: Vec<Slot>,
    /// The first node is the root.
    nodes: Vec<Node>,
    /// Words too long for a number, by node.
    long: HashMap<u32, Box<[u8]>, BuildHasherDefault<Identity>>,
    /// A bit for each word that a form begins with.
    first: Vec<u64>,
    targets: Vec<Target>,
}

impl Forms {
    /// The trie of some folded forms.
    pub fn new(forms: &[(String, Target)]) -> Self {
        let empty = Slot { word: 0, before: 0, node: None };
        // Forms share their beginnings: some two nodes a form.
        let nodes = forms.len() * 2;
        let mut out = Self {
            slots: vec![empty; (nodes * 4 / 3).next_power_of_two().max(1 << 10)],
            nodes: Vec::with_capacity(nodes),
            long: HashMap::default(),
            first: vec![0; FIRST],
            targets: Vec::new(),
        };
        out.nodes.push(Node::default());
        let mut ended: Vec<(u32, Target)> = Vec::with_capacity(forms.len());
        let mut words = Vec::new();
        for (form, target) in forms {
            words.clear();
            cut(form, &mut words);
            let mut node = 0;
            for token in &words {
                node = match out.step(node, token, form.as_bytes()) {
                    Some(next) => next,
                    None => out.add(node, token, form.as_bytes()),
                };
            }
            ended.push((node, *target));
        }
        // The targets of one form stand together.
        let place = |(node, target): &(u32, Target)| (*node, target.class, target.entry);
        ended.sort_unstable_by_key(place);
        ended.dedup_by_key(|ended| place(ended));
        for (node, target) in ended {
            let at = out.targets.len() as u32;
            out.targets.push(target);
            let ends = &mut out.nodes[node as usize].targets;
            *ends = if ends.0 == ends.1 { (at, at + 1) } else { (ends.0, at + 1) };
        }
        out
    }

    fn add(&mut self, before: u32, token: &Token, text: &[u8]) -> u32 {
        if (self.nodes.len() + 1) * 4 > self.slots.len() * 3 {
            let grown = vec![Slot { word: 0, before: 0, node: None }; self.slots.len() * 2];
            for slot in std::mem::replace(&mut self.slots, grown) {
                if slot.node.is_some() {
                    self.insert(slot);
                }
            }
        }
        let next = self.nodes.len() as u32;
        self.nodes.push(Node::default());
        self.nodes[before as usize].onward |= sign(token.word);
        if before == 0 {
            self.first[place(0, token.word) / 64 % FIRST] |= 1 << (place(0, token.word) % 64);
        }
        if token.word & LONG != 0 {
            self.long.insert(next, token.of(text).into());
        }
        self.insert(Slot { word: token.word, before, node: NonZeroU32::new(next) });
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

    /// The node that a token leads to.
    fn step(&self, before: u32, token: &Token, text: &[u8]) -> Option<u32> {
        let mask = self.slots.len() - 1;
        let mut at = place(before, token.word) & mask;
        loop {
            let slot = self.slots[at];
            let next = slot.node?.get();
            if slot.word == token.word
                && slot.before == before
                && (token.word & LONG == 0 || self.long.get(&next).is_some_and(|word| **word == *token.of(text)))
            {
                return Some(next);
            }
            at = (at + 1) & mask;
        }
    }

    /// Whether a form may begin with a token: most tokens are ruled out by it.
    pub fn may_begin(&self, token: &Token) -> bool {
        let hash = place(0, token.word);
        self.first[hash / 64 % FIRST] & 1 << (hash % 64) != 0
    }

    /// Calls `found` with the number of tokens and the targets of every form that begins with the first of some tokens.
    pub fn walk<'a>(&'a self, tokens: &[Token], text: &[u8], mut found: impl FnMut(usize, &'a [Target])) {
        let (mut node, mut onward) = (0, u64::MAX);
        for (index, token) in tokens.iter().enumerate() {
            if onward & sign(token.word) == 0 {
                return;
            }
            let Some(next) = self.step(node, token, text) else { return };
            node = next;
            let Node { targets: (from, to), onward: further } = self.nodes[node as usize];
            onward = further;
            if from < to {
                found(index + 1, &self.targets[from as usize..to as usize]);
            }
        }
    }
}

impl Token {
    fn of<'a>(&self, text: &'a [u8]) -> &'a [u8] {
        &text[self.start as usize..self.end as usize]
    }
}

/// The bit of a word among those that lead on from a node.
const fn sign(word: Word) -> u64 {
    1 << (word.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 58)
}

/// Numbers of nodes are spread enough as they are.
#[derive(Debug, Default)]
struct Identity(u64);

impl Hasher for Identity {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        self.0 = bytes.iter().fold(0, |hash, byte| hash << 8 | u64::from(*byte));
    }
    fn write_u32(&mut self, node: u32) {
        self.0 = u64::from(node).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

/// Where a slot is looked for first.
const fn place(before: u32, word: Word) -> usize {
    let mixed = (word ^ (before as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    (mixed >> 32) as usize
}
