//! How the losses or gradients of several tasks become one step: a file for each method, over a
//! floor of small linear algebra. Weights come out, gradients are never seen whole but by the few
//! methods that need them so, and nothing here knows of tensors.
//!
//! With `T` tasks, losses `L_t`, gradients `g_t` in the shared parameters, their Jacobian `J`
//! (`T` rows) and Gramian `G = J Jᵀ`, a method gives weights `w`; the shared parameters then go
//! along `Σ w_t g_t = Jᵀw`. A task without a label in the batch is not among the `T`.

mod adam;
mod balancer;
mod gradients;
pub mod linalg;
mod list;
mod methods;
mod plan;

pub use balancer::{Balancer, State};
pub use gradients::{Gradients, Part, Rows};
pub use linalg::Matrix;
pub use list::METHODS;
pub use plan::{About, Given, On, Parameter, Plan};

use crate::error::{Code, Error, Result};
use crate::random::Random;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::fmt;

/// What a method must be given besides the losses. Each costs more than the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Needs {
    /// Nothing: one backward pass.
    Losses,
    /// The Gramian of the tasks' gradients: a backward pass a task.
    Gramian,
    /// The gradients themselves, as rows, which the method may rewrite.
    Jacobian,
    /// The products `g_t · g'_u` of the gradients on the batch's first half with those on its
    /// second: two backward passes a task, on half the rows each.
    Halves,
}

/// What is known of the tasks in a batch.
#[derive(Debug, Clone, Copy)]
pub struct Step<'a> {
    /// The tasks with a label in the batch, by index, in rising order.
    pub tasks: &'a [usize],
    /// The mean loss of each of them.
    pub losses: &'a [f64],
}

/// What counts for what, for each task of a [`Step`].
#[derive(Debug, Clone, PartialEq)]
pub struct Weights {
    /// Of the gradients in the shared parameters (of the rows, where they were asked for).
    pub shared: Vec<f64>,
    /// Of the gradients in the task's own head.
    pub heads: Vec<f64>,
}

impl Weights {
    /// The step of the loss `Σ w_t L_t`: heads are weighed like the rest.
    pub fn of_losses(weights: Vec<f64>) -> Self {
        Weights { heads: weights.clone(), shared: weights }
    }

    /// The gradients in the shared parameters are weighed; heads follow their own loss as it is.
    pub fn of_gradients(weights: Vec<f64>) -> Self {
        Weights { heads: vec![1.0; weights.len()], shared: weights }
    }
}

/// A method at work. It keeps what it learns by the index of the task, as not every task is in
/// every batch.
pub trait Method: fmt::Debug + Send + Sync {
    /// Begins a step in which the gradients, of these lengths, are rewritten.
    fn begin(&mut self, _step: &Step<'_>, _norms: &[f64], _random: &mut Random) {}

    /// Rewrites a part of the gradients. Several threads do so at once, in any order, each with
    /// parts of its own.
    fn rewrite(&self, _part: Part<'_>) {}

    /// Whether it weighs by what it adds up as it rewrites. Others are asked for the weights first,
    /// so that gradients may be rewritten where they are summed.
    fn adds_up(&self) -> bool {
        true
    }

    /// Whether the sums that it adds up for each task are the squares of what it has rewritten.
    fn adds_up_squares(&self) -> bool {
        false
    }

    /// Whether it keeps a number for every parameter of every task, 0 at first.
    fn keeps_rows(&self) -> bool {
        false
    }

    /// The weights of a step. No input makes them infinite or not a number; a gradient that is 0
    /// is an input like others.
    fn weigh(
        &mut self,
        step: &Step<'_>,
        gradients: Gradients<'_>,
        random: &mut Random,
    ) -> Result<Weights>;

    /// Whether the losses are all it needs for now.
    fn is_warming_up(&self) -> bool {
        false
    }

    /// Whether it wants to know the losses of the same batch after the step.
    fn looks_back(&self) -> bool {
        false
    }

    /// Those losses, of the tasks of the step.
    fn after(&mut self, _step: &Step<'_>) {}

    /// An epoch has ended with these mean losses; none for a task without a label in it.
    fn end_epoch(&mut self, _means: &[Option<f64>]) {}

    /// What it has learnt, but for what [`Method::keeps_rows`].
    fn state(&self) -> Value {
        Value::Null
    }

    /// Goes on from what [`Method::state`] gave.
    fn restore(&mut self, _state: Value) -> Result<()> {
        Ok(())
    }
}

/// The state of a method, read back.
fn read<T: DeserializeOwned>(state: Value) -> Result<T> {
    serde_json::from_value(state).map_err(|error| {
        Error::new(Code::Artifact, "its state of balancing is damaged").cause(error)
    })
}

/// [`Method::state`] and [`Method::restore`] of a method that keeps all it learns in one field.
macro_rules! keeps {
    ($field:ident) => {
        fn state(&self) -> serde_json::Value {
            serde_json::json!(self.$field)
        }

        fn restore(&mut self, state: serde_json::Value) -> crate::error::Result<()> {
            self.$field = crate::balance::read(state)?;
            Ok(())
        }
    };
}
use keeps;

/// The least a loss counts as where its logarithm or its reciprocal is taken.
const LEAST_LOSS: f64 = 1e-12;

#[cfg(test)]
mod property_tests;
#[cfg(test)]
mod scale_tests;
#[cfg(test)]
mod state_tests;
#[cfg(test)]
mod trial_tests;
#[cfg(test)]
mod vector_tests;
