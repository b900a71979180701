//! Linear equations with a symmetric positive definite matrix.

use super::Matrix;

/// The `x` with `H x = b`; none if `H` is not positive definite.
pub fn solve(h: &Matrix, b: &[f64]) -> Option<Vec<f64>> {
    let n = h.len();
    let mut l = vec![0.0; n * n];
    for i in 0..n {
        for j in 0..=i {
            let done: f64 = (0..j).map(|k| l[i * n + k] * l[j * n + k]).sum();
            let rest = h[(i, j)] - done;
            if i == j {
                if rest <= 0.0 || rest.is_nan() {
                    return None;
                }
                l[i * n + i] = rest.sqrt();
            } else {
                l[i * n + j] = rest / l[j * n + j];
            }
        }
    }
    let mut x = b.to_vec();
    for i in 0..n {
        let done: f64 = (0..i).map(|k| l[i * n + k] * x[k]).sum();
        x[i] = (x[i] - done) / l[i * n + i];
    }
    for i in (0..n).rev() {
        let done: f64 = (i + 1..n).map(|k| l[k * n + i] * x[k]).sum();
        x[i] = (x[i] - done) / l[i * n + i];
    }
    x.iter().all(|x| x.is_finite()).then_some(x)
}
