//! GradVac: Wang et al., Gradient Vaccine: Investigating and Improving Multi-task Optimization in
//! Massively Multilingual Models, ICLR 2021 (arXiv 2010.05874).
//!
//! Like PCGrad, but `g_i` gets as much of `g_j` added as brings their cosine `φ` up to its target
//! `φ̂_ij`: `‖g_i‖ (φ̂ √(1−φ²) − φ √(1−φ̂²)) ÷ (‖g_j‖ √(1−φ̂²))`. The targets begin at 0 and follow
//! `φ̂ ← (1−β) φ̂ + β φ`.
//!
//! Cost: a backward pass a task, and T³ multiplications. Heads: their own loss. Default: `beta`
//! β = 0.5 (LibMTL, TorchJD). All parameters are one group, and every pair's target follows every
//! step (the paper, TorchJD; LibMTL moves only those it missed). Targets stay within 0.99, for
//! near 1 the formula adds without bound.

use crate::balance::linalg::{NOISE, dot};
use crate::balance::{About, Gradients, Matrix, Method, Parameter, Step, Weights, keeps};
use crate::error::Result;
use crate::random::Random;

/// GradVac.
pub const ABOUT: About = About::of_gramian("gradvac", |given| {
    let [beta] = given.values();
    Box::new(GradVac { beta, targets: vec![vec![0.0; given.tasks]; given.tasks] })
})
.with(&[Parameter::portion("beta", 0.5)]);

/// The highest target.
const HIGHEST: f64 = 0.99;

#[derive(Debug)]
struct GradVac {
    beta: f64,
    targets: Vec<Vec<f64>>,
}

impl GradVac {
    /// The coefficients of what becomes of gradient `i` of the step.
    fn vaccinate(
        &mut self,
        g: &Matrix,
        i: usize,
        tasks: &[usize],
        random: &mut Random,
    ) -> Vec<f64> {
        let mut others: Vec<usize> = (0..tasks.len()).filter(|&j| j != i).collect();
        random.shuffle(&mut others);
        let mut c = vec![0.0; tasks.len()];
        c[i] = 1.0;
        // The products of what it has become with every gradient.
        let mut products = g.row(i).to_vec();
        for j in others {
            let (own, other) = (dot(&c, &products).max(0.0).sqrt(), g[(j, j)].max(0.0).sqrt());
            // Of what has cancelled out the cosine is noise, which no target is to follow.
            if own <= NOISE * g[(i, i)].max(0.0).sqrt() || other == 0.0 {
                continue;
            }
            let cosine = (products[j] / own / other).clamp(-1.0, 1.0);
            let target = &mut self.targets[tasks[i]][tasks[j]];
            if cosine < *target {
                let (sine, target_sine) =
                    ((1.0 - cosine * cosine).sqrt(), (1.0 - *target * *target).sqrt());
                let added = own / other * (*target * sine / target_sine - cosine);
                c[j] += added;
                products.iter_mut().zip(g.row(j)).for_each(|(p, g)| *p += added * g);
            }
            *target = ((1.0 - self.beta) * *target + self.beta * cosine).clamp(-HIGHEST, HIGHEST);
        }
        c
    }
}

impl Method for GradVac {
    fn weigh(
        &mut self,
        step: &Step<'_>,
        gradients: Gradients<'_>,
        random: &mut Random,
    ) -> Result<Weights> {
        let gramian = gradients.gramian()?;
        let mut weights = vec![0.0; gramian.len()];
        for i in 0..gramian.len() {
            let changed = self.vaccinate(gramian, i, step.tasks, random);
            weights.iter_mut().zip(&changed).for_each(|(w, c)| *w += c);
        }
        Ok(Weights::of_gradients(weights))
    }

    keeps!(targets);
}
