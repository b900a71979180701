//! What changes over the run: the learning rate, and what may fall with it.

use super::engine::Pace;
use crate::options::{Curve, FitOptions, Schedule};
use std::f64::consts::PI;

impl Curve {
    /// The factor when this share of the run is done.
    fn at(self, done: f64) -> f64 {
        let fall = |done: f64| 0.5 * (1.0 + (PI * done.min(1.0)).cos());
        match self {
            Curve::Constant => 1.0,
            Curve::Cosine => fall(done),
            Curve::CosLog4 => 0.5 * (1.0 - (2.0 * PI * (1.0 + 15.0 * done).log2()).cos()),
            Curve::FlatCosine => fall((2.0 * done - 1.0).max(0.0)),
            Curve::OneCycle => {
                const UP: f64 = 0.3;
                const FIRST: f64 = 1.0 / 25.0;
                const LAST: f64 = 1.0 / 250_000.0;
                let (from, to, share) = match done < UP {
                    true => (FIRST, 1.0, done / UP),
                    false => (1.0, LAST, (done - UP) / (1.0 - UP)),
                };
                to + (from - to) * fall(share)
            }
        }
    }
}

impl Schedule {
    /// The factor of the full rate at step `step` of `steps`, of which an epoch has `each`.
    fn factor(self, step: usize, steps: usize, each: usize) -> f64 {
        let warmup = (self.warmup * each as f64).round() as usize;
        match step < warmup {
            true => (step + 1) as f64 / (warmup + 1) as f64,
            false => self.curve.at(share(step - warmup, steps.saturating_sub(warmup))),
        }
    }
}

fn share(step: usize, steps: usize) -> f64 {
    step as f64 / steps.max(1) as f64
}

/// The pace of step `step`, of which an epoch has `each`.
pub fn pace(options: &FitOptions, step: usize, each: usize) -> Pace {
    let steps = each * options.epochs;
    let done = share(step, steps);
    Pace {
        rate: options.learning_rate * options.schedule.factor(step, steps, each),
        decay: options.weight_decay_schedule.at(done),
        dropout: options.dropout_schedule.at(done),
    }
}

/// How far the average of the weights moves towards them after step `step`, counted from 0, where
/// each step keeps `kept` of it. It is corrected for its beginning, as Adam's moments are: after
/// the first step it is the weights themselves.
pub fn toward(kept: f64, step: usize) -> f64 {
    (1.0 - kept) / (1.0 - kept.powf(step as f64 + 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-12, "{found}, expected {expected}");
    }

    #[test]
    fn curves_go_through_their_points() {
        let root = 0.5f64.sqrt();
        for (curve, points) in [
            (Curve::Constant, vec![(0.0, 1.0), (0.9, 1.0)]),
            (Curve::Cosine, vec![(0.0, 1.0), (0.25, 0.5 + root / 2.0), (0.5, 0.5), (1.0, 0.0)]),
            // log₂(1 + 15t) is 0, ½, 1, 1½, 2, 3 and 4: each wave is twice as long.
            (
                Curve::CosLog4,
                vec![
                    (0.0, 0.0),
                    ((2f64.sqrt() - 1.0) / 15.0, 1.0),
                    (1.0 / 15.0, 0.0),
                    ((8f64.sqrt() - 1.0) / 15.0, 1.0),
                    (3.0 / 15.0, 0.0),
                    (7.0 / 15.0, 0.0),
                    (1.0, 0.0),
                ],
            ),
            (
                Curve::FlatCosine,
                vec![(0.0, 1.0), (0.5, 1.0), (0.625, 0.5 + root / 2.0), (0.75, 0.5), (1.0, 0.0)],
            ),
            (
                Curve::OneCycle,
                vec![
                    (0.0, 0.04),
                    (0.15, 0.52),
                    (0.3, 1.0),
                    (0.65, 0.5 * (1.0 + 0.000_004)),
                    (1.0, 0.000_004),
                ],
            ),
        ] {
            for (done, expected) in points {
                near(curve.at(done), expected);
            }
        }
    }

    #[test]
    fn warm_up_goes_before_the_curve() {
        let schedule = Schedule { curve: Curve::Cosine, warmup: 1.5 };
        // Two steps an epoch, four epochs: three steps up, then five along the curve.
        let factors: Vec<f64> = (0..8).map(|step| schedule.factor(step, 8, 2)).collect();
        for (step, expected) in [(0, 0.25), (1, 0.5), (2, 0.75), (3, 1.0)] {
            near(factors[step], expected);
        }
        near(factors[5], Curve::Cosine.at(0.4));
        near(Schedule::of(Curve::Cosine).factor(10, 10, 5), 0.0);
    }

    #[test]
    fn the_average_begins_with_the_weights() {
        near(toward(0.9, 0), 1.0);
        // By hand: (w₁ · 0.9 + w₂) / 1.9.
        near(toward(0.9, 1), 1.0 / 1.9);
        near(toward(0.9, 100_000), 0.1);
    }
}
