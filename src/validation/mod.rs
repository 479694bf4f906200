//! How good a model is and how far to trust it: folds, figures with intervals, groups, calibration, prediction sets, drift.
//!
//! Works on labels and probabilities alone (shape: reports × classes), so that any model and any tool's output can be judged.
//! Only `compare` fits models; figures that a set does not allow (a class without reports) are none, never zero.

pub mod bootstrap;
pub mod compare;
pub mod conformal;
pub mod confusion;
pub mod curves;
pub mod drift;
pub mod folds;
pub mod groups;
pub mod reliability;
pub mod scores;
pub mod several;
