//! UPGrad: Quinton and Rey, Jacobian Descent for Multi-Objective Optimization, 2024
//! (arXiv 2406.16232).
//!
//! Every gradient is projected on the dual cone `{ d : J d ≥ 0 }`, along which no loss rises, and
//! the projections are averaged: `w = (1/T) Σ_t w_t`, `w_t` the least of `vᵀGv` over `v ≥ e_t`.
//!
//! Cost: a backward pass a task, and T quadratic programs in T unknowns. Heads: their own loss.
//! The diagonal of `G` is multiplied by 1 + 1e-10, so that weights stay finite where gradients
//! cancel out. That is relative to each gradient: `g_t · d` is at least −1e-10 `w_t ‖g_t‖²`,
//! however short `g_t` is beside the others, which is less than the rounding of `d` in `f32`.
//! (TorchJD adds 1e-4 to a Gramian of trace 1, its `reg_eps`, and so leaves the cone where a
//! gradient is shorter than 1/30 of the longest.)

use crate::balance::linalg::{Matrix, dual_cone};
use crate::balance::{About, Gradients, Method, Step, Weights};
use crate::error::Result;
use crate::random::Random;

/// UPGrad.
pub const ABOUT: About = About::of_gramian("upgrad", |_| Box::new(UpGrad));

/// What is added to the diagonal, as a share of each entry.
const REGULARISATION: f64 = 1e-10;

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

/// The Gramian made positive definite, but for gradients that are 0.
pub fn regular(gramian: &Matrix) -> Matrix {
    let more = |i, j| if i == j { 1.0 + REGULARISATION } else { 1.0 };
    Matrix::new(gramian.len(), |i, j| gramian[(i, j)] * more(i, j))
}
