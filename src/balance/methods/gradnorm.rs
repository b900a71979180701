//! GradNorm: Chen et al., GradNorm: Gradient Normalization for Adaptive Loss Balancing in Deep
//! Multitask Networks, ICML 2018 (arXiv 1711.02257).
//!
//! `w = T softmax(a)`; `a` goes by Adam against the gradient of `Σ | w_t ‖g_t‖ − n̄ r_t^α |`, with
//! the mean `n̄` of the weighed norms held fixed and `r_t = (L_t ÷ L_t0) ÷ mean`: all tasks are to
//! pull alike, those that lag behind more. In epoch 0, whose mean loss is `L_t0`, all weigh 1.
//!
//! Cost: a backward pass a task; of the Gramian the diagonal. Heads: weighed like the rest, as the
//! paper's loss is `Σ w_t L_t` (LibMTL leaves them as they are). Defaults: `alpha` α = 1.5
//! (LibMTL); `a` has an Adam of its own, with `learningRate` 0.025, where LibMTL moves it with the
//! network's optimizer.

use crate::balance::adam::Adam;
use crate::balance::linalg::{dot, softmax};
use crate::balance::{
    About, Given, Gradients, LEAST_LOSS, Method, Parameter, Step, Weights, keeps,
};
use crate::error::Result;
use crate::random::Random;
use serde::{Deserialize, Serialize};

/// GradNorm.
pub const ABOUT: About = About::of_gramian("gradnorm", |given| Box::new(GradNorm::new(given)))
    .with(&[Parameter::from_zero("alpha", 1.5), Parameter::positive("learningRate", 0.025)]);

#[derive(Debug)]
struct GradNorm {
    alpha: f64,
    rate: f64,
    learnt: Learnt,
}

#[derive(Debug, Serialize, Deserialize)]
struct Learnt {
    /// The mean losses of epoch 0.
    first: Vec<Option<f64>>,
    epochs: usize,
    a: Vec<f64>,
    adam: Adam,
}

impl GradNorm {
    fn new(given: &Given<'_>) -> Self {
        let [alpha, rate] = given.values();
        let tasks = given.tasks;
        let (first, a) = (vec![None; tasks], vec![0.0; tasks]);
        GradNorm { alpha, rate, learnt: Learnt { first, epochs: 0, a, adam: Adam::new(tasks) } }
    }

    /// `r_t^α` of the tasks of a step.
    fn rates(&self, step: &Step<'_>) -> Vec<f64> {
        let fall = |(&task, loss): (&usize, &f64)| {
            let first = self.learnt.first[task].unwrap_or(*loss);
            loss.max(LEAST_LOSS) / first.max(LEAST_LOSS)
        };
        let falls: Vec<f64> = step.tasks.iter().zip(step.losses).map(fall).collect();
        let mean = falls.iter().sum::<f64>() / falls.len() as f64;
        falls.iter().map(|fall| (fall / mean).powf(self.alpha).min(1e6)).collect()
    }
}

impl Method for GradNorm {
    fn is_warming_up(&self) -> bool {
        self.learnt.epochs == 0
    }

    fn weigh(
        &mut self,
        step: &Step<'_>,
        gradients: Gradients<'_>,
        _: &mut Random,
    ) -> Result<Weights> {
        let count = step.tasks.len();
        if self.is_warming_up() {
            return Ok(Weights::of_losses(vec![1.0; count]));
        }
        let norms: Vec<f64> =
            gradients.gramian()?.diagonal().iter().map(|square| square.max(0.0).sqrt()).collect();
        let tasks = self.learnt.a.len() as f64;
        let shares = softmax(&self.learnt.a);
        let weights: Vec<f64> = step.tasks.iter().map(|&task| tasks * shares[task]).collect();
        let mean = dot(&weights, &norms) / count as f64;
        if mean > 0.0 {
            // The loss in units of n̄, so that the size of gradients does not matter to Adam.
            let slopes: Vec<f64> = (self.rates(step).iter().zip(&weights).zip(&norms))
                .map(|((rate, w), norm)| {
                    let excess = w * norm / mean - rate;
                    if excess == 0.0 { 0.0 } else { excess.signum() * norm / mean }
                })
                .collect();
            // Through the softmax over all tasks; the absent ones' a stay as they are.
            let common = dot(&slopes, &weights) / tasks;
            let Learnt { a, adam, .. } = &mut self.learnt;
            for ((&task, w), slope) in step.tasks.iter().zip(&weights).zip(&slopes) {
                a[task] += adam.step(task, w * (slope - common), self.rate);
            }
        }
        Ok(Weights::of_losses(weights))
    }

    fn end_epoch(&mut self, means: &[Option<f64>]) {
        let first = &mut self.learnt.first;
        // A task that had no label in epoch 0 begins with the first epoch in which it has.
        first.iter_mut().zip(means).for_each(|(first, mean)| *first = first.or(*mean));
        self.learnt.epochs += 1;
    }

    keeps!(learnt);
}
