//! PCGrad: Yu et al., Gradient Surgery for Multi-Task Learning, NeurIPS 2020 (arXiv 2001.06782).
//!
//! Each `g_i` in turn loses, for the other `g_j` in random order, its part along `g_j` if that
//! points against `g_j`; what is left is summed. What is left of `g_i` is `c_i J`, and its product
//! with `g_j` is `(G c_i)_j`, so the Gramian is all it takes.
//!
//! Cost: a backward pass a task, and T³ multiplications. Heads: their own loss. The sum is over
//! tasks, not the mean (LibMTL and TorchJD too).

use crate::balance::{About, Gradients, Matrix, Method, Step, Weights};
use crate::error::Result;
use crate::random::Random;

/// PCGrad.
pub const ABOUT: About = About::of_gramian("pcgrad", |_| Box::new(PcGrad));

#[derive(Debug)]
struct PcGrad;

impl Method for PcGrad {
    fn weigh(
        &mut self,
        _: &Step<'_>,
        gradients: Gradients<'_>,
        random: &mut Random,
    ) -> Result<Weights> {
        let gramian = gradients.gramian()?;
        let mut weights = vec![0.0; gramian.len()];
        for i in 0..gramian.len() {
            let kept = project(gramian, i, random);
            weights.iter_mut().zip(&kept).for_each(|(w, c)| *w += c);
        }
        Ok(Weights::of_gradients(weights))
    }
}

/// The coefficients of what is left of gradient `i`.
fn project(gramian: &Matrix, i: usize, random: &mut Random) -> Vec<f64> {
    let mut others: Vec<usize> = (0..gramian.len()).filter(|&j| j != i).collect();
    random.shuffle(&mut others);
    let mut c = vec![0.0; gramian.len()];
    c[i] = 1.0;
    // The products of what is left with every gradient.
    let mut products = gramian.row(i).to_vec();
    for j in others {
        let square = gramian[(j, j)];
        if products[j] < 0.0 && square > 0.0 {
            let along = products[j] / square;
            c[j] -= along;
            products.iter_mut().zip(gramian.row(j)).for_each(|(p, g)| *p -= along * g);
        }
    }
    c
}
