//! What is wrong with an analyte of the lexicon, said as `what; expected …, found …`: the caller adds file and line.

use super::analyte::Attributes;
use crate::findings::quantity::Units;
use crate::fold::folded;
use crate::lexicon::Entry;

/// The first mistake of an entry.
pub(super) fn mistake(entry: &Entry, raw: &Attributes, units: &Units) -> Option<String> {
    for unit in &raw.units {
        if units.by_code(&unit.ucum).is_none() {
            return Some(format!("unit; expected one of units.toml, found `{}`", unit.ucum));
        }
        if !unit.factor.is_finite() || unit.factor < 0.0 {
            return Some(format!("`factor` of `{}`; expected a number from 0 on, found {}", unit.ucum, unit.factor));
        }
    }
    match (&raw.canonical, &raw.qualitative) {
        (None, None) => return Some("expected `canonical` and `units`, or `qualitative`, found neither".into()),
        (Some(_), None) if raw.units.is_empty() => return Some("`units`; expected at least one, found none".into()),
        (Some(canonical), _) if !raw.units.iter().any(|unit| unit.ucum == *canonical) => {
            return Some(format!("`canonical`; expected one of its units, found `{canonical}`"));
        }
        _ => {}
    }
    let mut codes = raw.units.iter().filter_map(|unit| unit.loinc.as_deref()).chain(raw.qualitative.as_ref().map(|code| code.loinc.as_str()));
    if let Some(code) = codes.find(|code| !has_check_digit(code)) {
        return Some(format!("`loinc`; expected a code with its check digit, found `{code}`"));
    }
    if let Some([low, high]) = raw.plausible.filter(|[low, high]| low.partial_cmp(high).is_none_or(std::cmp::Ordering::is_gt)) {
        return Some(format!("`plausible`; expected the lower end first, found {low}, {high}"));
    }
    let upside_down =
        raw.reference.iter().filter_map(|range| range.low.zip(range.high)).find(|(low, high)| low.partial_cmp(high).is_none_or(std::cmp::Ordering::is_gt));
    if let Some((low, high)) = upside_down {
        return Some(format!("`reference`; expected the lower end first, found {low}, {high}"));
    }
    let named = |word: &&String| !entry.forms().any(|form| folded(form) == word.as_str());
    raw.weak.iter().chain(&raw.strict).find(named).map(|word| format!("`weak` or `strict`; expected one of its names, found `{word}`"))
}

/// Whether the last digit of a LOINC code is its check digit: modulo 10, every other digit from the right doubled.
fn has_check_digit(code: &str) -> bool {
    let Some((number, digit)) = code.split_once('-') else { return false };
    if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return false;
    }
    let doubled = number.bytes().rev().enumerate().map(|(place, byte)| {
        let value = u32::from(byte - b'0');
        if place % 2 == 0 { (value * 2) / 10 + (value * 2) % 10 } else { value }
    });
    digit.parse() == Ok((10 - doubled.sum::<u32>() % 10) % 10)
}
