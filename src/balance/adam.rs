//! Adam (arXiv 1412.6980) on a few numbers, for methods that learn their weights.

use serde::{Deserialize, Serialize};

const BETAS: (f64, f64) = (0.9, 0.999);
/// Far below any gradient here, as those may be of any size.
const EPSILON: f64 = 1e-12;

/// The moments of each number. One without a gradient in a step is not touched.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Adam {
    first: Vec<f64>,
    second: Vec<f64>,
    steps: Vec<i32>,
}

impl Adam {
    /// For so many numbers.
    pub fn new(numbers: usize) -> Self {
        Adam { first: vec![0.0; numbers], second: vec![0.0; numbers], steps: vec![0; numbers] }
    }

    /// How far to go from the number of this index, against its gradient.
    pub fn step(&mut self, index: usize, gradient: f64, rate: f64) -> f64 {
        // Past this its square would be infinite.
        let gradient = gradient.clamp(-1e100, 1e100);
        self.steps[index] = self.steps[index].saturating_add(1);
        let (first, second) = (&mut self.first[index], &mut self.second[index]);
        *first += (1.0 - BETAS.0) * (gradient - *first);
        *second += (1.0 - BETAS.1) * (gradient * gradient - *second);
        let mean = *first / (1.0 - BETAS.0.powi(self.steps[index]));
        let square = *second / (1.0 - BETAS.1.powi(self.steps[index]));
        -rate * mean / (square.sqrt() + EPSILON)
    }
}
