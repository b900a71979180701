//! Rows divided as users ask, and what cannot be divided.

use super::*;
use crate::data::TableBuilder;
use serde_json::{Value, json};

/// 120 rows of 30 subjects, each with four rows and one class.
fn table() -> Table {
    let names = ["subject", "x", "split", "site", "kind"].map(str::to_owned);
    let mut rows = TableBuilder::from_rows(names);
    for row in 0..120u32 {
        let subject = format!("s{}", row % 30);
        let split = ["train", "Training", "VAL", "test"][row as usize % 4];
        let kind = Cell::Text(["a", "b", "c"][row as usize % 30 % 3]);
        let site = Cell::Text(["north", "south"][row as usize / 100]);
        rows.push(
            0,
            [Cell::Text(&subject), Cell::Number(f64::from(row)), Cell::Text(split), site, kind],
        );
    }
    rows.build()
}

fn options(validation: Value) -> TrainOptions {
    let value = json!({ "validation": validation, "targets": "kind" });
    TrainOptions::parse(value).unwrap()
}

fn divided<T>(validation: Value, work: impl Fn(Divider<'_>) -> Result<T>) -> Result<T> {
    let (table, options) = (table(), options(validation));
    let schema = understand(&table, &options)?;
    work(Divider { table: &table, schema: &schema, options: &options })
}

fn subjects(rows: &[usize]) -> Vec<usize> {
    let mut subjects: Vec<usize> = rows.iter().map(|row| row % 30).collect();
    subjects.sort_unstable();
    subjects.dedup();
    subjects
}

#[test]
fn no_subject_is_on_two_sides_of_any_split() {
    for seed in 0..10 {
        let group = json!({ "groupBy": "subject" });
        let (parts, test) = divided(group, |divider| {
            let (rows, test) = divider.hold_out(0.2, seed)?;
            Ok((divider.parts(rows, seed)?, test))
        })
        .unwrap();
        let sides = [subjects(&parts.train), subjects(&parts.validation), subjects(&test)];
        assert_eq!(sides.iter().map(Vec::len).sum::<usize>(), 30, "{sides:?}");
        assert_eq!(parts.train.len() + parts.validation.len() + test.len(), 120);
        assert!(parts.validation.len() >= 12 && test.len() >= 16);
    }
    let folds = divided(json!({ "groupBy": "subject" }), |divider| divider.folds(7, 0)).unwrap();
    let each: usize = folds.iter().map(|fold| subjects(&fold.test).len()).sum();
    assert_eq!(each, 30);
}

#[test]
fn a_column_that_divides_is_no_feature() {
    for (validation, column) in
        [(json!({ "groupBy": "subject" }), "subject"), (json!({ "column": "split" }), "split")]
    {
        let schema = divided(validation, |divider| Ok(divider.schema.clone())).unwrap();
        assert!(schema.features.iter().all(|feature| feature.name != column));
        assert!(schema.dropped.iter().any(|dropped| dropped.name == column));
    }
    let mut wish = options(json!({ "groupBy": "subject" }));
    wish.schema.include = Some(vec!["subject".to_owned(), "x".to_owned()]);
    let schema = understand(&table(), &wish).unwrap();
    assert_eq!(schema.features.len(), 2);
    assert!(schema.dropped.iter().all(|dropped| dropped.name != "subject"));
}

#[test]
fn a_column_says_what_each_row_is_for() {
    let (parts, test) = divided(json!({ "column": "split" }), |divider| {
        let (rows, test) = divider.hold_out(0.5, 0)?;
        assert_eq!(rows, divider.rows()?);
        Ok((divider.parts(rows, 0)?, test))
    })
    .unwrap();
    assert!(parts.train.iter().all(|row| row % 4 < 2) && parts.train.len() == 60);
    assert!(parts.validation.iter().all(|row| row % 4 == 2) && parts.validation.len() == 30);
    assert!(test.iter().all(|row| row % 4 == 3) && test.len() == 30);
}

#[test]
fn any_column_may_stratify_or_none() {
    let count = |validation: Value| {
        let parts = divided(validation, |divider| divider.parts((0..120).collect(), 3)).unwrap();
        assert_eq!(parts.validation.len(), 24);
        parts.validation.iter().filter(|&&row| row >= 100).count()
    };
    assert_eq!(count(json!({ "stratify": "site" })), 4);
    let plain = divided(json!({ "stratify": false }), |d| d.parts((0..120).collect(), 3)).unwrap();
    let default = divided(json!(0.2), |d| d.parts((0..120).collect(), 3)).unwrap();
    assert_ne!(plain, default);
    assert_eq!(
        default,
        divided(json!({ "stratify": true }), |d| d.parts((0..120).collect(), 3)).unwrap()
    );
}

#[test]
fn folds_are_stratified_and_no_more_than_rows_or_groups() {
    let folds = divided(json!(false), |divider| divider.folds(5, 1)).unwrap();
    for fold in &folds {
        for class in 0..3 {
            assert_eq!(fold.test.iter().filter(|&&row| row % 30 % 3 == class).count(), 8);
        }
    }
    for (validation, k, words) in [
        (json!(0.2), 121, "121 folds of 120 rows"),
        (json!({ "groupBy": "subject" }), 31, "31 folds of 30 groups"),
    ] {
        let error = divided(validation, |divider| divider.folds(k, 1)).unwrap_err();
        assert_eq!(error.code(), Code::Options);
        assert_eq!(error.place().option.as_deref(), Some("k"));
        assert!(error.message().contains(words), "{error}");
    }
}

#[test]
fn what_cannot_be_divided_is_told() {
    let refused = |validation: Value| {
        let parts = |divider: Divider<'_>| {
            let parts = divider.parts(divider.rows()?, 0)?;
            divider.require_classes(&parts)
        };
        divided(validation, parts).unwrap_err().to_string()
    };
    for (validation, words) in [
        (
            json!({ "groupBy": "subjekt" }),
            "validation.groupBy: no column \"subjekt\"; did you mean \"subject\"?",
        ),
        (
            json!({ "stratify": "sit" }),
            "validation.stratify: no column \"sit\"; did you mean \"site\"?",
        ),
        (json!({ "column": "spilt" }), "did you mean \"split\"?"),
        (json!({ "stratify": "x" }), "of none would a row validate"),
        (json!({ "column": "site" }), "rows[0], column \"site\": expected train"),
        (json!({ "column": "kind" }), "\"kind\" is a target too"),
        (json!({ "groupBy": "kind" }), "\"kind\" is a target too"),
    ] {
        let message = refused(validation);
        assert!(message.contains(words), "{message}");
    }
}

#[test]
fn a_class_that_no_training_row_has_is_told_and_so_is_one_group() {
    let mut rows = TableBuilder::from_rows(["group", "x", "kind"].map(str::to_owned));
    for row in 0..40u32 {
        let cells = [
            Cell::Text(["g", "h"][row as usize / 20]),
            Cell::Number(f64::from(row)),
            Cell::Text(["a", "b"][row as usize / 20]),
        ];
        rows.push(0, cells);
    }
    let (table, options) = (rows.build(), options(json!({ "groupBy": "group" })));
    let schema = understand(&table, &options).unwrap();
    let divider = Divider { table: &table, schema: &schema, options: &options };
    let parts = divider.parts((0..40).collect(), 0).unwrap();
    let error = divider.require_classes(&parts).unwrap_err();
    assert_eq!((error.code(), error.place().task.as_deref()), (Code::Schema, Some("kind")));
    assert!(error.message().contains("no training row has the class"), "{error}");
    let error = divider.parts((0..20).collect(), 0).unwrap_err();
    assert!(error.message().contains("20 rows in one group"), "{error}");
}

#[test]
fn groups_and_strata_past_2_53_are_no_javascript_numbers() {
    let mut rows = TableBuilder::from_rows(["id", "x", "kind"].map(str::to_owned));
    for row in 0..40u32 {
        let id = 9_007_199_254_740_992.0 + f64::from(row % 4);
        let kind = Cell::Text(["a", "b"][row as usize % 2]);
        rows.push(0, [Cell::Number(id), Cell::Number(f64::from(row)), kind]);
    }
    let table = rows.build();
    for option in ["groupBy", "stratify"] {
        let options = options(json!({ option: "id" }));
        let schema = understand(&table, &options).unwrap();
        let divider = Divider { table: &table, schema: &schema, options: &options };
        let error = divider.parts((0..40).collect(), 0).unwrap_err();
        assert_eq!((error.code(), error.place().row), (Code::Rows, Some(0)), "{error}");
        assert!(error.to_string().contains("give them as strings"), "{error}");
    }
}
