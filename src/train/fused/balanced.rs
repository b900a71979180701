//! Steps in which each task has a say: weighed by losses or by gradients in the representation in
//! two phases, or put together from the gradients of each task.
//!
//! The first member leads: it asks the method while the others wait, and none of them looks at what
//! the method keeps but between the beginning of a step and its next meeting.

use super::balancing::Way;
use super::shard::Shard;
use super::step::{Crew, Step};
use crate::balance::{self, Gradients, Matrix, Needs, Rows};
use crate::error::Result;
use crate::kernel::{add, add_scaled, dot};
use crate::train::report::Mean;
use crate::train::telemetry;
use std::ops::Range;

impl Crew<'_> {
    /// How a step on these rows comes to its gradient.
    pub(super) fn way(&self, batch: &[usize]) -> Way {
        // SAFETY: the leader writes it after the next meeting.
        let balancing = unsafe { self.balancing.read() };
        if balancing.balancer.is_none() {
            return Way::Sum;
        }
        let all = 0..self.forms.len();
        let tasks: Vec<_> = all.filter(|task| self.rows.counted(*task, batch).0 > 0).collect();
        balancing.way(&tasks)
    }

    /// Tells telemetry the weights of a step. For the leader.
    pub(super) fn tell(&self, step: &Step<'_>, weights: impl Iterator<Item = f64>) {
        // SAFETY: the leader alone uses it.
        if let Some(telemetry) = unsafe { &mut *self.telemetry.place() } {
            telemetry.weighed(&step.tasks, weights);
        }
    }

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

    /// Losses first; then, with the weights that follow, gradients.
    pub(super) fn learn_weighed(
        &self,
        member: usize,
        step: &Step<'_>,
        needs: Option<Needs>,
        means: &mut [Mean],
    ) -> Result<()> {
        let inside = needs.is_some();
        self.each_shard(member, step, |shard, task, part| {
            shard.begin(task, part, &step.tasks, inside);
        });
        self.meet()?;
        let losses = self.add_losses(step, means)?;
        self.lead(member, || match needs {
            None => self.weigh(step, &losses, Gradients::None, inside),
            Some(Needs::Jacobian) => self.weigh_representation(step, &losses),
            Some(_) => {
                let count = step.tasks.len();
                let product = |i: usize, j: usize| {
                    let at = i.min(j) * count + i.max(j);
                    let shards = self.shards[..step.used].iter();
                    // SAFETY: shards are written before this meeting and after the next.
                    shards.map(|shard| unsafe { shard.read() }.products[at]).sum()
                };
                let gramian = Matrix::new(count, product);
                self.weigh(step, &losses, Gradients::Gramian(&gramian), inside)
            }
        })?;
        // SAFETY: the leader writes them before this meeting and after the next.
        let balancing = unsafe { self.balancing.read() };
        let way = (balancing.apart, inside);
        self.each_shard(member, step, |shard, task, part| {
            shard.end(task, part, &balancing.shared, way);
        });
        self.meet()
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
        self.lead(member, || {
            if needs == Needs::Jacobian {
                // SAFETY: others wait for the leader.
                let numbers = unsafe { &mut *self.jacobian.place() };
                let count = step.tasks.len();
                let rows = Rows::new(count, &mut numbers[..count * self.pieces.width]);
                return self.weigh(step, &losses, Gradients::Jacobian(rows), false);
            }
            let gramian = self.gramian(step, needs);
            if needs == Needs::Gramian {
                self.show(step, &gramian);
            }
            self.weigh(step, &losses, Gradients::Gramian(&gramian), false)
        })?;
        if needs == Needs::Jacobian {
            // SAFETY: the leader has written them before this meeting; units have one member.
            units.for_each(|unit| unsafe { self.copy_jacobian(step, unit, false) });
        }
        Ok(())
    }

    /// The leader does something while the others wait for it.
    fn lead(&self, member: usize, act: impl FnOnce() -> Result<()>) -> Result<()> {
        if member == 0
            && let Err(error) = act()
        {
            self.barrier.give_up();
            return Err(error);
        }
        self.meet()
    }

    /// Asks the method for the weights of a step.
    fn weigh(
        &self,
        step: &Step<'_>,
        losses: &[f64],
        gradients: Gradients<'_>,
        in_representation: bool,
    ) -> Result<()> {
        // SAFETY: others wait for the leader.
        let balancing = unsafe { &mut *self.balancing.place() };
        let Some(balancer) = &mut balancing.balancer else { return Ok(()) };
        let losses = self.weighed(step, losses);
        let about = balance::Step { tasks: &step.tasks, losses: &losses };
        let weights = balancer.weigh(&about, gradients)?;
        balancing.take(&step.tasks, &weights, in_representation);
        self.tell(step, weights.shared.iter().copied());
        Ok(())
    }

    /// The losses as they count by the option `targets.weight`.
    fn weighed(&self, step: &Step<'_>, losses: &[f64]) -> Vec<f64> {
        let tasks = step.tasks.iter().zip(losses);
        tasks.map(|(&task, loss)| self.lesson.tasks[task].weight * loss).collect()
    }

    /// The same with the gradients in the representation, which the method may rewrite.
    fn weigh_representation(&self, step: &Step<'_>, losses: &[f64]) -> Result<()> {
        let parts = || {
            let tasks = step.tasks.iter();
            tasks.flat_map(|&task| {
                let shards = self.shards[..step.used].iter();
                // SAFETY: others wait for the leader, and no two parts are the same.
                let shard = |shard: &super::team::Shared<Shard>| unsafe { &mut *shard.place() };
                shards.flat_map(move |it| shard(it).representation(self.split, task))
            })
        };
        let mut numbers: Vec<f32> = parts().flat_map(|part| part.iter().copied()).collect();
        let rows = Rows::new(step.tasks.len(), &mut numbers);
        self.weigh(step, losses, Gradients::Jacobian(rows), true)?;
        let mut from = &numbers[..];
        for part in parts() {
            let (own, rest) = from.split_at(part.len());
            part.copy_from_slice(own);
            from = rest;
        }
        Ok(())
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
                if needs == Needs::Jacobian {
                    self.copy_jacobian(step, unit, true);
                    continue;
                }
                let all = self.forms.len() * self.forms.len();
                let sums = (*self.products.place()).as_mut_ptr().add(unit * all);
                let sums = std::slice::from_raw_parts_mut(sums, count * count);
                sums.fill(0.0);
                for piece in self.pieces.shared(unit) {
                    for (i, &a) in step.tasks.iter().enumerate() {
                        let first = if half.is_some() { 0 } else { i };
                        for (j, &b) in step.tasks.iter().enumerate().skip(first) {
                            let (a, b) = (
                                &*self.apart(0, a, &piece.range),
                                &*self.apart(half.unwrap_or(0), b, &piece.range),
                            );
                            sums[i * count + j] += dot(a, b);
                        }
                    }
                }
            }
        }
    }

    /// Copies the shared pieces of a unit to the rows that a method reads, or back from there.
    ///
    /// # Safety
    ///
    /// Every unit has one member up to the next meeting.
    unsafe fn copy_jacobian(&self, step: &Step<'_>, unit: usize, there: bool) {
        for piece in self.pieces.shared(unit) {
            for (row, &task) in step.tasks.iter().enumerate() {
                // SAFETY: the caller's promise.
                unsafe {
                    let own = self.apart(0, task, &piece.range);
                    let start = row * self.pieces.width + piece.at;
                    let place = (*self.jacobian.place()).as_mut_ptr().add(start);
                    let row = std::slice::from_raw_parts_mut(place, own.len());
                    if there { row.copy_from_slice(own) } else { own.copy_from_slice(row) }
                }
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

    /// Tells a method that asks for it the losses of the same rows after the step.
    pub(super) fn look_back(&self, member: usize, step: &Step<'_>, way: Way) -> Result<()> {
        // SAFETY: the leader writes it after the next meeting.
        let balancer = unsafe { self.balancing.read() }.balancer.as_ref();
        if way == Way::Sum || !balancer.is_some_and(|balancer| balancer.looks_back()) {
            return Ok(());
        }
        self.meet()?;
        self.each_shard(member, step, Shard::losses);
        self.meet()?;
        if member == 0 {
            let losses = self.weighed(step, &self.losses(step));
            // SAFETY: others read it after the next meeting.
            if let Some(balancer) = unsafe { &mut (*self.balancing.place()).balancer } {
                balancer.after(&balance::Step { tasks: &step.tasks, losses: &losses });
            }
        }
        Ok(())
    }
}
