//! `bingli deid`: what was given, without identifiers: text for text, records for records; or a search for what an output still holds.

mod audit;
mod sink;

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::Path;

use anyhow::{Context, bail};
use serde::Serialize;
use sha2::{Digest, Sha256};

use self::audit::Audit;
use self::sink::Sink;
use super::args::{Deidentify, Replace};
use super::output::Seal;
use super::{Outcome, output};
use crate::deidentify::key::Key;
use crate::deidentify::{Deidentifier, Identifier, Mode, Replacer, vault};
use crate::document::Document;
use crate::lexicon::Lexicon;
use crate::reading::Reader;
use crate::record::Redaction;
use crate::run::{Identified, Reports, stream_records};
use crate::span::{CodePoints, Span};

/// A document without its identifiers.
#[derive(Debug, Serialize)]
struct Cleaned {
    id: String,
    text: String,
    redactions: Vec<Redaction>,
    #[serde(flatten)]
    kept: BTreeMap<String, String>,
    /// Whether it came as a record.
    #[serde(skip)]
    is_record: bool,
    /// What was removed, for the vault.
    #[serde(skip)]
    removed: Vec<String>,
    /// Hash of the text as it came.
    #[serde(skip)]
    sha256: String,
}

impl Identified for Cleaned {
    fn id(&mut self) -> &mut String {
        &mut self.id
    }
}

/// Runs the verb.
pub fn run(verb: &Deidentify) -> anyhow::Result<Outcome> {
    if let Some(path) = &verb.open_vault {
        return open_vault(verb, path);
    }
    output::recipient(verb.encrypt_to.as_deref())?; // before any work: a recipient that is none, or a build that cannot encrypt
    let lexicon = match &verb.lexicon {
        None => Lexicon::embedded()?,
        Some(folder) => Lexicon::from_folder(folder).with_context(|| format!("--lexicon {}", folder.display()))?,
    };
    let cleaner = Cleaner::new(lexicon, verb)?;
    if verb.check { check(verb, &cleaner) } else { clean(verb, &cleaner) }
}

/// What is shared by the threads.
struct Cleaner {
    lexicon: Lexicon,
    reader: Reader,
    deidentifier: Deidentifier,
    replacer: Replacer,
    coarse: bool,
    ids: Option<Key>,
}

impl Cleaner {
    fn new(lexicon: Lexicon, verb: &Deidentify) -> anyhow::Result<Self> {
        let key = verb.key.as_deref().map(Key::read).transpose()?;
        let ids = verb.hash_ids.as_deref().map(Key::read).transpose()?;
        let mode = match verb.deid {
            Replace::Tag => Mode::Tag,
            Replace::Mask => Mode::Mask,
            Replace::Surrogate => Mode::Surrogate,
            Replace::Generalise => Mode::Generalise,
        };
        let replacer = Replacer::new(&lexicon, mode, key)?;
        Ok(Self { reader: Reader::new(&lexicon)?, deidentifier: Deidentifier::new(&lexicon)?, replacer, coarse: mode == Mode::Generalise, ids, lexicon })
    }

    fn find(&self, document: &Document) -> Vec<Identifier> {
        let reading = self.reader.read(&self.lexicon, document);
        let mut identifiers = self.deidentifier.find(&reading);
        if self.coarse {
            let ages: Vec<Identifier> =
                self.deidentifier.ages(&reading).into_iter().filter(|age| !identifiers.iter().any(|one| one.span.overlaps(age.span))).collect();
            identifiers.extend(ages);
            identifiers.sort_by_key(|identifier| identifier.span);
        }
        identifiers
    }

    fn id(&self, id: &str) -> String {
        self.ids.as_ref().map_or_else(|| id.to_string(), |key| key.id(id))
    }

    fn clean(&self, document: &Document) -> Cleaned {
        let identifiers = self.find(document);
        let (text, replacements) = self.replacer.replace(document, &identifiers);
        let points = CodePoints::new(&document.text);
        let redactions = replacements.iter().map(|replacement| {
            let Span { start, end } = replacement.identifier.span;
            Redaction {
                kind: replacement.identifier.kind,
                original_start: points.at(&document.text, start),
                original_end: points.at(&document.text, end),
                replacement: replacement.with.clone(),
            }
        });
        Cleaned {
            id: self.id(&document.id),
            redactions: redactions.collect(),
            kept: document.columns.clone(),
            is_record: document.is_record,
            removed: identifiers.iter().map(|identifier| identifier.span.of(&document.text).to_string()).collect(),
            sha256: hex(&Sha256::digest(document.text.as_bytes())),
            text,
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn clean(verb: &Deidentify, cleaner: &Cleaner) -> anyhow::Result<Outcome> {
    let inputs = verb.input.inputs(verb.keep.clone())?;
    let mut sink = Sink::open(verb)?;
    let mut audit = Audit::open(verb, cleaner)?;
    let mut vault = Vault::open(verb)?;
    let (mut done, mut failed) = (0usize, 0usize);
    stream_records(inputs, verb.jobs(), |document| cleaner.clean(document), &mut |report| {
        match report {
            Reports::Record(cleaned) => {
                done += 1;
                audit.as_mut().map_or(Ok(()), |audit| audit.count(&cleaned))?;
                vault.as_mut().map_or(Ok(()), |vault| vault.add(&cleaned))?;
                sink.write(&cleaned)?;
            }
            Reports::Failure(failure) => {
                failed += 1;
                eprintln!("bingli: {}: {} ({})", cleaner.id(&failure.source), failure.reason, failure.kind.name());
            }
            Reports::Warning(warning) => eprintln!("bingli: {warning}"),
        }
        Ok(())
    })?;
    sink.finish()?;
    vault.map_or(Ok(()), Vault::finish)?;
    audit.map_or(Ok(()), Audit::finish)?;
    Ok(outcome(done, failed))
}

const fn outcome(done: usize, failed: usize) -> Outcome {
    match (done, failed) {
        (_, 0) => Outcome::Done,
        (0, _) => Outcome::NothingRan,
        _ => Outcome::SomeFailed,
    }
}

/// Scans what was given out, and says kind and place of what is still there, without the text.
fn check(verb: &Deidentify, cleaner: &Cleaner) -> anyhow::Result<Outcome> {
    let inputs = verb.input.inputs(Vec::new())?;
    let mut out = output::open(verb.output.as_deref())?;
    let (mut left, mut failed) = (0usize, 0usize);
    stream_records(inputs, verb.jobs(), |document| cleaner.left(document), &mut |report: Reports<Left>| {
        match report {
            Reports::Record(found) => {
                for leak in &found.leaks {
                    left += 1;
                    serde_json::to_writer(
                        &mut out,
                        &serde_json::json!({ "id": found.id, "kind": leak.kind, "start": leak.original_start, "end": leak.original_end }),
                    )?;
                    out.write_all(b"\n")?;
                }
            }
            Reports::Failure(failure) => {
                failed += 1;
                eprintln!("bingli: {}: {} ({})", failure.source, failure.reason, failure.kind.name());
            }
            Reports::Warning(_) => {}
        }
        Ok(())
    })?;
    out.flush()?;
    eprintln!("bingli: {left} identifiers left");
    Ok(if left > 0 || failed > 0 { Outcome::SomeFailed } else { Outcome::Done })
}

/// What is still in an output.
struct Left {
    id: String,
    leaks: Vec<Redaction>,
}

impl Identified for Left {
    fn id(&mut self) -> &mut String {
        &mut self.id
    }
}

impl Cleaner {
    fn left(&self, document: &Document) -> Left {
        let points = CodePoints::new(&document.text);
        let leaks = self.find(document).into_iter().map(|identifier| Redaction {
            kind: identifier.kind,
            original_start: points.at(&document.text, identifier.span.start),
            original_end: points.at(&document.text, identifier.span.end),
            replacement: String::new(),
        });
        Left { id: self.id(&document.id), leaks: leaks.collect() }
    }
}

/// The mapping for re-identification: a line an identifier, encrypted as it is written.
struct Vault {
    out: Box<dyn Write + Send>,
    seal: Seal,
}

impl Vault {
    fn open(verb: &Deidentify) -> anyhow::Result<Option<Self>> {
        let Some(path) = &verb.vault else { return Ok(None) };
        let Some(recipient) = output::recipient(verb.encrypt_to.as_deref())? else {
            bail!("--vault: expected --encrypt-to RECIPIENT, found none; a mapping is only ever written encrypted");
        };
        let (out, seal) = output::sealed(Some(path), Some(&recipient))?;
        Ok(Some(Self { out, seal }))
    }

    fn add(&mut self, cleaned: &Cleaned) -> io::Result<()> {
        for (redaction, original) in cleaned.redactions.iter().zip(&cleaned.removed) {
            serde_json::to_writer(&mut self.out, &serde_json::json!({ "id": cleaned.id, "redaction": redaction, "original": original }))?;
            self.out.write_all(b"\n")?;
        }
        Ok(())
    }

    fn finish(mut self) -> io::Result<()> {
        self.out.flush()?;
        self.seal.close()
    }
}

/// Gives back the mapping of a vault; with a wrong identity nothing is written.
fn open_vault(verb: &Deidentify, path: &Path) -> anyhow::Result<Outcome> {
    let Some(identity) = &verb.identity else { bail!("--open-vault: expected --identity FILE, found none") };
    let sealed = fs::read(path).with_context(|| format!("--open-vault {}: cannot be read", path.display()))?;
    let mapping = vault::open(&sealed, identity)?;
    match &verb.output {
        Some(path) => output::private(path)?.write_all(&mapping)?,
        None => io::stdout().write_all(&mapping)?,
    }
    Ok(Outcome::Done)
}
