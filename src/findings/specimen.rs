//! Specimens of a report: lettered, numbered and bracketed headings (`A. Breast, left, excision:`, `Part 2`, `1、(直肠)`, `(左乳)`) cut
//! a section into stretches, and every finding takes the specimen of the stretch it stands in.
//!
//! A bare letter or number counts only where a site, a side, a node or an operation stands right behind it and the count goes on from the
//! one before; a list inside a lettered specimen is left alone. A section ends what stands above it: there the specimen stays open.

use serde::Deserialize;

use super::detail::Specimen;
use super::marks::marked;
use super::{Assertion, Detail, Finding, Reading};
use crate::document::Language;
use crate::error::Result;
use crate::fold::is_han;
use crate::lexicon::{ClassId, Hit, Lexicon};
use crate::span::Span;

/// Bytes of a heading that are looked at.
const HEAD: usize = 110;
/// Bytes between a label and the name of what was sent.
const LEAD: usize = 24;
/// Bytes of a bracketed name.
const NAME: usize = 36;
/// Labels that may be missing between two headings.
const SKIPPED: u32 = 3;

#[derive(Debug, Deserialize)]
struct Word {
    role: Role,
}

#[derive(Debug, PartialEq, Eq, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Role {
    Label,
    Received,
}

#[derive(Debug, Deserialize)]
struct Cue {
    kind: String,
}

/// How the specimens of a section are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scheme {
    Letters,
    Numbers,
    Names,
}

/// A heading as read.
#[derive(Debug, Clone, PartialEq)]
struct Heading<'r> {
    scheme: Scheme,
    /// Place in the count, from 1; 0 for a name.
    index: u32,
    label: &'r str,
    span: Span,
}

/// A specimen and the text it governs, in folded offsets.
#[derive(Debug, Clone, PartialEq)]
struct Stretch<'r> {
    label: &'r str,
    heading: Span,
    span: Span,
}

/// Tells the specimens of a report apart.
#[derive(Debug)]
pub struct Specimens {
    class: ClassId,
    words: Vec<Word>,
    topography: ClassId,
    node: ClassId,
    side: ClassId,
    procedure: ClassId,
    morphology: ClassId,
    margin: ClassId,
    cue: ClassId,
    cues: Vec<Cue>,
}

impl Specimens {
    /// Takes the class `specimen` and those of what is sent.
    ///
    /// # Errors
    /// Where one is missing or an entry has no known `role`.
    pub fn new(lexicon: &Lexicon) -> Result<Self> {
        let (class, cue) = (lexicon.class("specimen")?, lexicon.class("cue")?);
        Ok(Self {
            class,
            words: lexicon.vocabulary(class).attributes()?,
            topography: lexicon.class("topography")?,
            node: lexicon.class("node")?,
            side: lexicon.class("laterality")?,
            procedure: lexicon.class("procedure")?,
            morphology: lexicon.class("morphology")?,
            margin: lexicon.class("margin")?,
            cue,
            cues: lexicon.vocabulary(cue).attributes()?,
        })
    }

    /// Gives every finding its specimen and adds the specimens themselves.
    pub fn assign(&self, reading: &Reading<'_>, findings: &mut Vec<Finding>) {
        let stretches = self.stretches(reading);
        if stretches.is_empty() {
            return;
        }
        for finding in findings.iter_mut() {
            let at = reading.folded.from_original(finding.span).start;
            let index = stretches.partition_point(|stretch| stretch.span.end <= at);
            finding.specimen = stretches.get(index).filter(|stretch| stretch.span.start <= at).map(|stretch| stretch.label.to_string());
        }
        for stretch in &stretches {
            let text = reading.written(stretch.heading).to_string();
            let detail = Detail::Specimen(Specimen { label: Some(stretch.label.to_string()), text });
            let mut finding = Finding::new(reading, detail, Assertion::default(), stretch.heading);
            finding.specimen = Some(stretch.label.to_string());
            findings.push(finding);
        }
    }

    fn stretches<'r>(&self, reading: &'r Reading<'_>) -> Vec<Stretch<'r>> {
        let mut out: Vec<Stretch<'r>> = Vec::new();
        for section in &reading.sections {
            if matches!(section.kind.as_str(), "history" | "family-history" | "laboratory" | "imaging" | "exam" | "admission-diagnosis" | "treatment") {
                continue;
            }
            let (mut scheme, mut last) = (None::<Scheme>, 0);
            let first = out.len();
            let mut words = reading.hits.within(self.class, section.span);
            for at in clause_starts(reading.text(), section.span) {
                words = &words[words.iter().take_while(|hit| (hit.start as usize) < at).count()..];
                let word = words.first().copied().filter(|hit| hit.start as usize == at && self.words[hit.entry as usize].role == Role::Label);
                let Some((heading, certain)) = self.heading(reading, at, word, section.span.end) else { continue };
                let outer = scheme.is_none_or(|scheme| scheme == heading.scheme);
                let known = || out.iter().any(|stretch| stretch.label == heading.label);
                let follows = heading.scheme == Scheme::Names
                    || (heading.index > last && (heading.index <= last + SKIPPED || known()) && (last > 0 || heading.index <= 2 || known()));
                let said = certain || (outer && follows && self.names_specimen(reading, &heading, section.span.end));
                if !said || !outer {
                    continue;
                }
                (scheme, last) = (Some(heading.scheme), heading.index);
                if let Some(open) = out.get_mut(first..).and_then(<[Stretch<'_>]>::last_mut) {
                    open.span.end = open.span.end.min(heading.span.start);
                }
                let end = self.end(reading, &section.kind, heading.span, section.span.end);
                out.push(Stretch { label: heading.label, heading: heading.span, span: Span::new(heading.span.start, end) });
            }
        }
        out
    }

    /// Where a specimen ends at the latest: with its section; in a Chinese note with its line, and where the note goes on to speak of today.
    fn end(&self, reading: &Reading<'_>, kind: &str, heading: Span, section_end: usize) -> usize {
        if reading.language != Language::Zh {
            return section_end;
        }
        let text = reading.text();
        let rest = text.get(heading.end..section_end).unwrap_or("");
        let note = kind == "body";
        let line = rest.char_indices().find(|(at, character)| match character {
            '\n' => !rest[at + 1..].starts_with([' ', '-', '\t', '*', '\n']),
            '。' => note,
            _ => false,
        });
        let end = line.map_or(section_end, |(at, _)| heading.end + at);
        let turns = |hit: &&Hit| matches!(self.cues[hit.entry as usize].kind.as_str(), "now" | "admission");
        reading.hits.within(self.cue, Span::new(heading.end, end)).iter().find(turns).map_or(end, |hit| hit.start as usize)
    }

    /// The heading at a clause start, and whether a word says that it is one.
    fn heading<'r>(&self, reading: &'r Reading<'_>, at: usize, word: Option<Hit>, limit: usize) -> Option<(Heading<'r>, bool)> {
        let text = reading.text();
        if let Some(hit) = word {
            let behind = skip(text, hit.end as usize, &[' ', '#', ':', '-', '\n']);
            let (scheme, index, end) = label(reading, behind)?;
            let closed =
                text.get(end..)?.starts_with(['.', ':', ')', '-', ',', ';', '\n', ' ', '(', '、']) || end == text.len() || text[end..].starts_with(is_han);
            return closed.then(|| (made(reading, scheme, index, Span::new(at, end), Span::new(behind, end)), true));
        }
        if text.as_bytes().get(at..at + 2).is_some_and(|word| word.iter().all(u8::is_ascii_alphabetic)) {
            return None;
        }
        let inside = skip(text, at, &['(']);
        if let Some((scheme, index, end)) = label(reading, inside) {
            let stop = skip(text, end, &[' ']);
            let closed = text.get(stop..)?.starts_with(['.', ':', ')', '-', '、'])
                && !text.get(stop + 1..).unwrap_or("").starts_with(|next: char| next.is_ascii_digit());
            return closed.then(|| (made(reading, scheme, index, Span::new(at, stop), Span::new(inside, end)), false));
        }
        if inside == at {
            return None;
        }
        let bracketed = text.as_bytes().get(inside..limit)?.iter().take(NAME + 1).position(|byte| *byte == b')').filter(|length| *length > 0)?;
        let name = Span::new(inside, inside + bracketed);
        let words = name.of(text);
        let named =
            reading.language == Language::Zh && !reading.hits.within(self.topography, name).is_empty() && !words.contains(|byte: char| byte.is_ascii_digit());
        named.then(|| (Heading { scheme: Scheme::Names, index: 0, label: reading.written(name).trim(), span: Span::new(at, name.end + 1) }, false))
    }

    /// Whether something that is sent to a laboratory is named right behind a bare label.
    fn names_specimen(&self, reading: &Reading<'_>, heading: &Heading<'_>, limit: usize) -> bool {
        let text = reading.text();
        if heading.scheme == Scheme::Names {
            return self.is_pathology(reading, heading.span.start);
        }
        let from = skip(text, heading.span.end, &[' ', '.', ':', ')', '-', '、', '"', '\'', '(', '[']);
        let far = (from..=(from + HEAD).min(limit)).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(from);
        let Some(rest) = text.get(from..far) else { return false };
        let stops = |(at, byte): (usize, &u8)| match byte {
            b':' | b'\n' | b';' | b'"' => true,
            b'.' => rest[at + 1..].starts_with(' '),
            0xE3 => rest[at..].starts_with('。'),
            _ => false,
        };
        let stop = rest.as_bytes().iter().enumerate().position(stops).unwrap_or(rest.len());
        let ended = rest[stop..].starts_with([':', '\n', '"', ';']);
        let head = Span::new(from, from + stop);
        let first = |class: ClassId| reading.hits.within(class, head).first().copied();
        let near = |hit: Option<Hit>| hit.is_some_and(|hit| hit.start as usize - from <= LEAD);
        if reading.hits.within(self.class, Span::new(from, far)).iter().any(|hit| self.words[hit.entry as usize].role == Role::Received && near(Some(*hit))) {
            return true;
        }
        let sent = near(first(self.topography)) || near(first(self.node)) || near(first(self.side)) || near(first(self.procedure));
        if reading.language == Language::Zh {
            return sent && self.is_pathology(reading, heading.span.start);
        }
        let procedure = first(self.procedure);
        let before = |hit: Hit| procedure.is_some_and(|procedure| procedure.start < hit.start);
        let a_field = heading.scheme == Scheme::Numbers && procedure.is_none() && first(self.margin).is_some();
        sent && !a_field && first(self.morphology).is_none_or(before) && (ended || procedure.is_some())
    }

    /// Whether a place of a Chinese text is in a report of pathology: by its section, or by a word of reporting before it on the line.
    fn is_pathology(&self, reading: &Reading<'_>, at: usize) -> bool {
        if matches!(reading.section_kind(at), "diagnosis" | "gross" | "microscopic" | "specimen" | "synoptic" | "frozen" | "addendum" | "ihc") {
            return true;
        }
        let line = reading.text().get(..at).and_then(|before| before.rfind('\n')).map_or(0, |start| start + 1);
        reading.hits.within(self.cue, Span::new(line, at)).iter().any(|hit| self.cues[hit.entry as usize].kind == "report")
    }
}

fn made<'r>(reading: &'r Reading<'_>, scheme: Scheme, index: u32, span: Span, label: Span) -> Heading<'r> {
    Heading { scheme, index, label: reading.written(label), span }
}

/// A single upper-case letter or a number up to 99 at a place.
fn label(reading: &Reading<'_>, at: usize) -> Option<(Scheme, u32, usize)> {
    let bytes = reading.text().as_bytes();
    let first = *bytes.get(at)?;
    let alone = |end: usize| !bytes.get(end).is_some_and(u8::is_ascii_alphanumeric);
    if first.is_ascii_lowercase() && alone(at + 1) && reading.is_upper(at) {
        return Some((Scheme::Letters, u32::from(first - b'a') + 1, at + 1));
    }
    let digits = bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let number = ((1..=2).contains(&digits) && alone(at + digits)).then(|| reading.text()[at..at + digits].parse::<u32>().ok())??;
    (number > 0).then_some((Scheme::Numbers, number, at + digits))
}

/// The first place from `at` on that holds none of `signs`.
fn skip(text: &str, at: usize, signs: &[char]) -> usize {
    // Mostly a letter stands here.
    if text.as_bytes().get(at).is_some_and(u8::is_ascii_alphanumeric) {
        return at;
    }
    text.get(at..).map_or(at, |rest| text.len() - rest.trim_start_matches(signs).len())
}

/// Places where a clause begins: at the start, behind a line break, a stop, a colon or a semicolon; blanks and bullets are passed.
fn clause_starts(text: &str, section: Span) -> Vec<usize> {
    let inside = section.of(text);
    let bytes = inside.as_bytes();
    let breaks = |_, byte: u8, next: u8| {
        let stop = (byte == b'.') | (byte == b',');
        (byte == b'\n') | (byte == b';') | (byte == b':') | stop & (next == b' ') | (byte == 0xE3) & (next == 0x80)
    };
    let breaks = marked(bytes, breaks);
    let mut out = Vec::with_capacity(breaks.len() + 1);
    let mut open = |from: usize| {
        let passed = bytes[from..].iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'-' | b'*' | b'"')).count();
        let start = section.start + from + passed;
        if start < section.end && out.last() != Some(&start) {
            out.push(start);
        }
    };
    open(0);
    for at in breaks {
        match bytes[at] {
            0xE3 if bytes[at..].starts_with("。".as_bytes()) => open(at + 3),
            0xE3 => {}
            _ => open(at + 1),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, LazyLock};

    use crate::document::Document;
    use crate::findings::{Detail, Extractor};
    use crate::lexicon::Lexicon;

    static EXTRACTOR: LazyLock<Extractor> = LazyLock::new(|| Extractor::new(Arc::new(Lexicon::embedded().unwrap())).unwrap());

    /// Kind and specimen of the findings of some kinds.
    fn specimens(text: &str, kinds: &[&str]) -> Vec<Option<String>> {
        let document = Document { text: text.into(), ..Document::default() };
        let extraction = EXTRACTOR.extract(&EXTRACTOR.read(&document));
        extraction.findings.iter().filter(|finding| kinds.contains(&finding.detail.kind())).map(|finding| finding.specimen.clone()).collect()
    }

    fn labels(text: &str) -> Vec<String> {
        let document = Document { text: text.into(), ..Document::default() };
        let extraction = EXTRACTOR.extract(&EXTRACTOR.read(&document));
        extraction.findings.iter().filter(|finding| matches!(finding.detail, Detail::Specimen(_))).filter_map(|finding| finding.specimen.clone()).collect()
    }

    #[test]
    fn lettered_specimens_hold_their_findings() {
        let text = "FINAL DIAGNOSIS:\nA. Breast, left, excision:\nInvasive ductal carcinoma, pT2.\nB. Lymph node, left axilla, biopsy:\nOne node, 0/1.\n";
        assert_eq!(labels(text), ["A", "B"]);
        assert_eq!(specimens(text, &["tnm"]), [Some("A".to_string())]);
        assert_eq!(specimens(text, &["lymph_nodes"]), [Some("B".to_string())]);
    }

    #[test]
    fn words_of_specimens_name_them_too() {
        assert_eq!(labels("DIAGNOSIS:\nPART 1: KIDNEY, LEFT, NEPHRECTOMY -\nA. RENAL CELL CARCINOMA.\nPART 2: RIB, EXCISION -\nBenign."), ["1", "2"]);
        assert_eq!(labels("SPECIMEN A: left breast.\nSPECIMEN B: right breast."), ["A", "B"]);
    }

    #[test]
    fn a_list_of_statements_names_no_specimen() {
        assert!(labels("DIAGNOSIS:\nA. RENAL CELL CARCINOMA, 4 CM.\nB. FUHRMAN GRADE 2.\nC. ALL MARGINS ARE FREE.").is_empty());
        assert!(labels("1. Tumor type: Urothelial carcinoma.\n2. Grade: High.\n3. Ureteral margins: Negative.").is_empty());
        assert!(labels("A1: tumor. A2: margin. T-28000 M-80703").is_empty());
    }

    #[test]
    fn chinese_numbers_and_brackets() {
        let text = "病理诊断：1、（直肠）中分化腺癌，侵及浆膜下层，切缘未见癌。\n2、（右卵巢）囊肿，直径2cm。";
        assert_eq!(labels(text), ["1", "2"]);
        assert_eq!(specimens(text, &["margin"]), [Some("1".to_string())]);
        assert_eq!(labels("病理诊断：（左乳）浸润性导管癌；（右乳）纤维腺瘤。"), ["左乳", "右乳"]);
        assert_eq!(labels("标本1：左乳浸润性癌。\n标本2：右乳腺病。"), ["1", "2"]);
        assert!(labels("胸部CT示：1.右肺下叶占位，考虑肺癌；2.肝囊肿。").is_empty());
    }

    #[test]
    fn a_new_section_leaves_the_specimen_open() {
        let text = "DIAGNOSIS:\nA. Colon, right, resection: Adenocarcinoma.\nB. Appendix, appendectomy: Benign.\nCOMMENT:\nStage pT3 is given.";
        assert_eq!(specimens(text, &["tnm"]), [None]);
    }
}
