//! From files to one table: how each is written and where its rows begin; `cut` reads those, and
//! here they are put in the order of the first file's columns.

use std::collections::HashMap;
use std::io;

use crate::error::{Code, Error, Result};

use super::super::table::{Table, TableBuilder};
use super::cut::{self, Trouble};
use super::decode::{Decoder, Text, decode};
use super::dialect::{Dialect, suffices};
use super::encoding::encoding_of;
use super::fingerprint::Fingerprint;
use super::foreign;
use super::grammar::{Record, Records};
use super::input::Input;
use super::missing::Missing;
use super::options::CsvOptions;
use super::rows::Skipped;
use super::sheet::{Sheet, Trailing, name_shown};
use super::source::Source;

/// So much of a file is looked at to find out how it is written, and more where it must be.
const BEGINNING: usize = if cfg!(test) { 64 } else { 1 << 16 };

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
    /// What identifies those bytes, as 16 hexadecimal digits: XXH3-64 of them, or, beyond 1 MiB or
    /// one file, of the XXH3-64 of each MiB of each file.
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
        missing: options.missing.clone(),
        begun: None,
        skipped: Skipped::default(),
        fingerprint: Fingerprint::default(),
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
    fingerprint: Fingerprint,
    bytes: u64,
}

/// How the reading of a file ended.
enum Outcome {
    /// Its rows are in the table; these are the hashes of its chunks.
    Read(Vec<u64>),
    /// A cell that was thought no column holds something.
    Beyond,
    /// It must be decoded first; nothing of it is in the table.
    Undecodable,
}

/// What the first file settles for all.
struct Begun {
    builder: TableBuilder,
    file: String,
    first_line: u64,
    names: Vec<String>,
    dialect: Dialect,
}

impl Reading<'_> {
    /// Reads one file; false if a cell that was thought no column holds something.
    fn file(&mut self, source: &Source<'_>) -> Result<bool> {
        if let Some((file, len)) = source.file()? {
            match self.undecoded(source, Input::File(&file, len))? {
                Outcome::Read(digests) => {
                    digests.into_iter().for_each(|digest| self.fingerprint.push(digest));
                    self.bytes += len as u64;
                    return Ok(true);
                }
                Outcome::Beyond => return Ok(false),
                Outcome::Undecodable => {}
            }
        }
        let bytes = source.load()?;
        let (mut fingerprint, len) = (std::mem::take(&mut self.fingerprint), bytes.len() as u64);
        fingerprint.push_all(&bytes);
        (self.fingerprint, self.bytes) = (fingerprint, self.bytes + len);
        let bytes = source.unpack(bytes)?;
        let outcome = match self.undecoded(source, Input::Memory(&bytes))? {
            Outcome::Undecodable => {
                let encoding =
                    encoding_of(&*bytes, self.options).map_err(|error| source.broken(&error))?;
                let text = decode(&bytes, encoding);
                let input = Input::Memory(text.text.as_bytes());
                self.text(source, &text, input, 0)?
            }
            outcome => outcome,
        };
        Ok(matches!(outcome, Outcome::Read(_)))
    }

    /// Reads text that needs no decoding: UTF-8, and without a flaw.
    fn undecoded(&mut self, source: &Source<'_>, input: Input<'_>) -> Result<Outcome> {
        let head = self.beginning(input).map_err(|error| source.broken(&error))?;
        if let Some(error) = foreign::refuse(&head[..head.len().min(foreign::HEAD)], &source.name())
        {
            return Err(error);
        }
        let (decoder, mark) = Decoder::new(&head, self.options.encoding);
        let Decoder::Utf8 = decoder else { return Ok(Outcome::Undecodable) };
        let body = &head[mark..];
        let whole = if head.len() < input.len() { decoder.whole(body) } else { body.len() };
        let text = decoder.decode(&body[..whole]);
        // Bytes that are zero are for what decides whether it is UTF-16 after all.
        let doubtful = self.options.fallback.encoding.is_some() && text.text.contains('\0');
        match text.undecodable.is_empty() && !doubtful {
            true => self.text(source, &text, input, mark),
            false => Ok(Outcome::Undecodable),
        }
    }

    /// As much as sniffing goes by, if it is UTF-8.
    fn beginning(&self, input: Input<'_>) -> io::Result<Vec<u8>> {
        let (mut head, mut len) = (Vec::new(), BEGINNING);
        loop {
            len = len.min(input.len());
            input.read(0, len, &mut head)?;
            let (decoder, mark) = Decoder::new(&head, self.options.encoding);
            let Decoder::Utf8 = decoder else { return Ok(head) };
            let text = decoder.decode(&head[mark..]);
            if len == input.len() || suffices(&text.text, self.options) {
                return Ok(head);
            }
            len *= 4;
        }
    }

    /// Reads the rows of a text of which this is the beginning; in `input` it begins at `mark`.
    fn text(
        &mut self,
        source: &Source<'_>,
        head: &Text<'_>,
        input: Input<'_>,
        mark: usize,
    ) -> Result<Outcome> {
        let (options, missing, name) = (self.options, &self.missing, source.name());
        let before = self.begun.as_ref().map(|begun| begun.dialect.header);
        let mut sheet = Sheet::open(&name, head, options, missing, self.trailing, before)?;
        sheet.dialect.gzip = source.is_gzip();
        let order = match &self.begun {
            Some(begun) => order(begun, &sheet)?,
            None => (0..sheet.names.len()).collect(),
        };
        let mut records = Records::new(&head.text, sheet.grammar);
        if sheet.dialect.header {
            records.next(&mut Record::default());
        }
        let (at, line) = records.rest();
        let (at, sheet, undecodable) = (at + mark, &sheet, &*head.undecodable);
        let text = cut::Text { input, at, line, undecodable, sheet, missing, options };
        let mut skipped = self.skipped.clone();
        let mut cuttings = match text.read(&mut skipped) {
            Ok(cuttings) => cuttings,
            Err(Trouble::Undecodable) => return Ok(Outcome::Undecodable),
            Err(Trouble::Beyond) => return Ok(Outcome::Beyond),
            Err(Trouble::Error(error)) => return Err(error),
            Err(Trouble::Broken(error)) => return Err(source.broken(&error)),
        };
        let digests = std::mem::take(&mut cuttings.digests);
        let begun = self.begun.get_or_insert_with(|| begin(sheet));
        begun.builder.start_file(&name);
        cuttings.add_to(&mut begun.builder, &order);
        self.skipped = skipped;
        Ok(Outcome::Read(digests))
    }

    fn finish(self) -> Result<Read> {
        let Some(Begun { builder, file, first_line, dialect, .. }) = self.begun else {
            return Err(Error::new(Code::Options, "no file is given"));
        };
        let Skipped { count, first, .. } = &self.skipped;
        if builder.rows() == 0 {
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
        let mut table = builder.build();
        table.mark(&self.missing, self.options.format());
        Ok(Read {
            table,
            skipped: self.skipped,
            dialect,
            bytes: self.bytes,
            fingerprint: self.fingerprint.finish(),
        })
    }
}

fn begin(sheet: &Sheet) -> Begun {
    Begun {
        builder: TableBuilder::from_files(sheet.names.iter().cloned())
            .delimited(sheet.dialect.delimiter)
            .first_row(sheet.first_row.clone()),
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
