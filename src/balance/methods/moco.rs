//! MoCo: Fernando et al., Mitigating Gradient Bias in Multi-objective Learning: A Provably
//! Convergent Approach, ICLR 2023.
//!
//! A running estimate `y_t ← y_t − β_k (y_t − ĝ_t)` of each gradient, `ĝ_t = L_t g_t ÷ ‖g_t‖`,
//! and weights `λ ← softmax(λ − γ_k (Y Yᵀ + ρ I) λ)` that follow MGDA's on the estimates; the
//! direction is `Yᵀλ`. In step `k`, `β_k = β ÷ k^σ`, `γ_k = γ ÷ k^σ'`.
//!
//! Cost: a backward pass a task, the gradients themselves, and T × P numbers of state. Heads:
//! their own loss. Defaults: `beta` 0.5, `betaDecay` σ = 0.5, `gamma` 0.1, `gammaDecay` σ' = 0.5,
//! `rho` 0 (LibMTL).

use crate::balance::gradients::product;
use crate::balance::linalg::softmax;
use crate::balance::{About, Given, Gradients, Method, Parameter, Part, Step, Weights, keeps};
use crate::error::Result;
use crate::kernel::widely;
use crate::random::Random;
use serde::{Deserialize, Serialize};

/// MoCo.
pub const ABOUT: About = About::of_jacobian("moco", |given| Box::new(MoCo::new(given))).with(&[
    Parameter::portion("beta", 0.5),
    Parameter::from_zero("betaDecay", 0.5),
    Parameter::from_zero("gamma", 0.1),
    Parameter::from_zero("gammaDecay", 0.5),
    Parameter::from_zero("rho", 0.0),
]);

#[derive(Debug)]
struct MoCo {
    beta: f64,
    beta_decay: f64,
    gamma: f64,
    gamma_decay: f64,
    rho: f64,
    learnt: Learnt,
    /// For each task of the step `L_t ÷ ‖g_t‖` and `β_k`.
    now: Vec<(f64, f64)>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Learnt {
    steps: u32,
    /// Steps each task was in.
    seen: Vec<u32>,
    lambda: Vec<f64>,
}

impl MoCo {
    fn new(given: &Given<'_>) -> Self {
        let [beta, beta_decay, gamma, gamma_decay, rho] = given.values();
        let lambda = vec![1.0 / given.tasks as f64; given.tasks];
        let learnt = Learnt { steps: 0, seen: vec![0; given.tasks], lambda };
        MoCo { beta, beta_decay, gamma, gamma_decay, rho, learnt, now: Vec::new() }
    }
}

impl Method for MoCo {
    fn begin(&mut self, step: &Step<'_>, norms: &[f64], _: &mut Random) {
        let MoCo { beta, beta_decay, learnt: Learnt { steps, seen, .. }, now, .. } = self;
        *steps = steps.saturating_add(1);
        now.clear();
        now.extend(step.tasks.iter().zip(step.losses).zip(norms).map(|((&task, loss), norm)| {
            seen[task] = seen[task].saturating_add(1);
            let scale = if *norm > 0.0 { loss / norm } else { 0.0 };
            (scale, *beta / f64::from(seen[task]).powf(*beta_decay))
        }));
    }

    fn rewrite(&self, part: Part<'_>) {
        let Part { mut rows, kept, sums, .. } = part;
        for ((row, estimate), &(scale, beta)) in rows.iter_mut().zip(kept).zip(&self.now) {
            widely(|| {
                for (y, g) in estimate.iter_mut().zip(row.iter_mut()) {
                    let target = f64::from(*g) * scale;
                    let next = (f64::from(*y) + beta * (target - f64::from(*y))) as f32;
                    *y = next.clamp(-f32::MAX, f32::MAX);
                    *g = *y;
                }
            });
        }
        for (i, a) in rows.iter().enumerate() {
            for (j, b) in rows.iter().enumerate().skip(i) {
                sums[i * rows.len() + j] += product(a, b);
            }
        }
    }

    fn adds_up_squares(&self) -> bool {
        true
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
        let gramian = gradients.gramian()?;
        let Learnt { steps, lambda, .. } = &mut self.learnt;
        let gamma = self.gamma / f64::from(*steps).powf(self.gamma_decay);
        // The present tasks share what weight they have among all as if it were 1.
        let held = step.tasks.iter().map(|&task| lambda[task]).sum::<f64>().max(f64::MIN_POSITIVE);
        let present: Vec<f64> = step.tasks.iter().map(|&task| lambda[task] / held).collect();
        let pull = gramian.apply(&present);
        let logits: Vec<f64> = (present.iter().zip(&pull))
            .map(|(lambda, pull)| lambda - gamma * (pull + self.rho * lambda))
            .collect();
        let weights = softmax(&logits);
        step.tasks.iter().zip(&weights).for_each(|(&task, w)| lambda[task] = held * w);
        Ok(Weights::of_gradients(weights))
    }

    keeps!(learnt);
}
