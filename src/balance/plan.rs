//! What methods there are to choose from, and a choice with its parameters.

use super::{Method, Needs};
use std::fmt;

/// A method as it is offered.
pub struct About {
    /// Its name in the options.
    pub name: &'static str,
    /// Its parameters.
    pub parameters: &'static [Parameter],
    /// Whether it takes a weight for each task.
    pub weights: bool,
    /// The most it needs in a step.
    pub needs: Needs,
    /// Whether gradients in the representation, the shared layers' last output, may stand for
    /// those in the parameters.
    pub representation: bool,
    /// Sets it to work.
    pub build: fn(&Given<'_>) -> Box<dyn Method>,
}

impl About {
    /// One that weighs the losses and needs nothing else.
    pub const fn of_losses(name: &'static str, build: fn(&Given<'_>) -> Box<dyn Method>) -> Self {
        About {
            name,
            parameters: &[],
            weights: false,
            needs: Needs::Losses,
            representation: false,
            build,
        }
    }

    /// One that weighs the gradients by their Gramian, in the parameters or the representation.
    pub const fn of_gramian(name: &'static str, build: fn(&Given<'_>) -> Box<dyn Method>) -> Self {
        let about = About::of_losses(name, build);
        About { needs: Needs::Gramian, representation: true, ..about }
    }

    /// One that must have the gradients themselves.
    pub const fn of_jacobian(name: &'static str, build: fn(&Given<'_>) -> Box<dyn Method>) -> Self {
        let about = About::of_losses(name, build);
        About { needs: Needs::Jacobian, ..about }
    }

    /// The same with parameters.
    pub const fn with(self, parameters: &'static [Parameter]) -> Self {
        About { parameters, ..self }
    }

    /// Whether its weights may be kept for some steps; others come at no cost or follow every step.
    pub fn can_wait(&self) -> bool {
        matches!(self.needs, Needs::Gramian | Needs::Halves)
    }
}

impl fmt::Debug for About {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

impl PartialEq for About {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

/// A number a method takes.
#[derive(Debug)]
pub struct Parameter {
    /// Its name in the options.
    pub name: &'static str,
    /// Its value if none is given.
    pub default: f64,
    /// The numbers that fit, in words.
    pub expected: &'static str,
    /// Whether one fits.
    pub fits: fn(f64) -> bool,
}

/// Numbers past this cannot be meant.
const MOST: f64 = 1e9;

impl Parameter {
    /// Any number of a sensible size.
    pub const fn number(name: &'static str, default: f64) -> Self {
        let fits = |x: f64| x.abs() <= 100.0;
        Parameter { name, default, expected: "a number from -100 to 100", fits }
    }

    /// A number above 0.
    pub const fn positive(name: &'static str, default: f64) -> Self {
        let fits = |x: f64| x > 0.0 && x <= MOST;
        Parameter { name, default, expected: "a number above 0, at most 1000000000", fits }
    }

    /// A number from 0 up.
    pub const fn from_zero(name: &'static str, default: f64) -> Self {
        let fits = |x: f64| (0.0..=MOST).contains(&x);
        Parameter { name, default, expected: "a number from 0 to 1000000000", fits }
    }

    /// What is kept of the past in a running mean.
    pub const fn share(name: &'static str, default: f64) -> Self {
        let fits = |x: f64| (0.0..1.0).contains(&x);
        Parameter { name, default, expected: "a number from 0 up to but not 1", fits }
    }

    /// A share that may be all.
    pub const fn portion(name: &'static str, default: f64) -> Self {
        let fits = |x: f64| (0.0..=1.0).contains(&x);
        Parameter { name, default, expected: "a number from 0 to 1", fits }
    }

    /// A whole number.
    pub const fn whole(name: &'static str, default: f64) -> Self {
        let fits = |x: f64| (0.0..=MOST).contains(&x) && x.fract() == 0.0;
        Parameter { name, default, expected: "a whole number from 0 to 1000000000", fits }
    }
}

/// What a method is built from.
#[derive(Debug)]
pub struct Given<'a> {
    /// How many tasks there are.
    pub tasks: usize,
    /// The values of its parameters, in their order.
    pub parameters: &'a [f64],
    /// The weight of each task, for a method that takes them.
    pub weights: Vec<f64>,
}

impl Given<'_> {
    /// The parameters, `N` as the method has.
    pub fn values<const N: usize>(&self) -> [f64; N] {
        debug_assert_eq!(N, self.parameters.len());
        std::array::from_fn(|i| self.parameters.get(i).copied().unwrap_or_default())
    }
}

/// Where gradients are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum On {
    /// In all shared parameters.
    Parameters,
    /// In the last output of the shared layers: one backward pass through them for all tasks.
    Representation,
}

/// A method chosen.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// Which.
    pub method: &'static About,
    /// The values of its parameters, in their order.
    pub parameters: Vec<f64>,
    /// Weights by the name of the task; a task that is not named has 1.
    pub weights: Vec<(String, f64)>,
    /// Where gradients are taken.
    pub on: On,
    /// Steps that one Gramian serves.
    pub every: usize,
    /// How much of the weights before is kept in those of a step (CR-MOGM, NeurIPS 2022); 0 for
    /// none.
    pub momentum: f64,
}

impl Plan {
    /// A method as it is by default.
    pub fn of(method: &'static About) -> Self {
        Plan {
            method,
            parameters: method.parameters.iter().map(|parameter| parameter.default).collect(),
            weights: Vec::new(),
            on: On::Parameters,
            every: 1,
            momentum: 0.0,
        }
    }
}
