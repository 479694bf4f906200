//! T, N and M against the stage group, pN against the number of positive nodes, T against the size: by the tables of the lexicon.

use super::Check;
use crate::error::Result;
use crate::findings::summary::Summary;
use crate::findings::summary::table::{self, Range, Table, range, tables};
use crate::findings::{Detail, Finding};
use crate::lexicon::Lexicon;

#[derive(Debug)]
struct Group {
    t: String,
    n: String,
    m: String,
    groups: Vec<String>,
}

#[derive(Debug)]
pub(super) struct Staging {
    groups: Vec<Table<Group>>,
    nodes: Vec<Table<Range>>,
    sizes: Vec<Table<Range>>,
}

impl Staging {
    pub(super) fn new(lexicon: &Lexicon) -> Result<Self> {
        Ok(Self {
            groups: tables(lexicon.vocabulary(lexicon.class("staging.group")?), group)?,
            nodes: tables(lexicon.vocabulary(lexicon.class("staging.nodes")?), range)?,
            sizes: tables(lexicon.vocabulary(lexicon.class("staging.size")?), range)?,
        })
    }

    /// Checks the report's answers, each resting on the findings behind them.
    pub(super) fn check(&self, findings: &[Finding], summary: &Summary, out: &mut Vec<Check>) {
        let organ = summary.primary_site.as_ref().and_then(|site| site.icdo.as_deref()).and_then(|code| code.get(..3));
        self.group(findings, summary, organ, out);
        self.node_count(findings, summary, organ, out);
        self.size(findings, summary, organ, out);
    }

    fn group(&self, findings: &[Finding], summary: &Summary, organ: Option<&str>, out: &mut Vec<Check>) {
        let (Some(organ), Some(t), Some(n), Some(stated)) = (organ, &summary.t, &summary.n, &summary.stage_group) else { return };
        // FIGO and AJCC agree in number; Dukes and others have no Roman numeral.
        let roman = stated.trim_end_matches(|character: char| !matches!(character, 'I' | 'V' | 'X' | '0'));
        let roman: String = roman.chars().take_while(|character| matches!(character, 'I' | 'V' | '0')).collect();
        if roman.is_empty() || after_treatment(findings, summary) {
            return;
        }
        let m = summary.m.as_deref().filter(|m| !m.ends_with('X'));
        if m.is_none() && roman == "IV" {
            return;
        }
        let Some(table) = table::of(&self.groups, organ) else { return };
        let m = m.unwrap_or("M0");
        let fits = |pattern: &str, value: &str| {
            pattern == "*" || value == pattern || (value.starts_with(pattern) && !pattern.ends_with(|last: char| last.is_ascii_lowercase()))
        };
        let row = table.rows.iter().filter(|row| fits(&row.m, m) && fits(&row.t, t) && fits(&row.n, n)).max_by_key(|row| row.t.len() + row.n.len());
        if let Some(row) = row
            && !row.groups.contains(&roman)
        {
            let message = format!("{t} {n} {m} is stage {}, {stated} is stated", row.groups.join(" or "));
            out.push(Check { rule: "stage-group-differs", message, findings: from(summary, &["t", "n", "m", "stage_group"]) });
        }
    }

    fn node_count(&self, findings: &[Finding], summary: &Summary, organ: Option<&str>, out: &mut Vec<Check>) {
        let (Some(n), Some(positive)) = (&summary.n, summary.nodes.positive) else { return };
        let own = organ.and_then(|organ| table::of(&self.nodes, organ));
        let Some(table) = own.or_else(|| table::of_all(&self.nodes)) else { return };
        let clinical_or_cells = summary.from.get("n").into_iter().flatten().any(|index| match findings.get(*index).map(|finding| &finding.detail) {
            Some(Detail::Tnm(tnm)) => tnm.prefix.contains('c') || !tnm.suffixes.is_empty(),
            _ => false,
        });
        if let Some(row) = closest(&table.rows, n)
            && !clinical_or_cells
            && !(row.least..=row.most).contains(&f64::from(positive))
        {
            let message = format!("{positive} positive lymph nodes do not fit {n}");
            out.push(Check { rule: "pn-differs-from-nodes", message, findings: from(summary, &["n", "nodes"]) });
        }
    }

    fn size(&self, findings: &[Finding], summary: &Summary, organ: Option<&str>, out: &mut Vec<Check>) {
        let (Some(organ), Some(t), Some(size)) = (organ, &summary.t, summary.tumor_size_mm) else { return };
        let Some(table) = table::of(&self.sizes, organ) else { return };
        // Half a millimetre of rounding is no contradiction.
        if let Some(row) = closest(&table.rows, t)
            && (size + 0.5 < row.least || size - 0.5 > row.most)
            && !after_treatment(findings, summary)
        {
            let message = format!("{size} mm does not fit {t}");
            out.push(Check { rule: "t-differs-from-size", message, findings: from(summary, &["t", "tumor_size_mm"]) });
        }
    }
}

/// Whether the categories were given after treatment or at recurrence, when the tables do not hold.
fn after_treatment(findings: &[Finding], summary: &Summary) -> bool {
    summary.from.get("t").into_iter().flatten().any(|index| match findings.get(*index).map(|finding| &finding.detail) {
        Some(Detail::Tnm(tnm)) => tnm.prefix.starts_with(['y', 'r']),
        _ => false,
    })
}

/// The row of a category, or of what it is a part of (`T1c`, else `T1`).
fn closest<'a>(rows: &'a [Range], category: &str) -> Option<&'a Range> {
    rows.iter().filter(|row| category == row.category || (category.starts_with(&row.category) && row.category.len() == 2)).max_by_key(|row| row.category.len())
}

/// The findings behind some fields.
fn from(summary: &Summary, fields: &[&str]) -> Vec<usize> {
    let mut out: Vec<usize> = fields.iter().filter_map(|field| summary.from.get(field)).flatten().copied().collect();
    out.sort_unstable();
    out.dedup();
    out
}

/// `T1 N0 M0: I II`.
fn group(text: &str) -> Option<Group> {
    let (categories, groups) = text.split_once(':')?;
    let mut parts = categories.split_whitespace().map(str::to_string);
    Some(Group { t: parts.next()?, n: parts.next()?, m: parts.next()?, groups: groups.split_whitespace().map(str::to_string).collect() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::findings::summary::{Coded, NodesAnswer};

    fn checks(organ: &str, change: impl Fn(&mut Summary)) -> Vec<&'static str> {
        let staging = Staging::new(&Lexicon::embedded().unwrap()).unwrap();
        let mut summary = Summary { primary_site: Some(Coded { text: "site".into(), icdo: Some(organ.into()) }), ..Summary::default() };
        change(&mut summary);
        let mut out = Vec::new();
        staging.check(&[], &summary, &mut out);
        out.iter().map(|check| check.rule).collect()
    }

    fn staged(t: &str, n: &str, m: Option<&str>, group: &str) -> impl Fn(&mut Summary) {
        let (t, n, m, group) = (t.to_string(), n.to_string(), m.map(str::to_string), group.to_string());
        move |summary| {
            summary.t = Some(t.clone());
            summary.n = Some(n.clone());
            summary.m = m.clone();
            summary.stage_group = Some(group.clone());
        }
    }

    #[test]
    fn a_stage_group_is_checked_against_its_categories_and_an_x_says_nothing() {
        assert!(checks("C18.7", staged("T3", "N1a", Some("M0"), "IIIB")).is_empty());
        assert_eq!(checks("C18.7", staged("T3", "N0", Some("M0"), "IIIB")), ["stage-group-differs"]);
        assert!(checks("C18.7", staged("T3", "N1", None, "IV")).is_empty(), "an unstated M leaves stage IV open");
        assert!(checks("C18.7", staged("TX", "N0", Some("M0"), "II")).is_empty());
        assert!(checks("C34.1", staged("T2b", "N0", Some("M0"), "IIA")).is_empty());
        assert_eq!(checks("C50.4", staged("T2", "N2a", Some("M0"), "IIA")), ["stage-group-differs"]);
        assert!(checks("C69.9", staged("T2", "N2", Some("M0"), "I")).is_empty(), "an organ without table is not checked");
    }

    #[test]
    fn node_counts_are_checked_by_organ() {
        let with = |n: &'static str, positive: u32| {
            move |summary: &mut Summary| {
                summary.n = Some(n.to_string());
                summary.nodes = NodesAnswer { positive: Some(positive), examined: Some(30) };
            }
        };
        assert_eq!(checks("C18.7", with("N2a", 2)), ["pn-differs-from-nodes"]);
        assert!(checks("C18.7", with("N1c", 0)).is_empty());
        assert_eq!(checks("C50.4", with("N1a", 5)), ["pn-differs-from-nodes"]);
        assert_eq!(checks("C69.9", with("N0", 1)), ["pn-differs-from-nodes"]);
        assert!(checks("C69.9", with("NX", 1)).is_empty());
    }

    #[test]
    fn sizes_are_checked_where_the_rule_is_by_size() {
        let with = |t: &'static str, size: f64| {
            move |summary: &mut Summary| {
                summary.t = Some(t.to_string());
                summary.tumor_size_mm = Some(size);
            }
        };
        assert_eq!(checks("C50.4", with("T1c", 31.0)), ["t-differs-from-size"]);
        assert!(checks("C50.4", with("T2", 20.0)).is_empty());
        assert_eq!(checks("C64.9", with("T2a", 45.0)), ["t-differs-from-size"]);
        assert!(checks("C18.7", with("T1", 80.0)).is_empty());
    }
}
