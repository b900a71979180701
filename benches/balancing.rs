//! What a step costs on the CPU by balancing method, beside the sum of the losses:
//! `cargo bench --bench balancing`, in some six minutes; after `--`, names of methods time those
//! alone, and `--write` puts the table into docs/balancing.md. 64 inputs, layers of 256 and 128,
//! batches of 512, Adam, one thread; 2, 4 and 8 tasks, half of them binary.
//!
//! A machine changes its pace: so `equal` is timed again every few methods, each is set against
//! those before and after it, and a second round goes backwards.
#![allow(missing_docs)]

use polytask::balance::METHODS;
use polytask::data::{Encoded, Schema};
use polytask::graph::Sketch;
use polytask::kernel::Level;
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
const TASKS: [usize; 3] = [2, 4, 8];
const ROUNDS: usize = 2;
/// Methods from one time of `equal` to the next.
const BETWEEN: usize = 4;
const DOCUMENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/balancing.md");
const MARKS: [&str; 2] = ["<!-- cost: begin -->", "<!-- cost: end -->"];

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
        "model": { "preset": "fast", "hidden": [256, 128], "activation": "relu", "dropout": 0 },
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

/// What is timed: its name, the option, and whether telemetry looks.
struct Contender {
    name: String,
    balance: Value,
    telemetry: bool,
}

/// Mean microseconds a step, and times those of `equal`.
#[derive(Clone, Copy, Default)]
struct Cost {
    micros: f64,
    times: f64,
}

/// All there is to time, or what is asked for.
fn contenders(asked: &[String]) -> Vec<Contender> {
    let plain = |name: String, balance| Contender { name, balance, telemetry: false };
    let mut all =
        vec![Contender { telemetry: true, ..plain("equal, telemetry".into(), json!("equal")) }];
    for about in METHODS.iter().skip(1) {
        let mut balance = json!({ "method": about.name });
        if about.weights {
            balance["weights"] = json!({ "t0": 2 });
        }
        all.push(plain(about.name.to_owned(), balance));
    }
    for about in METHODS.iter().filter(|about| about.representation) {
        let balance = json!({ "method": about.name, "on": "representation" });
        all.push(plain(format!("{}, representation", about.name), balance));
    }
    all.push(plain("mgda, every 10".to_owned(), json!({ "method": "mgda", "every": 10 })));
    all.retain(|it| asked.is_empty() || asked.iter().any(|asked| it.name.starts_with(asked)));
    all
}

/// The costs of all with so many tasks, that of `equal` first.
fn costs(tasks: usize, contenders: &[Contender]) -> polytask::Result<Vec<Cost>> {
    let table = table(tasks);
    let equal = || micros(&table, tasks, &json!("equal"), false);
    let mut costs = vec![Cost::default(); contenders.len() + 1];
    let mut equals = vec![equal()?];
    for round in 0..ROUNDS {
        let mut order: Vec<usize> = (0..contenders.len()).collect();
        if round % 2 == 1 {
            order.reverse();
        }
        for few in order.chunks(BETWEEN) {
            let before = equals.last().copied().unwrap_or(f64::NAN);
            let mut found = Vec::new();
            for &at in few {
                let Contender { name, balance, telemetry } = &contenders[at];
                let micros = micros(&table, tasks, balance, *telemetry)?;
                eprintln!("{tasks} tasks, round {}: {name}: {micros:.0} µs", round + 1);
                found.push((at, micros));
            }
            let after = equal()?;
            equals.push(after);
            for (at, micros) in found {
                let cost = &mut costs[at + 1];
                cost.micros += micros / ROUNDS as f64;
                cost.times += micros / ((before + after) / 2.0) / ROUNDS as f64;
            }
        }
    }
    costs[0] = Cost { micros: equals.iter().sum::<f64>() / equals.len() as f64, times: 1.0 };
    Ok(costs)
}

/// Lines of cells as a Markdown table.
fn markdown(lines: &[Vec<String>]) -> String {
    let long = |at: usize| lines.iter().map(|line| line[at].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..lines[0].len()).map(long).collect();
    let print = |line: &Vec<String>| {
        let cells = line.iter().zip(&widths).map(|(cell, width)| format!("| {cell:width$} "));
        cells.collect::<String>() + "|\n"
    };
    let rule = widths.iter().map(|width| "-".repeat(*width)).collect();
    let [head, rest @ ..] = lines else { return String::new() };
    [head, &rule].into_iter().chain(rest).map(print).collect()
}

/// Puts the text between its marks.
fn write(text: &str) -> std::io::Result<()> {
    let all = std::fs::read_to_string(DOCUMENT)?;
    let parts = all.split_once(MARKS[0]).zip(all.split_once(MARKS[1]));
    let Some(((before, _), (_, after))) = parts else {
        return Err(std::io::Error::other("docs/balancing.md has no marks"));
    };
    std::fs::write(DOCUMENT, format!("{before}{}\n\n{text}\n{}{after}", MARKS[0], MARKS[1]))
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let (flags, asked): (Vec<_>, Vec<_>) = args.into_iter().partition(|it| it.starts_with("--"));
    let contenders = contenders(&asked);
    let costs = TASKS.map(|tasks| costs(tasks, &contenders));
    let costs = costs.into_iter().collect::<polytask::Result<Vec<_>>>()?;
    let names = std::iter::once("equal").chain(contenders.iter().map(|it| it.name.as_str()));
    let mut lines = vec![vec!["method".to_owned()]];
    lines[0].extend(TASKS.map(|tasks| format!("{tasks} tasks")));
    lines.extend(names.enumerate().map(|(at, name)| {
        let cell =
            |costs: &Vec<Cost>| format!("{:.0} µs, {:.2}×", costs[at].micros, costs[at].times);
        std::iter::once(name.to_owned()).chain(costs.iter().map(cell)).collect()
    }));
    let table = markdown(&lines);
    println!("{table}");
    if flags.iter().any(|flag| flag == "--write") {
        let cpu = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let model =
            cpu.lines().find_map(|line| line.strip_prefix("model name")?.split(": ").nth(1));
        let level = Level::best().name();
        write(&format!(
            "{} ({level}), `cargo bench --bench balancing`\n\n{table}",
            model.unwrap_or("A CPU")
        ))?;
    }
    Ok(())
}
