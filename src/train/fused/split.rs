//! Backward passes that stop or begin where the network parts into its tasks: the gradients of all
//! tasks in the representation come from one pass through their own stages, and one pass through
//! the shared stages takes their weighted sum on.

use super::block::{BLOCK, Block, Fetch, Room};
use super::cut::{Cut, LOSSES, Side, Split, owner};
use super::plan::{Back, Joins, Layer, Part, Plan, Stage, View};
use super::shard::Rewriting;
use super::stages::join;
use super::weights::Weights;
use crate::balance;
use crate::kernel::{
    Finish, Floats, Left, Product, Right, Start, add, add_scaled, dot, padded, products,
};

/// Numbers of a sum that stay in the nearest cache while it is taken.
const NEAR: usize = 1024;

impl Block {
    /// Runs the heads' gradients back through own stages. Those in the representation are left
    /// apart, task by task, but in thin cuts; own parameters get theirs, but for those of the
    /// border.
    pub fn heads_back(
        &mut self,
        (plan, split): (&Plan, &Split),
        weights: &Weights,
        fetch: Fetch<'_>,
        gradient: &mut [f32],
        first: bool,
    ) {
        if !split.is_thin() {
            self.make_room(plan, split);
        }
        for cut in split.cuts.iter().filter(|cut| cut.stage == LOSSES) {
            for &(task, _) in cut.owners.iter().filter(|(_, stage)| *stage == LOSSES) {
                self.pass_apart(plan.heads[task].gradient, cut, task, true);
            }
        }
        for index in (0..plan.stages.len()).rev() {
            match split.sides[index] {
                Side::Own => self.stage_back(index, plan, weights, fetch, gradient, first),
                Side::Border { cut, owner } if !split.cuts[cut].is_thin() => {
                    self.border_back(index, plan, weights, &split.cuts[cut], owner);
                }
                Side::Shared | Side::Border { .. } => {}
            }
        }
    }

    /// Writes out the tasks' gradients in thin cuts as well.
    pub fn write_out(&mut self, (plan, split): (&Plan, &Split), weights: &Weights) {
        self.make_room(plan, split);
        for index in (0..plan.stages.len()).rev() {
            if let Side::Border { cut, owner } = split.sides[index]
                && split.cuts[cut].is_thin()
            {
                self.border_back(index, plan, weights, &split.cuts[cut], owner);
            }
        }
    }

    /// Room for tasks' gradients in the representation.
    fn make_room(&mut self, plan: &Plan, split: &Split) {
        if self.room.parted.is_empty() {
            self.room.parted = plan.heads.iter().map(|_| Floats::zeros(split.len)).collect();
            let widest = split.cuts.iter().map(Cut::stride).max().unwrap_or(0);
            self.room.mix = Floats::zeros(widest * BLOCK);
        }
    }

    /// Takes that room, and leaves its own.
    pub fn swap_room(&mut self, room: &mut Room) {
        std::mem::swap(&mut self.room, room);
    }

    /// Takes what a stage at the border gives back to the lists of its tasks, or its one task.
    fn border_back(
        &mut self,
        index: usize,
        plan: &Plan,
        weights: &Weights,
        cut: &Cut,
        single: Option<usize>,
    ) {
        match &plan.stages[index] {
            Stage::Linear { layer, to, .. } => {
                let layer = &plan.layers[*layer];
                for (nth, part) in layer.parts.iter().enumerate() {
                    let Some(task) = owner(plan, part) else { continue };
                    let mut apart = std::mem::take(&mut self.room.parted[task]);
                    // The task's first part here is followed by others perhaps.
                    let mut before = layer.parts[..nth].iter();
                    let first = cut.owners.contains(&(task, index))
                        && !before.any(|part| owner(plan, part) == Some(task));
                    let out = &mut apart[cut.range(self.rows)];
                    self.part_back(layer, part, *to, weights, out, first);
                    self.room.parted[task] = apart;
                }
            }
            stage => {
                if let Some(task) = single {
                    let first = cut.owners.contains(&(task, index));
                    self.pass_apart(stage.output(), cut, task, first);
                }
            }
        }
    }

    /// Takes a task's gradient at a view to its list, where the values there are those of the cut.
    fn pass_apart(&mut self, from: View, cut: &Cut, task: usize, first: bool) {
        let mut apart = std::mem::take(&mut self.room.parted[task]);
        let rows = apart[cut.start..].chunks_exact_mut(cut.stride());
        for (to, from) in rows.zip(self.gradients(from)) {
            match first {
                true => to[..from.len()].copy_from_slice(from),
                false => add(&mut to[..from.len()], from),
            }
        }
        self.room.parted[task] = apart;
    }

    /// The gradient of a layer's input through one part of it, in rows of whole vectors.
    fn part_back(
        &self,
        layer: &Layer,
        part: &Part,
        to: View,
        weights: &Weights,
        out: &mut [f32],
        first: bool,
    ) {
        let columns = padded(layer.depth);
        let (row, from) = (self.widths[to.buffer], to.column + part.first);
        let numbers = &self.gradients[to.buffer][from..];
        let numbers_of_weights = &weights.flat[layer.start + part.first * columns..];
        Product {
            rows: self.rows,
            depth: part.width,
            columns,
            left: Left { numbers, row, step: 1 },
            right: Right { numbers: numbers_of_weights, row: columns },
            start: if first { Start::Zero } else { Start::Present },
            finish: Finish::Store,
        }
        .run(out, columns);
    }

    /// Runs on back, through what is shared, the sum of the tasks' gradients in the
    /// representation, each times its factor; all of them lie apart if they are `written`, else
    /// those of thin cuts do not.
    pub fn trunk_back(
        &mut self,
        (plan, split): (&Plan, &Split),
        weights: &Weights,
        fetch: Fetch<'_>,
        gradient: &mut [f32],
        (first, factors, written): (bool, &[f32], bool),
    ) {
        for cut in split.cuts.iter().filter(|cut| cut.stage == LOSSES) {
            let head = plan.heads.iter().find(|head| head.values == cut.view);
            self.weigh_cut(cut, factors);
            if let Some(head) = head {
                self.join_mix(cut, Back { at: head.gradient, joins: Joins::Replaces });
            }
        }
        for index in (0..plan.stages.len()).rev() {
            let stage = &plan.stages[index];
            let cut = match split.sides[index] {
                Side::Own => continue,
                Side::Shared => {
                    self.stage_back(index, plan, weights, fetch, gradient, first);
                    continue;
                }
                Side::Border { cut, .. } => &split.cuts[cut],
            };
            if cut.is_thin() && !written {
                if let Stage::Linear { layer, from, to, back, later, times } = stage {
                    // Own parameters learn from gradients as they are.
                    let linear = &plan.layers[*layer];
                    self.learn_linear(
                        (linear, *times),
                        *from,
                        *to,
                        gradient,
                        plan,
                        first && !later,
                    );
                    self.weigh_outputs(plan, linear, *to, factors);
                    if let Some(back) = back {
                        self.linear_back((linear, *times), *to, *back, &weights.flat);
                    }
                }
                continue;
            }
            let joins = cut.stage == index;
            if joins {
                self.weigh_cut(cut, factors);
            }
            let mut begun = joins;
            if let Stage::Linear { layer, from, to, later, times, .. } = stage {
                let layer = &plan.layers[*layer];
                self.learn_linear((layer, *times), *from, *to, gradient, plan, first && !later);
                let mut mix = std::mem::take(&mut self.room.mix);
                for part in layer.parts.iter().filter(|part| owner(plan, part).is_none()) {
                    self.part_back(layer, part, *to, weights, &mut mix, !begun);
                    begun = true;
                }
                self.room.mix = mix;
            }
            if let (true, Some(back)) = (begun, stage.back()) {
                self.join_mix(cut, back);
            }
        }
    }

    /// Mixes the tasks' gradients in a cut.
    fn weigh_cut(&mut self, cut: &Cut, factors: &[f32]) {
        let Room { mix, parted } = &mut self.room;
        let range = cut.range(self.rows);
        // A few numbers at a time, so that the sums stay near.
        for (nth, mix) in mix[..range.len()].chunks_mut(NEAR).enumerate() {
            let range = range.start + nth * NEAR..range.start + nth * NEAR + mix.len();
            let mut first = true;
            for &(task, _) in cut.owners.iter().filter(|(task, _)| factors[*task] != 0.0) {
                let list = &parted[task][range.clone()];
                add_scaled(mix, factors[task], list, std::mem::take(&mut first));
            }
            if first {
                mix.fill(0.0);
            }
        }
    }

    /// Joins the mix to the gradients.
    fn join_mix(&mut self, cut: &Cut, back: Back) {
        let stride = self.widths[back.at.buffer];
        let rows = self.room.mix.chunks_exact(cut.stride()).take(self.rows);
        let out = self.gradients[back.at.buffer].chunks_exact_mut(stride);
        for (out, mix) in out.zip(rows) {
            join(back.joins, &mut out[back.at.column..], &mix[..back.at.width]);
        }
    }

    /// Adds the products of these tasks' gradients in the representation, but for thin cuts,
    /// `[task, task]`, of which the upper half is written; their `lengths` alone are the diagonal.
    pub fn add_products(&self, split: &Split, tasks: &[usize], lengths: bool, sums: &mut [f64]) {
        for cut in split.cuts.iter().filter(|cut| !cut.is_thin()) {
            let reads = |task: usize| cut.owners.iter().any(|(owner, _)| *owner == task);
            let readers = tasks.iter().enumerate().filter(|(_, task)| reads(**task));
            let (places, lists): (Vec<usize>, Vec<&[f32]>) = readers
                .map(|(at, &task)| (at, &self.room.parted[task][cut.range(self.rows)]))
                .unzip();
            let mut add = |i: usize, j: usize, product: f64| {
                sums[places[i] * tasks.len() + places[j]] += product;
            };
            match lengths {
                true => lists.iter().enumerate().for_each(|(i, list)| add(i, i, dot(list, list))),
                false => products(&lists, add),
            }
        }
    }

    /// Has a method rewrite the tasks' gradients in the representation, and add up what it does.
    /// The block's first row has this place in the batch.
    pub fn rewrite(
        &mut self,
        split: &Split,
        place: usize,
        Rewriting { balancer, batch, tasks }: Rewriting<'_>,
        sums: &mut [f64],
    ) {
        for cut in &split.cuts {
            // Cut by cut, in each row by row: so it hangs neither on shards nor on blocks.
            let at = cut.start / BLOCK * batch + place * cut.stride();
            let range = cut.range(self.rows);
            let all = self.room.parted.iter_mut().enumerate();
            let rows = all.filter(|(task, _)| tasks.contains(task));
            let rows = rows.map(|(_, list)| &mut list[range.clone()]).collect();
            balancer.rewrite(balance::Part { at, rows, kept: Vec::new(), sums: &mut *sums });
        }
    }
}
