//! A network for each task; after each hidden layer every task goes on with a learnt combination of
//! what all have there (cross-stitch networks; Misra et al., CVPR 2016, arXiv 1604.03539).

use super::super::{Builder, Init, Spec};
use super::towers;

/// How much of its own a task begins with; the rest is divided among the others.
const OWN: f32 = 0.9;

/// Layers `task.t.0 …`; after the `l`-th the weights `stitch.l.t`, one for each task.
pub fn compose(spec: &Spec, builder: &mut Builder, row: usize, heads: &[usize]) {
    let tasks = heads.len();
    let mut own = vec![row; tasks];
    for (layer, &width) in spec.hidden.iter().enumerate() {
        for (task, xs) in own.iter_mut().enumerate() {
            let name = format!("task.{task}.{layer}");
            let linear = builder.linear(&name, *xs, width);
            *xs = super::hidden(builder, spec, &name, linear);
        }
        if tasks == 1 {
            continue;
        }
        let off = (1.0 - OWN) / (tasks - 1) as f32;
        let stitched = (0..tasks).map(|task| {
            let init = Init::Peak { at: task, on: OWN, off };
            let weights = builder.given(&format!("stitch.{layer}.{task}"), tasks, init);
            builder.mixture(weights, &own)
        });
        own = stitched.collect();
    }
    towers(builder, spec, &own, heads);
}
