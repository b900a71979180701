//! DualProj, the rule of GEM: Lopez-Paz and Ranzato, Gradient Episodic Memory for Continual
//! Learning, NeurIPS 2017 (arXiv 1706.08840).
//!
//! The mean gradient projected on the dual cone `{ d : J d ≥ 0 }`, along which no loss rises: the
//! `w ≥ 1/T` with the least `wᵀGw`.
//!
//! Cost: a backward pass a task, and a quadratic program in T unknowns. Heads: their own loss. The
//! Gramian is regularised as for UPGrad.

use super::upgrad::regular;
use crate::balance::linalg::dual_cone;
use crate::balance::{About, Gradients, Method, Step, Weights};
use crate::error::Result;
use crate::random::Random;

/// DualProj.
pub const ABOUT: About = About::of_gramian("dualproj", |_| Box::new(DualProj));

#[derive(Debug)]
struct DualProj;

impl Method for DualProj {
    fn weigh(&mut self, _: &Step<'_>, gradients: Gradients<'_>, _: &mut Random) -> Result<Weights> {
        let gramian = regular(gradients.gramian()?);
        let mean = vec![1.0 / gramian.len() as f64; gramian.len()];
        Ok(Weights::of_gradients(dual_cone(&gramian, &mean)))
    }
}
