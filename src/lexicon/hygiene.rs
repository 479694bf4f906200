//! What is wrong with a lexicon, entry by entry: all of it at once, by file and line.
//!
//! An entry has an id of its own in its class, a source, and an example where it has forms; a form stands at one entry of a class unless
//! an attribute tells the entries apart; nothing has blanks at its ends. What the attributes of a class mean is checked by its stage.

use std::collections::HashMap;

use super::Vocabulary;
use crate::error::Error;
use crate::fold::fold;

/// Everything wrong with the vocabularies, in the order of their files.
pub fn problems(vocabularies: &[Vocabulary]) -> Vec<Error> {
    let mut out = Vec::new();
    for vocabulary in vocabularies {
        if vocabulary.class.trim().is_empty() {
            out.push(vocabulary.error(0, "expected a class, found none".into()));
        }
        let mut ids: HashMap<&str, usize> = HashMap::new();
        let mut forms: HashMap<String, usize> = HashMap::new();
        for (index, entry) in vocabulary.entries.iter().enumerate() {
            let mut report = |what: String| out.push(vocabulary.error(index, format!("entry `{}`: {what}", entry.id())));
            if entry.id().trim().is_empty() {
                report("expected an id, found none".into());
            }
            if let Some(other) = ids.insert(entry.id(), index) {
                report(format!("expected an id of its own, found that of line {}", vocabulary.line(other)));
            }
            if entry.source().trim().is_empty() {
                report("expected a source, found none".into());
            }
            let named = entry.forms();
            if entry.examples().next().is_none() && named.clone().next().is_some() {
                report("expected an example, found none".into());
            }
            for form in named {
                if form.trim() != form || form.is_empty() {
                    report("expected a form without blanks at its ends, found some or an empty one".into());
                }
                let told_apart = entry.attribute("organ").is_some();
                if let Some(other) = forms.insert(fold(form), index).filter(|other| *other != index)
                    && !told_apart
                    && !vocabulary.entries[other].attribute("organ").is_some()
                {
                    report(format!("expected the form `{form}` at one entry, found it at `{}` too", vocabulary.entries[other].id()));
                }
            }
        }
    }
    out
}
