//! Fits a logistic regression on a matrix that another program wrote, for comparison: `fit FILE C [ITERATIONS]`. The file holds, little-endian, the
//! numbers of rows, columns and classes (u64), then row starts (u64), columns (u32), values (f32) and labels (u32) of compressed rows.
//! Prints the loss; `peers/fit.py` times it.

use std::fs;
use std::sync::atomic::AtomicBool;

use bingli::models::logistic::{LogisticParams, optimum};
use bingli::models::{Matrix, Targets};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let (path, strength, iterations) = match &arguments[..] {
        [_, path, strength] => (path, strength, 1000),
        [_, path, strength, iterations] => (path, strength, iterations.parse()?),
        _ => return Err("usage: fit FILE C [ITERATIONS]".into()),
    };
    let bytes = fs::read(path)?;
    let long = |at: usize| bytes.get(8 * at..8 * at + 8).and_then(|part| part.try_into().ok()).map_or(0, u64::from_le_bytes) as usize;
    let (rows, columns, classes) = (long(0), long(1), long(2));
    let starts: Vec<usize> = (0..=rows).map(|row| long(3 + row)).collect();
    let (first, stored) = (8 * (4 + rows), long(3 + rows));
    let four = |at: usize| bytes.get(first + 4 * at..first + 4 * at + 4).and_then(|part| part.try_into().ok()).unwrap_or([0; 4]);
    let indices: Vec<u32> = (0..stored).map(|at| u32::from_le_bytes(four(at))).collect();
    let values: Vec<f32> = (0..stored).map(|at| f32::from_le_bytes(four(stored + at))).collect();
    let labels: Vec<u32> = (0..rows).map(|at| u32::from_le_bytes(four(2 * stored + at))).collect();
    drop(bytes);
    let x = Matrix::new((rows, columns), starts, indices, values);
    let targets = Targets { labels: &labels, classes, weights: &vec![1.0; rows], groups: None };
    let strength: f64 = strength.parse()?;
    if iterations == 0 {
        // What reading costs, to be taken off.
        println!("0");
        return Ok(());
    }
    let params = LogisticParams { l2: 1.0 / strength, iterations, ..LogisticParams::default() };
    let (_, loss) = optimum(&x, &targets, &params, &AtomicBool::new(false))?;
    println!("{loss}");
    Ok(())
}
