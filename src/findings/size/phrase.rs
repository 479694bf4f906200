//! Phrases around a length: the side of a comparison, and the object of a preposition of place.

/// Whether a length is one side of a comparison, as in the definitions of categories: `more than 2 cm`, `> 3 cm`.
pub(super) fn is_threshold(before: &str) -> bool {
    let before = before.trim_end();
    ['>', '<', '≤', '≥'].iter().any(|sign| before.trim_end_matches('=').ends_with(*sign))
        || ["more than", "greater than", "less than", "at least", "exceeding", "within", "up to but not", "not more than"]
            .iter()
            .any(|word| before.ends_with(word))
}

/// Whether a noun is the object of a preposition of place: `in the upper pole of the |kidney`.
pub(super) fn in_place(head: &str) -> bool {
    let mut tail = head.len().saturating_sub(44);
    while !head.is_char_boundary(tail) {
        tail += 1;
    }
    let tail = &head[tail..];
    let Some(at) = [
        " in ",
        " of ",
        " within ",
        " involving ",
        " at ",
        " on ",
        " into ",
        " from ",
        " through ",
        " near ",
        " occupying ",
        " along ",
        " abutting ",
        " to ",
        " between ",
        " under ",
        " replaces ",
        " fills ",
        " replacing ",
        " filling ",
        " occupies ",
        " involves ",
    ]
    .iter()
    .filter_map(|word| tail.rfind(word))
    .max() else {
        return false;
    };
    let phrase = &tail[at + 1..];
    !phrase.contains([',', ';', '.'])
        && phrase.split_whitespace().count() <= 5
        && ![" is ", " are ", " measur", " contains", " with "].iter().any(|word| phrase.contains(word))
}
