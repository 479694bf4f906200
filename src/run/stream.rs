//! From inputs to records in order: the reader's pieces are parsed and structured on all threads; ids that come twice are told apart
//! and failures take their place in the order.

use std::collections::HashMap;
use std::hash::Hasher;
use std::io;
use std::sync::atomic::AtomicBool;

use super::ordered::{Step, run_ordered};
use crate::document::Document;
use crate::error::FailureKind;
use crate::hash::Fnv;
use crate::read::{Failure, Inputs};
use crate::record::Record;

/// What comes out of a run, in the order of the inputs.
#[derive(Debug)]
pub enum Reports<T = Record> {
    /// A report that was structured.
    Record(Box<T>),
    /// A report that failed.
    Failure(Failure),
    /// Something to know that harms no report.
    Warning(String),
}

/// What is made of a report and carries its id.
pub trait Identified: Send {
    /// The id, which may be given a number where it came before.
    fn id(&mut self) -> &mut String;
}

impl Identified for Record {
    fn id(&mut self) -> &mut String {
        &mut self.id
    }
}

/// Structures every report of the inputs and hands the results to `collect` in order.
///
/// # Errors
/// The first error that `collect` returns; the run ends there.
pub fn stream_records<T: Identified>(
    inputs: Inputs,
    jobs: usize,
    structure: impl Fn(&Document) -> T + Sync,
    collect: &mut dyn FnMut(Reports<T>) -> io::Result<()>,
) -> io::Result<()> {
    stream_until(&AtomicBool::new(false), inputs, jobs, structure, collect)
}

/// The same until `stop` becomes true: then no further report is read, and those under way are finished.
///
/// # Errors
/// The first error that `collect` returns; the run ends there.
pub fn stream_until<T: Identified>(
    stop: &AtomicBool,
    inputs: Inputs,
    jobs: usize,
    structure: impl Fn(&Document) -> T + Sync,
    collect: &mut dyn FnMut(Reports<T>) -> io::Result<()>,
) -> io::Result<()> {
    let parser = inputs.parser();
    let mut seen = Seen::default();
    let mut result = Ok(());
    let place = |piece: &Result<crate::read::Raw, Failure>| match piece {
        Ok(raw) => (raw.id.clone(), raw.source.clone()),
        Err(failure) => (failure.id.clone(), failure.source.clone()),
    };
    let work = |piece: Result<crate::read::Raw, Failure>| match piece {
        Ok(raw) => parser.parse(raw).into_iter().map(|document| document.map(|document| Box::new(structure(&document)))).collect(),
        Err(failure) => vec![Err(failure)],
    };
    let lost = |(id, source): (String, String)| {
        vec![Err(Failure::new(id, source, FailureKind::Internal, "expected a record, found a defect of this program; the report was left out"))]
    };
    run_ordered(inputs.open(), jobs, stop, place, work, lost, |reports: Vec<Result<Box<T>, Failure>>| {
        for report in reports {
            let step = match report {
                Ok(mut record) => {
                    seen.tell_apart(record.id()).map_or(Ok(()), |warning| collect(Reports::Warning(warning))).and_then(|()| collect(Reports::Record(record)))
                }
                Err(failure) => collect(Reports::Failure(failure)),
            };
            if let Err(error) = step {
                result = Err(error);
                return Step::Stop;
            }
        }
        Step::Continue
    });
    result
}

/// Ids seen so far, as hashes: sixteen bytes a report.
#[derive(Debug, Default)]
pub(super) struct Seen(HashMap<u64, u32>);

impl Seen {
    /// Gives a repeated id a number (`~2`, `~3`) and says so.
    pub(super) fn tell_apart(&mut self, id: &mut String) -> Option<String> {
        let count = self.count(id);
        if count == 1 {
            return None;
        }
        let mut number = count;
        let mut name = format!("{id}~{number}");
        while self.count(&name) > 1 {
            number += 1;
            name = format!("{id}~{number}");
        }
        let warning = format!("an id that comes for the {count}. time; this one is written as `~{number}`");
        *id = name;
        Some(warning)
    }

    fn count(&mut self, id: &str) -> u32 {
        let mut hash = Fnv::default();
        hash.write(id.as_bytes());
        let count = self.0.entry(hash.finish()).or_insert(0);
        *count += 1;
        *count
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeated_ids_are_numbered_without_hitting_a_given_one() {
        let mut seen = Seen::default();
        let ids: Vec<String> = ["a", "a~2", "a", "a"]
            .iter()
            .map(|id| {
                let mut id = (*id).to_string();
                seen.tell_apart(&mut id);
                id
            })
            .collect();
        assert_eq!(ids, ["a", "a~2", "a~3", "a~4"]);
    }
}
