//! UPGrad: Quinton and Rey, Jacobian Descent for Multi-Objective Optimization, 2024
//! (arXiv 2406.16232).
//!
//! Every gradient is projected on the dual cone `{ d : J d ≥ 0 }`, along which no loss rises, and
//! the projections are averaged: `w = (1/T) Σ_t w_t`, `w_t` the least of `vᵀGv` over `v ≥ e_t`.
//!
//! Cost: a backward pass a task, and T quadratic programs in T unknowns. Heads: their own loss.
//! `G` is divided by its trace, and 1e-4 is added to its diagonal (TorchJD's `reg_eps`); a small
//! trace is not taken for 0 as there.

use crate::balance::linalg::{Matrix, dual_cone};
use crate::balance::{About, Gradients, Method, Step, Weights};
use crate::error::Result;
use crate::random::Random;

/// UPGrad.
pub const ABOUT: About = About::of_gramian("upgrad", |_| Box::new(UpGrad));

/// What is added to the diagonal of a Gramian of trace 1.
const REGULARISATION: f64 = 1e-4;

#[derive(Debug)]
struct UpGrad;

impl Method for UpGrad {
    fn weigh(&mut self, _: &Step<'_>, gradients: Gradients<'_>, _: &mut Random) -> Result<Weights> {
        let gramian = regular(gradients.gramian()?);
        let n = gramian.len();
        let mut weights = vec![0.0; n];
        for t in 0..n {
            let mut u = vec![0.0; n];
            u[t] = 1.0 / n as f64;
            let projected = dual_cone(&gramian, &u);
            weights.iter_mut().zip(projected).for_each(|(w, v)| *w += v);
        }
        Ok(Weights::of_gradients(weights))
    }
}

/// The Gramian with trace 1, or 0, made positive definite.
pub fn regular(gramian: &Matrix) -> Matrix {
    let trace = gramian.trace();
    let scale = if trace > 0.0 { 1.0 / trace } else { 0.0 };
    let more = |i, j| if i == j { REGULARISATION } else { 0.0 };
    Matrix::new(gramian.len(), |i, j| gramian[(i, j)] * scale + more(i, j))
}
