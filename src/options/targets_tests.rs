//! What may be said of a target, and how the rest is refused.

use super::*;
use crate::options::TrainOptions;
use serde_json::json;

fn target(value: Value) -> TargetChoice {
    let mut options = TrainOptions::parse(json!({ "targets": { "t": value } })).unwrap();
    options.schema.targets.remove(0)
}

fn refused(value: Value) -> (String, String) {
    let error = TrainOptions::parse(json!({ "targets": { "t": value } })).unwrap_err();
    assert_eq!(error.code(), Code::Options, "{error}");
    (error.message().to_owned(), error.place().option.clone().unwrap_or_default())
}

#[test]
fn every_type_is_taken() {
    for (name, kind) in TYPES {
        assert_eq!(target(json!(name)).kind, Some(kind));
        assert_eq!(target(json!({ "type": name })), target(json!(name)));
        assert_eq!(kind.name(), name);
    }
    assert_eq!(target(json!({})), TargetChoice::new("t", None));
}

#[test]
fn losses_have_their_defaults() {
    let loss = |value| target(value).objective.loss.unwrap();
    for (name, default) in LOSSES {
        assert_eq!(loss(json!({ "loss": name })), default);
        assert_eq!(default.name(), name);
    }
    let huber = loss(json!({ "type": "regression", "loss": "huber", "delta": 0.5 }));
    assert_eq!(huber, NumberLoss::Huber { delta: 0.5 });
    let quantile = loss(json!({ "loss": "quantile", "quantile": 0.9 }));
    assert_eq!(quantile, NumberLoss::Quantile { quantile: 0.9 });
}

#[test]
fn classes_weights_and_smoothing_are_taken() {
    let choice = target(json!({
        "type": "classification", "classes": [" low", 2, true], "labelSmoothing": 0.1,
        "classWeights": { "low": 2, "__proto__": 0.5 },
    }));
    assert_eq!(choice.classes.unwrap(), ["low", "2", "true"]);
    assert_eq!(choice.objective.label_smoothing, 0.1);
    let weights = vec![("low".to_owned(), 2.0), ("__proto__".to_owned(), 0.5)];
    assert_eq!(choice.objective.class_weights, Some(ClassWeights::Each(weights)));
    let balanced = target(json!({ "type": "ordinal", "classWeights": "balanced" }));
    assert_eq!(balanced.objective.class_weights, Some(ClassWeights::Balanced));
}

#[test]
fn what_is_out_of_range_is_refused() {
    for (value, option) in [
        (json!({ "weight": 0 }), "weight"),
        (json!({ "loss": 3 }), "loss"),
        (json!({ "loss": "huber", "delta": 0 }), "delta"),
        (json!({ "loss": "quantile", "quantile": 1 }), "quantile"),
        (json!({ "loss": "quantile", "quantile": { "$": "NaN" } }), "quantile"),
        (json!({ "labelSmoothing": 1 }), "labelSmoothing"),
        (json!({ "labelSmoothing": -0.1 }), "labelSmoothing"),
        (json!({ "classWeights": "equal" }), "classWeights"),
        (json!({ "classWeights": ["a"] }), "classWeights"),
        (json!({ "classWeights": { "a": 0 } }), "classWeights.a"),
        (json!({ "classWeights": { "a": "2" } }), "classWeights.a"),
        (json!({ "classes": ["a"] }), "classes"),
        (json!({ "classes": "a" }), "classes"),
        (json!({ "classes": ["a", null] }), "classes"),
    ] {
        assert_eq!(refused(value.clone()).1, format!("targets.t.{option}"), "{value}");
    }
    let (message, _) = refused(json!({ "classes": ["a", "b", "a"] }));
    assert_eq!(message, "targets.t.classes: \"a\" is listed twice");
    let (message, _) = refused(json!({ "loss": "hubber" }));
    assert!(message.ends_with("found \"hubber\"; did you mean 'huber'?"), "{message}");
    let (message, _) = refused(json!({ "clases": ["a", "b"] }));
    assert_eq!(message, "unknown option \"targets.t.clases\"; did you mean \"classes\"?");
    let (message, _) = refused(json!("ordnal"));
    assert!(message.ends_with("did you mean 'ordinal'?"), "{message}");
}

#[test]
fn what_does_not_fit_the_type_is_refused() {
    for (value, option, message) in [
        (
            json!({ "type": "classification", "loss": "mae" }),
            "loss",
            "is for a regression if it is 'mae', and the task is of type 'classification'",
        ),
        (
            json!({ "type": "count", "classWeights": "balanced" }),
            "classWeights",
            "is for tasks with classes, and the task is of type 'count'",
        ),
        (
            json!({ "type": "ordinal", "labelSmoothing": 0.1 }),
            "labelSmoothing",
            "is for a classification, and the task is of type 'ordinal'",
        ),
        (
            json!({ "type": "regression", "classes": ["a", "b"] }),
            "classes",
            "is for tasks with classes, and the task is of type 'regression'",
        ),
        (json!({ "loss": "mae", "delta": 1 }), "delta", "goes with loss: 'huber' only"),
        (json!({ "quantile": 0.5 }), "quantile", "goes with loss: 'quantile' only"),
    ] {
        let path = format!("targets.t.{option}");
        assert_eq!(refused(value), (format!("{path}: {message}"), path));
    }
}

#[test]
fn sample_weights_are_a_column() {
    let options = TrainOptions::parse(json!({ "sampleWeights": "w" })).unwrap();
    assert_eq!(options.schema.sample_weights.as_deref(), Some("w"));
    assert_eq!(options.to_json()["sampleWeights"], "w");
    let error = TrainOptions::parse(json!({ "sampleWeights": [1, 2] })).unwrap_err();
    assert_eq!(error.to_string(), "sampleWeights: expected a string, found an array");
}

#[test]
fn a_clamp_is_for_regressions() {
    assert_eq!(target(json!({})).clamp, None);
    assert_eq!(target(json!({ "type": "regression", "clamp": true })).clamp, Some(true));
    // Its labels may still show that it is one.
    assert_eq!(target(json!({ "clamp": true })).clamp, Some(true));
    assert_eq!(target(json!({ "type": "count", "clamp": false })).clamp, Some(false));
    let (message, option) = refused(json!({ "type": "count", "clamp": true }));
    assert_eq!(option, "targets.t.clamp");
    assert!(message.contains("is for a regression, and the task is of type 'count'"), "{message}");
    let (message, _) = refused(json!({ "clamp": "yes" }));
    assert!(message.contains("expected true or false"), "{message}");
}
