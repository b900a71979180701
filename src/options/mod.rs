//! What a user may say of a training: read from JSON once, checked, defaults filled in.

mod balance;
mod calibration;
mod checkpoint;
mod compare;
mod csv;
mod embeddings;
mod features;
mod fields;
mod file;
mod fit;
mod model;
mod named;
mod optimizer;
mod preset;
mod refit;
mod report;
mod schedule;
mod searched;
mod selection;
mod space;
mod synonyms;
mod targets;
mod tune;
mod validation;
mod value_synonyms;

pub use calibration::CalibrationOptions;
pub use checkpoint::{CheckpointOptions, Resume, SaveTo};
pub use compare::Compare;
pub use csv::{of_model as csv_of_model, unsaid as csv_unsaid};
pub use file::{FileOptions, Keep};
pub use fit::{EngineChoice, FitOptions};
pub use model::ModelChoice;
pub use optimizer::{OptimizerKind, OptimizerOptions};
pub use refit::Refit;
pub use report::{EvaluateOptions, ImportanceOptions, ReportOptions};
pub use schedule::{Curve, Schedule};
pub use searched::Facts;
pub use selection::{Selection, Ties};
pub use space::{Dimension, Domain, Range, Space};
pub use tune::TuneOptions;
pub use validation::{Begin, Share, Stratify, TimeSplit, Validation};

use crate::data::csv::CsvOptions;
use crate::data::{SchemaOptions, Task, TimeZone};
use crate::error::{Code, Error, Result};
use crate::graph::{Decay, Embeddings, Graph, Inputs, Parametrization, Sketch};
use fields::{Fields, wrong};
use preset::{ByTasks, MOST_EMBEDDED};
use serde_json::{Value, json};

/// Members that a network may have: past this it cannot be meant.
const MOST_MEMBERS: u64 = 64;

/// All options of a training, checked. The fields are private to the rooms that read them only
/// through this type, so that nothing unchecked is ever trained.
#[derive(Debug, Clone, PartialEq)]
pub struct TrainOptions {
    /// Which columns are what.
    pub schema: SchemaOptions,
    /// The network.
    pub model: ModelChoice,
    /// What of the preset goes by the tasks and is not settled.
    by_tasks: ByTasks,
    /// How many networks are trained side by side and answer together.
    pub ensemble: usize,
    /// The training loop.
    pub fit: FitOptions,
    /// The rows that validate.
    pub validation: Validation,
    /// Whether they are learnt from in the end.
    pub refit: Refit,
    /// What is fitted to them afterwards.
    pub calibration: CalibrationOptions,
    /// Whether to compare with single-task twins.
    pub compare: Option<Compare>,
    /// How files are written.
    pub csv: CsvOptions,
    /// What is kept of a training under way, and where one goes on.
    pub checkpoint: CheckpointOptions,
}

impl TrainOptions {
    /// Reads options as JavaScript gives them.
    pub fn parse(value: Value) -> Result<Self> {
        Self::parse_among(value, &["signal", "onEpoch"])
    }

    /// The same where these are options too, though read elsewhere.
    fn parse_among(value: Value, others: &[&'static str]) -> Result<Self> {
        let mut fields = Fields::new("", value)?;
        let targets = targets::read(&mut fields)?;
        // What the user says of these, the preset does not.
        let of_model =
            |option| fields.given("model").is_some_and(|model| model.get(option).is_some());
        let [activation, members, meant, embeddings] =
            ["activation", "members", "parametrization", "embeddings"].map(of_model);
        let [rate, epochs, stopping, ema] =
            ["learningRate", "epochs", "earlyStopping", "ema"].map(|it| fields.given(it).is_some());
        let mut model = ModelChoice::read(&mut fields)?;
        let preset = model.preset.defaults();
        let mut by_tasks = preset.by_tasks.clone();
        by_tasks.embeds = !embeddings;
        by_tasks.activation.take_if(|_| activation);
        by_tasks.learning_rate.take_if(|_| rate);
        by_tasks.selection.take_if(|_| stopping);
        by_tasks.few.take_if(|_| epochs);
        if ema {
            by_tasks.averaged = 0;
        }
        by_tasks.few.iter_mut().for_each(|few| few.waits &= !stopping);
        let mut schema = features::read(&mut fields, &preset)?;
        schema.targets = targets;
        schema.sample_weights = fields.text("sampleWeights")?;
        schema.time_zone =
            fields.read("timeZone", TimeZone::EXPECTED, |zone| TimeZone::parse(zone.as_str()?))?;
        let ensemble = fields.whole("ensemble", 1, MOST_MEMBERS)?.unwrap_or(1) as usize;
        if ensemble > 1 && !members {
            model.spec.members = 0;
        }
        if ensemble > 1 && model.spec.members > 0 {
            let message = "ensemble: has members of its own, which model.members are instead of; \
                           give one of the two";
            return Err(Error::new(Code::Options, message).option("ensemble"));
        }
        let mut fit = FitOptions::read(&mut fields, preset.fit)?;
        fit.unseen = schema.preprocessing.unseen;
        let sgd = fit.optimizer.method == OptimizerKind::Sgd;
        if fit.optimizer.method != OptimizerKind::AdamW {
            model.spec.decay = Decay::Matrices;
        }
        if sgd && !meant {
            model.spec.parametrization = Parametrization::Standard;
        }
        if model.spec.parametrization == Parametrization::Ntk && sgd {
            let message = "model.parametrization: 'ntk' is a rate for each layer that holds for \
                           'adam' and 'adamw', not for the optimizer 'sgd'";
            return Err(Error::new(Code::Options, message).option("model.parametrization"));
        }
        let validation = Validation::read(&mut fields)?;
        // Nothing would tell when it is enough.
        by_tasks.few.take_if(|_| validation == Validation::None);
        if validation == Validation::None && !stopping {
            fit.selection = Selection::Loss;
            by_tasks.selection = None;
        }
        if validation == Validation::None && fit.selection != Selection::Loss {
            let message = "earlyStopping.metric: is taken on validation rows, and validation is \
                           false";
            return Err(Error::new(Code::Options, message).option("earlyStopping.metric"));
        }
        let refit = Refit::read(&mut fields, preset.refit, &validation)?;
        let calibration = CalibrationOptions::read(&mut fields)?;
        if validation == Validation::None && calibration.interval.is_some() {
            let message = "interval: is measured on validation rows, and validation is false";
            return Err(Error::new(Code::Options, message).option("interval"));
        }
        let compare = Compare::read(&mut fields)?;
        device(&mut fields)?;
        let mut csv = csv::read(fields.object("csv")?, &CsvOptions::default())?;
        csv.known = named::names(&schema, &validation);
        let checkpoint = CheckpointOptions::read(&mut fields)?;
        fields.know(others);
        fields.finish()?;
        (schema.decimal, schema.thousands) = (csv.decimal, csv.thousands);
        schema.missing = csv.missing.clone();
        Ok(TrainOptions {
            schema,
            model,
            by_tasks,
            ensemble,
            fit,
            validation,
            refit,
            calibration,
            compare,
            csv,
            checkpoint,
        })
    }

    /// These options with what goes by the tasks and the table settled, of which there are so many
    /// columns of numbers and rows: in the preset 'realmlp' activation, rate and what chooses the
    /// epoch, in the preset 'default' the epochs and whether weights are averaged, in all whether
    /// numbers are embedded.
    pub fn for_data(&self, tasks: &[Task], numbers: usize, rows: usize) -> Self {
        let mut options = self.clone();
        let ByTasks { activation, learning_rate, selection, embeds, few, averaged } =
            std::mem::take(&mut options.by_tasks);
        if embeds && numbers > MOST_EMBEDDED {
            options.model.spec.embeddings = Embeddings::default();
        }
        if rows < averaged {
            options.fit.ema = None;
        }
        if let Some(few) = few {
            let fit = &mut options.fit;
            let epochs = few.epochs(rows, fit.epochs);
            let patience = fit.patience.filter(|_| few.waits);
            fit.patience = patience.map(|it| it * epochs / fit.epochs).or(fit.patience);
            fit.epochs = epochs;
        }
        let classes = tasks.iter().filter(|task| task.kind.has_classes()).count();
        if tasks.len() - classes > classes {
            let (spec, fit) = (&mut options.model.spec, &mut options.fit);
            spec.activation = activation.unwrap_or(spec.activation);
            fit.learning_rate = learning_rate.unwrap_or(fit.learning_rate);
        }
        if let (1, 1, Some(selection)) = (tasks.len(), classes, selection) {
            options.fit.selection = selection;
        }
        options
    }

    /// An error if an option can only be meant for files, for where rows are given; a file of
    /// validation rows is one.
    pub fn check_for_rows(&self) -> Result<()> {
        match self.validation {
            Validation::File(_) => Ok(()),
            _ => self.csv.check_for_rows(),
        }
    }

    /// The network for such rows and one task of each given width.
    pub fn compose(&self, inputs: Inputs, heads: &[usize], sketch: &Sketch) -> Graph {
        self.model.spec.compose_for(inputs, heads, sketch).ensemble(self.ensemble)
    }

    /// Reads options from JSON text.
    pub fn parse_text(text: &str) -> Result<Self> {
        Self::parse(json(text)?)
    }

    /// Reads the number of folds of a cross-validation, `{ k }`, from JSON text.
    pub fn parse_folds(text: &str) -> Result<usize> {
        compare::folds(json(text)?)
    }

    /// The options as they were understood, defaults filled in, to keep with the model.
    pub fn to_json(&self) -> Value {
        let mut options = self.fit.to_json();
        options["model"] = self.model.to_json();
        options["features"] = features::to_json(&self.schema.preprocessing);
        options["ensemble"] = json!(self.ensemble);
        options["validation"] = self.validation.to_json();
        options["refit"] = self.refit.to_json();
        self.calibration.write(&mut options);
        options["compare"] = self.compare.as_ref().map_or(json!(false), Compare::to_json);
        options["sampleWeights"] = json!(self.schema.sample_weights);
        options["timeZone"] = json!(self.schema.time_zone);
        options["csv"] = csv::to_json(&self.csv);
        options["device"] = json!("cpu");
        options
    }
}

fn json(text: &str) -> Result<Value> {
    serde_json::from_str(text)
        .map_err(|error| Error::new(Code::Options, "the options are no valid JSON").cause(error))
}

fn device(fields: &mut Fields) -> Result<()> {
    let Some(device) = fields.text("device")? else { return Ok(()) };
    let later = ["gpu", "mps", "metal", "webgpu"].contains(&device.as_str())
        || device == "cuda"
        || device.starts_with("cuda:");
    match device.as_str() {
        "cpu" => Ok(()),
        _ if later => {
            let message = format!("device '{device}' is not supported yet; train on 'cpu'");
            Err(Error::new(Code::Device, message).option("device"))
        }
        _ => Err(wrong("device", "'cpu'", &Value::String(device))),
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
