//! Hard parameter sharing: one trunk, one tower and linear head per task
//! (Caruana, 1997, "Multitask Learning").

use super::super::{Builder, Spec};
use super::{layers, towers};

/// Trunk `trunk.0 … trunk.k`, heads `head.0 … head.t` in task order.
pub fn compose(spec: &Spec, builder: &mut Builder, row: usize, heads: &[usize]) {
    let xs = layers(builder, spec, "trunk", row, &spec.hidden);
    towers(builder, spec, &vec![xs; heads.len()], heads);
}
