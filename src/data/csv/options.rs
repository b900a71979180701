//! How a file is to be read: plain options, checked before the first byte is.

use super::super::missing::MissingTokens;
use super::super::number::NumberFormat;
use crate::error::{Code, Error, Result};

use super::known::KnownNames;

/// The way characters are written as bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, with or without a byte order mark.
    Utf8,
    /// UTF-16, little endian unless a byte order mark or a leading zero byte says otherwise.
    Utf16,
    /// Latin-1 as browsers read it, that is windows-1252: every byte is some character.
    Latin1,
}

impl Encoding {
    /// The name used in options and messages.
    pub fn as_str(self) -> &'static str {
        match self {
            Encoding::Utf8 => "utf8",
            Encoding::Utf16 => "utf16",
            Encoding::Latin1 => "latin1",
        }
    }
}

/// What to do with a row that cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OnError {
    /// Stop with `ERR_CSV`.
    #[default]
    Fail,
    /// Leave the row out, count it and remember the first ones.
    Skip,
}

/// How to read; the default sniffs what it can and fails on the first bad row.
#[derive(Debug, Clone, PartialEq)]
pub struct CsvOptions {
    /// The ASCII byte between cells. Default: sniffed from `, ; tab |`.
    pub delimiter: Option<u8>,
    /// The ASCII byte around cells that hold delimiters or line ends; `None` makes a quote
    /// ordinary text. Default `"`.
    pub quote: Option<u8>,
    /// Whether the first row names the columns. Default: found by its types.
    pub header: Option<bool>,
    /// Names for the columns of a file without a header; a first row that equals them is a header
    /// all the same. With `header: Some(true)` they replace the names in the file.
    pub columns: Option<Vec<String>>,
    /// Cells that mean missing; an empty cell always does.
    pub missing: MissingTokens,
    /// Default: by the byte order mark, else UTF-8.
    pub encoding: Option<Encoding>,
    /// Lines that begin with this ASCII byte are passed over. Default: none.
    pub comment: Option<u8>,
    /// The decimal sign, for the schema; here it only settles ties in sniffing. Default: found in
    /// the cells, else `.`.
    pub decimal: Option<u8>,
    /// What stands between thousands, for the schema: `,` `.` `'` or a blank. Default: nothing.
    pub thousands: Option<u8>,
    /// What to do with a bad row. Default: fail.
    pub on_error: OnError,
    /// Lines to pass over at the top of every file. Default 0.
    pub skip_lines: usize,
    /// What is taken where a file does not tell.
    pub fallback: Fallback,
    /// Those of [`OF_FILES`] that the user gave.
    pub given: Vec<&'static str>,
    /// Names of columns that tell a header from a row of data. Default: none are known.
    pub known: KnownNames,
}

/// How files were written that a model learnt from: what is taken where another file does not tell.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Fallback {
    /// Between several that fit equally well, and where none is found.
    pub delimiter: Option<u8>,
    /// Where there is no byte order mark, and the bytes are not UTF-8.
    pub encoding: Option<Encoding>,
}

/// The options that say how files are written, and nothing of rows.
pub const OF_FILES: [&str; 8] =
    ["delimiter", "quote", "header", "columns", "encoding", "comment", "onError", "skipLines"];

impl Default for CsvOptions {
    fn default() -> Self {
        CsvOptions {
            delimiter: None,
            quote: Some(b'"'),
            header: None,
            columns: None,
            missing: MissingTokens::default(),
            encoding: None,
            comment: None,
            decimal: None,
            thousands: None,
            on_error: OnError::Fail,
            skip_lines: 0,
            fallback: Fallback::default(),
            given: Vec::new(),
            known: KnownNames::None,
        }
    }
}

impl CsvOptions {
    /// The decimal sign that numbers are packed with, whatever the cells turn out to have.
    pub(super) fn mark(&self) -> u8 {
        self.decimal.unwrap_or(b'.')
    }

    /// How numbers are written in text.
    pub fn format(&self) -> NumberFormat {
        NumberFormat { decimal: self.mark(), thousands: self.thousands, unit: None }
    }

    /// An error if an option was given that can only be meant for files: for rows.
    pub fn check_for_rows(&self) -> Result<()> {
        let Some(name) = self.given.first() else { return Ok(()) };
        let message = format!("csv.{name}: says how a file is written, and rows are given");
        let message = match *name {
            "columns" => format!("{message}; columns are named by the keys of objects"),
            _ => message,
        };
        Err(wrong(&format!("csv.{name}"), message))
    }

    /// The same for a source beside which there are files that the options may be meant for.
    pub fn beside_files(&self) -> Self {
        CsvOptions { given: Vec::new(), ..self.clone() }
    }

    /// Refuses signs that cannot work: not ASCII, a line end, or one sign for two purposes.
    pub(super) fn check(&self) -> Result<()> {
        let signs = [
            ("csv.delimiter", self.delimiter),
            ("csv.quote", self.quote),
            ("csv.comment", self.comment),
        ];
        for (i, (option, sign)) in signs.iter().enumerate() {
            let Some(sign) = *sign else { continue };
            let shown = shown(sign);
            // A byte of 128 and more is a part of a character in UTF-8.
            if !sign.is_ascii() || matches!(sign, b'\n' | b'\r' | 0) {
                return Err(wrong(option, format!("{shown} cannot be used: not one ASCII sign")));
            }
            if let Some((other, _)) = signs[..i].iter().find(|(_, other)| *other == Some(sign)) {
                return Err(wrong(option, format!("{shown} is the {other} already")));
            }
        }
        if self.quote.is_some_and(|quote| matches!(quote, b' ' | b'\t')) {
            return Err(wrong("csv.quote", "a blank cannot be a quote"));
        }
        if let Some(columns) = &self.columns {
            let mut seen = std::collections::HashSet::new();
            if columns.is_empty() {
                return Err(wrong("csv.columns", "no column is named"));
            }
            let twice = columns.iter().find(|name| !name.is_empty() && !seen.insert(*name));
            if let Some(name) = twice {
                return Err(wrong("csv.columns", "this name stands twice").column(name));
            }
        }
        Ok(())
    }
}

fn wrong(option: &str, message: impl Into<String>) -> Error {
    Error::new(Code::Options, message).option(option)
}

/// A sign as a message shows it.
pub(super) fn shown(sign: u8) -> String {
    match sign {
        b'\t' => "tab".to_owned(),
        sign => format!("'{}'", sign.escape_ascii()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_sign_for_two_purposes_or_outside_ascii_is_refused() {
        let defaults = CsvOptions::default;
        for (options, option) in [
            (CsvOptions { delimiter: Some(b'"'), ..defaults() }, "csv.quote"),
            (
                CsvOptions { delimiter: Some(b'|'), comment: Some(b'|'), ..defaults() },
                "csv.comment",
            ),
            (CsvOptions { delimiter: Some(0xe9), ..defaults() }, "csv.delimiter"),
            (CsvOptions { delimiter: Some(b'\n'), ..defaults() }, "csv.delimiter"),
            (
                CsvOptions { columns: Some(vec!["a".into(), "a".into()]), ..defaults() },
                "csv.columns",
            ),
            (CsvOptions { columns: Some(vec![]), ..defaults() }, "csv.columns"),
        ] {
            let error = options.check().unwrap_err();
            assert_eq!(error.code(), Code::Options);
            assert_eq!(error.place().option.as_deref(), Some(option));
        }
        assert!(defaults().check().is_ok());
        assert!(CsvOptions { delimiter: Some(b'"'), quote: None, ..defaults() }.check().is_ok());
    }
}
