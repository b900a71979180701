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

use crate::balance::{About, Gradients, Method, Parameter, Part, Step, Weights};
use crate::error::Result;
use crate::kernel::{draws, keep_signs};
use crate::random::Random;

/// GradDrop.
pub const ABOUT: About = About {
    representation: true,
    ..About::of_jacobian("graddrop", |given| {
        let [leak] = given.values();
        Box::new(GradDrop { leak: leak as f32, key: 0 })
    })
    .with(&[Parameter::portion("leak", 0.0)])
};

#[derive(Debug)]
struct GradDrop {
    leak: f32,
    /// Of the step: each coordinate's draw hangs on it and the place of the coordinate, so that
    /// parts may come in any order.
    key: u64,
}

impl Method for GradDrop {
    fn begin(&mut self, _: &Step<'_>, _: &[f64], random: &mut Random) {
        self.key = random.key();
    }

    fn rewrite(&self, part: Part<'_>) {
        let Part { at, mut rows, .. } = part;
        let mut numbers = vec![0.0; rows.first().map_or(0, |row| row.len())];
        draws(self.key, at, &mut numbers);
        keep_signs(&numbers, self.leak, &mut rows);
    }

    fn adds_up(&self) -> bool {
        false
    }

    fn weigh(&mut self, step: &Step<'_>, _: Gradients<'_>, _: &mut Random) -> Result<Weights> {
        Ok(Weights::of_gradients(vec![1.0; step.tasks.len()]))
    }
}
