//! How files and rows are read for a model, and what it says of the cells it took for missing.

use super::Model;
use crate::data::csv::{CsvOptions, KnownNames};
use crate::data::{Loaded, MissingTokens, Source, Taken};
use crate::error::{Result, quoted};
use crate::options::{csv_of_model, csv_unsaid};
use serde_json::Value;

/// From this share of the rows on it is said aloud that a token was taken for missing.
const MANY: f64 = 0.01;

/// How many tokens of a column are named.
const NAMED: usize = 5;

impl Model {
    /// How files and rows are read where a call does not say: with the tokens for missing cells, the
    /// decimal sign, the quote and the comment sign of training; and where a file does not tell, with
    /// the delimiter and the encoding that the training files had.
    pub fn csv(&self) -> CsvOptions {
        let encoder = self.encoder();
        let reading = self.header.data.reading.as_ref();
        let found = reading.and_then(|reading| {
            Some((*reading.delimiter.as_bytes().first()?, reading.encoding.as_str()))
        });
        let trained = &self.header.options["csv"];
        let csv = csv_of_model(trained, encoder.missing(), encoder.format(), found);
        // A file whose first row holds the names of all features has that row as its header, unless
        // `csv.header` says otherwise.
        let names = encoder.features().iter().map(|feature| feature.name().to_owned()).collect();
        CsvOptions { known: KnownNames::Features(names), ..csv }
    }

    /// Reads labelled rows as these options say, which stand on [`Model::csv`].
    pub fn read(&self, source: Source, csv: &CsvOptions) -> Result<Loaded> {
        let mut loaded = source.load(csv)?;
        self.encoder().settle(&mut loaded.table, &csv.missing, csv.format());
        Ok(loaded)
    }

    /// The options it was trained with.
    pub(super) fn options(&self) -> Value {
        let mut options = self.header.options.clone();
        if options.is_object() {
            let encoder = self.encoder();
            let unsaid = csv_unsaid(encoder.missing(), encoder.format());
            if options["csv"].is_null() {
                options["csv"] = unsaid;
            } else if options["csv"]["decimal"].is_null() {
                // As it was found.
                options["csv"]["decimal"] = unsaid["decimal"].clone();
            }
        }
        options
    }

    /// What was taken for missing by default: for each column a sentence, and whether it is said
    /// aloud because it concerns many rows.
    pub fn taken(&self) -> Vec<(bool, String)> {
        let data = &self.header.data;
        let sentence = |Taken { column, tokens }: &Taken| {
            let cells: usize = tokens.iter().map(|(_, cells)| cells).sum();
            let share = cells as f64 / data.rows.max(1) as f64;
            let named: Vec<String> = tokens
                .iter()
                .take(NAMED)
                .map(|(token, cells)| format!("{} ×{cells}", quoted(token)))
                .collect();
            let more = if tokens.len() > NAMED { ", …" } else { "" };
            let words = format!(
                "{}: {}{more} read as missing, {} of the rows; if that is a value, give csv: {{ \
                 missing: {{ only: [] }} }}, with the tokens that do mean missing",
                quoted(column),
                named.join(", "),
                percent(share),
            );
            (share > MANY, words)
        };
        data.taken.iter().map(sentence).collect()
    }
}

/// The tokens in words.
pub fn words(missing: &MissingTokens) -> String {
    let shown =
        |tokens: &[String]| tokens.iter().map(|token| quoted(token)).collect::<Vec<_>>().join(" ");
    let [default, given, numeric] = missing.lists();
    let mut words = vec!["empty cells".to_owned()];
    words.extend((!given.is_empty()).then(|| shown(given)));
    words.extend((!default.is_empty()).then(|| format!("by default {}", shown(default))));
    let numeric = (!numeric.is_empty()).then(|| shown(numeric));
    words.extend(numeric.map(|shown| format!("among numbers and dates {shown}")));
    words.join("; ")
}

fn percent(share: f64) -> String {
    match share * 100.0 {
        few if few < 0.1 => "less than 0.1 %".to_owned(),
        few if few < 10.0 => format!("{few:.1} %"),
        many => format!("{many:.0} %"),
    }
}
