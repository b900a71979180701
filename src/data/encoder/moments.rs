//! Mean and standard deviation of numbers, one after another.

use super::super::column::{Column, Stretch};
use super::super::number;
use super::super::table::Cell;

/// So many rows are looked at together.
const BLOCK: usize = 1024;

/// Mean and spread so far, by Welford's method: no cancellation for numbers far from zero.
#[derive(Debug, Clone, Copy, Default)]
pub struct Moments {
    count: f64,
    mean: f64,
    squares: f64,
}

impl Moments {
    /// Adds a number.
    #[inline]
    pub fn add(&mut self, number: f64) {
        self.count += 1.0;
        let delta = number - self.mean;
        self.mean += delta / self.count;
        self.squares += delta * (number - self.mean);
    }

    /// Mean and standard deviation (population), 1 where there is no spread.
    pub fn finish(self) -> (f64, f64) {
        let Moments { count, mean, squares } = self;
        let scale = if count > 0.0 { (squares / count).sqrt() } else { 0.0 };
        // Rounding leaves a trace of spread in a constant column; and numbers near the largest
        // double can overflow the squares.
        let spread = scale.is_finite() && scale > 1e-12 * mean.abs().max(f64::MIN_POSITIVE);
        (mean, if spread { scale } else { 1.0 })
    }
}

/// What the numbers of some rows of a column are.
#[derive(Debug, Clone, Copy, Default)]
pub struct Numbers {
    /// Mean and spread.
    pub moments: Moments,
    /// Whether cells are missing.
    pub missing: bool,
}

impl Numbers {
    /// Of these rows.
    pub fn of(column: &Column, rows: &[usize], decimal: u8) -> Self {
        let mut numbers = Numbers::default();
        let mut buffer = Vec::with_capacity(BLOCK);
        for rows in rows.chunks(BLOCK) {
            for stretch in column.stretches(rows) {
                buffer.clear();
                match stretch.numbers(decimal, &mut buffer) {
                    true => numbers.add_all(&buffer),
                    false => numbers.add_cells(stretch, decimal),
                }
            }
        }
        numbers
    }

    /// Adds numbers, of which NaN is a missing one.
    fn add_all(&mut self, numbers: &[f64]) {
        for number in numbers {
            match number.is_nan() {
                true => self.missing = true,
                false => self.moments.add(*number),
            }
        }
    }

    fn add_cells(&mut self, Stretch { part, first, rows }: Stretch<'_>, decimal: u8) {
        for row in rows {
            let cell = part.cell(row - first);
            self.missing |= cell == Cell::Missing;
            if let Some(number) = number::of(cell, decimal) {
                self.moments.add(number);
            }
        }
    }
}
