//! What the learning verbs share: labelled reports read into samples, and a model read from its file.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, bail};
use sha2::{Digest, Sha256};

use super::args::{Input, LabelFields, Work};
use crate::document::Document;
use crate::features::{Analyzer, Bag, Block, Columns, Interned, Vocabulary};
use crate::models::bundle::Bundle;
use crate::models::train::Samples;
use crate::run::{Identified, Reports, stream_records};
use crate::tokenize::Subwords;
use crate::validation::folds::{Folds, Plan};

/// Reports that were read for learning.
pub struct Labelled {
    /// Their ids, one a sample.
    pub ids: Vec<String>,
    /// The samples.
    pub samples: Samples,
    /// Names of the groups, by number; reports without one have numbers beyond.
    pub group_names: Vec<String>,
    /// How the folds were made.
    pub folds: String,
    /// Reports that could not be read.
    pub failed: usize,
    /// SHA-256 of ids, labels and texts.
    pub data: String,
    /// Pieces of words, where that block was asked for.
    pub subwords: Option<Subwords>,
}

/// The demo model: trained by `corpora/models/make` on the reports in `corpora/reports`.
const DEMO: &[u8] = include_bytes!("../../corpora/models/demo.model");

/// The model at a path, or the embedded demo, which says what it is.
///
/// # Errors
/// Where the file is no model.
pub fn model_or_demo(path: Option<&Path>) -> anyhow::Result<Arc<Bundle>> {
    if let Some(path) = path {
        return model(path);
    }
    eprintln!("bingli: no model given; labels are by the embedded demo, trained on invented reports: to see how it works, not to be used");
    Ok(Arc::new(Bundle::from_bytes(DEMO).context("the embedded demo model")?))
}

/// One labelled report.
struct Report {
    id: String,
    label: Option<String>,
    group: Option<String>,
    fold: Option<String>,
    /// As it came; empty once its terms have numbers.
    bag: Bag,
    interned: Interned,
    digest: [u8; 32],
}

/// Reports as they were read, with the terms they share.
struct Gathered {
    reports: Vec<Report>,
    vocabulary: Vocabulary,
    unlabelled: usize,
    failed: usize,
}

impl Identified for Report {
    fn id(&mut self) -> &mut String {
        &mut self.id
    }
}

/// Reads labelled reports.
///
/// # Errors
/// No label at all, one label only, or a group that is the label.
pub fn read(input: &Input, work: &Work, fields: &LabelFields, blocks: &[Block], folds_asked: u32) -> anyhow::Result<Labelled> {
    let Gathered { mut reports, mut vocabulary, unlabelled, failed } = gather(input, work, fields, blocks, None, true)?;
    if reports.is_empty() {
        let asked = fields.asked();
        bail!("{asked} {}: expected labelled reports, found none among {}; name the field that holds the label", fields.label, unlabelled + failed);
    }
    if unlabelled > 0 {
        eprintln!("bingli: {unlabelled} reports without a value in `{}` are left out", fields.label);
    }
    drop_small_classes(&mut reports, fields.min_class);
    let subwords = if blocks.contains(&Block::Subword) { Some(learn_subwords(&mut vocabulary, &mut reports)?) } else { None };
    Ok(Labelled { subwords, ..samples(reports, vocabulary, fields, folds_asked, failed)? })
}

/// Pieces learned of each kind of word: enough for stems and endings.
const PIECES: usize = 4000;

/// Learns pieces of words from the words of all reports (never from their labels) and adds them to the reports' terms.
fn learn_subwords(vocabulary: &mut Vocabulary, reports: &mut [Report]) -> anyhow::Result<Subwords> {
    let interned: Vec<&Interned> = reports.iter().map(|report| &report.interned).collect();
    let words = vocabulary.forms(Block::Word, &interned);
    // A word of one report teaches nothing that travels, and might name somebody.
    let seen = words.iter().filter(|(_, count)| *count > 1).flat_map(|(word, count)| std::iter::repeat_n(*word, *count as usize));
    let subwords = Subwords::train(seen, PIECES)?;
    let mut interned: Vec<&mut Interned> = reports.iter_mut().map(|report| &mut report.interned).collect();
    vocabulary.derive(Block::Word, &mut interned, |form| {
        let mut pieces = Vec::new();
        subwords.cut(form, &mut |_, _, piece| pieces.push(Block::Subword.term(piece)));
        pieces
    });
    Ok(subwords)
}

/// Reads reports, their texts gone as soon as their terms are counted.
fn gather(input: &Input, work: &Work, fields: &LabelFields, blocks: &[Block], subwords: Option<Subwords>, labelled: bool) -> anyhow::Result<Gathered> {
    let columns = Columns { numeric: fields.numeric.clone(), categorical: fields.categorical.clone() };
    let named = [Some(&fields.label), fields.group.as_ref(), fields.fold.as_ref()].into_iter().flatten();
    let wanted: BTreeSet<String> = named.chain(&fields.numeric).chain(&fields.categorical).cloned().collect();
    let pipeline = work.pipeline()?;
    let analyzer = Analyzer::new(pipeline.lexicon(), subwords)?;
    let take = |document: &Document, name: Option<&String>| {
        name.and_then(|name| document.columns.get(name)).map(|value| value.trim().to_string()).filter(|value| !value.is_empty())
    };
    let (mut reports, mut vocabulary): (Vec<Report>, Vocabulary) = (Vec::new(), Vocabulary::default());
    let (mut failed, mut unlabelled) = (0usize, 0usize);
    let structure = |document: &Document| Report {
        id: document.id.clone(),
        label: take(document, Some(&fields.label)).or_else(|| none_of_several(document, fields)),
        group: take(document, fields.group.as_ref()),
        fold: take(document, fields.fold.as_ref()),
        bag: pipeline.bag(&analyzer, document, blocks, &columns),
        interned: Interned::default(),
        digest: Sha256::digest(document.text.as_bytes()).into(),
    };
    stream_records(input.inputs(wanted.into_iter().collect())?, work.jobs(), structure, &mut |report| {
        match report {
            Reports::Record(mut report) if report.label.is_some() || !labelled => {
                report.interned = vocabulary.intern(std::mem::take(&mut report.bag));
                reports.push(*report);
            }
            Reports::Record(_) => unlabelled += 1,
            Reports::Failure(failure) => {
                failed += 1;
                eprintln!("bingli: {}: {} ({})", failure.source, failure.reason, failure.kind.name());
            }
            Reports::Warning(warning) => eprintln!("bingli: {warning}"),
        }
        Ok(())
    })?;
    if labelled
        && !reports.is_empty()
        && let Some(group) = &fields.group
        && reports.iter().all(|report| report.group.is_none())
    {
        bail!("--group {group}; expected a field or column that names the group of a report, found a value in none");
    }
    Ok(Gathered { reports, vocabulary, unlabelled, failed })
}

/// An empty list says that a report has none of several labels, where a missing one says nothing.
fn none_of_several(document: &Document, fields: &LabelFields) -> Option<String> {
    document.columns.get(&fields.label).filter(|_| fields.several).map(|_| String::new())
}

/// Reads reports for a model to be used on; without labels where none are asked for. There are no folds.
///
/// # Errors
/// Nothing that could be read.
pub fn read_for_use(
    input: &Input,
    work: &Work,
    fields: &LabelFields,
    blocks: &[Block],
    subwords: Option<Subwords>,
    labelled: bool,
) -> anyhow::Result<Labelled> {
    let Gathered { reports, vocabulary, failed, .. } = gather(input, work, fields, blocks, subwords, labelled)?;
    if reports.is_empty() {
        bail!("expected reports{}, found none", if labelled { format!(" with a value in `{}`", fields.label) } else { String::new() });
    }
    let classes = names(&reports, |report| &report.label);
    let group_names = names(&reports, |report| &report.group);
    let number = |names: &[String], name: &Option<String>| name.as_ref().and_then(|name| names.binary_search(name).ok()).unwrap_or(names.len()) as u32;
    let labels = reports.iter().map(|report| number(&classes, &report.label)).collect();
    let groups = reports.iter().map(|report| number(&group_names, &report.group)).collect();
    let (data, ids) = (hash(&reports), reports.iter().map(|report| report.id.clone()).collect());
    let least = least_reports(reports.len());
    let folds = vec![0; reports.len()];
    let corpus = vocabulary.corpus(reports.into_iter().map(|report| report.interned).collect(), least);
    let samples = Samples { folds, corpus, labels, classes, groups, fold_count: 1 };
    Ok(Labelled { ids, samples, group_names, folds: String::new(), failed, data, subwords: None })
}

/// The values of a field that occur, sorted.
fn names(reports: &[Report], of: impl Fn(&Report) -> &Option<String>) -> Vec<String> {
    reports.iter().filter_map(|report| of(report).clone()).collect::<BTreeSet<_>>().into_iter().collect()
}

/// SHA-256 of ids, labels and texts, in their order.
fn hash(reports: &[Report]) -> String {
    let mut hasher = Sha256::new();
    for report in reports {
        hasher.update(report.id.as_bytes());
        hasher.update([0]);
        hasher.update(report.label.as_deref().unwrap_or("").as_bytes());
        hasher.update(report.digest);
    }
    hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Reports a term must stand in to be counted at all.
const fn least_reports(reports: usize) -> u32 {
    if reports < 100 { 1 } else { 2 }
}

fn drop_small_classes(reports: &mut Vec<Report>, least: usize) {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    reports.iter().filter_map(|report| report.label.as_ref()).for_each(|label| *counts.entry(label.clone()).or_insert(0) += 1);
    for (label, count) in counts.iter().filter(|(_, count)| **count < least) {
        eprintln!("bingli: label `{label}` has {count} of at least {least} reports (--min-class) and is left out");
    }
    reports.retain(|report| report.label.as_ref().is_some_and(|label| counts.get(label).is_some_and(|count| *count >= least)));
}

fn samples(mut reports: Vec<Report>, vocabulary: Vocabulary, fields: &LabelFields, folds_asked: u32, failed: usize) -> anyhow::Result<Labelled> {
    // The order of the inputs must change nothing.
    reports.sort_by(|a, b| a.id.cmp(&b.id));
    let classes = names(&reports, |report| &report.label);
    if classes.len() < 2 {
        bail!(
            "{} {}: expected at least two labels with {} reports or more (--min-class), found {}; a model tells labels apart",
            fields.asked(),
            fields.label,
            fields.min_class,
            classes.len()
        );
    }
    let number = |names: &[String], name: &str| names.binary_search_by(|own| own.as_str().cmp(name)).unwrap_or(0) as u32;
    let labels: Vec<u32> = reports.iter().map(|report| number(&classes, report.label.as_deref().unwrap_or(""))).collect();
    let group_names = names(&reports, |report| &report.group);
    let known = group_names.len() as u32;
    let groups: Vec<u32> = (0u32..).zip(&reports).map(|(row, report)| report.group.as_ref().map_or(known + row, |group| number(&group_names, group))).collect();
    let pairs: BTreeSet<(u32, u32)> = groups.iter().copied().zip(labels.iter().copied()).collect();
    if fields.group.is_some() && group_names.len() == classes.len() && pairs.len() == classes.len() {
        bail!("--group: expected groups that hold several labels each, found the labels themselves; a fold would have labels nobody has seen");
    }
    let fold_names = names(&reports, |report| &report.fold);
    let (folds, fold_count, told) = match &fields.fold {
        Some(column) => {
            if fold_names.len() < 2 {
                bail!("--fold {column}: expected at least two folds, found {}", fold_names.len());
            }
            let folds = reports.iter().map(|report| number(&fold_names, report.fold.as_deref().unwrap_or(""))).collect();
            (folds, fold_names.len() as u32, format!("{} folds given by `{column}`", fold_names.len()))
        }
        None => {
            let told = fields.group.as_ref().map_or_else(|| "stratified".to_string(), |group| format!("groups of `{group}` kept whole"));
            let folds = Folds::new(&Plan::StratifiedGrouped(folds_asked as usize), &labels, classes.len(), Some(&groups), 1)?;
            (folds.of, folds_asked, format!("{folds_asked} folds, {told}"))
        }
    };
    let data = hash(&reports);
    let ids = reports.iter().map(|report| report.id.clone()).collect();
    let least = least_reports(reports.len());
    let corpus = vocabulary.corpus(reports.into_iter().map(|report| report.interned).collect(), least);
    Ok(Labelled { ids, samples: Samples { corpus, labels, classes, groups, folds, fold_count }, group_names, folds: told, failed, data, subwords: None })
}

/// A model from its file.
///
/// # Errors
/// Where the file cannot be read or is no model.
pub fn model(path: &Path) -> anyhow::Result<Arc<Bundle>> {
    let bytes = std::fs::read(path).with_context(|| format!("{}: cannot be read", path.display()))?;
    Ok(Arc::new(Bundle::from_bytes(&bytes).with_context(|| path.display().to_string())?))
}

/// Says where a model was trained with another lexicon or program than it is used with.
pub fn warn_of_mismatch(model: &Bundle, lexicon: &str) {
    if model.manifest.lexicon != lexicon {
        eprintln!("bingli: the model was trained with another lexicon; its features may mean something else here. Train it again where figures matter");
    }
    if model.manifest.pipeline != crate::pipeline::VERSION {
        eprintln!("bingli: the model was trained with version {} and is used with {}", model.manifest.pipeline, crate::pipeline::VERSION);
    }
}
