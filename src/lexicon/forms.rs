//! The surface forms of one script as a trie over words, and the tokens of a text that walk it.
//!
//! A token is a run of ASCII letters or one other character; a run of blanks is one token, and none before a comma. A form can begin
//! and end only where a token does, so a text is matched by one look-up a token and a few more where a form begins.

use std::num::NonZeroU32;

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
    hash: u64,
}

const SEED: u64 = 0xcbf2_9ce4_8422_2325;
const STEP: u64 = 0x0000_0100_0000_01b3;

const fn step(hash: u64, byte: u8) -> u64 {
    (hash ^ byte as u64).wrapping_mul(STEP)
}

const BLANK: u64 = step(SEED, b' ');
const BREAK: u64 = step(SEED, b'\n');

const fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\r' | b'\t')
}

/// The tokens of a folded text, in its order.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len() / 3 + 8);
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let start = at;
        let mut hash = SEED;
        let kind = if byte.is_ascii_alphabetic() {
            while let Some(byte) = bytes.get(at).filter(|byte| byte.is_ascii_alphabetic()) {
                hash = step(hash, *byte);
                at += 1;
            }
            Kind::Letters
        } else if is_blank(byte) {
            let mut lines = 0;
            while let Some(byte) = bytes.get(at).filter(|byte| is_blank(**byte)) {
                lines += usize::from(*byte == b'\n');
                at += 1;
            }
            if lines > 1 {
                out.push(Token { start: start as u32, end: start as u32 + 1, kind: Kind::Break, hash: BREAK });
            } else if bytes.get(at) != Some(&b',') {
                out.push(Token { start: start as u32, end: start as u32 + 1, kind: Kind::Blank, hash: BLANK });
            }
            if lines < 2 && bytes.get(at) == Some(&b',') {
                out.push(Token { start: at as u32, end: at as u32 + 1, kind: Kind::Other, hash: step(SEED, b',') });
                if bytes.get(at + 1).is_some_and(|next| !is_blank(*next)) {
                    out.push(Token { start: at as u32, end: at as u32 + 1, kind: Kind::Blank, hash: BLANK });
                }
                at += 1;
            }
            continue;
        } else {
            let length = length(byte);
            for byte in bytes.iter().skip(at).take(length) {
                hash = step(hash, *byte);
            }
            at += length;
            if byte.is_ascii_digit() { Kind::Digit } else { Kind::Other }
        };
        out.push(Token { start: start as u32, end: at as u32, kind, hash });
    }
    out
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

/// One step of the trie: the token that leads to it and what ends there.
#[derive(Debug, Clone, Copy)]
struct Node {
    /// Where the token stands in `letters`.
    word: (u32, u32),
    kind: Kind,
    /// The targets of the form that ends here.
    targets: (u32, u32),
}

#[derive(Debug, Clone, Copy)]
struct Slot {
    key: u64,
    node: Option<NonZeroU32>,
}

/// The forms of one script.
#[derive(Debug)]
pub(super) struct Forms {
    /// Open addressing by what leads to a node; a power of two long, at most half full.
    slots: Vec<Slot>,
    /// The first is the root.
    nodes: Vec<Node>,
    letters: Vec<u8>,
    targets: Vec<Target>,
}

impl Forms {
    /// The trie of some folded forms.
    pub fn new(mut forms: Vec<(String, Target)>) -> Self {
        forms.sort_by(|(a, x), (b, y)| a.cmp(b).then((x.class, x.entry).cmp(&(y.class, y.entry))));
        forms.dedup_by(|(b, y), (a, x)| a == b && (x.class, x.entry) == (y.class, y.entry));
        let root = Node { word: (0, 0), kind: Kind::Break, targets: (0, 0) };
        let mut out = Self { slots: vec![Slot { key: 0, node: None }; 1 << 10], nodes: vec![root], letters: Vec::new(), targets: Vec::new() };
        for (form, target) in forms {
            let mut node = 0;
            for token in tokens(&form) {
                node = match out.step(node, &token, form.as_bytes()) {
                    Some(next) => next,
                    None => out.add(node, &token, form.as_bytes()),
                };
            }
            let at = out.targets.len() as u32;
            out.targets.push(target);
            // Forms are sorted, so the targets of one form stand together.
            let ends = &mut out.nodes[node as usize].targets;
            *ends = if ends.0 == ends.1 { (at, at + 1) } else { (ends.0, at + 1) };
        }
        out
    }

    fn add(&mut self, node: u32, token: &Token, text: &[u8]) -> u32 {
        if (self.nodes.len() + 1) * 2 > self.slots.len() {
            let grown = vec![Slot { key: 0, node: None }; self.slots.len() * 2];
            for slot in std::mem::replace(&mut self.slots, grown) {
                if slot.node.is_some() {
                    self.insert(slot);
                }
            }
        }
        let word = token.of(text);
        let place = (self.letters.len() as u32, (self.letters.len() + word.len()) as u32);
        self.letters.extend_from_slice(word);
        let next = self.nodes.len() as u32;
        self.nodes.push(Node { word: place, kind: token.kind, targets: (0, 0) });
        self.insert(Slot { key: key(node, token), node: NonZeroU32::new(next) });
        next
    }

    fn insert(&mut self, slot: Slot) {
        let mask = self.slots.len() - 1;
        let mut at = slot.key as usize & mask;
        while self.slots[at].node.is_some() {
            at = (at + 1) & mask;
        }
        self.slots[at] = slot;
    }

    /// The node that a token leads to.
    fn step(&self, node: u32, token: &Token, text: &[u8]) -> Option<u32> {
        let key = key(node, token);
        let mask = self.slots.len() - 1;
        let mut at = key as usize & mask;
        loop {
            let slot = self.slots[at];
            let next = slot.node?.get();
            if slot.key == key {
                let found = self.nodes[next as usize];
                if found.kind == token.kind && self.letters[found.word.0 as usize..found.word.1 as usize] == *token.of(text) {
                    return Some(next);
                }
            }
            at = (at + 1) & mask;
        }
    }

    /// Calls `found` with the number of tokens and the targets of every form that begins with the first of some tokens.
    pub fn walk<'a>(&'a self, tokens: &[Token], text: &[u8], mut found: impl FnMut(usize, &'a [Target])) {
        let mut node = 0;
        for (index, token) in tokens.iter().enumerate() {
            let Some(next) = self.step(node, token, text) else { return };
            node = next;
            let (from, to) = self.nodes[node as usize].targets;
            if from < to {
                found(index + 1, &self.targets[from as usize..to as usize]);
            }
        }
    }
}

impl Token {
    /// What the token is matched by.
    fn of<'a>(&self, text: &'a [u8]) -> &'a [u8] {
        match self.kind {
            Kind::Blank => b" ",
            Kind::Break => b"\n",
            _ => &text[self.start as usize..self.end as usize],
        }
    }
}

const fn key(node: u32, token: &Token) -> u64 {
    let mixed = (token.hash ^ (node as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    mixed ^ (mixed >> 32)
}
