//! `bingli classify`: labels new reports by a model.

use std::mem::ManuallyDrop;
use std::sync::atomic::Ordering;

use super::args::Classify;
use super::{Outcome, learn, output, stop};
use crate::models::label::Asked;
use crate::run::{Reports, stream_until};
use crate::write::{Jsonl, RecordWriter};

/// Runs the verb.
pub fn run(verb: &Classify) -> anyhow::Result<Outcome> {
    let model = learn::model_or_demo(verb.model.as_deref())?;
    let columns = model.manifest.training.numeric.iter().chain(&model.manifest.training.categorical).cloned().collect();
    let inputs = verb.input.inputs(columns)?;
    let pipeline = verb.work.pipeline()?;
    learn::warn_of_mismatch(&model, &pipeline.lexicon().hash());
    // It lives as long as the program: to take it apart at the end would cost what a hundred reports do.
    let pipeline = ManuallyDrop::new(pipeline.with_model(model, Asked { abstain: verb.abstain, coverage: verb.coverage, explain: verb.explain })?);
    let recipient = output::recipient(verb.encrypt_to.as_deref())?;
    let (out, seal) = output::sealed(verb.output.as_deref(), recipient.as_ref())?;
    let mut writer = Jsonl::new(out);
    let (mut done, mut failed) = (0usize, 0usize);
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
