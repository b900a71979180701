//! Training in kernels of our own: what libtorch computes operation by operation, a few rows at a
//! time through the whole network and back, on all threads at once.
//!
//! A step: the rows of a batch are cut into shards, the shards into blocks. Each thread runs its
//! shards' blocks forwards, takes the losses, runs them back, and adds up gradients of its own.
//! The threads meet; then each adds up and applies the gradients of a part of the parameters; they
//! meet again. Shards depend on the network and the machine alone, so that the number of threads
//! changes no bit.

mod apart;
mod balanced;
mod balancing;
mod block;
mod cut;
mod embedding;
mod grouped;
mod heads;
mod joins;
mod keep;
mod layers;
mod layout;
mod members;
mod mixing;
mod penalties;
mod plan;
mod planner;
mod rows;
mod shard;
mod split;
mod stages;
mod step;
mod team;
mod thin;
mod weights;

use super::engine::{Engine, Pass, Passed};
use super::fit::Lesson;
use super::loss::{Form, Loss};
use super::optimizer::Moments;
use super::telemetry::Telemetry;
use crate::balance::{self, Balancer, METHODS, Needs};
use crate::data::Encoded;
use crate::error::{Code, Error, Result};
use crate::kernel::{Floats, Level};
use crate::options::FitOptions;
use crate::parts::cores;
pub use joins::shared;

use balancing::{Balancing, Pieces};
use block::{BLOCK, Block};
use cut::Split;
use plan::Plan;
use rows::Rows;
use shard::Shard;
use std::sync::atomic::AtomicBool;
use std::thread;
use step::Crew;
use team::{Barrier, Duty, Shared};
use weights::{Unit, Weights, units};

/// Multiply-adds of a step that are worth a thread: it pays for two meetings.
const WORTH_A_THREAD: usize = 2_000_000;

/// Rows under which a shard is not worth its gradients.
const FEWEST_ROWS: usize = 16;

/// The kernels with all they work on.
pub struct Fused<'a> {
    lesson: Lesson<'a>,
    options: &'a FitOptions,
    plan: Plan,
    split: Split,
    units: Vec<Unit>,
    pieces: Pieces,
    rows: Rows<'a>,
    forms: Vec<Form>,
    weights: Shared<Weights>,
    /// The moments that the optimizer keeps; the second is empty where it keeps one.
    moments: Option<Shared<(Floats, Floats)>>,
    /// The average of the weights, if one is kept.
    average: Option<Shared<Floats>>,
    steps: Vec<i32>,
    shards: Vec<Shared<Shard>>,
    /// For each unit the sum of the squares of its gradient.
    squares: Shared<Vec<f64>>,
    balancing: Shared<Balancing>,
    products: Shared<Vec<f64>>,
    /// What the method keeps for every shared parameter of every task, in a pass.
    kept: Shared<Vec<f32>>,
    telemetry: Shared<Option<Telemetry>>,
    /// Blocks for answers, one a thread.
    answers: Vec<Block>,
}

impl<'a> Fused<'a> {
    /// The kernels for a lesson; none if the network has what they cannot.
    pub fn new(
        lesson: Lesson<'a>,
        losses: &[Loss],
        options: &'a FitOptions,
        weights: &[f32],
    ) -> Option<Self> {
        let Lesson { graph, train, .. } = lesson;
        let parts = options.telemetry || options.balance.method.needs != Needs::Losses;
        let plan = Plan::new(graph, parts)?;
        let work = 3 * graph.flops() * options.batch_size(train.rows);
        let halves = options.balance.method.needs == Needs::Halves;
        let shards = (work / WORTH_A_THREAD).clamp(1, cores()).max(1 + usize::from(halves));
        let zeros = || Floats::zeros(plan.layout.len);
        let moments = match options.optimizer.moments() {
            0 => None,
            1 => Some((zeros(), Floats::zeros(0))),
            _ => Some((zeros(), zeros())),
        };
        let units = units(&plan);
        let pieces = Pieces::new(&plan, &units);
        let (tasks, on) = (graph.heads.len(), options.balance.on);
        Some(Fused {
            lesson,
            options,
            rows: Rows::new(train, losses),
            forms: losses.iter().map(Loss::form).collect(),
            weights: Shared::new(Weights::new(&plan, plan.layout.spread(weights))),
            moments: moments.map(Shared::new),
            average: options.ema.map(|_| Shared::new(plan.layout.spread(weights))),
            steps: vec![0; graph.params.len()],
            shards: (0..shards).map(|_| Shared::new(Shard::new(&plan))).collect(),
            squares: Shared::new(vec![0.0; units.len()]),
            balancing: Shared::new(Balancing::new(None, on, tasks)),
            products: Shared::new(vec![0.0; units.len() * tasks * tasks]),
            kept: Shared::new(Vec::new()),
            telemetry: Shared::new(None),
            answers: Vec::new(),
            split: Split::new(&plan),
            units,
            pieces,
            plan,
        })
    }

    /// Has a method balance the tasks.
    pub fn balanced_by(mut self, balancer: Balancer) -> Self {
        let plan = &self.options.balance;
        if plan.method != METHODS[0] {
            let tasks = self.forms.len();
            self.balancing = Shared::new(Balancing::new(Some(balancer), plan.on, tasks));
        }
        self
    }

    /// The balancer, between passes.
    fn balancer(&mut self) -> Option<&mut Balancer> {
        self.balancing.own().balancer.as_mut()
    }

    /// What computes, in words.
    pub fn words(&self) -> String {
        let shards = match self.shards.len() {
            1 => "one thread".to_owned(),
            shards => format!("up to {shards} threads"),
        };
        format!("fused kernels ({}, {shards})", Level::best().name())
    }

    fn crew<'c>(&'c self, pass: Pass<'c>, barrier: &'c Barrier, threads: usize) -> Crew<'c> {
        Crew {
            lesson: &self.lesson,
            options: self.options,
            plan: &self.plan,
            split: &self.split,
            units: &self.units,
            pieces: &self.pieces,
            rows: &self.rows,
            forms: &self.forms,
            weights: &self.weights,
            moments: self.moments.as_ref(),
            average: self.average.as_ref(),
            shards: &self.shards,
            squares: &self.squares,
            balancing: &self.balancing,
            products: &self.products,
            kept: &self.kept,
            telemetry: &self.telemetry,
            pass,
            barrier,
            threads,
            ended: AtomicBool::new(false),
        }
    }
}

impl Engine for Fused<'_> {
    fn pass(&mut self, pass: Pass<'_>) -> Result<Passed> {
        let threads = pass.threads.clamp(1, self.shards.len());
        let tasks = self.forms.len();
        let looks = self.options.telemetry && tasks > 1;
        self.telemetry = Shared::new(looks.then(|| Telemetry::new(tasks)));
        let barrier = Barrier::new(threads);
        let width = self.pieces.width;
        let kept = self.balancer().map(|balancer| balancer.lend(width)).unwrap_or_default();
        self.kept = Shared::new(kept);
        let mut steps = self.steps.clone();
        let crew = self.crew(pass, &barrier, threads);
        let passed = thread::scope(|scope| {
            let crew = &crew;
            let mut others = Vec::new();
            for member in 1..threads {
                let steps = steps.clone();
                let work = move || {
                    let _duty = Duty(crew.barrier);
                    crew.work(member, steps)
                };
                let name = "polytask-step".to_owned();
                others.push(thread::Builder::new().name(name).spawn_scoped(scope, work));
            }
            if others.iter().any(Result::is_err) {
                // Those that started wait for one that never will.
                crew.barrier.give_up();
                return Err(Error::new(Code::Internal, "no thread can be started"));
            }
            let duty = Duty(crew.barrier);
            let (passed, taken) = crew.work(0, std::mem::take(&mut steps))?;
            drop(duty);
            steps = taken;
            Ok(passed)
        });
        let kept = std::mem::take(self.kept.own());
        if let Some(balancer) = self.balancer() {
            balancer.take_back(kept);
        }
        let mut passed = passed?;
        self.steps = steps;
        passed.telemetry = self.telemetry.own().take();
        let weights = self.lesson.tasks.iter().map(|task| task.weight);
        let means = passed.means.iter().zip(weights);
        let means: Vec<_> = means.map(|(mean, weight)| mean.get().map(|x| x * weight)).collect();
        if passed.steps == pass.order.len().div_ceil(pass.batch_size)
            && let Some(balancer) = self.balancer()
        {
            balancer.end_epoch(&means);
        }
        Ok(passed)
    }

    fn outputs(&mut self, rows: &Encoded, threads: usize) -> Result<Vec<Vec<f32>>> {
        let heads = &self.plan.heads;
        let mut outputs: Vec<Vec<f32>> =
            heads.iter().map(|head| vec![0.0; rows.rows * head.values.width]).collect();
        let threads = threads.clamp(1, rows.rows.div_ceil(BLOCK).max(1));
        while self.answers.len() < threads {
            self.answers.push(Block::new(&self.plan, false));
        }
        let share = rows.rows.div_ceil(threads).max(1);
        let mut parts: Vec<Vec<&mut [f32]>> = (0..threads).map(|_| Vec::new()).collect();
        for (head, outputs) in heads.iter().zip(&mut outputs) {
            let mut chunks = outputs.chunks_mut(share * head.values.width);
            parts.iter_mut().for_each(|part| part.push(chunks.next().unwrap_or_default()));
        }
        let averaged = self.average.as_mut().map(|average| {
            let average = average.own().clone();
            Weights::new(&self.plan, average)
        });
        let weights = match &averaged {
            Some(averaged) => averaged,
            None => &*self.weights.own(),
        };
        let plan = &self.plan;
        let answer = |block: &mut Block, first: usize, part: Vec<&mut [f32]>| {
            let rows_here = share.min(rows.rows.saturating_sub(first));
            block.answer(plan, weights, rows, first..first + rows_here, part);
        };
        thread::scope(|scope| {
            let mut work = self.answers.iter_mut().zip(parts).enumerate();
            let own = work.next();
            for (nth, (block, part)) in work {
                scope.spawn(move || answer(block, nth * share, part));
            }
            if let Some((nth, (block, part))) = own {
                answer(block, nth * share, part);
            }
        });
        Ok(outputs)
    }

    fn weights(&self) -> Result<Vec<f32>> {
        // SAFETY: no thread of ours is at work between passes.
        Ok(self.plan.layout.gather(unsafe { &self.weights.read().flat }))
    }

    fn state(&self) -> Result<(Option<Moments>, Vec<i32>)> {
        let moments = self.moments.as_ref().map(|moments| {
            // SAFETY: as above.
            let (first, second) = unsafe { moments.read() };
            let gather = |list: &Floats| match list.is_empty() {
                true => Vec::new(),
                false => self.plan.layout.gather(list),
            };
            (gather(first), gather(second))
        });
        Ok((moments, self.steps.clone()))
    }

    fn restore(&mut self, weights: &[f32], moments: Option<&Moments>, steps: &[i32]) -> Result<()> {
        let layout = &self.plan.layout;
        self.weights = Shared::new(Weights::new(&self.plan, layout.spread(weights)));
        if let Some((first, second)) = moments {
            let spread = |list: &[f32]| match list.is_empty() {
                true => Floats::zeros(0),
                false => layout.spread(list),
            };
            self.moments = Some(Shared::new((spread(first), spread(second))));
        }
        self.steps = steps.to_vec();
        Ok(())
    }

    fn average(&self) -> Result<Option<Vec<f32>>> {
        let gather = |average: &Shared<Floats>| {
            // SAFETY: as above.
            self.plan.layout.gather(unsafe { average.read() })
        };
        Ok(self.average.as_ref().map(gather))
    }

    fn restore_average(&mut self, average: &[f32]) -> Result<()> {
        if self.average.is_some() {
            self.average = Some(Shared::new(self.plan.layout.spread(average)));
        }
        Ok(())
    }

    fn balance(&self) -> Option<balance::State> {
        // SAFETY: as above.
        unsafe { self.balancing.read() }.balancer.as_ref().map(Balancer::state)
    }

    fn restore_balance(&mut self, state: Option<balance::State>) -> Result<()> {
        let width = self.pieces.width;
        match (self.balancer(), state) {
            (None, None) => Ok(()),
            (Some(balancer), Some(state)) => balancer.restore(state, width),
            _ => Err(Error::new(Code::Artifact, "its state of balancing is not of this training")),
        }
    }
}
