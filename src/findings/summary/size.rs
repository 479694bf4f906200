//! The greatest dimension of the primary tumour: the largest size stated in the final diagnosis, else in microscopy, else in the gross
//! description; in imaging reports the size stated with the primary site.

use super::Summary;
use super::rank::Ranked;
use crate::findings::{Detail, Reading};
use crate::span::Span;

pub(super) fn answer(reading: &Reading<'_>, ranked: &Ranked<'_>, out: &mut Summary) {
    let sizes: Vec<(usize, u8, f64)> =
        ranked.of(|detail| if let Detail::TumorSize(size) = detail { size.dimensions_mm.first().copied() } else { None }).collect();
    let Some(top) = sizes.iter().map(|(_, weight, _)| *weight).max() else { return };
    let site = out.primary_site.as_ref().map(|site| site.text.clone());
    let seated: Vec<&(usize, u8, f64)> =
        site.iter().flat_map(|site| sizes.iter().filter(|(index, ..)| with_site(reading, ranked.findings[*index].span, site))).collect();
    let tier: Vec<&(usize, u8, f64)> = if seated.is_empty() { sizes.iter().filter(|(_, weight, _)| *weight == top).collect() } else { seated };
    let mut best: Option<&(usize, u8, f64)> = None;
    for size in tier {
        if best.is_none_or(|(_, weight, known)| (size.1, size.2) > (*weight, *known)) {
            best = Some(size);
        }
    }
    if let Some((index, _, value)) = best {
        out.tumor_size_mm = Some(*value);
        out.note("tumor_size_mm", [*index]);
    }
}

/// Whether the primary site is named in the Chinese sentence of a size.
fn with_site(reading: &Reading<'_>, span: Span, site: &str) -> bool {
    if site.is_ascii() {
        return false;
    }
    let sentence = reading.to_original(reading.sentence(reading.folded.from_original(span).start));
    sentence.of(&reading.document.text).contains(site)
}
