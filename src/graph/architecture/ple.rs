//! Progressive layered extraction: experts that all tasks share beside experts of each task, on
//! several levels (PLE; Tang et al., RecSys 2020, doi 10.1145/3383313.3412236). With one level it is
//! customised gate control (CGC).

use super::super::{Builder, Spec};
use super::{layers, towers};

/// On each level `l` experts `level.l.shared.e.0 …` and `level.l.task.t.e.0 …`. The gate
/// `level.l.gate.t` weighs the task's own experts, then the shared ones; `level.l.gate.shared`, on
/// all levels but the last, those of all tasks in order, then the shared ones.
pub fn compose(spec: &Spec, builder: &mut Builder, row: usize, heads: &[usize]) {
    let (mut own, mut shared) = (vec![row; heads.len()], row);
    for level in 0..spec.levels {
        let level_name = format!("level.{level}");
        let mut experts = |name: &str, xs: usize, count: usize| -> Vec<usize> {
            let name = |nth: usize| format!("{level_name}.{name}.{nth}");
            let expert = |nth| layers(builder, spec, &name(nth), xs, &spec.hidden);
            (0..count).map(expert).collect()
        };
        let common = experts("shared", shared, spec.experts);
        let tasks: Vec<Vec<usize>> = own
            .iter()
            .enumerate()
            .map(|(task, &xs)| experts(&format!("task.{task}"), xs, spec.task_experts))
            .collect();
        let mut mix = |name: &str, xs: usize, experts: &[usize]| {
            let logits = builder.linear(&format!("{level_name}.gate.{name}"), xs, experts.len());
            let gate = builder.softmax(logits, spec.gate_dropout);
            (gate, builder.mixture(gate, experts))
        };
        let last = level + 1 == spec.levels;
        let mut gates = Vec::new();
        for (task, xs) in own.iter_mut().enumerate() {
            let (gate, mixed) = mix(&task.to_string(), *xs, &[&*tasks[task], &*common].concat());
            gates.push(gate);
            *xs = mixed;
        }
        if last {
            gates.into_iter().for_each(|gate| builder.gate(gate));
        } else {
            shared = mix("shared", shared, &[&*tasks.concat(), &*common].concat()).1;
        }
    }
    towers(builder, spec, &own, heads);
}
