//! The tries and stretches of the embedded lexicon: the compiler lays their tables out from the numbers that `build.rs` wrote, so that a start has nothing
//! to build and what is not looked at is not even loaded.

#![allow(long_running_const_eval, reason = "some hundred thousand numbers")]

use std::borrow::Cow;
use std::num::NonZeroU32;

use super::forms::{Forms, Node, Slot, Target};
use super::stretches::Stretches;

/// The bytes of a table.
macro_rules! table {
    ($name:literal) => {
        include_bytes!(concat!(env!("OUT_DIR"), "/", $name))
    };
}

/// A trie of its tables.
macro_rules! trie {
    ($name:ident, $slots:literal, $nodes:literal, $long:literal, $first:literal, $targets:literal) => {
        pub(super) fn $name() -> Forms {
            static SLOTS: [Slot; table!($slots).len() / 16] = slots(table!($slots));
            static NODES: [Node; table!($nodes).len() / 24] = nodes(table!($nodes));
            static FIRST: [u64; table!($first).len() / 8] = numbers(table!($first));
            static TARGETS: [Target; table!($targets).len() / 8] = targets(table!($targets));
            Forms {
                slots: Cow::Borrowed(&SLOTS),
                nodes: Cow::Borrowed(&NODES),
                long: Cow::Borrowed(table!($long)),
                first: Cow::Borrowed(&FIRST),
                targets: Cow::Borrowed(&TARGETS),
            }
        }
    };
}

trie!(latin, "latin.slots", "latin.nodes", "latin.long", "latin.first", "latin.targets");
trie!(han, "han.slots", "han.nodes", "han.long", "han.first", "han.targets");

/// The stretches of its words.
pub(super) static STRETCHES: Stretches = numbers(table!("stretches"));

const fn numbers<const N: usize>(bytes: &[u8]) -> [u64; N] {
    let (numbers, _) = bytes.as_chunks();
    let mut out = [0; N];
    let mut at = 0;
    while at < N {
        out[at] = u64::from_le_bytes(numbers[at]);
        at += 1;
    }
    out
}

const fn pair(bytes: [u8; 8]) -> (u32, u32) {
    let number = u64::from_le_bytes(bytes);
    (number as u32, (number >> 32) as u32)
}

const fn slots<const N: usize>(bytes: &[u8]) -> [Slot; N] {
    let (numbers, _) = bytes.as_chunks();
    let mut out = [Slot { word: 0, before: 0, node: None }; N];
    let mut at = 0;
    while at < N {
        let (before, node) = pair(numbers[2 * at + 1]);
        // Most of what is empty stays as it is.
        if node != 0 {
            out[at] = Slot { word: u64::from_le_bytes(numbers[2 * at]), before, node: NonZeroU32::new(node) };
        }
        at += 1;
    }
    out
}

const fn nodes<const N: usize>(bytes: &[u8]) -> [Node; N] {
    let (numbers, _) = bytes.as_chunks();
    let mut out = [Node { targets: (0, 0), long: (0, 0), onward: 0 }; N];
    let mut at = 0;
    while at < N {
        out[at] = Node { targets: pair(numbers[3 * at]), long: pair(numbers[3 * at + 1]), onward: u64::from_le_bytes(numbers[3 * at + 2]) };
        at += 1;
    }
    out
}

const fn targets<const N: usize>(bytes: &[u8]) -> [Target; N] {
    let (numbers, _) = bytes.as_chunks();
    let mut out = [Target { class: 0, entry: 0, glued: false }; N];
    let mut at = 0;
    while at < N {
        let (entry, class) = pair(numbers[at]);
        out[at] = Target { entry, class: (class >> 1) as u16, glued: class & 1 == 1 };
        at += 1;
    }
    out
}
