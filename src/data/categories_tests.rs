//! Which cells are one category, and which are none.

use super::*;
use crate::data::lookup::Found;
use Cell::{Number, Text};

const COMMA: NumberFormat = NumberFormat { decimal: b',', ..NumberFormat::POINT };

fn of(cells: &[Cell<'_>], format: NumberFormat, equal: Equal) -> Categories {
    let mut values = Values::new(format);
    cells.iter().for_each(|cell| values.add(*cell));
    values.finish(equal)
}

/// The categories of a column of texts.
fn texts(texts: &[&str]) -> Categories {
    let cells: Vec<Cell<'_>> = texts.iter().map(|text| Text(text)).collect();
    of(&cells, NumberFormat::POINT, Equal::Written)
}

/// Whether a cell is the category of this name.
fn is(categories: &Categories, cell: Cell<'_>, name: Option<&str>) {
    let code = categories.code(cell);
    let found = code.map(|code| categories.names()[code as usize].as_str());
    assert_eq!(found, name, "{cell:?} in {:?}", categories.names());
}

fn is_refused(categories: &Categories, cell: Cell<'_>, words: &str) {
    match categories.find(cell) {
        Found::Refused(expected) if expected.contains(words) => {}
        found => panic!("{cell:?} in {:?}: {found:?}", categories.names()),
    }
}

#[test]
fn texts_are_sorted_by_name_and_numbers_by_number() {
    assert_eq!(texts(&["b", "a", "b", "10"]).names(), ["10", "a", "b"]);
    let numbers = texts(&["10", "9", "1.0", "1", "-2", "0.5"]);
    assert_eq!(numbers.names(), ["-2", "0.5", "1.0", "9", "10"]);
    is(&numbers, Text("1"), Some("1.0"));
    is(&numbers, Number(10.0), Some("10"));
    is(&numbers, Text("11"), None);
    is(&numbers, Cell::Missing, None);
}

#[test]
fn codes_with_leading_zeros_stay_apart() {
    let codes = texts(&["01", "1"]);
    assert_eq!(codes.names(), ["01", "1"]);
    is(&codes, Text("01"), Some("01"));
    is(&codes, Number(1.0), Some("1"));
    is(&codes, Text("1.0"), Some("1"));
}

#[test]
fn ids_past_2_53_are_as_many_as_their_texts() {
    let ids: Vec<String> = (0..8).map(|i| (4_929_123_456_789_012_340u64 + i).to_string()).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let longer = [
        "12345678901234567890123",
        "12345678901234567890124",
        "0.12345678901234567891",
        "0.12345678901234567892",
        "9007199254740993",
        "9007199254740992",
    ];
    for (ids, equal) in
        [(&ids[..], Equal::Written), (&ids, Equal::Numbers), (&longer, Equal::Written)]
    {
        let cells: Vec<Cell<'_>> = ids.iter().map(|id| Text(id)).collect();
        let categories = of(&cells, NumberFormat::POINT, equal);
        assert_eq!(categories.len(), ids.len());
        ids.iter().for_each(|id| is(&categories, Text(id), Some(id)));
        assert!(categories.names().is_sorted_by_key(|name| Exact::of(name, NumberFormat::POINT)));
        assert_eq!((categories.numbers(), categories.written_twice()), (None, None));
    }
    let ids = texts(&ids);
    is(&ids, Text("4929123456789012340.0"), Some("4929123456789012340"));
    is(&ids, Text("4929123456789012348"), None);
    is_refused(&ids, Number(4_929_123_456_789_012_340.0), "a string");
    is(&ids, Number(4_929_123_456_789_022_340.0), None);
}

#[test]
fn an_id_that_is_the_double_of_another_one_is_unseen() {
    let ids = texts(&["1234567890123456789", "2234567890123456789", "7"]);
    assert_eq!(ids.identity(), Identity::Value);
    is(&ids, Text("1234567890123456788"), None);
    is(&ids, Text("1234567890123456789.00"), Some("1234567890123456789"));
    is_refused(&ids, Number(1_234_567_890_123_456_788.0), "2^53");
    is(&ids, Number(7.0), Some("7"));
    is(&ids, Number(1e300), None);
    // No double tells these apart.
    assert_eq!(ids.numbers(), None);
}

#[test]
fn numbers_in_two_spellings_are_two_categories() {
    for (written, number, first) in [
        (["1.1", "1.10"], 1.1, Some("1.1")),
        (["1.10", "1.1"], 1.1, Some("1.1")),
        (["1E5", "100000"], 1e5, Some("100000")),
        (["1e5", "1E5"], 1e5, None),
        (["2.50", "2.500"], 2.5, None),
        (["01", "1"], 1.0, Some("1")),
        (["1.00", "1"], 1.0, Some("1")),
    ] {
        let versions = texts(&[written[0], written[1], "3"]);
        assert_eq!((versions.len(), versions.identity()), (3, Identity::Text));
        written.iter().for_each(|text| is(&versions, Text(text), Some(text)));
        match first {
            Some(first) => is(&versions, Number(number), Some(first)),
            None => is_refused(&versions, Number(number), "several ways"),
        }
        // What is written in one way only is text too.
        is(&versions, Text("3.0"), Some("3"));
        is(&versions, Text("3.00"), None);
        is(&versions, Number(3.0), Some("3"));
        assert_eq!(versions.numbers(), None);
        let twice = versions.written_twice().unwrap();
        assert!(written.contains(&twice[0]) && written.contains(&twice[1]));
        let cells = [Text(written[0]), Text(written[1]), Text("3")];
        let once = of(&cells, NumberFormat::POINT, Equal::Numbers);
        assert_eq!(once.len(), if written[0].starts_with('0') { 3 } else { 2 });
    }
    let mixed = texts(&["1.1", "1.10", "K"]);
    assert_eq!(mixed.len(), 3);
    is(&mixed, Number(1.1), Some("1.1"));
    let rows = of(&[Number(1.1), Text("1.10"), Number(2.0)], NumberFormat::POINT, Equal::Written);
    assert_eq!(rows.names(), ["1.1", "1.10", "2"]);
}

#[test]
fn a_number_in_one_spelling_is_found_in_any_other() {
    let mixed: &[&str] = &["1.0", "2.50", "K", "1e9", "007"];
    for names in [&["1.0", "2.50", "-3"][..], mixed] {
        let categories = texts(names);
        for text in ["1", "1.0", "+1", " 1 ", "1.00", "1."] {
            is(&categories, Text(text), Some("1.0"));
        }
        for text in ["2.5", "2.50", "2.500", "+2.5"] {
            is(&categories, Text(text), Some("2.50"));
        }
        is(&categories, Number(1.0), Some("1.0"));
        is(&categories, Number(2.5), Some("2.50"));
        is(&categories, Number(9.0), None);
        is(&categories, Text("9"), None);
    }
    let numbers = texts(&["1e+05", "200000", "0", "007"]);
    is(&numbers, Text("100000"), Some("1e+05"));
    is(&numbers, Number(1e5), Some("1e+05"));
    is(&numbers, Text("2E5"), Some("200000"));
    is(&numbers, Number(-0.0), Some("0"));
    is(&numbers, Text("-0"), Some("0"));
    is(&numbers, Number(7.0), Some("007"));
    // Among other texts these are codes.
    let mixed = texts(mixed);
    for cell in [Number(1e9), Text("1000000000"), Text("7"), Text("1E0")] {
        is(&mixed, cell, None);
    }
    // A number has no zeros in front, so that it can only mean the code.
    is(&mixed, Number(7.0), Some("007"));
    is(&texts(&["007", "07", "K"]), Number(7.0), None);
    is(&mixed, Text("1e9"), Some("1e9"));
}

#[test]
fn with_a_decimal_comma_too() {
    let sizes = of(&["1,5", "2,0", "3"].map(Text), COMMA, Equal::Written);
    assert_eq!(sizes.names(), ["1,5", "2,0", "3"]);
    for (cell, name) in [
        (Number(1.5), "1,5"),
        (Text("1,50"), "1,5"),
        (Number(2.0), "2,0"),
        (Text("2"), "2,0"),
        (Text("3,0"), "3"),
    ] {
        is(&sizes, cell, Some(name));
    }
    is_refused(&sizes, Text("1.5"), "decimal mark");
    is(&sizes, Text("4.5"), None);
    let mixed = of(&["1,5", "1,50", "K"].map(Text), COMMA, Equal::Written);
    assert_eq!(mixed.len(), 3);
    is(&mixed, Number(1.5), Some("1,5"));
}

#[test]
fn booleans_are_found_as_each_source_writes_them() {
    let python = texts(&["True", "False", "Unknown"]);
    let javascript = texts(&["true", "false"]);
    let postgres = texts(&["t", "f", "unknown"]);
    let mysql = texts(&["0", "1"]);
    let words = |yes: &'static str, no: &'static str| [("true", yes), ("TRUE", yes), ("False", no)];
    for (categories, yes, no) in [
        (&python, "True", "False"),
        (&javascript, "true", "false"),
        (&postgres, "t", "f"),
        (&mysql, "1", "0"),
    ] {
        for (text, name) in words(yes, no) {
            is(categories, Text(text), Some(name));
        }
        is(categories, Text("yes"), None);
    }
    for (cell, name) in
        [(Text("t"), "True"), (Text("F"), "False"), (Number(1.0), "True"), (Text("0"), "False")]
    {
        is(&python, cell, Some(name));
    }
    is(&postgres, Number(1.0), None);
    is(&postgres, Text("T"), None);
    is(&texts(&["0", "1", "2"]), Text("true"), None);
    is(&texts(&["yes", "no"]), Text("true"), None);
    is(&texts(&["t", "m", "f", "true"]), Text("false"), None);
    is(&texts(&["True", "False", "2"]), Number(1.0), None);
    assert_eq!(texts(&["True", "true", "TRUE", "Unknown"]).names(), ["True", "Unknown"]);
}

#[test]
fn days_are_found_with_and_without_midnight() {
    let midnight = "2024-03-31T00:00:00.000Z";
    let days = texts(&["2024-03-31", "2024-04-01"]);
    is(&days, Text(midnight), Some("2024-03-31"));
    is(&days, Text("2024-03-31 00:00:00"), Some("2024-03-31"));
    is(&days, Text("2024-04-02T00:00:00.000Z"), None);
    is_refused(&days, Text("2024-03-30T22:00:00.000Z"), "a day");
    is_refused(&texts(&["2024-03-31", "never"]), Text("2024-03-30T22:00:00.000Z"), "a day");
    let dates = texts(&[midnight, "2024-04-01T10:30:00.000Z", "never"]);
    is(&dates, Text("2024-03-31"), Some(midnight));
    is(&dates, Text("2024-04-01 10:30"), Some("2024-04-01T10:30:00.000Z"));
    is(&dates, Text("2024-04-01"), None);
}

#[test]
fn blanks_in_quotes_are_none() {
    let padded = texts(&[" NY", "LA "]);
    is(&padded, Text("NY"), Some(" NY"));
    is(&padded, Text("LA"), Some("LA "));
    assert_eq!(texts(&["NY", " NY"]).names(), ["NY"]);
}

#[test]
fn other_spellings_are_found_as_they_say() {
    for names in [
        &["1.0", "2", "K", "1.50"][..],
        &["True", "False", "?"],
        &["t", "f", "u"],
        &["2024-03-31", "2024-04-01T10:30:00.000Z", "x"],
        &["1.1", "1.10", "3"],
        &["12345678901234567890", "4"],
    ] {
        let categories = texts(names);
        let others = categories.other_spellings();
        assert!(!others.is_empty());
        for (text, code) in &others {
            assert!(!names.contains(&text.as_str()), "{text}");
            assert_eq!(categories.find(Text(text)), Found::Code(*code), "{text}");
        }
    }
    let has = |names: &[&str], text: &str, name: &str| {
        let categories = texts(names);
        let found = categories.other_spellings().into_iter().find(|(other, _)| other == text);
        assert_eq!(categories.names()[found.unwrap().1 as usize], name);
    };
    has(&["1.0", "2", "K"], "1", "1.0");
    has(&["1.0", "2", "K"], "2.0", "2");
    has(&["1.50", "K"], "1.5", "1.50");
    has(&["True", "False", "?"], "true", "True");
    has(&["True", "False", "?"], "FALSE", "False");
    has(&["t", "f", "?"], "true", "t");
    has(&["2024-03-31", "x"], "2024-03-31T00:00:00.000Z", "2024-03-31");
    has(&["2024-03-31T10:30:00.000Z", "x"], "2024-03-31 10:30", "2024-03-31T10:30:00.000Z");
}

#[test]
fn they_survive_saving() {
    for categories in [
        texts(&["x", "__proto__"]),
        texts(&["1.1", "1.10"]),
        // Of the spellings that made it a list of texts one may be too rare to be told apart.
        texts(&["1.1", "2"]).compared_as(&texts(&["1.1", "1.10"])),
        of(&["1", "2"].map(Text), NumberFormat::POINT, Equal::Numbers),
        of(&["1,5", "x"].map(Text), COMMA, Equal::Written),
    ] {
        let json = serde_json::to_string(&categories).unwrap();
        assert_eq!(serde_json::from_str::<Categories>(&json).unwrap(), categories);
    }
}

#[test]
fn lists_of_before_are_asked_as_before() {
    let list = |names: &str| -> Categories {
        serde_json::from_str(&format!("{{\"names\":{names},\"decimal\":\".\"}}")).unwrap()
    };
    let numbers = list(r#"["1.0","9","1234567890123456789","007"]"#);
    is(&numbers, Text("1e0"), Some("1.0"));
    is(&numbers, Number(7.0), Some("007"));
    is(&numbers, Text("1234567890123456788"), Some("1234567890123456789"));
    is(&numbers, Number(1_234_567_890_123_456_789.0), Some("1234567890123456789"));
    assert_eq!(numbers.numbers().map(|numbers| numbers.len()), Some(4));
    let mixed = list(r#"["1.0","True","K"]"#);
    for cell in [Text("1"), Number(1.0), Text("true"), Text("K ")] {
        is(&mixed, cell, None);
    }
    is(&mixed, Text("1.0"), Some("1.0"));
    let again = serde_json::to_string(&mixed).unwrap();
    assert_eq!(again, r#"{"names":["1.0","True","K"],"decimal":"."}"#);
}
