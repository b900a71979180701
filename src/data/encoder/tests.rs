//! What the encoder makes of cells, and how it refuses.

use super::*;
use crate::data::{SchemaOptions, TableBuilder, TargetChoice};

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
    let regression = Some(crate::data::TaskType::Regression);
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
