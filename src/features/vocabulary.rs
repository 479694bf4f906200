//! Terms by number while reports stream in: a report is kept as pairs of numbers, each term's letters once for all reports.
//! The numbers of the corpus are then given in sorted order.

use std::collections::{BTreeMap, HashMap};

use super::{Bag, Block, Corpus, Sample, rare};

/// Terms, names of numbers and patients, in the order they came.
#[derive(Debug, Default)]
pub struct Vocabulary {
    terms: HashMap<Box<str>, u32>,
    numbers: HashMap<Box<str>, u32>,
    patients: HashMap<String, u32>,
}

/// A report by the numbers of a vocabulary.
#[derive(Debug, Clone, Default)]
pub struct Interned {
    terms: Vec<(u32, u32)>,
    numbers: Vec<(u32, f32)>,
    patient: Option<u32>,
}

impl Vocabulary {
    /// Takes in a report. Terms that are written like a number of a person or a report are left out.
    pub fn intern(&mut self, bag: Bag) -> Interned {
        let terms = bag.terms.into_iter().filter(|(term, _)| !is_long_number(term)).map(|(term, count)| (number(&mut self.terms, &term), count)).collect();
        let numbers = bag.numbers.into_iter().map(|(name, value)| (number(&mut self.numbers, &name), value)).collect();
        let next = self.patients.len() as u32;
        Interned { terms, numbers, patient: bag.patient.map(|patient| *self.patients.entry(patient).or_insert(next)) }
    }

    /// Forms of a block with how often they came in the reports, sorted.
    pub fn forms(&self, block: Block, reports: &[&Interned]) -> Vec<(&str, u32)> {
        let mut counts = vec![0u32; self.terms.len()];
        reports.iter().flat_map(|report| &report.terms).for_each(|(term, count)| counts[*term as usize] += count);
        let forms =
            self.terms.iter().filter_map(|(term, id)| Block::of_term(term).filter(|(own, _)| *own == block).map(|(_, form)| (form, counts[*id as usize])));
        let mut forms: Vec<(&str, u32)> = forms.collect();
        forms.sort_unstable();
        forms
    }

    /// Adds terms to the reports that each form of a block gives, counted as the form is.
    pub fn derive(&mut self, block: Block, reports: &mut [&mut Interned], of_form: impl Fn(&str) -> Vec<String>) {
        let mut forms: Vec<(Box<str>, u32)> =
            self.terms.iter().filter(|(term, _)| Block::of_term(term).is_some_and(|(own, _)| own == block)).map(|(term, id)| (term.clone(), *id)).collect();
        forms.sort_unstable();
        let mut derived: HashMap<u32, Vec<u32>> = HashMap::new();
        for (term, id) in forms {
            let own = Block::of_term(&term).map(|(_, form)| of_form(form)).unwrap_or_default();
            derived.insert(id, own.iter().map(|term| number(&mut self.terms, term)).collect());
        }
        for report in reports {
            let mut sums: BTreeMap<u32, u32> = BTreeMap::new();
            for (term, count) in &report.terms {
                derived.get(term).into_iter().flatten().for_each(|new| *sums.entry(*new).or_insert(0) += count);
            }
            report.terms.extend(sums);
        }
    }

    /// The corpus of reports, in the order given. Left out at once are terms that fewer than `min_reports` reports hold or that one patient
    /// alone has in several reports: a model must not carry what names anybody.
    pub fn corpus(self, interned: Vec<Interned>, min_reports: u32) -> Corpus {
        let mut seen = vec![Seen::default(); self.terms.len()];
        let mut unknown = u32::MAX;
        for report in &interned {
            // A report that does not say its patient is of a patient of its own.
            let patient = report.patient.unwrap_or_else(|| {
                unknown -= 1;
                unknown
            });
            report.terms.iter().for_each(|(term, _)| seen[*term as usize].by(patient));
        }
        let names = |seen: &Seen| seen.reports > 1 && !seen.several;
        let (mut sorted, mut seldom): (Vec<(Box<str>, u32)>, HashMap<u32, (Block, Option<u32>)>) = (Vec::new(), HashMap::new());
        for (term, id) in self.terms {
            let own = &seen[id as usize];
            if own.reports >= min_reports && !names(own) {
                sorted.push((term, id));
            } else if own.reports > 0 {
                seldom.extend(Block::of_term(&term).map(|(block, form)| (id, (block, rare(block, form)))));
            }
        }
        sorted.retain(|(_, id)| seen[*id as usize].reports > 0);
        sorted.sort_unstable();
        let places = places(&sorted, seen.len());
        let mut numbers: Vec<(Box<str>, u32)> = self.numbers.into_iter().collect();
        numbers.sort_unstable();
        let number_places = self::places(&numbers, numbers.len());
        let samples = interned.into_iter().map(|report| {
            let mut sample = Sample::default();
            let mut dropped: BTreeMap<Block, u32> = BTreeMap::new();
            for (id, count) in report.terms {
                match (places[id as usize], seldom.get(&id)) {
                    (u32::MAX, Some((block, hash))) => {
                        sample.rare.extend(hash.map(|hash| (hash, count)));
                        *dropped.entry(*block).or_insert(0) += 1;
                    }
                    (u32::MAX, None) => {}
                    (place, _) => sample.terms.push((place, count)),
                }
            }
            sample.terms.sort_unstable();
            sample.rare.sort_unstable();
            sample.dropped = dropped.into_iter().collect();
            sample.numbers = report.numbers.into_iter().map(|(id, value)| (number_places[id as usize], value)).collect();
            sample.numbers.sort_by_key(|(place, _)| *place);
            sample
        });
        let samples = samples.collect();
        let names = |sorted: Vec<(Box<str>, u32)>| sorted.into_iter().map(|(name, _)| name.into_string()).collect();
        Corpus { terms: names(sorted), numbers: names(numbers), samples }
    }
}

/// In how many reports a term was seen, and whether in those of several patients.
#[derive(Debug, Clone, Copy, Default)]
struct Seen {
    reports: u32,
    first: u32,
    several: bool,
}

impl Seen {
    fn by(&mut self, patient: u32) {
        self.several |= self.reports > 0 && self.first != patient;
        self.first = if self.reports == 0 { patient } else { self.first };
        self.reports += 1;
    }
}

/// The number of a name, a new one where it has none.
fn number(numbers: &mut HashMap<Box<str>, u32>, name: &str) -> u32 {
    if let Some(number) = numbers.get(name) {
        return *number;
    }
    let next = numbers.len() as u32;
    numbers.insert(name.into(), next);
    next
}

/// The place of each number in the sorted order; `u32::MAX` where it has none.
fn places(sorted: &[(Box<str>, u32)], count: usize) -> Vec<u32> {
    let mut places = vec![u32::MAX; count];
    for (place, (_, id)) in (0u32..).zip(sorted) {
        places[*id as usize] = place;
    }
    places
}

/// Five digits in a row: a number of a person, a report or a telephone, and no name of a marker, a stage or a code of the lexicon.
fn is_long_number(term: &str) -> bool {
    let mut run = 0;
    term.bytes().any(|byte| {
        run = if byte.is_ascii_digit() { run + 1 } else { 0 };
        run == 5
    })
}
