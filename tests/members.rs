//! What networks of several members promise: an ensemble is so many networks, its loss the mean of
//! theirs and its answer too.
#![cfg(feature = "train")]
#![allow(clippy::unwrap_used, clippy::panic)] // a test may fail in its helpers too

use polytask::data::{Encoded, Schema, TargetEncoder};
use polytask::graph::{Graph, Sketch};
use polytask::options::{FitOptions, TrainOptions};
use polytask::random::{Purpose, Random};
use polytask::train::{Autograd, Engine, Fused, Lesson, Loss, Pace, Pass};
use polytask::{Cell, Encoder, Stop, TableBuilder};
use serde_json::{Value, json};

const ROWS: usize = 120;

/// Rows with every kind of task, labels missing here and there.
struct Data {
    schema: Schema,
    encoder: Encoder,
    rows: Encoded,
}

fn data() -> Data {
    let names = ["a", "b", "c", "two", "four", "size", "many", "grade"];
    let mut builder = TableBuilder::from_rows(names.map(str::to_owned));
    let mut random = Random::new(5, Purpose::Init);
    for row in 0..ROWS {
        let (a, b) = (f64::from(random.normal()), f64::from(random.normal()));
        let kind = format!("c{}", (random.unit() * 14.0) as u8);
        let masked =
            |cell, nth: usize| if (row + nth).is_multiple_of(5) { Cell::Missing } else { cell };
        let labels = [
            masked(Cell::Text(["no", "yes"][usize::from(a > 0.3)]), 0),
            masked(Cell::Text(["p", "q", "r", "s"][row % 4]), 1),
            masked(Cell::Number(a * b + a), 2),
            masked(Cell::Number((a.abs() * 4.0).floor()), 3),
            masked(Cell::Number(f64::from(row as u8 % 5 + 1)), 4),
        ];
        let features = [Cell::Number(a), Cell::Number(b), Cell::Text(&kind)];
        builder.push(0, features.into_iter().chain(labels));
    }
    let table = builder.build();
    let targets = json!({
        "two": "classification",
        "four": { "type": "classification", "classWeights": "balanced", "labelSmoothing": 0.1 },
        "size": { "type": "regression", "loss": "huber", "weight": 2 },
        "many": "count", "grade": "ordinal",
    });
    let options = TrainOptions::parse(json!({ "targets": targets })).unwrap();
    let schema = Schema::infer(&table, &options.schema).unwrap();
    let all: Vec<usize> = (0..ROWS).collect();
    let encoder = Encoder::fit(&table, &schema, &all).unwrap();
    let rows = encoder.encode_rows(&table, &all, true).unwrap();
    Data { schema, encoder, rows }
}

fn parse(model: &Value, ensemble: usize) -> TrainOptions {
    let mut model = model.clone();
    model["preset"] = json!("fast");
    let options = json!({
        "model": model, "ensemble": ensemble, "optimizer": "sgd", "gradientClip": false,
        "weightDecay": 0,
    });
    TrainOptions::parse(options).unwrap()
}

fn engine<'a>(
    which: &str,
    lesson: Lesson<'a>,
    options: &'a FitOptions,
    begin: &[f32],
) -> Box<dyn Engine + 'a> {
    let labelled = lesson.tasks.iter().zip(lesson.targets).zip(&lesson.train.labels);
    let losses: Vec<Loss> =
        labelled.map(|((task, target), labels)| Loss::of(task, target, labels, None)).collect();
    match which {
        "fused" => Box::new(Fused::new(lesson, &losses, options, begin).unwrap()),
        _ => Box::new(Autograd::new(lesson, losses, options, begin).unwrap()),
    }
}

/// Steps through the rows in batches of 16; the weights after it, and the mean losses.
fn trained(
    which: &str,
    data: &Data,
    graph: &Graph,
    options: &FitOptions,
    (begin, rate): (&[f32], f64),
) -> (Vec<f32>, Vec<f64>, Vec<Vec<f32>>) {
    let nothing = Encoded::default();
    let lesson = Lesson {
        graph,
        targets: data.encoder.targets(),
        tasks: &data.schema.tasks,
        train: &data.rows,
        validation: &nothing,
    };
    let order: Vec<usize> = (0..ROWS).map(|row| row * 7 % ROWS).collect();
    let stop = Stop::new();
    let mut engine = engine(which, lesson, options, begin);
    let pass = Pass {
        epoch: 1,
        codes: None,
        order: &order,
        batch_size: 16,
        step: 0,
        pace: &|_| Pace::of(rate),
        key: 1,
        threads: 1,
        stop: &stop,
    };
    let means = engine.pass(pass).unwrap().means;
    let losses = means.iter().map(|mean| mean.get().unwrap()).collect();
    (engine.weights().unwrap(), losses, engine.outputs(&data.rows, 1).unwrap())
}

fn widths(data: &Data) -> Vec<usize> {
    data.encoder.targets().iter().map(TargetEncoder::head_width).collect()
}

#[test]
fn an_ensemble_is_trained_as_so_many_networks_would_be_one_by_one() {
    const MEMBERS: usize = 4;
    let data = data();
    for model in [
        json!({ "hidden": [12, 9], "norm": "layer", "dropout": 0 }),
        json!({ "architecture": "ple", "hidden": [8], "tower": [5], "dropout": 0, "gateDropout": 0 }),
    ] {
        let (one, many) = (parse(&model, 1), parse(&model, MEMBERS));
        let alone = one.compose(data.encoder.inputs(), &widths(&data), &Sketch::default());
        let graph = many.compose(data.encoder.inputs(), &widths(&data), &Sketch::default());
        let mut random = Random::new(8, Purpose::Init);
        let begin: Vec<f32> = (0..graph.weights()).map(|_| random.symmetric(0.4)).collect();
        for which in ["fused", "libtorch"] {
            // A member's gradient is its share of the mean's.
            let rate = 0.02;
            let together = (&*begin, rate * MEMBERS as f64);
            let (weights, losses, outputs) = trained(which, &data, &graph, &many.fit, together);
            let mut sums = vec![0.0; losses.len()];
            let mut each = Vec::new();
            let parts = begin.chunks(alone.weights()).zip(weights.chunks(alone.weights()));
            for (begin, found) in parts {
                let (expected, losses, outputs) =
                    trained(which, &data, &alone, &one.fit, (begin, rate));
                let gone: f32 = begin.iter().zip(found).map(|(a, b)| (a - b).abs()).sum();
                assert!(gone > 0.1, "nothing was learnt");
                for (a, b) in found.iter().zip(&expected) {
                    assert!((a - b).abs() < 2e-5, "{which} {model}: {a} and {b}");
                }
                sums.iter_mut().zip(losses).for_each(|(sum, loss)| *sum += loss / MEMBERS as f64);
                each.push(outputs);
            }
            for (a, b) in losses.iter().zip(&sums) {
                assert!((a - b).abs() < 1e-5 * b.max(1.0), "{which} {model}: losses {a} and {b}");
            }
            answers_are_means(&data, &outputs, &each);
        }
    }
}

/// Each row's answer is the mean of what the members, each by itself, would answer.
fn answers_are_means(data: &Data, outputs: &[Vec<f32>], each: &[Vec<Vec<f32>>]) {
    for (task, target) in data.encoder.targets().iter().enumerate() {
        let (width, answer_width) = (target.head_width(), target.answer_width());
        let (mut found, mut one) = (vec![7.0; answer_width], vec![7.0; answer_width]);
        for (row, head) in outputs[task].chunks(width * each.len()).enumerate() {
            target.decode(head, &mut found);
            let mut mean = vec![0.0; answer_width];
            for outputs in each {
                target.decode(&outputs[task][row * width..][..width], &mut one);
                mean.iter_mut().zip(&one).for_each(|(sum, x)| *sum += x / each.len() as f64);
            }
            let numbers = if target.classes().is_some() { 1.. } else { 0.. };
            for (a, b) in found[numbers.clone()].iter().zip(&mean[numbers]) {
                assert!((a - b).abs() < 1e-4 * b.abs().max(1.0), "{}: {a} and {b}", target.name());
            }
            if target.classes().is_some() {
                let most = found[1..].iter().copied().fold(0.0, f64::max);
                assert_eq!(found[1 + found[0] as usize], most);
                assert!((found[1..].iter().sum::<f64>() - 1.0).abs() < 1e-9);
            }
        }
    }
}

/// The mean of the losses of the members, by outputs of one network each.
fn loss_of(data: &Data, graph: &Graph, options: &FitOptions, weights: &[f32]) -> Vec<f64> {
    trained("libtorch", data, graph, options, (weights, 0.0)).1
}

#[test]
fn the_gradient_is_that_of_the_mean_of_the_members_losses() {
    let data = data();
    let model =
        json!({ "hidden": [6, 5], "tower": [4], "members": 3, "activation": "tanh", "dropout": 0 });
    let options = parse(&model, 1);
    let graph = options.compose(data.encoder.inputs(), &widths(&data), &Sketch::default());
    graph.check().unwrap();
    assert_eq!(graph.members, 3);
    let mut random = Random::new(3, Purpose::Init);
    let begin: Vec<f32> = (0..graph.weights()).map(|_| random.symmetric(0.6)).collect();
    let nothing = Encoded::default();
    let lesson = Lesson {
        graph: &graph,
        targets: data.encoder.targets(),
        tasks: &data.schema.tasks,
        train: &data.rows,
        validation: &nothing,
    };
    // One step of size 1 over all rows goes along the gradient.
    let stop = Stop::new();
    let order: Vec<usize> = (0..ROWS).collect();
    let rate = 1e-2;
    let mut gradients = Vec::new();
    for which in ["fused", "libtorch"] {
        let mut engine = engine(which, lesson, &options.fit, &begin);
        let pass = Pass {
            epoch: 1,
            codes: None,
            order: &order,
            batch_size: ROWS,
            step: 0,
            pace: &|_| Pace::of(rate),
            key: 1,
            threads: 1,
            stop: &stop,
        };
        engine.pass(pass).unwrap();
        let after = engine.weights().unwrap();
        let slope = |(a, b): (&f32, &f32)| (f64::from(*a) - f64::from(*b)) / rate;
        gradients.push(begin.iter().zip(&after).map(slope).collect::<Vec<f64>>());
    }
    // The mean over an epoch is that over all its labels, and a rate of 0 leaves the weights alone.
    let total = |weights: &[f32]| -> f64 {
        let losses = loss_of(&data, &graph, &options.fit, weights);
        losses.iter().zip(&data.schema.tasks).map(|(loss, task)| loss * task.weight).sum()
    };
    let ranges = graph.ranges();
    for (param, range) in graph.params.iter().zip(ranges) {
        let at = range.start + (range.len() - 1) / 2;
        let step = 2e-2f32;
        let moved = |by: f32| {
            let mut weights = begin.clone();
            weights[at] += by;
            total(&weights)
        };
        let slope = (moved(step) - moved(-step)) / (2.0 * f64::from(step));
        for gradient in &gradients {
            let found = gradient[at];
            assert!(
                (found - slope).abs() < 2e-3 + 0.02 * slope.abs(),
                "{}: {found} and {slope}",
                param.name
            );
        }
    }
}
