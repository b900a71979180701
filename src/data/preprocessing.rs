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
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Preprocessing {
    /// How numbers are scaled. Default: standard.
    pub scaling: Scaling,
    /// Up to this many categories are one-hot, more are embedded; from 0 to [`MOST_ONE_HOT`].
    /// Default 9.
    pub one_hot: usize,
    /// Categories of fewer training rows are as good as unseen; from 1 up. None for the default:
    /// 1 for one-hot categories, and for up to [`MOST_RARE`] embedded ones if some are hidden; else
    /// 2, as the code of unseen ones is learnt from some rows only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_frequency: Option<usize>,
    /// Training reads an embedded category of n rows as one never seen with the chance
    /// `unseen / (unseen + n)`; from 0, for never, up.
    pub unseen: f64,
}

/// The most categories that may be one-hot.
pub const MOST_ONE_HOT: usize = 64;

/// The most embedded categories of which those of a single row are told apart by default.
pub const MOST_RARE: usize = 1_000;

impl Default for Preprocessing {
    fn default() -> Self {
        Preprocessing { scaling: Scaling::Standard, one_hot: 9, min_frequency: None, unseen: 0.0 }
    }
}

impl Preprocessing {
    /// Whether nothing was chosen, and files need not tell of it.
    pub fn is_default(&self) -> bool {
        *self == Preprocessing::default()
    }
}
