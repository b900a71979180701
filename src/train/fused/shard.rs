//! A share of a batch: its blocks one after the other, its losses, its gradients.

use super::block::{Block, Fetch, Room};
use super::cut::Split;
use super::heads::Scratch;
use super::plan::Plan;
use super::rows::Rows;
use super::weights::Weights;
use crate::balance::{Balancer, Needs};
use crate::kernel::{Floats, Masks};
use crate::train::loss::Form;

/// What one thread works with at a time.
#[derive(Debug)]
pub struct Shard {
    /// One for each block of rows where they are kept from phase to phase, else one for all.
    blocks: Vec<Block>,
    scratch: Scratch,
    /// For the block at work, where gradients are rewritten as they are summed.
    room: Room,
    /// The gradient of the parameters over the shard's rows.
    pub gradient: Floats,
    /// That of each task's loss, where they are taken one by one.
    pub rows: Vec<Floats>,
    /// The weighted sum of each task's losses.
    pub losses: Vec<f64>,
    /// The products of the tasks' gradients in the representation.
    pub products: Vec<f64>,
}

/// What a shard is to learn.
#[derive(Debug, Clone, Copy)]
pub struct Task<'a> {
    pub plan: &'a Plan,
    pub split: &'a Split,
    pub weights: &'a Weights,
    pub rows: &'a Rows<'a>,
    /// The codes of embedded columns as they are read.
    pub codes: &'a [u32],
    pub forms: &'a [Form],
    /// For each task what its gradients are multiplied with; 0 for one without labels.
    pub scales: &'a [f32],
    /// What a row of weight 1 adds to each penalty; 0 where its task is without labels.
    pub charges: &'a [f32],
    pub masks: Masks,
}

/// Some of the rows of a batch, and the place of the first among them.
#[derive(Debug, Clone, Copy)]
pub struct Portion<'a> {
    pub rows: &'a [usize],
    pub place: usize,
}

/// What rewrites the gradients of these tasks in a batch of so many rows.
#[derive(Debug, Clone, Copy)]
pub struct Rewriting<'a> {
    pub balancer: &'a Balancer,
    pub batch: usize,
    pub tasks: &'a [usize],
}

impl<'a> Portion<'a> {
    /// Block by block.
    fn blocks(self, task: &Task<'a>) -> impl DoubleEndedIterator<Item = (usize, Fetch<'a>)> {
        let Portion { rows, place } = self;
        let blocks = rows.len().div_ceil(task.plan.rows).max(1);
        let size = rows.len().div_ceil(blocks).max(1);
        let from = task.rows.encoded;
        let codes = task.codes;
        let fetch = move |nth, rows| Fetch { from, codes, rows, place: place + nth * size };
        rows.chunks(size).enumerate().map(move |(nth, rows)| (nth, fetch(nth, rows)))
    }
}

impl Shard {
    /// Room for a shard.
    pub fn new(plan: &Plan) -> Self {
        Shard {
            blocks: vec![Block::new(plan, true)],
            scratch: Scratch::default(),
            room: Room::default(),
            gradient: Floats::zeros(plan.layout.len),
            rows: Vec::new(),
            losses: vec![0.0; plan.heads.len()],
            products: Vec::new(),
        }
    }

    /// Losses and gradients of these rows.
    pub fn learn(&mut self, task: &Task<'_>, part: Portion<'_>) {
        let Task { plan, weights, .. } = *task;
        self.losses.fill(0.0);
        for (nth, fetch) in part.blocks(task) {
            self.forward(task, 0, fetch);
            self.blocks[0].backward(plan, weights, fetch, &mut self.gradient, nth == 0);
        }
    }

    /// The losses alone.
    pub fn losses(&mut self, task: &Task<'_>, part: Portion<'_>) {
        self.losses.fill(0.0);
        part.blocks(task).for_each(|(_, fetch)| self.forward(task, 0, fetch));
    }

    /// Losses, and the gradient of each of these tasks by itself: a backward pass each.
    pub fn learn_apart(&mut self, task: &Task<'_>, part: Portion<'_>, tasks: &[usize]) {
        let Task { plan, weights, .. } = *task;
        if self.rows.is_empty() {
            self.rows = plan.heads.iter().map(|_| Floats::zeros(plan.layout.len)).collect();
        }
        self.losses.fill(0.0);
        for (nth, fetch) in part.blocks(task) {
            self.forward(task, 0, fetch);
            let block = &mut self.blocks[0];
            block.keep(plan);
            for &each in tasks {
                block.put_back(plan, each);
                block.backward(plan, weights, fetch, &mut self.rows[each], nth == 0);
            }
        }
    }

    /// Losses, and gradients up to where the network parts if they are needed in the representation,
    /// with their products among these tasks, or their lengths. The blocks are kept for the second phase.
    pub fn begin(
        &mut self,
        task: &Task<'_>,
        part: Portion<'_>,
        tasks: &[usize],
        needs: Option<Needs>,
    ) {
        self.losses.fill(0.0);
        self.products.clear();
        self.products.resize(tasks.len() * tasks.len(), 0.0);
        let mut count = 0;
        for (nth, fetch) in part.blocks(task) {
            count = nth + 1;
            if self.blocks.len() == nth {
                self.blocks.push(Block::new(task.plan, true));
            }
            self.forward(task, nth, fetch);
            if let Some(needs) = needs {
                self.heads_back(task, (nth, fetch), nth == 0);
                let lengths = needs == Needs::Jacobian;
                self.blocks[nth].add_products(task.split, tasks, lengths, &mut self.products);
            }
        }
        if needs.is_some() {
            for cut in task.split.cuts.iter().filter(|cut| cut.is_thin()) {
                let blocks = &self.blocks[..count];
                cut.add_thin_products(blocks, task.weights, tasks, &mut self.products);
            }
        }
    }

    /// The second phase: the gradient, the loss of each task counting as much as `factors` says.
    /// With `own`, it does so in what is shared alone, and has been taken up to there if something
    /// was needed in the representation.
    pub fn end(
        &mut self,
        task: &Task<'_>,
        part: Portion<'_>,
        factors: &[f32],
        (own, needs): (bool, Option<Needs>),
        rewriting: Option<Rewriting<'_>>,
    ) {
        let Task { plan, split, weights, .. } = *task;
        // The last ones first: they are still in the cache.
        for (turn, (nth, fetch)) in part.blocks(task).rev().enumerate() {
            let first = turn == 0;
            if own && needs.is_none() {
                self.heads_back(task, (nth, fetch), first);
            }
            // What is written out here is needed no longer than here.
            let lends = rewriting.is_some() && split.is_thin();
            if lends {
                self.blocks[nth].swap_room(&mut self.room);
            }
            if let Some(rewriting) = rewriting {
                self.rewrite_block(task, (nth, fetch), rewriting);
            }
            let (block, gradient) = (&mut self.blocks[nth], &mut self.gradient);
            if own {
                let factors = (first, factors, needs == Some(Needs::Jacobian));
                block.trunk_back((plan, split), weights, fetch, gradient, factors);
                if lends {
                    block.swap_room(&mut self.room);
                }
            } else {
                block.scale_heads(plan, |head| factors[head]);
                block.backward(plan, weights, fetch, gradient, first);
            }
        }
    }

    fn heads_back(&mut self, task: &Task<'_>, (nth, fetch): (usize, Fetch<'_>), first: bool) {
        let Task { plan, split, weights, .. } = *task;
        let block = &mut self.blocks[nth];
        block.heads_back((plan, split), weights, fetch, &mut self.gradient, first);
    }

    /// Has a method rewrite the tasks' gradients in the representation, in between.
    pub fn rewrite(&mut self, task: &Task<'_>, part: Portion<'_>, rewriting: Rewriting<'_>) {
        self.products.fill(0.0);
        for at in part.blocks(task) {
            self.rewrite_block(task, at, rewriting);
        }
    }

    fn rewrite_block(
        &mut self,
        task: &Task<'_>,
        (nth, fetch): (usize, Fetch<'_>),
        rewriting: Rewriting<'_>,
    ) {
        let Task { plan, split, weights, .. } = *task;
        let block = &mut self.blocks[nth];
        block.write_out((plan, split), weights);
        block.rewrite(split, fetch.place, rewriting, &mut self.products);
    }

    fn forward(&mut self, task: &Task<'_>, block: usize, fetch: Fetch<'_>) {
        self.blocks[block].forward(task.plan, task.weights, fetch, Some(task.masks));
        self.lose(task, block, fetch.rows);
    }

    fn lose(&mut self, task: &Task<'_>, block: usize, rows: &[usize]) {
        let Shard { blocks, scratch, losses, .. } = self;
        let block = &mut blocks[block];
        for (index, head) in task.plan.heads.iter().enumerate() {
            if task.scales[index] == 0.0 {
                block.gradients_mut(head.gradient).for_each(|row| row.fill(0.0));
                continue;
            }
            let labels = &task.rows.labels[index];
            // Each label counts for all members, whose losses are averaged.
            let (members, width) = (task.plan.members, head.values.width);
            scratch.outputs.clear();
            match width {
                1 => scratch.outputs.extend(block.values(head.values).map(|row| row[0])),
                _ => block.values(head.values).for_each(|row| scratch.outputs.extend(row)),
            }
            gather(&mut scratch.labels, &labels.target, rows, members);
            match &labels.weights {
                None => {
                    scratch.weights.clear();
                    scratch.weights.resize(rows.len() * members, 1.0);
                }
                Some(weights) => gather(&mut scratch.weights, weights, rows, members),
            }
            let scale = task.scales[index] / members as f32;
            let sum = scratch.lose(task.forms[index], width / members, scale);
            losses[index] += sum / members as f64;
            let to = block.gradients_mut(head.gradient);
            match width {
                1 => to.zip(&scratch.outputs).for_each(|(to, from)| to[0] = *from),
                _ => {
                    let from = scratch.outputs.chunks_exact(width);
                    to.zip(from).for_each(|(to, from)| to.copy_from_slice(from));
                }
            }
        }
        for (charge, each) in task.plan.charges.iter().zip(task.charges) {
            let counts = block.gradients_mut(charge.to).zip(rows);
            counts.for_each(|(to, &row)| to[0] = each * task.rows.weight(row));
        }
    }
}

/// The numbers of these rows, each so many times.
fn gather(to: &mut Vec<f32>, from: &[f32], rows: &[usize], times: usize) {
    to.clear();
    match times {
        1 => to.extend(rows.iter().map(|&row| from[row])),
        _ => rows.iter().for_each(|&row| to.extend(std::iter::repeat_n(from[row], times))),
    }
}
