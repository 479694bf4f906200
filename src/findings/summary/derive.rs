//! Categories that follow from other answers by the organ's rule: N from the number of positive nodes, T from a field of depth, and the
//! part of a stated category that a count, a size or a depth settles (`T1` of 13 mm in the breast is `T1c`).
//!
//! Never against what is stated, never a finding: only the answer, and the summary names it in `derived` with the field it follows from.
//! Rules are tables of the lexicon; an organ without one derives nothing.

use super::Summary;
use super::rank::Ranked;
use super::table::{self, Range, Table, range, tables};
use crate::error::Result;
use crate::findings::{Detail, Reading};
use crate::lexicon::{ClassId, Lexicon};

/// Morphologies that are staged by TNM categories of organs: carcinomas and melanomas.
const STAGED: [std::ops::RangeInclusive<u32>; 2] = [8010..=8589, 8720..=8790];

/// A layer and the category it gives.
#[derive(Debug)]
struct Layer {
    level: String,
    category: String,
}

#[derive(Debug)]
pub(super) struct Derivation {
    nodes: Vec<Table<Range>>,
    sizes: Vec<Table<Range>>,
    depths: Vec<Table<Layer>>,
    small: ClassId,
}

impl Derivation {
    pub(super) fn new(lexicon: &Lexicon) -> Result<Self> {
        let class = |class: &str| Ok(lexicon.vocabulary(lexicon.class(class)?));
        Ok(Self {
            nodes: tables(class("staging.by-nodes")?, range)?,
            sizes: tables(class("staging.by-size")?, range)?,
            depths: tables(class("staging.by-depth")?, layer)?,
            small: lexicon.class("staging.small-deposit")?,
        })
    }

    /// The category of the report's node count by its organ's rule.
    pub(super) fn by_nodes(&self, reading: &Reading<'_>, out: &Summary) -> Option<&str> {
        let (positive, examined) = out.nodes.positive.zip(out.nodes.examined)?;
        if !staged(out) || examined == 0 || positive > examined || (positive > 0 && !reading.of(self.small).is_empty()) {
            return None;
        }
        let organ = organ(out)?;
        let table = table::of(&self.nodes, organ).or_else(|| table::of_all(&self.nodes))?;
        let count = f64::from(positive);
        table.rows.iter().find(|row| row.least <= count && count <= row.most).map(|row| row.category.as_str())
    }

    fn by_size(&self, out: &Summary) -> Option<&str> {
        let size = out.tumor_size_mm?;
        let table = organ(out).and_then(|organ| table::of(&self.sizes, organ))?;
        table.rows.iter().find(|row| row.least < size && size <= row.most).map(|row| row.category.as_str())
    }

    /// The deepest layer that a field of depth gives, where no edition of the rule is open.
    fn by_depth(&self, ranked: &Ranked<'_>, out: &Summary) -> Option<(Vec<usize>, &str)> {
        let table = organ(out).and_then(|organ| table::of(&self.depths, organ))?;
        let fields: Vec<(usize, &str)> = ranked
            .of(|detail| if let Detail::Depth(depth) = detail { depth.level.as_deref().filter(|_| depth.field) } else { None })
            .filter(|(index, ..)| ranked.is_current(*index))
            .map(|(index, _, level)| (index, level))
            .collect();
        let row = table.rows.iter().rev().find(|row| fields.iter().any(|(_, level)| *level == row.level))?;
        // A layer that the rule does not know is perhaps deeper.
        let known = fields.iter().all(|(_, level)| table.rows.iter().any(|row| row.level == *level));
        known.then(|| (fields.iter().map(|(index, _)| *index).collect(), row.category.as_str()))
    }

    /// Fills and completes T and N. Comes when the other answers stand.
    pub(super) fn answer(&self, reading: &Reading<'_>, ranked: &Ranked<'_>, out: &mut Summary) {
        if let Some(n) = self.by_nodes(reading, out).map(str::to_string) {
            let behind = out.from.get("nodes").cloned().unwrap_or_default();
            settle(out, "n", n, "nodes", &behind, true);
        }
        if !staged(out) {
            return;
        }
        if let Some((behind, t)) = self.by_depth(ranked, out) {
            let t = t.to_string();
            settle(out, "t", t, "depth", &behind, true);
        }
        if let Some(t) = self.by_size(out).map(str::to_string) {
            let behind = out.from.get("tumor_size_mm").cloned().unwrap_or_default();
            settle(out, "t", t, "tumor_size_mm", &behind, false);
        }
    }
}

/// Takes a category over an empty answer, where that is allowed, or over the whole that it is a part of.
fn settle(out: &mut Summary, field: &'static str, category: String, basis: &'static str, behind: &[usize], fills: bool) {
    let slot = if field == "t" { &mut out.t } else { &mut out.n };
    let takes = match slot.as_deref() {
        None => fills,
        Some(stated) => stated.len() == 2 && category.len() > 2 && category.starts_with(stated),
    };
    if takes {
        *slot = Some(category);
        out.derived.insert(field, basis);
        let mut all = out.from.get(field).cloned().unwrap_or_default();
        all.extend_from_slice(behind);
        out.note(field, all);
    }
}

fn organ(out: &Summary) -> Option<&str> {
    out.primary_site.as_ref()?.icdo.as_deref()?.get(..3)
}

/// Whether the tumour is a malignant one that the categories are made for.
fn staged(out: &Summary) -> bool {
    let code = out.histology.as_ref().and_then(|histology| histology.icdo.as_deref()).unwrap_or("");
    let number: u32 = code.get(..4).and_then(|digits| digits.parse().ok()).unwrap_or(0);
    code.ends_with("/3") && STAGED.iter().any(|range| range.contains(&number))
}

/// `submucosa T1b`.
fn layer(text: &str) -> Option<Layer> {
    let (level, category) = text.split_once(' ')?;
    Some(Layer { level: level.to_string(), category: category.trim().to_string() })
}
