//! Values of features as bins, so that a tree looks at a few thresholds a feature instead of at every value. What is not stored in
//! a row is zero and is never stored in a bin either: its share is the node's total less what the other bins hold.

use rayon::prelude::*;

use crate::models::Matrix;
use crate::models::rows::row;

/// Thresholds of every feature, and rows as stored features with their bins.
#[derive(Debug)]
pub struct Binned {
    /// Ascending thresholds of each feature; bin b holds values above threshold b - 1 up to threshold b.
    pub edges: Vec<Vec<f32>>,
    /// The bin of zero, a feature.
    pub zero: Vec<u8>,
    starts: Vec<usize>,
    columns: Vec<u32>,
    bins: Vec<u8>,
}

impl Binned {
    /// Bins of a matrix, at most `most` (2 to 255) a feature, of about equal numbers of rows.
    pub fn new(x: &Matrix, most: usize) -> Self {
        let by_feature = x.to_csc();
        let edges: Vec<Vec<f32>> = (0..x.cols())
            .into_par_iter()
            .with_min_len(64)
            .map(|column| {
                let values = by_feature.outer_view(column).map(|view| view.data().to_vec()).unwrap_or_default();
                thresholds(values, x.rows(), most.clamp(2, 255))
            })
            .collect();
        let bin = |column: u32, value: f32| edges[column as usize].partition_point(|edge| *edge < value) as u8;
        let zero = (0..x.cols() as u32).map(|column| bin(column, 0.0)).collect();
        let (mut starts, mut columns, mut bins) = (vec![0], Vec::with_capacity(x.nnz()), Vec::with_capacity(x.nnz()));
        for at in 0..x.rows() {
            let (row_columns, values) = row(x, at);
            for (column, value) in row_columns.iter().zip(values).filter(|(column, _)| !edges[**column as usize].is_empty()) {
                columns.push(*column);
                bins.push(bin(*column, *value));
            }
            starts.push(columns.len());
        }
        Self { edges, zero, starts, columns, bins }
    }

    /// Number of features.
    pub fn features(&self) -> usize {
        self.edges.len()
    }

    /// Number of bins of a feature.
    pub fn bins_of(&self, feature: u32) -> usize {
        self.edges[feature as usize].len() + 1
    }

    /// Stored features of a row with their bins.
    pub fn row(&self, at: usize) -> impl Iterator<Item = (u32, u8)> + '_ {
        let range = self.starts[at]..self.starts[at + 1];
        self.columns[range.clone()].iter().copied().zip(self.bins[range].iter().copied())
    }

    /// The bin of a feature in a row.
    pub fn bin(&self, at: usize, feature: u32) -> u8 {
        let range = self.starts[at]..self.starts[at + 1];
        self.columns[range.clone()].binary_search(&feature).map_or(self.zero[feature as usize], |place| self.bins[range.start + place])
    }

    /// Brings rows whose bin is at most `bin` to the front and gives their number. Both sides keep their order.
    pub fn partition(&self, rows: &mut [u32], feature: u32, bin: u8, spare: &mut Vec<u32>) -> usize {
        spare.clear();
        let mut left = 0;
        for at in 0..rows.len() {
            let row = rows[at];
            if self.bin(row as usize, feature) <= bin {
                rows[left] = row;
                left += 1;
            } else {
                spare.push(row);
            }
        }
        rows[left..].copy_from_slice(spare);
        left
    }
}

/// Midpoints between neighbouring values, thinned to equal numbers of rows where there are too many.
fn thresholds(mut values: Vec<f32>, rows: usize, most: usize) -> Vec<f32> {
    let absent = rows.saturating_sub(values.len());
    values.sort_unstable_by(f32::total_cmp);
    let mut distinct: Vec<(f32, usize)> = Vec::new();
    for value in values {
        match distinct.last_mut() {
            Some((last, count)) if *last == value => *count += 1,
            _ => distinct.push((value, 1)),
        }
    }
    if absent > 0 {
        match distinct.binary_search_by(|(value, _)| value.total_cmp(&0.0)) {
            Ok(place) => distinct[place].1 += absent,
            Err(place) => distinct.insert(place, (0.0, absent)),
        }
    }
    let middle = |pair: &[(f32, usize)]| {
        let middle = f32::midpoint(pair[0].0, pair[1].0);
        if middle < pair[1].0 { middle } else { pair[0].0 }
    };
    if distinct.len() <= most {
        return distinct.windows(2).map(middle).collect();
    }
    let per_bin = (distinct.iter().filter(|(value, _)| *value != 0.0).map(|(_, count)| count).sum::<usize>() as f64 / (most - 1) as f64).max(1.0);
    let (mut edges, mut held) = (Vec::new(), 0f64);
    for pair in distinct.windows(2) {
        let beside_zero = pair[0].0 == 0.0 || pair[1].0 == 0.0;
        held += if pair[0].0 == 0.0 { 0.0 } else { pair[0].1 as f64 };
        if (held >= per_bin || beside_zero) && edges.len() + 1 < most {
            edges.push(middle(pair));
            held = 0.0;
        }
    }
    edges
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_that_is_there_or_not_has_one_threshold() {
        assert_eq!(thresholds(vec![1.0, 1.0], 5, 32), [0.5]);
        assert!(thresholds(vec![], 5, 32).is_empty());
        assert!(thresholds(vec![2.0; 5], 5, 32).is_empty());
        assert_eq!(thresholds(vec![-2.0, 3.0], 5, 32), [-1.0, 1.5]);
    }

    #[test]
    fn many_values_are_thinned_and_bins_agree_with_thresholds() {
        let values: Vec<f32> = (1..=1000).map(|value| value as f32 / 7.0).collect();
        let edges = thresholds(values.clone(), 1500, 32);
        assert!(edges.len() <= 31 && edges.len() > 20 && edges.is_sorted());
        let x = Matrix::new((1000, 1), (0..=1000).collect(), vec![0; 1000], values.clone());
        let binned = Binned::new(&x, 32);
        for (at, value) in values.iter().enumerate() {
            let bin = binned.bin(at, 0) as usize;
            assert!(bin == 0 || *value > binned.edges[0][bin - 1]);
            assert!(bin == binned.edges[0].len() || *value <= binned.edges[0][bin]);
        }
    }
}
