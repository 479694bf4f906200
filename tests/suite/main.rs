//! The tests that see the library and the program from outside, in one binary so that linking costs once.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]

mod architecture;
mod bad_input;
mod batch;
mod compare;
mod deid;
mod deid_gold;
mod demo;
mod faults;
mod formats_in;
mod formats_out;
mod golden;
mod habits;
mod invariants;
mod lab_damage;
mod lab_data;
mod learning;
mod lexicon;
mod marked;
mod model_leak;
mod models;
mod mutations;
mod optimum;
mod program;
mod regressions;
mod schema;
