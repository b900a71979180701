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
use crate::kernel::{draws, widely};
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

/// Coordinates that are decided on together.
const AT_A_TIME: usize = 64;

impl Method for GradDrop {
    fn begin(&mut self, _: &Step<'_>, _: &[f64], random: &mut Random) {
        self.key = random.key();
    }

    fn rewrite(&self, part: Part<'_>) {
        let Part { at, mut rows, .. } = part;
        let width = rows.first().map_or(0, |row| row.len());
        widely(|| {
            for first in (0..width).step_by(AT_A_TIME) {
                let here = first..width.min(first + AT_A_TIME);
                let mut chances = [0.0; AT_A_TIME];
                draws(self.key, at + first, &mut chances[..here.len()]);
                pick_signs(&chances, self.leak, &mut rows, &here);
            }
        });
    }

    fn weigh(&mut self, step: &Step<'_>, _: Gradients<'_>, _: &mut Random) -> Result<Weights> {
        Ok(Weights::of_gradients(vec![1.0; step.tasks.len()]))
    }
}

/// Some coordinates' part of that.
#[inline(always)]
fn pick_signs(
    draws: &[f32; AT_A_TIME],
    leak: f32,
    rows: &mut [&mut [f32]],
    here: &std::ops::Range<usize>,
) {
    // What is positive and what is negative, summed; then what becomes of either.
    let (mut positive, mut negative) = ([0.0_f32; AT_A_TIME], [0.0_f32; AT_A_TIME]);
    for row in rows.iter() {
        for ((p, n), &g) in positive.iter_mut().zip(&mut negative).zip(&row[here.clone()]) {
            *p += if g > 0.0 { g } else { 0.0 };
            *n += if g > 0.0 { 0.0 } else { -g };
        }
    }
    for ((p, n), draw) in positive.iter_mut().zip(&mut negative).zip(draws) {
        // P = p ÷ (p + n), so that this is `draw < P`.
        let keeps_positive = draw * *n < (1.0 - draw) * *p;
        *p = if keeps_positive { 1.0 } else { leak };
        *n = if keeps_positive { leak } else { 1.0 };
    }
    for row in rows {
        for ((p, n), g) in positive.iter().zip(&negative).zip(&mut row[here.clone()]) {
            *g *= if *g > 0.0 { *p } else { *n };
        }
    }
}
