//! The positive solution of `G w = w^(−1/α)`: the bargain of Nash-MTL (α = 1) and FairGrad.

use super::cholesky::solve;
use super::{Matrix, Units, dot};

/// Steps of Newton's method, once the value falls no more.
const BLIND_STEPS: usize = 40;
/// Added to the cosines' unit diagonal. Gradients that cancel out have no solution, their weights
/// would be infinite; so they are at most 1 ÷ √ridge of what they are alone. The first is enough
/// for most gradients; where it changes the equations by more than [`MISSED`], the second is used.
const RIDGES: [f64; 2] = [1e-7, 1e-10];
/// By how much of its force a ridge may change an equation.
const MISSED: f64 = 1e-3;

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
    let mut y = vec![1.0; n];
    for ridge in RIDGES {
        let ridged = |i, j| units.cosines[(i, j)] + if i == j { ridge } else { 0.0 };
        y = newton(&Matrix::new(n, ridged).scaled(&roots), &d, y, alpha, ridge);
        // Its term in an equation is `ridge d y`, the force `d y^(−1/α)`.
        if y.iter().all(|y| ridge * y.powf(1.0 + 1.0 / alpha) <= MISSED) {
            break;
        }
    }
    let w: Vec<f64> = power(-alpha / (1.0 + alpha)).zip(&y).map(|(start, y)| start * y).collect();
    let mean = w.iter().sum::<f64>() / n as f64;
    units.spread(&w, mean)
}

/// The minimum of `½ yᵀHy − Σ d φ(y)` from a `y` on. As long as the value falls, steps are as long
/// as it does; once it falls no more, as rounding hides what small entries add to it, as Newton
/// says, and what solves the equations best is the result.
fn newton(h: &Matrix, d: &[f64], mut y: Vec<f64>, alpha: f64, ridge: f64) -> Vec<f64> {
    let slope = 1.0 / alpha;
    let forces =
        |y: &[f64]| -> Vec<f64> { y.iter().zip(d).map(|(y, d)| d * y.powf(-slope)).collect() };
    let value = |y: &[f64]| 0.5 * h.form(y) - utility(y, d, slope);
    let mut now = value(&y);
    let mut best: Option<(f64, Vec<f64>)> = None;
    let mut blind = 0;
    while blind < BLIND_STEPS {
        let pull = forces(&y);
        let downhill: Vec<f64> = h.apply(&y).iter().zip(&pull).map(|(a, f)| f - a).collect();
        // Of what an entry holds against, but not less than the error it is computed with.
        let missed = (0..y.len())
            .map(|i| {
                let size: f64 = h.row(i).iter().zip(&y).map(|(h, y)| h.abs() * y).sum();
                (downhill[i] / (pull[i] + ridge * size)).abs()
            })
            .fold(0.0, f64::max);
        if best.as_ref().is_none_or(|(least, _)| missed < *least) {
            best = Some((missed, y.clone()));
        }
        let Some(step) = step(h, d, &y, &pull, &downhill, slope).filter(|_| missed > 1e-8) else {
            break;
        };
        // No entry falls by more than nine tenths.
        let falls = step.iter().zip(&y).map(|(s, y)| -s / y).fold(0.9, f64::max);
        let promised = dot(&downhill, &step);
        let go =
            |share: f64| -> Vec<f64> { y.iter().zip(&step).map(|(y, s)| y + share * s).collect() };
        let mut shares = (0..12).map(|halvings| 0.9 / falls * 0.5_f64.powi(halvings));
        // The value of an entry that would be infinite is no number, and falls nowhere.
        let falling = shares.find(|share| value(&go(*share)) < now - 1e-4 * share * promised);
        blind += usize::from(falling.is_none());
        y = go(falling.unwrap_or(0.9 / falls));
        now = value(&y);
    }
    best.map(|(_, y)| y).unwrap_or(y)
}

/// `Σ d φ(y)`.
fn utility(y: &[f64], d: &[f64], slope: f64) -> f64 {
    let phi = |y: f64| match (slope - 1.0).abs() < 1e-9 {
        true => y.ln(),
        false => y.powf(1.0 - slope) / (1.0 - slope),
    };
    y.iter().zip(d).map(|(&y, d)| d * phi(y)).sum()
}

/// Newton's step.
fn step(
    h: &Matrix,
    d: &[f64],
    y: &[f64],
    pull: &[f64],
    downhill: &[f64],
    slope: f64,
) -> Option<Vec<f64>> {
    // In units of `y ÷ √d`, so that entries of all sizes are solved alike well.
    let scale: Vec<f64> = y.iter().zip(d).map(|(y, d)| y / d.sqrt()).collect();
    let curvature = |i: usize| slope * pull[i] / y[i];
    let curved = Matrix::new(y.len(), |i, j| h[(i, j)] + if i == j { curvature(i) } else { 0.0 });
    let rhs: Vec<f64> = downhill.iter().zip(&scale).map(|(x, s)| x * s).collect();
    let step = solve(&curved.scaled(&scale), &rhs)?;
    Some(step.iter().zip(&scale).map(|(x, s)| x * s).collect())
}
