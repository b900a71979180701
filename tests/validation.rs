//! Selection by a metric, cross-validation, and comparison with single-task twins.
#![cfg(feature = "train")]
#![allow(clippy::unwrap_used, clippy::panic)] // a test may fail in its helpers too

use polytask::artifact::{Artifact, Header};
use polytask::options::TrainOptions;
use polytask::{
    Cell, Code, Error, FoldReport, Model, Observer, Source, Stop, Table, TableBuilder,
    cross_validate, train_model,
};
use serde_json::{Value, json};
use std::sync::Mutex;

const IRIS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/iris.csv");

fn iris() -> Source {
    Source::Files(vec![IRIS.to_owned()])
}

fn train(source: Source, options: Value) -> Result<Header, Error> {
    let options = TrainOptions::parse(options)?;
    let bytes = train_model(source, &options, &(), &Stop::new())?;
    Ok(Artifact::from_bytes(&bytes)?.header)
}

/// The score of every epoch, and the epoch whose weights are kept.
fn scores(header: &Header) -> (Vec<f64>, usize) {
    let history = &header.history;
    let scores = history.iter().map(|e| e.validation.as_ref().unwrap().score.unwrap()).collect();
    (scores, history.iter().rposition(|report| report.best).unwrap())
}

const TWO: [&str; 2] = ["species", "petal_width"];

#[test]
fn the_best_epoch_follows_the_metric_and_its_direction() {
    for (metric, task, higher) in [
        ("accuracy", None, true),
        ("rocAuc", Some("species"), true),
        ("logLoss", None, false),
        ("rmse", Some("petal_width"), false),
        ("r2", None, true),
        ("meanImprovement", None, true),
    ] {
        let mut stopping = json!({ "metric": metric, "patience": 8 });
        if let Some(task) = task {
            stopping["task"] = json!(task);
        }
        let options = json!({ "targets": TWO, "epochs": 60, "earlyStopping": stopping });
        let header = train(iris(), options).unwrap();
        let (scores, best) = scores(&header);
        let extreme = |a: f64, b: f64| if higher { a.max(b) } else { a.min(b) };
        assert_eq!(scores[best], scores.iter().copied().reduce(extreme).unwrap(), "{metric}");
        // The first of equal ones, and no more than patience after it.
        assert_eq!(scores.iter().position(|score| *score == scores[best]), Some(best), "{metric}");
        assert!(header.history.len() <= best + 1 + 8, "{metric}");
        if metric == "meanImprovement" {
            assert!(scores[best] > 0.5 && scores[best] < 1.0, "{}", scores[best]);
        }
    }
    let header = train(iris(), json!({ "targets": TWO, "epochs": 3 })).unwrap();
    assert!(header.history.iter().all(|e| e.validation.as_ref().unwrap().score.is_none()));
}

#[test]
fn the_kept_weights_score_what_the_report_says() {
    let (train_rows, held) = (table(0), table(7));
    let path = std::env::temp_dir().join(format!("polytask-held-{}.csv", std::process::id()));
    let mut text = "x,y,kind,size\n".to_owned();
    for row in 0..held.rows() {
        let cells = held.columns().iter().map(|column| match column.cell(row) {
            Cell::Number(number) => number.to_string(),
            Cell::Text(text) => text.to_owned(),
            Cell::Missing => String::new(),
        });
        text.push_str(&(cells.collect::<Vec<_>>().join(",") + "\n"));
    }
    std::fs::write(&path, text).unwrap();
    let options = TrainOptions::parse(json!({
        "targets": ["kind", "size"], "epochs": 20, "validation": path,
        "earlyStopping": { "metric": "balancedAccuracy" },
    }))
    .unwrap();
    let source = Source::Rows(train_rows);
    let bytes = train_model(source, &options, &(), &Stop::new()).unwrap();
    std::fs::remove_file(&path).unwrap();
    let header = Artifact::from_bytes(&bytes).unwrap().header;
    assert_eq!((header.data.rows, header.data.train_rows), (360, 180));
    assert_eq!(header.data.validation_rows, 180);
    let (scores, best) = scores(&header);
    let evaluated = Model::from_bytes(&bytes).unwrap().evaluate(&held).unwrap();
    let kept = evaluated[0].1.balanced_accuracy.unwrap();
    assert!((scores[best] - kept).abs() < 1e-6, "{} {kept}", scores[best]);
}

#[test]
fn a_metric_that_no_task_has_is_told() {
    let refused = |stopping: Value, targets: Value| {
        let error = train(iris(), json!({ "targets": targets, "earlyStopping": stopping }));
        let error = error.unwrap_err();
        assert_eq!(error.code(), Code::Options);
        (error.message().to_owned(), error.place().option.clone().unwrap())
    };
    for (stopping, targets, option, words) in [
        (json!({ "metric": "rmse" }), json!("species"), "earlyStopping.metric", "no task has"),
        (
            json!({ "metric": "rmse" }),
            json!(["petal_width", "petal_length"]),
            "earlyStopping.task",
            "2 tasks have \"rmse\"; name one of \"petal_width\", \"petal_length\"",
        ),
        (
            json!({ "metric": "rmse", "task": "petal_widht" }),
            json!(TWO),
            "earlyStopping.task",
            "did you mean \"petal_width\"?",
        ),
        (
            json!({ "metric": "rmse", "task": "species" }),
            json!(TWO),
            "earlyStopping.metric",
            "has no \"rmse\" on its validation rows; it has accuracy,",
        ),
    ] {
        let (message, place) = refused(stopping, targets);
        assert!(message.contains(words), "{message}");
        assert_eq!(place, option);
    }
}

#[test]
fn folds_are_scored_one_after_another_and_repeat_by_seed() {
    let options = TrainOptions::parse(json!({ "targets": TWO, "epochs": 8, "seed": 2 })).unwrap();
    let heard = Mutex::new(Vec::new());
    let observer = |report: &FoldReport| heard.lock().unwrap().push(report.clone());
    let result = cross_validate(iris(), &options, 4, &observer, &Stop::new()).unwrap();
    let heard = heard.into_inner().unwrap();
    assert_eq!(heard.iter().map(|report| report.fold).collect::<Vec<_>>(), [1, 2, 3, 4]);
    for (report, fold) in heard.iter().zip(&result.folds) {
        assert_eq!(report.train_rows + report.validation_rows + report.test_rows, 150);
        assert!(report.validation_rows > 0);
        assert_eq!(fold[0].1.n, report.test_rows);
        assert_eq!(fold[0].1, report.scores[0].1);
    }
    assert_eq!((result.mean[0].1.n, result.deviation[1].1.n), (150, 150));
    let each: Vec<f64> = result.folds.iter().map(|fold| fold[1].1.rmse.unwrap()).collect();
    let mean = each.iter().sum::<f64>() / 4.0;
    let squares: f64 = each.iter().map(|rmse| (rmse - mean).powi(2)).sum();
    assert!((result.mean[1].1.rmse.unwrap() - mean).abs() < 1e-12);
    assert!((result.deviation[1].1.rmse.unwrap() - (squares / 3.0).sqrt()).abs() < 1e-12);
    assert_eq!(result.mean[0].1.confusion, None);

    let again = cross_validate(iris(), &options, 4, &|_| {}, &Stop::new()).unwrap();
    assert_eq!(again.folds, result.folds);
}

#[test]
fn what_crossvalidation_cannot_do_is_told_and_it_can_be_aborted() {
    let run = |options: Value, k, stop: &Stop| {
        let options = TrainOptions::parse(options).unwrap();
        cross_validate(iris(), &options, k, &|_| stop.abort(), stop).unwrap_err()
    };
    for (options, k, option) in [
        (json!({}), 151, "k"),
        (json!({ "validation": { "column": "species" } }), 3, "validation.column"),
        (json!({ "compare": "single-task" }), 3, "compare"),
    ] {
        let error = run(options, k, &Stop::new());
        assert_eq!((error.code(), error.place().option.as_deref()), (Code::Options, Some(option)));
    }
    // The first fold's report aborts the second.
    assert_eq!(run(json!({ "epochs": 2 }), 3, &Stop::new()).code(), Code::Aborted);
}

/// Rows of two features, a class and a number that both follow from them.
fn table(offset: u32) -> Table {
    let mut rows = TableBuilder::from_rows(["x", "y", "kind", "size"].map(str::to_owned));
    for row in 0..180u32 {
        let x = f64::from((row * 37 + offset) % 101) / 50.0 - 1.0;
        let y = f64::from((row * 53 + offset) % 97) / 48.0 - 1.0;
        let kind = Cell::Text(if x * y > 0.0 { "same" } else { "other" });
        rows.push(0, [Cell::Number(x), Cell::Number(y), kind, Cell::Number(x * y + 0.1 * x)]);
    }
    rows.build()
}

/// Ends the training by itself after an epoch.
struct Ending<'a>(&'a Stop);

impl Observer for Ending<'_> {
    fn epoch(&self, _: &polytask::EpochReport) {
        self.0.stop();
    }
}

#[test]
fn a_comparison_changes_nothing_of_the_model_and_is_kept_with_it() {
    let options = json!({ "targets": ["kind", "size"], "epochs": 6 });
    let bytes = |compare: Value, stop: &Stop, observer: &dyn Observer| {
        let mut options = options.clone();
        options["compare"] = compare;
        let options = TrainOptions::parse(options).unwrap();
        train_model(Source::Rows(table(0)), &options, observer, stop).unwrap()
    };
    let plain = Artifact::from_bytes(&bytes(json!(false), &Stop::new(), &())).unwrap();
    assert_eq!(plain.header.comparison, None);
    let wish = json!({ "seeds": 2 });
    let compared = bytes(wish.clone(), &Stop::new(), &());
    assert_eq!(Artifact::from_bytes(&compared).unwrap().weights, plain.weights);
    let again = Artifact::from_bytes(&bytes(wish.clone(), &Stop::new(), &())).unwrap();
    let kept = Artifact::from_bytes(&compared).unwrap().header.comparison.unwrap();
    assert_eq!(again.header.comparison.unwrap(), kept);
    assert_eq!((kept.seeds.as_slice(), kept.held_out_rows), ([0, 1].as_slice(), 36));
    let metrics: Vec<&str> = kept.tasks.iter().map(|(_, task)| task.metric.as_str()).collect();
    assert_eq!(metrics, ["accuracy", "rmse"]);
    for (_, task) in &kept.tasks {
        assert_eq!(task.multi.as_ref().unwrap().values.len(), 2);
        assert_eq!(task.single.as_ref().unwrap().values.len(), 2);
    }
    let model = Model::from_bytes(&compared).unwrap();
    assert!(model.summary().contains("compared   learning together"), "{}", model.summary());
    assert_eq!(model.describe()["comparison"]["tasks"][1][1]["metric"], "rmse");

    // Stopping ends the comparison too, without one.
    let stop = Stop::new();
    let stopped = bytes(wish, &stop, &Ending(&stop));
    assert_eq!(Artifact::from_bytes(&stopped).unwrap().header.comparison, None);
}

#[test]
fn one_task_has_nothing_to_be_compared_with() {
    let error = train(iris(), json!({ "compare": "single-task" })).unwrap_err();
    assert_eq!((error.code(), error.place().option.as_deref()), (Code::Options, Some("compare")));
}
