//! A row of weight 0 counts for nothing: whatever stands in it, what is trained and told is to the
//! bit that of the table without it. And of the other weights only the proportions count.
#![cfg(feature = "train")]
#![allow(clippy::unwrap_used, clippy::panic)] // a test may fail in its helpers too

use polytask::Watch;
use polytask::artifact::Artifact;
use polytask::options::{ReportOptions, TrainOptions, TuneOptions};
use polytask::random::{Purpose, Random};
use polytask::{Error, Model, Report, Source, Stop, cross_validate, train_model, tune};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use tempfile::TempDir;

const ROWS: usize = 150;
/// Every so many rows one is of weight 0.
const EVERY: usize = 15;

const NAMES: [&str; 10] = ["id", "a", "b", "city", "day", "flag", "kind", "calls", "y", "w"];

/// What may stand in a row of weight 0: a column and a cell.
const ABSURD: [(&str, &str); 15] = [
    ("y", "-1e300"),
    ("y", "n.a."),
    ("a", "1e12"),
    ("a", "broken"),
    ("a", "12,5"),
    ("city", "Nowhere"),
    ("city", "17"),
    ("day", "2999-12-31"),
    ("day", "31.31.2020"),
    ("flag", "perhaps"),
    ("kind", "nonsense"),
    ("kind", ""),
    ("calls", "-3"),
    ("calls", "2.5"),
    ("calls", "1e15"),
];

fn cells(row: usize, zero: &dyn Fn(usize) -> bool) -> [String; 10] {
    let mut random = Random::new(row as u64, Purpose::Shuffle);
    let (a, b) = (f64::from(random.normal()), f64::from(random.normal()));
    [
        (row / 3).to_string(),
        format!("{a:.4}"),
        if row % 11 == 5 { String::new() } else { format!("{b:.4}") },
        ["Rome", "Oslo", "Lima", "Bonn"][row * 7 % 4].to_owned(),
        format!("20{:02}-0{}-11", row % 20, 1 + row % 9),
        ["yes", "no"][row / 2 % 2].to_owned(),
        ["low", "high"][usize::from(a + b > 0.0)].to_owned(),
        ((a.abs() * 3.0) as usize).to_string(),
        format!("{:.4}", a + b),
        if zero(row) { "0".to_owned() } else { (1 + row % 3).to_string() },
    ]
}

/// The text of a table: without the rows of weight 0, or with them and this cell in each.
fn text(absurd: Option<(&str, &str)>) -> String {
    let zero = |row: usize| row % EVERY == 4;
    let mut text = NAMES.join(",");
    for row in (0..ROWS).filter(|row| absurd.is_some() || !zero(*row)) {
        let mut cells = cells(row, &zero);
        if let (Some((column, cell)), true) = (absurd, zero(row)) {
            let at = NAMES.iter().position(|name| *name == column).unwrap();
            cells[at] = cell.to_owned();
        }
        text.push_str(&format!("\n{}", cells.join(",").replace("12,5", "\"12,5\"")));
    }
    text
}

/// A folder with the table in it.
fn folder(text: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("table.csv"), text).unwrap();
    folder
}

fn source(folder: &TempDir) -> Source {
    Source::Files(vec![path(folder)])
}

fn path(folder: &TempDir) -> String {
    folder.path().join("table.csv").to_str().unwrap().to_owned()
}

/// Options of a short training with further ones.
fn options(more: Value) -> Value {
    let mut options = json!({
        "targets": { "y": "regression", "kind": "classification", "calls": "count" },
        "features": { "exclude": ["id"] }, "sampleWeights": "w", "epochs": 2, "seed": 3,
        "model": { "hidden": [6] },
    });
    options.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    options
}

fn train(folder: &TempDir, options: &Value) -> Result<Artifact, Error> {
    let options = TrainOptions::parse(options.clone())?;
    let bytes = train_model(source(folder), &options, &(), &Stop::new())?;
    Artifact::from_bytes(&bytes)
}

/// A model without what names its file, counts its rows of weight 0 or was read off a clock.
fn bare(mut artifact: Artifact) -> Artifact {
    let header = &mut artifact.header;
    header.data.source.clear();
    header.data.fingerprint.clear();
    header.data.reading = None;
    header.data.zero_weight_rows = 0;
    header.options["validation"] = Value::Null;
    header.history.iter_mut().for_each(|report| report.seconds = 0.0);
    header.tuning.iter_mut().for_each(|trial| trial.seconds = 0.0);
    artifact
}

#[test]
fn whatever_stands_in_rows_of_weight_0_the_model_is_that_without_them() {
    let options = options(json!({}));
    let expected = train(&folder(&text(None)), &options).unwrap();
    let trained: Vec<Artifact> = ABSURD
        .map(|absurd| train(&folder(&text(Some(absurd))), &options).unwrap())
        .into_iter()
        .collect();
    let expected = bare(expected);
    for (absurd, found) in ABSURD.iter().zip(trained) {
        assert_eq!(found.header.data.zero_weight_rows, ROWS / EVERY);
        assert_eq!(found.header.data.rows, ROWS - ROWS / EVERY);
        let summary = Model::new(found.clone()).unwrap().summary();
        assert!(summary.contains("; 10 rows of weight 0 left out"), "{summary}");
        let found = bare(found);
        assert_eq!(found.weights, expected.weights, "{absurd:?}");
        assert_eq!(found, expected, "{absurd:?}");
    }
}

#[test]
fn so_it_is_whatever_is_fitted_to_the_rows() {
    let absurd = [("a", "1e12"), ("city", "Nowhere")];
    for more in [
        json!({ "model": "realmlp" }),
        json!({ "features": { "scaling": "robust", "exclude": ["id"], "oneHot": 0, "minFrequency": 1 } }),
        json!({ "features": { "scaling": "quantile", "exclude": ["id"] }, "interval": 0.8 }),
        json!({ "model": { "hidden": [6], "embeddings": { "type": "piecewise", "bins": 4 } } }),
        json!({ "model": { "hidden": [6], "embeddings": { "type": "piecewise", "edges": "targets" } } }),
        json!({ "model": { "architecture": "mmoe", "hidden": [6] }, "compare": { "seeds": 2 } }),
        json!({ "targets": { "kind": { "classWeights": "balanced" } }, "validation": 0.4 }),
        json!({ "validation": { "groupBy": "id" }, "refit": 2 }),
        json!({ "validation": { "stratify": "city" }, "ensemble": 2 }),
        json!({ "validation": false, "targets": { "y": { "clamp": true } } }),
    ] {
        let options = options(more);
        let expected = bare(train(&folder(&text(None)), &options).unwrap());
        for absurd in absurd {
            let found = bare(train(&folder(&text(Some(absurd))), &options).unwrap());
            assert_eq!(found.weights, expected.weights, "{options} {absurd:?}");
            assert_eq!(found, expected, "{options} {absurd:?}");
        }
    }
}

#[test]
fn rows_of_weight_0_do_not_validate_and_are_in_no_fold() {
    let (plain, other) = (folder(&text(None)), folder(&text(Some(("kind", "nonsense")))));
    let with = |folder: &TempDir| {
        let validation = folder.path().join("table.csv");
        let artifact =
            train(&plain, &options(json!({ "validation": validation, "interval": 0.9 })));
        artifact.unwrap()
    };
    let found = with(&other);
    assert_eq!((found.header.data.zero_weight_rows, found.header.data.validation_rows), (10, 140));
    assert_eq!(bare(found), bare(with(&plain)));

    let scores = |folder: &TempDir| {
        let options = TrainOptions::parse(options(json!({}))).unwrap();
        cross_validate(source(folder), &options, 3, &|_| {}, &Stop::new()).unwrap().folds
    };
    assert_eq!(scores(&other), scores(&plain));

    let best = |folder: &TempDir| {
        let options = options(json!({ "trials": 2, "parallel": 1, "refit": false }));
        let options = TuneOptions::parse(options).unwrap();
        let bytes = tune(source(folder), &options, &|_| {}, &Stop::new()).unwrap();
        bare(Artifact::from_bytes(&bytes).unwrap())
    };
    assert_eq!(best(&other), best(&plain));
}

#[test]
fn a_validation_file_in_which_no_row_counts_is_refused() {
    let plain = text(None);
    let zero = plain.lines().enumerate().map(|(line, text)| match line {
        0 => text.to_owned(),
        _ => format!("{}0", &text[..text.len() - 1]),
    });
    let zero = folder(&zero.collect::<Vec<_>>().join("\n"));
    let options = options(json!({ "validation": path(&zero) }));
    let error = train(&folder(&plain), &options).unwrap_err();
    assert!(error.to_string().contains("every row has weight 0, so that no row counts"), "{error}");
    assert_eq!(error.place().file, Some(path(&zero)));
}

#[test]
fn what_is_wrong_in_other_rows_is_told_with_their_lines() {
    // The row after one of weight 0 that stands on line 6.
    let mut lines: Vec<String> = text(Some(("a", "broken"))).lines().map(str::to_owned).collect();
    lines[6] = lines[6].replace(",20", ",twenty");
    let table = folder(&lines.join("\n"));
    let error = train(&table, &options(json!({}))).unwrap_err();
    assert_eq!((error.place().line, error.place().column.as_deref()), (Some(7), Some("day")));
    lines[5] = lines[5].rsplit_once(',').unwrap().0.to_owned() + ",-1";
    let error = train(&folder(&lines.join("\n")), &options(json!({}))).unwrap_err();
    assert!(error.message().contains("expected the weight of the row, from 0 up"), "{error}");
    assert_eq!((error.place().line, error.place().column.as_deref()), (Some(6), Some("w")));
}

#[test]
fn scores_and_reports_leave_them_out() {
    let plain = folder(&text(None));
    let artifact = train(&plain, &options(json!({ "validation": false }))).unwrap();
    let model = Model::new(artifact).unwrap();
    let of = |folder: &TempDir| {
        let options: ReportOptions =
            ReportOptions::parse_text(r#"{ "importance": { "rows": 50, "repeats": 2 } }"#).unwrap();
        let table = source(folder).load(&options.csv).unwrap().table;
        let scores = model.evaluate(&table).unwrap();
        let stopped = Watch::default();
        let report = Report::of(&model, Some(source(folder)), &options, &stopped).unwrap();
        let mut report = serde_json::to_value(report.source.unwrap()).unwrap();
        let zero = report["zeroWeightRows"].take();
        report["name"].take();
        report["trainedOn"].take();
        (scores, report, zero)
    };
    let (scores, report, zero) = of(&plain);
    assert_eq!((scores[0].1.n, &report["rows"], zero), (140, &json!(140), json!(0)));
    for absurd in ABSURD {
        let (same_scores, same_report, zero) = of(&folder(&text(Some(absurd))));
        assert_eq!(same_scores, scores, "{absurd:?}");
        assert_eq!(same_report, report, "{absurd:?}");
        assert_eq!(zero, json!(10));
    }
}

#[test]
fn of_weights_only_proportions_count() {
    let heavier = |factor: f64| {
        let mut lines = text(None).lines().map(str::to_owned).collect::<Vec<_>>();
        for line in &mut lines[1..] {
            let (rest, weight) = line.rsplit_once(',').unwrap();
            *line = format!("{rest},{}", weight.parse::<f64>().unwrap() * factor);
        }
        let options = options(
            json!({ "model": { "hidden": [6], "embeddings": { "type": "piecewise", "edges": "targets" } } }),
        );
        train(&folder(&lines.join("\n")), &options).unwrap()
    };
    let (plain, heavier) = (heavier(1.0), heavier(4096.0));
    assert_eq!(plain.weights, heavier.weights);
    assert_eq!(plain.header.encoder, heavier.header.encoder);
    assert_eq!(plain.header.calibration, heavier.header.calibration);
    assert!(Path::new(&plain.header.data.source).ends_with("table.csv"));
}
