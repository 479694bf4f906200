//! Areas under curves, one class against the rest: receiver operating characteristic and precision-recall (average precision).

use ndarray::Array2;

/// Share of pairs of a positive and another report that the scores put in order; ties count half. None without both sides.
pub fn auroc(scores: &[f32], positive: &[bool]) -> Option<f64> {
    let mut order: Vec<(f32, bool)> = scores.iter().copied().zip(positive.iter().copied()).collect();
    order.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let ones = positive.iter().filter(|positive| **positive).count() as f64;
    let zeros = order.len() as f64 - ones;
    if ones == 0.0 || zeros == 0.0 {
        return None;
    }
    let (mut below, mut pairs) = (0f64, 0f64);
    for tied in order.chunk_by(|a, b| a.0 == b.0) {
        let own = tied.iter().filter(|(_, positive)| *positive).count() as f64;
        let others = tied.len() as f64 - own;
        pairs += own * (below + others / 2.0);
        below += others;
    }
    Some(pairs / (ones * zeros))
}

/// Average precision: precision at each threshold by the recall it adds. None without a positive report.
pub fn average_precision(scores: &[f32], positive: &[bool]) -> Option<f64> {
    let mut order: Vec<(f32, bool)> = scores.iter().copied().zip(positive.iter().copied()).collect();
    order.sort_unstable_by(|a, b| b.0.total_cmp(&a.0));
    let ones = positive.iter().filter(|positive| **positive).count() as f64;
    if ones == 0.0 {
        return None;
    }
    let (mut taken, mut right, mut area) = (0f64, 0f64, 0f64);
    for tied in order.chunk_by(|a, b| a.0 == b.0) {
        let own = tied.iter().filter(|(_, positive)| *positive).count() as f64;
        taken += tied.len() as f64;
        right += own;
        area += own / ones * right / taken;
    }
    Some(area)
}

/// The mean over the classes of a figure of one class against the rest; classes that have none are left out.
pub fn one_against_rest(probabilities: &Array2<f32>, truth: &[u32], figure: impl Fn(&[f32], &[bool]) -> Option<f64>) -> Option<f64> {
    let figures: Vec<f64> = (0..probabilities.ncols()).filter_map(|class| of_class(probabilities, truth, class, &figure)).collect();
    (!figures.is_empty()).then(|| figures.iter().sum::<f64>() / figures.len() as f64)
}

/// A figure of one class against the rest.
pub fn of_class(probabilities: &Array2<f32>, truth: &[u32], class: usize, figure: impl Fn(&[f32], &[bool]) -> Option<f64>) -> Option<f64> {
    let positive: Vec<bool> = truth.iter().map(|label| *label as usize == class).collect();
    figure(&probabilities.column(class).to_vec(), &positive)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::random::Random;

    #[test]
    fn the_area_is_the_share_of_ordered_pairs() {
        let mut random = Random::new(3);
        let scores: Vec<f32> = (0..200).map(|_| random.below(20) as f32).collect();
        let positive: Vec<bool> = scores.iter().map(|score| random.unit() < f64::from(*score) / 25.0).collect();
        let (mut pairs, mut all) = (0.0, 0.0);
        for (one, _) in scores.iter().zip(&positive).filter(|(_, positive)| **positive) {
            for (zero, _) in scores.iter().zip(&positive).filter(|(_, positive)| !**positive) {
                all += 1.0;
                pairs += if one > zero {
                    1.0
                } else if one == zero {
                    0.5
                } else {
                    0.0
                };
            }
        }
        assert!((auroc(&scores, &positive).unwrap() - pairs / all).abs() < 1e-12);
        assert_eq!(auroc(&[0.1, 0.2], &[true, true]), None);
    }

    #[test]
    fn average_precision_by_hand() {
        // Ranked: yes, no, yes: 1/2 * 1 + 1/2 * 2/3.
        assert!((average_precision(&[0.9, 0.8, 0.7], &[true, false, true]).unwrap() - (0.5 + 1.0 / 3.0)).abs() < 1e-12);
        assert_eq!(average_precision(&[0.5; 4], &[true, false, false, false]), Some(0.25));
    }
}
