//! The walk over the inputs. Folders are walked in sorted order, links are followed but never in circles; each file is opened
//! when its turn comes, and what it contains is opened on top of it: one file of an archive at a time.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use flate2::read::MultiGzDecoder;
use walkdir::WalkDir;

use super::archive::{Archive, Held};
use super::budget::{self, Budget, Counted, Frames, Limited, MAX_DEPTH};
use super::format::{Format, inner_name};
use super::messages::Messages;
use super::sheet::Workbook;
use super::table::Table;
use super::transcode::{SNIFF, as_utf8};
use super::{Content, Failure, Inputs, Line, Lines, Raw};
use crate::error::FailureKind;

/// What must be held whole and is no report: a workbook or an archive within an archive, a bundle of messages.
const MAX_HELD: usize = 64_000_000;

type Bytes = Box<dyn BufRead + Send>;

/// A stream of pieces, in the order of the inputs.
pub struct Stream {
    inputs: Inputs,
    waiting: VecDeque<PathBuf>,
    walk: Option<(PathBuf, walkdir::IntoIter)>,
    open: Vec<Open>,
    /// What the outermost file that is open may unfold to.
    budget: Arc<Budget>,
}

/// A file or stream being read piece by piece.
enum Open {
    Lines { name: String, source: String, lines: Lines<Bytes>, json: bool },
    Table(Box<Table>),
    Workbook(Box<Workbook>),
    Messages(Box<Messages>),
    Ready(Box<Raw>),
    Archive { archive: Archive, id: String, source: String, depth: usize },
}

/// Where bytes come from.
struct Origin {
    id: String,
    source: String,
    /// Its name for telling the format, lower case.
    name: String,
    /// The file, where the bytes are those of one.
    path: Option<PathBuf>,
    /// The folder whose majority decides an unsure encoding.
    folder: Option<Arc<PathBuf>>,
    depth: usize,
}

impl Origin {
    fn fail(&self, kind: FailureKind, what: impl Into<String>) -> Failure {
        Failure::new(&self.id, &self.source, kind, what)
    }

    fn broken(&self, error: &io::Error) -> Failure {
        broken(&self.id, &self.source, 0, error)
    }
}

impl Inputs {
    /// Opens the inputs.
    pub fn open(self) -> Stream {
        let mut waiting: VecDeque<PathBuf> = self.paths.iter().cloned().collect();
        if waiting.is_empty() {
            waiting.push_back(PathBuf::from("-"));
        }
        Stream { inputs: self, waiting, walk: None, open: Vec::new(), budget: Budget::new(0) }
    }
}

impl Iterator for Stream {
    type Item = Result<Raw, Failure>;

    fn next(&mut self) -> Option<Self::Item> {
        let piece = self.advance()?;
        // What a spent budget stopped is left as a whole.
        if piece.is_err() && self.budget.is_spent() {
            self.open.clear();
        }
        Some(piece)
    }
}

impl Stream {
    fn advance(&mut self) -> Option<Result<Raw, Failure>> {
        loop {
            while let Some(top) = self.open.pop() {
                if let Some(piece) = self.from_open(top) {
                    return Some(piece);
                }
            }
            if let Some(result) = self.next_of_walk() {
                match result.and_then(|(path, id)| self.open_file(&path, &id)) {
                    Ok(()) => continue,
                    Err(failure) => return Some(Err(failure)),
                }
            }
            let path = self.waiting.pop_front()?;
            if let Err(failure) = self.begin(path) {
                return Some(Err(failure));
            }
        }
    }

    /// The next piece of what was on top, which is put back where it holds more; `None` where it had none or opened what lies in it.
    fn from_open(&mut self, top: Open) -> Option<Result<Raw, Failure>> {
        match top {
            Open::Ready(raw) => Some(Ok(*raw)),
            Open::Table(mut table) => {
                let piece = table.next_row()?;
                self.open.push(Open::Table(table));
                Some(piece)
            }
            Open::Workbook(mut book) => {
                let piece = book.next_row(&self.inputs)?;
                self.open.push(Open::Workbook(book));
                Some(piece)
            }
            Open::Messages(mut messages) => {
                let piece = messages.next_message(self.inputs.max_report_bytes)?;
                self.open.push(Open::Messages(messages));
                Some(piece)
            }
            Open::Archive { mut archive, id, source, depth } => {
                let member = archive.next_member()?;
                let member = match member {
                    Ok(member) => member,
                    Err(error) => return Some(Err(broken(&id, &source, 0, &error))),
                };
                let name = member.name.rsplit('/').next().unwrap_or_default().to_lowercase();
                let place = |root: &str| format!("{root}/{}", member.name);
                let origin = Origin { id: place(&id), source: place(&source), name, path: None, folder: None, depth };
                self.open.push(Open::Archive { archive, id, source, depth });
                let result = match member.content {
                    Ok(reader) => {
                        let limited = Limited(reader, Arc::clone(&self.budget));
                        self.open_bytes(Box::new(BufReader::with_capacity(SNIFF, limited)), origin)
                    }
                    Err((kind, what)) => Err(origin.fail(kind, what)),
                };
                result.err().map(Err)
            }
            Open::Lines { name, source, mut lines, json } => loop {
                let line = lines.next_line();
                let number = lines.number();
                let place = format!("{source}:{number}");
                let id = format!("{name}#{number}");
                let piece = match line {
                    Ok(None) => return None,
                    Ok(Some(Line::Whole(line))) if line.iter().all(u8::is_ascii_whitespace) => continue,
                    Ok(Some(Line::Whole(line))) => {
                        let content = if json { Content::Json(line) } else { Content::Text(line, None) };
                        Ok(Raw { id, source: place, content })
                    }
                    Ok(Some(Line::TooLong)) => {
                        let limit = self.inputs.max_report_bytes;
                        Err(Failure::new(id, place, FailureKind::TooLarge, format!("expected at most {limit} bytes a line, found more")))
                    }
                    Err(error) => return Some(Err(broken(&name, &source, number, &error))),
                };
                self.open.push(Open::Lines { name, source, lines, json });
                return Some(piece);
            },
        }
    }

    /// The next file of the folder being walked, with its id.
    fn next_of_walk(&mut self) -> Option<Result<(PathBuf, String), Failure>> {
        let (root, walk) = self.walk.as_mut()?;
        for entry in walk.by_ref() {
            match entry {
                Ok(entry) if entry.file_type().is_file() => {
                    let id = below(root, entry.path());
                    return Some(Ok((entry.into_path(), id)));
                }
                Ok(_) => {}
                Err(error) => {
                    let path = error.path().map_or_else(|| root.clone(), Path::to_path_buf);
                    let id = below(root, &path);
                    let source = path.display().to_string();
                    if error.loop_ancestor().is_some() {
                        return Some(Err(Failure::new(id, source, FailureKind::Unreadable, "a link that leads back to a folder above it")));
                    }
                    let what = error.into_io_error().unwrap_or_else(|| io::Error::other("the folder cannot be walked"));
                    return Some(Err(Failure::new(id, source, io_kind(&what), what.to_string())));
                }
            }
        }
        self.walk = None;
        None
    }

    fn begin(&mut self, path: PathBuf) -> Result<(), Failure> {
        if path.as_os_str() == "-" {
            return self.open_stdin();
        }
        if path.is_dir() {
            let walk = WalkDir::new(&path).follow_links(true).sort_by_file_name().into_iter();
            self.walk = Some((path, walk));
            return Ok(());
        }
        let id = path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned());
        self.open_file(&path, &id)
    }

    fn open_stdin(&mut self) -> Result<(), Failure> {
        self.budget = Budget::new(0);
        let mut reader = BufReader::with_capacity(SNIFF, Counted(io::stdin(), Arc::clone(&self.budget)));
        let origin = Origin { id: "stdin".into(), source: "stdin".into(), name: "stdin".into(), path: None, folder: None, depth: 0 };
        let start = reader.fill_buf().map_err(|error| origin.broken(&error))?;
        let text = start.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(start);
        let json = text.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{');
        // An object that goes on in the next line is one value; otherwise lines, of which the first may be longer than what is seen.
        let first = text.trim_ascii_start().split(|byte| *byte == b'\n').next().unwrap_or_default().trim_ascii();
        let name = match (json, first) {
            (true, b"{") => "stdin.json",
            (true, _) => "stdin.jsonl",
            _ => "stdin",
        };
        self.open_bytes(Box::new(reader), Origin { name: name.into(), ..origin })
    }

    fn open_file(&mut self, path: &Path, id: &str) -> Result<(), Failure> {
        let source = path.display().to_string();
        let fail = |error: io::Error| Failure::new(id, &source, io_kind(&error), error.to_string());
        let file = File::open(path).map_err(fail)?;
        let size = file.metadata().map_err(fail)?.len();
        if size == 0 {
            return Err(Failure::new(id, &source, FailureKind::Empty, "expected a report, found an empty file"));
        }
        self.budget = Budget::new(size);
        let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().to_lowercase());
        let folder = path.parent().map(|folder| Arc::new(folder.to_path_buf()));
        let origin = Origin { id: id.into(), source, name, path: Some(path.to_path_buf()), folder, depth: 0 };
        self.open_bytes(Box::new(BufReader::with_capacity(SNIFF, file)), origin)
    }

    /// Opens bytes by their format; what they contain is opened when its turn comes.
    fn open_bytes(&mut self, mut reader: Bytes, origin: Origin) -> Result<(), Failure> {
        let start = reader.fill_buf().map_err(|error| origin.broken(&error))?;
        if start.is_empty() {
            return Err(origin.fail(FailureKind::Empty, "expected a report, found an empty file"));
        }
        let format = Format::of(&origin.name, start, self.inputs.format);
        if format.is_container() && origin.depth >= MAX_DEPTH {
            return Err(origin.fail(FailureKind::Limit, format!("expected archives at most {MAX_DEPTH} deep, found another within")));
        }
        let limit = self.inputs.max_report_bytes;
        let open = match format {
            Format::Gzip | Format::Zstd => {
                let plain: Box<dyn Read + Send> = if format == Format::Gzip { Box::new(MultiGzDecoder::new(reader)) } else { Box::new(Frames::new(reader)) };
                let limited = BufReader::with_capacity(SNIFF, Limited(plain, Arc::clone(&self.budget)));
                let origin = Origin { name: inner_name(&origin.name), path: None, folder: None, depth: origin.depth + 1, ..origin };
                return self.open_bytes(Box::new(limited), origin);
            }
            Format::Zip => {
                let held = held(reader, &origin, MAX_HELD)?;
                let archive = Archive::zip(held).map_err(|error| origin.broken(&error))?;
                Open::Archive { archive, id: origin.id, source: origin.source, depth: origin.depth + 1 }
            }
            Format::Tar => Open::Archive { archive: Archive::tar(reader), id: origin.id, source: origin.source, depth: origin.depth + 1 },
            Format::Foreign(what) => return Err(origin.fail(FailureKind::Unsupported, format!("expected a format that is read here, found {what}"))),
            Format::Compound => {
                let bytes = whole(reader, &origin, limit.max(MAX_HELD))?;
                return Err(compound(&bytes, &origin));
            }
            Format::Xlsx => Open::Workbook(Box::new(Workbook::open(&held(reader, &origin, MAX_HELD)?, &origin.id, &origin.source)?)),
            Format::Docx => ready(Content::Docx(held(reader, &origin, limit)?), origin),
            Format::Pdf => ready(Content::Pdf(held(reader, &origin, limit)?), origin),
            Format::Html => ready(Content::Html(whole(reader, &origin, limit)?), origin),
            Format::Xml => ready(Content::Xml(whole(reader, &origin, limit)?), origin),
            Format::Text => {
                let bytes = whole(reader, &origin, limit)?;
                let folder = origin.folder.clone();
                ready(Content::Text(bytes, folder), origin)
            }
            Format::Hl7 => Open::Messages(Box::new(Messages::new(reader, origin.id, origin.source))),
            Format::Json => {
                let reader = self.as_utf8(reader, &origin)?;
                json(reader, origin, limit)?
            }
            Format::Csv | Format::Tsv => {
                let reader = self.as_utf8(reader, &origin)?;
                Open::Table(Box::new(Table::new(reader, format, &origin.id, &origin.source, &self.inputs)?))
            }
            Format::Lines | Format::Jsonl => {
                let reader = self.as_utf8(reader, &origin)?;
                Open::Lines { name: origin.id, source: origin.source, lines: Lines::new(reader, limit), json: format == Format::Jsonl }
            }
        };
        self.open.push(open);
        Ok(())
    }

    fn as_utf8(&self, reader: Bytes, origin: &Origin) -> Result<Bytes, Failure> {
        match as_utf8(reader, self.inputs.encoding) {
            Ok(Some(reader)) => Ok(reader),
            Ok(None) => Err(origin.fail(FailureKind::Binary, "expected text, found control bytes")),
            Err(error) => Err(origin.broken(&error)),
        }
    }
}

fn ready(content: Content, origin: Origin) -> Open {
    Open::Ready(Box::new(Raw { id: origin.id, source: origin.source, content }))
}

/// The bytes, where they are no more than the limit.
fn whole(mut reader: Bytes, origin: &Origin, limit: usize) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    reader.by_ref().take(limit as u64 + 1).read_to_end(&mut bytes).map_err(|error| origin.broken(&error))?;
    if bytes.len() > limit {
        return Err(origin.fail(FailureKind::TooLarge, format!("expected at most {limit} bytes a report, found more")));
    }
    Ok(bytes)
}

/// The file itself, or its bytes where it lies in an archive.
fn held(reader: Bytes, origin: &Origin, limit: usize) -> Result<Held, Failure> {
    match &origin.path {
        Some(path) => Ok(Held::Path(path.clone())),
        None => Ok(Held::Memory(whole(reader, origin, limit)?.into())),
    }
}

/// One JSON value, or JSON Lines where the first line is a whole value and not the last.
fn json(mut reader: Bytes, origin: Origin, limit: usize) -> Result<Open, Failure> {
    let start = reader.fill_buf().map_err(|error| origin.broken(&error))?;
    let mut lines = start.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
    let first = lines.next().unwrap_or_default();
    if lines.next().is_some() && serde_json::from_slice::<serde::de::IgnoredAny>(first).is_ok() {
        return Ok(Open::Lines { name: origin.id, source: origin.source, lines: Lines::new(reader, limit), json: true });
    }
    let bytes = whole(reader, &origin, limit.max(MAX_HELD))?;
    Ok(ready(Content::Value(bytes), origin))
}

/// What a file in the container of old office formats is.
fn compound(bytes: &[u8], origin: &Origin) -> Failure {
    let utf16: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    if memchr::memmem::find(bytes, &utf16).is_some() {
        return origin.fail(FailureKind::Encrypted, "expected an office file without a password, found an encrypted one");
    }
    origin.fail(FailureKind::Unsupported, "expected a .docx or .xlsx file, found an office file of an old format; save it anew")
}

/// A path below a root, with `/` between its parts.
fn below(root: &Path, path: &Path) -> String {
    let rest = path.strip_prefix(root).unwrap_or(path);
    let parts: Vec<_> = rest.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
    if parts.is_empty() { root.display().to_string() } else { parts.join("/") }
}

fn io_kind(error: &io::Error) -> FailureKind {
    match error.kind() {
        io::ErrorKind::NotFound => FailureKind::Missing,
        _ => FailureKind::Unreadable,
    }
}

/// A stream that ends too soon or is damaged.
fn broken(name: &str, source: &str, after_line: usize, error: &io::Error) -> Failure {
    let kind = match error.kind() {
        io::ErrorKind::QuotaExceeded => return Failure::new(name, source, FailureKind::Limit, budget::reason()),
        io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => FailureKind::Damaged,
        _ => FailureKind::Unreadable,
    };
    if after_line == 0 {
        return Failure::new(name, source, kind, format!("expected a whole file, found: {error}"));
    }
    let next = after_line + 1;
    Failure::new(format!("{name}#{next}"), format!("{source}:{next}"), kind, format!("expected more lines, found: {error}"))
}
