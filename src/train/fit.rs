//! The training loop.

use super::loss::Loss;
use super::observer::Observer;
use super::optimizer::Optimizer;
use super::report::{Mean, check, validate};
use super::run::forward;
use super::select::Selector;
use super::state::{Arrays, State};
use super::stop::Stop;
use super::tensors::{Batch, Params};
use super::threads::Share;
use crate::data::{Encoded, TargetEncoder, Task};
use crate::error::{Code, Error, Result};
use crate::graph::Graph;
use crate::history::{EpochReport, ValidationReport};
use crate::options::FitOptions;
use crate::random::{Purpose, Random};
use serde::{Deserialize, Serialize};
use std::time::Instant;
use tch::Tensor;

/// Rows that are validated at once.
const VALIDATION_BATCH: usize = 8_192;

/// What training gives.
#[derive(Debug, Clone, PartialEq)]
pub struct Fitted {
    /// The weights of the best epoch on the validation rows, without any those of the last.
    pub weights: Vec<f32>,
    /// Every epoch.
    pub history: Vec<EpochReport>,
}

/// What is to be learnt, from what.
#[derive(Debug, Clone, Copy)]
pub struct Lesson<'a> {
    /// The network.
    pub graph: &'a Graph,
    /// The targets, one for each head.
    pub targets: &'a [TargetEncoder],
    /// What each is trained for, and how much it counts.
    pub tasks: &'a [Task],
    /// The training rows.
    pub train: &'a Encoded,
    /// The validation rows; may be none.
    pub validation: &'a Encoded,
}

/// Trains a network: for every epoch, shuffle, step through the batches, validate, report; keep
/// the weights of the best epoch.
pub fn fit(
    lesson: Lesson<'_>,
    options: &FitOptions,
    observer: &dyn Observer,
    stop: &Stop,
) -> Result<Fitted> {
    resume(lesson, options, None, observer, stop)
}

/// The same, going on from a state of an earlier run, whose weights, to the last bit, and history
/// it then ends with.
pub fn resume(
    lesson: Lesson<'_>,
    options: &FitOptions,
    from: Option<State>,
    observer: &dyn Observer,
    stop: &Stop,
) -> Result<Fitted> {
    let mut run = Run::new(lesson, options)?;
    let (mut best, mut history) = from.map_or(Ok(Default::default()), |from| run.restore(from))?;
    let is_over = |epoch: usize, best: &Best| {
        let waited = epoch - best.epoch;
        epoch >= options.epochs || options.patience.is_some_and(|patience| waited >= patience)
    };
    while !is_over(history.len(), &best) {
        let epoch = history.len() + 1;
        let means = run.epoch(epoch, stop)?;
        if stop.is_aborted() {
            return Err(Error::new(Code::Aborted, "the training was aborted"));
        }
        let validation = run.validate()?;
        let loss = run.total(means.iter().map(Mean::get));
        let score = validation.as_ref().map(|validation| run.selector.cost(validation));
        let is_best = best.offer(epoch, score, || run.params.weights())?;
        let names = lesson.targets.iter().map(|target| target.name().to_owned());
        let report = EpochReport {
            epoch,
            epochs: options.epochs,
            loss,
            learning_rate: run.rate(),
            seconds: run.before + run.started.elapsed().as_secs_f64(),
            tasks: names.zip(means.iter().map(Mean::report)).collect(),
            validation,
            best: is_best,
        };
        observer.epoch(&report);
        history.push(report);
        let last = stop.is_stopped() || is_over(epoch, &best);
        // An epoch that a stop cut short is no place to go on from.
        if run.step == epoch * run.steps_per_epoch() {
            observer.whole(epoch, last, &|| run.state(&best, &history))?;
        }
        if last {
            break;
        }
    }
    Ok(Fitted { weights: best.weights, history })
}

/// The weights worth keeping.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Best {
    /// Their epoch.
    pub epoch: usize,
    /// Its score.
    score: Option<f64>,
    /// They themselves.
    #[serde(skip)]
    pub weights: Vec<f32>,
}

impl Best {
    /// Keeps the weights if no epoch had a lower score; without scores, those of the last epoch.
    fn offer(
        &mut self,
        epoch: usize,
        score: Option<f64>,
        weights: impl Fn() -> Result<Vec<f32>>,
    ) -> Result<bool> {
        let better = match (score, self.score) {
            (Some(score), Some(best)) => score < best,
            _ => true,
        };
        if better {
            *self = Best { epoch, score, weights: weights()? };
        }
        Ok(better)
    }
}

/// A training under way. It lives on one thread, which owns every tensor.
struct Run<'a> {
    lesson: Lesson<'a>,
    options: &'a FitOptions,
    losses: Vec<Loss>,
    selector: Selector,
    train: Batch,
    params: Params,
    optimizer: Optimizer,
    order: Vec<usize>,
    shuffle: Random,
    dropout: Random,
    batch_size: usize,
    step: usize,
    started: Instant,
    /// Seconds that the run had taken up to the state it goes on from.
    before: f64,
    _share: Share,
}

impl<'a> Run<'a> {
    fn new(lesson: Lesson<'a>, options: &'a FitOptions) -> Result<Self> {
        let Lesson { graph, targets, tasks, train, .. } = lesson;
        let losses: Vec<Loss> = tasks
            .iter()
            .zip(targets)
            .zip(&train.labels)
            .map(|((task, target), labels)| Loss::of(task, target, labels))
            .collect();
        let batch_size = options.batch_size(train.rows);
        // Forward and backward are three times the multiplications of the weights.
        let share = Share::take(options.threads, 3 * graph.flops() * batch_size);
        Ok(Run {
            lesson,
            options,
            selector: Selector::new(&lesson, options)?,
            train: Batch::new(train, graph, &losses)?,
            losses,
            params: Params::random(graph, &mut Random::new(options.seed, Purpose::Init))?,
            optimizer: Optimizer::new(graph, options)?,
            order: (0..train.rows).collect(),
            shuffle: Random::new(options.seed, Purpose::Shuffle),
            dropout: Random::new(options.seed, Purpose::Dropout),
            batch_size,
            step: 0,
            started: Instant::now(),
            before: 0.0,
            _share: share,
        })
    }

    /// What the run needs to go on from here.
    fn state(&self, best: &Best, history: &[EpochReport]) -> Result<State> {
        let (moments, steps) = self.optimizer.state()?;
        let arrays = Arrays {
            weights: self.params.weights()?,
            moments,
            steps,
            order: self.order.iter().map(|&row| row as u32).collect(),
        };
        Ok(State {
            step: self.step,
            shuffle: self.shuffle.clone(),
            dropout: self.dropout.clone(),
            best: best.clone(),
            history: history.to_vec(),
            arrays,
        })
    }

    /// Puts the run where a state stands; gives the best epoch and the history up to there.
    fn restore(&mut self, state: State) -> Result<(Best, Vec<EpochReport>)> {
        if !state.fits(&self.lesson, self.optimizer.has_moments(), self.steps_per_epoch()) {
            return Err(Error::new(Code::Artifact, "its state does not fit this training"));
        }
        let State { step, shuffle, dropout, best, mut history, arrays } = state;
        history.iter_mut().for_each(|report| report.epochs = self.options.epochs);
        self.params = Params::new(self.lesson.graph, &arrays.weights)?;
        self.optimizer.restore(arrays.moments.as_ref(), &arrays.steps)?;
        self.order = arrays.order.into_iter().map(|row| row as usize).collect();
        (self.step, self.shuffle, self.dropout) = (step, shuffle, dropout);
        self.before = history.last().map_or(0.0, |report| report.seconds);
        Ok((best, history))
    }

    fn steps_per_epoch(&self) -> usize {
        self.train.rows.div_ceil(self.batch_size)
    }

    /// The learning rate of the current step.
    fn rate(&self) -> f64 {
        let steps = self.steps_per_epoch() * self.options.epochs;
        self.options.learning_rate * self.options.schedule.factor(self.step, steps)
    }

    /// One pass over the training rows in random order; ends early when stopped.
    fn epoch(&mut self, epoch: usize, stop: &Stop) -> Result<Vec<Mean>> {
        self.shuffle.shuffle(&mut self.order);
        let rows = self.train.reordered(&self.order)?;
        let mut means = vec![Mean::default(); self.lesson.targets.len()];
        for first in (0..rows.rows).step_by(self.batch_size) {
            if stop.is_stopped() {
                break;
            }
            let batch = rows.slice(first, self.batch_size.min(rows.rows - first))?;
            self.batch(&batch, epoch, &mut means)?;
            self.step += 1;
        }
        Ok(means)
    }

    /// One step: the weighted sum of the tasks' losses, its gradients, the optimizer.
    fn batch(&mut self, batch: &Batch, epoch: usize, means: &mut [Mean]) -> Result<()> {
        let Lesson { graph, targets, tasks, .. } = self.lesson;
        let outputs = forward(graph, &self.params.leaves, batch, Some(&mut self.dropout))?;
        let mut total: Option<Tensor> = None;
        for (task, (ys, labels)) in outputs.iter().zip(&batch.labels).enumerate() {
            let (counted, weight) = labels.counted()?;
            if counted == 0 {
                continue;
            }
            let loss = self.losses[task].mean(ys, labels, weight)?;
            let value = loss.f_double_value(&[])?;
            check(value, &targets[task], epoch)?;
            means[task].add(value, weight, counted);
            let loss = loss.f_mul_scalar(tasks[task].weight)?;
            total = Some(match total {
                None => loss,
                Some(total) => total.f_add(&loss)?,
            });
        }
        let Some(total) = total else { return Ok(()) };
        let gradients = Tensor::f_run_backward(&[total], &self.params.leaves, false, false)?;
        self.optimizer.step(&self.params.flat, &gradients, self.rate())
    }

    /// Losses and scores on the validation rows.
    fn validate(&self) -> Result<Option<ValidationReport>> {
        let Lesson { graph, targets, validation, .. } = self.lesson;
        if validation.rows == 0 {
            return Ok(None);
        }
        let outputs = predict(graph, &self.params, &self.losses, validation)?;
        let rows = validation.weights.as_deref();
        let tasks: Vec<_> = targets
            .iter()
            .zip(&self.losses)
            .zip(outputs.iter().zip(&validation.labels))
            .map(|((target, loss), (outputs, labels))| {
                (target.name().to_owned(), validate(target, loss, outputs, labels, rows))
            })
            .collect();
        let loss = self.total(tasks.iter().map(|(_, task)| task.loss));
        let score = self.selector.score(targets, &outputs, validation);
        Ok(Some(ValidationReport { loss, score, tasks }))
    }

    /// The weighted sum of the losses of the tasks that have any.
    fn total(&self, losses: impl Iterator<Item = Option<f64>>) -> f64 {
        losses.zip(self.lesson.tasks).map(|(loss, task)| loss.unwrap_or(0.0) * task.weight).sum()
    }
}

/// The outputs of every head on encoded rows, `[rows, width]` each.
fn predict(
    graph: &Graph,
    params: &Params,
    losses: &[Loss],
    rows: &Encoded,
) -> Result<Vec<Vec<f32>>> {
    let _guard = tch::no_grad_guard();
    let rows = Batch::new(rows, graph, losses)?;
    let mut outputs = vec![Vec::new(); graph.heads.len()];
    for first in (0..rows.rows).step_by(VALIDATION_BATCH) {
        let batch = rows.slice(first, VALIDATION_BATCH.min(rows.rows - first))?;
        for (ys, all) in forward(graph, &params.leaves, &batch, None)?.iter().zip(&mut outputs) {
            let start = all.len();
            all.resize(start + ys.numel(), 0.0);
            ys.f_contiguous()?.f_copy_data(&mut all[start..], ys.numel())?;
        }
    }
    Ok(outputs)
}
