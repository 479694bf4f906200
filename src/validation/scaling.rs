//! Vector scaling: a slope and an offset a class on the logits (logarithms of probabilities), fitted on reports a model has not seen.
//! Temperature scaling (one number) stands with the models, Platt's sigmoid likewise; this is the one for classes that are
//! unequally sure.
//!
//! # Source
//! Guo, Pleiss, Sun, Weinberger: On calibration of modern neural networks, ICML 2017.

use ndarray::Array2;

use crate::error::{Error, Result};

pub use crate::models::scale::{scale, temperature};
pub use crate::models::sigmoid::Sigmoid;

/// Slope and offset a class.
#[derive(Debug, Clone, PartialEq)]
pub struct VectorScaling {
    slopes: Vec<f64>,
    offsets: Vec<f64>,
}

/// Steps of the descent.
const STEPS: usize = 500;
/// A probability below this counts as this.
const FLOOR: f64 = 1e-7;
/// Pull of slopes to 1 and offsets to 0, a report.
const PULL: f64 = 1e-3;

impl VectorScaling {
    /// Fits on out-of-fold probabilities; weakly held to change nothing.
    ///
    /// # Errors
    /// [`Error::Shape`] where lengths differ, nothing is there or a label has no column.
    pub fn fit(probabilities: &Array2<f32>, truth: &[u32]) -> Result<Self> {
        let (rows, classes) = probabilities.dim();
        if rows == 0 || rows != truth.len() || truth.iter().any(|label| *label as usize >= classes) {
            return Err(Error::Shape(format!("calibration; expected a label below {classes} a report, found {rows} reports and {} labels", truth.len())));
        }
        let logits = probabilities.mapv(|value| f64::from(value).max(FLOOR).ln());
        let mut own = Self { slopes: vec![1.0; classes], offsets: vec![0.0; classes] };
        let mut value = own.loss(&logits, truth);
        let mut step = 1.0;
        for _ in 0..STEPS {
            let (slopes, offsets) = own.gradient(&logits, truth);
            let length: f64 = slopes.iter().chain(&offsets).map(|entry| entry * entry).sum();
            if length < 1e-12 {
                break;
            }
            let moved = loop {
                let next = Self {
                    slopes: own.slopes.iter().zip(&slopes).map(|(at, entry)| (at - step * entry).max(0.01)).collect(),
                    offsets: own.offsets.iter().zip(&offsets).map(|(at, entry)| at - step * entry).collect(),
                };
                let reached = next.loss(&logits, truth);
                if reached < value - 1e-4 * step * length {
                    value = reached;
                    break Some(next);
                }
                step /= 2.0;
                if step < 1e-8 {
                    break None;
                }
            };
            match moved {
                Some(next) => own = next,
                None => break,
            }
            step *= 2.0;
        }
        Ok(own)
    }

    /// Probabilities as scaled.
    pub fn apply(&self, probabilities: &Array2<f32>) -> Array2<f32> {
        let mut out = probabilities.mapv(|value| f64::from(value).max(FLOOR).ln());
        for mut row in out.rows_mut() {
            let scaled = self.softmax(&row.to_vec());
            row.iter_mut().zip(scaled).for_each(|(out, value)| *out = value);
        }
        out.mapv(|value| value as f32)
    }

    fn softmax(&self, logits: &[f64]) -> Vec<f64> {
        let scaled: Vec<f64> = logits.iter().zip(&self.slopes).zip(&self.offsets).map(|((logit, slope), offset)| logit * slope + offset).collect();
        let largest = scaled.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let raised: Vec<f64> = scaled.iter().map(|logit| (logit - largest).exp()).collect();
        let sum: f64 = raised.iter().sum();
        raised.into_iter().map(|value| value / sum).collect()
    }

    fn pull(&self) -> f64 {
        PULL / 2.0 * (self.slopes.iter().map(|slope| (slope - 1.0).powi(2)).sum::<f64>() + self.offsets.iter().map(|offset| offset * offset).sum::<f64>())
    }

    fn loss(&self, logits: &Array2<f64>, truth: &[u32]) -> f64 {
        let of_rows = logits.rows().into_iter().zip(truth).map(|(row, label)| -self.softmax(&row.to_vec())[*label as usize].max(1e-300).ln()).sum::<f64>();
        of_rows / truth.len() as f64 + self.pull()
    }

    fn gradient(&self, logits: &Array2<f64>, truth: &[u32]) -> (Vec<f64>, Vec<f64>) {
        let mut slopes: Vec<f64> = self.slopes.iter().map(|slope| PULL * (slope - 1.0)).collect();
        let mut offsets: Vec<f64> = self.offsets.iter().map(|offset| PULL * offset).collect();
        let share = 1.0 / truth.len() as f64;
        for (row, label) in logits.rows().into_iter().zip(truth) {
            for (class, chance) in self.softmax(&row.to_vec()).into_iter().enumerate() {
                let error = share * (chance - f64::from(u8::from(class == *label as usize)));
                slopes[class] += error * row[class];
                offsets[class] += error;
            }
        }
        (slopes, offsets)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::random::Random;
    use crate::validation::reliability::{calibration_error, log_loss};

    #[test]
    fn unequally_sure_classes_are_calibrated_and_the_loss_falls() {
        // True logits, then distorted a class.
        let mut random = Random::new(8);
        let mut said = Array2::zeros((3000, 3));
        let mut truth = Vec::new();
        for mut row in said.rows_mut() {
            let logits: Vec<f64> = (0..3).map(|_| 1.5 * random.normal()).collect();
            let sum: f64 = logits.iter().map(|logit| logit.exp()).sum();
            let draw = random.unit();
            truth.push(if draw < logits[0].exp() / sum { 0 } else { 1 + u32::from(draw >= (logits[0].exp() + logits[1].exp()) / sum) });
            let distorted: Vec<f64> = logits.iter().zip([3.0, 2.0, 1.0]).map(|(logit, factor)| (logit * factor).exp()).collect();
            let sum: f64 = distorted.iter().sum();
            row.iter_mut().zip(distorted).for_each(|(out, value)| *out = (value / sum) as f32);
        }
        let scaled = VectorScaling::fit(&said, &truth).unwrap().apply(&said);
        assert!(log_loss(&scaled, &truth) < log_loss(&said, &truth) - 0.1);
        assert!(calibration_error(&scaled, &truth) < calibration_error(&said, &truth) / 2.0);
        assert!(VectorScaling::fit(&said, &truth[1..]).is_err());
    }
}
