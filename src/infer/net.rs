//! A network ready to answer: the graph with its weights laid out for reading.

use super::plan::{Act, Place, Plan};
use super::step::{Xs, Ys};
use crate::error::{Code, Error, Result};
use crate::graph::Graph;
use crate::kernel::Floats;
use std::cell::Cell;

/// The most rows that run through the network together.
const BLOCK: usize = 64;

/// As many numbers of intermediate results stay in cache; a block has fewer rows if they are more,
/// but still enough to use each weight several times.
const CACHED: usize = 1 << 15;
const FEWEST: usize = 16;

/// More than this are never asked for together, whatever network a file holds.
const MOST: usize = 1 << 25;

/// Encoded rows, row-major.
#[derive(Debug, Clone, Copy)]
pub struct Rows<'a> {
    /// How many.
    pub rows: usize,
    /// The dense part, `[rows, numeric]`.
    pub numeric: &'a [f32],
    /// The codes of the embedded columns, `[rows, columns]`.
    pub codes: &'a [u32],
}

/// An immutable network; share it and predict from any number of threads.
#[derive(Debug)]
pub struct Net {
    graph: Graph,
    weights: Vec<f32>,
    plan: Plan,
    width: usize,
    block: usize,
}

thread_local! {
    /// What intermediate results are kept in, so that no call allocates.
    static SCRATCH: Cell<Floats> = Cell::default();
}

impl Net {
    /// A network of this graph with these flat weights. The graph must have been checked.
    pub fn new(graph: Graph, weights: Vec<f32>) -> Result<Self> {
        if weights.len() != graph.weights() {
            return Err(Error::new(
                Code::Artifact,
                format!("{} weights, the network has {}", weights.len(), graph.weights()),
            ));
        }
        let plan = Plan::new(&graph, &weights);
        let width = graph.head_widths().iter().sum();
        let row = plan.scratch.max(1);
        let block = (CACHED / row).clamp(FEWEST, BLOCK).min(MOST / row).max(1);
        Ok(Net { graph, weights, plan, width, block })
    }

    /// The graph.
    pub fn graph(&self) -> &Graph {
        &self.graph
    }

    /// The flat weights, in the order of the graph's parameters.
    pub fn weights(&self) -> &[f32] {
        &self.weights
    }

    /// The width of an answer: all heads side by side, in task order.
    pub fn width(&self) -> usize {
        self.width
    }

    /// How many rows run through it together.
    pub fn block(&self) -> usize {
        self.block
    }

    /// The outputs of all heads, `[rows, width]`. A row's answer has the same bits whatever rows
    /// it is asked with.
    pub fn run(&self, rows: Rows<'_>) -> Vec<f32> {
        let mut out = vec![0.0; rows.rows * self.width];
        self.run_into(rows, &mut out);
        out
    }

    /// The same into memory of the caller's.
    pub fn run_into(&self, rows: Rows<'_>, out: &mut [f32]) {
        let (numeric, codes) = (self.graph.inputs.numeric, self.graph.inputs.codes.len());
        debug_assert_eq!(rows.numeric.len(), rows.rows * numeric);
        debug_assert_eq!(rows.codes.len(), rows.rows * codes);
        // Taken out meanwhile: a panic leaves an empty one behind.
        let mut scratch = SCRATCH.take();
        let needed = self.plan.scratch * rows.rows.min(self.block);
        if scratch.len() < needed {
            scratch = Floats::zeros(needed);
        }
        for first in (0..rows.rows).step_by(self.block) {
            let last = rows.rows.min(first + self.block);
            let block = Rows {
                rows: last - first,
                numeric: &rows.numeric[first * numeric..last * numeric],
                codes: &rows.codes[first * codes..last * codes],
            };
            self.run_block(block, &mut scratch, &mut out[first * self.width..last * self.width]);
        }
        SCRATCH.set(scratch);
    }

    fn run_block(&self, rows: Rows<'_>, scratch: &mut [f32], out: &mut [f32]) {
        for Act { step, inputs, start, stride, width } in &self.plan.acts {
            // Every input lies before its output, so one split borrows both.
            let (before, rest) = scratch.split_at_mut(start * rows.rows);
            let xs = inputs.iter().map(|&(place, width)| read(place, width, rows, before));
            let numbers = &mut rest[..stride * rows.rows];
            step.run(rows, xs, &mut Ys { numbers, stride: *stride, width: *width });
        }
        let mut column = 0;
        for &(place, width) in &self.plan.outputs {
            let xs = read(place, width, rows, scratch);
            for (row, out) in out.chunks_exact_mut(self.width.max(1)).enumerate() {
                out[column..column + width].copy_from_slice(xs.row(row));
            }
            column += width;
        }
    }
}

fn read<'a>(place: Place, width: usize, rows: Rows<'a>, scratch: &'a [f32]) -> Xs<'a> {
    match place {
        Place::Rows => Xs { numbers: rows.numeric, stride: width, width },
        Place::Scratch { start, stride } => {
            Xs { numbers: &scratch[start * rows.rows..][..stride * rows.rows], stride, width }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::{Activation, Builder, Inputs};
    use crate::random::{Purpose, Random};

    fn net() -> Net {
        let mut builder = Builder::new(Inputs { numeric: 5, codes: vec![7] });
        let row = builder.row(|_| 3);
        let xs = builder.linear("trunk.0", row, 16);
        let xs = builder.layer_norm("trunk.0.norm", xs);
        let xs = builder.activation(xs, Activation::Gelu);
        let head = builder.linear("head.0", xs, 4);
        builder.head(head);
        let head = builder.linear("head.1", xs, 1);
        builder.head(head);
        let graph = builder.build();
        let mut random = Random::new(3, Purpose::Init);
        let weights = (0..graph.weights()).map(|_| random.normal()).collect();
        Net::new(graph, weights).unwrap()
    }

    #[test]
    fn a_row_has_the_same_bits_alone_and_in_company() {
        let net = net();
        let mut random = Random::new(4, Purpose::Init);
        let numeric: Vec<f32> = (0..5 * 70).map(|_| random.normal()).collect();
        let codes: Vec<u32> = (0..70).map(|row| row % 7).collect();
        let all = net.run(Rows { rows: 70, numeric: &numeric, codes: &codes });
        for row in 0..70 {
            let one = net.run(Rows {
                rows: 1,
                numeric: &numeric[row * 5..][..5],
                codes: &codes[row..][..1],
            });
            assert_eq!(one, all[row * 5..][..5]);
        }
    }

    #[test]
    fn no_rows_give_no_answers_and_wrong_weights_are_refused() {
        let net = net();
        assert!(net.run(Rows { rows: 0, numeric: &[], codes: &[] }).is_empty());
        assert!(Net::new(net.graph().clone(), vec![0.0; 3]).is_err());
    }

    #[test]
    fn a_known_network_gives_known_numbers() {
        let mut builder = Builder::new(Inputs { numeric: 2, codes: vec![] });
        let row = builder.row(|_| 0);
        let xs = builder.linear("trunk.0", row, 2);
        let xs = builder.activation(xs, Activation::Relu);
        builder.head(xs);
        // [[1, 2], [3, 4]] x + [0.5, -20]
        let net = Net::new(builder.build(), vec![1.0, 2.0, 3.0, 4.0, 0.5, -20.0]).unwrap();
        assert_eq!(net.run(Rows { rows: 1, numeric: &[1.0, 1.0], codes: &[] }), [3.5, 0.0]);
    }
}
