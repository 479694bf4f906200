//! Lymph nodes of the whole report: a stated total where there is one, else the sum over the stations of the final diagnosis.
//!
//! A count said twice (`two of 13 nodes (2/13)`) counts once, and positives restated apart (`three metastases`) do not count again.
//! Counts in words add up where each stands in a specimen of its own; else many of them without a total are left open: which of
//! them repeat each other cannot be told.

use super::Summary;
use super::rank::Ranked;
use crate::error::Result;
use crate::findings::{Detail, Reading};
use crate::lexicon::{ClassId, Lexicon};
use crate::span::Span;

#[derive(Debug, Clone, Copy, PartialEq)]
struct Count {
    index: usize,
    weight: u8,
    positive: Option<u32>,
    examined: u32,
    /// In folded offsets.
    span: Span,
    /// Nothing but a pair of numbers, `2/13`.
    bare: bool,
    total: bool,
    /// The first count of the same specimen.
    specimen: Option<usize>,
}

impl Count {
    fn known_positive(&self) -> u32 {
        self.positive.unwrap_or(0)
    }
    fn pair(&self) -> (Option<u32>, u32) {
        (self.positive, self.examined)
    }
}

#[derive(Debug)]
pub(super) struct NodeChoice {
    total: ClassId,
}

/// Weights of current findings: from the diagnosis down to the body and the comment, of the microscopy, of what stands below it.
const CURRENT: u8 = 20;
const MICROSCOPIC: u8 = 30;
const COMMENT: u8 = 32;
const DIAGNOSIS: u8 = 36;
const ADDENDUM: u8 = 38;

impl NodeChoice {
    pub(super) fn new(lexicon: &Lexicon) -> Result<Self> {
        Ok(Self { total: lexicon.class("nodes.total")? })
    }

    pub(super) fn answer(&self, reading: &Reading<'_>, ranked: &Ranked<'_>, out: &mut Summary) {
        let all = self.counts(reading, ranked);
        if let Some([first, second]) = by_category(reading, &all) {
            out.nodes.positive = Some(first.known_positive() + second.known_positive());
            out.nodes.examined = Some(first.examined + second.examined);
            out.note("nodes", [first.index, second.index]);
            return;
        }
        let stated = stated_total(&all);
        let body: Vec<Count> = all.iter().copied().filter(|count| count.weight == MICROSCOPIC && count.positive.is_some()).collect();
        let counts = tier(all);
        if let Some(total) = stated.filter(|total| counts.iter().all(|count| count.examined <= total.examined)) {
            (out.nodes.positive, out.nodes.examined) = (total.positive, Some(total.examined));
            out.note("nodes", [total.index]);
            return;
        }
        let counts = without_repeats(counts);
        let apart = apart(reading, &counts);
        let Some(chosen) = choose(counts, apart) else { return };
        let chosen = fuller(&chosen, body).unwrap_or(chosen);
        out.nodes.positive = chosen.iter().any(|count| count.positive.is_some()).then(|| chosen.iter().map(Count::known_positive).sum());
        out.nodes.examined = Some(chosen.iter().map(|count| count.examined).sum());
        out.note("nodes", chosen.iter().map(|count| count.index));
    }

    fn counts(&self, reading: &Reading<'_>, ranked: &Ranked<'_>) -> Vec<Count> {
        let all = ranked.of(|detail| if let Detail::LymphNodes(nodes) = detail { Some((nodes.positive, nodes.examined?)) } else { None });
        all.map(|(index, weight, (positive, examined))| {
            let span = reading.folded.from_original(ranked.findings[index].span);
            let words = reading.slice(span);
            let bare = words.contains('/') && words.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'/' | b' ' | b'(' | b')' | b'.'));
            let mut start = span.start.saturating_sub(48);
            while !reading.text().is_char_boundary(start) {
                start += 1;
            }
            // `(1/48, total of all specimens)`: the word may stand right behind.
            let behind = reading.text()[span.end..].starts_with([',', ' ']).then_some(span.end + 12);
            let near = Span::new(start, span.end.max(behind.unwrap_or(0) + NAME));
            let total = reading.hits.within(self.total, near).iter().any(|hit| {
                let at = hit.start as usize;
                (at >= start && (hit.end as usize) <= span.end) || (at >= span.end && behind.is_some_and(|behind| at <= behind))
            });
            let label = ranked.findings[index].specimen.as_deref();
            let specimen = label.and_then(|label| ranked.findings.iter().position(|finding| finding.specimen.as_deref() == Some(label)));
            Count { index, weight, positive, examined, span, bare, total, specimen }
        })
        .collect()
    }
}

/// `Number of N1 lymph nodes examined: 5 … Number of N2 lymph nodes examined: 4`: the two fields of a form that make up the whole.
fn by_category(reading: &Reading<'_>, counts: &[Count]) -> Option<[Count; 2]> {
    let only = |category: &str| {
        let mut own = counts.iter().filter(|count| count.positive.is_some() && reading.slice(count.span).matches(category).count() >= 2);
        own.next().copied().filter(|_| own.next().is_none())
    };
    Some([only("n1 lymph node")?, only("n2 lymph node")?])
}

/// More counts than any report has; beyond these nothing is compared.
const NEIGHBOURS: usize = 64;
/// Bytes of the longest word of a total.
const NAME: usize = 64;

/// The counts that speak for the report: those of the heaviest section, an addendum only where nothing else counts.
fn tier(counts: Vec<Count>) -> Vec<Count> {
    let any = counts.iter().any(|count| count.positive.is_some());
    let counts: Vec<Count> = counts.into_iter().filter(|count| count.positive.is_some() || !any).collect();
    let main: Vec<Count> = counts.iter().copied().filter(|count| count.weight < ADDENDUM).collect();
    let counts = if main.is_empty() { counts } else { main };
    let top = counts.iter().map(|count| count.weight).max().unwrap_or(0);
    // A diagnosis without heading stands in the body.
    counts.into_iter().filter(|count| count.weight == top || (top == DIAGNOSIS && count.weight == DIAGNOSIS - 2)).collect()
}

fn without_repeats(counts: Vec<Count>) -> Vec<Count> {
    let mut out: Vec<Count> = Vec::new();
    for (at, count) in counts.iter().enumerate() {
        let repeated = out.iter().rev().take(NEIGHBOURS).any(|known| {
            let gap = count.span.start.saturating_sub(known.span.end);
            known.pair() == count.pair() && (gap < 25 || (gap < 110 && known.bare != count.bare))
        });
        if !repeated && !listed_again(&counts[..at], count) {
            out.push(*count);
        }
    }
    // The list of a diagnosis printed twice.
    let half = out.len() / 2;
    if half >= 2 && out.len() == half * 2 && out[..half].iter().zip(&out[half..]).all(|(first, second)| first.pair() == second.pair()) {
        out.truncate(half);
    }
    let restates = |count: &Count, all: &[Count]| {
        let positive = count.known_positive();
        let others = || all.iter().filter(|other| other.index != count.index);
        let sum = others().fold((0, 0), |(positive, examined), other| (positive + other.known_positive(), examined + other.examined));
        positive >= 2
            && count.positive == Some(count.examined)
            && !count.bare
            && (sum.0 == positive && sum.1 > count.examined || others().any(|other| other.known_positive() == positive && other.examined > count.examined))
    };
    while out.len() <= NEIGHBOURS
        && let Some(index) = out.iter().position(|count| restates(count, &out))
    {
        out.remove(index);
    }
    out
}

/// The list of the microscopy where it holds the only count of the diagnosis and smaller ones beside it.
fn fuller(chosen: &[Count], body: Vec<Count>) -> Option<Vec<Count>> {
    let [only] = chosen else { return None };
    let list = without_repeats(body);
    let rest = || list.iter().filter(|count| count.pair() != only.pair());
    let holds = list.iter().filter(|count| count.pair() == only.pair()).count() == 1;
    (only.weight >= DIAGNOSIS - 2
        && !only.total
        && holds
        && (1..=3).contains(&rest().count())
        && rest().all(|count| !count.total && count.examined < only.examined))
    .then_some(list)
}

/// Nodes that two specimens may hold alike.
const FEW_NODES: u32 = 10;
/// Counts of one list at the most.
const LIST: usize = 64;

/// Whether a specimen says again what it has said before another one spoke: the list is printed twice, in whatever order.
fn listed_again(known: &[Count], count: &Count) -> bool {
    let known = &known[known.len().saturating_sub(LIST)..];
    let own = known.iter().rposition(|other| other.specimen.is_some() && other.specimen == count.specimen && other.pair() == count.pair());
    own.is_some_and(|at| known[at + 1..].iter().any(|other| other.specimen.is_some() && other.specimen != count.specimen))
}

/// The count that gives what all smaller ones before it add up to, two at least; nothing but the same number follows.
fn sums_up(counts: &[Count]) -> Option<Count> {
    counts.iter().enumerate().take(LIST).skip(2).map(|(at, count)| (at, *count)).find_map(|(at, total)| {
        let parts: Vec<&Count> = counts[..at].iter().filter(|count| count.examined < total.examined).collect();
        let sum = parts.iter().fold((0, 0), |(positive, examined), part| (positive + part.known_positive(), examined + part.examined));
        let rest = counts[at + 1..].iter().all(|count| count.examined == total.examined);
        (parts.len() >= 2 && rest && total.examined >= 5 && sum == (total.known_positive(), total.examined)).then_some(total)
    })
}

/// The total that a report states once, in whatever section: the fields of a form say both numbers.
fn stated_total(counts: &[Count]) -> Option<Count> {
    let current = counts.iter().map(|count| count.weight >= CURRENT).max()?;
    let mut totals = counts.iter().filter(|count| count.total && !count.bare && count.positive.is_some() && (count.weight >= CURRENT) == current);
    let first = *totals.next()?;
    totals.all(|total| total.pair() == first.pair()).then_some(first)
}

/// Whether the heading of a specimen stands between any two neighbouring counts.
fn apart(reading: &Reading<'_>, counts: &[Count]) -> bool {
    counts.windows(2).all(|pair| opens_specimen(reading, Span::new(pair[0].span.end, pair[1].span.start.max(pair[0].span.end))))
}

/// `B. Left axilla:`, `Part 3:`, `2) Nodes` somewhere in a stretch, where a sentence or a line begins.
fn opens_specimen(reading: &Reading<'_>, gap: Span) -> bool {
    let text = reading.text();
    let words = gap.of(text);
    if words.match_indices("part ").any(|(at, word)| words[at + word.len()..].starts_with(|next: char| next.is_ascii_digit())) {
        return true;
    }
    words.match_indices(['.', ')', ':']).any(|(at, _)| {
        let head = words[..at].trim_end();
        let digits = head.bytes().rev().take_while(u8::is_ascii_digit).count();
        let label = if digits > 0 { digits } else { usize::from(head.ends_with(|last: char| last.is_ascii_alphabetic())) };
        let start = head.len() - label;
        let upper = digits > 0 || reading.is_upper(gap.start + start);
        let before = head[..start].trim_end_matches(['(', '#', ' ']);
        let opens = before.is_empty() || before.ends_with(['.', '\n', ':', ')', ';', ',']) || head[..start].ends_with('\n');
        let behind = words[at + 1..].trim_start();
        (1..=2).contains(&label) && upper && opens && behind.starts_with(|next: char| next.is_ascii_alphabetic())
    })
}

/// The total, or the counts to add up; none where that cannot be told. `apart`: each stands in a specimen of its own.
fn choose(counts: Vec<Count>, apart: bool) -> Option<Vec<Count>> {
    let most = counts.iter().map(|count| count.examined).max()?;
    let sum: u32 = counts.iter().map(|count| count.examined).sum();
    // Fields that each specimen has for itself are no total.
    let each = apart && counts.len() > 1 && counts.iter().all(|count| count.total);
    if let Some(total) = counts.iter().find(|count| count.total && count.examined == most && !each) {
        return Some(vec![*total]);
    }
    if counts.len() > 2
        && let Some(total) = counts.iter().find(|count| count.examined * 2 == sum)
    {
        return Some(vec![*total]);
    }
    if let Some(total) = sums_up(&counts) {
        return Some(vec![total]);
    }
    let largest: Vec<&Count> = counts.iter().filter(|count| count.examined == most).collect();
    let rest: u32 = counts.iter().filter(|count| count.examined != most).map(|count| count.examined).sum();
    // Two specimens may well hold as many nodes, few and all free; five of sixteen in either is one count said twice.
    let alike = most <= FEW_NODES && largest.iter().all(|count| count.positive == Some(0));
    let distinct = alike && largest.windows(2).all(|pair| pair[0].specimen.is_some() && pair[0].specimen != pair[1].specimen);
    if largest.len() > 1 && !distinct && most >= 4 && most >= rest && largest.iter().all(|count| count.pair() == largest[0].pair()) {
        return Some(vec![*largest[0]]);
    }
    let below = counts[0].weight < COMMENT && counts[0].weight > CURRENT;
    let low = below && (counts[0].weight < MICROSCOPIC || counts.len() > 1);
    if low || (counts.len() > 2 && !apart && counts.iter().any(|count| !count.bare)) {
        return None;
    }
    Some(counts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(index: usize, positive: u32, examined: u32, at: usize, bare: bool) -> Count {
        Count { index, weight: DIAGNOSIS, positive: Some(positive), examined, span: Span::new(at, at + 5), bare, total: false, specimen: None }
    }

    fn answer(counts: &[Count]) -> Option<(u32, u32)> {
        choose(without_repeats(tier(counts.to_vec())), false)
            .map(|chosen| (chosen.iter().map(Count::known_positive).sum(), chosen.iter().map(|count| count.examined).sum()))
    }

    #[test]
    fn stations_add_up_and_a_total_stands_for_them() {
        assert_eq!(answer(&[count(0, 0, 2, 0, true), count(1, 1, 3, 300, true), count(2, 0, 4, 600, true)]), Some((1, 9)));
        assert_eq!(answer(&[count(0, 0, 2, 0, true), count(1, 1, 3, 300, true), count(2, 1, 5, 600, true)]), Some((1, 5)));
    }

    #[test]
    fn a_count_said_twice_counts_once() {
        assert_eq!(answer(&[count(0, 2, 13, 0, false), count(1, 2, 13, 40, true)]), Some((2, 13)));
        assert_eq!(answer(&[count(0, 0, 1, 0, false), count(1, 0, 1, 300, false)]), Some((0, 2)));
        assert_eq!(answer(&[count(0, 3, 3, 0, false), count(1, 3, 13, 300, false)]), Some((3, 13)), "positives restated");
    }

    #[test]
    fn a_list_printed_twice_counts_once() {
        let list = [count(0, 0, 14, 0, true), count(1, 1, 9, 300, true), count(2, 0, 14, 600, true), count(3, 1, 9, 900, true)];
        assert_eq!(answer(&list), Some((1, 23)));
    }

    #[test]
    fn specimens_listed_again_count_once_and_a_sum_is_the_total() {
        let of = |index: usize, specimen: usize, positive: u32, examined: u32| Count {
            specimen: Some(specimen),
            ..count(index, positive, examined, index * 300, true)
        };
        assert_eq!(answer(&[of(0, 1, 0, 2), of(1, 2, 1, 3), of(2, 3, 0, 4), of(3, 2, 1, 3), of(4, 3, 0, 4), of(5, 1, 0, 2)]), Some((1, 9)));
        assert_eq!(answer(&[of(0, 1, 0, 4), of(1, 2, 1, 4), of(2, 3, 0, 8), of(3, 3, 1, 8)]), Some((1, 8)));
    }

    #[test]
    fn many_counts_in_words_are_left_open() {
        assert_eq!(answer(&[count(0, 0, 2, 0, false), count(1, 1, 3, 300, false), count(2, 0, 4, 600, false)]), None);
    }
}
