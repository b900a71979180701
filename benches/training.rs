//! What a step of training costs, engine by engine: `cargo bench --bench training`. Prints
//! microseconds a step, rows a second and the loss reached, for the tiny and the wide network, and
//! for architectures by default.
#![allow(missing_docs)]

use polytask::data::{Encoded, Schema};
use polytask::graph::Sketch;
use polytask::options::TrainOptions;
use polytask::random::{Purpose, Random};
use polytask::train::{Lesson, fit};
use polytask::{Column, Encoder, EpochReport, Observer, Stop, Table};
use serde_json::{Value, json};
use std::sync::Mutex;

struct Times(Mutex<Vec<(f64, f64)>>);

impl Observer for Times {
    fn epoch(&self, report: &EpochReport) {
        if let Ok(mut times) = self.0.lock() {
            times.push((report.seconds, report.loss));
        }
    }
}

/// Features, then a class of `classes`, a binary one and a number that hang on them.
fn table(rows: usize, features: usize, classes: usize) -> Table {
    let mut random = Random::new(1, Purpose::Init);
    let xs: Vec<Vec<f64>> =
        (0..features).map(|_| (0..rows).map(|_| f64::from(random.normal())).collect()).collect();
    let sum = |row: usize, first: usize| {
        xs.iter().skip(first).step_by(3).map(|x| x[row]).sum::<f64>()
            / (features as f64 / 3.0).sqrt()
    };
    let class = |row: usize| {
        ((sum(row, 0) + 2.0) / 4.0 * classes as f64).clamp(0.0, classes as f64 - 1.0).floor()
    };
    let targets = [
        ("cls", (0..rows).map(class).collect::<Vec<f64>>()),
        ("bin", (0..rows).map(|row| f64::from(u8::from(sum(row, 1) > 0.2))).collect()),
        ("reg", (0..rows).map(|row| sum(row, 2).tanh()).collect()),
    ];
    let xs = xs.iter().enumerate().map(|(i, x)| Column::of_numbers(format!("f{i}"), x.clone()));
    let targets = targets.into_iter().map(|(name, numbers)| Column::of_numbers(name, numbers));
    Table::of_columns(xs.chain(targets).collect()).unwrap_or_else(|| std::process::exit(1))
}

fn run(name: &str, table: &Table, targets: Value, mut options: Value) -> polytask::Result<()> {
    options["targets"] = targets;
    options["validation"] = json!(false);
    options["earlyStopping"] = json!(false);
    options["schedule"] = json!("constant");
    options["gradientClip"] = json!(false);
    options["weightDecay"] = json!(0);
    options["features"] = json!({ "exclude": ["cls", "bin", "reg"] });
    for name in options["targets"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, _)| name.clone())
        .collect::<Vec<_>>()
    {
        if let Some(excluded) = options["features"]["exclude"].as_array_mut() {
            excluded.retain(|other| *other != json!(name));
        }
    }
    let options = TrainOptions::parse(options)?;
    let schema = Schema::infer(table, &options.schema)?;
    let all: Vec<usize> = (0..table.rows()).collect();
    let encoder = Encoder::fit(table, &schema, &all)?;
    let train = encoder.encode_rows(table, &all, true)?;
    let heads: Vec<usize> = encoder.targets().iter().map(|target| target.head_width()).collect();
    let graph = options.compose(encoder.inputs(), &heads, &Sketch::default());
    let nothing = Encoded::default();
    let lesson = Lesson {
        graph: &graph,
        targets: encoder.targets(),
        tasks: &schema.tasks,
        train: &train,
        validation: &nothing,
    };
    let times = Times(Mutex::new(Vec::new()));
    let before = on_cpu();
    let fitted = fit(lesson, &options.fit, &times, &Stop::new())?;
    let on_cpu = on_cpu() - before;
    let times = times.0.into_inner().unwrap_or_default();
    let epochs: Vec<f64> = times.windows(2).map(|two| two[1].0 - two[0].0).collect();
    let best = epochs.iter().copied().fold(f64::MAX, f64::min);
    let mut sorted = epochs.clone();
    sorted.sort_by(f64::total_cmp);
    let steps = train.rows.div_ceil(options.fit.batch_size(train.rows)) as f64;
    let loss = times.last().map_or(f64::NAN, |last| last.1);
    println!(
        "{name:28} {:10.1} µs a step (best {:.1}; {:.1} on the CPU), {:9.0} rows/s, loss {loss:.4}, {}",
        sorted[sorted.len() / 2] / steps * 1e6,
        best / steps * 1e6,
        on_cpu / (times.len() as f64 * steps) * 1e6,
        train.rows as f64 / best,
        fitted.engine
    );
    Ok(())
}

/// Seconds that this thread has had a core, where the system tells: on a busy machine a better
/// guide than the clock.
fn on_cpu() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let first = text.split(' ').next().and_then(|nanoseconds| nanoseconds.parse::<f64>().ok());
    first.unwrap_or_default() / 1e9
}

fn main() -> polytask::Result<()> {
    // Words that the name of a run must hold: `cargo bench --bench training -- tiny fused`.
    let words: Vec<String> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    let wanted = |name: &str| words.iter().all(|word| name.contains(word.as_str()));
    let small = table(120, 4, 3);
    let mut wide = None;
    for engine in ["fused", "libtorch"] {
        let name = format!("tiny, 1 thread, {engine}");
        let options = json!({
            "engine": engine, "threads": 1, "epochs": 20_000, "batchSize": 32, "optimizer": "sgd",
            "learningRate": 0.05,
            "model": { "preset": "fast", "hidden": [10, 10], "activation": "relu", "dropout": 0 },
        });
        if wanted(&name) {
            run(&name, &small, json!({ "cls": "classification" }), options)?;
        }
        for (threads, batch) in [(1, 512), (2, 512), (1, 64), (2, 64)] {
            let name = format!("wide, {batch} rows, {threads} threads, {engine}");
            if !wanted(&name) {
                continue;
            }
            let wide = wide.get_or_insert_with(|| table(51_200, 64, 5));
            let options = json!({
                "engine": engine, "threads": threads, "epochs": 11, "batchSize": batch,
                "optimizer": "adam",
                "model": { "preset": "fast", "hidden": [256, 128], "activation": "relu", "dropout": 0 },
            });
            let targets =
                json!({ "cls": "classification", "bin": "classification", "reg": "regression" });
            run(&name, wide, targets, options)?;
        }
        for architecture in ["shared", "mmoe", "ple", "dselect-k", "adatt"] {
            let name = format!("{architecture}, 512 rows, {engine}");
            if !wanted(&name) {
                continue;
            }
            let wide = wide.get_or_insert_with(|| table(51_200, 64, 5));
            let options = json!({
                "engine": engine, "threads": 1, "epochs": 3, "batchSize": 512,
                "model": { "preset": "fast", "architecture": architecture },
            });
            let targets =
                json!({ "cls": "classification", "bin": "classification", "reg": "regression" });
            run(&name, wide, targets, options)?;
        }
    }
    Ok(())
}
