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

/// The relative size below which an eigenvalue is noise: gradients are `f32`, and so is the error
/// of what is computed from them.
pub const NOISE: f64 = f32::EPSILON as f64;

#[cfg(test)]
mod linalg_tests;
