//! A small dense network: a weighted bag of embeddings, one or two rectified layers, softmax.
//!
//! It overfits within a few epochs, so features and units are dropped at random, weights decay, and the number of epochs is the
//! one after which reports held out (whole groups of them) were best predicted; then it is fitted on everything. One thread does
//! all sums in one order: the same seed gives the same bytes.

mod adam;
mod layers;

use std::sync::atomic::AtomicBool;

use ndarray::Array2;

use self::adam::Adam;
use self::layers::{Gradients, Layers};
use super::inner::inner_folds;
use super::random::Random;
use super::rows::{check, go_on, row};
use super::{Classifier, Fit, Matrix, Saved, Targets};
use crate::error::{Error, Result};

/// Name of the kind.
pub const KIND: &str = "network";

/// Settings of the fit.
#[derive(Debug, Clone, PartialEq)]
pub struct NetworkParams {
    /// Widths of the hidden layers, one or more.
    pub hidden: Vec<usize>,
    /// Most epochs.
    pub epochs: usize,
    /// Rows a step.
    pub batch: usize,
    /// Rate of Adam.
    pub rate: f32,
    /// Decay of the weights, in units of the rate.
    pub decay: f32,
    /// Share of features dropped from a row.
    pub drop_features: f64,
    /// Share of hidden units dropped.
    pub drop_units: f64,
    /// Epochs without a better prediction of held-out rows before it ends.
    pub patience: usize,
}

impl Default for NetworkParams {
    fn default() -> Self {
        Self { hidden: vec![96], epochs: 40, batch: 32, rate: 3e-3, decay: 0.02, drop_features: 0.2, drop_units: 0.2, patience: 3 }
    }
}

/// A fitted network.
#[derive(Debug, Clone, PartialEq)]
pub struct Network {
    layers: Layers,
}

/// Folds of which one is held out to find the number of epochs.
const HELD_OUT: usize = 8;
/// Steps of the path that contributions are summed along.
const PATH: usize = 16;

impl Fit for NetworkParams {
    fn fit(&self, x: &Matrix, targets: &Targets<'_>, seed: u64, stop: &AtomicBool) -> Result<Box<dyn Classifier>> {
        check(x, targets)?;
        if self.hidden.is_empty() || self.hidden.contains(&0) || self.batch == 0 {
            return Err(Error::Setting("network: expected hidden layers of at least one unit and batches of at least one row, found others".into()));
        }
        let folds = inner_folds(targets, HELD_OUT, seed);
        let (held, inside): (Vec<usize>, Vec<usize>) = (0..x.rows()).partition(|row| folds[*row] == 0);
        let epochs =
            if held.is_empty() || inside.is_empty() { self.epochs.min(10) } else { self.train(x, targets, &inside, &held, self.epochs, seed, stop)?.1 };
        let all: Vec<usize> = (0..x.rows()).collect();
        let (layers, _) = self.train(x, targets, &all, &[], epochs, seed, stop)?;
        Ok(Box::new(Network { layers }))
    }
}

impl NetworkParams {
    /// Trains on some rows; gives the layers and the epoch, from 1, after which the held-out rows were best predicted.
    #[expect(clippy::too_many_arguments, reason = "one training run")]
    fn train(&self, x: &Matrix, targets: &Targets<'_>, rows: &[usize], held: &[usize], epochs: usize, seed: u64, stop: &AtomicBool) -> Result<(Layers, usize)> {
        let random = Random::new(seed);
        let mut sizes = vec![x.cols()];
        sizes.extend(&self.hidden);
        sizes.push(targets.classes);
        let mut layers = Layers::new(sizes, &mut random.child(0));
        let mut adam = Adam::new(&layers, self.rate, self.decay);
        let mut gradients = Gradients::new(&layers);
        let mut order = rows.to_vec();
        let mut best = (f64::INFINITY, epochs);
        for epoch in 1..=epochs {
            let mut draws = random.child(epoch as u64);
            draws.shuffle(&mut order);
            for batch in order.chunks(self.batch) {
                go_on(stop)?;
                gradients.clear();
                batch.iter().for_each(|at| self.learn(x, *at, targets, &layers, &mut draws, &mut gradients));
                adam.step(&mut layers, &gradients, batch.len());
            }
            if !held.is_empty() {
                let loss = held.iter().map(|at| f64::from(targets.weights[*at]) * loss(&layers, x, *at, targets.labels[*at])).sum::<f64>();
                if loss < best.0 {
                    best = (loss, epoch);
                } else if epoch >= best.1 + self.patience {
                    break;
                }
            }
        }
        Ok((layers, best.1))
    }

    /// Adds the gradients of one row, some of its features and units dropped.
    fn learn(&self, x: &Matrix, at: usize, targets: &Targets<'_>, layers: &Layers, draws: &mut Random, gradients: &mut Gradients) {
        let (all_columns, all_values) = row(x, at);
        let scale = 1.0 / (1.0 - self.drop_features) as f32;
        let (mut columns, mut values) = (Vec::with_capacity(all_columns.len()), Vec::with_capacity(all_columns.len()));
        for (column, value) in all_columns.iter().zip(all_values) {
            if draws.unit() >= self.drop_features {
                columns.push(*column);
                values.push(value * scale);
            }
        }
        let kept = 1.0 / (1.0 - self.drop_units) as f32;
        let keep: Vec<Vec<f32>> =
            self.hidden.iter().map(|width| (0..*width).map(|_| if draws.unit() >= self.drop_units { kept } else { 0.0 }).collect()).collect();
        let out = layers.forward(&columns, &values, Some(&keep));
        let Some(logits) = out.last() else { return };
        let mut delta = ndarray::Array1::from_vec(logits.clone());
        super::softmax(delta.view_mut());
        delta[targets.labels[at] as usize] -= 1.0;
        delta *= targets.weights[at];
        layers.backward(&columns, &values, &out, delta.to_vec(), Some(&keep), gradients);
    }
}

fn loss(layers: &Layers, x: &Matrix, at: usize, label: u32) -> f64 {
    let (columns, values) = row(x, at);
    let out = layers.forward(columns, values, None);
    let Some(logits) = out.last() else { return 0.0 };
    let largest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let sum: f64 = logits.iter().map(|logit| f64::from(logit - largest).exp()).sum();
    sum.ln() + f64::from(largest) - f64::from(logits.get(label as usize).copied().unwrap_or(0.0))
}

impl Network {
    /// A model from its tensors.
    ///
    /// # Errors
    /// [`Error::Model`] where they do not fit together.
    pub fn load(saved: &Saved) -> Result<Self> {
        let widths = saved.length("hidden")?;
        let hidden: Vec<usize> = saved.integers("hidden", &[widths])?.iter().map(|width| *width as usize).collect();
        if hidden.is_empty() || hidden.contains(&0) {
            return Err(Error::Model("network: expected hidden layers of at least one unit, found none".into()));
        }
        let mut sizes = vec![saved.feature_count()?];
        sizes.extend(hidden);
        sizes.push(saved.class_count()?);
        let (mut weights, mut biases) = (Vec::new(), Vec::new());
        for (layer, pair) in sizes.windows(2).enumerate() {
            weights.push(saved.floats(&format!("weights.{layer}"), pair)?.to_vec());
            biases.push(saved.floats(&format!("biases.{layer}"), &pair[1..])?.to_vec());
        }
        Ok(Self { layers: Layers { sizes, weights, biases } })
    }
}

impl Classifier for Network {
    fn kind(&self) -> &'static str {
        KIND
    }
    fn classes(&self) -> usize {
        self.layers.sizes.last().copied().unwrap_or(0)
    }
    fn features(&self) -> usize {
        self.layers.sizes.first().copied().unwrap_or(0)
    }
    fn probabilities(&self, x: &Matrix) -> Array2<f32> {
        let mut out = Array2::zeros((x.rows(), self.classes()));
        for (at, mut probabilities) in out.rows_mut().into_iter().enumerate() {
            let (columns, values) = row(x, at);
            if let Some(logits) = self.layers.forward(columns, values, None).last() {
                probabilities.iter_mut().zip(logits).for_each(|(to, from)| *to = *from);
            }
            super::softmax(probabilities);
        }
        out
    }
    /// Integrated gradients from the empty report to this one.
    fn contributions(&self, x: &Matrix, at: usize, class: usize) -> Vec<(u32, f32)> {
        let (columns, values) = row(x, at);
        let mut sums = vec![0f32; columns.len()];
        for step in 0..PATH {
            let share = (step as f32 + 0.5) / PATH as f32;
            let inputs: Vec<f32> = values.iter().map(|value| value * share).collect();
            sums.iter_mut().zip(self.layers.slopes(columns, &inputs, class)).for_each(|(sum, slope)| *sum += slope / PATH as f32);
        }
        columns.iter().zip(values).zip(sums).map(|((column, value), slope)| (*column, value * slope)).collect()
    }
    fn weights(&self, _class: usize) -> Vec<(u32, f32)> {
        Vec::new()
    }
    fn save(&self) -> Saved {
        let sizes = &self.layers.sizes;
        let hidden: Vec<u32> = sizes[1..sizes.len() - 1].iter().map(|width| *width as u32).collect();
        let mut saved = Saved::default().with_setting("features", self.features()).with_setting("classes", self.classes()).with_integers(
            "hidden",
            &[hidden.len()],
            hidden.clone(),
        );
        for (layer, pair) in sizes.windows(2).enumerate() {
            saved = saved.with_floats(&format!("weights.{layer}"), pair, self.layers.weights[layer].clone());
            saved = saved.with_floats(&format!("biases.{layer}"), &pair[1..], self.layers.biases[layer].clone());
        }
        saved
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two labels that no linear model tells apart: exactly one of two words stands there.
    fn exclusive() -> (Matrix, Vec<u32>) {
        let rows: Vec<Vec<u32>> =
            (0..200u32).map(|at| [at % 2 == 0, at / 2 % 2 == 0].iter().zip([0, 1]).filter(|(there, _)| **there).map(|(_, column)| column).collect()).collect();
        let labels = rows.iter().map(|row| (row.len() == 1).into()).collect();
        let mut starts = vec![0];
        rows.iter().for_each(|row| starts.push(starts[starts.len() - 1] + row.len()));
        let indices: Vec<u32> = rows.concat();
        let values = vec![1.0; indices.len()];
        (Matrix::new((200, 2), starts, indices, values), labels)
    }

    #[test]
    fn it_learns_what_no_linear_model_can_and_gives_the_same_bytes_again() {
        let (x, labels) = exclusive();
        let weights = vec![1.0; labels.len()];
        let targets = Targets { labels: &labels, classes: 2, weights: &weights, groups: None };
        let params = NetworkParams { hidden: vec![16, 8], epochs: 60, rate: 1e-2, drop_features: 0.0, drop_units: 0.1, ..NetworkParams::default() };
        let fit = || params.fit(&x, &targets, 5, &AtomicBool::new(false)).unwrap();
        let model = fit();
        let right = model.probabilities(&x).rows().into_iter().zip(&labels).filter(|(row, label)| (row[1] > 0.5) == (**label == 1)).count();
        assert!(right > 190, "{right} of 200");
        assert_eq!(model.save(), fit().save());
        assert_eq!(Network::load(&model.save()).unwrap().save(), model.save());
    }

    #[test]
    fn contributions_add_up_to_what_the_report_changed() {
        let (x, labels) = exclusive();
        let weights = vec![1.0; labels.len()];
        let targets = Targets { labels: &labels, classes: 2, weights: &weights, groups: None };
        let model = NetworkParams::default().fit(&x, &targets, 5, &AtomicBool::new(false)).unwrap();
        let sum: f32 = model.contributions(&x, 0, 1).iter().map(|(_, weight)| weight).sum();
        let empty = Matrix::new((1, 2), vec![0, 0], Vec::new(), Vec::new());
        let odds = |probabilities: Array2<f32>| (probabilities[[0, 1]] / probabilities[[0, 0]]).ln() / 2.0;
        let change = odds(model.probabilities(&x)) - odds(model.probabilities(&empty));
        assert!((sum - change).abs() < 0.1 * change.abs().max(0.5), "{sum} {change}");
    }
}
