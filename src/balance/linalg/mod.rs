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

/// The size, of the largest and for each of them, below which an eigenvalue is noise: gradients are
/// `f32`, and some roundings more is the error of what is summed of them.
pub const NOISE: f64 = 1e-6;

#[cfg(test)]
mod linalg_tests;
