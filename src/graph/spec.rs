//! What a user may say of the network, checked; `compose` turns it into a graph.

use super::{Activation, Graph, Inputs, architecture};
use serde::{Deserialize, Serialize};

/// Normalisation after each hidden layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Norm {
    /// None.
    None,
    /// Layer normalisation.
    Layer,
}

/// A network by its options. The fields hold what was checked where they were read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Spec {
    /// Widths of the hidden layers of the trunk; empty means linear models on the row.
    pub hidden: Vec<usize>,
    /// Activation after each hidden layer.
    pub activation: Activation,
    /// Dropout after each hidden layer, in [0, 1).
    pub dropout: f32,
    /// Normalisation after each hidden layer.
    pub norm: Norm,
}

impl Spec {
    /// The graph for rows of this shape and one head of each given width.
    pub fn compose(&self, inputs: Inputs, heads: &[usize]) -> Graph {
        architecture::shared::compose(self, inputs, heads)
    }
}
