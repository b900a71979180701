//! The graph on plain `f32`, without libtorch: what answers `predict`.

mod net;
mod step;

pub use net::{Net, Rows};
