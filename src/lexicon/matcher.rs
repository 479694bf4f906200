//! One scan for all surface forms: two automata over the folded text, one for Latin forms and one for forms with Han,
//! the second built and run only when Han text comes. A hit is kept where its ends are word boundaries;
//! within a class the leftmost longest hit wins, hits of different classes may overlap.

use std::borrow::Cow;
use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

use super::{ClassId, Vocabulary};
use crate::error::{Error, Result};
use crate::fold::{fold, is_han};
use crate::span::Span;

/// One surface form found: a byte range of the folded text and the entry it names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit {
    /// First byte in the folded text.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
    /// Index of the entry in its vocabulary.
    pub entry: u32,
}

impl Hit {
    /// The place in the folded text.
    pub const fn span(self) -> Span {
        Span::new(self.start as usize, self.end as usize)
    }
}

/// The hits of one text, by class, each class in the order of the text and without overlaps.
#[derive(Debug, Default, Clone)]
pub struct Hits {
    by_class: Vec<Vec<Hit>>,
}

impl Hits {
    /// All hits of a class.
    pub fn of(&self, class: ClassId) -> &[Hit] {
        self.by_class.get(class.0 as usize).map_or(&[], Vec::as_slice)
    }

    /// The hits of a class that lie wholly inside a span of the folded text.
    pub fn within(&self, class: ClassId, span: Span) -> &[Hit] {
        let hits = self.of(class);
        let from = hits.partition_point(|hit| (hit.start as usize) < span.start);
        let to = hits.partition_point(|hit| (hit.start as usize) < span.end);
        let mut slice = &hits[from..to.max(from)];
        while let Some((last, rest)) = slice.split_last() {
            if last.end as usize <= span.end {
                break;
            }
            slice = rest;
        }
        slice
    }

    /// The hit of a class that covers the byte `offset`, if any.
    pub fn at(&self, class: ClassId, offset: usize) -> Option<Hit> {
        let hits = self.of(class);
        let index = hits.partition_point(|hit| hit.end as usize <= offset);
        hits.get(index).copied().filter(|hit| hit.start as usize <= offset)
    }
}

#[derive(Debug, Clone, Copy)]
struct Target {
    class: u16,
    entry: u32,
    glued: bool,
}

/// The forms of one script and what they name.
#[derive(Debug, Default)]
struct Forms {
    /// Sorted, unique.
    patterns: Vec<String>,
    /// For each pattern, what it names.
    targets: Vec<Vec<Target>>,
}

/// Finds all forms of a lexicon in one pass over a folded text.
#[derive(Debug)]
pub struct Matcher {
    classes: usize,
    latin: Forms,
    latin_automaton: AhoCorasick,
    han: Forms,
    han_automaton: OnceLock<Option<AhoCorasick>>,
}

impl Matcher {
    /// Builds the Latin automaton; the Han one follows when it is first needed.
    ///
    /// # Errors
    /// [`Error::Lexicon`] where a form folds to nothing or the forms are too many for an automaton.
    pub fn new(vocabularies: &[Vocabulary]) -> Result<Self> {
        let mut latin = Vec::new();
        let mut han = Vec::new();
        for (class, vocabulary) in vocabularies.iter().enumerate() {
            for (index, entry) in vocabulary.entries.iter().enumerate() {
                for form in entry.en.iter().chain(&entry.zh) {
                    let folded = fold(form);
                    if folded.trim().is_empty() {
                        return Err(vocabulary.error(index, format!("entry `{}`: an empty form", entry.id)));
                    }
                    let target = Target { class: class as u16, entry: index as u32, glued: vocabulary.glued };
                    if folded.chars().any(is_han) { han.push((folded, target)) } else { latin.push((folded, target)) }
                }
            }
        }
        let latin = Forms::new(latin);
        let latin_automaton = automaton(&latin.patterns).ok_or_else(|| Error::Lexicon {
            file: "lexicon".into(),
            line: 1,
            what: "too many Latin forms for one automaton".into(),
        })?;
        Ok(Self { classes: vocabularies.len(), latin, latin_automaton, han: Forms::new(han), han_automaton: OnceLock::new() })
    }

    /// All hits of a folded text.
    ///
    /// Forms of several words are found across wrapped lines, doubled blanks and blanks before a comma; not across an empty line.
    pub fn scan(&self, folded: &str) -> Hits {
        let mut by_class = vec![Vec::new(); self.classes];
        let squeezed = Squeezed::new(folded);
        let (text, origin) = (squeezed.text.as_ref(), &squeezed.origin);
        self.latin.scan(&self.latin_automaton, text, &mut by_class);
        if !folded.is_ascii()
            && let Some(automaton) = self.han_automaton.get_or_init(|| automaton(&self.han.patterns))
        {
            self.han.scan(automaton, text, &mut by_class);
        }
        for hits in &mut by_class {
            keep_leftmost_longest(hits);
            if !origin.is_empty() {
                for hit in hits {
                    hit.start = origin[hit.start as usize];
                    hit.end = origin[hit.end as usize - 1] + 1;
                }
            }
        }
        Hits { by_class }
    }
}

/// A folded text in which one blank stands between words, and for each byte where it came from.
struct Squeezed<'a> {
    text: Cow<'a, str>,
    /// Empty where nothing was squeezed.
    origin: Vec<u32>,
}

impl<'a> Squeezed<'a> {
    fn new(folded: &'a str) -> Self {
        let bytes = folded.as_bytes();
        let uneven =
            bytes.iter().any(|byte| matches!(byte, b'\n' | b'\r' | b'\t')) || bytes.windows(2).any(|pair| pair[0] == b' ' && matches!(pair[1], b' ' | b','));
        if !uneven {
            return Self { text: Cow::Borrowed(folded), origin: Vec::new() };
        }
        let mut text = String::with_capacity(folded.len());
        let mut origin: Vec<u32> = Vec::with_capacity(folded.len());
        let mut at = 0;
        while at < bytes.len() {
            let blanks = bytes[at..].iter().take_while(|byte| is_blank(**byte)).count();
            if blanks > 0 {
                let empty_line = bytes[at..at + blanks].iter().filter(|byte| **byte == b'\n').count() > 1;
                if empty_line || bytes.get(at + blanks) != Some(&b',') {
                    text.push(if empty_line { '\n' } else { ' ' });
                    origin.push(at as u32);
                }
                at += blanks;
                if !empty_line && bytes.get(at) == Some(&b',') && bytes.get(at + 1).is_some_and(|next| !is_blank(*next)) {
                    text.push_str(", ");
                    origin.extend([at as u32; 2]);
                    at += 1;
                }
                continue;
            }
            let run = bytes[at..].iter().position(|byte| is_blank(*byte)).unwrap_or(bytes.len() - at);
            text.push_str(&folded[at..at + run]);
            origin.extend(at as u32..(at + run) as u32);
            at += run;
        }
        Self { text: Cow::Owned(text), origin }
    }
}

const fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\r' | b'\t')
}

fn automaton(patterns: &[String]) -> Option<AhoCorasick> {
    AhoCorasick::builder().kind(Some(AhoCorasickKind::ContiguousNFA)).match_kind(MatchKind::Standard).prefilter(false).build(patterns).ok()
}

impl Forms {
    fn new(mut forms: Vec<(String, Target)>) -> Self {
        forms.sort_by(|(a, x), (b, y)| a.cmp(b).then((x.class, x.entry).cmp(&(y.class, y.entry))));
        let mut out = Self::default();
        for (form, target) in forms {
            if out.patterns.last() != Some(&form) {
                out.patterns.push(form);
                out.targets.push(Vec::new());
            }
            if let Some(targets) = out.targets.last_mut()
                && !targets.iter().any(|known| known.class == target.class && known.entry == target.entry)
            {
                targets.push(target);
            }
        }
        out
    }

    fn scan(&self, automaton: &AhoCorasick, text: &str, by_class: &mut [Vec<Hit>]) {
        let bytes = text.as_bytes();
        for found in automaton.find_overlapping_iter(text) {
            let (start, end) = (found.start(), found.end());
            let first = edge(bytes, start.checked_sub(1), start);
            let last = edge(bytes, Some(end), end - 1);
            if first == Edge::Inside || last == Edge::Inside {
                continue;
            }
            for target in &self.targets[found.pattern().as_usize()] {
                if target.glued || (first == Edge::Free && last == Edge::Free) {
                    by_class[target.class as usize].push(Hit { start: start as u32, end: end as u32, entry: target.entry });
                }
            }
        }
    }
}

#[derive(PartialEq, Eq, Clone, Copy)]
enum Edge {
    /// A word boundary.
    Free,
    /// A digit touches the form, or a digit of the form touches a letter.
    Glued,
    /// In the middle of a word.
    Inside,
}

/// How the form's byte at `inner` meets the byte at `outer`.
fn edge(bytes: &[u8], outer: Option<usize>, inner: usize) -> Edge {
    let (Some(&outer), Some(&inner)) = (outer.and_then(|at| bytes.get(at)), bytes.get(inner)) else { return Edge::Free };
    match (outer.is_ascii_alphabetic(), outer.is_ascii_digit(), inner.is_ascii_alphabetic(), inner.is_ascii_digit()) {
        (true, _, true, _) => Edge::Inside,
        (true, _, _, true) | (_, true, true, _) | (_, true, _, true) => Edge::Glued,
        _ => Edge::Free,
    }
}

fn keep_leftmost_longest(hits: &mut Vec<Hit>) {
    hits.sort_by(|a, b| a.start.cmp(&b.start).then(b.end.cmp(&a.end)).then(a.entry.cmp(&b.entry)));
    let mut end = 0;
    hits.retain(|hit| {
        let free = hit.start >= end;
        if free {
            end = hit.end;
        }
        free
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vocabulary(class: &str, glued: bool, forms: &[&str]) -> Vocabulary {
        let entries: Vec<serde_json::Value> = forms.iter().map(|form| serde_json::json!({"id": form, "en": [form]})).collect();
        serde_json::from_value(serde_json::json!({"class": class, "glued": glued, "entry": entries})).unwrap()
    }

    #[test]
    fn forms_are_found_across_wrapped_lines_and_their_places_stay() {
        let matcher = Matcher::new(&[vocabulary("a", false, &["hepatocellular carcinoma", "adenocarcinoma, mucinous", "bile duct"])]).unwrap();
        let text = "a hepatocellular\r\n  carcinoma; adenocarcinoma ,mucinous; adenocarcinoma , mucinous; bile\n\nduct";
        let found: Vec<&str> = matcher.scan(text).of(ClassId(0)).iter().map(|hit| hit.span().of(text)).collect();
        assert_eq!(found, ["hepatocellular\r\n  carcinoma", "adenocarcinoma ,mucinous", "adenocarcinoma , mucinous"]);
    }

    #[test]
    fn the_longest_form_wins_and_words_are_whole() {
        let matcher = Matcher::new(&[vocabulary("a", true, &["白蛋白", "前白蛋白", "ca", "ca199"]), vocabulary("b", false, &["ca"])]).unwrap();
        let hits = matcher.scan("前白蛋白 3.4, ca199149.1 calcium 3ca");
        let found: Vec<u32> = hits.of(ClassId(0)).iter().map(|hit| hit.entry).collect();
        assert_eq!(found, [1, 3, 2], "the longest analyte, glued to its value or to a number before it; never inside a word");
        assert!(hits.of(ClassId(1)).is_empty(), "a class that is not glued takes whole words only");
    }
}
