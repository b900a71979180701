//! FAMO: Liu et al., FAMO: Fast Adaptive Multitask Optimization, NeurIPS 2023 (arXiv 2306.03792).
//!
//! The step of `c Σ z_t ln L_t` with `z = softmax(ξ)` and `c = 1 ÷ Σ (z_t ÷ L_t)`, so
//! `w_t = c z_t ÷ L_t`, which sum to 1. After the step, `ξ` goes by Adam against the gradient of
//! `z` times `δ_t = ln L_t(before) − ln L_t(after)`: a task that gained least weighs more.
//!
//! Cost: one backward pass and one more forward pass. Heads: weighed like the rest. Defaults:
//! `learningRate` 0.025 (the paper), `weightDecay` 1e-3 on ξ (LibMTL; the paper's code 1e-5);
//! losses are at least 0. A loss below 1e-12 counts as that.

use crate::balance::adam::Adam;
use crate::balance::linalg::{dot, softmax};
use crate::balance::{
    About, Given, Gradients, LEAST_LOSS, Method, Parameter, Step, Weights, keeps,
};
use crate::error::Result;
use crate::random::Random;
use serde::{Deserialize, Serialize};

/// FAMO.
pub const ABOUT: About = About::of_losses("famo", |given| Box::new(Famo::new(given)))
    .with(&[Parameter::positive("learningRate", 0.025), Parameter::from_zero("weightDecay", 1e-3)]);

#[derive(Debug)]
struct Famo {
    rate: f64,
    decay: f64,
    /// The logarithms of the losses before the step.
    before: Vec<f64>,
    learnt: Learnt,
}

#[derive(Debug, Serialize, Deserialize)]
struct Learnt {
    xi: Vec<f64>,
    adam: Adam,
}

impl Famo {
    fn new(given: &Given<'_>) -> Self {
        let [rate, decay] = given.values();
        let learnt = Learnt { xi: vec![0.0; given.tasks], adam: Adam::new(given.tasks) };
        Famo { rate, decay, before: Vec::new(), learnt }
    }

    /// The shares of the tasks of a step.
    fn shares(&self, step: &Step<'_>) -> Vec<f64> {
        softmax(&step.tasks.iter().map(|&task| self.learnt.xi[task]).collect::<Vec<_>>())
    }
}

fn logarithms(step: &Step<'_>) -> Vec<f64> {
    step.losses.iter().map(|loss| loss.max(LEAST_LOSS).ln()).collect()
}

impl Method for Famo {
    fn weigh(&mut self, step: &Step<'_>, _: Gradients<'_>, _: &mut Random) -> Result<Weights> {
        self.before = logarithms(step);
        let shares = self.shares(step);
        let ratios: Vec<f64> =
            shares.iter().zip(step.losses).map(|(z, loss)| z / loss.max(LEAST_LOSS)).collect();
        let sum: f64 = ratios.iter().sum();
        Ok(Weights::of_losses(ratios.iter().map(|ratio| ratio / sum).collect()))
    }

    fn looks_back(&self) -> bool {
        true
    }

    fn after(&mut self, step: &Step<'_>) {
        if step.tasks.len() != self.before.len() {
            return;
        }
        let shares = self.shares(step);
        let after = logarithms(step);
        let gains: Vec<f64> = self.before.iter().zip(&after).map(|(b, a)| b - a).collect();
        let mean = dot(&shares, &gains);
        let Learnt { xi, adam } = &mut self.learnt;
        for ((&task, z), gain) in step.tasks.iter().zip(&shares).zip(&gains) {
            let gradient = z * (gain - mean) + self.decay * xi[task];
            xi[task] += adam.step(task, gradient, self.rate);
        }
    }

    keeps!(learnt);
}
