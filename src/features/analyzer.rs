//! What a report says, as terms of blocks with their places. The same analyzer serves training and use, so that a model always
//! sees what it was fitted on. Identifiers are skipped before anything is counted.

use std::collections::HashMap;

use super::finding::{finding_terms, lab_terms, summary_terms};
use super::number::COLUMN_NUMBER;
use super::{Bag, Block};
use crate::document::{Document, Language};
use crate::error::Result;
use crate::findings::Extraction;
use crate::fold::fold;
use crate::lexicon::{ClassId, Lexicon};
use crate::reading::Reading;
use crate::span::Span;
use crate::tokenize::{Kind, Stemmer, StemmerKind, Subwords, Token, Tokenizer};

/// Words that make up the head of a report.
const HEAD_WORDS: usize = 60;
/// Characters of the longest run of characters that is a term.
const LONGEST_RUN: usize = 3;
/// Stand for the ends of a text in runs of characters.
const FIRST: char = '⟨';
const LAST: char = '⟩';
/// Bytes of the longest text that counts as a phrase.
const PHRASE: usize = 120;
/// Classes of the lexicon whose entries are concepts.
const CONCEPT_CLASSES: [&str; 3] = ["morphology", "procedure", "topography"];
/// Kinds of sections that state the diagnosis.
const DIAGNOSIS_SECTIONS: [&str; 2] = ["diagnosis", "synoptic"];

/// Takes each term as block, form and place in the original text.
pub type Sink<'a> = dyn FnMut(Block, &str, Span) + 'a;

/// Columns that join the text.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Columns {
    /// As numbers.
    pub numeric: Vec<String>,
    /// As categories.
    pub categorical: Vec<String>,
}

/// Cuts reports into terms.
#[derive(Debug)]
pub struct Analyzer {
    tokenizer: Tokenizer,
    stemmer: Stemmer,
    concepts: Vec<ClassId>,
    subwords: Option<Subwords>,
}

impl Analyzer {
    /// An analyzer by a lexicon, with learned pieces of words where a model has some.
    ///
    /// # Errors
    /// Where the tokenizer cannot be built.
    pub fn new(lexicon: &Lexicon, subwords: Option<Subwords>) -> Result<Self> {
        let concepts = CONCEPT_CLASSES.into_iter().filter_map(|class| lexicon.class(class).ok()).collect();
        Ok(Self { tokenizer: Tokenizer::new(lexicon)?, stemmer: Stemmer::new(StemmerKind::default(), lexicon), concepts, subwords })
    }

    /// Hands the terms of the blocks asked for to `sink`.
    pub fn terms(&self, lexicon: &Lexicon, reading: &Reading<'_>, stated: &Extraction, identifiers: &[Span], blocks: &[Block], sink: &mut Sink<'_>) {
        let has = |block: Block| blocks.contains(&block);
        let tokens = self.tokenizer.tokens(&reading.folded, &reading.document.text, identifiers);
        let places = Places::new(reading, &tokens);
        let mut form = String::new();
        let (word, stem, subwords) = (has(Block::Word), has(Block::Stem), self.subwords.as_ref().filter(|_| has(Block::Subword)));
        if word || stem || subwords.is_some() {
            for token in tokens.iter().filter(|token| token.kind == Kind::Word) {
                if word {
                    sink(Block::Word, token.form, token.span);
                }
                if stem {
                    sink(Block::Stem, &self.stemmer.stem(token.form), token.span);
                }
                if let Some(subwords) = subwords {
                    subwords.cut(token.form, &mut |_, _, piece| sink(Block::Subword, piece, token.span));
                }
            }
        }
        if has(Block::Head) {
            let head = tokens.iter().filter(|token| word_like(token) && token.span.end <= places.head);
            head.for_each(|token| sink(Block::Head, token.form, token.span));
        }
        if has(Block::Diagnosis) {
            let diagnosis = tokens.iter().filter(|token| word_like(token) && places.in_diagnosis(token.span));
            diagnosis.for_each(|token| sink(Block::Diagnosis, token.form, token.span));
        }
        if has(Block::Han) {
            tokens.iter().filter(|token| token.kind == Kind::Han).for_each(|token| sink(Block::Han, token.form, token.span));
        }
        if has(Block::Pair) {
            for pair in tokens.windows(2).filter(|pair| pair.iter().all(|token| token.kind != Kind::Sign)) {
                form.clear();
                form.push_str(pair[0].form);
                form.push(' ');
                form.push_str(pair[1].form);
                sink(Block::Pair, &form, pair[0].span.join(pair[1].span));
            }
        }
        if has(Block::Character) && has_runs(reading) {
            characters(&reading.document.text, &tokens, sink);
        }
        if has(Block::Concept) || has(Block::HeadConcept) || has(Block::DiagnosisConcept) {
            self.concepts(lexicon, reading, identifiers, &places, blocks, sink);
        }
        if has(Block::Finding) {
            stated.findings.iter().for_each(|finding| finding_terms(finding, &mut |form| sink(Block::Finding, form, finding.span)));
        }
        if has(Block::Summary) {
            summary_terms(&stated.summary, &mut |form| sink(Block::Summary, form, Span::default()));
        }
        if has(Block::Lab) {
            stated.labs.iter().for_each(|lab| lab_terms(lab, &mut |form| sink(Block::Lab, form, lab.span)));
        }
    }

    /// The entries of the lexicon that are named, by their id and by its first three characters (the category of a code).
    fn concepts(&self, lexicon: &Lexicon, reading: &Reading<'_>, identifiers: &[Span], places: &Places, blocks: &[Block], sink: &mut Sink<'_>) {
        let [concept, head, diagnosis] = [Block::Concept, Block::HeadConcept, Block::DiagnosisConcept].map(|block| blocks.contains(&block));
        for class in &self.concepts {
            for hit in reading.of(*class) {
                let span = reading.to_original(hit.span());
                if identifiers.iter().any(|identifier| identifier.overlaps(span)) {
                    continue;
                }
                let id = lexicon.entry(*class, *hit).id().split('#').next().unwrap_or_default();
                let category = id.get(..3).filter(|category| id.len() > 3 && category.bytes().any(|byte| byte.is_ascii_digit()));
                for form in std::iter::once(id).chain(category) {
                    if concept {
                        sink(Block::Concept, form, span);
                    }
                    if head && span.end <= places.head {
                        sink(Block::HeadConcept, form, span);
                    }
                    if diagnosis && places.in_diagnosis(span) {
                        sink(Block::DiagnosisConcept, form, span);
                    }
                }
            }
        }
    }

    /// The terms and numbers of a report.
    pub fn bag(&self, lexicon: &Lexicon, reading: &Reading<'_>, stated: &Extraction, identifiers: &[Span], blocks: &[Block], columns: &Columns) -> Bag {
        let mut counts: HashMap<String, u32> = HashMap::new();
        self.terms(lexicon, reading, stated, identifiers, blocks, &mut |block, form, _| *counts.entry(block.term(form)).or_insert(0) += 1);
        column_terms(reading.document, &columns.categorical, &mut |form| *counts.entry(Block::Column.term(form)).or_insert(0) += 1);
        let mut terms: Vec<(String, u32)> = counts.into_iter().collect();
        terms.sort_unstable();
        Bag { terms, numbers: self.numbers(reading.document, stated, &columns.numeric), patient: reading.document.meta.patient.clone() }
    }

    /// The numbers of a report: laboratory values and the columns named. What is no number is missing.
    pub fn numbers(&self, document: &Document, stated: &Extraction, columns: &[String]) -> Vec<(String, f32)> {
        let mut numbers = super::finding::lab_numbers(&stated.labs);
        for name in columns {
            let value = document.columns.get(name).and_then(|value| value.trim().parse::<f32>().ok()).filter(|value| value.is_finite());
            numbers.extend(value.map(|value| (format!("{COLUMN_NUMBER}{name}"), value)));
        }
        numbers.sort_by(|a, b| a.0.cmp(&b.0));
        numbers
    }
}

/// Hands `name=value` of each column named that the report has to `push`.
pub fn column_terms(document: &Document, columns: &[String], push: &mut dyn FnMut(&str)) {
    for name in columns {
        if let Some(value) = document.columns.get(name).map(|value| value.trim()).filter(|value| !value.is_empty()) {
            push(&format!("{name}={}", fold(value).replace(char::is_control, " ")));
        }
    }
}

fn word_like(token: &Token<'_>) -> bool {
    matches!(token.kind, Kind::Word | Kind::Han)
}

/// Whether the runs of characters of a text are counted: where it has Han, and in phrases of any script, which have few words.
fn has_runs(reading: &Reading<'_>) -> bool {
    let text = &reading.document.text;
    reading.language == Language::Zh || text.len() <= PHRASE || reading.han > 0
}

/// One to three neighbouring characters of a text, signs and letters too, every digit as `0`, blanks passed over.
/// Where a token was left out, a run ends. The ends of the text are characters too: what a phrase begins and ends with says much.
fn characters(original: &str, tokens: &[Token<'_>], sink: &mut Sink<'_>) {
    let mut starts: Vec<usize> = Vec::new();
    let mut run = String::new();
    let mut end = 0;
    if !tokens.is_empty() {
        starts.push(0);
        run.push(FIRST);
    }
    for token in tokens {
        if !Span::new(end, token.span.start).of(original).trim().is_empty() {
            run.clear();
            starts.clear();
        }
        end = token.span.end;
        for character in token.form.chars() {
            starts.push(run.len());
            run.push(if character.is_numeric() { '0' } else { character });
            for length in 1..=LONGEST_RUN.min(starts.len()) {
                sink(Block::Character, &run[starts[starts.len() - length]..], token.span);
            }
        }
    }
    if let Some(last) = tokens.last().filter(|_| Span::new(end, original.len()).of(original).trim().is_empty()) {
        starts.push(run.len());
        run.push(LAST);
        for length in 2..=LONGEST_RUN.min(starts.len()) {
            sink(Block::Character, &run[starts[starts.len() - length]..], last.span);
        }
    }
}

/// Where the head of a report ends and where its diagnosis stands, in the original text.
struct Places {
    head: usize,
    diagnosis: Vec<Span>,
}

impl Places {
    fn new(reading: &Reading<'_>, tokens: &[Token<'_>]) -> Self {
        let head = tokens.iter().filter(|token| word_like(token)).nth(HEAD_WORDS - 1).map_or(usize::MAX, |token| token.span.end);
        let sections = reading.sections.iter().filter(|section| DIAGNOSIS_SECTIONS.contains(&section.kind.as_str()));
        Self { head, diagnosis: sections.map(|section| reading.to_original(section.span)).collect() }
    }

    fn in_diagnosis(&self, span: Span) -> bool {
        self.diagnosis.iter().any(|section| section.contains(span))
    }
}
