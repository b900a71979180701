//! The two readers of a graph, libtorch and plain Rust, give the same outputs.
#![cfg(feature = "train")]
#![allow(clippy::unwrap_used, clippy::panic)] // a test may fail in its helpers too

mod common;

use common::{embedded, mixed};
use polytask::data::Encoded;
use polytask::graph::{Activation, Builder, Graph, Inputs, Norm, Spec};
use polytask::infer::{Net, Rows};
use polytask::train::{Batch, Params, forward};
use proptest::prelude::*;

/// A graph of random shape that uses every operation.
fn graph(
    inputs: Inputs,
    widths: &[usize],
    activations: &[Activation],
    norm: bool,
    heads: &[usize],
) -> Graph {
    let mut builder = Builder::new(inputs);
    let row = builder.row(|codes| codes.min(5));
    let numbers = embedded(&mut builder, "numbers", row);
    let row = builder.concat(vec![row, numbers]);
    let mut xs = row;
    for (layer, (&width, &activation)) in widths.iter().zip(activations).enumerate() {
        let a = builder.linear(&format!("trunk.{layer}"), xs, width);
        let b = builder.linear(&format!("side.{layer}"), row, width);
        xs = builder.add(vec![a, b]);
        if norm {
            xs = builder.layer_norm(&format!("trunk.{layer}.norm"), xs);
        }
        xs = builder.activation(xs, activation);
        xs = builder.dropout(xs, 0.5);
        xs = mixed(&mut builder, &format!("mixed.{layer}"), xs, width);
        xs = builder.concat(vec![xs, row]);
    }
    for (task, &width) in heads.iter().enumerate() {
        let head = builder.linear(&format!("head.{task}"), xs, width);
        builder.head(head);
    }
    builder.build()
}

/// Both readers on the same weights and rows: `[rows, all heads]` each.
fn both(graph: &Graph, weights: Vec<f32>, rows: &Encoded) -> (Vec<f32>, Vec<f32>) {
    let params = Params::new(graph, &weights).unwrap();
    let batch = Batch::new(rows, graph, &[]).unwrap();
    let heads = forward(graph, &params.leaves, &batch, None).unwrap();
    let side_by_side = tch::Tensor::cat(&heads, 1).contiguous();
    let mut torch = vec![0.0; side_by_side.numel()];
    side_by_side.copy_data(&mut torch, side_by_side.numel());
    let net = Net::new(graph.clone(), weights).unwrap();
    let Encoded { rows, numeric, codes, .. } = rows;
    (torch, net.run(Rows { rows: *rows, numeric, codes }))
}

fn activation() -> impl Strategy<Value = Activation> {
    (0..Activation::ALL.len()).prop_map(|i| Activation::ALL[i].1)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn libtorch_and_plain_rust_agree(
        numeric in 1usize..12,
        codes in prop::collection::vec(2usize..20, 0..3),
        layers in prop::collection::vec((1usize..40, activation()), 0..4),
        norm: bool,
        heads in prop::collection::vec(1usize..6, 1..4),
        rows in 1usize..70,
        seed: u32,
    ) {
        let (widths, activations): (Vec<_>, Vec<_>) = layers.into_iter().unzip();
        let graph = graph(Inputs { numeric, codes: codes.clone() }, &widths, &activations, norm, &heads);
        graph.check().unwrap();
        let mut state = u64::from(seed) | 1;
        let mut draw = || {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (state >> 40) as f32 / (1u64 << 24) as f32 * 2.0 - 1.0
        };
        // Weights of the size training starts from: within 1/√in for the widest layer.
        let weights = (0..graph.weights()).map(|_| draw() * 0.4).collect();
        let encoded = Encoded {
            rows,
            numeric: (0..rows * numeric).map(|_| draw() * 3.0).collect(),
            codes: (0..rows * codes.len())
                .map(|i| ((draw().abs() * 1e4) as usize % codes[i % codes.len()]) as u32)
                .collect(),
            ..Encoded::default()
        };
        let (torch, plain) = both(&graph, weights, &encoded);
        prop_assert_eq!(torch.len(), plain.len());
        for (a, b) in torch.iter().zip(&plain) {
            prop_assert!((a - b).abs() <= 1e-5 * a.abs().max(1.0), "{} and {}", a, b);
        }
    }
}

#[test]
fn every_activation_agrees_far_out_too() {
    for (name, activation) in Activation::ALL {
        let mut builder = Builder::new(Inputs { numeric: 1, codes: vec![] });
        let row = builder.row(|_| 0);
        let ys = builder.activation(row, activation);
        builder.head(ys);
        let numeric: Vec<f32> = (-400..=400).map(|i| i as f32 * 0.25).collect();
        let rows = Encoded { rows: numeric.len(), numeric, ..Encoded::default() };
        let (torch, plain) = both(&builder.build(), vec![], &rows);
        for ((a, b), x) in torch.iter().zip(&plain).zip(&rows.numeric) {
            assert!((a - b).abs() <= 1e-5 * a.abs().max(1.0), "{name}({x}): {a} and {b}");
        }
    }
}

#[test]
fn a_composed_network_agrees() {
    let spec = Spec {
        hidden: vec![6, 6],
        activation: Activation::Relu,
        norm: Norm::Layer,
        ..Spec::default()
    };
    let graph = spec.compose(Inputs { numeric: 3, codes: vec![12] }, &[1, 4]);
    let weights = (0..graph.weights()).map(|i| (i as f32).cos() * 0.3).collect();
    let rows = Encoded {
        rows: 2,
        numeric: vec![1.0, 2.0, 3.0, -1.0, 0.0, 0.5],
        codes: vec![0, 11],
        ..Encoded::default()
    };
    let (torch, plain) = both(&graph, weights, &rows);
    assert_eq!(torch.len(), 10);
    torch.iter().zip(&plain).for_each(|(a, b)| assert!((a - b).abs() < 1e-5));
}
