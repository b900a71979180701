//! What one look over all cells of a column tells: the ground on which types are inferred.

use super::number;
use super::table::{Cell, Column, Table};
use crate::error::{Code, Error, Result, quoted};
use std::collections::HashSet;

/// Up to this share of text in an otherwise numeric column is taken for an error in the file.
const STRAY: f64 = 0.05;
/// How many offending rows a message names.
const NAMED: usize = 5;
/// From this share of distinct texts on, a column names its rows rather than sorts them.
const IDENTIFIER: f64 = 0.9;
/// Fewer rows than this cannot tell an identifier from a rich category.
const FEWEST_FOR_IDENTIFIER: usize = 20;

/// Counts over the cells of a column.
#[derive(Debug)]
pub struct Profile {
    /// Cells that are not missing.
    pub observed: usize,
    /// Distinct values among them.
    pub distinct: usize,
    numbers: usize,
    integers: usize,
    /// Digits with leading zeros: codes, which makes the column text.
    codes: usize,
    /// The first rows whose cells are no numbers.
    texts: Vec<usize>,
}

impl Profile {
    /// Looks at every cell.
    pub fn of(column: &Column, decimal: u8) -> Self {
        let mut profile = Profile {
            observed: 0,
            distinct: 0,
            numbers: 0,
            integers: 0,
            codes: 0,
            texts: Vec::new(),
        };
        let mut numbers: HashSet<u64> = HashSet::new();
        let mut texts: HashSet<&str> = HashSet::new();
        for (row, cell) in column.cells().enumerate() {
            profile.observed += usize::from(cell != Cell::Missing);
            match (number::of(cell, decimal), cell) {
                (Some(number), _) => {
                    profile.numbers += 1;
                    profile.integers += usize::from(number.fract() == 0.0);
                    numbers.insert((number + 0.0).to_bits());
                }
                (None, Cell::Text(_)) if profile.texts.len() < NAMED => profile.texts.push(row),
                _ => {}
            }
            if let Cell::Text(text) = cell {
                profile.codes += usize::from(number::has_leading_zero(text));
                texts.insert(text);
            }
        }
        let numeric = profile.is_numeric() || texts.is_empty();
        profile.distinct = if numeric { numbers.len() } else { texts.len() };
        profile
    }

    /// Whether every observed cell is a number, and none a code.
    pub fn is_numeric(&self) -> bool {
        self.numbers == self.observed && self.codes == 0
    }

    /// Whether the column holds whole numbers, at most `most` different ones, each of which
    /// stands for several rows; two values are always few.
    pub fn few_integers(&self, most: usize) -> bool {
        self.integers == self.observed
            && self.distinct <= most
            && (self.distinct <= 2 || self.observed >= 3 * self.distinct)
    }

    /// Why nothing can be learnt from the column, if so.
    pub fn useless(&self, column: &Column) -> Option<String> {
        if self.observed == 0 {
            return Some("empty: every cell is missing".to_owned());
        }
        if self.distinct == 1 && self.observed == column.len() {
            let value = match column.cell(0) {
                Cell::Text(text) => quoted(text),
                Cell::Number(number) => number.to_string(),
                Cell::Missing => String::new(),
            };
            return Some(format!("constant: every row is {value}"));
        }
        let unique = self.distinct as f64 >= IDENTIFIER * self.observed as f64;
        if !self.is_numeric() && self.observed >= FEWEST_FOR_IDENTIFIER && unique {
            let (distinct, observed) = (self.distinct, self.observed);
            return Some(format!("identifier-like: {distinct} different texts in {observed} rows"));
        }
        None
    }

    /// An error at the first cell that is no number, should there be one.
    pub fn require_numbers(&self, table: &Table, column: &Column, why: &str) -> Result<()> {
        match self.texts.first() {
            None => Ok(()),
            Some(&row) => {
                let message = format!("{} is not a number, and {why}", shown(column, row));
                Err(table.place(Error::new(Code::Schema, message).column(column.name()), row))
            }
        }
    }

    /// An error that names the rows, should a few texts stand among many numbers.
    pub fn refuse_stray_texts(&self, table: &Table, column: &Column) -> Result<()> {
        let texts = self.observed - self.numbers;
        if texts == 0 || texts as f64 > STRAY * self.observed as f64 {
            return Ok(());
        }
        let named: Vec<String> = self
            .texts
            .iter()
            .map(|&row| format!("{} ({})", table.row_name(row), shown(column, row)))
            .collect();
        let more = if texts > named.len() { ", …" } else { "" };
        let message = format!(
            "{} of {} cells are numbers, but not those in {}{more}; mend them, add the token to \
             csv.missing, or declare the column's type",
            self.numbers,
            self.observed,
            named.join(", "),
        );
        let error = Error::new(Code::Schema, message).column(column.name());
        Err(table.place(error, self.texts[0]))
    }
}

fn shown(column: &Column, row: usize) -> String {
    match column.cell(row) {
        Cell::Text(text) => quoted(text),
        Cell::Number(number) => number.to_string(),
        Cell::Missing => "nothing".to_owned(),
    }
}
