//! Chinese and English pathology reports and clinical notes into structured findings, laboratory values and diagnosis labels.
//!
//! Data flows one way: bytes to [`document::Document`], to a [`findings::Reading`], to labs and findings, to tokens and
//! features, to labels, to a record. Each module uses only what stands before it in the order that ARCHITECTURE.md gives.

pub mod cli;
pub mod decode;
pub mod deidentify;
pub mod document;
pub mod error;
pub mod features;
pub mod findings;
pub mod fold;
mod hash;
mod length;
pub mod lexicon;
pub mod models;
mod organ;
pub mod pipeline;
pub mod quality;
pub mod read;
pub mod reading;
pub mod record;
pub mod run;
pub mod section;
pub mod sentence;
pub mod span;
pub mod tally;
pub mod timeline;
pub mod tokenize;
pub mod validation;
pub mod write;

/// The README's own code, compiled and run as a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct Readme;
