//! polytask: multi-task neural networks on tabular data, trained with libtorch, served anywhere.

pub mod data;
pub mod error;
pub mod metrics;

pub use error::{Code, Error, Result};
