//! Splits by time: the latest rows validate, are held out, or are tested in expanding windows.

use super::rows::{Divider, Parts};
use crate::artifact::SplitByTime;
use crate::data::{Cell, Column, Fold, Moments, distinct_moments, expanding_folds, split_latest};
use crate::error::{Code, Error, Result, quoted};
use crate::options::{Begin, TimeSplit, Validation};

const COLUMN: &str = "validation.timeColumn";
const AFTER: &str = "validation.after";

impl Divider<'_> {
    /// Of the rows `among` the latest validate.
    pub fn latest(&self, split: &TimeSplit, among: &[usize]) -> Result<Parts> {
        let moments = self.moments(split)?;
        let at: Vec<f64> = among.iter().map(|&row| moments.at[row]).collect();
        let rows = |at: Vec<usize>| at.into_iter().map(|at| among[at]).collect();
        match &split.begin {
            Begin::Fraction(fraction) => {
                let parts = split_latest(&at, *fraction).ok_or_else(|| {
                    let message = format!(
                        "{COLUMN}: all {} rows are of one moment, so that none is later than others",
                        among.len()
                    );
                    self.wrong(message, &split.column, COLUMN)
                })?;
                Ok(Parts { train: rows(parts.train), validation: rows(parts.validation) })
            }
            Begin::After(bound) => {
                let from = moments.bound(bound, AFTER)?;
                let (train, validation): (Vec<_>, Vec<_>) =
                    (0..at.len()).partition(|&row| at[row] < from);
                let none = match (&*train, &*validation) {
                    ([], _) => "before it, so that none trains",
                    (_, []) => "from then on, so that none validates",
                    _ => return Ok(Parts { train: rows(train), validation: rows(validation) }),
                };
                Err(self.outside(split, among, &moments, none))
            }
        }
    }

    /// Each part of the time is tested by what learnt from all before it.
    pub fn windows(&self, split: &TimeSplit, k: usize) -> Result<Vec<Fold>> {
        let moments = self.moments(split)?;
        let from = match &split.begin {
            Begin::Fraction(_) => None,
            Begin::After(bound) => Some(moments.bound(bound, AFTER)?),
        };
        if let Some(from) = from
            && moments.at.iter().all(|at| *at >= from)
        {
            let all: Vec<usize> = (0..moments.at.len()).collect();
            return Err(self.outside(split, &all, &moments, "before it, so that none trains"));
        }
        expanding_folds(&moments.at, k, from).ok_or_else(|| {
            let tested = moments.at.iter().filter(|at| from.is_none_or(|from| **at >= from));
            let (distinct, since, most) = match (distinct_moments(tested.copied()), from) {
                (distinct, None) => (distinct, "", "fewer folds than moments"),
                (distinct, Some(_)) => {
                    (distinct, " from validation.after on", "at most as many folds")
                }
            };
            let column = quoted(&split.column);
            let message = format!(
                "k: {k} folds of {distinct} different moments of {column}{since}; expected {most}"
            );
            Error::new(Code::Options, message).option("k")
        })
    }

    /// Whether rows are of several moments, so that some are later than others.
    pub fn has_later(&self, rows: &[usize]) -> Result<bool> {
        let Validation::Time(split) = &self.options.validation else { return Ok(true) };
        let moments = self.moments(split)?;
        let mut moments = rows.iter().map(|&row| moments.at[row]);
        let first = moments.next();
        Ok(moments.any(|moment| Some(moment) != first))
    }

    /// Where the validation rows begin, if time divides them.
    pub fn split_by_time(&self, parts: &Parts) -> Result<Option<SplitByTime>> {
        let Validation::Time(split) = &self.options.validation else { return Ok(None) };
        let moments = self.moments(split)?;
        let by_time =
            |&&one: &&usize, &&other: &&usize| moments.at[one].total_cmp(&moments.at[other]);
        let first = parts.validation.iter().min_by(by_time);
        let last = parts.train.iter().max_by(by_time);
        let Some((&first, &last)) = first.zip(last) else { return Ok(None) };
        let column = self.column(&split.column, COLUMN)?;
        Ok(Some(SplitByTime {
            column: split.column.clone(),
            last: written(column, last),
            first: written(column, first),
        }))
    }

    fn moments(&self, split: &TimeSplit) -> Result<Moments> {
        let column = self.column(&split.column, COLUMN)?;
        Moments::of(self.table, column, &self.options.schema, self.format(), COLUMN)
    }

    /// The error for a moment with all rows on one side.
    fn outside(&self, split: &TimeSplit, among: &[usize], moments: &Moments, none: &str) -> Error {
        let by_time =
            |&&one: &&usize, &&other: &&usize| moments.at[one].total_cmp(&moments.at[other]);
        let text = |row: Option<&usize>| match (self.column(&split.column, COLUMN), row) {
            (Ok(column), Some(&row)) => quoted(&written(column, row)),
            _ => String::new(),
        };
        let message = format!(
            "{AFTER}: no row of {} is {none}; they are from {} to {}",
            quoted(&split.column),
            text(among.iter().min_by(by_time)),
            text(among.iter().max_by(by_time))
        );
        self.wrong(message, &split.column, AFTER)
    }
}

/// A cell as it was written.
fn written(column: &Column, row: usize) -> String {
    match column.cell(row) {
        Cell::Text(text) => text.to_owned(),
        Cell::Number(number) => number.to_string(),
        Cell::Missing => String::new(),
    }
}

#[cfg(test)]
#[path = "latest_tests.rs"]
mod tests;
