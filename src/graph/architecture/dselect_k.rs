//! A mixture in which each task selects at most k of the experts (DSelect-k; Hazimeh et al.,
//! NeurIPS 2021, arXiv 2106.03760), for each row anew.

use super::super::{Builder, Init, Penalty, Spec};
use super::{layers, towers};

/// How far numbers to be selected by begin from 0 for inputs of size 1: a hundredth of the width of
/// the smooth step, so that no selection is made before anything was learnt.
const NEAR: f32 = 0.01;

/// Experts `expert.e.0 …`, two at least; for each task selectors `gate.t.select.j`, whose numbers
/// are the bits of an expert, weighed by `gate.t`. The entropy of what each selects is penalised.
pub fn compose(spec: &Spec, builder: &mut Builder, row: usize, heads: &[usize]) {
    let experts: Vec<usize> = (0..spec.experts)
        .map(|nth| layers(builder, spec, &format!("expert.{nth}"), row, &spec.hidden))
        .collect();
    let bits = experts.len().next_power_of_two().trailing_zeros() as usize;
    let mut mixed = Vec::new();
    for task in 0..heads.len() {
        let selected: Vec<usize> = (0..spec.k)
            .map(|nth| {
                let name = format!("gate.{task}.select.{nth}");
                let bits = builder.linear_from(&name, row, bits, Init::Uniform(NEAR));
                builder.select(bits, experts.len())
            })
            .collect();
        for &node in selected.iter().filter(|_| spec.entropy > 0.0) {
            builder.penalty(Penalty::Entropy { task, node, weight: spec.entropy });
        }
        let logits = builder.linear(&format!("gate.{task}"), row, spec.k);
        let weights = builder.softmax(logits, 0.0);
        let gate = builder.mixture(weights, &selected);
        builder.gate(gate);
        mixed.push(builder.mixture(gate, &experts));
    }
    towers(builder, spec, &mixed, heads);
}
