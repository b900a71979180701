//! The steps of one pass, as each thread of the crew takes them.

use super::plan::Plan;
use super::rows::Rows;
use super::shard::{Shard, Task};
use super::team::{Barrier, Shared};
use super::weights::{Unit, Weights, derive};
use super::{FEWEST_ROWS, Lesson};
use crate::error::{Code, Error, Result};
use crate::kernel::{Floats, Masks, Update, add, squares};
use crate::options::{FitOptions, OptimizerKind};
use crate::train::engine::{Pass, Passed};
use crate::train::loss::Form;
use crate::train::report::{Mean, check};
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};

/// What the threads of one pass have in common.
pub struct Crew<'a> {
    pub lesson: &'a Lesson<'a>,
    pub options: &'a FitOptions,
    pub plan: &'a Plan,
    pub units: &'a [Unit],
    pub rows: &'a Rows<'a>,
    pub forms: &'a [Form],
    pub weights: &'a Shared<Weights>,
    pub moments: Option<&'a Shared<(Floats, Floats)>>,
    pub shards: &'a [Shared<Shard>],
    pub squares: &'a Shared<Vec<f64>>,
    pub pass: Pass<'a>,
    pub barrier: &'a Barrier,
    pub threads: usize,
    pub ended: AtomicBool,
}

/// A step as all threads see it.
struct Step {
    /// For each task how many labels count, and how much in sum.
    counted: Vec<(usize, f64)>,
    /// For each parameter whether a loss reaches it.
    active: Vec<bool>,
    /// The rows of a shard; the last may have fewer.
    size: usize,
    rate: f32,
}

impl Crew<'_> {
    /// Takes all steps, as this member. Gives the losses, and the steps of each parameter.
    pub fn work(&self, member: usize, mut steps: Vec<i32>) -> Result<(Passed, Vec<i32>)> {
        let Pass { order, batch_size, .. } = self.pass;
        let mut passed = Passed { means: vec![Mean::default(); self.forms.len()], steps: 0 };
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
            let step = self.step(self.pass.step + nth, batch);
            self.learn(member, &step, batch, self.pass.step + nth);
            self.meet()?;
            let used = batch.len().div_ceil(step.size);
            self.add_losses(&step, used, &mut passed.means)?;
            if step.active.contains(&true) {
                let scale = self.add_gradients(used, units.clone())?;
                for (steps, active) in steps.iter_mut().zip(&step.active) {
                    *steps += i32::from(*active);
                }
                for unit in &self.units[units.clone()] {
                    self.update(&step, unit, scale, &steps);
                }
            }
            passed.steps += 1;
        }
        Ok((passed, steps))
    }

    fn meet(&self) -> Result<()> {
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

    fn step(&self, number: usize, batch: &[usize]) -> Step {
        let tasks = 0..self.forms.len();
        let counted: Vec<_> = tasks.map(|task| self.rows.counted(task, batch)).collect();
        let reached = self.plan.reached.iter();
        let active = reached.map(|heads| heads.iter().zip(&counted).any(|(to, n)| *to && n.0 > 0));
        let active = active.collect();
        let shards = self.shards.len().min(batch.len().div_ceil(FEWEST_ROWS)).max(1);
        let size = batch.len().div_ceil(shards).max(1);
        Step { active, counted, size, rate: (self.pass.rate)(number) as f32 }
    }

    /// Losses and gradients of this member's shards.
    fn learn(&self, member: usize, step: &Step, batch: &[usize], number: usize) {
        let tasks = self.lesson.tasks.iter().zip(&step.counted);
        let scales: Vec<f32> = tasks
            .map(|(task, (count, sum))| if *count > 0 { (task.weight / sum) as f32 } else { 0.0 })
            .collect();
        let task = Task {
            plan: self.plan,
            // SAFETY: weights are written between the next two meetings only.
            weights: unsafe { self.weights.read() },
            rows: self.rows,
            forms: self.forms,
            scales: &scales,
            masks: Masks::new(self.pass.key, number),
        };
        let shares = batch.chunks(step.size).enumerate();
        for (nth, rows) in shares.skip(member).step_by(self.threads) {
            // SAFETY: every shard has one member up to the next meeting.
            unsafe { &mut *self.shards[nth].place() }.learn(&task, rows, nth * step.size);
        }
    }

    fn add_losses(&self, step: &Step, used: usize, means: &mut [Mean]) -> Result<()> {
        for (task, (count, weight)) in step.counted.iter().enumerate() {
            if *count == 0 {
                continue;
            }
            let shards = self.shards[..used].iter();
            // SAFETY: losses are written before the last meeting and after the next.
            let sum: f64 = shards.map(|shard| unsafe { shard.read() }.losses[task]).sum();
            let mean = sum / weight;
            check(mean, &self.lesson.targets[task], self.pass.epoch)?;
            means[task].add(mean, *weight, *count);
        }
        Ok(())
    }

    /// Adds up the gradients of this member's units in the first shard's. Gives the factor that
    /// keeps the whole gradient within the limit.
    fn add_gradients(&self, used: usize, units: Range<usize>) -> Result<f32> {
        for index in units {
            let range = self.units[index].range();
            // SAFETY: every unit has one member up to the next meeting, and no gradient is written
            // but by it.
            unsafe {
                let first = &mut *self.part(0, &range);
                for shard in 1..used {
                    add(first, &*self.part(shard, &range));
                }
                if self.options.gradient_clip.is_some() {
                    *(*self.squares.place()).as_mut_ptr().add(index) = squares(first);
                }
            }
        }
        let Some(clip) = self.options.gradient_clip else { return Ok(1.0) };
        self.meet()?;
        // SAFETY: they are written before this meeting and after the next.
        let norm = unsafe { self.squares.read() }.iter().sum::<f64>().sqrt();
        Ok(if norm > clip { (clip / norm) as f32 } else { 1.0 })
    }

    /// A shard's gradient of a part of the parameters.
    fn part(&self, shard: usize, range: &Range<usize>) -> *mut [f32] {
        // SAFETY: only the address is taken; the list itself stays as it is.
        unsafe {
            let gradient = (*self.shards[shard].place()).gradient.as_mut_ptr();
            std::ptr::slice_from_raw_parts_mut(gradient.add(range.start), range.len())
        }
    }

    /// Applies the gradient of a unit, and brings up to date what follows from its weights.
    fn update(&self, step: &Step, unit: &Unit, scale: f32, steps: &[i32]) {
        let decay = self.options.weight_decay as f32;
        for (param, range) in &unit.params {
            if !step.active[*param] {
                continue;
            }
            let decay = if self.plan.layout.places[*param].decays { decay } else { 0.0 };
            let apart = self.options.optimizer == OptimizerKind::AdamW;
            let update = Update {
                rate: step.rate,
                scale,
                coupled: if apart { 0.0 } else { decay },
                decoupled: if apart { decay } else { 0.0 },
                step: steps[*param],
            };
            // SAFETY: every unit has one member, and nobody reads weights before the next meeting.
            unsafe {
                let part = |list: *mut Floats| {
                    std::slice::from_raw_parts_mut(
                        (*list).as_mut_ptr().add(range.start),
                        range.len(),
                    )
                };
                let weights = part(&raw mut (*self.weights.place()).flat);
                let gradient = &*self.part(0, range);
                match self.moments {
                    None => update.sgd(weights, gradient),
                    Some(moments) => {
                        let place = moments.place();
                        let first = part(&raw mut (*place).0);
                        update.adam(weights, gradient, (first, part(&raw mut (*place).1)));
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
}
