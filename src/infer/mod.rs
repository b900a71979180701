//! The graph on plain `f32`, without libtorch: what answers `predict`.

mod net;
mod parts;
mod plan;
mod step;

pub use net::{Net, Rows};
pub use parts::in_parts;
