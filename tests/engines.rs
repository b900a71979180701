//! The fused kernels against libtorch's autograd: the same steps from the same weights.
#![cfg(feature = "train")]
#![allow(clippy::unwrap_used, clippy::panic)] // a test may fail in its helpers too

mod common;

use common::{embedded, mixed};
use polytask::data::{Encoded, Schema};
use polytask::graph::{Activation, Builder, Graph, Inputs, Norm, Spec};
use polytask::options::{FitOptions, TrainOptions};
use polytask::random::{Purpose, Random};
use polytask::train::{Autograd, Engine, Fused, Lesson, Loss, Pass, Passed};
use polytask::{Cell, Encoder, Stop, TableBuilder};
use proptest::prelude::*;
use serde_json::{Value, json};

/// Rows with every kind of feature and task, labels missing here and there, weights.
struct Data {
    schema: Schema,
    encoder: Encoder,
    rows: Encoded,
}

fn data(rows: usize, targets: &Value) -> Data {
    let names = ["a", "b", "c", "w", "two", "four", "size", "many", "grade"];
    let mut builder = TableBuilder::from_rows(names.map(str::to_owned));
    let mut random = Random::new(5, Purpose::Init);
    for row in 0..rows {
        let (a, b) = (f64::from(random.normal()), f64::from(random.normal()));
        let c = format!("c{}", (random.unit() * 14.0) as u8);
        let texts = [["no", "yes"][usize::from(a > 0.3)], ["p", "q", "r", "s"][row % 4]];
        let masked =
            |cell, nth: usize| if (row + nth).is_multiple_of(5) { Cell::Missing } else { cell };
        builder.push(
            0,
            [
                Cell::Number(a),
                if row % 7 == 0 { Cell::Missing } else { Cell::Number(b) },
                Cell::Text(&c),
                Cell::Number(f64::from(random.unit())),
                masked(Cell::Text(texts[0]), 0),
                masked(Cell::Text(texts[1]), 1),
                masked(Cell::Number(a * b + a), 2),
                masked(Cell::Number((a.abs() * 4.0).floor()), 3),
                masked(Cell::Number(f64::from(row as u8 % 5 + 1)), 4),
            ],
        );
    }
    let table = builder.build();
    let options = json!({ "targets": targets, "sampleWeights": "w" });
    let schema = Schema::infer(&table, &TrainOptions::parse(options).unwrap().schema).unwrap();
    let all: Vec<usize> = (0..rows).collect();
    let encoder = Encoder::fit(&table, &schema, &all).unwrap();
    let rows = encoder.encode_rows(&table, &all, true).unwrap();
    Data { schema, encoder, rows }
}

fn all_kinds(number: &Value, smoothing: f64) -> Value {
    json!({
        "two": { "type": "classification", "labelSmoothing": smoothing },
        "four": { "type": "classification", "classWeights": "balanced", "labelSmoothing": smoothing, "weight": 0.5 },
        "size": { "type": "regression", "loss": number, "weight": 2 },
        "many": { "type": "count" },
        "grade": { "type": "ordinal" },
    })
}

/// A graph of random shape that uses every operation, with nodes that several others read.
fn graph(inputs: Inputs, layers: &[(usize, Activation)], norm: bool, heads: &[usize]) -> Graph {
    let mut builder = Builder::new(inputs);
    let row = builder.row(|codes| codes.min(5));
    let numbers = embedded(&mut builder, "numbers", row);
    let row = builder.concat(vec![row, numbers]);
    let mut xs = row;
    for (layer, &(width, activation)) in layers.iter().enumerate() {
        let a = builder.linear(&format!("trunk.{layer}"), xs, width);
        let b = builder.linear(&format!("side.{layer}"), row, width);
        let b = builder.activation(b, Activation::Tanh);
        xs = builder.add(vec![a, b, a]);
        if norm {
            xs = builder.layer_norm(&format!("trunk.{layer}.norm"), xs);
        }
        xs = builder.activation(xs, activation);
        xs = builder.dropout(xs, 0.3);
        if layer < 2 {
            xs = mixed(&mut builder, &format!("mixed.{layer}"), xs, width);
        }
        if layer % 2 == 0 {
            xs = builder.concat(vec![xs, row]);
        }
    }
    for (task, &width) in heads.iter().enumerate() {
        let mut head = builder.linear(&format!("head.{task}"), xs, width);
        if task == 1 {
            // A head that goes through something after its layer.
            head = builder.activation(head, Activation::Sigmoid);
        }
        builder.head(head);
    }
    builder.build()
}

fn lesson<'a>(data: &'a Data, graph: &'a Graph, nothing: &'a Encoded) -> Lesson<'a> {
    Lesson {
        graph,
        targets: data.encoder.targets(),
        tasks: &data.schema.tasks,
        train: &data.rows,
        validation: nothing,
    }
}

fn losses(lesson: &Lesson<'_>) -> Vec<Loss> {
    let labelled = lesson.tasks.iter().zip(lesson.targets).zip(&lesson.train.labels);
    labelled.map(|((task, target), labels)| Loss::of(task, target, labels)).collect()
}

fn fit_options(value: Value) -> FitOptions {
    TrainOptions::parse(value).unwrap().fit
}

fn pass(engine: &mut dyn Engine, rows: usize, batch_size: usize, threads: usize) -> Passed {
    let order: Vec<usize> = (0..rows).map(|row| row * 7 % rows).collect();
    let stop = Stop::new();
    engine
        .pass(Pass {
            epoch: 1,
            order: &order,
            batch_size,
            step: 3,
            rate: &|step| 0.05 / (step as f64 + 1.0),
            key: 11,
            threads,
            stop: &stop,
        })
        .unwrap()
}

fn weights(graph: &Graph) -> Vec<f32> {
    let mut random = Random::new(8, Purpose::Init);
    (0..graph.weights()).map(|_| random.symmetric(0.5)).collect()
}

/// How far the two are apart, as a share of how far training went.
fn compare(data: &Data, graph: &Graph, options: &FitOptions, batch_size: usize) -> f64 {
    let nothing = Encoded::default();
    let lesson = lesson(data, graph, &nothing);
    let (losses, begin) = (losses(&lesson), weights(graph));
    let mut fused = Fused::new(lesson, &losses, options, &begin).unwrap();
    let mut torch = Autograd::new(lesson, losses.clone(), options, &begin).unwrap();
    let rows = data.rows.rows;
    let (a, b) = (pass(&mut fused, rows, batch_size, 1), pass(&mut torch, rows, batch_size, 1));
    assert_eq!(a.steps, b.steps);
    for (a, b) in a.means.iter().zip(&b.means) {
        let (a, b) = (a.get().unwrap(), b.get().unwrap());
        assert!((a - b).abs() < 2e-4 * b.abs().max(1.0), "losses {a} and {b}");
    }
    let (steps, expected) = (fused.state().unwrap().1, torch.state().unwrap().1);
    assert_eq!(steps, expected);
    for (a, b) in
        fused.outputs(&data.rows, 2).unwrap().iter().zip(torch.outputs(&data.rows, 1).unwrap())
    {
        for (a, b) in a.iter().zip(&b) {
            assert!((a - b).abs() < 5e-4 * b.abs().max(1.0), "outputs {a} and {b}");
        }
    }
    let (a, b) = (fused.weights().unwrap(), torch.weights().unwrap());
    let apart: f64 = a.iter().zip(&b).map(|(a, b)| f64::from(a - b).powi(2)).sum();
    let gone: f64 = begin.iter().zip(&b).map(|(a, b)| f64::from(a - b).powi(2)).sum();
    assert!(gone > 1e-6, "nothing was learnt");
    (apart / gone).sqrt()
}

fn activation() -> impl Strategy<Value = Activation> {
    (0..Activation::ALL.len()).prop_map(|i| Activation::ALL[i].1)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn fused_steps_are_those_of_autograd(
        layers in prop::collection::vec((1usize..40, activation()), 0..4),
        norm: bool,
        rows in 8usize..150,
        batch in 1usize..150,
        smooth: bool,
    ) {
        let data = data(rows.max(40), &all_kinds(&json!("mse"), if smooth { 0.1 } else { 0.0 }));
        let heads: Vec<usize> = data.encoder.targets().iter().map(|it| it.head_width()).collect();
        let graph = graph(data.encoder.inputs(), &layers, norm, &heads);
        let options = fit_options(json!({ "optimizer": "sgd", "weightDecay": 0.01 }));
        let apart = compare(&data, &graph, &options, batch);
        prop_assert!(apart < 2e-3, "apart by {}", apart);
    }
}

#[test]
fn every_loss_and_optimizer_agrees() {
    let numbers = ["mse", "mae", "huber", "quantile"];
    for (nth, number) in numbers.into_iter().enumerate() {
        let mut targets = all_kinds(&json!(number), 0.05);
        if number == "quantile" {
            targets["size"]["quantile"] = json!(0.8);
        }
        let data = data(90, &targets);
        let heads: Vec<usize> = data.encoder.targets().iter().map(|it| it.head_width()).collect();
        let spec = Spec {
            hidden: vec![24, 17],
            activation: Activation::Silu,
            dropout: 0.2,
            norm: if nth % 2 == 0 { Norm::Layer } else { Norm::None },
            ..Spec::default()
        };
        let graph = spec.compose(data.encoder.inputs(), &heads);
        for optimizer in ["sgd", "adam", "adamw"] {
            for clip in [json!(false), json!(0.3)] {
                let options = fit_options(json!({
                    "optimizer": optimizer, "weightDecay": 0.02, "gradientClip": clip,
                }));
                let apart = compare(&data, &graph, &options, 16);
                // Adam's first steps divide tiny gradients by themselves: their rounding shows.
                assert!(apart < 2e-2, "{number} {optimizer} {clip}: apart by {apart}");
            }
        }
    }
}

#[test]
fn the_number_of_threads_changes_no_bit() {
    let data = data(400, &all_kinds(&json!("mse"), 0.0));
    let heads: Vec<usize> = data.encoder.targets().iter().map(|it| it.head_width()).collect();
    let spec = Spec {
        hidden: vec![256, 128],
        activation: Activation::Gelu,
        dropout: 0.1,
        norm: Norm::Layer,
        ..Spec::default()
    };
    let graph = spec.compose(data.encoder.inputs(), &heads);
    let nothing = Encoded::default();
    let lesson = lesson(&data, &graph, &nothing);
    let options = fit_options(json!({ "batchSize": 200 }));
    let (losses, begin) = (losses(&lesson), weights(&graph));
    let trained = |threads: usize| {
        let mut fused = Fused::new(lesson, &losses, &options, &begin).unwrap();
        pass(&mut fused, 400, 200, threads);
        (fused.weights().unwrap(), fused.outputs(&data.rows, threads).unwrap())
    };
    assert_eq!(trained(1), trained(2));
    assert_eq!(trained(1), trained(4));
}
