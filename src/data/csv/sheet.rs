//! One file, opened: its text, how it is written, its columns, and what can be wrong with a row.

use crate::error::{Code, Error, Result, quoted};

use super::super::table::FirstRow;
use super::decode::{Text, Undecodable};
use super::dialect::{Dialect, delimiter};
use super::grammar::{Flaw, Flawed, Grammar, Record, Records};
use super::header::{Beginning, filled, find, names};
use super::missing::Missing;
use super::options::{CsvOptions, Encoding};
use super::sample::Sample;

/// Why a row was left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// More or fewer cells than columns.
    Ragged,
    /// A quote that never closes, or text after a closing one.
    Quote,
    /// Bytes that are no characters in the file's encoding.
    Undecodable,
    /// A NUL byte.
    Nul,
}

/// What to do about empty cells without a name at the end of the first row: files whose lines
/// end in the delimiter have one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trailing {
    /// They are no columns, as long as nothing stands in them further down.
    Drop,
    /// They are columns like others.
    Keep,
}

/// A file whose first row has been read.
#[derive(Debug)]
pub(super) struct Sheet {
    pub(super) name: String,
    pub(super) grammar: Grammar,
    pub(super) dialect: Dialect,
    /// The columns as they are called in this file, in its order.
    pub(super) names: Vec<String>,
    /// The number of cells in every row: as many as names, or more where `Trailing::Drop` is.
    pub(super) width: usize,
    /// The line on which the first record starts.
    pub(super) first_line: u64,
    /// How the first row was read, for messages on columns that are not there.
    /// Where `csv.columns` does not name the columns.
    pub(super) first_row: Option<FirstRow>,
    /// Where `width` comes from, for messages.
    expected: String,
}

impl Sheet {
    /// Sniffs, and reads the first row. `before` says whether the files before have a header.
    pub(super) fn open(
        name: &str,
        text: &Text<'_>,
        options: &CsvOptions,
        missing: &Missing,
        trailing: Trailing,
        before: Option<bool>,
    ) -> Result<Sheet> {
        let here = |error: Error| error.file(name);
        let (delimiter, delimiter_why, sample) =
            delimiter(&text.text, options, missing).map_err(here)?;
        let grammar = Grammar::new(options, delimiter);
        let first = first_record(text, grammar).map_err(here)?;
        let beginning = Beginning { text: &text.text, grammar, sample: &sample, missing };
        let verdict =
            find(beginning, options, before).map_err(|error| here(error).line(first.line))?;
        let first_row = options.columns.is_none().then(|| FirstRow {
            header: verdict.header,
            why: verdict.why.clone(),
            doubtful: verdict.weighed,
        });
        let mut sheet = Sheet {
            name: name.to_owned(),
            grammar,
            dialect: Dialect {
                delimiter,
                delimiter_why,
                quote: options.quote,
                header: verdict.header,
                header_why: verdict.why,
                encoding: text.encoding,
                gzip: false,
            },
            names: Vec::new(),
            width: first.len(),
            first_line: first.line,
            first_row,
            expected: match verdict.header {
                true => "as in the header".to_owned(),
                false => format!("as in line {}", first.line),
            },
        };
        sheet.refuse_preamble(&sample).map_err(here)?;
        sheet.names = sheet.name_columns(&sample, options, trailing).map_err(here)?;
        Ok(sheet)
    }

    /// A title above the table makes every row look ragged; the title is what is wrong.
    fn refuse_preamble(&self, sample: &Sample) -> Result<()> {
        match sample.usual() {
            Some((usual, count)) if self.width == 1 && count > 1 => Err(Error::new(
                Code::Csv,
                format!(
                    "1 cell, expected {usual} (as in the rows below); csv.skipLines or \
                     csv.comment pass over lines above the table"
                ),
            )
            .line(self.first_line)),
            _ => Ok(()),
        }
    }

    fn name_columns(
        &mut self,
        sample: &Sample,
        options: &CsvOptions,
        trailing: Trailing,
    ) -> Result<Vec<String>> {
        let filled = match trailing {
            Trailing::Drop => filled(&sample.first).max(1),
            Trailing::Keep => self.width,
        };
        let Some(columns) = &options.columns else {
            let header = self.dialect.header.then_some(&sample.first[..]);
            return names(header, filled, self.first_line);
        };
        if columns.len() != self.width && columns.len() != filled {
            self.expected = "as in csv.columns".to_owned();
            return Err(
                Error::new(Code::Csv, self.ragged(self.width, columns.len())).line(self.first_line)
            );
        }
        names(Some(columns), columns.len(), self.first_line)
    }

    fn ragged(&self, found: usize, expected: usize) -> String {
        format!("{found} {}, expected {expected} ({})", cells(found), self.expected)
    }

    /// What is wrong with a record, if anything; `undecodable` is the first one inside it.
    pub(super) fn fault(
        &self,
        record: &Record,
        undecodable: Option<Undecodable>,
    ) -> Option<(Reason, Error)> {
        let (reason, message, cell, line) = if let Some(flawed) = record.flawed {
            let (reason, message) = flaw_message(flawed, record.line);
            (reason, message, Some(flawed.cell), flawed.line)
        } else if let Some(undecodable) = undecodable {
            let message = undecodable_message(undecodable, self.dialect.encoding);
            (Reason::Undecodable, message, Some(record.cell_at(undecodable.at)), record.line)
        } else if record.len() != self.width {
            (Reason::Ragged, self.ragged(record.len(), self.width), None, record.line)
        } else {
            return None;
        };
        let error = Error::new(Code::Csv, message.clone()).file(&self.name).line(line);
        let error = match cell.map(|cell| (cell, self.names.get(cell))) {
            None => error,
            Some((_, Some(name))) => error.column(name),
            Some((cell, None)) => {
                let message = format!("cell {}: {message}", cell + 1);
                Error::new(Code::Csv, message).file(&self.name).line(line)
            }
        };
        Some((reason, error))
    }
}

/// The first record, which must be without fault whatever `on_error` says: all others are held
/// to it.
fn first_record(text: &Text<'_>, grammar: Grammar) -> Result<Record> {
    let mut record = Record::default();
    if text.text.is_empty() {
        return Err(Error::new(Code::Csv, "is empty"));
    }
    if !Records::new(&text.text, grammar).next(&mut record) {
        let message = "has no rows, only blank lines or lines to pass over";
        return Err(Error::new(Code::Csv, message));
    }
    let span = record.start..record.end;
    let undecodable = text.undecodable.iter().find(|bad| span.contains(&bad.at));
    let (message, cell, line) = match (record.flawed, undecodable) {
        (Some(flawed), _) => (flaw_message(flawed, record.line).1, flawed.cell, flawed.line),
        (_, Some(bad)) => {
            (undecodable_message(*bad, text.encoding), record.cell_at(bad.at), record.line)
        }
        _ => return Ok(record),
    };
    Err(Error::new(Code::Csv, format!("cell {}: {message}", cell + 1)).line(line))
}

fn flaw_message(flawed: Flawed, record_line: u64) -> (Reason, String) {
    let since = match record_line == flawed.line {
        true => String::new(),
        false => format!(" (the row starts on line {record_line})"),
    };
    match flawed.flaw {
        Flaw::Unclosed => (Reason::Quote, format!("a quote opens here and never closes{since}")),
        Flaw::AfterQuote => (
            Reason::Quote,
            format!("a bad quote: text after the closing quote of this cell{since}"),
        ),
        Flaw::Nul => (
            Reason::Nul,
            format!("a NUL byte{since}; if the file is UTF-16, set csv.encoding: 'utf16'"),
        ),
    }
}

fn undecodable_message(bad: Undecodable, encoding: Encoding) -> String {
    match encoding {
        Encoding::Utf16 => format!("{:#06x} is not UTF-16", bad.value),
        _ => format!(
            "the byte {:#04x} is not UTF-8; if the file is latin-1, set csv.encoding: 'latin1'",
            bad.value
        ),
    }
}

/// A cell as a message shows it, or that there is none.
pub(super) fn name_shown(name: Option<&String>) -> String {
    name.map_or_else(|| "nothing".to_owned(), |name| quoted(name))
}

fn cells(count: usize) -> &'static str {
    if count == 1 { "cell" } else { "cells" }
}
