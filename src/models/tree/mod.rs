//! Trees on sparse rows: a decision tree, a random forest and gradient boosting, all on binned values.
//!
//! linfa-trees and smartcore take dense matrices and vote without probabilities, perpetual needs an unstable compiler, lightgbm a
//! C++ one; hence own trees. What a row does not store is zero, and zero is a value like any other: absence can be asked for.

mod bins;
pub mod boosting;
pub mod forest;
mod grow;
mod nodes;
mod regress;
mod split;
