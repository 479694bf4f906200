//! The walk over the inputs. Folders are walked in sorted order, links are followed but never in circles; each file is opened
//! when its turn comes. Formats go by extension, by the user's word, and on standard input by the first byte that is no blank.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use encoding_rs::{Encoding, UTF_8};
use flate2::read::MultiGzDecoder;
use walkdir::WalkDir;

use super::table::Table;
use super::{Content, Failure, Format, Inputs, Line, Lines, Raw};
use crate::decode::{Guess, guess};
use crate::error::FailureKind;

/// Bytes looked at to tell the encoding of a table or of JSON Lines.
const SNIFF: usize = 64 * 1024;

/// A stream of pieces, in the order of the inputs.
pub struct Stream {
    inputs: Inputs,
    waiting: VecDeque<PathBuf>,
    walk: Option<(PathBuf, walkdir::IntoIter)>,
    open: Option<Open>,
}

/// A file or stream being read piece by piece.
enum Open {
    Lines { name: String, source: String, lines: Lines<Box<dyn BufRead + Send>>, json: bool },
    Table(Box<Table>),
    Ready(Box<Raw>),
}

impl Inputs {
    /// Opens the inputs.
    pub fn open(self) -> Stream {
        let mut waiting: VecDeque<PathBuf> = self.paths.iter().cloned().collect();
        if waiting.is_empty() {
            waiting.push_back(PathBuf::from("-"));
        }
        Stream { inputs: self, waiting, walk: None, open: None }
    }
}

impl Iterator for Stream {
    type Item = Result<Raw, Failure>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(piece) = self.from_open() {
                return Some(piece);
            }
            if let Some(result) = self.next_of_walk() {
                match result {
                    Ok((path, id)) => {
                        if let Err(failure) = self.open_file(&path, &id) {
                            return Some(Err(failure));
                        }
                    }
                    Err(failure) => return Some(Err(failure)),
                }
                continue;
            }
            let path = self.waiting.pop_front()?;
            if let Err(failure) = self.begin(path) {
                return Some(Err(failure));
            }
        }
    }
}

impl Stream {
    /// The next piece of the file that is open.
    fn from_open(&mut self) -> Option<Result<Raw, Failure>> {
        match self.open.take()? {
            Open::Ready(raw) => Some(Ok(*raw)),
            Open::Table(mut table) => {
                let piece = table.next_row();
                if piece.is_some() {
                    self.open = Some(Open::Table(table));
                }
                piece
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
                self.open = Some(Open::Lines { name, source, lines, json });
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
        let mut reader = BufReader::with_capacity(SNIFF, io::stdin());
        let format = match self.inputs.format {
            Some(format) => format,
            None => {
                let start = reader.fill_buf().map_err(|error| broken("stdin", "stdin", 0, &error))?;
                let start = start.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(start);
                if start.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{') { Format::Jsonl } else { Format::Text }
            }
        };
        self.open_reader(Box::new(reader), format, "stdin", "stdin", None)
    }

    fn open_file(&mut self, path: &Path, id: &str) -> Result<(), Failure> {
        let source = path.display().to_string();
        let fail = |error: io::Error| Failure::new(id, &source, io_kind(&error), error.to_string());
        let file = File::open(path).map_err(fail)?;
        let size = file.metadata().map_err(fail)?.len();
        if size == 0 {
            return Err(Failure::new(id, &source, FailureKind::Empty, "expected a report, found an empty file"));
        }
        let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().to_ascii_lowercase());
        let (stem, gzipped) = name.strip_suffix(".gz").map_or((name.as_str(), false), |stem| (stem, true));
        let format = self.inputs.format.unwrap_or_else(|| by_extension(stem));
        let folder = path.parent().map(|folder| Arc::new(folder.to_path_buf()));
        let reader: Box<dyn BufRead + Send> = if gzipped {
            Box::new(BufReader::with_capacity(SNIFF, MultiGzDecoder::new(BufReader::with_capacity(SNIFF, file))))
        } else {
            Box::new(BufReader::with_capacity(SNIFF, file))
        };
        self.open_reader(reader, format, id, &source, folder.filter(|_| !gzipped))
    }

    fn open_reader(
        &mut self,
        mut reader: Box<dyn BufRead + Send>,
        format: Format,
        id: &str,
        source: &str,
        folder: Option<Arc<PathBuf>>,
    ) -> Result<(), Failure> {
        let limit = self.inputs.max_report_bytes;
        if format == Format::Text {
            let mut bytes = Vec::new();
            reader.by_ref().take(limit as u64 + 1).read_to_end(&mut bytes).map_err(|error| broken(id, source, 0, &error))?;
            if bytes.len() > limit {
                return Err(Failure::new(id, source, FailureKind::TooLarge, format!("expected at most {limit} bytes a report, found more")));
            }
            self.open = Some(Open::Ready(Box::new(Raw { id: id.into(), source: source.into(), content: Content::Text(bytes, folder) })));
            return Ok(());
        }
        let reader = self.as_utf8(reader, id, source)?;
        self.open = Some(match format {
            Format::Csv | Format::Tsv => Open::Table(Box::new(Table::new(reader, format, id, source, &self.inputs)?)),
            _ => Open::Lines { name: id.into(), source: source.into(), lines: Lines::new(reader, limit), json: format == Format::Jsonl },
        });
        Ok(())
    }

    /// A reader of UTF-8 over a reader of any encoding: lines and rows can only be cut in an encoding whose line ends are single bytes.
    fn as_utf8(&self, mut reader: Box<dyn BufRead + Send>, id: &str, source: &str) -> Result<Box<dyn BufRead + Send>, Failure> {
        let mut start = vec![0u8; SNIFF];
        let mut filled = 0;
        while filled < SNIFF {
            match reader.read(&mut start[filled..]) {
                Ok(0) => break,
                Ok(count) => filled += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(broken(id, source, 0, &error)),
            }
        }
        start.truncate(filled);
        let encoding: &'static Encoding = match self.inputs.encoding {
            Some(encoding) => encoding,
            None => match guess(&start) {
                Guess::Known(encoding, _) => encoding,
                Guess::Binary => return Err(Failure::new(id, source, FailureKind::Binary, "expected text, found control bytes")),
            },
        };
        let body = match Encoding::for_bom(&start) {
            Some((marked, length)) if marked == encoding => start.split_off(length),
            _ => start,
        };
        let whole = Cursor::new(body).chain(reader);
        Ok(if encoding == UTF_8 { Box::new(whole) } else { Box::new(BufReader::with_capacity(SNIFF, Transcoder::new(whole, encoding))) })
    }
}

/// Reads an encoding as UTF-8. A byte the encoding does not have becomes U+FFFD, which the parser then refuses with its line.
struct Transcoder<R> {
    reader: R,
    decoder: encoding_rs::Decoder,
    out: Vec<u8>,
    at: usize,
    done: bool,
}

impl<R: BufRead> Transcoder<R> {
    fn new(reader: R, encoding: &'static Encoding) -> Self {
        Self { reader, decoder: encoding.new_decoder_without_bom_handling(), out: Vec::new(), at: 0, done: false }
    }
}

impl<R: BufRead> Read for Transcoder<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.at == self.out.len() && !self.done {
            let input = self.reader.fill_buf()?;
            self.done = input.is_empty();
            let length = input.len();
            self.out.resize(self.decoder.max_utf8_buffer_length(length).unwrap_or(length * 3 + 16), 0);
            let (_, _, written, _) = self.decoder.decode_to_utf8(input, &mut self.out, self.done);
            self.out.truncate(written);
            self.at = 0;
            self.reader.consume(length);
        }
        let count = buffer.len().min(self.out.len() - self.at);
        buffer[..count].copy_from_slice(&self.out[self.at..self.at + count]);
        self.at += count;
        Ok(count)
    }
}

/// The format of a lower-case file name without `.gz`.
fn by_extension(name: &str) -> Format {
    match name.rsplit('.').next() {
        Some("jsonl" | "ndjson") => Format::Jsonl,
        Some("csv") => Format::Csv,
        Some("tsv") => Format::Tsv,
        _ => Format::Text,
    }
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
        io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => FailureKind::Damaged,
        _ => FailureKind::Unreadable,
    };
    if after_line == 0 {
        return Failure::new(name, source, kind, format!("expected a whole file, found: {error}"));
    }
    let next = after_line + 1;
    Failure::new(format!("{name}#{next}"), format!("{source}:{next}"), kind, format!("expected more lines, found: {error}"))
}
