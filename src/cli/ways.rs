//! From what was typed of features and imbalance to changed ways to train.

use anyhow::bail;

use super::args::{Ways, Weigh};
use crate::features::{Block, Imputation, Part, Weighting};
use crate::models::balance::Resampling;
use crate::models::train::Candidate;

/// Blocks asked for by name.
///
/// # Errors
/// A name that no block has.
pub fn blocks(ways: &Ways) -> anyhow::Result<Vec<Block>> {
    let by_name = |name: &String| match Block::by_name(name) {
        Some(block) => Ok(block),
        None => bail!("--blocks: expected some of {}, found `{name}`", Block::ALL.map(Block::name).join(", ")),
    };
    ways.blocks.iter().map(by_name).collect()
}

/// The ways to train with what was asked for in place of their own settings; equals once.
///
/// # Errors
/// A name that no block has, or a setting out of range.
pub fn changed(candidates: Vec<Candidate>, ways: &Ways) -> anyhow::Result<Vec<Candidate>> {
    let blocks = blocks(ways)?;
    if ways.latent == Some(0) || ways.keep == Some(0) {
        bail!("--latent, --keep: expected at least 1, found 0");
    }
    if let Some(balance) = ways.balance.filter(|balance| !(0.0..=1.0).contains(balance)) {
        bail!("--balance: expected a number from 0 to 1, found {balance}");
    }
    let mut out: Vec<Candidate> = Vec::new();
    for mut candidate in candidates {
        let recipe = &mut candidate.recipe;
        if !blocks.is_empty() {
            recipe.parts = only(&recipe.parts, &blocks, recipe.weighting);
            recipe.name = ways.blocks.join("+");
            // Views count parts, which are now others.
            recipe.views.clear();
        }
        if let Some(keep) = ways.keep {
            recipe.parts.iter_mut().for_each(|part| part.keep = Some(keep));
            recipe.name.push_str(&format!("-{keep}"));
        }
        recipe.min_groups = ways.min_groups.unwrap_or(recipe.min_groups);
        recipe.min_reports = ways.min_reports.unwrap_or(recipe.min_reports);
        if let Some(imputation) = ways.imputation {
            recipe.imputation = imputation;
        }
        if let Some(dimensions) = ways.latent {
            recipe.latent = Some(dimensions);
            recipe.name.push_str(&format!("-latent-{dimensions}"));
        }
        candidate.balance = ways.balance.unwrap_or(candidate.balance);
        candidate.group_balance = if ways.group_balance { 1.0 } else { candidate.group_balance };
        candidate.resampling = match ways.resample {
            None => candidate.resampling,
            Some(Weigh::Over) => Resampling::Over,
            Some(Weigh::Under) => Resampling::Under,
        };
        if !out.contains(&candidate) {
            out.push(candidate);
        }
    }
    Ok(out)
}

/// Parts of the blocks asked for only. A block that no part has joins as a part of its own, with as many terms as the first part keeps.
fn only(parts: &[Part], blocks: &[Block], weighting: Weighting) -> Vec<Part> {
    let mut own: Vec<Part> = parts
        .iter()
        .map(|part| Part { blocks: part.blocks.iter().copied().filter(|block| blocks.contains(block)).collect(), ..part.clone() })
        .filter(|part| !part.blocks.is_empty())
        .collect();
    let missing: Vec<Block> = blocks.iter().copied().filter(|block| !parts.iter().any(|part| part.blocks.contains(block))).collect();
    if !missing.is_empty() {
        let keep = if weighting == Weighting::TfIdf { None } else { parts.first().and_then(|part| part.keep) };
        own.push(Part::new(missing, keep));
    }
    // Columns were asked for by name.
    if !blocks.contains(&Block::Column) {
        own.push(Part::new(vec![Block::Column], None));
    }
    own
}

/// The name of an imputation.
///
/// # Errors
/// A name that none has.
pub fn imputation(name: &str) -> Result<Imputation, String> {
    serde_json::from_value(serde_json::Value::String(name.into())).map_err(|_| "expected drop, mean, median, min, max or predicted".to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::Recipe;

    fn ways() -> Ways {
        Ways {
            blocks: Vec::new(),
            keep: None,
            min_reports: None,
            min_groups: None,
            imputation: None,
            latent: None,
            balance: None,
            group_balance: false,
            resample: None,
        }
    }

    fn usual() -> Vec<Candidate> {
        let of = |recipe| Candidate { recipe, kind: "svm".into(), strength: 1.0, balance: 0.0, group_balance: 0.0, resampling: Resampling::None };
        vec![of(Recipe::few(10, 10)), of(Recipe::many(None)), of(Recipe::few(20, 10))]
    }

    #[test]
    fn nothing_asked_changes_nothing_and_blocks_asked_are_the_only_ones() {
        assert_eq!(changed(usual(), &ways()).unwrap(), usual());
        let found = changed(usual(), &Ways { blocks: vec!["word".into(), "subword".into()], ..ways() }).unwrap();
        assert!(found.iter().all(|way| way.recipe.blocks() == [Block::Word, Block::Subword, Block::Column]), "{found:?}");
        assert!(changed(usual(), &Ways { blocks: vec!["wrod".into()], ..ways() }).unwrap_err().to_string().contains("expected some of word"));
    }

    #[test]
    fn what_is_asked_of_imbalance_and_dimensions_is_in_every_way() {
        let asked =
            Ways { latent: Some(7), resample: Some(Weigh::Under), group_balance: true, balance: Some(1.0), imputation: Some(Imputation::Predicted), ..ways() };
        for way in changed(usual(), &asked).unwrap() {
            assert_eq!((way.recipe.latent, way.resampling, way.group_balance, way.balance), (Some(7), Resampling::Under, 1.0, 1.0));
            assert_eq!(way.recipe.imputation, Imputation::Predicted);
        }
        assert!(changed(usual(), &Ways { balance: Some(2.0), ..ways() }).is_err());
        assert_eq!(imputation("predicted"), Ok(Imputation::Predicted));
        assert!(imputation("guess").is_err());
    }
}
