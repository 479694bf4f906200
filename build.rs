//! Turns `corpora/lexicon/**/*.toml` into one JSON text that the program embeds: the same entries, read in a fraction of the time.

#![allow(clippy::expect_used, reason = "a build that cannot read its data must stop")]

use std::fs;
use std::path::{Path, PathBuf};

fn main() {
    println!("cargo::rerun-if-changed=corpora/lexicon");
    let root = Path::new("corpora/lexicon");
    let mut files = Vec::new();
    collect(root, &mut files);
    files.sort();
    let mut all = Vec::new();
    for path in files {
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let value: serde_json::Value = toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
        all.push(serde_json::json!({ "file": name, "text_hash": fnv(&text), "vocabulary": value }));
    }
    let out = PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo sets OUT_DIR")).join("lexicon.json");
    fs::write(&out, serde_json::to_vec(&all).expect("JSON of TOML")).expect("OUT_DIR can be written");
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
