//! Numbers that come with a report (laboratory values, columns): scaled by what was seen at the fit, with what stands for a
//! missing one and a sign that it was missing.

use serde::{Deserialize, Serialize};

use super::{Block, Corpus, Recipe};

/// What stands for a number that is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Imputation {
    /// Columns that miss values in more than half of the reports are dropped; elsewhere nothing is added for a missing value.
    Drop,
    /// The mean.
    Mean,
    /// The median.
    #[default]
    Median,
    /// The smallest value.
    Min,
    /// The largest value.
    Max,
    /// What a linear regression on the other numbers of the report gives; where none of them is there, the mean.
    Predicted,
}

/// One number as a column of the matrix, followed by the sign that it is missing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NumberColumn {
    /// Its name.
    pub name: String,
    /// Subtracted from the value.
    pub center: f32,
    /// The value is divided by it; positive.
    pub scale: f32,
    /// Scaled value that stands for a missing one.
    pub missing: f32,
    /// Added to it for each other number that is there: its place and the factor of its scaled value.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub predicted: Vec<(u32, f32)>,
}

/// What the names of numbers start with that come from columns.
pub const COLUMN_NUMBER: &str = "column ";
/// Most other numbers that a missing one is predicted from: those it varies with most.
const PREDICTORS: usize = 16;
/// Pull of the factors of a prediction to 0, in reports.
const RIDGE: f64 = 5.0;
/// Scaled values further out than this are cut: one misread number must not decide.
const FURTHEST: f32 = 5.0;

impl NumberColumn {
    /// Fits a column on the values that are there, of `rows` reports in all. `None` where nothing can be learned from it.
    pub fn fit(name: &str, values: &[f32], rows: usize, imputation: Imputation) -> Option<Self> {
        let mut sorted: Vec<f32> = values.iter().copied().filter(|value| value.is_finite()).collect();
        sorted.sort_by(f32::total_cmp);
        let (first, last) = (*sorted.first()?, *sorted.last()?);
        if first == last || (imputation == Imputation::Drop && sorted.len() * 2 < rows) {
            return None;
        }
        let count = sorted.len() as f64;
        let mean = sorted.iter().map(|value| f64::from(*value)).sum::<f64>() / count;
        let variance = sorted.iter().map(|value| (f64::from(*value) - mean).powi(2)).sum::<f64>() / count;
        let scale = (variance.sqrt() as f32).max(f32::MIN_POSITIVE);
        let center = mean as f32;
        let stands = match imputation {
            Imputation::Drop | Imputation::Mean | Imputation::Predicted => center,
            Imputation::Median => sorted[sorted.len() / 2],
            Imputation::Min => first,
            Imputation::Max => last,
        };
        let mut column = Self { name: name.to_string(), center, scale, missing: 0.0, predicted: Vec::new() };
        column.missing = column.scaled(stands);
        Some(column)
    }

    /// A value on the scale of the column; what is no number counts as missing.
    pub fn scaled(&self, value: f32) -> f32 {
        if value.is_finite() { ((value - self.center) / self.scale).clamp(-FURTHEST, FURTHEST) } else { self.missing }
    }

    /// Values of all columns, scaled; what is missing is filled.
    pub fn filled(columns: &[Self], present: &[Option<f32>]) -> Vec<f32> {
        let scaled: Vec<Option<f32>> = columns.iter().zip(present).map(|(column, value)| value.map(|value| column.scaled(value))).collect();
        let guess = |column: &Self| {
            let known = column.predicted.iter().filter_map(|(other, slope)| Some(scaled.get(*other as usize).copied()?? * slope));
            (column.missing + known.sum::<f32>()).clamp(-FURTHEST, FURTHEST)
        };
        columns.iter().zip(&scaled).map(|(column, value)| value.unwrap_or_else(|| guess(column))).collect()
    }
}

/// Fits the numbers of a corpus on some rows, in their order; those that too few reports have are left out.
pub fn fit_numbers(corpus: &Corpus, rows: &[usize], recipe: &Recipe) -> Vec<NumberColumn> {
    let mut values: Vec<Vec<f32>> = vec![Vec::new(); corpus.numbers.len()];
    for row in rows {
        corpus.samples[*row].numbers.iter().for_each(|(number, value)| values[*number as usize].push(*value));
    }
    // Laboratory values enter with their block; columns were asked for by name.
    let labs = recipe.blocks().contains(&Block::Lab);
    let enough = values
        .iter()
        .zip(&corpus.numbers)
        .enumerate()
        .filter(|(_, (values, name))| values.len() >= recipe.min_reports && (labs || name.starts_with(COLUMN_NUMBER)));
    let fitted = enough.filter_map(|(place, (values, name))| Some((place as u32, NumberColumn::fit(name, values, rows.len(), recipe.imputation)?)));
    let (places, mut columns): (Vec<u32>, Vec<NumberColumn>) = fitted.unzip();
    if recipe.imputation == Imputation::Predicted {
        let scaled: Vec<Vec<Option<f32>>> = rows
            .iter()
            .map(|row| {
                let own = &corpus.samples[*row].numbers;
                let value = |place: &u32| own.binary_search_by_key(place, |(number, _)| *number).ok().map(|at| own[at].1).filter(|value| value.is_finite());
                places.iter().zip(&columns).map(|(place, column)| value(place).map(|value| column.scaled(value))).collect()
            })
            .collect();
        for (at, column) in columns.iter_mut().enumerate() {
            column.predicted = regression(&scaled, at);
        }
    }
    columns
}

/// Factors of the other numbers for a number, by ridge regression where it is there; a missing one counts as its mean, 0.
fn regression(rows: &[Vec<Option<f32>>], at: usize) -> Vec<(u32, f32)> {
    let known: Vec<&Vec<Option<f32>>> = rows.iter().filter(|row| row[at].is_some()).collect();
    let value = |row: &[Option<f32>], column: usize| f64::from(row[column].unwrap_or(0.0));
    let mut others: Vec<(f64, usize)> = (0..rows.first().map_or(0, Vec::len))
        .filter(|other| *other != at)
        .map(|other| (known.iter().map(|row| value(row, at) * value(row, other)).sum::<f64>().abs(), other))
        .filter(|(together, _)| *together > 0.0)
        .collect();
    others.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    others.truncate(PREDICTORS);
    others.sort_unstable_by_key(|(_, other)| *other);
    let size = others.len();
    // Normal equations, solved by elimination; the penalty keeps them solvable.
    let mut system = vec![vec![0f64; size + 1]; size];
    for row in &known {
        for (one, (_, first)) in others.iter().enumerate() {
            let own = value(row, *first);
            for (other, (_, second)) in others.iter().enumerate() {
                system[one][other] += own * value(row, *second);
            }
            system[one][size] += own * value(row, at);
        }
    }
    for (pivot, row) in system.iter_mut().enumerate() {
        row[pivot] += RIDGE;
    }
    for pivot in 0..size {
        let own = system[pivot].clone();
        for row in system.iter_mut().skip(pivot + 1) {
            let factor = row[pivot] / own[pivot];
            row.iter_mut().zip(&own).for_each(|(entry, own)| *entry -= factor * own);
        }
    }
    let mut slopes = vec![0f64; size];
    for at in (0..size).rev() {
        let rest: f64 = (at + 1..size).map(|other| system[at][other] * slopes[other]).sum();
        slopes[at] = (system[at][size] - rest) / system[at][at];
    }
    others.iter().zip(slopes).map(|((_, other), slope)| (*other as u32, slope as f32)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_imputation_stands_for_what_it_names() {
        let fit = |imputation| NumberColumn::fit("x", &[1.0, 2.0, 6.0, f32::NAN], 4, imputation).unwrap();
        let back = |column: NumberColumn| column.missing * column.scale + column.center;
        for (imputation, expected) in [(Imputation::Mean, 3.0), (Imputation::Median, 2.0), (Imputation::Min, 1.0), (Imputation::Max, 6.0)] {
            assert!((back(fit(imputation)) - expected).abs() < 1e-5);
        }
        assert!(NumberColumn::fit("x", &[1.0], 1, Imputation::Mean).is_none(), "a constant says nothing");
        assert!(NumberColumn::fit("x", &[1.0, 2.0], 9, Imputation::Drop).is_none());
        assert!(fit(Imputation::Mean).scaled(f32::INFINITY).is_finite());
    }
}
