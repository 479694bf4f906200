//! Names in a list of stains that the lexicon does not know: `positive for CK7, an unknown stain and TTF-1`. They break no list.

use super::{Role, Stains};
use crate::lexicon::Hit;
use crate::reading::Reading;
use crate::span::Span;

/// Bytes of a name that is not known.
const NAME: usize = 24;

impl Stains {
    /// Whether nothing but a name between commas stands between two markers.
    pub(super) fn over_unknown(&self, reading: &Reading<'_>, last: &Hit, next: &Hit) -> bool {
        let gap = Span::new(last.end as usize, next.start as usize);
        let text = gap.of(reading.text());
        gap.len() <= NAME + 8 && text.is_ascii() && text.trim_start().starts_with(',') && self.unknown_names(reading, gap)
    }

    /// Whether a stretch before a marker holds only names between commas, none of them a tumour or a word of a result.
    pub(super) fn unknown_names(&self, reading: &Reading<'_>, gap: Span) -> bool {
        let text = gap.of(reading.text());
        let trimmed = text.trim_end();
        let body = ["and", "or"].iter().find_map(|word| trimmed.strip_suffix(word)).map_or(trimmed, str::trim_end);
        if !text.is_ascii() || text.contains([':', ';', '(', ')', '%', '+']) || !(body.ends_with(',') || body.len() < trimmed.len()) {
            return false;
        }
        let names = body.split(',').map(str::trim).filter(|name| !name.is_empty());
        let said = reading.hits.within(self.words.class, gap).iter().any(|hit| self.words.roles[hit.entry as usize] != Role::Filler || hit.span().len() > 3);
        !said
            && reading.hits.within(self.things, gap).is_empty()
            && names.clone().count() > 0
            && names.into_iter().all(|name| name.len() <= NAME && name.split_whitespace().count() <= 3 && !name.ends_with('.'))
    }
}

/// The block that a stain was done on, between its name and its result: `Desmin B8 Negative`.
pub(super) fn block(reading: &Reading<'_>, at: usize) -> Option<usize> {
    let bytes = reading.text().as_bytes();
    let digits = bytes.get(at + 1..)?.iter().take(3).take_while(|byte| byte.is_ascii_digit()).count();
    let end = at + 1 + digits;
    let whole = bytes[at].is_ascii_alphabetic() && matches!(digits, 1 | 2) && bytes.get(end) == Some(&b' ') && reading.is_upper(at);
    whole.then_some(end + 1)
}
