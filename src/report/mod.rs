//! What a report tells of a model: figures, curves and samples for charts, and what each feature
//! is worth. A model and perhaps a labelled source come in, plain data goes out.

mod bins;
mod classes;
mod importance;
mod labelled;
mod numbers;
mod roc;
mod task;

pub use bins::{Bin, Histogram};
pub use classes::{Classes, Confused, Confusion};
pub use importance::{FeatureImportance, Importance, TaskImportance, importance};
pub use numbers::Numbers;
pub use roc::Curve;
pub use task::TaskReport;

use crate::data::Source;
use crate::error::{Code, Error, Result};
use crate::model::{Means, Model};
use crate::options::ReportOptions;
use crate::watch::Watch;
use labelled::{Labelled, counted};
use serde::Serialize;

/// All that a report tells beyond [`Model::describe`].
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// The heading, where one was given.
    pub title: Option<String>,
    /// What passed between the tasks in training, as means over the epochs up to the best.
    pub means: Means,
    /// What a labelled source told; none without one.
    pub source: Option<SourceReport>,
}

/// What a labelled source tells of a model.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SourceReport {
    /// The file, or `rows`.
    pub name: String,
    /// How many rows it has, without those of weight 0.
    pub rows: usize,
    /// How many rows of weight 0 it has, which were left out.
    pub zero_weight_rows: usize,
    /// Whether it is, to the bit, what the model was trained on: its figures then flatter.
    pub trained_on: bool,
    /// Whether rows count by a column of weights.
    pub weighted: bool,
    /// The column that groups rows, where one was named.
    pub by: Option<String>,
    /// Each task, in task order.
    pub tasks: Vec<TaskReport>,
    /// What each feature is worth; none where it was not asked for.
    pub importance: Option<Importance>,
}

impl Report {
    /// Reports on a model, on these rows if there are some. Gives up with
    /// [`crate::error::Code::Aborted`] once it is stopped.
    pub fn of(
        model: &Model,
        source: Option<Source>,
        options: &ReportOptions,
        watch: &Watch,
    ) -> Result<Self> {
        if source.is_none() && options.csv_given {
            let message = "csv: says how a source is read, and none is given";
            return Err(Error::new(Code::Options, message).option("csv"));
        }
        if source.is_none() && options.by.is_some() {
            let message = "by: groups the rows of a source, and none is given";
            return Err(Error::new(Code::Options, message).option("by"));
        }
        let source = source.map(|source| SourceReport::of(model, source, options, watch));
        Ok(Report {
            title: options.title.clone(),
            means: model.means(),
            source: source.transpose()?,
        })
    }
}

impl SourceReport {
    fn of(model: &Model, source: Source, options: &ReportOptions, watch: &Watch) -> Result<Self> {
        let loaded = model.read(source, &options.csv)?;
        let table = &loaded.table;
        let rows = counted(model, table)?;
        let count = rows.len();
        let more = options.importance.as_ref();
        watch.expect(count + more.map_or(0, |options| importance::cost(model, count, options)));
        let by = options.by.as_ref();
        let slices = by.map(|by| model.slices(table, by, &rows)).transpose()?;
        let rows = Labelled::of(model, table, rows, watch)?;
        let of = |task| TaskReport::of(&task, slices.as_deref(), options.seed);
        let tasks = rows.tasks(model).map(of).collect();
        let weighted = rows.weights().is_some();
        // The figures of a table that fills the memory need not be kept beside its shuffled rows.
        drop(rows);
        let importance = options.importance.as_ref();
        let importance =
            importance.map(|options| importance::measured(model, table, options, watch));
        Ok(SourceReport {
            name: table.source().to_owned(),
            rows: count,
            zero_weight_rows: table.rows() - count,
            trained_on: loaded.fingerprint == model.fingerprint(),
            weighted,
            by: options.by.clone(),
            tasks,
            importance: importance.transpose()?,
        })
    }
}

#[cfg(test)]
mod tests;
