//! The positive solution of `G w = w^(−1/α)`: the bargain of Nash-MTL (α = 1) and FairGrad.

use super::cholesky::solve;
use super::{Matrix, Units, dot};

/// Steps of Newton's method at most; ten are usual.
const STEPS: usize = 200;
/// Added to the cosines' unit diagonal. Gradients that cancel out have no solution, their weights
/// would be infinite; so they are at most 1 ÷ √RIDGE of what they are alone.
const RIDGE: f64 = 1e-7;

/// The `w > 0` with `(G w)_t = w_t^(−1/α)`, `α > 0`. A gradient that is 0 can have any weight, and
/// has the mean of the others'; if all are, 1.
///
/// It is the minimum of the convex `½ wᵀGw − Σ φ(w_t)` with `φ'(w) = w^(−1/α)`, found by Newton's
/// method, starting from where it would be were the gradients orthogonal, `G_tt^(−α/(1+α))`. In
/// units `y` of that start, gradients of any length are alike:
/// `(√D C √D) y = D y^(−1/α)`, with cosines `C` and `D = G_tt^((1−α)/(1+α))`.
pub fn fair(gramian: &Matrix, alpha: f64) -> Vec<f64> {
    let units = Units::of(gramian);
    let n = units.live.len();
    if n == 0 {
        return vec![1.0; gramian.len()];
    }
    let power = |exponent: f64| units.lengths.iter().map(move |x| x.powf(2.0 * exponent));
    let d: Vec<f64> = power((1.0 - alpha) / (1.0 + alpha)).collect();
    let roots: Vec<f64> = d.iter().map(|d| d.sqrt()).collect();
    let ridged = |i, j| units.cosines[(i, j)] + if i == j { RIDGE } else { 0.0 };
    let h = Matrix::new(n, ridged).scaled(&roots);
    let y = newton(&h, &d, alpha);
    let w: Vec<f64> = power(-alpha / (1.0 + alpha)).zip(&y).map(|(start, y)| start * y).collect();
    let mean = w.iter().sum::<f64>() / n as f64;
    units.spread(&w, mean)
}

/// The minimum of `½ yᵀHy − Σ d φ(y)` from `y = 1`.
fn newton(h: &Matrix, d: &[f64], alpha: f64) -> Vec<f64> {
    let n = h.len();
    let slope = 1.0 / alpha;
    let phi = |y: f64| match (alpha - 1.0).abs() < 1e-9 {
        true => y.ln(),
        false => y.powf(1.0 - slope) / (1.0 - slope),
    };
    let value =
        |y: &[f64]| 0.5 * h.form(y) - y.iter().zip(d).map(|(&y, d)| d * phi(y)).sum::<f64>();
    let mut y = vec![1.0; n];
    let mut now = value(&y);
    for _ in 0..STEPS {
        let forces: Vec<f64> = y.iter().zip(d).map(|(y, d)| d * y.powf(-slope)).collect();
        let downhill: Vec<f64> = h.apply(&y).iter().zip(&forces).map(|(a, f)| f - a).collect();
        // In units of `y ÷ √d`, so that rows of all sizes are solved alike well.
        let scale: Vec<f64> = y.iter().zip(d).map(|(y, d)| y / d.sqrt()).collect();
        let curved =
            Matrix::new(n, |i, j| h[(i, j)] + if i == j { slope * forces[i] / y[i] } else { 0.0 });
        let rhs: Vec<f64> = downhill.iter().zip(&scale).map(|(x, s)| x * s).collect();
        let Some(step) = solve(&curved.scaled(&scale), &rhs) else { break };
        let step: Vec<f64> = step.iter().zip(&scale).map(|(x, s)| x * s).collect();
        let longest = step.iter().zip(&y).map(|(s, y)| (s / y).abs()).fold(0.0, f64::max);
        let promised = dot(&downhill, &step);
        // No entry falls by more than nine tenths.
        let falls = step.iter().zip(&y).map(|(s, y)| -s / y).fold(0.0, f64::max);
        let mut share = (0.9 / falls.max(0.9)).min(1.0);
        let (next, better) = loop {
            let next: Vec<f64> = y.iter().zip(&step).map(|(y, s)| y + share * s).collect();
            let better = value(&next);
            if better <= now - 1e-4 * share * promised || share < 1e-6 {
                break (next, better);
            }
            share *= 0.5;
        };
        // Where rounding hides any progress, as near the minimum, what there is has to do.
        if !(better < now) {
            if longest < 1e-3 && better.is_finite() {
                y = next;
            }
            break;
        }
        (y, now) = (next, better);
        if longest < 1e-13 {
            break;
        }
    }
    y
}
