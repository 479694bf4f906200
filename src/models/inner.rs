//! Folds inside one fit: for decisions about unseen rows (support vectors, stack). Groups stay whole where they are known, classes
//! are shared out: the largest group first, each to the fold where it evens out its classes most. The seed orders equals.

use std::collections::BTreeMap;

use super::Targets;
use super::random::Random;

/// A fold, from 0, for each row.
pub fn inner_folds(targets: &Targets<'_>, count: usize, seed: u64) -> Vec<u32> {
    share_out(targets.labels, targets.classes, targets.groups, count, seed)
}

/// A fold for each row: members of a group together, the classes of `labels` shared out.
pub fn share_out(labels: &[u32], classes: usize, groups: Option<&[u32]>, count: usize, seed: u64) -> Vec<u32> {
    let count = count.max(1);
    let mut members: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for row in 0..labels.len() {
        members.entry(groups.map_or(row as u32, |groups| groups[row])).or_default().push(row);
    }
    let mut order: Vec<Vec<usize>> = members.into_values().collect();
    Random::new(seed).shuffle(&mut order);
    order.sort_by_key(|rows| std::cmp::Reverse(rows.len()));
    let mut sizes = vec![0f64; classes];
    labels.iter().for_each(|label| sizes[*label as usize] += 1.0);
    let (mut filled, mut reports) = (vec![0f64; count * classes], vec![0usize; count]);
    let mut out = vec![0u32; labels.len()];
    let mut own: BTreeMap<usize, f64> = BTreeMap::new();
    for rows in order {
        own.clear();
        rows.iter().for_each(|row| *own.entry(labels[*row] as usize).or_insert(0.0) += 1.0);
        let cost = |fold: usize| -> f64 { own.iter().map(|(class, here)| here * filled[fold * classes + class] / sizes[*class]).sum() };
        let best = (0..count).map(|fold| (cost(fold), reports[fold], fold)).min_by(|a, b| a.0.total_cmp(&b.0).then((a.1, a.2).cmp(&(b.1, b.2))));
        let best = best.map_or(0, |best| best.2);
        own.iter().for_each(|(class, here)| filled[best * classes + class] += here);
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
        for seed in 0..5 {
            let folds = share_out(&labels, 2, Some(&groups), 5, seed);
            for group in folds.chunks(5) {
                assert!(group.iter().all(|fold| *fold == group[0]));
            }
            for fold in 0..5 {
                assert_eq!(folds.iter().zip(&labels).filter(|(own, label)| **own == fold && **label == 1).count(), 2);
            }
        }
        let folds = share_out(&labels, 2, None, 5, 1);
        assert!((0..5).all(|fold| folds.iter().filter(|own| **own == fold).count() == 20));
    }
}
