//! How much a section of a report counts for the final word on the tumour: diagnosis before microscopy, gross description,
//! frozen section and history, an addendum before what it amends.

/// Weight of a section kind for the final word on a tumour.
pub(super) fn section_weight(kind: &str) -> u8 {
    match kind {
        "addendum" => 9,
        "diagnosis" | "synoptic" => 8,
        "body" | "admission-diagnosis" | "molecular" | "ihc" | "special-stain" | "imaging" => 7,
        "comment" | "specimen" | "procedure" | "auxiliary" | "treatment" => 6,
        "microscopic" => 5,
        "gross" => 4,
        "frozen" => 3,
        "header" | "signature" => 2,
        "history" => 1,
        _ => 5,
    }
}
