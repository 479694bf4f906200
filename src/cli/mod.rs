//! The command line: what was typed ([`args`]) is turned into what is built in `input` and `output`; one verb a file.
//!
//! Results go to standard output, everything else to standard error. Exit codes: 0 all done, 1 some reports failed, 2 nothing could run.
//! A closed pipe is success. No message holds report text.

mod about;
pub mod args;
mod batch;
mod card;
mod classify;
mod compare;
mod config;
mod deid;
mod evaluate;
mod extract;
mod format;
mod input;
mod learn;
mod lexicon;
mod model;
mod output;
mod records;
mod several;
mod stop;
mod train;
mod ways;

use std::process::ExitCode;

use clap::Parser;

/// What a verb came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Every report was done.
    Done,
    /// Some reports failed.
    SomeFailed,
    /// No report could be done.
    NothingRan,
}

/// Runs the program on the arguments it was started with.
pub fn main() -> ExitCode {
    // What a panic says may hold a slice of a report; its place is enough to mend it.
    std::panic::set_hook(Box::new(|defect| {
        let place = defect.location().map_or_else(String::new, |at| format!(" at {}:{}", at.file(), at.line()));
        eprintln!("bingli: a defect of this program{place}");
    }));
    let typed = match config::with_settings(std::env::args_os().collect()) {
        Ok(typed) => typed,
        Err(error) => {
            eprintln!("bingli: {error:#}");
            return ExitCode::from(2);
        }
    };
    let arguments = args::Arguments::parse_from(typed);
    let result = match arguments.verb {
        args::Verb::Batch(verb) => batch::run(&verb),
        args::Verb::Lexicon(verb) => lexicon::run(&verb),
        args::Verb::Extract(verb) => extract::run(&verb),
        args::Verb::Classify(verb) => classify::run(&verb),
        args::Verb::Compare(verb) => compare::run(&verb),
        args::Verb::Deid(verb) => deid::run(&verb),
        args::Verb::Evaluate(verb) => evaluate::run(&verb),
        args::Verb::Train(verb) => train::run(&verb),
        args::Verb::Model(verb) => model::run(&verb),
        args::Verb::Completions(verb) => about::completions(&verb),
        args::Verb::Man(verb) => about::man(&verb),
    };
    match result {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::SomeFailed) => ExitCode::from(1),
        Ok(Outcome::NothingRan) => ExitCode::from(2),
        Err(error) if output::is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bingli: {error:#}");
            ExitCode::from(2)
        }
    }
}
