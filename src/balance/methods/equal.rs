//! Equal weighting, the baseline: `w_t = 1`, the step of `Σ L_t`.
//!
//! Cost: one backward pass. Heads: their own loss. Well tuned it is hard to beat (Kurin et al., In
//! Defense of the Unitary Scalarization, NeurIPS 2022).

use crate::balance::{About, Gradients, Method, Step, Weights};
use crate::error::Result;
use crate::random::Random;

/// Equal weighting.
pub const ABOUT: About = About::of_losses("equal", |_| Box::new(Equal));

#[derive(Debug)]
struct Equal;

impl Method for Equal {
    fn weigh(&mut self, step: &Step<'_>, _: Gradients<'_>, _: &mut Random) -> Result<Weights> {
        Ok(Weights::of_losses(vec![1.0; step.tasks.len()]))
    }
}
