//! Latent semantic analysis: the few directions along which terms occur together, by a truncated singular value decomposition.
//!
//! Randomized range finder with power iterations on the sparse rows, then an eigendecomposition of a small matrix by Jacobi
//! rotations. The random signs are a hash of their place: the same rows give the same directions. Signs of directions are fixed by
//! their largest entry.
//!
//! # Source
//! Halko, Martinsson, Tropp: Finding structure with randomness, SIAM Review 53, 2011.

use super::Matrix;

/// Directions beyond those asked for, which make those more exact.
const MORE: usize = 10;
/// Rows shorter than this along all directions are taken for empty.
const SHORTEST: f64 = 1e-9;
/// Times the range is multiplied by the matrix and back.
const POWERS: usize = 4;

/// Directions of terms. Shape: terms × dimensions, row-major.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Latent {
    dimensions: usize,
    weights: Vec<f32>,
}

impl Latent {
    /// The directions of most variation of rows over terms; fewer where the rows have no more.
    pub fn fit(x: &Matrix, dimensions: usize) -> Self {
        let (rows, terms) = (x.rows(), x.cols());
        let wide = (dimensions + MORE).min(rows).min(terms);
        // Columns of a matrix are kept one after the other.
        let mut range: Vec<Vec<f64>> = (0..wide).map(|at| (0..terms).map(|term| sign(term, at)).collect()).collect();
        for _ in 0..POWERS {
            let mut image: Vec<Vec<f64>> = range.iter().map(|direction| times(x, direction)).collect();
            orthonormal(&mut image);
            range = image.iter().map(|direction| transposed_times(x, direction)).collect();
            orthonormal(&mut range);
        }
        let image: Vec<Vec<f64>> = range.iter().map(|direction| times(x, direction)).collect();
        let gram: Vec<Vec<f64>> = image.iter().map(|one| image.iter().map(|other| dot(one, other)).collect()).collect();
        let kept = strongest(gram, dimensions);
        let mut weights = vec![0f32; terms * kept.len()];
        for (at, mixture) in kept.iter().enumerate() {
            let mut direction = vec![0f64; terms];
            mixture.iter().zip(&range).for_each(|(share, part)| direction.iter_mut().zip(part).for_each(|(to, from)| *to += share * from));
            let largest = direction.iter().copied().fold(0.0f64, |most, entry| if entry.abs() > most.abs() { entry } else { most });
            let turn = if largest < 0.0 { -1.0 } else { 1.0 };
            direction.iter().enumerate().for_each(|(term, entry)| weights[term * kept.len() + at] = (turn * entry) as f32);
        }
        Self { dimensions: kept.len(), weights }
    }

    /// From the numbers of a file; none where they do not make whole rows.
    pub fn from_weights(terms: usize, weights: Vec<f32>) -> Option<Self> {
        let dimensions = weights.len().checked_div(terms)?;
        (dimensions * terms == weights.len() && weights.iter().all(|weight| weight.is_finite())).then_some(Self { dimensions, weights })
    }

    /// Number of directions.
    pub const fn dimensions(&self) -> usize {
        self.dimensions
    }

    /// All numbers, term by term.
    pub fn weights(&self) -> &[f32] {
        &self.weights
    }

    /// What a term adds to each direction.
    pub fn of(&self, term: u32) -> &[f32] {
        self.weights.get(term as usize * self.dimensions..).and_then(|rest| rest.get(..self.dimensions)).unwrap_or_default()
    }

    /// A row of terms along the directions, scaled to length 1.
    pub fn along(&self, row: &[(u32, f32)]) -> Vec<f32> {
        let sums = self.sums(row);
        let length = dot(&sums, &sums).sqrt().max(SHORTEST);
        sums.into_iter().map(|sum| (sum / length) as f32).collect()
    }

    /// The length that a row along the directions is divided by.
    pub fn length(&self, row: &[(u32, f32)]) -> f64 {
        let sums = self.sums(row);
        dot(&sums, &sums).sqrt().max(SHORTEST)
    }

    fn sums(&self, row: &[(u32, f32)]) -> Vec<f64> {
        let mut sums = vec![0f64; self.dimensions];
        for (term, value) in row {
            sums.iter_mut().zip(self.of(*term)).for_each(|(sum, weight)| *sum += f64::from(*value) * f64::from(*weight));
        }
        sums
    }
}

/// Plus or minus one by the hash of a place.
fn sign(term: usize, at: usize) -> f64 {
    let mut mixed = (term as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ (at as u64 + 1).wrapping_mul(0xd6e8_feb8_6659_fd93);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    if (mixed ^ (mixed >> 31)) & 1 == 0 { 1.0 } else { -1.0 }
}

fn entries(x: &Matrix) -> impl Iterator<Item = (usize, &[u32], &[f32])> {
    (0..x.rows()).map(|at| {
        let range = x.indptr().outer_inds_sz(at);
        (at, &x.indices()[range.clone()], &x.data()[range])
    })
}

fn times(x: &Matrix, by: &[f64]) -> Vec<f64> {
    entries(x).map(|(_, columns, values)| columns.iter().zip(values).map(|(column, value)| by[*column as usize] * f64::from(*value)).sum()).collect()
}

fn transposed_times(x: &Matrix, by: &[f64]) -> Vec<f64> {
    let mut out = vec![0f64; x.cols()];
    for (at, columns, values) in entries(x) {
        columns.iter().zip(values).for_each(|(column, value)| out[*column as usize] += by[at] * f64::from(*value));
    }
    out
}

/// Makes columns orthonormal (Gram and Schmidt, each made twice); a column without a direction of its own becomes zero.
fn orthonormal(columns: &mut [Vec<f64>]) {
    for at in 0..columns.len() {
        let (done, rest) = columns.split_at_mut(at);
        let own = &mut rest[0];
        let before = dot(own, own).sqrt();
        for _ in 0..2 {
            for other in done.iter() {
                let share = dot(own, other);
                own.iter_mut().zip(other).for_each(|(own, other)| *own -= share * other);
            }
        }
        let length = dot(own, own).sqrt();
        let scale = if length > 1e-10 * before.max(1e-300) { 1.0 / length } else { 0.0 };
        own.iter_mut().for_each(|entry| *entry *= scale);
    }
}

/// Eigenvectors of a symmetric matrix with the largest eigenvalues, the largest first, by cyclic Jacobi rotations.
fn strongest(mut matrix: Vec<Vec<f64>>, count: usize) -> Vec<Vec<f64>> {
    let size = matrix.len();
    let mut vectors: Vec<Vec<f64>> = (0..size).map(|row| (0..size).map(|column| f64::from(u8::from(row == column))).collect()).collect();
    for _ in 0..60 {
        let off: f64 = (0..size).map(|row| matrix[row][..row].iter().map(|entry| entry * entry).sum::<f64>()).sum();
        let whole: f64 = matrix.iter().flatten().map(|entry| entry * entry).sum();
        if off <= 1e-22 * whole {
            break;
        }
        for p in 0..size {
            for q in p + 1..size {
                if matrix[p][q] == 0.0 {
                    continue;
                }
                let theta = (matrix[q][q] - matrix[p][p]) / (2.0 * matrix[p][q]);
                let t = theta.signum() / (theta.abs() + (theta * theta + 1.0).sqrt());
                let cosine = 1.0 / (t * t + 1.0).sqrt();
                let sine = t * cosine;
                for row in matrix.iter_mut() {
                    (row[p], row[q]) = (cosine * row[p] - sine * row[q], sine * row[p] + cosine * row[q]);
                }
                #[allow(clippy::needless_range_loop, reason = "two rows are turned together")]
                for column in 0..size {
                    let (one, other) = (matrix[p][column], matrix[q][column]);
                    matrix[p][column] = cosine * one - sine * other;
                    matrix[q][column] = sine * one + cosine * other;
                }
                for vector in vectors.iter_mut() {
                    (vector[p], vector[q]) = (cosine * vector[p] - sine * vector[q], sine * vector[p] + cosine * vector[q]);
                }
            }
        }
    }
    let mut order: Vec<usize> = (0..size).collect();
    order.sort_by(|a, b| matrix[*b][*b].total_cmp(&matrix[*a][*a]).then(a.cmp(b)));
    let largest = order.first().map_or(0.0, |at| matrix[*at][*at]);
    order.retain(|at| matrix[*at][*at] > 1e-12 * largest);
    order.into_iter().take(count).map(|at| vectors.iter().map(|row| row[at]).collect()).collect()
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reports of two topics, whose words never meet, over six terms.
    fn rows() -> Matrix {
        let rows: [&[u32]; 6] = [&[0, 1], &[1, 2], &[0, 2], &[3, 4], &[4, 5], &[3, 5]];
        let (mut starts, mut columns) = (vec![0], Vec::new());
        for row in rows {
            columns.extend_from_slice(row);
            starts.push(columns.len());
        }
        let values = vec![1.0; columns.len()];
        Matrix::new((6, 6), starts, columns, values)
    }

    #[test]
    fn two_topics_are_two_directions_and_unseen_pairs_lie_along_them() {
        let latent = Latent::fit(&rows(), 2);
        assert_eq!(latent.dimensions(), 2);
        let (one, other) = (latent.along(&[(0, 1.0)]), latent.along(&[(2, 1.0)]));
        let same = one.iter().zip(&other).map(|(a, b)| a * b).sum::<f32>();
        let apart = one.iter().zip(latent.along(&[(5, 1.0)])).map(|(a, b)| a * b).sum::<f32>();
        assert!(same > 0.999 && apart.abs() < 1e-3, "{same} {apart}");
        assert_eq!(latent, Latent::fit(&rows(), 2));
        assert_eq!(Latent::from_weights(6, latent.weights().to_vec()).as_ref(), Some(&latent));
    }

    #[test]
    fn the_strongest_eigenvectors_of_a_known_matrix() {
        // Eigenvalues 3 along (1, 1) and 1 along (1, -1).
        let found = strongest(vec![vec![2.0, 1.0], vec![1.0, 2.0]], 1);
        assert!((found[0][0].abs() - 0.5f64.sqrt()).abs() < 1e-9 && (found[0][0] - found[0][1]).abs() < 1e-9);
    }

    #[test]
    fn rows_without_terms_and_more_dimensions_than_rows_stay_finite() {
        let latent = Latent::fit(&rows(), 500);
        assert!(latent.dimensions() <= 6 && latent.along(&[]).iter().all(|value| value.is_finite()));
    }
}
