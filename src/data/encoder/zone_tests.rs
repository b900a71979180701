//! `Date` cells for which no time zone was named: which of them an encoder refuses.

use super::super::column::Column;
use super::super::feature::{Declared, FeatureType};
use super::super::schema::{Schema, SchemaOptions};
use super::super::table::{Cell, Table};
use super::super::zone::{OpenDates, TimeZone};
use super::{Encoder, Times};
use crate::error::Code;

/// A column of dates and a target.
fn table(day: impl Fn(usize) -> String) -> Table {
    let mut column = Column::new("day");
    (0..28).for_each(|row| column.push(Cell::Text(&day(row))));
    let target = Column::of_numbers("y", (0..28).map(|row| f64::from(row) * 1.5).collect());
    Table::of_columns(vec![column, target]).unwrap()
}

fn fitted(table: &Table, zone: Option<&str>) -> Encoder {
    let time_zone = zone.and_then(TimeZone::parse);
    let schema = Schema::infer(table, &SchemaOptions { time_zone, ..Default::default() }).unwrap();
    Encoder::fit(table, &schema, &(0..28).collect::<Vec<_>>()).unwrap()
}

/// A row of this cell, which shows otherwise by the clocks of the process.
fn asked(utc: &str, local: &str) -> Table {
    let mut column = Column::new("day");
    column.push(Cell::Missing);
    column.push(Cell::Text(utc));
    let mut open = OpenDates::default();
    open.see("day", 1, utc, local);
    Table::of_columns(vec![column]).unwrap().with_open(open)
}

#[test]
fn days_refuse_another_day_and_take_midnights_of_utc() {
    let days = table(|row| format!("2024-03-{:02}", row + 1));
    let encoder = fitted(&days, None);
    assert_eq!(encoder.features()[0].times(), Some(&Times::Plain));
    let error = encoder.encode(&asked("2024-03-30T22:00:00.000Z", "2024-03-31")).unwrap_err();
    assert_eq!(
        error.to_string(),
        "rows[1], column \"day\": this Date is 2024-03-30 22:00 in UTC and 2024-03-31 00:00 in the \
         time zone of this process, and the model learnt dates without a time of day; say with the \
         option timeZone which is meant: 'UTC', 'local' or a zone such as 'Europe/Berlin'"
    );
    assert_eq!(error.code(), Code::Rows);
    assert_eq!(error.place().option.as_deref(), Some("timeZone"));
    for (utc, local) in [
        ("2024-03-31T00:00:00.000Z", "2024-03-30T20:00:00.000"),
        ("2024-03-31T04:00:00.000Z", "2024-03-31"),
        ("2024-03-31T12:00:00.000Z", "2024-03-31T14:00:00.000"),
    ] {
        encoder.encode(&asked(utc, local)).unwrap();
    }
}

#[test]
fn days_that_are_categories_refuse_another_day() {
    let days = table(|row| format!("2024-03-3{}", row % 2));
    let types = vec![("day".to_owned(), Declared::As(FeatureType::Categorical))];
    let schema = Schema::infer(&days, &SchemaOptions { types, ..Default::default() }).unwrap();
    let encoder = Encoder::fit(&days, &schema, &(0..28).collect::<Vec<_>>()).unwrap();
    let error = encoder.encode(&asked("2024-03-30T22:00:00.000Z", "2024-03-31")).unwrap_err();
    assert!(error.message().contains("the model learnt days as categories"), "{error}");
    encoder.encode(&asked("2024-03-31T00:00:00.000Z", "2024-03-30T20:00:00.000")).unwrap();
}

#[test]
fn times_without_an_offset_refuse_another_time_and_times_in_utc_refuse_none() {
    let cell = asked("2024-03-31T12:00:00.000Z", "2024-03-31T14:00:00.000");
    let naive = fitted(&table(|row| format!("2024-03-{:02} {:02}:30", row + 1, row % 24)), None);
    assert_eq!(naive.features()[0].times(), Some(&Times::Naive));
    let error = naive.encode(&cell).unwrap_err();
    assert!(error.message().contains("times of day without an offset from UTC"), "{error}");
    let utc = fitted(&table(|row| format!("2024-03-{:02}T{:02}:30Z", row + 1, row % 24)), None);
    assert_eq!(utc.features()[0].times(), Some(&Times::Plain));
    utc.encode(&cell).unwrap();
}

#[test]
fn zone_and_times_are_kept_in_files_and_those_of_before_have_none() {
    let days = table(|row| format!("2024-03-{:02}", row + 1));
    let text = serde_json::to_string(&fitted(&days, None)).unwrap();
    assert!(!text.contains("time_zone") && !text.contains("times"), "{text}");
    let midnights = table(|row| format!("2024-03-{:02}T{}:00:00.000Z", row + 1, 22 + row % 2));
    let encoder = fitted(&midnights, Some("Europe/Berlin"));
    let warnings = encoder.warnings();
    let begins = "Every time of day in \"day\" is 22:00 or 23:00 UTC, which is midnight at ";
    assert!(matches!(warnings.as_slice(), [one] if one.starts_with(begins)), "{warnings:?}");
    assert_eq!(fitted(&days, None).warnings(), [""; 0]);
    let text = serde_json::to_string(&encoder).unwrap();
    let again: Encoder = serde_json::from_str(&text).unwrap();
    assert_eq!(again, encoder);
    again.check().unwrap();
    for (was, is) in [("Europe/Berlin", "Europe\\nBerlin"), ("[22.0,23.0]", "[22.0,29.0]")] {
        assert!(text.contains(was), "{text}");
        assert!(serde_json::from_str::<Encoder>(&text.replace(was, is)).unwrap().check().is_err());
    }
}
