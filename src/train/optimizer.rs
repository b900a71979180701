//! Gradients to steps: a few operations on the flat weights, with state that could be saved.

use super::tensors::values;
use crate::error::Result;
use crate::graph::Graph;
use crate::options::{FitOptions, OptimizerKind};
use std::ops::Range;
use tch::{Kind, Tensor};

const BETAS: (f64, f64) = (0.9, 0.999);
const EPSILON: f64 = 1e-8;

/// First and second moments of the gradient, weight by weight.
pub type Moments = (Vec<f32>, Vec<f32>);

/// An optimizer over flat weights. A parameter without a gradient in a step (its task had no
/// label in the batch) is left as it is to the last bit: no decay, no momentum, no step counted.
#[derive(Debug)]
pub struct Optimizer {
    kind: OptimizerKind,
    clip: Option<f64>,
    ranges: Vec<Range<usize>>,
    /// The weight decay of each weight: none on biases, scales and shifts.
    decay: Option<Tensor>,
    /// First and second moments, for Adam.
    moments: Option<(Tensor, Tensor)>,
    /// Steps taken by each parameter.
    steps: Vec<i32>,
}

impl Optimizer {
    /// An optimizer that has not stepped yet.
    pub fn new(graph: &Graph, options: &FitOptions) -> Result<Self> {
        let zeros = || Tensor::f_zeros([graph.weights() as i64], (Kind::Float, tch::Device::Cpu));
        let decay = graph.params.iter().flat_map(|param| {
            let rate = if param.shape.len() > 1 { options.weight_decay } else { 0.0 };
            std::iter::repeat_n(rate as f32, param.len())
        });
        let decay: Vec<f32> = decay.collect();
        let decays = options.weight_decay > 0.0;
        Ok(Optimizer {
            kind: options.optimizer,
            clip: options.gradient_clip,
            ranges: graph.ranges(),
            decay: decays.then(|| Tensor::f_from_slice(&decay)).transpose()?,
            moments: match options.optimizer {
                OptimizerKind::Sgd => None,
                OptimizerKind::Adam | OptimizerKind::AdamW => Some((zeros()?, zeros()?)),
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
    pub fn step(&mut self, flat: &Tensor, gradients: &[Tensor], rate: f64) -> Result<()> {
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
            self.update(flat, weights, gradient, step, rate)?;
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
        rate: f64,
    ) -> Result<()> {
        let part = |tensor: &Tensor| {
            tensor.f_narrow(0, weights.start as i64, (weights.end - weights.start) as i64)
        };
        let mut weights_now = part(flat)?;
        let decay = self.decay.as_ref().map(part).transpose()?;
        let coupled = self.kind != OptimizerKind::AdamW;
        if let (Some(decay), true) = (&decay, coupled) {
            gradient = gradient.f_addcmul_(&weights_now, decay)?;
        }
        let mut direction = match &self.moments {
            None => gradient,
            Some((first, second)) => adam(part(first)?, part(second)?, gradient, step)?,
        };
        if let (Some(decay), false) = (&decay, coupled) {
            direction = direction.f_addcmul_(&weights_now, decay)?;
        }
        let _ = weights_now.f_add_(&direction.f_mul_scalar_(-rate)?)?;
        Ok(())
    }
}

/// Adam's direction: the bias-corrected mean over the root of the bias-corrected mean square.
fn adam(mut first: Tensor, mut second: Tensor, gradient: Tensor, step: i32) -> Result<Tensor> {
    let first = first.f_lerp_(&gradient, 1.0 - BETAS.0)?;
    let squares = gradient.f_square()?.f_mul_scalar_(1.0 - BETAS.1)?;
    let second = second.f_mul_scalar_(BETAS.1)?.f_add_(&squares)?;
    let corrections = (1.0 - BETAS.0.powi(step), 1.0 - BETAS.1.powi(step));
    let mut root = second.f_div_scalar(corrections.1)?.f_sqrt_()?;
    let root = root.f_add_scalar_(EPSILON)?.f_mul_scalar_(corrections.0)?;
    Ok(first.f_div(&root)?)
}
