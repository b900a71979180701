//! What schema inference decides, and how it refuses.

use super::*;
use crate::data::{Cell, FeatureType, TableBuilder, TaskType};

fn table(header: &[&str], rows: &[&[&str]]) -> Table {
    let mut builder = TableBuilder::from_files(header.iter().map(|name| name.to_string()));
    builder.start_file("t.csv");
    for (row, line) in rows.iter().zip(2..) {
        let cells = row.iter().map(|&cell| match cell {
            "" => Cell::Missing,
            text => Cell::Text(text),
        });
        builder.push(line, cells);
    }
    builder.build()
}

fn target(name: &str, kind: Option<TaskType>) -> SchemaOptions {
    let targets = vec![TargetChoice::new(name, kind)];
    SchemaOptions { targets, ..SchemaOptions::default() }
}

#[test]
fn types_are_inferred_and_the_last_column_is_the_target() {
    let rows: &[&[&str]] = &[&["1", "x", "k", "a"], &["2.5", "y", "k", "b"], &["", "x", "k", "a"]];
    let schema =
        Schema::infer(&table(&["n", "c", "k", "t"], rows), &SchemaOptions::default()).unwrap();
    let kinds: Vec<_> = schema.features.iter().map(|f| (f.name.as_str(), f.kind)).collect();
    assert_eq!(kinds, [("n", FeatureType::Numeric), ("c", FeatureType::Categorical)]);
    assert_eq!(schema.dropped[0].reason, "constant: every row is \"k\"");
    assert_eq!(schema.tasks[0].kind, TaskType::Classification);
    assert_eq!(schema.tasks[0].classes.as_ref().unwrap().names(), ["a", "b"]);
}

#[test]
fn numeric_targets_are_regressions_unless_they_are_few_integers() {
    let rows: Vec<Vec<String>> =
        (0..40).map(|i| vec![i.to_string(), (i % 3).to_string(), format!("{}.5", i)]).collect();
    let rows: Vec<Vec<&str>> =
        rows.iter().map(|row| row.iter().map(String::as_str).collect()).collect();
    let rows: Vec<&[&str]> = rows.iter().map(Vec::as_slice).collect();
    let table = table(&["x", "few", "many"], &rows);
    let kind = |name| Schema::infer(&table, &target(name, None)).unwrap().tasks[0].kind;
    assert_eq!(kind("few"), TaskType::Classification);
    assert_eq!(kind("many"), TaskType::Regression);
    assert_eq!(kind("x"), TaskType::Regression);
}

#[test]
fn identifiers_are_dropped_and_codes_stay_text() {
    let ids: Vec<String> = (0..30).map(|i| format!("id-{i}")).collect();
    let rows: Vec<[&str; 3]> = ids
        .iter()
        .enumerate()
        .map(|(i, id)| [id.as_str(), if i % 2 == 0 { "01" } else { "02" }, ["p", "q"][i % 2]])
        .collect();
    let rows: Vec<&[&str]> = rows.iter().map(|row| row.as_slice()).collect();
    let schema =
        Schema::infer(&table(&["id", "code", "t"], &rows), &SchemaOptions::default()).unwrap();
    assert_eq!(schema.dropped[0].reason, "identifier-like: 30 different texts in 30 rows");
    assert_eq!(schema.features[0].kind, FeatureType::Categorical);
}

#[test]
fn errors_say_where() {
    let fails = |table: &Table, options: &SchemaOptions| {
        let error = Schema::infer(table, options).unwrap_err();
        assert_eq!(error.code(), Code::Schema);
        error.to_string()
    };
    let some = table(&["a", "species"], &[&["1", "x"], &["oops", "y"]]);
    assert_eq!(
        fails(&some, &target("specie", None)),
        "t.csv, column \"specie\": targets: no column \"specie\"; did you mean \"species\"?"
    );
    let types = vec![("a".to_owned(), Declared::As(FeatureType::Numeric))];
    assert_eq!(
        fails(&some, &SchemaOptions { types, ..Default::default() }),
        "t.csv line 3, column \"a\": \"oops\" is not a number, and features.types declares it \
         numeric; set csv: { missing: ['oops'] } if it means a missing cell"
    );
    assert_eq!(
        fails(&some, &target("species", Some(TaskType::Regression))),
        "t.csv line 2, column \"species\": \"x\" is not a number, and the task is declared a \
         regression"
    );
    let one = table(&["a", "t"], &[&["1", "x"], &["2", "x"]]);
    assert_eq!(
        fails(&one, &SchemaOptions::default()),
        "t.csv, column \"t\": only one class, \"x\", in all 2 labels; a classification needs two"
    );
    let none = table(&["a", "t"], &[&["1", ""], &["2", ""]]);
    assert!(fails(&none, &SchemaOptions::default()).contains("no labels"));
    let bare = table(&["a", "t"], &[&["1", "x"], &["1", "y"]]);
    assert!(fails(&bare, &SchemaOptions::default()).contains("constant: every row is \"1\""));
}

#[test]
fn a_few_texts_among_numbers_are_named_by_line() {
    let cells: Vec<String> =
        (0..100).map(|i| if i == 40 { "n.a.".to_owned() } else { format!("{i}.0") }).collect();
    let rows: Vec<[&str; 2]> =
        cells.iter().enumerate().map(|(i, c)| [c.as_str(), ["p", "q"][i % 2]]).collect();
    let rows: Vec<&[&str]> = rows.iter().map(|row| row.as_slice()).collect();
    let error = Schema::infer(&table(&["x", "t"], &rows), &SchemaOptions::default()).unwrap_err();
    assert_eq!(error.place().line, Some(42));
    assert!(
        error
            .to_string()
            .contains("99 of 100 cells are numbers, but not \"n.a.\" (1 cell, in line 42)")
    );
}

#[test]
fn classifications_smooth_their_labels_as_all_do_unless_they_say() {
    let rows: &[&[&str]] = &[&["1", "a", "3.5"], &["2", "b", "4.25"], &["3", "a", "5.5"]];
    let table = table(&["n", "c", "r"], rows);
    let smoothing = |smooths| {
        let number = TargetChoice::new("r", Some(TaskType::Regression));
        let targets = vec![TargetChoice { smooths, ..TargetChoice::new("c", None) }, number];
        let options = SchemaOptions { targets, label_smoothing: 0.1, ..SchemaOptions::default() };
        let tasks = Schema::infer(&table, &options).unwrap().tasks;
        (tasks[0].objective.label_smoothing, tasks[1].objective.label_smoothing)
    };
    assert_eq!((smoothing(false), smoothing(true)), ((0.1, 0.0), (0.0, 0.0)));
}
