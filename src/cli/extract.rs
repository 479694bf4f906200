//! `bingli extract`: every report of the inputs as a record.

use std::mem::ManuallyDrop;
use std::sync::atomic::Ordering;

use super::args::Extract;
use super::{Outcome, format, stop};
use crate::run::{Reports, stream_until};

/// Runs the verb.
pub fn run(verb: &Extract) -> anyhow::Result<Outcome> {
    let inputs = verb.input.inputs(Vec::new())?;
    // It lives as long as the program: to take it apart at the end would cost what a hundred reports do.
    let pipeline = ManuallyDrop::new(verb.work.pipeline_with_text(verb.work.with_text || verb.format.needs_text())?);
    let (mut writer, seal) = format::writer(verb)?;
    let mut failed = 0usize;
    let mut done = 0usize;
    let stop = stop::on_signal_unless_typed(&inputs.paths)?;
    stream_until(&stop, inputs, verb.work.jobs(), |document| pipeline.record(document), &mut |report| {
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
    if stop.load(Ordering::Relaxed) {
        stop::say_interrupted(done, verb.output.as_deref());
        return Ok(Outcome::SomeFailed);
    }
    seal.close()?;
    Ok(match (done, failed) {
        (_, 0) => Outcome::Done,
        (0, _) => Outcome::NothingRan,
        _ => Outcome::SomeFailed,
    })
}
