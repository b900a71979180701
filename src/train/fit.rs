//! The training loop.

use super::autograd::Autograd;
use super::begin::begin;
use super::engine::{Engine, Pace, Pass, Passed};
use super::fused::Fused;
use super::hiding::Hiding;
use super::loss::Loss;
use super::observer::{Again, Observer};
use super::report::{Mean, validate};
use super::schedule::pace;
use super::select::Selector;
use super::state::{Arrays, State};
use super::stop::Stop;
use super::threads::Share;
use crate::balance::{Balancer, METHODS};
use crate::data::{Encoded, TargetEncoder, Task};
use crate::error::{Code, Error, Result};
use crate::graph::Graph;
use crate::history::{EpochReport, ValidationReport};
use crate::options::{EngineChoice, FitOptions, Ties};
use crate::random::{Purpose, Random};
use serde::{Deserialize, Serialize};
use std::time::Instant;

/// What training gives.
#[derive(Debug, Clone, PartialEq)]
pub struct Fitted {
    /// The weights of the best epoch on the validation rows, without any those of the last.
    pub weights: Vec<f32>,
    /// Every epoch.
    pub history: Vec<EpochReport>,
    /// What computed the steps, in words.
    pub engine: String,
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

/// The same after another training, for its first so many epochs at most, at their pace.
pub fn fit_for(
    epochs: usize,
    lesson: Lesson<'_>,
    options: &FitOptions,
    observer: &dyn Observer,
    stop: &Stop,
) -> Result<Fitted> {
    run(epochs, lesson, options, None, &Again(observer), stop)
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
    run(options.epochs, lesson, options, from, observer, stop)
}

fn run(
    epochs: usize,
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
        epoch >= epochs || options.patience.is_some_and(|patience| waited >= patience)
    };
    while !is_over(history.len(), &best) {
        let epoch = history.len() + 1;
        let Passed { means, telemetry, .. } = run.epoch(epoch, stop)?;
        if stop.is_aborted() {
            return Err(Error::new(Code::Aborted, "the training was aborted"));
        }
        let validation = run.validate()?;
        let loss = run.total(means.iter().map(Mean::get));
        let score = validation.as_ref().map(|validation| run.selector.cost(validation));
        let is_best = best.offer(epoch, score, options.ties, || run.engine.answering())?;
        let names = lesson.targets.iter().map(|target| target.name().to_owned());
        let mut report = EpochReport {
            epoch,
            epochs,
            loss,
            learning_rate: run.pace().rate,
            seconds: run.before + run.started.elapsed().as_secs_f64(),
            tasks: names.zip(means.iter().map(Mean::report)).collect(),
            cosines: None,
            validation,
            best: is_best,
            ..EpochReport::default()
        };
        if let Some(telemetry) = telemetry {
            telemetry.tell(&mut report);
        }
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
    Ok(Fitted { weights: best.weights, history, engine: run.words })
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
    /// Keeps the weights if no epoch had a lower score, or as low a one and `ties` says so; without
    /// scores, those of the last epoch.
    fn offer(
        &mut self,
        epoch: usize,
        score: Option<f64>,
        ties: Ties,
        weights: impl Fn() -> Result<Vec<f32>>,
    ) -> Result<bool> {
        let better = match (score, self.score) {
            (Some(score), Some(best)) => score < best || (ties == Ties::Last && score == best),
            _ => true,
        };
        if better {
            *self = Best { epoch, score, weights: weights()? };
        }
        Ok(better)
    }
}

/// A training under way.
struct Run<'a> {
    lesson: Lesson<'a>,
    options: &'a FitOptions,
    losses: Vec<Loss>,
    selector: Selector,
    engine: Box<dyn Engine + 'a>,
    words: String,
    order: Vec<usize>,
    shuffle: Random,
    hiding: Option<Hiding>,
    /// What dropout masks are made from.
    key: u64,
    batch_size: usize,
    step: usize,
    started: Instant,
    /// Seconds that the run had taken up to the state it goes on from.
    before: f64,
    share: Share,
}

impl<'a> Run<'a> {
    fn new(lesson: Lesson<'a>, options: &'a FitOptions) -> Result<Self> {
        let Lesson { graph, targets, tasks, train, .. } = lesson;
        let labelled = tasks.iter().zip(targets).zip(&train.labels);
        let rows = train.weights.as_deref();
        let losses: Vec<Loss> =
            labelled.map(|((task, target), labels)| Loss::of(task, target, labels, rows)).collect();
        let mut random = Random::new(options.seed, Purpose::Init);
        let weights = begin(graph, train, train.rows + lesson.validation.rows, &mut random)?;
        let (engine, words) = engine(lesson, &losses, options, &weights)?;
        Ok(Run {
            lesson,
            options,
            selector: Selector::new(&lesson, options)?,
            losses,
            engine,
            words,
            order: (0..train.rows).collect(),
            shuffle: Random::new(options.seed, Purpose::Shuffle),
            hiding: Hiding::new(train, options.unseen, options.seed),
            key: Random::new(options.seed, Purpose::Dropout).key(),
            batch_size: options.batch_size(train.rows),
            step: 0,
            started: Instant::now(),
            before: 0.0,
            share: Share::take(),
        })
    }

    /// What the run needs to go on from here.
    fn state(&self, best: &Best, history: &[EpochReport]) -> Result<State> {
        let (moments, steps) = self.engine.state()?;
        let arrays = Arrays {
            weights: self.engine.weights()?,
            moments,
            average: self.engine.average()?,
            steps,
            order: self.order.iter().map(|&row| row as u32).collect(),
        };
        Ok(State {
            step: self.step,
            shuffle: self.shuffle.clone(),
            best: best.clone(),
            history: history.to_vec(),
            balance: self.engine.balance(),
            arrays,
        })
    }

    /// Puts the run where a state stands; gives the best epoch and the history up to there.
    fn restore(&mut self, state: State) -> Result<(Best, Vec<EpochReport>)> {
        if !state.fits(&self.lesson, self.options, self.steps_per_epoch()) {
            return Err(Error::new(Code::Artifact, "its state does not fit this training"));
        }
        let State { step, shuffle, best, mut history, balance, arrays } = state;
        history.iter_mut().for_each(|report| report.epochs = self.options.epochs);
        self.engine.restore(&arrays.weights, arrays.moments.as_ref(), &arrays.steps)?;
        if let Some(average) = &arrays.average {
            self.engine.restore_average(average)?;
        }
        self.engine.restore_balance(balance)?;
        self.order = arrays.order.into_iter().map(|row| row as usize).collect();
        (self.step, self.shuffle) = (step, shuffle);
        self.before = history.last().map_or(0.0, |report| report.seconds);
        Ok((best, history))
    }

    fn steps_per_epoch(&self) -> usize {
        self.lesson.train.rows.div_ceil(self.batch_size)
    }

    /// The pace of the current step.
    fn pace(&self) -> Pace {
        pace(self.options, self.step, self.steps_per_epoch())
    }

    /// One pass over the training rows in random order; ends early when stopped.
    fn epoch(&mut self, epoch: usize, stop: &Stop) -> Result<Passed> {
        self.shuffle.shuffle(&mut self.order);
        let (options, steps) = (self.options, self.steps_per_epoch());
        let passed = self.engine.pass(Pass {
            epoch,
            order: &self.order,
            codes: self.hiding.as_mut().map(|hiding| hiding.codes(self.lesson.train, epoch)),
            batch_size: self.batch_size,
            step: self.step,
            pace: &|step| pace(options, step, steps),
            key: self.key,
            threads: self.share.threads(options.threads),
            stop,
        })?;
        self.step += passed.steps;
        Ok(passed)
    }

    /// Losses and scores on the validation rows.
    fn validate(&mut self) -> Result<Option<ValidationReport>> {
        let Lesson { targets, validation, .. } = self.lesson;
        if validation.rows == 0 {
            return Ok(None);
        }
        let threads = self.share.threads(self.options.threads);
        let outputs = self.engine.outputs(validation, threads)?;
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

/// Our kernels where they can and the user did not say otherwise, else libtorch; with the reason.
fn engine<'a>(
    lesson: Lesson<'a>,
    losses: &[Loss],
    options: &'a FitOptions,
    weights: &[f32],
) -> Result<(Box<dyn Engine + 'a>, String)> {
    let names: Vec<&str> = lesson.targets.iter().map(TargetEncoder::name).collect();
    let balancer = Balancer::new(&options.balance, &names, options.seed)?;
    let method = options.balance.method.name;
    let mut why = "as asked";
    if options.engine != EngineChoice::Libtorch {
        if let Some(fused) = Fused::new(lesson, losses, options, weights) {
            let fused = fused.balanced_by(balancer);
            let words = fused.words();
            return Ok((Box::new(fused), words));
        }
        why =
            "the network uses a parameter or an output twice, which the fused kernels do not know";
        if options.engine == EngineChoice::Fused {
            return Err(Error::new(Code::Options, format!("engine: {why}")).option("engine"));
        }
    }
    if method != METHODS[0].name {
        let message = match options.engine {
            EngineChoice::Libtorch => {
                format!("'{method}' is for the fused kernels, not engine 'libtorch'")
            }
            _ => format!("'{method}' is for the fused kernels, and {why}"),
        };
        return Err(Error::new(Code::Options, format!("balance: {message}")).option("balance"));
    }
    let autograd = Autograd::new(lesson, losses.to_vec(), options, weights)?;
    Ok((Box::new(autograd), format!("libtorch's autograd ({why})")))
}
