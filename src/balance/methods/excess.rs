//! ExcessMTL: He et al., Robust Multi-Task Learning with Excess Risks, ICML 2024
//! (arXiv 2402.02009).
//!
//! A task weighs more the farther it is from where it would converge, not the larger its loss is,
//! so that noisy labels do not draw all weight: `w_t ← w_t exp(η e_t ÷ e_t0)`, then `Σ w = T`. The
//! excess risk is estimated as `e_t = Σ g² ÷ √S`, `S` the sum of `g²` over the steps so far,
//! coordinate by coordinate; `e_t0` is its mean over the warm-up, in which all weigh 1.
//!
//! Cost: a backward pass a task, the gradients themselves, and T × P numbers of state. Heads:
//! weighed like the rest, as the step is that of `Σ w_t L_t`. Defaults: `stepSize` η = 0.01 and
//! `warmup` 1 step (LibMTL; the paper's appendix has some epochs). With `warmup` 0, as TorchJD's
//! default and the paper's code, the first step's `e_t` is both the baseline and, as it is, not
//! relative to any, the first change of the weights: of use where losses are of one scale.

use crate::balance::gradients::total;
use crate::balance::linalg::softmax;
use crate::balance::{About, Given, Gradients, Method, Parameter, Part, Step, Weights, keeps};
use crate::error::Result;
use crate::kernel::widely;
use crate::random::Random;
use serde::{Deserialize, Serialize};

/// ExcessMTL.
pub const ABOUT: About = About::of_jacobian("excess", |given| Box::new(Excess::new(given)))
    .with(&[Parameter::positive("stepSize", 0.01), Parameter::whole("warmup", 1.0)]);

/// An excess risk that is more of its baseline than this counts as this.
const MOST: f64 = 1e6;

#[derive(Debug)]
struct Excess {
    rate: f64,
    warmup: u32,
    learnt: Learnt,
}

#[derive(Debug, Serialize, Deserialize)]
struct Learnt {
    /// Steps each task was in.
    steps: Vec<u32>,
    /// The baseline, or what is gathered for it.
    baseline: Vec<f64>,
    /// The logarithms of the weights.
    logits: Vec<f64>,
}

impl Excess {
    fn new(given: &Given<'_>) -> Self {
        let [rate, warmup] = given.values();
        let zeros = vec![0.0; given.tasks];
        let steps = vec![0; given.tasks];
        let learnt = Learnt { steps, baseline: zeros.clone(), logits: zeros };
        Excess { rate, warmup: warmup as u32, learnt }
    }

    /// By how much the logarithm of a task's weight grows, with this excess risk.
    fn growth(&mut self, task: usize, excess: f64) -> f64 {
        let Learnt { steps, baseline, .. } = &mut self.learnt;
        let (before, baseline) = (steps[task], &mut baseline[task]);
        steps[task] = before.saturating_add(1);
        if before < self.warmup {
            *baseline += excess / f64::from(self.warmup);
            return 0.0;
        }
        if before == 0 {
            *baseline = excess;
            return self.rate * excess;
        }
        // A task that had no gradient in the warm-up is as far as it was.
        let relative = if *baseline > 0.0 { excess / *baseline } else { 1.0 };
        self.rate * relative.min(MOST)
    }
}

impl Method for Excess {
    /// Keeps √S, which neither over- nor underflows where S would, and adds up `e_t`.
    fn rewrite(&self, part: Part<'_>) {
        let Part { rows, kept, sums, .. } = part;
        let count = rows.len();
        for (at, (row, roots)) in rows.into_iter().zip(kept).enumerate() {
            widely(|| {
                for (root, g) in roots.iter_mut().zip(row.iter()) {
                    let square =
                        f64::from(*root) * f64::from(*root) + f64::from(*g) * f64::from(*g);
                    *root = (square.sqrt() as f32).min(f32::MAX);
                }
            });
            sums[at * count + at] += total(row, roots, |g, root| {
                let quotient = f64::from(g) * f64::from(g) / f64::from(root);
                if root > 0.0 { quotient } else { 0.0 }
            });
        }
    }

    fn keeps_rows(&self) -> bool {
        true
    }

    fn weigh(
        &mut self,
        step: &Step<'_>,
        gradients: Gradients<'_>,
        _: &mut Random,
    ) -> Result<Weights> {
        let excess = gradients.gramian()?.diagonal();
        let tasks = self.learnt.logits.len();
        for (&task, excess) in step.tasks.iter().zip(excess) {
            self.learnt.logits[task] += self.growth(task, excess);
        }
        // Only differences matter; so they stay small.
        let logits = &mut self.learnt.logits;
        let largest = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        logits.iter_mut().for_each(|logit| *logit -= largest);
        let shares = softmax(logits);
        Ok(Weights::of_losses(step.tasks.iter().map(|&t| tasks as f64 * shares[t]).collect()))
    }

    keeps!(learnt);
}
