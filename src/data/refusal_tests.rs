//! A few other texts among numbers or dates are an error at any share of the rows, and so are
//! numbers in another spelling; what is a column of names stays one at any share.

use super::*;
use crate::data::{
    Cell, Declared, FeatureType, Schema, SchemaOptions, TableBuilder, TargetChoice, TaskType, Unit,
};

/// Every share of rows, in percent, at which an other text may stand.
const SHARES: [usize; 9] = [1, 2, 5, 8, 15, 30, 60, 90, 97];
const ROWS: usize = 1000;

/// A file of a column `x`, a number and a target of two classes.
fn table(cells: &[String]) -> Table {
    let mut builder = TableBuilder::from_files(["x", "n", "t"].map(str::to_owned));
    builder.start_file("t.csv");
    for (row, cell) in cells.iter().enumerate() {
        let number = (row * 7 % 100).to_string();
        let cell = if cell.is_empty() { Cell::Missing } else { Cell::Text(cell) };
        let class = Cell::Text(["p", "q"][row % 2]);
        builder.push(row as u64 + 2, [cell, Cell::Text(&number), class]);
    }
    builder.build()
}

/// Cells of which a share, spread over the rows, are others.
fn mixed(
    share: usize,
    usual: impl Fn(usize) -> String,
    other: impl Fn(usize) -> String,
) -> Vec<String> {
    let is_other = |row: &usize| (row * 37 + 11) % 100 < share;
    (0..ROWS).map(|row| if is_other(&row) { other(row) } else { usual(row) }).collect()
}

/// What the column is as a feature: its type, or why it is none, or the error.
fn as_feature(cells: &[String]) -> std::result::Result<FeatureType, String> {
    let schema = Schema::infer(&table(cells), &SchemaOptions::default());
    let schema = schema.map_err(|error| error.to_string())?;
    let found = schema.features.iter().find(|feature| feature.name == "x");
    found.map(|feature| feature.kind).ok_or_else(|| schema.dropped[0].reason.clone())
}

fn as_target(cells: &[String]) -> std::result::Result<TaskType, String> {
    let targets = vec![TargetChoice::new("x", None)];
    let options = SchemaOptions { targets, ..SchemaOptions::default() };
    let schema = Schema::infer(&table(cells), &options).map_err(|error| error.to_string())?;
    Ok(schema.tasks[0].kind)
}

fn times(text: &str) -> impl Fn(usize) -> String {
    move |_| text.to_owned()
}

#[test]
fn an_unknown_token_among_numbers_is_an_error_at_any_share() {
    let price = |row: usize| format!("{}.25", row * 13 % 997);
    let whole = |row: usize| (row * 13 % 997).to_string();
    for share in SHARES {
        for cells in [mixed(share, price, times("unknown")), mixed(share, whole, times("unknown"))]
        {
            let count = cells.iter().filter(|cell| *cell == "unknown").count();
            let first = cells.iter().position(|cell| cell == "unknown").unwrap() + 2;
            let message = as_feature(&cells).unwrap_err();
            assert_eq!(
                message,
                format!(
                    "t.csv line {first}, column \"x\": {} of 1000 cells are numbers, but not \
                     \"unknown\" ({count} cells, the first in line {first}); set csv: {{ missing: \
                     ['unknown'] }} if it means a missing cell, or set features: {{ types: {{ x: \
                     'categorical' }} }} if they are names",
                    1000 - count
                ),
                "{share} %"
            );
            let message = as_target(&cells).unwrap_err();
            let cure = "or set targets: { x: 'classification' } if they are classes";
            assert!(message.contains(&format!("\"unknown\" ({count} cells")), "{message}");
            assert!(message.ends_with(cure), "{message}");
        }
    }
}

#[test]
fn several_tokens_are_named_each_with_its_count() {
    let tokens = |row: usize| ["unknown", "n. v.", "it's off"][row % 3].to_owned();
    for share in SHARES {
        let cells = mixed(share, |row| format!("{row}.5"), tokens);
        let message = as_feature(&cells).unwrap_err();
        assert!(message.contains("but not \""), "{share} %: {message}");
        for literal in ["'unknown'", "'n. v.'", "'it\\'s off'"] {
            assert!(message.contains(literal), "{share} %: {message}");
        }
        assert!(message.contains("if they mean missing cells"), "{message}");
    }
    // Of many, five are named.
    let notes = |row: usize| format!("note {}", (b'a' + (row % 23) as u8) as char);
    let message = as_feature(&mixed(30, |row| format!("{row}.5"), notes)).unwrap_err();
    let cure = " and 18 other texts; correct them, or list them all in csv.missing if they mean \
                missing cells, or set features";
    assert!(message.contains(cure), "{message}");
    // Of some, five are named, and all stand in the option to paste.
    let notes = |row: usize| format!("note {}", (b'a' + (row % 20) as u8) as char);
    let message = as_feature(&mixed(30, |row| format!("{row}.5"), notes)).unwrap_err();
    assert!(message.contains(" and 15 other texts; set csv: { missing: ['note "), "{message}");
    let (_, option) = message.split_once("missing: [").unwrap();
    let (option, _) = option.split_once(']').unwrap();
    assert_eq!(option.split(", ").count(), 20, "{message}");
    assert!(!message.contains('…'), "{message}");
}

#[test]
fn notes_that_all_differ_are_an_error_as_long_as_numbers_are_most() {
    let letters = |row: usize| -> String {
        [row / 676, row / 26, row].iter().map(|i| (b'a' + (i % 26) as u8) as char).collect()
    };
    for share in [1, 5, 8, 15, 30, 45] {
        for usual in [|row: usize| format!("{row}.5"), |row: usize| row.to_string()] {
            let message = as_feature(&mixed(share, usual, letters)).unwrap_err();
            assert!(message.contains("cells are numbers, but not"), "{share} %: {message}");
        }
        // Measures among codes are measures, and dropping them would be a guess.
        let message = as_feature(&mixed(share, |row| format!("{row}.5"), |row| format!("A{row}")));
        assert!(message.unwrap_err().contains("cells are numbers"), "{share} %");
    }
    for share in [60, 90] {
        let found = as_feature(&mixed(share, |row| format!("{row}.5"), letters));
        assert!(found.unwrap_err().starts_with("identifier-like"), "{share} %");
    }
}

#[test]
fn codes_of_which_some_are_numbers_are_names() {
    // As the tickets of a ship or the articles of a shop.
    for share in [15, 30, 60, 90, 97] {
        let often =
            mixed(share, |row| (row % 90 + 100).to_string(), |row| format!("A{}", row % 70));
        assert_eq!(as_feature(&often), Ok(FeatureType::Categorical), "{share} %");
        let once = mixed(share, |row| row.to_string(), |row| format!("A{row}"));
        assert!(as_feature(&once).unwrap_err().starts_with("identifier-like"), "{share} %");
    }
    // Where nearly all are numbers, who knows: that is asked.
    for share in [1, 5] {
        let once = mixed(share, |row| row.to_string(), |row| format!("A{row}"));
        assert!(as_feature(&once).unwrap_err().contains("features: { types:"), "{share} %");
    }
}

#[test]
fn few_whole_numbers_beside_texts_are_names_at_any_share() {
    for share in SHARES.into_iter().filter(|share| *share < 97) {
        let grades = mixed(share, |row| (row % 3 + 1).to_string(), times("N"));
        assert_eq!(as_feature(&grades), Ok(FeatureType::Categorical), "{share} %");
        assert_eq!(as_target(&grades), Ok(TaskType::Classification), "{share} %");
        let grades = mixed(share, |row| (row % 9).to_string(), |row| ["A", "B"][row % 2].into());
        assert_eq!(as_feature(&grades), Ok(FeatureType::Categorical), "{share} %");
    }
    // Of 30 cells that are left, ten numbers are three times each.
    let words = mixed(90, |row| ["yes", "no"][row % 2].into(), times("unknown"));
    assert_eq!(as_feature(&words), Ok(FeatureType::Categorical));
    let one = mixed(97, |row| format!("name {}", row % 40), times("7.5"));
    assert_eq!(as_feature(&one), Ok(FeatureType::Categorical));
}

#[test]
fn a_few_fractions_are_no_names() {
    let half = mixed(10, |row| format!("{}.5", row % 7), times("unknown"));
    assert!(as_feature(&half).unwrap_err().contains("but not \"unknown\" (100 cells"));
}

#[test]
fn other_cells_among_dates_are_an_error_at_any_share() {
    let day = |row: usize| format!("2011-{:02}-{:02}", row % 12 + 1, row % 28 + 1);
    let slashed = |row: usize| format!("{}/{}/2011", row % 28 + 1, row % 12 + 1);
    for share in SHARES {
        for cells in [mixed(share, day, times("never")), mixed(share, slashed, times("20110101"))] {
            let message = as_feature(&cells).unwrap_err();
            assert!(message.contains("cells are dates, but not"), "{share} %: {message}");
            assert!(message.contains("missing: ['"), "{share} %: {message}");
            assert!(as_target(&cells).unwrap_err().contains("cells are dates"), "{share} %");
        }
    }
    let numbers = mixed(5, |row| format!("{row}.5"), times("1/2/2011"));
    assert!(as_feature(&numbers).unwrap_err().contains("cells are numbers, but not \"1/2/2011\""));
    let names = mixed(90, |row| format!("2011-01-0{}", row % 2 + 1), |row| format!("n{}", row % 9));
    assert_eq!(as_feature(&names), Ok(FeatureType::Categorical));
}

#[test]
fn a_few_leading_zeros_do_not_make_codes_of_numbers() {
    for share in [1, 2, 5] {
        let cells = mixed(share, |row| (row * 7).to_string(), times("007"));
        let message = as_feature(&cells).unwrap_err();
        assert!(message.contains("\"007\" ("), "{message}");
        assert!(message.contains("set features: { types: { x: 'numeric' } } if they are numbers"));
        assert!(as_target(&cells).unwrap_err().contains("targets: { x: 'regression' }"));
    }
    let codes =
        mixed(3, |row| (10_000 + row % 50).to_string(), |row| format!("0{}", row % 9 + 1000));
    assert_eq!(as_feature(&codes), Ok(FeatureType::Categorical));
}

#[test]
fn numbers_in_another_spelling_name_the_option_that_reads_them() {
    let big = |row: usize| format!("{},{:03}", row % 89 + 1, row * 7 % 1000);
    type Case<'a> = (&'a dyn Fn(usize) -> String, &'a str, &'a str);
    let cases: [Case<'_>; 14] = [
        (&|row| format!("${},234", row % 89 + 1), "written with a currency", "x: 'currency'"),
        (&|row| format!("{row} €"), "written with a currency", "x: 'currency'"),
        (&|row| format!("CHF {row}"), "written with a currency", "x: 'currency'"),
        (&|row| format!("({row})"), "written with parentheses", "x: 'currency'"),
        (&|row| format!("{row}%"), "written with a percent sign", "x: 'percent'"),
        (&|row| format!("{row} %"), "written with a percent sign", "x: 'percent'"),
        (&|row| format!("{row}.234,5{}", row % 9), "between thousands", "thousands: '.'"),
        (&|row| format!("{} 234", row % 97 + 1), "with blanks between", "csv: { thousands: ' ' }"),
        (&|row| format!("{}\u{202f}234", row % 97 + 1), "with blanks", "csv: { thousands: ' ' }"),
        (&|row| format!("{}’234", row % 97 + 1), "between thousands", "csv: { thousands: '\\'' }"),
        (&big, "between thousands", "csv: { thousands: ',' }"),
        (&|row| format!("{row} kg"), "with a unit, such as \"kg\"", "strip it from the cells"),
        (&|row| format!("{row}.5kg"), "with a unit, such as \"kg\"", "strip it from the cells"),
        (&|row| format!("<{row}.5"), "written with a comparison sign", "write a number for each"),
    ];
    for (cell, what, cure) in cases {
        let cells: Vec<String> = (0..200).map(cell).collect();
        let message = as_feature(&cells).unwrap_err();
        assert!(message.contains(what), "{message}");
        assert!(message.contains(cure), "{message}");
        assert!(message.contains("features: { types: { x: 'categorical' } }"), "{message}");
        assert!(message.starts_with("t.csv line "), "{message}");
        let message = as_target(&cells).unwrap_err();
        assert!(message.contains("targets: { x: 'classification' }"), "{message}");
    }
    let dollars: Vec<String> = (0..50).map(|row| format!("${row}")).collect();
    assert!(
        as_target(&dollars)
            .unwrap_err()
            .contains("targets: { x: { type: 'regression', format: 'currency' } }")
    );
}

#[test]
fn a_few_numbers_in_another_spelling_are_found_among_many_and_many_among_a_few() {
    for share in SHARES {
        let cells = mixed(share, |row| format!("{row}.5"), |row| format!("${row}.5"));
        assert!(as_feature(&cells).unwrap_err().contains("x: 'currency'"), "{share} %");
        let cells = mixed(share, |row| format!("{row} kg"), times("unknown"));
        assert!(as_feature(&cells).unwrap_err().contains("strip it"), "{share} %");
        let cells = mixed(share, |row| format!("{row}%"), |row| row.to_string());
        let message = as_feature(&cells).unwrap_err();
        let written = "written with a percent sign, which other numbers lack";
        assert!(message.contains(written), "{message}");
    }
}

#[test]
fn few_spelled_numbers_and_texts_with_numbers_in_them_are_names() {
    let cases: [&dyn Fn(usize) -> String; 7] = [
        &|row| format!("{}GB", 1 << (row % 6)),
        &|row| format!("{}%", row % 4 * 25),
        &|row| format!("${}", row % 5),
        &|row| [" 36 months", " 60 months"][row % 2].into(),
        &|row| format!("{} {} St", row % 40, ["Oak", "Elm", "Main", "High", "Park"][row % 5]),
        &|row| format!("{}{}", row % 30 + 1, ["A", "B", "C"][row % 3]),
        &|row| format!("{}{}", row % 10, ["st", "nd", "rd", "th"][row % 4]),
    ];
    for cell in cases {
        let cells: Vec<String> = (0..400).map(cell).collect();
        assert_eq!(as_feature(&cells), Ok(FeatureType::Categorical), "{}", cells[0]);
    }
    let times: Vec<String> =
        (0..400).map(|row| format!("{}:{:02}", row % 24, row % 4 * 15)).collect();
    assert_eq!(as_feature(&times), Ok(FeatureType::Date));
}

#[test]
fn units_are_read_where_they_are_declared() {
    let infer = |cells: &[&str], unit: Unit| {
        let cells: Vec<String> = cells.iter().map(|&cell| cell.to_owned()).collect();
        let types = vec![("x".to_owned(), Declared::Numbers(unit))];
        Schema::infer(&table(&cells), &SchemaOptions { types, ..SchemaOptions::default() })
    };
    let currency = Unit::Currency { currency: None };
    let feature = infer(&["$1,234", "", "(5)"], currency).unwrap().features.remove(0);
    assert_eq!((feature.kind, feature.missing_cells), (FeatureType::Numeric, 1));
    assert_eq!(feature.reason, "declared 'currency' by features.types");
    let json = serde_json::to_value(&feature).unwrap();
    assert_eq!((&json["format"], &json["currency"]), (&"currency".into(), &"USD".into()));
    assert_eq!(serde_json::from_value::<crate::data::Feature>(json).unwrap(), feature);
    for (cells, unit, message) in [
        (
            &["$5", "free"][..],
            currency,
            "t.csv line 3, column \"x\": \"free\" is not an amount, and features.types declares it \
             'currency'; set csv: { missing: ['free'] } if it means a missing cell",
        ),
        (
            &["5 €", "$5", "6 €"],
            currency,
            "t.csv line 3, column \"x\": \"$5\" is in another currency than \"5 €\" (line 2), so \
             that the amounts are not to be compared; convert one of them",
        ),
        (
            &["5%", "5"],
            Unit::Percent,
            "t.csv line 3, column \"x\": \"5\" is not a percentage (12%, or the number 0.12), and features.types declares it 'percent'",
        ),
    ] {
        assert_eq!(infer(cells, unit).unwrap_err().to_string(), message);
    }
}

#[test]
fn what_is_declared_numeric_says_what_reads_it() {
    for (cell, hint) in [
        ("$5", "; set features: { types: { x: 'currency' } }"),
        ("5%", "; write all numbers of the column in one way"),
        ("1 234", "; set csv: { thousands: ' ' }"),
        ("1,234.5", "; set csv: { thousands: ',' }"),
        ("1.234,5", "; set csv: { decimal: ',', thousands: '.' }"),
        ("5 kg", "; strip it from the cells"),
        ("five", "; set csv: { missing: ['five'] } if it means a missing cell"),
    ] {
        let types = vec![("x".to_owned(), Declared::As(FeatureType::Numeric))];
        let options = SchemaOptions { types, ..SchemaOptions::default() };
        let error =
            Schema::infer(&table(&["1".to_owned(), cell.to_owned()]), &options).unwrap_err();
        let end = format!("is not a number, and features.types declares it numeric{hint}");
        assert!(error.to_string().ends_with(&end), "{error}");
    }
}

#[test]
fn rows_of_javascript_are_named_by_their_index() {
    let mut builder = TableBuilder::from_rows(["x", "t"].map(str::to_owned));
    for row in 0..200 {
        let odd = row % 4 == 3;
        let cell = if odd { Cell::Text("unknown") } else { Cell::Number(row as f64 / 2.0) };
        builder.push(0, [cell, Cell::Number((row % 2) as f64)]);
    }
    let error = Schema::infer(&builder.build(), &SchemaOptions::default()).unwrap_err();
    assert_eq!(error.place().row, Some(3));
    assert!(error.message().contains("\"unknown\" (50 cells, the first in rows[3])"), "{error}");
}

#[test]
fn names_and_texts_are_pasted_as_javascript_writes_them() {
    assert_eq!(literal("n/a"), "'n/a'");
    assert_eq!(literal("it's \"so\"\n"), "'it\\'s \"so\"\\n'");
    assert_eq!((key("price"), key("$1_a")), ("price".to_owned(), "$1_a".to_owned()));
    assert_eq!(
        (key("a price"), key("1a"), key("")),
        ("'a price'".into(), "'1a'".into(), "''".into())
    );
}

#[test]
fn texts_that_all_differ_are_an_error_as_long_as_most_cells_are_numbers() {
    let whole = |row: usize| (row * 13 % 997).to_string();
    let few = |row: usize| (row % 30).to_string();
    let grade = |row: usize| (row % 5 + 1).to_string();
    let numbers: [&dyn Fn(usize) -> String; 3] = [&whole, &few, &grade];
    let odd: [(&dyn Fn(usize) -> String, &str); 5] = [
        (&|row| format!("{row}*"), "with a mark, such as \"*\", behind them"),
        (&|row| format!("see note {row}"), "cells are numbers, but not \"see note "),
        (&|row| format!("{row}-{}", row + 5), "cells are numbers, but not \""),
        (&|row| format!("{row}?"), "cells are numbers, but not \""),
        (&|row| format!("SEE NOTE {row}"), "cells are numbers, but not \"SEE NOTE "),
    ];
    for share in [5, 10, 15, 30, 45] {
        for (odd, says) in odd {
            for usual in numbers {
                let cells = mixed(share, usual, odd);
                for (message, cure) in [
                    (as_feature(&cells).unwrap_err(), "features: { types: { x: 'categorical' } }"),
                    (as_target(&cells).unwrap_err(), "targets: { x: 'classification' }"),
                ] {
                    assert!(message.contains(says), "{share} %: {message}");
                    assert!(message.contains(cure), "{share} %: {message}");
                    assert!(message.contains("other texts"), "{share} %: {message}");
                }
            }
        }
        let day = |row: usize| format!("2011-01-{:02}", row % 28 + 1);
        let cells = mixed(share, day, |row| format!("see note {row}"));
        assert!(as_feature(&cells).unwrap_err().contains("cells are dates, but not"), "{share} %");
    }
    // Codes stay codes, and the reason tells how many are numbers.
    for share in [60, 85] {
        let cells = mixed(share, |row| row.to_string(), |row| format!("A{row}"));
        let reason = as_feature(&cells).unwrap_err();
        let numbers = cells.iter().filter(|cell| !cell.starts_with('A')).count();
        let end = format!("1000 different texts in 1000 rows, {numbers} of them numbers");
        assert!(reason.starts_with("identifier-like") && reason.ends_with(&end), "{reason}");
        let message = as_target(&cells).unwrap_err();
        assert!(message.contains(&format!("1000 rows, {numbers} of them numbers")), "{message}");
    }
}

#[test]
fn numbers_with_signs_beside_them_are_no_names() {
    let cases: [(&dyn Fn(usize) -> String, &str); 11] = [
        (&|row| format!("€{row}.5M"), "with a multiplier, such as \"M\", behind them, in 200 of"),
        (&|row| format!("${row}.2{}", ["K", "M", "B", "k"][row % 4]), "write all digits of \"$"),
        (&|row| format!("{row}.2M"), "write all digits of \""),
        (&|row| format!("{row}.2 Mio €"), "such as \"Mio\", behind them"),
        (&|row| format!("{row}.00-"), "with the minus behind them"),
        (&|row| format!("{row}_000"), "with '_' between thousands"),
        (&|row| format!("#{row}"), "with a number sign before them"),
        (&|row| format!("№ {row}"), "with a number sign before them"),
        (&|row| format!("{row}*"), "with a mark, such as \"*\", behind them"),
        (
            &|row| format!("- {row}"),
            "a blank between the sign and the digits, in 200 of 200 cells; \
                                     remove the blank, or",
        ),
        (&|row| format!("{}e999", row + 1), "larger than 1.8e308, the largest ones a double holds"),
    ];
    for (cell, says) in cases {
        let all: Vec<String> = (0..200).map(cell).collect();
        let some = mixed(10, |row| row.to_string(), cell);
        for message in [as_feature(&all), as_feature(&some)].map(Result::unwrap_err) {
            assert!(message.contains(says.split(", in 200").next().unwrap()), "{message}");
            assert!(message.contains("features: { types: { x: 'categorical' } }"), "{message}");
            assert!(!message.contains("{  }") && !message.contains("csv: {"), "{message}");
        }
        assert!(as_feature(&all).unwrap_err().contains(says), "{says}");
        assert!(as_target(&all).unwrap_err().contains("targets: { x:"), "{says}");
    }
    // One among numbers.
    for (cell, says) in [
        ("9%", "\"9%\" is a number written with a percent sign, which other numbers lack, in 1 of"),
        ("1.2M", "\"1.2M\" is a number with a multiplier, such as \"M\", behind it, in 1 of"),
        ("- 5", "\"- 5\" is a number with a blank between the sign and the digits, in 1 of"),
        ("1’000", "\"1’000\" is a number with apostrophes between thousands, in 1 of"),
    ] {
        let mut cells: Vec<String> = (0..200).map(|row| row.to_string()).collect();
        cells[7] = cell.to_owned();
        let message = as_feature(&cells).unwrap_err();
        assert!(message.contains(says), "{message}");
    }
}

#[test]
fn the_option_to_paste_holds_the_tokens_that_were_given() {
    use crate::data::MissingTokens;
    let cells = mixed(10, |row| format!("{row}.5"), times("unknown"));
    let texts = |list: &[&str]| list.iter().map(|&text| text.to_owned()).collect::<Vec<_>>();
    for (missing, option) in [
        (MissingTokens::default(), "{ missing: ['unknown'] }"),
        (MissingTokens::default().with(texts(&["-9", "x"])), "{ missing: ['-9', 'x', 'unknown'] }"),
        (MissingTokens::only(texts(&["-9"])), "{ missing: { only: ['-9', 'unknown'] } }"),
        (MissingTokens::only(Vec::new()), "{ missing: { only: ['unknown'] } }"),
    ] {
        let types = vec![("x".to_owned(), Declared::As(FeatureType::Numeric))];
        for types in [Vec::new(), types] {
            let options =
                SchemaOptions { missing: missing.clone(), types, ..SchemaOptions::default() };
            let message = Schema::infer(&table(&cells), &options).unwrap_err().to_string();
            assert!(message.contains(&format!("; set csv: {option} if it means")), "{message}");
        }
    }
}

#[test]
fn a_declared_regression_is_told_what_to_paste() {
    let infer = |cells: &[&str]| {
        let cells: Vec<String> = cells.iter().map(|&cell| cell.to_owned()).collect();
        let targets = vec![TargetChoice::new("x", Some(TaskType::Regression))];
        let options = SchemaOptions { targets, ..SchemaOptions::default() };
        Schema::infer(&table(&cells), &options).unwrap_err().to_string()
    };
    let declared = "and the task is declared a regression; ";
    for (cells, end) in [
        (&["$0", "$1,200"][..], "set targets: { x: { type: 'regression', format: 'currency' } }"),
        (
            &["5%", "7%"],
            "set targets: { x: { type: 'regression', format: 'percent' } } to read 12% as 0.12",
        ),
        (&["1,200.5", "7"], "set csv: { thousands: ',' }"),
        (
            &["1", "n.d.", "2", "3", "n.d.", "4"],
            "2 of 6 cells are none, \"n.d.\" (2 cells, the first in line 3); set csv: { missing: \
             ['n.d.'] } if it means a missing cell",
        ),
        (
            &["a", "b", "1"],
            "2 of 3 cells are none, \"a\" (1 cell, in line 2), \"b\" (1 cell, in line 3)",
        ),
    ] {
        let message = infer(cells);
        assert!(message.ends_with(&format!("{declared}{end}")), "{message}");
    }
}
