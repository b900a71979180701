//! Tests of the names of other libraries.

use super::super::value_synonyms::VALUES;
use super::super::{TrainOptions, TuneOptions};
use super::*;
use serde_json::{Value, json};
use std::collections::HashSet;

fn refusal(options: Value) -> String {
    TrainOptions::parse(options).unwrap_err().message().to_owned()
}

#[test]
fn common_names_get_a_hint() {
    for (name, option) in [
        ("lr", "learningRate"),
        ("validation_split", "validation"),
        ("testSize", "validation"),
        ("n_jobs", "threads"),
        ("random_state", "seed"),
        ("hiddenLayers", "model.hidden"),
        ("target", "targets"),
        ("sep", "csv.delimiter"),
        ("patience", "earlyStopping.patience"),
        ("weight-decay", "weightDecay"),
        ("abortSignal", "signal"),
    ] {
        let expected = format!("unknown option \"{name}\"; did you mean \"{option}\"?");
        assert_eq!(refusal(json!({ name: 1 })), expected);
    }
    for (name, text) in [
        ("metrics", "earlyStopping.metric"),
        ("callbacks", "onEpoch"),
        ("verbose", "onEpoch"),
        ("pinball", "loss: 'mae'"),
        ("imbalance", "classWeights: 'balanced'"),
        ("classWeights", "classWeights: 'balanced'"),
        ("gpu", "device takes 'cpu' alone"),
        ("cv", "crossValidate"),
    ] {
        let message = refusal(json!({ name: 1 }));
        assert!(message.starts_with(&format!("unknown option \"{name}\"; ")), "{message}");
        assert!(message.contains(text), "{message}");
    }
}

#[test]
fn so_do_those_within_an_option() {
    for (options, text) in [
        (json!({ "targets": { "y": { "imbalance": 1 } } }), "did you mean \"classWeights\"?"),
        (json!({ "targets": { "y": { "pinball": 0.9 } } }), "did you mean \"quantile\"?"),
        (json!({ "targets": { "a.b": { "tau": 0.9 } } }), "did you mean \"quantile\"?"),
        (json!({ "model": { "layers": [8] } }), "did you mean \"hidden\"?"),
        (json!({ "optimizer": { "lr": 1 } }), "the option learningRate, beside optimizer"),
        (json!({ "csv": { "sep": ";" } }), "did you mean \"delimiter\"?"),
        (json!({ "features": { "drop": ["a"] } }), "did you mean \"exclude\"?"),
        (json!({ "earlyStopping": { "monitor": "loss" } }), "did you mean \"metric\"?"),
        (json!({ "validation": { "size": 0.2 } }), "did you mean \"fraction\"?"),
    ] {
        let message = refusal(options);
        assert!(message.contains(text), "{message}");
    }
}

#[test]
fn a_gpu_is_a_device_that_is_not_there() {
    for device in ["gpu", "cuda:1", "mps"] {
        let error = TrainOptions::parse(json!({ "device": device })).unwrap_err();
        assert_eq!(error.code(), crate::error::Code::Device, "{device}");
    }
}

#[test]
fn values_of_other_names_get_a_hint() {
    for (options, text) in [
        (json!({ "targets": { "y": { "loss": "pinball" } } }), "did you mean 'quantile'?"),
        (json!({ "targets": { "y": { "loss": "L1" } } }), "did you mean 'mae'?"),
        (json!({ "targets": { "y": "binary" } }), "did you mean 'classification'?"),
        (json!({ "targets": { "y": { "type": "numeric" } } }), "did you mean 'regression'?"),
        (json!({ "features": { "types": { "y": "string" } } }), "did you mean 'categorical'?"),
        (json!({ "features": { "scaling": "z-score" } }), "did you mean 'standard'?"),
        (json!({ "model": { "activation": "swish" } }), "did you mean 'silu'?"),
        (json!({ "earlyStopping": { "metric": "auc" } }), "did you mean 'rocAuc'?"),
        (json!({ "csv": { "encoding": "windows-1252" } }), "did you mean 'latin1'?"),
        (json!({ "csv": { "onError": "raise" } }), "did you mean 'fail'?"),
        (json!({ "balance": "none" }), "did you mean 'equal'?"),
        (json!({ "schedule": "none" }), "did you mean 'constant'?"),
    ] {
        let message = refusal(options);
        assert!(message.contains(text), "{message}");
    }
}

#[test]
fn a_hint_names_what_the_function_takes() {
    let parse = |options| TuneOptions::parse_text(options).unwrap_err().message().to_owned();
    assert!(parse(r#"{"n_trials":3}"#).ends_with("did you mean \"trials\"?"));
    assert!(!refusal(json!({ "n_trials": 3 })).contains("trials\"?"));
}

#[test]
fn names_stand_there_once_and_as_they_are_compared() {
    let mut seen = HashSet::new();
    for name in OUTERMOST.iter().flat_map(|(names, _)| names.split_whitespace()) {
        assert_eq!(plain(name), name);
        assert!(seen.insert(name), "{name} stands there twice");
    }
    let within = WITHIN.iter().map(|(_, names, _)| *names);
    let values = VALUES.iter().map(|(names, _)| *names);
    for name in within.chain(values).flat_map(str::split_whitespace) {
        assert_eq!(plain(name), name);
    }
}
