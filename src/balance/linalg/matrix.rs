//! A square matrix of `f64`, row by row.

use std::ops::Index;

/// A square matrix.
#[derive(Debug, Clone, PartialEq)]
pub struct Matrix {
    n: usize,
    data: Vec<f64>,
}

impl Matrix {
    /// The matrix with these entries, by row and column.
    pub fn new(n: usize, entry: impl Fn(usize, usize) -> f64) -> Self {
        let data = (0..n * n).map(|at| entry(at / n, at % n)).collect();
        Matrix { n, data }
    }

    /// The matrix with these entries, row after row; none if there are not `n × n`.
    pub fn from_rows(n: usize, data: Vec<f64>) -> Option<Self> {
        (data.len() == n * n).then_some(Matrix { n, data })
    }

    /// How many rows it has.
    pub fn len(&self) -> usize {
        self.n
    }

    /// Whether it has no row.
    pub fn is_empty(&self) -> bool {
        self.n == 0
    }

    /// A row.
    pub fn row(&self, i: usize) -> &[f64] {
        &self.data[i * self.n..(i + 1) * self.n]
    }

    /// The entries on the diagonal.
    pub fn diagonal(&self) -> Vec<f64> {
        (0..self.n).map(|i| self[(i, i)]).collect()
    }

    /// Their sum.
    pub fn trace(&self) -> f64 {
        self.diagonal().iter().sum()
    }

    /// `M v`.
    pub fn apply(&self, v: &[f64]) -> Vec<f64> {
        (0..self.n).map(|i| dot(self.row(i), v)).collect()
    }

    /// `vᵀ M v`.
    pub fn form(&self, v: &[f64]) -> f64 {
        dot(v, &self.apply(v))
    }

    /// `diag(d) M diag(d)`.
    pub fn scaled(&self, d: &[f64]) -> Matrix {
        Matrix::new(self.n, |i, j| self[(i, j)] * d[i] * d[j])
    }

    /// The rows and columns of `kept` alone.
    pub fn of(&self, kept: &[usize]) -> Matrix {
        Matrix::new(kept.len(), |i, j| self[(kept[i], kept[j])])
    }

    /// Whether no entry is infinite or not a number.
    pub fn is_finite(&self) -> bool {
        self.data.iter().all(|x| x.is_finite())
    }
}

impl Index<(usize, usize)> for Matrix {
    type Output = f64;

    fn index(&self, (i, j): (usize, usize)) -> &f64 {
        &self.data[i * self.n + j]
    }
}

/// `a · b`.
pub fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
