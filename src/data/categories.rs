//! A list of named categories or classes, and the code of a cell in it.

use super::column::Column;
use super::number::{self, NumberFormat};
use super::table::Cell;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

/// Categories in a fixed order: by number where all are numbers, else by name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(from = "Listed", into = "Listed")]
pub struct Categories {
    names: Vec<String>,
    format: NumberFormat,
    /// By number where all names are numbers, so that `1`, `1.0` and a JavaScript 1 agree.
    numbers: Option<HashMap<u64, u32>>,
    texts: HashMap<String, u32>,
}

/// What is saved of them.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Listed {
    names: Vec<String>,
    decimal: char,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    thousands: Option<char>,
}

impl From<Categories> for Listed {
    fn from(categories: Categories) -> Self {
        let NumberFormat { decimal, thousands, .. } = categories.format;
        let (decimal, thousands) = (char::from(decimal), thousands.map(char::from));
        Listed { names: categories.names, decimal, thousands }
    }
}

impl From<Listed> for Categories {
    fn from(listed: Listed) -> Self {
        Categories::new(listed.names, NumberFormat::of_marks(listed.decimal, listed.thousands))
    }
}

impl Categories {
    /// These names in this order.
    pub fn new(names: Vec<String>, format: NumberFormat) -> Self {
        let numbers: Option<HashMap<u64, u32>> = names
            .iter()
            .zip(0..)
            .map(|(name, code)| Some((key(number::parse(name, format)?), code)))
            .collect();
        // Names that are one number twice can only come from a damaged file: go by text then.
        let numbers = numbers.filter(|numbers| numbers.len() == names.len());
        let texts = names.iter().cloned().zip(0..).collect();
        Categories { names, format, numbers, texts }
    }

    /// The distinct observed values of some cells, in order.
    pub fn of<'a>(cells: impl Iterator<Item = Cell<'a>>, format: NumberFormat) -> Self {
        let mut found = Found::new(format);
        cells.for_each(|cell| found.add(cell));
        found.finish()
    }

    /// Those of a column.
    pub fn of_column(column: &Column, format: NumberFormat) -> Self {
        let mut found = Found::new(format);
        column.map_all(|cell| found.add(cell), |_, ()| {});
        found.finish()
    }

    /// Those of some rows of a column; of cells of which `is` says so.
    pub fn of_rows(
        column: &Column,
        rows: &[usize],
        format: NumberFormat,
        is: impl Fn(Cell<'_>) -> bool,
    ) -> Self {
        let mut found = Found::new(format);
        let add = |cell: Cell<'_>| {
            if is(cell) {
                found.add(cell);
            }
        };
        column.map(rows, add, |_, ()| {});
        found.finish()
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

    /// The numbers that the names are, in code order, where cells are told apart by number.
    pub fn numbers(&self) -> Option<Vec<f64>> {
        self.numbers.as_ref()?;
        self.names.iter().map(|name| number::parse(name, self.format)).collect()
    }

    /// The code of a cell; none if it is missing or not among the categories.
    pub fn code(&self, cell: Cell<'_>) -> Option<u32> {
        if let Some(numbers) = &self.numbers {
            return numbers.get(&key(number::of(cell, self.format)?)).copied();
        }
        match cell {
            Cell::Missing => None,
            Cell::Text(text) => self.texts.get(text).copied(),
            Cell::Number(number) => self.texts.get(&number.to_string()).copied(),
        }
    }
}

/// Values in the making of a list.
struct Found {
    format: NumberFormat,
    texts: HashSet<String>,
    /// By number, as each was first written, as long as all are numbers.
    numbers: Option<HashMap<u64, (f64, String)>>,
}

impl Found {
    fn new(format: NumberFormat) -> Self {
        Found { format, texts: HashSet::new(), numbers: Some(HashMap::new()) }
    }

    fn add(&mut self, cell: Cell<'_>) {
        let text = match cell {
            Cell::Missing => return,
            Cell::Text(text) => Cow::Borrowed(text),
            Cell::Number(number) => Cow::Owned(number.to_string()),
        };
        if let Some(map) = &mut self.numbers {
            match number::of(cell, self.format).filter(|_| !number::has_leading_zero(&text)) {
                Some(number) => {
                    map.entry(key(number)).or_insert_with(|| (number, text.to_string()));
                }
                None => self.numbers = None,
            }
        }
        if !self.texts.contains(&*text) {
            self.texts.insert(text.into_owned());
        }
    }

    fn finish(self) -> Categories {
        let names = match self.numbers {
            Some(numbers) => {
                let mut named: Vec<(f64, String)> = numbers.into_values().collect();
                named.sort_by(|a, b| a.0.total_cmp(&b.0));
                named.into_iter().map(|(_, name)| name).collect()
            }
            None => {
                let mut names: Vec<String> = self.texts.into_iter().collect();
                names.sort();
                names
            }
        };
        Categories::new(names, self.format)
    }
}

/// Equal numbers have equal keys, zero and minus zero too.
fn key(number: f64) -> u64 {
    (number + 0.0).to_bits()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_sorted_by_name_and_numbers_by_number() {
        let texts = ["b", "a", "b", "10"].map(Cell::Text);
        assert_eq!(
            Categories::of(texts.into_iter(), NumberFormat::POINT).names(),
            ["10", "a", "b"]
        );
        let numbers = ["10", "9", "1.0", "1"].map(Cell::Text);
        let numbers = Categories::of(numbers.into_iter(), NumberFormat::POINT);
        assert_eq!(numbers.names(), ["1.0", "9", "10"]);
        assert_eq!(numbers.code(Cell::Text("1")), Some(0));
        assert_eq!(numbers.code(Cell::Number(10.0)), Some(2));
        assert_eq!(numbers.code(Cell::Text("11")), None);
        assert_eq!(numbers.code(Cell::Missing), None);
    }

    #[test]
    fn codes_with_leading_zeros_stay_apart() {
        let codes = ["01", "1"].map(Cell::Text);
        let codes = Categories::of(codes.into_iter(), NumberFormat::POINT);
        assert_eq!(codes.names(), ["01", "1"]);
        assert_eq!(codes.code(Cell::Text("01")), Some(0));
        assert_eq!(codes.code(Cell::Number(1.0)), Some(1));
    }

    #[test]
    fn they_survive_saving() {
        let categories =
            Categories::of(["x", "__proto__"].map(Cell::Text).into_iter(), NumberFormat::POINT);
        let json = serde_json::to_string(&categories).unwrap();
        assert_eq!(serde_json::from_str::<Categories>(&json).unwrap(), categories);
    }
}
