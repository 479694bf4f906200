//! Invented reports as sparse rows, for tests: every class has words of its own that come often, among words that say nothing.

use super::Matrix;
use super::random::Random;

/// Rows of counts with their classes; classes have unequal sizes.
pub fn topics(rows: usize, classes: usize, seed: u64) -> (Matrix, Vec<u32>) {
    let columns = 20 * classes + 60;
    let mut random = Random::new(seed);
    let (mut starts, mut indices, mut values, mut labels) = (vec![0], Vec::new(), Vec::new(), Vec::new());
    for _ in 0..rows {
        let class = random.below(classes).min(random.below(classes));
        labels.push(class as u32);
        for column in 0..columns {
            let own = column >= 20 * class && column < 20 * (class + 1);
            if random.unit() < if own { 0.24 } else { 0.06 } {
                indices.push(column as u32);
                values.push(1.0 + random.below(3) as f32);
            }
        }
        starts.push(indices.len());
    }
    (Matrix::new((rows, columns), starts, indices, values), labels)
}
