//! Figures by group (hospital, sex, year of birth): where a model does worse than elsewhere, and whether that is more than chance.

use std::collections::BTreeMap;

use serde::Serialize;

use super::confusion::Confusion;

/// Figures of one group.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GroupScores {
    /// Number of the group.
    pub group: u32,
    /// Its reports.
    pub reports: usize,
    /// Share of them that is right.
    pub accuracy: f64,
    /// Mean F1 over the classes that occur in it.
    pub macro_f1: f64,
    /// Accuracy of all other groups together.
    pub elsewhere: f64,
    /// Whether it is far below the rest.
    pub far_below: bool,
}

/// Fewer reports than this are never called far below.
const LEAST: usize = 20;
/// A group this far below the rest is worth a word.
const FAR: f64 = 0.05;
/// Standard errors between a group and the rest that are more than chance; strict, since many groups are compared.
const ERRORS: f64 = 3.0;

/// Figures of every group, by number.
pub fn by_group(groups: &[u32], truth: &[u32], said: &[u32], classes: usize) -> Vec<GroupScores> {
    let mut members: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    groups.iter().enumerate().for_each(|(row, group)| members.entry(*group).or_default().push(row));
    let right = |row: &usize| truth[*row] == said[*row];
    let all_right = (0..truth.len()).filter(right).count();
    members
        .into_iter()
        .map(|(group, rows)| {
            let pick = |of: &[u32]| rows.iter().map(|row| of[*row]).collect::<Vec<u32>>();
            let confusion = Confusion::new(&pick(truth), &pick(said), classes);
            let own_right = rows.iter().filter(|row| right(row)).count();
            let (own, others) = (rows.len() as f64, (truth.len() - rows.len()) as f64);
            let accuracy = own_right as f64 / own;
            let elsewhere = if others > 0.0 { (all_right - own_right) as f64 / others } else { accuracy };
            let pooled = all_right as f64 / truth.len() as f64;
            let error = (pooled * (1.0 - pooled) * (1.0 / own + 1.0 / others.max(1.0))).sqrt();
            let far_below = rows.len() >= LEAST && others > 0.0 && elsewhere - accuracy > FAR.max(ERRORS * error);
            GroupScores { group, reports: rows.len(), accuracy, macro_f1: confusion.macro_mean().f1, elsewhere, far_below }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_far_below_the_rest_is_named_and_a_small_one_is_not() {
        // 100 right in group 0, 40 of which 20 right in group 1, 5 wrong in group 2.
        let groups: Vec<u32> = (0..145)
            .map(|row| {
                if row < 100 {
                    0
                } else if row < 140 {
                    1
                } else {
                    2
                }
            })
            .collect();
        let truth = vec![0u32; 145];
        let said: Vec<u32> = (0..145).map(|row| u32::from(row >= 120)).collect();
        let scores = by_group(&groups, &truth, &said, 2);
        assert_eq!(scores.iter().map(|scores| scores.far_below).collect::<Vec<_>>(), [false, true, false]);
        assert_eq!((scores[1].accuracy, scores[1].reports), (0.5, 40));
        assert!((scores[1].elsewhere - 100.0 / 105.0).abs() < 1e-12);
    }

    #[test]
    fn one_group_alone_is_not_below_itself() {
        assert!(!by_group(&[0; 30], &[0; 30], &[1; 30], 2)[0].far_below);
    }
}
