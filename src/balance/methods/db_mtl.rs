//! DB-MTL: Lin et al., Dual-Balancing for Multi-Task Learning, 2023 (arXiv 2308.12029).
//!
//! Losses are balanced by their logarithms, gradients by their lengths: a running mean
//! `y_t ← ĝ_t + β_k (y_t − ĝ_t)` of the gradients `ĝ_t = g_t ÷ (L_t + 1e-8)` of `ln L_t`, with
//! `β_k = β ÷ k^σ` in step `k`; each brought to the length of the longest, `w_t = max ‖y‖ ÷ ‖y_t‖`,
//! and summed.
//!
//! Cost: a backward pass a task, the gradients themselves, and T × P numbers of state. Heads: the
//! logarithm of their loss, `1 ÷ (L_t + 1e-8)`. Defaults: `beta` β = 0.9, `betaDecay` σ = 0
//! (LibMTL). Rows are 1e8 times as long at most (LibMTL adds 1e-8 to the lengths).

use crate::balance::gradients::kept;
use crate::balance::{About, Gradients, Method, Parameter, Step, Weights, keeps};
use crate::error::Result;
use crate::random::Random;

/// DB-MTL.
pub const ABOUT: About = About::of_jacobian("db-mtl", |given| {
    let [beta, decay] = given.values();
    let steps = vec![0; given.tasks];
    Box::new(DbMtl { beta, decay, steps, means: Vec::new() })
})
.with(&[Parameter::share("beta", 0.9), Parameter::from_zero("betaDecay", 0.0)]);

/// Added to a loss before its logarithm is taken, and to a length before it divides.
const EPSILON: f64 = 1e-8;

#[derive(Debug)]
struct DbMtl {
    beta: f64,
    decay: f64,
    /// Steps each task was in.
    steps: Vec<u32>,
    means: Vec<f32>,
}

impl Method for DbMtl {
    fn weigh(
        &mut self,
        step: &Step<'_>,
        gradients: Gradients<'_>,
        _: &mut Random,
    ) -> Result<Weights> {
        let mut rows = gradients.jacobian()?;
        let heads: Vec<f64> =
            step.losses.iter().map(|loss| 1.0 / (loss.max(0.0) + EPSILON)).collect();
        for (at, &task) in step.tasks.iter().enumerate() {
            self.steps[task] = self.steps[task].saturating_add(1);
            let beta = self.beta / f64::from(self.steps[task]).powf(self.decay);
            let mean = kept(&mut self.means, self.steps.len(), rows.width(), task);
            for (mean, g) in mean.iter_mut().zip(rows.row_mut(at)) {
                let balanced = f64::from(*g) * heads[at];
                let next = (balanced + beta * (f64::from(*mean) - balanced)) as f32;
                // What is past `f32` is as long as one can be.
                *mean = next.clamp(-f32::MAX, f32::MAX);
                *g = *mean;
            }
        }
        let norms = rows.norms();
        let longest = norms.iter().copied().fold(0.0, f64::max);
        let factor = |norm: &f64| match longest > 0.0 {
            true => longest / (norm + EPSILON * longest),
            false => 1.0,
        };
        Ok(Weights { shared: norms.iter().map(factor).collect(), heads })
    }

    keeps!(steps, rows means);
}
