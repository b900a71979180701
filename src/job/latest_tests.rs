//! The latest rows: of trainings, of rows held out, of folds; and what cannot be divided by time.

use super::super::rows::understand;
use super::*;
use crate::data::{Cell, Table, TableBuilder};
use crate::options::TrainOptions;
use serde_json::{Value, json};

/// 120 rows in no order of time: a day of 2024 and its number, three of each.
fn table() -> Table {
    let mut rows = TableBuilder::from_rows(["sold", "day", "note", "x", "kind"].map(str::to_owned));
    for row in 0..120u32 {
        let day = row * 7 % 40;
        let sold = format!("2024-{:02}-{:02}", 1 + day / 20, 1 + day % 20);
        let note = Cell::Text(["a", "b", "c"][row as usize % 3]);
        let kind = Cell::Text(["yes", "no"][row as usize % 2]);
        let numbers = [Cell::Number(f64::from(day)), note, Cell::Number(f64::from(row % 9)), kind];
        rows.push(0, [Cell::Text(&sold)].into_iter().chain(numbers));
    }
    rows.build()
}

fn divided<T>(validation: Value, work: impl Fn(Divider<'_>) -> Result<T>) -> Result<T> {
    let value = json!({ "validation": validation, "targets": "kind" });
    let (table, options) = (table(), TrainOptions::parse(value).unwrap());
    let schema = understand(&table, &options)?;
    work(Divider { table: &table, schema: &schema, options: &options })
}

fn days(rows: &[usize]) -> Vec<usize> {
    let mut days: Vec<usize> = rows.iter().map(|row| row * 7 % 40).collect();
    days.sort_unstable();
    days.dedup();
    days
}

fn range(days: std::ops::Range<usize>) -> Vec<usize> {
    days.collect()
}

#[test]
fn the_latest_days_validate_whatever_the_order_of_rows() {
    for (validation, first) in [
        (json!({ "timeColumn": "sold" }), 32),
        (json!({ "timeColumn": "sold", "fraction": 0.25 }), 30),
        (json!({ "timeColumn": "sold", "after": "2024-02-01" }), 20),
        (json!({ "timeColumn": "sold", "after": "2024-02" }), 20),
        (json!({ "timeColumn": "sold", "after": "2024-01-31" }), 20),
        (json!({ "timeColumn": "sold", "after": "Feb 11, 2024" }), 30),
        (json!({ "timeColumn": "day", "fraction": 0.5 }), 20),
        (json!({ "timeColumn": "day", "after": 35 }), 35),
        (json!({ "timeColumn": "day", "after": "35.5" }), 36),
    ] {
        let (parts, split) = divided(validation.clone(), |divider| {
            let parts = divider.parts(divider.rows()?, 3)?;
            let split = divider.split_by_time(&parts)?;
            Ok((parts, split.unwrap()))
        })
        .unwrap();
        assert_eq!(days(&parts.train), range(0..first), "{validation}");
        assert_eq!(days(&parts.validation), range(first..40), "{validation}");
        assert_eq!(parts.train.len() + parts.validation.len(), 120);
        assert_eq!(split.column, validation["timeColumn"]);
        if split.column == "day" {
            assert_eq!((split.last, split.first), ((first - 1).to_string(), first.to_string()));
        }
    }
}

#[test]
fn rows_held_out_are_later_than_those_that_validate() {
    let validation = json!({ "timeColumn": "sold", "fraction": 0.25 });
    let (parts, test) = divided(validation, |divider| {
        let (rows, test) = divider.hold_out(0.2, 1)?;
        Ok((divider.parts(rows, 1)?, test))
    })
    .unwrap();
    assert_eq!(days(&parts.train), range(0..24));
    assert_eq!(days(&parts.validation), range(24..32));
    assert_eq!(days(&test), range(32..40));
}

#[test]
fn folds_are_windows_that_expand() {
    let folds = |validation, k| divided(validation, |divider| divider.folds(k, 0)).unwrap();
    for (number, fold) in folds(json!({ "timeColumn": "sold" }), 4).iter().enumerate() {
        let begin = 8 * (number + 1);
        assert_eq!(days(&fold.train), range(0..begin));
        assert_eq!(days(&fold.test), range(begin..begin + 8));
    }
    let after = folds(json!({ "timeColumn": "day", "after": 30 }), 2);
    assert_eq!((days(&after[0].train), days(&after[0].test)), (range(0..30), range(30..35)));
    assert_eq!((days(&after[1].train), days(&after[1].test)), (range(0..35), range(35..40)));
}

#[test]
fn the_column_stays_a_feature_unless_it_is_left_out() {
    let features = |features: Value| {
        let value = json!({
            "validation": { "timeColumn": "sold" }, "targets": "kind", "features": features,
        });
        let (table, options) = (table(), TrainOptions::parse(value).unwrap());
        let schema = understand(&table, &options).unwrap();
        let divider = Divider { table: &table, schema: &schema, options: &options };
        assert_eq!(divider.parts((0..120).collect(), 0).unwrap().validation.len(), 24);
        let names = schema.features.iter().map(|feature| feature.name.clone());
        names.collect::<Vec<_>>()
    };
    assert_eq!(features(json!({})), ["sold", "day", "note", "x"]);
    assert_eq!(features(json!({ "exclude": ["sold"] })), ["day", "note", "x"]);
    assert_eq!(features(json!({ "include": ["x"] })), ["x"]);
    assert_eq!(features(json!({ "include": ["sold", "x"] })), ["sold", "x"]);
    assert_eq!(features(json!({ "types": { "sold": "ignore" } })), ["day", "note", "x"]);
}

#[test]
fn what_time_cannot_divide_is_told() {
    for (validation, option, words) in [
        (json!({ "timeColumn": "when" }), COLUMN, "no column \"when\""),
        (json!({ "timeColumn": "kind" }), COLUMN, "is a target too"),
        (json!({ "timeColumn": "note" }), COLUMN, "is no column of dates or numbers"),
        (
            json!({ "timeColumn": "sold", "after": "2025-01-01" }),
            AFTER,
            "no row of \"sold\" is from then on, so that none validates; they are from \
             \"2024-01-01\" to \"2024-02-20\"",
        ),
        (
            json!({ "timeColumn": "sold", "after": 2024 }),
            AFTER,
            "is before it, so that none trains",
        ),
        (json!({ "timeColumn": "sold", "after": "spring" }), AFTER, "expected a date"),
        (json!({ "timeColumn": "day", "after": "2024-01-01" }), AFTER, "expected a number"),
    ] {
        let work = |divider: Divider<'_>| divider.parts(divider.rows()?, 0).map(drop);
        let error = divided(validation.clone(), work).unwrap_err();
        assert_eq!(error.place().option.as_deref(), Some(option), "{validation}");
        assert!(error.message().contains(words), "{validation}: {}", error.message());
    }
    for (validation, k, words) in [
        (json!({ "timeColumn": "sold" }), 40, "40 folds of 40 different moments of \"sold\""),
        (json!({ "timeColumn": "day", "after": 38 }), 3, "3 folds of 2 different moments"),
        (json!({ "timeColumn": "day", "after": 0 }), 3, "before it, so that none trains"),
    ] {
        let error = divided(validation, |divider| divider.folds(k, 0).map(drop)).unwrap_err();
        assert!(error.message().contains(words), "{}", error.message());
    }
}
