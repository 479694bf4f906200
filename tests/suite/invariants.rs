//! What must hold for any bytes, one function a stage: it panics where something does not hold. Shared by the fuzz targets (`fuzz/`), by the
//! regression inputs that they left (`tests/regressions`) and by the mutated reports, so that each is judged by the same rules.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a rule that cannot be judged is broken")]

use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, LazyLock};

use bingli::deidentify::key::Key;
use bingli::deidentify::{Deidentifier, Masked, Mode, Replacer};
use bingli::document::Document;
use bingli::findings::Extractor;
use bingli::findings::quantity::{Units, date_at, number_at};
use bingli::fold::Folded;
use bingli::lexicon::Lexicon;
use bingli::pipeline::{Pipeline, Settings};
use bingli::read::{Content, Fields, Format, Inputs};
use bingli::record::{Cue, Placed, Record};
use bingli::span::{CodePoints, Span};
use bingli::write::{TABLES, csv_rows, page};

/// Every rule by the name of its fuzz target.
pub const RULES: [(&str, fn(&[u8])); 6] =
    [("decode", decode), ("read", read), ("quantity", quantity), ("report", report), ("identifiers", identifiers), ("model", super::models::model)];

/// A word that no message may repeat from an input.
pub const SECRET: &str = "SECRETWORD";

/// What is built once.
pub struct Tools {
    pipeline: Pipeline,
    extractor: Extractor,
    deidentifier: Deidentifier,
    replacers: Vec<Replacer>,
    units: Units,
    /// Names of analytes and spellings of units, for texts that look like results.
    atoms: Vec<String>,
}

/// The tools.
pub static TOOLS: LazyLock<Tools> = LazyLock::new(|| {
    let lexicon = Arc::new(Lexicon::embedded().unwrap());
    let of = |class: &str| lexicon.vocabulary(lexicon.class(class).unwrap());
    let names = of("analyte").entries.iter().flat_map(|entry| entry.forms().map(str::to_string));
    let spellings = of("unit").entries.iter().flat_map(|entry| entry.list("spellings").map(str::to_string));
    let modes = [Mode::Tag, Mode::Mask, Mode::Surrogate, Mode::Generalise];
    Tools {
        atoms: names.chain(spellings).collect(),
        replacers: modes.into_iter().map(|mode| Replacer::new(&lexicon, mode, Some(Key::new(b"an invented key of a test"))).unwrap()).collect(),
        pipeline: Pipeline::new(Arc::clone(&lexicon), Settings { deidentify: true, with_text: true, hash_ids: None }).unwrap(),
        extractor: Extractor::new(Arc::clone(&lexicon)).unwrap(),
        deidentifier: Deidentifier::new(&lexicon).unwrap(),
        units: Units::new(&lexicon).unwrap(),
    }
});

/// A report of a text.
pub fn document(text: &str) -> Document {
    Document { id: "one".into(), source: "one".into(), text: text.into(), encoding: "utf-8".into(), ..Document::default() }
}

/// Any bytes are a text of one encoding or an error with a place; the folded text leads back to the text.
pub fn decode(bytes: &[u8]) {
    const LABELS: [&str; 8] = ["utf-8", "gb18030", "big5", "utf-16le", "utf-16be", "windows-1252", "shift_jis", "euc-kr"];
    let Some((first, body)) = bytes.split_first() else { return };
    let forced = bingli::decode::by_name(LABELS[usize::from(*first) % LABELS.len()]).unwrap();
    for encoding in [None, Some(forced)] {
        match bingli::decode::decode(body, encoding) {
            Ok(decoded) if decoded.encoding == encoding_rs::UTF_8 => {
                assert_eq!(decoded.text.as_bytes(), body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body), "no byte is replaced");
                folds(&decoded.text);
            }
            Ok(decoded) => folds(&decoded.text),
            Err(error) => assert!(!error.what.is_empty()),
        }
    }
}

fn folds(text: &str) {
    let folded = Folded::new(text);
    let points = CodePoints::new(text);
    let mut last = 0;
    for (at, character) in folded.text().char_indices() {
        let span = folded.to_original(Span::new(at, at + character.len_utf8()), text);
        assert!(text.get(span.start..span.end).is_some_and(|written| !written.is_empty()), "a folded character came from a written one");
        assert!(span.start >= last, "the fold keeps the order");
        last = span.start;
    }
    for (count, (at, _)) in text.char_indices().enumerate().step_by(7) {
        assert_eq!(points.at(text, at), count);
    }
    let sentences = bingli::sentence::sentences(&folded, text);
    assert!(tiles(sentences.iter().copied(), folded.text().len()), "sentences tile the text");
}

fn tiles(spans: impl Iterator<Item = Span>, length: usize) -> bool {
    let mut at = 0;
    for span in spans {
        if span.start != at {
            return false;
        }
        at = span.end;
    }
    at == length
}

/// The names that the reader is given files under: every kind it knows by its extension, some gzipped, and one it does not know.
const KINDS: [&str; 24] = [
    "txt",
    "jsonl",
    "csv",
    "tsv",
    "txt.gz",
    "jsonl.gz",
    "csv.gz",
    "zip",
    "tar",
    "tar.gz",
    "tgz",
    "docx",
    "xlsx",
    "html",
    "hl7",
    "xml",
    "json",
    "zst",
    "jsonl.zst",
    "tar.zst",
    "eml",
    "rtf",
    "pdf",
    "lines",
];

/// A file of any kind is read to its end: pieces within the limit, documents with text, failures that say why and repeat nothing.
pub fn read(bytes: &[u8]) {
    const LIMIT: usize = 4096;
    let Some((first, body)) = bytes.split_first() else { return };
    let kind = KINDS[usize::from(*first) % KINDS.len()];
    let path: PathBuf = std::env::temp_dir().join(format!("bingli-{}-{:?}.{kind}", std::process::id(), std::thread::current().id()));
    fs::write(&path, body).unwrap();
    let format = (kind == "lines").then_some(Format::Lines);
    let inputs = Inputs { paths: vec![path.clone()], format, encoding: None, fields: Fields::default(), max_report_bytes: LIMIT };
    let parser = inputs.parser();
    let mut count = 0usize;
    let judge = |failure: &bingli::read::Failure| {
        assert!(!failure.reason.is_empty() && !failure.id.is_empty());
        assert!(!failure.reason.contains(SECRET), "a message holds text of the input");
    };
    for piece in inputs.open() {
        count += 1;
        assert!(count <= 100_000, "a small file holds no end of reports");
        match piece {
            Err(failure) => judge(&failure),
            Ok(raw) => {
                if let Content::Text(bytes, _) | Content::Json(bytes) = &raw.content {
                    assert!(bytes.len() <= LIMIT, "no piece is larger than the limit");
                }
                for parsed in parser.parse(raw) {
                    match parsed {
                        Ok(document) => assert!(!document.text.trim().is_empty() || !document.results.is_empty(), "a document says something"),
                        Err(failure) => judge(&failure),
                    }
                }
            }
        }
    }
    fs::remove_file(&path).unwrap();
}

/// A text out of names of analytes, units, digits and signs: numbers, dates and units end where characters end, results have their words.
pub fn quantity(bytes: &[u8]) {
    let mut text = String::new();
    let mut bytes = bytes.iter().take(600);
    while let Some(byte) = bytes.next() {
        match *byte {
            0x20..=0x7E | b'\n' => text.push(char::from(*byte)),
            0x80..=0xBF => text.push(char::from(b"0123456789.,-/%^:;()"[usize::from(*byte) % 20])),
            _ => {
                let index = usize::from(*byte) << 8 | usize::from(*bytes.next().unwrap_or(&0));
                text.push_str(&TOOLS.atoms[index % TOOLS.atoms.len()]);
            }
        }
    }
    let folded = Folded::new(&text);
    let plain = folded.text();
    for (at, _) in plain.char_indices() {
        for wide in [true, false] {
            if let Some(number) = number_at(plain, at, |_| wide) {
                assert!(number.span.start >= at && !number.span.of(plain).is_empty());
                assert!(number.value.is_finite());
            }
        }
        if let Some(length) = date_at(plain, at) {
            assert!(length > 0 && plain.is_char_boundary(at + length));
        }
        if let Some(unit) = TOOLS.units.at(plain, at, |_| false) {
            assert!(unit.span.start >= at && !unit.span.of(plain).is_empty());
        }
    }
    record_of(&text);
}

/// Any text gives a record whose places are places of the text.
pub fn report(bytes: &[u8]) {
    record_of(&String::from_utf8_lossy(&bytes[..bytes.len().min(6000)]));
}

/// The record of a text, judged.
pub fn record_of(text: &str) -> Record {
    let record = TOOLS.pipeline.record(&document(text));
    judge(text, &record);
    record
}

/// What holds for a record of a text.
pub fn judge(text: &str, record: &Record) {
    let masked: Vec<char> = record.text.as_deref().unwrap().chars().collect();
    let written: Vec<char> = text.chars().collect();
    assert_eq!(masked.len(), written.len(), "masks keep the length");
    assert_eq!(record.quality.characters, written.len());
    let mut removed = vec![false; written.len()];
    let mut last = 0;
    for redaction in &record.redactions {
        assert!(last <= redaction.original_start && redaction.original_start < redaction.original_end && redaction.original_end <= written.len());
        last = redaction.original_end;
        removed[redaction.original_start..redaction.original_end].fill(true);
        assert!(redaction.replacement.chars().count() == redaction.original_end - redaction.original_start);
    }
    for (at, removed) in removed.into_iter().enumerate() {
        assert_eq!(masked[at], if removed { '*' } else { written[at] }, "what is no identifier stays, what is one goes");
    }
    let stands = |start: usize, end: usize, own: &str| {
        assert!(start <= end && end <= masked.len(), "a place lies in the text");
        assert!(own.chars().eq(masked[start..end].iter().copied()), "the words of a value are those at its place");
    };
    fn judge_placed<T>(placed: &[Placed<T>], stands: &dyn Fn(usize, usize, &str)) {
        for one in placed {
            assert!(one.start < one.end, "a value has words");
            stands(one.start, one.end, &one.text);
            for Cue { start, end, text } in &one.cues {
                stands(*start, *end, text);
            }
        }
    }
    judge_placed(&record.labs, &stands);
    judge_placed(&record.findings, &stands);
    if let (Some(first), Some(end)) = (record.sections.first(), record.sections.last()) {
        let before: String = written[..first.start].iter().collect();
        assert!(Folded::new(&before).text().is_empty(), "sections begin with the text, but for signs that nobody sees");
        assert!(end.end <= masked.len());
        assert!(record.sections.windows(2).all(|pair| pair[0].end <= pair[1].start && pair[0].start <= pair[0].end), "sections follow each other");
    }
    for label in &record.labels {
        assert!(label.evidence.iter().all(|evidence| evidence.end.is_none_or(|end| end <= masked.len())));
    }
    let line = serde_json::to_string(record).unwrap();
    assert!(!line.contains('\n'), "a record is one line");
    for (_, table) in TABLES {
        let rows = csv_rows(table, record);
        assert!(rows.is_empty() || rows.ends_with(b"\n"));
    }
    let html = page(record);
    assert!(!html.is_empty());
}

/// Identifiers are sorted, apart and whole; each way of replacing them leaves all else as it was.
pub fn identifiers(bytes: &[u8]) {
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(6000)]).into_owned();
    let document = document(&text);
    let reading = TOOLS.extractor.read(&document);
    let found = TOOLS.deidentifier.find(&reading);
    let mut last = 0;
    for identifier in &found {
        assert!(identifier.span.start >= last && !identifier.span.of(&text).is_empty(), "identifiers are sorted, apart and whole");
        last = identifier.span.end;
    }
    let masked = Masked::new(&text, &found).whole();
    assert_eq!(masked.chars().count(), text.chars().count());
    for replacer in &TOOLS.replacers {
        let (out, replacements) = replacer.replace(&document, &found);
        assert_eq!(replacements.len(), found.len());
        let (mut rest, mut at) = (out.as_str(), 0);
        for replacement in &replacements {
            let kept = &text[at..replacement.identifier.span.start];
            rest = rest.strip_prefix(kept).and_then(|rest| rest.strip_prefix(replacement.with.as_str())).expect("only identifiers change");
            at = replacement.identifier.span.end;
        }
        assert_eq!(rest, &text[at..]);
    }
    for age in TOOLS.deidentifier.ages(&reading) {
        assert!(!age.span.of(&text).is_empty());
    }
}
