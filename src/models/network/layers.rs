//! The layers: a weighted bag of embeddings, rectified dense layers, logits. Forward, and the gradient backward.
//!
//! Shapes: `weights[0]` features × first width; `weights[l]` width l × width l+1; the last width is the number of classes.

use crate::models::random::Random;

/// Weights and biases of all layers.
#[derive(Debug, Clone, PartialEq)]
pub struct Layers {
    /// Number of features, widths of the hidden layers, number of classes.
    pub sizes: Vec<usize>,
    /// Row-major, one a layer.
    pub weights: Vec<Vec<f32>>,
    /// One a layer.
    pub biases: Vec<Vec<f32>>,
}

/// Gradients of one batch; those of the embeddings only for the features that stood in it.
#[derive(Debug, Clone)]
pub struct Gradients {
    /// Features of the batch, in the order they came.
    pub touched: Vec<u32>,
    /// Their embeddings' gradients, one after the other.
    pub embeddings: Vec<f32>,
    /// Place of each feature in `touched`, `u32::MAX` where it has none.
    places: Vec<u32>,
    /// Gradients of the dense layers.
    pub weights: Vec<Vec<f32>>,
    /// Gradients of the biases.
    pub biases: Vec<Vec<f32>>,
}

impl Layers {
    /// Small random weights: variance 2 over the width that goes in; of the embeddings, 2 over both widths: a rare feature must not
    /// say more by chance than a frequent one by what it has learned.
    pub fn new(sizes: Vec<usize>, random: &mut Random) -> Self {
        let mut weights = Vec::with_capacity(sizes.len() - 1);
        for (layer, pair) in sizes.windows(2).enumerate() {
            let into = if layer == 0 { pair[0] + pair[1] } else { pair[0] };
            let spread = (2.0 / into as f64).sqrt();
            weights.push((0..pair[0] * pair[1]).map(|_| (random.normal() * spread) as f32).collect());
        }
        let biases = sizes.iter().skip(1).map(|size| vec![0.0; *size]).collect();
        Self { sizes, weights, biases }
    }

    /// The values of every layer for a row given as columns and values: hidden layers rectified, then the logits. `keep` is the
    /// scale of each hidden unit, 0 where it is dropped.
    pub fn forward(&self, columns: &[u32], values: &[f32], keep: Option<&[Vec<f32>]>) -> Vec<Vec<f32>> {
        let mut out: Vec<Vec<f32>> = Vec::with_capacity(self.weights.len());
        for layer in 0..self.weights.len() {
            let width = self.sizes[layer + 1];
            let mut here = self.biases[layer].clone();
            if layer == 0 {
                for (column, value) in columns.iter().zip(values) {
                    add(&mut here, *value, &self.weights[0][*column as usize * width..][..width]);
                }
            } else {
                for (unit, value) in out[layer - 1].iter().enumerate().filter(|(_, value)| **value != 0.0) {
                    add(&mut here, *value, &self.weights[layer][unit * width..][..width]);
                }
            }
            if layer + 1 < self.weights.len() {
                here.iter_mut().for_each(|value| *value = value.max(0.0));
                if let Some(keep) = keep {
                    here.iter_mut().zip(&keep[layer]).for_each(|(value, keep)| *value *= keep);
                }
            }
            out.push(here);
        }
        out
    }

    /// The gradient of the values that went into each layer, from the gradient of the logits; the first of them is that of the
    /// embedding sum.
    fn deltas(&self, values: &[Vec<f32>], logits: Vec<f32>, keep: Option<&[Vec<f32>]>) -> Vec<Vec<f32>> {
        let mut deltas = vec![logits];
        for layer in (1..self.weights.len()).rev() {
            let width = self.sizes[layer + 1];
            let above = &deltas[deltas.len() - 1];
            let mut here: Vec<f32> =
                self.weights[layer].chunks(width).map(|weights| weights.iter().zip(above).map(|(weight, delta)| weight * delta).sum()).collect();
            for (unit, delta) in here.iter_mut().enumerate() {
                *delta *= if values[layer - 1][unit] > 0.0 { keep.map_or(1.0, |keep| keep[layer - 1][unit]) } else { 0.0 };
            }
            deltas.push(here);
        }
        deltas.reverse();
        deltas
    }

    /// Adds a row's gradients, given the gradient of its logits.
    pub fn backward(&self, columns: &[u32], inputs: &[f32], values: &[Vec<f32>], logits: Vec<f32>, keep: Option<&[Vec<f32>]>, into: &mut Gradients) {
        let deltas = self.deltas(values, logits, keep);
        for layer in 1..self.weights.len() {
            let width = self.sizes[layer + 1];
            for (unit, value) in values[layer - 1].iter().enumerate().filter(|(_, value)| **value != 0.0) {
                add(&mut into.weights[layer][unit * width..][..width], *value, &deltas[layer]);
            }
        }
        for (bias, delta) in into.biases.iter_mut().zip(&deltas) {
            add(bias, 1.0, delta);
        }
        let width = self.sizes[1];
        for (column, value) in columns.iter().zip(inputs) {
            let place = into.place(*column, width);
            add(&mut into.embeddings[place..place + width], *value, &deltas[0]);
        }
    }

    /// The gradient of one logit less the mean of all, by each feature of a row.
    pub fn slopes(&self, columns: &[u32], inputs: &[f32], class: usize) -> Vec<f32> {
        let values = self.forward(columns, inputs, None);
        let classes = self.sizes[self.sizes.len() - 1];
        let mut logits = vec![-1.0 / classes as f32; classes];
        if let Some(own) = logits.get_mut(class) {
            *own += 1.0;
        }
        let deltas = self.deltas(&values, logits, None);
        let width = self.sizes[1];
        columns
            .iter()
            .map(|column| self.weights[0][*column as usize * width..][..width].iter().zip(&deltas[0]).map(|(weight, delta)| weight * delta).sum())
            .collect()
    }
}

impl Gradients {
    /// None yet, for layers of these sizes.
    pub fn new(layers: &Layers) -> Self {
        let dense = |layer: usize| if layer == 0 { Vec::new() } else { vec![0.0; layers.weights[layer].len()] };
        Self {
            touched: Vec::new(),
            embeddings: Vec::new(),
            places: vec![u32::MAX; layers.sizes[0]],
            weights: (0..layers.weights.len()).map(dense).collect(),
            biases: layers.biases.iter().map(|bias| vec![0.0; bias.len()]).collect(),
        }
    }

    /// Back to none.
    pub fn clear(&mut self) {
        self.touched.iter().for_each(|column| self.places[*column as usize] = u32::MAX);
        self.touched.clear();
        self.embeddings.clear();
        self.weights.iter_mut().chain(&mut self.biases).for_each(|gradient| gradient.fill(0.0));
    }

    fn place(&mut self, column: u32, width: usize) -> usize {
        let place = &mut self.places[column as usize];
        if *place == u32::MAX {
            *place = self.touched.len() as u32;
            self.touched.push(column);
            self.embeddings.resize(self.embeddings.len() + width, 0.0);
        }
        *place as usize * width
    }
}

fn add(to: &mut [f32], factor: f32, from: &[f32]) {
    to.iter_mut().zip(from).for_each(|(to, from)| *to += factor * from);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Cross-entropy of a row in double precision, for the differences.
    fn loss(layers: &Layers, columns: &[u32], values: &[f32], label: usize) -> f64 {
        let out = layers.forward(columns, values, None);
        let logits: Vec<f64> = out[out.len() - 1].iter().map(|logit| f64::from(*logit)).collect();
        logits.iter().map(|logit| logit.exp()).sum::<f64>().ln() - logits[label]
    }

    #[test]
    fn gradients_equal_central_differences() {
        let mut random = Random::new(3);
        let layers = Layers::new(vec![6, 5, 4, 3], &mut random);
        let (columns, values, label) = ([0u32, 2, 5], [0.7f32, 1.2, 0.4], 1usize);
        let out = layers.forward(&columns, &values, None);
        let mut delta = out[2].clone();
        let sum: f32 = delta.iter().map(|logit| logit.exp()).sum();
        delta.iter_mut().for_each(|logit| *logit = logit.exp() / sum);
        delta[label] -= 1.0;
        let mut gradients = Gradients::new(&layers);
        layers.backward(&columns, &values, &out, delta, None, &mut gradients);
        let step = 1e-2f32;
        let check = |found: f32, change: &dyn Fn(&mut Layers, f32)| {
            let (mut above, mut below) = (layers.clone(), layers.clone());
            change(&mut above, step);
            change(&mut below, -step);
            let expected = (loss(&above, &columns, &values, label) - loss(&below, &columns, &values, label)) / (2.0 * f64::from(step));
            assert!((expected - f64::from(found)).abs() < 2e-3, "expected {expected}, found {found}");
        };
        for layer in 1..3 {
            for at in 0..layers.weights[layer].len() {
                check(gradients.weights[layer][at], &|layers, step| layers.weights[layer][at] += step);
            }
        }
        for layer in 0..3 {
            for at in 0..layers.biases[layer].len() {
                check(gradients.biases[layer][at], &|layers, step| layers.biases[layer][at] += step);
            }
        }
        assert_eq!(gradients.touched, columns);
        for (place, column) in columns.iter().enumerate() {
            for unit in 0..5 {
                check(gradients.embeddings[place * 5 + unit], &|layers, step| layers.weights[0][*column as usize * 5 + unit] += step);
            }
        }
    }
}
