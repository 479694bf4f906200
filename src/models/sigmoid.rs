//! Platt scaling: from a decision value to a probability by a sigmoid with a slope and an offset, fitted by Newton's method on
//! decisions about rows that the model has not seen, with Platt's smoothed targets.
//!
//! # Source
//! Platt 1999; Lin, Lin, Weng: A note on Platt's probabilistic outputs for support vector machines, Machine Learning 68, 2007.

/// p = 1 / (1 + exp(−(slope · decision + offset))).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sigmoid {
    /// Log-odds for one unit of decision.
    pub slope: f64,
    /// Log-odds at decision 0.
    pub offset: f64,
}

impl Sigmoid {
    /// Fits on decisions, whether each is positive, and weights. Without positives or negatives: the smoothed share, whatever the decision.
    pub fn fit(decisions: &[f64], positive: &[bool], weights: &[f32]) -> Self {
        let total =
            |wanted: bool| -> f64 { positive.iter().zip(weights).filter(|(positive, _)| **positive == wanted).map(|(_, weight)| f64::from(*weight)).sum() };
        let (ones, zeros) = (total(true), total(false));
        let start = Self { slope: 0.0, offset: ((ones + 1.0) / (zeros + 1.0)).ln() };
        if ones == 0.0 || zeros == 0.0 {
            return start;
        }
        let (high, low) = ((ones + 1.0) / (ones + 2.0), 1.0 / (zeros + 2.0));
        let rows: Vec<(f64, f64, f64)> = decisions
            .iter()
            .zip(positive)
            .zip(weights)
            .map(|((decision, positive), weight)| (*decision, if *positive { high } else { low }, f64::from(*weight)))
            .collect();
        let loss = |at: Self| -> f64 {
            rows.iter().map(|(decision, target, weight)| weight * (softplus(at.log_odds(*decision)) - target * at.log_odds(*decision))).sum()
        };
        let mut at = start;
        let mut value = loss(at);
        for _ in 0..100 {
            let (mut g1, mut g2, mut h11, mut h12, mut h22) = (0.0, 0.0, 1e-12, 0.0, 1e-12);
            for (decision, target, weight) in &rows {
                let p = at.probability(*decision);
                let (gradient, curve) = (weight * (p - target), weight * p * (1.0 - p));
                g1 += gradient * decision;
                g2 += gradient;
                h11 += curve * decision * decision;
                h12 += curve * decision;
                h22 += curve;
            }
            if g1.abs() < 1e-8 && g2.abs() < 1e-8 {
                break;
            }
            let determinant = h11 * h22 - h12 * h12;
            if determinant <= 1e-18 * h11 * h22 {
                break;
            }
            let (d1, d2) = (-(h22 * g1 - h12 * g2) / determinant, -(h11 * g2 - h12 * g1) / determinant);
            let descent = g1 * d1 + g2 * d2;
            let mut step = 1.0;
            let next = loop {
                let next = Self { slope: at.slope + step * d1, offset: at.offset + step * d2 };
                let reached = loss(next);
                if reached < value + 1e-4 * step * descent {
                    value = reached;
                    break Some(next);
                }
                step /= 2.0;
                if step < 1e-10 {
                    break None;
                }
            };
            match next {
                Some(next) => at = next,
                None => break,
            }
        }
        at
    }

    /// Log-odds of a decision.
    pub fn log_odds(self, decision: f64) -> f64 {
        self.slope * decision + self.offset
    }

    /// Probability of a decision.
    pub fn probability(self, decision: f64) -> f64 {
        1.0 / (1.0 + (-self.log_odds(decision)).exp())
    }
}

/// ln(1 + exp(value)) without overflow.
fn softplus(value: f64) -> f64 {
    value.max(0.0) + (-value.abs()).exp().ln_1p()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::random::Random;

    #[test]
    fn the_sigmoid_that_made_the_labels_is_found_again() {
        let mut random = Random::new(5);
        let truth = Sigmoid { slope: 2.0, offset: -0.7 };
        let decisions: Vec<f64> = (0..40_000).map(|_| random.normal()).collect();
        let positive: Vec<bool> = decisions.iter().map(|decision| random.unit() < truth.probability(*decision)).collect();
        let found = Sigmoid::fit(&decisions, &positive, &vec![1.0; 40_000]);
        assert!((found.slope - 2.0).abs() < 0.1 && (found.offset + 0.7).abs() < 0.05, "{found:?}");
    }

    #[test]
    fn separable_and_one_sided_decisions_stay_finite() {
        for positive in [vec![false, false, true, true], vec![true; 4], vec![false; 4]] {
            let found = Sigmoid::fit(&[-2.0, -1.0, 1.0, 2.0], &positive, &[1.0; 4]);
            assert!(found.slope.is_finite() && found.offset.is_finite());
            assert!((0.0..=1.0).contains(&found.probability(1e6)));
        }
    }
}
