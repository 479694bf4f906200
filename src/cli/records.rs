//! What `extract` and `classify` share: every report of the inputs through a pipeline into one writer, with what failed said on standard error.

use std::mem::ManuallyDrop;
use std::path::Path;
use std::sync::atomic::Ordering;

use super::output::Seal;
use super::{Outcome, stop};
use crate::pipeline::Pipeline;
use crate::read::Inputs;
use crate::run::{Reports, stream_until};
use crate::write::RecordWriter;

/// Writes the record of every report; `output` is the file that is named where the run is interrupted.
pub fn write(inputs: Inputs, pipeline: Pipeline, jobs: usize, mut writer: Box<dyn RecordWriter>, seal: Seal, output: Option<&Path>) -> anyhow::Result<Outcome> {
    // It lives as long as the program: to take it apart at the end would cost what a hundred reports do.
    let pipeline = ManuallyDrop::new(pipeline);
    let (mut done, mut failed) = (0usize, 0usize);
    let stop = stop::on_signal_unless_typed(&inputs.paths)?;
    stream_until(&stop, inputs, jobs, |document| pipeline.record(document), &mut |report| {
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
        stop::say_interrupted(done, output);
        return Ok(Outcome::SomeFailed);
    }
    seal.close()?;
    Ok(match (done, failed) {
        (_, 0) => Outcome::Done,
        (0, _) => Outcome::NothingRan,
        _ => Outcome::SomeFailed,
    })
}
