//! The distinct values of a column: which cells hold the same one, and in what order values stand.

use super::categories::Categories;
use super::column::Column;
use super::lookup::Identity;
use super::number::{self, NumberFormat};
use super::spelling::{Exact, of_number, spelling};
use super::table::{Cell, Table};
use crate::error::{Code, Error, Result};
use std::collections::{HashMap, HashSet};

/// What makes two numbers the same value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Equal {
    /// That they are written alike, as [`spelling`] says: in columns that were declared categorical,
    /// and wherever else texts name things.
    Written,
    /// That they are equal, however they are written: in a target that is taken for classes because
    /// it holds few whole numbers.
    Numbers,
}

/// Values in the making of a list.
pub struct Values {
    format: NumberFormat,
    /// The texts, in the order in which they came.
    texts: HashMap<String, usize>,
    /// The bits of the numbers that were added.
    numbers: HashSet<u64>,
}

impl Values {
    pub fn new(format: NumberFormat) -> Self {
        Values { format, texts: HashMap::new(), numbers: HashSet::new() }
    }

    /// Adds the value of a cell, if it has one.
    pub fn add(&mut self, cell: Cell<'_>) {
        let next = self.texts.len();
        match cell {
            Cell::Missing => {}
            Cell::Text(text) => {
                if !self.texts.contains_key(text) {
                    self.texts.insert(text.to_owned(), next);
                }
            }
            Cell::Number(number) => {
                if self.numbers.insert(number.to_bits()) {
                    self.texts.entry(of_number(number, self.format)).or_insert(next);
                }
            }
        }
    }

    /// Each value once, as it was first written: by number where all are numbers and none has
    /// leading zeros, else by name.
    pub fn finish(self, equal: Equal) -> Categories {
        let format = self.format;
        let mut texts: Vec<(String, usize)> = self.texts.into_iter().collect();
        texts.sort_unstable_by_key(|(_, at)| *at);
        let exact = |text: &str| match number::has_leading_zero(text) {
            true => None,
            false => Exact::of(text, format),
        };
        let numbers: Option<Vec<Exact>> = texts.iter().map(|(text, _)| exact(text)).collect();
        let texts = texts.into_iter().map(|(text, _)| text);
        let mut usual = HashSet::new();
        let mut is_new = |text: &String| {
            let spelling = spelling(text, format);
            !usual.contains(&*spelling) && usual.insert(spelling.into_owned())
        };
        let Some(numbers) = numbers else {
            let mut names: Vec<String> = texts.filter(|text| is_new(text)).collect();
            names.sort();
            return Categories::new(names, format, Identity::Value);
        };
        let mut named: Vec<(Exact, String)> = numbers.into_iter().zip(texts).collect();
        match equal {
            Equal::Written => named.retain(|(_, text)| is_new(text)),
            // The sort is stable, so that the spelling that came first is kept.
            Equal::Numbers => {
                named.sort_by(|(a, _), (b, _)| a.cmp(b));
                named.dedup_by(|(a, _), (b, _)| a == b);
            }
        }
        named.sort();
        let names = named.into_iter().map(|(_, name)| name).collect();
        let identity = match equal {
            Equal::Written => Identity::Value,
            Equal::Numbers => Identity::Number,
        };
        Categories::new(names, format, identity)
    }
}

/// An error at the first JavaScript number that may stand for a neighbour of what was meant, in a
/// column whose values are told apart.
pub fn require_exact(table: &Table, column: &Column) -> Result<()> {
    match column.first_inexact() {
        None => Ok(()),
        Some((row, number)) => {
            let message = format!(
                "{number} is past 2^53, from where JavaScript's numbers do not tell all whole \
                 numbers apart, and the values of this column are told apart; give them as strings"
            );
            Err(table.place(Error::new(Code::Rows, message).column(column.name()), row))
        }
    }
}
