//! How bytes hold reports: by the user's word, by the extension, by the first bytes. What lies in archives and compressed files is told apart
//! the same way. Bytes that show a format without text of its own kind go before the extension.

/// How bytes hold reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// One report a file.
    Text,
    /// One report a line.
    Lines,
    /// One JSON object a line.
    Jsonl,
    /// One JSON value: an object, an array of objects, or JSON Lines by another name.
    Json,
    /// A table with a header, separated by commas.
    Csv,
    /// A table with a header, separated by tabs.
    Tsv,
    /// Office Open XML, a text.
    Docx,
    /// Office Open XML, a workbook whose sheets are tables.
    Xlsx,
    /// A page.
    Html,
    /// XML, read for its text.
    Xml,
    /// PDF.
    Pdf,
    /// HL7 v2 messages.
    Hl7,
    /// Files in a ZIP archive.
    Zip,
    /// Files in a TAR archive.
    Tar,
    /// One file compressed by gzip.
    Gzip,
    /// One file compressed by Zstandard.
    Zstd,
    /// A kind of file that is known and not read; what it is.
    Foreign(&'static str),
    /// An office file in the container of old formats, which also holds encrypted new ones.
    Compound,
}

impl Format {
    /// The names of `--input-format`.
    pub const NAMES: &'static str = "text, lines, jsonl, json, csv, tsv, docx, xlsx, html, xml, pdf or hl7";

    /// The format of a name in `--input-format`.
    pub fn by_name(name: &str) -> Option<Self> {
        Some(match name {
            "text" | "txt" => Self::Text,
            "lines" => Self::Lines,
            "jsonl" | "ndjson" => Self::Jsonl,
            "json" | "fhir" => Self::Json,
            "csv" => Self::Csv,
            "tsv" => Self::Tsv,
            "docx" => Self::Docx,
            "xlsx" => Self::Xlsx,
            "html" | "htm" => Self::Html,
            "xml" => Self::Xml,
            "pdf" => Self::Pdf,
            "hl7" => Self::Hl7,
            _ => return None,
        })
    }

    /// Whether it holds other files and none of its own.
    pub const fn is_container(self) -> bool {
        matches!(self, Self::Zip | Self::Tar | Self::Gzip | Self::Zstd)
    }

    /// The format of a file, by its lower-case name and its first bytes; `wanted` is the user's word for what is no container.
    pub fn of(name: &str, start: &[u8], wanted: Option<Self>) -> Self {
        let extension = by_extension(name);
        let shown = by_start(start, extension);
        match shown {
            Some(shown) if shown.is_container() => shown,
            _ if extension.is_some_and(Self::is_container) => extension.unwrap_or(Self::Text),
            shown => wanted.or(shown).or(extension).unwrap_or(Self::Text),
        }
    }
}

/// A name without the extension of its compression: `notes.jsonl.gz` holds `notes.jsonl`, `all.tgz` holds `all.tar`.
pub(super) fn inner_name(name: &str) -> String {
    if let Some(stem) = name.strip_suffix(".tgz").or_else(|| name.strip_suffix(".tzst")) {
        return format!("{stem}.tar");
    }
    name.strip_suffix(".gz").or_else(|| name.strip_suffix(".zst")).unwrap_or(name).to_string()
}

fn by_extension(name: &str) -> Option<Format> {
    Some(match name.rsplit_once('.')?.1 {
        "jsonl" | "ndjson" => Format::Jsonl,
        "json" | "fhir" => Format::Json,
        "csv" => Format::Csv,
        "tsv" => Format::Tsv,
        "docx" | "docm" => Format::Docx,
        "xlsx" | "xlsm" => Format::Xlsx,
        "html" | "htm" | "xhtml" => Format::Html,
        "xml" => Format::Xml,
        "pdf" => Format::Pdf,
        "hl7" => Format::Hl7,
        "zip" => Format::Zip,
        "tar" => Format::Tar,
        "gz" | "tgz" => Format::Gzip,
        "zst" | "tzst" => Format::Zstd,
        "rtf" => Format::Foreign("a file of Rich Text Format; save it as .docx"),
        "odt" | "ods" => Format::Foreign("an OpenDocument file; save it as .docx or .xlsx"),
        "7z" | "rar" | "xz" | "bz2" => Format::Foreign("an archive that is not read here; pack it as .zip, .tar.gz or .zst"),
        _ => return None,
    })
}

/// What the first bytes show, where they show anything.
fn by_start(start: &[u8], extension: Option<Format>) -> Option<Format> {
    let office = matches!(extension, Some(Format::Docx | Format::Xlsx | Format::Foreign(_)));
    let tar = start.get(257..262) == Some(b"ustar");
    Some(match start {
        [0x1F, 0x8B, ..] => Format::Gzip,
        [0x28, 0xB5, 0x2F, 0xFD, ..] => Format::Zstd,
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] if !office => Format::Zip,
        [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, ..] => Format::Compound,
        _ if start.starts_with(b"%PDF-") => Format::Pdf,
        _ if start.starts_with(b"{\\rtf") => Format::Foreign("a file of Rich Text Format; save it as .docx"),
        _ if start.starts_with(b"MSH|") || start.starts_with(b"\x0BMSH|") || start.starts_with(b"FHS|") || start.starts_with(b"BHS|") => Format::Hl7,
        _ if tar => Format::Tar,
        _ if extension.is_none() && is_page(start) => Format::Html,
        _ => return None,
    })
}

fn is_page(start: &[u8]) -> bool {
    let start = start.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(start).trim_ascii_start();
    [&b"<!doctype html"[..], b"<html"].iter().any(|sign| start.get(..sign.len()).is_some_and(|start| start.eq_ignore_ascii_case(sign)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_go_before_the_extension_and_the_users_word_before_what_holds_text() {
        assert_eq!(Format::of("a.txt", b"plain", None), Format::Text);
        assert_eq!(Format::of("a.txt", b"%PDF-1.7", None), Format::Pdf);
        assert_eq!(Format::of("a.docx", b"PK\x03\x04", None), Format::Docx);
        assert_eq!(Format::of("a.bin", b"PK\x03\x04", Some(Format::Text)), Format::Zip);
        assert_eq!(Format::of("a.csv", b"x,y", Some(Format::Tsv)), Format::Tsv);
        assert_eq!(Format::of("report", b"\n<!DOCTYPE html><p>", None), Format::Html);
        assert_eq!(inner_name("a.tar.gz"), "a.tar");
        assert_eq!(inner_name("a.tgz"), "a.tar");
    }
}
