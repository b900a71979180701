//! One operation in plain Rust, its parameters laid out for reading row after row.

use super::net::Rows;
use crate::graph::{Activation, Node, Op};
use std::ops::Range;

/// An operation that owns what it reads.
#[derive(Debug)]
pub enum Step {
    Numeric,
    Embedding { table: Vec<f32>, column: usize },
    Linear { weight: Vec<f32>, bias: Vec<f32> },
    Activation(Activation),
    LayerNorm { weight: Vec<f32>, bias: Vec<f32> },
    Copy,
    Concat,
    Add,
}

impl Step {
    /// The step of a checked node; `ranges` says where each parameter lies in `weights`.
    pub fn new(node: &Node, ranges: &[Range<usize>], weights: &[f32]) -> Self {
        let param = |index: usize| weights[ranges[index].clone()].to_vec();
        match &node.op {
            Op::Numeric => Step::Numeric,
            Op::Embedding { table, column } => {
                Step::Embedding { table: param(*table), column: *column }
            }
            Op::Linear { weight, bias } => Step::Linear {
                weight: transposed(&weights[ranges[*weight].clone()], node.width),
                bias: bias.map_or_else(|| vec![0.0; node.width], param),
            },
            Op::Activation(activation) => Step::Activation(*activation),
            Op::LayerNorm { weight, bias } => {
                Step::LayerNorm { weight: param(*weight), bias: param(*bias) }
            }
            Op::Dropout(_) => Step::Copy,
            Op::Concat => Step::Concat,
            Op::Add => Step::Add,
        }
    }

    /// Writes the node's output `[rows, width]` to `ys`; `xs(i)` is its i-th input.
    pub fn run<'a>(
        &self,
        node: &Node,
        rows: Rows<'a>,
        xs: impl Fn(usize) -> &'a [f32],
        ys: &mut [f32],
    ) {
        let width = node.width;
        match self {
            Step::Numeric => ys.copy_from_slice(rows.numeric),
            Step::Embedding { table, column } => {
                let columns = rows.codes.len() / rows.rows;
                for (row, ys) in ys.chunks_exact_mut(width).enumerate() {
                    let code = rows.codes[row * columns + column] as usize;
                    ys.copy_from_slice(&table[code * width..][..width]);
                }
            }
            Step::Linear { weight, bias } => linear(xs(0), weight, bias, ys),
            Step::Activation(activation) => {
                for (y, x) in ys.iter_mut().zip(xs(0)) {
                    *y = activation.apply(*x);
                }
            }
            Step::LayerNorm { weight, bias } => layer_norm(xs(0), weight, bias, ys),
            Step::Copy => ys.copy_from_slice(xs(0)),
            Step::Concat => {
                let mut column = 0;
                for input in 0..node.inputs.len() {
                    let xs = xs(input);
                    let part = xs.len() / rows.rows;
                    for row in 0..rows.rows {
                        ys[row * width + column..][..part]
                            .copy_from_slice(&xs[row * part..][..part]);
                    }
                    column += part;
                }
            }
            Step::Add => {
                ys.copy_from_slice(xs(0));
                for input in 1..node.inputs.len() {
                    for (y, x) in ys.iter_mut().zip(xs(input)) {
                        *y += x;
                    }
                }
            }
        }
    }
}

/// `[out, in]` to `[in, out]`, so that the inner loop runs over neighbours in memory.
fn transposed(weight: &[f32], out: usize) -> Vec<f32> {
    let width = weight.len() / out.max(1);
    let mut turned = vec![0.0; weight.len()];
    for row in 0..out {
        for column in 0..width {
            turned[column * out + row] = weight[row * width + column];
        }
    }
    turned
}

fn linear(xs: &[f32], weight: &[f32], bias: &[f32], ys: &mut [f32]) {
    let (out, width) = (bias.len(), weight.len() / bias.len().max(1));
    for (row, ys) in ys.chunks_exact_mut(out).enumerate() {
        ys.copy_from_slice(bias);
        for (x, ws) in xs[row * width..][..width].iter().zip(weight.chunks_exact(out)) {
            for (y, w) in ys.iter_mut().zip(ws) {
                *y += x * w;
            }
        }
    }
}

fn layer_norm(xs: &[f32], weight: &[f32], bias: &[f32], ys: &mut [f32]) {
    const EPSILON: f32 = 1e-5;
    let width = weight.len();
    for (xs, ys) in xs.chunks_exact(width).zip(ys.chunks_exact_mut(width)) {
        let mean = xs.iter().sum::<f32>() / width as f32;
        let variance = xs.iter().map(|x| (x - mean) * (x - mean)).sum::<f32>() / width as f32;
        let scale = 1.0 / (variance + EPSILON).sqrt();
        for (y, ((x, w), b)) in ys.iter_mut().zip(xs.iter().zip(weight).zip(bias)) {
            *y = (x - mean) * scale * w + b;
        }
    }
}
