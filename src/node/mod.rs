//! The JavaScript boundary, and the only room that knows napi: take, convert, one call of the
//! core, map. Everything it gives to JavaScript is plain; `index.js` shapes it.

pub mod answer;
mod arrow;
mod cell;
mod clock;
mod columns;
mod error;
mod keys;
pub mod labelled;
pub mod live;
pub mod model;
pub mod numbers;
mod object;
pub mod predict;
pub mod preload;
pub mod report;
pub mod rows;
mod thread;
#[cfg(feature = "train")]
pub mod training;
pub mod work;

use napi_derive::napi;

/// polytask's version.
#[napi(catch_unwind)]
pub fn version() -> &'static str {
    env!("CARGO_PKG_VERSION")
}
