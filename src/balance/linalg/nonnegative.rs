//! Quadratic programs over `x ≥ 0`, and two problems that are such: the point of least norm in a
//! convex hull, and the projection on a dual cone.

use super::cholesky::solve;
use super::{Matrix, dot};

/// How far a condition may be missed, of numbers brought to the size of 1.
const TOLERANCE: f64 = 1e-12;
/// Added to the unit diagonal, so that gradients that are the same make no singular equations.
const RIDGE: f64 = 1e-13;

/// The `x ≥ 0` with the least `½ xᵀHx − bᵀx`, `H` positive semidefinite: the active-set method of
/// Lawson and Hanson (Solving Least Squares Problems, 1974, chapter 23), on `H` alone.
pub fn nonnegative(h: &Matrix, b: &[f64]) -> Vec<f64> {
    let n = h.len();
    let d: Vec<f64> =
        h.diagonal().iter().map(|&x| if x > 0.0 { x.sqrt().recip() } else { 0.0 }).collect();
    let h = Matrix::new(n, |i, j| h[(i, j)] * d[i] * d[j] + if i == j { RIDGE } else { 0.0 });
    let b: Vec<f64> = b.iter().zip(&d).map(|(b, d)| b * d).collect();
    let size = b.iter().fold(0.0_f64, |size, b| size.max(b.abs()));
    if size == 0.0 {
        return vec![0.0; n];
    }
    let b: Vec<f64> = b.iter().map(|b| b / size).collect();
    let x = active_set(&h, &b);
    x.iter().zip(&d).map(|(x, d)| x * d * size).collect()
}

/// The same for an `H` of unit diagonal and a `b` of the size of 1.
fn active_set(h: &Matrix, b: &[f64]) -> Vec<f64> {
    let n = h.len();
    let mut x = vec![0.0; n];
    let mut free: Vec<usize> = Vec::new();
    // Those whose gain turned out to be a rounding error.
    let mut barred = vec![false; n];
    // Each round lowers the value, so that no set comes twice; the bound is for rounding errors.
    for _ in 0..10 * (n + 1) {
        let gain = |i: usize| b[i] - dot(h.row(i), &x);
        let candidates = (0..n).filter(|i| !free.contains(i) && !barred[*i]);
        let best = candidates.map(|i| (gain(i), i)).max_by(|a, b| a.0.total_cmp(&b.0));
        let Some((_, entering)) = best.filter(|(gain, _)| *gain > TOLERANCE) else { break };
        free.push(entering);
        let mut first = true;
        loop {
            let rhs: Vec<f64> = free.iter().map(|&i| b[i]).collect();
            let target = solve(&h.of(&free), &rhs);
            let target = target.filter(|t| !first || t.last().is_some_and(|&x| x > 0.0));
            let Some(target) = target else {
                free.retain(|&i| i != entering);
                x[entering] = 0.0;
                barred[entering] = true;
                break;
            };
            first = false;
            if go(&mut x, &mut free, &target) {
                barred.fill(false);
                break;
            }
        }
    }
    x
}

/// Goes from `x` towards the target as far as no entry falls below 0; whether it got there. What
/// falls to 0 is no longer free.
fn go(x: &mut [f64], free: &mut Vec<usize>, target: &[f64]) -> bool {
    let stops = free.iter().zip(target).filter(|(_, target)| **target <= 0.0);
    let first = stops
        .map(|(&i, target)| (x[i] / (x[i] - target).max(f64::MIN_POSITIVE), i))
        .min_by(|a, b| a.0.total_cmp(&b.0));
    let share = first.map_or(1.0, |(share, _)| share.clamp(0.0, 1.0));
    for (&i, target) in free.iter().zip(target) {
        x[i] += share * (target - x[i]);
    }
    let Some((_, stopped)) = first else { return true };
    x[stopped] = 0.0;
    free.retain(|&i| x[i] > 0.0);
    x.iter_mut().for_each(|x| *x = x.max(0.0));
    free.is_empty()
}

/// The weights on the simplex that make `‖Σ w_t p_t‖` least, for points of this Gramian. If points
/// are 0, they share the weight.
pub fn min_norm(gramian: &Matrix) -> Vec<f64> {
    let n = gramian.len();
    let squares = gramian.diagonal();
    let least = squares.iter().copied().fold(f64::INFINITY, f64::min);
    if least <= 0.0 {
        let zeros = squares.iter().filter(|&&square| square <= 0.0).count() as f64;
        return squares.iter().map(|&x| if x <= 0.0 { 1.0 / zeros } else { 0.0 }).collect();
    }
    // Of `xᵀGx + (Σx − 1)²` over x ≥ 0, the best multiple of a w on the simplex with q = wᵀGw has
    // the value q ÷ (1 + q), which grows with q: its least is where q is least. In units of the
    // shortest point q is at most 1.
    let h = Matrix::new(n, |i, j| gramian[(i, j)] / least + 1.0);
    let x = nonnegative(&h, &vec![1.0; n]);
    let sum: f64 = x.iter().sum();
    match sum > 0.0 {
        true => x.iter().map(|x| x / sum).collect(),
        false => vec![1.0 / n as f64; n],
    }
}

/// The weights `w` for which `Jᵀw` is the projection of `Jᵀu` on the dual cone
/// `{ d : J d ≥ 0 }`: the `w ≥ u` with the least `wᵀGw` (arXiv 2406.16232, proposition 1).
pub fn dual_cone(gramian: &Matrix, u: &[f64]) -> Vec<f64> {
    let b: Vec<f64> = gramian.apply(u).iter().map(|x| -x).collect();
    nonnegative(gramian, &b).iter().zip(u).map(|(x, u)| x + u).collect()
}
