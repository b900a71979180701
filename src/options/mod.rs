//! What a user may say of a training: read from JSON once, checked, defaults filled in.

mod checkpoint;
mod csv;
mod fields;
mod fit;
mod model;
mod targets;

pub use checkpoint::{CheckpointOptions, Keep, Resume};
pub use fit::{FitOptions, OptimizerKind, Schedule};
pub use model::ModelChoice;

use crate::data::csv::CsvOptions;
use crate::data::{FeatureType, SchemaOptions};
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
    /// The share of rows that validate; 0 for none.
    pub validation: f64,
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
        let model = ModelChoice::read(&mut fields)?;
        let fit = FitOptions::read(&mut fields, model.preset)?;
        let validation = validation(&mut fields)?;
        device(&mut fields)?;
        let csv = csv::read(fields.object("csv")?)?;
        let checkpoint = CheckpointOptions::read(&mut fields)?;
        fields.know(&["signal", "onEpoch"]);
        fields.finish()?;
        schema.decimal = csv.decimal;
        Ok(TrainOptions { schema, model, fit, validation, csv, checkpoint })
    }

    /// Reads options from JSON text.
    pub fn parse_text(text: &str) -> Result<Self> {
        Self::parse(json(text)?)
    }

    /// Reads what stands in the option `csv` alone, from JSON text.
    pub fn parse_csv(text: &str) -> Result<CsvOptions> {
        csv::read(Some(Fields::new("csv", json(text)?)?))
    }

    /// The options as they were understood, defaults filled in, to keep with the model.
    pub fn to_json(&self) -> Value {
        let mut options = self.fit.to_json();
        options["model"] = self.model.to_json();
        options["validation"] = match self.validation {
            0.0 => json!(false),
            fraction => json!(fraction),
        };
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
        const TYPES: [(&str, FeatureType); 2] =
            [("numeric", FeatureType::Numeric), ("categorical", FeatureType::Categorical)];
        for (name, kind) in types {
            let kind = choose(&format!("{path}.{name}"), &kind, &TYPES)?;
            schema.types.push((name, kind));
        }
    }
    features.finish()?;
    Ok(schema)
}

fn validation(fields: &mut Fields) -> Result<f64> {
    const EXPECTED: &str = "false or a fraction above 0 and below 1";
    let fraction = fields.read("validation", EXPECTED, |value| match value {
        Value::Bool(false) => Some(0.0),
        value => value.as_f64().filter(|fraction| *fraction > 0.0 && *fraction < 1.0),
    })?;
    Ok(fraction.unwrap_or(0.2))
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
