//! `bingli.toml`: what is set every day, in the working folder or named by `--config`. Keys are long options; those at the top hold for
//! every verb that has the option, those in a table named for a verb hold for it alone. What is typed goes before what is set.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::{Arg, ArgAction, Command, CommandFactory};
use toml::{Table, Value};

use super::args::Arguments;

/// The file that is read where none is named.
const FILE: &str = "bingli.toml";
/// Options that a file cannot set.
const NEVER: [&str; 3] = ["config", "help", "version"];

/// What was typed, with what is set put after the verb.
///
/// # Errors
/// Where the file cannot be read, is no TOML, or sets what no verb has.
pub fn with_settings(typed: Vec<OsString>) -> anyhow::Result<Vec<OsString>> {
    let (path, named) = match named(&typed) {
        Some(path) => (path, true),
        None => (PathBuf::from(FILE), false),
    };
    if !named && !path.is_file() {
        return Ok(typed);
    }
    let text = std::fs::read_to_string(&path).with_context(|| format!("{}: cannot be read", path.display()))?;
    let table: Table = text.parse().with_context(|| format!("{}: expected TOML", path.display()))?;
    let command = Arguments::command();
    let Some((at, verb)) = typed.iter().enumerate().skip(1).find_map(|(at, word)| Some((at, command.find_subcommand(word)?))) else { return Ok(typed) };
    let settings = settings(&table, &command, verb, &path)?;
    let set: Vec<OsString> = settings.into_iter().filter(|(arg, _)| !is_typed(&typed, arg)).flat_map(|(_, words)| words).map(OsString::from).collect();
    if !set.is_empty() {
        eprintln!("bingli: settings from {}", path.display());
    }
    let mut out = typed;
    out.splice(at + 1..at + 1, set);
    Ok(out)
}

/// The file of `--config`.
fn named(typed: &[OsString]) -> Option<PathBuf> {
    let mut words = typed.iter().take_while(|word| word.as_os_str() != "--");
    while let Some(word) = words.next() {
        if word == "--config" {
            return words.next().map(PathBuf::from);
        }
        if let Some(path) = word.to_str().and_then(|word| word.strip_prefix("--config=")) {
            return Some(PathBuf::from(path));
        }
    }
    None
}

/// The options of a verb that a file sets, each as the words one would type.
fn settings<'a>(table: &Table, command: &Command, verb: &'a Command, path: &Path) -> anyhow::Result<Vec<(&'a Arg, Vec<String>)>> {
    let mut out: Vec<(&Arg, Vec<String>)> = Vec::new();
    let mut set = |arg: &'a Arg, key: &str, value: &Value| -> anyhow::Result<()> {
        let words = words(arg, key, value).with_context(|| path.display().to_string())?;
        out.retain(|(other, _)| other.get_id() != arg.get_id());
        out.push((arg, words));
        Ok(())
    };
    for (key, value) in table {
        if value.is_table() {
            if command.find_subcommand(key).is_none() {
                bail!("{}: [{key}]: expected the name of a verb", path.display());
            }
        } else if let Some(arg) = option(verb, key) {
            set(arg, key, value)?;
        } else if !command.get_subcommands().any(|other| option(other, key).is_some()) {
            bail!("{}: {key}: expected the long name of an option, found one that no verb has", path.display());
        }
    }
    for (key, value) in table.get(verb.get_name()).and_then(Value::as_table).into_iter().flatten() {
        match option(verb, key) {
            Some(arg) => set(arg, key, value)?,
            None => bail!("{}: [{}] {key}: expected the long name of an option of this verb", path.display(), verb.get_name()),
        }
    }
    Ok(out)
}

fn option<'a>(verb: &'a Command, key: &str) -> Option<&'a Arg> {
    verb.get_arguments().find(|arg| arg.get_long() == Some(key) && !NEVER.contains(&key))
}

fn words(arg: &Arg, key: &str, value: &Value) -> anyhow::Result<Vec<String>> {
    let one = |value: &Value| match value {
        Value::String(text) => Ok(format!("--{key}={text}")),
        Value::Integer(_) | Value::Float(_) => Ok(format!("--{key}={value}")),
        _ => bail!("{key}: expected text or a number, found a {}", value.type_str()),
    };
    Ok(match (arg.get_action(), value) {
        (ArgAction::SetTrue, Value::Boolean(true)) => vec![format!("--{key}")],
        (ArgAction::SetTrue, Value::Boolean(false)) => Vec::new(),
        (ArgAction::SetTrue, _) => bail!("{key}: expected true or false, found a {}", value.type_str()),
        (ArgAction::Append, Value::Array(values)) => values.iter().map(one).collect::<anyhow::Result<_>>()?,
        _ => vec![one(value)?],
    })
}

/// Whether an option stands among what was typed.
fn is_typed(typed: &[OsString], arg: &Arg) -> bool {
    let long = arg.get_long().map(|long| format!("--{long}")).unwrap_or_default();
    let short = arg.get_short().map(|short| format!("-{short}"));
    let words = typed.iter().take_while(|word| word.as_os_str() != OsStr::new("--")).filter_map(|word| word.to_str());
    let is = |word: &str| {
        let with_value = word.strip_prefix(&long).is_some_and(|rest| rest.is_empty() || rest.starts_with('='));
        with_value || (!word.starts_with("--") && short.as_ref().is_some_and(|short| word.starts_with(short.as_str())))
    };
    words.into_iter().any(is)
}
