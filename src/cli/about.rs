//! `bingli completions` and `bingli man`: made from the arguments, so that they cannot say anything else.

use std::io::Write;

use anyhow::{Context, bail};
use clap::CommandFactory;

use super::args::{Arguments, Completions, Man};
use super::{Outcome, output};

/// Writes completions of a shell.
pub fn completions(verb: &Completions) -> anyhow::Result<Outcome> {
    let mut out = Vec::new();
    clap_complete::generate(verb.shell, &mut Arguments::command(), "bingli", &mut out);
    print(&out)
}

/// Writes a man page, or all of them into a folder.
pub fn man(verb: &Man) -> anyhow::Result<Outcome> {
    let mut command = Arguments::command();
    if let Some(folder) = &verb.output {
        std::fs::create_dir_all(folder)
            .and_then(|()| clap_mangen::generate_to(command, folder))
            .with_context(|| format!("-o {}: cannot be written", folder.display()))?;
        return Ok(Outcome::Done);
    }
    command.build();
    let page = match &verb.verb {
        None => command,
        Some(name) => match command.find_subcommand(name) {
            Some(found) => found.clone(),
            None => bail!("man: expected the name of a verb, found `{name}`"),
        },
    };
    let mut out = Vec::new();
    clap_mangen::Man::new(page).render(&mut out)?;
    print(&out)
}

fn print(bytes: &[u8]) -> anyhow::Result<Outcome> {
    let mut out = output::open(None)?;
    out.write_all(bytes)?;
    out.flush()?;
    Ok(Outcome::Done)
}
