//! From the format that was typed to the writer of its files.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use anyhow::{Context, bail};

use super::args::{Extract, Format, Table};
use super::output;
use crate::write::{Brat, Csv, Fhir, Jsonl, Omop, RecordWriter, TABLES, create};

/// The writer of what was asked for.
///
/// # Errors
/// Where the output cannot be made, or a format of many files was given no folder.
pub fn writer(verb: &Extract) -> anyhow::Result<Box<dyn RecordWriter>> {
    let path = verb.output.as_deref();
    Ok(match verb.format {
        Format::Jsonl => Box::new(Jsonl::new(output::open(path)?)),
        Format::Fhir => Box::new(Fhir::new(output::open(path)?)),
        Format::Csv => csv(verb, path)?,
        Format::Omop => Box::new(Omop::new(folder(path)?).with_context(|| place(path))?),
        Format::Brat => Box::new(Brat::new(folder(path)?).with_context(|| place(path))?),
        #[cfg(feature = "parquet")]
        Format::Parquet => Box::new(crate::write::Parquet::new(folder(path)?).with_context(|| place(path))?),
    })
}

/// One table to a file or standard output, all tables to a folder.
fn csv(verb: &Extract, path: Option<&Path>) -> anyhow::Result<Box<dyn RecordWriter>> {
    let one = match path {
        None => true,
        Some(path) => path.as_os_str() == "-" || path.extension().is_some_and(|kind| kind.eq_ignore_ascii_case("csv")) && !path.is_dir(),
    };
    if one {
        let (_, table) = TABLES[match verb.table {
            Table::Labs => 0,
            Table::Findings => 1,
            Table::Summary => 2,
        }];
        return Ok(Box::new(Csv::new(vec![(output::open(path)?, table)], verb.bom)?));
    }
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
