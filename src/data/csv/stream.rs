//! The rows of a file in batches, for files that need not fit in memory. Sniffing, grammar and
//! errors are those of reading at once; a test holds the two together.

use std::io::Read as _;
use std::path::Path;

use crate::error::Result;

use super::super::table::{Cell, Table, TableBuilder};
use super::dialect::{Dialect, suffices};
use super::encoding::encoding_of;
use super::foreign;
use super::grammar::{Record, Records};
use super::missing::Missing;
use super::options::{CsvOptions, Encoding};
use super::pieces::Pieces;
use super::rows::{Rows, Seen, Skipped};
use super::sheet::{Sheet, Trailing};
use super::source::Source;

/// A file being read in batches.
pub struct Stream<'a> {
    pieces: Pieces<'a>,
    sheet: Sheet,
    missing: Missing,
    options: &'a CsvOptions,
    skipped: Skipped,
    columns: Vec<(usize, String)>,
    kept: Vec<usize>,
}

/// Some rows of a file.
pub struct Batch {
    /// The chosen columns, in text and missing cells.
    pub table: Table,
    /// The kept columns, all of them text as it stands in the file.
    pub kept: Table,
}

impl<'a> Stream<'a> {
    /// Opens a file, finds out how it is written, and reads its header. All columns are chosen
    /// and none is kept.
    pub fn open(path: &'a Path, options: &'a CsvOptions) -> Result<Self> {
        Self::of(Source::File(path), options)
    }

    /// The same with bytes as if they were a file of that name.
    pub fn of_bytes(name: &'a str, bytes: &'a [u8], options: &'a CsvOptions) -> Result<Self> {
        Self::of(Source::Bytes(name, bytes), options)
    }

    fn of(source: Source<'a>, options: &'a CsvOptions) -> Result<Self> {
        options.check()?;
        check_kind(source)?;
        let mut stream = Self::begin(source, options, Trailing::Drop)?;
        if stream.sheet.names.len() == stream.sheet.width {
            return Ok(stream);
        }
        // Cells without a name at the end of the first row: whether they are columns is known
        // only when all rows have been seen. That is rare, so reading twice is fine.
        while let Some((_, seen)) = stream.read()? {
            if seen == Seen::Beyond {
                return Self::begin(source, options, Trailing::Keep);
            }
        }
        Self::begin(source, options, Trailing::Drop)
    }

    fn begin(source: Source<'a>, options: &'a CsvOptions, trailing: Trailing) -> Result<Self> {
        let missing = options.missing.clone();
        let mut pieces = Pieces::open(source, encoding(source, options)?)?;
        while pieces.more && !pieces.is_full() && !suffices(&pieces.text, options) {
            pieces.grow()?;
        }
        let name = source.name();
        let mut sheet = Sheet::open(&name, &pieces.text(), options, &missing, trailing, None)?;
        sheet.dialect.gzip = source.is_gzip();
        let mut records = Records::new(&pieces.text, sheet.grammar);
        if sheet.dialect.header {
            records.next(&mut Record::default());
        }
        let (at, line) = records.rest();
        pieces.advance(at, line);
        let columns = sheet.names.iter().cloned().enumerate().collect();
        let (skipped, kept) = (Skipped::default(), Vec::new());
        Ok(Stream { pieces, sheet, missing, options, skipped, columns, kept })
    }

    /// The columns, as they are called in the file or made up.
    pub fn names(&self) -> &[String] {
        &self.sheet.names
    }

    /// How the file is written.
    pub fn dialect(&self) -> &Dialect {
        &self.sheet.dialect
    }

    /// The line on which the first record starts.
    pub fn first_line(&self) -> u64 {
        self.sheet.first_line
    }

    /// The rows left out so far; none unless `on_error` is `Skip`.
    pub fn skipped(&self) -> &Skipped {
        &self.skipped
    }

    /// Chooses columns by their index and gives them names, and those to keep as they are.
    pub fn choose(&mut self, columns: Vec<(usize, String)>, kept: Vec<usize>) {
        (self.columns, self.kept) = (columns, kept);
    }

    /// The chosen columns without a row.
    pub fn empty(&self) -> Table {
        self.builder().build()
    }

    fn builder(&self) -> TableBuilder {
        let names = self.columns.iter().map(|(_, name)| name.clone());
        let builder = TableBuilder::from_files(names);
        let mut builder = builder.first_row(self.sheet.first_row.clone());
        builder.start_file(&self.sheet.name);
        builder
    }

    /// The next rows, at least one; nothing at the end of the file.
    pub fn batch(&mut self) -> Result<Option<Batch>> {
        loop {
            match self.read()? {
                Some((batch, _)) if batch.table.rows() == 0 => {}
                read => return Ok(read.map(|(batch, _)| batch)),
            }
        }
    }

    /// The rows of the next piece; nothing at the end of the file.
    fn read(&mut self) -> Result<Option<(Batch, Seen)>> {
        if self.pieces.text.is_empty() && !self.pieces.more {
            return Ok(None);
        }
        let mut table = self.builder();
        let Stream { pieces, sheet, missing, options, skipped, columns, kept: keep } = self;
        let names = keep.iter().map(|i| sheet.names.get(*i).cloned().unwrap_or_default());
        let mut kept = TableBuilder::from_rows(names);
        let text = &*pieces.text;
        let mut records = Records::part(text, sheet.grammar, pieces.line, pieces.more);
        let rows = Rows { sheet, text, undecodable: &pieces.undecodable };
        let seen = rows.each(&mut records, options.on_error, skipped, |record| {
            let cells = columns.iter().map(|(i, _)| Cell::Text(record.cell(text, *i)));
            table.push(record.line, cells);
            kept.push(0, keep.iter().map(|i| Cell::Text(record.cell(text, *i))));
        })?;
        let (at, line) = records.rest();
        pieces.advance(at, line);
        if pieces.more {
            pieces.grow()?;
        }
        let mut table = table.build();
        table.mark(missing, options.format());
        Ok(Some((Batch { table, kept: kept.build() }, seen)))
    }
}

/// An error for a file that is no CSV file; what cannot be read twice, such as a pipe, is not asked.
fn check_kind(source: Source<'_>) -> Result<()> {
    if !source.can_be_read_twice() {
        return Ok(());
    }
    let mut head = Vec::new();
    let read = source.open()?.take(foreign::HEAD as u64).read_to_end(&mut head);
    read.map_err(|error| source.broken(&error))?;
    foreign::refuse(&head, &source.name()).map_or(Ok(()), Err)
}

/// The encoding that a file is to be read with. One that cannot be read twice, such as a pipe, goes
/// by its first bytes.
fn encoding(source: Source<'_>, options: &CsvOptions) -> Result<Option<Encoding>> {
    if options.fallback.encoding.is_none() || !source.can_be_read_twice() {
        return Ok(options.encoding);
    }
    encoding_of(source.open()?, options).map_err(|error| source.broken(&error))
}

#[cfg(test)]
#[path = "stream_tests.rs"]
mod tests;
