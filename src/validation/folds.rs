//! Parting reports for validation: hold-out, k folds, stratified by class, by groups that stay whole, both, or folds that are given.
//!
//! What counts is the next hospital: where groups are known they stay whole. A plan that cannot be kept is an error, never a plan
//! that quietly leaks.

use std::collections::{BTreeMap, BTreeSet};

use crate::error::{Error, Result};
use crate::models::inner::share_out;
use crate::models::random::Random;

/// How reports are parted.
#[derive(Debug, Clone, PartialEq)]
pub enum Plan {
    /// One part of this share is held out (fold 0); the rest (fold 1) is only learned from.
    HoldOut(f64),
    /// Folds at random.
    Random(usize),
    /// Folds that share out the classes.
    Stratified(usize),
    /// Folds at random that keep groups whole.
    Grouped(usize),
    /// Folds that keep groups whole and share out the classes as well as they can.
    StratifiedGrouped(usize),
    /// Folds as given, one value a report.
    Given(Vec<u32>),
}

/// A fold for each report, numbered from 0, and which folds are tested.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folds {
    /// Fold of each report.
    pub of: Vec<u32>,
    /// Folds that are tested in turn.
    pub tested: Vec<u32>,
}

impl Folds {
    /// Rows learned from and rows tested, a tested fold.
    pub fn splits(&self) -> impl Iterator<Item = (Vec<usize>, Vec<usize>)> + '_ {
        self.tested.iter().map(|fold| (0..self.of.len()).partition(|row| self.of[*row] != *fold))
    }

    /// Parts reports. `groups`: one a report, needed by the plans that keep them whole.
    ///
    /// # Errors
    /// [`Error::Training`] or [`Error::Setting`] with what to do: fewer groups or reports than folds, a group that is a class, one class only in what a
    /// split learns from, given folds that are fewer than two.
    pub fn new(plan: &Plan, labels: &[u32], classes: usize, groups: Option<&[u32]>, seed: u64) -> Result<Self> {
        let folds = match plan {
            Plan::HoldOut(share) => {
                if !(*share > 0.0 && *share < 1.0) {
                    return Err(Error::Setting(format!("hold-out; expected a share between 0 and 1, found {share}")));
                }
                // Classes are shared out and groups stay whole, as in folds of which one (or all but one) is held out.
                let parts = (1.0 / share.min(1.0 - share)).round().clamp(2.0, labels.len().max(2) as f64) as usize;
                let held = if *share <= 0.5 { 1 } else { parts as u32 - 1 };
                let part = share_out(labels, classes, groups, parts, seed);
                Self { of: part.into_iter().map(|part| u32::from(part >= held)).collect(), tested: vec![0] }
            }
            Plan::Random(count) => Self::random(labels.len(), *count, None, seed)?,
            Plan::Stratified(count) => {
                enough(labels.len(), *count, "reports")?;
                Self::all(share_out(labels, classes, None, *count, seed), *count)
            }
            Plan::Grouped(count) => Self::random(labels.len(), *count, Some(whole(groups, labels)?), seed)?,
            Plan::StratifiedGrouped(count) => {
                let groups = whole(groups, labels)?;
                enough(groups.iter().collect::<BTreeSet<_>>().len(), *count, "groups")?;
                Self::all(share_out(labels, classes, Some(groups), *count, seed), *count)
            }
            Plan::Given(given) => {
                let names: Vec<u32> = given.iter().copied().collect::<BTreeSet<u32>>().into_iter().collect();
                if names.len() < 2 || given.len() != labels.len() {
                    return Err(Error::Setting(format!("--fold; expected a fold a report and at least two folds, found {} folds", names.len())));
                }
                let of = given.iter().map(|fold| names.binary_search(fold).unwrap_or(0) as u32).collect();
                Self::all(of, names.len())
            }
        };
        folds.learnable(labels)?;
        Ok(folds)
    }

    /// For sizes and strengths: folds within the rows that a split learns from, by the same plan, as rows of the whole.
    ///
    /// # Errors
    /// As [`Folds::new`].
    pub fn nested(plan: &Plan, rows: &[usize], labels: &[u32], classes: usize, groups: Option<&[u32]>, seed: u64) -> Result<Vec<(Vec<usize>, Vec<usize>)>> {
        let own_labels: Vec<u32> = rows.iter().map(|row| labels[*row]).collect();
        let own_groups: Option<Vec<u32>> = groups.map(|groups| rows.iter().map(|row| groups[*row]).collect());
        let own_plan = match plan {
            Plan::Given(given) => Plan::Given(rows.iter().map(|row| given[*row]).collect()),
            other => other.clone(),
        };
        let folds = Self::new(&own_plan, &own_labels, classes, own_groups.as_deref(), seed)?;
        let whole = |own: Vec<usize>| own.into_iter().map(|row| rows[row]).collect::<Vec<usize>>();
        Ok(folds.splits().map(|(learned, tested)| (whole(learned), whole(tested))).collect())
    }

    fn all(of: Vec<u32>, count: usize) -> Self {
        Self { of, tested: (0..count as u32).collect() }
    }

    fn random(rows: usize, count: usize, groups: Option<&[u32]>, seed: u64) -> Result<Self> {
        let mut members: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        (0..rows).for_each(|row| members.entry(groups.map_or(row as u32, |groups| groups[row])).or_default().push(row));
        enough(members.len(), count, if groups.is_some() { "groups" } else { "reports" })?;
        let mut members: Vec<Vec<usize>> = members.into_values().collect();
        Random::new(seed).shuffle(&mut members);
        members.sort_by_key(|rows| std::cmp::Reverse(rows.len()));
        let (mut of, mut sizes) = (vec![0u32; rows], vec![0usize; count]);
        for rows in members {
            let least = (0..count).min_by_key(|fold| sizes[*fold]).unwrap_or(0);
            sizes[least] += rows.len();
            rows.iter().for_each(|row| of[*row] = least as u32);
        }
        Ok(Self::all(of, count))
    }

    /// Every split must learn from two classes at least.
    fn learnable(&self, labels: &[u32]) -> Result<()> {
        for (learned, tested) in self.splits() {
            let mut seen = learned.iter().map(|row| labels[*row]);
            let first = seen.next();
            if tested.is_empty() || !seen.any(|label| Some(label) != first) {
                return Err(Error::Training(
                    "folds; expected reports to test and at least two classes to learn from in every fold, found a fold without; use fewer folds, or groups that \
                     do not stand for a class"
                        .into(),
                ));
            }
        }
        Ok(())
    }
}

fn enough(found: usize, count: usize, what: &str) -> Result<()> {
    if count < 2 {
        return Err(Error::Setting(format!("--folds; expected at least 2, found {count}")));
    }
    if found < count {
        return Err(Error::Training(format!("--folds {count}; expected at least as many {what}, found {found}; use fewer folds")));
    }
    Ok(())
}

/// Groups that are there, fit and are not the classes under another name.
fn whole<'a>(groups: Option<&'a [u32]>, labels: &[u32]) -> Result<&'a [u32]> {
    let groups = groups.filter(|groups| groups.len() == labels.len()).ok_or_else(|| Error::Setting("--group; expected a group a report, found none".into()))?;
    let pairs: BTreeSet<(u32, u32)> = groups.iter().copied().zip(labels.iter().copied()).collect();
    let (own_groups, own_labels) = (groups.iter().collect::<BTreeSet<_>>().len(), labels.iter().collect::<BTreeSet<_>>().len());
    if own_groups == own_labels && pairs.len() == own_groups {
        return Err(Error::Training(
            "--group; expected groups that hold several classes, found one that is the class; a fold would test what was never learned".into(),
        ));
    }
    Ok(groups)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels() -> Vec<u32> {
        (0..120).map(|row| u32::from(row % 6 == 0)).collect()
    }

    fn groups() -> Vec<u32> {
        (0..120).map(|row| row / 4).collect()
    }

    #[test]
    fn every_report_is_tested_once_and_never_learned_from_then() {
        for plan in [Plan::Random(4), Plan::Stratified(4), Plan::Grouped(4), Plan::StratifiedGrouped(4)] {
            let folds = Folds::new(&plan, &labels(), 2, Some(&groups()), 3).unwrap();
            let mut tested: Vec<usize> = folds.splits().flat_map(|(_, tested)| tested).collect();
            tested.sort_unstable();
            assert_eq!(tested, (0..120).collect::<Vec<_>>());
            for (learned, tested) in folds.splits() {
                assert!(learned.iter().all(|row| !tested.contains(row)));
                assert!((28..=32).contains(&tested.len()), "{plan:?}");
                if matches!(plan, Plan::Grouped(_) | Plan::StratifiedGrouped(_)) {
                    assert!(learned.iter().all(|row| tested.iter().all(|other| groups()[*row] != groups()[*other])));
                }
                if matches!(plan, Plan::Stratified(_) | Plan::StratifiedGrouped(_)) {
                    assert_eq!(tested.iter().filter(|row| labels()[**row] == 1).count(), 5, "{plan:?}");
                }
            }
        }
    }

    #[test]
    fn a_hold_out_tests_its_share_once() {
        let folds = Folds::new(&Plan::HoldOut(0.25), &labels(), 2, Some(&groups()), 1).unwrap();
        let splits: Vec<_> = folds.splits().collect();
        assert_eq!(splits.len(), 1);
        assert!((24..=36).contains(&splits[0].1.len()));
    }

    #[test]
    fn nested_folds_stay_inside_what_is_learned() {
        let folds = Folds::new(&Plan::StratifiedGrouped(3), &labels(), 2, Some(&groups()), 1).unwrap();
        for (learned, tested) in folds.splits() {
            let nested = Folds::nested(&Plan::StratifiedGrouped(3), &learned, &labels(), 2, Some(&groups()), 1).unwrap();
            assert_eq!(nested.len(), 3);
            assert!(nested.iter().flat_map(|(a, b)| a.iter().chain(b)).all(|row| !tested.contains(row)));
        }
    }

    #[test]
    fn plans_that_cannot_be_kept_say_what_to_do() {
        let said = |plan: Plan, labels: &[u32], groups: Option<&[u32]>| Folds::new(&plan, labels, 2, groups, 1).unwrap_err().to_string();
        assert!(said(Plan::Grouped(31), &labels(), Some(&groups())).contains("fewer folds"));
        assert!(said(Plan::StratifiedGrouped(31), &labels(), Some(&groups())).contains("found 30"));
        assert!(said(Plan::Grouped(2), &labels(), None).contains("--group"));
        assert!(said(Plan::Grouped(2), &labels(), Some(&labels())).contains("is the class"));
        assert!(said(Plan::Stratified(1), &labels(), None).contains("at least 2"));
        assert!(said(Plan::Given(vec![1; 120]), &labels(), None).contains("two folds"));
        assert!(said(Plan::HoldOut(1.5), &labels(), None).contains("between 0 and 1"));
        assert!(said(Plan::Random(2), &[0, 1], None).contains("two classes"));
    }
}
