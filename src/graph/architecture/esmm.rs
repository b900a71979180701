//! Tasks in an order, each possible only where the one before came true: a task's probability is
//! the product of its own, given the one before, and that of the one before (ESMM; Ma et al., SIGIR
//! 2018, arXiv 1804.07931). So the conditional probability is learnt over all rows.

use super::super::{Builder, Spec};
use super::layers;

/// Trunk `trunk.0 …`, towers `tower.t.0 …`; `head.t` is the logit of a task given the one before.
pub fn compose(spec: &Spec, builder: &mut Builder, row: usize, heads: &[usize]) {
    let trunk = layers(builder, spec, "trunk", row, &spec.hidden);
    let mut before = None;
    for (task, &width) in heads.iter().enumerate() {
        let xs = layers(builder, spec, &format!("tower.{task}"), trunk, &spec.tower);
        let alone = builder.linear(&format!("head.{task}"), xs, width);
        let both = before.map_or(alone, |before| builder.and(before, alone));
        builder.head(both);
        before = Some(both);
    }
}
