//! Training on libtorch: the only room that sees a tensor.

mod fit;
mod loss;
mod observer;
mod optimizer;
mod report;
mod run;
mod schedule;
mod select;
mod state;
mod stop;
mod tensors;
mod threads;

pub use fit::{Best, Fitted, Lesson, fit, resume};
pub use observer::Observer;
pub use run::forward;
pub use state::{Arrays, State};
pub use stop::Stop;
pub use tensors::{Batch, Params, TaskLabels};

/// The libtorch this was built for: tch reads no other.
pub const LIBTORCH: &str = "2.13.0";
