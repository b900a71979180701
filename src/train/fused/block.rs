//! A few rows on their way through a plan, forwards and back. Few, so that all their values stay in
//! the cache.

use super::plan::{Back, Joins, Plan, Stage, View};
use super::stages::add_rows;
use super::weights::Weights;
use crate::data::Encoded;
use crate::kernel::{Floats, Masks};
use std::ops::Range;

/// Rows of a block.
pub const BLOCK: usize = 64;

/// What a layer normalisation adds to the variance.
pub(super) const EPSILON: f32 = 1e-5;

/// Buffers for a block of rows.
#[derive(Debug)]
pub struct Block {
    /// How many rows are in it.
    pub rows: usize,
    pub(super) values: Vec<Floats>,
    pub(super) gradients: Vec<Floats>,
    pub(super) widths: Vec<usize>,
    /// For each row what a normalisation multiplied it with, by stage.
    pub(super) scales: Vec<Floats>,
    pub(super) mask: Floats,
    /// What backward passes overwrite, as it was before the first; empty until first kept.
    pub(super) kept: Vec<(usize, Floats)>,
    pub(super) room: Room,
}

/// Room for gradients where the network parts; empty until first needed.
#[derive(Debug, Default)]
pub struct Room {
    /// Those of each task.
    pub(super) parted: Vec<Floats>,
    /// Their weighted sum.
    pub(super) mix: Floats,
}

/// The rows that a block fetches, and where they stand.
#[derive(Debug, Clone, Copy)]
pub struct Fetch<'a> {
    /// All rows.
    pub from: &'a Encoded,
    /// The codes of their embedded columns, as they are to be read.
    pub codes: &'a [u32],
    /// The rows wanted.
    pub rows: &'a [usize],
    /// The place of the first among the rows of the step: masks go by it.
    pub place: usize,
}

impl Block {
    /// Buffers for a plan; without gradients where it only answers.
    pub fn new(plan: &Plan, learns: bool) -> Self {
        let buffers = || plan.buffers.iter().map(|width| Floats::zeros(width * BLOCK));
        let norm = |stage: &Stage| matches!(stage, Stage::Norm { .. });
        let scales =
            plan.stages.iter().map(|stage| Floats::zeros(if norm(stage) { BLOCK } else { 0 }));
        Block {
            rows: 0,
            values: buffers().collect(),
            gradients: if learns { buffers().collect() } else { Vec::new() },
            widths: plan.buffers.clone(),
            scales: scales.collect(),
            mask: Floats::zeros(plan.buffers.iter().copied().max().unwrap_or(0)),
            kept: Vec::new(),
            room: Room::default(),
        }
    }

    /// The values of a view, row by row.
    pub fn values(&self, view: View) -> impl Iterator<Item = &[f32]> {
        let rows = self.values[view.buffer].chunks_exact(self.widths[view.buffer]);
        rows.take(self.rows).map(move |row| &row[view.column..][..view.width])
    }

    pub(super) fn values_mut(&mut self, view: View) -> impl Iterator<Item = &mut [f32]> {
        let rows = self.values[view.buffer].chunks_exact_mut(self.widths[view.buffer]);
        rows.take(self.rows).map(move |row| &mut row[view.column..][..view.width])
    }

    pub(super) fn gradients(&self, view: View) -> impl Iterator<Item = &[f32]> {
        let rows = self.gradients[view.buffer].chunks_exact(self.widths[view.buffer]);
        rows.take(self.rows).map(move |row| &row[view.column..][..view.width])
    }

    /// The gradients of a view, row by row, to be written.
    pub fn gradients_mut(&mut self, view: View) -> impl Iterator<Item = &mut [f32]> {
        let rows = self.gradients[view.buffer].chunks_exact_mut(self.widths[view.buffer]);
        rows.take(self.rows).map(move |row| &mut row[view.column..][..view.width])
    }

    /// The outputs of the heads on these rows, `[rows, width]` each, to the parts.
    pub fn answer(
        &mut self,
        plan: &Plan,
        weights: &Weights,
        from: &Encoded,
        rows: Range<usize>,
        mut parts: Vec<&mut [f32]>,
    ) {
        let mut wanted = [0; BLOCK];
        for first in rows.clone().step_by(BLOCK) {
            let count = BLOCK.min(rows.end - first);
            wanted.iter_mut().zip(first..).for_each(|(wanted, row)| *wanted = row);
            let fetch = Fetch { from, codes: &from.codes, rows: &wanted[..count], place: 0 };
            self.forward(plan, weights, fetch, None);
            for (head, part) in plan.heads.iter().zip(&mut parts) {
                let width = head.values.width;
                let part = part[(first - rows.start) * width..].chunks_exact_mut(width);
                part.zip(self.values(head.values)).for_each(|(to, from)| to.copy_from_slice(from));
            }
        }
    }

    /// Runs the rows through the plan; with masks it is for learning, and derivatives are kept.
    pub fn forward(
        &mut self,
        plan: &Plan,
        weights: &Weights,
        fetch: Fetch<'_>,
        masks: Option<Masks>,
    ) {
        self.rows = fetch.rows.len();
        for (index, stage) in plan.stages.iter().enumerate() {
            match stage {
                Stage::Numeric { to } => {
                    let width = to.width;
                    let numeric = &fetch.from.numeric;
                    let rows = fetch.rows.iter();
                    for (to, &row) in self.values_mut(*to).zip(rows) {
                        to.copy_from_slice(&numeric[row * width..][..width]);
                    }
                }
                Stage::Embedding { table, column, to } => {
                    let place = plan.layout.places[*table];
                    let columns = fetch.codes.len() / fetch.from.rows.max(1);
                    for (to, &row) in self.values_mut(*to).zip(fetch.rows) {
                        let code = fetch.codes[row * columns + column] as usize;
                        let from = place.start + code * place.stride;
                        to.copy_from_slice(&weights.flat[from..][..to.len()]);
                    }
                }
                Stage::Linear { layer, from, to, times, .. } => {
                    self.linear(
                        (&plan.layers[*layer], *times),
                        *from,
                        *to,
                        &weights.turned[*layer],
                        &weights.biases[*layer],
                    );
                }
                Stage::Grouped { layers, from, to, .. } => {
                    self.grouped(weights.grouped(plan, *layers), *from, *to);
                }
                Stage::Scale { scale, from, to, .. } => {
                    let param = |param: usize| &weights.flat[plan.layout.places[param].range()];
                    self.scale(scale, *from, *to, param(scale.factors), scale.shift.map(param));
                }
                Stage::Embed { embed, from, to, .. } => {
                    self.embed(embed, *from, *to, plan, &weights.flat);
                }
                Stage::Points { points, at, learns, .. } => {
                    let learns = masks.is_some() && *learns;
                    self.points(points, *at, fetch.place, learns, masks);
                }
                Stage::Norm { weight, bias, from, to, .. } => {
                    let param = |param: usize| &weights.flat[plan.layout.places[param].range()];
                    self.norm(index, *from, *to, param(*weight), param(*bias));
                }
                Stage::Blend { activation, weight, from, to, .. } => {
                    let shares = &weights.flat[plan.layout.places[*weight].range()];
                    self.blend(*activation, *from, *to, shares);
                }
                Stage::Sum { from, to, first, .. } => {
                    self.pass(*from, *to, |x, y| *y = if *first { x } else { *y + x });
                }
                Stage::Copy { from, to, .. } => self.pass(*from, *to, |x, y| *y = x),
                Stage::Given { weight, to } => {
                    self.given(&weights.flat[plan.layout.places[*weight].range()], *to);
                }
                Stage::Softmax { from, to, dropout, node, .. } => {
                    let masks = masks.filter(|_| *dropout > 0.0);
                    let masks = masks.map(|masks| (*dropout, masks, fetch.place));
                    self.softmax(*from, *to, *node, masks);
                }
                Stage::Mixture { gate, mixed, to } => self.mixture(gate.from, mixed, *to),
                Stage::Select { from, to, .. } => self.select(*from, *to),
                Stage::Dot { of, to } => self.dot(of.map(|read| read.from), *to),
                Stage::And { of, to } => self.and(of.map(|read| read.from), *to),
                Stage::Excess { .. } | Stage::Entropy { .. } => {}
            }
        }
    }

    /// Runs the gradients of the heads back; `gradient` gets those of the parameters, added to what
    /// is there unless this is the `first` block.
    pub fn backward(
        &mut self,
        plan: &Plan,
        weights: &Weights,
        fetch: Fetch<'_>,
        gradient: &mut [f32],
        first: bool,
    ) {
        for index in (0..plan.stages.len()).rev() {
            self.stage_back(index, plan, weights, fetch, gradient, first);
        }
    }

    /// The same for one stage.
    pub(super) fn stage_back(
        &mut self,
        index: usize,
        plan: &Plan,
        weights: &Weights,
        fetch: Fetch<'_>,
        gradient: &mut [f32],
        first: bool,
    ) {
        match &plan.stages[index] {
            Stage::Numeric { .. } => {}
            Stage::Embedding { table, column, to } => {
                let place = plan.layout.places[*table];
                if first {
                    gradient[place.range()].fill(0.0);
                }
                let columns = fetch.codes.len() / fetch.from.rows.max(1);
                for (from, &row) in self.gradients(*to).zip(fetch.rows) {
                    let code = fetch.codes[row * columns + column] as usize;
                    let to = &mut gradient[place.start + code * place.stride..][..from.len()];
                    to.iter_mut().zip(from).for_each(|(to, x)| *to += x);
                }
            }
            Stage::Linear { layer, from, to, back, later, times } => {
                let layer = (&plan.layers[*layer], *times);
                self.learn_linear(layer, *from, *to, gradient, plan, first && !later);
                if let Some(back) = back {
                    self.linear_back(layer, *to, *back, &weights.flat);
                }
            }
            Stage::Grouped { layers, from, to, back } => {
                let layers = &plan.grouped[*layers];
                self.learn_grouped(layers, *from, *to, gradient, plan, first);
                if let Some(back) = back {
                    self.grouped_back(layers, *to, *back, plan, &weights.flat);
                }
            }
            Stage::Scale { scale, from, to, back } => {
                let start = |param: usize| plan.layout.places[param].start;
                let places = (start(scale.factors), scale.shift.map(start));
                self.learn_scale(scale, *from, *to, places, gradient, first);
                if let Some(back) = back {
                    let factors = &weights.flat[plan.layout.places[scale.factors].range()];
                    self.scale_back(scale, *from, *to, factors, *back);
                }
            }
            Stage::Embed { embed, from, to, back } => {
                let learns = (gradient, first);
                self.embed_back(embed, (*from, *to), *back, plan, &weights.flat, learns);
            }
            Stage::Points { at, apart: Some(apart), learns: true, .. } => {
                self.pass_back(*apart, Back { at: *at, joins: Joins::Multiplies });
            }
            Stage::Points { .. } => {}
            Stage::Norm { weight, bias, from, to, back } => {
                let places = (plan.layout.places[*weight].start, plan.layout.places[*bias].start);
                self.learn_norm(*from, *to, places, gradient, first);
                if let Some(back) = back {
                    let weight = &weights.flat[plan.layout.places[*weight].range()];
                    self.norm_back(index, *from, *to, weight, *back);
                }
            }
            Stage::Blend { activation, weight, from, to, back } => {
                let range = plan.layout.places[*weight].range();
                let shares = (&weights.flat[range.clone()], &mut gradient[range]);
                if first {
                    shares.1.fill(0.0);
                }
                self.blend_back(*activation, *from, *to, shares, *back);
            }
            Stage::Sum { to, back, .. } | Stage::Copy { to, back, .. } => {
                if let Some(back) = back {
                    self.pass_back(*to, *back);
                }
            }
            Stage::Given { weight, to } => {
                let place = plan.layout.places[*weight];
                let sums = &mut gradient[place.start..][..to.width];
                let stride = self.widths[to.buffer];
                let from = &self.gradients[to.buffer][to.column..];
                add_rows(from, stride, self.rows, sums, first);
            }
            Stage::Softmax { to, back, .. } => {
                if let Some(back) = back {
                    self.softmax_back(*to, *back);
                }
            }
            Stage::Mixture { gate, mixed, to } => self.mixture_back(*gate, mixed, *to),
            Stage::Select { from, to, back } => {
                if let Some(back) = back {
                    self.select_back(*from, *to, *back);
                }
            }
            Stage::Dot { of, to } => self.dot_back(*of, *to),
            Stage::And { of, to } => self.and_back(*of, *to),
            Stage::Excess { of, to } => self.excess_back(*of, *to),
            Stage::Entropy { from, to, back } => {
                if let Some(back) = back {
                    self.entropy_back(*from, *to, *back);
                }
            }
        }
    }
}
