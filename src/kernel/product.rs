//! Matrix products on register tiles. Each number of the result is one chain of fused
//! multiply-adds in the order of the depth, whatever the tile it falls into: its bits depend
//! neither on the rows beside it nor on the CPU.

use super::cpu::{Level, by_level};
use super::floats::LANES;
use super::vector::Vector;

/// The left matrix, `[rows, depth]`, at any strides: so it may stand transposed in memory.
#[derive(Debug, Clone, Copy)]
pub struct Left<'a> {
    /// Its numbers.
    pub numbers: &'a [f32],
    /// From one row to the next.
    pub row: usize,
    /// From one step of the depth to the next.
    pub step: usize,
}

/// The right matrix, `[depth, columns]`, row by row.
#[derive(Debug, Clone, Copy)]
pub struct Right<'a> {
    /// Its numbers.
    pub numbers: &'a [f32],
    /// From one row to the next.
    pub row: usize,
}

/// What the result starts from.
#[derive(Debug, Clone, Copy)]
pub enum Start<'a> {
    /// Zero.
    Zero,
    /// The same row of numbers in each row.
    Row(&'a [f32]),
    /// What stands there already.
    Present,
}

/// What becomes of the sums.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finish {
    /// They are the result.
    Store,
    /// The result is what stood there, times them: the chain rule through an activation.
    Multiply,
}

/// `out [rows, columns] = start + left [rows, depth] · right [depth, columns]`.
#[derive(Debug, Clone, Copy)]
pub struct Product<'a> {
    /// Rows of the result.
    pub rows: usize,
    /// Length of each sum.
    pub depth: usize,
    /// Columns of the result: whole vectors, a multiple of [`LANES`].
    pub columns: usize,
    /// The left matrix.
    pub left: Left<'a>,
    /// The right matrix.
    pub right: Right<'a>,
    /// The start.
    pub start: Start<'a>,
    /// The end.
    pub finish: Finish,
}

impl Product<'_> {
    /// Computes it into `out`, whose rows lie `stride` apart.
    pub fn run(&self, out: &mut [f32], stride: usize) {
        self.run_on(Level::best(), out, stride);
    }

    fn run_on(&self, level: Level, out: &mut [f32], stride: usize) {
        let Product { rows, depth, columns, left, right, start, .. } = *self;
        if rows == 0 || columns == 0 {
            return;
        }
        assert_eq!(columns % LANES, 0, "columns are whole vectors");
        assert!(stride >= columns && out.len() >= (rows - 1) * stride + columns);
        let last = (rows - 1) * left.row + depth.saturating_sub(1) * left.step;
        assert!(depth == 0 || left.numbers.len() > last);
        assert!(depth == 0 || right.numbers.len() >= (depth - 1) * right.row + columns);
        if let Start::Row(row) = start {
            assert!(row.len() >= columns);
        }
        // SAFETY: the lengths were checked above.
        unsafe { run(level, self, out.as_mut_ptr(), stride) }
    }
}

by_level! {
    unsafe fn run(product: &Product<'_>, out: *mut f32, stride: usize) = run_with
}

/// Where a tile lies, and what it is computed from.
#[derive(Clone, Copy)]
struct Tile {
    depth: usize,
    left: *const f32,
    row: usize,
    step: usize,
    right: *const f32,
    right_row: usize,
    /// Null to start from zero, the result itself to start from what is there.
    start: *const f32,
    start_row: usize,
    out: *mut f32,
    stride: usize,
    multiply: bool,
}

#[inline(always)]
unsafe fn run_with<V: Vector>(product: &Product<'_>, out: *mut f32, stride: usize) {
    let Product { rows, depth, columns, left, right, start, finish } = *product;
    let pair = 2 * V::LANES;
    // Rows in tiles of nearly equal height.
    let tiles = rows.div_ceil(V::ROWS);
    let mut first = 0;
    for tile in 0..tiles {
        let height = (rows - first).div_ceil(tiles - tile);
        let mut column = 0;
        while column < columns {
            // SAFETY: all offsets stay within the lengths that were checked.
            unsafe {
                let (start, start_row) = match start {
                    Start::Zero => (std::ptr::null(), 0),
                    Start::Row(row) => (row.as_ptr().add(column), 0),
                    Start::Present => (out.add(first * stride + column).cast_const(), stride),
                };
                let it = Tile {
                    depth,
                    left: left.numbers.as_ptr().add(first * left.row),
                    row: left.row,
                    step: left.step,
                    right: right.numbers.as_ptr().add(column),
                    right_row: right.row,
                    start,
                    start_row,
                    out: out.add(first * stride + column),
                    stride,
                    multiply: finish == Finish::Multiply,
                };
                // Few rows leave registers free: more columns keep them busy.
                let few = height == 1 || height == 2 && V::ROWS > 6;
                let wide = match columns - column {
                    rest if few && rest >= 4 * pair => 4 * pair,
                    rest => rest.min(pair),
                };
                match wide / V::LANES {
                    8 => rows_at_once::<V, 8>(it, height),
                    2 => rows_at_once::<V, 2>(it, height),
                    _ => rows_at_once::<V, 1>(it, height),
                }
                column += wide;
            }
        }
        first += height;
    }
}

#[inline(always)]
unsafe fn rows_at_once<V: Vector, const N: usize>(it: Tile, height: usize) {
    // SAFETY: the caller's promises.
    unsafe {
        if N == 8 {
            return match height {
                1 => tile::<V, 1, N>(it),
                _ => tile::<V, 2, N>(it),
            };
        }
        match height {
            1 => tile::<V, 1, N>(it),
            2 => tile::<V, 2, N>(it),
            3 => tile::<V, 3, N>(it),
            4 => tile::<V, 4, N>(it),
            5 => tile::<V, 5, N>(it),
            6 => tile::<V, 6, N>(it),
            _ if V::ROWS <= 6 => {}
            7 => tile::<V, 7, N>(it),
            8 => tile::<V, 8, N>(it),
            9 => tile::<V, 9, N>(it),
            10 => tile::<V, 10, N>(it),
            11 => tile::<V, 11, N>(it),
            12 => tile::<V, 12, N>(it),
            13 => tile::<V, 13, N>(it),
            _ => tile::<V, 14, N>(it),
        }
    }
}

/// `M` rows by `N` vectors, all in registers.
#[inline(always)]
unsafe fn tile<V: Vector, const M: usize, const N: usize>(it: Tile) {
    // SAFETY: the caller's promises.
    unsafe {
        let mut sums = [[V::splat(0.0); N]; M];
        if !it.start.is_null() {
            for (m, sums) in sums.iter_mut().enumerate() {
                for (v, sum) in sums.iter_mut().enumerate() {
                    *sum = V::load(it.start.add(m * it.start_row + v * V::LANES));
                }
            }
        }
        let (mut left, mut right) = (it.left, it.right);
        for _ in 0..it.depth {
            let mut ws = [V::splat(0.0); N];
            for (v, w) in ws.iter_mut().enumerate() {
                *w = V::load(right.add(v * V::LANES));
            }
            for (m, sums) in sums.iter_mut().enumerate() {
                let x = V::splat(*left.add(m * it.row));
                for (sum, w) in sums.iter_mut().zip(ws) {
                    *sum = x.fma(w, *sum);
                }
            }
            left = left.wrapping_add(it.step);
            right = right.wrapping_add(it.right_row);
        }
        for (m, sums) in sums.into_iter().enumerate() {
            for (v, sum) in sums.into_iter().enumerate() {
                let out = it.out.add(m * it.stride + v * V::LANES);
                if it.multiply { V::load(out).mul(sum) } else { sum }.store(out);
            }
        }
    }
}

#[cfg(test)]
#[path = "product_tests.rs"]
mod tests;
