//! Adam with decoupled weight decay. Embeddings of features that do not stand in a batch are left alone: their moments wait
//! until the feature comes again, which differs from plain Adam and keeps a step as small as its batch.

use super::layers::{Gradients, Layers};

const FIRST: f32 = 0.9;
const SECOND: f32 = 0.999;
const SMALL: f32 = 1e-8;

/// Moments of all parameters.
#[derive(Debug)]
pub struct Adam {
    rate: f32,
    decay: f32,
    steps: i32,
    weights: Vec<Vec<[f32; 2]>>,
    biases: Vec<Vec<[f32; 2]>>,
}

impl Adam {
    /// With a rate and a decay of the weights a step, in units of the rate.
    pub fn new(layers: &Layers, rate: f32, decay: f32) -> Self {
        let moments = |values: &Vec<f32>| vec![[0.0; 2]; values.len()];
        Self { rate, decay, steps: 0, weights: layers.weights.iter().map(moments).collect(), biases: layers.biases.iter().map(moments).collect() }
    }

    /// One step along the mean gradient of a batch of `rows`.
    pub fn step(&mut self, layers: &mut Layers, gradients: &Gradients, rows: usize) {
        self.steps += 1;
        let rate = self.rate * (1.0 - SECOND.powi(self.steps)).sqrt() / (1.0 - FIRST.powi(self.steps));
        let scale = 1.0 / rows as f32;
        let shrink = 1.0 - self.rate * self.decay;
        let width = layers.sizes[1];
        for (place, column) in gradients.touched.iter().enumerate() {
            let at = *column as usize * width;
            update(
                &mut layers.weights[0][at..at + width],
                &mut self.weights[0][at..at + width],
                &gradients.embeddings[place * width..][..width],
                rate,
                scale,
                shrink,
            );
        }
        for layer in 1..layers.weights.len() {
            update(&mut layers.weights[layer], &mut self.weights[layer], &gradients.weights[layer], rate, scale, shrink);
        }
        for layer in 0..layers.biases.len() {
            update(&mut layers.biases[layer], &mut self.biases[layer], &gradients.biases[layer], rate, scale, 1.0);
        }
    }
}

fn update(values: &mut [f32], moments: &mut [[f32; 2]], gradients: &[f32], rate: f32, scale: f32, shrink: f32) {
    for ((value, moment), gradient) in values.iter_mut().zip(moments).zip(gradients) {
        let gradient = gradient * scale;
        moment[0] = FIRST * moment[0] + (1.0 - FIRST) * gradient;
        moment[1] = SECOND * moment[1] + (1.0 - SECOND) * gradient * gradient;
        *value = *value * shrink - rate * moment[0] / (moment[1].sqrt() + SMALL);
    }
}
