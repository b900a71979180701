//! MGDA: Désidéri, Multiple-gradient descent algorithm, Comptes Rendus Mathématique 2012; Sener
//! and Koltun, Multi-Task Learning as Multi-Objective Optimization, NeurIPS 2018
//! (arXiv 1810.04650).
//!
//! The least `‖Jᵀw‖` over `w ≥ 0, Σ w = 1`: the shortest vector in the gradients' convex hull,
//! along which no loss rises.
//!
//! Cost: a backward pass a task, and a quadratic program in T unknowns, solved exactly (LibMTL and
//! TorchJD iterate Frank and Wolfe's). Heads: their own loss. Gradients are not normalised first,
//! so the shortest one counts most (LibMTL's default too).

use crate::balance::linalg::min_norm;
use crate::balance::{About, Gradients, Method, Step, Weights};
use crate::error::Result;
use crate::random::Random;

/// MGDA.
pub const ABOUT: About = About::of_gramian("mgda", |_| Box::new(Mgda));

#[derive(Debug)]
struct Mgda;

impl Method for Mgda {
    fn weigh(&mut self, _: &Step<'_>, gradients: Gradients<'_>, _: &mut Random) -> Result<Weights> {
        Ok(Weights::of_gradients(min_norm(gradients.gramian()?)))
    }
}
