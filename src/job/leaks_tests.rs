//! Columns that decide a target, count the rows or move with them, and classes with hardly a row.

use super::*;
use crate::data::{Cell, SchemaOptions, Table, TableBuilder, TargetChoice, TaskType};
use crate::random::{Purpose, Random};

/// The sentences on a table of these columns.
fn said(
    count: usize,
    names: &[&str],
    targets: &[(&str, TaskType)],
    row: &mut dyn FnMut(usize) -> Vec<String>,
) -> Vec<String> {
    let mut builder = TableBuilder::from_rows(names.iter().map(|name| (*name).to_owned()));
    for at in 0..count {
        let cells = row(at);
        builder.push(
            at as u64,
            cells.iter().map(|cell| match cell.as_str() {
                "" => Cell::Missing,
                text => Cell::Text(text),
            }),
        );
    }
    let table: Table = builder.build();
    let choices = targets.iter().map(|(name, kind)| TargetChoice::new(*name, Some(*kind)));
    let options = SchemaOptions { targets: choices.collect(), ..SchemaOptions::default() };
    let schema = Schema::infer(&table, &options).unwrap();
    let rows: Vec<usize> = (0..count).collect();
    of_table(Rows { table: &table, rows: &rows }, &schema, NumberFormat::POINT, true)
}

fn random() -> impl FnMut() -> f64 {
    let mut random = Random::new(5, Purpose::Split);
    move || f64::from(random.normal())
}

const CLASSES: TaskType = TaskType::Classification;
const NUMBERS: TaskType = TaskType::Regression;

#[test]
fn ordinary_tables_are_nothing_to_speak_of() {
    let mut next = random();
    let mut row = |_| {
        let (a, b) = (next(), next());
        let noise = next();
        let class = if a + b + 0.3 * noise > 0.0 { "yes" } else { "no" };
        [a, b, 2.0 * a + b + 0.3 * noise]
            .map(|x| x.to_string())
            .into_iter()
            .chain([class.to_owned()])
            .collect()
    };
    let found = said(400, &["a", "b", "y", "k"], &[("y", NUMBERS), ("k", CLASSES)], &mut row);
    assert_eq!(found, [""; 0]);
}

#[test]
fn columns_that_decide_a_target_are_named() {
    let mut next = random();
    let mut row = |at: usize| {
        let (y, noise) = (next(), next());
        let class = ["low", "high"][usize::from(y > 0.0)];
        let code = ["A", "B"][usize::from(y > 0.0)];
        let mut cells =
            vec![(y * 100.0 + 0.01 * noise).to_string(), y.to_string(), noise.to_string()];
        cells.extend([code, class].map(str::to_owned));
        // Some of what a column tells is missing.
        if at.is_multiple_of(7) {
            cells[0].clear();
        }
        cells.push(y.to_string());
        cells
    };
    let names = ["cents", "same", "b", "code", "k", "y"];
    let found = said(300, &names, &[("k", CLASSES), ("y", NUMBERS)], &mut row).join("\n");
    for words in [
        "\"cents\" alone nearly decides \"k\": it tells",
        "\"cents\" alone nearly decides \"y\": it explains ",
        " % of the variance. If it is known only once the label is, the scores are too good: leave it \
         out, features: { exclude: ['cents'] }.",
        "\"same\" is a copy of \"y\"",
        "\"code\" is a copy of \"k\"",
    ] {
        assert!(found.contains(words), "{words}: {found}");
    }
    assert!(!found.contains("\"b\"") && !found.contains("\"code\" alone"), "{found}");
}

#[test]
fn a_category_of_each_row_decides_nothing_and_neither_does_a_constant() {
    let mut next = random();
    let mut row = |at: usize| {
        let class = ["x", "z"][usize::from(next() > 0.0)];
        vec![format!("name {}", at / 2), ["p", "q", "r"][at % 3].to_owned(), class.to_owned()]
    };
    assert_eq!(said(300, &["name", "k", "class"], &[("class", CLASSES)], &mut row), [""; 0]);
}

#[test]
fn numbers_of_rows_are_told_in_whatever_order() {
    for step in [1, 7, 149] {
        let mut next = random();
        // Sorted by class, so that the number alone would decide it.
        let mut row = |at: usize| {
            let class = ["a", "b", "c"][(at * step % 150) / 50];
            vec![(at * step % 150).to_string(), next().to_string(), class.to_owned()]
        };
        let found = said(150, &["index", "x", "class"], &[("class", CLASSES)], &mut row);
        let [one] = found.as_slice() else { panic!("{found:?}") };
        let begins = "\"index\" seems to count or name the rows: whole numbers from 0 to 149";
        assert!(one.starts_with(begins) && one.contains("exclude: ['index']"), "{one}");
    }
    let mut next = random();
    let mut row = |at: usize| vec![(at / 2).to_string(), next().to_string(), next().to_string()];
    let found = said(150, &["half", "x", "y"], &[("y", NUMBERS)], &mut row);
    assert!(found.iter().all(|text| text.contains("rises with the row number")), "{found:?}");
}

#[test]
fn what_moves_with_the_row_number_is_told_with_its_direction() {
    for (sign, word) in [(1.0, "rises"), (-1.0, "falls")] {
        let mut next = random();
        let mut row = |at: usize| {
            let moving = sign * (at as f64 + 0.5 * next());
            vec![moving.to_string(), next().to_string(), next().to_string()]
        };
        let found = said(200, &["t", "x", "y"], &[("y", NUMBERS)], &mut row);
        let [one] = found.as_slice() else { panic!("{found:?}") };
        assert!(one.starts_with(&format!("\"t\" {word} with the row number")), "{one}");
    }
    let mut next = random();
    let mut row = |at: usize| {
        vec![
            format!("2024-{:02}-{:02}", at / 28 + 1, at % 28 + 1),
            next().to_string(),
            next().to_string(),
        ]
    };
    let found = said(200, &["day", "x", "y"], &[("y", NUMBERS)], &mut row);
    assert!(found.iter().any(|text| text.starts_with("\"day\" rises")), "{found:?}");
}

#[test]
fn classes_with_hardly_a_row_are_counted() {
    let mut next = random();
    let mut row = |at: usize| {
        let class = match at {
            3 => "once",
            4 | 5 => "twice",
            _ => ["x", "z"][at % 2],
        };
        vec![next().to_string(), next().to_string(), class.to_owned()]
    };
    let found = said(60, &["a", "b", "class"], &[("class", CLASSES)], &mut row).join("\n");
    assert!(found.contains("\"once\" of \"class\" has 1 row; 1 more class has fewer"), "{found}");
}
