//! What the training loop asks of whoever computes its steps.

use super::optimizer::Moments;
use super::report::Mean;
use super::stop::Stop;
use super::telemetry::Telemetry;
use crate::balance;
use crate::data::Encoded;
use crate::error::{Code, Error, Result};

/// What a step goes by that changes over the run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pace {
    /// The learning rate.
    pub rate: f64,
    /// The share of the weight decay.
    pub decay: f64,
    /// The share of the dropout of layers.
    pub dropout: f64,
}

impl Pace {
    /// A learning rate, with all of the rest.
    pub fn of(rate: f64) -> Self {
        Pace { rate, decay: 1.0, dropout: 1.0 }
    }
}

/// One pass over the training rows.
#[derive(Clone, Copy)]
pub struct Pass<'a> {
    /// The epoch, counted from 1.
    pub epoch: usize,
    /// The rows in the order in which they are seen.
    pub order: &'a [usize],
    /// The codes of embedded columns as they are read this time; none for those of the rows.
    pub codes: Option<&'a [u32]>,
    /// Rows in a step.
    pub batch_size: usize,
    /// Steps taken before.
    pub step: usize,
    /// The pace of each step.
    pub pace: &'a (dyn Fn(usize) -> Pace + Sync),
    /// What dropout masks are made from.
    pub key: u64,
    /// How many threads may work on it.
    pub threads: usize,
    /// Ends it early.
    pub stop: &'a Stop,
}

/// What a pass came to.
#[derive(Debug, Clone)]
pub struct Passed {
    /// The training loss of each task.
    pub means: Vec<Mean>,
    /// How the tasks' gradients stood to each other, if anybody looked.
    pub telemetry: Option<Telemetry>,
    /// The steps taken: all, unless it was stopped.
    pub steps: usize,
}

/// Computes steps: forwards, losses, gradients, optimizer.
pub trait Engine {
    /// Steps through the training rows.
    fn pass(&mut self, pass: Pass<'_>) -> Result<Passed>;
    /// The outputs of every head on encoded rows, `[rows, width]` each, by the weights that answer.
    fn outputs(&mut self, rows: &Encoded, threads: usize) -> Result<Vec<Vec<f32>>>;
    /// The weights as they are now, in the order of the graph's parameters.
    fn weights(&self) -> Result<Vec<f32>>;
    /// The optimizer's moments, if it keeps any, and the steps of each parameter.
    fn state(&self) -> Result<(Option<Moments>, Vec<i32>)>;
    /// Goes on from what [`Engine::weights`] and [`Engine::state`] gave.
    fn restore(&mut self, weights: &[f32], moments: Option<&Moments>, steps: &[i32]) -> Result<()>;

    /// The average of the weights over the steps, in the same order, if one is kept.
    fn average(&self) -> Result<Option<Vec<f32>>>;
    /// Goes on from there.
    fn restore_average(&mut self, average: &[f32]) -> Result<()>;

    /// The weights that answer: their average if one is kept.
    fn answering(&self) -> Result<Vec<f32>> {
        match self.average()? {
            Some(average) => Ok(average),
            None => self.weights(),
        }
    }

    /// Where balancing the tasks stands; none where they are summed.
    fn balance(&self) -> Option<balance::State> {
        None
    }

    /// Goes on from there.
    fn restore_balance(&mut self, state: Option<balance::State>) -> Result<()> {
        match state {
            None => Ok(()),
            Some(_) => Err(Error::new(Code::Artifact, "it has a state of balancing")),
        }
    }
}
