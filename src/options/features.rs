//! The option `features`: which columns are features, of what type, and how they become numbers.

use super::fields::{Fields, choose, name, wrong};
use super::preset::Defaults;
use crate::data::{
    CURRENCY, DateOrder, Declared, FeatureType, MOST_ONE_HOT, Preprocessing, Scaling,
    SchemaOptions, Unit,
};
use crate::error::Result;
use serde_json::{Value, json};

const TYPES: [(&str, Declared); 12] = [
    ("numeric", Declared::As(FeatureType::Numeric)),
    ("currency", Declared::Numbers(CURRENCY)),
    ("percent", Declared::Numbers(Unit::Percent)),
    ("categorical", Declared::As(FeatureType::Categorical)),
    ("boolean", Declared::As(FeatureType::Boolean)),
    ("date", Declared::As(FeatureType::Date)),
    ("date-dmy", Declared::Date(DateOrder::DayFirst)),
    ("date-mdy", Declared::Date(DateOrder::MonthFirst)),
    ("date-unix-ms", Declared::Date(DateOrder::UnixMs)),
    ("date-unix-s", Declared::Date(DateOrder::UnixS)),
    ("date-excel", Declared::Date(DateOrder::Excel)),
    ("ignore", Declared::Ignore),
];

const SCALINGS: [(&str, Scaling); 3] =
    [("standard", Scaling::Standard), ("robust", Scaling::Robust), ("quantile", Scaling::Quantile)];

/// The most training rows that may be asked of a category: past it, it cannot be meant.
const MOST_FREQUENCY: u64 = 1_000_000_000;

/// Reads `features` over the defaults of a preset.
pub fn read(fields: &mut Fields, preset: &Defaults) -> Result<SchemaOptions> {
    let mut schema = SchemaOptions {
        preprocessing: preset.preprocessing,
        clamp: preset.clamp,
        label_smoothing: preset.label_smoothing,
        ..SchemaOptions::default()
    };
    let Some(mut features) = fields.object("features")? else { return Ok(schema) };
    schema.include = features.texts("include")?;
    schema.exclude = features.texts("exclude")?.unwrap_or_default();
    let path = features.path("types");
    if let Some(value) = features.take("types") {
        let Value::Object(types) = value else { return Err(wrong(&path, "an object", &value)) };
        for (name, kind) in types {
            let kind = choose(&format!("{path}.{name}"), &kind, &TYPES)?;
            schema.types.push((name, kind));
        }
    }
    let chosen = &mut schema.preprocessing;
    chosen.scaling = features.choice("scaling", &SCALINGS)?.unwrap_or(chosen.scaling);
    if let Some(categories) = features.whole("oneHot", 0, MOST_ONE_HOT as u64)? {
        chosen.one_hot = categories as usize;
    }
    if let Some(rows) = features.whole("minFrequency", 1, MOST_FREQUENCY)? {
        chosen.min_frequency = Some(rows as usize);
    }
    let unseen = features.number("unseen", "a number from 0 up", |x| x >= 0.0)?;
    chosen.unseen = unseen.unwrap_or(chosen.unseen);
    features.finish()?;
    Ok(schema)
}

/// How features become numbers, as a user would write it.
pub fn to_json(preprocessing: &Preprocessing) -> Value {
    let Preprocessing { scaling, one_hot, min_frequency, unseen } = preprocessing;
    let scaling = name(&SCALINGS, scaling);
    let mut features = json!({ "scaling": scaling, "oneHot": one_hot, "unseen": unseen });
    if let Some(rows) = min_frequency {
        features["minFrequency"] = json!(rows);
    }
    features
}
