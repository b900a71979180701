//! Nash-MTL: Navon et al., Multi-Task Learning as a Bargaining Game, ICML 2022 (arXiv 2202.01017).
//!
//! The bargain of which every task gains alike in proportion: `w > 0` with `G w = 1 ÷ w`. Then
//! `‖Jᵀw‖² = T` whatever the gradients, so the direction is shortened to `maxNorm`.
//!
//! Cost: a backward pass a task, and Newton's method in T unknowns, to the solution (the paper's
//! code approaches it by 20 convex programs, each started from the last). Heads: their own loss.
//! Default: `maxNorm` 1 (the paper's code, TorchJD); 0 for no limit. Gradients that cancel out
//! have no bargain; theirs is that of a slightly regularised Gramian.

use crate::balance::linalg::fair;
use crate::balance::{About, Gradients, Matrix, Method, Parameter, Step, Weights};
use crate::error::Result;
use crate::random::Random;

/// Nash-MTL.
pub const ABOUT: About = About::of_gramian("nash", |given| {
    let [longest] = given.values();
    Box::new(Nash { longest })
})
.with(&[Parameter::from_zero("maxNorm", 1.0)]);

#[derive(Debug)]
struct Nash {
    longest: f64,
}

impl Method for Nash {
    fn weigh(&mut self, _: &Step<'_>, gradients: Gradients<'_>, _: &mut Random) -> Result<Weights> {
        let gramian = gradients.gramian()?;
        let weights = fair(gramian, 1.0);
        let norm = length(gramian, &weights);
        let factor =
            if self.longest > 0.0 && norm > self.longest { self.longest / norm } else { 1.0 };
        Ok(Weights::of_gradients(weights.iter().map(|w| w * factor).collect()))
    }
}

/// `‖Jᵀw‖`.
fn length(gramian: &Matrix, weights: &[f64]) -> f64 {
    gramian.form(weights).max(0.0).sqrt()
}
