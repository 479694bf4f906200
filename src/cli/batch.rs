//! `bingli batch`: the main job.

use std::io::IsTerminal;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use super::Outcome;
use super::args::Batch as Typed;
use crate::run::batch::Batch;
use crate::tally::Counts;
use crate::write::report;

/// Runs the verb.
pub fn run(verb: &Typed) -> anyhow::Result<Outcome> {
    let stop = Arc::new(AtomicBool::new(false));
    for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
        // The second signal ends the program at once, in the usual way.
        signal_hook::flag::register_conditional_default(signal, Arc::clone(&stop))?;
        signal_hook::flag::register(signal, Arc::clone(&stop))?;
    }
    let pipeline = verb.work.pipeline()?;
    let batch = Batch {
        inputs: verb.input.inputs(Vec::new())?,
        folder: &verb.output,
        jobs: verb.work.jobs(),
        resume: verb.resume,
        bom: verb.bom,
        stop: &stop,
        fingerprint: pipeline.fingerprint(),
        name: &|name| pipeline.name(name),
    };
    let terminal = std::io::stderr().is_terminal();
    let started = Instant::now();
    let mut last = started;
    let mut progress = |counts: &Counts, failure: Option<&crate::read::Failure>| {
        if let Some(failure) = failure {
            eprintln!("bingli: {}: {} ({})", failure.source, failure.reason, failure.kind.name());
        }
        if terminal && last.elapsed().as_millis() > 200 {
            last = Instant::now();
            let rate = counts.done as f64 / started.elapsed().as_secs_f64();
            eprint!("\r{} reports, {} failed, {rate:.0} a second ", counts.done, counts.failed);
        }
    };
    let counts = batch.run(&|document| pipeline.record(document), &report, &mut progress, &mut |warning| eprintln!("bingli: {warning}"))?;
    if terminal {
        eprintln!();
    }
    let taken_over = if counts.taken_over > 0 { format!(" ({} taken over from an earlier run)", counts.taken_over) } else { String::new() };
    eprintln!("bingli: {} reports done{taken_over}, {} failed; outputs in {}", counts.done, counts.failed, verb.output.display());
    if counts.interrupted {
        eprintln!("bingli: ended early by a signal; what is done is kept, and the same command with --resume goes on from there");
        return Ok(Outcome::SomeFailed);
    }
    Ok(match (counts.done, counts.failed) {
        (_, 0) => Outcome::Done,
        (0, _) => Outcome::NothingRan,
        _ => Outcome::SomeFailed,
    })
}
