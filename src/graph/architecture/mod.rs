//! Architectures: each is one function that composes a graph, and nothing else knows them.

pub mod adatt;
pub mod aitm;
pub mod cross_stitch;
pub mod dselect_k;
pub mod esmm;
pub mod mmoe;
pub mod ple;
pub mod row;
pub mod shared;

use super::{Builder, Norm, Spec};

/// Hidden layers `name.0 … name.k` of these widths.
fn layers(builder: &mut Builder, spec: &Spec, name: &str, xs: usize, widths: &[usize]) -> usize {
    widths.iter().enumerate().fold(xs, |xs, (nth, &width)| {
        let xs = builder.linear(&format!("{name}.{nth}"), xs, width);
        hidden(builder, spec, &format!("{name}.{nth}"), xs)
    })
}

/// What follows a hidden layer: normalisation, activation, dropout.
fn hidden(builder: &mut Builder, spec: &Spec, name: &str, mut xs: usize) -> usize {
    if spec.norm == Norm::Layer {
        xs = builder.layer_norm(&format!("{name}.norm"), xs);
    }
    xs = match spec.parametric {
        true => builder.blend(&format!("{name}.blend"), xs, spec.activation),
        false => builder.activation(xs, spec.activation),
    };
    builder.dropout(xs, spec.dropout)
}

/// The end of every task: hidden layers `tower.t.0 …` and a linear layer `head.t`.
fn towers(builder: &mut Builder, spec: &Spec, of: &[usize], heads: &[usize]) {
    for (task, (&xs, &width)) in of.iter().zip(heads).enumerate() {
        let xs = layers(builder, spec, &format!("tower.{task}"), xs, &spec.tower);
        let head = builder.linear(&format!("head.{task}"), xs, width);
        builder.head(head);
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
