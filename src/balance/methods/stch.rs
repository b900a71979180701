//! Smooth Tchebycheff scalarisation, STCH: Lin et al., Smooth Tchebycheff Scalarization for
//! Multi-Objective Optimization, ICML 2024 (arXiv 2402.19078).
//!
//! The step of `T μ ln Σ exp(ln(L_t ÷ n_t) ÷ μ)`, a smooth maximum of the losses relative to the
//! nadir `n`, the mean losses of an epoch: `w_t = T p_t ÷ L_t`, `p = softmax(ln(L ÷ n) ÷ μ)`. Up to
//! the end of that epoch the step is that of `Σ ln L_t`.
//!
//! Cost: one backward pass. Heads: weighed like the rest. Defaults: `mu` μ = 1 and `warmup` 4, the
//! epoch (from 0) that makes the nadir (LibMTL). A loss below 1e-12 counts as that.

use crate::balance::linalg::softmax;
use crate::balance::{About, Gradients, LEAST_LOSS, Method, Parameter, Step, Weights, keeps};
use crate::error::Result;
use crate::random::Random;
use serde::{Deserialize, Serialize};

/// Smooth Tchebycheff scalarisation.
pub const ABOUT: About = About::of_losses("stch", |given| {
    let [mu, warmup] = given.values();
    let past = Past { epochs: 0, nadir: vec![None; given.tasks] };
    Box::new(Stch { mu, warmup: warmup as usize, past })
})
.with(&[Parameter::positive("mu", 1.0), Parameter::whole("warmup", 4.0)]);

#[derive(Debug)]
struct Stch {
    mu: f64,
    warmup: usize,
    past: Past,
}

#[derive(Debug, Serialize, Deserialize)]
struct Past {
    epochs: usize,
    nadir: Vec<Option<f64>>,
}

impl Method for Stch {
    fn weigh(&mut self, step: &Step<'_>, _: Gradients<'_>, _: &mut Random) -> Result<Weights> {
        let losses = step.losses.iter().map(|loss| loss.max(LEAST_LOSS));
        if self.past.epochs <= self.warmup {
            return Ok(Weights::of_losses(losses.map(f64::recip).collect()));
        }
        let nadir = |task: usize| self.past.nadir[task].unwrap_or(1.0).max(LEAST_LOSS);
        let logits: Vec<f64> = (step.tasks.iter().zip(losses.clone()))
            .map(|(&task, loss)| (loss / nadir(task)).ln() / self.mu)
            .collect();
        let count = step.tasks.len() as f64;
        let shares = softmax(&logits);
        Ok(Weights::of_losses(
            shares.iter().zip(losses).map(|(p, loss)| count * p / loss).collect(),
        ))
    }

    fn end_epoch(&mut self, means: &[Option<f64>]) {
        let Past { epochs, nadir } = &mut self.past;
        // A task that had no label in that epoch gets its nadir in the first in which it has.
        if *epochs >= self.warmup {
            nadir.iter_mut().zip(means).for_each(|(nadir, mean)| *nadir = nadir.or(*mean));
        }
        *epochs += 1;
    }

    keeps!(past);
}
