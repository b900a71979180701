//! Steps put together from the gradients of each task; and telemetry's looks at those.

use super::balancing::Way;
use super::step::{Crew, Step};
use crate::balance::{Gradients, Matrix, Needs, Part};
use crate::error::Result;
use crate::kernel::{add, add_scaled, dot, products};
use crate::train::report::Mean;
use crate::train::telemetry;
use std::ops::Range;

impl Crew<'_> {
    fn show(&self, step: &Step<'_>, gramian: &Matrix) {
        // SAFETY: the leader alone uses it.
        if let Some(telemetry) = unsafe { &mut *self.telemetry.place() } {
            telemetry.saw(&step.tasks, gramian);
        }
    }

    /// Now and then, looks at the gradients of all tasks where the step itself does not; it leaves
    /// nothing behind that the step reads.
    pub(super) fn sample(
        &self,
        member: usize,
        step: &Step<'_>,
        way: Way,
        units: Range<usize>,
    ) -> Result<()> {
        let tasks = self.forms.len();
        let numbers = tasks * self.plan.layout.len * self.shards.len();
        if !self.options.telemetry
            || step.tasks.len() < 2
            || way == Way::Apart(Needs::Gramian)
            || !telemetry::looks(step.number, tasks, numbers)
        {
            return Ok(());
        }
        self.each_shard(member, step, |shard, task, part| {
            shard.learn_apart(task, part, &step.tasks);
        });
        self.meet()?;
        self.add_apart(step, Needs::Gramian, units);
        self.meet()?;
        if member == 0 {
            self.show(step, &self.gramian(step, Needs::Gramian));
        }
        Ok(())
    }

    /// The gradient of each task by itself, then the weights.
    pub(super) fn learn_apart(
        &self,
        member: usize,
        step: &Step<'_>,
        needs: Needs,
        units: Range<usize>,
        means: &mut [Mean],
    ) -> Result<()> {
        self.each_shard(member, step, |shard, task, part| {
            shard.learn_apart(task, part, &step.tasks);
        });
        self.meet()?;
        let losses = self.add_losses(step, means)?;
        self.add_apart(step, needs, units.clone());
        self.meet()?;
        if needs == Needs::Jacobian {
            self.lead(member, || self.begin(step, &losses, &self.gramian(step, needs)))?;
            units.for_each(|unit| self.rewrite(step, unit));
            self.meet()?;
        }
        self.lead(member, || {
            let gramian = self.gramian(step, needs);
            if needs == Needs::Gramian {
                self.show(step, &gramian);
            }
            let gradients = match needs {
                Needs::Jacobian => Gradients::Rewritten(&gramian),
                _ => Gradients::Gramian(&gramian),
            };
            self.weigh(step, &losses, gradients, false)
        })
    }

    /// A shard's gradient of one task in a part of the parameters.
    ///
    /// # Safety
    ///
    /// As for all that is shared: the part has one member.
    #[allow(clippy::mut_from_ref)]
    unsafe fn apart(&self, shard: usize, task: usize, range: &Range<usize>) -> &mut [f32] {
        // SAFETY: the caller's promise.
        unsafe {
            let rows = (*self.shards[shard].place()).rows.as_mut_ptr();
            let start = (*rows.add(task)).as_mut_ptr().add(range.start);
            std::slice::from_raw_parts_mut(start, range.len())
        }
    }

    /// The first shard of the second half, where gradients are taken on halves of the batch.
    fn second_half(step: &Step<'_>, needs: Needs) -> Option<usize> {
        (needs == Needs::Halves && step.used > 1).then_some(step.used / 2)
    }

    /// Adds up the tasks' gradients of units in the first shard's (those of the second half in its
    /// first), and takes their products.
    fn add_apart(&self, step: &Step<'_>, needs: Needs, units: Range<usize>) {
        let (count, half) = (step.tasks.len(), Self::second_half(step, needs));
        for unit in units {
            let range = self.units[unit].range();
            // SAFETY: every unit has one member up to the next meeting.
            unsafe {
                for &task in &step.tasks {
                    for shard in (1..step.used).filter(|shard| Some(*shard) != half) {
                        let to = half.filter(|half| shard > *half).unwrap_or(0);
                        add(self.apart(to, task, &range), self.apart(shard, task, &range));
                    }
                }
                let sums = self.sums_of(unit, count);
                sums.fill(0.0);
                for piece in self.pieces.shared(unit) {
                    let list =
                        |shard: usize, task: &usize| &*self.apart(shard, *task, &piece.range);
                    let lists: Vec<&[f32]> = step.tasks.iter().map(|it| list(0, it)).collect();
                    let mut add = |i: usize, j: usize, product: f64| sums[i * count + j] += product;
                    match (needs, half) {
                        // Of gradients that a method looks at itself the lengths are enough.
                        (Needs::Jacobian, _) => {
                            lists.iter().enumerate().for_each(|(i, it)| add(i, i, dot(it, it)));
                        }
                        (_, None) => products(&lists, add),
                        (_, Some(half)) => {
                            let others: Vec<_> =
                                step.tasks.iter().map(|it| list(half, it)).collect();
                            for (i, a) in lists.iter().enumerate() {
                                others.iter().enumerate().for_each(|(j, b)| add(i, j, dot(a, b)));
                            }
                        }
                    }
                }
            }
        }
    }

    /// The products of the tasks' gradients in a unit.
    ///
    /// # Safety
    ///
    /// Every unit has one member up to the next meeting.
    #[allow(clippy::mut_from_ref)]
    unsafe fn sums_of(&self, unit: usize, count: usize) -> &mut [f64] {
        let all = self.forms.len() * self.forms.len();
        // SAFETY: the caller's promise.
        unsafe {
            let sums = (*self.products.place()).as_mut_ptr().add(unit * all);
            std::slice::from_raw_parts_mut(sums, count * count)
        }
    }

    /// Has the method rewrite the tasks' gradients of a unit.
    fn rewrite(&self, step: &Step<'_>, unit: usize) {
        // SAFETY: the leader writes it before the last meeting and after the next.
        let Some(balancer) = &(unsafe { self.balancing.read() }).balancer else { return };
        // SAFETY: every unit has one member up to the next meeting.
        let sums = unsafe { self.sums_of(unit, step.tasks.len()) };
        sums.fill(0.0);
        for piece in self.pieces.shared(unit) {
            let tasks = step.tasks.iter();
            // SAFETY: as above; no two tasks, or pieces, share a number.
            unsafe {
                let rows = tasks.clone().map(|&task| self.apart(0, task, &piece.range)).collect();
                let kept = &mut *self.kept.place();
                let (width, len) = (self.pieces.width, piece.range.len());
                let start = kept.as_mut_ptr();
                let row = |&task: &usize| {
                    let start = start.add(task * width + piece.at);
                    std::slice::from_raw_parts_mut(start, len)
                };
                let kept = if kept.is_empty() { Vec::new() } else { tasks.map(row).collect() };
                balancer.rewrite(Part { at: piece.at, rows, kept, sums: &mut *sums });
            }
        }
    }

    /// The products of the tasks' gradients, of all units in their order.
    fn gramian(&self, step: &Step<'_>, needs: Needs) -> Matrix {
        let (count, all) = (step.tasks.len(), self.forms.len() * self.forms.len());
        let halves = Self::second_half(step, needs).is_some();
        // SAFETY: they are written before the last meeting and after the next.
        let products = unsafe { self.products.read() };
        Matrix::new(count, |i, j| {
            let at = if halves { i * count + j } else { i.min(j) * count + i.max(j) };
            products.chunks_exact(all).map(|unit| unit[at]).sum()
        })
    }

    /// Puts the gradient of a unit together from those of the tasks.
    pub(super) fn combine(&self, step: &Step<'_>, needs: Needs, unit: usize) {
        // SAFETY: weights are written before the last meeting and after the next; every unit has
        // one member up to then.
        let balancing = unsafe { self.balancing.read() };
        let halves = std::iter::once(0).chain(Self::second_half(step, needs));
        for piece in &self.pieces.units[unit] {
            let weights = if piece.owner.is_some() { &balancing.heads } else { &balancing.shared };
            let to = unsafe { &mut *self.part(0, &piece.range) };
            let mut first = true;
            for shard in halves.clone() {
                for &task in step.tasks.iter().filter(|task| piece.tasks.contains(task)) {
                    let from = unsafe { &*self.apart(shard, task, &piece.range) };
                    add_scaled(to, weights[task], from, std::mem::take(&mut first));
                }
            }
            if first {
                to.fill(0.0);
            }
        }
    }

    /// Weighs the gradients of a unit's own parameters, if that is still to do.
    pub(super) fn weigh_heads(&self, unit: usize) {
        // SAFETY: as above.
        let balancing = unsafe { self.balancing.read() };
        for piece in self.pieces.units[unit].iter().filter(|_| balancing.apart) {
            if let Some(task) = piece.owner {
                let gradient = unsafe { &mut *self.part(0, &piece.range) };
                gradient.iter_mut().for_each(|x| *x *= balancing.heads[task]);
            }
        }
    }
}
