//! `bingli batch`: the main job.

use std::io::IsTerminal;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use super::args::Batch as Typed;
use super::{Outcome, learn, stop};
use crate::lexicon::{Entry, Lexicon};
use crate::models::label::Asked;
use crate::run::batch::Batch;
use crate::tally::Counts;
use crate::write::report;

/// Runs the verb.
pub fn run(verb: &Typed) -> anyhow::Result<Outcome> {
    let stop = stop::on_signal()?;
    let model = learn::model_or_demo(verb.model.as_deref())?;
    let columns = model.manifest.training.numeric.iter().chain(&model.manifest.training.categorical).cloned().collect();
    let pipeline = verb.work.pipeline()?;
    learn::warn_of_mismatch(&model, &pipeline.lexicon().hash());
    let pipeline = pipeline.with_model(model, Asked { abstain: verb.abstain, explain: verb.explain, coverage: verb.coverage })?;
    let batch = Batch {
        inputs: verb.input.inputs(columns)?,
        folder: &verb.output,
        jobs: verb.work.jobs(),
        resume: verb.resume,
        bom: verb.bom,
        stop: &stop,
        fingerprint: pipeline.fingerprint(),
        name: &|name| pipeline.name(name),
    };
    let analytes = names(pipeline.lexicon())?;
    let terminal = std::io::stderr().is_terminal();
    let expected = Arc::new(AtomicU64::new(0));
    if terminal {
        count_files(verb.input.inputs.clone(), Arc::clone(&expected));
    }
    let started = Instant::now();
    let mut last = started;
    let mut progress = |counts: &Counts, failure: Option<&crate::read::Failure>| {
        if let Some(failure) = failure {
            eprintln!("bingli: {}: {} ({})", failure.source, failure.reason, failure.kind.name());
        }
        if terminal && last.elapsed().as_millis() > 200 {
            last = Instant::now();
            eprint!("\r\x1b[K{}", state(counts, started.elapsed().as_secs_f64(), expected.load(Ordering::Relaxed)));
        }
    };
    let counts =
        batch.run(&|document| pipeline.record(document), &|tally, folder, counts| report(tally, folder, counts, &analytes), &mut progress, &mut |warning| {
            eprintln!("bingli: {warning}")
        })?;
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

/// For each analyte its names in English and Chinese.
fn names(lexicon: &Lexicon) -> anyhow::Result<serde_json::Value> {
    let entries = &lexicon.vocabulary(lexicon.class("analyte")?).entries;
    let both = |entry: &Entry| {
        let english = entry.text("name").map(str::to_string).or_else(|| entry.en().next().map(str::to_string)).unwrap_or_else(|| entry.id().to_string());
        let chinese = entry.zh().next().map(str::to_string).unwrap_or_else(|| english.clone());
        (entry.id().to_string(), serde_json::json!([english, chinese]))
    };
    Ok(serde_json::Value::Object(entries.iter().map(both).collect()))
}

/// What is shown while a batch runs: how far, how fast, and how much longer where the number of files is known.
fn state(counts: &Counts, seconds: f64, expected: u64) -> String {
    let seen = counts.done + counts.failed;
    let rate = seen as f64 / seconds.max(1e-3);
    let left = if expected > seen && rate > 0.0 {
        let left = ((expected - seen) as f64 / rate).ceil() as u64;
        format!(", {}:{:02} left of {expected} files", left / 60, left % 60)
    } else {
        String::new()
    };
    format!("{} reports, {} failed, {rate:.0} a second{left} ", counts.done, counts.failed)
}

/// Counts the files below the inputs on a thread of its own; says nothing where a file may hold more than one report.
fn count_files(inputs: Vec<PathBuf>, expected: Arc<AtomicU64>) {
    const ONE_REPORT: [&str; 7] = ["txt", "text", "docx", "pdf", "html", "htm", "xml"];
    std::thread::spawn(move || {
        let mut count = 0u64;
        for file in inputs.iter().flat_map(|path| walkdir::WalkDir::new(path).into_iter().flatten()).filter(|entry| entry.file_type().is_file()) {
            if !file.path().extension().is_none_or(|kind| ONE_REPORT.iter().any(|known| kind.eq_ignore_ascii_case(known))) {
                return;
            }
            count += 1;
        }
        expected.store(count, Ordering::Relaxed);
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_left_is_said_where_the_number_of_files_is_known() {
        let counts = Counts { done: 90, failed: 10, ..Counts::default() };
        assert_eq!(state(&counts, 10.0, 2_000), "90 reports, 10 failed, 10 a second, 3:10 left of 2000 files ");
        assert_eq!(state(&counts, 10.0, 0), "90 reports, 10 failed, 10 a second ");
    }
}
