//! Spaces as users write them, and what they may not hold.

use super::super::{Facts, TuneOptions};
use super::*;

fn parse(options: Value) -> Result<TuneOptions> {
    TuneOptions::parse(options)
}

fn default_paths(given: Value, rows: usize, numbers: bool) -> Vec<String> {
    let base = TrainOptions::parse(given.clone()).unwrap();
    let space = Space::by_default(&given, &base, Facts { rows, numbers });
    space.dimensions.into_iter().map(|dimension| dimension.path).collect()
}

#[test]
fn a_space_is_read_in_the_order_of_its_paths() {
    let space = json!({
        "model.dropout": { "low": 0, "high": 0.5 },
        "learningRate": { "low": 1e-4, "high": 1e-2, "log": true },
        "model.embeddings.bins": { "low": 4, "high": 32, "integer": true },
        "model.embeddings": ["piecewise", "none"],
    });
    let space = parse(json!({ "space": space })).unwrap().space.unwrap();
    let paths: Vec<&str> = space.dimensions.iter().map(|it| it.path.as_str()).collect();
    let order = ["learningRate", "model.dropout", "model.embeddings", "model.embeddings.bins"];
    assert_eq!(paths, order);
    let values = [json!(0.001), json!(0.2), json!("piecewise"), json!(7)].map(Some);
    assert_eq!(
        space.apply(&json!({ "seed": 1, "model": "article" }), &values),
        json!({ "seed": 1, "learningRate": 0.001, "model": {
            "preset": "article", "dropout": 0.2, "embeddings": { "type": "piecewise", "bins": 7 },
        } })
    );
    let none = [const { None }; 4];
    assert_eq!(space.apply(&json!({ "seed": 1 }), &none), json!({ "seed": 1 }));
}

#[test]
fn what_a_space_may_not_hold_is_told() {
    let range = |low: f64, high: f64| json!({ "low": low, "high": high });
    for (space, option, words) in [
        (json!({ "learningRat": [1] }), "space.learningRat", "did you mean \"learningRate\"?"),
        (json!({ "model.dropuot": [0.1] }), "space.model.dropuot", "did you mean \"dropout\"?"),
        (json!({ "zebra": [1] }), "space.zebra", "what can be tried is epochs, model"),
        (json!({ "validation": [0.1] }), "space.validation", "is the same for all trials"),
        (json!({ "features.include": [["a"]] }), "space.features.include", "the same for all"),
        (json!({ "learningRate": [] }), "space.learningRate", "found an empty array"),
        (json!({ "learningRate": 3 }), "space.learningRate", "expected an array of values, or"),
        (json!({ "learningRate": [0.1, -1] }), "space.learningRate", "above 0, found -1"),
        (json!({ "learningRate": range(0.0, 0.1) }), "space.learningRate", "above 0, found 0"),
        (json!({ "model.dropout": range(0.3, 0.1) }), "space.model.dropout", "low below high"),
        (json!({ "model.dropout": range(0.1, 0.1) }), "space.model.dropout", "low below high"),
        (json!({ "model.dropout": range(0.0, 2.0) }), "space.model.dropout", "found 2"),
        (json!({ "model.dropout": { "low": 0 } }), "space.model.dropout", "must be given"),
        (
            json!({ "model.dropout": { "low": 0, "high": 0.5, "log": true } }),
            "space.model.dropout",
            "low above 0",
        ),
        (
            json!({ "batchSize": { "low": 1.5, "high": 8, "integer": true } }),
            "space.batchSize",
            "whole numbers",
        ),
        (
            json!({ "model.dropout": { "low": 0, "high": 0.5, "lgo": true } }),
            "space.model.dropout.lgo",
            "did you mean \"log\"?",
        ),
        (json!({ "model.experts": [4] }), "space.model.experts", "is an option of 'omoe'"),
        (json!({}), "space", "at least one option"),
        (json!([]), "space", "expected an object"),
        (json!({ "ema": [{ "$": "NaN" }] }), "space.ema", "found NaN"),
        (json!({ "ema": { "$": "a function" } }), "space.ema", "found a function"),
    ] {
        let error = parse(json!({ "space": space })).unwrap_err();
        assert_eq!(error.code(), Code::Options, "{error}");
        assert_eq!(error.place().option.as_deref(), Some(option), "{error}");
        assert!(error.to_string().contains(words), "{error}");
    }
}

#[test]
fn an_option_may_belong_to_a_value_of_another() {
    let space = json!({ "model.architecture": ["shared", "mmoe"], "model.experts": [2, 4] });
    assert!(parse(json!({ "space": space })).is_ok());
}

#[test]
fn the_options_of_the_search_itself_are_checked() {
    let options = parse(json!({ "epochs": 3, "trials": 5, "seconds": 0.5, "path": "a" })).unwrap();
    assert_eq!((options.trials, options.seconds, options.resume), (5, Some(0.5), true));
    assert_eq!((options.given, options.base.fit.epochs), (json!({ "epochs": 3 }), 3));
    for (wrong, option, words) in [
        (json!({ "trials": 0 }), "trials", "from 1 to 1000000, found 0"),
        (json!({ "trails": 3 }), "trails", "did you mean \"trials\"?"),
        (json!({ "seconds": 0 }), "seconds", "above 0"),
        (json!({ "parallel": 1.5 }), "parallel", "a whole number"),
        (json!({ "path": "" }), "path", "the path of a file"),
        (json!({ "resume": true }), "resume", "path, which is not given"),
        (json!({ "path": "a", "resume": "b" }), "resume", "true or false"),
        (json!({ "checkpoint": { "path": "a" } }), "checkpoint", "path keeps what it found"),
        (json!({ "compare": "single-task" }), "compare", "does not compare"),
        (json!({ "validation": false }), "validation", "false leaves none"),
        (json!({ "onEpoch": { "$": "a function" } }), "onEpoch", "unknown option"),
    ] {
        let error = parse(wrong).unwrap_err();
        assert_eq!(error.code(), Code::Options, "{error}");
        assert_eq!(error.place().option.as_deref(), Some(option), "{error}");
        assert!(error.to_string().contains(words), "{error}");
    }
}

#[test]
fn what_the_user_says_is_not_searched() {
    let all = default_paths(json!({}), 100, true);
    let expected = [
        "batchSize",
        "features.scaling",
        "learningRate",
        "model.dropout",
        "model.embeddings",
        "model.hidden",
        "model.members",
        "weightDecay",
    ];
    assert_eq!(all, expected);
    let given = json!({ "learningRate": 0.1, "model": { "hidden": [4] }, "batchSize": 8 });
    let rest = default_paths(given, 100, false);
    assert_eq!(rest, ["model.dropout", "model.members", "weightDecay"]);
    let named = default_paths(json!({ "model": "article" }), 100_000, true);
    assert_eq!(named, ["batchSize", "features.scaling", "learningRate", "weightDecay"]);
    // An ensemble has members of its own, chained tasks share no layers.
    let ensemble = default_paths(json!({ "ensemble": 2 }), 100, true);
    assert!(!ensemble.contains(&"model.members".to_owned()));
    let chained = default_paths(json!({ "model": { "architecture": "esmm" } }), 100, true);
    assert!(!chained.contains(&"model.hidden".to_owned()));
}

#[test]
fn every_default_is_a_space_a_user_could_write() {
    for rows in [10, 1_000, 50_000, 1_000_000] {
        let base = TrainOptions::parse(json!({})).unwrap();
        let space = Space::by_default(&json!({}), &base, Facts { rows, numbers: true });
        assert_eq!(Space::read(space.to_json(), &json!({})).unwrap(), space);
    }
}
