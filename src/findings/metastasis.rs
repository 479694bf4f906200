//! Seats of metastases: `肝、肺多发转移`, `转移至脑`, `bone metastases`, `metastatic to the liver`. A site counts where it stands right before
//! the word of spreading, or behind it with a word of direction between; nodes have their own finding. An adjective before a tumour
//! (`metastatic colonic adenocarcinoma`) names where it came from, and is left out.

use serde::Deserialize;

use super::assertion::Assertions;
use super::detail::Metastasis;
use super::{Detail, Finder, Finding, Reading};
use crate::error::Result;
use crate::lexicon::{ClassId, Hit, Lexicon};
use crate::span::Span;

/// Bytes between a site and the word of spreading.
const REACH: usize = 15;

#[derive(Debug, Deserialize)]
struct Word {
    role: Role,
}

#[derive(Debug, PartialEq, Eq, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Role {
    /// The word of spreading, with the site before it.
    Spread,
    /// The same, with the site behind it: `metastatic to`.
    To,
    /// What may stand between a site and the word.
    Between,
    /// An article before a site.
    Article,
}

/// Finds the seats of metastases.
#[derive(Debug)]
pub struct Metastases {
    class: ClassId,
    words: Vec<Word>,
    topography: ClassId,
    codes: Vec<String>,
    node: ClassId,
    part: ClassId,
    assertions: Assertions,
}

impl Metastases {
    /// Takes the class `metastasis`, sites, nodes and cues.
    ///
    /// # Errors
    /// Where one is missing or an entry has no known `role`.
    pub fn new(lexicon: &Lexicon) -> Result<Self> {
        let (class, topography) = (lexicon.class("metastasis")?, lexicon.class("topography")?);
        let codes = lexicon.vocabulary(topography).entries.iter().map(|entry| entry.text("code").unwrap_or("").to_string()).collect();
        Ok(Self {
            class,
            words: lexicon.vocabulary(class).attributes()?,
            topography,
            codes,
            node: lexicon.class("node")?,
            part: lexicon.class("site.part")?,
            assertions: Assertions::new(lexicon)?,
        })
    }

    fn role(&self, hit: &Hit) -> Role {
        self.words[hit.entry as usize].role
    }

    /// Whether nothing but blanks, list signs, sides and the words that may stand between are in a gap.
    fn clear(&self, reading: &Reading<'_>, gap: Span, list: bool) -> bool {
        if gap.len() > REACH {
            return false;
        }
        let (text, mut at) = (reading.text(), gap.start);
        while at < gap.end {
            let word = reading.hits.at(self.class, at).filter(|hit| matches!(self.role(hit), Role::Between | Role::Article));
            let part = reading.hits.at(self.part, at);
            match (word.or(part), text[at..].chars().next()) {
                (Some(hit), _) if hit.end as usize > at && hit.end as usize <= gap.end => at = hit.end as usize,
                (_, Some(' ' | '\u{3001}' | '/' | ',')) if list => at += text[at..].chars().next().map_or(1, char::len_utf8),
                (_, Some(' ')) => at += 1,
                _ => return false,
            }
        }
        true
    }

    fn push(&self, reading: &Reading<'_>, site: &Hit, span: Span, out: &mut Vec<Finding>) {
        let code = &self.codes[site.entry as usize];
        let detail = Detail::Metastasis(Metastasis { site: reading.written(site.span()).to_string(), icdo: (!code.is_empty()).then(|| code.clone()) });
        out.push(Finding::new(reading, detail, self.assertions.assess(reading, span), span));
    }

    /// The sites of a list that ends at the word, last first.
    fn before(&self, reading: &Reading<'_>, word: Span, out: &mut Vec<Finding>) {
        let sites = reading.of(self.topography);
        let mut edge = word.start;
        let mut first = true;
        for site in sites[..sites.partition_point(|site| (site.start as usize) < word.start)].iter().rev() {
            let at = site.span();
            if at.end > edge || !self.clear(reading, Span::new(at.end, edge), !first) || self.is_node(reading, at) {
                return;
            }
            self.push(reading, site, at.join(word), out);
            (edge, first) = (at.start, false);
        }
    }

    /// The sites of a list that begins behind the word.
    fn behind(&self, reading: &Reading<'_>, word: Span, out: &mut Vec<Finding>) {
        let sites = reading.of(self.topography);
        let mut edge = word.end;
        let mut first = true;
        for site in &sites[sites.partition_point(|site| (site.start as usize) < word.end)..] {
            let at = site.span();
            if !self.clear(reading, Span::new(edge, at.start), !first) || self.is_node(reading, at) {
                return;
            }
            self.push(reading, site, word.join(at), out);
            (edge, first) = (at.end, false);
        }
    }

    /// Whether a site is the address of a lymph node.
    fn is_node(&self, reading: &Reading<'_>, site: Span) -> bool {
        let text = reading.text();
        let far = (site.end..=(site.end + REACH).min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(site.end);
        reading.hits.within(self.node, Span::new(site.start, far)).iter().any(|hit| (hit.start as usize) < site.end + 7)
    }
}

impl Finder for Metastases {
    fn find(&self, reading: &Reading<'_>, out: &mut Vec<Finding>) {
        for hit in reading.of(self.class) {
            match self.role(hit) {
                Role::Spread => self.before(reading, hit.span(), out),
                Role::To => self.behind(reading, hit.span(), out),
                Role::Between | Role::Article => {}
            }
        }
    }
}
