//! Cross-validation: every row is held out once from a training on the others.

use super::rows::Divider;
use super::{Data, calibrate, learn};
use crate::data::{Fold, Source};
use crate::error::{Code, Error, Result};
use crate::metrics::{Metric, Scores};
use crate::model::Model;
use crate::options::{CheckpointOptions, Share, TrainOptions, Validation};
use crate::train::Stop;
use serde::Serialize;
use std::time::Instant;

/// One fold, scored by the network trained on the others.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FoldReport {
    /// The fold, counted from 1.
    pub fold: usize,
    /// How many there are.
    pub folds: usize,
    /// Rows of the other folds, or of earlier ones, that trained.
    pub train_rows: usize,
    /// Rows that chose the best epoch: of the other folds, or of a file.
    pub validation_rows: usize,
    /// Rows of this fold.
    pub test_rows: usize,
    /// Epochs trained.
    pub epochs: usize,
    /// Seconds it took.
    pub seconds: f64,
    /// The scores on this fold, by task.
    pub scores: Vec<(String, Scores)>,
}

/// The scores of all folds.
#[derive(Debug, Clone, Serialize)]
pub struct CrossValidation {
    /// Fold by fold.
    pub folds: Vec<Vec<(String, Scores)>>,
    /// The mean over the folds that have a figure.
    pub mean: Vec<(String, Scores)>,
    /// Their sample standard deviation (of n − 1); absent below two folds.
    pub deviation: Vec<(String, Scores)>,
}

/// Trains and scores `k` times, one fold after another; fewer times once it is stopped.
pub fn cross_validate(
    source: Source,
    options: &TrainOptions,
    k: usize,
    observer: &dyn Fn(&FoldReport),
    stop: &Stop,
) -> Result<CrossValidation> {
    check(options)?;
    let data = Data::read(source, options, stop)?;
    let options = &options.for_data(&data.schema.tasks, data.schema.numbers(), data.table.rows());
    let Data { table, schema, .. } = &data;
    calibrate::check(schema, options)?;
    let all = Divider { table, schema, options }.folds(k, options.fit.seed)?;
    let within = |validation| {
        let mut options = options.clone();
        options.validation = validation;
        options
    };
    let by_default = within(options.validation.within_folds());
    // Where all earlier rows are of one moment, those that validate are drawn.
    let drawn = within(Validation::Share(Share::default()));
    let mut folds = Vec::new();
    for (index, Fold { train, test }) in all.into_iter().enumerate() {
        let started = Instant::now();
        let options = &by_default;
        let by_time = Divider { table, schema, options }.has_later(&train)?;
        let options = if by_time { options } else { &drawn };
        let parts = Divider { table, schema, options }.parts(train, options.fit.seed)?;
        let artifact = learn(&data, schema, &parts, options, stop)?;
        let epochs = artifact.header.history.len();
        let validation_rows = artifact.header.data.validation_rows;
        let scores = Model::new(artifact)?.evaluate_rows(table, &test)?;
        observer(&FoldReport {
            fold: index + 1,
            folds: k,
            train_rows: parts.train.len(),
            validation_rows,
            test_rows: test.len(),
            epochs,
            seconds: started.elapsed().as_secs_f64(),
            scores: scores.clone(),
        });
        folds.push(scores);
        if stop.is_aborted() {
            return Err(Error::new(Code::Aborted, "the cross-validation was aborted"));
        }
        // The fold under way was cut short and scored by its best epoch; no other begins.
        if stop.is_stopped() {
            break;
        }
    }
    let (mean, deviation) = (over(&folds, mean), over(&folds, deviation));
    Ok(CrossValidation { folds, mean, deviation })
}

/// Options that speak of one training and one split only.
fn check(options: &TrainOptions) -> Result<()> {
    let wrong = |option: &str, why: &str| {
        let message = format!("{option}: crossValidate {why}");
        Err(Error::new(Code::Options, message).option(option))
    };
    if matches!(options.validation, Validation::Column(_)) {
        let why = "makes its own folds of all rows; give a fraction, groupBy, stratify or timeColumn, or \
                   train on the column's split";
        return wrong("validation.column", why);
    }
    if options.checkpoint != CheckpointOptions::default() {
        return wrong("checkpoint", "trains several times and keeps none of them; use train");
    }
    if options.compare.is_some() {
        return wrong("compare", "does not compare; use train");
    }
    Ok(())
}

/// Each task's figures, made of those of all folds.
fn over(
    folds: &[Vec<(String, Scores)>],
    figure: fn(&[f64]) -> Option<f64>,
) -> Vec<(String, Scores)> {
    let tasks = folds.first().into_iter().flatten().enumerate();
    let tasks = tasks.map(|(task, (name, _))| {
        let mut scores = Scores::default();
        for metric in Metric::ALL {
            let each: Vec<f64> =
                folds.iter().filter_map(|fold| fold.get(task)?.1.get(metric)).collect();
            scores.set(metric, figure(&each));
        }
        let each = |figure: fn(&Scores) -> Option<f64>| -> Vec<f64> {
            folds.iter().filter_map(|fold| figure(&fold.get(task)?.1)).collect()
        };
        // No epoch is chosen by these, so that they are no metrics.
        scores.coverage = figure(&each(|scores| scores.coverage));
        scores.mean_width = figure(&each(|scores| scores.mean_width));
        // Labels are counted, not averaged.
        scores.n = folds.iter().filter_map(|fold| fold.get(task)).map(|(_, fold)| fold.n).sum();
        (name.clone(), scores)
    });
    tasks.collect()
}

fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

fn deviation(values: &[f64]) -> Option<f64> {
    let mean = mean(values).filter(|_| values.len() > 1)?;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    Some((squares / (values.len() - 1) as f64).sqrt())
}
