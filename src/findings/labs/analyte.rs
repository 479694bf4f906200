//! Analytes as the lexicon describes them, and what a value means in a unit: canonical value, code, plausibility, reference.

use std::collections::HashMap;

use serde::Deserialize;

use super::check::mistake;
use crate::document::Sex;
use crate::error::Result;
use crate::findings::lab::Quantity;
use crate::findings::quantity::Units;
use crate::lexicon::{ClassId, Lexicon};

/// A unit of an analyte.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct RawUnit {
    pub ucum: String,
    /// Multiplies a value in this unit into the canonical one; 0 where no fixed factor exists.
    pub factor: f64,
    #[serde(default)]
    pub loinc: Option<String>,
    #[serde(default)]
    loinc_status: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct RawReference {
    #[serde(default)]
    sex: Option<Sex>,
    #[serde(default)]
    pub low: Option<f64>,
    #[serde(default)]
    pub high: Option<f64>,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct RawQualitative {
    pub loinc: String,
    loinc_status: String,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Attributes {
    #[serde(default)]
    pub canonical: Option<String>,
    #[serde(default)]
    pub units: Vec<RawUnit>,
    #[serde(default)]
    pub reference: Vec<RawReference>,
    #[serde(default)]
    reference_source: Option<String>,
    #[serde(default)]
    pub plausible: Option<[f64; 2]>,
    #[serde(default)]
    pub qualitative: Option<RawQualitative>,
    specimen: String,
    #[serde(default)]
    alternatives: Vec<String>,
    #[serde(default)]
    exclude: Vec<String>,
    #[serde(default)]
    pub weak: Vec<String>,
    #[serde(default)]
    pub strict: Vec<String>,
    #[serde(default)]
    bare_below: Option<f64>,
    #[serde(default)]
    stain: bool,
    #[serde(default)]
    pair: Vec<String>,
}

/// One analyte.
#[derive(Debug)]
pub(super) struct Analyte {
    pub id: String,
    pub specimen: String,
    /// Analytes that share its names; the unit decides.
    pub alternatives: Vec<usize>,
    /// Words that make an adjacent name another thing.
    pub exclude: Vec<String>,
    /// Names that mean too many things to stand without a unit.
    pub weak: Vec<String>,
    /// Of these, names that need a unit even beside other results.
    pub strict: Vec<String>,
    /// Without a unit, a smaller value is the count that shares the name, not the percentage.
    pub bare_below: Option<f64>,
    /// The two analytes whose ratio it is, where two values behind its name are theirs.
    pub pair: Vec<usize>,
    /// Also a stain of immunohistochemistry.
    pub stain: bool,
    /// Qualitative only: no unit.
    pub qualitative: bool,
    qualitative_loinc: Option<String>,
    canonical: String,
    units: Vec<AnalyteUnit>,
    reference: Vec<RawReference>,
    /// Whether the lexicon's range may flag: its source is not memory.
    may_flag: bool,
    plausible: Option<[f64; 2]>,
}

#[derive(Debug)]
struct AnalyteUnit {
    unit: usize,
    factor: f64,
    loinc: Option<String>,
}

/// What a value means.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Meaning {
    pub canonical: Option<Quantity>,
    pub loinc: Option<String>,
    pub plausible: bool,
    /// The analyte's own unit of the same size, which may be another code for the same spelling (U and IU).
    pub unit: usize,
    /// Multiplies the value as written into the canonical unit.
    pub factor: Option<f64>,
}

/// All analytes of a lexicon, in the order of its entries.
#[derive(Debug)]
pub(super) struct Analytes {
    pub class: ClassId,
    list: Vec<Analyte>,
}

impl Analytes {
    pub(super) fn new(lexicon: &Lexicon, units: &Units) -> Result<Self> {
        let class = lexicon.class("analyte")?;
        let vocabulary = lexicon.vocabulary(class);
        let attributes: Vec<Attributes> = vocabulary.attributes()?;
        let index: HashMap<&str, usize> = vocabulary.entries.iter().enumerate().map(|(index, entry)| (entry.id(), index)).collect();
        let mut list = Vec::new();
        for (number, (entry, raw)) in vocabulary.entries.iter().zip(attributes).enumerate() {
            let fail = |what: String| vocabulary.error(number, format!("analyte `{}`: {what}", entry.id()));
            if let Some(what) = mistake(entry, &raw, units) {
                return Err(fail(what));
            }
            let mut own = Vec::new();
            for unit in &raw.units {
                let Some(known) = units.by_code(&unit.ucum) else { continue };
                let verified = matches!(unit.loinc_status.as_deref(), Some("name" | "unit"));
                own.push(AnalyteUnit { unit: known, factor: unit.factor, loinc: unit.loinc.clone().filter(|_| verified) });
            }
            let mut alternatives = Vec::new();
            for id in &raw.alternatives {
                alternatives.push(*index.get(id.as_str()).ok_or_else(|| fail(format!("alternative `{id}`; expected the id of an analyte")))?);
            }
            let mut pair = Vec::new();
            for id in &raw.pair {
                pair.push(*index.get(id.as_str()).ok_or_else(|| fail(format!("pair `{id}`; expected the id of an analyte")))?);
            }
            list.push(Analyte {
                id: entry.id().to_string(),
                specimen: raw.specimen,
                alternatives,
                exclude: raw.exclude,
                weak: raw.weak,
                strict: raw.strict,
                bare_below: raw.bare_below,
                pair,
                stain: raw.stain,
                qualitative: raw.qualitative.is_some(),
                qualitative_loinc: raw.qualitative.filter(|code| matches!(code.loinc_status.as_str(), "name" | "unit")).map(|code| code.loinc),
                canonical: raw.canonical.unwrap_or_default(),
                units: own,
                may_flag: raw.reference_source.as_deref().is_some_and(|source| source != "memory"),
                reference: raw.reference,
                plausible: raw.plausible,
            });
        }
        Ok(Self { class, list })
    }

    pub(super) fn get(&self, index: usize) -> &Analyte {
        &self.list[index]
    }

    pub(super) fn position(&self, id: &str) -> Option<usize> {
        self.list.iter().position(|analyte| analyte.id == id)
    }

    pub(super) fn by_loinc(&self, loinc: &str) -> Option<usize> {
        self.list
            .iter()
            .position(|analyte| analyte.qualitative_loinc.as_deref() == Some(loinc) || analyte.units.iter().any(|unit| unit.loinc.as_deref() == Some(loinc)))
    }
}

impl Analyte {
    /// Whether it is measured in units of the same family.
    pub(super) fn measures(&self, units: &Units, unit: usize) -> bool {
        let family = &units.get(unit).family;
        self.units.iter().any(|own| units.get(own.unit).family == *family)
    }

    /// Whether its results are printed in this very unit.
    pub(super) fn is_printed_in(&self, unit: usize) -> bool {
        self.units.iter().any(|own| own.unit == unit)
    }

    /// What a value in a unit means.
    pub(super) fn meaning(&self, units: &Units, unit: usize, value: f64) -> Meaning {
        let seen = units.get(unit);
        let family = |own: &&AnalyteUnit| units.get(own.unit).family == seen.family;
        let same_size = |own: &&AnalyteUnit| (units.get(own.unit).scale / seen.scale - 1.0).abs() < 1e-9;
        let own = self
            .units
            .iter()
            .find(|own| own.unit == unit)
            .or_else(|| self.units.iter().find(|own| family(own) && same_size(own)))
            .or_else(|| self.units.iter().find(family));
        let Some(own) = own else { return Meaning { canonical: None, loinc: None, plausible: true, unit, factor: None } };
        if own.factor <= 0.0 {
            return Meaning { canonical: None, loinc: None, plausible: true, unit, factor: None };
        }
        let same = if (units.get(own.unit).scale - seen.scale).abs() < f64::EPSILON * seen.scale { own.unit } else { unit };
        let factor = own.factor * seen.scale / units.get(own.unit).scale;
        let converted = round(value * factor);
        let plausible = self.is_plausible(converted);
        Meaning {
            canonical: Some(Quantity { value: converted, ucum: self.canonical.clone() }),
            loinc: own.loinc.clone().filter(|_| plausible),
            plausible,
            unit: same,
            factor: Some(factor),
        }
    }

    /// Whether a living person can have this value, in the canonical unit.
    pub(super) fn is_plausible(&self, canonical: f64) -> bool {
        self.plausible.is_none_or(|[low, high]| (low..=high).contains(&canonical))
    }

    /// Whether it is an antigen or antibody of the blood that is there or not.
    pub(super) fn is_serology(&self) -> bool {
        self.qualitative && self.specimen == "blood"
    }

    /// Whether it is a share.
    pub(super) fn is_fraction(&self) -> bool {
        self.canonical == "%"
    }

    /// Whether it is a number of cells, and which analyte is their share.
    pub(super) fn share(&self, analytes: &Analytes) -> Option<usize> {
        (self.canonical == "10*9/L").then(|| self.alternatives.iter().copied().find(|other| analytes.get(*other).canonical == "%"))?
    }

    /// Whether it is a share or a number of cells.
    pub(super) fn is_counted(&self) -> bool {
        matches!(self.canonical.as_str(), "%" | "10*9/L" | "10*12/L")
    }

    /// Whether a value without a unit can be one of this analyte in some unit it is measured in.
    pub(super) fn can_be(&self, units: &Units, value: f64) -> bool {
        let per_microliter =
            self.is_counted() && (value >= 500.0 || !self.is_plausible(value)) && self.canonical == "10*9/L" && self.is_plausible(value / 1000.0);
        per_microliter || self.units.iter().any(|own| own.factor > 0.0 && self.is_plausible(value * own.factor) && units.get(own.unit).scale > 0.0)
    }

    /// LOINC of a qualitative result.
    pub(super) fn qualitative_loinc(&self) -> Option<String> {
        self.qualitative_loinc.clone()
    }

    /// The lexicon's reference interval in the canonical unit, and whether it may flag an adult of this sex.
    pub(super) fn reference(&self, sex: Option<Sex>, age_years: Option<f64>) -> Option<([Option<f64>; 2], bool)> {
        let range = match self.reference.as_slice() {
            [] => return None,
            [one] if one.sex.is_none() => one,
            many => many.iter().find(|range| range.sex.is_some() && range.sex == sex)?,
        };
        let adult = age_years.is_some_and(|age| age >= 18.0);
        Some(([range.low, range.high], self.may_flag && adult))
    }
}

/// Ten significant digits: what a factor adds beyond them is noise.
fn round(value: f64) -> f64 {
    format!("{value:.9e}").parse().unwrap_or(value)
}
