//! The network as data: operations over named parameters, composed by architectures and read by
//! `train` (on libtorch) and `infer` (in plain Rust).

mod activation;
mod architecture;
mod bins;
mod builder;
mod check;
mod embeddings;
mod ensemble;
mod features;
mod formula;
mod op;
mod penalty;
mod recipe;
mod spec;

pub use activation::Activation;
pub use bins::Bins;
pub use builder::Builder;
pub use embeddings::{CategoryEmbeddings, Edges, EmbeddingType, Embeddings, Sketch};
pub use formula::{and, chance, excess, select, smooth_step};
pub use op::{Graph, Init, Inputs, Node, Op, Param};
pub use penalty::{CLEAR, Penalty};
pub use recipe::{Beginning, Decay, Parametrization, Rates};
pub use spec::{Architecture, Norm, Spec};
