//! The text of an Office Open XML document: headers, body, notes, footers; paragraphs are lines, cells stand between tabs. What is deleted
//! under revision is left out, what is inserted is read. Numbers that a program makes for lists are not in the file and not in the text.

use std::io::Read;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

use super::archive::{Held, Seekable};
use super::markup::reference;
use crate::error::FailureKind;

/// XML may be so many times as long as the text that it may hold.
const MARKUP: u64 = 16;
/// Elements whose content is no text of the document: deleted, moved away, instructions, and the same box for older programs.
const SILENT: [&str; 7] = ["del", "moveFrom", "instrText", "Fallback", "delText", "rubyPr", "rt"];

/// The text of a document that holds at most `limit` bytes of it.
///
/// # Errors
/// What kind of failure, and what was found.
pub(super) fn text(held: &Held, limit: usize) -> Result<String, (FailureKind, String)> {
    let damaged = |_| (FailureKind::Damaged, "expected a .docx document, found no whole ZIP archive".to_string());
    let mut zip = ZipArchive::new(held.open().map_err(|error| (FailureKind::Unreadable, error.to_string()))?).map_err(|_| damaged(()))?;
    let names: Vec<String> = (0..zip.len()).filter_map(|index| Some(zip.name_for_index(index)?.ok()?.into_owned())).collect();
    let main = main_part(&mut zip, &names, limit)?;
    let folder = main.rsplit_once('/').map_or("", |(folder, _)| folder).to_string();
    let of = |kind: &str| {
        let mut parts: Vec<String> = names
            .iter()
            .filter(|name| name.rsplit_once('/').is_some_and(|(own, file)| own == folder && file.starts_with(kind) && file.ends_with(".xml")))
            .cloned()
            .collect();
        parts.sort_by_key(|name| (name.len(), name.clone()));
        parts
    };
    let mut out = String::new();
    let mut seen = Vec::new();
    for (kind, parts) in [("header", of("header")), ("", vec![main]), ("footnotes", of("footnotes")), ("endnotes", of("endnotes")), ("footer", of("footer"))] {
        for part in parts {
            let own = paragraphs(&read(&mut zip, &part, limit)?)
                .map_err(|at| (FailureKind::Damaged, format!("byte {at} of a part: expected well-formed XML, found something else")))?;
            // The first page and the even ones often repeat the same line.
            if kind.is_empty() || !own.trim().is_empty() && !seen.contains(&own) {
                out.push_str(&own);
                seen.push(own);
            }
            if out.len() > limit {
                return Err((FailureKind::TooLarge, format!("expected at most {limit} bytes a report, found more")));
            }
        }
    }
    Ok(out)
}

type Zip = ZipArchive<Box<dyn Seekable>>;

fn read(zip: &mut Zip, part: &str, limit: usize) -> Result<String, (FailureKind, String)> {
    let damaged = || (FailureKind::Damaged, "expected a part of the document, found none or a damaged one".to_string());
    let mut file = zip.by_name(part).map_err(|error| match error {
        zip::result::ZipError::UnsupportedArchive(_) => (FailureKind::Encrypted, "expected an office file without a password, found an encrypted one".into()),
        _ => damaged(),
    })?;
    let most = limit as u64 * MARKUP;
    let mut bytes = Vec::new();
    file.by_ref().take(most + 1).read_to_end(&mut bytes).map_err(|_| damaged())?;
    if bytes.len() as u64 > most {
        return Err((FailureKind::Limit, format!("expected at most {most} bytes of markup, found more")));
    }
    crate::decode::decode(&bytes, None).map(|decoded| decoded.text).map_err(|_| damaged())
}

/// The part that the package names as its document.
fn main_part(zip: &mut Zip, names: &[String], limit: usize) -> Result<String, (FailureKind, String)> {
    let usual = "word/document.xml";
    if names.iter().any(|name| name == usual) {
        return Ok(usual.into());
    }
    let relations = if names.iter().any(|name| name == "_rels/.rels") { read(zip, "_rels/.rels", limit)? } else { String::new() };
    let mut reader = Reader::from_str(&relations);
    while let Ok(event) = reader.read_event() {
        match event {
            Event::Empty(tag) | Event::Start(tag) if attribute(&tag, "Type").is_some_and(|kind| kind.ends_with("/officeDocument")) => {
                let target = attribute(&tag, "Target").unwrap_or_default();
                let target = target.trim_start_matches('/').to_string();
                if names.contains(&target) && !target.starts_with("xl/") && !target.starts_with("ppt/") {
                    return Ok(target);
                }
            }
            Event::Eof => break,
            _ => {}
        }
    }
    Err((FailureKind::Malformed, "expected a text document in the office file, found none".into()))
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    tag.attributes().flatten().find(|one| one.key.local_name().as_ref() == name).map(|one| one.value.to_string())
}

/// The paragraphs of a part.
///
/// # Errors
/// The byte where it is not well-formed.
fn paragraphs(xml: &str) -> Result<String, u64> {
    let mut reader = Reader::from_str(xml);
    let mut page = Page::default();
    loop {
        let at = reader.buffer_position();
        match reader.read_event().map_err(|_| at)? {
            Event::Eof => break,
            Event::Start(tag) => page.start(&tag),
            Event::Empty(tag) => {
                page.start(&tag);
                page.end(tag.local_name().as_ref());
            }
            Event::End(tag) => page.end(tag.local_name().as_ref()),
            Event::Text(words) if page.in_text() => page.push(&words.xml10_content()),
            Event::CData(words) if page.in_text() => page.push(&words.xml10_content()),
            Event::GeneralRef(name) if page.in_text() => page.push(&reference(&name)),
            _ => {}
        }
    }
    if page.open > 0 {
        return Err(xml.len() as u64);
    }
    page.out.push_str(&page.line);
    Ok(page.out)
}

/// A part being read.
#[derive(Debug, Default)]
struct Page {
    out: String,
    /// The paragraph that is open.
    line: String,
    /// Paragraphs around a box that stands in them.
    outer: Vec<(String, Vec<usize>)>,
    /// Where the cells of the rows that are open begin in `out`.
    cells: Vec<usize>,
    texts: usize,
    silent: usize,
    open: usize,
}

impl Page {
    const fn in_text(&self) -> bool {
        self.texts > 0 && self.silent == 0
    }

    fn push(&mut self, words: &str) {
        self.line.push_str(words);
    }

    fn start(&mut self, tag: &BytesStart<'_>) {
        let name = tag.local_name();
        let name = name.as_ref();
        self.open += 1;
        if SILENT.contains(&name) {
            self.silent += 1;
        }
        if self.silent > 0 {
            return;
        }
        match name {
            "t" => self.texts += 1,
            "tab" | "ptab" => self.tab(),
            "br" | "cr" => self.push("\n"),
            "noBreakHyphen" => self.push("-"),
            "sym" => self.push(symbol(attribute(tag, "char").as_deref().unwrap_or(""))),
            "txbxContent" => self.outer.push((std::mem::take(&mut self.line), std::mem::take(&mut self.cells))),
            "tc" => self.cells.push(self.out.len()),
            _ => {}
        }
    }

    /// A tab in a line; the same element also names the stops of a style.
    fn tab(&mut self) {
        if self.texts == 0 {
            self.push("\t");
        }
    }

    fn end(&mut self, name: &str) {
        self.open = self.open.saturating_sub(1);
        if self.silent > 0 {
            self.silent -= usize::from(SILENT.contains(&name));
            return;
        }
        match name {
            "t" => self.texts = self.texts.saturating_sub(1),
            // The stops of a paragraph's style came as tabs before any text.
            "pPr" | "rPr" => self.line.truncate(self.line.trim_end_matches('\t').len()),
            "p" => {
                let line = std::mem::take(&mut self.line);
                self.out.push_str(&line);
                self.out.push('\n');
            }
            "txbxContent" => {
                let own = std::mem::take(&mut self.line);
                self.out.push_str(&own);
                if let Some((line, cells)) = self.outer.pop() {
                    (self.line, self.cells) = (line, cells);
                }
            }
            "tc" => {
                let from = self.cells.pop().unwrap_or(0).min(self.out.len());
                let length = self.out.get(from..).map_or(0, |cell| cell.trim_end_matches('\n').len());
                self.out.truncate(from + length);
                self.out.push('\t');
            }
            "tr" => {
                if self.out.ends_with('\t') {
                    self.out.pop();
                }
                self.out.push('\n');
            }
            _ => {}
        }
    }
}

/// A sign of the fonts of symbols, where it is a box or a tick.
fn symbol(code: &str) -> &'static str {
    match code.to_ascii_uppercase().as_str() {
        "F0FE" | "F052" | "F0FD" => "☑",
        "F0A8" | "F06F" | "F071" => "☐",
        "F0FC" => "✓",
        "F0FB" => "✗",
        "F0B3" => "≥",
        "F0A3" => "≤",
        "F0B1" => "±",
        "F06D" => "μ",
        "F0B4" => "×",
        _ => " ",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_cells_boxes_and_revisions() {
        let body = "<w:document xmlns:w='w' xmlns:mc='m'><w:body><w:p><w:pPr><w:tabs><w:tab w:val='left'/></w:tabs></w:pPr><w:r><w:t>Site: A</w:t><w:tab/><w:t xml:space='preserve'>&lt;2 </w:t></w:r>\
            <w:del><w:r><w:delText>old</w:delText></w:r></w:del><w:ins><w:r><w:t>new</w:t></w:r></w:ins></w:p>\
            <w:tbl><w:tr><w:tc><w:p><w:r><w:t>Hb</w:t></w:r></w:p></w:tc><w:tc><w:p/></w:tc><w:tc><w:p><w:r><w:t>84</w:t><w:br/><w:t>x</w:t></w:r></w:p></w:tc></w:tr></w:tbl>\
            <w:p><w:r><mc:AlternateContent><mc:Choice><w:txbxContent><w:p><w:r><w:t>box</w:t></w:r></w:p></w:txbxContent></mc:Choice>\
            <mc:Fallback><w:txbxContent><w:p><w:r><w:t>box</w:t></w:r></w:p></w:txbxContent></mc:Fallback></mc:AlternateContent><w:t>after</w:t></w:r></w:p></w:body></w:document>";
        assert_eq!(paragraphs(body).unwrap(), "Site: A\t<2 new\nHb\t\t84\nx\nbox\nafter\n");
        assert!(paragraphs("<w:p><w:t>cut").is_err());
    }
}
