//! What a batch has done so far, kept so that a kill at any instant loses nothing: every output grows in a file of its own below
//! `DIR/.bingli/`, and a journal says, a line a report, which bytes of each file are that report's.
//!
//! A journal line counts only when all its bytes are there and its checksum holds; data is always written before the journal.
//! At the end the files are renamed into place, each whole or not at all, and the journal stays beside them, so that a later
//! run takes over what has not changed.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use crate::read::{Line, Lines};
use crate::write::create;

/// The key of a report: a hash of its content and of everything that decides what is made of it.
pub type Key = [u8; 16];

/// The bytes of one report in every output, in the order of [`Store`]'s names.
pub type Pieces = Vec<Vec<u8>>;

/// Bytes buffered before data and journal are written.
const FLUSH_BYTES: usize = 1 << 20;

/// Where the pieces of a report stand in one generation of files.
#[derive(Debug, Clone)]
struct Place {
    generation: u32,
    /// Start of each piece.
    starts: Vec<u64>,
    /// Length of each piece.
    lengths: Vec<u32>,
    /// Checksum of all pieces, so that a file changed since is not believed.
    sum: u32,
}

/// The outputs of earlier runs, read only.
#[derive(Debug, Default)]
pub struct Known {
    places: HashMap<Key, Place>,
    files: Vec<Vec<Option<Mutex<File>>>>,
}

impl Known {
    /// The pieces of a report, if an earlier run made them and they are still as it left them.
    ///
    /// # Errors
    /// Where the file of the earlier run cannot be read any more.
    pub fn pieces(&self, key: &Key) -> io::Result<Option<Pieces>> {
        let Some(place) = self.places.get(key) else { return Ok(None) };
        let mut pieces = Vec::with_capacity(place.starts.len());
        for ((file, &start), &length) in self.files[place.generation as usize].iter().zip(&place.starts).zip(&place.lengths) {
            let mut piece = vec![0u8; length as usize];
            if let (Some(file), true) = (file, length > 0) {
                let mut file = file.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                file.seek(SeekFrom::Start(start))?;
                file.read_exact(&mut piece)?;
            }
            pieces.push(piece);
        }
        Ok((checksum_of(&pieces) == place.sum).then_some(pieces))
    }

    /// Number of reports known.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// Takes in one generation: its journal and its files.
    fn add(&mut self, journal: &Path, files: Vec<PathBuf>) -> io::Result<()> {
        let Ok(file) = File::open(journal) else { return Ok(()) };
        let sizes: Vec<u64> = files.iter().map(|path| fs::metadata(path).map_or(0, |data| data.len())).collect();
        let count = files.len();
        let generation = self.files.len() as u32;
        let mut lines = Lines::new(BufReader::new(file), 1 << 16);
        while let Some(line) = lines.next_line()? {
            let Line::Whole(line) = line else { break };
            let Some((key, starts, lengths, sum)) = parse(&line, count) else { break };
            if starts.iter().zip(&lengths).zip(&sizes).any(|((start, length), size)| start + u64::from(*length) > *size) {
                break;
            }
            self.places.insert(key, Place { generation, starts, lengths, sum });
        }
        self.files.push(files.iter().map(|path| File::open(path).ok().map(Mutex::new)).collect());
        Ok(())
    }
}

/// The outputs of the run under way.
#[derive(Debug)]
pub struct Store {
    folder: PathBuf,
    generation: PathBuf,
    files: Vec<BufWriter<File>>,
    ends: Vec<u64>,
    journal: File,
    lines: String,
    buffered: usize,
    _lock: File,
}

/// Why a store cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another run works in the folder.
    #[error("{0}: expected to be the only run in this folder, found another one at work")]
    Locked(PathBuf),
    /// The folder cannot be made or written.
    #[error("{0}: {1}")]
    Io(PathBuf, io::Error),
}

impl Store {
    /// Opens a folder for a run with outputs of these names. With `resume`, what earlier runs did is known; without, it is forgotten.
    ///
    /// # Errors
    /// Where another run holds the folder, or it cannot be written.
    pub fn open(folder: &Path, names: &[&str], resume: bool) -> Result<(Self, Known), OpenError> {
        let fail = |error| OpenError::Io(folder.to_path_buf(), error);
        let inner = folder.join(".bingli");
        fs::create_dir_all(&inner).map_err(fail)?;
        let lock = create(&inner.join("lock")).map_err(fail)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(fs::TryLockError::WouldBlock) => return Err(OpenError::Locked(folder.to_path_buf())),
            Err(fs::TryLockError::Error(error)) => return Err(fail(error)),
        }
        let store = Self::begin(folder, &inner, names, resume, lock).map_err(fail)?;
        Ok(store)
    }

    fn begin(folder: &Path, inner: &Path, names: &[&str], resume: bool, lock: File) -> io::Result<(Self, Known)> {
        let generations = generations(inner)?;
        for (_, path) in &generations {
            if path.join("complete").exists() {
                publish(folder, inner, path)?;
            }
        }
        let mut known = Known::default();
        if resume {
            let done = inner.join("done");
            known.add(&done.join("journal"), names.iter().map(|name| published(folder, inner, name)).collect())?;
            for (_, path) in generations.iter().filter(|(_, path)| path.exists()) {
                known.add(&path.join("journal"), names.iter().map(|name| path.join(name)).collect())?;
            }
        } else {
            for (_, path) in generations.iter().filter(|(_, path)| path.exists()) {
                fs::remove_dir_all(path)?;
            }
        }
        let number = generations.last().map_or(1, |(number, _)| number + 1);
        let generation = inner.join(format!("run-{number}"));
        fs::create_dir_all(&generation)?;
        let mut files = Vec::new();
        for name in names {
            files.push(BufWriter::with_capacity(FLUSH_BYTES, create(&generation.join(name))?));
        }
        let journal = create(&generation.join("journal"))?;
        let store =
            Self { folder: folder.to_path_buf(), generation, ends: vec![0; files.len()], files, journal, lines: String::new(), buffered: 0, _lock: lock };
        Ok((store, known))
    }

    /// Adds bytes that belong to no report, as a header.
    ///
    /// # Errors
    /// What the file says.
    pub fn preamble(&mut self, file: usize, bytes: &[u8]) -> io::Result<()> {
        self.files[file].write_all(bytes)?;
        self.ends[file] += bytes.len() as u64;
        Ok(())
    }

    /// Adds a report.
    ///
    /// # Errors
    /// What a file says, as for a full disk.
    pub fn add(&mut self, key: Option<&Key>, pieces: &[Vec<u8>]) -> io::Result<()> {
        if let Some(key) = key {
            self.lines.push_str(&line(key, &self.ends, pieces));
        }
        for ((file, end), piece) in self.files.iter_mut().zip(&mut self.ends).zip(pieces) {
            file.write_all(piece)?;
            *end += piece.len() as u64;
            self.buffered += piece.len();
        }
        if self.buffered >= FLUSH_BYTES {
            self.flush()?;
        }
        Ok(())
    }

    /// Writes what is buffered: first the data, then the journal.
    ///
    /// # Errors
    /// What a file says.
    pub fn flush(&mut self) -> io::Result<()> {
        for file in &mut self.files {
            file.flush()?;
        }
        self.journal.write_all(self.lines.as_bytes())?;
        self.lines.clear();
        self.buffered = 0;
        Ok(())
    }

    /// The folder of the run's files, before they are published; what else is written there is published with them.
    pub fn generation(&self) -> PathBuf {
        self.generation.clone()
    }

    /// Ends the run: everything is on disk, then renamed into place. Earlier generations go.
    ///
    /// # Errors
    /// What the file system says; a later `open` completes what was begun.
    pub fn publish(mut self, extra: &[(&str, Vec<u8>)]) -> io::Result<()> {
        self.flush()?;
        for file in &self.files {
            file.get_ref().sync_all()?;
        }
        self.journal.sync_all()?;
        for (name, bytes) in extra {
            let mut file = create(&self.generation.join(name))?;
            file.write_all(bytes)?;
            file.sync_all()?;
        }
        create(&self.generation.join("complete"))?.sync_all()?;
        let inner = self.folder.join(".bingli");
        for (_, path) in generations(&inner)? {
            if path != self.generation {
                fs::remove_dir_all(path)?;
            }
        }
        publish(&self.folder, &inner, &self.generation)
    }
}

/// Whether a name is for the program alone.
fn is_internal(name: &str) -> bool {
    name.starts_with('_')
}

/// Where a published file stands.
fn published(folder: &Path, inner: &Path, name: &str) -> PathBuf {
    if is_internal(name) { inner.join("done").join(name) } else { folder.join(name) }
}

/// Moves the files of a complete generation into place. Done again after a kill, it goes on where it stopped.
fn publish(folder: &Path, inner: &Path, generation: &Path) -> io::Result<()> {
    let done = inner.join("done");
    fs::create_dir_all(&done)?;
    let mut entries: Vec<PathBuf> = fs::read_dir(generation)?.flatten().map(|entry| entry.path()).collect();
    entries.sort();
    for path in entries {
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
        if name == "complete" {
            continue;
        }
        let target = if name == "journal" { done.join("journal") } else { published(folder, inner, name) };
        fs::rename(&path, target)?;
    }
    fs::remove_dir_all(generation)
}

/// The generations of a folder, by number.
fn generations(inner: &Path) -> io::Result<Vec<(u32, PathBuf)>> {
    let mut found: Vec<(u32, PathBuf)> =
        fs::read_dir(inner)?.flatten().filter_map(|entry| Some((entry.file_name().to_str()?.strip_prefix("run-")?.parse().ok()?, entry.path()))).collect();
    found.sort();
    Ok(found)
}

/// `key start length start length … sum-of-pieces checksum`, hexadecimal.
fn line(key: &Key, starts: &[u64], pieces: &[Vec<u8>]) -> String {
    let mut line = String::with_capacity(64 + pieces.len() * 16);
    for byte in key {
        line.push_str(&format!("{byte:02x}"));
    }
    for (start, piece) in starts.iter().zip(pieces) {
        line.push_str(&format!(" {start:x} {:x}", piece.len()));
    }
    line.push_str(&format!(" {:x}", checksum_of(pieces)));
    let sum = checksum(line.as_bytes());
    line.push_str(&format!(" {sum:08x}\n"));
    line
}

fn parse(line: &[u8], files: usize) -> Option<(Key, Vec<u64>, Vec<u32>, u32)> {
    let line = std::str::from_utf8(line).ok()?;
    let (body, sum) = line.rsplit_once(' ')?;
    if u32::from_str_radix(sum, 16).ok()? != checksum(body.as_bytes()) {
        return None;
    }
    let mut fields = body.split(' ');
    let name = fields.next()?;
    let mut key = Key::default();
    if name.len() != 32 {
        return None;
    }
    for (index, byte) in key.iter_mut().enumerate() {
        *byte = u8::from_str_radix(name.get(index * 2..index * 2 + 2)?, 16).ok()?;
    }
    let numbers: Vec<u64> = fields.map(|field| u64::from_str_radix(field, 16)).collect::<Result<_, _>>().ok()?;
    if numbers.len() != files * 2 + 1 {
        return None;
    }
    let (sum, numbers) = numbers.split_last()?;
    let starts = numbers.iter().step_by(2).copied().collect();
    let lengths = numbers.iter().skip(1).step_by(2).map(|&length| u32::try_from(length)).collect::<Result<_, _>>().ok()?;
    Some((key, starts, lengths, u32::try_from(*sum).ok()?))
}

/// FNV-1a, 32 bits: tells a line cut by a kill from a whole one, and a changed file from its own.
fn checksum(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0x811c_9dc5, |sum, byte| (sum ^ u32::from(*byte)).wrapping_mul(0x0100_0193))
}

fn checksum_of(pieces: &[Vec<u8>]) -> u32 {
    pieces.iter().fold(0, |sum, piece| sum.rotate_left(5) ^ checksum(piece))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 2] = ["reports.jsonl", "_tallies.jsonl"];

    fn pieces(number: u8) -> Pieces {
        vec![format!("report {number}\n").into_bytes(), vec![number, b'\n']]
    }

    #[test]
    fn a_run_cut_short_is_taken_up_and_published_whole() {
        let folder = tempfile::tempdir().unwrap();
        let (mut store, known) = Store::open(folder.path(), &NAMES, true).unwrap();
        assert!(known.is_empty());
        store.preamble(0, b"head\n").unwrap();
        store.add(Some(&[1; 16]), &pieces(1)).unwrap();
        store.add(Some(&[2; 16]), &pieces(2)).unwrap();
        store.flush().unwrap();
        let journal = store.generation().join("journal");
        drop(store);
        let whole = fs::read(&journal).unwrap();
        for cut in 0..whole.len() {
            fs::write(&journal, &whole[..cut]).unwrap();
            let mut known = Known::default();
            known.add(&journal, NAMES.iter().map(|name| journal.with_file_name(name)).collect()).unwrap();
            assert!(known.len() <= 2);
            if let Some(found) = known.pieces(&[1; 16]).unwrap() {
                assert_eq!(found, pieces(1));
            }
        }
        fs::write(&journal, &whole).unwrap();
        let (mut store, known) = Store::open(folder.path(), &NAMES, true).unwrap();
        assert_eq!(known.pieces(&[2; 16]).unwrap(), Some(pieces(2)));
        store.add(Some(&[2; 16]), &pieces(2)).unwrap();
        store.publish(&[("summary.json", b"{}".to_vec())]).unwrap();
        assert_eq!(fs::read(folder.path().join("reports.jsonl")).unwrap(), b"report 2\n");
        assert_eq!(fs::read(folder.path().join("summary.json")).unwrap(), b"{}");
        let (_store, known) = Store::open(folder.path(), &NAMES, true).unwrap();
        assert_eq!((known.len(), known.pieces(&[2; 16]).unwrap()), (1, Some(pieces(2))));
    }

    #[test]
    fn two_runs_on_one_folder_refuse_each_other() {
        let folder = tempfile::tempdir().unwrap();
        let _first = Store::open(folder.path(), &NAMES, true).unwrap();
        assert!(matches!(Store::open(folder.path(), &NAMES, true), Err(OpenError::Locked(_))));
    }
}
