//! GradDrop: Chen et al., Just Pick a Sign: Optimizing Deep Multitask Models with Gradient Sign
//! Dropout, NeurIPS 2020 (arXiv 2010.06808).
//!
//! For each coordinate one sign is kept, the positive one with chance
//! `P = ½ (1 + Σ g ÷ Σ |g|)`, and the gradients of the other sign are dropped; the rest is summed.
//!
//! Cost: a backward pass a task, and the gradients themselves: T × P numbers. Heads: their own
//! loss. Default: no `leak`, the share of what is dropped that passes all the same. On the
//! representation it is the paper's, but for the sign of the input, as in LibMTL; on the
//! parameters TorchJD's.

use crate::balance::{About, Gradients, Method, Parameter, Step, Weights};
use crate::error::Result;
use crate::random::Random;

/// GradDrop.
pub const ABOUT: About = About {
    representation: true,
    ..About::of_jacobian("graddrop", |given| {
        let [leak] = given.values();
        Box::new(GradDrop { leak })
    })
    .with(&[Parameter::portion("leak", 0.0)])
};

#[derive(Debug)]
struct GradDrop {
    leak: f64,
}

impl Method for GradDrop {
    fn weigh(
        &mut self,
        step: &Step<'_>,
        gradients: Gradients<'_>,
        random: &mut Random,
    ) -> Result<Weights> {
        let mut rows = gradients.jacobian()?;
        for at in 0..rows.width() {
            let (mut sum, mut size) = (0.0, 0.0);
            for t in 0..rows.len() {
                let g = f64::from(rows.row(t)[at]);
                sum += g;
                size += g.abs();
            }
            let draw = f64::from(random.unit());
            if size == 0.0 {
                continue;
            }
            let keeps_positive = draw < 0.5 * (1.0 + sum / size);
            for t in 0..rows.len() {
                let g = &mut rows.row_mut(t)[at];
                if (*g > 0.0) != keeps_positive {
                    *g *= self.leak as f32;
                }
            }
        }
        Ok(Weights::of_gradients(vec![1.0; step.tasks.len()]))
    }
}
