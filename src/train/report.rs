//! From losses and outputs to the numbers of an epoch report.

use super::loss::Loss;
use crate::data::{Labels, TargetEncoder};
use crate::error::{Code, Error, Result};
use crate::history::{TaskReport, ValidationTask};

/// The training loss of one task over an epoch: the mean over labels, not over batches.
#[derive(Debug, Clone, Default)]
pub struct Mean {
    sum: f64,
    labels: usize,
}

impl Mean {
    /// Adds a batch: its mean loss over so many labels.
    pub fn add(&mut self, loss: f64, labels: usize) {
        self.sum += loss * labels as f64;
        self.labels += labels;
    }

    /// The mean; none without labels.
    pub fn get(&self) -> Option<f64> {
        (self.labels > 0).then(|| self.sum / self.labels as f64)
    }

    /// As it is reported.
    pub fn report(&self) -> TaskReport {
        TaskReport { loss: self.get(), labels: self.labels }
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

/// The loss and the score of one task on validation rows. `outputs` is `[rows, width]`.
pub fn validate(
    target: &TargetEncoder,
    loss: Loss,
    outputs: &[f32],
    labels: &Labels,
) -> ValidationTask {
    let width = target.head_width();
    let mut mean = Mean::default();
    let (mut right, mut squares) = (0usize, 0.0);
    let mut answer = vec![0.0; target.answer_width()];
    let observed = labels.encoded.iter().zip(&labels.raw).zip(outputs.chunks_exact(width));
    for ((&encoded, &raw), output) in observed.filter(|((encoded, _), _)| !encoded.is_nan()) {
        target.decode(output, &mut answer);
        mean.add(loss.of(output, encoded), 1);
        right += usize::from(answer[0] == raw);
        squares += (answer[0] - raw) * (answer[0] - raw);
    }
    let n = mean.labels;
    let share = |sum: f64| (n > 0).then(|| sum / n as f64);
    let classes = target.classes().is_some();
    ValidationTask {
        loss: mean.get(),
        n,
        accuracy: share(right as f64).filter(|_| classes),
        rmse: share(squares).map(f64::sqrt).filter(|_| !classes),
    }
}

impl Loss {
    /// The loss of a target.
    pub fn for_target(target: &TargetEncoder) -> Self {
        match (target.classes(), target.head_width()) {
            (None, _) => Loss::SquaredError,
            (Some(_), 1) => Loss::BinaryCrossEntropy,
            (Some(_), _) => Loss::CrossEntropy,
        }
    }

    /// One row's loss in plain numbers, as [`Loss::mean`] has it in tensors.
    fn of(self, output: &[f32], label: f32) -> f64 {
        let logit = |class: usize| f64::from(output[class]);
        match self {
            Loss::SquaredError => (logit(0) - f64::from(label)).powi(2),
            // ln(1 + eˣ) - yx, kept from overflow.
            Loss::BinaryCrossEntropy => {
                let x = logit(0);
                x.max(0.0) - x * f64::from(label) + (-x.abs()).exp().ln_1p()
            }
            Loss::CrossEntropy => {
                let most = output.iter().copied().fold(f32::NEG_INFINITY, f32::max);
                let sum: f64 = output.iter().map(|&x| f64::from(x - most).exp()).sum();
                sum.ln() + f64::from(most) - logit(label as usize)
            }
        }
    }
}
