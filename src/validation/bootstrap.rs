//! Intervals by drawing reports again with repetition (percentile bootstrap), seeded; where groups are known whole groups are drawn,
//! since reports of one hospital tell less than as many of different ones.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::models::random::Random;

/// Drawings of an interval.
pub const DRAWINGS: usize = 200;

/// Ends of 95 % intervals of several figures at once. `figures` computes them from rows, which may repeat; a figure that a drawing
/// does not allow is left out of it.
pub fn intervals<const N: usize>(
    rows: usize,
    groups: Option<&[u32]>,
    drawings: usize,
    seed: u64,
    figures: impl Fn(&[usize]) -> [Option<f64>; N] + Sync,
) -> [Option<(f64, f64)>; N] {
    let units = units(rows, groups);
    let random = Random::new(seed);
    let drawn: Vec<[Option<f64>; N]> = (0..drawings as u64)
        .into_par_iter()
        .map(|drawing| {
            let mut own = random.child(drawing);
            let rows: Vec<usize> = (0..units.len()).flat_map(|_| units[own.below(units.len())].iter().copied()).collect();
            figures(&rows)
        })
        .collect();
    std::array::from_fn(|figure| {
        let mut values: Vec<f64> = drawn.iter().filter_map(|figures| figures[figure]).filter(|value| value.is_finite()).collect();
        values.sort_unstable_by(f64::total_cmp);
        let at = |share: f64| values.get(((values.len().max(1) - 1) as f64 * share).round() as usize).copied();
        Some((at(0.025)?, at(0.975)?))
    })
}

/// What is drawn: rows, or the rows of each group.
fn units(rows: usize, groups: Option<&[u32]>) -> Vec<Vec<usize>> {
    match groups {
        None => (0..rows).map(|row| vec![row]).collect(),
        Some(groups) => {
            let mut units: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
            groups.iter().enumerate().for_each(|(row, group)| units.entry(*group).or_default().push(row));
            units.into_values().collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_mean(values: &[f64], groups: Option<&[u32]>, seed: u64) -> (f64, f64) {
        intervals(values.len(), groups, 1000, seed, |rows| [Some(rows.iter().map(|row| values[*row]).sum::<f64>() / rows.len() as f64)])[0].unwrap()
    }

    #[test]
    fn the_interval_of_a_mean_is_about_two_standard_errors_each_way() {
        let mut random = Random::new(2);
        let values: Vec<f64> = (0..400).map(|_| random.normal()).collect();
        let mean = values.iter().sum::<f64>() / 400.0;
        let (low, high) = of_mean(&values, None, 1);
        assert!(low < mean && mean < high);
        assert!(((high - low) - 2.0 * 1.96 / 20.0).abs() < 0.03, "{low} {high}");
        assert_eq!((low, high), of_mean(&values, None, 1));
    }

    #[test]
    fn reports_of_few_groups_give_a_wider_interval() {
        let values: Vec<f64> = (0..400).map(|row| f64::from(row / 100 % 2)).collect();
        let groups: Vec<u32> = (0..400).map(|row| row / 100).collect();
        let (plain, grouped) = (of_mean(&values, None, 1), of_mean(&values, Some(&groups), 1));
        assert!(grouped.1 - grouped.0 > 3.0 * (plain.1 - plain.0));
    }
}
