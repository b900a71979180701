//! DB-MTL: Lin et al., Dual-Balancing for Multi-Task Learning, 2023 (arXiv 2308.12029).
//!
//! Losses are balanced by their logarithms, gradients by their lengths: a running mean
//! `y_t ← ĝ_t + β_k (y_t − ĝ_t)` of the gradients `ĝ_t = g_t ÷ (L_t + 1e-8)` of `ln L_t`, with
//! `β_k = β ÷ k^σ` in step `k`; each brought to the length of the longest, `w_t = max ‖y‖ ÷ ‖y_t‖`,
//! and summed.
//!
//! Cost: a backward pass a task, the gradients themselves, and T × P numbers of state. Heads: the
//! logarithm of their loss, `1 ÷ (L_t + 1e-8)`. Defaults: `beta` β = 0.9, `betaDecay` σ = 0
//! (LibMTL). Rows are made 1e8 times as long at most (LibMTL adds 1e-8 to the lengths, which leaves
//! short rows short).

use crate::balance::gradients::product;
use crate::balance::{About, Gradients, Method, Parameter, Part, Step, Weights, keeps};
use crate::error::Result;
use crate::kernel::widely;
use crate::random::Random;

/// DB-MTL.
pub const ABOUT: About = About::of_jacobian("db-mtl", |given| {
    let [beta, decay] = given.values();
    let steps = vec![0; given.tasks];
    Box::new(DbMtl { beta, decay, steps, now: Vec::new() })
})
.with(&[Parameter::share("beta", 0.9), Parameter::from_zero("betaDecay", 0.0)]);

/// Added to a loss before its logarithm is taken.
const EPSILON: f64 = 1e-8;
/// A row counts as at least so long beside the longest.
const SHORTEST: f64 = 1e-8;

#[derive(Debug)]
struct DbMtl {
    beta: f64,
    decay: f64,
    /// Steps each task was in.
    steps: Vec<u32>,
    /// For each task of the step its head's weight, and how much of its mean is kept.
    now: Vec<(f64, f64)>,
}

impl Method for DbMtl {
    fn begin(&mut self, step: &Step<'_>, _: &[f64], _: &mut Random) {
        let DbMtl { beta, decay, steps, now } = self;
        now.clear();
        now.extend(step.tasks.iter().zip(step.losses).map(|(&task, loss)| {
            steps[task] = steps[task].saturating_add(1);
            (1.0 / (loss.max(0.0) + EPSILON), *beta / f64::from(steps[task]).powf(*decay))
        }));
    }

    fn rewrite(&self, part: Part<'_>) {
        let Part { rows, kept, sums, .. } = part;
        let count = rows.len();
        for (at, ((row, mean), &(head, beta))) in
            rows.into_iter().zip(kept).zip(&self.now).enumerate()
        {
            widely(|| {
                for (mean, g) in mean.iter_mut().zip(row.iter_mut()) {
                    let balanced = f64::from(*g) * head;
                    let next = (balanced + beta * (f64::from(*mean) - balanced)) as f32;
                    // What is past `f32` is as long as one can be.
                    *mean = next.clamp(-f32::MAX, f32::MAX);
                    *g = *mean;
                }
            });
            sums[at * count + at] += product(row, row);
        }
    }

    fn adds_up_squares(&self) -> bool {
        true
    }

    fn keeps_rows(&self) -> bool {
        true
    }

    fn weigh(&mut self, _: &Step<'_>, gradients: Gradients<'_>, _: &mut Random) -> Result<Weights> {
        let squares = gradients.gramian()?.diagonal();
        let norms: Vec<f64> = squares.iter().map(|square| square.sqrt()).collect();
        let longest = norms.iter().copied().fold(0.0, f64::max);
        let factor = |norm: &f64| match longest > 0.0 {
            true => longest / norm.max(SHORTEST * longest),
            false => 1.0,
        };
        let heads = self.now.iter().map(|(head, _)| *head).collect();
        Ok(Weights { shared: norms.iter().map(factor).collect(), heads })
    }

    keeps!(steps);
}
