//! IMTL-L, the loss half of impartial multi-task learning: Liu et al., Towards Impartial
//! Multi-task Learning, ICLR 2021.
//!
//! The step of `Σ e^(s_t) L_t − s_t`, so `w_t = e^(s_t)`; `s` is learnt along
//! `∂s_t = e^(s_t) L_t − 1`, which is 0 where every weighed loss is 1. It is twice UW at `−s`.
//!
//! Cost: one backward pass. Heads: weighed like the rest. Default: s = 0 (LibMTL, TorchJD); `s`
//! has an Adam of its own, with `learningRate`.

use crate::balance::adam::Adam;
use crate::balance::{About, Gradients, Method, Parameter, Step, Weights, keeps};
use crate::error::Result;
use crate::random::Random;
use serde::{Deserialize, Serialize};

/// IMTL-L.
pub const ABOUT: About = About::of_losses("imtl-l", |given| {
    let [rate] = given.values();
    Box::new(ImtlL { scales: Scales::new(given.tasks), rate })
})
.with(&[Parameter::positive("learningRate", 0.01)]);

/// `s` stays within this, so that weights stay finite whatever the losses.
const FARTHEST: f64 = 60.0;

/// The scales `e^s` of the losses, learnt.
#[derive(Debug, Serialize, Deserialize)]
pub struct Scales {
    s: Vec<f64>,
    adam: Adam,
}

impl Scales {
    /// All 1.
    pub fn new(tasks: usize) -> Self {
        Scales { s: vec![0.0; tasks], adam: Adam::new(tasks) }
    }

    /// The scales of a step, from which they then go on.
    pub fn step(&mut self, step: &Step<'_>, rate: f64) -> Vec<f64> {
        let Scales { s, adam } = self;
        let mut learn = |(&task, loss): (&usize, &f64)| {
            let scale = s[task].exp();
            let moved = s[task] + adam.step(task, scale * loss - 1.0, rate);
            s[task] = moved.clamp(-FARTHEST, FARTHEST);
            scale
        };
        step.tasks.iter().zip(step.losses).map(&mut learn).collect()
    }
}

#[derive(Debug)]
struct ImtlL {
    scales: Scales,
    rate: f64,
}

impl Method for ImtlL {
    fn weigh(&mut self, step: &Step<'_>, _: Gradients<'_>, _: &mut Random) -> Result<Weights> {
        Ok(Weights::of_losses(self.scales.step(step, self.rate)))
    }

    keeps!(scales);
}
