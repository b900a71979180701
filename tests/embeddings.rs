//! Embeddings of numbers from the option to the answers: trained, saved, loaded, asked.
#![cfg(feature = "train")]
#![allow(clippy::unwrap_used, clippy::panic)] // a test may fail in its helpers too

use polytask::artifact::Artifact;
use polytask::data::Schema;
use polytask::graph::{Edges, EmbeddingType, Embeddings, Op, Spec};
use polytask::options::TrainOptions;
use polytask::random::{Purpose, Random};
use polytask::{Cell, Encoder, Model, Source, Stop, Table, TableBuilder, train_model};
use serde_json::{Value, json};

/// Of which so many train that bins are narrower than half a wave.
const ROWS: usize = 1_000;

const NAMES: [&str; 7] = ["a", "b", "day", "kind", "yes", "wave", "sign"];

/// Two numbers, one with missing cells, a date, a category, a truth; a wave of the one number, and
/// whether it is past a point.
fn table(rows: usize) -> Table {
    let mut builder = TableBuilder::from_rows(NAMES.map(str::to_owned));
    let mut random = Random::new(8, Purpose::Init);
    for row in 0..rows {
        let (a, b) = (random.unit() * 4.0 - 2.0, f64::from(random.normal()));
        let day = format!("20{:02}-{:02}-11", row % 20, row % 12 + 1);
        builder.push(
            0,
            [
                Cell::Number(a.into()),
                if row % 6 == 0 { Cell::Missing } else { Cell::Number(b) },
                Cell::Text(&day),
                Cell::Text(["p", "q", "r"][row * 7 % 3]),
                Cell::Text(["no", "yes"][row % 2]),
                Cell::Number(f64::from((a * 6.0).sin())),
                Cell::Text(["low", "high"][usize::from(a > 0.7)]),
            ],
        );
    }
    builder.build()
}

fn options(embeddings: &Value, more: &Value) -> TrainOptions {
    let mut options = json!({
        "targets": ["wave", "sign"], "epochs": 30, "earlyStopping": false,
        "model": { "preset": "fast", "hidden": [32], "embeddings": embeddings },
    });
    for (name, value) in more.as_object().unwrap() {
        options[name] = value.clone();
    }
    TrainOptions::parse(options).unwrap()
}

fn train(embeddings: &Value, more: &Value) -> Vec<u8> {
    let options = options(embeddings, more);
    train_model(Source::Rows(table(ROWS)), &options, &(), &Stop::new()).unwrap()
}

fn r2(bytes: &[u8]) -> f64 {
    Model::from_bytes(bytes).unwrap().evaluate(&table(400)).unwrap()[0].1.r2.unwrap()
}

#[test]
fn a_wave_is_learnt_that_plain_numbers_do_not_show() {
    let plain = r2(&train(&json!("none"), &json!({})));
    // The wave has about one period per standard deviation.
    let waves = |kind: &str| json!({ "type": kind, "deviation": 1 });
    for embeddings in [json!("piecewise"), waves("periodic"), waves("plr")] {
        let embedded = r2(&train(&embeddings, &json!({})));
        println!("{embeddings}: {embedded} for {plain}");
        assert!(embedded > plain + 0.2, "{embeddings}: {embedded} for {plain}");
    }
}

#[test]
fn answers_are_the_same_from_a_file_by_both_engines_and_any_threads() {
    for embeddings in ["piecewise", "periodic", "plr"] {
        let embeddings = json!(embeddings);
        let few = |more: Value| {
            let mut all = json!({ "epochs": 2 });
            all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            Artifact::from_bytes(&train(&embeddings, &all)).unwrap()
        };
        let fused = few(json!({ "threads": 1, "engine": "fused" }));
        assert_eq!(fused.weights, few(json!({ "threads": 2, "engine": "fused" })).weights);
        let autograd = few(json!({ "engine": "libtorch" }));
        let [a, b] = [&fused, &autograd].map(|it| &it.weights);
        let apart = a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(apart < 5e-3, "{embeddings}: {apart}");

        let bytes = fused.to_bytes().unwrap();
        let (model, again) = (Model::from_bytes(&bytes).unwrap(), Artifact::from_bytes(&bytes));
        let again = Model::from_bytes(&again.unwrap().to_bytes().unwrap()).unwrap();
        let rows = table(90);
        let predicted = model.predict(&rows).unwrap();
        assert_eq!(predicted, again.predict(&rows).unwrap());
        assert!(predicted.iter().all(|x| x.is_finite()));
    }
}

#[test]
fn numbers_far_out_and_missing_ones_are_answered() {
    let model = Model::from_bytes(&train(&json!("piecewise"), &json!({ "epochs": 2 }))).unwrap();
    let mut builder = TableBuilder::from_rows(NAMES.map(str::to_owned));
    for a in [Cell::Missing, Cell::Number(1e300), Cell::Number(-1e300)] {
        let rest = [Cell::Missing; 6];
        builder.push(0, [a, rest[0], rest[1], rest[2], rest[3], rest[4], rest[5]]);
    }
    let answers = model.predict(&builder.build()).unwrap();
    assert!(answers.iter().all(|x| x.is_finite()));
}

fn bins(edges: Edges) -> Embeddings {
    Embeddings { bins: 8, edges, ..Embeddings::of(EmbeddingType::Piecewise) }
}

#[test]
fn only_numbers_are_embedded_between_edges_of_the_training_rows() {
    let table = table(200);
    let schema = Schema::infer(&table, &options(&json!("none"), &json!({})).schema).unwrap();
    let all: Vec<usize> = (0..150).collect();
    let encoder = Encoder::fit(&table, &schema, &all).unwrap();
    // a, b and its mark, the year and four of the season and the weekday, three kinds, a truth.
    assert_eq!(encoder.inputs().numeric, 1 + 2 + 5 + 3 + 1);
    assert_eq!(encoder.continuous(), [0, 1, 3]);
    let rows = encoder.encode_rows(&table, &all, true).unwrap();
    let sketch = encoder.sketch(&rows, &bins(Edges::Quantiles));
    assert_eq!(sketch.continuous, [0, 1, 3]);
    // 150 and 125 numbers have a bin for each 32 of them.
    assert_eq!([sketch.edges[0].len(), sketch.edges[1].len()], [5, 4]);
    // Missing cells stand at the mean, and are not among the numbers between the edges.
    let there = (0..150).filter(|row| row % 6 != 0).map(|row| rows.numeric[row * 12 + 1]);
    let mut there: Vec<f32> = there.collect();
    there.sort_by(f32::total_cmp);
    let below = there.iter().filter(|x| **x < sketch.edges[1][1]).count();
    assert!((there.len() / 3).abs_diff(below) <= 1, "{below} of {}", there.len());
    assert_eq!(sketch.edges[1][3], there[there.len() - 1]);
    let without = encoder.sketch(&rows, &Embeddings::of(EmbeddingType::Plr));
    assert!(without.edges.iter().all(Vec::is_empty));

    let spec = options(&json!("piecewise"), &json!({})).model.spec;
    let graph = Spec { ..spec }.compose_for(encoder.inputs(), &[1, 2], &sketch);
    let edges = |op: &Op| matches!(op, Op::Piecewise { edges } if *edges == sketch.edges);
    assert!(graph.nodes.iter().any(|node| edges(&node.op)));
}

#[test]
fn edges_that_go_by_the_targets_stand_where_these_change() {
    let table = table(ROWS);
    let options = options(&json!({ "type": "piecewise", "edges": "targets" }), &json!({}));
    assert_eq!(options.model.spec.embeddings.edges, Edges::Targets);
    let schema = Schema::infer(&table, &options.schema).unwrap();
    let all: Vec<usize> = (0..ROWS).collect();
    let encoder = Encoder::fit(&table, &schema, &all).unwrap();
    let rows = encoder.encode_rows(&table, &all, true).unwrap();
    let sketch = encoder.sketch(&rows, &bins(Edges::Targets));
    assert!(sketch.edges.iter().all(|edges| (2..=9).contains(&edges.len())));
    // Between the greatest a of one sign and the least of the other is an edge.
    let width = encoder.inputs().numeric;
    let of = |sign: f64| {
        let labels = rows.labels[1].raw.iter();
        let numbers = rows.numeric.iter().step_by(width).zip(labels);
        numbers.filter(move |(_, label)| **label == sign).map(|(number, _)| *number)
    };
    let ends = [0.0, 1.0].map(|sign| {
        (of(sign).fold(f32::INFINITY, f32::min), of(sign).fold(f32::NEG_INFINITY, f32::max))
    });
    let [low, high] = if ends[0].1 < ends[1].0 { ends } else { [ends[1], ends[0]] };
    let edge = sketch.edges[0].iter().find(|edge| low.1 < **edge && **edge < high.0);
    assert!(edge.is_some(), "{:?} of {low:?} and {high:?}", sketch.edges[0]);
}
