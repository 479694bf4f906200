//! The sheets of a workbook as tables: the first row that is not blank is the header. A row with merged cells cannot be told apart
//! from its neighbours and fails alone; a sheet without the column of the text fails as a whole, a blank one says nothing.

use std::collections::VecDeque;
use std::io;
use std::sync::Arc;

use calamine::{Data, DataRef, Reader, Xlsx, XlsxError};
use zip::ZipArchive;

use super::archive::{Held, Seekable};
use super::budget::{Budget, Limited};
use super::table::expect_text;
use super::{Content, Failure, Inputs, Raw};
use crate::error::FailureKind;

/// A workbook being read, one sheet at a time.
pub(super) struct Workbook {
    id: String,
    source: String,
    book: Xlsx<Box<dyn Seekable>>,
    sheets: VecDeque<String>,
    sheet: Option<Sheet>,
}

/// Rows of a sheet, with their numbers from 1.
struct Sheet {
    name: String,
    header: Arc<Vec<String>>,
    rows: std::vec::IntoIter<(u32, Vec<String>)>,
    /// Rows with merged cells, as first and last.
    merged: Vec<(u32, u32)>,
}

impl Workbook {
    /// Opens a workbook.
    ///
    /// # Errors
    /// Where it is no workbook, damaged, encrypted, or unfolds beyond measure.
    pub(super) fn open(held: &Held, id: &str, source: &str) -> Result<Self, Failure> {
        let fail = |kind, what: &str| Failure::new(id, source, kind, what);
        unfolds(held).map_err(|error| match error.kind() {
            io::ErrorKind::QuotaExceeded => fail(FailureKind::Limit, &super::budget::reason()),
            io::ErrorKind::NotFound | io::ErrorKind::PermissionDenied => fail(FailureKind::Unreadable, &error.to_string()),
            _ => fail(FailureKind::Damaged, "expected a .xlsx workbook, found no whole ZIP archive"),
        })?;
        let reader = held.open().map_err(|error| fail(FailureKind::Unreadable, &error.to_string()))?;
        let book =
            Xlsx::new(reader).map_err(|error| Failure::new(id, source, kind(&error), format!("expected a .xlsx workbook, found {}", describe(&error))))?;
        let sheets = book.sheet_names().into();
        Ok(Self { id: id.into(), source: source.into(), book, sheets, sheet: None })
    }

    /// The next row of the sheet that is open or of the next one.
    pub(super) fn next_row(&mut self, inputs: &Inputs) -> Option<Result<Raw, Failure>> {
        loop {
            if let Some(sheet) = &mut self.sheet {
                if let Some((number, cells)) = sheet.rows.next() {
                    let id = format!("{}/{}#{number}", self.id, sheet.name);
                    let source = format!("{}/{}:{number}", self.source, sheet.name);
                    if sheet.merged.iter().any(|(first, last)| (*first..=*last).contains(&number)) {
                        return Some(Err(Failure::new(id, source, FailureKind::Malformed, "expected cells of one row and column, found merged ones")));
                    }
                    let length: usize = cells.iter().map(String::len).sum();
                    if length > inputs.max_report_bytes {
                        let what = format!("expected at most {} bytes a row, found {length}", inputs.max_report_bytes);
                        return Some(Err(Failure::new(id, source, FailureKind::TooLarge, what)));
                    }
                    return Some(Ok(Raw { id, source, content: Content::Row(Arc::clone(&sheet.header), cells) }));
                }
                self.sheet = None;
            }
            let name = self.sheets.pop_front()?;
            match read(&mut self.book, &name) {
                Ok(Some(sheet)) => match expect_text(&sheet.header, &inputs.fields.text) {
                    Ok(()) => self.sheet = Some(sheet),
                    Err(what) => {
                        let what = what.split("; is the delimiter").next().unwrap_or_default().to_string();
                        return Some(Err(self.fail(&name, FailureKind::Malformed, what + "; --text names the column")));
                    }
                },
                Ok(None) => {}
                Err(error) => return Some(Err(self.fail(&name, kind(&error), format!("expected a sheet, found {}", describe(&error))))),
            }
        }
    }

    fn fail(&self, sheet: &str, kind: FailureKind, what: String) -> Failure {
        Failure::new(format!("{}/{sheet}", self.id), format!("{}/{sheet}", self.source), kind, what)
    }
}

/// The parts of a workbook are read into memory: looks first at what they unfold to.
fn unfolds(held: &Held) -> io::Result<()> {
    let mut reader = held.open()?;
    let size = reader.seek(io::SeekFrom::End(0))?;
    reader.rewind()?;
    let budget = Budget::new(size);
    let damaged = |_| io::Error::from(io::ErrorKind::InvalidData);
    let mut zip = ZipArchive::new(reader).map_err(damaged)?;
    for index in 0..zip.len() {
        let is_part = zip.name_for_index(index).is_some_and(|name| name.is_ok_and(|name| name.ends_with(".xml") || name.ends_with(".rels")));
        if is_part {
            let part = zip.by_index(index).map_err(damaged)?;
            io::copy(&mut Limited(part, Arc::clone(&budget)), &mut io::sink())?;
        }
    }
    Ok(())
}

/// A sheet with at least a header; `None` where it is blank.
fn read(book: &mut Xlsx<Box<dyn Seekable>>, name: &str) -> Result<Option<Sheet>, XlsxError> {
    let merges = book.merge_cells_by_sheet_name(name)?;
    let mut cells = book.worksheet_cells_reader(name)?;
    let mut rows: Vec<(u32, Vec<String>)> = Vec::new();
    while let Some(cell) = cells.next_cell()? {
        let (row, column) = cell.get_position();
        let value = written(cell.get_value());
        if value.trim().is_empty() {
            continue;
        }
        if rows.last().is_none_or(|(last, _)| *last != row + 1) {
            rows.push((row + 1, Vec::new()));
        }
        if let Some((_, cells)) = rows.last_mut() {
            let column = column as usize;
            if cells.len() <= column {
                cells.resize(column + 1, String::new());
            }
            cells[column] = value;
        }
    }
    if rows.is_empty() {
        return Ok(None);
    }
    let (first, header) = rows.remove(0);
    let header: Vec<String> = header.into_iter().map(|cell| cell.trim().to_string()).collect();
    let merged = merges.iter().map(|merge| (merge.start.0 + 1, merge.end.0 + 1)).filter(|(_, last)| *last > first).collect();
    Ok(Some(Sheet { name: name.into(), header: Arc::new(header), rows: rows.into_iter(), merged }))
}

/// A cell as text: dates by ISO 8601, whole numbers without a point.
fn written(value: &DataRef<'_>) -> String {
    match value {
        DataRef::DateTime(date) if date.is_datetime() => {
            let (year, month, day, hour, minute, second, _) = date.to_ymd_hms_milli();
            let time = if (hour, minute, second) == (0, 0, 0) { String::new() } else { format!("T{hour:02}:{minute:02}:{second:02}") };
            format!("{year:04}-{month:02}-{day:02}{time}")
        }
        DataRef::Error(_) | DataRef::Empty => String::new(),
        other => Data::from(other.clone()).to_string(),
    }
}

const fn kind(error: &XlsxError) -> FailureKind {
    match error {
        XlsxError::Password => FailureKind::Encrypted,
        _ => FailureKind::Damaged,
    }
}

/// What is wrong, without a word of the sheet.
const fn describe(error: &XlsxError) -> &'static str {
    match error {
        XlsxError::Password => "an encrypted one",
        XlsxError::Io(_) | XlsxError::Zip(_) => "a damaged archive",
        XlsxError::Xml(_) | XlsxError::XmlAttr(_) | XlsxError::XmlEof(_) | XlsxError::UnexpectedNode(_) => "damaged markup",
        XlsxError::FileNotFound(_) | XlsxError::RelationshipNotFound | XlsxError::WorksheetNotFound(_) => "a part missing",
        _ => "a damaged one",
    }
}
