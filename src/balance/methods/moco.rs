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

use crate::balance::gradients::kept;
use crate::balance::linalg::softmax;
use crate::balance::{About, Given, Gradients, Method, Parameter, Step, Weights, keeps};
use crate::error::Result;
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
    estimates: Vec<f32>,
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
        MoCo { beta, beta_decay, gamma, gamma_decay, rho, learnt, estimates: Vec::new() }
    }
}

impl Method for MoCo {
    fn weigh(
        &mut self,
        step: &Step<'_>,
        gradients: Gradients<'_>,
        _: &mut Random,
    ) -> Result<Weights> {
        let mut rows = gradients.jacobian()?;
        let Learnt { steps, seen, lambda } = &mut self.learnt;
        *steps = steps.saturating_add(1);
        let norms = rows.norms();
        for (at, (&task, loss)) in step.tasks.iter().zip(step.losses).enumerate() {
            seen[task] = seen[task].saturating_add(1);
            let beta = self.beta / f64::from(seen[task]).powf(self.beta_decay);
            let scale = if norms[at] > 0.0 { loss / norms[at] } else { 0.0 };
            let estimate = kept(&mut self.estimates, seen.len(), rows.width(), task);
            for (y, g) in estimate.iter_mut().zip(rows.row_mut(at)) {
                let target = f64::from(*g) * scale;
                let next = (f64::from(*y) + beta * (target - f64::from(*y))) as f32;
                *y = next.clamp(-f32::MAX, f32::MAX);
                *g = *y;
            }
        }
        let gamma = self.gamma / f64::from(*steps).powf(self.gamma_decay);
        // The present tasks share what weight they have among all as if it were 1.
        let held = step.tasks.iter().map(|&task| lambda[task]).sum::<f64>().max(f64::MIN_POSITIVE);
        let present: Vec<f64> = step.tasks.iter().map(|&task| lambda[task] / held).collect();
        let pull = rows.gramian().apply(&present);
        let logits: Vec<f64> = (present.iter().zip(&pull))
            .map(|(lambda, pull)| lambda - gamma * (pull + self.rho * lambda))
            .collect();
        let weights = softmax(&logits);
        step.tasks.iter().zip(&weights).for_each(|(&task, w)| lambda[task] = held * w);
        Ok(Weights::of_gradients(weights))
    }

    keeps!(learnt, rows estimates);
}
