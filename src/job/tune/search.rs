//! The trials of a search on several threads, under a clock where there is one.

use super::super::rows::{Parts, understand};
use super::super::{Data, learn_once, refit};
use super::Listener;
use super::course::Course;
use super::proposals::{Proposal, Proposals};
use crate::artifact::Artifact;
use crate::data::Schema;
use crate::error::{Code, Error, Result};
use crate::options::{TrainOptions, TuneOptions};
use crate::parts::cores;
use crate::train::{Stop, best_score};
use crate::tuning::{Failure, Trial};
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::{self, Builder};
use std::time::{Duration, Instant};

/// Training rows up to which each training gets one core and not all of them: its steps are too
/// small to be worth dividing.
const MOST_ON_ONE_CORE: usize = 30_000;

/// What all trials have in common.
pub struct Search<'a> {
    /// What was read.
    pub data: &'a Data,
    /// Which rows train and validate, in all trials.
    pub parts: &'a Parts,
    /// What the user said.
    pub options: &'a TuneOptions,
    /// How far it is.
    pub course: Mutex<Course<'a>>,
    /// Who hears of trials.
    pub listener: Listener<'a>,
    /// What ends it early.
    pub stop: &'a Stop,
    /// Whether it was the clock that did.
    pub timed_out: AtomicBool,
}

impl Search<'_> {
    /// Does the work with a clock beside it that stops the trainings when the time is up.
    pub fn within<T>(&self, started: Instant, work: impl FnOnce() -> Result<T>) -> Result<T> {
        let Some(seconds) = self.options.seconds else { return work() };
        let left = Duration::from_secs_f64(seconds).saturating_sub(started.elapsed());
        let (done, waiting) = channel::<()>();
        let clock = move || {
            if waiting.recv_timeout(left) == Err(RecvTimeoutError::Timeout) {
                self.timed_out.store(!self.stop.is_stopped(), Ordering::Relaxed);
                self.stop.stop();
            }
        };
        thread::scope(|scope| {
            let clock = Builder::new().name("polytask-clock".to_owned()).spawn_scoped(scope, clock);
            clock.map_err(|error| {
                Error::new(Code::Internal, format!("no thread can be started: {error}"))
            })?;
            let result = work();
            drop(done);
            result
        })
    }

    /// All trials, generation by generation.
    pub fn run(&self, proposals: &mut Proposals<'_>) -> Result<()> {
        let mut ended = 0;
        // The first trial is there before any generation is.
        while proposals.next_generation(&self.scores(ended)) || ended == 0 {
            let all = proposals.all();
            let to = all.len().min(self.options.trials);
            self.run_all(&all[..to], ended);
            if let Some(failure) = lock(&self.course).failure.take() {
                return Err(failure);
            }
            ended = to;
            if ended == self.options.trials || self.stop.is_stopped() {
                break;
            }
        }
        Ok(())
    }

    /// The trials from a number on, several at a time.
    fn run_all(&self, proposals: &[Proposal], from: usize) {
        let queue = Mutex::new(proposals.iter().enumerate().skip(from));
        let work = || loop {
            let next = lock(&queue).next();
            let Some((number, proposal)) = next else { return };
            // Of a search that is stopped at once there is a model all the same.
            if self.stop.is_aborted() || (number > 0 && self.stop.is_stopped()) {
                return;
            }
            self.run_one(number, proposal);
        };
        let small = self.parts.train.len() <= MOST_ON_ONE_CORE;
        let parallel = self.options.parallel.unwrap_or(if small { cores() } else { 1 });
        let helpers = parallel.min(proposals.len() - from).saturating_sub(1);
        thread::scope(|scope| {
            let helper = |_| {
                // Should the system have no thread to give, the others do its share.
                Builder::new().name("polytask-trial".to_owned()).spawn_scoped(scope, work).ok()
            };
            let helpers: Vec<_> = (0..helpers).filter_map(helper).collect();
            work();
            for helper in helpers {
                if let Err(panic) = helper.join() {
                    resume_unwind(panic);
                }
            }
        });
    }

    fn run_one(&self, number: usize, proposal: &Proposal) {
        let known = lock(&self.course).ledger.trial(number).cloned();
        if let Some(trial) = known {
            let mut course = lock(&self.course);
            if trial.options == proposal.varied {
                return course.end(trial, None, self.listener);
            }
            let foreign = course.ledger.foreign(number);
            return self.fail(&mut course, foreign);
        }
        let started = Instant::now();
        let learnt = self.learn(&proposal.options, self.stop);
        let mut trial = Trial {
            trial: number,
            options: proposal.varied.clone(),
            score: None,
            epochs: 0,
            seconds: started.elapsed().as_secs_f64(),
            best: false,
            stopped: self.stop.is_stopped(),
            error: None,
        };
        let mut course = lock(&self.course);
        let artifact = match learnt {
            Ok(artifact) => {
                let history = &artifact.header.history;
                trial.score = best_score(history, &proposal.options.fit.selection);
                trial.epochs = history.len();
                if trial.score.is_none() {
                    let message = "no epoch has a score on the validation rows";
                    trial.error = Some(Failure::from(&Error::new(Code::Schema, message)));
                }
                Some(artifact)
            }
            // What is wrong with the user's own options is wrong with the search.
            Err(error) if ends(&error, number) => return self.fail(&mut course, error),
            Err(error) => {
                trial.error = Some(Failure::from(&error));
                None
            }
        };
        // One that was cut short follows from more than its options: it is no trial to go on after.
        let kept = if trial.stopped { Ok(()) } else { course.ledger.add(&trial) };
        course.end(trial, artifact, self.listener);
        if let Err(error) = kept {
            self.fail(&mut course, error);
        }
    }

    fn learn(&self, options: &TrainOptions, stop: &Stop) -> Result<Artifact> {
        let schema = self.schema(options)?;
        let options = self.settled(options, &schema);
        learn_once(self.data, &schema, self.parts, &options, stop)
    }

    fn settled(&self, options: &TrainOptions, schema: &Schema) -> TrainOptions {
        options.for_data(&schema.tasks, schema.numbers(), self.data.table.rows())
    }

    /// The columns as a trial understands them: another preprocessing may make other features.
    fn schema(&self, options: &TrainOptions) -> Result<Schema> {
        let Data { table, schema, .. } = self.data;
        match options.schema == self.options.base.schema {
            true => Ok(schema.clone()),
            false => understand(table, options),
        }
    }

    /// Has the best trial's network learn from the validation rows too. The time for trials may be
    /// up, as it mostly is, but whoever stopped the search waits for no more.
    fn refit(&self, artifact: &mut Artifact, options: &TrainOptions) -> Result<()> {
        let timed_out = self.timed_out.load(Ordering::Relaxed);
        let stop = if timed_out { self.stop.but_for_abort() } else { self.stop.clone() };
        let schema = self.schema(options)?;
        let options = self.settled(options, &schema);
        refit::refit(artifact, (self.data, &schema), self.parts, &options, &(), &stop)
    }

    /// What is amiss with the rows, by the columns as the best trial understands them.
    fn warnings(&self, artifact: &Artifact, options: &TrainOptions) -> Result<Vec<String>> {
        let schema = self.schema(options)?;
        Ok(self.data.warnings(&schema, self.parts, &artifact.header.encoder, options))
    }

    /// Ends the search with an error, unless another has.
    fn fail(&self, course: &mut Course<'_>, error: Error) {
        course.failure.get_or_insert(error);
        self.stop.abort();
    }

    /// The scores of the first trials, by their number.
    fn scores(&self, trials: usize) -> Vec<Option<f64>> {
        let mut scores = vec![None; trials];
        for trial in &lock(&self.course).trials {
            if let Some(score) = scores.get_mut(trial.trial) {
                *score = trial.score;
            }
        }
        scores
    }

    /// The best trial's model, with the table of all.
    pub fn finish(&self, proposals: &Proposals<'_>) -> Result<Vec<u8>> {
        let mut course = lock(&self.course);
        let mut trials = std::mem::take(&mut course.trials);
        trials.sort_by_key(|trial| trial.trial);
        let best = course.best.take();
        drop(course);
        let Some((best, artifact)) = best else { return Err(no_model(&trials)) };
        let options = &proposals.all()[best.trial].options;
        let mut artifact = match artifact {
            Some(artifact) => artifact,
            // Of an earlier run there is the row alone. The time is up or not: a model is due.
            None => self.learn(options, &self.stop.but_for_abort())?,
        };
        let warnings = self.warnings(&artifact, options)?;
        artifact.header.warnings.splice(0..0, warnings);
        self.refit(&mut artifact, options)?;
        for trial in &mut trials {
            trial.best = trial.trial == best.trial;
        }
        artifact.header.tuning = trials;
        artifact.to_bytes()
    }
}

/// Whether an error of a trial ends the search.
fn ends(error: &Error, trial: usize) -> bool {
    match error.code() {
        Code::Aborted => true,
        Code::Options | Code::Schema => trial == 0,
        _ => false,
    }
}

/// The error of a search in which every trial failed.
fn no_model(trials: &[Trial]) -> Error {
    let why = trials.iter().find_map(|trial| trial.error.as_ref());
    let why = why.map_or_else(String::new, |why| format!("; the first: {}", why.message));
    Error::new(Code::Diverged, format!("every one of {} trials failed{why}", trials.len()))
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
