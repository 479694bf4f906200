//! `bingli extract`: every report of the inputs as a record.

use super::args::{Extract, Format};
use super::{Outcome, output};
use crate::run::{Reports, stream_records};
use crate::write::{Jsonl, RecordWriter};

/// Runs the verb.
pub fn run(verb: &Extract) -> anyhow::Result<Outcome> {
    let inputs = verb.input.inputs(Vec::new())?;
    let pipeline = verb.work.pipeline()?;
    let out = output::open(verb.output.as_deref())?;
    let mut writer: Box<dyn RecordWriter> = match verb.format {
        Format::Jsonl => Box::new(Jsonl::new(out)),
    };
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
    Ok(match (done, failed) {
        (_, 0) => Outcome::Done,
        (0, _) => Outcome::NothingRan,
        _ => Outcome::SomeFailed,
    })
}
