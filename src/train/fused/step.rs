//! The steps of one pass, as each thread of the crew takes them.

use super::balancing::{Balancing, Pieces, Way};
use super::cut::Split;
use super::plan::Plan;
use super::rows::Rows;
use super::shard::{Portion, Shard, Task};
use super::team::{Barrier, Shared};
use super::weights::{Unit, Weights, derive};
use super::{FEWEST_ROWS, Lesson};
use crate::error::{Code, Error, Result};
use crate::kernel::{Floats, Masks, Update, add, follow, squares};
use crate::options::{FitOptions, OptimizerKind};
use crate::train::engine::{Pace, Pass, Passed};
use crate::train::loss::Form;
use crate::train::report::{Mean, check};
use crate::train::schedule::toward;
use crate::train::telemetry::Telemetry;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};

/// What the threads of one pass have in common.
pub struct Crew<'a> {
    pub lesson: &'a Lesson<'a>,
    pub options: &'a FitOptions,
    pub plan: &'a Plan,
    pub split: &'a Split,
    pub units: &'a [Unit],
    pub pieces: &'a Pieces,
    pub rows: &'a Rows<'a>,
    pub forms: &'a [Form],
    pub weights: &'a Shared<Weights>,
    pub moments: Option<&'a Shared<(Floats, Floats)>>,
    pub average: Option<&'a Shared<Floats>>,
    pub shards: &'a [Shared<Shard>],
    pub squares: &'a Shared<Vec<f64>>,
    pub balancing: &'a Shared<Balancing>,
    /// For each unit the products of the tasks' gradients.
    pub products: &'a Shared<Vec<f64>>,
    /// What the method keeps for every shared parameter of every task.
    pub kept: &'a Shared<Vec<f32>>,
    /// Of the first member alone.
    pub telemetry: &'a Shared<Option<Telemetry>>,
    pub pass: Pass<'a>,
    pub barrier: &'a Barrier,
    pub threads: usize,
    pub ended: AtomicBool,
}

/// A step as all threads see it.
pub struct Step<'a> {
    pub batch: &'a [usize],
    /// Its number in the training.
    pub number: usize,
    /// For each task how many labels count, and how much in sum.
    counted: Vec<(usize, f64)>,
    /// The tasks with labels that count.
    pub tasks: Vec<usize>,
    /// What their gradients are multiplied with; 0 for others.
    scales: Vec<f32>,
    /// What a row of weight 1 adds to each penalty.
    charges: Vec<f32>,
    /// For each parameter whether a loss reaches it.
    active: Vec<bool>,
    /// The rows of a shard; the last may have fewer.
    size: usize,
    /// The shards in use.
    pub used: usize,
    pace: Pace,
}

impl Crew<'_> {
    /// Takes all steps, as this member. Gives the losses, and the steps of each parameter.
    pub fn work(&self, member: usize, mut steps: Vec<i32>) -> Result<(Passed, Vec<i32>)> {
        let Pass { order, batch_size, .. } = self.pass;
        let means = vec![Mean::default(); self.forms.len()];
        let mut passed = Passed { means, telemetry: None, steps: 0 };
        let units = self.share(member);
        for (nth, batch) in order.chunks(batch_size).enumerate() {
            // One alone asks, so that all do the same.
            if member == 0 && self.pass.stop.is_stopped() {
                self.ended.store(true, Ordering::Relaxed);
            }
            self.meet()?;
            if self.ended.load(Ordering::Relaxed) {
                break;
            }
            let way = self.way(batch);
            let step = self.step(self.pass.step + nth, batch, way);
            self.sample(member, &step, way, units.clone())?;
            match way {
                Way::Sum => self.learn(member, &step, &mut passed.means)?,
                Way::Weighed(needs) => {
                    self.learn_weighed(member, &step, needs, &mut passed.means)?;
                }
                Way::Apart(needs) => {
                    self.learn_apart(member, &step, needs, units.clone(), &mut passed.means)?;
                }
            }
            if step.active.contains(&true) {
                for unit in units.clone() {
                    self.add_gradients(way, &step, unit);
                }
                let scale = self.clip(units.clone())?;
                for (steps, active) in steps.iter_mut().zip(&step.active) {
                    *steps += i32::from(*active);
                }
                for unit in &self.units[units.clone()] {
                    self.update(&step, unit, scale, &steps);
                }
            }
            self.follow(&step, units.clone());
            self.look_back(member, &step, way)?;
            passed.steps += 1;
        }
        Ok((passed, steps))
    }

    pub(super) fn meet(&self) -> Result<()> {
        match self.barrier.wait() {
            true => Ok(()),
            false => Err(Error::new(Code::Internal, "a thread of the training has failed")),
        }
    }

    /// The units that this member updates: neighbours, as much as any other's.
    fn share(&self, member: usize) -> Range<usize> {
        let all = self.plan.layout.len;
        let border = |member: usize| {
            let least = all * member / self.threads;
            let mut before = 0;
            self.units.iter().position(|unit| {
                let here = before >= least;
                before += unit.range().len();
                here
            })
        };
        let end = self.units.len();
        let first = border(member).unwrap_or(end);
        let last = if member + 1 == self.threads { end } else { border(member + 1).unwrap_or(end) };
        first..last
    }

    fn step<'s>(&self, number: usize, batch: &'s [usize], way: Way) -> Step<'s> {
        let all = 0..self.forms.len();
        let counted: Vec<_> = all.clone().map(|task| self.rows.counted(task, batch)).collect();
        let reached = self.plan.reached.iter();
        let active = reached.map(|heads| heads.iter().zip(&counted).any(|(to, n)| *to && n.0 > 0));
        let active = active.collect();
        let worth = batch.len().div_ceil(FEWEST_ROWS).max(way.fewest_shards());
        let size = batch.len().div_ceil(self.shards.len().min(worth).max(1)).max(1);
        let scale = |(task, (count, sum)): (&crate::data::Task, &(usize, f64))| match count {
            0 => 0.0,
            _ => (task.weight / sum) as f32,
        };
        let scales = self.lesson.tasks.iter().zip(&counted).map(scale).collect();
        let charges = self.charges(batch, &counted);
        let tasks = all.filter(|task| counted[*task].0 > 0).collect();
        let (used, pace) = (batch.len().div_ceil(size), (self.pass.pace)(number));
        Step { batch, number, counted, tasks, scales, charges, active, size, used, pace }
    }

    /// Has this member's shards do something with their rows.
    pub(super) fn each_shard(
        &self,
        member: usize,
        step: &Step<'_>,
        act: impl Fn(&mut Shard, &Task<'_>, Portion<'_>),
    ) {
        let task = Task {
            plan: self.plan,
            split: self.split,
            // SAFETY: weights are written between other meetings only.
            weights: unsafe { self.weights.read() },
            rows: self.rows,
            codes: self.pass.codes.unwrap_or(&self.rows.encoded.codes),
            forms: self.forms,
            scales: &step.scales,
            charges: &step.charges,
            masks: Masks::new(self.pass.key, step.number).with_share(step.pace.dropout as f32),
        };
        let shares = step.batch.chunks(step.size).enumerate();
        for (nth, rows) in shares.skip(member).step_by(self.threads) {
            // SAFETY: every shard has one member up to the next meeting.
            let shard = unsafe { &mut *self.shards[nth].place() };
            act(shard, &task, Portion { rows, place: nth * step.size });
        }
    }

    /// Losses and gradients of all tasks together.
    fn learn(&self, member: usize, step: &Step<'_>, means: &mut [Mean]) -> Result<()> {
        self.each_shard(member, step, Shard::learn);
        self.meet()?;
        self.add_losses(step, means)?;
        if member == 0 {
            self.tell(step, step.tasks.iter().map(|_| 1.0));
        }
        Ok(())
    }

    /// The mean losses of the tasks of a step.
    pub(super) fn losses(&self, step: &Step<'_>) -> Vec<f64> {
        let shards = &self.shards[..step.used];
        let mean = |&task: &usize| {
            // SAFETY: losses are written before the last meeting and after the next.
            let sum: f64 = shards.iter().map(|shard| unsafe { shard.read() }.losses[task]).sum();
            sum / step.counted[task].1
        };
        step.tasks.iter().map(mean).collect()
    }

    /// Adds them to those of the epoch, and gives them.
    pub(super) fn add_losses(&self, step: &Step<'_>, means: &mut [Mean]) -> Result<Vec<f64>> {
        let losses = self.losses(step);
        for (&task, &loss) in step.tasks.iter().zip(&losses) {
            let (count, weight) = step.counted[task];
            check(loss, &self.lesson.targets[task], self.pass.epoch)?;
            means[task].add(loss, weight, count);
        }
        Ok(losses)
    }

    /// Adds up the gradients of a unit in the first shard's.
    fn add_gradients(&self, way: Way, step: &Step<'_>, unit: usize) {
        let range = self.units[unit].range();
        if let Way::Apart(needs) = way {
            return self.combine(step, needs, unit);
        }
        // SAFETY: every unit has one member up to the next meeting, and no gradient is written
        // but by it.
        unsafe {
            let first = &mut *self.part(0, &range);
            for shard in 1..step.used {
                add(first, &*self.part(shard, &range));
            }
        }
        if let Way::Weighed(_) = way {
            self.weigh_heads(unit);
        }
    }

    /// The factor that keeps the whole gradient within the limit.
    fn clip(&self, units: Range<usize>) -> Result<f32> {
        let Some(clip) = self.options.gradient_clip else { return Ok(1.0) };
        for unit in units {
            // SAFETY: every unit has one member up to the next meeting.
            unsafe {
                let gradient = &*self.part(0, &self.units[unit].range());
                *(*self.squares.place()).as_mut_ptr().add(unit) = squares(gradient);
            }
        }
        self.meet()?;
        // SAFETY: they are written before this meeting and after the next.
        let norm = unsafe { self.squares.read() }.iter().sum::<f64>().sqrt();
        Ok(if norm > clip { (clip / norm) as f32 } else { 1.0 })
    }

    /// A shard's gradient of a part of the parameters.
    pub(super) fn part(&self, shard: usize, range: &Range<usize>) -> *mut [f32] {
        // SAFETY: only the address is taken; the list itself stays as it is.
        unsafe {
            let gradient = (*self.shards[shard].place()).gradient.as_mut_ptr();
            std::ptr::slice_from_raw_parts_mut(gradient.add(range.start), range.len())
        }
    }

    /// Applies the gradient of a unit, and brings up to date what follows from its weights.
    fn update(&self, step: &Step<'_>, unit: &Unit, scale: f32, steps: &[i32]) {
        let FitOptions { optimizer, weight_decay, .. } = self.options;
        let full = (weight_decay * step.pace.decay) as f32;
        for (param, range) in &unit.params {
            if !step.active[*param] {
                continue;
            }
            let place = &self.plan.layout.places[*param];
            let decay = full * place.decays;
            let rate = step.pace.rate as f32 * place.rate;
            let apart = optimizer.method == OptimizerKind::AdamW;
            // Decoupled decay goes by the rate of all, whatever the parameter's own is.
            let pull = if place.rate == 1.0 { decay } else { decay / place.rate };
            let update = Update {
                rate,
                scale,
                coupled: if apart { 0.0 } else { decay },
                decoupled: if apart { pull } else { 0.0 },
                step: steps[*param],
                betas: optimizer.betas,
                epsilon: optimizer.epsilon as f32,
                momentum: optimizer.momentum as f32,
                nesterov: optimizer.nesterov,
            };
            // SAFETY: every unit has one member, and nobody reads weights before the next meeting.
            unsafe {
                let part = |list: *mut Floats| share(list, range);
                let weights = part(&raw mut (*self.weights.place()).flat);
                let gradient = &*self.part(0, range);
                match self.moments.map(Shared::place) {
                    None => update.sgd(weights, gradient),
                    Some(place) => {
                        let first = part(&raw mut (*place).0);
                        match optimizer.moments() {
                            1 => update.heavy(weights, gradient, first),
                            _ => {
                                let second = part(&raw mut (*place).1);
                                update.adam(weights, gradient, (first, second));
                            }
                        }
                    }
                }
            }
        }
        // SAFETY: as above.
        unsafe {
            let weights = self.weights.place();
            let range = unit.range();
            let own = (*weights).flat.as_ptr().add(range.start);
            let own = std::slice::from_raw_parts(own, range.len());
            let (turned, biases) = ((*weights).turned.as_mut_ptr(), (*weights).biases.as_mut_ptr());
            derive(self.plan, unit, own, turned, biases);
        }
    }

    /// Moves the average of the weights in these units towards them.
    fn follow(&self, step: &Step<'_>, units: Range<usize>) {
        let (Some(kept), Some(average)) = (self.options.ema, self.average) else { return };
        let way = toward(kept, step.number);
        for range in self.units[units].iter().map(Unit::range) {
            // SAFETY: every unit has one member, and nobody writes weights, or reads averages,
            // before the next meeting.
            unsafe {
                let weights = share(&raw mut (*self.weights.place()).flat, &range);
                follow(share(average.place(), &range), weights, way);
            }
        }
    }
}

/// A part of a list that others have other parts of.
///
/// # Safety
///
/// The list lives, and has as many numbers; nobody else has this part of it.
unsafe fn share<'a>(list: *mut Floats, range: &Range<usize>) -> &'a mut [f32] {
    // SAFETY: the caller's promise.
    unsafe { std::slice::from_raw_parts_mut((*list).as_mut_ptr().add(range.start), range.len()) }
}
