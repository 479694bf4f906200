//! One scan for all surface forms: two tries over the tokens of the folded text, one of Latin forms and one of forms with Han,
//! the second built and walked only when Han text comes. A hit is kept where its ends are word boundaries;
//! within a class the leftmost longest hit wins, hits of different classes may overlap.

use std::sync::OnceLock;

use super::forms::{Forms, Named, Target, tokens};
use super::{ClassId, Vocabulary, embedded};
use crate::error::Result;
use crate::fold::has_han;
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

/// Hits that are looked at one by one before a search.
const FEW: usize = 6;

/// The hits of one text, by class, each class in the order of the text and without overlaps.
#[derive(Debug, Default, Clone)]
pub struct Hits {
    /// One class behind the other.
    hits: Vec<Hit>,
    /// Where each class ends.
    ends: Vec<u32>,
}

impl Hits {
    /// Sorts hits by their class; within a class they keep their order.
    fn new(found: &[(u16, Hit)], classes: usize) -> Self {
        let mut next = vec![0u32; classes + 1];
        for (class, _) in found {
            next[*class as usize + 1] += 1;
        }
        for class in 0..classes {
            next[class + 1] += next[class];
        }
        let mut hits = vec![Hit { start: 0, end: 0, entry: 0 }; found.len()];
        for (class, hit) in found {
            let at = &mut next[*class as usize];
            hits[*at as usize] = *hit;
            *at += 1;
        }
        next.pop();
        Self { hits, ends: next }
    }

    /// All hits of a class.
    pub fn of(&self, class: ClassId) -> &[Hit] {
        let class = class.0 as usize;
        let start = class.checked_sub(1).and_then(|before| self.ends.get(before)).map_or(0, |end| *end as usize);
        self.ends.get(class).and_then(|end| self.hits.get(start..*end as usize)).unwrap_or(&[])
    }

    /// The hits of a class that lie wholly inside a span of the folded text.
    pub fn within(&self, class: ClassId, span: Span) -> &[Hit] {
        let hits = self.of(class);
        inside(&hits[hits.partition_point(|hit| (hit.start as usize) < span.start)..], span)
    }

    /// The same for spans that go along with the text: the search begins at `place`, where the span before was found.
    pub fn along(&self, class: ClassId, span: Span, place: &mut usize) -> &[Hit] {
        let hits = self.of(class);
        let mut from = (*place).min(hits.len());
        while from > 0 && hits[from - 1].start as usize >= span.start {
            from -= 1;
        }
        while hits.get(from).is_some_and(|hit| (hit.start as usize) < span.start) {
            from += 1;
        }
        *place = from;
        inside(&hits[from..], span)
    }

    /// The hit of a class that covers the byte `offset`, if any.
    pub fn at(&self, class: ClassId, offset: usize) -> Option<Hit> {
        let hits = self.of(class);
        let index = hits.partition_point(|hit| hit.end as usize <= offset);
        hits.get(index).copied().filter(|hit| hit.start as usize <= offset)
    }
}

/// Of hits that start no earlier than a span, those that lie wholly inside it.
fn inside(rest: &[Hit], span: Span) -> &[Hit] {
    // Most spans hold a few hits only: a look at these is cheaper than a search for the last.
    let starts_inside = |hit: &Hit| (hit.start as usize) < span.end;
    let mut count = rest.iter().take(FEW).take_while(|hit| starts_inside(hit)).count();
    if count == FEW {
        count = rest.partition_point(starts_inside);
    }
    let mut slice = &rest[..count];
    while let Some((last, rest)) = slice.split_last() {
        if last.end as usize <= span.end {
            break;
        }
        slice = rest;
    }
    slice
}

/// Finds all forms of a lexicon in one pass over a folded text.
#[derive(Debug)]
pub struct Matcher {
    classes: usize,
    latin: Forms,
    han: OnceLock<Forms>,
    /// The forms with Han, until they are first needed.
    han_forms: Vec<(String, Target)>,
}

impl Matcher {
    /// Builds the trie of the Latin forms; the one of the Han forms follows when it is first needed.
    ///
    /// # Errors
    /// [`crate::error::Error::Lexicon`] where a form folds to nothing.
    pub fn new(vocabularies: &[Vocabulary]) -> Result<Self> {
        let mut named = Named::default();
        for (class, vocabulary) in vocabularies.iter().enumerate() {
            for (index, entry) in vocabulary.entries.iter().enumerate() {
                for form in entry.forms() {
                    let target = Target { class: class as u16, entry: index as u32, glued: vocabulary.glued };
                    if !named.add(form, target) {
                        return Err(vocabulary.error(index, format!("entry `{}`: an empty form", entry.id())));
                    }
                }
            }
        }
        Ok(Self { classes: vocabularies.len(), latin: Forms::new(&named.latin), han: OnceLock::new(), han_forms: named.han })
    }

    /// That of the embedded lexicon, which the build script made.
    pub(super) fn embedded(classes: usize) -> Self {
        Self { classes, latin: embedded::latin(), han: embedded::han().into(), han_forms: Vec::new() }
    }

    /// All hits of a folded text.
    ///
    /// Forms of several words are found across wrapped lines, doubled blanks and blanks before a comma; not across an empty line.
    pub fn scan(&self, folded: &str) -> Hits {
        let tokens = tokens(folded);
        let bytes = folded.as_bytes();
        let latin = self.latin.trie();
        let han = has_han(folded).then(|| self.han.get_or_init(|| Forms::new(&self.han_forms)).trie());
        let mut out: Vec<(u16, Hit)> = Vec::with_capacity(tokens.len() / 2);
        let mut ends = vec![0u32; self.classes];
        let mut found: Vec<(usize, &[Target])> = Vec::new();
        for (index, token) in tokens.iter().enumerate() {
            let rest = &tokens[index..];
            if latin.may_begin(token) {
                latin.walk(rest, bytes, |length, targets| found.push((length, targets)));
            }
            if let Some(han) = han.filter(|han| han.may_begin(token)) {
                han.walk(rest, bytes, |length, targets| found.push((length, targets)));
                found.sort_by_key(|(length, _)| *length);
            }
            if found.is_empty() {
                continue;
            }
            // The longest first: of forms that begin together it wins.
            for &(length, targets) in found.iter().rev() {
                let end = rest[length - 1].end;
                let whole = !token.glued && !rest.get(length).is_some_and(|behind| behind.glued);
                for target in targets {
                    let before = &mut ends[target.class as usize];
                    if token.start >= *before && (whole || target.glued) {
                        *before = end;
                        out.push((target.class, Hit { start: token.start, end, entry: target.entry }));
                    }
                }
            }
            found.clear();
        }
        Hits::new(&out, self.classes)
    }
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
    fn hits_along_a_text_are_those_within_its_spans() {
        let text = "ca ca cea ca, cea ca ca cea ca ca ca ca ca ca ca cea";
        let hits = Matcher::new(&[vocabulary("a", false, &["ca", "cea"])]).unwrap().scan(text);
        let mut place = 0;
        for start in (0..text.len()).chain((0..text.len()).rev()) {
            for length in [0, 4, 9, 60] {
                let span = Span::new(start, start + length);
                assert_eq!(hits.along(ClassId(0), span, &mut place), hits.within(ClassId(0), span), "{span:?}");
            }
        }
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
