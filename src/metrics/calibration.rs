//! Whether probabilities mean what they say: log loss, Brier score, calibration error.

use super::rows::Row;
use super::weight::{Mean, finite};

/// Bins of the calibration error, the number of Guo et al.
const BINS: usize = 15;

/// The probabilistic scores, growing row by row.
#[derive(Default)]
pub(super) struct Calibration {
    log_loss: Mean,
    brier: Mean,
    bins: [Bin; BINS],
}

#[derive(Clone, Copy, Default)]
struct Bin {
    confidence: f64,
    hits: f64,
}

impl Calibration {
    pub(super) fn add(&mut self, row: &Row, predicted: usize) {
        let Row { probabilities, label, weight } = *row;
        let clipped = probabilities[label].clamp(f64::EPSILON, 1.0 - f64::EPSILON);
        self.log_loss.add(-clipped.ln(), weight);
        self.brier.add(squares(probabilities, label), weight);

        let confidence = probabilities[predicted];
        let bin = &mut self.bins[bin_of(confidence)];
        bin.confidence += confidence * weight;
        bin.hits += if predicted == label { weight } else { 0.0 };
    }

    pub(super) fn log_loss(&self) -> Option<f64> {
        self.log_loss.get()
    }

    pub(super) fn brier(&self) -> Option<f64> {
        self.brier.get()
    }

    /// Σ |B| ÷ n · |accuracy(B) − confidence(B)|; the |B| cancel.
    pub(super) fn ece(&self) -> Option<f64> {
        let gaps: f64 = self.bins.iter().map(|bin| (bin.hits - bin.confidence).abs()).sum();
        finite(gaps / self.log_loss.weight)
    }
}

/// The bin m with m ÷ 15 < confidence ≤ (m + 1) ÷ 15; the first and last take what lies outside.
fn bin_of(confidence: f64) -> usize {
    (1..BINS).filter(|&edge| confidence > edge as f64 / BINS as f64).count()
}

/// Squared distance to the truth: for two classes that of the second's probability alone.
fn squares(probabilities: &[f64], label: usize) -> f64 {
    let distance = |class: usize| {
        let truth = if class == label { 1.0 } else { 0.0 };
        (probabilities[class] - truth).powi(2)
    };
    match probabilities.len() {
        2 => distance(1),
        classes => (0..classes).map(distance).sum(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bins_are_closed_above() {
        assert_eq!(bin_of(0.0), 0);
        assert_eq!(bin_of(0.6), 8);
        assert_eq!(bin_of(0.6 + 1e-15), 9);
        assert_eq!(bin_of(1.0), 14);
        assert_eq!(bin_of(1.5), 14);
    }

    #[test]
    fn certainty_costs_a_finite_loss_and_never_quite_nothing() {
        let loss = |label| {
            let mut calibration = Calibration::default();
            calibration.add(&Row { probabilities: &[0.0, 1.0], label, weight: 1.0 }, 1);
            calibration.log_loss()
        };
        assert_eq!(loss(1), Some(-(1.0 - f64::EPSILON).ln()));
        assert_eq!(loss(0), Some(52.0 * std::f64::consts::LN_2));
    }
}
