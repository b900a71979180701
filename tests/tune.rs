//! What a search promises: the same trials and model whatever runs beside what, a table that can be
//! gone on from, and a first trial that is a plain training.
#![cfg(feature = "train")]
#![allow(clippy::unwrap_used, clippy::panic)] // a test may fail in its helpers too

use polytask::artifact::Artifact;
use polytask::options::{TrainOptions, TuneOptions};
use polytask::{Code, Error, Source, Stop, Trial, train_model, tune};
use serde_json::{Value, json};
use std::fs;
use std::sync::Mutex;

const IRIS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/iris.csv");

fn iris() -> Source {
    Source::Files(vec![IRIS.to_owned()])
}

/// Options of a short search with further ones.
fn options(more: Value) -> Value {
    let mut options = json!({
        "epochs": 3, "seed": 5, "trials": 18, "parallel": 2,
        "targets": ["species", "petal_width"],
        "model": { "hidden": [6], "dropout": 0.0 },
    });
    options.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    options
}

fn search(options: Value) -> Result<Artifact, Error> {
    search_until(options, &Stop::new(), usize::MAX).0
}

/// Searches, and stops after so many trials; gives what was reported as well.
fn search_until(
    options: Value,
    stop: &Stop,
    trials: usize,
) -> (Result<Artifact, Error>, Vec<Trial>) {
    let reports = Mutex::new(Vec::new());
    let listener = |trial: &Trial| {
        let mut reports = reports.lock().unwrap();
        reports.push(trial.clone());
        if reports.len() == trials {
            stop.stop();
        }
    };
    let options = TuneOptions::parse(options).unwrap();
    let found = tune(iris(), &options, &listener, stop);
    let found = found.map(|bytes| Artifact::from_bytes(&bytes).unwrap());
    (found, reports.into_inner().unwrap())
}

/// A table without what clocks say.
fn table(artifact: &Artifact) -> Vec<Trial> {
    let timeless = |trial: &Trial| Trial { seconds: 0.0, ..trial.clone() };
    artifact.header.tuning.iter().map(timeless).collect()
}

#[test]
fn the_same_seed_finds_the_same_whatever_runs_at_once() {
    let one = search(options(json!({ "parallel": 1 }))).unwrap();
    let two = search(options(json!({ "parallel": 2 }))).unwrap();
    assert_eq!(table(&one), table(&two));
    assert_eq!((&one.weights, &one.header.options), (&two.weights, &two.header.options));
    let numbers: Vec<usize> = one.header.tuning.iter().map(|trial| trial.trial).collect();
    assert_eq!(numbers, (0..18).collect::<Vec<_>>());
    let best: Vec<&Trial> = one.header.tuning.iter().filter(|trial| trial.best).collect();
    let least = one.header.tuning.iter().filter_map(|trial| trial.score).fold(f64::MAX, f64::min);
    assert_eq!((best.len(), best[0].score), (1, Some(least)));
    // What the user said is in no trial, and the rest of the model's options are the trial's.
    for trial in &one.header.tuning {
        assert_eq!(trial.options.pointer("/model/hidden"), None);
        assert_eq!(trial.options.pointer("/model/dropout"), None);
    }
    if let Some(rate) = best[0].options.get("learningRate") {
        assert_eq!(&one.header.options["learningRate"], rate);
    }
    let other = search(options(json!({ "seed": 6 }))).unwrap();
    assert_ne!(table(&one), table(&other));
}

#[test]
fn the_first_trial_is_a_plain_training() {
    let found = search(options(json!({ "trials": 1 }))).unwrap();
    let mut plain = options(json!({}));
    plain.as_object_mut().unwrap().retain(|name, _| name != "trials" && name != "parallel");
    let plain = TrainOptions::parse(plain).unwrap();
    let plain = train_model(iris(), &plain, &(), &Stop::new()).unwrap();
    let plain = Artifact::from_bytes(&plain).unwrap();
    assert_eq!(found.weights, plain.weights);
    assert_eq!(found.header.options, plain.header.options);
    let best = plain.header.history.iter().rev().find(|report| report.best).unwrap();
    let trial = &found.header.tuning[0];
    assert_eq!(trial.score, Some(best.validation.as_ref().unwrap().loss));
    assert_eq!((trial.epochs, trial.best, &trial.options), (3, true, &json!({})));
    assert!(plain.header.tuning.is_empty());
}

#[test]
fn a_metric_that_should_be_high_is_turned_round() {
    let stopping = json!({ "metric": "accuracy" });
    let found = search(options(json!({ "trials": 3, "earlyStopping": stopping }))).unwrap();
    for trial in &found.header.tuning {
        assert!((-1.0..=0.0).contains(&trial.score.unwrap()), "{trial:?}");
    }
}

#[test]
fn a_search_goes_on_from_its_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("search.jsonl");
    let kept = |more: Value| {
        let mut options = options(json!({ "path": path.to_str().unwrap() }));
        options.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        options
    };
    let whole = search(options(json!({}))).unwrap();
    // Cut short in the middle of a generation, trainings and all; then extended; then repeated.
    let (cut, seen) = search_until(kept(json!({})), &Stop::new(), 5);
    assert!(cut.unwrap().header.tuning.len() < 18 && seen.len() < 18);
    let lines = fs::read_to_string(&path).unwrap().lines().count();
    let stopped = seen.iter().filter(|trial| trial.stopped).count();
    assert_eq!(lines, 1 + seen.len() - stopped);
    for more in [json!({ "trials": 10 }), json!({ "parallel": 1 }), json!({})] {
        let trials = more["trials"].as_u64().unwrap_or(18) as usize;
        let again = search(kept(more)).unwrap();
        assert_eq!(again.header.tuning.len(), trials);
        if trials == 18 {
            assert_eq!(table(&again), table(&whole));
            assert_eq!(again.weights, whole.weights);
            assert_eq!(again.header.options, whole.header.options);
        }
    }
    let before = fs::read_to_string(&path).unwrap();
    assert_eq!(before.lines().count(), 19);

    for (other, words) in [
        (json!({ "epochs": 4 }), "another option epochs"),
        (json!({ "space": { "batchSize": [4, 8] } }), "another space of"),
        (json!({ "validation": IRIS }), "fingerprint"),
    ] {
        let error = search(kept(other)).unwrap_err();
        assert_eq!(error.code(), Code::Artifact, "{error}");
        assert_eq!(error.place().file.as_deref(), path.to_str(), "{error}");
        assert!(error.to_string().contains(words), "{error}");
        assert_eq!(fs::read_to_string(&path).unwrap(), before);
    }
    for (damage, words) in [
        (
            before.replace("\"trial\":3,\"options\":{", "\"trial\":3,\"options\":{\"ema\":0.5,"),
            "trial 3 has other options",
        ),
        (before.replace("\"trial\":2", "\"trail\":2"), "line 4: is no trial"),
        ("id,x\n1,2\n".to_owned(), "not the file of a search"),
        (String::new(), "not the file of a search"),
        (before.replacen("\"polytaskTuning\":1", "\"polytaskTuning\":2", 1), "format version 2"),
    ] {
        fs::write(&path, damage).unwrap();
        let error = search(kept(json!({}))).unwrap_err();
        assert_eq!(error.code(), Code::Artifact, "{error}");
        assert!(error.to_string().contains(words), "{error}");
    }
    let anew = search(kept(json!({ "resume": false, "trials": 2 }))).unwrap();
    assert_eq!(table(&anew).len(), 2);
    assert_eq!(fs::read_to_string(&path).unwrap().lines().count(), 3);
}

#[test]
fn a_trial_that_fails_is_a_row_and_the_users_own_options_are_not() {
    let space = json!({ "learningRate": [1e30, 0.01] });
    let diverging =
        json!({ "space": space, "gradientClip": false, "trials": 3, "optimizer": "sgd" });
    let found = search(options(diverging)).unwrap();
    let failed: Vec<&Trial> =
        found.header.tuning.iter().filter(|trial| trial.error.is_some()).collect();
    assert_eq!((found.header.tuning.len(), failed.len()), (3, 1));
    assert_eq!(failed[0].error.as_ref().unwrap().code, "ERR_DIVERGED");
    assert_eq!((failed[0].score, failed[0].best), (None, false));

    let all =
        json!({ "learningRate": 1e30, "gradientClip": false, "trials": 1, "optimizer": "sgd" });
    let error = search(options(all)).unwrap_err();
    assert_eq!(error.code(), Code::Diverged);
    assert!(error.message().starts_with("every one of 1 trials failed; the first: "), "{error}");

    let unknown = json!({ "earlyStopping": { "metric": "rmse", "task": "petal_widht" } });
    let error = search(options(unknown)).unwrap_err();
    assert_eq!(error.code(), Code::Options);
    assert!(error.message().contains("did you mean \"petal_width\"?"), "{error}");
}

#[test]
fn time_that_is_up_leaves_the_best_so_far() {
    let hurried =
        json!({ "seconds": 0.2, "epochs": 1_000_000, "trials": 1000, "earlyStopping": false });
    let (found, seen) = search_until(options(hurried), &Stop::new(), usize::MAX);
    let found = found.unwrap();
    assert!(!seen.is_empty() && seen.len() < 1000);
    assert!(seen.iter().all(|trial| trial.stopped && trial.epochs < 1_000_000));
    assert_eq!(found.header.tuning.len(), seen.len());

    let stop = Stop::new();
    stop.abort();
    let error = search_until(options(json!({})), &stop, usize::MAX).0.unwrap_err();
    assert_eq!(error.code(), Code::Aborted);
}

#[test]
fn a_file_that_cannot_be_written_is_told_before_any_trial() {
    let folder = tempfile::tempdir().unwrap();
    let name = |path: &str| folder.path().join(path).to_str().unwrap().to_owned();
    for (path, words) in [(name("none/a.jsonl"), "there is no folder"), (name(""), "is a folder")] {
        let (found, seen) = search_until(options(json!({ "path": path })), &Stop::new(), 1);
        let error = found.unwrap_err();
        assert_eq!((error.code(), seen.len()), (Code::Artifact, 0));
        assert!(error.to_string().contains(words), "{error}");
    }
}
