//! Some cells of a column that follow one another.

use super::super::number::{self, NumberFormat};
use super::super::table::Cell;
use super::{Decimals, Texts};

/// Cells that follow one another, packed as one kind.
#[derive(Debug, Clone)]
pub enum Part {
    /// Whatever comes, as from rows of JavaScript.
    Mixed(Mixed),
    /// Numbers only, NaN for a missing one: a column that came as such.
    Numbers(Vec<f64>),
    /// Text that is numbers, but for a few cells.
    Decimals(Decimals),
    /// Text, each only once.
    Texts(Texts),
}

/// Cells of any kind.
#[derive(Debug, Clone, Default)]
pub struct Mixed {
    cells: Vec<Packed>,
    text: String,
}

/// A cell in 16 bytes: text is a span of the part's one string.
#[derive(Debug, Clone, Copy)]
enum Packed {
    Missing,
    Number(f64),
    Text { start: usize, len: u32 },
}

impl Mixed {
    pub(super) fn push(&mut self, cell: Cell<'_>) {
        let packed = self.packed(cell);
        self.cells.push(packed);
    }

    /// Puts another cell in the place of one.
    pub(super) fn set(&mut self, at: usize, cell: Cell<'_>) {
        self.cells[at] = self.packed(cell);
    }

    fn packed(&mut self, cell: Cell<'_>) -> Packed {
        match cell {
            Cell::Missing => Packed::Missing,
            Cell::Number(number) => Packed::Number(number),
            Cell::Text(text) => {
                let start = self.text.len();
                self.text.push_str(text);
                Packed::Text { start, len: text.len() as u32 }
            }
        }
    }

    pub(super) fn len(&self) -> usize {
        self.cells.len()
    }

    pub(super) fn cell(&self, at: usize) -> Cell<'_> {
        match self.cells[at] {
            Packed::Missing => Cell::Missing,
            Packed::Number(number) => Cell::Number(number),
            Packed::Text { start, len } => Cell::Text(&self.text[start..start + len as usize]),
        }
    }
}

impl Part {
    /// The number of cells.
    pub fn len(&self) -> usize {
        match self {
            Part::Mixed(mixed) => mixed.cells.len(),
            Part::Numbers(numbers) => numbers.len(),
            Part::Decimals(decimals) => decimals.len(),
            Part::Texts(texts) => texts.len(),
        }
    }

    /// A cell; panics past the end. Of decimals it is slow: see [`Part::numbers`].
    pub fn cell(&self, at: usize) -> Cell<'_> {
        match self {
            Part::Mixed(mixed) => mixed.cell(at),
            Part::Numbers(numbers) if numbers[at].is_nan() => Cell::Missing,
            Part::Numbers(numbers) => Cell::Number(numbers[at]),
            Part::Decimals(decimals) => decimals.cell(at),
            Part::Texts(texts) => texts.cell(at),
        }
    }

    /// Some of the cells, in ascending order, packed in the same way.
    pub(super) fn of_cells(&self, cells: &[usize]) -> Part {
        match self {
            Part::Mixed(mixed) => {
                let mut some = Mixed::default();
                cells.iter().for_each(|&at| some.push(mixed.cell(at)));
                Part::Mixed(some)
            }
            Part::Numbers(numbers) => Part::Numbers(cells.iter().map(|&at| numbers[at]).collect()),
            Part::Decimals(decimals) => Part::Decimals(decimals.of_cells(cells)),
            Part::Texts(texts) => Part::Texts(texts.of_cells(cells)),
        }
    }

    /// Adds the numbers in some cells, NaN for a missing one; false if a cell is neither, and what
    /// was added then is of no use.
    pub fn numbers(
        &self,
        cells: impl Iterator<Item = usize>,
        format: NumberFormat,
        out: &mut Vec<f64>,
    ) -> bool {
        match self {
            Part::Decimals(decimals) => decimals.numbers(cells, format, out),
            Part::Numbers(numbers) => {
                out.extend(cells.map(|at| numbers[at]));
                !out.iter().any(|number| number.is_infinite())
            }
            _ => {
                let mut all = true;
                out.extend(cells.map(|at| match self.cell(at) {
                    Cell::Missing => f64::NAN,
                    cell => {
                        let number = number::of(cell, format).filter(|number| number.is_finite());
                        all &= number.is_some();
                        number.unwrap_or(f64::NAN)
                    }
                }));
                all
            }
        }
    }

    /// Passes what `of` makes of each cell to `out`, in order. Equal texts are looked at once.
    pub(super) fn map<T: Copy>(
        &self,
        cells: impl Iterator<Item = usize>,
        of: &mut impl FnMut(Cell<'_>) -> T,
        mut out: impl FnMut(usize, T),
    ) {
        match self {
            Part::Mixed(_) | Part::Numbers(_) => {
                cells.for_each(|at| out(at, of(self.cell(at))));
            }
            Part::Decimals(decimals) => decimals.map(cells, of, out),
            Part::Texts(texts) => texts.map(cells, of, out),
        }
    }
}
