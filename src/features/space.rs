//! A fitted feature space: sorted terms with their columns and frozen weights, then the numbers. A report's row depends on the
//! report and on the space alone: a batch of one equals its row in a batch of many.

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};

use super::select::{TermCounts, by_class_in_turn};
use super::{Bag, Block, Corpus, Matrix, NumberColumn, Recipe, Sample, Weighting};
use crate::error::{Error, Result};

/// Rows of a corpus to fit on, with what they are. Shapes: one value a row.
#[derive(Debug, Clone, Copy)]
pub struct Rows<'a> {
    /// Rows of the corpus.
    pub rows: &'a [usize],
    /// Class of every sample of the corpus.
    pub labels: &'a [u32],
    /// Number of classes.
    pub classes: usize,
    /// Group of every sample of the corpus.
    pub groups: &'a [u32],
}

/// What a model sees of a report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FeatureSpace {
    /// How it was made.
    pub recipe: Recipe,
    /// Terms with the column of their place, sorted.
    pub terms: Vec<String>,
    /// Weight of each term; empty where all weigh 1.
    pub idf: Vec<f32>,
    /// Numbers; each has two columns after those of the terms: its value and the sign that it is missing.
    pub numbers: Vec<NumberColumn>,
    #[serde(skip)]
    lookup: HashMap<Block, HashMap<String, u32>>,
}

impl FeatureSpace {
    /// Fits a space on some rows of a corpus.
    ///
    /// # Errors
    /// [`Error::Training`] where no term is left.
    pub fn fit(corpus: &Corpus, of: &Rows<'_>, recipe: &Recipe) -> Result<Self> {
        let counts = count(corpus, of, recipe);
        let mut class_sizes = vec![0u32; of.classes];
        for row in of.rows {
            class_sizes[of.labels[*row] as usize] += 1;
        }
        let mut chosen = Vec::new();
        for part in &recipe.parts {
            let blocks: HashSet<Block> = part.blocks.iter().copied().collect();
            let candidates: Vec<TermCounts> = counts
                .iter()
                .filter(|count| Block::of_term(&corpus.terms[count.term as usize]).is_some_and(|(block, _)| blocks.contains(&block)))
                .cloned()
                .collect();
            chosen.extend(by_class_in_turn(&candidates, &class_sizes, part.keep.unwrap_or(usize::MAX)));
        }
        chosen.sort_unstable();
        chosen.dedup();
        let numbers = numbers(corpus, of, recipe);
        if chosen.is_empty() && numbers.is_empty() {
            return Err(Error::Training(format!(
                "features: no term is left of {}; expected terms in at least {} reports and {} groups; give more reports or lower the limits",
                corpus.terms.len(),
                recipe.min_reports,
                recipe.min_groups
            )));
        }
        let total = of.rows.len() as f64;
        let idf = match recipe.weighting {
            Weighting::TfIdf => {
                let mut reports = vec![0u32; corpus.terms.len()];
                counts.iter().for_each(|count| reports[count.term as usize] = count.reports);
                chosen.iter().map(|term| (1.0 + ((1.0 + total) / (1.0 + f64::from(reports[*term as usize]))).ln()) as f32).collect()
            }
            Weighting::Binary | Weighting::Logarithm => Vec::new(),
        };
        let terms = chosen.iter().map(|term| corpus.terms[*term as usize].clone()).collect();
        Ok(Self { recipe: recipe.clone(), terms, idf, numbers, lookup: HashMap::new() }.indexed())
    }

    /// A space from the parts of a file.
    ///
    /// # Errors
    /// [`Error::Model`] where terms are not sorted, a weight is missing or a number is none.
    pub fn from_parts(recipe: Recipe, terms: Vec<String>, idf: Vec<f32>, numbers: Vec<NumberColumn>) -> Result<Self> {
        let weights = if recipe.weighting == Weighting::TfIdf { terms.len() } else { 0 };
        let finite = |column: &NumberColumn| column.center.is_finite() && column.missing.is_finite() && column.scale > 0.0;
        if terms.windows(2).any(|pair| pair[0] >= pair[1])
            || idf.len() != weights
            || !idf.iter().all(|weight| weight.is_finite())
            || !numbers.iter().all(finite)
        {
            return Err(Error::Model("features: expected sorted terms with a finite weight each, found others".into()));
        }
        Ok(Self { recipe, terms, idf, numbers, lookup: HashMap::new() }.indexed())
    }

    /// With the index from terms to columns, which a file does not hold.
    #[must_use]
    fn indexed(mut self) -> Self {
        self.lookup.clear();
        for (column, term) in self.terms.iter().enumerate() {
            if let Some((block, form)) = Block::of_term(term) {
                self.lookup.entry(block).or_default().insert(form.to_string(), column as u32);
            }
        }
        self
    }

    /// Number of columns.
    pub fn columns(&self) -> usize {
        self.terms.len() + 2 * self.numbers.len()
    }

    /// The column of a form in a block.
    pub fn column(&self, block: Block, form: &str) -> Option<u32> {
        self.lookup.get(&block)?.get(form).copied()
    }

    /// The name of a column.
    pub fn name(&self, column: u32) -> String {
        let column = column as usize;
        match self.terms.get(column) {
            Some(term) => term.clone(),
            None => {
                let number = column - self.terms.len();
                let name = self.numbers.get(number / 2).map_or("", |number| number.name.as_str());
                if number.is_multiple_of(2) { format!("number:{name}") } else { format!("missing:{name}") }
            }
        }
    }

    /// Rows of a corpus as a matrix. Shape: rows × columns.
    pub fn matrix(&self, corpus: &Corpus, rows: &[usize]) -> Matrix {
        let mut columns = vec![u32::MAX; corpus.terms.len()];
        for (column, term) in self.terms.iter().enumerate() {
            if let Ok(number) = corpus.terms.binary_search(term) {
                columns[number] = column as u32;
            }
        }
        let places: Vec<Option<usize>> = self.numbers.iter().map(|number| corpus.numbers.binary_search(&number.name).ok()).collect();
        let rows = rows.iter().map(|row| {
            let Sample { terms, numbers } = &corpus.samples[*row];
            let counts = terms.iter().filter_map(|(term, count)| Some((columns[*term as usize], *count)).filter(|(column, _)| *column != u32::MAX)).collect();
            let values = places.iter().map(|place| {
                let place = (*place)? as u32;
                numbers.binary_search_by_key(&place, |(number, _)| *number).ok().map(|at| numbers[at].1)
            });
            self.row(counts, values)
        });
        compressed(self.columns(), rows)
    }

    /// One report as a matrix of one row: counts a column and numbers by name.
    pub fn single(&self, counts: Vec<(u32, u32)>, numbers: &[(String, f32)]) -> Matrix {
        let values = self.numbers.iter().map(|column| numbers.iter().find(|(name, _)| *name == column.name).map(|(_, value)| *value));
        let row = self.row(counts, values);
        compressed(self.columns(), std::iter::once(row))
    }

    /// One report given as a bag.
    pub fn of_bag(&self, bag: &Bag) -> Matrix {
        let counts = bag.terms.iter().filter_map(|(term, count)| self.terms.binary_search(term).ok().map(|column| (column as u32, *count))).collect();
        self.single(counts, &bag.numbers)
    }

    fn row(&self, mut counts: Vec<(u32, u32)>, numbers: impl Iterator<Item = Option<f32>>) -> Vec<(u32, f32)> {
        counts.sort_unstable();
        let mut row: Vec<(u32, f32)> = counts
            .into_iter()
            .map(|(column, count)| {
                let weight = match self.recipe.weighting {
                    Weighting::Binary => 1.0,
                    Weighting::Logarithm => 1.0 + (count as f32).ln(),
                    Weighting::TfIdf => (1.0 + (count as f32).ln()) * self.idf.get(column as usize).copied().unwrap_or(1.0),
                };
                (column, weight)
            })
            .collect();
        if self.recipe.weighting == Weighting::TfIdf {
            let length = row.iter().map(|(_, value)| f64::from(*value).powi(2)).sum::<f64>().sqrt() as f32;
            row.iter_mut().for_each(|(_, value)| *value /= length);
        }
        let first = self.terms.len() as u32;
        for ((number, column), value) in (0u32..).zip(&self.numbers).zip(numbers) {
            let present = value.filter(|value| value.is_finite());
            row.push((first + 2 * number, present.map_or(column.missing, |value| column.scaled(value))));
            if present.is_none() {
                row.push((first + 2 * number + 1, 1.0));
            }
        }
        row
    }
}

fn compressed(columns: usize, rows: impl Iterator<Item = Vec<(u32, f32)>>) -> Matrix {
    let (mut starts, mut indices, mut values) = (vec![0usize], Vec::new(), Vec::new());
    for row in rows {
        for (column, value) in row {
            indices.push(column);
            values.push(value);
        }
        starts.push(indices.len());
    }
    Matrix::new((starts.len() - 1, columns), starts, indices, values)
}

/// Counts of the terms that enough reports and groups hold.
fn count(corpus: &Corpus, of: &Rows<'_>, recipe: &Recipe) -> Vec<TermCounts> {
    let mut by_class = vec![0u32; corpus.terms.len() * of.classes];
    let mut groups: Vec<Vec<u32>> = vec![Vec::new(); corpus.terms.len()];
    for row in of.rows {
        let (label, group) = (of.labels[*row] as usize, of.groups[*row]);
        for (term, _) in &corpus.samples[*row].terms {
            by_class[*term as usize * of.classes + label] += 1;
            let seen = &mut groups[*term as usize];
            if seen.len() < recipe.min_groups && !seen.contains(&group) {
                seen.push(group);
            }
        }
    }
    (0..corpus.terms.len())
        .filter_map(|term| {
            let by_class = &by_class[term * of.classes..][..of.classes];
            let reports: u32 = by_class.iter().sum();
            (reports as usize >= recipe.min_reports.max(1) && groups[term].len() >= recipe.min_groups).then(|| TermCounts {
                term: term as u32,
                by_class: by_class.to_vec(),
                reports,
            })
        })
        .collect()
}

fn numbers(corpus: &Corpus, of: &Rows<'_>, recipe: &Recipe) -> Vec<NumberColumn> {
    let mut values: Vec<Vec<f32>> = vec![Vec::new(); corpus.numbers.len()];
    for row in of.rows {
        for (number, value) in &corpus.samples[*row].numbers {
            values[*number as usize].push(*value);
        }
    }
    let enough = values.iter().zip(&corpus.numbers).filter(|(values, _)| values.len() >= recipe.min_reports);
    enough.filter_map(|(values, name)| NumberColumn::fit(name, values, of.rows.len(), recipe.imputation)).collect()
}
