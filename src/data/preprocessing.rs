//! How the columns of features become numbers, as a user may choose it.

use serde::{Deserialize, Serialize};

/// How numbers are brought to one scale, fitted on the training rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Scaling {
    /// Less the mean, by the standard deviation.
    #[default]
    Standard,
    /// Less the median, by the interquartile range, then smoothly clipped to within 3
    /// (RealMLP, arXiv 2407.04491).
    Robust,
    /// By rank, to a normal distribution (TabM, arXiv 2410.24210).
    Quantile,
}

/// What a user may choose of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Preprocessing {
    /// How numbers are scaled. Default: standard.
    pub scaling: Scaling,
    /// Up to this many categories are one-hot, more are embedded; from 0 to [`MOST_ONE_HOT`].
    /// Default 9.
    pub one_hot: usize,
    /// Categories of fewer training rows are as good as unseen; from 1 up. None for the default,
    /// 2 for embedded categories and 1 for one-hot ones.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_frequency: Option<usize>,
}

/// The most categories that may be one-hot.
pub const MOST_ONE_HOT: usize = 64;

impl Default for Preprocessing {
    fn default() -> Self {
        Preprocessing { scaling: Scaling::Standard, one_hot: 9, min_frequency: None }
    }
}

impl Preprocessing {
    /// Whether nothing was chosen, and files need not tell of it.
    pub fn is_default(&self) -> bool {
        *self == Preprocessing::default()
    }
}
