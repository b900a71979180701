//! The graph on plain `f32`, without libtorch: what answers `predict`.

mod members;
mod net;
mod parts;
mod plan;
mod step;

pub use crate::parts::in_parts;
pub use net::{Net, Rows};
