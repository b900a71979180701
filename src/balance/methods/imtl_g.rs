//! IMTL-G, the gradient half of impartial multi-task learning: Liu et al., Towards Impartial
//! Multi-task Learning, ICLR 2021.
//!
//! The `w` with `Σ w = 1` for which `Jᵀw` has the same projection on every gradient: with lengths
//! `n` and cosines `C`, `C (n w) ∝ 1`, so `w ∝ v = C⁺1 ÷ n`. Single weights may be negative.
//!
//! If `Σ v` is negative, `Σ w = 1` is met only by the opposite direction, along which every loss
//! rises. The projections are kept positive instead: `w = v ÷ |Σ v|`, with `Σ w = −1`, a step as
//! long as the formula's. Where the entries of `v` cancel out, the formula's step grows without
//! bound; so the sizes of the weights sum to 1000 at most.
//!
//! Cost: a backward pass a task, and an eigen decomposition. Heads: their own loss. By cosines it
//! is exact for gradients of very different sizes; where they are linearly dependent it is another
//! of the solutions than that of the references, which invert `G`. Gradients that allow none, such
//! as opposed ones, get weights of 0 (TorchJD); so does a gradient that is 0. They are taken for
//! dependent if what cancels out is within their rounding error, 1e-6 of their length.

use crate::balance::linalg::Units;
use crate::balance::{About, Gradients, Matrix, Method, Step, Weights};
use crate::error::Result;
use crate::random::Random;

/// IMTL-G.
pub const ABOUT: About = About::of_gramian("imtl-g", |_| Box::new(ImtlG));

/// The least that the size of the sum counts as, of the sum of the sizes.
const CANCELLED: f64 = 1e-3;

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
    let Some(even) = units.alike() else { return vec![0.0; gramian.len()] };
    let v: Vec<f64> = even.iter().zip(&units.lengths).map(|(x, n)| x * (least / n)).collect();
    let (sum, size) = (v.iter().sum::<f64>(), v.iter().map(|x| x.abs()).sum::<f64>());
    // Divided by the size of the sum: with its sign, every loss would rise where it is negative.
    let scale = sum.abs().max(CANCELLED * size);
    units.spread(&v.iter().map(|x| x / scale).collect::<Vec<_>>(), 0.0)
}
