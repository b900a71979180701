//! A method in the course of a training: asked every step, or every few; its weights smoothed by
//! CR-MOGM (Zhou et al., On the Convergence of Stochastic Multi-Objective Gradient Manipulation
//! and Beyond, NeurIPS 2022), `w = α w_before + (1 − α) ŵ`, if that is wished; saved and restored.

use super::{Gradients, Matrix, Method, Needs, Part, Plan, Rows, Step, Weights};
use crate::error::{Code, Error, Result, nearest, quoted};
use crate::random::{Purpose, Random};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A method at work on named tasks. The order of calls is, for each batch, [`Balancer::needs`],
/// where those are the gradients themselves [`Balancer::begin`] and [`Balancer::rewrite`] part by
/// part, then [`Balancer::weigh`], the optimizer's step, and [`Balancer::after`] if it
/// [`Balancer::looks_back`]; after the batches of an epoch, [`Balancer::end_epoch`].
#[derive(Debug)]
pub struct Balancer {
    needs: Needs,
    method: Box<dyn Method>,
    tasks: usize,
    every: usize,
    momentum: f64,
    random: Random,
    course: Course,
    /// What the method keeps for every parameter of every task: `tasks × width`, or none.
    kept: Vec<f32>,
    /// The lengths of the gradients that the method is to rewrite in this step, and then how many
    /// times as long they have become; empty where it rewrites none.
    lengths: Vec<f64>,
}

/// What gradients are weighed with is `f32`. Of one that is next to nothing beside the others a
/// weight may be more, and is this then: infinite, it would make the step not a number.
const MOST: f64 = f32::MAX as f64;

/// How far it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Course {
    steps: usize,
    /// The weights each task had last, shared and head.
    last: Vec<Option<(f64, f64)>>,
}

/// What going on exactly needs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct State {
    course: Course,
    random: Random,
    method: Value,
    /// What the method keeps for every parameter of every task: `tasks × width`, or none.
    #[serde(skip)]
    pub rows: Vec<f32>,
}

impl Balancer {
    /// Sets the chosen method to work on these tasks.
    pub fn new(plan: &Plan, tasks: &[&str], seed: u64) -> Result<Self> {
        let given = super::Given {
            tasks: tasks.len(),
            parameters: &plan.parameters,
            weights: weights(plan, tasks)?,
        };
        Ok(Balancer {
            needs: plan.method.needs,
            method: (plan.method.build)(&given),
            tasks: tasks.len(),
            every: plan.every.max(1),
            momentum: plan.momentum,
            random: Random::new(seed, Purpose::Balance),
            course: Course { steps: 0, last: vec![None; tasks.len()] },
            kept: Vec::new(),
            lengths: Vec::new(),
        })
    }

    /// What the next step needs, if these tasks are in its batch.
    pub fn needs(&self, tasks: &[usize]) -> Needs {
        match self.method.is_warming_up() || self.repeats(tasks) {
            true => Needs::Losses,
            false => self.needs,
        }
    }

    /// Whether the next step's weights are the last ones.
    fn repeats(&self, tasks: &[usize]) -> bool {
        let known = |task: &usize| self.course.last.get(*task).is_some_and(Option::is_some);
        !self.course.steps.is_multiple_of(self.every) && tasks.iter().all(known)
    }

    /// Lends what the method keeps for every parameter, so many a task, to whoever makes parts of
    /// it; to be given back before the state is asked for.
    pub fn lend(&mut self, width: usize) -> Vec<f32> {
        let len = if self.method.keeps_rows() { self.tasks * width } else { 0 };
        self.kept.resize(len, 0.0);
        std::mem::take(&mut self.kept)
    }

    /// Takes it back.
    pub fn take_back(&mut self, kept: Vec<f32>) {
        self.kept = kept;
    }

    /// Begins a step in which the gradients, of these lengths, are rewritten.
    pub fn begin(&mut self, step: &Step<'_>, norms: &[f64]) -> Result<()> {
        let finite = norms.iter().all(|norm| norm.is_finite());
        self.check(step, norms.len(), finite)?;
        self.lengths = norms.to_vec();
        self.method.begin(step, norms, &mut self.random);
        Ok(())
    }

    /// Rewrites a part of the gradients, after [`Balancer::begin`].
    pub fn rewrite(&self, part: Part<'_>) {
        self.method.rewrite(part);
    }

    /// Whether [`Balancer::weigh`] is to be called after all is rewritten, with the sums; if not,
    /// it may be called before, with nothing.
    pub fn adds_up(&self) -> bool {
        self.method.adds_up()
    }

    /// Does both with gradients that are all there. Gives the sums.
    fn rewrite_all(&mut self, step: &Step<'_>, mut rows: Rows<'_>) -> Result<Matrix> {
        self.begin(step, &rows.norms())?;
        let (count, width) = (rows.len(), rows.width());
        let mut sums = vec![0.0; count * count];
        let mut kept = self.lend(width);
        let of_all = kept.chunks_exact_mut(width.max(1)).enumerate();
        let of_step = of_all.filter(|(task, _)| step.tasks.contains(task));
        let kept_here = of_step.map(|(_, row)| row).collect();
        self.rewrite(Part { at: 0, rows: rows.rows_mut(), kept: kept_here, sums: &mut sums });
        self.take_back(kept);
        Ok(Matrix::new(count, |i, j| sums[i.min(j) * count + i.max(j)]))
    }

    /// The weights of a step, which was given what it needs.
    pub fn weigh(&mut self, step: &Step<'_>, gradients: Gradients<'_>) -> Result<Weights> {
        let sums;
        let gradients = match gradients {
            Gradients::Jacobian(rows) => {
                sums = self.rewrite_all(step, rows)?;
                Gradients::Rewritten(&sums)
            }
            others => others,
        };
        let (count, finite) = match &gradients {
            Gradients::Gramian(matrix) => (matrix.len(), matrix.is_finite()),
            // Methods see to that themselves.
            Gradients::Rewritten(matrix) => (matrix.len(), true),
            _ => (step.tasks.len(), true),
        };
        self.check(step, count, finite)?;
        let before = std::mem::take(&mut self.lengths);
        if let (Gradients::Rewritten(sums), true) = (&gradients, self.method.adds_up_squares()) {
            let times = |(square, before): (f64, &f64)| {
                if *before > 0.0 { square.max(0.0).sqrt() / before } else { 1.0 }
            };
            self.lengths = sums.diagonal().into_iter().zip(&before).map(times).collect();
        }
        let repeats = self.repeats(step.tasks);
        self.course.steps += 1;
        if step.tasks.is_empty() {
            return Ok(Weights { shared: Vec::new(), heads: Vec::new() });
        }
        let last = step.tasks.iter().map(|&task| self.course.last[task]);
        if repeats {
            let last: Vec<_> = last.map(Option::unwrap_or_default).collect();
            let (shared, heads) = last.into_iter().unzip();
            return Ok(Weights { shared, heads });
        }
        let last: Vec<_> = last.collect();
        let mut weights = self.method.weigh(step, gradients, &mut self.random)?;
        if !weights.shared.iter().chain(&weights.heads).all(|x| x.is_finite()) {
            return Err(Error::new(Code::Diverged, "the weights of the tasks became infinite"));
        }
        weights.shared.iter_mut().chain(&mut weights.heads).for_each(|w| *w = w.clamp(-MOST, MOST));
        for (at, (&task, last)) in step.tasks.iter().zip(last).enumerate() {
            let now = (&mut weights.shared[at], &mut weights.heads[at]);
            // From the first weights on, not from equal ones: methods differ in their scale.
            if let Some(last) = last {
                *now.0 += self.momentum * (last.0 - *now.0);
                *now.1 += self.momentum * (last.1 - *now.1);
            }
            self.course.last[task] = Some((*now.0, *now.1));
        }
        Ok(weights)
    }

    /// What the gradients of the last step count for by their weights: those themselves, unless
    /// they are for gradients that the method has made longer or shorter first.
    pub fn counts<'a>(&'a self, weights: &'a Weights) -> impl Iterator<Item = f64> + 'a {
        let times = self.lengths.iter().copied().chain(std::iter::repeat(1.0));
        weights.shared.iter().zip(times).map(|(weight, times)| weight * times)
    }

    /// Checks everything first.
    fn check(&self, step: &Step<'_>, gradients: usize, finite: bool) -> Result<()> {
        let Step { tasks, losses } = step;
        let wrong = |what: &str| Err(Error::new(Code::Internal, format!("balancing: {what}")));
        if losses.len() != tasks.len() || tasks.iter().any(|&task| task >= self.tasks) {
            return wrong("the losses are not those of the tasks");
        }
        if !tasks.is_sorted_by(|a, b| a < b) {
            return wrong("the tasks are not in order");
        }
        if gradients != tasks.len() {
            return wrong("the gradients are not those of the tasks");
        }
        if !finite || losses.iter().any(|loss| !loss.is_finite()) {
            return Err(Error::new(Code::Diverged, "the gradients became infinite"));
        }
        Ok(())
    }

    /// Whether [`Balancer::after`] is to be called after a step.
    pub fn looks_back(&self) -> bool {
        self.method.looks_back()
    }

    /// The losses of the batch after the step, of the same tasks.
    pub fn after(&mut self, step: &Step<'_>) {
        if step.losses.iter().all(|loss| loss.is_finite()) {
            self.method.after(step);
        }
    }

    /// An epoch has ended with these mean losses, one for each task; none for a task without a
    /// label in it.
    pub fn end_epoch(&mut self, means: &[Option<f64>]) {
        self.method.end_epoch(means);
    }

    /// What going on exactly needs.
    pub fn state(&self) -> State {
        State {
            course: self.course.clone(),
            random: self.random.clone(),
            method: self.method.state(),
            rows: self.kept.clone(),
        }
    }

    /// Goes on from a state, with rows of this width. A state of another method or of other tasks
    /// is refused.
    pub fn restore(&mut self, state: State, width: usize) -> Result<()> {
        let State { course, random, method, rows } = state;
        let of_rows = rows.is_empty() || rows.len() == self.tasks * width;
        if course.last.len() != self.tasks
            || !alike(&self.method.state(), &method)
            || !of_rows
            || (!self.method.keeps_rows() && !rows.is_empty())
            || rows.iter().any(|x| !x.is_finite())
        {
            return Err(Error::new(
                Code::Artifact,
                "its state of balancing is not of this training",
            ));
        }
        self.method.restore(method)?;
        self.kept = rows;
        (self.course, self.random) = (course, random);
        Ok(())
    }
}

/// The weight of each task, of those the plan names.
fn weights(plan: &Plan, tasks: &[&str]) -> Result<Vec<f64>> {
    for (name, _) in &plan.weights {
        if !tasks.contains(&name.as_str()) {
            let hint = match nearest(name, tasks.iter().copied()) {
                Some(near) => format!("; did you mean {}?", quoted(near)),
                None => String::new(),
            };
            let message = format!("balance.weights: {} is not a task{hint}", quoted(name));
            return Err(Error::new(Code::Options, message).option("balance.weights"));
        }
    }
    let weight = |task: &&str| plan.weights.iter().find(|(name, _)| name == task);
    Ok(tasks.iter().map(|task| weight(task).map_or(1.0, |(_, weight)| *weight)).collect())
}

/// Whether two values differ in nothing but numbers and nulls: what a method reads back without
/// looking is then as long as it left it.
fn alike(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| alike(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| alike(a, b)))
        }
        (a, b) => {
            let plain = |x: &Value| x.is_number() || x.is_null();
            (plain(a) && plain(b)) || (a.is_boolean() && b.is_boolean())
        }
    }
}
