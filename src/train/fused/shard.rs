//! A share of a batch: its blocks one after the other, its losses, its gradients.

use super::block::{BLOCK, Block, Fetch};
use super::heads::Scratch;
use super::plan::Plan;
use super::rows::Rows;
use super::weights::Weights;
use crate::kernel::{Floats, Masks};
use crate::train::loss::Form;

/// What one thread works with at a time.
#[derive(Debug)]
pub struct Shard {
    block: Block,
    scratch: Scratch,
    /// The gradient of the parameters over the shard's rows.
    pub gradient: Floats,
    /// The weighted sum of each task's losses.
    pub losses: Vec<f64>,
}

/// What a shard is to learn.
#[derive(Debug, Clone, Copy)]
pub struct Task<'a> {
    pub plan: &'a Plan,
    pub weights: &'a Weights,
    pub rows: &'a Rows<'a>,
    pub forms: &'a [Form],
    /// For each task what its gradients are multiplied with; 0 for one without labels.
    pub scales: &'a [f32],
    pub masks: Masks,
}

impl Shard {
    /// Room for a shard.
    pub fn new(plan: &Plan) -> Self {
        Shard {
            block: Block::new(plan, true),
            scratch: Scratch::default(),
            gradient: Floats::zeros(plan.layout.len),
            losses: vec![0.0; plan.heads.len()],
        }
    }

    /// Losses and gradients of these rows, the first of which is at this place in the batch.
    pub fn learn(&mut self, task: &Task<'_>, rows: &[usize], place: usize) {
        self.losses.fill(0.0);
        let blocks = rows.len().div_ceil(BLOCK).max(1);
        let size = rows.len().div_ceil(blocks).max(1);
        for (nth, rows) in rows.chunks(size).enumerate() {
            let fetch = Fetch { from: task.rows.encoded, rows, place: place + nth * size };
            let Task { plan, weights, .. } = *task;
            self.block.forward(plan, weights, fetch, Some(task.masks));
            self.lose(task, rows);
            self.block.backward(plan, weights, fetch, &mut self.gradient, nth == 0);
        }
    }

    fn lose(&mut self, task: &Task<'_>, rows: &[usize]) {
        let Shard { block, scratch, losses, .. } = self;
        for (index, head) in task.plan.heads.iter().enumerate() {
            if task.scales[index] == 0.0 {
                block.gradients_mut(head.gradient).for_each(|row| row.fill(0.0));
                continue;
            }
            let labels = &task.rows.labels[index];
            scratch.outputs.clear();
            block.values(head.values).for_each(|row| scratch.outputs.extend_from_slice(row));
            scratch.labels.clear();
            scratch.labels.extend(rows.iter().map(|&row| labels.target[row]));
            scratch.weights.clear();
            match &labels.weights {
                None => scratch.weights.resize(rows.len(), 1.0),
                Some(weights) => scratch.weights.extend(rows.iter().map(|&row| weights[row])),
            }
            let width = head.values.width;
            losses[index] += scratch.lose(task.forms[index], width, task.scales[index]);
            let gradients = scratch.outputs.chunks_exact(width);
            block
                .gradients_mut(head.gradient)
                .zip(gradients)
                .for_each(|(to, from)| to.copy_from_slice(from));
        }
    }
}
