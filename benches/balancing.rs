//! What a step costs on the CPU by balancing method, beside the sum of the losses:
//! `cargo bench --bench balancing`, with names of methods to time those alone. 64 inputs, layers of
//! 256 and 128, batches of 512, Adam, one thread; 2, 4 and 8 tasks, half of them binary.
#![allow(missing_docs)]

use polytask::balance::METHODS;
use polytask::data::{Encoded, Schema};
use polytask::graph::Sketch;
use polytask::options::TrainOptions;
use polytask::random::{Purpose, Random};
use polytask::train::{Lesson, Stop, fit};
use polytask::{Column, Encoder, EpochReport, Observer, Table};
use serde_json::{Value, json};
use std::sync::Mutex;

const ROWS: usize = 512 * 24;
const FEATURES: usize = 64;
const BATCH: usize = 512;
/// The first epoch warms up, and is where some methods need less than later.
const EPOCHS: usize = 16;

struct Times(Mutex<Vec<f64>>);

impl Observer for Times {
    fn epoch(&self, report: &EpochReport) {
        if let Ok(mut times) = self.0.lock() {
            times.push(on_cpu().unwrap_or(report.seconds));
        }
    }
}

/// Seconds that this thread has had a core, where the system tells: on a busy machine a better
/// guide than the clock.
fn on_cpu() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(text.split(' ').next()?.parse::<f64>().ok()? / 1e9)
}

/// Features, then as many targets, every second one with two classes.
fn table(tasks: usize) -> Table {
    let mut random = Random::new(1, Purpose::Init);
    let mut column = || (0..ROWS).map(|_| f64::from(random.normal())).collect::<Vec<f64>>();
    let xs: Vec<Vec<f64>> = (0..FEATURES).map(|_| column()).collect();
    let targets = (0..tasks).map(|task| {
        let sum = |row: usize| (xs[task][row] - xs[task + 9][row] + xs[40][row]).tanh();
        let class = |row: usize| f64::from(u8::from(sum(row) > 0.1));
        let numbers =
            (0..ROWS).map(|row| if task.is_multiple_of(2) { class(row) } else { sum(row) });
        Column::of_numbers(format!("t{task}"), numbers.collect())
    });
    let targets: Vec<Column> = targets.collect();
    let xs = xs.iter().enumerate().map(|(i, x)| Column::of_numbers(format!("f{i}"), x.clone()));
    Table::of_columns(xs.chain(targets).collect()).unwrap_or_else(|| std::process::exit(1))
}

/// Microseconds a step.
fn micros(table: &Table, tasks: usize, balance: &Value, telemetry: bool) -> polytask::Result<f64> {
    let kind = |task: usize| if task.is_multiple_of(2) { "classification" } else { "regression" };
    let targets: Value = (0..tasks).map(|t| (format!("t{t}"), json!(kind(t)))).collect();
    let options = TrainOptions::parse(json!({
        "targets": targets, "balance": balance, "telemetry": telemetry, "validation": false,
        "earlyStopping": false, "optimizer": "adam", "weightDecay": 0, "gradientClip": false,
        "schedule": "constant", "threads": 1, "epochs": EPOCHS, "batchSize": BATCH,
        "model": { "hidden": [256, 128], "activation": "relu", "dropout": 0 },
    }))?;
    let schema = Schema::infer(table, &options.schema)?;
    let all: Vec<usize> = (0..table.rows()).collect();
    let encoder = Encoder::fit(table, &schema, &all)?;
    let train = encoder.encode_rows(table, &all, true)?;
    let heads: Vec<usize> = encoder.targets().iter().map(|target| target.head_width()).collect();
    let graph = options.compose(encoder.inputs(), &heads, &Sketch::default());
    let lesson = Lesson {
        graph: &graph,
        targets: encoder.targets(),
        tasks: &schema.tasks,
        train: &train,
        validation: &Encoded::default(),
    };
    let times = Times(Mutex::new(Vec::new()));
    fit(lesson, &options.fit, &times, &Stop::new())?;
    let times = times.0.into_inner().unwrap_or_default();
    let (Some(first), Some(last)) = (times.first(), times.last()) else { return Ok(f64::NAN) };
    let steps = (times.len() - 1) * (ROWS / BATCH);
    Ok((last - first) / steps as f64 * 1e6)
}

fn main() -> polytask::Result<()> {
    let asked: Vec<String> = std::env::args().skip(1).filter(|it| !it.starts_with("--")).collect();
    let mut balances = Vec::new();
    for about in METHODS.iter().skip(1) {
        let mut plain = json!({ "method": about.name });
        if about.weights {
            plain["weights"] = json!({ "t0": 2 });
        }
        balances.push((about.name.to_owned(), plain));
        if about.representation {
            let inside = json!({ "method": about.name, "on": "representation" });
            balances.push((format!("{}, representation", about.name), inside));
        }
    }
    balances.push(("mgda, every 10".to_owned(), json!({ "method": "mgda", "every": 10 })));
    balances.retain(|(name, _)| asked.is_empty() || asked.iter().any(|it| name.starts_with(it)));
    let tables: Vec<(usize, Table)> = [2, 4, 8].map(|tasks| (tasks, table(tasks))).into();
    print!("{:28}", "equal, µs a step");
    let mut equal = Vec::new();
    for (tasks, table) in &tables {
        let micros = micros(table, *tasks, &json!("equal"), false)?;
        print!(" {tasks} tasks: {micros:7.0}  ");
        equal.push(micros);
    }
    println!();
    let named = [("equal, with telemetry".to_owned(), json!("equal"))];
    let all = named.iter().map(|it| (it, true)).chain(balances.iter().map(|it| (it, false)));
    for ((name, balance), telemetry) in all {
        print!("{name:28}");
        for ((tasks, table), equal) in tables.iter().zip(&equal) {
            let micros = micros(table, *tasks, balance, telemetry)?;
            print!(" {tasks} tasks: {:7.2} × ", micros / equal);
        }
        println!();
    }
    Ok(())
}
