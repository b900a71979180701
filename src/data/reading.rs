//! How files were read, in words that go with the model.

use super::csv::Read;
use serde::{Deserialize, Serialize};

/// How files turned out to be written, and what was left out of them.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Reading {
    /// The files as they were named. What follows is of the first.
    pub files: Vec<String>,
    /// The sign between cells.
    pub delimiter: String,
    /// Why that one.
    pub delimiter_why: String,
    /// The sign around cells.
    pub quote: Option<String>,
    /// Whether the first row named the columns.
    pub header: bool,
    /// Why.
    pub header_why: String,
    /// `utf8`, `utf16` or `latin1`.
    pub encoding: String,
    /// Whether it was compressed.
    pub gzip: bool,
    /// The rows that `csv.onError: 'skip'` left out, of all files.
    pub skipped: usize,
    /// What was wrong with the first few of them, each with file and line.
    pub skipped_first: Vec<String>,
}

impl Reading {
    /// What reading these files told.
    pub fn of(files: Vec<String>, read: &Read) -> Self {
        let sign = |sign: u8| char::from(sign).to_string();
        let dialect = &read.dialect;
        Reading {
            files,
            delimiter: sign(dialect.delimiter),
            delimiter_why: dialect.delimiter_why.clone(),
            quote: dialect.quote.map(sign),
            header: dialect.header,
            header_why: dialect.header_why.clone(),
            encoding: dialect.encoding.as_str().to_owned(),
            gzip: dialect.gzip,
            skipped: read.skipped.count,
            skipped_first: read.skipped.first.iter().map(ToString::to_string).collect(),
        }
    }

    /// The same in a few words, for a summary.
    pub fn words(&self) -> String {
        let delimiter = match self.delimiter.as_str() {
            "\t" => "tab".to_owned(),
            sign => format!("'{sign}'"),
        };
        let header = if self.header { "a header" } else { "no header" };
        let files = match self.files.len() {
            0 | 1 => String::new(),
            files => format!("{files} files, the first "),
        };
        let gzip = if self.gzip { ", gzip" } else { "" };
        format!(
            "{files}{}{gzip}, cells apart by {delimiter} ({}), {header} ({})",
            self.encoding, self.delimiter_why, self.header_why
        )
    }
}
