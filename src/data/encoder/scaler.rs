//! Numbers brought to one scale, as fitted on the training rows.

use super::super::preprocessing::Scaling;
use super::moments::{Listed, Moments};
use super::normal::inverse_normal;
use super::quantiles::{self, Sorted};
use serde::{Deserialize, Serialize};

/// Scaled numbers are kept within this, so that no input, however far out, overflows.
pub const FARTHEST: f64 = 1e9;

/// The least share of a rank, and one less it the greatest: ±5.2 of a normal distribution.
pub const LEAST_SHARE: f64 = 1e-7;

/// A fitted scale of one column. All bring a missing cell, which NaN says, to 0.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
pub enum Scaler {
    /// [`standard`].
    Standard {
        /// Subtracted.
        mean: f64,
        /// Divided by.
        scale: f64,
    },
    /// [`robust`]; both 0 for a constant column.
    Robust {
        /// Subtracted.
        median: f64,
        /// Multiplied with.
        factor: f64,
    },
    /// [`ranked`]; none for a constant column.
    Quantile {
        /// Of equal shares, rising.
        quantiles: Vec<f64>,
    },
}

impl Scaler {
    /// Mean and standard deviation.
    pub fn standard(moments: Moments) -> Self {
        let (mean, scale) = moments.finish();
        Scaler::Standard { mean, scale }
    }

    /// A scale of this kind for numbers.
    pub fn fit(scaling: Scaling, listed: Listed) -> Self {
        let Listed { numbers, weights, .. } = listed;
        match scaling {
            Scaling::Standard => {
                let mut moments = Moments::default();
                match weights {
                    None => moments.add_all(&numbers),
                    Some(weights) => numbers
                        .iter()
                        .zip(weights)
                        .for_each(|(number, weight)| moments.add_weighted(*number, weight)),
                }
                Scaler::standard(moments)
            }
            Scaling::Robust => {
                let spread = Sorted::new(numbers, weights).and_then(|sorted| sorted.spread());
                let (median, factor) = spread.map_or((0.0, 0.0), |(median, scale)| {
                    // The reciprocal of a subnormal scale would be infinite.
                    (median, (1.0 / scale).min(f64::MAX))
                });
                Scaler::Robust { median, factor }
            }
            Scaling::Quantile => Scaler::Quantile {
                quantiles: Sorted::new(numbers, weights)
                    .map_or_else(Vec::new, |sorted| sorted.quantiles()),
            },
        }
    }

    /// Whether a scale from a file can be used.
    pub fn is_valid(&self) -> bool {
        match self {
            Scaler::Standard { mean, scale } => {
                mean.is_finite() && scale.is_finite() && *scale > 0.0
            }
            Scaler::Robust { median, factor } => {
                let constant = *factor == 0.0 && *median == 0.0;
                median.is_finite() && factor.is_finite() && (*factor > 0.0 || constant)
            }
            Scaler::Quantile { quantiles } => quantiles::are_valid(quantiles),
        }
    }

    /// A number on this scale.
    #[inline]
    pub fn scaled(&self, number: f64) -> f32 {
        match self {
            Scaler::Standard { mean, scale } => standard(number, *mean, *scale),
            Scaler::Robust { median, factor } => robust(number, *median, *factor),
            Scaler::Quantile { quantiles } => ranked(number, quantiles),
        }
    }

    /// What stands for a missing cell, in words.
    pub fn centre(&self) -> &'static str {
        match self {
            Scaler::Standard { .. } => "the mean",
            Scaler::Robust { .. } | Scaler::Quantile { .. } => "the median",
        }
    }

    /// How it scales, in words.
    pub fn words(&self) -> &'static str {
        match self {
            Scaler::Standard { .. } => "by mean and standard deviation",
            Scaler::Robust { .. } => "by median and interquartile range, smoothly clipped to ±3",
            Scaler::Quantile { .. } => "by rank, to a normal distribution within ±5.2",
        }
    }
}

/// `(x - mean) / scale`.
#[inline(always)]
pub fn standard(number: f64, mean: f64, scale: f64) -> f32 {
    let scaled = ((number - mean) / scale).clamp(-FARTHEST, FARTHEST) as f32;
    if number.is_nan() { 0.0 } else { scaled }
}

/// `z = (x - median) · factor`, clipped as `z / √(1 + (z/3)²)`.
#[inline(always)]
pub fn robust(number: f64, median: f64, factor: f64) -> f32 {
    let scaled = ((number - median) * factor).clamp(-FARTHEST, FARTHEST);
    let third = scaled / 3.0;
    let clipped = (scaled / (1.0 + third * third).sqrt()) as f32;
    if number.is_nan() { 0.0 } else { clipped }
}

/// The share of the training numbers below `x`, as the number of a normal distribution.
#[inline]
pub fn ranked(number: f64, quantiles: &[f64]) -> f32 {
    if number.is_nan() {
        return 0.0;
    }
    let share = quantiles::share_below(number, quantiles);
    inverse_normal(share.clamp(LEAST_SHARE, 1.0 - LEAST_SHARE)) as f32
}

#[cfg(test)]
#[path = "scaler_tests.rs"]
mod tests;
