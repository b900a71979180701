//! Hard parameter sharing: one trunk, one tower and linear head per task
//! (Caruana, 1997, "Multitask Learning"). With members, so many networks that share the weights of
//! all hidden layers, each with heads of its own (TabM; Gorishniy et al., 2025, arXiv 2410.24210).

use super::super::{Builder, Init, Spec};
use super::{hidden, layers, towers};

/// Trunk `trunk.0 … trunk.k`, heads `head.0 … head.t` in task order.
pub fn compose(spec: &Spec, builder: &mut Builder, row: usize, heads: &[usize]) {
    if spec.members > 0 {
        return members(builder, spec, row, heads);
    }
    let xs = layers(builder, spec, "trunk", row, &spec.hidden);
    towers(builder, spec, &vec![xs; heads.len()], heads);
}

/// The same names; a member's own head is a group of the head.
fn members(builder: &mut Builder, spec: &Spec, row: usize, heads: &[usize]) {
    let layers = |builder: &mut Builder, name: &str, xs: usize, widths: &[usize]| {
        widths.iter().enumerate().fold(xs, |xs, (nth, &width)| {
            let name = format!("{name}.{nth}");
            // What makes members differ at the start: each sees the row with factors of its own.
            let (alike, factors) =
                if xs == row { (true, Init::Apart) } else { (false, Init::Ones) };
            let xs = builder.batch_ensemble(&name, xs, width, (spec.members, alike), factors);
            hidden(builder, spec, &name, xs)
        })
    };
    let trunk = layers(builder, "trunk", row, &spec.hidden);
    for (task, &width) in heads.iter().enumerate() {
        let xs = layers(builder, &format!("tower.{task}"), trunk, &spec.tower);
        let head = builder.grouped(&format!("head.{task}"), xs, spec.members, width);
        builder.head(head);
    }
    builder.members(spec.members);
}
