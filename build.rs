//! Turns `corpora/lexicon/**/*.toml` into what the program embeds: the entries in the packed form of `src/lexicon/packed.rs`.

#![allow(clippy::expect_used, reason = "a build that cannot read its data must stop")]

use std::fs;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

use forms::{Forms, Named, Node, Slot, Target};
use packed::{pack, pack_list, pack_map, pack_text, pack_texts};
use serde_json::Value;

#[path = "src/fold.rs"]
#[allow(dead_code, reason = "of use to the program")]
mod fold;
#[path = "src/lexicon/forms.rs"]
#[allow(dead_code, reason = "the program walks what is built here")]
mod forms;
#[path = "src/lexicon/packed.rs"]
#[allow(dead_code, reason = "the program reads what is written here")]
mod packed;
#[path = "src/span.rs"]
#[allow(dead_code, reason = "of use to the program")]
mod span;
#[path = "src/lexicon/stretches.rs"]
mod stretches;

fn main() {
    println!("cargo::rerun-if-changed=corpora/lexicon");
    let root = Path::new("corpora/lexicon");
    let mut files = Vec::new();
    collect(root, &mut files);
    files.sort();
    let mut all = String::new();
    let mut values = Vec::new();
    for path in files {
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let value: Value = toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
        vocabulary(&name, &text, &value, &mut all);
        values.push(value);
    }
    let out = PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    let write = |name: &str, bytes: &[u8]| fs::write(out.join(name), bytes).expect("OUT_DIR can be written");
    write("lexicon.packed", all.as_bytes());
    values.sort_by(|a, b| a["class"].as_str().cmp(&b["class"].as_str()));
    let entries = values.iter().flat_map(|vocabulary| vocabulary["entry"].as_array().into_iter().flatten());
    let words = entries.flat_map(|entry| texts(&entry["en"]).chain(texts(&entry["words"])));
    write("stretches", &stretches::stretches(words).iter().flat_map(|bits| bits.to_le_bytes()).collect::<Vec<u8>>());
    let named = named(&values);
    for (script, forms) in [("latin", &named.latin), ("han", &named.han)] {
        for (table, bytes) in ["slots", "nodes", "long", "first", "targets"].iter().zip(tables(&Forms::new(forms))) {
            write(&format!("{script}.{table}"), &bytes);
        }
    }
}

/// The tables of a trie as numbers, which `src/lexicon/embedded.rs` reads: slots, nodes, long words, first words, targets.
fn tables(forms: &Forms) -> [Vec<u8>; 5] {
    let pair = |(low, high): (u32, u32)| u64::from(low) | u64::from(high) << 32;
    let bytes = |numbers: &mut dyn Iterator<Item = u64>| numbers.flat_map(u64::to_le_bytes).collect();
    let slot = |slot: &Slot| [slot.word, pair((slot.before, slot.node.map_or(0, NonZeroU32::get)))];
    let node = |node: &Node| [pair(node.targets), pair(node.long), node.onward];
    let target = |target: &Target| pair((target.entry, u32::from(target.class) << 1 | u32::from(target.glued)));
    [
        bytes(&mut forms.slots.iter().flat_map(slot)),
        bytes(&mut forms.nodes.iter().flat_map(node)),
        forms.long.to_vec(),
        bytes(&mut forms.first.iter().copied()),
        bytes(&mut forms.targets.iter().map(target)),
    ]
}

/// The forms of all classes, which are numbered in their order.
fn named(vocabularies: &[Value]) -> Named {
    let mut named = Named::default();
    for (class, vocabulary) in vocabularies.iter().enumerate() {
        assert!(class == 0 || vocabularies[class - 1]["class"] != vocabulary["class"], "{}: expected one file a class", vocabulary["class"]);
        for (index, entry) in vocabulary["entry"].as_array().into_iter().flatten().enumerate() {
            let target = Target { class: class as u16, entry: index as u32, glued: vocabulary["glued"].as_bool().unwrap_or(false) };
            for form in texts(&entry["en"]).chain(texts(&entry["zh"])) {
                assert!(named.add(form, target), "{}: entry {}: expected a form, found an empty one", vocabulary["class"], entry["id"]);
            }
        }
    }
    named
}

/// Adds a vocabulary, its values in the order in which `src/lexicon/vocabulary.rs` reads them.
fn vocabulary(file: &str, text: &str, value: &Value, out: &mut String) {
    let mut entries = String::new();
    for one in value["entry"].as_array().into_iter().flatten() {
        pack_text(&entry(file, one), &mut entries);
    }
    let mut own = String::new();
    pack_text(file, &mut own);
    pack_text(&format!("{:016x}", fnv(text)), &mut own);
    pack_text(value["class"].as_str().unwrap_or_else(|| panic!("{file}: expected a class, found none")), &mut own);
    pack_text(value["description"].as_str().unwrap_or(""), &mut own);
    pack(&Value::Bool(value["glued"].as_bool().unwrap_or(false)), &mut own);
    pack_list(&entries, &mut own);
    pack_list(&own, out);
}

/// An entry, its values in the order in which `src/lexicon/entry.rs` reads them.
fn entry(file: &str, value: &Value) -> String {
    let fields = value.as_object().unwrap_or_else(|| panic!("{file}: expected entries"));
    let mut out = String::new();
    pack_text(value["id"].as_str().unwrap_or_else(|| panic!("{file}: expected an id")), &mut out);
    let named = ["id", "en", "zh", "source", "examples"];
    pack_map(fields.iter().map(|(key, value)| (key.as_str(), value)).filter(|(key, _)| !named.contains(key)), &mut out);
    pack_texts(texts(&value["en"]), &mut out);
    pack_texts(texts(&value["zh"]), &mut out);
    pack_text(value["source"].as_str().unwrap_or(""), &mut out);
    pack_texts(texts(&value["examples"]), &mut out);
    out
}

fn texts(value: &Value) -> impl Iterator<Item = &str> {
    value.as_array().into_iter().flatten().map(|text| text.as_str().expect("forms and examples are texts"))
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    println!("cargo::rerun-if-changed={}", folder.display());
    for entry in fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())).flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|kind| kind == "toml") {
            println!("cargo::rerun-if-changed={}", path.display());
            files.push(path);
        }
    }
}

/// FNV-1a over the bytes of a file, as `src/lexicon/vocabulary.rs` computes it for a folder given at run time.
fn fnv(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
