//! Which columns are dates by other forms than day, month and year: month names, months, quarters,
//! digits, times of day, and numbers that were declared.

use super::date::DateOrder;
use super::feature::{Declared, FeatureType};
use super::table::Cell;
use super::{Encoder, Schema, SchemaOptions, Table, TableBuilder};
use crate::error::Result;

const ROWS: usize = 40;

/// A table of one column `x` and a target of two classes.
fn table(cells: &[Cell<'_>]) -> Table {
    let mut builder = TableBuilder::from_rows(["x", "t"].map(str::to_owned));
    for (row, class) in (0..ROWS).zip(["p", "q"].iter().cycle()) {
        builder.push(0, [cells[row % cells.len()], Cell::Text(class)]);
    }
    builder.build()
}

fn schema(cells: &[Cell<'_>], declared: Option<Declared>) -> Result<Schema> {
    let types = declared.map(|declared| ("x".to_owned(), declared)).into_iter().collect();
    Schema::infer(&table(cells), &SchemaOptions { types, ..SchemaOptions::default() })
}

fn texts<'a>(texts: &[&'a str]) -> Vec<Cell<'a>> {
    texts.iter().copied().map(Cell::Text).collect()
}

fn kind(cells: &[Cell<'_>]) -> (FeatureType, Option<DateOrder>, String) {
    let feature = schema(cells, None).unwrap().features.remove(0);
    (feature.kind, feature.date_order, feature.reason)
}

#[test]
fn forms_of_dates_are_found() {
    for cells in [
        texts(&["31 Jan 2024", "1 Feb 2024", "February 5, 2023"]),
        texts(&["31-JAN-24", "05-MAR-23"]),
        texts(&["2024-01", "2024-02", "2023-12"]),
        texts(&["2024-Q1", "2023-Q4"]),
        texts(&["2024-03-31 05:00:00 UTC", "2024-04-01 06:30:00 UTC"]),
        texts(&["Wed, 31 Jan 2024 10:00:00 GMT", "Thu, 01 Feb 2024 11:00:00 GMT"]),
    ] {
        let (kind, order, reason) = kind(&cells);
        assert_eq!((kind, order), (FeatureType::Date, None), "{cells:?}");
        assert_eq!(reason, "every one of 40 cells is a date");
    }
    let (kind, order, reason) = kind(&texts(&["12:30", "9:15", "23:59:59"]));
    assert_eq!((kind, order), (FeatureType::Date, Some(DateOrder::Clock)));
    assert_eq!(reason, "every one of 40 cells is a time of day");
}

#[test]
fn eight_digits_are_dates_only_where_all_are_days_of_the_calendar() {
    let days = [20_240_331.0, 20_240_401.0, 20_231_231.0, 20_240_229.0, 19_990_101.0];
    let numbers: Vec<Cell<'_>> = days.map(Cell::Number).to_vec();
    let written = days.map(|day| day.to_string());
    for cells in [numbers.clone(), written.iter().map(|day| Cell::Text(day)).collect()] {
        let (kind, order, reason) = kind(&cells);
        assert_eq!((kind, order), (FeatureType::Date, Some(DateOrder::Compact)));
        assert!(reason.ends_with("as yyyymmdd; declare the column 'numeric' if these are numbers"));
    }
    // One that is no day, and too few to tell.
    let other = [numbers.clone(), vec![Cell::Number(20_240_230.0)]].concat();
    assert_eq!(kind(&other).0, FeatureType::Numeric);
    assert_eq!(kind(&numbers[..4]).0, FeatureType::Numeric);
    let declared = Some(Declared::As(FeatureType::Date));
    let feature = &schema(&numbers[..2], declared).unwrap().features[0];
    assert_eq!(feature.date_order, Some(DateOrder::Compact));
    let numeric = Some(Declared::As(FeatureType::Numeric));
    assert_eq!(schema(&numbers, numeric).unwrap().features[0].kind, FeatureType::Numeric);
}

#[test]
fn dates_and_times_of_day_do_not_mix() {
    let mixed = texts(&["2024-01-01", "12:30", "2024-01-02", "13:30"]);
    assert_eq!(kind(&mixed).0, FeatureType::Categorical);
}

/// What a column of these cells becomes in the rows of another.
fn encoded(
    learnt: &[Cell<'_>],
    declared: Option<Declared>,
    cells: &[Cell<'_>],
) -> Result<Vec<f32>> {
    let schema = schema(learnt, declared)?;
    let rows: Vec<usize> = (0..ROWS).collect();
    let encoder = Encoder::fit(&table(learnt), &schema, &rows)?;
    Ok(encoder.encode_rows(&table(cells), &[0], false)?.numeric)
}

#[test]
fn the_same_day_is_the_same_however_it_is_written() {
    let learnt = texts(&["2024-01-05", "2023-02-01", "2022-12-24"]);
    let day = encoded(&learnt, None, &learnt).unwrap();
    for cell in [
        Cell::Text("5 January 2024"),
        Cell::Text("Jan 5, 2024"),
        Cell::Text("20240105"),
        Cell::Number(20_240_105.0),
        Cell::Number(45_296.0),
        Cell::Text("45296"),
        Cell::Number(1_704_412_800.0),
        Cell::Number(1_704_412_800_000.0),
    ] {
        assert_eq!(encoded(&learnt, None, &[cell]).unwrap(), day, "{cell:?}");
    }
    for (order, number) in [
        (DateOrder::UnixMs, 1_704_412_800_000.0),
        (DateOrder::UnixS, 1_704_412_800.0),
        (DateOrder::Excel, 45_296.0),
    ] {
        let others = learnt.iter().map(|_| Cell::Number(number));
        let declared = Some(Declared::Date(order));
        let known =
            encoded(&others.collect::<Vec<_>>(), declared, &[Cell::Number(number)]).unwrap();
        // The year is scaled by its own mean.
        assert_eq!(known[1..], day[1..], "{order:?}");
    }
}

#[test]
fn times_of_day_are_circles_and_take_no_dates() {
    let learnt = texts(&["06:00", "12:00", "18:30"]);
    let noon = encoded(&learnt, None, &[Cell::Text("12:00")]).unwrap();
    assert_eq!(encoded(&learnt, None, &[Cell::Text("12:00 PM")]).unwrap(), noon);
    // As Excel has it.
    assert_eq!(encoded(&learnt, None, &[Cell::Number(0.5)]).unwrap(), noon);
    assert_ne!(encoded(&learnt, None, &[Cell::Text("06:00")]).unwrap(), noon);
    for cell in [Cell::Text("2024-01-01 12:00"), Cell::Number(45_296.0), Cell::Text("noon")] {
        let error = encoded(&learnt, None, &[cell]).unwrap_err().to_string();
        assert!(error.contains("expected a time of day such as 12:30"), "{error}");
    }
}

#[test]
fn numbers_that_look_like_dates_say_how_to_declare_them() {
    let reason = |name: &str, of: &dyn Fn(usize) -> f64| {
        let mut builder = TableBuilder::from_rows([name, "t"].map(str::to_owned));
        for (row, class) in (0..ROWS).zip(["p", "q"].iter().cycle()) {
            builder.push(0, [Cell::Number(of(row)), Cell::Text(class)]);
        }
        let schema = Schema::infer(&builder.build(), &SchemaOptions::default()).unwrap();
        schema.features[0].reason.clone()
    };
    let ms = |row| 1_704_412_800_000.0 + 86_400_000.0 * row as f64;
    for (name, of, hint) in [
        ("x", &ms as &dyn Fn(usize) -> f64, "declare 'date-unix-ms' if they are dates as mill"),
        ("sold_at", &|row| ms(row) / 1000.0, "declare 'date-unix-s' if they are dates as sec"),
        ("Day", &|row| 45_296.0 + row as f64, "declare 'date-excel' if they are dates as Excel"),
    ] {
        assert!(reason(name, of).contains(hint), "{}", reason(name, of));
    }
    for (name, of) in [
        ("x", &(|row| ms(row) / 1000.0) as &dyn Fn(usize) -> f64),
        ("price", &|row| 45_296.0 + row as f64),
        ("day", &|row| row as f64),
        ("x", &|row| ms(row) + 0.5),
    ] {
        assert_eq!(reason(name, of), "every one of 40 cells is a number");
    }
}
