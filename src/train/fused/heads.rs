//! Losses of a block's outputs, and their gradients, in plain numbers.

use super::super::loss::Form;
use crate::data::NumberLoss;
use crate::kernel::exp;

/// Room for what a loss computes on the way, kept from block to block.
#[derive(Debug, Default)]
pub struct Scratch {
    /// The outputs, `[rows, width]`; then their gradients.
    pub outputs: Vec<f32>,
    /// The labels of the rows.
    pub labels: Vec<f32>,
    /// What they count.
    pub weights: Vec<f32>,
    powers: Vec<f32>,
}

impl Scratch {
    /// Replaces the outputs of one head by the gradients of its loss, times `scale`, and gives the
    /// weighted sum of the losses.
    pub fn lose(&mut self, form: Form, width: usize, scale: f32) -> f64 {
        match form {
            Form::CrossEntropy { smoothing } => self.cross_entropy(width, smoothing as f32, scale),
            Form::BinaryCrossEntropy { smoothing } => self.binary(smoothing as f32, scale),
            Form::Number(loss) => self.each(scale, |y, label| number(loss, y, label)),
            Form::Poisson => self.poisson(scale),
            Form::Ordinal => self.ordinal(width, scale),
        }
    }

    /// One output a row, with its loss and the slope of that.
    fn each(&mut self, scale: f32, loss: impl Fn(f32, f32) -> (f32, f32)) -> f64 {
        let mut sum = 0.0;
        let rows = self.outputs.iter_mut().zip(&self.labels).zip(&self.weights);
        for ((output, &label), &weight) in rows {
            let (value, slope) = loss(*output, label);
            // A label that is missing loses nothing, whatever the output.
            let counts = weight != 0.0;
            sum += if counts { f64::from(value * weight) } else { 0.0 };
            *output = if counts { slope * weight * scale } else { 0.0 };
        }
        sum
    }

    fn cross_entropy(&mut self, width: usize, smoothing: f32, scale: f32) -> f64 {
        self.powers.clear();
        for row in self.outputs.chunks_exact(width) {
            let most = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
            self.powers.extend(row.iter().map(|x| x - most));
        }
        exp(&mut self.powers);
        let (even, mut sum) = (smoothing / width as f32, 0.0);
        let rows = self.outputs.chunks_exact_mut(width).zip(self.powers.chunks_exact(width));
        for ((row, powers), (&label, &weight)) in rows.zip(self.labels.iter().zip(&self.weights)) {
            if weight == 0.0 {
                row.fill(0.0);
                continue;
            }
            let class = label as usize;
            let most = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
            let total: f32 = powers.iter().sum();
            let log = total.ln() + most;
            let mean = row.iter().sum::<f32>() / width as f32;
            let loss = (1.0 - smoothing) * (log - row[class]) + smoothing * (log - mean);
            sum += f64::from(loss * weight);
            let (share, factor) = (1.0 / total, weight * scale);
            for (x, power) in row.iter_mut().zip(powers) {
                *x = (power * share - even) * factor;
            }
            row[class] -= (1.0 - smoothing) * factor;
        }
        sum
    }

    /// e to the negative magnitude of each output.
    fn decay(&mut self) {
        self.powers.clear();
        self.powers.extend(self.outputs.iter().map(|x| -x.abs()));
        exp(&mut self.powers);
    }

    fn binary(&mut self, smoothing: f32, scale: f32) -> f64 {
        self.decay();
        let powers = std::mem::take(&mut self.powers);
        let mut powers_left = powers.iter();
        let mut sum = 0.0;
        for ((x, &label), &weight) in self.outputs.iter_mut().zip(&self.labels).zip(&self.weights) {
            let power = powers_left.next().copied().unwrap_or_default();
            let target = label * (1.0 - smoothing) + smoothing / 2.0;
            let (loss, slope) = logistic(*x, power, target);
            let counts = weight != 0.0;
            sum += if counts { f64::from(loss * weight) } else { 0.0 };
            *x = if counts { slope * weight * scale } else { 0.0 };
        }
        self.powers = powers;
        sum
    }

    fn poisson(&mut self, scale: f32) -> f64 {
        self.powers.clear();
        self.powers.extend_from_slice(&self.outputs);
        exp(&mut self.powers);
        let mut sum = 0.0;
        let rows = self.outputs.iter_mut().zip(&self.powers);
        for ((x, power), (&label, &weight)) in rows.zip(self.labels.iter().zip(&self.weights)) {
            if weight == 0.0 {
                *x = 0.0;
                continue;
            }
            let least = if label > 0.0 { label * label.ln() - label } else { 0.0 };
            sum += f64::from((power - label * *x + least) * weight);
            *x = (power - label) * weight * scale;
        }
        sum
    }

    fn ordinal(&mut self, width: usize, scale: f32) -> f64 {
        self.decay();
        let mut sum = 0.0;
        let rows = self.outputs.chunks_exact_mut(width).zip(self.powers.chunks_exact(width));
        for ((row, powers), (&label, &weight)) in rows.zip(self.labels.iter().zip(&self.weights)) {
            for (class, (x, &power)) in row.iter_mut().zip(powers).enumerate() {
                let reached = label >= class as f32 && weight != 0.0;
                let (loss, slope) = logistic(*x, power, f32::from(label > class as f32));
                sum += if reached { f64::from(loss * weight) } else { 0.0 };
                *x = if reached { slope * weight * scale } else { 0.0 };
            }
        }
        sum
    }
}

/// Binary cross-entropy of a logit and its slope; `power` is e to its negative magnitude.
fn logistic(x: f32, power: f32, target: f32) -> (f32, f32) {
    let loss = x.max(0.0) - x * target + (1.0 + power).ln();
    // Not by `max`, which hides what is not a number.
    let loss = if x.is_nan() { x } else { loss };
    let sigmoid = if x >= 0.0 { 1.0 } else { power } / (1.0 + power);
    (loss, sigmoid - target)
}

fn number(loss: NumberLoss, y: f32, label: f32) -> (f32, f32) {
    let error = y - label;
    match loss {
        NumberLoss::Mse => (error * error, 2.0 * error),
        NumberLoss::Mae if error == 0.0 => (0.0, 0.0),
        NumberLoss::Mae => (error.abs(), error.signum()),
        NumberLoss::Huber { delta } => {
            let delta = delta as f32;
            match error.abs() <= delta {
                true => (0.5 * error * error, error),
                false => (delta * (error.abs() - 0.5 * delta), delta * error.signum()),
            }
        }
        NumberLoss::Quantile { quantile } => {
            let below = quantile as f32;
            match error {
                error if error > 0.0 => ((1.0 - below) * error, 1.0 - below),
                error if error < 0.0 => (-below * error, -below),
                // Between the two slopes, as libtorch has it; or not a number.
                error => (error, 0.5 - below),
            }
        }
    }
}
