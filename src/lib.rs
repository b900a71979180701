//! polytask: multi-task neural networks on tabular data, trained with libtorch, served anywhere.

pub mod artifact;
pub mod data;
pub mod error;
pub mod graph;
pub mod history;
pub mod infer;
pub mod metrics;
pub mod model;
pub mod options;
pub mod random;
#[cfg(feature = "train")]
pub mod train;

pub use error::{Code, Error, Result};
