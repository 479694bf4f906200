//! `bingli classify`: labels new reports by a model.

use super::args::Classify;
use super::{Outcome, learn, output, records};
use crate::models::label::Asked;
use crate::write::Jsonl;

/// Runs the verb.
pub fn run(verb: &Classify) -> anyhow::Result<Outcome> {
    let model = learn::model_or_demo(verb.model.as_deref())?;
    let columns = model.manifest.training.numeric.iter().chain(&model.manifest.training.categorical).cloned().collect();
    let inputs = verb.input.inputs(columns)?;
    let pipeline = verb.work.pipeline()?;
    learn::warn_of_mismatch(&model, &pipeline.lexicon().hash());
    let pipeline = pipeline.with_model(model, Asked { abstain: verb.abstain, coverage: verb.coverage, explain: verb.explain })?;
    let recipient = output::recipient(verb.encrypt_to.as_deref())?;
    let (out, seal) = output::sealed(verb.output.as_deref(), recipient.as_ref())?;
    records::write(inputs, pipeline, verb.work.jobs(), Box::new(Jsonl::new(out)), seal, verb.output.as_deref())
}
