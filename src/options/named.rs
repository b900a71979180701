//! The columns that options name, by which the header of a file is known.

use super::validation::{Share, Stratify, Validation};
use crate::data::SchemaOptions;
use crate::data::csv::KnownNames;

/// All of them, each after its option.
pub fn names(schema: &SchemaOptions, validation: &Validation) -> KnownNames {
    let mut names: Vec<(&'static str, String)> = Vec::new();
    let mut add = |option, name: &str| names.push((option, name.to_owned()));
    schema.targets.iter().for_each(|target| add("targets", &target.name));
    schema.include.iter().flatten().for_each(|name| add("features.include", name));
    schema.exclude.iter().for_each(|name| add("features.exclude", name));
    schema.types.iter().for_each(|(name, _)| add("features.types", name));
    schema.sample_weights.iter().for_each(|name| add("sampleWeights", name));
    if let Some((name, option)) = validation.column() {
        add(option, name);
    }
    if let Validation::Share(Share { stratify: Stratify::Column(name), .. }) = validation {
        add("validation.stratify", name);
    }
    match names.is_empty() {
        true => KnownNames::None,
        false => KnownNames::Options(names),
    }
}

#[cfg(test)]
mod tests {
    use super::super::TrainOptions;
    use super::*;
    use serde_json::{Value, json};

    fn known(options: Value) -> KnownNames {
        TrainOptions::parse(options).unwrap().csv.known
    }

    #[test]
    fn every_option_that_names_a_column_is_asked() {
        for (options, option) in [
            (json!({ "targets": "x" }), "targets"),
            (json!({ "targets": { "x": "regression" } }), "targets"),
            (json!({ "features": { "include": ["x"] } }), "features.include"),
            (json!({ "features": { "exclude": ["x"] } }), "features.exclude"),
            (json!({ "features": { "types": { "x": "numeric" } } }), "features.types"),
            (json!({ "sampleWeights": "x" }), "sampleWeights"),
            (json!({ "validation": { "column": "x" } }), "validation.column"),
            (json!({ "validation": { "groupBy": "x" } }), "validation.groupBy"),
            (json!({ "validation": { "stratify": "x" } }), "validation.stratify"),
            (json!({ "validation": { "timeColumn": "x" } }), "validation.timeColumn"),
        ] {
            assert_eq!(known(options), KnownNames::Options(vec![(option, "x".to_owned())]));
        }
        assert_eq!(known(json!({ "validation": "x.csv" })), KnownNames::None);
    }
}
