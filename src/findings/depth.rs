//! Depth of invasion: the layers that a verb of reaching takes, within one clause, and a depth that was measured. Every layer that is
//! named is kept; which is the deepest is for whoever reads them. Layers of normal tissue and of specimens have no such verb before them.

use serde::Deserialize;

use super::assertion::Assertions;
use super::cursor::around;
use super::detail::Depth;
use super::lengths::Lengths;
use super::{Detail, Finder, Finding, Reading};
use crate::error::Result;
use crate::lexicon::{ClassId, Lexicon};
use crate::span::Span;

/// Bytes between the verb and the layer.
const REACH: usize = 48;
/// Bytes between a field of depth and its length.
const FIELD: usize = 24;

#[derive(Debug, Deserialize)]
struct Word {
    #[serde(default)]
    role: Role,
}

#[derive(Debug, PartialEq, Eq, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Role {
    #[default]
    Layer,
    Reach,
    Measure,
}

/// Finds depth of invasion.
#[derive(Debug)]
pub struct Depths {
    class: ClassId,
    words: Vec<Word>,
    levels: Vec<String>,
    lengths: Lengths,
    assertions: Assertions,
}

impl Depths {
    /// Takes the class `depth`, lengths and cues.
    ///
    /// # Errors
    /// Where one is missing or an entry has no known `role`.
    pub fn new(lexicon: &Lexicon) -> Result<Self> {
        let class = lexicon.class("depth")?;
        let vocabulary = lexicon.vocabulary(class);
        let levels = vocabulary.entries.iter().map(|entry| entry.id().to_string()).collect();
        Ok(Self { class, words: vocabulary.attributes()?, levels, lengths: Lengths::new(lexicon)?, assertions: Assertions::new(lexicon)? })
    }

    /// The length right behind a field of depth.
    fn measured(&self, reading: &Reading<'_>, at: Span, out: &mut Vec<Finding>) {
        let window = around(reading.text(), Span::new(at.end, at.end), 0, FIELD);
        let lengths = self.lengths.of(reading);
        let Some(length) = lengths.iter().find(|length| length.span.start >= at.end && length.span.start < window.end && length.millimetres.len() == 1) else {
            return;
        };
        let gap = reading.text().get(at.end..length.span.start).unwrap_or(";");
        if gap.contains([';', '\u{3002}', '\n', ',']) {
            return;
        }
        let span = at.join(length.span);
        let detail = Detail::Depth(Depth { level: None, depth_mm: length.millimetres.first().copied(), field: true });
        out.push(Finding::new(reading, detail, self.assertions.assess(reading, span), span));
    }
}

impl Finder for Depths {
    fn find(&self, reading: &Reading<'_>, out: &mut Vec<Finding>) {
        let text = reading.text();
        let mut verb: Option<(Span, Role)> = None;
        for hit in reading.of(self.class) {
            let at = hit.span();
            let role = self.words[hit.entry as usize].role;
            if role != Role::Layer {
                if role == Role::Measure {
                    self.measured(reading, at, out);
                }
                verb = Some((at, role));
                continue;
            }
            let Some((reaching, role)) = verb.filter(|(reaching, _)| at.start.saturating_sub(reaching.end) <= REACH) else { continue };
            let gap = text.get(reaching.end..at.start).unwrap_or(".");
            if gap.contains(['.', ';', '\u{3002}', ',']) || (role == Role::Reach && gap.contains([':', '\n'])) {
                continue;
            }
            let detail = Detail::Depth(Depth { level: Some(self.levels[hit.entry as usize].clone()), depth_mm: None, field: role == Role::Measure });
            // A cue that holds the verb (`does not invade`) denies the layer.
            out.push(Finding::new(reading, detail, self.assertions.assess(reading, at), reaching.join(at)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;
    use crate::reading::Reader;

    fn levels(text: &str) -> Vec<String> {
        let lexicon = Lexicon::embedded().unwrap();
        let document = Document { text: text.into(), ..Document::default() };
        let reading = Reader::new(&lexicon).unwrap().read(&lexicon, &document);
        let mut out = Vec::new();
        Depths::new(&lexicon).unwrap().find(&reading, &mut out);
        out.into_iter().filter_map(|finding| if let Detail::Depth(depth) = finding.detail { depth.level } else { None }).collect()
    }

    #[test]
    fn a_layer_counts_behind_a_verb_of_reaching() {
        assert_eq!(levels("Tumor invades through the muscularis propria."), ["muscularis-propria"]);
        assert_eq!(levels("癌侵及浆膜下层，切缘阴性。"), ["subserosa"]);
        assert_eq!(levels("Depth of invasion: submucosa"), ["submucosa"]);
        assert!(levels("Sections show submucosa and serosa.").is_empty());
    }
}
