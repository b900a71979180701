//! One training from its source to a model file: read, understand, split, encode, compose, fit.
//! Cross-validation, comparison and search are several trainings on the same data.

mod calibrate;
mod chain;
mod compare;
mod decides;
mod folds;
mod judge;
mod latest;
mod leaks;
mod progress;
mod refit;
mod rows;
mod tune;
mod warnings;

pub use folds::{CrossValidation, FoldReport, cross_validate};
pub use tune::{Listener, tune};

use crate::artifact::{Artifact, DataInfo, FORMAT, Header, Versions};
use crate::checkpoint::{Checkpoints, Origin};
use crate::data::csv::{CsvOptions, KnownNames};
use crate::data::{
    Encoded, Encoder, Labels, Loaded, Names, Reading, Schema, Source, Table, TableBuilder, Taken,
    TargetEncoder, Task, settle, settle_groups,
};
use crate::error::{Code, Error, Result};
use crate::graph::Graph;
use crate::history::EpochReport;
use crate::options::{Share, TrainOptions, Validation};
use crate::train::{LIBTORCH, Lesson, Observer, Stop};
use progress::Counted;
use rows::{Divider, Parts, understand};
use std::ffi::OsStr;
use std::path::Path;

/// What was read and understood, before any training.
#[derive(Debug)]
struct Data {
    /// The rows, without those of weight 0.
    table: Table,
    /// How many rows of weight 0 there were, those of a file of validation rows among them.
    zero_weight_rows: usize,
    fingerprint: String,
    /// How files were read; none for rows.
    reading: Option<Reading>,
    /// The tokens that were taken for missing by default.
    taken: Vec<Taken>,
    schema: Schema,
    /// The rows of a file of validation rows.
    validation: Option<Table>,
    /// That file's own.
    validation_fingerprint: Option<String>,
}

impl Data {
    fn read(source: Source, options: &TrainOptions, stop: &Stop) -> Result<Self> {
        let files = matches!(options.validation, Validation::File(_));
        let csv = if files { options.csv.beside_files() } else { options.csv.clone() };
        let Loaded { mut table, fingerprint, reading } = source.load(&csv)?;
        let settle = |table: &mut Table| {
            settle(table, &csv.missing, &options.schema);
            if let Validation::Share(Share { group_by: Some(name), .. }) = &options.validation {
                settle_groups(table, name, &csv.missing, &options.schema);
            }
        };
        settle(&mut table);
        if stop.is_aborted() {
            return Err(Error::new(Code::Aborted, "the training was aborted"));
        }
        // A row of weight 0 counts for nothing: it is gone before anything is made of the data.
        Names::new(&table).check(&options.schema)?;
        let mut zero_weight_rows = options.schema.leave_out_weightless(&mut table)?;
        let mut schema = understand(&table, options)?;
        // Tokens that are numbers are to be found as the file writes numbers.
        let found = options.schema.decimal.is_none() && schema.decimal != '.';
        if found {
            table.mark(&csv.missing, schema.format());
            settle(&mut table);
            schema = understand(&table, options)?;
        }
        let validation = match &options.validation {
            Validation::File(path) => Some(beside(path, &schema, &options.csv)?),
            _ => None,
        };
        let (mut validation, validation_fingerprint) =
            validation.map(|loaded| (loaded.table, loaded.fingerprint)).unzip();
        if let Some(table) = &mut validation {
            zero_weight_rows += options.schema.leave_out_weightless(table)?;
            if found {
                table.mark(&csv.missing, schema.format());
            }
            schema.settle(table, &csv.missing);
        }
        let taken = schema.taken(&table, &csv.missing);
        Ok(Data {
            table,
            zero_weight_rows,
            fingerprint,
            reading,
            taken,
            schema,
            validation,
            validation_fingerprint,
        })
    }

    /// What is amiss with the rows that train and validate.
    fn warnings(
        &self,
        schema: &Schema,
        parts: &Parts,
        encoder: &Encoder,
        options: &TrainOptions,
    ) -> Vec<String> {
        let mut rows = [&*parts.train, &*parts.validation].concat();
        rows.sort_unstable();
        let of = |table: &Table, rows: &[usize]| {
            warnings::of_table(table, rows, schema, encoder.format())
        };
        let mut warnings = of(&self.table, &rows);
        if let Some(table) = &self.validation {
            warnings.extend(of(table, &(0..table.rows()).collect::<Vec<_>>()));
        }
        let drawn = matches!(options.validation, Validation::Share(_));
        let rows = leaks::Rows { table: &self.table, rows: &rows };
        warnings.extend(leaks::of_table(rows, schema, encoder.format(), drawn));
        warnings
    }

    /// Lets go of the rows, which take as much memory as what was encoded of them.
    fn forget_rows(&mut self) {
        self.table = TableBuilder::from_rows([]).build();
        self.validation = None;
    }
}

/// Reads a file of validation rows, whose header is known by the features of the training rows.
fn beside(path: &str, schema: &Schema, csv: &CsvOptions) -> Result<Loaded> {
    let names = schema.features.iter().map(|feature| feature.name.clone()).collect();
    let csv = CsvOptions { known: KnownNames::Features(names), ..csv.clone() };
    Source::Files(vec![path.to_owned()]).load(&csv)
}

/// Trains as the options say and gives the bytes of the model's file.
pub fn train(
    source: Source,
    options: &TrainOptions,
    observer: &dyn Observer,
    stop: &Stop,
) -> Result<Vec<u8>> {
    let checkpoints = Checkpoints::open(&options.checkpoint)?;
    let mut data = Data::read(source, options, stop)?;
    let options = &options.for_data(&data.schema.tasks, data.schema.numbers(), data.table.rows());
    let Data { table, schema, .. } = &data;
    compare::check(schema, options)?;
    calibrate::check(schema, options)?;
    let divider = Divider { table, schema, options };
    let parts = divider.parts(divider.rows()?, options.fit.seed)?;
    divider.require_classes(&parts)?;
    let prepared = prepare(&data, schema, &parts, options)?;
    let warnings = data.warnings(schema, &parts, &prepared.encoder, options);
    let networks = refit::networks(&parts, options);
    if options.compare.is_none() && networks == 0 {
        data.forget_rows();
    }
    let observer = &Counted::new(observer, options.fit.epochs, networks);
    let mut artifact = teach(prepared, &data.schema, options, checkpoints, observer, stop)
        .map_err(|error| warnings::explain(error, &warnings))?;
    artifact.header.warnings.splice(0..0, warnings);
    refit::refit(&mut artifact, (&data, &data.schema), &parts, options, observer, stop)?;
    if let Some(wish) = options.compare.as_ref().filter(|_| !stop.is_stopped()) {
        artifact.header.comparison = compare::compare(&data, options, wish, stop)?;
    }
    artifact.to_bytes()
}

/// Trains on some of the rows, for all tasks of `schema`.
fn learn(
    data: &Data,
    schema: &Schema,
    parts: &Parts,
    options: &TrainOptions,
    stop: &Stop,
) -> Result<Artifact> {
    let mut artifact = learn_once(data, schema, parts, options, stop)?;
    refit::refit(&mut artifact, (data, schema), parts, options, &(), stop)?;
    Ok(artifact)
}

/// The same without learning from the validation rows in the end.
fn learn_once(
    data: &Data,
    schema: &Schema,
    parts: &Parts,
    options: &TrainOptions,
    stop: &Stop,
) -> Result<Artifact> {
    let prepared = prepare(data, schema, parts, options)?;
    teach(prepared, schema, options, Checkpoints::none(), &(), stop)
}

/// All that a training needs of the data.
struct Prepared {
    encoder: Encoder,
    graph: Graph,
    train: Encoded,
    validation: Encoded,
    info: DataInfo,
}

impl Prepared {
    /// What is to be learnt for these tasks.
    fn lesson<'a>(&'a self, tasks: &'a [Task]) -> Lesson<'a> {
        Lesson {
            graph: &self.graph,
            targets: self.encoder.targets(),
            tasks,
            train: &self.train,
            validation: &self.validation,
        }
    }
}

/// Encodes the rows and composes the network.
fn prepare(
    data: &Data,
    schema: &Schema,
    parts: &Parts,
    options: &TrainOptions,
) -> Result<Prepared> {
    let table = &data.table;
    let encoder = Encoder::fit(table, schema, &parts.train)?;
    let encoder = encoder.with_missing(options.csv.missing.clone());
    let train = encoder.encode_rows(table, &parts.train, true)?;
    let validation = match &data.validation {
        Some(table) => encoder.encode_labelled(table)?,
        None => encoder.encode_rows(table, &parts.validation, true)?,
    };
    let labels: Vec<usize> = train.labels.iter().map(Labels::observed).collect();
    require_labels(table, schema, &labels)?;
    calibrate::require(&encoder, &validation, options)?;
    if let Some(name) = options.model.chained() {
        let validated = match &data.validation {
            Some(table) => (table, None, &validation),
            None => (table, Some(&*parts.validation), &validation),
        };
        chain::check(name, schema, &[(table, Some(&parts.train), &train), validated])?;
    }

    let heads: Vec<usize> = encoder.targets().iter().map(TargetEncoder::head_width).collect();
    let sketch = encoder.sketch(&train, &options.model.spec.embeddings);
    let graph = options.compose(encoder.inputs(), &heads, &sketch);
    graph.check().map_err(|error| {
        let message = format!("the network for these columns cannot be built: {}", error.message());
        Error::new(Code::Schema, message)
    })?;
    let info = DataInfo {
        source: file_name(table.source()).to_owned(),
        fingerprint: data.fingerprint.clone(),
        rows: table.rows() + data.validation.as_ref().map_or(0, Table::rows),
        zero_weight_rows: data.zero_weight_rows,
        train_rows: train.rows,
        validation_rows: validation.rows,
        labels,
        reading: data.reading.clone().map(|mut reading| {
            reading.files.iter_mut().for_each(|file| *file = file_name(file).to_owned());
            reading
        }),
        taken: data.taken.clone(),
        refit: None,
        split: Divider { table, schema, options }.split_by_time(parts)?,
    };
    Ok(Prepared { encoder, graph, train, validation, info })
}

/// Trains the network; of the data only what was prepared is needed.
fn teach(
    prepared: Prepared,
    schema: &Schema,
    options: &TrainOptions,
    checkpoints: Checkpoints<'_>,
    observer: &dyn Observer,
    stop: &Stop,
) -> Result<Artifact> {
    let lesson = prepared.lesson(&schema.tasks);
    let versions =
        Versions { polytask: env!("CARGO_PKG_VERSION").to_owned(), libtorch: LIBTORCH.to_owned() };
    let fingerprint = &prepared.info.fingerprint;
    let origin = || Origin::new(&versions, fingerprint, options, schema, &lesson);
    let fitted = checkpoints.fit(origin, lesson, &options.fit, observer, stop)?;
    let Prepared { encoder, graph, train, validation, info } = prepared;
    // Neither the time it took nor the folder of a file is saved: equal trainings make equal files.
    let history = fitted.history.into_iter().map(|report| EpochReport { seconds: 0.0, ..report });
    let header = Header {
        format: FORMAT,
        versions,
        schema: schema.clone(),
        encoder,
        graph,
        options: options.to_json(),
        engine: fitted.engine,
        data: info,
        history: history.collect(),
        comparison: None,
        experts: Vec::new(),
        calibration: Vec::new(),
        intervals: Vec::new(),
        tuning: Vec::new(),
        warnings: Vec::new(),
    };
    let mut artifact = Artifact { header, weights: fitted.weights };
    let seen = if validation.rows > 0 { &validation } else { &train };
    artifact.header.experts = artifact.expert_use(seen)?;
    artifact.header.warnings = judge::judge(&artifact, &schema.tasks, &train, &validation)?;
    artifact.header.warnings.extend(artifact.header.encoder.warnings());
    calibrate::calibrate(&mut artifact, &validation, options)?;
    Ok(artifact)
}

/// A file's name without its folder.
fn file_name(source: &str) -> &str {
    Path::new(source).file_name().and_then(OsStr::to_str).unwrap_or(source)
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
