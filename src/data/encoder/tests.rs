//! What the encoder makes of cells, and how it refuses.

use super::*;
use crate::data::{Preprocessing, Scaling, SchemaOptions, TableBuilder, TargetChoice, TaskType};

fn table(rows: &[[Cell<'static>; 4]]) -> Table {
    let header = ["size", "colour", "price", "kind"].map(str::to_owned);
    let mut builder = TableBuilder::from_rows(header);
    for row in rows {
        builder.push(0, *row);
    }
    builder.build()
}

fn fitted() -> (Table, Encoder) {
    use Cell::{Missing, Number, Text};
    let table = table(&[
        [Number(1.0), Text("red"), Number(100.0), Text("a")],
        [Number(3.0), Text("blue"), Number(300.0), Text("b")],
        [Missing, Text("red"), Missing, Text("a")],
        [Number(2.0), Text("red"), Number(200.0), Missing],
    ]);
    let regression = Some(TaskType::Regression);
    let targets = vec![TargetChoice::new("price", regression), TargetChoice::new("kind", None)];
    let schema =
        Schema::infer(&table, &SchemaOptions { targets, ..SchemaOptions::default() }).unwrap();
    let encoder = Encoder::fit(&table, &schema, &[0, 1, 2, 3]).unwrap();
    (table, encoder)
}

#[test]
fn numbers_are_standardised_and_missing_cells_marked() {
    let (table, encoder) = fitted();
    assert_eq!(encoder.inputs(), Inputs { numeric: 4, codes: vec![] });
    let encoded = encoder.encode_labelled(&table).unwrap();
    let spread = (1.5f32).sqrt();
    // size, is missing, blue, red
    assert_eq!(encoded.numeric[..4], [-spread, 0.0, 0.0, 1.0]);
    assert_eq!(encoded.numeric[8..12], [0.0, 1.0, 0.0, 1.0]);
    let prices = &encoded.labels[0];
    assert_eq!(prices.observed(), 3);
    assert_eq!(prices.raw[1], 300.0);
    assert!(prices.encoded[2].is_nan());
    assert_eq!(encoded.labels[1].encoded[..3], [0.0, 1.0, 0.0]);
    assert!(encoded.labels[1].encoded[3].is_nan());
}

#[test]
fn answers_come_back_in_their_own_unit() {
    let (_, encoder) = fitted();
    let mut value = [0.0];
    encoder.targets()[0].decode(&[0.0], &mut value);
    assert_eq!(value, [200.0]);
    let mut answer = [0.0; 3];
    encoder.targets()[1].decode(&[2.0], &mut answer);
    assert_eq!(answer[0], 1.0);
    assert_eq!(answer[1] + answer[2], 1.0);
    assert!((answer[2] - 0.880_797).abs() < 1e-6);
}

#[test]
fn unseen_categories_are_no_error_but_texts_for_numbers_are() {
    let (_, encoder) = fitted();
    let odd = |size| table(&[[size, Cell::Text("green"), Cell::Missing, Cell::Text("c")]]);
    let encoded = encoder.encode(&odd(Cell::Number(2.0))).unwrap();
    assert_eq!(encoded.numeric, [0.0, 0.0, 0.0, 0.0]);
    let error = encoder.encode(&odd(Cell::Text("large"))).unwrap_err();
    assert_eq!(error.code(), Code::Rows);
    assert_eq!(error.to_string(), "rows[0], column \"size\": expected a number, found \"large\"");
    let error = encoder.encode_labelled(&odd(Cell::Missing)).unwrap_err();
    assert!(error.to_string().contains("\"c\" is not one of the model's classes"), "{error}");
}

#[test]
fn many_categories_become_codes() {
    let names: Vec<String> = (0..12).map(|i| format!("city {i}")).collect();
    let mut builder = TableBuilder::from_rows(["city".to_owned(), "kind".to_owned()]);
    for row in 0..48 {
        builder.push(0, [Cell::Text(&names[row % 12]), Cell::Text(["a", "b"][row % 2])]);
    }
    let table = builder.build();
    let schema = Schema::infer(&table, &SchemaOptions::default()).unwrap();
    let encoder = Encoder::fit(&table, &schema, &(0..24).collect::<Vec<_>>()).unwrap();
    assert_eq!(encoder.inputs(), Inputs { numeric: 0, codes: vec![13] });
    let encoded = encoder.encode(&table).unwrap();
    assert_eq!(encoded.codes[0], 1);
    let again: Encoder = serde_json::from_str(&serde_json::to_string(&encoder).unwrap()).unwrap();
    assert_eq!(again, encoder);
}

#[test]
fn a_category_of_one_row_is_as_good_as_unseen() {
    let names: Vec<String> = (0..12).map(|i| format!("city {i}")).collect();
    let mut builder = TableBuilder::from_rows(["city".to_owned(), "kind".to_owned()]);
    for row in 0..20 {
        // Cities 8 to 11 stand once, the others twice.
        builder.push(0, [Cell::Text(&names[row % 12]), Cell::Text(["a", "b"][row % 2])]);
    }
    let table = builder.build();
    let schema = Schema::infer(&table, &SchemaOptions::default()).unwrap();
    let encoder = Encoder::fit(&table, &schema, &(0..20).collect::<Vec<_>>()).unwrap();
    assert_eq!(encoder.inputs().codes, [9]);
    let codes = encoder.encode(&table).unwrap().codes;
    assert_eq!(codes[..12], [1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 0]);
}

#[test]
fn a_column_that_is_not_there_names_the_nearest() {
    let (_, encoder) = fitted();
    let builder = TableBuilder::from_rows(["sise".to_owned()]);
    let error = encoder.encode(&builder.build()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "column \"size\": there is no column \"size\", which the model needs; is it \"sise\"?"
    );
}

/// Cities of so many rows each, and an encoder fitted to them.
fn cities(counts: &[usize], preprocessing: Preprocessing) -> (Table, Encoder) {
    let mut builder = TableBuilder::from_rows(["city".to_owned(), "kind".to_owned()]);
    let mut row = 0;
    for (city, count) in counts.iter().enumerate() {
        for _ in 0..*count {
            let name = format!("city {city:02}");
            builder.push(0, [Cell::Text(&name), Cell::Text(["a", "b"][row % 2])]);
            row += 1;
        }
    }
    let table = builder.build();
    let options = SchemaOptions { preprocessing, ..SchemaOptions::default() };
    let schema = Schema::infer(&table, &options).unwrap();
    let encoder = Encoder::fit(&table, &schema, &(0..row).collect::<Vec<_>>()).unwrap();
    encoder.check().unwrap();
    (table, encoder)
}

#[test]
fn which_categories_are_one_hot_is_chosen() {
    let chosen = |one_hot, min_frequency| Preprocessing {
        one_hot,
        min_frequency,
        ..Preprocessing::default()
    };
    let inputs = |counts: &[usize], preprocessing| {
        let Inputs { numeric, codes } = cities(counts, preprocessing).1.inputs();
        (numeric, codes)
    };
    // The defaults: nine of any frequency one-hot, of ten those of two rows embedded.
    assert_eq!(inputs(&[5, 1, 4], chosen(9, None)), (3, vec![]));
    assert_eq!(inputs(&[3; 9], chosen(9, None)), (9, vec![]));
    assert_eq!(inputs(&[3, 3, 3, 3, 3, 3, 3, 1, 1, 3], chosen(9, None)), (0, vec![9]));
    assert_eq!(inputs(&[5, 1, 4], chosen(0, None)), (0, vec![3]));
    assert_eq!(inputs(&[2; 64], chosen(64, None)), (64, vec![]));
    assert_eq!(inputs(&[2; 64], chosen(63, None)), (0, vec![65]));
    // Where some are hidden, those of one row are told apart too, unless there are very many.
    let hiding = Preprocessing { unseen: 1.0, ..Preprocessing::default() };
    assert_eq!(inputs(&[3, 3, 3, 3, 3, 3, 3, 1, 1, 3], hiding), (0, vec![11]));
    let many = |singles| [vec![1; singles], vec![2; 500]].concat();
    assert_eq!(inputs(&many(500), hiding), (0, vec![1_001]));
    assert_eq!(inputs(&many(501), hiding), (0, vec![501]));
    // Once a frequency is asked for, it is asked of all, and what is left is counted.
    assert_eq!(inputs(&[5, 1, 4], chosen(9, Some(2))), (2, vec![]));
    assert_eq!(inputs(&[5, 1, 4], chosen(0, Some(1))), (0, vec![4]));
    assert_eq!(inputs(&[3, 3, 3, 1, 1, 1, 1, 1, 1, 3, 2], chosen(9, Some(3))), (4, vec![]));
    assert_eq!(inputs(&[2, 2, 2], chosen(9, Some(3))), (0, vec![1]));
}

#[test]
fn a_rare_category_is_all_zeros_as_an_unseen_one() {
    let preprocessing = Preprocessing { min_frequency: Some(3), ..Preprocessing::default() };
    let (table, encoder) = cities(&[3, 2, 4], preprocessing);
    let encoded = encoder.encode(&table).unwrap().numeric;
    assert_eq!(encoded[..2], [1.0, 0.0]);
    assert_eq!(encoded[6..10], [0.0; 4]);
    assert_eq!(encoded[10..12], [0.0, 1.0]);
    let names = encoder.features()[0].categories().unwrap().names();
    assert_eq!(names, ["city 00", "city 02"]);
}

#[test]
fn a_clamped_regression_answers_within_its_labels() {
    let (table, _) = fitted();
    let regression = Some(TaskType::Regression);
    let clamp = |choice, all| {
        let targets = vec![
            TargetChoice { clamp: choice, ..TargetChoice::new("price", regression) },
            TargetChoice::new("kind", None),
        ];
        let options = SchemaOptions { targets, clamp: all, ..SchemaOptions::default() };
        let schema = Schema::infer(&table, &options).unwrap();
        // Of the row that is not trained on, 300, nothing is known.
        let encoder = Encoder::fit(&table, &schema, &[0, 2, 3]).unwrap();
        encoder.check().unwrap();
        let text = serde_json::to_string(&encoder).unwrap();
        assert_eq!(serde_json::from_str::<Encoder>(&text).unwrap(), encoder);
        let target = &encoder.targets()[0];
        [-9.0, -0.5, 9.0, f32::NAN].map(|head| {
            let mut value = [0.0];
            target.decode(&[head], &mut value);
            value[0]
        })
    };
    let free = clamp(None, false);
    assert_eq!((free[0], free[1], free[2]), (-300.0, 125.0, 600.0));
    for (choice, all) in [(Some(true), false), (None, true), (Some(true), true)] {
        let kept = clamp(choice, all);
        assert_eq!((kept[0], kept[1], kept[2]), (100.0, 125.0, 200.0));
        assert!(kept[3].is_nan());
    }
    assert_eq!(clamp(Some(false), true)[..3], free[..3]);
}

#[test]
fn encoders_of_old_files_load_and_stay_as_they_are() {
    let text = r#"{"features":[{"name":"x","missing":true,"encoding":{"numeric":{"mean":1.5,"scale":0.5}}}],"targets":[{"name":"y","encoding":{"number":{"mean":2.0,"scale":4.0}}}],"decimal":"."}"#;
    let encoder: Encoder = serde_json::from_str(text).unwrap();
    encoder.check().unwrap();
    assert_eq!(encoder.inputs(), Inputs { numeric: 2, codes: vec![] });
    assert_eq!(serde_json::to_string(&encoder).unwrap(), text);
    let reversed = text.replace(r#""scale":4.0"#, r#""scale":4.0,"range":[3.0,2.0]"#);
    assert!(serde_json::from_str::<Encoder>(&reversed).unwrap().check().is_err());
}

#[test]
fn every_scaling_marks_missing_cells_and_puts_them_in_the_middle() {
    let (table, _) = fitted();
    for (scaling, words) in [
        (Scaling::Standard, "imputed by the mean, and marked"),
        (Scaling::Robust, "imputed by the median, and marked"),
        (Scaling::Quantile, "imputed by the median, and marked"),
    ] {
        let preprocessing = Preprocessing { scaling, ..Preprocessing::default() };
        let options = SchemaOptions { preprocessing, ..SchemaOptions::default() };
        let schema = Schema::infer(&table, &options).unwrap();
        let again: Schema = serde_json::from_str(&serde_json::to_string(&schema).unwrap()).unwrap();
        assert_eq!(again, schema);
        let encoder = Encoder::fit(&table, &schema, &[0, 1, 2, 3]).unwrap();
        assert_eq!(encoder.features()[0].treatment(), words);
        let encoded = encoder.encode(&table).unwrap().numeric;
        let width = encoder.inputs().numeric;
        assert_eq!(encoded[2 * width..][..2], [0.0, 1.0]);
        // 1, 3 and 2: below, above and in the middle.
        let size = |row: usize| encoded[row * width];
        assert!(size(0) < 0.0 && size(1) > 0.0 && size(3) == 0.0, "{scaling:?}");
    }
}

#[test]
fn missing_cells_of_an_embedded_column_are_marked_and_were_not() {
    let mut builder = TableBuilder::from_files(["town", "t"].map(str::to_owned));
    builder.start_file("t.csv");
    for row in 0..40_usize {
        let name = format!("town {}", row % 13);
        let town = if row % 5 == 0 { Cell::Missing } else { Cell::Text(&name) };
        builder.push(row as u64 + 2, [town, Cell::Text(if row % 2 == 0 { "a" } else { "b" })]);
    }
    let table = builder.build();
    let schema = Schema::infer(&table, &SchemaOptions::default()).unwrap();
    let rows: Vec<usize> = (0..40).collect();
    let encoder = Encoder::fit(&table, &schema, &rows).unwrap();
    assert_eq!(encoder.inputs(), Inputs { numeric: 1, codes: vec![14] });
    let encoded = encoder.encode(&table).unwrap();
    let marks: Vec<f32> = (0..40).map(|row| f32::from(row % 5 == 0)).collect();
    assert_eq!(encoded.numeric, marks);
    assert!(encoded.codes.iter().zip(&marks).all(|(code, mark)| (*code == 0) == (*mark == 1.0)));
    // A file of before says nothing of marks.
    let mut json = serde_json::to_value(&encoder).unwrap();
    assert_eq!(json["features"][0].as_object_mut().unwrap().remove("marked"), Some(true.into()));
    let old: Encoder = serde_json::from_value(json).unwrap();
    assert_eq!(old.inputs(), Inputs { numeric: 0, codes: vec![14] });
    assert_eq!(old.encode(&table).unwrap().codes, encoded.codes);
}

/// A table of `names`, each so often, and a number to predict.
fn named(names: &[Cell<'_>], times: usize) -> Table {
    let mut builder = TableBuilder::from_rows(["name", "value"].map(str::to_owned));
    for row in 0..names.len() * times {
        builder.push(0, [names[row % names.len()], Cell::Number(row as f64)]);
    }
    builder.build()
}

/// Fitted on the first `train` rows, with the names declared categorical.
fn fitted_to_names(table: &Table, train: usize) -> Encoder {
    use crate::data::{Declared, FeatureType};
    let types = vec![("name".to_owned(), Declared::As(FeatureType::Categorical))];
    let schema = Schema::infer(table, &SchemaOptions { types, ..SchemaOptions::default() });
    Encoder::fit(table, &schema.unwrap(), &(0..train).collect::<Vec<_>>()).unwrap()
}

#[test]
fn a_cell_that_may_be_several_categories_is_refused_one_hot_and_embedded() {
    let few = ["12345678901234567890", "12345678901234567891", "1"].map(Cell::Text);
    let texts: Vec<String> =
        (0..12).map(|i| (12_345_678_901_234_567_890u64 + i).to_string()).collect();
    let many: Vec<Cell<'_>> = texts.iter().map(|text| Cell::Text(text)).collect();
    for names in [&few[..], &many] {
        let encoder = fitted_to_names(&named(names, 4), names.len() * 4);
        assert_eq!(encoder.features()[0].categories().unwrap().len(), names.len());
        let asked = [Cell::Text("7"), names[0], Cell::Number(12_345_678_901_234_567_890.0)];
        assert!(encoder.encode(&named(&asked[..2], 1)).is_ok());
        let error = encoder.encode(&named(&asked, 1)).unwrap_err();
        assert_eq!((error.code(), error.place().row), (Code::Rows, Some(2)));
        let message = "rows[2], column \"name\": expected a string, as JavaScript's numbers do not \
                       tell whole numbers past 2^53 apart, found 12345678901234567000";
        assert_eq!(error.to_string(), message);
    }
}

#[test]
fn rows_that_do_not_train_tell_as_well_that_spellings_differ() {
    let table = named(&["1.1", "2", "3", "1.1", "2", "1.10"].map(Cell::Text), 1);
    let encoder = fitted_to_names(&table, 5);
    let categories = encoder.features()[0].categories().unwrap();
    assert_eq!(categories.names(), ["1.1", "2", "3"]);
    assert_eq!(categories.code(Cell::Text("1.10")), None);
    let encoder = fitted_to_names(&named(&["1.1", "2", "3"].map(Cell::Text), 2), 5);
    let categories = encoder.features()[0].categories().unwrap();
    assert_eq!(categories.code(Cell::Text("1.10")), Some(0));
}

#[test]
fn a_spelling_that_is_too_rare_is_not_the_other_one() {
    use crate::data::{Declared, FeatureType};
    let table = named(&["1.1", "2", "1.1", "2", "1.10"].map(Cell::Text), 1);
    let types = vec![("name".to_owned(), Declared::As(FeatureType::Categorical))];
    let preprocessing = Preprocessing { min_frequency: Some(2), ..Preprocessing::default() };
    let options = SchemaOptions { types, preprocessing, ..SchemaOptions::default() };
    let schema = Schema::infer(&table, &options).unwrap();
    let encoder = Encoder::fit(&table, &schema, &[0, 1, 2, 3, 4]).unwrap();
    let categories = encoder.features()[0].categories().unwrap();
    assert_eq!(categories.names(), ["1.1", "2"]);
    assert_eq!(categories.code(Cell::Text("1.10")), None);
}

#[test]
fn whole_numbers_past_2_53_name_nothing_as_javascript_numbers() {
    use crate::data::{Declared, FeatureType};
    let table = named(&[Cell::Number(1.0), Cell::Number(9_007_199_254_740_992.0)], 4);
    let infer = |kind| {
        let types = vec![("name".to_owned(), Declared::As(kind))];
        Schema::infer(&table, &SchemaOptions { types, ..SchemaOptions::default() })
    };
    assert!(infer(FeatureType::Numeric).is_ok());
    let error = infer(FeatureType::Categorical).unwrap_err();
    assert_eq!((error.code(), error.place().row), (Code::Rows, Some(1)));
    assert!(error.to_string().contains("past 2^53"), "{error}");
    assert!(error.to_string().contains("give them as strings"), "{error}");
}
