//! The main job: every report of the inputs into all outputs of a folder, ordered, bounded in memory, and safe to kill.
//!
//! Workers render a report into the bytes of every output; the collector only appends them to the [`Store`]. With `resume`, a report
//! whose key is known is copied from the earlier run. Nothing here knows what a finding is.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use sha2::{Digest, Sha256};

use super::ordered::{Step, run_ordered};
use super::store::{Key, Known, OpenError, Pieces, Store};
use super::stream::Seen;
use crate::document::Document;
use crate::error::FailureKind;
use crate::read::{Failure, Inputs, Raw};
use crate::record::Record;
use crate::tally::{Counts, Tally};
use crate::write::{TABLES, csv_header, csv_rows, page, page_name};

/// The outputs of a report, in the order of its pieces; a name with an underscore stays inside `.bingli`.
pub const OUTPUTS: [&str; 7] = ["reports.jsonl", "labs.csv", "findings.csv", "summary.csv", "failures.jsonl", "_tallies.jsonl", "_pages.jsonl"];
const FAILURES: usize = 4;
const TALLIES: usize = 5;

/// What a batch does.
pub struct Batch<'a> {
    /// What to read.
    pub inputs: Inputs,
    /// The output folder.
    pub folder: &'a Path,
    /// Threads.
    pub jobs: usize,
    /// Take over what an earlier run in the folder did.
    pub resume: bool,
    /// Write a byte order mark before tables.
    pub bom: bool,
    /// Set from outside to end the run early.
    pub stop: &'a AtomicBool,
    /// Everything that decides what is made of a report, beside its content.
    pub fingerprint: String,
    /// An id or a source as it is given out.
    pub name: &'a dyn Fn(&str) -> String,
}

/// Why a batch could not run.
#[derive(Debug, thiserror::Error)]
pub enum BatchError {
    /// The output folder cannot be used.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// An output could not be written; what was done is kept for `--resume`.
    #[error("{0}: {1}")]
    Output(PathBuf, io::Error),
}

/// A report on its way to the collector.
enum Outcome {
    Rendered { document: Box<Document>, key: Key, pieces: Pieces, taken_over: bool },
    Failed(Failure),
}

impl Batch<'_> {
    /// Runs it. `progress` is told after each report; `warn` gets what harms no report.
    ///
    /// # Errors
    /// Where the folder is not to be had or an output cannot be written.
    pub fn run(
        self,
        structure: &(dyn Fn(&Document) -> Record + Sync),
        html: &dyn Fn(&Tally, &Path, &Counts) -> io::Result<u64>,
        progress: &mut dyn FnMut(&Counts, Option<&Failure>),
        warn: &mut dyn FnMut(String),
    ) -> Result<Counts, BatchError> {
        let Batch { inputs, folder, jobs, resume, bom, stop, fingerprint, name } = self;
        let fail = |error| BatchError::Output(folder.to_path_buf(), error);
        std::fs::create_dir_all(folder).map_err(fail)?;
        let (mut store, known) = Store::open(folder, &OUTPUTS, resume)?;
        for (index, (_, table)) in TABLES.into_iter().enumerate() {
            store.preamble(index + 1, &csv_header(table, bom)).map_err(fail)?;
        }
        let worker = Worker { parser: inputs.parser(), known: &known, structure, fingerprint: &fingerprint };
        let mut seen = Seen::default();
        let mut tally = Tally::default();
        let mut counts = Counts::default();
        let mut result = Ok(());
        run_ordered(
            inputs.open(),
            jobs,
            stop,
            place,
            |piece| worker.work(piece),
            lost,
            |outcomes: Vec<Outcome>| {
                for outcome in outcomes {
                    let written = match outcome {
                        Outcome::Failed(failure) => {
                            let failure = Failure { id: name(&failure.id), source: name(&failure.source), ..failure };
                            counts.failed += 1;
                            tally.count("reports", "failed");
                            tally.count("failures", failure.kind.name());
                            let written = store.add(None, &failed(&failure));
                            progress(&counts, Some(&failure));
                            written
                        }
                        Outcome::Rendered { mut document, mut key, mut pieces, mut taken_over } => {
                            if let Some(warning) = seen.tell_apart(&mut document.id) {
                                warn(format!("{}: {warning}", name(&document.source)));
                                (key, pieces, taken_over) = worker.render(&document);
                            }
                            counts.done += 1;
                            counts.taken_over += u64::from(taken_over);
                            if let Ok(own) = serde_json::from_slice::<Tally>(&pieces[TALLIES]) {
                                tally.add(&own);
                            }
                            let written = store.add(Some(&key), &pieces);
                            progress(&counts, None);
                            written
                        }
                    };
                    if let Err(error) = written {
                        result = Err(error);
                        return Step::Stop;
                    }
                }
                Step::Continue
            },
        );
        result.map_err(fail)?;
        store.flush().map_err(fail)?;
        counts.interrupted = stop.load(Ordering::Relaxed);
        if counts.interrupted {
            return Ok(counts);
        }
        let pages = html(&tally, &store.generation(), &counts).map_err(fail)?;
        store.publish(&[("summary.json", summary_json(&tally, &counts))]).map_err(fail)?;
        // Pages of an earlier, larger run would show reports that are no longer in the outputs.
        for stale in (pages + 1..).map(|page| folder.join(page_name(page))).take_while(|path| path.exists()) {
            std::fs::remove_file(stale).map_err(fail)?;
        }
        Ok(counts)
    }
}

struct Worker<'a> {
    parser: crate::read::parse::Parser,
    known: &'a Known,
    structure: &'a (dyn Fn(&Document) -> Record + Sync),
    fingerprint: &'a str,
}

impl Worker<'_> {
    fn work(&self, piece: Result<Raw, Failure>) -> Vec<Outcome> {
        let raw = match piece {
            Ok(raw) => raw,
            Err(failure) => return vec![Outcome::Failed(failure)],
        };
        let outcome = |document: Result<Document, Failure>| match document {
            Ok(document) => {
                let (key, pieces, taken_over) = self.render(&document);
                Outcome::Rendered { document: Box::new(document), key, pieces, taken_over }
            }
            Err(failure) => Outcome::Failed(failure),
        };
        self.parser.parse(raw).into_iter().map(outcome).collect()
    }

    /// The bytes of a document in every output, and whether an earlier run made them.
    fn render(&self, document: &Document) -> (Key, Pieces, bool) {
        let key = key_of(document, self.fingerprint);
        if let Ok(Some(pieces)) = self.known.pieces(&key) {
            return (key, pieces, true);
        }
        let record = (self.structure)(document);
        let tally = Tally::of(&record);
        let mut line = serde_json::to_vec(&record).unwrap_or_default();
        line.push(b'\n');
        let [labs, findings, summary] = TABLES.map(|(_, table)| csv_rows(table, &record));
        let mut tallies = serde_json::to_vec(&tally).unwrap_or_default();
        tallies.push(b'\n');
        let pieces = vec![line, labs, findings, summary, Vec::new(), tallies, page(&record)];
        (key, pieces, false)
    }
}

/// The pieces of a failure: a line of `failures.jsonl`, nothing elsewhere.
fn failed(failure: &Failure) -> Pieces {
    let mut pieces = vec![Vec::new(); OUTPUTS.len()];
    pieces[FAILURES] = serde_json::to_vec(failure).unwrap_or_default();
    pieces[FAILURES].push(b'\n');
    pieces
}

fn place(piece: &Result<Raw, Failure>) -> (String, String) {
    match piece {
        Ok(raw) => (raw.id.clone(), raw.source.clone()),
        Err(failure) => (failure.id.clone(), failure.source.clone()),
    }
}

fn lost((id, source): (String, String)) -> Vec<Outcome> {
    vec![Outcome::Failed(Failure::new(id, source, FailureKind::Internal, "expected a record, found a defect of this program; the report was left out"))]
}

/// Hash of everything a record is made of.
fn key_of(document: &Document, fingerprint: &str) -> Key {
    let mut hash = Sha256::new();
    let mut part = |bytes: &[u8]| {
        hash.update((bytes.len() as u64).to_le_bytes());
        hash.update(bytes);
    };
    part(fingerprint.as_bytes());
    part(document.id.as_bytes());
    part(document.source.as_bytes());
    part(document.encoding.as_bytes());
    part(document.text.as_bytes());
    part(format!("{:?}{:?}{:?}", document.meta, document.columns, document.results).as_bytes());
    let mut key = Key::default();
    key.copy_from_slice(&hash.finalize()[..16]);
    key
}

fn summary_json(tally: &Tally, counts: &Counts) -> Vec<u8> {
    let mut object = serde_json::Map::new();
    object.insert("schema".into(), crate::record::SCHEMA.into());
    object.insert("version".into(), crate::pipeline::VERSION.into());
    object.extend(tally.json());
    let reports = object.entry("reports").or_insert_with(|| serde_json::json!({}));
    if let Some(reports) = reports.as_object_mut() {
        reports.insert("done".into(), counts.done.into());
        reports.insert("failed".into(), counts.failed.into());
    }
    let mut bytes = serde_json::to_vec_pretty(&object).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}
