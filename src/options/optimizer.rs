//! The option `optimizer`: how gradients become steps.

use super::fields::{Fields, choose, name, wrong};
use crate::error::{Code, Error, Result};
use serde_json::{Value, json};

/// A kind of optimizer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OptimizerKind {
    /// Stochastic gradient descent, with momentum if asked for.
    Sgd,
    /// Adam (arXiv 1412.6980); weight decay joins the gradient.
    Adam,
    /// Adam with decoupled weight decay (arXiv 1711.05101).
    AdamW,
}

/// An optimizer with its parameters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OptimizerOptions {
    /// Which.
    pub method: OptimizerKind,
    /// Of Adam: what is kept of the first and second moments at each step, in [0, 1).
    pub betas: (f64, f64),
    /// Of Adam: what joins the root of the second moment, above 0.
    pub epsilon: f64,
    /// Of SGD: what is kept of the direction at each step, in [0, 1).
    pub momentum: f64,
    /// Of SGD: whether a step looks ahead by the momentum (Nesterov, 1983; as in Sutskever et al.,
    /// ICML 2013).
    pub nesterov: bool,
}

const METHODS: [(&str, OptimizerKind); 3] =
    [("sgd", OptimizerKind::Sgd), ("adam", OptimizerKind::Adam), ("adamw", OptimizerKind::AdamW)];

impl OptimizerOptions {
    /// An optimizer with its parameters by default.
    pub fn of(method: OptimizerKind) -> Self {
        let (betas, epsilon) = ((0.9, 0.999), 1e-8);
        OptimizerOptions { method, betas, epsilon, momentum: 0.0, nesterov: false }
    }

    /// How many moments of the gradient it keeps for each weight.
    pub fn moments(&self) -> usize {
        match self.method {
            OptimizerKind::Adam | OptimizerKind::AdamW => 2,
            OptimizerKind::Sgd => usize::from(self.momentum > 0.0),
        }
    }

    /// Reads `optimizer: 'adamw' | { method, betas, epsilon, momentum, nesterov }`.
    pub fn read(options: &mut Fields, default: Self) -> Result<Self> {
        match options.take("optimizer") {
            None => Ok(default),
            Some(value @ Value::String(_)) => Ok(Self::of(choose("optimizer", &value, &METHODS)?)),
            Some(value) if value.is_object() => {
                Self::custom(Fields::new("optimizer", value)?, default)
            }
            Some(other) => {
                Err(wrong("optimizer", "the name of an optimizer, or an object", &other))
            }
        }
    }

    fn custom(mut options: Fields, default: Self) -> Result<Self> {
        let method = options.choice("method", &METHODS)?.unwrap_or(default.method);
        let mut read = Self::of(method);
        let sgd = method == OptimizerKind::Sgd;
        let others: &[&'static str] =
            if sgd { &["betas", "epsilon"] } else { &["momentum", "nesterov"] };
        for &option in others {
            if options.take(option).is_some() {
                let path = options.path(option);
                let whose = if sgd { "'adam' and 'adamw'" } else { "'sgd'" };
                let message = format!(
                    "{path}: is an option of {whose}, not of '{}'",
                    name(&METHODS, &method)
                );
                return Err(Error::new(Code::Options, message).option(path));
            }
        }
        if sgd {
            let share = "a number from 0 up to but not 1";
            let momentum = options.number("momentum", share, |x| (0.0..1.0).contains(&x))?;
            read.momentum = momentum.unwrap_or(read.momentum);
            read.nesterov = options.flag("nesterov")?.unwrap_or(read.nesterov);
            if read.nesterov && read.momentum == 0.0 {
                let path = options.path("nesterov");
                let message = format!("{path}: goes with a momentum above 0");
                return Err(Error::new(Code::Options, message).option(path));
            }
        } else {
            let betas = options.read(
                "betas",
                "an array of two numbers from 0 up to but not 1, as in [0.9, 0.999]",
                |value| {
                    let beta = |value: &Value| value.as_f64().filter(|x| (0.0..1.0).contains(x));
                    match value.as_array()?.as_slice() {
                        [first, second] => Some((beta(first)?, beta(second)?)),
                        _ => None,
                    }
                },
            )?;
            read.betas = betas.unwrap_or(read.betas);
            // As `f32` it must not be 0.
            let small = |x: f64| (1e-30..=1.0).contains(&x);
            let epsilon = options.number("epsilon", "a number from 1e-30 to 1", small)?;
            read.epsilon = epsilon.unwrap_or(read.epsilon);
        }
        options.finish()?;
        Ok(read)
    }

    /// The option as a user would write it.
    pub fn to_json(self) -> Value {
        let method = name(&METHODS, &self.method);
        match self.method {
            _ if self == Self::of(self.method) => json!(method),
            OptimizerKind::Sgd => json!({
                "method": method, "momentum": self.momentum, "nesterov": self.nesterov,
            }),
            _ => json!({
                "method": method,
                "betas": [self.betas.0, self.betas.1],
                "epsilon": self.epsilon,
            }),
        }
    }
}
