//! One operation in plain Rust, its parameters laid out for reading row after row.

use super::members::Scale;
use super::net::Rows;
use super::parts::{Grouped, Periodic};
use crate::graph::{Activation, Bins, and, select};
use crate::kernel::{
    self, Finish, Floats, LANES, Left, Meets, Product, Right, Start, Strip, dot_rows, padded,
    scale_rows,
};

/// An operation that owns what it reads.
#[derive(Debug)]
pub enum Step {
    Embedding { table: Vec<f32>, column: usize },
    Linear(Linear),
    Grouped(Grouped),
    Members(Scale),
    Columns(Vec<usize>),
    Scale(Vec<f32>),
    Periodic(Periodic),
    Piecewise(Bins),
    Activation(Activation),
    Blend(Activation, Vec<f32>),
    LayerNorm { weight: Vec<f32>, bias: Vec<f32> },
    Concat,
    Add,
    Given(Vec<f32>),
    Softmax,
    Mixture,
    Select,
    Dot,
    And,
}

/// Rows somewhere in memory.
#[derive(Clone, Copy)]
pub struct Xs<'a> {
    pub numbers: &'a [f32],
    pub stride: usize,
    pub width: usize,
}

impl<'a> Xs<'a> {
    pub fn row(&self, row: usize) -> &'a [f32] {
        &self.numbers[row * self.stride..][..self.width]
    }

    fn strip(&self) -> Strip<'a> {
        Strip { numbers: self.numbers, stride: self.stride }
    }
}

/// Rows to be written: `width` numbers, each row `stride` after the one before.
pub struct Ys<'a> {
    pub numbers: &'a mut [f32],
    pub stride: usize,
    pub width: usize,
}

impl Ys<'_> {
    fn rows(&mut self) -> impl Iterator<Item = &mut [f32]> {
        let width = self.width;
        self.numbers.chunks_exact_mut(self.stride).map(move |row| &mut row[..width])
    }
}

impl Step {
    /// Whether it can overwrite its one input.
    pub fn is_in_place(&self) -> bool {
        matches!(
            self,
            Step::Activation(_) | Step::Blend(..) | Step::LayerNorm { .. } | Step::Softmax
        )
    }

    /// Writes the output to `ys`; `xs` are the inputs, none where `ys` holds the only one already.
    pub fn run<'a>(&self, rows: Rows<'_>, mut xs: impl Iterator<Item = Xs<'a>>, ys: &mut Ys<'_>) {
        match self {
            Step::Embedding { table, column } => {
                let (columns, width) = (rows.codes.len() / rows.rows, ys.width);
                for (row, ys) in ys.rows().enumerate() {
                    let code = rows.codes[row * columns + column] as usize;
                    ys.copy_from_slice(&table[code * width..][..width]);
                }
            }
            Step::Linear(layer) => {
                if let Some(xs) = xs.next() {
                    layer.run(rows.rows, xs, ys);
                }
            }
            Step::Grouped(layers) => {
                let Some(xs) = xs.next() else { return };
                layers.read().run(rows.rows, xs.strip(), ys.numbers, ys.stride);
            }
            Step::Members(scale) => {
                if let Some(xs) = xs.next() {
                    scale.run(rows.rows, xs, ys);
                }
            }
            Step::Columns(columns) => {
                let Some(xs) = xs.next() else { return };
                for (row, ys) in ys.rows().enumerate() {
                    let xs = xs.row(row);
                    ys.iter_mut().zip(columns).for_each(|(y, column)| *y = xs[*column]);
                }
            }
            Step::Scale(weight) => {
                let Some(xs) = xs.next() else { return };
                for (row, ys) in ys.rows().enumerate() {
                    let pairs = xs.row(row).iter().zip(weight);
                    ys.iter_mut().zip(pairs).for_each(|(y, (x, w))| *y = x * w);
                }
            }
            Step::Periodic(periodic) => {
                let Some(xs) = xs.next() else { return };
                periodic.read(xs.width).run(rows.rows, xs.strip(), ys.numbers, ys.stride);
            }
            Step::Piecewise(bins) => {
                let Some(xs) = xs.next() else { return };
                kernel::piecewise(rows.rows, bins, xs.strip(), ys.numbers, ys.stride);
            }
            Step::Activation(activation) => {
                xs.for_each(|xs| copy(xs, 0, ys));
                // With the padding, in one go: whatever it holds, nobody reads it.
                kernel::activate(*activation, ys.numbers);
            }
            Step::Blend(activation, shares) => {
                xs.for_each(|xs| copy(xs, 0, ys));
                ys.rows().for_each(|row| kernel::blend(*activation, row, shares));
            }
            Step::LayerNorm { weight, bias } => {
                xs.for_each(|xs| copy(xs, 0, ys));
                ys.rows().for_each(|row| layer_norm(row, weight, bias));
            }
            Step::Concat => {
                let mut column = 0;
                for xs in xs {
                    copy(xs, column, ys);
                    column += xs.width;
                }
            }
            Step::Add => {
                if let Some(xs) = xs.next() {
                    copy(xs, 0, ys);
                }
                for xs in xs {
                    for (row, ys) in ys.rows().enumerate() {
                        ys.iter_mut().zip(xs.row(row)).for_each(|(y, x)| *y += x);
                    }
                }
            }
            Step::Given(numbers) => ys.rows().for_each(|row| row.copy_from_slice(numbers)),
            Step::Softmax => {
                xs.for_each(|xs| copy(xs, 0, ys));
                ys.rows().for_each(|row| kernel::softmax(row, None));
            }
            Step::Mixture => {
                let Some(gate) = xs.next() else { return };
                let size = (rows.rows, ys.width);
                for (nth, xs) in xs.enumerate() {
                    let by = Strip { numbers: &gate.numbers[nth..], stride: gate.stride };
                    let meets = if nth == 0 { Meets::Replaces } else { Meets::Adds };
                    scale_rows(size, xs.strip(), by, (&mut *ys.numbers, ys.stride), meets);
                }
            }
            Step::Select => {
                let Some(xs) = xs.next() else { return };
                ys.rows().enumerate().for_each(|(row, ys)| select(xs.row(row), ys));
            }
            Step::Dot => {
                let (Some(one), Some(other)) = (xs.next(), xs.next()) else { return };
                let (size, scale) = ((rows.rows, one.width), 1.0 / (one.width as f32).sqrt());
                let to = (&mut *ys.numbers, ys.stride);
                dot_rows(size, one.strip(), other.strip(), scale, to, Meets::Replaces);
            }
            Step::And => {
                let (Some(one), Some(other)) = (xs.next(), xs.next()) else { return };
                for (row, ys) in ys.rows().enumerate() {
                    let pairs = one.row(row).iter().zip(other.row(row));
                    ys.iter_mut().zip(pairs).for_each(|(z, (x, y))| *z = and(*x, *y).0);
                }
            }
        }
    }
}

fn copy(xs: Xs<'_>, column: usize, ys: &mut Ys<'_>) {
    for (row, ys) in ys.rows().enumerate() {
        ys[column..column + xs.width].copy_from_slice(xs.row(row));
    }
}

/// `x · weight + bias`, the weights packed in panels of columns: what a tile of the product reads
/// lies together, and the next tile's right behind it.
#[derive(Debug)]
pub struct Linear {
    pub depth: usize,
    pub width: usize,
    /// How many parts each row has, each of which the layer is applied to.
    pub times: usize,
    pub weight: Floats,
    /// In whole vectors.
    pub bias: Floats,
}

/// Columns of a panel: those of the widest tile of one row.
const PANEL: usize = 8 * LANES;

impl Linear {
    /// Puts in the weights of one output.
    pub fn set_column(&mut self, column: usize, ws: &[f32]) {
        let first = column - column % PANEL;
        let wide = (padded(self.width) - first).min(PANEL);
        let panel = &mut self.weight[first * self.depth..][..wide * self.depth];
        for (row, w) in panel.chunks_exact_mut(wide).zip(ws) {
            row[column - first] = *w;
        }
    }

    fn run(&self, rows: usize, xs: Xs<'_>, ys: &mut Ys<'_>) {
        let (rows, row, stride) =
            (rows * self.times, xs.stride / self.times, ys.stride / self.times);
        let columns = padded(self.width);
        for first in (0..columns).step_by(PANEL) {
            let wide = (columns - first).min(PANEL);
            let product = Product {
                rows,
                depth: self.depth,
                columns: wide,
                left: Left { numbers: xs.numbers, row, step: 1 },
                right: Right { numbers: &self.weight[first * self.depth..], row: wide },
                start: Start::Row(&self.bias[first..]),
                finish: Finish::Store,
            };
            product.run(&mut ys.numbers[first..], stride);
        }
    }
}

/// In place. Sums are taken in [`LANES`] parts, so that they need not wait for one another.
fn layer_norm(xs: &mut [f32], weight: &[f32], bias: &[f32]) {
    const EPSILON: f32 = 1e-5;
    let width = xs.len() as f32;
    let mean = sum(xs, |x| x) / width;
    let variance = sum(xs, |x| (x - mean) * (x - mean)) / width;
    let scale = 1.0 / (variance + EPSILON).sqrt();
    for (x, (w, b)) in xs.iter_mut().zip(weight.iter().zip(bias)) {
        *x = (*x - mean) * scale * w + b;
    }
}

fn sum(xs: &[f32], of: impl Fn(f32) -> f32) -> f32 {
    let mut sums = [0.0; LANES];
    let chunks = xs.chunks_exact(LANES);
    let rest = chunks.remainder();
    for chunk in chunks {
        sums.iter_mut().zip(chunk).for_each(|(sum, x)| *sum += of(*x));
    }
    sums.iter_mut().zip(rest).for_each(|(sum, x)| *sum += of(*x));
    sums.iter().sum()
}
