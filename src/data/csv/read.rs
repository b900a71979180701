//! From files to one table: every record is checked, put in the order of the first file's
//! columns and pushed, or left out and counted.

use std::collections::HashMap;

use xxhash_rust::xxh3::Xxh3;

use crate::error::{Code, Error, Result};

use super::super::table::{Cell, Table, TableBuilder};
use super::decode::{Text, decode};
use super::dialect::Dialect;
use super::grammar::{Record, Records};
use super::missing::Missing;
use super::options::CsvOptions;
use super::rows::{Rows, Seen, Skipped};
use super::sheet::{Sheet, Trailing, name_shown};
use super::source::Source;

/// What reading gives.
#[derive(Debug)]
pub struct Read {
    /// The cells: text or missing.
    pub table: Table,
    /// The rows left out; none unless `on_error` is `Skip`.
    pub skipped: Skipped,
    /// How the first file is written.
    pub dialect: Dialect,
    /// The bytes of all files as they lie on disk.
    pub bytes: u64,
    /// XXH3-64 of those bytes, as 16 hexadecimal digits.
    pub fingerprint: String,
}

/// Reads sources into one table.
pub(super) fn read_sources(sources: &[Source<'_>], options: &CsvOptions) -> Result<Read> {
    options.check()?;
    match read_with(sources, options, Trailing::Drop)? {
        Some(read) => Ok(read),
        // A cell without a name held something after all. That is rare, so reading twice is fine.
        None => read_with(sources, options, Trailing::Keep)?.ok_or_else(|| {
            Error::new(Code::Internal, "cells stand beyond the columns although all were kept")
        }),
    }
}

fn read_with(
    sources: &[Source<'_>],
    options: &CsvOptions,
    trailing: Trailing,
) -> Result<Option<Read>> {
    let mut reading = Reading {
        options,
        trailing,
        missing: Missing::new(options.missing.as_deref()),
        begun: None,
        skipped: Skipped::default(),
        hash: Xxh3::new(),
        bytes: 0,
    };
    for source in sources {
        if !reading.file(source)? {
            return Ok(None);
        }
    }
    reading.finish().map(Some)
}

/// A table in the making.
struct Reading<'o> {
    options: &'o CsvOptions,
    trailing: Trailing,
    missing: Missing,
    begun: Option<Begun>,
    skipped: Skipped,
    hash: Xxh3,
    bytes: u64,
}

/// What the first file settles for all.
struct Begun {
    builder: TableBuilder,
    rows: usize,
    file: String,
    first_line: u64,
    names: Vec<String>,
    dialect: Dialect,
}

impl Reading<'_> {
    /// Reads one file; false if a cell that was thought no column holds something.
    fn file(&mut self, source: &Source<'_>) -> Result<bool> {
        let name = source.name();
        let bytes = source.load()?;
        self.hash.update(&bytes);
        self.bytes += bytes.len() as u64;
        let bytes = source.unpack(bytes)?;
        let text = decode(&bytes, self.options.encoding);
        let before = self.begun.as_ref().map(|begun| begun.dialect.header);
        let mut sheet =
            Sheet::open(&name, &text, self.options, &self.missing, self.trailing, before)?;
        sheet.dialect.gzip = source.is_gzip();
        let begun = match self.begun.take() {
            None => begin(&sheet),
            Some(begun) => begun,
        };
        let begun = self.begun.insert(begun);
        let order = order(begun, &sheet)?;
        begun.builder.start_file(&name);
        self.rows(&text, &sheet, &order)
    }

    fn rows(&mut self, text: &Text<'_>, sheet: &Sheet, order: &[usize]) -> Result<bool> {
        let Some(begun) = &mut self.begun else { return Ok(true) };
        let mut records = Records::new(&text.text, sheet.grammar);
        if sheet.dialect.header {
            records.next(&mut Record::default());
        }
        let on_error = self.options.on_error;
        let rows = Rows { sheet, text: &text.text, undecodable: &text.undecodable };
        let read = rows.each(&mut records, on_error, &mut self.skipped, |record| {
            let cells = order.iter().map(|i| match record.cell(&text.text, *i) {
                cell if self.missing.is(cell) => Cell::Missing,
                cell => Cell::Text(cell),
            });
            begun.builder.push(record.line, cells);
            begun.rows += 1;
        })?;
        Ok(read == Seen::All)
    }

    fn finish(self) -> Result<Read> {
        let Some(Begun { builder, rows, file, first_line, dialect, .. }) = self.begun else {
            return Err(Error::new(Code::Options, "no file is given"));
        };
        let Skipped { count, first, .. } = &self.skipped;
        if rows == 0 {
            let error = match first.first() {
                Some(first) => Error::new(
                    Code::Csv,
                    format!(
                        "no row can be read: {count} were skipped, the first because of {first}"
                    ),
                ),
                None => Error::new(
                    Code::Csv,
                    "has a header but no rows; if this is a row, set csv.header: false",
                )
                .line(first_line),
            };
            return Err(error.file(file));
        }
        Ok(Read {
            table: builder.build(),
            skipped: self.skipped,
            dialect,
            bytes: self.bytes,
            fingerprint: format!("{:016x}", self.hash.digest()),
        })
    }
}

fn begin(sheet: &Sheet) -> Begun {
    Begun {
        builder: TableBuilder::from_files(sheet.names.iter().cloned()),
        rows: 0,
        file: sheet.name.clone(),
        first_line: sheet.first_line,
        names: sheet.names.clone(),
        dialect: sheet.dialect.clone(),
    }
}

/// Which cell of this file's rows goes to which column of the table. The files must have the same
/// columns; the order may differ.
fn order(begun: &Begun, sheet: &Sheet) -> Result<Vec<usize>> {
    let wrong = |message: String| {
        Err(Error::new(Code::Csv, message).file(&sheet.name).line(sheet.first_line))
    };
    let places: HashMap<_, _> =
        sheet.names.iter().enumerate().map(|(i, name)| (name.as_str(), i)).collect();
    let order: Vec<usize> =
        begun.names.iter().filter_map(|name| places.get(name.as_str()).copied()).collect();
    if order.len() == begun.names.len() && order.len() == sheet.names.len() {
        return Ok(order);
    }
    let at = (0..).find(|i| sheet.names.get(*i) != begun.names.get(*i)).unwrap_or(0);
    wrong(format!(
        "column {} is {}, expected {} (as in {}); all files must have the same columns",
        at + 1,
        name_shown(sheet.names.get(at)),
        name_shown(begun.names.get(at)),
        begun.file
    ))
}
