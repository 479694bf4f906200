//! The model file: tensors as safetensors, everything else as one JSON manifest in its metadata, with a SHA-256 of the whole file.
//!
//! The checksum counts with its own sixty-four digits as zeros. Any truncation and any flipped bit is an error; nothing is
//! allocated that a length in the file asks for; nothing in it is code. The same model gives the same bytes.

use std::collections::{BTreeMap, HashMap};

use safetensors::tensor::{Dtype, SafeTensors, TensorView};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::kind;
use super::{Classifier, Saved, Values};
use crate::error::{Error, Result};
use crate::features::{FeatureSpace, NumberColumn, Recipe};
use crate::tokenize::Subwords;

/// Version of the file.
pub const FORMAT: u32 = 1;
/// Key of the manifest in the metadata.
const KEY: &str = "bingli";
/// What stands before the digits of the checksum in the file, where JSON stands in JSON.
const BEFORE_DIGITS: &[u8] = br#"{\"sha256\":\""#;
/// Prefix of the classifier's tensors.
const MODEL: &str = "model.";

/// A trained model with all it needs to label a report.
pub struct Bundle {
    /// What it is and how it came to be.
    pub manifest: Manifest,
    /// What it sees of a report.
    pub space: FeatureSpace,
    /// The classifier.
    pub classifier: Box<dyn Classifier>,
}

/// What a model is and how it came to be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Sixty-four hexadecimal digits over the whole file; must stand first.
    sha256: String,
    /// Version of the file.
    pub format: u32,
    /// Version of the program that trained it.
    pub pipeline: String,
    /// Hash of the lexicon it was trained with.
    pub lexicon: String,
    /// Kind of classifier.
    pub kind: String,
    /// Names of the classes, in the order of the classifier's columns.
    pub labels: Vec<String>,
    /// Temperature that its probabilities are scaled by.
    pub temperature: f32,
    /// How its features are made.
    pub recipe: Recipe,
    /// Its numbers.
    pub numbers: Vec<NumberColumn>,
    /// Learned pieces of words, as JSON; empty where it has none.
    pub subwords: String,
    /// Settings of the classifier.
    pub settings: serde_json::Map<String, serde_json::Value>,
    /// How it was trained.
    pub training: Training,
    /// What other stages keep with the model, by name.
    #[serde(default)]
    pub more: BTreeMap<String, serde_json::Value>,
}

/// How a model was trained, and how well it did on folds it had not seen.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Training {
    /// Name given to the model.
    pub name: String,
    /// Reports.
    pub reports: usize,
    /// Reports a label.
    pub label_counts: BTreeMap<String, usize>,
    /// Groups, where there were any.
    pub groups: usize,
    /// How the folds were made.
    pub folds: String,
    /// Accuracy over the folds.
    pub accuracy: f64,
    /// Mean F1 of the labels over the folds.
    pub macro_f1: f64,
    /// Inverse of the penalty.
    pub strength: f64,
    /// How far class weights evened out the sizes of classes.
    pub balance: f64,
    /// Seed.
    pub seed: u64,
    /// SHA-256 of the training data: ids, labels and texts.
    pub data: String,
    /// Columns that joined the text as numbers.
    pub numeric: Vec<String>,
    /// Columns that joined the text as categories.
    pub categorical: Vec<String>,
}

impl Manifest {
    /// A manifest of a space and a classifier.
    pub fn new(lexicon: String, labels: Vec<String>, temperature: f32, space: &FeatureSpace, classifier: &dyn Classifier, training: Training) -> Self {
        Self {
            sha256: "0".repeat(64),
            format: FORMAT,
            pipeline: env!("CARGO_PKG_VERSION").into(),
            lexicon,
            kind: classifier.kind().into(),
            labels,
            temperature,
            recipe: space.recipe.clone(),
            numbers: space.numbers.clone(),
            subwords: String::new(),
            settings: classifier.save().settings,
            training,
            more: BTreeMap::new(),
        }
    }

    /// The checksum of the file it was read from or written to last.
    pub fn checksum(&self) -> &str {
        &self.sha256
    }
}

impl Bundle {
    /// The pieces of words it was trained with, where it has some.
    ///
    /// # Errors
    /// [`Error::Model`] where they are damaged.
    pub fn subwords(&self) -> Result<Option<Subwords>> {
        let json = self.manifest.subwords.as_str();
        (!json.is_empty()).then(|| Subwords::from_json(json)).transpose()
    }

    /// The bytes of the file.
    ///
    /// # Errors
    /// [`Error::Model`] where the parts cannot be written.
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        let saved = self.classifier.save();
        let mut tensors: BTreeMap<String, (Dtype, Vec<usize>, Vec<u8>)> = BTreeMap::new();
        for (name, (shape, values)) in saved.tensors {
            let (kind, bytes) = match values {
                Values::F32(values) => (Dtype::F32, values.iter().flat_map(|value| value.to_le_bytes()).collect()),
                Values::U32(values) => (Dtype::U32, values.iter().flat_map(|value| value.to_le_bytes()).collect()),
            };
            tensors.insert(format!("{MODEL}{name}"), (kind, shape, bytes));
        }
        let terms = self.space.terms.join("\n").into_bytes();
        tensors.insert("features.terms".into(), (Dtype::U8, vec![terms.len()], terms));
        let idf: Vec<u8> = self.space.idf.iter().flat_map(|value| value.to_le_bytes()).collect();
        tensors.insert("features.idf".into(), (Dtype::F32, vec![self.space.idf.len()], idf));
        if let Some(latent) = &self.space.latent {
            let shape = vec![latent.weights().len() / latent.dimensions().max(1), latent.dimensions()];
            tensors.insert("features.latent".into(), (Dtype::F32, shape, latent.weights().iter().flat_map(|value| value.to_le_bytes()).collect()));
        }
        let mut manifest = self.manifest.clone();
        manifest.sha256 = "0".repeat(64);
        manifest.settings = saved.settings;
        let manifest = serde_json::to_string(&manifest).map_err(|error| Error::Model(format!("manifest: {error}")))?;
        let views: Result<Vec<(&String, TensorView<'_>)>> =
            tensors.iter().map(|(name, (kind, shape, bytes))| Ok((name, TensorView::new(*kind, shape.clone(), bytes).map_err(damaged)?))).collect();
        let mut file = safetensors::serialize(views?, Some(HashMap::from([(KEY.to_string(), manifest)]))).map_err(damaged)?;
        let at = digits(&file)?;
        let sum = hexadecimal(&Sha256::digest(&file));
        file[at..at + 64].copy_from_slice(sum.as_bytes());
        Ok(file)
    }

    /// A model from the bytes of a file.
    ///
    /// # Errors
    /// [`Error::Model`] where the bytes are no model of this version, are damaged, or their parts do not fit together.
    pub fn from_bytes(file: &[u8]) -> Result<Self> {
        let at = digits(file)?;
        let mut hasher = Sha256::new();
        hasher.update(&file[..at]);
        hasher.update([b'0'; 64]);
        hasher.update(&file[at + 64..]);
        if hexadecimal(&hasher.finalize()).as_bytes() != &file[at..at + 64] {
            return Err(Error::Model("expected the checksum that the file states, found another; the file is damaged".into()));
        }
        let (_, metadata) = SafeTensors::read_metadata(file).map_err(damaged)?;
        let manifest =
            metadata.metadata().as_ref().and_then(|metadata| metadata.get(KEY)).ok_or_else(|| Error::Model("expected a manifest, found none".into()))?;
        #[derive(Deserialize)]
        struct Version {
            format: u32,
        }
        let version: Version = serde_json::from_str(manifest).map_err(|error| Error::Model(format!("manifest: {error}")))?;
        if version.format != FORMAT {
            return Err(Error::Model(format!("expected format {FORMAT}, found {}; train it again or use the version of bingli that wrote it", version.format)));
        }
        let manifest: Manifest = serde_json::from_str(manifest).map_err(|error| Error::Model(format!("manifest: {error}")))?;
        // Another field than the one that was checked must not pass for the checksum.
        if manifest.sha256.as_bytes() != &file[at..at + 64] {
            return Err(Error::Model("expected the manifest to begin with the checksum, found another field there; the file is damaged".into()));
        }
        let tensors = SafeTensors::deserialize(file).map_err(damaged)?;
        let terms = tensors.tensor("features.terms").map_err(damaged)?;
        let terms = std::str::from_utf8(terms.data()).map_err(|_| Error::Model("terms: expected UTF-8, found other bytes".into()))?;
        let terms: Vec<String> = if terms.is_empty() { Vec::new() } else { terms.split('\n').map(str::to_string).collect() };
        let idf = floats(&tensors.tensor("features.idf").map_err(damaged)?)?;
        let latent = tensors.tensor("features.latent").ok().map(|view| floats(&view)).transpose()?;
        let mut saved = Saved { settings: manifest.settings.clone(), ..Saved::default() };
        for (name, view) in tensors.tensors() {
            if let Some(name) = name.strip_prefix(MODEL) {
                let values = match view.dtype() {
                    Dtype::U32 => Values::U32(view.data().as_chunks::<4>().0.iter().map(|bytes| u32::from_le_bytes(*bytes)).collect()),
                    _ => Values::F32(floats(&view)?),
                };
                saved.tensors.insert(name.to_string(), (view.shape().to_vec(), values));
            }
        }
        let classifier = kind::load(&manifest.kind, &saved)?;
        let space = FeatureSpace::from_parts(manifest.recipe.clone(), terms, idf, latent, manifest.numbers.clone())?;
        if classifier.features() != space.columns() || classifier.classes() != manifest.labels.len() {
            return Err(Error::Model(format!(
                "expected {} features and {} labels, found a classifier of {} and {}",
                space.columns(),
                manifest.labels.len(),
                classifier.features(),
                classifier.classes()
            )));
        }
        if !(manifest.temperature.is_finite() && manifest.temperature > 0.0) {
            return Err(Error::Model("temperature: expected a positive number, found another".into()));
        }
        Ok(Self { manifest, space, classifier })
    }
}

fn floats(view: &TensorView<'_>) -> Result<Vec<f32>> {
    if view.dtype() != Dtype::F32 {
        return Err(Error::Model(format!("expected a tensor of 32-bit floats, found {:?}", view.dtype())));
    }
    Ok(view.data().as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect())
}

fn damaged(error: safetensors::SafeTensorError) -> Error {
    Error::Model(format!("expected a model of bingli, found a file that is none or is damaged ({error})"))
}

/// Where the digits of the checksum stand: in the header, after the first mark.
fn digits(file: &[u8]) -> Result<usize> {
    let header = &file[..file.len().min(512)];
    let at = header.windows(BEFORE_DIGITS.len()).position(|window| window == BEFORE_DIGITS).map(|at| at + BEFORE_DIGITS.len());
    at.filter(|at| at + 64 <= file.len()).ok_or_else(|| Error::Model("expected a model of bingli, found a file that is none or is damaged".into()))
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;

    use super::*;
    use crate::features::{Bag, Corpus, Rows};
    use crate::models::logistic::LogisticParams;
    use crate::models::{Fit, Targets};

    fn bundle() -> Bundle {
        let bag = |words: &[&str], size: f32| Bag {
            terms: words.iter().map(|word| (format!("word:{word}"), 1)).collect(),
            numbers: vec![("size".into(), size)],
            patient: None,
        };
        let bags = vec![bag(&["liver"], 1.0), bag(&["liver", "nodule"], 2.0), bag(&["lung"], 9.0), bag(&["lung", "nodule"], 7.0)];
        let corpus = Corpus::new(bags, 1);
        let labels = [0, 0, 1, 1];
        let recipe = Recipe { min_groups: 1, min_reports: 1, ..Recipe::many(None) };
        let rows = Rows { rows: &[0, 1, 2, 3], labels: &labels, classes: 2, groups: &[0, 1, 2, 3] };
        let space = FeatureSpace::fit(&corpus, &rows, &recipe).unwrap();
        let x = space.matrix(&corpus, &[0, 1, 2, 3]);
        let targets = Targets { labels: &labels, classes: 2, weights: &[1.0; 4], groups: None };
        let classifier = LogisticParams::default().fit(&x, &targets, 1, &AtomicBool::new(false)).unwrap();
        let manifest = Manifest::new("00".into(), vec!["liver".into(), "lung".into()], 1.5, &space, &*classifier, Training::default());
        Bundle { manifest, space, classifier }
    }

    #[test]
    fn a_model_survives_its_file_and_the_file_is_the_same_again() {
        let one = bundle();
        let bytes = one.to_bytes().unwrap();
        assert_eq!(bytes, bundle().to_bytes().unwrap(), "same data, same bytes");
        let again = Bundle::from_bytes(&bytes).unwrap();
        assert_eq!(again.space, one.space);
        assert_eq!(again.to_bytes().unwrap(), bytes);
        let bag = Bag { terms: vec![("word:lung".into(), 1)], numbers: Vec::new(), patient: None };
        assert_eq!(again.classifier.probabilities(&again.space.of_bag(&bag)), one.classifier.probabilities(&one.space.of_bag(&bag)));
    }

    #[test]
    fn a_file_of_another_version_says_what_to_do() {
        let mut bytes = bundle().to_bytes().unwrap();
        let at = bytes.windows(11).position(|window| window == br#""format\":1"#).unwrap();
        bytes[at + 10] = b'7';
        let place = digits(&bytes).unwrap();
        bytes[place..place + 64].copy_from_slice(&[b'0'; 64]);
        let sum = hexadecimal(&Sha256::digest(&bytes));
        bytes[place..place + 64].copy_from_slice(sum.as_bytes());
        let said = Bundle::from_bytes(&bytes).err().unwrap().to_string();
        assert!(said.contains("found 7") && said.contains("train it again"), "{said}");
    }

    #[test]
    fn every_truncation_and_every_flipped_bit_is_an_error() {
        let bytes = bundle().to_bytes().unwrap();
        for length in 0..bytes.len() {
            assert!(Bundle::from_bytes(&bytes[..length]).is_err(), "cut to {length}");
        }
        for at in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[at] ^= 1 << (at % 8);
            assert!(Bundle::from_bytes(&damaged).is_err(), "bit flipped in byte {at}");
        }
    }
}
