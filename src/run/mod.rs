//! A run over many reports: one thread reads, N work, the results come back in the order of the inputs.

pub mod batch;
mod ordered;
pub mod store;
mod stream;

pub use ordered::{Step, run_ordered};
pub use stream::{Identified, Reports, stream_records, stream_until};
