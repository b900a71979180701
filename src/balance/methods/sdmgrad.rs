//! SDMGrad: Xiao, Ban and Ji, Direction-oriented Multi-objective Learning: Simple and Provable
//! Stochastic Algorithms, NeurIPS 2023 (arXiv 2305.18409).
//!
//! MGDA drawn towards the mean gradient, and unbiased: `w ← Π(w − η A (w + λ w̃))` on the simplex,
//! some times a step with momentum, `w̃` = 1/T; `A = J₁ J₂ᵀ` of two independent batches, where
//! `J Jᵀ` of one would be biased. The direction is `(Jᵀw + λ g_0) ÷ (1 + λ)`.
//!
//! Cost: two backward passes a task, on half the batch's rows each: the references draw two or
//! three batches a step. Heads: their own loss. Defaults: `lambda` λ = 0.3, `iterations` 20,
//! `momentum` 0.5 (LibMTL, TorchJD), `rate` η = 5 with `A` divided by the square of the mean of
//! √A_tt (LibMTL; TorchJD takes `A` as it is, and 10).

use crate::balance::linalg::simplex;
use crate::balance::{
    About, Given, Gradients, Matrix, Method, Needs, Parameter, Step, Weights, keeps,
};
use crate::error::Result;
use crate::random::Random;

/// SDMGrad.
pub const ABOUT: About = About {
    needs: Needs::Halves,
    ..About::of_losses("sdmgrad", |given| Box::new(SdmGrad::new(given))).with(&[
        Parameter::from_zero("lambda", 0.3),
        Parameter::whole("iterations", 20.0),
        Parameter::share("momentum", 0.5),
        Parameter::positive("rate", 5.0),
    ])
};

#[derive(Debug)]
struct SdmGrad {
    lambda: f64,
    iterations: usize,
    momentum: f64,
    rate: f64,
    w: Vec<f64>,
}

impl SdmGrad {
    fn new(given: &Given<'_>) -> Self {
        let [lambda, iterations, momentum, rate] = given.values();
        let w = vec![1.0 / given.tasks as f64; given.tasks];
        SdmGrad { lambda, iterations: iterations as usize, momentum, rate, w }
    }

    /// The weights, gone on from `w`, drawn towards those of `preference`.
    fn solve(&self, halves: &Matrix, mut w: Vec<f64>, preference: &[f64]) -> Vec<f64> {
        let n = w.len() as f64;
        let scale = halves.diagonal().iter().map(|x| x.max(0.0).sqrt()).sum::<f64>() / n;
        let largest = (0..w.len()).flat_map(|i| halves.row(i)).fold(0.0_f64, |m, x| m.max(x.abs()));
        // Halves may disagree, and their scale then be next to nothing beside the products.
        let unit = (scale * scale).max(1e-8 * largest);
        if unit == 0.0 {
            return w;
        }
        let mut velocity = vec![0.0; w.len()];
        for _ in 0..self.iterations {
            let aim: Vec<f64> =
                w.iter().zip(preference).map(|(w, p)| (w + self.lambda * p) / unit).collect();
            for (v, slope) in velocity.iter_mut().zip(halves.apply(&aim)) {
                *v = self.momentum * *v + slope;
            }
            let next: Vec<f64> = w.iter().zip(&velocity).map(|(w, v)| w - self.rate * v).collect();
            w = simplex(&next);
        }
        w
    }
}

impl Method for SdmGrad {
    fn weigh(
        &mut self,
        step: &Step<'_>,
        gradients: Gradients<'_>,
        _: &mut Random,
    ) -> Result<Weights> {
        let halves = gradients.gramian()?;
        let preference = vec![1.0 / step.tasks.len() as f64; step.tasks.len()];
        // The absent tasks' share goes to those present.
        let start: Vec<f64> = step.tasks.iter().map(|&task| self.w[task]).collect();
        let w = self.solve(halves, simplex(&start), &preference);
        step.tasks.iter().zip(&w).for_each(|(&task, w)| self.w[task] = *w);
        let share = 1.0 + self.lambda;
        let weights = w.iter().zip(&preference).map(|(w, p)| (w + self.lambda * p) / share);
        Ok(Weights::of_gradients(weights.collect()))
    }

    keeps!(w);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_preference_for_one_task_is_kept_where_it_costs_nothing() {
        let method =
            SdmGrad { lambda: 0.3, iterations: 1, momentum: 0.5, rate: 10.0, w: Vec::new() };
        let a = Matrix::new(3, |i, j| if i == j { [1.0, 0.25, 0.0][i] } else { 0.0 });
        let w = method.solve(&a, vec![1.0 / 3.0; 3], &[0.0, 0.0, 1.0]);
        assert_eq!(w, [0.0, 0.0, 1.0]);
    }
}
