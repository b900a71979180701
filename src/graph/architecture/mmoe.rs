//! Mixtures of experts: every task gets a weighted sum of the same experts, with weights of its own
//! (MMoE; Ma et al., KDD 2018, doi 10.1145/3219819.3220007) or those of all (OMoE; Jacobs et al.,
//! 1991).

use super::super::{Architecture, Builder, Spec};
use super::{layers, towers};

/// Experts `expert.e.0 …`, gates `gate.t` on the row, or one `gate` for all.
pub fn compose(spec: &Spec, builder: &mut Builder, row: usize, heads: &[usize]) {
    let experts: Vec<usize> = (0..spec.experts)
        .map(|nth| layers(builder, spec, &format!("expert.{nth}"), row, &spec.hidden))
        .collect();
    let mut mix = |name: &str| {
        let logits = builder.linear(name, row, experts.len());
        let gate = builder.softmax(logits, spec.gate_dropout);
        (gate, builder.mixture(gate, &experts))
    };
    let mixed: Vec<(usize, usize)> = match spec.architecture {
        Architecture::Omoe => vec![mix("gate"); heads.len()],
        _ => (0..heads.len()).map(|task| mix(&format!("gate.{task}"))).collect(),
    };
    mixed.iter().for_each(|&(gate, _)| builder.gate(gate));
    let mixed: Vec<usize> = mixed.into_iter().map(|(_, mixed)| mixed).collect();
    towers(builder, spec, &mixed, heads);
}
