//! The text of a PDF, by the program `pdftotext` of poppler where it is installed: started without a shell, given the bytes on its
//! standard input, ended when it takes too long or says too much. A page that is only a picture fails the report: part of it would be lost.

use std::fs::File;
use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::archive::Held;
use crate::error::FailureKind;

/// How long a document may take.
const TIME: Duration = Duration::from_secs(60);
const LOOK: Duration = Duration::from_millis(4);

type Failed = (FailureKind, String);

/// The text of a PDF that holds at most `limit` bytes of it.
///
/// # Errors
/// What kind of failure, and what was found.
pub(super) fn text(held: &Held, limit: usize) -> Result<String, Failed> {
    let (bytes, complaint, succeeded) = run("pdftotext", &["-layout", "-enc", "UTF-8", "-", "-"], held, limit)?;
    if !succeeded {
        return Err(if complaint.contains("password") || complaint.contains("encrypted") {
            (FailureKind::Encrypted, "expected a PDF without a password, found an encrypted one".into())
        } else if complaint.contains("not allowed") {
            (FailureKind::Encrypted, "expected a PDF whose text may be copied, found one that forbids it".into())
        } else {
            (FailureKind::Damaged, "expected a PDF, found a damaged one".into())
        });
    }
    let text = String::from_utf8(bytes).map_err(|_| (FailureKind::Undecodable, "expected UTF-8 of pdftotext, found other bytes".to_string()))?;
    let pages: Vec<&str> = text.strip_suffix('\u{C}').unwrap_or(&text).split('\u{C}').collect();
    for (index, page) in pages.iter().enumerate() {
        if page.trim().is_empty() && has_picture(held, index + 1, limit) {
            let what = format!("page {} of {}: expected text, found only a picture; its text must be recognised first", index + 1, pages.len());
            return Err((FailureKind::NoText, what));
        }
    }
    if pages.iter().all(|page| page.trim().is_empty()) {
        return Err((FailureKind::NoText, "expected text, found blank pages".into()));
    }
    Ok(pages.iter().map(|page| super::typeset::page(page)).collect::<Vec<_>>().join("\n"))
}

/// Whether a page shows a picture; where that cannot be told, it is taken for one.
fn has_picture(held: &Held, page: usize, limit: usize) -> bool {
    let page = page.to_string();
    match run("pdfimages", &["-list", "-f", &page, "-l", &page, "-"], held, limit) {
        // Two lines of head.
        Ok((list, _, true)) => list.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).count() > 2,
        _ => true,
    }
}

/// What a program says to bytes: its output, the start of its complaints, and whether it succeeded.
fn run(program: &str, arguments: &[&str], held: &Held, limit: usize) -> Result<(Vec<u8>, String, bool), Failed> {
    let input = match held {
        Held::Path(path) => Stdio::from(File::open(path).map_err(|error| (FailureKind::Unreadable, error.to_string()))?),
        Held::Memory(_) => Stdio::piped(),
    };
    let started = Command::new(program).args(arguments).stdin(input).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let mut child = match started {
        Ok(child) => child,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let what = format!("expected the program {program} to read a PDF, found none; install poppler-utils");
            return Err((FailureKind::Unsupported, what));
        }
        Err(error) => return Err((FailureKind::Unsupported, format!("expected {program} to start, found: {error}"))),
    };
    let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    thread::scope(|scope| {
        if let (Some(mut stdin), Held::Memory(bytes)) = (stdin, held) {
            // The program may stop reading before the end.
            scope.spawn(move || stdin.write_all(bytes).ok());
        }
        let output = scope.spawn(move || {
            let mut bytes = Vec::new();
            let read = stdout.map(|stdout| stdout.take(limit as u64 + 1).read_to_end(&mut bytes));
            read.and_then(Result::ok).map(|_| bytes)
        });
        let complaint = scope.spawn(move || {
            let mut bytes = Vec::new();
            let Some(mut stderr) = stderr else { return String::new() };
            let _ = stderr.by_ref().take(4096).read_to_end(&mut bytes);
            let _ = std::io::copy(&mut stderr, &mut std::io::sink());
            String::from_utf8_lossy(&bytes).to_lowercase()
        });
        let succeeded = wait(&mut child, || output.is_finished());
        let output = output.join().ok().flatten().unwrap_or_default();
        let complaint = complaint.join().unwrap_or_default();
        if output.len() > limit {
            return Err((FailureKind::TooLarge, format!("expected at most {limit} bytes a report, found more")));
        }
        match succeeded {
            Some(succeeded) => Ok((output, complaint, succeeded)),
            None => Err((FailureKind::Limit, format!("expected {program} to be done in {} seconds, found it at work", TIME.as_secs()))),
        }
    })
}

/// Waits for a program's end; one that takes too long, or whose output is no longer read, is ended.
fn wait(child: &mut Child, output_done: impl Fn() -> bool) -> Option<bool> {
    let started = Instant::now();
    let mut since_done: Option<Instant> = None;
    loop {
        if let Ok(Some(status)) = child.try_wait() {
            return Some(status.success());
        }
        if output_done() && since_done.is_none() {
            since_done = Some(Instant::now());
        }
        let idle = since_done.is_some_and(|since| since.elapsed() > Duration::from_secs(5));
        if started.elapsed() > TIME || idle {
            let _ = child.kill();
            let _ = child.wait();
            return idle.then_some(false);
        }
        thread::sleep(LOOK);
    }
}
