//! IMTL, both halves of impartial multi-task learning: Liu et al., Towards Impartial Multi-task
//! Learning, ICLR 2021.
//!
//! IMTL-L scales the losses to `e^(s_t) L_t`, IMTL-G weighs the gradients of those: with its
//! weights `α`, `w_t = α_t e^(s_t)`.
//!
//! Cost: a backward pass a task, and an eigen decomposition. Heads: their scaled loss, `e^(s_t)`.
//! Defaults: those of the halves.

use super::imtl_g::impartial;
use super::imtl_l::Scales;
use crate::balance::{About, Gradients, Method, Parameter, Step, Weights, keeps};
use crate::error::Result;
use crate::random::Random;

/// IMTL.
pub const ABOUT: About = About::of_gramian("imtl", |given| {
    let [rate] = given.values();
    Box::new(Imtl { scales: Scales::new(given.tasks), rate })
})
.with(&[Parameter::positive("learningRate", 0.01)]);

#[derive(Debug)]
struct Imtl {
    scales: Scales,
    rate: f64,
}

impl Method for Imtl {
    fn weigh(
        &mut self,
        step: &Step<'_>,
        gradients: Gradients<'_>,
        _: &mut Random,
    ) -> Result<Weights> {
        let gramian = gradients.gramian()?;
        let heads = self.scales.step(step, self.rate);
        let alphas = impartial(&gramian.scaled(&heads));
        Ok(Weights { shared: alphas.iter().zip(&heads).map(|(a, e)| a * e).collect(), heads })
    }

    keeps!(scales);
}
