//! What is said behind a number of nodes: how many of them hold tumour (`three lymph nodes, one with metastasis`), and whether the number
//! counts nodes at all or is the label of a specimen.

use super::count::leading;

/// Words that may stand behind a share before what is said of it.
const LINKS: [&str; 12] = [" of which", " of them", " of these", " with ", " contain", " show", " demonstrat", " is ", " are ", " was ", " were ", " positive"];

/// `four of which are`, `one with`, `none of which`: the share of a number that a clause behind it speaks of.
pub(super) fn share_of(clause: &str, total: u32) -> Option<u32> {
    for (at, _) in
        clause.char_indices().filter(|(at, character)| character.is_ascii_alphanumeric() && (*at == 0 || clause[..*at].ends_with([' ', ',', '(', '-'])))
    {
        let rest = &clause[at..];
        if ["none of which", "neither of which", "none of them", "none of these"].iter().any(|word| rest.starts_with(word)) {
            return Some(0);
        }
        if let Some((value, length)) = leading(rest)
            && (1..=total).contains(&value)
            && LINKS.iter().any(|link| rest[length..].starts_with(link))
        {
            return Some(value);
        }
    }
    None
}

/// Whether a number is the label of a specimen or a station (`3) lymph nodes, right`, `7, lymph node, excision`), or stands in the field above.
pub(super) fn is_label(before: &str, gap: &str) -> bool {
    let bracket = gap.starts_with(')') && !before.trim_end().ends_with('(');
    bracket || gap.trim_start_matches(' ').starts_with(", lymph") || gap.contains("largest")
}
