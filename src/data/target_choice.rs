//! What the user says of one target: its type, classes, weight and the loss that trains it.

use super::task::TaskType;
use super::unit::Unit;
use crate::error::{Code, Error, Result};
use serde::{Deserialize, Serialize};

/// The loss of a regression, over the standardised target.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "loss", rename_all = "camelCase", deny_unknown_fields)]
pub enum NumberLoss {
    /// The squared error, which leads to the mean.
    Mse,
    /// The absolute error, which leads to the median.
    Mae,
    /// Half the square up to `delta`, linear beyond (Huber 1964).
    Huber {
        /// In standard deviations of the training labels, above 0.
        delta: f64,
    },
    /// The pinball loss, which leads to a quantile (Koenker and Bassett 1978).
    Quantile {
        /// Above 0 and below 1.
        quantile: f64,
    },
}

impl NumberLoss {
    /// The name in options and messages.
    pub fn name(self) -> &'static str {
        match self {
            NumberLoss::Mse => "mse",
            NumberLoss::Mae => "mae",
            NumberLoss::Huber { .. } => "huber",
            NumberLoss::Quantile { .. } => "quantile",
        }
    }
}

/// What the classes of a task count in its loss.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ClassWeights {
    /// All classes alike in sum: n ÷ (K · n of the class).
    Balanced,
    /// These by name, above 0; 1 for the others.
    Each(Vec<(String, f64)>),
}

/// What the training of a task minds, beside its type.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Objective {
    /// The loss of a regression; none for the squared error, or of another type.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub loss: Option<NumberLoss>,
    /// None to count all alike.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub class_weights: Option<ClassWeights>,
    /// The share of each label of a classification that is spread over all classes, from 0 to
    /// below 1.
    pub label_smoothing: f64,
}

/// What the user said of one target.
#[derive(Debug, Clone, PartialEq)]
pub struct TargetChoice {
    /// The column.
    pub name: String,
    /// Its type; none to infer it.
    pub kind: Option<TaskType>,
    /// The weight of its loss.
    pub weight: f64,
    /// The classes in order; none to find them.
    pub classes: Option<Vec<String>>,
    /// What stands beside the numbers of its labels in text, if something does.
    pub unit: Option<Unit>,
    /// What its training minds.
    pub objective: Objective,
    /// Whether a regression answers within the range of its training labels; none to go by
    /// [`SchemaOptions::clamp`](super::SchemaOptions).
    pub clamp: Option<bool>,
    /// Whether the user said how labels are smoothed; else
    /// [`SchemaOptions::label_smoothing`](super::SchemaOptions) says it.
    pub smooths: bool,
}

impl TargetChoice {
    /// A target of which nothing else was said.
    pub fn new(name: impl Into<String>, kind: Option<TaskType>) -> Self {
        let objective = Objective::default();
        TargetChoice {
            name: name.into(),
            kind,
            weight: 1.0,
            classes: None,
            unit: None,
            objective,
            clamp: None,
            smooths: false,
        }
    }

    /// Whether all that was said fits a type of task, given or inferred.
    pub fn fits(&self, kind: TaskType) -> Result<()> {
        let Objective { loss, class_weights, label_smoothing } = &self.objective;
        let refuse = |option: &str, of: &str| {
            let path = format!("targets.{}.{option}", self.name);
            let hint = if self.kind.is_none() { ", as its labels look; give its type" } else { "" };
            let task = kind.name();
            let message = format!("{path}: is for {of}, and the task is of type '{task}'{hint}");
            Err(Error::new(Code::Options, message).option(path).task(self.name.as_str()))
        };
        match loss {
            Some(loss) if kind != TaskType::Regression => {
                return refuse("loss", &format!("a regression if it is '{}'", loss.name()));
            }
            _ => {}
        }
        if class_weights.is_some() && !kind.has_classes() {
            return refuse("classWeights", "tasks with classes");
        }
        if *label_smoothing > 0.0 && kind != TaskType::Classification {
            return refuse("labelSmoothing", "a classification");
        }
        if self.clamp == Some(true) && kind != TaskType::Regression {
            return refuse("clamp", "a regression");
        }
        if self.unit.is_some() && kind.has_classes() {
            return refuse("format", "a regression or a count");
        }
        if self.classes.is_some() && !kind.has_classes() {
            return refuse("classes", "tasks with classes");
        }
        Ok(())
    }
}
