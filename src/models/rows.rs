//! Rows of a matrix and their targets: checking before fitting, choosing some of them, walking one.

use std::sync::atomic::{AtomicBool, Ordering};

use super::{Matrix, Targets};
use crate::error::{Error, Result};

/// Checks what every kind of model needs: rows, columns, finite values, positive weights, labels in range and two classes that occur.
///
/// # Errors
/// [`Error::Shape`] where numbers do not fit together, [`Error::Training`] where there is nothing to learn.
pub fn check(x: &Matrix, targets: &Targets<'_>) -> Result<()> {
    let (rows, classes) = (x.rows(), targets.classes);
    if !x.is_csr() {
        return Err(Error::Shape("matrix; expected compressed rows, found compressed columns".into()));
    }
    if rows == 0 || x.cols() == 0 {
        return Err(Error::Training(format!(
            "matrix; expected reports and features, found {rows} reports and {} features; check --text and the minimum counts",
            x.cols()
        )));
    }
    for (what, found) in [("labels", targets.labels.len()), ("weights", targets.weights.len()), ("groups", targets.groups.map_or(rows, <[u32]>::len))] {
        if found != rows {
            return Err(Error::Shape(format!("{what}; expected one a report ({rows}), found {found}")));
        }
    }
    if x.data().iter().any(|value| !value.is_finite()) {
        return Err(Error::Training(
            "matrix; expected finite values, found NaN or infinity; clean the numeric columns or choose how missing values are filled".into(),
        ));
    }
    if targets.weights.iter().any(|weight| !(weight.is_finite() && *weight > 0.0)) {
        return Err(Error::Training("weights; expected positive finite numbers, found others".into()));
    }
    let mut seen = vec![false; classes];
    for label in targets.labels {
        *seen.get_mut(*label as usize).ok_or_else(|| Error::Shape(format!("labels; expected numbers below {classes}, found {label}")))? = true;
    }
    let found = seen.iter().filter(|seen| **seen).count();
    if found < 2 {
        return Err(Error::Training(format!("labels; expected at least two classes, found {found}; give reports of another class or check --label")));
    }
    Ok(())
}

/// An error when the user has asked to stop.
///
/// # Errors
/// When `stop` is set.
pub fn go_on(stop: &AtomicBool) -> Result<()> {
    if stop.load(Ordering::Relaxed) { Err(Error::Training("training was interrupted; nothing was written".into())) } else { Ok(()) }
}

/// The columns and values of one row.
pub fn row(x: &Matrix, row: usize) -> (&[u32], &[f32]) {
    let pointers = x.indptr();
    let range = pointers.outer_inds_sz(row);
    (&x.indices()[range.clone()], &x.data()[range])
}

/// The rows named, in that order; a row may come more than once.
pub fn take(x: &Matrix, rows: &[usize]) -> Matrix {
    let stored = rows.iter().map(|at| row(x, *at).0.len()).sum();
    let (mut starts, mut columns, mut values) = (Vec::with_capacity(rows.len() + 1), Vec::with_capacity(stored), Vec::with_capacity(stored));
    starts.push(0);
    for at in rows {
        let (row_columns, row_values) = row(x, *at);
        columns.extend_from_slice(row_columns);
        values.extend_from_slice(row_values);
        starts.push(columns.len());
    }
    Matrix::new((rows.len(), x.cols()), starts, columns, values)
}

/// The values named, in that order.
pub fn pick<T: Copy>(values: &[T], rows: &[usize]) -> Vec<T> {
    rows.iter().map(|at| values[*at]).collect()
}

/// Targets of their own, for a part of the rows.
#[derive(Debug, Clone)]
pub struct OwnedTargets {
    labels: Vec<u32>,
    classes: usize,
    weights: Vec<f32>,
    groups: Option<Vec<u32>>,
}

impl OwnedTargets {
    /// The targets of the rows named.
    pub fn of(targets: &Targets<'_>, rows: &[usize]) -> Self {
        Self {
            labels: pick(targets.labels, rows),
            classes: targets.classes,
            weights: pick(targets.weights, rows),
            groups: targets.groups.map(|groups| pick(groups, rows)),
        }
    }

    /// Borrowed.
    pub fn view(&self) -> Targets<'_> {
        Targets { labels: &self.labels, classes: self.classes, weights: &self.weights, groups: self.groups.as_deref() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matrix() -> Matrix {
        Matrix::new((3, 4), vec![0, 2, 2, 3], vec![0, 3, 1], vec![1.0, 2.0, 3.0])
    }

    #[test]
    fn taken_rows_are_the_rows() {
        let taken = take(&matrix(), &[2, 0, 2]);
        assert_eq!(row(&taken, 0), (&[1][..], &[3.0][..]));
        assert_eq!(row(&taken, 1), (&[0, 3][..], &[1.0, 2.0][..]));
        assert_eq!(row(&taken, 2), row(&taken, 0));
        assert_eq!(row(&matrix(), 1).0.len(), 0);
    }

    #[test]
    fn what_cannot_be_learned_is_said() {
        let fine = Targets { labels: &[0, 1, 0], classes: 2, weights: &[1.0; 3], groups: None };
        assert!(check(&matrix(), &fine).is_ok());
        let said = |targets: Targets<'_>| check(&matrix(), &targets).unwrap_err().to_string();
        assert!(said(Targets { labels: &[1, 1, 1], ..fine }).contains("at least two classes"));
        assert!(said(Targets { labels: &[1, 0], ..fine }).contains("one a report"));
        assert!(said(Targets { labels: &[1, 0, 2], ..fine }).contains("below 2"));
        assert!(said(Targets { weights: &[1.0, 0.0, 1.0], ..fine }).contains("positive"));
        assert!(said(Targets { groups: Some(&[1]), ..fine }).contains("groups"));
        let broken = Matrix::new((3, 4), vec![0, 1, 1, 1], vec![0], vec![f32::NAN]);
        assert!(check(&broken, &fine).unwrap_err().to_string().contains("finite"));
    }

    #[test]
    fn a_stop_is_an_error() {
        assert!(go_on(&AtomicBool::new(false)).is_ok());
        assert!(go_on(&AtomicBool::new(true)).is_err());
    }
}
