//! Where rows come from: files to be read, or a table that is there already.

use super::csv::{self, CsvOptions};
use super::reading::Reading;
use super::table::{Cell, Table};
use crate::error::Result;
use xxhash_rust::xxh3::Xxh3;

/// A source of rows.
#[derive(Debug, Clone)]
pub enum Source {
    /// CSV files with the same columns.
    Files(Vec<String>),
    /// Rows from JavaScript.
    Rows(Table),
}

/// A source that was read.
#[derive(Debug)]
pub struct Loaded {
    /// The rows.
    pub table: Table,
    /// XXH3-64 of the files' bytes or of the rows' cells, as 16 hexadecimal digits.
    pub fingerprint: String,
    /// How files were read, and which rows `csv.onError` left out; none for rows.
    pub reading: Option<Reading>,
}

impl Source {
    /// Reads the source: its tokens for missing cells are marked, and still to be settled, by
    /// [`settle`](super::settle) or by [`Encoder::settle`](super::Encoder::settle).
    pub fn load(self, options: &CsvOptions) -> Result<Loaded> {
        match self {
            Source::Files(paths) => {
                let read = csv::read(&paths, options)?;
                let reading = Some(Reading::of(paths, &read));
                Ok(Loaded { table: read.table, fingerprint: read.fingerprint, reading })
            }
            Source::Rows(mut table) => {
                options.check_for_rows()?;
                let fingerprint = fingerprint(&table);
                table.mark(&options.missing, options.format());
                Ok(Loaded { table, fingerprint, reading: None })
            }
        }
    }
}

/// A hash over names and cells, each with its length or kind, so that no two tables that differ
/// run together.
fn fingerprint(table: &Table) -> String {
    let mut hash = Xxh3::new();
    let text = |hash: &mut Xxh3, text: &str| {
        hash.update(&(text.len() as u64).to_le_bytes());
        hash.update(text.as_bytes());
    };
    for column in table.columns() {
        text(&mut hash, column.name());
        for cell in column.cells() {
            match cell {
                Cell::Missing => hash.update(&[0]),
                Cell::Number(number) => {
                    hash.update(&[1]);
                    hash.update(&number.to_le_bytes());
                }
                Cell::Text(cell) => {
                    hash.update(&[2]);
                    text(&mut hash, cell);
                }
            }
        }
    }
    format!("{:016x}", hash.digest())
}
