//! Tasks in an order, each of which attends to what its own tower knows and to what the task before
//! hands on (AITM; Xi et al., KDD 2021, arXiv 2105.08489).

use super::super::{Builder, Penalty, Spec};
use super::{hidden, layers};

/// Trunk `trunk.0 …`, towers `tower.t.0 …`. From the second task on: `transfer.t.info`, a layer on
/// what the task before ended with, and the attention's `transfer.t.value`, `.key` and `.query`,
/// the same for both things attended to. Its chance above that of the task before is penalised.
pub fn compose(spec: &Spec, builder: &mut Builder, row: usize, heads: &[usize]) {
    let trunk = layers(builder, spec, "trunk", row, &spec.hidden);
    let towers: Vec<usize> = (0..heads.len())
        .map(|task| layers(builder, spec, &format!("tower.{task}"), trunk, &spec.tower))
        .collect();
    let mut before = None;
    for (task, (&own, &width)) in towers.iter().zip(heads).enumerate() {
        let known = match before {
            None => own,
            Some((_, before)) => transfer(builder, spec, &format!("transfer.{task}"), before, own),
        };
        let head = builder.linear(&format!("head.{task}"), known, width);
        builder.head(head);
        // A chance is the sigmoid of a logit alone: more numbers are more than two classes.
        if let Some((lower, _)) = before
            && spec.calibrator > 0.0
            && [lower, head].iter().all(|&head| builder.width(head) == 1)
        {
            let weight = spec.calibrator;
            builder.penalty(Penalty::Exceeds { task, lower, upper: head, weight });
        }
        before = Some((head, known));
    }
}

fn transfer(builder: &mut Builder, spec: &Spec, name: &str, before: usize, own: usize) -> usize {
    let width = builder.width(own);
    let info = builder.linear(&format!("{name}.info"), before, width);
    let info = hidden(builder, spec, &format!("{name}.info"), info);
    let of_info = ["value", "key", "query"]
        .map(|part| builder.linear(&format!("{name}.{part}"), info, width));
    let of_own = of_info.map(|layer| builder.again(layer, own));
    let scores = [of_info, of_own].map(|[_, key, query]| builder.dot(key, query));
    let scores = builder.concat(scores.to_vec());
    let gate = builder.softmax(scores, 0.0);
    builder.mixture(gate, &[of_info[0], of_own[0]])
}
