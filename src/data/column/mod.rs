//! A named column: cells in parts, each packed as suits what it holds. How they are packed shows
//! nowhere: every cell of a file comes back as the text it was, and a number as what that text
//! parses to.

mod decimals;
mod marking;
mod marks;
mod packer;
mod part;
mod texts;

pub use decimals::Decimals;
pub use marks::{Marks, Word};
pub use packer::Packer;
pub use part::Part;
pub use texts::Texts;

use super::number::NumberFormat;
use super::spelling::is_inexact;
use super::table::Cell;
use part::Mixed;

/// A named column.
#[derive(Debug, Clone)]
pub struct Column {
    name: String,
    parts: Vec<Part>,
    /// What the missing cells of each part held.
    marks: Vec<Marks>,
    /// The first row of each part.
    firsts: Vec<usize>,
    len: usize,
}

impl Column {
    /// A column without cells.
    pub fn new(name: impl Into<String>) -> Self {
        Column {
            name: name.into(),
            parts: Vec::new(),
            marks: Vec::new(),
            firsts: Vec::new(),
            len: 0,
        }
    }

    /// A column of numbers, finite or NaN, which means missing.
    pub fn of_numbers(name: impl Into<String>, numbers: Vec<f64>) -> Self {
        let mut column = Column::new(name);
        column.append(Part::Numbers(numbers));
        column
    }

    /// The header name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The number of cells.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether the column has no cells.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The cell of row `row`; panics past the end.
    pub fn cell(&self, row: usize) -> Cell<'_> {
        let part = self.part_of(row);
        self.parts[part].cell(row - self.firsts[part])
    }

    /// The text in a cell, empty for any other.
    pub fn text(&self, row: usize) -> &str {
        match self.cell(row) {
            Cell::Text(text) => text,
            _ => "",
        }
    }

    /// Adds a cell; a column of numbers takes what is none for missing.
    pub fn push(&mut self, cell: Cell<'_>) {
        match self.parts.last_mut() {
            Some(Part::Mixed(mixed)) => mixed.push(cell),
            Some(Part::Numbers(numbers)) => {
                numbers.push(if let Cell::Number(number) = cell { number } else { f64::NAN });
            }
            _ => {
                let mut mixed = Mixed::default();
                mixed.push(cell);
                return self.append(Part::Mixed(mixed));
            }
        }
        self.len += 1;
    }

    /// Adds all cells of a part.
    pub fn append(&mut self, part: Part) {
        self.append_marked(part, Marks::default());
    }

    /// The same with what its missing cells held.
    pub fn append_marked(&mut self, part: Part, marks: Marks) {
        self.firsts.push(self.len);
        self.len += part.len();
        self.parts.push(part);
        self.marks.push(marks);
    }

    /// All cells in row order.
    pub fn cells(&self) -> impl Iterator<Item = Cell<'_>> {
        self.parts().flat_map(|(_, part)| (0..part.len()).map(|at| part.cell(at)))
    }

    /// The parts, each with its first row.
    pub fn parts(&self) -> impl Iterator<Item = (usize, &Part)> {
        self.firsts.iter().copied().zip(&self.parts)
    }

    /// The cells of some rows, as stretches that lie in one part: the part, its first row, and
    /// the rows in it.
    pub fn stretches<'a>(&'a self, rows: &'a [usize]) -> impl Iterator<Item = Stretch<'a>> {
        let mut rest = rows;
        std::iter::from_fn(move || {
            let part = self.part_of(*rest.first()?);
            let (first, part) = (self.firsts[part], &self.parts[part]);
            let inside = first..first + part.len();
            let end = match rest.last() {
                // Ascending rows are the rule.
                Some(last) if inside.contains(last) && rest.is_sorted() => rest.len(),
                _ => rest.iter().position(|row| !inside.contains(row)).unwrap_or(rest.len()),
            };
            let (rows, others) = rest.split_at(end);
            rest = others;
            Some(Stretch { part, first, rows })
        })
    }

    /// The cells of these rows, which ascend, packed as they are here.
    pub fn of_rows(&self, rows: &[usize]) -> Column {
        let mut column = Column::new(self.name.as_str());
        for Stretch { part, first, rows } in self.stretches(rows) {
            let cells: Vec<usize> = rows.iter().map(|row| row - first).collect();
            let marks = marking::of_cells(part, &self.marks[self.part_of(first)], &cells);
            column.append_marked(part.of_cells(&cells), marks);
        }
        column
    }

    /// Passes what `of` makes of each cell to `out`, with its row. Of equal cells that lie near
    /// each other only the first is looked at.
    pub fn map<T: Copy>(
        &self,
        rows: &[usize],
        mut of: impl FnMut(Cell<'_>) -> T,
        mut out: impl FnMut(usize, T),
    ) {
        for Stretch { part, first, rows } in self.stretches(rows) {
            let cells = rows.iter().map(|row| row - first);
            part.map(cells, &mut of, |at, value| out(first + at, value));
        }
    }

    /// The same for all rows.
    pub fn map_all<T: Copy>(
        &self,
        mut of: impl FnMut(Cell<'_>) -> T,
        mut out: impl FnMut(usize, T),
    ) {
        for (first, part) in self.parts() {
            part.map(0..part.len(), &mut of, |at, value| out(first + at, value));
        }
    }

    /// The first JavaScript number past those whole ones that doubles tell apart, with its row.
    pub fn first_inexact(&self) -> Option<(usize, f64)> {
        self.parts().find_map(|(first, part)| {
            if matches!(part, Part::Decimals(_) | Part::Texts(_)) {
                return None;
            }
            (0..part.len()).find_map(|at| match part.cell(at) {
                Cell::Number(number) if is_inexact(number) => Some((first + at, number)),
                _ => None,
            })
        })
    }

    fn part_of(&self, row: usize) -> usize {
        match self.firsts.len() {
            1 => 0,
            _ => self.firsts.partition_point(|first| *first <= row).saturating_sub(1),
        }
    }
}

/// Rows that lie in one part of a column.
#[derive(Debug, Clone, Copy)]
pub struct Stretch<'a> {
    /// The part.
    pub part: &'a Part,
    /// Its first row.
    pub first: usize,
    /// The rows, counted from the beginning of the column.
    pub rows: &'a [usize],
}

impl Stretch<'_> {
    /// The numbers in the cells, NaN for a missing one; false if a cell is neither.
    pub fn numbers(&self, format: NumberFormat, out: &mut Vec<f64>) -> bool {
        if let (Part::Decimals(decimals), [from, .., to]) = (self.part, self.rows)
            && decimals.are_plain(format)
            && to.checked_sub(*from) == Some(self.rows.len() - 1)
            && self.rows.is_sorted_by(|a, b| a < b)
        {
            decimals.plain_numbers_between(from - self.first, to - self.first + 1, out);
            return true;
        }
        self.part.numbers(self.rows.iter().map(|row| row - self.first), format, out)
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
