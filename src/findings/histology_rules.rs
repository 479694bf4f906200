//! Registry coding of a histology: the rules of the lexicon that turn a code, its organ and the words around it into the
//! code a registry assigns. Rules are tried in the order of the file, each on what the one before gave.

use serde::Deserialize;

use crate::error::Result;
use crate::lexicon::{ClassId, Lexicon};

#[derive(Debug, Deserialize)]
struct Rule {
    base: Vec<String>,
    #[serde(default)]
    organ: Vec<String>,
    #[serde(default)]
    words: Vec<String>,
    #[serde(default)]
    without: Vec<String>,
    #[serde(default)]
    beside: Vec<String>,
    code: String,
}

/// The rules of a lexicon.
#[derive(Debug)]
pub(super) struct CodingRules {
    rules: Vec<Rule>,
    /// The class of the words that refine.
    pub words: ClassId,
    /// The id of each word.
    pub names: Vec<String>,
    /// Whether each word belongs to a name as written.
    pub prefix: Vec<bool>,
}

impl CodingRules {
    pub(super) fn new(lexicon: &Lexicon) -> Result<Self> {
        let words = lexicon.class("histology.word")?;
        let entries = &lexicon.vocabulary(words).entries;
        Ok(Self {
            rules: lexicon.vocabulary(lexicon.class("histology.rule")?).attributes()?,
            words,
            names: entries.iter().map(|entry| entry.id().to_string()).collect(),
            prefix: entries.iter().map(|entry| entry.flag("prefix")).collect(),
        })
    }

    /// The code a registry assigns, given the words around a name and the codes named beside it.
    /// Without an organ only the rules that hold in every organ apply.
    pub(super) fn refine(&self, code: &str, organ: Option<&str>, present: &[&str], beside: &[&str]) -> String {
        let mut code = code.to_string();
        for rule in &self.rules {
            // What rules most out, and costs least, comes first.
            let fits = (rule.organ.is_empty() || organ.is_some_and(|organ| rule.organ.iter().any(|known| known == organ)))
                && rule.words.iter().all(|word| present.contains(&word.as_str()))
                && code.ends_with("/3")
                && rule.base.iter().any(|base| code.starts_with(base.as_str()))
                && rule.beside.iter().all(|code| beside.iter().any(|other| other.starts_with(code.as_str())))
                && !rule.without.iter().any(|word| present.contains(&word.as_str()));
            if fits {
                code.clone_from(&rule.code);
            }
        }
        code
    }
}
