//! Mean and standard deviation of numbers, one after another, each by its weight.

use super::super::column::Column;
use super::super::number::{self, NumberFormat};
use super::super::table::Cell;
use super::super::weights::Weighted;

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

    /// Adds a number that counts so much (West 1979).
    #[inline]
    pub fn add_weighted(&mut self, number: f64, weight: f64) {
        self.count += weight;
        let delta = number - self.mean;
        self.mean += delta * (weight / self.count);
        self.squares += weight * delta * (number - self.mean);
    }

    /// Adds many numbers, faster: their own mean and squares first, which no number waits for, then
    /// both together (Chan, Golub and LeVeque 1979).
    pub fn add_all(&mut self, numbers: &[f64]) {
        let count = numbers.len() as f64;
        let mean = sum(numbers, |number| number) / count;
        if !mean.is_finite() {
            // None, or so large that their sum is no number.
            return numbers.iter().for_each(|number| self.add(*number));
        }
        let squares = sum(numbers, |number| (number - mean) * (number - mean));
        let (before, delta) = (self.count, mean - self.mean);
        self.count += count;
        self.mean += delta * (count / self.count);
        self.squares += squares + delta * delta * (before * count / self.count);
    }

    /// Mean and standard deviation (population), 1 where there is no spread.
    pub fn finish(self) -> (f64, f64) {
        let Moments { count, mean, squares } = self;
        let scale = if count > 0.0 { (squares / count).sqrt() } else { 0.0 };
        // Rounding leaves a trace of spread in a constant column; and numbers near the largest
        // double can overflow the squares.
        let spread = scale.is_finite() && scale > 1e-12 * mean.abs().max(f64::MIN_POSITIVE);
        // The mean too, where two numbers lie further apart than the largest double.
        (if mean.is_finite() { mean } else { 0.0 }, if spread { scale } else { 1.0 })
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
    pub fn of(column: &Column, train: Weighted<'_>, format: NumberFormat) -> Self {
        let mut numbers = Numbers::default();
        let mut buffer = Vec::with_capacity(BLOCK);
        for (block, rows) in train.rows.chunks(BLOCK).enumerate() {
            numbers.missing |= numbers_in(column, rows, format, &mut buffer);
            let Some(weights) = train.weights else {
                buffer.retain(|number| !number.is_nan());
                numbers.moments.add_all(&buffer);
                continue;
            };
            let weighted = buffer.iter().zip(&weights[block * BLOCK..]);
            for (&number, &weight) in weighted.filter(|(number, _)| !number.is_nan()) {
                numbers.moments.add_weighted(number, weight);
            }
        }
        numbers
    }
}

/// The numbers of some rows.
#[derive(Debug, Clone, Default)]
pub struct Listed {
    /// Those that are not missing.
    pub numbers: Vec<f64>,
    /// What each counts; none if all count alike.
    pub weights: Option<Vec<f64>>,
    /// Whether cells are missing.
    pub missing: bool,
}

impl Listed {
    /// Of these rows.
    pub fn of(column: &Column, train: Weighted<'_>, format: NumberFormat) -> Self {
        let mut numbers = Vec::with_capacity(train.rows.len());
        let missing = numbers_in(column, train.rows, format, &mut numbers);
        let weights = train.weights.map(|weights| {
            let there = numbers.iter().zip(weights).filter(|(number, _)| !number.is_nan());
            there.map(|(_, weight)| *weight).collect()
        });
        numbers.retain(|number| !number.is_nan());
        Listed { numbers, weights, missing }
    }
}

/// The sum over numbers, in eight sums side by side that do not wait for each other.
fn sum(numbers: &[f64], of: impl Fn(f64) -> f64) -> f64 {
    let mut sums = [0.0; 8];
    let (eights, rest) = numbers.as_chunks::<8>();
    for eight in eights {
        sums.iter_mut().zip(eight).for_each(|(sum, number)| *sum += of(*number));
    }
    sums.iter_mut().zip(rest).for_each(|(sum, number)| *sum += of(*number));
    sums.iter().sum()
}

/// Puts the numbers of some rows into the buffer, NaN where there is none; whether a cell is
/// missing.
fn numbers_in(
    column: &Column,
    rows: &[usize],
    format: NumberFormat,
    buffer: &mut Vec<f64>,
) -> bool {
    buffer.clear();
    if column.stretches(rows).all(|stretch| stretch.numbers(format, buffer)) {
        return buffer.iter().fold(false, |missing, number| missing | number.is_nan());
    }
    buffer.clear();
    let mut missing = false;
    for row in rows {
        let cell = column.cell(*row);
        missing |= cell == Cell::Missing;
        buffer.push(number::of(cell, format).unwrap_or(f64::NAN));
    }
    missing
}

#[cfg(test)]
mod tests {
    use super::*;

    fn both(numbers: &[f64]) -> [(f64, f64); 2] {
        let (mut one, mut all) = (Moments::default(), Moments::default());
        numbers.iter().for_each(|number| one.add(*number));
        numbers.chunks(1000).for_each(|numbers| all.add_all(numbers));
        [one.finish(), all.finish()]
    }

    #[test]
    fn together_they_are_what_they_are_one_by_one() {
        let far: Vec<f64> = (0..5003).map(|i| 1e9 + f64::from(i * 37 % 101)).collect();
        let small: Vec<f64> = (0..17).map(|i| f64::from(i) * 1e-8 - 3.0).collect();
        for numbers in [&far[..], &small, &[5.0], &[7.0; 2500]] {
            let [(mean, scale), (all_mean, all_scale)] = both(numbers);
            assert!((mean - all_mean).abs() <= 1e-12 * mean.abs(), "{mean} {all_mean}");
            // What the mean is rounded by, numbers far from zero are off by.
            let allowed = 1e-9 * scale + 4.0 * f64::EPSILON * mean.abs();
            assert!((scale - all_scale).abs() <= allowed, "{scale} {all_scale}");
        }
    }

    #[test]
    fn weighted_numbers_are_repeated_ones() {
        let numbers: Vec<f64> = (0..500).map(|i| 1e6 + f64::from(i * 37 % 101)).collect();
        let weight = |i: usize| (1 + i * i % 5) as f64;
        let [mut weighted, mut scaled, mut repeated] = [Moments::default(); 3];
        let of = |moments: &mut Moments, factor: f64| {
            let all = numbers.iter().enumerate();
            all.for_each(|(i, number)| moments.add_weighted(*number, factor * weight(i)));
        };
        of(&mut weighted, 1.0);
        of(&mut scaled, 0.3);
        let all = numbers.iter().enumerate();
        all.for_each(|(i, it)| (0..weight(i) as usize).for_each(|_| repeated.add(*it)));
        let (mean, scale) = repeated.finish();
        for (found, spread) in [weighted.finish(), scaled.finish()] {
            assert!((found - mean).abs() <= 1e-14 * mean, "{found} {mean}");
            assert!((spread - scale).abs() <= 1e-11 * scale, "{spread} {scale}");
        }
    }

    #[test]
    fn numbers_at_the_edge_and_none_at_all_stay_finite() {
        for numbers in
            [&[f64::MAX; 30][..], &[f64::MAX, f64::MIN, 1.0], &[f64::MAX, f64::MAX, f64::MIN], &[]]
        {
            let mut moments = Moments::default();
            moments.add_all(numbers);
            let (mean, scale) = moments.finish();
            assert!(mean.is_finite() && scale.is_finite() && scale > 0.0, "{mean} {scale}");
        }
    }
}
