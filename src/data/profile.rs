//! What one look over all cells of a column tells: the ground on which types are inferred.

use super::boolean;
use super::column::Column;
use super::date::DateOrder;
use super::distinct;
use super::number::NumberFormat;
use super::table::Cell;
use super::tally::tally;
use crate::error::quoted;

/// From this share of distinct texts on, a column names its rows rather than sorts them.
const IDENTIFIER: f64 = 0.9;
/// Shorter texts than this are no numbers past 2^53.
const FEWEST_DIGITS: usize = 16;
/// Fewer rows than this cannot tell an identifier from a rich category.
const FEWEST_FOR_IDENTIFIER: usize = 20;

/// Counts over the cells of a column.
#[derive(Debug)]
pub struct Profile {
    /// Cells that are not missing.
    pub observed: usize,
    /// Distinct values among them; of numbers no more than [`distinct::MOST`] and one are counted.
    pub distinct: usize,
    /// There are more than that.
    pub(super) many: bool,
    pub(super) numbers: usize,
    /// Whether all numbers are whole.
    pub(super) whole: bool,
    /// Digits with leading zeros: codes, which makes the column text.
    pub(super) codes: usize,
    /// Distinct numbers, counted like `distinct`.
    pub(super) distinct_numbers: usize,
    /// The first row whose cell is no number.
    pub(super) text: Option<usize>,
    /// Texts that are no numbers and would be in another spelling.
    pub(super) spelled: usize,
    /// Texts with a decimal comma that are numbers but for it.
    pub(super) commas: usize,
    /// Which words of true and false occur, by [`boolean::bit`].
    pub(super) booleans: u16,
    pub(super) dates: Dates,
}

/// What the cells are as dates.
#[derive(Debug, Default)]
pub(super) struct Dates {
    /// Cells that are dates, in one order or the other.
    pub(super) cells: usize,
    /// Those among them that begin with the year, or leave no doubt of their order otherwise.
    pub(super) iso: usize,
    /// Times of day without a day, which are not among `cells`.
    pub(super) clocks: usize,
    /// Those that are dates with the day first; so are all that begin with the year.
    pub(super) day_first: usize,
    /// The same with the month first.
    pub(super) month_first: usize,
}

/// What order the dates of a column are in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// All begin with the year.
    Iso,
    /// Only this order makes dates of them all.
    Known(DateOrder),
    /// Either order does.
    Either,
    /// All are dates, but some only with the day first and some only with the month first.
    Both,
}

impl Default for Profile {
    /// Of no cells.
    fn default() -> Self {
        Profile {
            observed: 0,
            distinct: 0,
            many: false,
            numbers: 0,
            whole: true,
            codes: 0,
            distinct_numbers: 0,
            text: None,
            spelled: 0,
            commas: 0,
            booleans: 0,
            dates: Dates::default(),
        }
    }
}

impl Profile {
    /// Looks at every cell.
    pub fn of(column: &Column, format: NumberFormat) -> Self {
        tally(column, format)
    }

    /// Whether every observed cell is a number, and none a code.
    pub fn is_numeric(&self) -> bool {
        self.numbers == self.observed && self.codes == 0
    }

    /// Whether the column holds whole numbers, at most `most` different ones, each of which
    /// stands for several rows; two values are always few.
    pub fn few_integers(&self, most: usize) -> bool {
        self.whole
            && self.numbers == self.observed
            && self.distinct <= most
            && (self.distinct <= 2 || self.observed >= 3 * self.distinct)
    }

    /// Why nothing can be learnt from the column, if so. What is `ordered` is no identifier, though
    /// all its values differ.
    pub fn useless(&self, column: &Column, ordered: bool) -> Option<String> {
        if self.observed == 0 {
            return Some("empty: every cell is missing".to_owned());
        }
        if self.distinct == 1 && self.observed == column.len() {
            if let Some(row) = self.first_other(column) {
                let (one, other) = (shown(column, 0), shown(column, row));
                return Some(format!(
                    "constant as a number, which does not tell {one} from {other}; declare the \
                     column 'categorical' if these are names"
                ));
            }
            let value = match column.cell(0) {
                Cell::Text(text) => quoted(text),
                Cell::Number(number) => number.to_string(),
                Cell::Missing => String::new(),
            };
            return Some(format!("constant: every row is {value}"));
        }
        let unique = self.distinct as f64 >= IDENTIFIER * self.observed as f64;
        if !ordered && !self.is_numeric() && self.observed >= FEWEST_FOR_IDENTIFIER && unique {
            let (distinct, observed) = (self.distinct, self.observed);
            let hint = self.words();
            let hint = hint.find(';').map_or("", |at| &hint[at..]);
            let numbers = match self.numbers {
                0 => String::new(),
                1 => ", 1 of them a number".to_owned(),
                numbers => format!(", {numbers} of them numbers"),
            };
            return Some(format!(
                "identifier-like: {distinct} different texts in {observed} rows{numbers}{hint}"
            ));
        }
        None
    }

    /// The first row that is not as the first, of numbers past those whole ones that doubles tell
    /// apart.
    fn first_other(&self, column: &Column) -> Option<usize> {
        let text = column.text(0);
        if self.numbers < self.observed || text.len() < FEWEST_DIGITS {
            return None;
        }
        let mut other = None;
        column.map_all(
            |cell| matches!(cell, Cell::Text(cell) if cell != text),
            |row, differs| other = other.or(differs.then_some(row)),
        );
        other
    }

    /// Whether every observed cell is one of the two words of a pair such as yes and no.
    pub fn is_boolean(&self) -> bool {
        self.numbers == 0 && boolean::is_pair(self.booleans)
    }

    /// The order of the dates, if every observed cell is one.
    pub fn dates(&self) -> Option<Order> {
        let Dates { cells, iso, clocks, day_first, month_first } = self.dates;
        if self.observed > 0 && clocks == self.observed {
            return Some(Order::Known(DateOrder::Clock));
        }
        if self.observed == 0 || cells < self.observed {
            return None;
        }
        Some(match (day_first == cells, month_first == cells) {
            _ if iso == cells => Order::Iso,
            (true, true) => Order::Either,
            (true, false) => Order::Known(DateOrder::DayFirst),
            (false, true) => Order::Known(DateOrder::MonthFirst),
            (false, false) => Order::Both,
        })
    }

    /// What kind of values the column holds, in words.
    pub fn words(&self) -> String {
        let Profile { observed, distinct, .. } = *self;
        let numbers = self.numbers == observed;
        if observed == 0 {
            return "nothing: every cell is missing".to_owned();
        }
        if numbers && self.codes > 0 {
            let values = values(distinct);
            return format!(
                "numbers with leading zeros: a code, with {distinct} different {values}"
            );
        }
        if numbers {
            let kind = if self.whole { "whole numbers" } else { "numbers" };
            let distinct = match self.many {
                true => format!("more than {}", distinct::MOST),
                false => distinct.to_string(),
            };
            return format!("{kind} with {distinct} different {}", values(self.distinct));
        }
        let hint = match self.dates() {
            Some(Order::Either) => {
                "; dates whose day and month cannot be told apart: declare 'date-dmy' or 'date-mdy'"
            }
            Some(Order::Both) => "; dates, some only with the day first, some only with the month",
            _ if self.commas == observed => "; numbers if csv.decimal is ','",
            _ => "",
        };
        format!("text with {distinct} different {}{hint}", values(distinct))
    }

    /// The cells that are missing.
    pub fn missing(&self, column: &Column) -> usize {
        column.len() - self.observed
    }
}

fn values(count: usize) -> &'static str {
    if count == 1 { "value" } else { "values" }
}

/// A cell as a message shows it.
pub fn shown(column: &Column, row: usize) -> String {
    match column.cell(row) {
        Cell::Text(text) => quoted(text),
        Cell::Number(number) => number.to_string(),
        Cell::Missing => "nothing".to_owned(),
    }
}
