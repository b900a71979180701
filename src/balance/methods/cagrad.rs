//! CAGrad: Liu et al., Conflict-Averse Gradient Descent for Multi-task Learning, NeurIPS 2021
//! (arXiv 2110.14048).
//!
//! The `d` within `c ‖g_0‖` of the mean gradient `g_0` along which the worst-off loss falls most:
//! `d = g_0 + (c ‖g_0‖ ÷ ‖g_w‖) g_w`, `g_w = Jᵀw`, for the `w` on the simplex with the least
//! `g_w · g_0 + c ‖g_0‖ ‖g_w‖`.
//!
//! Cost: a backward pass a task, and some tens of quadratic programs in T unknowns. Heads: their
//! own loss. Default: `c` = 0.5 (LibMTL, TorchJD), without LibMTL's division by 1 + c² (TorchJD).
//!
//! For a given length `ρ`, `w` minimises `g_w · g_0 + c ‖g_0‖ (‖g_w‖² ÷ ρ + ρ) ÷ 2`, which is the
//! point of least norm among `g_t + ρ ÷ (c ‖g_0‖) g_0`. The whole is convex in `w` and `ρ`, and
//! its best `ρ` is where `‖g_w‖ = ρ`: found by halving. Where that is at 0, the losses can fall no
//! further together and every `d` that lets none rise is as good as another: the nearest to `g_0`
//! is its projection on the dual cone.

use crate::balance::linalg::{dot, dual_cone, min_norm};
use crate::balance::{About, Gradients, Matrix, Method, Parameter, Step, Weights};
use crate::error::Result;
use crate::random::Random;

/// CAGrad.
pub const ABOUT: About = About::of_gramian("cagrad", |given| {
    let [c] = given.values();
    Box::new(CaGrad { c })
})
.with(&[Parameter::from_zero("c", 0.5)]);

#[derive(Debug)]
struct CaGrad {
    c: f64,
}

impl Method for CaGrad {
    fn weigh(&mut self, _: &Step<'_>, gradients: Gradients<'_>, _: &mut Random) -> Result<Weights> {
        Ok(Weights::of_gradients(averse(gradients.gramian()?, self.c)))
    }
}

/// Lengths below this of the longest gradient are rounding errors.
const VANISHED: f64 = 1e-6;

fn averse(gramian: &Matrix, c: f64) -> Vec<f64> {
    let n = gramian.len();
    let mean = vec![1.0 / n as f64; n];
    let longest = gramian.diagonal().iter().copied().fold(0.0, f64::max).sqrt();
    if longest == 0.0 || c == 0.0 {
        return mean;
    }
    let g = gramian.scaled(&vec![1.0 / longest; n]);
    let towards = g.apply(&mean);
    let length = dot(&mean, &towards).max(0.0).sqrt();
    if length < VANISHED * VANISHED {
        return mean;
    }
    // The products of the gradients with the unit vector along g_0.
    let towards: Vec<f64> = towards.iter().map(|x| x / length).collect();
    let weights = |rho: f64| {
        let r = rho / c;
        min_norm(&Matrix::new(n, |i, j| g[(i, j)] + r * (towards[i] + towards[j]) + r * r))
    };
    let norm = |w: &[f64]| g.form(w).max(0.0).sqrt();
    let (mut low, mut high) = (VANISHED, 1.0);
    if norm(&weights(low)) <= low {
        return dual_cone(&g, &mean);
    }
    while high > low * (1.0 + 1e-12) {
        let middle = (low * high).sqrt();
        if middle <= low || middle >= high {
            break;
        }
        match norm(&weights(middle)) > middle {
            true => low = middle,
            false => high = middle,
        }
    }
    let w = weights(high);
    let added = c * length / norm(&w).max(VANISHED);
    mean.iter().zip(&w).map(|(mean, w)| mean + added * w).collect()
}
