//! What columns turn out to be, why, and what they refuse to be declared as.

use super::*;
use crate::data::marks::Wanted;
use crate::data::refusal::Role;
use crate::data::{Encoder, NumberFormat, Schema, SchemaOptions, TableBuilder};
use DateOrder::{DayFirst, MonthFirst};

/// A table of one column `x` and a target of two classes.
fn table(cells: &[&str]) -> Table {
    let mut builder = TableBuilder::from_files(["x", "t"].map(str::to_owned));
    builder.start_file("t.csv");
    for ((cell, line), class) in cells.iter().zip(2..).zip(["p", "q"].iter().cycle()) {
        let cell = if cell.is_empty() { Cell::Missing } else { Cell::Text(cell) };
        builder.push(line, [cell, Cell::Text(class)]);
    }
    builder.build()
}

fn found(
    cells: &[&str],
    declared: Option<Declared>,
) -> Result<std::result::Result<Feature, String>> {
    let table = table(cells);
    let column = &table.columns()[0];
    let format = NumberFormat::POINT.with(declared.and_then(Declared::unit));
    let mut wanted = Wanted::new(column, Role::Feature, format, true);
    wanted.look();
    feature(&wanted.asked(&table), declared)
}

fn kind(cells: &[&str]) -> (FeatureType, Option<DateOrder>, String) {
    let feature = found(cells, None).unwrap().unwrap();
    (feature.kind, feature.date_order, feature.reason)
}

fn refused(cells: &[&str], declared: Option<Declared>) -> String {
    let error = found(cells, declared).unwrap_err();
    assert_eq!(error.code(), Code::Schema);
    error.to_string()
}

#[test]
fn every_type_has_its_reason() {
    let (numeric, boolean) = (FeatureType::Numeric, FeatureType::Boolean);
    let (categorical, date) = (FeatureType::Categorical, FeatureType::Date);
    let cases: [(&[&str], _, _, &str); 11] = [
        (&["1", "2.5", "", "-3e4"], numeric, None, "every one of 3 cells is a number"),
        (&["0", "1", "1"], numeric, None, "every one of 3 cells is a number"),
        (&["yes", "No", ""], boolean, None, "every one of 2 cells is one of two opposite words"),
        (&["true", "false"], boolean, None, "every one of 2 cells is one of two opposite words"),
        (&["yes", "false"], categorical, None, "text with 2 different values"),
        (&["yes", "no", "1"], categorical, None, "text with 3 different values"),
        (
            &["01", "02", "17"],
            categorical,
            None,
            "numbers with leading zeros: a code, with 3 different values",
        ),
        (
            &["1,5", "2,5", "1,5"],
            categorical,
            None,
            "text with 2 different values; numbers if csv.decimal is ','",
        ),
        (&["2011-01-01", "2012-02-29 05:00"], date, None, "every one of 2 cells is a date"),
        (
            &["1/31/2011", "1/2/2011", "2011-01-01"],
            date,
            Some(MonthFirst),
            "every one of 3 cells is a date, with the month first",
        ),
        (
            &["1.2.2011", "2.2.2011"],
            date,
            Some(DayFirst),
            "every one of 2 cells is a date, with the day first",
        ),
    ];
    for (cells, expected, order, reason) in cases {
        assert_eq!(kind(cells), (expected, order, reason.to_owned()), "{cells:?}");
    }
}

#[test]
fn dates_in_unknown_order_stay_text_and_say_so() {
    let (kind, _, reason) = kind(&["1/2/2011", "2/2/2011", "1/2/2011"]);
    assert_eq!(kind, FeatureType::Categorical);
    assert!(reason.contains("declare 'date-dmy' or 'date-mdy'"), "{reason}");
    let (kind, _, reason) = super::tests::kind(&["31/1/2011", "1/31/2011", "1/31/2011"]);
    assert_eq!(kind, FeatureType::Categorical);
    assert!(reason.contains("some only with the month"), "{reason}");
}

#[test]
fn unique_dates_are_no_identifiers_but_unique_texts_are() {
    let days: Vec<String> = (1..=30).map(|day| format!("2011-01-{day:02}")).collect();
    let days: Vec<&str> = days.iter().map(String::as_str).collect();
    assert_eq!(kind(&days).0, FeatureType::Date);
    let texts: Vec<String> = (0..30).map(|i| format!("id-{i}")).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let reason = found(&texts, None).unwrap().unwrap_err();
    let expected = "identifier-like: 30 different texts in 30 rows";
    assert_eq!(reason, expected);
    let declared = Some(Declared::As(FeatureType::Categorical));
    assert_eq!(found(&texts, declared).unwrap().unwrap().reason, "declared by features.types");
}

#[test]
fn a_declared_type_must_fit_every_cell() {
    let date = Some(Declared::As(FeatureType::Date));
    let cases: [(&[&str], _, &str); 7] = [
        (
            &["yes", "maybe"],
            Some(Declared::As(FeatureType::Boolean)),
            "t.csv line 3, column \"x\": \"maybe\" is not true or false, and features.types \
             declares it boolean",
        ),
        (
            &["2011-01-01", "", "soon"],
            date,
            "t.csv line 4, column \"x\": \"soon\" is not a date, and features.types declares it a \
             date",
        ),
        (
            &["2011-01-01", "2011"],
            date,
            "t.csv line 3, column \"x\": \"2011\" is not a date, and features.types declares it a \
             date",
        ),
        (
            &["2011-01-01", "1/2/2011"],
            date,
            "t.csv line 3, column \"x\": day and month cannot be told apart, here \"1/2/2011\" \
             and in all rows; declare 'date-dmy' or 'date-mdy'",
        ),
        (
            &["31/1/2011", "1/31/2011"],
            date,
            "t.csv line 3, column \"x\": \"1/31/2011\" is not a date with the day first, as \
             others are, and features.types declares it a date",
        ),
        (
            &["1/2/2011", "1/31/2011"],
            Some(Declared::Date(DayFirst)),
            "t.csv line 3, column \"x\": \"1/31/2011\" is not a date with the day first, and \
             features.types declares it 'date-dmy'",
        ),
        (
            &["1.2.2011"],
            Some(Declared::Date(MonthFirst)),
            "t.csv line 2, column \"x\": \"1.2.2011\" is not a date with the month first, and \
             features.types declares it 'date-mdy'",
        ),
    ];
    for (cells, declared, message) in cases {
        assert_eq!(refused(cells, declared), message);
    }
    let fine = found(&["1/2/2011", ""], Some(Declared::Date(DayFirst))).unwrap().unwrap();
    assert_eq!((fine.date_order, fine.missing_cells), (Some(DayFirst), 1));
    let numbers = found(&["0", "1"], Some(Declared::As(FeatureType::Boolean))).unwrap().unwrap();
    assert_eq!(numbers.kind, FeatureType::Boolean);
}

#[test]
fn a_few_other_cells_among_dates_are_named() {
    let mut days: Vec<String> = (0..100).map(|i| format!("2011-01-{:02}", i % 28 + 1)).collect();
    days[7] = "unknown".to_owned();
    days[9] = "20110101".to_owned();
    let days: Vec<&str> = days.iter().map(String::as_str).collect();
    let message = refused(&days, None);
    assert!(
        message.starts_with(
            "t.csv line 9, column \"x\": 98 of 100 cells are dates, but not \"unknown\" (1 cell, \
             in line 9), \"20110101\" (1 cell, in line 11); set csv: { missing: ['unknown', \
             '20110101'] }"
        ),
        "{message}"
    );
}

#[test]
fn a_column_that_is_empty_is_dropped_and_can_be_declared_back() {
    assert_eq!(found(&["", ""], None).unwrap().unwrap_err(), "empty: every cell is missing");
    for kind in
        [FeatureType::Numeric, FeatureType::Categorical, FeatureType::Boolean, FeatureType::Date]
    {
        let table = table(&["", "", "", ""]);
        let types = vec![("x".to_owned(), Declared::As(kind))];
        let schema = Schema::infer(&table, &SchemaOptions { types, ..Default::default() }).unwrap();
        let encoder = Encoder::fit(&table, &schema, &[0, 1, 2, 3]).unwrap();
        encoder.check().unwrap();
        let encoded = encoder.encode(&table).unwrap();
        assert!(encoded.numeric.iter().all(|number| *number == 0.0 || *number == 1.0), "{kind:?}");
    }
}

#[test]
fn dropped_columns_say_who_dropped_them() {
    let table = table(&["1", "2"]);
    let dropped = |options: SchemaOptions| {
        let error = Schema::infer(&table, &options).unwrap_err();
        assert_eq!(error.code(), Code::Schema);
        error.to_string()
    };
    let exclude = vec!["x".to_owned()];
    let message = dropped(SchemaOptions { exclude, ..Default::default() });
    assert!(message.ends_with("\"x\" (named by features.exclude)"), "{message}");
    let message = dropped(SchemaOptions { include: Some(vec![]), ..Default::default() });
    assert!(message.ends_with("\"x\" (not named by features.include)"), "{message}");
    let types = vec![("x".to_owned(), Declared::Ignore)];
    let message = dropped(SchemaOptions { types, ..Default::default() });
    assert!(message.ends_with("\"x\" (ignored, as features.types says)"), "{message}");
}

#[test]
fn booleans_are_one_column_and_dates_are_circles() {
    let header = ["b", "d", "t"].map(str::to_owned);
    let rows = [
        [Cell::Text("yes"), Cell::Text("2011-01-01 06:00"), Cell::Text("p")],
        [Cell::Text("no"), Cell::Text("2013-07-01"), Cell::Text("q")],
        [Cell::Missing, Cell::Missing, Cell::Text("p")],
    ];
    let mut builder = TableBuilder::from_rows(header.clone());
    rows.iter().for_each(|row| builder.push(0, *row));
    let table = builder.build();
    let schema = Schema::infer(&table, &SchemaOptions::default()).unwrap();
    let encoder = Encoder::fit(&table, &schema, &[0, 1, 2]).unwrap();
    // The boolean; the year, three circles, and the mark of a missing date.
    assert_eq!(encoder.inputs().numeric, 1 + 1 + 6 + 1);
    let numbers = encoder.encode(&table).unwrap().numeric;
    let weekday = |day: f64| {
        let angle = day / 7.0 * std::f64::consts::TAU;
        (angle.sin() as f32, angle.cos() as f32)
    };
    let near = |a: &[f32], b: &[f32]| a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-6);
    let (sine, cosine) = weekday(5.0);
    assert!(near(&numbers[..9], &[1.0, -1.0, 0.0, 1.0, sine, cosine, 1.0, 0.0, 0.0]));
    let (sine, cosine) = weekday(0.0);
    assert!(near(&numbers[9..18], &[-1.0, 1.0, 0.0, -1.0, sine, cosine, 0.0, 1.0, 0.0]));
    assert_eq!(numbers[18..], [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0]);

    let odd = |b: Cell<'static>, d: Cell<'static>| {
        let mut builder = TableBuilder::from_rows(header.clone());
        builder.push(0, [b, d, Cell::Missing]);
        encoder.encode(&builder.build())
    };
    odd(Cell::Number(1.0), Cell::Missing).unwrap();
    let error = odd(Cell::Text("maybe"), Cell::Missing).unwrap_err();
    let message = "rows[0], column \"b\": expected true or false, found \"maybe\"";
    assert_eq!((error.code(), error.to_string().as_str()), (Code::Rows, message));
    let error = odd(Cell::Missing, Cell::Text("1/2/2011")).unwrap_err();
    let message =
        "rows[0], column \"d\": expected a date that begins with the year, found \"1/2/2011\"";
    assert_eq!((error.code(), error.to_string().as_str()), (Code::Rows, message));
    let again: Encoder = serde_json::from_str(&serde_json::to_string(&encoder).unwrap()).unwrap();
    assert_eq!(again, encoder);
}

#[test]
fn twenty_thousand_columns_take_no_time_to_speak_of() {
    let names: Vec<String> = (0..20_000).map(|i| format!("column {i}")).collect();
    let mut builder = TableBuilder::from_rows(names.iter().cloned());
    let cells: Vec<String> = (0..20_000).map(|i| i.to_string()).collect();
    for row in 0..4 {
        builder.push(0, cells[row..].iter().chain(&cells[..row]).map(|cell| Cell::Text(cell)));
    }
    let table = builder.build();
    let exclude = names[10_000..19_999].to_vec();
    let types = names[..5000].iter().map(|name| (name.clone(), Declared::Ignore)).collect();
    let options = SchemaOptions { exclude, types, ..Default::default() };
    let began = std::time::Instant::now();
    let schema = Schema::infer(&table, &options).unwrap();
    let encoder = Encoder::fit(&table, &schema, &[0, 1, 2, 3]).unwrap();
    assert_eq!(encoder.encode(&table).unwrap().numeric.len(), 4 * 5000);
    assert_eq!(schema.dropped.len(), 14_999);
    // Each name looked for in a list of all would take minutes.
    assert!(began.elapsed().as_secs() < 20, "{:?}", began.elapsed());
}

#[test]
fn ids_that_are_one_double_are_not_said_to_be_equal() {
    let ids = ["4929123456789012340", "4929123456789012341", "4929123456789012340"];
    let reason = found(&ids, None).unwrap().unwrap_err();
    assert_eq!(
        reason,
        "constant as a number, which does not tell \"4929123456789012340\" from \
         \"4929123456789012341\"; declare the column 'categorical' if these are names"
    );
    let same = found(&[ids[0]; 3], None).unwrap().unwrap_err();
    assert_eq!(same, "constant: every row is \"4929123456789012340\"");
    let declared = Some(Declared::As(FeatureType::Categorical));
    assert_eq!(found(&ids, declared).unwrap().unwrap().kind, FeatureType::Categorical);
}

#[test]
fn numbers_of_rows_beside_a_text_are_different_values() {
    let mut builder = TableBuilder::from_rows(["x", "t"].map(str::to_owned));
    let cells = [Cell::Number(1.0), Cell::Number(2.0), Cell::Text("K"), Cell::Text("2")];
    for row in 0..40 {
        builder.push(0, [cells[row % 4], Cell::Text(["p", "q"][row % 2])]);
    }
    let table = builder.build();
    let mut wanted = Wanted::new(&table.columns()[0], Role::Feature, NumberFormat::POINT, true);
    wanted.look();
    let found = feature(&wanted.asked(&table), None).unwrap().unwrap();
    let words = "text with 3 different values".to_owned();
    assert_eq!((found.kind, found.reason), (FeatureType::Categorical, words));
}
