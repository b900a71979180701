//! What options are taken, and how wrong ones are refused.

use super::*;
use crate::data::{Preprocessing, Scaling, TaskType};
use crate::graph::Beginning;

fn parse(value: Value) -> TrainOptions {
    TrainOptions::parse(value).unwrap()
}

fn refused(value: Value) -> (String, String) {
    let error = TrainOptions::parse(value).unwrap_err();
    assert_eq!(error.code(), Code::Options, "{error}");
    (error.to_string(), error.place().option.clone().unwrap_or_default())
}

#[test]
fn nothing_said_gives_the_defaults() {
    let options = parse(json!({}));
    assert_eq!(options.fit.epochs, 100);
    assert_eq!(options.validation, Validation::Share(Share::default()));
    assert_eq!(options.to_json()["validation"], 0.2);
    assert_eq!(options.to_json()["compare"], false);
    assert!(options.schema.targets.is_empty());
    assert_eq!(options.to_json()["earlyStopping"]["patience"], 16);
    assert_eq!(options.to_json()["model"]["dropout"], 0.1);
    assert_eq!(options.to_json()["model"]["preset"], "default");
    assert_eq!(options, parse(json!({ "model": "default" })));
}

#[test]
fn what_was_understood_is_understood_again() {
    let options = parse(json!({
        "epochs": 7, "model": { "hidden": [3], "activation": "mish", "dropout": 0.3 },
        "gradientClip": false, "validation": false, "batchSize": 9,
        "balance": { "method": "mgda", "every": 3 }, "telemetry": false,
        "features": { "scaling": "robust", "oneHot": 4, "minFrequency": 3, "unseen": 0.5 },
    }));
    let mut json = options.to_json();
    json.as_object_mut().unwrap().retain(|_, value| !value.is_null());
    assert_eq!(parse(json).for_data(&[], 1, 20_000), options.for_data(&[], 1, 20_000));
    assert!(!options.fit.telemetry && parse(json!({})).fit.telemetry);
    let (message, option) = refused(json!({ "telemetry": 1 }));
    assert_eq!((option.as_str(), message.contains("true or false")), ("telemetry", true));
}

#[test]
fn the_article_brings_its_own_training() {
    let options = parse(json!({ "model": "article" }));
    assert_eq!(options.fit.epochs, 10);
    assert_eq!(options.fit.optimizer, OptimizerOptions::of(OptimizerKind::Sgd));
    assert_eq!(options.model.spec.hidden, [10, 10]);
    assert_eq!(parse(json!({ "model": "article", "epochs": 3 })).fit.epochs, 3);
}

#[test]
fn epochs_must_be_a_whole_number() {
    let nan = json!({ "$": "NaN" });
    for (value, found) in [
        (json!(0), "0"),
        (json!(-1), "-1"),
        (nan, "NaN"),
        (json!(1.5), "1.5"),
        (json!("10"), "\"10\""),
        (Value::Null, "null"),
        (json!([1]), "an array"),
    ] {
        let (message, option) = refused(json!({ "epochs": value }));
        assert_eq!(
            message,
            format!("epochs: expected a whole number from 1 to 1000000000, found {found}")
        );
        assert_eq!(option, "epochs");
    }
    assert_eq!(parse(json!({ "epochs": 10.0 })).fit.epochs, 10);
}

#[test]
fn misspelt_options_name_the_nearest() {
    let (message, option) = refused(json!({ "epohcs": 10 }));
    assert_eq!(message, "unknown option \"epohcs\"; did you mean \"epochs\"?");
    assert_eq!(option, "epohcs");
    let (message, _) = refused(json!({ "model": { "hiden": [3] } }));
    assert_eq!(message, "unknown option \"model.hiden\"; did you mean \"hidden\"?");
    let (message, _) = refused(json!({ "model": "articel" }));
    assert!(message.ends_with("found \"articel\"; did you mean 'article'?"), "{message}");
    let (message, _) = refused(json!({ "targets": { "a": "regresion" } }));
    assert!(message.ends_with("did you mean 'regression'?"), "{message}");
}

#[test]
fn ranges_are_kept() {
    for wrong in [
        json!({ "learningRate": 0 }),
        json!({ "validation": 1 }),
        json!({ "validation": true }),
        json!({ "model": { "hidden": [0] } }),
        json!({ "model": { "hidden": [1.5] } }),
        json!({ "model": { "dropout": 1 } }),
        json!({ "model": 3 }),
        json!({ "targets": [] }),
        json!({ "targets": ["a", "a"] }),
        json!({ "targets": 3 }),
        json!({ "earlyStopping": true }),
        json!({ "features": [] }),
        json!({ "device": "tpu" }),
        json!({ "seed": -1 }),
    ] {
        refused(wrong);
    }
    let error = TrainOptions::parse(json!({ "device": "cuda:1" })).unwrap_err();
    assert_eq!(error.code(), Code::Device);
    assert_eq!(TrainOptions::parse(json!([])).unwrap_err().code(), Code::Options);
}

#[test]
fn targets_may_be_described() {
    let options = parse(json!({ "targets": { "a": "regression", "b": { "weight": 2 } } }));
    let targets = &options.schema.targets;
    assert_eq!((targets[0].kind, targets[0].weight), (Some(TaskType::Regression), 1.0));
    assert_eq!((targets[1].kind, targets[1].weight), (None, 2.0));
}

#[test]
fn validation_and_selection_are_understood_again() {
    for given in [
        json!({ "validation": 0.3 }),
        json!({ "validation": { "fraction": 0.3, "stratify": false } }),
        json!({ "validation": { "stratify": "site" } }),
        json!({ "validation": { "groupBy": "subject", "fraction": 0.4 } }),
        json!({ "validation": { "column": "split" } }),
        json!({ "validation": "held.csv" }),
        json!({ "validation": { "file": "held.csv" } }),
        json!({ "validation": { "timeColumn": "sold" } }),
        json!({ "validation": { "timeColumn": "sold", "fraction": 0.1 } }),
        json!({ "validation": { "timeColumn": "sold", "after": "2024-01-01" } }),
        json!({ "validation": { "timeColumn": "year", "after": 2019 } }),
        json!({ "earlyStopping": { "metric": "rocAuc", "task": "a" } }),
        json!({ "earlyStopping": { "metric": "meanImprovement", "patience": false } }),
        json!({ "earlyStopping": { "patience": false } }),
        json!({ "earlyStopping": { "metric": "loss" } }),
        json!({ "calibration": false, "interval": 0.9 }),
        json!({ "compare": "single-task" }),
        json!({ "compare": { "seeds": 5, "fraction": 0.1 } }),
    ] {
        let options = parse(given);
        let mut json = options.to_json();
        json.as_object_mut().unwrap().retain(|_, value| !value.is_null());
        assert_eq!(parse(json).for_data(&[], 1, 20_000), options.for_data(&[], 1, 20_000));
    }
    let share = |value| match parse(json!({ "validation": value })).validation {
        Validation::Share(share) => share,
        other => panic!("{other:?}"),
    };
    assert_eq!(share(json!({})), Share::default());
    assert_eq!(share(json!({ "groupBy": "s" })).stratify, Stratify::No);
    assert_eq!(parse(json!({ "compare": false })).compare, None);
    let selection = parse(json!({ "model": "article", "earlyStopping": { "metric": "rmse" } })).fit;
    assert_eq!(selection.patience, Some(20));
    assert_eq!(TrainOptions::parse_folds("{\"k\":4}").unwrap(), 4);
}

#[test]
fn calibration_is_on_and_intervals_are_asked_for() {
    let options = parse(json!({}));
    assert_eq!((options.calibration.temperature, options.calibration.interval), (true, None));
    let given = parse(json!({ "calibration": false, "interval": 0.95 }));
    assert_eq!((given.calibration.temperature, given.calibration.interval), (false, Some(0.95)));
    assert_eq!(given.to_json()["interval"], 0.95);
    assert_eq!(options.to_json()["interval"], false);
    for (given, option, words) in [
        (json!({ "calibration": 1 }), "calibration", "true or false"),
        (json!({ "interval": 0.5 }), "interval", "above 0.5"),
        (json!({ "interval": 1 }), "interval", "below 1"),
        (json!({ "interval": true }), "interval", "found true"),
        (json!({ "interval": 0.9, "validation": false }), "interval", "validation is false"),
    ] {
        let (message, found) = refused(given);
        assert!(found == option && message.contains(words), "{message}");
    }
}

#[test]
fn validation_and_selection_that_make_no_sense_are_refused() {
    for (given, option, words) in [
        (json!({ "validation": 0 }), "validation", "a fraction above 0"),
        (json!({ "validation": "" }), "validation", "the path of a CSV file"),
        (json!({ "validation": { "fraction": 1 } }), "validation.fraction", "below 1"),
        (json!({ "validation": { "stratify": 3 } }), "validation.stratify", "a column name"),
        (json!({ "validation": { "groupby": "a" } }), "validation.groupby", "\"groupBy\""),
        (json!({ "validation": { "column": "a", "fraction": 0.1 } }), "validation", "stand alone"),
        (json!({ "validation": { "column": "a", "file": "b" } }), "validation", "stand alone"),
        (json!({ "validation": { "after": "2024" } }), "validation.after", "needs timeColumn"),
        (
            json!({ "validation": { "timeColumn": "a", "after": 1, "fraction": 0.2 } }),
            "validation.after",
            "give one of them",
        ),
        (
            json!({ "validation": { "timeColumn": "a", "groupBy": "b" } }),
            "validation.timeColumn",
            "only after or fraction",
        ),
        (
            json!({ "validation": { "timeColumn": "a", "after": [1] } }),
            "validation.after",
            "a date",
        ),
        (json!({ "validation": { "timeColum": "a" } }), "validation.timeColum", "\"timeColumn\""),
        (
            json!({ "validation": { "groupBy": "a", "stratify": true } }),
            "validation.stratify",
            "stay whole",
        ),
        (json!({ "earlyStopping": { "metric": "rmes" } }), "earlyStopping.metric", "'rmse'?"),
        (json!({ "earlyStopping": { "task": "a" } }), "earlyStopping.task", "goes with a metric"),
        (
            json!({ "earlyStopping": { "metric": "meanImprovement", "task": "a" } }),
            "earlyStopping.task",
            "goes with a metric",
        ),
        (json!({ "earlyStopping": { "patience": 0 } }), "earlyStopping.patience", "found 0"),
        (
            json!({ "validation": false, "earlyStopping": { "metric": "rmse" } }),
            "earlyStopping.metric",
            "validation is false",
        ),
        (json!({ "compare": true }), "compare", "'single-task'"),
        (json!({ "compare": "single_task" }), "compare", "did you mean 'single-task'?"),
        (json!({ "compare": { "seeds": 1 } }), "compare.seeds", "from 2"),
        (json!({ "compare": { "fraction": 0 } }), "compare.fraction", "above 0"),
    ] {
        let (message, place) = refused(given);
        assert_eq!(place, option, "{message}");
        assert!(message.contains(words), "{message}");
    }
    for k in ["{}", "{\"k\":1}", "{\"k\":2.5}", "{\"k\":{\"$\":\"NaN\"}}"] {
        let error = TrainOptions::parse_folds(k).unwrap_err();
        assert_eq!(error.code(), Code::Options);
        assert!(error.to_string().starts_with("k: expected a whole number from 2"), "{error}");
    }
}

#[test]
fn architectures_bring_their_options() {
    let spec = |model: Value| parse(json!({ "model": model })).model.spec;
    let mmoe = spec(json!({ "architecture": "mmoe" }));
    assert_eq!((mmoe.experts, mmoe.gate_dropout, &*mmoe.tower), (4, 0.1, &[64][..]));
    let ple = spec(json!({ "architecture": "ple", "preset": "article", "taskExperts": 3 }));
    assert_eq!((ple.experts, ple.task_experts, ple.levels), (1, 3, 2));
    assert_eq!((&*ple.hidden, &*ple.tower, ple.gate_dropout), (&[10, 10][..], &[10][..], 0.0));
    let esmm = spec(json!({ "architecture": "esmm" }));
    assert_eq!((&*esmm.hidden, &*esmm.tower), (&[][..], &[128, 128][..]));
    assert!(spec(json!({})).tower.is_empty());
    let aitm = spec(json!({ "architecture": "aitm" }));
    assert_eq!((aitm.calibrator, aitm.entropy), (0.6, 0.0));
    assert_eq!(spec(json!({ "architecture": "aitm", "calibrator": 0 })).calibrator, 0.0);
    let selected = spec(json!({ "architecture": "dselect-k", "experts": 6 }));
    assert_eq!((selected.experts, selected.entropy, selected.calibrator), (6, 1e-6, 0.0));
    let written = parse(json!({ "model": { "architecture": "aitm" } })).model.to_json();
    assert_eq!((&written["calibrator"], written.get("entropy")), (&json!(0.6), None));
    for architecture in
        ["shared", "omoe", "cgc", "ple", "cross-stitch", "adatt", "dselect-k", "aitm"]
    {
        let options = parse(json!({ "model": { "architecture": architecture, "hidden": [3] } }));
        assert_eq!(parse(json!({ "model": options.model.to_json() })).model, options.model);
    }
}

#[test]
fn members_are_of_one_kind() {
    let options = parse(json!({ "ensemble": 3 }));
    assert_eq!((options.ensemble, &options.to_json()["ensemble"]), (3, &json!(3)));
    assert_eq!(parse(json!({})).ensemble, 1);
    let options = parse(json!({ "ensemble": 1, "model": { "members": 4 } }));
    assert_eq!(options.model.spec.members, 4);
    for ensemble in [json!(0), json!(65), json!(1.5), json!("2")] {
        let (message, option) = refused(json!({ "ensemble": ensemble }));
        assert_eq!(option, "ensemble");
        assert!(message.contains("a whole number from 1 to 64"), "{message}");
    }
    let (message, option) = refused(json!({ "ensemble": 2, "model": { "members": 4 } }));
    assert_eq!(option, "ensemble");
    assert!(message.contains("model.members"), "{message}");
}

#[test]
fn options_of_other_architectures_are_refused() {
    let (message, option) =
        refused(json!({ "model": { "architecture": "mmoe", "taskExperts": 2 } }));
    assert_eq!(
        message,
        "model.taskExperts: is an option of 'cgc', 'ple', 'adatt', not of 'mmoe', which has \
         experts, gateDropout, hidden, tower"
    );
    assert_eq!(option, "model.taskExperts");
    for (model, what) in [
        (json!({ "k": 2 }), "model.k"),
        (json!({ "architecture": "mmoe", "experts": 0 }), "model.experts"),
        (json!({ "architecture": "mmoe", "hidden": [] }), "model.hidden"),
        (json!({ "architecture": "dselect-k", "experts": 1 }), "model.experts"),
        (json!({ "architecture": "dselect-k", "experts": 65 }), "model.experts"),
        (json!({ "architecture": "dselect-k", "entropy": -1 }), "model.entropy"),
        (json!({ "architecture": "dselect-k", "calibrator": 0 }), "model.calibrator"),
        (json!({ "architecture": "aitm", "calibrator": 1e7 }), "model.calibrator"),
        (json!({ "architecture": "mmoe", "entropy": 0 }), "model.entropy"),
        (json!({ "architecture": "dselect-k", "experts": 4, "k": 5 }), "model.k"),
        (json!({ "architecture": "aitm", "tower": [] }), "model.tower"),
        (json!({ "architecture": "ple", "levels": 9 }), "model.levels"),
        (json!({ "architecture": "ple", "gateDropout": 1 }), "model.gateDropout"),
        (json!({ "architecture": "plee" }), "model.architecture"),
        (json!({ "architecture": "ple", "level": 2 }), "model.level"),
        (json!({ "architecture": "ple", "members": 2 }), "model.members"),
        (json!({ "members": 65 }), "model.members"),
        (json!({ "members": 2, "hidden": [] }), "model.hidden"),
        (json!({ "members": 2, "norm": "layer" }), "model.norm"),
    ] {
        assert_eq!(refused(json!({ "model": model })).1, what);
    }
    let (message, _) = refused(json!({ "model": { "architecture": "ple", "level": 2 } }));
    assert_eq!(message, "unknown option \"model.level\"; did you mean \"levels\"?");
}

#[test]
fn how_features_become_numbers_is_chosen() {
    let chosen = |features: Value| parse(json!({ "features": features })).schema.preprocessing;
    let fast = || parse(json!({ "model": "fast" }));
    assert_eq!(fast().schema.preprocessing, Preprocessing::default());
    let plain = json!({ "scaling": "standard", "oneHot": 9, "unseen": 0.0 });
    assert_eq!(fast().to_json()["features"], plain);
    assert_eq!((parse(json!({})).fit.unseen, fast().fit.unseen), (1.0, 0.0));
    assert_eq!(parse(json!({ "features": { "unseen": 3 } })).fit.unseen, 3.0);
    for (name, scaling) in [
        ("standard", Scaling::Standard),
        ("robust", Scaling::Robust),
        ("quantile", Scaling::Quantile),
    ] {
        assert_eq!(chosen(json!({ "scaling": name })).scaling, scaling);
    }
    let found = chosen(json!({ "oneHot": 0, "minFrequency": 5 }));
    assert_eq!((found.one_hot, found.min_frequency), (0, Some(5)));
    for (option, value, expected) in [
        ("scaling", json!("rubust"), "did you mean 'robust'?"),
        ("scaling", json!(true), "one of 'standard', 'robust', 'quantile'"),
        ("oneHot", json!(65), "a whole number from 0 to 64, found 65"),
        ("oneHot", json!(-1), "a whole number from 0 to 64, found -1"),
        ("minFrequency", json!(0), "a whole number from 1 to 1000000000, found 0"),
        ("minFrequency", json!(1.5), "found 1.5"),
        ("unseen", json!(-0.5), "a number from 0 up, found -0.5"),
    ] {
        let (message, at) = refused(json!({ "features": { option: value } }));
        assert_eq!(at, format!("features.{option}"));
        assert!(message.contains(expected), "{message}");
    }
}

#[test]
fn the_recipe_is_understood_again() {
    for given in [
        json!({ "optimizer": "adam" }),
        json!({ "optimizer": { "method": "adamw", "betas": [0.9, 0.95], "epsilon": 1e-6 } }),
        json!({ "optimizer": { "betas": [0, 0.5] } }),
        json!({ "optimizer": { "method": "sgd", "momentum": 0.9, "nesterov": true } }),
        json!({ "schedule": "coslog4" }),
        json!({ "schedule": { "method": "flat-cosine", "warmup": 2.5 } }),
        json!({ "schedule": { "warmup": 3 } }),
        json!({ "schedule": "one-cycle", "weightDecaySchedule": "flat-cosine" }),
        json!({ "dropoutSchedule": "flat-cosine", "ema": 0.999 }),
        json!({ "earlyStopping": { "patience": false, "ties": "last" } }),
        json!({ "earlyStopping": { "metric": "rmse", "ties": "last" } }),
        json!({ "model": { "parametric": true, "parametrization": "ntk", "init": "data" } }),
        json!({ "model": { "rates": { "bias": 0.1, "activation": 0.3 }, "init": "he" } }),
    ] {
        let options = parse(given);
        let mut json = options.to_json();
        json.as_object_mut().unwrap().retain(|_, value| !value.is_null());
        assert_eq!(parse(json).for_data(&[], 1, 20_000), options.for_data(&[], 1, 20_000));
    }
    let options = parse(json!({}));
    assert_eq!(options.to_json()["optimizer"], "adamw");
    assert_eq!(options.to_json()["schedule"], "cosine");
    assert_eq!(options.to_json()["ema"], 0.99);
    assert_eq!(options.to_json()["model"]["rates"]["bias"], 1.0);
    let sgd = json!({ "method": "sgd", "momentum": 0.9 });
    let fit = parse(json!({ "optimizer": sgd, "schedule": { "method": "constant" } })).fit;
    assert_eq!((fit.optimizer.momentum, fit.optimizer.moments()), (0.9, 1));
    assert_eq!(fit.schedule, Schedule::of(Curve::Constant));
    let spec = |model: Value| parse(json!({ "model": model })).model.spec;
    assert_eq!(spec(json!({ "parametrization": "ntk" })).init, Beginning::Normal);
    assert_eq!(
        spec(json!({ "parametrization": "ntk", "init": "uniform" })).init,
        Beginning::Uniform
    );
    assert_eq!(spec(json!({ "parametrization": "standard" })).init, Beginning::Uniform);
}

#[test]
fn recipes_that_make_no_sense_are_refused() {
    for (given, option, words) in [
        (json!({ "optimizer": "adamax" }), "optimizer", "did you mean 'adam'?"),
        (json!({ "optimizer": 3 }), "optimizer", "the name of an optimizer, or an object"),
        (json!({ "optimizer": { "momentum": 0.9 } }), "optimizer.momentum", "not of 'adamw'"),
        (
            json!({ "optimizer": { "method": "sgd", "betas": [0.9, 0.9] } }),
            "optimizer.betas",
            "is an option of 'adam' and 'adamw'",
        ),
        (json!({ "optimizer": { "betas": [0.9] } }), "optimizer.betas", "two numbers"),
        (json!({ "optimizer": { "betas": [0.9, 1] } }), "optimizer.betas", "but not 1"),
        (json!({ "optimizer": { "epsilon": 0 } }), "optimizer.epsilon", "found 0"),
        (
            json!({ "optimizer": { "method": "sgd", "momentum": 1 } }),
            "optimizer.momentum",
            "but not 1",
        ),
        (
            json!({ "optimizer": { "method": "sgd", "nesterov": true } }),
            "optimizer.nesterov",
            "momentum above 0",
        ),
        (json!({ "optimizer": { "beta": 1 } }), "optimizer.beta", "did you mean \"betas\"?"),
        (json!({ "schedule": "coslog" }), "schedule", "did you mean 'coslog4'?"),
        (json!({ "schedule": { "warmup": -1 } }), "schedule.warmup", "from 0 up"),
        (
            json!({ "epochs": 5, "schedule": { "warmup": 5 } }),
            "schedule.warmup",
            "less than the 5 epochs",
        ),
        (json!({ "weightDecaySchedule": "cosine" }), "weightDecaySchedule", "'flat-cosine'"),
        (json!({ "dropoutSchedule": true }), "dropoutSchedule", "'flat-cosine'"),
        (json!({ "ema": 1 }), "ema", "below 1"),
        (json!({ "ema": true }), "ema", "false or a number"),
        (json!({ "earlyStopping": { "ties": "lst" } }), "earlyStopping.ties", "'last'?"),
        (json!({ "model": { "parametric": 1 } }), "model.parametric", "true or false"),
        (json!({ "model": { "init": "xavier" } }), "model.init", "'uniform'"),
        (json!({ "model": { "rates": { "bias": 0 } } }), "model.rates.bias", "found 0"),
        (json!({ "model": { "rates": { "weight": 1 } } }), "model.rates.weight", "unknown"),
        (
            json!({ "model": { "parametrization": "ntk" }, "optimizer": "sgd" }),
            "model.parametrization",
            "not for the optimizer 'sgd'",
        ),
    ] {
        let (message, place) = refused(given);
        assert_eq!(place, option, "{message}");
        assert!(message.contains(words), "{message}");
    }
}

#[test]
fn embeddings_of_numbers_are_read_by_name_and_by_field() {
    let read = |embeddings: Value| {
        parse(json!({ "model": { "preset": "fast", "embeddings": embeddings } })).model
    };
    let plain = parse(json!({ "model": "fast" })).model;
    assert_eq!(read(json!("none")), plain);
    assert!(plain.to_json().get("embeddings").is_none());
    let piecewise = read(json!("piecewise"));
    let expected = json!({ "type": "piecewise", "bins": 256, "edges": "quantiles", "width": 16 });
    assert_eq!(piecewise.to_json()["embeddings"], expected);
    let expected = json!({ "type": "periodic", "width": 3, "frequencies": 16, "deviation": 0.1 });
    assert_eq!(read(json!("periodic")).to_json()["embeddings"], expected);
    let own = read(json!({ "type": "plr", "width": 5, "frequencies": 7, "deviation": 0.02 }));
    assert_eq!((own.spec.embeddings.width, own.spec.embeddings.frequencies), (5, 7));
    let told = read(json!({ "type": "piecewise", "edges": "targets" }));
    assert_eq!(told.spec.embeddings.edges, crate::graph::Edges::Targets);
    for model in [piecewise, own, told] {
        assert_eq!(parse(json!({ "model": model.to_json() })).model, model);
    }
    let wrong = [
        (json!("pieces"), "model.embeddings"),
        (json!(true), "model.embeddings"),
        (json!({ "bins": 3 }), "model.embeddings.type"),
        (json!({ "type": "piecewise", "bins": 0 }), "model.embeddings.bins"),
        (json!({ "type": "piecewise", "deviation": 1 }), "model.embeddings.deviation"),
        (json!({ "type": "none", "width": 4 }), "model.embeddings.width"),
        (json!({ "type": "piecewise", "edges": "leaves" }), "model.embeddings.edges"),
        (json!({ "type": "plr", "edges": "targets" }), "model.embeddings.edges"),
        (json!({ "type": "plr", "width": 257 }), "model.embeddings.width"),
        (json!({ "type": "plr", "deviation": 0 }), "model.embeddings.deviation"),
        (json!({ "type": "plr", "frequency": 3 }), "model.embeddings.frequency"),
    ];
    for (embeddings, path) in wrong {
        let (message, option) = refused(json!({ "model": { "embeddings": embeddings } }));
        assert_eq!(option, path, "{message}");
    }
    let (message, _) =
        refused(json!({ "model": { "embeddings": { "type": "piecewise", "frequencies": 3 } } }));
    assert!(message.contains("is an option of 'periodic', 'plr', not of 'piecewise'"), "{message}");
}

#[test]
fn how_many_networks_learn_all_rows_in_the_end_is_chosen() {
    use super::Refit;
    let refit = |given: Value| parse(given).refit;
    assert_eq!(refit(json!({})), Refit::Auto);
    assert_eq!(refit(json!({ "model": "fast" })), Refit::NO);
    assert_eq!(refit(json!({ "model": "fast", "refit": "auto" })), Refit::Auto);
    for (value, expected) in [(json!(true), 1), (json!(false), 0), (json!(2), 2), (json!(64), 64)] {
        assert_eq!(refit(json!({ "refit": value })), Refit::Networks(expected));
        assert_eq!(parse(json!({ "refit": value })).to_json()["refit"], value);
    }
    assert_eq!(parse(json!({ "refit": 1 })).to_json()["refit"], json!(true));
    let column = || json!({ "validation": { "column": "part" }, "refit": true });
    assert_eq!(refit(column()), Refit::Networks(1));
    for validation in [json!(false), json!("other.csv")] {
        for wish in [json!(true), json!(3)] {
            let (message, option) = refused(json!({ "validation": validation, "refit": wish }));
            assert_eq!((option.as_str(), message.starts_with("refit: ")), ("refit", true));
        }
        assert_eq!(refit(json!({ "validation": validation })), Refit::Auto);
    }
    for wrong in [json!("yes"), json!(0), json!(65), json!(1.5), json!(-1)] {
        let (message, _) = refused(json!({ "refit": wrong }));
        let expected = "expected true, false, 'auto' or a whole number from 1 to 64, found";
        assert!(message.contains(expected), "{message}");
    }
}

#[test]
fn by_default_several_networks_learn_few_rows_in_the_end_and_one_more() {
    use super::{Refit, Validation};
    let share = parse(json!({})).validation;
    let networks = |refit: Refit, rows| refit.networks(&share, rows, 100);
    for (rows, suits) in
        [(199, 0), (200, 4), (999, 4), (1_000, 1), (100_000, 1), (100_001, 0), (usize::MAX, 0)]
    {
        assert_eq!(networks(Refit::Auto, rows), suits);
        assert_eq!((networks(Refit::Networks(3), rows), networks(Refit::NO, rows)), (3, 0));
    }
    assert_eq!([33, 34].map(|rows| Refit::Auto.networks(&share, rows, 600)), [0, 4]);
    assert_eq!(Refit::Auto.networks(&Validation::Column("part".to_owned()), 500, 100), 0);
}

#[test]
fn a_time_zone_is_named_or_not() {
    let options = parse(json!({}));
    assert_eq!((&options.schema.time_zone, &options.to_json()["timeZone"]), (&None, &json!(null)));
    for zone in ["UTC", "local", "Europe/Berlin", "America/Argentina/Buenos_Aires"] {
        let options = parse(json!({ "timeZone": zone }));
        assert_eq!(options.schema.time_zone.as_ref().unwrap().name(), zone);
        assert_eq!(options.to_json()["timeZone"], json!(zone));
    }
    for zone in [json!(""), json!("+02:00"), json!(2), json!(true), json!(["UTC"])] {
        let (message, option) = refused(json!({ "timeZone": zone }));
        assert_eq!(option, "timeZone");
        assert!(message.contains("'UTC', 'local' or a name of the IANA"), "{message}");
    }
    let (message, _) = refused(json!({ "timezone": "UTC" }));
    assert_eq!(message, "unknown option \"timezone\"; did you mean \"timeZone\"?");
}
