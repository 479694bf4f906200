//! Tables of staging rules as the lexicon has them: rows for some organs, or for all where an entry names none. The checks hold what is
//! stated against them, the summary derives from them.

use crate::error::Result;
use crate::lexicon::Vocabulary;

#[derive(Debug)]
pub(in crate::findings) struct Table<T> {
    /// First three characters of topographies; none where the rows hold for every organ without a table of its own.
    organs: Vec<String>,
    pub rows: Vec<T>,
}

/// A category and the least and greatest value that go with it.
#[derive(Debug)]
pub(in crate::findings) struct Range {
    pub category: String,
    pub least: f64,
    pub most: f64,
}

/// The tables of a vocabulary, each row read by `row`.
///
/// # Errors
/// Where a row is not well-formed.
pub(in crate::findings) fn tables<T>(vocabulary: &Vocabulary, row: fn(&str) -> Option<T>) -> Result<Vec<Table<T>>> {
    vocabulary
        .entries
        .iter()
        .enumerate()
        .map(|(index, entry)| {
            let read = |text| row(text).ok_or_else(|| vocabulary.error(index, format!("entry `{}`: row `{text}` is not well-formed", entry.id())));
            let rows = entry.list("rows").map(read).collect::<Result<Vec<T>>>()?;
            Ok(Table { organs: entry.list("organs").map(str::to_string).collect(), rows })
        })
        .collect()
}

/// The table of an organ.
pub(in crate::findings) fn of<'a, T>(tables: &'a [Table<T>], organ: &str) -> Option<&'a Table<T>> {
    tables.iter().find(|table| table.organs.iter().any(|known| known == organ))
}

/// The table of all organs that have none of their own.
pub(in crate::findings) fn of_all<T>(tables: &[Table<T>]) -> Option<&Table<T>> {
    tables.iter().find(|table| table.organs.is_empty())
}

/// `N1 1 3`, `T3 50 -`.
pub(in crate::findings) fn range(text: &str) -> Option<Range> {
    let mut parts = text.split_whitespace();
    let category = parts.next()?.to_string();
    let least = parts.next()?.parse().ok()?;
    let most = match parts.next()? {
        "-" => f64::INFINITY,
        number => number.parse().ok()?,
    };
    Some(Range { category, least, most })
}
