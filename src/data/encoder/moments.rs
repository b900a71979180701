//! Mean and standard deviation of numbers, one after another.

use super::super::column::Column;
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

/// So many columns are added up side by side: each number waits for the one before it in its
/// column, and meanwhile the others' can be added.
pub const LANES: usize = 4;

impl Numbers {
    /// Of these rows.
    pub fn of(column: &Column, rows: &[usize], decimal: u8) -> Self {
        let [numbers] = Self::of_each([column], rows, decimal);
        numbers
    }

    /// Of these rows of some columns.
    pub fn of_each<const N: usize>(
        columns: [&Column; N],
        rows: &[usize],
        decimal: u8,
    ) -> [Self; N] {
        let mut numbers = [Numbers::default(); N];
        let mut buffers = [(); N].map(|()| Vec::with_capacity(BLOCK));
        for rows in rows.chunks(BLOCK) {
            for ((column, numbers), buffer) in columns.iter().zip(&mut numbers).zip(&mut buffers) {
                numbers.missing |= numbers_in(column, rows, decimal, buffer);
            }
            let common = buffers.iter().map(Vec::len).min().unwrap_or(0);
            let sides = buffers.each_ref().map(|buffer| &buffer[..common]);
            for at in 0..common {
                for (numbers, side) in numbers.iter_mut().zip(sides) {
                    numbers.moments.add(side[at]);
                }
            }
            for (numbers, buffer) in numbers.iter_mut().zip(&buffers) {
                buffer[common..].iter().for_each(|number| numbers.moments.add(*number));
            }
        }
        numbers
    }
}

/// Puts the numbers of some rows into the buffer; whether a cell is missing.
fn numbers_in(column: &Column, rows: &[usize], decimal: u8, buffer: &mut Vec<f64>) -> bool {
    buffer.clear();
    if column.stretches(rows).all(|stretch| stretch.numbers(decimal, buffer)) {
        let missing = buffer.iter().fold(false, |missing, number| missing | number.is_nan());
        if missing {
            buffer.retain(|number| !number.is_nan());
        }
        return missing;
    }
    buffer.clear();
    let mut missing = false;
    for row in rows {
        let cell = column.cell(*row);
        missing |= cell == Cell::Missing;
        buffer.extend(number::of(cell, decimal));
    }
    missing
}
