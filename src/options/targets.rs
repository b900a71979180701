//! The option `targets`: a name, names, or what each target is.

use super::fields::{Fields, choose, texts, wrong};
use crate::data::{CURRENCY, ClassWeights, NumberLoss, Objective, TargetChoice, TaskType, Unit};
use crate::error::{Code, Error, Result, quoted};
use serde_json::Value;

const TYPES: [(&str, TaskType); 4] = [
    ("classification", TaskType::Classification),
    ("regression", TaskType::Regression),
    ("count", TaskType::Count),
    ("ordinal", TaskType::Ordinal),
];

/// How labels may be written.
const FORMATS: [(&str, Unit); 2] = [("currency", CURRENCY), ("percent", Unit::Percent)];

/// The losses with the defaults of what they ask for.
const LOSSES: [(&str, NumberLoss); 4] = [
    ("mse", NumberLoss::Mse),
    ("mae", NumberLoss::Mae),
    ("huber", NumberLoss::Huber { delta: 1.0 }),
    ("quantile", NumberLoss::Quantile { quantile: 0.5 }),
];

/// The largest class weight: past it, it cannot be meant.
const MOST_CLASS_WEIGHT: f64 = 1e9;

/// Reads `targets`; empty if not given.
pub fn read(options: &mut Fields) -> Result<Vec<TargetChoice>> {
    const EXPECTED: &str = "a column name, an array of them, or an object by column name";
    let plain = |name: String| TargetChoice::new(name, None);
    let value = options.take("targets");
    let targets: Vec<TargetChoice> = match &value {
        None => return Ok(Vec::new()),
        Some(Value::String(name)) => vec![plain(name.clone())],
        Some(value @ Value::Array(_)) => {
            let names = texts(value).ok_or_else(|| wrong("targets", EXPECTED, value))?;
            names.into_iter().map(plain).collect()
        }
        Some(Value::Object(map)) if !map.contains_key("$") => {
            map.iter().map(|(name, value)| described(name, value)).collect::<Result<_>>()?
        }
        Some(other) => return Err(wrong("targets", EXPECTED, other)),
    };
    if targets.is_empty() {
        return Err(Error::new(Code::Options, "targets: expected at least one column name")
            .option("targets"));
    }
    for (index, target) in targets.iter().enumerate() {
        if targets[..index].iter().any(|other| other.name == target.name) {
            let message = format!("targets: {} is named twice", quoted(&target.name));
            return Err(Error::new(Code::Options, message).option("targets"));
        }
    }
    Ok(targets)
}

/// The name of a type, or `{ type, weight, loss, … }`.
fn described(name: &str, value: &Value) -> Result<TargetChoice> {
    let path = format!("targets.{name}");
    let mut target = TargetChoice::new(name, None);
    if value.is_object() {
        let mut fields = Fields::new(&path, value.clone())?;
        target.unit = fields.choice("format", &FORMATS)?;
        // How numbers are written says that they are some.
        let numbers = target.unit.map(|_| TaskType::Regression);
        target.kind = fields.choice("type", &TYPES)?.or(numbers);
        let weight = fields.number("weight", "a number above 0", |x| x > 0.0)?;
        target.weight = weight.unwrap_or(1.0);
        target.classes = classes(&mut fields)?;
        target.smooths = fields.given("labelSmoothing").is_some();
        target.objective = Objective {
            loss: loss(&mut fields)?,
            class_weights: class_weights(&mut fields)?,
            label_smoothing: fields
                .number("labelSmoothing", "a number from 0 to below 1", |x| {
                    (0.0..1.0).contains(&x)
                })?
                .unwrap_or(0.0),
        };
        target.clamp = fields.flag("clamp")?;
        fields.finish()?;
    } else {
        target.kind = Some(choose(&path, value, &TYPES)?);
    }
    if let Some(kind) = target.kind {
        target.fits(kind)?;
    }
    Ok(target)
}

/// `loss`, and `delta` or `quantile` beside it.
fn loss(fields: &mut Fields) -> Result<Option<NumberLoss>> {
    let mut loss = fields.choice("loss", &LOSSES)?;
    let given = fields.number("delta", "a number above 0", |x| x > 0.0)?;
    if let Some(given) = given {
        match &mut loss {
            Some(NumberLoss::Huber { delta }) => *delta = given,
            _ => return Err(belongs(&fields.path("delta"), "huber")),
        }
    }
    let given =
        fields.number("quantile", "a number above 0 and below 1", |x| x > 0.0 && x < 1.0)?;
    if let Some(given) = given {
        match &mut loss {
            Some(NumberLoss::Quantile { quantile }) => *quantile = given,
            _ => return Err(belongs(&fields.path("quantile"), "quantile")),
        }
    }
    Ok(loss)
}

fn belongs(path: &str, loss: &str) -> Error {
    let message = format!("{path}: goes with loss: '{loss}' only");
    Error::new(Code::Options, message).option(path)
}

/// The classes in order, each once.
fn classes(fields: &mut Fields) -> Result<Option<Vec<String>>> {
    let path = fields.path("classes");
    let expected = "an array of at least two classes: strings, booleans, or numbers below 2^53";
    let classes = fields.read("classes", expected, |value| {
        let names: Option<Vec<String>> = value.as_array()?.iter().map(class).collect();
        names.filter(|names| names.len() >= 2)
    })?;
    if let Some(classes) = &classes {
        for (index, class) in classes.iter().enumerate() {
            if classes[..index].contains(class) {
                let message = format!("{path}: {} is listed twice", quoted(class));
                return Err(Error::new(Code::Options, message).option(path));
            }
        }
    }
    Ok(classes)
}

/// A class as JavaScript may give it: cells are texts, numbers and booleans.
fn class(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()),
        // Past 2^53 it may not be the number that was meant.
        Value::Number(number) => number
            .as_f64()
            .filter(|number| number.abs() < 9_007_199_254_740_992.0)
            .map(|number| number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

/// `'balanced'`, or a weight by class.
fn class_weights(fields: &mut Fields) -> Result<Option<ClassWeights>> {
    let path = fields.path("classWeights");
    match fields.take("classWeights") {
        None => Ok(None),
        Some(Value::Object(map)) if !map.contains_key("$") => {
            let weights = map.iter().map(|(name, value)| {
                let weight = value.as_f64().filter(|x| *x > 0.0 && *x <= MOST_CLASS_WEIGHT);
                let path = format!("{path}.{name}");
                let expected = "a number above 0, at most 1000000000";
                weight.map(|x| (name.clone(), x)).ok_or_else(|| wrong(&path, expected, value))
            });
            Ok(Some(ClassWeights::Each(weights.collect::<Result<_>>()?)))
        }
        Some(Value::String(name)) if name == "balanced" => Ok(Some(ClassWeights::Balanced)),
        Some(other) => Err(wrong(&path, "'balanced' or an object by class", &other)),
    }
}

#[cfg(test)]
#[path = "targets_tests.rs"]
mod tests;
