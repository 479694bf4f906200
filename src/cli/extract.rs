//! `bingli extract`: every report of the inputs as a record.

use super::args::Extract;
use super::{Outcome, format, records};

/// Runs the verb.
pub fn run(verb: &Extract) -> anyhow::Result<Outcome> {
    let inputs = verb.input.inputs(Vec::new())?;
    let pipeline = verb.work.pipeline_with_text(verb.work.with_text || verb.format.needs_text())?;
    let (writer, seal) = format::writer(verb)?;
    records::write(inputs, pipeline, verb.work.jobs(), writer, seal, verb.output.as_deref())
}
