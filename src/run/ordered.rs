//! Work on many threads, results in order, bounded in memory: a permit for every piece between the reader and the collector,
//! so that a slow piece never lets the others pile up behind it. A worker that panics loses its piece only.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};

use crossbeam_channel::bounded;

/// Pieces alive at once, per thread.
const PERMITS_PER_JOB: usize = 32;

/// What the collector wants next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Go on.
    Continue,
    /// Read no more; the pieces under way are dropped.
    Stop,
}

/// Feeds `pieces` to `work` on `jobs` threads and its results to `collect` in order. `work` gets `None` for nothing: a panic in it
/// becomes the value of `lost`, which is given a copy of the piece's name made by `name` beforehand. When `stop` becomes true no
/// further piece is read and those under way are finished.
pub fn run_ordered<T, N, R>(
    pieces: impl Iterator<Item = T> + Send,
    jobs: usize,
    stop: &AtomicBool,
    name: impl Fn(&T) -> N + Sync,
    work: impl Fn(T) -> R + Sync,
    lost: impl Fn(N) -> R + Sync,
    mut collect: impl FnMut(R) -> Step,
) where
    T: Send,
    R: Send,
{
    let guarded = |piece: T| {
        let name = name(&piece);
        catch_unwind(AssertUnwindSafe(|| work(piece))).unwrap_or_else(|_| lost(name))
    };
    if jobs <= 1 {
        for piece in pieces {
            if collect(guarded(piece)) == Step::Stop || stop.load(Ordering::Relaxed) {
                return;
            }
        }
        return;
    }
    let permits = jobs * PERMITS_PER_JOB;
    let (permit_in, permit_out) = bounded::<()>(permits);
    let (piece_in, piece_out) = bounded::<(usize, T)>(permits);
    let (result_in, result_out) = bounded::<(usize, R)>(permits);
    let abandon = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let abandon = &abandon;
        scope.spawn(move || {
            for numbered in pieces.enumerate() {
                if abandon.load(Ordering::Relaxed) || stop.load(Ordering::Relaxed) || permit_in.send(()).is_err() || piece_in.send(numbered).is_err() {
                    return;
                }
            }
        });
        for _ in 0..jobs {
            let (piece_out, result_in, guarded) = (piece_out.clone(), result_in.clone(), &guarded);
            scope.spawn(move || {
                for (number, piece) in piece_out {
                    if abandon.load(Ordering::Relaxed) || result_in.send((number, guarded(piece))).is_err() {
                        return;
                    }
                }
            });
        }
        drop((piece_out, result_in));
        let permit_out = permit_out; // dropped with this scope, so that a reader that waits for a permit ends too
        let mut waiting = BTreeMap::new();
        let mut next = 0;
        for (number, result) in result_out {
            waiting.insert(number, result);
            while let Some(result) = waiting.remove(&next) {
                next += 1;
                let _ = permit_out.try_recv();
                if collect(result) == Step::Stop {
                    abandon.store(true, Ordering::Relaxed);
                    return;
                }
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(jobs: usize, count: usize) -> Vec<Result<usize, usize>> {
        let mut out = Vec::new();
        run_ordered(
            0..count,
            jobs,
            &AtomicBool::new(false),
            |piece| *piece,
            |piece| {
                assert!(piece != 7, "a worker that panics");
                (0..(piece % 13) * 500).for_each(|turn| {
                    std::hint::black_box(turn);
                });
                Ok(piece * 2)
            },
            Err,
            |result| {
                out.push(result);
                Step::Continue
            },
        );
        out
    }

    #[test]
    fn order_is_kept_on_any_number_of_threads_and_a_panic_loses_one_piece() {
        let expected: Vec<_> = (0..500).map(|piece| if piece == 7 { Err(7) } else { Ok(piece * 2) }).collect();
        for jobs in [1, 2, 5] {
            assert_eq!(run(jobs, 500), expected);
        }
    }

    #[test]
    fn a_collector_that_stops_ends_an_endless_stream() {
        let mut count = 0;
        run_ordered(
            0..,
            3,
            &AtomicBool::new(false),
            |_| (),
            |piece: u64| piece,
            |()| 0,
            |_| {
                count += 1;
                if count == 100 { Step::Stop } else { Step::Continue }
            },
        );
        assert_eq!(count, 100);
    }
}
