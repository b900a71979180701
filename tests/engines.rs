//! The fused kernels against libtorch's autograd: the same steps from the same weights.
#![cfg(feature = "train")]
#![allow(clippy::unwrap_used, clippy::panic)] // a test may fail in its helpers too

mod common;

use common::{embedded, mixed};
use polytask::data::{Encoded, Schema};
use polytask::graph::{
    Activation, Builder, Graph, Inputs, Norm, Op, Parametrization, Penalty, Spec,
};
use polytask::infer::{Net, Rows};
use polytask::options::{FitOptions, TrainOptions};
use polytask::random::{Purpose, Random};
use polytask::train::{Autograd, Engine, Fused, Lesson, Loss, Pace, Pass, Passed};
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
fn graph(
    inputs: Inputs,
    layers: &[(usize, Activation)],
    norm: bool,
    (heads, members): (&[usize], usize),
) -> Graph {
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
        xs = match layer {
            1 => builder.blend(&format!("trunk.{layer}.blend"), xs, activation),
            _ => builder.activation(xs, activation),
        };
        xs = builder.dropout(xs, 0.3);
        if layer < 2 {
            xs = mixed(&mut builder, &format!("mixed.{layer}"), xs, width);
        }
        if layer % 2 == 0 {
            xs = builder.concat(vec![xs, row]);
        }
    }
    let mut last = None;
    for (task, &width) in heads.iter().enumerate() {
        let mut head = builder.linear(&format!("head.{task}"), xs, members * width);
        if task == 1 {
            // A head that goes through something after its layer.
            head = builder.activation(head, Activation::Sigmoid);
        }
        builder.head(head);
        // One node may pay, and be paid for, more than once.
        if let (1, 1, Some(lower)) = (width, members, last) {
            builder.penalty(Penalty::Exceeds { task, lower, upper: head, weight: 0.8 });
            builder.penalty(Penalty::Exceeds { task: 1, lower: head, upper: lower, weight: 0.4 });
        }
        last = last.or((width == 1).then_some(head));
    }
    builder.members(members);
    let graph = builder.build();
    graph.check().unwrap();
    graph
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
    labelled.map(|((task, target), labels)| Loss::of(task, target, labels, None)).collect()
}

fn fit_options(value: Value) -> FitOptions {
    TrainOptions::parse(value).unwrap().fit
}

fn pass(engine: &mut dyn Engine, rows: usize, batch_size: usize, threads: usize) -> Passed {
    pass_with(engine, (rows, None), batch_size, threads)
}

/// The same with codes read otherwise.
fn pass_with(
    engine: &mut dyn Engine,
    (rows, codes): (usize, Option<&[u32]>),
    batch_size: usize,
    threads: usize,
) -> Passed {
    let order: Vec<usize> = (0..rows).map(|row| row * 7 % rows).collect();
    let stop = Stop::new();
    engine
        .pass(Pass {
            epoch: 1,
            codes,
            order: &order,
            batch_size,
            step: 3,
            pace: &|step| Pace {
                rate: 0.05 / (step as f64 + 1.0),
                decay: 2.0 / (step as f64 + 1.0),
                dropout: 1.0 / (step as f64 + 1.0),
            },
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
    // Some are hidden, as in any epoch.
    let cells = data.rows.codes.iter().enumerate();
    let codes: Vec<u32> = cells.map(|(at, code)| if at % 3 == 0 { 0 } else { *code }).collect();
    let read = (rows, Some(&*codes));
    let a = pass_with(&mut fused, read, batch_size, 1);
    let b = pass_with(&mut torch, read, batch_size, 1);
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
    if options.ema.is_some() {
        let (a, b) = (fused.average().unwrap().unwrap(), torch.average().unwrap().unwrap());
        assert!(a != fused.weights().unwrap() && a == fused.answering().unwrap());
        a.iter().zip(&b).for_each(|(a, b)| assert!((a - b).abs() < 2e-3, "averages {a} and {b}"));
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
        members in 1usize..4,
    ) {
        let data = data(rows.max(40), &all_kinds(&json!("mse"), if smooth { 0.1 } else { 0.0 }));
        let heads: Vec<usize> = data.encoder.targets().iter().map(|it| it.head_width()).collect();
        let graph = graph(data.encoder.inputs(), &layers, norm, (&heads, members));
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
            parametric: nth > 1,
            ..Spec::default()
        };
        let mut graph = spec.compose(data.encoder.inputs(), &heads);
        if nth == 3 {
            // As neighbours in the list that differ, and as one layer whose parts do.
            for (place, param) in graph.params.iter_mut().enumerate() {
                param.rate = [0.25, 1.0, 3.0][place % 3];
                param.decay = [None, Some(0.5), Some(2.0), None][place % 4];
            }
        }
        for optimizer in [
            json!("sgd"),
            json!({ "method": "sgd", "momentum": 0.8 }),
            json!({ "method": "sgd", "momentum": 0.8, "nesterov": true }),
            json!("adam"),
            json!("adamw"),
            json!({ "method": "adamw", "betas": [0.8, 0.95], "epsilon": 1e-5 }),
        ] {
            for clip in [json!(false), json!(0.3)] {
                let options = fit_options(json!({
                    "optimizer": optimizer, "weightDecay": 0.02, "gradientClip": clip,
                    "ema": if clip == false { json!(false) } else { json!(0.7) },
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
        parametric: true,
        parametrization: Parametrization::Ntk,
        ..Spec::default()
    };
    let members = Spec { norm: Norm::None, members: 20, hidden: vec![64, 48], ..spec.clone() };
    let momentum = json!({ "method": "sgd", "momentum": 0.9, "nesterov": true });
    for (graph, optimizer, ema) in [
        (spec.compose(data.encoder.inputs(), &heads), json!("adamw"), json!(false)),
        (spec.compose(data.encoder.inputs(), &heads), momentum, json!(0.9)),
        (members.compose(data.encoder.inputs(), &heads), json!("adamw"), json!(0.9)),
        (spec.compose(data.encoder.inputs(), &heads).ensemble(3), json!("adamw"), json!(false)),
    ] {
        let nothing = Encoded::default();
        let lesson = lesson(&data, &graph, &nothing);
        let options = json!({ "batchSize": 200, "optimizer": optimizer, "ema": ema });
        let options = fit_options(options);
        let (losses, begin) = (losses(&lesson), weights(&graph));
        let trained = |threads: usize| {
            let mut fused = Fused::new(lesson, &losses, &options, &begin).unwrap();
            pass(&mut fused, 400, 200, threads);
            let outputs = fused.outputs(&data.rows, threads).unwrap();
            (fused.weights().unwrap(), fused.average().unwrap(), outputs)
        };
        assert_eq!(trained(1), trained(2));
        assert_eq!(trained(1), trained(4));
    }
}

#[test]
fn codes_that_are_read_otherwise_teach_something_else() {
    let data = data(60, &json!({ "size": "regression" }));
    let graph = Spec::default().compose(data.encoder.inputs(), &[1]);
    let nothing = Encoded::default();
    let lesson = lesson(&data, &graph, &nothing);
    let options = fit_options(json!({}));
    let (losses, begin) = (losses(&lesson), weights(&graph));
    let learnt = |codes: Option<&[u32]>| {
        let mut fused = Fused::new(lesson, &losses, &options, &begin).unwrap();
        pass_with(&mut fused, (60, codes), 20, 1);
        fused.weights().unwrap()
    };
    assert!(!data.rows.codes.is_empty());
    assert_eq!(learnt(None), learnt(Some(&data.rows.codes)));
    assert_ne!(learnt(None), learnt(Some(&vec![0; data.rows.codes.len()])));
}

/// Both engines for one network, for steps that are worked out by hand.
fn with_engines(options: Value, act: impl Fn(&mut dyn Engine, &Graph, &[f32])) {
    let data = data(60, &json!({ "size": "regression", "four": "classification" }));
    let spec = Spec { hidden: vec![20], dropout: 0.2, parametric: true, ..Spec::default() };
    let heads: Vec<usize> = data.encoder.targets().iter().map(|it| it.head_width()).collect();
    let mut graph = spec.compose(data.encoder.inputs(), &heads);
    for (place, param) in graph.params.iter_mut().enumerate() {
        param.rate = [0.25, 1.0, 2.0][place % 3];
        param.decay = [None, Some(0.5), Some(2.0), None][place % 4];
    }
    let nothing = Encoded::default();
    let lesson = lesson(&data, &graph, &nothing);
    let options = fit_options(options);
    let (losses, begin) = (losses(&lesson), weights(&graph));
    act(&mut Fused::new(lesson, &losses, &options, &begin).unwrap(), &graph, &begin);
    act(&mut Autograd::new(lesson, losses, &options, &begin).unwrap(), &graph, &begin);
}

fn steps(engine: &mut dyn Engine, rows: &[usize], step: usize, pace: Pace) {
    let pace = &|_| pace;
    let (key, threads, stop) = (11, 2, &Stop::new());
    let batch_size = rows.len();
    let pass =
        Pass { epoch: 1, codes: None, order: rows, batch_size, step, pace, key, threads, stop };
    engine.pass(pass).unwrap();
}

#[test]
fn a_parameter_learns_and_decays_at_its_own_rate() {
    let rows: Vec<usize> = (0..60).collect();
    let options = json!({ "optimizer": "adamw", "weightDecay": 0.3, "gradientClip": false });
    with_engines(options, |engine, graph, begin| {
        let pace = Pace { rate: 0.01, decay: 0.5, dropout: 1.0 };
        steps(engine, &rows, 0, pace);
        let after = engine.weights().unwrap();
        let mut seen = 0;
        for (param, range) in graph.params.iter().zip(graph.ranges()) {
            for (then, now) in begin[range.clone()].iter().zip(&after[range]) {
                // Adam's first direction is the gradient's sign. What decays goes by the rate of all.
                let pull = 0.3 * 0.5 * param.decays();
                let direction = (then - now) / 0.01 - pull * then;
                let still = direction.abs() < 1e-3;
                let size = (direction.abs() - param.rate).abs();
                assert!(still || size < 1e-2 * param.rate, "{}: {direction}", param.name);
                seen += usize::from(!still);
            }
        }
        assert!(seen * 2 > after.len(), "{seen} of {} weights learnt", after.len());
    });
}

#[test]
fn the_average_is_that_of_the_weights_after_each_step() {
    let options = json!({ "optimizer": "sgd", "ema": 0.75 });
    with_engines(options, |engine, _, begin| {
        assert_eq!(engine.answering().unwrap(), begin);
        let mut all = Vec::new();
        for step in 0..5 {
            let rows: Vec<usize> = (step * 12..(step + 1) * 12).collect();
            steps(engine, &rows, step, Pace::of(0.1));
            all.push(engine.weights().unwrap());
        }
        let found = engine.average().unwrap().unwrap();
        let total: f64 = (0..5).map(|ago| 0.75f64.powi(ago)).sum();
        for (place, found) in found.iter().enumerate() {
            let faded = all.iter().rev().zip(0..);
            let sum: f64 =
                faded.map(|(weights, ago)| f64::from(weights[place]) * 0.75f64.powi(ago)).sum();
            assert!((f64::from(*found) - sum / total).abs() < 1e-5, "{found}, {}", sum / total);
        }
        assert_ne!(all[4], found);
    });
}

#[test]
fn outputs_are_those_of_the_average() {
    let data = data(60, &json!({ "size": "regression" }));
    let graph = Spec { dropout: 0.0, ..Spec::default() }.compose(data.encoder.inputs(), &[1]);
    let nothing = Encoded::default();
    let lesson = lesson(&data, &graph, &nothing);
    let (losses, begin) = (losses(&lesson), weights(&graph));
    let averaged = fit_options(json!({ "ema": 0.9 }));
    let plain = fit_options(json!({}));
    let mut fused = Fused::new(lesson, &losses, &averaged, &begin).unwrap();
    let mut torch = Autograd::new(lesson, losses.clone(), &averaged, &begin).unwrap();
    let engines: [&mut dyn Engine; 2] = [&mut fused, &mut torch];
    for engine in engines {
        pass(engine, 60, 10, 1);
        let found = engine.outputs(&data.rows, 1).unwrap();
        let average = engine.average().unwrap().unwrap();
        let mut of_average = Fused::new(lesson, &losses, &plain, &average).unwrap();
        let mut of_weights =
            Fused::new(lesson, &losses, &plain, &engine.weights().unwrap()).unwrap();
        let distance = |other: Vec<Vec<f32>>| -> f32 {
            let apart = found[0].iter().zip(&other[0]).map(|(a, b)| (a - b).abs());
            apart.fold(0.0, f32::max)
        };
        assert!(distance(of_average.outputs(&data.rows, 1).unwrap()) < 1e-4);
        assert!(distance(of_weights.outputs(&data.rows, 1).unwrap()) > 1e-3);
    }
}

/// The penalties of a graph, each times what its task counts, in plain numbers from what `infer`
/// gives for their nodes.
fn penalised(data: &Data, graph: &Graph, weights: &[f32]) -> f64 {
    let Encoded { rows, numeric, codes, .. } = &data.rows;
    let counts = data.rows.weights.as_ref().unwrap();
    let sigmoid = |x: f32| 1.0 / (1.0 + (-f64::from(x)).exp());
    let mut total = 0.0;
    for penalty in &graph.penalties {
        let read = Graph { heads: penalty.nodes(), penalties: Vec::new(), ..graph.clone() };
        let width: usize = read.head_widths().iter().sum();
        let net = Net::new(read, weights.to_vec()).unwrap();
        let outputs = net.run(Rows { rows: *rows, numeric, codes });
        let each = outputs.chunks_exact(width).map(|row| match penalty {
            Penalty::Exceeds { .. } => (sigmoid(row[1]) - sigmoid(row[0])).max(0.0),
            Penalty::Entropy { .. } => {
                row.iter().map(|&p| -f64::from(p) * (f64::from(p) + 1e-6).ln()).sum()
            }
        });
        let sum: f64 = each.zip(counts).map(|(each, counts)| each * counts).sum();
        let counts: f64 = counts.iter().sum();
        let task = &data.schema.tasks[penalty.task()];
        total += task.weight * f64::from(penalty.weight()) * sum / counts;
    }
    total
}

#[test]
fn penalties_have_the_slopes_that_differences_tell() {
    let data = data(60, &all_kinds(&json!("mse"), 0.0));
    let heads: Vec<usize> = data.encoder.targets().iter().map(|it| it.head_width()).collect();
    let mut graph = graph(data.encoder.inputs(), &[(9, Activation::Tanh)], false, (&heads, 1));
    for node in &mut graph.nodes {
        if let Op::Dropout(rate) | Op::Softmax { dropout: rate } = &mut node.op {
            *rate = 0.0;
        }
    }
    assert!(graph.penalties.len() > 4);
    let bare = Graph { penalties: Vec::new(), ..graph.clone() };
    let options =
        fit_options(json!({ "optimizer": "sgd", "weightDecay": 0, "gradientClip": false }));
    let (nothing, begin) = (Encoded::default(), weights(&graph));
    let stepped = |graph: &Graph| {
        let lesson = lesson(&data, graph, &nothing);
        let mut fused = Fused::new(lesson, &losses(&lesson), &options, &begin).unwrap();
        pass(&mut fused, 60, 60, 1);
        fused.weights().unwrap()
    };
    // Of one step at the rate 0.05 ÷ 4, what the penalties alone did.
    let (with, without) = (stepped(&graph), stepped(&bare));
    let slopes = with.iter().zip(&without).map(|(a, b)| f64::from(b - a) * 4.0 / 0.05);
    let slopes: Vec<f64> = slopes.collect();
    let length = slopes.iter().map(|x| x * x).sum::<f64>().sqrt();
    assert!(length > 0.05, "{length}");
    let random = &mut Random::new(3, Purpose::Init);
    for nth in 0..6 {
        // Along the slopes first, then anywhere.
        let way: Vec<f64> = match nth {
            0 => slopes.iter().map(|x| x / length).collect(),
            _ => slopes.iter().map(|_| f64::from(random.symmetric(0.2))).collect(),
        };
        let at = |far: f64| {
            let there = begin.iter().zip(&way).map(|(w, x)| (f64::from(*w) + far * x) as f32);
            penalised(&data, &graph, &there.collect::<Vec<f32>>())
        };
        let found: f64 = slopes.iter().zip(&way).map(|(a, b)| a * b).sum();
        let expected = (at(2e-3) - at(-2e-3)) / 4e-3;
        assert!((found - expected).abs() < 0.02 * length, "{nth}: {found}, expected {expected}");
    }
}

#[test]
fn penalties_of_a_task_without_labels_fall_away() {
    let mut data = data(40, &all_kinds(&json!("mse"), 0.0));
    data.rows.labels[0].encoded.fill(f32::NAN);
    let heads: Vec<usize> = data.encoder.targets().iter().map(|it| it.head_width()).collect();
    let mut graph = graph(data.encoder.inputs(), &[(9, Activation::Tanh)], false, (&heads, 1));
    graph.penalties.retain(|penalty| penalty.task() == 0);
    assert!(!graph.penalties.is_empty());
    let bare = Graph { penalties: Vec::new(), ..graph.clone() };
    let options = fit_options(json!({ "optimizer": "sgd" }));
    let nothing = Encoded::default();
    let stepped = |graph: &Graph, torch: bool| {
        let (lesson, begin) = (lesson(&data, graph, &nothing), weights(graph));
        let losses = losses(&lesson);
        let mut engine: Box<dyn Engine> = match torch {
            true => Box::new(Autograd::new(lesson, losses, &options, &begin).unwrap()),
            false => Box::new(Fused::new(lesson, &losses, &options, &begin).unwrap()),
        };
        pass(&mut *engine, 40, 20, 1);
        engine.weights().unwrap()
    };
    for torch in [false, true] {
        let (with, without) = (stepped(&graph, torch), stepped(&bare, torch));
        let most = with.iter().zip(&without).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(most < 1e-6, "{torch}: {most}");
    }
}
