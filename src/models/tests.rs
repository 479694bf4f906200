//! What every kind must keep: the same bytes on any number of threads, independent rows, the same answers after loading, errors
//! on damage, better than always saying the commonest class.

use std::sync::atomic::AtomicBool;

use super::kind::{KINDS, load, settings};
use super::rows::take;
use super::synthetic::topics;
use super::{Classifier, Matrix, Saved, Targets, Values};

const ROWS: usize = 400;

fn fit(kind: &str, x: &Matrix, labels: &[u32], classes: usize, weights: &[f32]) -> Box<dyn Classifier> {
    settings(kind, 1.0).unwrap().fit(x, &Targets { labels, classes, weights, groups: None }, 11, &AtomicBool::new(false)).unwrap()
}

fn right(model: &dyn Classifier, x: &Matrix, labels: &[u32]) -> usize {
    let found = model.probabilities(x);
    let best = |row: ndarray::ArrayView1<'_, f32>| (0..row.len()).max_by(|a, b| row[*a].total_cmp(&row[*b])).unwrap() as u32;
    found.rows().into_iter().zip(labels).filter(|(row, label)| best(*row) == **label).count()
}

#[test]
fn every_kind_beats_the_commonest_class_on_rows_it_has_not_seen() {
    for classes in [2, 4] {
        let (x, labels) = topics(ROWS, classes, 1);
        let (unseen, truth) = topics(ROWS, classes, 2);
        let commonest = (0..classes as u32).map(|class| truth.iter().filter(|label| **label == class).count()).max().unwrap();
        for kind in KINDS {
            let model = fit(kind, &x, &labels, classes, &[1.0; ROWS]);
            assert_eq!((model.classes(), model.features(), model.kind()), (classes, x.cols(), kind));
            let right = right(model.as_ref(), &unseen, &truth);
            let least = commonest + if kind == "tree" { 5 } else { 40 };
            assert!(right > least, "{kind}, {classes} classes: {right} of {ROWS} right, commonest {commonest}");
        }
    }
}

#[test]
fn one_seed_gives_one_model_on_any_number_of_threads_and_loading_changes_nothing() {
    let (x, labels) = topics(ROWS, 3, 3);
    for kind in KINDS {
        let fitted = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| fit(kind, &x, &labels, 3, &[1.0; ROWS]).save())
        };
        let saved = fitted(1);
        assert!(saved == fitted(2), "{kind}");
        let (one, other) = (load(kind, &saved).unwrap(), fit(kind, &x, &labels, 3, &[1.0; ROWS]));
        assert_eq!(one.probabilities(&x), other.probabilities(&x), "{kind}");
        assert!(one.save() == saved, "{kind}");
    }
}

#[test]
fn rows_are_independent_finite_and_sum_to_one() {
    let (x, labels) = topics(ROWS, 3, 4);
    for kind in KINDS {
        let model = fit(kind, &x, &labels, 3, &[1.0; ROWS]);
        let all = model.probabilities(&x);
        for at in [0, 57, 399] {
            assert_eq!(model.probabilities(&take(&x, &[at])).row(0), all.row(at), "{kind}");
            assert!((all.row(at).sum() - 1.0).abs() < 1e-5 && all.row(at).iter().all(|value| value.is_finite() && *value >= 0.0), "{kind}");
        }
        let empty = Matrix::new((1, x.cols()), vec![0, 0], vec![], vec![]);
        assert!((model.probabilities(&empty).sum() - 1.0).abs() < 1e-5, "{kind}");
        let parts = model.contributions(&x, 5, 1);
        assert!((kind == "tree" || !parts.is_empty()) && parts.iter().all(|(feature, part)| (*feature as usize) < x.cols() && part.is_finite()), "{kind}");
        // A network has no weight of its own for a feature.
        assert_eq!(model.weights(2).len(), if kind == "network" { 0 } else { x.cols() }, "{kind}");
    }
}

#[test]
fn a_model_learns_which_words_belong_to_a_class() {
    let (x, labels) = topics(ROWS, 3, 5);
    for kind in KINDS.into_iter().filter(|kind| *kind != "network") {
        let weights = fit(kind, &x, &labels, 3, &[1.0; ROWS]).weights(1);
        let mean = |range: std::ops::Range<u32>| weights.iter().filter(|(feature, _)| range.contains(feature)).map(|(_, weight)| weight).sum::<f32>() / 20.0;
        assert!(mean(20..40) > mean(0..20) && mean(20..40) > mean(60..80), "{kind}");
    }
}

#[test]
fn weight_on_a_class_raises_its_recall() {
    let (x, labels) = topics(ROWS, 2, 6);
    let (unseen, truth) = topics(ROWS, 2, 7);
    for kind in KINDS {
        let said = |factor: f32| {
            let weights: Vec<f32> = labels.iter().map(|label| if *label == 1 { factor } else { 1.0 }).collect();
            let found = fit(kind, &x, &labels, 2, &weights).probabilities(&unseen);
            truth.iter().enumerate().filter(|(at, label)| **label == 1 && found[[*at, 1]] > 0.5).count()
        };
        let (little, much) = (said(0.2), said(20.0));
        // The regression on top of the stack undoes what the kinds below were told.
        assert!(much > little || kind == "stack", "{kind}: {little} then {much}");
    }
}

#[test]
fn damage_is_an_error_and_never_a_panic() {
    let (x, labels) = topics(120, 3, 8);
    for kind in KINDS {
        let saved = fit(kind, &x, &labels, 3, &[1.0; 120]).save();
        let check = |damaged: &Saved| {
            if let Ok(model) = load(kind, damaged) {
                let found = model.probabilities(&x);
                assert!(found.rows().into_iter().all(|row| row.iter().all(|value| value.is_finite())), "{kind}");
                model.contributions(&x, 3, 1);
                model.weights(1);
            }
        };
        for name in saved.tensors.keys() {
            let mut without = saved.clone();
            without.tensors.remove(name);
            assert!(load(kind, &without).is_err(), "{kind} without {name}");
            let mut shorter = saved.clone();
            if let Some((shape, values)) = shorter.tensors.get_mut(name) {
                shape[0] -= 1;
                match values {
                    Values::F32(values) => values.truncate(values.len() - 1),
                    Values::U32(values) => values.truncate(values.len() - 1),
                }
            }
            check(&shorter);
            for place in 0..40 {
                let mut damaged = saved.clone();
                let mut poisoned = false;
                if let Some((_, values)) = damaged.tensors.get_mut(name) {
                    match values {
                        Values::F32(values) => {
                            let at = place * 7 % values.len();
                            poisoned = true;
                            values[at] = f32::NAN;
                        }
                        Values::U32(values) => {
                            let at = place * 7 % values.len();
                            values[at] = [u32::MAX - 1, 0, values[at].wrapping_add(1), values[at].wrapping_sub(1)][place % 4];
                        }
                    }
                }
                assert!(!poisoned || load(kind, &damaged).is_err(), "{kind} with NaN in {name}");
                check(&damaged);
            }
        }
        for name in ["classes", "features"] {
            for value in [0u64, 2, 5, u64::MAX] {
                let mut damaged = saved.clone();
                damaged.settings.insert(name.into(), value.into());
                check(&damaged);
            }
        }
    }
    assert!(load("no-such-kind", &Saved::default()).is_err());
}

#[test]
fn what_cannot_be_learned_and_a_stop_are_errors() {
    let (x, labels) = topics(60, 2, 9);
    for kind in KINDS {
        let params = settings(kind, 1.0).unwrap();
        let fit = |labels: &[u32], stop: bool| {
            params.fit(&x, &Targets { labels, classes: 2, weights: &[1.0; 60], groups: None }, 1, &AtomicBool::new(stop)).err().map(|error| error.to_string())
        };
        assert!(fit(&[1; 60], false).is_some_and(|said| said.contains("at least two")), "{kind}");
        assert!(fit(&labels, true).is_some() || kind == "logistic", "{kind}");
        assert!(fit(&labels, false).is_none(), "{kind}");
    }
}
