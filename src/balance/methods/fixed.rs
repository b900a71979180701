//! Fixed weights, chosen by the user: the step of `Σ w_t L_t`.
//!
//! Cost: one backward pass. Heads: weighed like the rest. A task that is not named has weight 1.

use crate::balance::{About, Gradients, Method, Step, Weights};
use crate::error::Result;
use crate::random::Random;

/// Fixed weights.
pub const ABOUT: About = About {
    weights: true,
    ..About::of_losses("fixed", |given| Box::new(Fixed { weights: given.weights.clone() }))
};

#[derive(Debug)]
struct Fixed {
    weights: Vec<f64>,
}

impl Method for Fixed {
    fn weigh(&mut self, step: &Step<'_>, _: Gradients<'_>, _: &mut Random) -> Result<Weights> {
        Ok(Weights::of_losses(step.tasks.iter().map(|&task| self.weights[task]).collect()))
    }
}
