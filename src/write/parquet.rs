//! Parquet: the three tables of a record, columns as in CSV, text as UTF-8, missing cells as nulls. Behind the feature `parquet`.

use std::fs::File;
use std::io::{self, BufWriter};
use std::path::Path;
use std::sync::Arc;

use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::{Type, TypePtr};

use super::RecordWriter;
use super::folder::create;
use super::table::{Cells, Kind, Rows, TABLES};
use crate::record::Record;

/// Rows held before they are written as a row group.
const GROUP: usize = 1 << 16;

/// Writes the tables into a folder.
pub struct Parquet {
    tables: Vec<Table>,
}

impl Parquet {
    /// A writer into `folder`, which is made.
    ///
    /// # Errors
    /// Where the folder cannot be made or written.
    pub fn new(folder: &Path) -> io::Result<Self> {
        std::fs::create_dir_all(folder)?;
        let table = |(name, rows): (&str, &'static dyn Rows)| Table::new(&folder.join(format!("{name}.parquet")), rows);
        Ok(Self { tables: TABLES.into_iter().map(table).collect::<io::Result<_>>()? })
    }
}

impl RecordWriter for Parquet {
    fn write(&mut self, record: &Record) -> io::Result<()> {
        for table in &mut self.tables {
            table.rows.rows(record, &mut table.group);
            if table.group.rows >= GROUP {
                table.flush()?;
            }
        }
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        for table in &mut self.tables {
            table.flush()?;
            table.writer.finish().map_err(failed)?;
        }
        Ok(())
    }
}

struct Table {
    rows: &'static dyn Rows,
    group: Group,
    writer: SerializedFileWriter<BufWriter<File>>,
}

impl Table {
    fn new(path: &Path, rows: &'static dyn Rows) -> io::Result<Self> {
        let fields = rows.columns().iter().map(|(name, kind)| field(name, *kind)).collect::<Result<_, _>>().map_err(failed)?;
        let schema = Type::group_type_builder("bingli").with_fields(fields).build().map_err(failed)?;
        let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
        let writer = SerializedFileWriter::new(BufWriter::new(create(path)?), Arc::new(schema), Arc::new(properties)).map_err(failed)?;
        Ok(Self { rows, group: Group::new(rows), writer })
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.group.rows > 0 {
            let group = std::mem::replace(&mut self.group, Group::new(self.rows));
            group.write(&mut self.writer).map_err(failed)?;
        }
        Ok(())
    }
}

fn field(name: &str, kind: Kind) -> Result<TypePtr, ParquetError> {
    let (physical, logical, repetition) = match kind {
        Kind::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String), Repetition::OPTIONAL),
        Kind::Number => (Physical::DOUBLE, None, Repetition::OPTIONAL),
        Kind::Count => (Physical::INT64, None, Repetition::REQUIRED),
    };
    Ok(Arc::new(Type::primitive_type_builder(name, physical).with_logical_type(logical).with_repetition(repetition).build()?))
}

/// Cells of a column: the values there are, and for each row whether it has one.
enum Cell {
    Text(Vec<ByteArray>, Vec<i16>),
    Number(Vec<f64>, Vec<i16>),
    Count(Vec<i64>),
}

/// Rows not yet written.
struct Group {
    columns: Vec<Cell>,
    at: usize,
    rows: usize,
}

impl Group {
    fn new(rows: &dyn Rows) -> Self {
        let column = |kind: &Kind| match kind {
            Kind::Text => Cell::Text(Vec::new(), Vec::new()),
            Kind::Number => Cell::Number(Vec::new(), Vec::new()),
            Kind::Count => Cell::Count(Vec::new()),
        };
        Self { columns: rows.columns().iter().map(|(_, kind)| column(kind)).collect(), at: 0, rows: 0 }
    }

    fn next(&mut self) -> Option<&mut Cell> {
        self.at += 1;
        self.columns.get_mut(self.at - 1)
    }

    fn write(self, writer: &mut SerializedFileWriter<BufWriter<File>>) -> Result<(), ParquetError> {
        let mut group = writer.next_row_group()?;
        for cells in &self.columns {
            let Some(mut column) = group.next_column()? else { break };
            match cells {
                Cell::Text(values, there) => column.typed::<ByteArrayType>().write_batch(values, Some(there), None)?,
                Cell::Number(values, there) => column.typed::<DoubleType>().write_batch(values, Some(there), None)?,
                Cell::Count(values) => column.typed::<Int64Type>().write_batch(values, None, None)?,
            };
            column.close()?;
        }
        group.close()?;
        Ok(())
    }
}

impl Cells for Group {
    fn text(&mut self, text: &str) {
        if let Some(Cell::Text(values, there)) = self.next() {
            there.push(i16::from(!text.is_empty()));
            if !text.is_empty() {
                values.push(ByteArray::from(text));
            }
        }
    }

    fn number(&mut self, number: Option<f64>) {
        if let Some(Cell::Number(values, there)) = self.next() {
            there.push(i16::from(number.is_some()));
            values.extend(number);
        }
    }

    fn count(&mut self, count: usize) {
        if let Some(Cell::Count(values)) = self.next() {
            values.push(count as i64);
        }
    }

    fn end(&mut self) {
        self.at = 0;
        self.rows += 1;
    }
}

fn failed(error: ParquetError) -> io::Error {
    io::Error::other(error)
}
