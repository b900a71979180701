//! One training from its source to a model file: read, understand, split, encode, compose, fit.

use crate::artifact::{Artifact, DataInfo, FORMAT, Header, Versions};
use crate::checkpoint::{Checkpoints, Origin};
use crate::data::{Encoder, Labels, Loaded, Schema, Source, Table, TargetEncoder, TaskType, split};
use crate::error::{Code, Error, Result};
use crate::options::TrainOptions;
use crate::random::{Purpose, Random};
use crate::train::{LIBTORCH, Lesson, Observer, Stop};

/// Trains as the options say and gives the bytes of the model's file.
pub fn train(
    source: Source,
    options: &TrainOptions,
    observer: &dyn Observer,
    stop: &Stop,
) -> Result<Vec<u8>> {
    let checkpoints = Checkpoints::open(&options.checkpoint)?;
    let Loaded { table, fingerprint, .. } = source.load(&options.csv)?;
    if stop.is_aborted() {
        return Err(Error::new(Code::Aborted, "the training was aborted"));
    }
    let schema = Schema::infer(&table, &options.schema)?;
    let mut random = Random::new(options.fit.seed, Purpose::Split);
    let strata = strata(&table, &schema);
    let parts = split(table.rows(), options.validation, strata.as_deref(), &mut random);
    let encoder = Encoder::fit(&table, &schema, &parts.train)?;
    let train = encoder.encode_rows(&table, &parts.train, true)?;
    let validation = encoder.encode_rows(&table, &parts.validation, true)?;
    let labels: Vec<usize> = train.labels.iter().map(Labels::observed).collect();
    require_labels(&table, &schema, &labels)?;

    let heads: Vec<usize> = encoder.targets().iter().map(TargetEncoder::head_width).collect();
    let graph = options.model.spec.compose(encoder.inputs(), &heads);
    graph.check().map_err(|error| {
        let message = format!("the network for these columns cannot be built: {}", error.message());
        Error::new(Code::Schema, message)
    })?;
    let weights: Vec<f64> = schema.tasks.iter().map(|task| task.weight).collect();
    let lesson = Lesson {
        graph: &graph,
        targets: encoder.targets(),
        weights: &weights,
        train: &train,
        validation: &validation,
    };
    let versions =
        Versions { polytask: env!("CARGO_PKG_VERSION").to_owned(), libtorch: LIBTORCH.to_owned() };
    let origin = || Origin::new(&versions, &fingerprint, options, &schema, &lesson);
    let fitted = checkpoints.fit(origin, lesson, &options.fit, observer, stop)?;

    let data = DataInfo {
        source: table.source().to_owned(),
        fingerprint,
        rows: table.rows(),
        train_rows: train.rows,
        validation_rows: validation.rows,
        labels,
    };
    let (options, history) = (options.to_json(), fitted.history);
    let header =
        Header { format: FORMAT, versions, schema, encoder, graph, options, data, history };
    Artifact { header, weights: fitted.weights }.to_bytes()
}

/// The class of each row in the first classification task.
fn strata(table: &Table, schema: &Schema) -> Option<Vec<Option<u32>>> {
    let task = schema.tasks.iter().find(|task| task.kind == TaskType::Classification)?;
    let (classes, column) = (task.classes.as_ref()?, table.column(&task.name)?);
    Some(column.cells().map(|cell| classes.code(cell)).collect())
}

/// Every task has a label to learn from.
fn require_labels(table: &Table, schema: &Schema, labels: &[usize]) -> Result<()> {
    match schema.tasks.iter().zip(labels).find(|(_, labels)| **labels == 0) {
        None => Ok(()),
        Some((task, _)) => {
            let message = "the target has no labels in the training rows";
            let error = Error::new(Code::Schema, message).file(table.source());
            Err(error.column(task.name.as_str()).task(task.name.as_str()))
        }
    }
}
