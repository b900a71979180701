//! The loss of a task: the mean over observed labels.

use super::tensors::TaskLabels;
use crate::error::Result;
use tch::{Kind, Reduction, Tensor};

/// Which loss a head is trained with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loss {
    /// Cross-entropy over logits, in nats.
    CrossEntropy,
    /// The same for two classes and one logit.
    BinaryCrossEntropy,
    /// Squared error of the standardised target.
    SquaredError,
}

impl Loss {
    /// The mean over the `observed` labels, of which there must be one: a scalar.
    /// `ys` is the head's output, `[rows, width]`.
    pub fn mean(self, ys: &Tensor, labels: &TaskLabels, observed: usize) -> Result<Tensor> {
        let target = &labels.target;
        let Some(mask) = &labels.mask else {
            return Ok(match self {
                Loss::CrossEntropy => {
                    ys.f_cross_entropy_loss::<Tensor>(target, None, Reduction::Mean, -100, 0.0)?
                }
                Loss::BinaryCrossEntropy => ys.f_binary_cross_entropy_with_logits::<Tensor>(
                    target,
                    None,
                    None,
                    Reduction::Mean,
                )?,
                Loss::SquaredError => ys.f_mse_loss(target, Reduction::Mean)?,
            });
        };
        let each = match self {
            Loss::CrossEntropy => ys
                .f_cross_entropy_loss::<Tensor>(target, None, Reduction::None, -100, 0.0)?
                .f_unsqueeze(1)?,
            Loss::BinaryCrossEntropy => ys.f_binary_cross_entropy_with_logits::<Tensor>(
                target,
                None,
                None,
                Reduction::None,
            )?,
            Loss::SquaredError => ys.f_mse_loss(target, Reduction::None)?,
        };
        Ok(each.f_mul(mask)?.f_sum(Kind::Float)?.f_div_scalar(observed as f64)?)
    }
}
