//! Dynamic weight average, DWA: Liu, Johns and Davison, End-to-End Multi-Task Learning with
//! Attention, CVPR 2019 (arXiv 1803.10704).
//!
//! `w_t = T softmax(r_t ÷ τ)` with `r_t = L̄_t(e−1) ÷ L̄_t(e−2)`, means over the last two epochs: a
//! task whose loss falls slowly weighs more. In the first two epochs all weigh 1.
//!
//! Cost: one backward pass. Heads: weighed like the rest. Default: `temperature` τ = 2 (the paper,
//! LibMTL). A task without a loss in one of the two epochs counts as one that stood still.

use crate::balance::linalg::softmax;
use crate::balance::{About, Gradients, Method, Parameter, Step, Weights, keeps};
use crate::error::Result;
use crate::random::Random;
use serde::{Deserialize, Serialize};

/// Dynamic weight average.
pub const ABOUT: About = About::of_losses("dwa", |given| {
    let [temperature] = given.values();
    let none = vec![None; given.tasks];
    Box::new(Dwa { temperature, means: Means { last: none.clone(), before: none } })
})
.with(&[Parameter::positive("temperature", 2.0)]);

/// A loss that grew more than this in an epoch counts as one that grew by this.
const MOST: f64 = 1e6;

#[derive(Debug)]
struct Dwa {
    temperature: f64,
    means: Means,
}

/// The mean losses of the last epoch and of the one before.
#[derive(Debug, Serialize, Deserialize)]
struct Means {
    last: Vec<Option<f64>>,
    before: Vec<Option<f64>>,
}

impl Dwa {
    fn rate(&self, task: usize) -> f64 {
        match (self.means.last[task], self.means.before[task]) {
            (Some(last), Some(before)) if before > 0.0 => (last / before).clamp(0.0, MOST),
            _ => 1.0,
        }
    }
}

impl Method for Dwa {
    fn weigh(&mut self, step: &Step<'_>, _: Gradients<'_>, _: &mut Random) -> Result<Weights> {
        let tasks = self.means.last.len();
        // Over all tasks, so that the absence of one in a batch does not lift the others.
        let logits: Vec<f64> = (0..tasks).map(|t| self.rate(t) / self.temperature).collect();
        let shares = softmax(&logits);
        Ok(Weights::of_losses(step.tasks.iter().map(|&t| tasks as f64 * shares[t]).collect()))
    }

    fn end_epoch(&mut self, means: &[Option<f64>]) {
        self.means.before = std::mem::replace(&mut self.means.last, means.to_vec());
    }

    keeps!(means);
}
