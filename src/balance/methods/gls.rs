//! Geometric loss strategy, GLS: Chennupati et al., MultiNet++: Multi-Stream Feature Aggregation
//! and Geometric Loss Strategy for Multi-Task Learning, CVPR workshops 2019 (arXiv 1904.08492).
//!
//! The step of the geometric mean `M = (Π L_t)^(1/T)`, so `w_t = M ÷ (T L_t)`: what counts is by
//! what factor each loss falls, whatever its scale.
//!
//! Cost: one backward pass. Heads: weighed like the rest. A loss below 1e-12 counts as that.

use crate::balance::{About, Gradients, LEAST_LOSS, Method, Step, Weights};
use crate::error::Result;
use crate::random::Random;

/// Geometric loss strategy.
pub const ABOUT: About = About::of_losses("gls", |_| Box::new(Gls));

#[derive(Debug)]
struct Gls;

impl Method for Gls {
    fn weigh(&mut self, step: &Step<'_>, _: Gradients<'_>, _: &mut Random) -> Result<Weights> {
        let count = step.losses.len() as f64;
        let losses = step.losses.iter().map(|loss| loss.max(LEAST_LOSS));
        let mean = (losses.clone().map(f64::ln).sum::<f64>() / count).exp();
        Ok(Weights::of_losses(losses.map(|loss| mean / (count * loss)).collect()))
    }
}
