//! Each stage alone and the whole way of a report: MB and reports a second, allocations a run. Reports are those of `corpora/reports`,
//! by language; `BINGLI_BENCH_EN` and `BINGLI_BENCH_ZH` may name JSON Lines files with `text` to measure on instead.
//!
//! `benches/run` writes the table of docs/benchmarks.md from what this prints.

#![allow(missing_docs, clippy::unwrap_used)]

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, LazyLock};

use bingli::deidentify::{Deidentifier, Mode, Replacer};
use bingli::document::Document;
use bingli::features::{Analyzer, Bag, Block, Columns, Corpus, FeatureSpace, Recipe, Rows};
use bingli::findings::labs::Labs;
use bingli::findings::{Extraction, Extractor, Reading};
use bingli::fold::Folded;
use bingli::lexicon::Lexicon;
use bingli::models::bundle::Bundle;
use bingli::models::kind::{KINDS, settings};
use bingli::models::label::Asked;
use bingli::models::{Classifier, Matrix, Targets};
use bingli::pipeline::{Pipeline, Settings};
use bingli::quality::Legibility;
use bingli::tokenize::Tokenizer;
use bingli::write::{Jsonl, RecordWriter};
use divan::counter::{BytesCount, ItemsCount};
use divan::{AllocProfiler, Bencher, black_box};

#[global_allocator]
static ALLOCATOR: AllocProfiler = AllocProfiler::system();

const LANGUAGES: [&str; 2] = ["en", "zh"];

fn main() {
    divan::main();
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files(language: &str) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(root().join("corpora/reports").join(language)).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

/// The reports of a language as files hold them.
fn bytes(language: &str) -> Vec<Vec<u8>> {
    match std::env::var(format!("BINGLI_BENCH_{}", language.to_uppercase())) {
        Err(_) => files(language).iter().map(|file| std::fs::read(file).unwrap()).collect(),
        Ok(path) => {
            let lines = std::fs::read_to_string(path).unwrap();
            let text = |line: &str| serde_json::from_str::<serde_json::Value>(line).unwrap()["text"].as_str().unwrap().as_bytes().to_vec();
            lines.lines().map(text).collect()
        }
    }
}

struct Set {
    raw: Vec<Vec<u8>>,
    documents: Vec<Document>,
    size: usize,
}

impl Set {
    fn new(language: &str) -> Self {
        let raw = bytes(language);
        // A text of JSON may hold bytes that a file of text does not.
        let plain = |bytes: &Vec<u8>| String::from_utf8_lossy(bytes).into_owned();
        let texts = raw.iter().map(|bytes| bingli::decode::decode(bytes, None).map_or_else(|_| plain(bytes), |decoded| decoded.text));
        let documents: Vec<Document> = texts.map(|text| Document { text, ..Document::default() }).collect();
        let size = documents.iter().map(|document| document.text.len()).sum();
        Self { raw, documents, size }
    }

    /// Runs a stage over all reports of the set.
    fn bench<'a, T>(&'a self, bencher: Bencher<'_, '_>, stage: impl Fn(usize, &'a Document) -> T + Sync) {
        let run = || self.documents.iter().enumerate().for_each(|(index, document)| drop(black_box(stage(index, document))));
        bencher.counter(BytesCount::new(self.size)).counter(ItemsCount::new(self.documents.len())).bench(run);
    }
}

fn set(language: &str) -> &'static Set {
    static SETS: LazyLock<[Set; 2]> = LazyLock::new(|| LANGUAGES.map(Set::new));
    &SETS[usize::from(language == "zh")]
}

static LEXICON: LazyLock<Arc<Lexicon>> = LazyLock::new(|| Arc::new(Lexicon::embedded().unwrap()));
static EXTRACTOR: LazyLock<Extractor> = LazyLock::new(|| Extractor::new(LEXICON.clone()).unwrap());

fn readings(set: &'static Set) -> Vec<Reading<'static>> {
    set.documents.iter().map(|document| EXTRACTOR.read(document)).collect()
}

fn pipeline(deidentify: bool) -> Pipeline {
    Pipeline::new(LEXICON.clone(), Settings { deidentify, with_text: false, hash_ids: None }).unwrap()
}

mod start {
    use super::*;

    /// Everything `extract` prepares before the first report.
    #[divan::bench(sample_count = 20, sample_size = 1)]
    fn pipeline_from_nothing() -> Pipeline {
        Pipeline::new(Arc::new(Lexicon::embedded().unwrap()), Settings { deidentify: true, with_text: false, hash_ids: None }).unwrap()
    }
}

#[divan::bench_group(sample_count = 10, sample_size = 1)]
mod stage {
    use super::*;

    #[divan::bench(args = LANGUAGES)]
    fn a_decode(bencher: Bencher<'_, '_>, language: &str) {
        let set = set(language);
        set.bench(bencher, |index, _| bingli::decode::decode(&set.raw[index], None).map(|decoded| decoded.text.len()));
    }

    #[divan::bench(args = LANGUAGES)]
    fn b_fold(bencher: Bencher<'_, '_>, language: &str) {
        set(language).bench(bencher, |_, document| Folded::new(&document.text));
    }

    #[divan::bench(args = LANGUAGES)]
    fn c_scan(bencher: Bencher<'_, '_>, language: &str) {
        let set = set(language);
        let folded: Vec<Folded> = set.documents.iter().map(|document| Folded::new(&document.text)).collect();
        set.bench(bencher, |index, _| LEXICON.scan(folded[index].text()));
    }

    /// Folding, the scan, sections and sentences.
    #[divan::bench(args = LANGUAGES)]
    fn d_read(bencher: Bencher<'_, '_>, language: &str) {
        set(language).bench(bencher, |_, document| EXTRACTOR.read(document));
    }

    #[divan::bench(args = LANGUAGES)]
    fn e_identifiers(bencher: Bencher<'_, '_>, language: &str) {
        let (set, deidentifier) = (set(language), Deidentifier::new(&LEXICON).unwrap());
        let readings = readings(set);
        set.bench(bencher, |index, _| deidentifier.find(&readings[index]));
    }

    /// A text made free of identifiers, reading and replacing included: what the verb `deid` does with a report.
    #[divan::bench(args = LANGUAGES)]
    fn f_deidentify(bencher: Bencher<'_, '_>, language: &str) {
        let (set, deidentifier) = (set(language), Deidentifier::new(&LEXICON).unwrap());
        let replacer = Replacer::new(&LEXICON, Mode::Tag, None).unwrap();
        set.bench(bencher, |_, document| replacer.replace(document, &deidentifier.find(&EXTRACTOR.read(document))));
    }

    #[divan::bench(args = LANGUAGES)]
    fn g_labs(bencher: Bencher<'_, '_>, language: &str) {
        let (set, labs) = (set(language), Labs::new(&LEXICON).unwrap());
        let readings = readings(set);
        set.bench(bencher, |index, _| labs.find(&readings[index]));
    }

    /// Labs, findings, summary and checks.
    #[divan::bench(args = LANGUAGES)]
    fn h_findings(bencher: Bencher<'_, '_>, language: &str) {
        let set = set(language);
        let readings = readings(set);
        set.bench(bencher, |index, _| EXTRACTOR.extract(&readings[index]));
    }

    #[divan::bench(args = LANGUAGES)]
    fn i_legibility(bencher: Bencher<'_, '_>, language: &str) {
        let (set, legibility) = (set(language), Legibility::new(&LEXICON));
        let readings = readings(set);
        set.bench(bencher, |index, _| legibility.share(&readings[index]));
    }

    #[divan::bench(args = LANGUAGES)]
    fn j_tokenize(bencher: Bencher<'_, '_>, language: &str) {
        let (set, tokenizer) = (set(language), Tokenizer::new(&LEXICON).unwrap());
        let folded: Vec<Folded> = set.documents.iter().map(|document| Folded::new(&document.text)).collect();
        set.bench(bencher, |index, document| tokenizer.tokens(&folded[index], &document.text, &[]).len());
    }

    #[divan::bench(args = LANGUAGES)]
    fn k_terms(bencher: Bencher<'_, '_>, language: &str) {
        let set = set(language);
        let terms = Terms::new(set);
        set.bench(bencher, |index, _| terms.bag(index));
    }

    /// Terms counted, weighted and scaled.
    #[divan::bench(args = LANGUAGES)]
    fn l_tf_idf(bencher: Bencher<'_, '_>, language: &str) {
        let set = set(language);
        let learned = Learned::new(set);
        set.bench(bencher, |index, _| learned.space.of_bag(&learned.bags[index]));
    }

    #[divan::bench(args = LANGUAGES)]
    fn m_record(bencher: Bencher<'_, '_>, language: &str) {
        let (set, pipeline) = (set(language), pipeline(true));
        let records: Vec<_> = set.documents.iter().map(|document| pipeline.record(document)).collect();
        set.bench(bencher, |index, _| Jsonl::new(Vec::with_capacity(1 << 14)).write(&records[index]));
    }
}

/// Terms of reports that were read.
struct Terms {
    analyzer: Analyzer,
    readings: Vec<Reading<'static>>,
    stated: Vec<Extraction>,
    blocks: Vec<Block>,
}

impl Terms {
    fn new(set: &'static Set) -> Self {
        let readings = readings(set);
        let stated = readings.iter().map(|reading| EXTRACTOR.extract(reading)).collect();
        Self { analyzer: Analyzer::new(&LEXICON, None).unwrap(), readings, stated, blocks: recipe().blocks() }
    }

    fn bag(&self, index: usize) -> Bag {
        self.analyzer.bag(&LEXICON, &self.readings[index], &self.stated[index], &[], &self.blocks, &Columns::default())
    }
}

/// A space and a matrix of a set. Labels are given in turn: what a model costs does not hang on them.
struct Learned {
    bags: Vec<Bag>,
    space: FeatureSpace,
    matrix: Matrix,
    labels: Vec<u32>,
}

const CLASSES: usize = 6;

/// All terms, from any hospital.
fn recipe() -> Recipe {
    Recipe { min_groups: 1, ..Recipe::many(Some(4000)) }
}

impl Learned {
    fn new(set: &'static Set) -> Self {
        let terms = Terms::new(set);
        let bags: Vec<Bag> = (0..set.documents.len()).map(|index| terms.bag(index)).collect();
        let rows: Vec<usize> = (0..bags.len()).collect();
        let labels: Vec<u32> = rows.iter().map(|row| (row % CLASSES) as u32).collect();
        let corpus = Corpus::new(bags.clone(), 2);
        let groups = vec![0; rows.len()];
        let of = Rows { rows: &rows, labels: &labels, classes: CLASSES, groups: &groups };
        let space = FeatureSpace::fit(&corpus, &of, &recipe()).unwrap();
        let matrix = space.matrix(&corpus, &rows);
        Self { bags, space, matrix, labels }
    }
}

/// Probabilities of all reports by each kind of model, from the matrix on.
#[divan::bench(args = KINDS, sample_count = 10, sample_size = 1)]
fn inference(bencher: Bencher<'_, '_>, kind: &str) {
    let set = set("en");
    let learned = Learned::new(set);
    let weights = vec![1.0; learned.labels.len()];
    let targets = Targets { labels: &learned.labels, classes: CLASSES, weights: &weights, groups: None };
    let model: Box<dyn Classifier> = settings(kind, 1.0).unwrap().fit(&learned.matrix, &targets, 7, &AtomicBool::new(false)).unwrap();
    bencher.counter(ItemsCount::new(learned.labels.len())).bench(|| model.probabilities(&learned.matrix));
}

#[divan::bench_group(sample_count = 10, sample_size = 1)]
mod whole {
    use super::*;

    /// Document to record.
    #[divan::bench(args = LANGUAGES)]
    fn extract(bencher: Bencher<'_, '_>, language: &str) {
        let pipeline = pipeline(true);
        set(language).bench(bencher, |_, document| pipeline.record(document));
    }

    /// Document to record with the label of the bundled model.
    #[divan::bench(args = LANGUAGES)]
    fn classify(bencher: Bencher<'_, '_>, language: &str) {
        let model = std::fs::read(root().join("corpora/models/demo.model")).unwrap();
        let asked = Asked { abstain: None, coverage: None, explain: 0 };
        let pipeline = pipeline(true).with_model(Arc::new(Bundle::from_bytes(&model).unwrap()), asked).unwrap();
        set(language).bench(bencher, |_, document| pipeline.record(document));
    }

    /// The program: a folder to all its outputs, start-up included.
    #[divan::bench(args = LANGUAGES)]
    fn batch(bencher: Bencher<'_, '_>, language: &str) {
        let set = set(language);
        let input = tempfile::tempdir().unwrap();
        for (index, document) in set.documents.iter().enumerate() {
            std::fs::write(input.path().join(format!("{index:05}.txt")), &document.text[..]).unwrap();
        }
        let run = || {
            let output = tempfile::tempdir().unwrap();
            let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_bingli"));
            command.args(["batch", "--jobs", "1"]).arg(input.path()).arg("-o").arg(output.path().join("out"));
            assert!(command.stderr(std::process::Stdio::null()).status().unwrap().success());
        };
        bencher.counter(BytesCount::new(set.size)).counter(ItemsCount::new(set.documents.len())).bench_local(run);
    }
}
