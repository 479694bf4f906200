//! Assertion after ConText: whether a finding is present, when, and in whom, with the cues that decided.
//!
//! Cues come from `cues.toml`. A cue reaches over its clause (`scope`); which one wins is decided in `context`; what is from
//! before is told by cues, by the section and, in Chinese notes, by the course of events ([`crate::timeline`]).

mod context;
mod scope;

pub use context::Assertions;

use serde::Serialize;

use crate::span::Span;

/// Whether the text says that something is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Presence {
    /// Stated as there.
    #[default]
    Present,
    /// Stated as not there.
    Absent,
    /// Left open.
    Uncertain,
}

/// When it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Temporality {
    /// At the time of the report.
    #[default]
    Current,
    /// From before.
    Historical,
    /// Intended.
    Planned,
}

/// In whom it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Experiencer {
    /// The patient.
    #[default]
    Patient,
    /// A relative.
    Family,
}

/// Presence, temporality and experiencer of a statement.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Assertion {
    /// Whether it is there.
    pub presence: Presence,
    /// When.
    pub temporality: Temporality,
    /// In whom; left out where it is the patient.
    #[serde(skip_serializing_if = "is_patient")]
    pub experiencer: Experiencer,
    /// The cues that decided, in original offsets (written out by the record as places).
    #[serde(skip)]
    pub cues: Vec<Span>,
}

fn is_patient(experiencer: &Experiencer) -> bool {
    *experiencer == Experiencer::Patient
}
