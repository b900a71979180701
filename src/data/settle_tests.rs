//! What tokens mean column by column: in training, in a file of validation rows, to a model.

use super::*;
use crate::data::csv::{CsvOptions, read_bytes};
use crate::data::{Encoder, Objective, Source, TableBuilder};

fn texts(list: &[&str]) -> Vec<String> {
    list.iter().map(|text| (*text).to_owned()).collect()
}

/// A table of these columns: from a file, and from rows.
fn tables(columns: &[(&str, &[&str])], csv: &CsvOptions) -> [Table; 2] {
    let rows = columns[0].1.len();
    let mut text = columns.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(",");
    let mut builder = TableBuilder::from_rows(columns.iter().map(|(name, _)| (*name).to_owned()));
    for row in 0..rows {
        let cells: Vec<&str> = columns.iter().map(|(_, cells)| cells[row]).collect();
        text = format!("{text}\n{}", cells.join(","));
        builder.push(0, cells.into_iter().map(Cell::Text));
    }
    let csv = CsvOptions { header: Some(true), delimiter: Some(b','), ..csv.clone() };
    let file = read_bytes("x.csv", text.as_bytes(), &csv).unwrap().table;
    [file, Source::Rows(builder.build()).load(&csv.beside_files()).unwrap().table]
}

fn cells<'a>(table: &'a Table, name: &str) -> Vec<&'a str> {
    let column = table.column(name).unwrap();
    (0..column.len()).map(|row| column.text(row)).collect()
}

fn settled(columns: &[(&str, &[&str])], csv: &CsvOptions, options: &SchemaOptions) -> [Table; 2] {
    let mut tables = tables(columns, csv);
    tables.iter_mut().for_each(|table| settle(table, &csv.missing, options));
    tables
}

#[test]
fn groups_keep_texts_that_are_missing_by_default_unless_they_are_numbers() {
    let csv = CsvOptions::default();
    let columns: &[(&str, &[&str])] =
        &[("name", &["NA", "a", "NA", "b"]), ("id", &["NA", "1", "NA", "2"])];
    for mut table in settled(columns, &csv, &SchemaOptions::default()) {
        for name in ["name", "id", "none"] {
            settle_groups(&mut table, name, &csv.missing, &SchemaOptions::default());
        }
        assert_eq!(cells(&table, "name"), ["NA", "a", "NA", "b"]);
        assert_eq!(cells(&table, "id"), ["", "1", "", "2"]);
    }
}

#[test]
fn a_dash_is_missing_among_numbers_with_a_decimal_comma_that_is_found_later() {
    let csv = CsvOptions::default();
    for (decimal, dash) in [(None, ""), (Some(b','), ""), (Some(b'.'), "-")] {
        let text = b"a;b\n63,5;1\n-;2\n1,5;3\n";
        let mut table = read_bytes("x.csv", text, &csv).unwrap().table;
        settle(&mut table, &csv.missing, &SchemaOptions { decimal, ..Default::default() });
        assert_eq!(cells(&table, "a"), ["63,5", dash, "1,5"]);
    }
}

#[test]
fn a_dash_is_missing_among_numbers_and_dates_and_a_text_elsewhere() {
    let csv = CsvOptions::default();
    let columns: &[(&str, &[&str])] = &[
        ("number", &["1.5", "-", ".", "NA", "2"]),
        ("date", &["2020-01-01", "-", "", ".", "2020-02-03"]),
        ("text", &["a", "-", ".", "NA", "b"]),
        ("code", &["007", "-", "008", "009", "010"]),
        ("stray", &["1", "-", "x", "2", "3"]),
        ("nothing", &["-", "-", "-", "", "-"]),
        ("declared", &["1", "-", "2", "1", "2"]),
    ];
    let kind = Declared::As(FeatureType::Categorical);
    let options =
        SchemaOptions { types: vec![("declared".to_owned(), kind)], ..SchemaOptions::default() };
    for table in settled(columns, &csv, &options) {
        assert_eq!(cells(&table, "number"), ["1.5", "", "", "", "2"]);
        assert_eq!(cells(&table, "date"), ["2020-01-01", "", "", "", "2020-02-03"]);
        assert_eq!(cells(&table, "text"), ["a", "-", ".", "", "b"]);
        assert_eq!(cells(&table, "code"), ["007", "-", "008", "009", "010"]);
        assert_eq!(cells(&table, "stray"), ["1", "-", "x", "2", "3"]);
        assert_eq!(cells(&table, "nothing"), ["-", "-", "-", "", "-"]);
        assert_eq!(cells(&table, "declared"), ["1", "-", "2", "1", "2"]);
    }
}

#[test]
fn declared_types_and_tasks_decide_before_the_cells() {
    let csv = CsvOptions::default();
    let columns: &[(&str, &[&str])] = &[
        ("x", &["1", "-", "oops", "2"]),
        ("y", &["1", "-", "oops", "2"]),
        ("z", &["1", "-", "oops", "2"]),
    ];
    let options = SchemaOptions {
        types: vec![("x".to_owned(), Declared::As(FeatureType::Numeric))],
        targets: vec![
            TargetChoice::new("y", Some(TaskType::Regression)),
            TargetChoice::new("z", Some(TaskType::Classification)),
        ],
        ..SchemaOptions::default()
    };
    for table in settled(columns, &csv, &options) {
        assert_eq!(cells(&table, "x"), ["1", "", "oops", "2"]);
        assert_eq!(cells(&table, "y"), ["1", "", "oops", "2"]);
        assert_eq!(cells(&table, "z"), ["1", "-", "oops", "2"]);
    }
}

#[test]
fn a_class_that_is_named_is_no_missing_label() {
    let columns: &[(&str, &[&str])] = &[
        ("x", &["NA", "1", "2", "3", "4", "5"]),
        ("listed", &["NA", "a", "?", "a", "null", "-1"]),
        ("weighed", &["None", "a", "b", "a", "NA", "b"]),
    ];
    let mut listed = TargetChoice::new("listed", None);
    listed.classes = Some(texts(&["NA", "a", "?", "-1"]));
    let mut weighed = TargetChoice::new("weighed", None);
    let weights = ClassWeights::Each(vec![("None".to_owned(), 2.0)]);
    weighed.objective = Objective { class_weights: Some(weights), ..Objective::default() };
    let options = SchemaOptions { targets: vec![listed, weighed], ..SchemaOptions::default() };
    let missing = MissingTokens::default().with(texts(&["-1"]));
    let csv = CsvOptions { missing, ..CsvOptions::default() };
    for table in settled(columns, &csv, &options) {
        assert_eq!(cells(&table, "x"), ["", "1", "2", "3", "4", "5"]);
        assert_eq!(cells(&table, "listed"), ["NA", "a", "?", "a", "", "-1"]);
        assert_eq!(cells(&table, "weighed"), ["None", "a", "b", "a", "", "b"]);
    }
}

/// Enough rows of a number, a text and two targets for a schema.
fn plenty(special: [&str; 4]) -> Vec<(&'static str, Vec<String>)> {
    let names = ["number", "text", "kind", "size"];
    let usual = |column: usize, row: usize| match column {
        0 => format!("{}.5", row * 7 % 31),
        1 => ["red", "blue", "green"][row % 3].to_owned(),
        2 => ["one", "two"][row % 2].to_owned(),
        _ => format!("{}", row * 13 % 29 * 10),
    };
    let cells = |column: usize| {
        let cell =
            |row| if row % 10 == 3 { special[column].to_owned() } else { usual(column, row) };
        (0..40).map(cell).collect()
    };
    names.into_iter().enumerate().map(|(column, name)| (name, cells(column))).collect()
}

/// The same as both kinds of table, settled to learn from, with the encoder that was fitted.
fn learnt(special: [&str; 4], csv: &CsvOptions) -> [(Table, Schema, Encoder); 2] {
    let columns = plenty(special);
    let columns: Vec<(&str, Vec<&str>)> = columns
        .iter()
        .map(|(name, cells)| (*name, cells.iter().map(String::as_str).collect()))
        .collect();
    let columns: Vec<(&str, &[&str])> =
        columns.iter().map(|(name, cells)| (*name, cells.as_slice())).collect();
    let targets = ["kind", "size"].map(|name| TargetChoice::new(name, None)).to_vec();
    let options = SchemaOptions { targets, ..SchemaOptions::default() };
    settled(&columns, csv, &options).map(|table| {
        let schema = Schema::infer(&table, &options).unwrap();
        let rows: Vec<usize> = (0..table.rows()).collect();
        let encoder = Encoder::fit(&table, &schema, &rows).unwrap();
        (table, schema, encoder.with_missing(csv.missing.clone()))
    })
}

#[test]
fn tokens_that_were_taken_by_default_are_told_of_texts_and_targets() {
    let csv = CsvOptions::default();
    for (table, schema, _) in learnt(["NA", "NA", "?", "-"], &csv) {
        let taken = schema.taken(&table, &csv.missing);
        let told: Vec<(&str, &str, usize)> = taken
            .iter()
            .map(|taken| (taken.column.as_str(), taken.tokens[0].0.as_str(), taken.tokens[0].1))
            .collect();
        assert_eq!(told, [("kind", "?", 4), ("size", "-", 4), ("text", "NA", 4)]);
    }
    // What the user named is no surprise.
    let missing = csv.missing.with(texts(&["NA", "?", "-"]));
    let csv = CsvOptions { missing, ..csv };
    for (table, schema, _) in learnt(["NA", "NA", "?", "-"], &csv) {
        assert_eq!(schema.taken(&table, &csv.missing), []);
    }
}

#[test]
fn a_category_or_class_of_a_model_is_never_missing() {
    let only = MissingTokens::only(Vec::new());
    let csv = CsvOptions { missing: only, ..CsvOptions::default() };
    for (_, _, encoder) in learnt(["1", "NA", "null", "7"], &csv) {
        // As an earlier version wrote it, which had one list for all models.
        let json = serde_json::to_value(&encoder).unwrap();
        assert!(json["missing"].is_object());
        let mut json = json;
        json.as_object_mut().unwrap().remove("missing");
        let before: Encoder = serde_json::from_value(json.clone()).unwrap();
        assert!(before.missing().is_unnamed());
        assert_eq!(serde_json::to_value(&before).unwrap(), json);
        for encoder in [encoder, before] {
            let columns: &[(&str, &[&str])] = &[
                ("number", &["1", "2", "3"]),
                ("text", &["NA", "red", "NA"]),
                ("kind", &["null", "one", "null"]),
                ("size", &["1", "2", "3"]),
            ];
            for missing in [encoder.missing().clone(), MissingTokens::default()] {
                let csv = CsvOptions { missing, ..CsvOptions::default() };
                for mut table in tables(columns, &csv) {
                    encoder.settle(&mut table, &csv.missing, csv.format());
                    assert_eq!(cells(&table, "text"), ["NA", "red", "NA"]);
                    assert_eq!(cells(&table, "kind"), ["null", "one", "null"]);
                    let encoded = encoder.encode_labelled(&table).unwrap();
                    assert_eq!(encoded.labels[0].observed(), 3);
                }
            }
        }
    }
}

#[test]
fn a_model_has_dashes_missing_among_its_numbers_only() {
    let csv = CsvOptions::default();
    for (_, schema, encoder) in learnt(["-", "-", "one", "-"], &csv) {
        let columns: &[(&str, &[&str])] = &[
            ("number", &["-", ".", "3"]),
            ("text", &["-", "red", "."]),
            ("kind", &["one", "NA", "two"]),
            ("size", &["-", "2", "NA"]),
        ];
        for [mut one, mut other] in [tables(columns, &csv), tables(columns, &csv)] {
            encoder.settle(&mut one, &csv.missing, csv.format());
            schema.settle(&mut other, &csv.missing);
            for table in [one, other] {
                assert_eq!(cells(&table, "number"), ["", "", "3"]);
                assert_eq!(cells(&table, "text"), ["-", "red", "."]);
                assert_eq!(cells(&table, "kind"), ["one", "", "two"]);
                assert_eq!(cells(&table, "size"), ["", "2", ""]);
            }
        }
    }
}

#[test]
fn a_file_with_another_decimal_mark_is_read_by_its_own() {
    let csv = CsvOptions { decimal: Some(b','), ..CsvOptions::default() };
    for (_, _, encoder) in learnt(["1", "red", "one", "7"], &CsvOptions::default()) {
        let columns: &[(&str, &[&str])] =
            &[("number", &["\"2,5\"", "3"]), ("text", &["red", "red"])];
        let points: &[(&str, &[&str])] = &[("number", &["2.5", "3"]), ("text", &["red", "red"])];
        let [mut file, _] = tables(columns, &csv);
        encoder.settle(&mut file, &csv.missing, csv.format());
        let [plain, _] = tables(points, &CsvOptions::default());
        let expected = encoder.encode(&plain).unwrap();
        assert_eq!(encoder.encode(&file).unwrap().numeric, expected.numeric);
    }
}
