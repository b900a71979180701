//! A Gramian taken apart into the lengths of its gradients and the cosines between them, so that
//! gradients of 1e-10 and of 1e10 are alike to what follows.

use super::{Matrix, NOISE, dot, pseudo_solve};

/// Squared lengths up to this are those of a gradient that is 0: `f32` holds nothing so small.
const NOTHING: f64 = 1e-200;

/// The lengths and cosines of the gradients that are not 0.
#[derive(Debug, Clone, PartialEq)]
pub struct Units {
    /// Which gradients those are.
    pub live: Vec<usize>,
    /// Their lengths.
    pub lengths: Vec<f64>,
    /// The cosines between them.
    pub cosines: Matrix,
    n: usize,
}

impl Units {
    /// Takes a Gramian apart.
    pub fn of(gramian: &Matrix) -> Self {
        let live: Vec<usize> = (0..gramian.len()).filter(|&i| gramian[(i, i)] > NOTHING).collect();
        let lengths: Vec<f64> = live.iter().map(|&i| gramian[(i, i)].sqrt()).collect();
        let cosines = Matrix::new(live.len(), |i, j| match i == j {
            true => 1.0,
            false => (gramian[(live[i], live[j])] / lengths[i] / lengths[j]).clamp(-1.0, 1.0),
        });
        Units { live, lengths, cosines, n: gramian.len() }
    }

    /// The weights of the unit gradients for which their sum has the same product with each of
    /// them, 1; where gradients are dependent and none has, that with products nearest to 1. None
    /// if all products are 0 then, as of opposed gradients.
    pub fn alike(&self) -> Option<Vec<f64>> {
        let weights = pseudo_solve(&self.cosines, &vec![1.0; self.live.len()]);
        // The squared length of the sum.
        let square = dot(&weights, &self.cosines.apply(&weights));
        (square > NOISE * NOISE).then_some(weights)
    }

    /// The values of the gradients that are not 0 among all, `rest` for the others.
    pub fn spread(&self, values: &[f64], rest: f64) -> Vec<f64> {
        let mut all = vec![rest; self.n];
        self.live.iter().zip(values).for_each(|(&at, &value)| all[at] = value);
        all
    }
}
