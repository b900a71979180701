//! Uncertainty weighting, UW: Kendall, Gal and Cipolla, Multi-Task Learning Using Uncertainty to
//! Weigh Losses for Scene Geometry and Semantics, CVPR 2018 (arXiv 1705.07115).
//!
//! The step of `Σ ½ e^(−s_t) L_t + ½ s_t`, so `w_t = ½ e^(−s_t)`; `s` is learnt along
//! `∂s_t = ½ (1 − e^(−s_t) L_t)`, which is 0 at `s_t = ln L_t`.
//!
//! Cost: one backward pass. Heads: weighed like the rest. Defaults: `initial` s = 0 (TorchJD;
//! LibMTL −0.5). The papers' code moves `s` with the network's optimizer; here it has an Adam and
//! a `learningRate` of its own, so that the network's schedule does not stop it.

use crate::balance::adam::Adam;
use crate::balance::{About, Given, Gradients, Method, Parameter, Step, Weights, keeps};
use crate::error::Result;
use crate::random::Random;
use serde::{Deserialize, Serialize};

/// Uncertainty weighting.
pub const ABOUT: About = About::of_losses("uncertainty", |given| Box::new(Uncertainty::new(given)))
    .with(&[Parameter::number("initial", 0.0), Parameter::positive("learningRate", 0.01)]);

/// `s` stays within this, so that weights stay finite whatever the losses.
const FARTHEST: f64 = 60.0;

#[derive(Debug)]
struct Uncertainty {
    rate: f64,
    learnt: Learnt,
}

#[derive(Debug, Serialize, Deserialize)]
struct Learnt {
    s: Vec<f64>,
    adam: Adam,
}

impl Uncertainty {
    fn new(given: &Given<'_>) -> Self {
        let [initial, rate] = given.values();
        let s = vec![initial.clamp(-FARTHEST, FARTHEST); given.tasks];
        Uncertainty { rate, learnt: Learnt { s, adam: Adam::new(given.tasks) } }
    }
}

impl Method for Uncertainty {
    fn weigh(&mut self, step: &Step<'_>, _: Gradients<'_>, _: &mut Random) -> Result<Weights> {
        let Learnt { s, adam } = &mut self.learnt;
        let mut weights = Vec::with_capacity(step.tasks.len());
        for (&task, loss) in step.tasks.iter().zip(step.losses) {
            let precision = (-s[task]).exp();
            weights.push(0.5 * precision);
            let moved = s[task] + adam.step(task, 0.5 * (1.0 - precision * loss), self.rate);
            s[task] = moved.clamp(-FARTHEST, FARTHEST);
        }
        Ok(Weights::of_losses(weights))
    }

    keeps!(learnt);
}
