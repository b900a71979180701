//! Gradients as a method is given them.

use super::Matrix;
use crate::error::{Code, Error, Result};

/// What [`Needs`](super::Needs) asked for, of the tasks of the step, in their order.
#[derive(Debug)]
pub enum Gradients<'a> {
    /// Nothing.
    None,
    /// The Gramian, or the products of halves.
    Gramian(&'a Matrix),
    /// The gradients.
    Jacobian(Rows<'a>),
}

impl<'a> Gradients<'a> {
    /// The matrix of a method that asked for one.
    pub fn gramian(self) -> Result<&'a Matrix> {
        match self {
            Gradients::Gramian(gramian) => Ok(gramian),
            _ => Err(Error::new(Code::Internal, "balancing was not given the Gramian")),
        }
    }

    /// The gradients of a method that asked for them.
    pub fn jacobian(self) -> Result<Rows<'a>> {
        match self {
            Gradients::Jacobian(rows) => Ok(rows),
            _ => Err(Error::new(Code::Internal, "balancing was not given the gradients")),
        }
    }
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

    /// A row to write to.
    pub fn row_mut(&mut self, i: usize) -> &mut [f32] {
        &mut self.data[i * self.width..(i + 1) * self.width]
    }

    /// The length of each as a vector.
    pub fn norms(&self) -> Vec<f64> {
        (0..self.len()).map(|i| product(self.row(i), self.row(i)).sqrt()).collect()
    }

    /// Their Gramian.
    pub fn gramian(&self) -> Matrix {
        Matrix::new(self.len(), |i, j| product(self.row(i), self.row(j)))
    }
}

/// `a · b`, summed in `f64`, in which no product of two `f32` is lost.
fn product(a: &[f32], b: &[f32]) -> f64 {
    a.iter().zip(b).map(|(&a, &b)| f64::from(a) * f64::from(b)).sum()
}

/// The row of a task in rows kept for all of them, which begin as 0 when first asked for.
pub fn kept(rows: &mut Vec<f32>, tasks: usize, width: usize, task: usize) -> &mut [f32] {
    if rows.len() != tasks * width {
        *rows = vec![0.0; tasks * width];
    }
    &mut rows[task * width..(task + 1) * width]
}
