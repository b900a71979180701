//! What training promises: the same seed the same weights, masked labels, stopping, divergence.
#![cfg(feature = "train")]
#![allow(clippy::unwrap_used, clippy::panic)] // a test may fail in its helpers too

use polytask::artifact::Artifact;
use polytask::data::{Encoded, Labels, Schema, SchemaOptions, TargetChoice, split};
use polytask::graph::{Activation, Spec};
use polytask::options::{FitOptions, TrainOptions};
use polytask::random::{Purpose, Random};
use polytask::train::{Fitted, Lesson, fit};
use polytask::{
    Cell, Code, Encoder, EpochReport, Model, Observer, Source, Stop, Table, TableBuilder,
    train_model,
};
use serde_json::{Value, json};
use std::sync::Mutex;

const IRIS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/iris.csv");

fn options(value: Value) -> TrainOptions {
    TrainOptions::parse(value).unwrap()
}

fn iris(value: Value) -> polytask::Result<Vec<u8>> {
    train_model(Source::Files(vec![IRIS.to_owned()]), &options(value), &(), &Stop::new())
}

fn weights(value: Value) -> Vec<f32> {
    Artifact::from_bytes(&iris(value).unwrap()).unwrap().weights
}

#[test]
fn the_same_seed_gives_the_same_weights_to_the_last_bit() {
    let first = weights(json!({ "epochs": 5, "seed": 3 }));
    assert_eq!(first, weights(json!({ "epochs": 5, "seed": 3 })));
    assert_ne!(first, weights(json!({ "epochs": 5, "seed": 4 })));
}

#[test]
fn trainings_at_once_do_not_disturb_each_other() {
    let alone = weights(json!({ "epochs": 5, "seed": 9 }));
    let together: Vec<Vec<f32>> = std::thread::scope(|scope| {
        let trainings: Vec<_> =
            (0..4).map(|_| scope.spawn(|| weights(json!({ "epochs": 5, "seed": 9 })))).collect();
        trainings.into_iter().map(|training| training.join().unwrap()).collect()
    });
    assert!(together.iter().all(|weights| *weights == alone));
}

#[test]
fn iris_is_learnt_and_two_tasks_share_a_network() {
    let model = Model::from_bytes(&iris(json!({ "refit": false })).unwrap()).unwrap();
    let table = Source::Files(vec![IRIS.to_owned()]).load(&options(json!({})).csv).unwrap().table;
    let scores = &model.evaluate(&table).unwrap()[0].1;
    assert!(scores.accuracy.unwrap() > 0.93, "{:?}", scores.accuracy);
    let both = iris(json!({ "targets": ["species", "petal_width"], "refit": false })).unwrap();
    let both = Model::from_bytes(&both).unwrap();
    let scores = both.evaluate(&table).unwrap();
    assert!(scores[0].1.accuracy.unwrap() > 0.9, "{:?}", scores[0]);
    assert!(scores[1].1.r2.unwrap() > 0.85, "{:?}", scores[1]);
}

#[derive(Default)]
struct Heard(Mutex<Vec<EpochReport>>, Stop, usize);

impl Observer for Heard {
    fn epoch(&self, report: &EpochReport) {
        self.0.lock().unwrap().push(report.clone());
        if report.epoch == self.2 {
            self.1.stop();
        }
    }
}

#[test]
fn stopping_keeps_the_best_weights_and_aborting_keeps_nothing() {
    let source = || Source::Files(vec![IRIS.to_owned()]);
    let stop = Stop::new();
    let heard = Heard(Mutex::default(), stop.clone(), 3);
    let wish = options(json!({ "epochs": 1000, "earlyStopping": false }));
    let bytes = train_model(source(), &wish, &heard, &stop).unwrap();
    let history = Artifact::from_bytes(&bytes).unwrap().header.history;
    assert_eq!(history.len(), 3);
    let heard = heard.0.lock().unwrap().clone();
    assert!(heard.iter().all(|report| report.seconds > 0.0 && report.progress.is_some()));
    // A history holds nothing of the moment.
    let past = |report| EpochReport { seconds: 0.0, progress: None, ..report };
    assert_eq!(heard.into_iter().map(past).collect::<Vec<_>>(), history);

    let early = Stop::new();
    early.stop();
    let bytes = train_model(source(), &options(json!({})), &(), &early).unwrap();
    assert_eq!(Artifact::from_bytes(&bytes).unwrap().header.history.len(), 1);

    let never = Stop::new();
    never.abort();
    let error = train_model(source(), &options(json!({})), &(), &never).unwrap_err();
    assert_eq!(error.code(), Code::Aborted);
}

#[test]
fn a_loss_that_blows_up_is_an_error_that_names_task_and_epoch() {
    let error = iris(json!({
        "targets": "petal_width", "optimizer": "sgd", "learningRate": 1e30,
        "gradientClip": false, "schedule": "constant",
    }))
    .unwrap_err();
    assert_eq!(error.code(), Code::Diverged);
    assert_eq!(error.place().task.as_deref(), Some("petal_width"));
    assert!(error.to_string().contains("in epoch 1"), "{error}");
}

#[test]
fn the_best_epoch_is_kept_and_patience_ends_the_run() {
    let bytes = iris(json!({
        "epochs": 500, "learningRate": 0.02, "schedule": "constant",
        "earlyStopping": { "patience": 10 }, "refit": false,
    }))
    .unwrap();
    let Artifact { header, .. } = Artifact::from_bytes(&bytes).unwrap();
    let losses: Vec<f64> =
        header.history.iter().map(|report| report.validation.as_ref().unwrap().loss).collect();
    let best = header.history.iter().rposition(|report| report.best).unwrap();
    let lowest = losses.iter().copied().fold(f64::INFINITY, f64::min);
    assert_eq!(losses[best], lowest);
    assert!(losses.len() < 500, "patience did not end the run");
    assert_eq!(losses.len(), best + 1 + 10);

    // The model answers on its validation rows as it did in that epoch.
    let wish = options(json!({}));
    let table = Source::Files(vec![IRIS.to_owned()]).load(&wish.csv).unwrap().table;
    let strata: Vec<_> = (0..150).map(|row| Some(row / 50)).collect();
    let parts = split(150, 0.2, Some(&strata), &mut Random::new(0, Purpose::Split));
    let mut rows = TableBuilder::from_rows(table.columns().iter().map(|c| c.name().to_owned()));
    for &row in &parts.validation {
        rows.push(0, table.columns().iter().map(|column| column.cell(row)));
    }
    let scores = Model::from_bytes(&bytes).unwrap().evaluate(&rows.build()).unwrap();
    assert!((scores[0].1.log_loss.unwrap() - lowest).abs() < 1e-5);
}

/// Sixty rows of one feature and two targets.
fn two_tasks() -> (Table, Schema, Encoder, Vec<usize>) {
    let mut builder = TableBuilder::from_rows(["x", "kind", "size"].map(str::to_owned));
    for row in 0..60 {
        let x = f64::from(row) / 10.0;
        let kind = Cell::Text(["a", "b", "c"][row as usize / 20]);
        builder.push(0, [Cell::Number(x), kind, Cell::Number(x * x)]);
    }
    let table = builder.build();
    let targets = vec![TargetChoice::new("kind", None), TargetChoice::new("size", None)];
    let schema = Schema::infer(&table, &SchemaOptions { targets, ..Default::default() }).unwrap();
    let rows: Vec<usize> = (0..60).collect();
    let encoder = Encoder::fit(&table, &schema, &rows).unwrap();
    (table, schema, encoder, rows)
}

fn fitted(schema: &Schema, encoder: &Encoder, train: &Encoded, fit_options: &FitOptions) -> Fitted {
    let spec = Spec { hidden: vec![8], activation: Activation::Tanh, ..Spec::default() };
    let graph = spec.compose(encoder.inputs(), &[3, 1]);
    let lesson = Lesson {
        graph: &graph,
        targets: encoder.targets(),
        tasks: &schema.tasks,
        train,
        validation: &Encoded::default(),
    };
    fit(lesson, fit_options, &(), &Stop::new()).unwrap()
}

#[test]
fn a_task_without_labels_in_a_batch_leaves_its_head_as_it_is() {
    let (table, schema, encoder, rows) = two_tasks();
    let mut train = encoder.encode_rows(&table, &rows, true).unwrap();
    let masked = Labels { encoded: vec![f32::NAN; 60], raw: vec![f64::NAN; 60] };
    train.labels[1] = masked;
    // AdamW: momentum and weight decay would both move a head that is not left alone.
    let options = options(json!({ "epochs": 4, "weightDecay": 0.1 })).fit;
    let trained = fitted(&schema, &encoder, &train, &options);
    let (before, after) = (first_weights(&encoder), trained.weights);
    // head.1 is the last: eight weights and a bias.
    let cut = before.len() - 9;
    assert_eq!(before[cut..], after[cut..], "head.1 moved");
    assert_ne!(before[..cut], after[..cut], "nothing else did");
    assert_eq!(trained.history[0].tasks[1].1.labels, 0);
    assert_eq!(trained.history[0].tasks[1].1.loss, None);
}

/// The weights that seed 0 starts from, as `fit` draws them.
fn first_weights(encoder: &Encoder) -> Vec<f32> {
    let spec = Spec { hidden: vec![8], activation: Activation::Tanh, ..Spec::default() };
    let graph = spec.compose(encoder.inputs(), &[3, 1]);
    polytask::train::fresh(&graph, false, &mut Random::new(0, Purpose::Init))
}

#[test]
fn masked_labels_do_not_count_in_the_loss() {
    let (table, schema, encoder, rows) = two_tasks();
    let train = encoder.encode_rows(&table, &rows, true).unwrap();
    // Half the rows without a size: the mean is over the others, whatever stands beneath.
    let mut half = train.clone();
    for row in (0..60).step_by(2) {
        half.labels[1].encoded[row] = f32::NAN;
    }
    let options = options(json!({
        "epochs": 1, "batchSize": 60, "optimizer": "sgd", "learningRate": 1e-12,
        "model": { "preset": "fast", "dropout": 0 },
    }))
    .fit;
    let report = &fitted(&schema, &encoder, &half, &options).history[0];
    assert_eq!((report.tasks[0].1.labels, report.tasks[1].1.labels), (60, 30));
    assert!(report.tasks[1].1.loss.unwrap() > 0.0);
    let total: f64 = report.tasks.iter().map(|(_, task)| task.loss.unwrap()).sum();
    assert!((report.loss - total).abs() < 1e-12);
}
