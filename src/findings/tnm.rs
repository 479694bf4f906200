//! TNM groups: `pT3 N1a MX`, `ypT0N1(sn)M0 L0 V1 Pn0 R0`, `T: 2 N: 0`, in either case and any script, with OCR letters for digits.
//!
//! A hand-written scan looks for the letters T, N and M with a category behind them. A single category without prefix
//! counts only behind a word of staging; printed definitions and unchecked boxes do not count. Nothing is repaired
//! silently: a letter read as a digit leaves a doubt.

mod category;
mod definition;
mod repair;
mod scan;

use super::assertion::{Assertions, Presence};
use super::cursor::{Cursor, around};
use super::detail::Tnm;
use super::{Detail, Doubt, Finder, Finding, Reading};
use crate::error::Result;
use crate::lexicon::{ClassId, Lexicon};
use crate::span::Span;
use category::{Category, category, prefix_before};
use definition::{Found, drop_definitions, drop_menus, explained, unchecked};
use repair::{alone, is_sound, is_word};
use scan::{candidates, next_letter};

/// Finds TNM groups.
#[derive(Debug)]
pub struct Tnms {
    cue: ClassId,
    cues: Vec<Cue>,
    assertions: Assertions,
}

#[derive(Debug, serde::Deserialize)]
struct Cue {
    role: Role,
}

#[derive(Debug, PartialEq, Eq, Clone, Copy, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Role {
    /// A word of staging: what follows may be a category.
    Stage,
    /// The same, and what follows is pathological.
    Pathological,
    /// The name of a system whose edition may follow.
    System,
    /// The name of one pathological category, which follows.
    Named,
    /// The same of a clinical one.
    NamedClinical,
    /// What stands here is no category.
    Other,
}

#[derive(Debug)]
struct Group {
    parts: Vec<Category>,
    further: Tnm,
    end: usize,
}

impl Tnms {
    /// Takes the class `tnm.cue`.
    ///
    /// # Errors
    /// Where it is missing or an entry has no known `role`.
    pub fn new(lexicon: &Lexicon) -> Result<Self> {
        let cue = lexicon.class("tnm.cue")?;
        Ok(Self { cue, cues: lexicon.vocabulary(cue).attributes()?, assertions: Assertions::new(lexicon)? })
    }

    /// The nearest staging word before a place, within one line of synoptic text.
    fn role_before(&self, reading: &Reading<'_>, at: usize, reach: usize) -> Option<Role> {
        let place = around(reading.text(), Span::new(at, at), reach, 0);
        let hits = reading.hits.within(self.cue, Span::new(place.start, at));
        let roles = || hits.iter().map(|hit| self.cues[hit.entry as usize].role);
        if roles().any(|role| role == Role::Pathological) {
            return Some(Role::Pathological);
        }
        roles().next_back()
    }

    fn other_near(&self, reading: &Reading<'_>, span: Span) -> bool {
        // `pT1 and pT2 tumours`: what is said of the second holds for the first.
        let listed = reading.text().get(span.end..).is_some_and(|rest| rest.starts_with(" and ") || rest.starts_with(" or "));
        let place = around(reading.text(), span, 6, if listed { 26 } else { 12 });
        reading.hits.within(self.cue, place).iter().any(|hit| self.cues[hit.entry as usize].role == Role::Other)
    }

    fn group(&self, reading: &Reading<'_>, letter: usize, floor: usize, staged: bool) -> Option<Group> {
        let first = category(reading, letter, floor, staged)?;
        let mut order = first.value.as_bytes()[0];
        let mut end = first.span.end;
        let mut parts = vec![first];
        let mut nodes_open = false;
        while let Some(want) = match order {
            b'T' => Some(b'n'),
            b'N' => Some(b'm'),
            _ => None,
        } {
            order = want.to_ascii_uppercase();
            let Some(at) = next_letter(reading.text(), end, want) else { continue };
            let next = Cursor::new(reading.text(), at + 1);
            if want == b'n' && next.peek(0) == b'+' {
                nodes_open = true;
                end = next.at + 1;
                continue;
            }
            let Some(next) = category(reading, at, end, true) else { continue };
            if next.repaired && (!is_sound(reading, &next, &parts) || is_word(reading, end, &next)) {
                continue;
            }
            end = next.span.end;
            parts.push(next);
        }
        if !self.stands(reading, &parts, staged, nodes_open) && !self.named(reading, &parts) {
            return None;
        }
        let mut further = Tnm::default();
        let end = invasion(reading, end, &mut further);
        Some(Group { parts, further, end })
    }

    /// Whether what was read is a statement of stage.
    fn stands(&self, reading: &Reading<'_>, parts: &[Category], staged: bool, nodes_open: bool) -> bool {
        let first = &parts[0];
        let upper = reading.is_upper(first.letter);
        let prefix_upper = reading.is_upper(first.span.start);
        // `Pn0` is perineural invasion, whatever stands around it.
        if first.value.starts_with('N') && first.prefix == "p" && prefix_upper && !upper {
            return false;
        }
        if self.other_near(reading, first.span) && parts.len() == 1 {
            return false;
        }
        if unchecked(reading.text(), first.span.start) {
            return false;
        }
        // A letter read as a digit opens a group only in upper case, and `PNI` is an abbreviation.
        if first.repaired && !first.prefixed && (!upper || (!staged && parts.iter().skip(1).any(|part| part.parted))) {
            return false;
        }
        if first.repaired && parts.len() == 1 && first.prefix == "p" && prefix_upper && upper && first.value == "N1" {
            return false;
        }
        // `Ta-T3`: a span of categories, not the patient's.
        if !first.prefixed
            && reading
                .text()
                .get(..first.span.start)
                .is_some_and(|before| before.ends_with('-') && before.trim_end_matches('-').ends_with(|c: char| c.is_ascii_alphabetic()))
        {
            return false;
        }
        if parts.len() == 1 && !first.prefixed && !alone(reading.text(), first) {
            return false;
        }
        let zero_by_letter = first.repaired && first.value.ends_with('0');
        if staged && (upper || parts.len() > 1 || first.prefixed) && !(first.repaired && first.parted) {
            return !(zero_by_letter && !first.prefixed && parts.len() == 1) && !(zero_by_letter && first.value.starts_with('T') && !first.prefixed);
        }
        if parts.len() > 1 || nodes_open {
            let words = parts.iter().all(|part| part.repaired || part.parted || part.value.ends_with('a'));
            return (upper || first.prefixed || !words) && !(zero_by_letter && !first.prefixed) && !(words && !upper);
        }
        let strong = match first.prefix {
            "p" | "yp" | "yc" | "rp" => true,
            "c" => !prefix_upper && !first.parted,
            _ => false,
        };
        let spaced_upper = prefix_upper && first.parted;
        strong && upper && !spaced_upper && !(first.repaired && first.parted)
    }

    /// `Pathological N NO`: the name of the category stands right before it, in upper case.
    fn named(&self, reading: &Reading<'_>, parts: &[Category]) -> bool {
        let [only] = parts else { return false };
        let upper = reading.is_upper(only.letter) && reading.is_upper(only.letter + 1);
        let place = Span::new(only.letter.saturating_sub(24), only.letter);
        let cue = |hit: &crate::lexicon::Hit| {
            only.letter.saturating_sub(hit.end as usize) <= 2 && matches!(self.cues[hit.entry as usize].role, Role::Named | Role::NamedClinical)
        };
        upper && reading.hits.within(self.cue, around(reading.text(), place, 0, 0)).iter().any(cue)
    }

    /// `AJCC 8`: the edition named near a group.
    fn edition(&self, reading: &Reading<'_>, span: Span) -> Option<String> {
        let place = around(reading.text(), span, 160, 60);
        let hits = reading.hits.within(self.cue, place);
        let hit = hits.iter().find(|hit| self.cues[hit.entry as usize].role == Role::System)?;
        let name = reading.slice(hit.span()).to_ascii_uppercase();
        let tail = around(reading.text(), Span::new(hit.end as usize, hit.end as usize), 0, 36).of(reading.text());
        let bytes = tail.as_bytes();
        let ordinal = |at: usize| ["th", "版", " th", "st", "nd", "rd"].iter().any(|mark| tail.get(at + 1..).is_some_and(|rest| rest.starts_with(mark)));
        (0..bytes.len())
            .find(|&at| matches!(bytes[at], b'5'..=b'9') && ordinal(at) && (at == 0 || !bytes[at - 1].is_ascii_digit()))
            .map(|at| format!("{name} {}", bytes[at] as char))
    }

    fn finding(&self, reading: &Reading<'_>, group: Group, role: Option<Role>) -> Finding {
        let mut tnm = group.further;
        let mut doubts = Vec::new();
        for part in &group.parts {
            if tnm.prefix.is_empty() {
                tnm.prefix = part.prefix.to_string();
            }
            let slot = match part.value.as_bytes()[0] {
                b'T' => &mut tnm.t,
                b'N' => &mut tnm.n,
                _ => &mut tnm.m,
            };
            *slot = Some(part.value.clone());
            tnm.suffixes.extend(part.suffixes.iter().cloned());
            if part.repaired && doubts.is_empty() {
                doubts.push(Doubt::RepairedCharacter);
            }
        }
        let span = Span::new(group.parts[0].span.start, group.end);
        if tnm.prefix.is_empty() {
            tnm.prefix = match role {
                Some(Role::Pathological | Role::Named) => "p".into(),
                Some(Role::NamedClinical) => "c".into(),
                _ => String::new(),
            };
        }
        tnm.edition = self.edition(reading, span);
        let mut finding = Finding { doubts, ..Finding::asserted(reading, &self.assertions, span, Detail::Tnm(tnm)) };
        // `pT4 if the …`: a category under a condition.
        if reading.text().get(span.end..).is_some_and(|rest| rest.starts_with(" if ")) {
            finding.assertion.presence = Presence::Uncertain;
        }
        finding
    }
}

impl Finder for Tnms {
    fn find(&self, reading: &Reading<'_>, out: &mut Vec<Finding>) {
        let mut found: Vec<Found> = Vec::new();
        let mut floor = 0;
        for (at, scanned) in candidates(reading.text().as_bytes()) {
            if at < floor || (scanned && !may_open(reading, at, floor)) {
                continue;
            }
            let role = self.role_before(reading, at, 72);
            let staged = matches!(role, Some(Role::Stage | Role::Pathological | Role::Named | Role::NamedClinical));
            let Some(group) = self.group(reading, at, floor, staged) else { continue };
            floor = group.end.max(at + 1);
            let explained = if group.parts.len() == 1 { explained(reading.text(), &group.parts[0], group.end) } else { None };
            let place = Span::new(group.parts[0].span.start, group.end);
            found.push(Found { finding: self.finding(reading, group, role), place, explained });
        }
        drop_definitions(&mut found);
        drop_menus(reading.text(), &mut found);
        out.extend(found.into_iter().map(|found| found.finding));
    }
}

/// Whether a category whose digit is a letter may open a group: with a prefix or in upper case. `no` and `to` are words.
fn may_open(reading: &Reading<'_>, letter: usize, floor: usize) -> bool {
    reading.is_upper(letter) || prefix_before(reading.text(), letter, floor).is_some_and(|(start, _)| start < letter)
}

/// `L1 V0 Pn0 R0` behind a group; where they end.
fn invasion(reading: &Reading<'_>, from: usize, tnm: &mut Tnm) -> usize {
    let mut end = from;
    let mut cursor = Cursor::new(reading.text(), from);
    for _ in 0..6 {
        cursor.skip(b" ,;/.", 3);
        let name = match cursor.peek(0) {
            b'p' if cursor.peek(1) == b'n' => 2,
            b'l' | b'v' | b'r' | b'g' => 1,
            _ => break,
        };
        let value = match cursor.peek(name) {
            digit @ b'0'..=b'3' => digit as char,
            b'o' => '0',
            b'x' => 'X',
            _ => break,
        };
        if cursor.peek(name + 1).is_ascii_alphanumeric() && !matches!(cursor.peek(name + 1), b'l' | b'v' | b'r' | b'p' | b'g') {
            break;
        }
        match cursor.peek(0) {
            b'l' => tnm.lymphatic = Some(format!("L{value}")),
            b'v' => tnm.venous = Some(format!("V{value}")),
            b'r' => tnm.residual = Some(format!("R{value}")),
            b'p' => tnm.perineural = Some(format!("Pn{value}")),
            _ => break,
        }
        cursor.at += name + 1;
        end = cursor.at;
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;
    use crate::reading::Reader;

    fn found(text: &str) -> Vec<String> {
        let lexicon = Lexicon::embedded().unwrap();
        let document = Document { text: text.into(), ..Document::default() };
        let reading = Reader::new(&lexicon).unwrap().read(&lexicon, &document);
        let mut out = Vec::new();
        Tnms::new(&lexicon).unwrap().find(&reading, &mut out);
        let part = |value: Option<String>| value.unwrap_or_else(|| "-".into());
        out.into_iter()
            .filter_map(|finding| {
                if let Detail::Tnm(tnm) = finding.detail { Some(format!("{} {} {} {}", tnm.prefix, part(tnm.t), part(tnm.n), part(tnm.m))) } else { None }
            })
            .collect()
    }

    #[test]
    fn groups_in_either_case_and_script() {
        assert_eq!(found("Stage: pT1c, N1(sn), MX."), ["p T1c N1 MX"]);
        assert_eq!(found("术后分期：ＰＴ４ＡＮ３Ｍ０ⅢC期"), ["p T4a N3 M0"]);
        assert_eq!(found("YPT3N2B,CM0"), ["yp T3 N2b M0"]);
        assert_eq!(found("病理分期 P-T3N0M0"), ["p T3 N0 M0"]);
        assert_eq!(found("cTNM: cT2 cN1 cM0"), ["c T2 N1 M0"]);
        assert_eq!(found("Primary tumor (pT): pT3a/b"), ["p T3 - -"]);
        assert!(found("Regional lymph nodes (pN) : 2 of 13 nodes positive").is_empty());
    }

    #[test]
    fn letters_that_scanners_put_for_digits_are_repaired_in_groups_only() {
        assert_eq!(found("FINAL: pTlbNxMx"), ["p T1b NX MX"]);
        assert_eq!(found("AJCC stage: T2 NO MX"), [" T2 N0 MX"]);
        assert!(found("Margins: NO TUMOR IN NODES. TO MOVE").is_empty());
    }

    #[test]
    fn other_uses_of_the_letters_are_left_alone() {
        for text in ["PT 12.3 sec, T3 1.2, FT4 0.9", "T-28000 M-80703 P1-03", "A6: T2", "T4椎体骨折，T2WI高信号", "[ ] pT2", "tubules 2/3"] {
            assert!(found(text).is_empty(), "{text}: {:?}", found(text));
        }
    }

    #[test]
    fn parts_of_a_category_and_glued_systems() {
        assert_eq!(found("TNM: pTlbl NO MX"), ["p T1b1 N0 MX"]);
        assert_eq!(found("2. pTNM stage: pT2a2N1"), ["p T2a2 N1 -"]);
        assert_eq!(found("[AJCCpT2bN0]"), ["p T2b N0 -"]);
        assert_eq!(found("[AJCC pT3N I]"), ["p T3 N1 -"]);
        assert_eq!(found("AJCC stage: pT3aNQ."), ["p T3a - -"]);
        assert_eq!(found("Pathological T T2,NOS\nPathological N NO\nClinical M M0"), ["p T2 - -", "p - N0 -", "c - - M0"]);
        assert_eq!(found("Pathological N NO\n"), ["p - N0 -"]);
    }

    #[test]
    fn words_stations_and_abbreviations_are_no_categories() {
        for text in [
            "PNI is present",
            "Stage.\n1 RSV\n3 TLN 3",
            "Checklist utilizes the staging system",
            "Stage:'Time:-",
            "tipN2 representative sections",
            "Regional lymph nodes (pN): 1 node was found",
        ] {
            assert!(found(text).is_empty(), "{text}: {:?}", found(text));
        }
        assert_eq!(found("invades subserosa, pT3.\n- NO TUMOR AT MARGINS"), ["p T3 - -"]);
    }

    #[test]
    fn menus_and_keys_are_no_findings_and_a_tick_is() {
        assert!(found("Staging: pT1 / pT2 / pT3 / pT4").is_empty());
        assert_eq!(found("Staging: [ ] pT1 [x] pT2 [ ] pT3 [ ] pT4"), ["p T2 - -"]);
        assert_eq!(found("TNM stage: pT2b, pN0 (T2a: inner half; T2b: outer half) (N1, single node; N2, multiple nodes)"), ["p T2b N0 -"]);
        assert!(found("Tumor thickness (pT1 and pT2 tumors):").is_empty());
    }

    #[test]
    fn a_printed_table_of_categories_is_no_finding() {
        let text = "pT1: tumor 2 cm or less. pT2: tumor more than 2 cm. pT3: tumor more than 5 cm. Pathologic stage: pT3 N1 MX";
        assert_eq!(found(text), ["p T3 N1 MX"]);
    }
}
