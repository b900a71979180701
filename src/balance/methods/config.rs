//! ConFIG: Liu, Chu and Thuerey, ConFIG: Towards Conflict-free Training of Physics Informed Neural
//! Networks, 2024 (arXiv 2408.11104).
//!
//! The direction with the same cosine to every gradient, as long as the gradients' projections on
//! it add up to. With the unit gradients `U`, it is `U⁺1 = Uᵀ v`, `v = C⁺1` for their cosines `C`;
//! so with lengths `n`, `w = v ÷ n · (n · C v) ÷ (v · C v)`, of the Gramian alone.
//!
//! Cost: a backward pass a task, and an eigen decomposition. Heads: their own loss. Where no such
//! direction exists, as for opposed gradients, weights are 0; so is that of a gradient that is 0.
//! Gradients are taken for dependent if what cancels out is within their rounding error, 1e-6 of
//! their length.

use crate::balance::linalg::{Units, dot};
use crate::balance::{About, Gradients, Method, Step, Weights};
use crate::error::Result;
use crate::random::Random;

/// ConFIG.
pub const ABOUT: About = About::of_gramian("config", |_| Box::new(ConFig));

#[derive(Debug)]
struct ConFig;

impl Method for ConFig {
    fn weigh(&mut self, _: &Step<'_>, gradients: Gradients<'_>, _: &mut Random) -> Result<Weights> {
        let gramian = gradients.gramian()?;
        let units = Units::of(gramian);
        let Some(v) = units.alike() else {
            return Ok(Weights::of_gradients(vec![0.0; gramian.len()]));
        };
        let along = units.cosines.apply(&v);
        let square = dot(&v, &along);
        let factor = dot(&units.lengths, &along) / square;
        let weights: Vec<f64> = v.iter().zip(&units.lengths).map(|(v, n)| v / n * factor).collect();
        Ok(Weights::of_gradients(units.spread(&weights, 0.0)))
    }
}
