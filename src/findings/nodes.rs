//! Counts of lymph nodes, one finding a stated pair: with a stroke ([`pair`]), in words and fields ([`words`]), with Chinese measure
//! words ([`han`]). A pair in figures outranks the words it repeats. Nothing is added up here; the checks compare totals with stations.

mod count;
mod han;
mod pair;
mod share;
mod words;

use serde::Deserialize;

use super::assertion::{Assertions, Presence};
use super::detail::LymphNodes;
use super::{Detail, Finder, Finding, Reading};
use crate::error::Result;
use crate::fold::is_han;
use crate::lexicon::{ClassId, Hit, Lexicon};
use crate::span::Span;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum NodeKind {
    Word,
    Station,
    Examined,
    Positive,
    /// Cells that do not make a node positive.
    Isolated,
}

#[derive(Debug, Deserialize)]
struct Term {
    kind: NodeKind,
}

/// One stated count.
#[derive(Debug, Clone, PartialEq)]
struct Count {
    positive: Option<u32>,
    examined: Option<u32>,
    span: Span,
    station: Option<Span>,
    /// In figures, not in words.
    explicit: bool,
}

/// What the grammars see of a text.
struct Scene<'a> {
    reading: &'a Reading<'a>,
    finder: &'a Nodes,
    text: &'a str,
}

impl Scene<'_> {
    fn nodes(&self) -> impl Iterator<Item = (Span, NodeKind)> {
        self.reading.of(self.finder.class).iter().map(|hit| (hit.span(), self.finder.terms[hit.entry as usize].kind))
    }

    fn sentence(&self, span: Span) -> Span {
        let sentence = self.reading.sentence(span.start);
        Span::new(sentence.start.min(span.start), sentence.end.max(span.end))
    }

    fn section(&self, span: Span) -> &str {
        self.reading.section_kind(span.start)
    }

    fn floor(&self, mut at: usize) -> usize {
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        at
    }

    /// Whether a node word stands near a pair. One that may be a fraction needs it in its own clause.
    fn node_near(&self, span: Span, before: usize, behind: usize, strict: bool) -> bool {
        let (before, behind) = if strict { (before.min(60), behind.min(24)) } else { (before, behind) };
        let around = Span::new(span.start.saturating_sub(before), (span.end + behind).min(self.text.len()));
        let hits = self.reading.hits.within(self.finder.class, around);
        hits.iter().any(|hit| {
            let kind = self.finder.terms[hit.entry as usize].kind;
            let at = hit.span();
            let gap = if at.end <= span.start { self.text.get(at.end..span.start) } else { self.text.get(span.end..at.start) };
            let Some(gap) = gap else { return false };
            if kind == NodeKind::Isolated {
                return false;
            }
            let own = !gap.contains(['。', ';']) && !(at.start >= span.end && gap.len() > 12 && gap.contains(['.', '\n']));
            let clause = !gap.contains([',', '.', '\n']) || gap.len() <= 12;
            match kind {
                NodeKind::Station => {
                    at.end <= span.start
                        && gap.trim_matches([' ', '(', ':', ')', '旁', '侧']).is_empty()
                        && (gap.is_empty() || is_han_before(self.text, at.end))
                }
                _ if is_han_before(self.text, span.start) => own && (clause || gap.len() <= 40),
                _ => own && (!strict || clause),
            }
        })
    }

    /// Whether a tumour is spoken of around a pair, so that one without a node word may count nodes.
    fn tumor_near(&self, span: Span) -> bool {
        let around = Span::new(span.start.saturating_sub(240), (span.end + 120).min(self.text.len()));
        self.finder.tumor.iter().any(|class| !self.reading.hits.within(*class, around).is_empty())
    }

    fn station_near(&self, span: Span) -> bool {
        let around = Span::new(span.start.saturating_sub(30), span.start);
        !self.reading.hits.within(self.finder.class, around).is_empty()
    }

    /// Whether what is said of nodes is that they hold isolated cells only.
    fn only_isolated(&self, statement: Span) -> bool {
        let near = self.reading.hits.within(self.finder.class, statement);
        near.iter().find(|hit| self.finder.terms[hit.entry as usize].kind == NodeKind::Isolated).is_some_and(|hit| {
            let ahead = self.text.get(statement.start..hit.start as usize).unwrap_or("");
            !ahead.contains("metasta") && !ahead.contains(" and ")
        })
    }

    /// Whether the specimen of a count that gives no verdict has said, right before it, that its node is metastatic.
    fn specimen_is_metastatic(&self, at: usize) -> bool {
        let head = self.text.get(self.floor(at.saturating_sub(260))..at).unwrap_or("");
        let own = head.rfind("node,").or_else(|| head.rfind("node:")).map_or("", |node| &head[node..]);
        own.find("metasta").is_some_and(|said| !["no ", "negative"].iter().any(|word| own[..said].contains(word)))
    }

    /// Whether a place stands right behind the heading of a specimen of nodes.
    fn under_node_heading(&self, at: usize) -> bool {
        let head = self.text.get(self.floor(at.saturating_sub(120))..at).unwrap_or("");
        ["node:", "nodes:", "node,", "nodes,"].iter().any(|heading| head.contains(heading))
    }

    /// Whether the text says of a place that no tumour is there.
    fn said_absent(&self, span: Span) -> bool {
        let sentence = self.sentence(span);
        let head = self.text.get(sentence.start..span.start).unwrap_or("");
        let clause = &head[head.rfind([';', '。']).map_or(0, |at| at)..];
        clause.contains("未见癌")
            || clause.contains("未见转移")
            || clause.contains("未查见")
            || self.finder.assertions.presence(self.reading, span) == Presence::Absent
    }
}

fn is_han_before(text: &str, at: usize) -> bool {
    text.get(..at).is_some_and(|head| head.chars().rev().take(6).any(is_han))
}

/// Finds counts of lymph nodes.
#[derive(Debug)]
pub struct Nodes {
    class: ClassId,
    /// Classes whose words tell a text on a tumour.
    tumor: [ClassId; 4],
    terms: Vec<Term>,
    assertions: Assertions,
}

impl Nodes {
    /// Takes the class `node` and the cues.
    ///
    /// # Errors
    /// Where one is missing or an entry has no known `kind`.
    pub fn new(lexicon: &Lexicon) -> Result<Self> {
        let class = lexicon.class("node")?;
        let tumor = [lexicon.class("margin")?, lexicon.class("invasion.event")?, lexicon.class("differentiation")?, lexicon.class("morphology")?];
        Ok(Self { class, tumor, terms: lexicon.vocabulary(class).attributes()?, assertions: Assertions::new(lexicon)? })
    }
}

impl Finder for Nodes {
    fn find(&self, reading: &Reading<'_>, out: &mut Vec<Finding>) {
        let scene = Scene { reading, finder: self, text: reading.text() };
        let mut counts = pair::pairs(&scene);
        if !reading.of(self.class).is_empty() {
            counts.extend(words::worded(&scene));
            if reading.han > 0 {
                counts.extend(han::measured(&scene));
            }
        }
        let words: Vec<Hit> = reading.of(self.class).iter().copied().filter(|hit| self.terms[hit.entry as usize].kind == NodeKind::Word).collect();
        counts.sort_by_key(|count| (count.span.start, !count.explicit, count.span.end));
        for (index, count) in counts.iter().enumerate() {
            if repeats(&counts, index, scene.text) {
                continue;
            }
            let station = count.station.or_else(|| station(scene.text, count.span, &words)).map(|span| reading.written(span).to_string());
            let detail = LymphNodes { positive: count.positive, examined: count.examined, station };
            out.push(Finding::stated(reading, Detail::LymphNodes(detail), self.assertions.assess_examined(reading, count.span), count.span));
        }
    }
}

/// Counts before and behind one that may say it again.
const NEIGHBOURS: usize = 32;

/// Whether a count in words is said again in figures within or right behind it, or stands inside another.
fn repeats(counts: &[Count], index: usize, text: &str) -> bool {
    let count = &counts[index];
    counts.iter().enumerate().skip(index.saturating_sub(NEIGHBOURS)).take(2 * NEIGHBOURS).any(|(other_index, other)| {
        if other_index == index || !other.explicit {
            return false;
        }
        let touches = other.span.overlaps(count.span)
            || (other.span.start >= count.span.end
                && other.span.start - count.span.end <= 30
                && !text[count.span.end..other.span.start].contains(['.', ';', '。', '\n']));
        if count.explicit {
            return other_index < index && other.span.overlaps(count.span) && (other.positive, other.examined) == (count.positive, count.examined);
        }
        touches && other.examined.is_some() && count.span.start <= other.span.start
    })
}

/// Bytes before a count where the name of its station may begin.
const STATION_REACH: usize = 600;

/// The Chinese words that name the station right before a count: what stands before the node word, and not what is said of it.
fn station(text: &str, span: Span, nodes: &[Hit]) -> Option<Span> {
    let head = text.get(..span.start)?.trim_end_matches([' ', '(', ':']);
    let mut floor = head.len().saturating_sub(STATION_REACH);
    while !head.is_char_boundary(floor) {
        floor += 1;
    }
    let sign = head[floor..].rfind([',', ';', '。', '、', '\n', ':', '(', ')']).map(|at| floor + at);
    let start = sign.map_or(floor, |at| at + head[at..].chars().next().map_or(1, char::len_utf8));
    let start = start + head[start..].len() - head[start..].trim_start_matches([' ', '-', '*', '.']).len();
    let first = nodes.partition_point(|hit| (hit.start as usize) < start);
    let node = nodes[first..].iter().take(1).find(|hit| hit.start as usize >= start && hit.end as usize <= head.len()).map(|hit| hit.start as usize);
    let name = head[start..node.unwrap_or(head.len())].trim_end();
    let short = name.chars().count() <= 16 && name.chars().any(is_han);
    short.then(|| Span::new(start, start + name.len()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;
    use crate::reading::Reader;

    fn says(text: &str, expected: &[(Option<u32>, Option<u32>)]) {
        let lexicon = Lexicon::embedded().unwrap();
        let document = Document { text: text.into(), ..Document::default() };
        let reading = Reader::new(&lexicon).unwrap().read(&lexicon, &document);
        let mut out = Vec::new();
        Nodes::new(&lexicon).unwrap().find(&reading, &mut out);
        let found: Vec<_> = out
            .into_iter()
            .filter_map(|finding| if let Detail::LymphNodes(nodes) = finding.detail { Some((nodes.positive, nodes.examined)) } else { None })
            .collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn english_counts() {
        says("Lymph nodes: 2/15", &[(Some(2), Some(15))]);
        says("Metastatic carcinoma in two of fifteen lymph nodes (2/15).", &[(Some(2), Some(15))]);
        says("Three lymph nodes, no tumor seen.", &[(Some(0), Some(3))]);
        says("No tumor is identified in multiple (6) hilar lymph nodes.", &[(Some(0), Some(6))]);
        says("Number of nodes examined: 12\nNumber of nodes involved: 2", &[(Some(2), Some(12))]);
        says("Metastases carcinomatosae in lymphonodis (No III/VIII).", &[(Some(3), Some(8))]);
        says("Five of 30 lymph nodes positive.", &[(Some(5), Some(30))]);
        says("Mitoses 2/10 hpf, Gleason 3/5.", &[]);
        says("Sectioning reveals two lymph nodes.", &[]);
        says("One lymph node positive for isolated tumor cells by immunostain.", &[(Some(0), Some(1))]);
        says("One of two lymph nodes positive for isolated tumor cells.", &[(Some(0), Some(2))]);
        says("Sentinel lymph node #1: positive for metastatic carcinoma (1/1).", &[(Some(1), Some(1))]);
        says("Metastatic carcinoma involving 1 examined lymph node.", &[(Some(1), Some(1))]);
        says("Sections of three grossly positive nodes are submitted.", &[]);
        says("Station 7: - lymph nodes x4: negative for carcinoma.", &[(Some(0), Some(4))]);
        says("2of 28 lymph nodes positive for carcinoma.", &[(Some(2), Some(28))]);
        says("No carcinoma is identified in any of 30 lymph nodes.", &[(Some(0), Some(30))]);
        says("Total nodes: 17. Total positive nodes: 2.", &[(Some(2), Some(17))]);
        says("Lymph nodes examined: 37\nLymph nodes positive: 0", &[(Some(0), Some(37))]);
        says("Five lymph nodes positive for carcinoma.", &[(Some(5), Some(5))]);
        says("3 positive nodes out of 14.", &[(Some(3), Some(14))]);
        says("Metastatic carcinoma in 3 nodes out of 14.", &[(Some(3), Some(14))]);
        says("Lymph nodes: 1+/15.", &[(Some(1), Some(15))]);
        says("Lymph nodes x 3, excision: negative for carcinoma.", &[(Some(0), Some(3))]);
        says("Ten regional lymph node metastases.", &[(Some(10), None)]);
        says("C. Right hilar lymph node: metastatic carcinoma to one (1) lymph node.", &[(Some(1), Some(1))]);
        says("No evidence of metastatic tumor on step sections or cytokeratin stains in 4 lymph nodes examined.", &[(Some(0), Some(4))]);
        says("A. Lymph node, excision: metastatic carcinoma. One lymph node examined.", &[(Some(1), Some(1))]);
        says("Three ovoid lymph nodes averaging 1.0 x 0.6 cm which are submitted. Margin negative for tumor.", &[]);
    }

    #[test]
    fn chinese_counts() {
        says("共检出淋巴结21枚，其中4枚见癌转移。", &[(Some(4), Some(21))]);
        says("淋巴结8枚，均未见癌转移。", &[(Some(0), Some(8))]);
        says("甲站(11个)、乙组(7个)淋巴结未查见癌。", &[(Some(0), Some(11)), (Some(0), Some(7))]);
        says("各处淋巴结未见癌（第1组0/3、第2组0/2）。", &[(Some(0), Some(3)), (Some(0), Some(2))]);
        says("切缘（-），18/49；脉管（-）。", &[(Some(18), Some(49))]);
        says("浸润内1/2肌壁。", &[]);
        says("月经规律，5/30，近半年周期缩短。", &[]);
        says("浸润浆膜层，3/12LN（+），分期T4N1。", &[(Some(3), Some(12))]);
        says("侵及粘膜下层，1/33(+),T1N1。", &[(Some(1), Some(33))]);
        says("贲门旁淋巴结2枚，见鳞癌转移。", &[(Some(2), Some(2))]);
        says("找到(右)淋巴结5个，(左)淋巴结8个，均未见癌转移。", &[(Some(0), Some(5)), (Some(0), Some(8))]);
    }
}
