//! Permutation importance (Breiman 2001, "Random forests"; Fisher et al. 2019, arXiv 1801.01489):
//! how much worse a task's score becomes where one column's cells are dealt anew among the rows.
//!
//! A cell's encoding hangs on the cell alone, so that dealing encoded cells is to deal raw ones.

use super::labelled::{Labelled, PART, TaskRows, counted};
use super::task::usual_metric;
use crate::comparison::Spread;
use crate::data::{Encoded, FeatureEncoder, Table, TargetEncoder, TaskType};
use crate::error::{Code, Error, Result, nearest, quoted};
use crate::infer::Rows;
use crate::metrics::Metric;
use crate::model::{Model, figure};
use crate::options::ImportanceOptions;
use crate::parts::in_parts;
use crate::random::{Purpose, Random};
use crate::watch::Watch;
use serde::Serialize;
use std::ops::Range;

/// What each feature is worth to each task.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Importance {
    /// The rows it was measured on: a sample drawn by the seed, or all.
    pub rows: usize,
    /// How often each column was dealt anew.
    pub repeats: usize,
    /// Each task by name, in task order.
    pub tasks: Vec<(String, TaskImportance)>,
}

/// What each feature is worth to one task.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TaskImportance {
    /// The figure that becomes worse.
    pub metric: &'static str,
    /// Whether more of it is better.
    pub higher_is_better: bool,
    /// The rows with a label.
    pub n: usize,
    /// The figure as the cells are; absent where no row has a label.
    pub score: Option<f64>,
    /// Each feature, the most important first.
    pub features: Vec<FeatureImportance>,
}

/// What one feature is worth to one task.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FeatureImportance {
    /// The column.
    pub name: String,
    /// How much worse the figure became, over the repeats: above 0 where the feature helps. Absent
    /// where there is no figure.
    pub loss: Option<Spread>,
}

/// What each feature of a model is worth on a labelled table; rows count by their weight. The same
/// seed gives the same bits on any number of threads; [`Code::Aborted`] once it is stopped.
pub fn importance(
    model: &Model,
    table: &Table,
    options: &ImportanceOptions,
    watch: &Watch,
) -> Result<Importance> {
    watch.expect(cost(model, counted(model, table)?.len(), options));
    measured(model, table, options, watch)
}

/// How many rows are answered for it, of a table of so many.
pub fn cost(model: &Model, rows: usize, options: &ImportanceOptions) -> usize {
    rows.min(options.rows) * (1 + model.encoder().features().len() * options.repeats)
}

/// The same, of work that is expected already.
pub fn measured(
    model: &Model,
    table: &Table,
    options: &ImportanceOptions,
    watch: &Watch,
) -> Result<Importance> {
    let metrics = metrics(model, options)?;
    let rows = sample(counted(model, table)?, options);
    let count = rows.len();
    let rows = Labelled::of(model, table, rows, watch)?;
    let score = |task: &TaskRows<'_>, metric: &Metric| {
        figure(task.target, task.answers(), task.labels(), task.weights, *metric)
    };
    let before: Vec<Option<f64>> =
        rows.tasks(model).zip(&metrics).map(|(task, metric)| score(&task, metric)).collect();
    // All columns are dealt by the same permutations, which differences between them owe less to.
    let mut random = Random::new(options.seed, Purpose::Permutation);
    let deals: Vec<Vec<usize>> = (0..options.repeats)
        .map(|_| {
            let mut deal: Vec<usize> = (0..count).collect();
            random.shuffle(&mut deal);
            deal
        })
        .collect();
    let columns = columns(model);
    // `[features, repeats, tasks]`.
    let mut after = vec![None; columns.len() * options.repeats * metrics.len()];
    in_parts(&mut after, metrics.len(), |at, after| {
        let (column, deal) = (&columns[at / options.repeats], &deals[at % options.repeats]);
        let answers = answers(model, rows.encoded(), column, deal, watch)?;
        let tasks = rows.tasks_answered(model, &answers).zip(&metrics).zip(after);
        tasks.for_each(|((task, metric), after)| *after = score(&task, metric));
        Ok::<(), Error>(())
    })?;
    let tasks = rows.tasks(model).zip(&metrics).enumerate().map(|(nth, (task, metric))| {
        let of_task: Vec<Option<f64>> =
            after.iter().skip(nth).step_by(metrics.len()).copied().collect();
        let sign = if metric.higher_is_better() { 1.0 } else { -1.0 };
        let names = model.encoder().features().iter().map(|feature| feature.name().to_owned());
        let features = names.zip(of_task.chunks_exact(options.repeats)).map(|(name, after)| {
            let losses = after.iter().flatten().map(|after| Some((before[nth]? - after) * sign));
            FeatureImportance { name, loss: Spread::of(losses.flatten().collect()) }
        });
        let mut features: Vec<FeatureImportance> = features.collect();
        let mean =
            |it: &FeatureImportance| it.loss.as_ref().map_or(f64::NEG_INFINITY, |it| it.mean);
        // Stable: of equal ones the first column.
        features.sort_by(|a, b| mean(b).total_cmp(&mean(a)));
        let about = TaskImportance {
            metric: metric.name(),
            higher_is_better: metric.higher_is_better(),
            n: task.labels().observed(),
            score: before[nth],
            features,
        };
        (task.target.name().to_owned(), about)
    });
    Ok(Importance { rows: count, repeats: options.repeats, tasks: tasks.collect() })
}

/// The figure of each task.
fn metrics(model: &Model, options: &ImportanceOptions) -> Result<Vec<Metric>> {
    let targets = model.encoder().targets();
    for (name, metric) in &options.metrics {
        let refuse = |message: String| {
            let path = &options.metrics_path;
            Err(Error::new(Code::Options, format!("{path}: {message}")).option(path))
        };
        let Some(target) = targets.iter().find(|target| target.name() == name) else {
            let near = nearest(name, targets.iter().map(|target| target.name()));
            let hint = near.map_or_else(String::new, |near| format!("; is it {}?", quoted(near)));
            return refuse(format!("there is no task {}{hint}", quoted(name)));
        };
        if !suits(*metric, target.kind()) {
            let kind = target.kind().name();
            let metric = metric.name();
            return refuse(format!("{} is a {kind}, which has no '{metric}'", quoted(name)));
        }
    }
    let of = |target: &TargetEncoder| {
        let given = options.metrics.iter().find(|(name, _)| name == target.name());
        given.map_or_else(|| usual_metric(target.kind()), |(_, metric)| *metric)
    };
    Ok(targets.iter().map(of).collect())
}

/// Whether a kind of task has this figure.
fn suits(metric: Metric, kind: TaskType) -> bool {
    match metric {
        Metric::Rmse | Metric::R2 | Metric::MedianAbsoluteError => !kind.has_classes(),
        Metric::Mae => kind != TaskType::Classification,
        Metric::PoissonDeviance => kind == TaskType::Count,
        Metric::Kappa => kind == TaskType::Ordinal,
        _ => kind.has_classes(),
    }
}

/// The rows among these to measure on, in their order.
fn sample(mut sample: Vec<usize>, options: &ImportanceOptions) -> Vec<usize> {
    if sample.len() > options.rows {
        Random::new(options.seed, Purpose::Sample).shuffle(&mut sample);
        sample.truncate(options.rows);
        sample.sort_unstable();
    }
    sample
}

/// Where a feature lies in an encoded row.
struct Place {
    dense: Range<usize>,
    code: Option<usize>,
}

fn columns(model: &Model) -> Vec<Place> {
    let (mut dense, mut codes) = (0, 0);
    let place = |feature: &FeatureEncoder| {
        let start = dense;
        dense += feature.width();
        let code = feature.codes().map(|_| codes);
        codes += usize::from(code.is_some());
        Place { dense: start..dense, code }
    };
    model.encoder().features().iter().map(place).collect()
}

/// The answers, `[rows, answer width]`, were each row's cells of one column those of another row.
fn answers(
    model: &Model,
    encoded: &Encoded,
    column: &Place,
    deal: &[usize],
    watch: &Watch,
) -> Result<Vec<f64>> {
    let inputs = model.encoder().inputs();
    let (dense, coded, width) = (inputs.numeric, inputs.codes.len(), model.answer_width());
    let mut answers = vec![0.0; encoded.rows * width];
    for (part, (answers, deal)) in
        answers.chunks_mut(PART * width).zip(deal.chunks(PART)).enumerate()
    {
        watch.check()?;
        let first = part * PART;
        let mut numeric = encoded.numeric[first * dense..][..deal.len() * dense].to_vec();
        let mut codes = encoded.codes[first * coded..][..deal.len() * coded].to_vec();
        for (row, &from) in deal.iter().enumerate() {
            numeric[row * dense..][column.dense.clone()]
                .copy_from_slice(&encoded.numeric[from * dense..][column.dense.clone()]);
            if let Some(code) = column.code {
                codes[row * coded + code] = encoded.codes[from * coded + code];
            }
        }
        model.answer_rows(Rows { rows: deal.len(), numeric: &numeric, codes: &codes }, answers);
        watch.advance(deal.len());
    }
    Ok(answers)
}
