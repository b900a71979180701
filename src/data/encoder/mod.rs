//! Turns a table into the numbers a network reads, as fitted on the training rows.

mod common;
mod dense;
mod edges;
mod feature;
mod moments;
mod normal;
mod open;
mod quantiles;
mod ranks;
mod respelt;
mod row;
mod scaler;
mod settle;
mod target;
mod times;
mod tree;

pub use feature::{Encoding as FeatureEncoding, FeatureEncoder};
pub use normal::{CENTRE as NORMAL_CENTRE, Fraction as NormalFraction, TAIL as NORMAL_TAIL};
pub use row::Numeric;
pub use scaler::{FARTHEST, LEAST_SHARE, Scaler};
pub use target::{Encoding as TargetEncoding, Labels, TargetEncoder};
pub use times::Times;

use super::column::Column;
use super::feature::Feature;
use super::missing::MissingTokens;
use super::misspelled;
use super::number::NumberFormat;
use super::schema::Schema;
use super::table::{Cell, Table};
use super::weights::{self, Weighted};
use super::zone::TimeZone;
use crate::error::{Code, Error, Result, nearest, quoted};
use crate::graph::Inputs;
use crate::parts::in_parts;
use open::refuse_open;

use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// So many rows are encoded together, column by column.
const BLOCK: usize = 1024;

/// Encodes features and targets; fitted once, saved with the model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Encoder {
    features: Vec<FeatureEncoder>,
    targets: Vec<TargetEncoder>,
    /// The column that says what each row counts, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sample_weights: Option<String>,
    decimal: char,
    /// The time zone of `Date` cells, if one was named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    time_zone: Option<TimeZone>,
    /// What may stand between thousands; none if nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    thousands: Option<char>,
    /// The tokens for missing cells.
    #[serde(default = "MissingTokens::unnamed", skip_serializing_if = "MissingTokens::is_unnamed")]
    missing: MissingTokens,
}

/// Encoded rows, row-major; labels where they were asked for.
#[derive(Debug, Clone, Default)]
pub struct Encoded {
    /// The number of rows.
    pub rows: usize,
    /// The dense part, `[rows, inputs.numeric]`.
    pub numeric: Vec<f32>,
    /// The codes of embedded columns, `[rows, inputs.codes.len()]`.
    pub codes: Vec<u32>,
    /// The labels of each task.
    pub labels: Vec<Labels>,
    /// What each labelled row counts, from 0 up; none if all count alike.
    pub weights: Option<Vec<f64>>,
}

impl Encoder {
    /// Fits an encoder on the rows `train` of the table the schema was read off: means, deviations
    /// and quantiles by what each row counts, categories by rows. Rows of weight 0 have no part in
    /// it.
    pub fn fit(table: &Table, schema: &Schema, train: &[usize]) -> Result<Self> {
        let format = schema.format();
        let columns = by_name(table);
        let column =
            |name: &str| columns.get(name).copied().ok_or_else(|| missing_column(table, name));
        let (mut rows, mut weights) = (train.to_vec(), None);
        if let Some(name) = &schema.sample_weights {
            let all = weights::read(table, column(name)?, train, format, code(table))?;
            let (counted, of_counted): (Vec<usize>, Vec<f64>) =
                train.iter().zip(all).filter(|(_, weight)| *weight > 0.0).unzip();
            (rows, weights) = (counted, weights::relative(&of_counted));
        }
        let train = Weighted { rows: &rows, weights: weights.as_deref() };
        let features = schema.features.iter();
        let mut features: Vec<(&Feature, &Column, Option<FeatureEncoder>)> = features
            .map(|feature| Ok((feature, column(&feature.name)?, None)))
            .collect::<Result<_>>()?;
        let chosen = &schema.preprocessing;
        in_parts(&mut features, 1, |_, features| {
            for (feature, column, fitted) in features {
                *fitted = Some(FeatureEncoder::fit(feature, column, train, format, chosen));
            }
            Ok::<(), Error>(())
        })?;
        let features = features.into_iter().filter_map(|(_, _, fitted)| fitted).collect();
        let targets = schema
            .tasks
            .iter()
            .map(|task| Ok(TargetEncoder::fit(task, column(&task.name)?, train, format)))
            .collect::<Result<_>>()?;
        let sample_weights = schema.sample_weights.clone();
        let Schema { decimal, thousands, .. } = *schema;
        let time_zone = schema.time_zone.clone();
        let missing = MissingTokens::default();
        Ok(Encoder { features, targets, sample_weights, decimal, time_zone, thousands, missing })
    }

    /// Checks an encoder that came from a file.
    pub fn check(&self) -> Result<()> {
        let features = self.features.iter().all(FeatureEncoder::is_valid);
        let targets = !self.targets.is_empty() && self.targets.iter().all(TargetEncoder::is_valid);
        if features && targets && self.time_zone.as_ref().is_none_or(TimeZone::is_valid) {
            return Ok(());
        }
        Err(Error::new(Code::Artifact, "the encoder in the file is not valid"))
    }

    /// The shape of an encoded row.
    pub fn inputs(&self) -> Inputs {
        Inputs {
            numeric: self.features.iter().map(FeatureEncoder::width).sum(),
            codes: self.features.iter().filter_map(FeatureEncoder::codes).collect(),
        }
    }

    /// The feature columns: name, whether the column had missing cells in training.
    pub fn features(&self) -> &[FeatureEncoder] {
        &self.features
    }

    /// The target encoders, in task order.
    pub fn targets(&self) -> &[TargetEncoder] {
        &self.targets
    }

    /// How numbers are written in text.
    pub fn format(&self) -> NumberFormat {
        NumberFormat::of_marks(self.decimal, self.thousands)
    }

    /// What is amiss with the times of dates, a sentence or two for each column.
    pub fn warnings(&self) -> Vec<String> {
        let features = self.features.iter().filter_map(|feature| {
            let times = feature.times().cloned();
            let times = times.or_else(|| feature.categories().map(Times::of_categories))?;
            times.warning(feature.name())
        });
        let targets = self
            .targets
            .iter()
            .filter_map(|target| Times::of_categories(target.classes()?).warning(target.name()));
        features.chain(targets).collect()
    }

    /// The time zone that `Date` cells are read in, if one was named; else it is UTC.
    pub fn time_zone(&self) -> Option<&TimeZone> {
        self.time_zone.as_ref()
    }

    /// The features of all rows. Columns are found by name; further columns are ignored.
    pub fn encode(&self, table: &Table) -> Result<Encoded> {
        let rows: Vec<usize> = (0..table.rows()).collect();
        self.encode_rows(table, &rows, false)
    }

    /// The features, labels and weights of all rows; every target column must be there, that of
    /// the weights need not.
    pub fn encode_labelled(&self, table: &Table) -> Result<Encoded> {
        let rows: Vec<usize> = (0..table.rows()).collect();
        self.encode_rows(table, &rows, true)
    }

    /// The rows among `rows` that are not of weight 0; all, if the table has no column of weights.
    /// Only of these need labels be such as the model knows.
    pub fn counted(&self, table: &Table, rows: &[usize]) -> Result<Vec<usize>> {
        let column = self.sample_weights.as_ref().and_then(|name| table.column(name));
        let Some(column) = column else { return Ok(rows.to_vec()) };
        let format = table.format().unwrap_or_else(|| self.format());
        let weights = weights::read(table, column, rows, format, code(table))?;
        let counted = rows.iter().zip(weights).filter(|(_, weight)| *weight > 0.0);
        Ok(counted.map(|(row, _)| *row).collect())
    }

    /// The features, and if asked for the labels, of some rows.
    pub fn encode_rows(&self, table: &Table, rows: &[usize], labelled: bool) -> Result<Encoded> {
        let format = table.format().unwrap_or_else(|| self.format());
        let columns = by_name(table);
        let inputs = self.inputs();
        let mut encoded = Encoded {
            rows: rows.len(),
            numeric: vec![0.0; rows.len() * inputs.numeric],
            codes: vec![0; rows.len() * inputs.codes.len()],
            labels: Vec::new(),
            weights: None,
        };
        let column = |name: &str| columns.get(name).copied();
        let found = self.features.iter().map(|feature| {
            let name = feature.name();
            table.require_readable(name)?;
            Ok((feature, column(name).ok_or_else(|| missing_column(table, name))?))
        });
        let found = found.collect::<Result<Vec<_>>>()?;
        refuse_open(table, &found)?;
        self.refuse_instants(table, &found, rows)?;
        // An embedded column may have both.
        let some = |which: fn(&FeatureEncoder) -> bool| {
            found.iter().copied().filter(|(feature, _)| which(feature)).collect::<Vec<_>>()
        };
        let coded = some(|feature| feature.codes().is_some());
        let dense = some(|feature| feature.width() > 0);
        let width = inputs.numeric;
        let written = in_parts(&mut encoded.numeric, BLOCK * width, |block, out| {
            let rows = &rows[block * BLOCK..][..out.len() / width];
            let mut at = 0;
            for (feature, column) in &dense {
                if !feature.write_rows(column, rows, format, out, (at, width)) {
                    return Err(());
                }
                at += feature.width();
            }
            Ok(())
        });
        let coded_all = write_codes(&coded, rows, &mut encoded.codes);
        if written.is_err() || !coded_all {
            return Err(first_misfit(table, &found, rows, format));
        }
        if labelled {
            for target in &self.targets {
                table.require_readable(target.name())?;
                let column = columns.get(target.name()).copied();
                let column = column.ok_or_else(|| missing_column(table, target.name()))?;
                encoded.labels.push(target.labels(table, column, rows, format)?);
            }
            let weights = self.sample_weights.as_ref().and_then(|name| columns.get(name.as_str()));
            self.sample_weights.iter().try_for_each(|name| table.require_readable(name))?;
            encoded.weights = weights
                .map(|column| weights::read(table, column, rows, format, code(table)))
                .transpose()?;
        }
        Ok(encoded)
    }
}

fn by_name(table: &Table) -> HashMap<&str, &Column> {
    table.columns().iter().map(|column| (column.name(), column)).collect()
}

/// The code for cells and columns that do not fit: rows come from JavaScript, files do not.
fn code(table: &Table) -> Code {
    if table.is_rows() { Code::Rows } else { Code::Schema }
}

fn missing_column(table: &Table, name: &str) -> Error {
    let near = nearest(name, table.columns().iter().map(Column::name));
    let hint = near.map_or_else(String::new, |near| format!("; is it {}?", quoted(near)));
    let read = table.first_row_hint(name);
    let message = format!("there is no column {}, which the model needs{read}{hint}", quoted(name));
    let error = Error::new(code(table), message).column(name);
    if table.is_rows() { error } else { error.file(table.source()) }
}

/// Writes the codes of embedded columns, side by side in every row; false if a cell does not hold
/// what is due.
fn write_codes(features: &[(&FeatureEncoder, &Column)], rows: &[usize], out: &mut [u32]) -> bool {
    let mut all = true;
    for (at, (feature, column)) in features.iter().enumerate() {
        let mut outs = out.iter_mut().skip(at).step_by(features.len());
        let write = |_, code: Option<u32>| {
            all &= code.is_some();
            if let Some(out) = outs.next() {
                *out = code.unwrap_or(0);
            }
        };
        column.map(rows, |cell| feature.code(cell), write);
    }
    all
}

/// Which block failed first is chance; which cell is named must not be.
fn first_misfit(
    table: &Table,
    features: &[(&FeatureEncoder, &Column)],
    rows: &[usize],
    format: NumberFormat,
) -> Error {
    for (feature, column) in features {
        for &row in rows {
            let cell = column.cell(row);
            let codes = feature.codes().is_none() || feature.code(cell).is_some();
            if !codes || !feature.write(cell, format, &mut vec![0.0; feature.width()]) {
                return misfit(table, (column, format), row, cell, &feature.expects(cell));
            }
        }
    }
    Error::new(Code::Internal, "a cell could not be encoded, and then could")
}

fn misfit(
    table: &Table,
    (column, format): (&Column, NumberFormat),
    row: usize,
    cell: Cell<'_>,
    expected: &str,
) -> Error {
    let found = match cell {
        Cell::Text(text) => quoted(text),
        Cell::Number(number) => number.to_string(),
        Cell::Missing => "nothing".to_owned(),
    };
    let cure = match expected {
        "a number" => misspelled::other_marks(cell, format, table.is_rows()),
        _ => String::new(),
    };
    let message = format!("expected {expected}, found {found}{cure}");
    table.place(Error::new(code(table), message).column(column.name()), row)
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;

#[cfg(test)]
#[path = "weighted_tests.rs"]
mod weighted_tests;

#[cfg(test)]
mod zone_tests;
