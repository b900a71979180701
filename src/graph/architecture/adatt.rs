//! Adaptive task-to-task fusion: on each level every task weighs the experts of all tasks, and adds
//! a fixed combination of its own (AdaTT-sp; Li et al., KDD 2023, arXiv 2304.04959).

use super::super::{Builder, Init, Spec};
use super::{layers, towers};

/// On each level `l` experts `level.l.task.t.e.0 …`; gates `level.l.gate.t` over those of all tasks
/// in order, and weights `level.l.own.t` of the task's own.
pub fn compose(spec: &Spec, builder: &mut Builder, row: usize, heads: &[usize]) {
    let mut own = vec![row; heads.len()];
    let each = spec.task_experts;
    for level in 0..spec.levels {
        let mut experts = Vec::new();
        for (task, &xs) in own.iter().enumerate() {
            for nth in 0..each {
                let name = format!("level.{level}.task.{task}.{nth}");
                experts.push(layers(builder, spec, &name, xs, &spec.hidden));
            }
        }
        for (task, xs) in own.iter_mut().enumerate() {
            let logits = builder.linear(&format!("level.{level}.gate.{task}"), *xs, experts.len());
            let gate = builder.softmax(logits, spec.gate_dropout);
            let fused = builder.mixture(gate, &experts);
            let even = 1.0 / each as f32;
            let init = Init::Peak { at: 0, on: even, off: even };
            let weights = builder.given(&format!("level.{level}.own.{task}"), each, init);
            let residual = builder.mixture(weights, &experts[task * each..][..each]);
            *xs = builder.add(vec![fused, residual]);
            if level + 1 == spec.levels {
                builder.gate(gate);
            }
        }
    }
    towers(builder, spec, &own, heads);
}
