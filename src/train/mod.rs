//! Training: in kernels of our own, or on libtorch; the only room that sees a tensor.

mod autograd;
mod begin;
mod crew;
mod engine;
mod fit;
mod fused;
mod hiding;
mod loss;
mod observer;
mod optimizer;
mod penalty;
mod report;
mod run;
mod schedule;
mod select;
mod state;
mod stop;
mod telemetry;
mod tensors;
mod threads;

pub use autograd::Autograd;
pub use begin::{begin, fresh};
pub use crew::crew;
pub use engine::{Engine, Pace, Pass, Passed};
pub use fit::{Best, Fitted, Lesson, fit, fit_for, resume};
pub use fused::Fused;
pub use loss::Loss;
pub use observer::{Further, Observer};
pub use run::forward;
pub use select::{best_epoch, best_score};
pub use state::{Arrays, State};
pub use stop::Stop;
pub use telemetry::Telemetry;
pub use tensors::{Batch, Params, TaskLabels};

/// The libtorch this was built for: tch reads no other.
pub const LIBTORCH: &str = "2.13.0";
