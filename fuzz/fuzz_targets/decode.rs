#![no_main]
#![allow(dead_code)]

#[path = "../../tests/suite/invariants.rs"]
mod invariants;
#[path = "../../tests/suite/models.rs"]
mod models;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| invariants::RULES.iter().find(|(name, _)| *name == "decode").expect("a rule").1(bytes));
