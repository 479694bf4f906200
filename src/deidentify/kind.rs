//! The kinds of identifiers, each with the tag that replaces it and the kinds of two laws that it answers.
//! `docs/identifiers.md` is written from this table and a test holds them together.

/// A kind of identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kind {
    /// As written out.
    pub name: &'static str,
    /// What `tag` puts in its place.
    pub tag: &'static str,
    /// The letter of the eighteen kinds of 45 CFR 164.514(b)(2)(i).
    pub hipaa: &'static str,
}

/// All kinds, in the order in which one of two that overlap is kept.
pub const KINDS: &[Kind] = &[
    Kind { name: "id-card", tag: "[ID-CARD]", hipaa: "R" },
    Kind { name: "ssn", tag: "[SSN]", hipaa: "G" },
    Kind { name: "medical-record", tag: "[MRN]", hipaa: "H" },
    Kind { name: "insurance", tag: "[INSURANCE]", hipaa: "I" },
    Kind { name: "account", tag: "[ACCOUNT]", hipaa: "J" },
    Kind { name: "bank-card", tag: "[CARD]", hipaa: "J" },
    Kind { name: "licence", tag: "[LICENCE]", hipaa: "K" },
    Kind { name: "plate", tag: "[PLATE]", hipaa: "L" },
    Kind { name: "device", tag: "[DEVICE]", hipaa: "M" },
    Kind { name: "passport", tag: "[PASSPORT]", hipaa: "R" },
    Kind { name: "email", tag: "[EMAIL]", hipaa: "F" },
    Kind { name: "url", tag: "[URL]", hipaa: "N" },
    Kind { name: "ip", tag: "[IP]", hipaa: "O" },
    Kind { name: "fax", tag: "[FAX]", hipaa: "E" },
    Kind { name: "phone", tag: "[PHONE]", hipaa: "D" },
    Kind { name: "social-media", tag: "[HANDLE]", hipaa: "R" },
    Kind { name: "accession", tag: "[ACCESSION]", hipaa: "R" },
    Kind { name: "bed", tag: "[BED]", hipaa: "R" },
    Kind { name: "id", tag: "[ID]", hipaa: "R" },
    Kind { name: "date", tag: "[DATE]", hipaa: "C" },
    Kind { name: "age", tag: "[AGE]", hipaa: "C" },
    Kind { name: "address", tag: "[ADDRESS]", hipaa: "B" },
    Kind { name: "postcode", tag: "[POSTCODE]", hipaa: "B" },
    Kind { name: "hospital", tag: "[HOSPITAL]", hipaa: "B" },
    Kind { name: "department", tag: "[DEPARTMENT]", hipaa: "B" },
    Kind { name: "place", tag: "[PLACE]", hipaa: "B" },
    Kind { name: "name", tag: "[NAME]", hipaa: "A" },
];

/// The name of a kind as this table holds it.
pub fn known(name: &str) -> Option<&'static str> {
    KINDS.iter().find(|kind| kind.name == name).map(|kind| kind.name)
}

/// What replaces a kind.
pub fn tag(name: &str) -> &'static str {
    KINDS.iter().find(|kind| kind.name == name).map_or("[REMOVED]", |kind| kind.tag)
}

/// The place of a kind in the table.
pub fn rank(name: &str) -> usize {
    KINDS.iter().position(|kind| kind.name == name).unwrap_or(KINDS.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documentation_has_every_kind() {
        let page = include_str!("../../docs/identifiers.md");
        for kind in KINDS {
            assert!(page.contains(&format!("| `{}` | `{}` | {} |", kind.name, kind.tag, kind.hipaa)), "{}", kind.name);
        }
        let letters: std::collections::BTreeSet<&str> = KINDS.iter().map(|kind| kind.hipaa).collect();
        let text: Vec<&str> = "A B C D E F G H I J K L M N O R".split(' ').collect();
        assert_eq!(letters.into_iter().collect::<Vec<_>>(), text, "all of the eighteen that a text can hold");
    }
}
