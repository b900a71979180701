//! The option `space`: what a search tries, values or a range of numbers, by the path of an option.

use super::TrainOptions;
use super::fields::{Fields, wrong};
use crate::error::{Code, Error, Result, nearest, quoted};
use serde_json::{Map, Value, json};

/// What a search tries, in the order of the paths.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Space {
    /// One option each.
    pub dimensions: Vec<Dimension>,
}

/// What is tried of one option.
#[derive(Debug, Clone, PartialEq)]
pub struct Dimension {
    /// The option, as in `model.dropout`.
    pub path: String,
    /// What it may be.
    pub domain: Domain,
}

/// What an option may be.
#[derive(Debug, Clone, PartialEq)]
pub enum Domain {
    /// One of these, of which there is at least one.
    Values(Vec<Value>),
    /// A number between two.
    Range(Range),
}

/// Numbers from `low` to `high`, both included.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Range {
    /// The least.
    pub low: f64,
    /// The greatest.
    pub high: f64,
    /// Whether ratios count, not differences.
    pub log: bool,
    /// Whether only whole numbers are meant.
    pub integer: bool,
}

/// What may differ from trial to trial, with all that lies within. The rows, their split and the
/// score may not, or trials could not be compared.
const SEARCHED: [&str; 17] = [
    "epochs",
    "model",
    "ensemble",
    "features.scaling",
    "features.oneHot",
    "features.minFrequency",
    "features.unseen",
    "optimizer",
    "learningRate",
    "schedule",
    "batchSize",
    "weightDecay",
    "weightDecaySchedule",
    "dropoutSchedule",
    "ema",
    "gradientClip",
    "balance",
];

/// What may not.
const FIXED: [&str; 15] = [
    "targets",
    "features",
    "sampleWeights",
    "telemetry",
    "validation",
    "earlyStopping",
    "calibration",
    "interval",
    "compare",
    "seed",
    "threads",
    "engine",
    "device",
    "csv",
    "checkpoint",
];

const EXPECTED: &str = "an array of values, or { low, high, log, integer }";

impl Space {
    /// Reads `space`. What it holds must be options that `given` can be trained with.
    pub fn read(value: Value, given: &Value) -> Result<Self> {
        let Value::Object(all) = Fields::new("space", value)?.rest() else {
            return Ok(Space::default());
        };
        if all.is_empty() {
            let message = "space: expected at least one option to try, found none";
            return Err(Error::new(Code::Options, message).option("space"));
        }
        let mut dimensions = Vec::new();
        for (path, value) in all {
            searchable(&path)?;
            let domain = Domain::read(&format!("space.{path}"), value)?;
            dimensions.push(Dimension { path, domain });
        }
        let space = Space::of(dimensions);
        space.check(given)?;
        Ok(space)
    }

    /// A space of these, in the order of their paths: what lies within an option comes after it.
    pub fn of(mut dimensions: Vec<Dimension>) -> Self {
        dimensions.sort_by(|one, other| one.path.cmp(&other.path));
        Space { dimensions }
    }

    /// Options with a value for each dimension that has one.
    pub fn apply(&self, options: &Value, values: &[Option<Value>]) -> Value {
        let mut options = options.clone();
        for (dimension, value) in self.dimensions.iter().zip(values) {
            if let Some(value) = value {
                place(&mut options, &dimension.path, value.clone());
            }
        }
        options
    }

    /// The space as a user would write it.
    pub fn to_json(&self) -> Value {
        let all = self.dimensions.iter();
        let all = all.map(|dimension| (dimension.path.clone(), dimension.domain.to_json()));
        Value::Object(all.collect::<Map<_, _>>())
    }

    /// An error for a value that no training could have: alone, or with a value of another
    /// dimension, for some options belong to an architecture that may be tried too.
    fn check(&self, given: &Value) -> Result<()> {
        for Dimension { path, domain } in &self.dimensions {
            for value in domain.samples() {
                let fits = |others: &Value| {
                    let mut options = others.clone();
                    place(&mut options, path, value.clone());
                    TrainOptions::parse(options).map(drop)
                };
                let Err(error) = fits(given) else { continue };
                let mut others = self.dimensions.iter().filter(|other| other.path != *path);
                let with_another = others.any(|other| {
                    other.domain.samples().into_iter().any(|value| {
                        let mut options = given.clone();
                        place(&mut options, &other.path, value);
                        fits(&options).is_ok()
                    })
                });
                if !with_another {
                    let (message, option) = (error.message(), format!("space.{path}"));
                    let message = match message.starts_with(&format!("{path}: ")) {
                        true => format!("space.{message}"),
                        false => format!("{option}: {message}"),
                    };
                    return Err(Error::new(Code::Options, message).option(option));
                }
            }
        }
        Ok(())
    }
}

impl Domain {
    fn read(path: &str, value: Value) -> Result<Self> {
        match value {
            Value::Array(values) if !values.is_empty() => Ok(Domain::Values(values)),
            Value::Object(map) if !map.contains_key("$") => {
                Range::read(Fields::new(path, Value::Object(map))?, path).map(Domain::Range)
            }
            other => Err(wrong(path, EXPECTED, &other)),
        }
    }

    /// All values, or the ends of a range.
    pub fn samples(&self) -> Vec<Value> {
        match self {
            Domain::Values(values) => values.clone(),
            Domain::Range(range) => vec![range.value(range.low), range.value(range.high)],
        }
    }

    fn to_json(&self) -> Value {
        match self {
            Domain::Values(values) => json!(values),
            Domain::Range(Range { low, high, log, integer }) => {
                json!({ "low": low, "high": high, "log": log, "integer": integer })
            }
        }
    }
}

impl Range {
    fn read(mut fields: Fields, path: &str) -> Result<Self> {
        let low = fields.number("low", "a number", |_| true)?;
        let high = fields.number("high", "a number", |_| true)?;
        let log = fields.flag("log")?.unwrap_or(false);
        let integer = fields.flag("integer")?.unwrap_or(false);
        let wrong =
            |words: String| Err(Error::new(Code::Options, format!("{path}: {words}")).option(path));
        let (Some(low), Some(high)) = (low, high) else {
            return wrong(format!("expected {EXPECTED}, of which low and high must be given"));
        };
        fields.finish()?;
        if low >= high {
            return wrong(format!("expected low below high, found low {low} and high {high}"));
        }
        if log && low <= 0.0 {
            return wrong(format!("expected low above 0, as log counts ratios, found {low}"));
        }
        if integer && (low.fract() != 0.0 || high.fract() != 0.0) {
            return wrong(format!("expected whole numbers, found low {low} and high {high}"));
        }
        Ok(Range { low, high, log, integer })
    }

    /// The number of the range nearest to one, to three digits, as one would write it.
    pub fn value(&self, number: f64) -> Value {
        let number = if self.integer { number.round() } else { short(number) };
        let number = number.clamp(self.low, self.high);
        // Whole numbers as JavaScript writes them.
        if number.fract() == 0.0 && number.abs() < 1e15 {
            json!(number as i64)
        } else {
            json!(number)
        }
    }
}

/// A number to three digits.
fn short(number: f64) -> f64 {
    format!("{number:.2e}").parse().unwrap_or(number)
}

/// An error unless trials may differ in the option.
fn searchable(path: &str) -> Result<()> {
    let within = |option: &str| {
        path.strip_prefix(option).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    if SEARCHED.into_iter().any(within) {
        return Ok(());
    }
    let all = SEARCHED.join(", ");
    let message = match nearest(path, SEARCHED) {
        _ if FIXED.into_iter().any(within) => {
            format!(
                "space: {} is the same for all trials; what can be tried is {all}",
                quoted(path)
            )
        }
        Some(near) => {
            format!("space: unknown option {}; did you mean {}?", quoted(path), quoted(near))
        }
        None => format!("space: unknown option {}; what can be tried is {all}", quoted(path)),
    };
    Err(Error::new(Code::Options, message).option(format!("space.{path}")))
}

/// What the short form of an option, a name, is called in its long form.
fn named(option: &str) -> &'static str {
    match option {
        "model" => "preset",
        "embeddings" => "type",
        _ => "method",
    }
}

/// Puts a value in its place, in the long form of the options above it.
pub fn place(options: &mut Value, path: &str, value: Value) {
    let Some((option, rest)) = path.split_once('.') else {
        options[path] = value;
        return;
    };
    let inner = &mut options[option];
    if !inner.is_object() {
        let short = inner.take();
        *inner = json!({});
        if short.is_string() {
            inner[named(option)] = short;
        }
    }
    place(inner, rest, value);
}

/// Whether options say something of a path, be it by a short form above it.
pub fn says(options: &Value, path: &str) -> bool {
    let mut within = options;
    for option in path.split('.') {
        match within {
            Value::Object(fields) => match fields.get(option) {
                Some(value) => within = value,
                None => return false,
            },
            _ => return true,
        }
    }
    true
}

#[cfg(test)]
#[path = "space_tests.rs"]
mod tests;
