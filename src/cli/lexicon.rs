//! `bingli lexicon`: what is known, and whether a lexicon is well-formed.

use std::io::Write;
use std::sync::Arc;

use super::args::LexiconVerb;
use super::{Outcome, output};
use crate::deidentify::Deidentifier;
use crate::error::Error;
use crate::findings::Extractor;
use crate::lexicon::{Lexicon, problems};

/// Runs the verb.
pub fn run(verb: &LexiconVerb) -> anyhow::Result<Outcome> {
    match verb {
        LexiconVerb::List { folder, json } => {
            let vocabularies = Lexicon::files(folder.as_deref())?;
            let mut out = output::open(None)?;
            for vocabulary in &vocabularies {
                let forms: usize = vocabulary.entries.iter().map(|entry| entry.forms().count()).sum();
                if *json {
                    let line = serde_json::json!({"class": vocabulary.class, "file": vocabulary.file, "entries": vocabulary.entries.len(), "forms": forms, "description": vocabulary.description});
                    writeln!(out, "{line}")?;
                } else {
                    writeln!(
                        out,
                        "{:<28} {:>5} entries {:>6} forms  {}  {}",
                        vocabulary.class,
                        vocabulary.entries.len(),
                        forms,
                        vocabulary.file,
                        vocabulary.description
                    )?;
                }
            }
            out.flush()?;
            Ok(Outcome::Done)
        }
        LexiconVerb::Check { folder, json } => {
            let vocabularies = Lexicon::files(folder.as_deref())?;
            let mut found = problems(&vocabularies);
            let (files, entries) = (vocabularies.len(), vocabularies.iter().map(|vocabulary| vocabulary.entries.len()).sum::<usize>());
            // What the attributes mean is known to the stages: each says the first that it cannot use.
            match Lexicon::from_vocabularies(vocabularies).map(Arc::new) {
                Err(error) => found.push(error),
                Ok(lexicon) => {
                    found.extend(Extractor::new(Arc::clone(&lexicon)).err());
                    found.extend(Deidentifier::new(&lexicon).err());
                }
            }
            let mut out = output::open(None)?;
            for error in &found {
                match error {
                    Error::Lexicon { file, line, what } if *json => writeln!(out, "{}", serde_json::json!({"file": file, "line": line, "what": what}))?,
                    other => writeln!(out, "{other}")?,
                }
            }
            if !json {
                writeln!(out, "{files} files, {entries} entries, {} found wrong", found.len())?;
            }
            out.flush()?;
            Ok(if found.is_empty() { Outcome::Done } else { Outcome::SomeFailed })
        }
    }
}
