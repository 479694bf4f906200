//! From the format that was typed to the writer of its files.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use anyhow::{Context, bail};

use super::args::{Extract, Format, Table};
use super::output::{self, Seal};
use crate::write::{Brat, Csv, Fhir, Jsonl, Omop, RecordWriter, TABLES, create};

/// The writer of what was asked for.
///
/// # Errors
/// Where the output cannot be made, or a format of many files was given no folder.
pub fn writer(verb: &Extract) -> anyhow::Result<(Box<dyn RecordWriter>, Seal)> {
    let path = verb.output.as_deref();
    let recipient = output::recipient(verb.encrypt_to.as_deref())?;
    if recipient.is_some() && !is_stream(verb, path) {
        bail!("--encrypt-to: expected a format that is one stream (jsonl, fhir, or one table of csv), found one of several files");
    }
    if !is_stream(verb, path) {
        return Ok((files(verb, path)?, Seal::none()));
    }
    let (out, seal) = output::sealed(path, recipient.as_ref())?;
    let writer: Box<dyn RecordWriter> = match verb.format {
        Format::Fhir => Box::new(Fhir::new(out)),
        Format::Csv => {
            let (_, table) = TABLES[match verb.table {
                Table::Labs => 0,
                Table::Findings => 1,
                Table::Summary => 2,
            }];
            Box::new(Csv::new(vec![(out, table)], verb.bom)?)
        }
        _ => Box::new(Jsonl::new(out)),
    };
    Ok((writer, seal))
}

/// Whether the output is one stream, to a file or to standard output.
fn is_stream(verb: &Extract, path: Option<&Path>) -> bool {
    match verb.format {
        Format::Jsonl | Format::Fhir => true,
        Format::Csv => {
            path.is_none_or(|path| path.as_os_str() == "-" || path.extension().is_some_and(|kind| kind.eq_ignore_ascii_case("csv")) && !path.is_dir())
        }
        _ => false,
    }
}

/// The writer of a format of several files.
fn files(verb: &Extract, path: Option<&Path>) -> anyhow::Result<Box<dyn RecordWriter>> {
    Ok(match verb.format {
        Format::Jsonl | Format::Fhir | Format::Csv => csv(verb, path)?,
        Format::Omop => Box::new(Omop::new(folder(path)?).with_context(|| place(path))?),
        Format::Brat => Box::new(Brat::new(folder(path)?).with_context(|| place(path))?),
        #[cfg(feature = "parquet")]
        Format::Parquet => Box::new(crate::write::Parquet::new(folder(path)?).with_context(|| place(path))?),
    })
}

/// All tables in a folder.
fn csv(verb: &Extract, path: Option<&Path>) -> anyhow::Result<Box<dyn RecordWriter>> {
    let folder = folder(path)?;
    std::fs::create_dir_all(folder).with_context(|| place(path))?;
    let mut tables: Vec<(Box<dyn Write + Send>, _)> = Vec::new();
    for (name, table) in TABLES {
        let file: File = create(&folder.join(format!("{name}.csv"))).with_context(|| place(path))?;
        tables.push((Box::new(BufWriter::with_capacity(1 << 18, file)), table));
    }
    Ok(Box::new(Csv::new(tables, verb.bom)?))
}

/// The folder that was named.
fn folder(path: Option<&Path>) -> anyhow::Result<&Path> {
    match path {
        Some(path) if path.as_os_str() != "-" && !path.is_file() => Ok(path),
        Some(path) => bail!("-o {}: expected a folder for a format of several files, found a file or standard output", path.display()),
        None => bail!("--format: expected `-o DIR` for a format of several files, found no folder"),
    }
}

fn place(path: Option<&Path>) -> String {
    path.map_or_else(String::new, |path| format!("-o {}: cannot be written", path.display()))
}
