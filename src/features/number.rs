//! Numbers that come with a report (laboratory values, columns): scaled by what was seen at the fit, with what stands for a
//! missing one and a sign that it was missing.

use serde::{Deserialize, Serialize};

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
}

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
            Imputation::Drop | Imputation::Mean => center,
            Imputation::Median => sorted[sorted.len() / 2],
            Imputation::Min => first,
            Imputation::Max => last,
        };
        let mut column = Self { name: name.to_string(), center, scale, missing: 0.0 };
        column.missing = column.scaled(stands);
        Some(column)
    }

    /// A value on the scale of the column; what is no number counts as missing.
    pub fn scaled(&self, value: f32) -> f32 {
        if value.is_finite() { ((value - self.center) / self.scale).clamp(-FURTHEST, FURTHEST) } else { self.missing }
    }
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
