//! Inputs that once broke a rule, as the fuzzers left them (`tests/regressions/RULE/*`), and the hand-made inputs that they start from.

use std::fs;
use std::path::Path;

use crate::invariants::RULES;

#[test]
fn inputs_that_once_broke_a_rule_keep_it() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/regressions");
    for (name, rule) in RULES {
        let mut paths: Vec<_> = fs::read_dir(root.join(name)).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
        paths.sort();
        for path in paths {
            let bytes = fs::read(&path).unwrap();
            let held = std::panic::catch_unwind(|| rule(&bytes));
            assert!(held.is_ok(), "{name}: {}", path.display());
        }
    }
}
