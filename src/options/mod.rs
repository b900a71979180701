//! What a user may say of a training: read from JSON once, checked, defaults filled in.

mod balance;
mod calibration;
mod checkpoint;
mod compare;
mod csv;
mod fields;
mod file;
mod fit;
mod model;
mod selection;
mod targets;
mod validation;

pub use calibration::CalibrationOptions;
pub use checkpoint::{CheckpointOptions, Resume, SaveTo};
pub use compare::Compare;
pub use file::{FileOptions, Keep};
pub use fit::{EngineChoice, FitOptions, OptimizerKind, Schedule};
pub use model::ModelChoice;
pub use selection::Selection;
pub use validation::{Share, Stratify, Validation};

use crate::data::csv::CsvOptions;
use crate::data::{DateOrder, Declared, FeatureType, SchemaOptions};
use crate::error::{Code, Error, Result};
use fields::{Fields, choose, wrong};
use serde_json::{Value, json};

/// All options of a training, checked. The fields are private to the rooms that read them only
/// through this type, so that nothing unchecked is ever trained.
#[derive(Debug, Clone, PartialEq)]
pub struct TrainOptions {
    /// Which columns are what.
    pub schema: SchemaOptions,
    /// The network.
    pub model: ModelChoice,
    /// The training loop.
    pub fit: FitOptions,
    /// The rows that validate.
    pub validation: Validation,
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
        let mut fields = Fields::new("", value)?;
        let targets = targets::read(&mut fields)?;
        let mut schema = features(&mut fields)?;
        schema.targets = targets;
        schema.sample_weights = fields.text("sampleWeights")?;
        let model = ModelChoice::read(&mut fields)?;
        let fit = FitOptions::read(&mut fields, model.preset)?;
        let validation = Validation::read(&mut fields)?;
        if validation == Validation::None && fit.selection != Selection::Loss {
            let message = "earlyStopping.metric: is taken on validation rows, and validation is \
                           false";
            return Err(Error::new(Code::Options, message).option("earlyStopping.metric"));
        }
        let calibration = CalibrationOptions::read(&mut fields)?;
        if validation == Validation::None && calibration.interval.is_some() {
            let message = "interval: is measured on validation rows, and validation is false";
            return Err(Error::new(Code::Options, message).option("interval"));
        }
        let compare = Compare::read(&mut fields)?;
        device(&mut fields)?;
        let csv = csv::read(fields.object("csv")?)?;
        let checkpoint = CheckpointOptions::read(&mut fields)?;
        fields.know(&["signal", "onEpoch"]);
        fields.finish()?;
        schema.decimal = csv.decimal;
        Ok(TrainOptions { schema, model, fit, validation, calibration, compare, csv, checkpoint })
    }

    /// Reads options from JSON text.
    pub fn parse_text(text: &str) -> Result<Self> {
        Self::parse(json(text)?)
    }

    /// Reads what stands in the option `csv` alone, from JSON text.
    pub fn parse_csv(text: &str) -> Result<CsvOptions> {
        csv::read(Some(Fields::new("csv", json(text)?)?))
    }

    /// Reads the number of folds of a cross-validation, `{ k }`, from JSON text.
    pub fn parse_folds(text: &str) -> Result<usize> {
        compare::folds(json(text)?)
    }

    /// The options as they were understood, defaults filled in, to keep with the model.
    pub fn to_json(&self) -> Value {
        let mut options = self.fit.to_json();
        options["model"] = self.model.to_json();
        options["validation"] = self.validation.to_json();
        self.calibration.write(&mut options);
        options["compare"] = self.compare.as_ref().map_or(json!(false), Compare::to_json);
        options["sampleWeights"] = json!(self.schema.sample_weights);
        options["device"] = json!("cpu");
        options
    }
}

fn json(text: &str) -> Result<Value> {
    serde_json::from_str(text)
        .map_err(|error| Error::new(Code::Options, "the options are no valid JSON").cause(error))
}

fn features(fields: &mut Fields) -> Result<SchemaOptions> {
    let mut schema = SchemaOptions::default();
    let Some(mut features) = fields.object("features")? else { return Ok(schema) };
    schema.include = features.texts("include")?;
    schema.exclude = features.texts("exclude")?.unwrap_or_default();
    let path = features.path("types");
    if let Some(value) = features.take("types") {
        let Value::Object(types) = value else { return Err(wrong(&path, "an object", &value)) };
        const TYPES: [(&str, Declared); 7] = [
            ("numeric", Declared::As(FeatureType::Numeric)),
            ("categorical", Declared::As(FeatureType::Categorical)),
            ("boolean", Declared::As(FeatureType::Boolean)),
            ("date", Declared::As(FeatureType::Date)),
            ("date-dmy", Declared::Date(DateOrder::DayFirst)),
            ("date-mdy", Declared::Date(DateOrder::MonthFirst)),
            ("ignore", Declared::Ignore),
        ];
        for (name, kind) in types {
            let kind = choose(&format!("{path}.{name}"), &kind, &TYPES)?;
            schema.types.push((name, kind));
        }
    }
    features.finish()?;
    Ok(schema)
}

fn device(fields: &mut Fields) -> Result<()> {
    let Some(device) = fields.text("device")? else { return Ok(()) };
    let later = device == "mps" || device == "cuda" || device.starts_with("cuda:");
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
