//! How good predictions are: plain slices of predictions and labels come in, the scores of one
//! task go out.
//!
//! Every figure is scikit-learn's of the same name; where that raises, warns or returns NaN, the
//! figure here is absent. What the functions share:
//!
//! - A row without an observed label is skipped: a class label not below `classes`
//!   (`u32::MAX` by custom), a number that is not finite.
//! - A row's weight multiplies what it counts; a weight that is not a positive finite number is
//!   zero. With no weight in all, only `n` and `confusion` are there.
//! - One prediction that is not finite, on an observed row, leaves only `n`: a net that gives NaN
//!   has no score, and never wins a selection.
//! - Slices that do not fit together are a bug of the caller, and panic.

mod calibration;
mod classification;
mod interval;
mod metric;
mod ordinal;
mod ranking;
mod regression;
mod rows;
mod scores;
mod weight;

pub use classification::{classification, unranked};
pub use interval::interval;
pub use metric::Metric;
pub use ordinal::ordinal;
pub use regression::{count, regression};
pub use scores::Scores;
