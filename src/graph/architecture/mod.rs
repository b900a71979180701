//! Architectures: each is one function that composes a graph, and nothing else knows them.

pub mod shared;
