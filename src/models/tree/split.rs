//! Sums of a node's rows by feature and bin, only for the features that occur in the node: what does not occur cannot split it.

use super::bins::Binned;

/// No place yet.
const NONE: u32 = u32::MAX;

/// Sums by feature, bin and quantity of the rows of one node; reused from node to node.
#[derive(Debug)]
pub struct Sums {
    /// Quantities a bin.
    width: usize,
    place: Vec<u32>,
    allowed: Option<Vec<bool>>,
    touched: Vec<u32>,
    sums: Vec<f64>,
}

/// The best way to part a node.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Split {
    /// Feature that is asked.
    pub feature: u32,
    /// Bins up to it go left.
    pub bin: u8,
    /// What it gains.
    pub gain: f64,
}

impl Sums {
    /// Room for a number of features and quantities; `chosen` where only some features are looked at in a node.
    pub fn new(features: usize, width: usize, chosen: bool) -> Self {
        Self { width, place: vec![NONE; features], allowed: chosen.then(|| vec![false; features]), touched: Vec::new(), sums: Vec::new() }
    }

    /// The features that occur in rows, in the order met.
    pub fn occurring(&mut self, binned: &Binned, rows: &[u32]) -> Vec<u32> {
        let mut found = Vec::new();
        for at in rows {
            for (feature, _) in binned.row(*at as usize) {
                if self.place[feature as usize] == NONE {
                    self.place[feature as usize] = 0;
                    found.push(feature);
                }
            }
        }
        found.iter().for_each(|feature| self.place[*feature as usize] = NONE);
        found
    }

    /// Sums the rows; `add` adds a row to the quantities of a bin. Where features are chosen, only those of `chosen` count.
    pub fn fill(&mut self, binned: &Binned, rows: &[u32], chosen: &[u32], mut add: impl FnMut(u32, &mut [f64])) {
        self.touched.iter().for_each(|feature| self.place[*feature as usize] = NONE);
        self.touched.clear();
        self.sums.clear();
        if let Some(allowed) = &mut self.allowed {
            chosen.iter().for_each(|feature| allowed[*feature as usize] = true);
        }
        for at in rows {
            for (feature, bin) in binned.row(*at as usize) {
                if self.allowed.as_ref().is_some_and(|allowed| !allowed[feature as usize]) {
                    continue;
                }
                let mut place = self.place[feature as usize];
                if place == NONE {
                    place = self.sums.len() as u32;
                    self.place[feature as usize] = place;
                    self.touched.push(feature);
                    self.sums.resize(self.sums.len() + binned.bins_of(feature) * self.width, 0.0);
                }
                let start = place as usize + usize::from(bin) * self.width;
                add(*at, &mut self.sums[start..start + self.width]);
            }
        }
        if let Some(allowed) = &mut self.allowed {
            chosen.iter().for_each(|feature| allowed[*feature as usize] = false);
        }
    }

    /// The best split by `gain_of`(left, right), which gives none where a side is too small. The first of equals by feature number.
    pub fn best(&mut self, binned: &Binned, total: &[f64], mut gain_of: impl FnMut(&[f64], &[f64]) -> Option<f64>) -> Option<Split> {
        let mut best: Option<Split> = None;
        let (mut left, mut right) = (vec![0f64; self.width], vec![0f64; self.width]);
        for feature in &self.touched {
            let start = self.place[*feature as usize] as usize;
            let bins = binned.bins_of(*feature);
            let sums = &mut self.sums[start..start + bins * self.width];
            let zero = usize::from(binned.zero[*feature as usize]);
            for quantity in 0..self.width {
                let others: f64 = (0..bins).map(|bin| sums[bin * self.width + quantity]).sum();
                sums[zero * self.width + quantity] += total[quantity] - others;
            }
            left.fill(0.0);
            for bin in 0..bins - 1 {
                for quantity in 0..self.width {
                    left[quantity] += sums[bin * self.width + quantity];
                    right[quantity] = total[quantity] - left[quantity];
                }
                let Some(gain) = gain_of(&left, &right) else { continue };
                let better = best.is_none_or(|best| gain > best.gain || (gain == best.gain && (*feature, bin as u8) < (best.feature, best.bin)));
                if better {
                    best = Some(Split { feature: *feature, bin: bin as u8, gain });
                }
            }
        }
        best
    }
}
