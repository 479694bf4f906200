//! Against imbalance: weights by class and by group, and rows drawn so that classes come equally often.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::random::Random;

/// What is done about unequal classes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Resampling {
    /// Every report once.
    #[default]
    None,
    /// Reports of smaller classes come again until all classes are as large as the largest.
    Over,
    /// Reports of larger classes are left out until all are as small as the smallest.
    Under,
}

/// Weights of mean 1 that fall with the size of a row's class or group: at `balance` 1 every value that occurs has the same sum, at 0
/// every row the same weight.
pub fn balanced(values: &[u32], balance: f64) -> Vec<f32> {
    let mut sizes: BTreeMap<u32, u32> = BTreeMap::new();
    values.iter().for_each(|value| *sizes.entry(*value).or_insert(0) += 1);
    let weights: Vec<f64> = values.iter().map(|value| f64::from(sizes.get(value).copied().unwrap_or(1)).powf(-balance)).collect();
    let mean = weights.iter().sum::<f64>() / weights.len().max(1) as f64;
    weights.into_iter().map(|weight| (weight / mean) as f32).collect()
}

/// Weights of several kinds together, scaled to mean 1.
pub fn together(weights: &[Vec<f32>]) -> Vec<f32> {
    let rows = weights.first().map_or(0, Vec::len);
    let products: Vec<f64> = (0..rows).map(|row| weights.iter().map(|own| f64::from(own.get(row).copied().unwrap_or(1.0))).product()).collect();
    let mean = products.iter().sum::<f64>() / rows.max(1) as f64;
    products.into_iter().map(|product| (product / mean.max(f64::MIN_POSITIVE)) as f32).collect()
}

/// Rows drawn from `rows`, sorted; every class that occurs comes equally often unless nothing is done.
pub fn resample(rows: &[usize], labels: &[u32], how: Resampling, seed: u64) -> Vec<usize> {
    let mut members: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    rows.iter().for_each(|row| members.entry(labels[*row]).or_default().push(*row));
    let sizes = members.values().map(Vec::len);
    let wanted = match how {
        Resampling::None => return rows.to_vec(),
        Resampling::Over => sizes.max().unwrap_or(0),
        Resampling::Under => sizes.min().unwrap_or(0),
    };
    let mut random = Random::new(seed);
    let mut out = Vec::with_capacity(wanted * members.len());
    for mut own in members.into_values() {
        random.shuffle(&mut own);
        out.extend(own.iter().cycle().take(wanted));
    }
    out.sort_unstable();
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const LABELS: [u32; 6] = [0, 0, 0, 0, 1, 2];

    #[test]
    fn balanced_classes_weigh_the_same() {
        let weights = balanced(&LABELS, 1.0);
        assert!(weights.iter().zip([0.5, 0.5, 0.5, 0.5, 2.0, 2.0]).all(|(own, expected)| (own - expected).abs() < 1e-6));
        assert_eq!(balanced(&LABELS, 0.0), [1.0; 6]);
        let both = together(&[weights, balanced(&[0, 0, 1, 1, 1, 1], 1.0)]);
        assert!((both.iter().sum::<f32>() - 6.0).abs() < 1e-5 && both[0] > both[2]);
    }

    #[test]
    fn drawing_makes_classes_equal_without_inventing_or_losing_one() {
        let rows: Vec<usize> = (0..6).collect();
        let over = resample(&rows, &LABELS, Resampling::Over, 1);
        assert_eq!(over, [0, 1, 2, 3, 4, 4, 4, 4, 5, 5, 5, 5]);
        let under = resample(&rows, &LABELS, Resampling::Under, 1);
        assert_eq!((under.len(), &under[1..]), (3, &[4, 5][..]));
        assert_eq!(resample(&rows, &LABELS, Resampling::None, 1), rows);
    }
}
