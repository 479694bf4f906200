//! The kinds of models by name: what can be fitted and what can be loaded.

use super::logistic::{self, Logistic, LogisticParams};
use super::{Classifier, Fit, Saved};
use crate::error::{Error, Result};

/// Names of all kinds.
pub const KINDS: [&str; 1] = [logistic::KIND];

/// Settings of a kind; `strength` is the inverse of its penalty where it has one.
///
/// # Errors
/// [`Error::Setting`] where no kind has the name.
pub fn settings(kind: &str, strength: f64) -> Result<Box<dyn Fit>> {
    match kind {
        logistic::KIND => Ok(Box::new(LogisticParams { l2: 1.0 / strength, ..LogisticParams::default() })),
        _ => Err(Error::Setting(format!("--kind: expected one of {}, found `{kind}`", KINDS.join(", ")))),
    }
}

/// A model of a kind from its tensors and settings.
///
/// # Errors
/// [`Error::Model`] where no kind has the name or the tensors do not fit together.
pub fn load(kind: &str, saved: &Saved) -> Result<Box<dyn Classifier>> {
    match kind {
        logistic::KIND => Ok(Box::new(Logistic::load(saved)?)),
        _ => Err(Error::Model(format!("expected a kind of {}, found `{kind}`; the model may come from a newer version", KINDS.join(", ")))),
    }
}
