//! Hard parameter sharing: one trunk, one tower and linear head per task
//! (Caruana, 1997, "Multitask Learning").

use super::super::{Builder, Graph, Inputs, Spec};
use super::{embedding_width, layers, towers};

/// Trunk `trunk.0 … trunk.k`, heads `head.0 … head.t` in task order.
pub fn compose(spec: &Spec, inputs: Inputs, heads: &[usize]) -> Graph {
    let mut builder = Builder::new(inputs);
    let row = builder.row(embedding_width);
    let xs = layers(&mut builder, spec, "trunk", row, &spec.hidden);
    towers(&mut builder, spec, &vec![xs; heads.len()], heads);
    builder.build()
}
