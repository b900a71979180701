//! Linear layers side by side: each reads a part of the row of its own.

use super::floats::{Floats, LANES, padded};
use super::mix::Strip;
use super::product::{Finish, Left, Product, Right, Start};
use std::borrow::Cow;

/// Layers of one shape on equal parts of a row, their weights laid out for the forward product.
#[derive(Debug, Clone, Copy)]
pub struct Grouped<'a> {
    /// How many layers.
    pub groups: usize,
    /// What each reads.
    pub depth: usize,
    /// What each gives.
    pub width: usize,
    /// Their weights turned over, `[groups, depth, padded(width)]`, zero past the width.
    pub turned: &'a [f32],
    /// `[groups, padded(width)]`, zero past the width.
    pub bias: &'a [f32],
}

impl Grouped<'_> {
    /// Writes what they give on these rows to `ys`, whose rows lie `stride` apart and have room for
    /// whole vectors.
    pub fn run(&self, rows: usize, xs: Strip<'_>, ys: &mut [f32], stride: usize) {
        let Grouped { groups, depth, width, turned, bias } = *self;
        let columns = padded(width);
        let mut apart = Floats::default();
        for group in 0..groups {
            let product = Product {
                rows,
                depth,
                columns,
                left: Left { numbers: &xs.numbers[group * depth..], row: xs.stride, step: 1 },
                right: Right { numbers: &turned[group * depth * columns..], row: columns },
                start: Start::Row(&bias[group * columns..]),
                finish: Finish::Store,
            };
            let first = group * width;
            // The zeros behind a group's outputs fall where the next group writes.
            if first + columns <= stride {
                product.run(&mut ys[first..], stride);
                continue;
            }
            if apart.is_empty() {
                apart = Floats::zeros(rows * columns);
            }
            product.run(&mut apart, columns);
            for (ys, from) in ys.chunks_exact_mut(stride).zip(apart.chunks_exact(columns)) {
                ys[first..first + width].copy_from_slice(&from[..width]);
            }
        }
    }
}

/// Columns of rows as whole vectors with zeros behind them: where they lie, or copied.
pub fn whole_vectors<'a>(
    rows: usize,
    xs: Strip<'a>,
    first: usize,
    width: usize,
) -> (Cow<'a, [f32]>, usize) {
    if width.is_multiple_of(LANES) {
        return (Cow::Borrowed(&xs.numbers[first..]), xs.stride);
    }
    let columns = padded(width);
    let mut copy = vec![0.0; rows * columns];
    for (to, from) in copy.chunks_exact_mut(columns).zip(xs.numbers.chunks(xs.stride)) {
        to[..width].copy_from_slice(&from[first..first + width]);
    }
    (Cow::Owned(copy), columns)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_goes_through_its_own_layer() {
        let x = |i: usize| ((i * 7 % 23) as f32 - 11.0) / 8.0;
        for (rows, groups, depth, width) in
            [(1, 1, 1, 1), (5, 3, 4, 2), (70, 4, 16, 16), (3, 7, 2, 21)]
        {
            let columns = padded(width);
            let (mut turned, mut bias) =
                (vec![0.0; groups * depth * columns], vec![0.0; groups * columns]);
            for group in 0..groups {
                for out in 0..width {
                    bias[group * columns + out] = x(group + out);
                    for at in 0..depth {
                        turned[(group * depth + at) * columns + out] = x(group * 5 + at * 3 + out);
                    }
                }
            }
            let (row, stride) = (groups * depth + 3, padded(groups * width));
            let xs: Vec<f32> = (0..rows * row).map(x).collect();
            let mut ys = vec![9.0; rows * stride];
            let layers = Grouped { groups, depth, width, turned: &turned, bias: &bias };
            layers.run(rows, Strip { numbers: &xs, stride: row }, &mut ys, stride);
            for (at, y) in (0..rows * groups * width)
                .map(|at| (at, ys[at / (groups * width) * stride + at % (groups * width)]))
            {
                let (row_at, group, out) = (at / (groups * width), at / width % groups, at % width);
                let product =
                    |at: usize| xs[row_at * row + group * depth + at] * x(group * 5 + at * 3 + out);
                let expected = x(group + out) + (0..depth).map(product).sum::<f32>();
                assert!((y - expected).abs() < 1e-4, "{y} for {expected}");
            }
        }
    }

    #[test]
    fn columns_are_copied_where_they_are_no_whole_vectors() {
        let numbers: Vec<f32> = (0..120).map(|i| i as f32).collect();
        let xs = Strip { numbers: &numbers, stride: 40 };
        let (there, stride) = whole_vectors(3, xs, 4, 16);
        assert_eq!((there[0], there[stride], stride), (4.0, 44.0, 40));
        let (copy, stride) = whole_vectors(3, xs, 4, 3);
        assert_eq!((copy[stride + 2], copy[stride + 3], stride), (46.0, 0.0, 16));
    }
}
