//! A list of named categories or classes, and the code of a cell in it.

use super::boolean;
use super::column::Column;
use super::lookup::{Found, Identity, Lookup};
use super::number::{self, NumberFormat};
use super::spelling::{Exact, is_inexact, spelling, spellings};
use super::table::Cell;
use super::values::{Equal, Values};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

/// Categories in a fixed order: by number where all are numbers, else by name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(from = "Listed", into = "Listed")]
pub struct Categories {
    names: Vec<String>,
    format: NumberFormat,
    lookup: Lookup,
}

/// What is saved of them.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Listed {
    names: Vec<String>,
    decimal: char,
    #[serde(default, skip_serializing_if = "Identity::is_double")]
    identity: Identity,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    thousands: Option<char>,
}

impl From<Categories> for Listed {
    fn from(categories: Categories) -> Self {
        let Categories { names, format, lookup } = categories;
        let NumberFormat { decimal, thousands, .. } = format;
        let (decimal, thousands) = (char::from(decimal), thousands.map(char::from));
        Listed { names, decimal, thousands, identity: lookup.identity() }
    }
}

impl From<Listed> for Categories {
    fn from(listed: Listed) -> Self {
        let format = NumberFormat::of_marks(listed.decimal, listed.thousands);
        Categories::new(listed.names, format, listed.identity)
    }
}

impl Categories {
    /// These names in this order.
    pub fn new(names: Vec<String>, format: NumberFormat, identity: Identity) -> Self {
        let lookup = Lookup::new(&names, format, identity);
        Categories { names, format, lookup }
    }

    /// The distinct observed values of a column, in order.
    pub fn of_column(column: &Column, format: NumberFormat, equal: Equal) -> Self {
        let mut values = Values::new(format);
        column.map_all(|cell| values.add(cell), |_, ()| {});
        values.finish(equal)
    }

    /// Those of some rows, and of cells of which `is` says so; numbers that are written in two ways
    /// are two.
    pub fn of_rows(
        column: &Column,
        rows: &[usize],
        format: NumberFormat,
        is: impl Fn(Cell<'_>) -> bool,
    ) -> Self {
        let mut values = Values::new(format);
        let add = |cell: Cell<'_>| {
            if is(cell) {
                values.add(cell);
            }
        };
        column.map(rows, add, |_, ()| {});
        values.finish(Equal::Written)
    }

    /// The same, compared by text if `other` categories of the column are.
    #[must_use]
    pub fn compared_as(self, other: &Categories) -> Self {
        match other.identity() {
            Identity::Text => Categories::new(self.names, self.format, Identity::Text),
            _ => self,
        }
    }

    /// The names, in code order.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// How cells are compared with the names.
    pub fn identity(&self) -> Identity {
        self.lookup.identity()
    }

    /// Whether they come from a model of before, which compares them as it did.
    pub fn are_of_before(&self) -> bool {
        self.identity().is_double()
    }

    /// Whether some name is a number, which may be written in another way.
    pub fn any_number(&self) -> bool {
        self.lookup.any_number()
    }

    /// The numbers that the names are, in code order, where a double tells which one a cell is.
    pub fn numbers(&self) -> Option<Vec<f64>> {
        let identity = self.identity();
        if identity == Identity::Text || !self.lookup.all_numbers() {
            return None;
        }
        let numbers = self.names.iter().map(|name| number::parse(name, self.format));
        let numbers: Vec<f64> = numbers.collect::<Option<_>>()?;
        let inexact = numbers.iter().any(|number| is_inexact(*number));
        (identity == Identity::Double || !inexact).then_some(numbers)
    }

    /// The first two names that are one number, written in two ways.
    pub fn written_twice(&self) -> Option<[&str; 2]> {
        if self.identity() != Identity::Text {
            return None;
        }
        let mut known: HashMap<Exact, &str> = HashMap::new();
        self.names.iter().find_map(|name| {
            let before = known.insert(Exact::of(name, self.format)?, name)?;
            Some([before, name.as_str()])
        })
    }

    /// The code of a cell; none if it is missing or not among the categories.
    pub fn code(&self, cell: Cell<'_>) -> Option<u32> {
        self.find(cell).code()
    }

    /// What a cell is among the categories.
    pub fn find(&self, cell: Cell<'_>) -> Found {
        self.lookup.find(&self.names, cell)
    }

    /// The usual spelling of a text that is a number.
    pub fn usual_number<'a>(&self, text: &'a str) -> Option<Cow<'a, str>> {
        number::parse(text, self.format).map(|_| spelling(text, self.format))
    }

    /// Texts that are no names and yet found, with their codes: the usual ways in which other
    /// sources write the same values. (There is no end to the ways to write a number.)
    pub fn other_spellings(&self) -> Vec<(String, u32)> {
        let mut others: Vec<(String, u32)> = Vec::new();
        let mut known: HashSet<String> = self.names.iter().cloned().collect();
        let words = boolean::spellings().into_iter().map(|(word, _)| word);
        let words = words.filter(|_| self.lookup.any_boolean());
        let names = self.names.iter().flat_map(|name| spellings(name, self.format));
        for text in names.chain(words) {
            if let Some(code) = self.code(Cell::Text(&text)).filter(|_| !known.contains(&text)) {
                known.insert(text.clone());
                others.push((text, code));
            }
        }
        others
    }
}

#[cfg(test)]
#[path = "categories_tests.rs"]
mod tests;
