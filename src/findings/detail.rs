//! The fields of every kind of finding, as they stand in a record. One struct a kind; what is not known is left out.

use serde::Serialize;

/// TNM categories of one contiguous group.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Tnm {
    /// `p`, `yp`, `c`, `yc`, `r`, `rp`, `a` or empty.
    pub prefix: String,
    /// `T3`, `Tis`, `TX`; upper-case letter, lower-case suffix.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub t: Option<String>,
    /// `N1a`, `NX`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub n: Option<String>,
    /// `M0`, `MX`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub m: Option<String>,
    /// `L0`, `L1`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lymphatic: Option<String>,
    /// `V0` to `V2`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub venous: Option<String>,
    /// `Pn0`, `Pn1`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub perineural: Option<String>,
    /// `R0` to `R2`, `RX`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub residual: Option<String>,
    /// Edition of the system, as `AJCC 8`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub edition: Option<String>,
    /// `sn`, `i+`, `mol+`, `mi`, `m`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub suffixes: Vec<String>,
}

/// Stage group.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct StageGroup {
    /// `ajcc`, `figo`, `dukes`, `astler-coller` or `other`.
    pub system: String,
    /// Upper-case Roman numeral with letter (`IIIA`), or `C2`.
    pub stage: String,
}

/// Size of the tumour itself.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct TumorSize {
    /// Longest first.
    pub dimensions_mm: Vec<f64>,
}

/// Counts of lymph nodes.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct LymphNodes {
    /// With metastasis.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub positive: Option<u32>,
    /// Examined.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub examined: Option<u32>,
    /// As written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub station: Option<String>,
}

/// Resection margin.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Margin {
    /// `negative`, `positive`, `close` or `indeterminate`.
    pub status: String,
    /// Distance of the tumour from the margin.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub distance_mm: Option<f64>,
    /// As written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
}

/// Lymphatic or vascular invasion.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Lvi {
    /// `present`, `absent` or `indeterminate`.
    pub status: String,
}

/// Perineural invasion.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Pni {
    /// `present`, `absent` or `indeterminate`.
    pub status: String,
}

/// Extranodal extension.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Ene {
    /// `present`, `absent` or `indeterminate`.
    pub status: String,
}

/// Differentiation.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Differentiation {
    /// `well`, `moderate`, `poor` or `undifferentiated`.
    pub from: String,
    /// The other end of a range.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
}

/// Histological grade.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Grade {
    /// `generic`, `nottingham`, `fuhrman`, `who`, `figo`, `isup` or `other`.
    pub system: String,
    /// `1` to `4`, `2-3`, `low`, `intermediate`, `high`.
    pub grade: String,
    /// Nottingham score.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub score: Option<u32>,
    /// Tubules, nuclei, mitoses.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub components: Option<[u32; 3]>,
}

/// Gleason score.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Gleason {
    /// Primary pattern.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub primary: Option<u32>,
    /// Secondary pattern.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secondary: Option<u32>,
    /// Sum.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub score: Option<u32>,
    /// Only where stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grade_group: Option<u32>,
    /// Tertiary pattern.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tertiary: Option<u32>,
}

/// Immunohistochemical marker.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Ihc {
    /// Canonical, upper case: `ER`, `HER2`, `KI-67`.
    pub marker: String,
    /// `positive`, `negative` or `equivocal`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// `0`, `1+`, `2+`, `3+`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub score: Option<String>,
    /// Share of stained cells, lowest and highest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub percent: Option<[f64; 2]>,
    /// `weak`, `moderate`, `strong`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub intensity: Option<String>,
    /// Cells or pattern, as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub qualifier: Option<String>,
}

/// Histological type.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Histology {
    /// As written.
    pub name: String,
    /// ICD-O-3 morphology assigned here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub icdo: Option<String>,
    /// The code that stands in the text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub icdo_printed: Option<String>,
}

/// Site of the tumour.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct PrimarySite {
    /// As written: the `text` of its place in a record.
    #[serde(skip)]
    pub text: String,
    /// ICD-O-3 topography.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub icdo: Option<String>,
}

/// Side of the tumour's organ.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Laterality {
    /// `left`, `right` or `bilateral`.
    pub value: String,
}

/// Depth of invasion.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Depth {
    /// Layer, an id of the lexicon.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
    /// Where measured.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub depth_mm: Option<f64>,
    /// Whether it is the answer of a field of depth.
    #[serde(skip)]
    pub field: bool,
}

/// Operation or biopsy.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Procedure {
    /// `resection`, `excision`, `biopsy`, `cytology` or `other`.
    pub value: String,
    /// As written.
    pub name: String,
}

/// A specimen of the report.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Specimen {
    /// Letter or number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// As written: the `text` of its place in a record.
    #[serde(skip)]
    pub text: String,
}

/// Tumour deposits.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct TumorDeposits {
    /// How many.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<u32>,
    /// `present` or `absent`.
    pub status: String,
}

/// Distant or nodal metastasis.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Metastasis {
    /// As written.
    pub site: String,
    /// ICD-O-3 topography.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub icdo: Option<String>,
}

/// Mismatch repair.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Mmr {
    /// `proficient` or `deficient`.
    pub status: String,
}

/// Microsatellite instability.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Msi {
    /// `high`, `low` or `stable`.
    pub status: String,
}

/// Gene or rearrangement.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Molecular {
    /// Symbol.
    pub gene: String,
    /// `mutated`, `wild-type`, `amplified`, `not-amplified`, `rearranged`, `not-rearranged`, `positive`, `negative`.
    pub result: String,
    /// As written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variant: Option<String>,
}

/// PD-L1.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Pdl1 {
    /// `cps`, `tps`, `tc` or `ic`.
    pub kind: String,
    /// Lowest and highest.
    pub score: [f64; 2],
}

/// Special stain.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct SpecialStain {
    /// Name.
    pub stain: String,
    /// `positive` or `negative`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
}

/// What was found. `type` names the kind in a record.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Detail {
    /// TNM categories of one contiguous group.
    Tnm(Tnm),
    /// Stage group.
    StageGroup(StageGroup),
    /// Size of the tumour itself.
    TumorSize(TumorSize),
    /// Counts of lymph nodes.
    LymphNodes(LymphNodes),
    /// Resection margin.
    Margin(Margin),
    /// Lymphatic or vascular invasion.
    Lvi(Lvi),
    /// Perineural invasion.
    Pni(Pni),
    /// Extranodal extension.
    Ene(Ene),
    /// Differentiation.
    Differentiation(Differentiation),
    /// Histological grade.
    Grade(Grade),
    /// Gleason score.
    Gleason(Gleason),
    /// Immunohistochemical marker.
    Ihc(Ihc),
    /// Histological type.
    Histology(Histology),
    /// Site of the tumour.
    PrimarySite(PrimarySite),
    /// Side of the tumour's organ.
    Laterality(Laterality),
    /// Depth of invasion.
    Depth(Depth),
    /// Operation or biopsy.
    Procedure(Procedure),
    /// A specimen of the report.
    Specimen(Specimen),
    /// Tumour deposits.
    TumorDeposits(TumorDeposits),
    /// Distant or nodal metastasis.
    Metastasis(Metastasis),
    /// Mismatch repair.
    Mmr(Mmr),
    /// Microsatellite instability.
    Msi(Msi),
    /// Gene or rearrangement.
    Molecular(Molecular),
    /// PD-L1.
    Pdl1(Pdl1),
    /// Special stain.
    SpecialStain(SpecialStain),
}

impl Detail {
    /// The name of the kind, as `type` in a record.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Tnm(_) => "tnm",
            Self::StageGroup(_) => "stage_group",
            Self::TumorSize(_) => "tumor_size",
            Self::LymphNodes(_) => "lymph_nodes",
            Self::Margin(_) => "margin",
            Self::Lvi(_) => "lvi",
            Self::Pni(_) => "pni",
            Self::Ene(_) => "ene",
            Self::Differentiation(_) => "differentiation",
            Self::Grade(_) => "grade",
            Self::Gleason(_) => "gleason",
            Self::Ihc(_) => "ihc",
            Self::Histology(_) => "histology",
            Self::PrimarySite(_) => "primary_site",
            Self::Laterality(_) => "laterality",
            Self::Depth(_) => "depth",
            Self::Procedure(_) => "procedure",
            Self::Specimen(_) => "specimen",
            Self::TumorDeposits(_) => "tumor_deposits",
            Self::Metastasis(_) => "metastasis",
            Self::Mmr(_) => "mmr",
            Self::Msi(_) => "msi",
            Self::Molecular(_) => "molecular",
            Self::Pdl1(_) => "pdl1",
            Self::SpecialStain(_) => "special_stain",
        }
    }
}
