//! The order of dependence: each module of `src` uses only those before it. The order stands in ARCHITECTURE.md and here.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

const ORDER: [&str; 27] = [
    "error",
    "span",
    "fold",
    "hash",
    "document",
    "lexicon",
    "decode",
    "read",
    "sentence",
    "section",
    "timeline",
    "length",
    "organ",
    "reading",
    "deidentify",
    "tokenize",
    "findings",
    "features",
    "models",
    "quality",
    "record",
    "tally",
    "pipeline",
    "write",
    "run",
    "cli",
    "main",
];

/// `validation` stands with `models`: both are the front half of training.
fn rank(module: &str) -> Option<usize> {
    let module = if module == "validation" { "models" } else { module };
    ORDER.iter().position(|name| *name == module)
}

fn sources(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap().flatten() {
        if entry.path().is_dir() { sources(&entry.path(), out) } else { out.push(entry.path()) }
    }
}

fn files() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut paths = Vec::new();
    sources(&root, &mut paths);
    paths.sort();
    paths
        .into_iter()
        .filter(|path| path.extension().is_some_and(|kind| kind == "rs"))
        .map(|path| (path.strip_prefix(&root).unwrap().to_string_lossy().into_owned(), fs::read_to_string(&path).unwrap()))
        .collect()
}

/// The modules a source text names as `crate::module`, tests left out.
fn uses(text: &str) -> BTreeSet<String> {
    let code = text.split("#[cfg(test)]").next().unwrap_or("");
    code.match_indices("crate::")
        .map(|(at, found)| code[at + found.len()..].chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect::<String>())
        .filter(|name| !name.is_empty())
        .collect()
}

#[test]
fn each_module_uses_only_those_before_it() {
    let mut broken = Vec::new();
    for (file, text) in files() {
        let module = file.split('/').next().unwrap().trim_end_matches(".rs");
        if module == "lib" {
            continue;
        }
        let own = rank(module).unwrap_or_else(|| panic!("{file}: the module has no place in the order"));
        for used in uses(&text) {
            if let Some(other) = rank(&used)
                && other > own
            {
                broken.push(format!("{file} uses {used}"));
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn no_source_file_is_more_than_one_thought() {
    let long: Vec<String> =
        files().iter().filter(|(_, text)| text.lines().count() > 450).map(|(file, text)| format!("{file}: {} lines", text.lines().count())).collect();
    assert!(long.is_empty(), "{long:#?}");
}
