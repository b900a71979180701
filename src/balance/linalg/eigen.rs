//! Eigenvalues and eigenvectors of a symmetric matrix, by Jacobi's rotations: slower than others
//! on large matrices, and exact to the last digits on small ones.

use super::{Matrix, NOISE, dot};

/// Rotations go round at most so often; six rounds are usual.
const ROUNDS: usize = 64;

/// `M = Σ λ v vᵀ`.
#[derive(Debug, Clone, PartialEq)]
pub struct Eigen {
    /// The eigenvalues, largest first.
    pub values: Vec<f64>,
    /// The eigenvector of each, of length 1.
    pub vectors: Vec<Vec<f64>>,
    /// The diagonal of `M`.
    diagonal: Vec<f64>,
}

impl Eigen {
    /// The eigenvalues and eigenvectors of a symmetric matrix.
    pub fn of(matrix: &Matrix) -> Self {
        let n = matrix.len();
        let mut a: Vec<Vec<f64>> = (0..n).map(|i| matrix.row(i).to_vec()).collect();
        // Row k of `v` is the k-th eigenvector.
        let mut v: Vec<Vec<f64>> =
            (0..n).map(|i| (0..n).map(|j| f64::from(i == j)).collect()).collect();
        for _ in 0..ROUNDS {
            let mut still = true;
            for p in 0..n {
                for q in p + 1..n {
                    // Scaled by its own two rows, so that small eigenvalues come out right too.
                    let size = (a[p][p].abs() * a[q][q].abs()).sqrt();
                    if a[p][q].abs() > f64::EPSILON * size {
                        rotate(&mut a, &mut v, p, q);
                        still = false;
                    }
                }
            }
            if still {
                break;
            }
        }
        let mut order: Vec<usize> = (0..n).collect();
        order.sort_by(|&i, &j| a[j][j].total_cmp(&a[i][i]));
        Eigen {
            values: order.iter().map(|&i| a[i][i]).collect(),
            vectors: order.into_iter().map(|i| std::mem::take(&mut v[i])).collect(),
            diagonal: matrix.diagonal(),
        }
    }

    /// The eigenvalues of a Gramian that are above the noise, largest first, with their vectors.
    ///
    /// An eigenvalue is the squared length of a combination `Jᵀv` of gradients. Whether that is
    /// noise is a matter of how far the gradients in it cancel out, so of `Σ v_i² ‖g_i‖²`, not of
    /// the largest eigenvalue: a gradient that is short by itself is no noise.
    pub fn sound(&self) -> impl Iterator<Item = (f64, &[f64])> {
        let least = NOISE * NOISE * self.values.len() as f64;
        let pairs = self.values.iter().zip(&self.vectors);
        let apart = |v: &[f64]| v.iter().zip(&self.diagonal).map(|(v, d)| v * v * d).sum::<f64>();
        pairs
            .filter(move |(value, vector)| **value > least * apart(vector))
            .map(|(value, vector)| (*value, &vector[..]))
    }
}

/// The rotation of rows and columns `p` and `q` that makes their common entry 0.
fn rotate(a: &mut [Vec<f64>], v: &mut [Vec<f64>], p: usize, q: usize) {
    let theta = (a[q][q] - a[p][p]) / (2.0 * a[p][q]);
    // `hypot` as theta² may overflow; an infinite theta rightly gives t = 0.
    let t = theta.signum() / (theta.abs() + theta.hypot(1.0));
    let c = 1.0 / t.hypot(1.0);
    let s = t * c;
    let shift = t * a[p][q];
    for k in 0..a.len() {
        if k != p && k != q {
            let (x, y) = (a[k][p], a[k][q]);
            (a[k][p], a[k][q]) = (c * x - s * y, s * x + c * y);
            (a[p][k], a[q][k]) = (a[k][p], a[k][q]);
        }
        let (x, y) = (v[p][k], v[q][k]);
        (v[p][k], v[q][k]) = (c * x - s * y, s * x + c * y);
    }
    a[p][p] -= shift;
    a[q][q] += shift;
    (a[p][q], a[q][p]) = (0.0, 0.0);
}

/// `M⁺ b` for the Gramian `M` of gradients of length 1; eigenvalues in the noise count as 0.
pub fn pseudo_solve(matrix: &Matrix, b: &[f64]) -> Vec<f64> {
    let eigen = Eigen::of(matrix);
    let mut x = vec![0.0; matrix.len()];
    for (value, vector) in eigen.sound() {
        let along = dot(vector, b) / value;
        x.iter_mut().zip(vector).for_each(|(x, v)| *x += along * v);
    }
    x
}
