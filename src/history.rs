//! What one epoch of training did, as reported while training and kept with the model.

use serde::{Deserialize, Serialize};

/// One epoch. Losses are weighted means over observed labels: cross-entropy in nats for classes,
/// the chosen error of the standardised target for a regression, half the deviance of the scaled
/// count for a count. Label smoothing is in the training loss and not in that of validation.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EpochReport {
    /// The epoch, counted from 1.
    pub epoch: usize,
    /// How many were asked for.
    pub epochs: usize,
    /// The training loss: the weighted sum over tasks.
    pub loss: f64,
    /// The learning rate at the epoch's end.
    pub learning_rate: f64,
    /// Seconds since training began; files do not hold it, so that equal trainings give equal files.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub seconds: f64,
    /// Each task by name, in task order.
    pub tasks: Vec<(String, TaskReport)>,
    /// The cosines between the gradients of the tasks' losses in the weights they share, task by
    /// task in their order, where they were looked at; null where one is zero or was never seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cosines: Option<Vec<Vec<Option<f64>>>>,
    /// On the validation rows, if there are any.
    pub validation: Option<ValidationReport>,
    /// Whether this is the best epoch so far, whose weights are kept.
    pub best: bool,
    /// Which part of the training it is of.
    #[serde(default, skip_serializing_if = "Phase::is_train")]
    pub phase: Phase,
    /// Of several networks the one it is of, counted from 2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network: Option<usize>,
    /// How far the whole training is; not in a history.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub progress: Option<Progress>,
}

/// Which part of a training an epoch is of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Phase {
    /// The first network on the training rows, whose epochs are the history.
    #[default]
    Train,
    /// What follows: networks that learn from all rows, and how further ones choose their epoch.
    Refit,
}

impl Phase {
    fn is_train(&self) -> bool {
        *self == Phase::Train
    }
}

/// How far a training is, in epochs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// Epochs that have ended, over all networks.
    pub done: usize,
    /// The most that there will be: less once a network stops early.
    pub total: usize,
}

fn is_zero(number: &f64) -> bool {
    *number == 0.0
}

/// One task in the training rows of an epoch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TaskReport {
    /// The mean loss; absent if no row had a label.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub loss: Option<f64>,
    /// The labels seen, of weight above 0.
    pub labels: usize,
    /// What its gradient counted for in the shared weights, on average; of several tasks only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weight: Option<f64>,
    /// The length of its loss's gradient in the shared weights, before that, where looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gradient_norm: Option<f64>,
}

/// The validation rows after an epoch.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ValidationReport {
    /// The weighted sum of the tasks' losses.
    pub loss: f64,
    /// What chooses the best epoch, where `earlyStopping.metric` asks for more than the loss.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<f64>,
    /// Each task by name, in task order.
    pub tasks: Vec<(String, ValidationTask)>,
}

/// One task on the validation rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ValidationTask {
    /// The mean loss; absent if no row had a label.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub loss: Option<f64>,
    /// The rows with a label.
    pub n: usize,
    /// The share of right classes, of a task with classes; rows count by their weight.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accuracy: Option<f64>,
    /// The root mean squared error in the target's own unit, of a task without; likewise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rmse: Option<f64>,
}
