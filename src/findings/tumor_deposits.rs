//! Tumour deposits with their status and, where one is written, their number.

use super::assertion::Assertions;
use super::detail::TumorDeposits;
use super::status::{Status, Statuses};
use super::{Detail, Finder, Finding, Reading};
use crate::error::Result;
use crate::lexicon::{ClassId, Lexicon};
use crate::span::Span;

/// Finds tumour deposits.
#[derive(Debug)]
pub struct Deposits {
    class: ClassId,
    statuses: Statuses,
    assertions: Assertions,
}

impl Deposits {
    /// Takes the class `deposit`, statuses and cues.
    ///
    /// # Errors
    /// Where one is missing.
    pub fn new(lexicon: &Lexicon) -> Result<Self> {
        Ok(Self { class: lexicon.class("deposit")?, statuses: Statuses::new(lexicon)?, assertions: Assertions::new(lexicon)? })
    }
}

/// The number right behind a name: `癌结节2枚`, `tumor deposits: 3`.
fn number_behind(text: &str, end: usize) -> Option<(u32, usize)> {
    let rest = text.get(end..)?;
    let digits = rest.trim_start_matches([' ', ':', '(']);
    let skipped = rest.len() - digits.len();
    let length = digits.bytes().take_while(u8::is_ascii_digit).count();
    let clean = skipped <= 3 && (1..=2).contains(&length) && !digits[length..].starts_with(['/', 'x', '*']);
    if clean { digits[..length].parse().ok().map(|count| (count, end + skipped + length)) } else { None }
}

impl Finder for Deposits {
    fn find(&self, reading: &Reading<'_>, out: &mut Vec<Finding>) {
        for hit in reading.of(self.class) {
            let at = hit.span();
            let (status, count, span) = match number_behind(reading.text(), at.end) {
                Some((count, end)) => (if count == 0 { Status::Absent } else { Status::Present }, Some(count), Span::new(at.start, end)),
                None => match self.statuses.of(reading, &self.assertions, at) {
                    Some((status, span)) => (status, None, span),
                    None => continue,
                },
            };
            // A deposit that is only suspected is left to the assertion of the words.
            let (Status::Present | Status::Absent) = status else { continue };
            let Some(name) = status.name() else { continue };
            let assertion = self.assertions.assess(reading, at);
            out.push(Finding::stated(reading, Detail::TumorDeposits(TumorDeposits { count, status: name.into() }), assertion, span));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;
    use crate::reading::Reader;

    #[test]
    fn deposits_with_number_or_status() {
        let lexicon = Lexicon::embedded().unwrap();
        let finder = Deposits::new(&lexicon).unwrap();
        for (text, status, count) in [("另见癌结节2枚。", "present", Some(2)), ("Tumor deposits: not identified", "absent", None)] {
            let document = Document { text: text.into(), ..Document::default() };
            let reading = Reader::new(&lexicon).unwrap().read(&lexicon, &document);
            let mut out = Vec::new();
            finder.find(&reading, &mut out);
            let Some(Detail::TumorDeposits(deposits)) = out.first().map(|finding| &finding.detail) else { panic!("{text}: nothing found") };
            assert_eq!((deposits.status.as_str(), deposits.count), (status, count), "{text}");
        }
    }
}
