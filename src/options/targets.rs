//! The option `targets`: a name, names, or what each target is.

use super::fields::{Fields, choose, texts, wrong};
use crate::data::{TargetChoice, TaskType};
use crate::error::{Code, Error, Result, quoted};
use serde_json::Value;

const TYPES: [(&str, TaskType); 2] =
    [("classification", TaskType::Classification), ("regression", TaskType::Regression)];

/// Reads `targets`; empty if not given.
pub fn read(options: &mut Fields) -> Result<Vec<TargetChoice>> {
    const EXPECTED: &str = "a column name, an array of them, or an object by column name";
    let plain = |name: String| TargetChoice { name, kind: None, weight: 1.0 };
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

/// `'classification'`, `'regression'` or `{ type, weight }`.
fn described(name: &str, value: &Value) -> Result<TargetChoice> {
    let path = format!("targets.{name}");
    let mut target = TargetChoice { name: name.to_owned(), kind: None, weight: 1.0 };
    if value.is_object() {
        let mut fields = Fields::new(&path, value.clone())?;
        target.kind = fields.choice("type", &TYPES)?;
        let weight = fields.number("weight", "a number above 0", |x| x > 0.0)?;
        target.weight = weight.unwrap_or(1.0);
        fields.finish()?;
    } else {
        target.kind = Some(choose(&path, value, &TYPES)?);
    }
    Ok(target)
}
