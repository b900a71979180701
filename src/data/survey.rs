//! A second look at a column in which some cells are what most are and others are not: which the
//! others are, each text once.

use super::column::{Column, Part};
use super::date::{self, DateOrder};
use super::number::{self, NumberFormat};
use super::table::Cell;
use std::collections::{HashMap, HashSet};

/// So many different texts are gathered; that there are more says enough.
const MOST: usize = 10_000;

/// A text that stands in some cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// The text.
    pub text: String,
    /// How many cells hold it.
    pub cells: usize,
    /// The first row that does.
    pub first: usize,
}

/// What stands among cells of one kind.
#[derive(Debug, Default)]
pub struct Survey {
    /// The texts of other kinds, the most frequent first.
    pub others: Vec<Token>,
    /// There are more of them than were gathered.
    pub many: bool,
    places: HashMap<String, usize>,
}

impl Survey {
    /// What is no number.
    pub fn beside_numbers(column: &Column, format: NumberFormat) -> Self {
        let mut survey = Survey::default();
        for (first, part) in column.parts() {
            match part {
                Part::Decimals(decimals) if decimals.are_numbers(format) => {
                    for (at, text) in decimals.odd() {
                        if number::parse(text, format).is_none() {
                            survey.add(text, first + at);
                        }
                    }
                }
                part => survey.part(first, part, |cell| number::of(cell, format).is_some()),
            }
        }
        survey.finish()
    }

    /// What is no date, and how many different dates there are.
    pub fn beside_dates(column: &Column) -> (Self, usize) {
        let (mut survey, mut dates) = (Survey::default(), HashSet::new());
        for (first, part) in column.parts() {
            survey.part(first, part, |cell| match cell {
                Cell::Text(text) if is_date(text) => {
                    if !dates.contains(text) && dates.len() <= MOST {
                        dates.insert(text.to_owned());
                    }
                    true
                }
                _ => false,
            });
        }
        (survey.finish(), dates.len())
    }

    /// Every text of the column.
    pub fn of_all(column: &Column) -> Self {
        let mut survey = Survey::default();
        for (first, part) in column.parts() {
            survey.part(first, part, |cell| !matches!(cell, Cell::Text(_)));
        }
        survey.finish()
    }

    fn part(&mut self, first: usize, part: &Part, mut is_regular: impl FnMut(Cell<'_>) -> bool) {
        if let Part::Texts(texts) = part {
            // Each text is looked at once, and then counted by its code.
            let regular: Vec<bool> =
                texts.distinct().map(|text| is_regular(Cell::Text(text))).collect();
            let distinct: Vec<&str> = texts.distinct().collect();
            let mut places: Vec<Option<usize>> = vec![None; distinct.len()];
            for (at, code) in texts.codes().iter().enumerate() {
                let Some(code) = code.checked_sub(1).map(|code| code as usize) else { continue };
                if regular[code] {
                    continue;
                }
                match places[code] {
                    Some(place) => self.others[place].cells += 1,
                    None => places[code] = self.add(distinct[code], first + at),
                }
            }
            return;
        }
        for at in 0..part.len() {
            match part.cell(at) {
                Cell::Missing => {}
                cell if is_regular(cell) => {}
                Cell::Text(text) => {
                    self.add(text, first + at);
                }
                Cell::Number(number) => {
                    self.add(&number.to_string(), first + at);
                }
            }
        }
    }

    /// Counts a cell; the place of its text, if it is gathered.
    fn add(&mut self, text: &str, row: usize) -> Option<usize> {
        if let Some(place) = self.places.get(text) {
            self.others[*place].cells += 1;
            return Some(*place);
        }
        if self.others.len() >= MOST {
            self.many = true;
            return None;
        }
        self.places.insert(text.to_owned(), self.others.len());
        self.others.push(Token { text: text.to_owned(), cells: 1, first: row });
        Some(self.others.len() - 1)
    }

    fn finish(mut self) -> Self {
        self.places.clear();
        // Equally frequent ones stay in the order of their rows.
        self.others.sort_by_key(|token| std::cmp::Reverse(token.cells));
        self
    }
}

/// Whether a text is a date in one order or the other.
pub fn is_date(text: &str) -> bool {
    [DateOrder::DayFirst, DateOrder::MonthFirst]
        .into_iter()
        .any(|order| date::read(text, Some(order)).is_some())
}
