//! A fitted feature space: sorted terms with their columns and frozen weights, then the numbers. A report's row depends on the
//! report and on the space alone: a batch of one equals its row in a batch of many.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;

use super::number::fit_numbers;
use super::select::{TermCounts, by_class_in_turn};
use super::{Bag, Block, Corpus, Latent, Matrix, NumberColumn, Part, Recipe, Sample, Weighting, rare};
use crate::error::{Error, Result};
use crate::hash::{Ends, Fnv};

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
///
/// What a report gives are its sources: terms, buckets of rare runs, then numbers. They are the columns of the matrix, unless terms and
/// buckets are brought down to latent directions, which then stand in their place.
#[derive(Debug, Clone, PartialEq)]
pub struct FeatureSpace {
    /// How it was made.
    pub recipe: Recipe,
    /// Terms with the column of their place, sorted.
    pub terms: Vec<String>,
    /// Weight of each term, then of all buckets where there are some; empty where all weigh 1.
    pub idf: Vec<f32>,
    /// Directions that stand for terms and buckets, where there are some.
    pub latent: Option<Latent>,
    /// Numbers; each has two columns after those of the terms: its value and the sign that it is missing.
    pub numbers: Vec<NumberColumn>,
    /// Columns of forms, a table a block.
    lookup: Vec<Forms>,
}

/// Columns of the forms of a block. Most words of a report are no forms.
#[derive(Debug, Clone, Default, PartialEq)]
struct Forms {
    columns: HashMap<String, u32, BuildHasherDefault<Fnv>>,
    ends: Ends,
}

impl Forms {
    fn insert(&mut self, form: &str, column: u32) {
        self.ends.insert(form);
        self.columns.insert(form.to_string(), column);
    }

    fn get(&self, form: &str) -> Option<u32> {
        if self.ends.may_hold(form) { self.columns.get(form).copied() } else { None }
    }
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
            let candidates: Vec<TermCounts> = counts
                .iter()
                .filter(|count| Block::of_term(&corpus.terms[count.term as usize]).is_some_and(|(block, form)| part.takes(block, form)))
                .cloned()
                .collect();
            chosen.extend(by_class_in_turn(&candidates, &class_sizes, part.keep.unwrap_or(usize::MAX)));
        }
        chosen.sort_unstable();
        chosen.dedup();
        let numbers = fit_numbers(corpus, of.rows, recipe);
        if chosen.is_empty() && numbers.is_empty() {
            return Err(Error::Training(format!(
                "features: no term is left of {}; expected terms in at least {} reports and {} groups; give more reports or lower the limits",
                corpus.terms.len(),
                recipe.min_reports,
                recipe.min_groups
            )));
        }
        let total = of.rows.len() as f64;
        let seldom = 1.0 + ((1.0 + total) / 2.0).ln();
        let mut idf: Vec<f32> = match recipe.weighting {
            Weighting::TfIdf => {
                let mut reports = vec![0u32; corpus.terms.len()];
                counts.iter().for_each(|count| reports[count.term as usize] = count.reports);
                chosen.iter().map(|term| (1.0 + ((1.0 + total) / (1.0 + f64::from(reports[*term as usize]))).ln()) as f32).collect()
            }
            Weighting::Binary | Weighting::Logarithm => Vec::new(),
        };
        idf.extend((recipe.weighting == Weighting::TfIdf && recipe.bucketed().is_some()).then_some(seldom as f32));
        let terms = chosen.iter().map(|term| corpus.terms[*term as usize].clone()).collect();
        let mut space = Self { recipe: recipe.clone(), terms, idf, latent: None, numbers: Vec::new(), lookup: Vec::new() }.indexed();
        space.latent = recipe.latent.filter(|_| !space.terms.is_empty()).map(|dimensions| Latent::fit(&space.matrix(corpus, of.rows), dimensions as usize));
        space.numbers = numbers;
        Ok(space)
    }

    /// A space from the parts of a file.
    ///
    /// # Errors
    /// [`Error::Model`] where terms are not sorted, a weight is missing or a number is none.
    pub fn from_parts(recipe: Recipe, terms: Vec<String>, idf: Vec<f32>, latent: Option<Vec<f32>>, numbers: Vec<NumberColumn>) -> Result<Self> {
        let weights = if recipe.weighting == Weighting::TfIdf { terms.len() + usize::from(recipe.bucketed().is_some()) } else { 0 };
        let finite = |column: &NumberColumn| {
            let known = column.predicted.iter().all(|(other, slope)| (*other as usize) < numbers.len() && slope.is_finite());
            known && column.center.is_finite() && column.missing.is_finite() && column.scale > 0.0
        };
        if terms.windows(2).any(|pair| pair[0] >= pair[1])
            || idf.len() != weights
            || !idf.iter().all(|weight| weight.is_finite())
            || !numbers.iter().all(finite)
        {
            return Err(Error::Model("features: expected sorted terms with a finite weight each, found others".into()));
        }
        let mut space = Self { recipe, terms, idf, latent: None, numbers, lookup: Vec::new() }.indexed();
        if let Some(weights) = latent {
            let damaged = || Error::Model("features: expected whole finite directions of terms, found others".into());
            space.latent = Some(Latent::from_weights(space.forms(), weights).ok_or_else(damaged)?);
        }
        Ok(space)
    }

    /// With the index from terms to columns, which a file does not hold.
    #[must_use]
    fn indexed(mut self) -> Self {
        self.lookup = vec![Forms::default(); Block::ALL.len()];
        for (column, term) in self.terms.iter().enumerate() {
            if let Some((block, form)) = Block::of_term(term) {
                self.lookup[block as usize].insert(form, column as u32);
            }
        }
        self
    }

    /// Number of columns.
    pub fn columns(&self) -> usize {
        self.latent.as_ref().map_or(self.forms(), Latent::dimensions) + 2 * self.numbers.len()
    }

    /// Number of sources that are terms or buckets.
    fn forms(&self) -> usize {
        self.terms.len() + self.recipe.bucketed().map_or(0, |part| part.buckets as usize)
    }

    /// The source of a form in a block: its term, else its bucket where it has one.
    pub fn source(&self, block: Block, form: &str) -> Option<u32> {
        let term = self.lookup.get(block as usize).and_then(|forms| forms.get(form));
        term.or_else(|| self.bucket(rare(block, form)?).filter(|_| self.recipe.bucketed().is_some_and(|part| part.takes(block, form))))
    }

    /// The columns of each view of the recipe, sorted, with the number of those that are terms or buckets.
    pub fn views(&self) -> Vec<(Vec<u32>, usize)> {
        let recipe = &self.recipe;
        let of = |view: &Vec<usize>| {
            let parts: Vec<&Part> = view.iter().filter_map(|part| recipe.parts.get(*part)).collect();
            let taken = |term: &String| Block::of_term(term).is_some_and(|(block, form)| parts.iter().any(|part| part.takes(block, form)));
            let mut columns: Vec<u32> = (0u32..).zip(&self.terms).filter(|(_, term)| taken(term)).map(|(column, _)| column).collect();
            if recipe.bucketed().is_some_and(|own| parts.contains(&own)) {
                columns.extend(self.terms.len() as u32..self.forms() as u32);
            }
            let forms = columns.len();
            columns.extend(self.forms() as u32..self.columns() as u32);
            (columns, forms)
        };
        if self.latent.is_some() { Vec::new() } else { recipe.views.iter().map(of).collect() }
    }

    fn bucket(&self, hash: u32) -> Option<u32> {
        self.recipe.bucketed().map(|Part { buckets, .. }| self.terms.len() as u32 + hash % buckets)
    }

    /// The name of a source.
    pub fn source_name(&self, source: u32) -> String {
        let source = source as usize;
        match (self.terms.get(source), source.checked_sub(self.forms())) {
            (Some(term), _) => term.clone(),
            (None, None) => format!("rare:{}", source - self.terms.len()),
            (None, Some(number)) => {
                let name = self.numbers.get(number / 2).map_or("", |number| number.name.as_str());
                if number.is_multiple_of(2) { format!("number:{name}") } else { format!("missing:{name}") }
            }
        }
    }

    /// The name of a column: of its source, or of a direction by its strongest terms.
    pub fn name(&self, column: u32) -> String {
        let Some(latent) = &self.latent else { return self.source_name(column) };
        match (column as usize).checked_sub(latent.dimensions()) {
            Some(number) => self.source_name((self.forms() + number) as u32),
            None => {
                let weight = |source: &u32| latent.of(*source).get(column as usize).copied().unwrap_or(0.0);
                let mut sources: Vec<u32> = (0..self.terms.len() as u32).collect();
                sources.sort_by(|a, b| weight(b).abs().total_cmp(&weight(a).abs()).then(a.cmp(b)));
                let named: Vec<String> = sources.iter().take(3).map(|source| self.source_name(*source)).collect();
                format!("latent:{column} ({})", named.join(", "))
            }
        }
    }

    /// What columns contributed, as contributions of sources: a direction's share goes to the terms it was made of.
    pub fn by_source(&self, counts: &[(u32, u32)], row: &[(u32, f32)], contributions: Vec<(u32, f32)>) -> Vec<(u32, f32)> {
        let Some(latent) = &self.latent else { return contributions };
        let forms = self.weighted(counts.to_vec());
        let mut slopes = vec![0f64; latent.dimensions()];
        let mut out: Vec<(u32, f32)> = Vec::new();
        for (column, part) in contributions {
            match (column as usize).checked_sub(latent.dimensions()) {
                Some(number) => out.push(((self.forms() + number) as u32, part)),
                None => {
                    let value = row.iter().find(|(own, _)| *own == column).map_or(0.0, |(_, value)| f64::from(*value));
                    slopes[column as usize] = if value == 0.0 { 0.0 } else { f64::from(part) / value };
                }
            }
        }
        let length = latent.length(&forms);
        out.extend(forms.into_iter().map(|(form, value)| {
            let slope = latent.of(form).iter().zip(&slopes).map(|(weight, slope)| f64::from(*weight) * slope).sum::<f64>();
            (form, (f64::from(value) * slope / length) as f32)
        }));
        out
    }

    /// Rows of a corpus as a matrix. Shape: rows × columns.
    pub fn matrix(&self, corpus: &Corpus, rows: &[usize]) -> Matrix {
        let sources: Vec<u32> =
            corpus.terms.iter().map(|term| Block::of_term(term).and_then(|(block, form)| self.source(block, form)).unwrap_or(u32::MAX)).collect();
        let places: Vec<Option<usize>> = self.numbers.iter().map(|number| corpus.numbers.binary_search(&number.name).ok()).collect();
        let rows = rows.iter().map(|row| {
            let Sample { terms, numbers, rare, .. } = &corpus.samples[*row];
            let named = terms.iter().map(|(term, count)| (sources[*term as usize], *count)).filter(|(source, _)| *source != u32::MAX);
            let counts = named.chain(rare.iter().filter_map(|(hash, count)| Some((self.bucket(*hash)?, *count)))).collect();
            let values = places.iter().map(|place| {
                let place = (*place)? as u32;
                numbers.binary_search_by_key(&place, |(number, _)| *number).ok().map(|at| numbers[at].1)
            });
            self.row(counts, values)
        });
        compressed(self.columns(), rows)
    }

    /// One report as a matrix of one row: counts of sources and numbers by name.
    pub fn single(&self, counts: Vec<(u32, u32)>, numbers: &[(String, f32)]) -> Matrix {
        let values = self.numbers.iter().map(|column| numbers.iter().find(|(name, _)| *name == column.name).map(|(_, value)| *value));
        let row = self.row(counts, values);
        compressed(self.columns(), std::iter::once(row))
    }

    /// One report given as a bag.
    pub fn of_bag(&self, bag: &Bag) -> Matrix {
        let source = |term: &str| Block::of_term(term).and_then(|(block, form)| self.source(block, form));
        let counts = bag.terms.iter().filter_map(|(term, count)| Some((source(term)?, *count))).collect();
        self.single(counts, &bag.numbers)
    }

    /// Counts of terms and buckets as weights, those of one bucket together.
    fn weighted(&self, mut counts: Vec<(u32, u32)>) -> Vec<(u32, f32)> {
        counts.sort_unstable();
        counts.dedup_by(|next, last| {
            let same = next.0 == last.0;
            last.1 += if same { next.1 } else { 0 };
            same
        });
        let of_buckets = self.idf.last().copied().unwrap_or(1.0);
        let mut row: Vec<(u32, f32)> = counts
            .into_iter()
            .map(|(column, count)| {
                let weight = match self.recipe.weighting {
                    Weighting::Binary => 1.0,
                    Weighting::Logarithm => 1.0 + (count as f32).ln(),
                    Weighting::TfIdf => (1.0 + (count as f32).ln()) * self.idf.get(column as usize).copied().unwrap_or(of_buckets),
                };
                (column, weight)
            })
            .collect();
        if self.recipe.weighting == Weighting::TfIdf {
            let length = row.iter().map(|(_, value)| f64::from(*value).powi(2)).sum::<f64>().sqrt() as f32;
            row.iter_mut().for_each(|(_, value)| *value /= length);
        }
        row
    }

    fn row(&self, counts: Vec<(u32, u32)>, numbers: impl Iterator<Item = Option<f32>>) -> Vec<(u32, f32)> {
        let forms = self.weighted(counts);
        let mut row = match &self.latent {
            None => forms,
            Some(latent) => (0u32..).zip(latent.along(&forms)).collect(),
        };
        let first = (self.columns() - 2 * self.numbers.len()) as u32;
        let present: Vec<Option<f32>> = numbers.map(|value| value.filter(|value| value.is_finite())).collect();
        for (number, value) in (0u32..).zip(NumberColumn::filled(&self.numbers, &present)) {
            row.push((first + 2 * number, value));
            if present[number as usize].is_none() {
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
