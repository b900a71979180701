//! Gradients as a method is given them.

use super::Matrix;
use crate::error::{Code, Error, Result};
use crate::kernel::{LANES, widely};

/// What [`Needs`](super::Needs) asked for, of the tasks of the step, in their order.
#[derive(Debug)]
pub enum Gradients<'a> {
    /// Nothing.
    None,
    /// The Gramian, or the products of halves.
    Gramian(&'a Matrix),
    /// The gradients, all there.
    Jacobian(Rows<'a>),
    /// The sums over all parts of gradients that the method has rewritten.
    Rewritten(&'a Matrix),
}

impl<'a> Gradients<'a> {
    /// The matrix of a method that asked for one.
    pub fn gramian(self) -> Result<&'a Matrix> {
        match self {
            Gradients::Gramian(matrix) | Gradients::Rewritten(matrix) => Ok(matrix),
            _ => Err(Error::new(Code::Internal, "balancing was not given the Gramian")),
        }
    }
}

/// The same coordinates of the gradients of all tasks of a step.
#[derive(Debug)]
pub struct Part<'a> {
    /// The place of the first among all coordinates.
    pub at: usize,
    /// The gradients there, task by task. What a method writes in their place is what its weights
    /// weigh.
    pub rows: Vec<&'a mut [f32]>,
    /// What the method keeps for them, task by task; of one that keeps nothing, nothing.
    pub kept: Vec<&'a mut [f32]>,
    /// `[task, task]`, of which the upper half is read: what the method adds up of all parts, to
    /// weigh by. It begins as 0.
    pub sums: &'a mut [f64],
}

/// Gradients, row after row. What a method writes in their place is what its weights weigh.
#[derive(Debug)]
pub struct Rows<'a> {
    count: usize,
    width: usize,
    data: &'a mut [f32],
}

impl<'a> Rows<'a> {
    /// `data` as so many rows of the same length.
    pub fn new(count: usize, data: &'a mut [f32]) -> Self {
        Rows { count, width: data.len() / count.max(1), data }
    }

    /// The length of a row.
    pub fn width(&self) -> usize {
        self.width
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// A row.
    pub fn row(&self, i: usize) -> &[f32] {
        &self.data[i * self.width..(i + 1) * self.width]
    }

    /// All rows to write to.
    pub fn rows_mut(&mut self) -> Vec<&mut [f32]> {
        self.data.chunks_exact_mut(self.width.max(1)).collect()
    }

    /// The length of each as a vector.
    pub fn norms(&self) -> Vec<f64> {
        (0..self.len()).map(|i| product(self.row(i), self.row(i)).sqrt()).collect()
    }
}

/// `a · b`, summed in `f64`, in which no product of two `f32` is lost.
pub fn product(a: &[f32], b: &[f32]) -> f64 {
    total(a, b, |a, b| f64::from(a) * f64::from(b))
}

/// The sum of a term of each two numbers, in an order that no CPU changes.
pub fn total(a: &[f32], b: &[f32], term: impl Fn(f32, f32) -> f64) -> f64 {
    widely(|| {
        let mut sums = [0.0; LANES];
        let ((a, a_rest), (b, b_rest)) = (a.as_chunks::<LANES>(), b.as_chunks::<LANES>());
        for (a, b) in a.iter().zip(b) {
            for lane in 0..LANES {
                sums[lane] += term(a[lane], b[lane]);
            }
        }
        let rest = a_rest.iter().zip(b_rest);
        sums.iter_mut().zip(rest).for_each(|(sum, (a, b))| *sum += term(*a, *b));
        sums.iter().sum()
    })
}
