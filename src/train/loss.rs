//! The loss of a task: the weighted mean over observed labels, on tensors and in plain numbers.

use super::tensors::TaskLabels;
use crate::data::{
    ClassWeights, Labels, NumberLoss, TargetEncoder, Task, TaskType, relative_weights,
};
use crate::error::Result;
use tch::{Kind, Reduction, Tensor};

/// How a head's output and a label make a loss.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Form {
    /// Cross-entropy over logits, in nats. `smoothing` of each label is spread over all classes
    /// (Szegedy et al. 2016, arXiv 1512.00567).
    CrossEntropy { smoothing: f64 },
    /// The same for two classes and one logit.
    BinaryCrossEntropy { smoothing: f64 },
    /// An error of the standardised target.
    Number(NumberLoss),
    /// Half the Poisson deviance of the scaled count, the output being the logarithm of the rate:
    /// the negative log-likelihood, but for a factor (the scale) and a constant that makes it 0
    /// where it is lowest.
    Poisson,
    /// The negative log-likelihood of the class, in nats, each logit being that of passing one
    /// class, given that it is reached (CORN, arXiv 2111.08851).
    Ordinal,
}

/// Weights by the largest: only their proportion matters, and in it no `f32` overflows.
pub fn in_proportion(weights: &[f64]) -> Vec<f32> {
    let most = weights.iter().copied().fold(0.0, f64::max);
    let scale = if most > 0.0 { most } else { 1.0 };
    weights.iter().map(|weight| (weight / scale) as f32).collect()
}

/// What a head is trained with.
#[derive(Debug, Clone, PartialEq)]
pub struct Loss {
    form: Form,
    /// The outputs of one network: there are more where several answer side by side.
    width: usize,
    /// What the label of each class counts; none if all count alike.
    classes: Option<Vec<f64>>,
}

impl Loss {
    /// The loss of a task, with class weights from the labels that train; `rows` is what each row
    /// counts.
    pub fn of(task: &Task, target: &TargetEncoder, train: &Labels, rows: Option<&[f64]>) -> Self {
        let smoothing = task.objective.label_smoothing;
        let width = target.head_width();
        let form = match (target.kind(), width) {
            (TaskType::Classification, 1) => Form::BinaryCrossEntropy { smoothing },
            (TaskType::Classification, _) => Form::CrossEntropy { smoothing },
            (TaskType::Regression, _) => {
                Form::Number(task.objective.loss.unwrap_or(NumberLoss::Mse))
            }
            (TaskType::Count, _) => Form::Poisson,
            (TaskType::Ordinal, _) => Form::Ordinal,
        };
        let classes = target.classes().zip(task.objective.class_weights.as_ref());
        let classes = classes.map(|(classes, weights)| match weights {
            ClassWeights::Balanced => balanced(classes.len(), train, rows),
            ClassWeights::Each(given) => {
                let mut weights = vec![1.0; classes.len()];
                for (name, weight) in given {
                    if let Some(code) = classes.code(crate::data::Cell::Text(name)) {
                        weights[code as usize] = *weight;
                    }
                }
                weights
            }
        });
        Loss { form, width, classes }
    }

    /// Whether the labels are class codes, to be given as whole numbers.
    pub fn reads_codes(&self) -> bool {
        matches!(self.form, Form::CrossEntropy { .. })
    }

    /// What each label counts: its row's weight by that of its class, 0 where it is missing.
    /// None if all are there and count alike.
    pub fn weights(&self, labels: &Labels, rows: Option<&[f64]>) -> Option<Vec<f64>> {
        let all = labels.observed() == labels.encoded.len();
        if all && rows.is_none() && self.classes.is_none() {
            return None;
        }
        let weights = labels.encoded.iter().enumerate().map(|(row, label)| {
            let of_class = |class: usize| self.classes.as_ref().map_or(1.0, |all| all[class]);
            match label.is_nan() {
                true => 0.0,
                false => rows.map_or(1.0, |rows| rows[row]) * of_class(*label as usize),
            }
        });
        Some(weights.collect())
    }

    /// The same [`in_proportion`].
    pub fn scaled_weights(&self, labels: &Labels, rows: Option<&[f64]>) -> Option<Vec<f32>> {
        self.weights(labels, rows).map(|weights| in_proportion(&weights))
    }

    /// How output and label make a loss.
    pub fn form(&self) -> Form {
        self.form
    }

    /// The mean over labels of which one at least has a weight; `weight` is the sum of them.
    /// `ys` is the head's output, `[rows, members · width]`; the mean, over members too, is a
    /// scalar.
    pub fn mean(&self, ys: &Tensor, labels: &TaskLabels, weight: f64) -> Result<Tensor> {
        let members = ys.size2()?.1 / self.width as i64;
        if members > 1 {
            let ys = ys.f_reshape([-1, self.width as i64])?;
            return self.mean(&ys, &labels.repeated(members)?, weight * members as f64);
        }
        let Some(weights) = &labels.weights else {
            return self.form.on_tensors(ys, &labels.target, Reduction::Mean);
        };
        // A rate that overflows in a row that does not count must not: ∞ · 0 is no number.
        let ys = match self.form {
            Form::Poisson => &ys.f_where_self(&weights.f_gt(0.0)?, &ys.f_zeros_like()?)?,
            _ => ys,
        };
        let each = self.form.on_tensors(ys, &labels.target, Reduction::None)?;
        let each = each.f_view([-1, 1])?;
        Ok(each.f_mul(weights)?.f_sum(Kind::Float)?.f_div_scalar(weight)?)
    }

    /// One row's loss in plain numbers, as [`Loss::mean`] has it in tensors, but without label
    /// smoothing: what validation reports. Of several members it is the loss of their averaged
    /// answer, which is what users get.
    pub fn plain(&self, output: &[f32], label: f32) -> f64 {
        let label = f64::from(label);
        if output.len() == self.width {
            return self.form.on_numbers(output, label);
        }
        let count = (output.len() / self.width) as f64;
        let each = || output.chunks_exact(self.width).map(|of| self.form.on_numbers(of, label));
        match self.form {
            // Minus the logarithm of the mean of what these are minus the logarithms of.
            Form::CrossEntropy { .. } | Form::BinaryCrossEntropy { .. } | Form::Ordinal => {
                let least = each().fold(f64::INFINITY, f64::min);
                least - (each().map(|loss| (least - loss).exp()).sum::<f64>() / count).ln()
            }
            Form::Number(_) => {
                let mean = output.iter().map(|&x| f64::from(x)).sum::<f64>() / count;
                self.form.on_numbers(&[mean as f32], label)
            }
            Form::Poisson => {
                let mean = output.iter().map(|&x| f64::from(x).exp()).sum::<f64>() / count;
                self.form.on_numbers(&[mean.ln() as f32], label)
            }
        }
    }
}

/// n ÷ (K · n of the class) over the observed labels, as scikit-learn's `'balanced'`, K being the
/// classes that occur; 1 for one that does not. Rows count by their weights.
fn balanced(classes: usize, labels: &Labels, rows: Option<&[f64]>) -> Vec<f64> {
    let rows = rows.and_then(relative_weights);
    let mut counts = vec![0.0; classes];
    for (row, &label) in labels.encoded.iter().enumerate().filter(|(_, label)| !label.is_nan()) {
        counts[label as usize] += rows.as_ref().map_or(1.0, |rows| rows[row]);
    }
    let total: f64 = counts.iter().sum();
    let occurring = counts.iter().filter(|count| **count > 0.0).count() as f64;
    let weight = |&count: &f64| if count > 0.0 { total / (occurring * count) } else { 1.0 };
    counts.iter().map(weight).collect()
}

impl Form {
    /// Over all rows: one loss each, `[rows]` or `[rows, 1]`, or their mean.
    fn on_tensors(self, ys: &Tensor, target: &Tensor, reduction: Reduction) -> Result<Tensor> {
        let each = match self {
            Form::CrossEntropy { smoothing } => {
                let none = None::<Tensor>;
                return Ok(ys.f_cross_entropy_loss(target, none, reduction, -100, smoothing)?);
            }
            Form::BinaryCrossEntropy { smoothing } => {
                let soft;
                let target = match smoothing {
                    0.0 => target,
                    smoothing => {
                        soft =
                            target.f_mul_scalar(1.0 - smoothing)?.f_add_scalar(smoothing / 2.0)?;
                        &soft
                    }
                };
                let none = None::<Tensor>;
                return Ok(ys.f_binary_cross_entropy_with_logits(
                    target,
                    none.as_ref(),
                    none.as_ref(),
                    reduction,
                )?);
            }
            Form::Number(NumberLoss::Mse) => return Ok(ys.f_mse_loss(target, reduction)?),
            Form::Number(NumberLoss::Mae) => return Ok(ys.f_l1_loss(target, reduction)?),
            Form::Number(NumberLoss::Huber { delta }) => {
                return Ok(ys.f_huber_loss(target, reduction, delta)?);
            }
            Form::Number(NumberLoss::Quantile { quantile }) => {
                let error = target.f_sub(ys)?;
                error.f_mul_scalar(quantile)?.f_maximum(&error.f_mul_scalar(quantile - 1.0)?)?
            }
            Form::Poisson => {
                let lowest = target.f_xlogy(target)?.f_sub(target)?;
                ys.f_exp()?.f_sub(&target.f_mul(ys)?)?.f_add(&lowest)?
            }
            Form::Ordinal => {
                // [rows, classes - 1]: which classes are reached, and which of them passed.
                let classes = ys.size2()?.1;
                let classes = Tensor::f_arange(classes, (Kind::Float, ys.device()))?;
                let passed = target.f_gt_tensor(&classes)?.f_to_kind(Kind::Float)?;
                let reached = target.f_ge_tensor(&classes)?.f_to_kind(Kind::Float)?;
                let none = None::<&Tensor>;
                ys.f_binary_cross_entropy_with_logits(&passed, none, none, Reduction::None)?
                    .f_mul(&reached)?
                    .f_sum_dim_intlist(1, true, Kind::Float)?
            }
        };
        Ok(match reduction {
            Reduction::None => each,
            _ => each.f_mean(Kind::Float)?,
        })
    }

    /// For one row, without label smoothing.
    fn on_numbers(self, output: &[f32], label: f64) -> f64 {
        let logit = |class: usize| f64::from(output[class]);
        let error = label - logit(0);
        match self {
            Form::CrossEntropy { .. } => {
                let most = output.iter().copied().fold(f32::NEG_INFINITY, f32::max);
                let sum: f64 = output.iter().map(|&x| f64::from(x - most).exp()).sum();
                sum.ln() + f64::from(most) - logit(label as usize)
            }
            // ln(1 + eˣ) - yx, kept from overflow.
            Form::BinaryCrossEntropy { .. } => {
                let x = logit(0);
                x.max(0.0) - x * label + (-x.abs()).exp().ln_1p()
            }
            Form::Number(NumberLoss::Mse) => error * error,
            Form::Number(NumberLoss::Mae) => error.abs(),
            Form::Number(NumberLoss::Huber { delta }) if error.abs() <= delta => {
                0.5 * error * error
            }
            Form::Number(NumberLoss::Huber { delta }) => delta * (error.abs() - 0.5 * delta),
            Form::Number(NumberLoss::Quantile { quantile }) => {
                (quantile * error).max((quantile - 1.0) * error)
            }
            Form::Poisson if label == 0.0 => logit(0).exp(),
            Form::Poisson => logit(0).exp() - label * logit(0) + label * label.ln() - label,
            Form::Ordinal => {
                let class = label as usize;
                let passed: f64 = (0..class).map(|below| softplus(-logit(below))).sum();
                passed + if class < output.len() { softplus(logit(class)) } else { 0.0 }
            }
        }
    }
}

/// ln(1 + eˣ), kept from overflow.
fn softplus(x: f64) -> f64 {
    x.max(0.0) + (-x.abs()).exp().ln_1p()
}

#[cfg(test)]
#[path = "loss_tests.rs"]
mod tests;
