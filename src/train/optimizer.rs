//! Gradients to steps: a few operations on the flat weights, with state that could be saved.

use super::engine::Pace;
use super::tensors::values;
use crate::error::Result;
use crate::graph::{Graph, Param};
use crate::options::{FitOptions, OptimizerKind, OptimizerOptions};
use std::ops::Range;
use tch::{Kind, Tensor};

/// First and second moments of the gradient, weight by weight; the second is empty for SGD with
/// momentum, which has the first alone.
pub type Moments = (Vec<f32>, Vec<f32>);

/// An optimizer over flat weights. A parameter without a gradient in a step (its task had no
/// label in the batch) is left as it is to the last bit: no decay, no momentum, no step counted.
#[derive(Debug)]
pub struct Optimizer {
    kind: OptimizerOptions,
    clip: Option<f64>,
    ranges: Vec<Range<usize>>,
    /// The weight decay of each weight: none on biases, scales and shifts.
    decay: Option<Tensor>,
    /// What each weight's learning rate is multiplied with; none if that is 1 throughout.
    rates: Option<Tensor>,
    /// First and second moments; the second is empty for SGD.
    moments: Option<(Tensor, Tensor)>,
    /// Steps taken by each parameter.
    steps: Vec<i32>,
}

impl Optimizer {
    /// An optimizer that has not stepped yet.
    pub fn new(graph: &Graph, options: &FitOptions) -> Result<Self> {
        let zeros = |len: usize| Tensor::f_zeros([len as i64], (Kind::Float, tch::Device::Cpu));
        let each = |of: &dyn Fn(&Param) -> f32| -> Vec<f32> {
            let factors = graph.params.iter();
            factors.flat_map(|param| std::iter::repeat_n(of(param), param.len())).collect()
        };
        let decay = each(&|param| options.weight_decay as f32 * param.decays());
        let rates = each(&|param| param.rate);
        let (decays, differ) = (options.weight_decay > 0.0, rates.iter().any(|rate| *rate != 1.0));
        let weights = graph.weights();
        Ok(Optimizer {
            kind: options.optimizer,
            clip: options.gradient_clip,
            ranges: graph.ranges(),
            decay: decays.then(|| Tensor::f_from_slice(&decay)).transpose()?,
            rates: differ.then(|| Tensor::f_from_slice(&rates)).transpose()?,
            moments: match options.optimizer.moments() {
                0 => None,
                1 => Some((zeros(weights)?, zeros(0)?)),
                _ => Some((zeros(weights)?, zeros(weights)?)),
            },
            steps: vec![0; graph.params.len()],
        })
    }

    /// The moments, if it keeps any, and the steps of each parameter.
    pub fn state(&self) -> Result<(Option<Moments>, Vec<i32>)> {
        let moments = self
            .moments
            .as_ref()
            .map(|(first, second)| -> Result<_> { Ok((values(first)?, values(second)?)) });
        Ok((moments.transpose()?, self.steps.clone()))
    }

    /// Goes on from a state that [`Optimizer::state`] gave.
    pub fn restore(&mut self, moments: Option<&(Vec<f32>, Vec<f32>)>, steps: &[i32]) -> Result<()> {
        let moments = moments.map(|(first, second)| -> Result<_> {
            Ok((Tensor::f_from_slice(first)?, Tensor::f_from_slice(second)?))
        });
        self.moments = moments.transpose()?;
        self.steps = steps.to_vec();
        Ok(())
    }

    /// One step along the gradients, one for each parameter; an undefined one is left out.
    pub fn step(&mut self, flat: &Tensor, gradients: &[Tensor], pace: Pace) -> Result<()> {
        let scale = self.clip_factor(gradients)?;
        for run in self.runs(gradients) {
            let parts: Vec<Tensor> = gradients[run.clone()]
                .iter()
                .map(|g| g.f_flatten(0, -1))
                .collect::<Result<_, _>>()?;
            let mut gradient = Tensor::f_cat(&parts, 0)?;
            if let Some(scale) = scale {
                gradient = gradient.f_mul_scalar_(scale)?;
            }
            self.steps[run.clone()].iter_mut().for_each(|steps| *steps += 1);
            let weights = self.ranges[run.start].start..self.ranges[run.end - 1].end;
            let step = self.steps[run.start];
            self.update(flat, weights, gradient, step, pace)?;
        }
        Ok(())
    }

    /// Runs of neighbouring parameters that have gradients and have stepped equally often.
    fn runs(&self, gradients: &[Tensor]) -> Vec<Range<usize>> {
        let mut runs: Vec<Range<usize>> = Vec::new();
        for (index, gradient) in gradients.iter().enumerate() {
            if !gradient.defined() {
                continue;
            }
            match runs.last_mut() {
                Some(run) if run.end == index && self.steps[run.start] == self.steps[index] => {
                    run.end += 1;
                }
                _ => runs.push(index..index + 1),
            }
        }
        runs
    }

    fn clip_factor(&self, gradients: &[Tensor]) -> Result<Option<f64>> {
        let Some(clip) = self.clip else { return Ok(None) };
        let mut squares = 0.0;
        for gradient in gradients.iter().filter(|gradient| gradient.defined()) {
            let norm = gradient.f_norm()?.f_double_value(&[])?;
            squares += norm * norm;
        }
        let norm = squares.sqrt();
        Ok((norm > clip).then(|| clip / norm))
    }

    /// `weights -= rate · direction`, for the weights of one run.
    fn update(
        &mut self,
        flat: &Tensor,
        weights: Range<usize>,
        mut gradient: Tensor,
        step: i32,
        pace: Pace,
    ) -> Result<()> {
        let part = |tensor: &Tensor| {
            tensor.f_narrow(0, weights.start as i64, (weights.end - weights.start) as i64)
        };
        let mut weights_now = part(flat)?;
        let mut decay = self.decay.as_ref().map(part).transpose()?;
        if let (Some(decay), true) = (&mut decay, pace.decay != 1.0) {
            *decay = decay.f_mul_scalar(pace.decay)?;
        }
        let coupled = self.kind.method != OptimizerKind::AdamW;
        if let (Some(decay), true) = (&decay, coupled) {
            gradient = gradient.f_addcmul_(&weights_now, decay)?;
        }
        let mut direction = match &self.moments {
            None => gradient,
            Some((first, _)) if self.kind.moments() == 1 => {
                heavy(&self.kind, part(first)?, gradient)?
            }
            Some((first, second)) => {
                adam(&self.kind, (part(first)?, part(second)?), gradient, step)?
            }
        };
        if let Some(rates) = &self.rates {
            direction = direction.f_mul_(&part(rates)?)?;
        }
        // Decoupled decay goes by the rate of all.
        if let (Some(decay), false) = (&decay, coupled) {
            direction = direction.f_addcmul_(&weights_now, decay)?;
        }
        let _ = weights_now.f_add_(&direction.f_mul_scalar_(-pace.rate)?)?;
        Ok(())
    }
}

/// The direction of SGD with momentum: the sum of the gradients, the older ones faded.
fn heavy(kind: &OptimizerOptions, mut velocity: Tensor, gradient: Tensor) -> Result<Tensor> {
    let velocity = velocity.f_mul_scalar_(kind.momentum)?.f_add_(&gradient)?;
    Ok(match kind.nesterov {
        true => velocity.f_mul_scalar(kind.momentum)?.f_add_(&gradient)?,
        // A tensor of its own: the direction is worked on in place.
        false => velocity.f_mul_scalar(1.0)?,
    })
}

/// Adam's direction: the bias-corrected mean over the root of the bias-corrected mean square.
fn adam(
    kind: &OptimizerOptions,
    (mut first, mut second): (Tensor, Tensor),
    gradient: Tensor,
    step: i32,
) -> Result<Tensor> {
    let betas = kind.betas;
    let first = first.f_lerp_(&gradient, 1.0 - betas.0)?;
    let squares = gradient.f_square()?.f_mul_scalar_(1.0 - betas.1)?;
    let second = second.f_mul_scalar_(betas.1)?.f_add_(&squares)?;
    let corrections = (1.0 - betas.0.powi(step), 1.0 - betas.1.powi(step));
    let mut root = second.f_div_scalar(corrections.1)?.f_sqrt_()?;
    let root = root.f_add_scalar_(kind.epsilon)?.f_mul_scalar_(corrections.0)?;
    Ok(first.f_div(&root)?)
}
