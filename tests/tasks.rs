//! What the kinds of task promise once trained: counts, ordered classes, quantiles, weights.
#![cfg(feature = "train")]
#![allow(clippy::unwrap_used, clippy::panic)] // a test may fail in its helpers too

use polytask::artifact::Artifact;
use polytask::options::TrainOptions;
use polytask::random::{Purpose, Random};
use polytask::{Cell, Model, Source, Stop, Table, TableBuilder, train_model};
use serde_json::{Value, json};

const ROWS: usize = 400;

/// `x` in −1 to 1 and what depends on it: a Poisson count, a rank, noise, two flags, and weights
/// of which a third are 0. Where `change` says so, the labels of such rows are others.
fn table(change: bool, masked: bool) -> Table {
    let names = ["x", "visits", "rank", "noise", "hot", "cold", "w"];
    let mut builder = TableBuilder::from_rows(names.map(str::to_owned));
    let mut random = Random::new(7, Purpose::Shuffle);
    for row in 0..ROWS {
        let x = f64::from(random.unit()) * 2.0 - 1.0;
        let weight = f64::from(row as u32 % 3);
        let visits = poisson((1.0 + 2.0 * x).exp(), &mut random);
        let hidden = f64::from(random.normal()) * 0.2 + x;
        let rank = ["low", "mid", "high", "top"]
            [[-0.5, 0.0, 0.5].iter().filter(|&&edge| hidden > edge).count()];
        let rank = if change && weight == 0.0 { "low" } else { rank };
        let noise = f64::from(random.normal());
        let label = |cell| if masked { Cell::Missing } else { cell };
        builder.push(
            0,
            [
                Cell::Number(x),
                // Masked but for one row, for the task must be one.
                if row == 0 { Cell::Number(visits) } else { label(Cell::Number(visits)) },
                Cell::Text(rank),
                Cell::Number(noise),
                Cell::Number(f64::from(u8::from(x > 0.2))),
                Cell::Number(f64::from(u8::from(x < -0.2))),
                Cell::Number(weight),
            ],
        );
    }
    builder.build()
}

fn poisson(rate: f64, random: &mut Random) -> f64 {
    let (mut count, mut product) = (0.0, f64::from(random.unit()));
    while product > (-rate).exp() {
        count += 1.0;
        product *= f64::from(random.unit());
    }
    count
}

fn train(table: Table, options: Value) -> Vec<u8> {
    let options = TrainOptions::parse(options).unwrap();
    train_model(Source::Rows(table), &options, &(), &Stop::new()).unwrap()
}

fn rank() -> Value {
    json!({ "type": "ordinal", "classes": ["low", "mid", "high", "top"] })
}

#[test]
fn counts_and_ordered_classes_are_learnt_together() {
    let targets = json!({ "visits": "count", "rank": rank() });
    let features = json!({ "include": ["x"] });
    let bytes = train(
        table(false, false),
        json!({ "targets": targets, "features": features, "refit": false }),
    );
    let model = Model::from_bytes(&bytes).unwrap();
    let scores = model.evaluate(&table(false, false)).unwrap();
    let (visits, rank) = (&scores[0].1, &scores[1].1);
    assert!(visits.poisson_deviance.unwrap() < 1.3, "{visits:?}");
    assert!(visits.r2.unwrap() > 0.6, "{visits:?}");
    assert!(rank.kappa.unwrap() > 0.8 && rank.mae.unwrap() < 0.4, "{rank:?}");
    let mut at = TableBuilder::from_rows(["x".to_owned()]);
    // Within the rows: at their very ends hardly any says how it goes on.
    [-0.9, 0.0, 0.9].iter().for_each(|&x| at.push(0, [Cell::Number(x)]));
    let answers = model.predict(&at.build()).unwrap();
    for (answer, x) in answers.chunks(6).zip([-0.9f64, 0.0, 0.9]) {
        let rate = (1.0 + 2.0 * x).exp();
        assert!((answer[0] / rate).ln().abs() < 0.4, "{} for {rate}", answer[0]);
    }
    let history = Artifact::from_bytes(&bytes).unwrap().header.history;
    let validation = history[0].validation.as_ref().unwrap();
    assert!(validation.tasks[0].1.rmse.is_some() && validation.tasks[0].1.accuracy.is_none());
    assert!(validation.tasks[1].1.accuracy.is_some() && validation.tasks[1].1.rmse.is_none());
}

#[test]
fn a_quantile_lies_where_it_should() {
    for quantile in [0.1, 0.9] {
        let noise = json!({ "type": "regression", "loss": "quantile", "quantile": quantile });
        let options = json!({
            "targets": { "noise": noise }, "features": { "include": ["x"] }, "validation": false,
            "epochs": 60,
        });
        let model = Model::from_bytes(&train(table(false, false), options)).unwrap();
        let table = table(false, false);
        let answers = model.predict(&table).unwrap();
        let cells = table.column("noise").unwrap().cells();
        let below = cells.zip(&answers).filter(|(cell, answer)| match cell {
            Cell::Number(noise) => noise < answer,
            _ => false,
        });
        let share = below.count() as f64 / ROWS as f64;
        assert!((share - quantile).abs() < 0.06, "{share} below the quantile {quantile}");
    }
}

#[test]
fn labels_of_weight_0_do_not_matter_to_the_last_bit() {
    let options = |weights: Value| {
        json!({
            "targets": { "rank": rank() }, "features": { "include": ["x"] }, "epochs": 3,
            "sampleWeights": weights, "validation": false,
        })
    };
    let weights = |change, weights: Value| {
        let mut options = options(weights);
        options.as_object_mut().unwrap().retain(|_, value| !value.is_null());
        Artifact::from_bytes(&train(table(change, false), options)).unwrap().weights
    };
    assert_eq!(weights(false, json!("w")), weights(true, json!("w")));
    assert_ne!(weights(false, Value::Null), weights(true, Value::Null));
    let header =
        Artifact::from_bytes(&train(table(false, false), options(json!("w")))).unwrap().header;
    assert_eq!(header.history[0].tasks[0].1.labels, ROWS - ROWS.div_ceil(3));
}

#[test]
fn weights_count_in_scores_where_their_column_is() {
    let options = json!({
        "targets": { "rank": rank() }, "features": { "include": ["x"] }, "epochs": 3,
        "sampleWeights": "w",
    });
    let model = Model::from_bytes(&train(table(false, false), options)).unwrap();
    let score = |table: &Table| model.evaluate(table).unwrap()[0].1.clone();
    assert_eq!(score(&table(false, false)).accuracy, score(&table(true, false)).accuracy);
    let mut bare = TableBuilder::from_rows(["x", "rank"].map(str::to_owned));
    let all = table(false, false);
    let column = |name| all.column(name).unwrap();
    for row in 0..ROWS {
        bare.push(0, [column("x").cell(row), column("rank").cell(row)]);
    }
    let bare = score(&bare.build());
    assert_eq!(bare.n, ROWS);
    assert_ne!(bare.accuracy, score(&table(false, false)).accuracy);
}

#[test]
fn a_count_with_one_label_spoils_nothing() {
    let options = json!({
        "targets": { "rank": rank(), "visits": "count" }, "features": { "include": ["x"] },
        "validation": false,
    });
    let bytes = train(table(false, true), options);
    let scores = Model::from_bytes(&bytes).unwrap().evaluate(&table(false, false)).unwrap();
    assert!(scores[0].1.kappa.unwrap() > 0.8, "{:?}", scores[0]);
    let history = Artifact::from_bytes(&bytes).unwrap().header.history;
    assert!(history.iter().all(|report| report.tasks[1].1.labels == 1));
}

#[test]
fn several_flags_are_as_many_tasks() {
    let options = json!({
        "targets": ["hot", "cold"], "features": { "include": ["x"] }, "epochs": 60,
    });
    let bytes = train(table(false, false), options);
    let tasks = Artifact::from_bytes(&bytes).unwrap().header.schema.tasks;
    assert!(tasks.iter().all(|task| task.classes.as_ref().unwrap().names() == ["0", "1"]));
    for (name, scores) in Model::from_bytes(&bytes).unwrap().evaluate(&table(false, false)).unwrap()
    {
        assert!(scores.accuracy.unwrap() > 0.95, "{name} {scores:?}");
    }
}
