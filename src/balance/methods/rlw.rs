//! Random loss weighting, RLW: Lin et al., Reasonable Effectiveness of Random Weighting: A Litmus
//! Test for Multi-Task Learning, TMLR 2022 (arXiv 2111.10603).
//!
//! `w = softmax(z)` with standard normal `z`, drawn anew every step: what any method should beat.
//!
//! Cost: one backward pass. Heads: weighed like the rest. Weights sum to 1, as in the paper.

use crate::balance::linalg::softmax;
use crate::balance::{About, Gradients, Method, Step, Weights};
use crate::error::Result;
use crate::random::Random;

/// Random loss weighting.
pub const ABOUT: About = About::of_losses("rlw", |_| Box::new(Rlw));

#[derive(Debug)]
struct Rlw;

impl Method for Rlw {
    fn weigh(&mut self, step: &Step<'_>, _: Gradients<'_>, random: &mut Random) -> Result<Weights> {
        let z: Vec<f64> = step.tasks.iter().map(|_| f64::from(random.normal())).collect();
        Ok(Weights::of_losses(softmax(&z)))
    }
}
