//! Against imbalance: weights by class and by group, and rows drawn so that classes come equally often.

use std::collections::BTreeMap;

use crate::models::random::Random;

/// What is done about unequal classes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resampling {
    /// Every report once.
    None,
    /// Reports of smaller classes come again until all classes are as large as the largest.
    Over,
    /// Reports of larger classes are left out until all are as small as the smallest.
    Under,
}

/// Weights that give every value (class or group) that occurs the same sum; their mean is 1.
pub fn balanced(values: &[u32]) -> Vec<f32> {
    let mut sizes: BTreeMap<u32, usize> = BTreeMap::new();
    values.iter().for_each(|value| *sizes.entry(*value).or_insert(0) += 1);
    let share = values.len() as f64 / sizes.len().max(1) as f64;
    values.iter().map(|value| (share / sizes.get(value).copied().unwrap_or(1) as f64) as f32).collect()
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
        let weights = balanced(&LABELS);
        assert_eq!(weights, [0.5, 0.5, 0.5, 0.5, 2.0, 2.0]);
        let both = together(&[weights, balanced(&[0, 0, 1, 1, 1, 1])]);
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
