//! What learning together gained or cost: the network of all tasks against networks of one task
//! each, with the same budget, seeds and rows, on rows that none of them saw.

use super::rows::Divider;
use super::{Data, learn};
use crate::balance::{METHODS, Plan};
use crate::comparison::{Comparison, Pair};
use crate::data::{Schema, Task};
use crate::error::{Code, Error, Result};
use crate::metrics::{Metric, Scores};
use crate::model::Model;
use crate::options::{CalibrationOptions, Compare, Selection, TrainOptions};
use crate::train::Stop;

/// An error unless there is something to compare.
pub fn check(schema: &Schema, options: &TrainOptions) -> Result<()> {
    if options.compare.is_none() || schema.tasks.len() > 1 {
        return Ok(());
    }
    let message = "compare: expected at least two targets, found one, which is learnt alone anyway";
    Err(Error::new(Code::Options, message).option("compare"))
}

/// Compares over several seeds; none if the training was stopped before the end.
pub fn compare(
    data: &Data,
    options: &TrainOptions,
    wish: &Compare,
    stop: &Stop,
) -> Result<Option<Comparison>> {
    let Data { table, schema, .. } = data;
    let divider = Divider { table, schema, options };
    let seeds: Vec<u64> = (0..wish.seeds as u64).map(|step| options.fit.seed + step).collect();
    let mut pairs: Vec<Vec<Pair>> = vec![Vec::new(); schema.tasks.len()];
    let mut held_out_rows = None;
    for &seed in &seeds {
        let (rows, test) = divider.hold_out(wish.fraction, seed)?;
        held_out_rows.get_or_insert(test.len());
        let parts = divider.parts(rows, seed)?;
        let run = |schema: &Schema, selection: Selection| -> Result<Vec<(String, Scores)>> {
            let mut options = options.clone();
            options.fit.seed = seed;
            options.fit.selection = selection;
            // Neither labels nor values depend on it, and they alone are compared.
            options.calibration = CalibrationOptions::NONE;
            // One task has nothing to be balanced with.
            if schema.tasks.len() == 1 {
                options.fit.balance = Plan::of(METHODS[0]);
            }
            let artifact = learn(data, schema, &parts, &options, stop)?;
            Model::new(artifact)?.evaluate_rows(table, &test)
        };
        let together = run(schema, options.fit.selection.clone())?;
        for ((task, (_, together)), pairs) in schema.tasks.iter().zip(together).zip(&mut pairs) {
            let own = selection(&options.fit.selection, task, &together);
            let alone = run(&only(schema, task), own)?;
            if stop.is_stopped() {
                return Ok(None);
            }
            let metric = metric(task);
            pairs.push((together.get(metric), alone.first().and_then(|(_, s)| s.get(metric))));
        }
    }
    let tasks = schema.tasks.iter().zip(pairs).map(|(task, pairs)| {
        let metric = metric(task);
        (task.name.clone(), metric.name(), metric.higher_is_better(), pairs)
    });
    Ok(Some(Comparison::of(seeds, held_out_rows.unwrap_or(0), tasks.collect())))
}

/// The same columns with one task: the features of all tasks, not the other targets.
fn only(schema: &Schema, task: &Task) -> Schema {
    // Its weight has nothing left to be weighed against.
    Schema { tasks: vec![Task { weight: 1.0, ..task.clone() }], ..schema.clone() }
}

/// How the best epoch is chosen for one task alone: by its own figure where that decides for all
/// tasks, else by its loss.
fn selection(selection: &Selection, task: &Task, together: &Scores) -> Selection {
    let own = match selection {
        Selection::Metric { task: Some(named), .. } => *named == task.name,
        Selection::Metric { metric, task: None } => together.get(*metric).is_some(),
        _ => true,
    };
    if own { selection.clone() } else { Selection::Loss }
}

/// The figure a task is compared by.
fn metric(task: &Task) -> Metric {
    if task.classes.is_some() { Metric::Accuracy } else { Metric::Rmse }
}
