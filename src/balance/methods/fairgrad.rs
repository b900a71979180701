//! FairGrad: Ban and Ji, Fair Resource Allocation in Multi-Task Learning, ICML 2024
//! (arXiv 2402.15638).
//!
//! The direction of the ball with the most α-fair utility: `w > 0` with `(G w)_t = w_t^(−1/α)`.
//! α = 1 is Nash-MTL's bargain, α → 0 the mean, α → ∞ close to MGDA.
//!
//! Cost: a backward pass a task, and Newton's method in T unknowns (the references: a general
//! least-squares solver). Heads: their own loss (the paper's code weighs them like the rest).
//! Default: `alpha` α = 1; with 0 all weigh 1/T, as in TorchJD.

use crate::balance::linalg::fair;
use crate::balance::{About, Gradients, Method, Parameter, Step, Weights};
use crate::error::Result;
use crate::random::Random;

/// FairGrad.
pub const ABOUT: About = About::of_gramian("fairgrad", |given| {
    let [alpha] = given.values();
    Box::new(FairGrad { alpha })
})
.with(&[Parameter {
    name: "alpha",
    default: 1.0,
    expected: "0 or a number from 0.01 to 100",
    fits: |x| x == 0.0 || (0.01..=100.0).contains(&x),
}]);

#[derive(Debug)]
struct FairGrad {
    alpha: f64,
}

impl Method for FairGrad {
    fn weigh(&mut self, _: &Step<'_>, gradients: Gradients<'_>, _: &mut Random) -> Result<Weights> {
        let gramian = gradients.gramian()?;
        Ok(Weights::of_gradients(match self.alpha > 0.0 {
            true => fair(gramian, self.alpha),
            false => vec![1.0 / gramian.len() as f64; gramian.len()],
        }))
    }
}
