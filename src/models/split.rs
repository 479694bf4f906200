//! Folds for cross-validation that keep groups whole and share out the classes: the largest group first, each to the fold where
//! it evens out its classes most.

use std::collections::BTreeMap;

/// A fold, from 0, for each row. Rows of a group stand in one fold; without groups every row is its own. The seed only breaks ties
/// between groups of one size, so that the order of the rows changes nothing but through `groups`.
pub fn folds(labels: &[u32], classes: usize, groups: &[u32], count: usize) -> Vec<u32> {
    let mut members: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (row, group) in groups.iter().enumerate() {
        members.entry(*group).or_default().push(row);
    }
    let mut sizes = vec![0f64; classes];
    labels.iter().for_each(|label| sizes[*label as usize] += 1.0);
    let mut order: Vec<(u32, Vec<usize>)> = members.into_iter().collect();
    order.sort_by(|a, b| b.1.len().cmp(&a.1.len()).then(a.0.cmp(&b.0)));
    let mut filled = vec![vec![0f64; classes]; count];
    let mut reports = vec![0usize; count];
    let mut out = vec![0u32; labels.len()];
    for (_, rows) in order {
        let mut own: BTreeMap<usize, f64> = BTreeMap::new();
        rows.iter().for_each(|row| *own.entry(labels[*row] as usize).or_insert(0.0) += 1.0);
        let cost = |fold: usize| -> f64 { own.iter().map(|(class, here)| here * filled[fold][*class] / sizes[*class]).sum() };
        let best = (0..count).min_by(|a, b| cost(*a).total_cmp(&cost(*b)).then(reports[*a].cmp(&reports[*b]))).unwrap_or(0);
        own.iter().for_each(|(class, here)| filled[best][*class] += here);
        reports[best] += rows.len();
        rows.iter().for_each(|row| out[*row] = best as u32);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_stay_whole_and_classes_are_shared_out() {
        let labels: Vec<u32> = (0..100).map(|row| u32::from(row % 10 == 0)).collect();
        let groups: Vec<u32> = (0..100).map(|row| row / 5).collect();
        let folds = folds(&labels, 2, &groups, 5);
        for group in groups.chunks(5).zip(folds.chunks(5)) {
            assert!(group.1.iter().all(|fold| *fold == group.1[0]));
        }
        for fold in 0..5 {
            assert_eq!(folds.iter().zip(&labels).filter(|(own, label)| **own == fold && **label == 1).count(), 2);
        }
    }
}
