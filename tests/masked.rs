//! Labels that are not there: hiding most of one task's leaves the other as it was.
#![cfg(feature = "train")]
#![allow(clippy::unwrap_used, clippy::panic)] // a test may fail in its helpers too

use polytask::checkpoint::Checkpoint;
use polytask::metrics::Scores;
use polytask::options::TrainOptions;
use polytask::random::{Purpose, Random};
use polytask::{Cell, Model, Source, Stop, Table, TableBuilder, train_model};
use serde_json::json;

const IRIS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/iris.csv");
const TASKS: [&str; 2] = ["species", "petal_width"];

/// Some rows of a table, with the cells of a column hidden where `hides` says so.
fn part(table: &Table, rows: &[usize], column: &str, hides: impl Fn(usize) -> bool) -> Table {
    let names = table.columns().iter().map(|column| column.name().to_owned());
    let mut builder = TableBuilder::from_rows(names);
    for (index, &row) in rows.iter().enumerate() {
        let cells = table.columns().iter().map(|found| match found.cell(row) {
            _ if found.name() == column && hides(index) => Cell::Missing,
            cell => cell,
        });
        builder.push(0, cells);
    }
    builder.build()
}

/// What one training came to.
struct Outcome {
    scores: Vec<Scores>,
    labels: Vec<u64>,
    /// Steps in an epoch.
    steps: usize,
}

/// Trains with so much of a task hidden, and scores on a fifth of the rows that was held out.
fn outcome(seed: u64, hidden: &str, share: f32) -> Outcome {
    let parse = |value| TrainOptions::parse(value).unwrap();
    let table = Source::Files(vec![IRIS.to_owned()]).load(&parse(json!({})).csv).unwrap().table;
    let mut random = Random::new(seed, Purpose::Split);
    let mut rows: Vec<usize> = (0..table.rows()).collect();
    random.shuffle(&mut rows);
    let (test, train) = rows.split_at(30);
    let lots: Vec<f32> = train.iter().map(|_| random.unit()).collect();
    let source = part(&table, train, hidden, |index| lots[index] < share);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run.checkpoint");
    let options = parse(json!({
        "targets": TASKS, "seed": seed, "epochs": 60, "model": "fast", "validation": false,
        "checkpoint": { "path": path, "every": 60 },
    }));
    let bytes = train_model(Source::Rows(source), &options, &(), &Stop::new()).unwrap();
    let state = Checkpoint::read(&path).unwrap().state;
    let model = Model::from_bytes(&bytes).unwrap();
    let scores = model.evaluate(&part(&table, test, "", |_| false)).unwrap();
    let labels = model.describe()["data"]["labels"].clone();
    Outcome {
        scores: scores.into_iter().map(|(_, scores)| scores).collect(),
        labels: serde_json::from_value(labels).unwrap(),
        steps: state.step / state.epochs(),
    }
}

#[test]
fn hiding_most_labels_of_a_task_neither_slows_nor_breaks_the_other() {
    const SEEDS: u64 = 3;
    for (hidden, other) in [(0, 1), (1, 0)] {
        let score = |outcome: &Outcome| match other {
            0 => outcome.scores[0].balanced_accuracy.unwrap(),
            _ => outcome.scores[1].r2.unwrap(),
        };
        let (mut before, mut after) = (0.0, 0.0);
        for seed in 0..SEEDS {
            let all = outcome(seed, TASKS[hidden], 0.0);
            let few = outcome(seed, TASKS[hidden], 0.9);
            assert_eq!(all.labels, [120, 120]);
            assert_eq!(few.labels[other], 120);
            assert!((3..=25).contains(&few.labels[hidden]), "{:?}", few.labels);
            assert_eq!(few.steps, all.steps);
            before += score(&all) / SEEDS as f64;
            after += score(&few) / SEEDS as f64;
        }
        assert!(before > 0.85, "{}: {before}", TASKS[other]);
        assert!(after > before - 0.03, "{}: {before} became {after}", TASKS[other]);
    }
}
