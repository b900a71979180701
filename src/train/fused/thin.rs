//! Thin cuts: those that nothing reads but layers of few outputs. There a task's gradient in a row
//! is `δ W`, the gradients of its few outputs times their weights. So `g_t · g_u` is the sum of
//! `(δ_a · δ_b) (W_a · W_b)` over the outputs `a` of one task and `b` of the other, each `δ_a` a
//! number a row: the Gramian needs no gradient written out. And their weighted sum is one pass back
//! through the layer, with `δ` weighed.

use super::block::Block;
use super::cut::{Cut, LOSSES, Side, Split, owner};
use super::plan::{Layer, Plan, Stage, View};
use super::weights::Weights;
use crate::kernel::{padded, products};
use std::ops::Range;

/// Outputs a task, on average, up to which a cut is thin: each pair of outputs costs a product over
/// the rows and one over the weights, each pair of tasks saves one over the gradients.
const FEW: usize = 4;

/// An output of a layer that reads a cut for one task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// The task.
    pub task: usize,
    /// The place of its gradients: one column.
    pub at: View,
    /// Its weights in the flat list.
    pub weights: Range<usize>,
}

/// The outputs that read a cut for one task each; none if something else reads it too, or if they
/// are too many.
pub fn outputs(plan: &Plan, split: &Split, cut: usize) -> Vec<Output> {
    let mut outputs = Vec::new();
    if split.cuts[cut].owners.iter().any(|(_, stage)| *stage == LOSSES) {
        return outputs;
    }
    let sides = split.sides.iter().zip(&plan.stages);
    for (_, stage) in
        sides.filter(|(side, _)| matches!(side, Side::Border { cut: at, .. } if *at == cut))
    {
        let Stage::Linear { layer, to, times: 1, .. } = stage else { return Vec::new() };
        let layer = &plan.layers[*layer];
        let stride = padded(layer.depth);
        for part in &layer.parts {
            let Some(task) = owner(plan, part) else { continue };
            outputs.extend((part.first..part.first + part.width).map(|nth| Output {
                task,
                at: View { buffer: to.buffer, column: to.column + nth, width: 1 },
                weights: layer.start + nth * stride..layer.start + nth * stride + layer.depth,
            }));
        }
    }
    if outputs.len() > FEW * plan.heads.len() { Vec::new() } else { outputs }
}

impl Cut {
    /// Whether it is thin.
    pub fn is_thin(&self) -> bool {
        !self.outputs.is_empty()
    }

    /// Adds the products of these tasks' gradients in a thin cut over the rows of all these blocks,
    /// `[task, task]`, of which the upper half is written.
    pub fn add_thin_products(
        &self,
        blocks: &[Block],
        weights: &Weights,
        tasks: &[usize],
        sums: &mut [f64],
    ) {
        let place = |output: &Output| tasks.iter().position(|task| *task == output.task);
        let placed = self.outputs.iter().filter_map(|output| Some((place(output)?, output)));
        let (places, outputs): (Vec<usize>, Vec<&Output>) = placed.unzip();
        let count = outputs.len();
        let lists: Vec<&[f32]> =
            outputs.iter().map(|output| &weights.flat[output.weights.clone()]).collect();
        let mut of_weights = vec![0.0; count * count];
        products(&lists, |a, b, product| of_weights[a * count + b] = product);
        let column = |output: &&Output| -> Vec<f32> {
            blocks.iter().flat_map(|block| block.gradients(output.at)).map(|row| row[0]).collect()
        };
        let columns: Vec<Vec<f32>> = outputs.iter().map(column).collect();
        let lists: Vec<&[f32]> = columns.iter().map(Vec::as_slice).collect();
        products(&lists, |a, b, product| {
            let (i, j) = (places[a].min(places[b]), places[a].max(places[b]));
            // Two outputs of one task meet twice in its square.
            let times = if i == j && a != b { 2.0 } else { 1.0 };
            sums[i * tasks.len() + j] += times * product * of_weights[a * count + b];
        });
    }
}

impl Block {
    /// Multiplies the gradients of a layer's outputs with the factors of the tasks whose own they
    /// are.
    pub(super) fn weigh_outputs(&mut self, plan: &Plan, layer: &Layer, to: View, factors: &[f32]) {
        for part in &layer.parts {
            let Some(factor) = owner(plan, part).map(|task| factors[task]) else { continue };
            let at = View { column: to.column + part.first, width: part.width, ..to };
            self.gradients_mut(at).for_each(|row| row.iter_mut().for_each(|x| *x *= factor));
        }
    }
}

#[cfg(test)]
#[path = "thin_tests.rs"]
mod tests;
