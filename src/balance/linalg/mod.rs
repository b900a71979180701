//! The floor the methods stand on: small dense matrices in `f64`, for up to some tens of tasks.
//! Nothing here knows of tasks, losses or networks.

mod cholesky;
mod eigen;
mod fair;
mod matrix;
mod nonnegative;
mod simplex;
mod units;

pub use eigen::{Eigen, pseudo_solve};
pub use fair::fair;
pub use matrix::{Matrix, dot};
pub use nonnegative::{dual_cone, min_norm};
pub use simplex::{simplex, softmax};
pub use units::Units;

/// What is left of unit gradients that cancel out is noise if it is shorter than this: gradients are
/// `f32`, and their error is some roundings. Their Gramian is summed in `f64`, so that in it even
/// the square of this is well above the error of the sum.
pub const NOISE: f64 = 1e-6;

#[cfg(test)]
mod linalg_tests;
