//! What a category needs beside it where scanners put letters for digits, or where it stands without prefix.

use super::category::Category;
use crate::findings::cursor::Cursor;
use crate::reading::Reading;

/// Whether a category without prefix may stand alone: no letters read as digits but in a bare `Ni`, no `M 0` without a colon.
pub(super) fn alone(text: &str, category: &Category) -> bool {
    let bare = category.value.len() == 2;
    let marked = text.get(category.letter..category.span.end).is_some_and(|words| words.contains([':', '=']));
    (!category.repaired || (bare && !category.value.starts_with('M'))) && (!category.parted || marked || category.value.starts_with('T'))
}

/// Whether a letter read as a digit may stand behind what was read: `T2 NO MX` and `pT1 pNl`, not `T2 No nodes` or `pT2 Mic…`.
pub(super) fn is_sound(reading: &Reading<'_>, next: &Category, parts: &[Category]) -> bool {
    let zero = next.value.ends_with('0');
    let bare = next.value.len() == 2;
    let upper = reading.is_upper(next.letter) && (!zero || reading.is_upper(next.letter + 1));
    let prefixed = next.prefixed || parts.iter().any(|part| part.prefixed);
    bare && (zero || !next.value.starts_with('M'))
        && (upper || (next.prefixed && reading.is_upper(next.letter)))
        && (prefixed || parts.iter().any(|part| !part.repaired) || parts.len() == 1)
}

/// Whether a letter read as zero is the word of the next statement: `pT3.\n- NO TUMOUR …`.
pub(super) fn is_word(reading: &Reading<'_>, from: usize, next: &Category) -> bool {
    let gap = reading.text().get(from..next.span.start).unwrap_or("");
    let mut cursor = Cursor::new(reading.text(), next.span.end);
    next.value.ends_with('0')
        && !next.prefixed
        && gap.contains(['\n', '.'])
        && cursor.blanks(1) == 1
        && cursor.peek(0).is_ascii_alphabetic()
        && cursor.peek(1).is_ascii_alphabetic()
}
