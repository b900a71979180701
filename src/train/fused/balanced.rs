//! Steps in which each task has a say, in two phases: the losses, or the gradients in the
//! representation, then what they count for.
//!
//! The first member leads: it asks the method while the others wait, and none of them looks at what
//! the method keeps but between the beginning of a step and its next meeting.

use super::balancing::Way;
use super::shard::{Rewriting, Shard};
use super::step::{Crew, Step};
use crate::balance::{self, Balancer, Gradients, Matrix, Needs};
use crate::error::Result;
use crate::train::report::Mean;

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

    /// Losses first; then, with the weights that follow, gradients.
    pub(super) fn learn_weighed(
        &self,
        member: usize,
        step: &Step<'_>,
        needs: Option<Needs>,
        means: &mut [Mean],
    ) -> Result<()> {
        let inside = needs.is_some();
        let rewrites = needs == Some(Needs::Jacobian);
        // SAFETY: the leader writes it after the next meeting.
        let balancer = unsafe { self.balancing.read() }.balancer.as_ref();
        let adds_up = rewrites && balancer.is_some_and(Balancer::adds_up);
        self.each_shard(member, step, |shard, task, part| {
            shard.begin(task, part, &step.tasks, needs);
        });
        self.meet()?;
        let losses = self.add_losses(step, means)?;
        if rewrites {
            self.lead(member, || self.begin(step, &losses, &self.sums(step)))?;
        }
        if let Some(rewriting) = self.rewriting(step, adds_up) {
            self.each_shard(member, step, |shard, task, part| {
                shard.rewrite(task, part, rewriting);
            });
            self.meet()?;
        }
        self.lead(member, || match needs {
            None => self.weigh(step, &losses, Gradients::None, inside),
            Some(Needs::Jacobian) if !adds_up => self.weigh(step, &losses, Gradients::None, inside),
            Some(Needs::Jacobian) => {
                self.weigh(step, &losses, Gradients::Rewritten(&self.sums(step)), inside)
            }
            Some(_) => self.weigh(step, &losses, Gradients::Gramian(&self.sums(step)), inside),
        })?;
        // SAFETY: the leader writes them before this meeting and after the next.
        let balancing = unsafe { self.balancing.read() };
        let way = (balancing.apart, needs);
        self.each_shard(member, step, |shard, task, part| {
            let rewriting = self.rewriting(step, rewrites && !adds_up);
            shard.end(task, part, &balancing.shared, way, rewriting);
        });
        self.meet()
    }

    /// What rewrites the gradients of a step, if they are to be rewritten now.
    fn rewriting<'s>(&'s self, step: &'s Step<'_>, now: bool) -> Option<Rewriting<'s>> {
        if !now {
            return None;
        }
        // SAFETY: the leader writes it before the last meeting and after the next.
        let balancer = unsafe { self.balancing.read() }.balancer.as_ref()?;
        Some(Rewriting { balancer, batch: step.batch.len(), tasks: &step.tasks })
    }

    /// What the shards have added up of their tasks' gradients.
    fn sums(&self, step: &Step<'_>) -> Matrix {
        let count = step.tasks.len();
        Matrix::new(count, |i, j| {
            let at = i.min(j) * count + i.max(j);
            let shards = self.shards[..step.used].iter();
            // SAFETY: shards are written before the last meeting and after the next.
            let sum: f64 = shards.map(|shard| unsafe { shard.read() }.products[at]).sum();
            // A square that is put together from products may miss 0 by a rounding.
            if i == j && sum < 0.0 { 0.0 } else { sum }
        })
    }

    /// The leader does something while the others wait for it.
    pub(super) fn lead(&self, member: usize, act: impl FnOnce() -> Result<()>) -> Result<()> {
        if member == 0
            && let Err(error) = act()
        {
            self.barrier.give_up();
            return Err(error);
        }
        self.meet()
    }

    /// Tells the method, which is to rewrite them, how long gradients are. For the leader.
    pub(super) fn begin(&self, step: &Step<'_>, losses: &[f64], gramian: &Matrix) -> Result<()> {
        // SAFETY: others wait for the leader.
        let balancing = unsafe { &mut *self.balancing.place() };
        let Some(balancer) = &mut balancing.balancer else { return Ok(()) };
        let losses = self.weighed(step, losses);
        let about = balance::Step { tasks: &step.tasks, losses: &losses };
        let norms: Vec<f64> = gramian.diagonal().iter().map(|square| square.sqrt()).collect();
        balancer.begin(&about, &norms)
    }

    /// Asks the method for the weights of a step. For the leader.
    pub(super) fn weigh(
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
        self.tell(step, balancer.counts(&weights));
        balancing.take(&step.tasks, &weights, in_representation);
        Ok(())
    }

    /// The losses as they count by the option `targets.weight`.
    fn weighed(&self, step: &Step<'_>, losses: &[f64]) -> Vec<f64> {
        let tasks = step.tasks.iter().zip(losses);
        tasks.map(|(&task, loss)| self.lesson.tasks[task].weight * loss).collect()
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
