//! Aligned-MTL: Senushkin et al., Independent Component Alignment for Multi-Task Learning,
//! CVPR 2023 (arXiv 2305.19000).
//!
//! The gradients are replaced by the nearest ones that are orthogonal and of one length, that of
//! the shortest principal component: with `G = V Λ Vᵀ`, `w = √λ_min V Λ^(−½) Vᵀ 1 ÷ T`.
//!
//! Cost: a backward pass a task, and an eigen decomposition. Heads: their own loss. The scale is
//! the least eigenvalue's (the paper, TorchJD's `min`), and preferences are 1/T (TorchJD; LibMTL's
//! are 1, so its direction is T times as long). Left out are components that are within the rounding
//! error of the gradients they are made of, 1e-6 of the lengths of those: a gradient that is short
//! beside the others is not.

use crate::balance::linalg::{Eigen, dot};
use crate::balance::{About, Gradients, Method, Step, Weights};
use crate::error::Result;
use crate::random::Random;

/// Aligned-MTL.
pub const ABOUT: About = About::of_gramian("aligned", |_| Box::new(Aligned));

#[derive(Debug)]
struct Aligned;

impl Method for Aligned {
    fn weigh(&mut self, _: &Step<'_>, gradients: Gradients<'_>, _: &mut Random) -> Result<Weights> {
        let gramian = gradients.gramian()?;
        let preferences = vec![1.0 / gramian.len() as f64; gramian.len()];
        let eigen = Eigen::of(gramian);
        let Some((least, _)) = eigen.sound().last() else {
            return Ok(Weights::of_gradients(preferences));
        };
        let mut weights = vec![0.0; gramian.len()];
        for (value, vector) in eigen.sound() {
            let along = (least / value).sqrt() * dot(vector, &preferences);
            weights.iter_mut().zip(vector).for_each(|(w, v)| *w += along * v);
        }
        Ok(Weights::of_gradients(weights))
    }
}
