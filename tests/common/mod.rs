//! What tests of graphs have in common.

use polytask::graph::{Activation, Builder, Init, Penalty};

/// All that architectures are made of beside layers, on a node and as wide as asked for: experts,
/// gates of every kind, attention with the same layer on two nodes, members that share weights,
/// products of probabilities. The first task pays for the entropy of gates.
pub fn mixed(builder: &mut Builder, name: &str, xs: usize, width: usize) -> usize {
    let experts: Vec<usize> = (0..3)
        .map(|nth| {
            let expert = builder.linear(&format!("{name}.expert.{nth}"), xs, width);
            match nth {
                1 => expert,
                2 => builder.blend(&format!("{name}.blend.2"), expert, Activation::Mish),
                _ => builder.activation(expert, Activation::Silu),
            }
        })
        .collect();
    // On a node that others read as well.
    let bent = builder.blend(&format!("{name}.bent"), xs, Activation::Sigmoid);
    let logits = builder.linear(&format!("{name}.gate"), bent, 3);
    let soft = builder.softmax(logits, 0.3);
    let bits = builder.linear(&format!("{name}.bits"), xs, 2);
    let selected = builder.select(bits, 3);
    let init = Init::Peak { at: 1, on: 0.75, off: 0.25 };
    let own = builder.given(&format!("{name}.own"), 2, init);
    let gate = builder.mixture(own, &[soft, selected]);
    let mixture = builder.mixture(gate, &experts);
    let key = builder.linear(&format!("{name}.key"), mixture, 3);
    let query = builder.again(key, experts[0]);
    let query = builder.activation(query, Activation::Sigmoid);
    let scores = [builder.dot(key, query), builder.dot(key, key)];
    let scores = builder.concat(scores.to_vec());
    let attention = builder.softmax(scores, 0.0);
    for (node, weight) in [(soft, 0.3), (selected, 0.2), (attention, 0.5)] {
        builder.penalty(Penalty::Entropy { task: 0, node, weight });
    }
    let attention = builder.activation(attention, Activation::Tanh);
    let attended = builder.mixture(attention, &[mixture, experts[1]]);
    let both = builder.and(attended, experts[2]);
    let members = builder.batch_ensemble(&format!("{name}.first"), both, 5, (3, true), Init::Apart);
    let members = builder.activation(members, Activation::Sigmoid);
    let members = builder.batch_ensemble(
        &format!("{name}.second"),
        members,
        4,
        (3, false),
        Init::Normal(0.5),
    );
    // Whole vectors and less, from node to node and from what is multiplied into a derivative.
    let wide = builder.linear(&format!("{name}.wide"), both, 33);
    let wide = builder.activation(wide, Activation::Sigmoid);
    let parts = builder.grouped(&format!("{name}.parts"), wide, 3, 16);
    let parts = builder.activation(parts, Activation::Silu);
    let fewer = builder.grouped(&format!("{name}.fewer"), parts, 3, 3);
    let fewer = builder.activation(fewer, Activation::Gelu);
    let fewer = builder.grouped(&format!("{name}.fewest"), fewer, 3, 2);
    let ends = builder.grouped(&format!("{name}.whole"), parts, 3, 16);
    let ends = builder.activation(ends, Activation::Selu);
    let ends = builder.grouped(&format!("{name}.ends"), ends, 3, 5);
    let numbers = embedded(builder, &format!("{name}.numbers"), wide);
    let fewer = builder.concat(vec![fewer, ends, members, numbers]);
    builder.linear(&format!("{name}.end"), fewer, width)
}

/// All that is made of single columns, a column read twice among them.
pub fn embedded(builder: &mut Builder, name: &str, xs: usize) -> usize {
    let last = builder.width(xs) - 1;
    let columns = builder.columns(xs, vec![last, 0, last / 2]);
    let scaled = builder.scale(&format!("{name}.scale"), columns);
    let waves = builder.periodic(&format!("{name}.waves"), scaled, 5, (0.1, true));
    let waves = builder.grouped(&format!("{name}.mixed"), waves, 3, 4);
    let more = builder.periodic(&format!("{name}.more"), scaled, 2, (0.2, false));
    let more = builder.activation(more, Activation::Relu);
    let edges = vec![vec![-1.0, 0.0, 0.7], vec![-0.5, 0.5], vec![-2.0, -0.4, 0.3, 1.9]];
    let bent = builder.piecewise(scaled, edges);
    builder.concat(vec![waves, more, bent])
}
