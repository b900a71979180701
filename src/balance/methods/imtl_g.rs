//! IMTL-G, the gradient half of impartial multi-task learning: Liu et al., Towards Impartial
//! Multi-task Learning, ICLR 2021.
//!
//! The `w` with `Σ w = 1` for which `Jᵀw` has the same projection on every gradient: with lengths
//! `n` and cosines `C`, `C (n w) ∝ 1`, so `w ∝ C⁺1 ÷ n`. It may be negative.
//!
//! Cost: a backward pass a task, and an eigen decomposition. Heads: their own loss. By cosines it
//! is exact for gradients of very different sizes; where they are linearly dependent it is another
//! of the solutions than that of the references, which invert `G`. Gradients that allow none, such
//! as opposed ones, get weights of 0 (TorchJD); so does a gradient that is 0.

use crate::balance::linalg::{Units, pseudo_solve};
use crate::balance::{About, Gradients, Matrix, Method, Step, Weights};
use crate::error::Result;
use crate::random::Random;

/// IMTL-G.
pub const ABOUT: About = About::of_gramian("imtl-g", |_| Box::new(ImtlG));

/// Weights whose sum is less than this of the sum of their sizes would grow beyond measure.
const CANCELLED: f64 = 1e-6;

#[derive(Debug)]
struct ImtlG;

impl Method for ImtlG {
    fn weigh(&mut self, _: &Step<'_>, gradients: Gradients<'_>, _: &mut Random) -> Result<Weights> {
        Ok(Weights::of_gradients(impartial(gradients.gramian()?)))
    }
}

/// The weights that make all projections equal.
pub fn impartial(gramian: &Matrix) -> Vec<f64> {
    let units = Units::of(gramian);
    // In units of the shortest gradient, so that nothing overflows.
    let least = units.lengths.iter().copied().fold(f64::INFINITY, f64::min);
    let even = pseudo_solve(&units.cosines, &vec![1.0; units.live.len()]);
    let v: Vec<f64> = even.iter().zip(&units.lengths).map(|(x, n)| x * (least / n)).collect();
    let (sum, size) = (v.iter().sum::<f64>(), v.iter().map(|x| x.abs()).sum::<f64>());
    if size < CANCELLED || sum.abs() < CANCELLED * size {
        return vec![0.0; gramian.len()];
    }
    units.spread(&v.iter().map(|x| x / sum).collect::<Vec<_>>(), 0.0)
}
