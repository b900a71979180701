//! Reports on small networks whose answers can be checked by other means.

use super::labelled::Labelled;
use super::*;
use crate::artifact::{Artifact, DataInfo, FORMAT, Header, Versions};
use crate::data::{
    Cell, Encoder, Schema, SchemaOptions, Table, TableBuilder, TargetChoice, TaskType,
};
use crate::error::Code;
use crate::graph::Spec;
use crate::metrics::Metric;
use crate::options::ImportanceOptions;
use crate::random::{Purpose, Random};
use serde_json::json;

const NAMES: [&str; 7] = ["x", "city", "flag", "two", "many", "y", "calls"];

/// Three features, the second with so many categories that it is embedded; tasks with two and
/// with 20 classes, a number and a count, some labels of which are missing.
fn cells(row: usize) -> [String; 7] {
    let missing = |label: String, every: usize| match row % every {
        3 => String::new(),
        _ => label,
    };
    [
        if row % 11 == 4 { String::new() } else { format!("{}", (row as f64 * 0.7).sin() * 3.0) },
        format!("city {}", row * 7 % 90),
        ["true", "false"][row / 2 % 2].to_owned(),
        missing(["no", "yes"][usize::from(row.is_multiple_of(3))].to_owned(), 5),
        format!("class {}", (row * row) % 20),
        missing(format!("{}", (row as f64 * 0.7).sin() * 10.0), 7),
        format!("{}", row % 4),
    ]
}

/// A table of these rows, column `column` of which is that of the rows `deal` names.
fn table(rows: usize, dealt: Option<(usize, &[usize])>) -> Table {
    let mut builder = TableBuilder::from_rows(NAMES.map(str::to_owned));
    for row in 0..rows {
        let mut texts = cells(row);
        if let Some((column, deal)) = dealt {
            texts[column] = cells(deal[row])[column].clone();
        }
        let all = texts.iter().map(|text| match text.as_str() {
            "" => Cell::Missing,
            text => Cell::Text(text),
        });
        builder.push(0, all);
    }
    builder.build()
}

fn model() -> Model {
    let table = table(300, None);
    let kinds = [None, None, Some(TaskType::Regression), Some(TaskType::Count)];
    let targets = NAMES[3..].iter().zip(kinds);
    let targets = targets.map(|(name, kind)| TargetChoice::new(*name, kind)).collect();
    let options = SchemaOptions { targets, ..SchemaOptions::default() };
    let schema = Schema::infer(&table, &options).unwrap();
    let encoder = Encoder::fit(&table, &schema, &(0..300).collect::<Vec<_>>()).unwrap();
    let widths: Vec<usize> = encoder.targets().iter().map(|it| it.head_width()).collect();
    let spec = Spec { hidden: vec![9], ..Spec::default() };
    let graph = spec.compose(encoder.inputs(), &widths);
    let weights = (0..graph.weights()).map(|i| (i as f32 * 0.37).sin()).collect();
    let header = Header {
        format: FORMAT,
        versions: Versions { polytask: "0.1.0".into(), libtorch: "2.13.0".into() },
        schema,
        encoder,
        graph,
        options: json!({}),
        engine: String::new(),
        data: DataInfo {
            source: "rows".into(),
            fingerprint: "0".into(),
            rows: 300,
            zero_weight_rows: 0,
            train_rows: 300,
            validation_rows: 0,
            labels: vec![1; 4],
            reading: None,
            taken: Vec::new(),
            refit: None,
            split: None,
        },
        history: vec![],
        comparison: None,
        tuning: Vec::new(),
        warnings: Vec::new(),
        experts: Vec::new(),
        calibration: Vec::new(),
        intervals: Vec::new(),
    };
    Model::new(Artifact { header, weights }).unwrap()
}

fn never() -> Watch {
    Watch::default()
}

fn report(model: &Model, rows: usize) -> SourceReport {
    let options = ReportOptions::default();
    let source = Source::Rows(table(rows, None));
    Report::of(model, Some(source), &options, &never()).unwrap().source.unwrap()
}

#[test]
fn figures_are_those_of_evaluate_and_of_counting_answers() {
    let (model, rows) = (model(), 1500);
    let report = report(&model, rows);
    let table = table(rows, None);
    let scores = model.evaluate(&table).unwrap();
    let columns = model.predict_columns(&table).unwrap();
    assert_eq!((report.rows, report.trained_on, report.weighted), (rows, false, false));
    for (((name, scores), task), answers) in scores.iter().zip(&report.tasks).zip(columns) {
        assert_eq!(name, &task.name);
        let plain = crate::metrics::Scores { confusion: None, ..scores.clone() };
        assert_eq!(plain, task.scores);
        match answers {
            crate::Answers::Classes { codes, .. } => {
                let classes = task.classes.as_ref().unwrap();
                assert_eq!(classes.counts.iter().sum::<usize>(), scores.n);
                let confusion = &classes.confusion;
                let of_task = scores.confusion.as_ref().unwrap();
                for (at, row) in confusion.classes.iter().zip(&confusion.counts) {
                    let expected: Vec<u64> = confusion
                        .classes
                        .iter()
                        .map(|predicted| of_task[*at][*predicted])
                        .collect();
                    assert_eq!(row[..expected.len()], expected);
                    assert_eq!(row.iter().sum::<u64>(), of_task[*at].iter().sum::<u64>());
                }
                let total: u64 = confusion.counts.iter().flatten().sum();
                assert_eq!(total as usize, scores.n);
                for confused in &classes.confused {
                    assert_eq!(of_task[confused.class][confused.predicted], confused.n);
                }
                assert!(codes.len() == rows);
                let binned: usize = classes.calibration.iter().map(|bin| bin.n).sum();
                assert_eq!(binned, scores.n);
            }
            _ => {
                let numbers = task.numbers.as_ref().unwrap();
                assert_eq!((numbers.n, numbers.pairs.len()), (scores.n, 500));
            }
        }
    }
    let (two, many) = (&report.tasks[0], &report.tasks[1]);
    let of_two = two.classes.as_ref().unwrap();
    assert_eq!((of_two.roc.len(), of_two.roc[0].class), (1, 1));
    assert!((of_two.roc[0].area - two.scores.roc_auc.unwrap()).abs() < 1e-12);
    assert!(of_two.roc[0].points.len() <= 200);
    // Two thirds are "no".
    let guess = two.guess.unwrap();
    assert!(guess.answer == 0.0 && (guess.score - 2.0 / 3.0).abs() < 0.01, "{guess:?}");
    let of_many = many.classes.as_ref().unwrap();
    assert_eq!(of_many.roc.len(), of_many.counts.iter().filter(|n| **n > 0).count().min(6));
}

#[test]
fn the_most_frequent_of_many_classes_are_shown_and_the_rest_taken_together() {
    let report = report(&model(), 1500);
    let classes = report.tasks[1].classes.as_ref().unwrap();
    // Squares modulo 20 are 6 classes, so no more than these have been seen.
    assert_eq!(classes.counts.len(), classes.confusion.classes.len());
    let pairs = [((0, 1), 5), ((2, 2), 9), ((1, 2), 7)].into_iter().collect();
    let confusion = super::classes::Confusion::of(vec![0, 2], 3, &pairs);
    assert_eq!(confusion.counts, [[0, 0, 5], [0, 9, 0], [0, 7, 0]]);
    assert_eq!(confusion.recall, [Some(0.0), Some(1.0)]);
    assert_eq!(confusion.precision, [None, Some(9.0 / 16.0)]);
}

#[test]
fn importance_is_that_of_a_table_whose_raw_cells_were_dealt() {
    let (model, rows) = (model(), 400);
    let options = ImportanceOptions { repeats: 2, seed: 5, ..ImportanceOptions::default() };
    let found = importance(&model, &table(rows, None), &options, &never()).unwrap();
    assert_eq!((found.rows, found.repeats), (rows, 2));
    let before = model.evaluate(&table(rows, None)).unwrap();
    let mut random = Random::new(5, Purpose::Permutation);
    for repeat in 0..2 {
        let mut deal: Vec<usize> = (0..rows).collect();
        random.shuffle(&mut deal);
        for (column, name) in NAMES[..3].iter().enumerate() {
            let after = model.evaluate(&table(rows, Some((column, &deal)))).unwrap();
            for (nth, (_, task)) in found.tasks.iter().enumerate() {
                let metric = Metric::parse(task.metric).unwrap();
                let figure = |scores: &[(String, crate::metrics::Scores)]| {
                    scores[nth].1.get(metric).unwrap()
                };
                let feature = task.features.iter().find(|it| it.name == *name).unwrap();
                let loss = feature.loss.as_ref().unwrap().values[repeat];
                assert_eq!(loss, figure(&after) - figure(&before), "{name} {}", task.metric);
                assert_eq!(task.score, Some(figure(&before)));
            }
        }
    }
    let means = |task: &TaskImportance| -> Vec<f64> {
        task.features.iter().map(|it| it.loss.as_ref().unwrap().mean).collect()
    };
    assert!(found.tasks.iter().all(|(_, task)| means(task).is_sorted_by(|a, b| a >= b)));
}

#[test]
fn importance_repeats_by_seed_and_takes_the_figures_asked_for() {
    let (model, rows) = (model(), table(1500, None));
    let of = |seed, metrics: &[(&str, Metric)]| {
        let metrics = metrics.iter().map(|(name, metric)| ((*name).to_owned(), *metric)).collect();
        let rows = 1100;
        let options =
            ImportanceOptions { rows, repeats: 1, seed, metrics, ..ImportanceOptions::default() };
        importance(&model, &table(1500, None), &options, &never())
    };
    let first = of(1, &[]).unwrap();
    assert_eq!(first, of(1, &[]).unwrap());
    assert_ne!(first, of(2, &[]).unwrap());
    assert_eq!(first.rows, 1100);
    let other = of(1, &[("two", Metric::RocAuc), ("y", Metric::R2)]).unwrap();
    assert_eq!((other.tasks[0].1.metric, other.tasks[2].1.metric), ("rocAuc", "r2"));
    assert_eq!(other.tasks[1], first.tasks[1]);
    assert!(rows.rows() == 1500 && other.tasks[0].1.higher_is_better);
    for (task, metric, message) in [
        ("tow", Metric::RocAuc, "is it \"two\"?"),
        ("two", Metric::Rmse, "which has no 'rmse'"),
        ("y", Metric::Accuracy, "is a regression, which has no 'accuracy'"),
    ] {
        let error = of(1, &[(task, metric)]).unwrap_err();
        assert_eq!(error.place().option.as_deref(), Some("metrics"));
        assert!(error.message().contains(message), "{error}");
    }
}

#[test]
fn a_report_without_rows_tells_what_the_model_knows_and_one_that_is_stopped_ends() {
    let model = model();
    let alone = Report::of(&model, None, &ReportOptions::default(), &never()).unwrap();
    assert!(alone.source.is_none() && alone.means.cosines.len() == 16);
    let stopped = Watch::default();
    stopped.stop();
    let source = Source::Rows(table(30, None));
    let error = Report::of(&model, Some(source), &ReportOptions::default(), &stopped).unwrap_err();
    assert_eq!(error.code(), Code::Aborted);
    let error = importance(&model, &table(30, None), &ImportanceOptions::default(), &stopped);
    assert_eq!(error.unwrap_err().code(), Code::Aborted);
    // A table in which no row has a label of one task.
    let table = table(4, Some((3, &[3, 3, 3, 3])));
    let rows = Labelled::of(&model, &table, vec![0, 1, 2, 3], &never()).unwrap();
    let task = TaskReport::of(&rows.tasks(&model).next().unwrap(), None, 0);
    assert_eq!((task.scores.n, task.guess), (0, None));
    assert_eq!(task.classes.unwrap().roc, []);
    let found = importance(&model, &table, &ImportanceOptions::default(), &never()).unwrap();
    assert_eq!((found.tasks[0].1.score, found.tasks[0].1.n), (None, 0));
    assert!(found.tasks[0].1.features.iter().all(|feature| feature.loss.is_none()));
}
