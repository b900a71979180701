//! Rows multiplied with a number each, and with each other. The vectors are the compiler's here:
//! every product and sum is rounded by itself, and sums run in [`LANES`] parts on every CPU.

use super::cpu::{Level, by_level};
use super::floats::LANES;
use super::vector::Vector;

/// Rows of numbers that lie `stride` apart, the first at the beginning.
#[derive(Debug, Clone, Copy)]
pub struct Strip<'a> {
    /// The numbers.
    pub numbers: &'a [f32],
    /// From one row to the next.
    pub stride: usize,
}

impl Strip<'_> {
    #[inline(always)]
    fn row(&self, row: usize, width: usize) -> &[f32] {
        &self.numbers[row * self.stride..][..width]
    }
}

/// What becomes of what stands where something is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meets {
    /// It goes.
    Replaces,
    /// It is added to.
    Adds,
    /// It is multiplied.
    Multiplies,
}

/// Writes each of `rows` rows of `xs`, times the first number of its row of `by`, to `to`, whose
/// rows are `stride` apart.
pub fn scale_rows(
    (rows, width): (usize, usize),
    xs: Strip<'_>,
    by: Strip<'_>,
    (to, stride): (&mut [f32], usize),
    meets: Meets,
) {
    // SAFETY: the level is the CPU's; everything is indexed with checks.
    unsafe { run_scale(Level::best(), (rows, width), xs, by, (to, stride), meets) }
}

/// Writes the scalar product of each row of `xs` with that of `ys`, times `scale`, to the first
/// number of each row of `to`, whose rows are `stride` apart.
pub fn dot_rows(
    (rows, width): (usize, usize),
    xs: Strip<'_>,
    ys: Strip<'_>,
    scale: f32,
    (to, stride): (&mut [f32], usize),
    meets: Meets,
) {
    // SAFETY: as above.
    unsafe { run_dot(Level::best(), (rows, width), xs, ys, scale, (to, stride), meets) }
}

by_level! {
    unsafe fn run_scale(
        size: (usize, usize),
        xs: Strip<'_>,
        by: Strip<'_>,
        to: (&mut [f32], usize),
        meets: Meets,
    ) = scale
}
by_level! {
    unsafe fn run_dot(
        size: (usize, usize),
        xs: Strip<'_>,
        ys: Strip<'_>,
        scale: f32,
        to: (&mut [f32], usize),
        meets: Meets,
    ) = dot
}

#[inline(always)]
unsafe fn scale<V: Vector>(
    (rows, width): (usize, usize),
    xs: Strip<'_>,
    by: Strip<'_>,
    (to, stride): (&mut [f32], usize),
    meets: Meets,
) {
    for row in 0..rows {
        let by = by.numbers[row * by.stride];
        let pairs = to[row * stride..][..width].iter_mut().zip(xs.row(row, width));
        match meets {
            Meets::Replaces => pairs.for_each(|(to, x)| *to = x * by),
            Meets::Adds => pairs.for_each(|(to, x)| *to += x * by),
            Meets::Multiplies => pairs.for_each(|(to, x)| *to *= x * by),
        }
    }
}

#[inline(always)]
unsafe fn dot<V: Vector>(
    (rows, width): (usize, usize),
    xs: Strip<'_>,
    ys: Strip<'_>,
    scale: f32,
    (to, stride): (&mut [f32], usize),
    meets: Meets,
) {
    for row in 0..rows {
        let (xs, ys) = (xs.row(row, width), ys.row(row, width));
        let mut sums = [0.0; LANES];
        let (x_chunks, y_chunks) = (xs.chunks_exact(LANES), ys.chunks_exact(LANES));
        let rest = x_chunks.remainder().iter().zip(y_chunks.remainder());
        for (xs, ys) in x_chunks.zip(y_chunks) {
            for ((sum, x), y) in sums.iter_mut().zip(xs).zip(ys) {
                *sum += x * y;
            }
        }
        sums.iter_mut().zip(rest).for_each(|(sum, (x, y))| *sum += x * y);
        let sum = sums.iter().sum::<f32>() * scale;
        let to = &mut to[row * stride];
        match meets {
            Meets::Replaces => *to = sum,
            Meets::Adds => *to += sum,
            Meets::Multiplies => *to *= sum,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_scaled_and_multiplied_to_the_same_bits_everywhere() {
        let list = |seed: f32| -> Vec<f32> { (0..200).map(|i| (i as f32 * seed).sin()).collect() };
        let (a, b) = (list(0.7), list(1.1));
        let xs = Strip { numbers: &a, stride: 40 };
        let ys = Strip { numbers: &b[3..], stride: 45 };
        let results = Level::all().into_iter().map(|level| {
            let mut to = list(0.3);
            for meets in [Meets::Adds, Meets::Multiplies] {
                unsafe { run_scale(level, (4, 37), xs, ys, (&mut to[1..], 39), meets) };
            }
            unsafe { run_dot(level, (4, 37), xs, ys, 0.5, (&mut to, 3), Meets::Replaces) };
            to
        });
        let results: Vec<_> = results.collect();
        assert!(results.windows(2).all(|two| two[0] == two[1]));
        let dot: f32 = (0..37).map(|i| a[40 + i] * b[48 + i]).sum();
        assert!((results[0][3] - dot * 0.5).abs() < 1e-5);
        let mut to = [9.0; 4];
        scale_rows((2, 2), xs, ys, (&mut to, 2), Meets::Replaces);
        assert_eq!(to, [a[0] * b[3], a[1] * b[3], a[40] * b[48], a[41] * b[48]]);
    }
}
