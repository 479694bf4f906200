//! `bingli extract`: every report of the inputs as a record.

use super::args::Extract;
use super::{Outcome, format};
use crate::run::{Reports, stream_records};

/// Runs the verb.
pub fn run(verb: &Extract) -> anyhow::Result<Outcome> {
    let inputs = verb.input.inputs(Vec::new())?;
    let pipeline = verb.work.pipeline_with_text(verb.work.with_text || verb.format.needs_text())?;
    let (mut writer, seal) = format::writer(verb)?;
    let mut failed = 0usize;
    let mut done = 0usize;
    stream_records(inputs, verb.work.jobs(), |document| pipeline.record(document), &mut |report| {
        match report {
            Reports::Record(record) => {
                done += 1;
                writer.write(&record)?;
            }
            Reports::Failure(failure) => {
                failed += 1;
                eprintln!("bingli: {}: {} ({})", pipeline.name(&failure.source), failure.reason, failure.kind.name());
            }
            Reports::Warning(warning) => eprintln!("bingli: {warning}"),
        }
        Ok(())
    })?;
    writer.finish()?;
    seal.close()?;
    Ok(match (done, failed) {
        (_, 0) => Outcome::Done,
        (0, _) => Outcome::NothingRan,
        _ => Outcome::SomeFailed,
    })
}
