//! CAGrad: Liu et al., Conflict-Averse Gradient Descent for Multi-task Learning, NeurIPS 2021
//! (arXiv 2110.14048).
//!
//! The `d` within `c ‖g_0‖` of the mean gradient `g_0` along which the worst-off loss falls most:
//! `d = g_0 + (c ‖g_0‖ ÷ ‖g_w‖) g_w`, `g_w = Jᵀw`, for the `w` on the simplex with the least
//! `g_w · g_0 + c ‖g_0‖ ‖g_w‖`.
//!
//! Cost: a backward pass a task, and some ten quadratic programs in T unknowns. Heads: their
//! own loss. Default: `c` = 0.5 (LibMTL, TorchJD), without LibMTL's division by 1 + c² (TorchJD).
//!
//! For a given length `ρ`, `w` minimises `g_w · g_0 + c ‖g_0‖ (‖g_w‖² ÷ ρ + ρ) ÷ 2`, which is the
//! point of least norm among `g_t + ρ ÷ (c ‖g_0‖) g_0`. The whole is convex in `w` and `ρ`, and
//! its best `ρ` is where `‖g_w‖ = ρ`, which is one equation. Where that is at 0, the losses can
//! fall no further together and every `d` that lets none rise is as good as another: the nearest
//! to `g_0` is its projection on the dual cone.

use crate::balance::linalg::{NOISE, dot, dual_cone, min_norm};
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

/// Combinations of gradients shorter than this of the shortest one are rare, and looked for last.
const SHORT: f64 = 1e-4;
/// A mean gradient shorter than this of the longest one is a rounding error.
const VANISHED: f64 = 1e-12;

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
    if length < VANISHED {
        return mean;
    }
    // The products of the gradients with the unit vector along g_0.
    let towards: Vec<f64> = towards.iter().map(|x| x / length).collect();
    let weights = |rho: f64| {
        let r = rho / c;
        min_norm(&Matrix::new(n, |i, j| g[(i, j)] + r * (towards[i] + towards[j]) + r * r))
    };
    let norm = |w: &[f64]| g.form(w).max(0.0).sqrt();
    let shortest = g.diagonal().into_iter().filter(|&x| x > 0.0).fold(1.0, f64::min).sqrt();
    // A combination shorter than `least` has cancelled out.
    let (short, least) = (SHORT * shortest, NOISE * shortest);
    // By how much ‖g_w‖ is longer than ρ, both as logarithms; it falls as ρ grows.
    let excess = |log: f64| norm(&weights(log.exp())).max(VANISHED * least).ln() - log;
    let found = root(excess, short.ln(), 0.0).or_else(|| root(excess, least.ln(), short.ln()));
    let Some(log) = found else { return dual_cone(&g, &mean) };
    let w = weights(log.exp());
    let added = c * length / norm(&w).max(least);
    mean.iter().zip(&w).map(|(mean, w)| mean + added * w).collect()
}

/// Where a falling function is 0 (regula falsi, with the Illinois rule); none if it is not above 0
/// at `low`.
fn root(f: impl Fn(f64) -> f64, mut low: f64, mut high: f64) -> Option<f64> {
    let (mut above, mut below) = (f(low), f(high));
    if above <= 0.0 {
        return None;
    }
    let mut last = 0.0;
    while below < 0.0 && high - low > 1e-12 {
        let at = (low + (high - low) * above / (above - below)).clamp(low, high);
        let value = f(at);
        if value.abs() < 1e-10 {
            return Some(at);
        }
        // An end that stays counts half the next time, so that the other does not creep.
        if value > 0.0 {
            (low, above) = (at, value);
            below *= if last > 0.0 { 0.5 } else { 1.0 };
        } else {
            (high, below) = (at, value);
            above *= if last < 0.0 { 0.5 } else { 1.0 };
        }
        last = value;
    }
    Some(high)
}
