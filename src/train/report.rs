//! From losses and outputs to the numbers of an epoch report.

use super::loss::Loss;
use crate::data::{Labels, TargetEncoder};
use crate::error::{Code, Error, Result};
use crate::history::{TaskReport, ValidationTask};

/// The training loss of one task over an epoch: the mean over labels, not over batches.
#[derive(Debug, Clone, Default)]
pub struct Mean {
    sum: f64,
    weight: f64,
    labels: usize,
}

impl Mean {
    /// Adds a batch: its mean loss over so many labels of so much weight.
    pub fn add(&mut self, loss: f64, weight: f64, labels: usize) {
        self.sum += loss * weight;
        self.weight += weight;
        self.labels += labels;
    }

    /// The mean; none without labels that count.
    pub fn get(&self) -> Option<f64> {
        (self.weight > 0.0).then(|| self.sum / self.weight)
    }

    /// As it is reported.
    pub fn report(&self) -> TaskReport {
        let (weight, gradient_norm) = (None, None);
        TaskReport { loss: self.get(), labels: self.labels, weight, gradient_norm }
    }
}

/// An error unless the loss is a finite number.
pub fn check(loss: f64, task: &TargetEncoder, epoch: usize) -> Result<()> {
    if loss.is_finite() {
        return Ok(());
    }
    let message = format!(
        "training diverged: the loss became {loss} in epoch {epoch}; lower learningRate, or set \
         gradientClip"
    );
    Err(Error::new(Code::Diverged, message).task(task.name()))
}

/// The loss and the score of one task on validation rows. `outputs` is `[rows, width]`, of all
/// members, whose averaged answer counts; `rows` is what each row counts. Class weights count in
/// the loss only.
pub fn validate(
    target: &TargetEncoder,
    loss: &Loss,
    outputs: &[f32],
    labels: &Labels,
    rows: Option<&[f64]>,
) -> ValidationTask {
    let width = outputs.len() / labels.encoded.len().max(1);
    let weights = loss.weights(labels, rows);
    let (mut losses, mut right, mut squares) = (Mean::default(), Mean::default(), Mean::default());
    let mut answer = vec![0.0; target.answer_width()];
    let all = labels.encoded.iter().zip(&labels.raw).zip(outputs.chunks_exact(width.max(1)));
    for (row, ((&encoded, &raw), output)) in all.enumerate() {
        if encoded.is_nan() {
            continue;
        }
        target.decode(output, &mut answer);
        let error = answer[0] - raw;
        let weight = rows.map_or(1.0, |rows| rows[row]);
        losses.add(loss.plain(output, encoded), weights.as_ref().map_or(1.0, |all| all[row]), 1);
        right.add(f64::from(error == 0.0), weight, 1);
        squares.add(error * error, weight, 1);
    }
    let classes = target.kind().has_classes();
    ValidationTask {
        loss: losses.get(),
        n: losses.labels,
        accuracy: right.get().filter(|_| classes),
        rmse: squares.get().map(f64::sqrt).filter(|_| !classes),
    }
}
