//! A table of packed columns and one of the same cells as plain text lead to the same schema,
//! encoder and encoded rows, or to the same error; also once rows were taken out of both.

use super::*;
use crate::data::csv::{CsvOptions, read_bytes};
use proptest::prelude::*;

const COLUMNS: usize = 5;

/// The table as a file is read, and cell by cell; of these rows alone.
fn both(rows: &[Vec<String>], kept: &[usize]) -> (Table, Table) {
    let names: Vec<String> = (0..COLUMNS).map(|column| format!("n{column}")).collect();
    let mut text = names.join(";");
    let mut plain = TableBuilder::from_files(names).delimited(b';');
    plain.start_file("x.csv");
    for (index, row) in rows.iter().enumerate() {
        text.push('\n');
        text.push_str(&row.join(";"));
        let cell = |cell| if str::is_empty(cell) { Cell::Missing } else { Cell::Text(cell) };
        if kept.binary_search(&index).is_ok() {
            plain.push(index as u64 + 2, row.iter().map(|text| cell(text.as_str())));
        }
    }
    let options = CsvOptions { delimiter: Some(b';'), header: Some(true), ..CsvOptions::default() };
    let mut packed = read_bytes("x.csv", text.as_bytes(), &options).unwrap().table;
    if kept.len() < rows.len() {
        packed.keep(kept);
    }
    (packed, plain.build())
}

type Outcome = std::result::Result<(Schema, Encoder, Vec<u32>, Vec<u32>, Vec<Vec<u64>>), String>;

fn outcome(table: &Table, options: &SchemaOptions) -> Outcome {
    let told = |error: crate::error::Error| error.to_string();
    let schema = Schema::infer(table, options).map_err(told)?;
    let train: Vec<usize> = (0..table.rows()).filter(|row| row % 4 != 2).collect();
    let encoder = Encoder::fit(table, &schema, &train).map_err(told)?;
    let all = encoder.encode_labelled(table).map_err(told)?;
    let some = encoder.encode_rows(table, &train, false).map_err(told)?;
    let bits = |numbers: &[f32]| numbers.iter().map(|number| number.to_bits()).collect::<Vec<_>>();
    let labels = all.labels.iter().map(|labels| {
        let raw = labels.raw.iter().map(|label| label.to_bits() & !(1 << 63));
        raw.collect()
    });
    let codes = [all.codes.clone(), some.codes.clone(), bits(&some.numeric)].concat();
    Ok((schema, encoder, bits(&all.numeric), codes, labels.collect()))
}

fn same(rows: &[Vec<String>], options: &SchemaOptions) {
    let all: Vec<usize> = (0..rows.len()).collect();
    let some: Vec<usize> = (0..rows.len()).filter(|row| row % 5 != 1).collect();
    for kept in [all, some] {
        let (packed, plain) = both(rows, &kept);
        assert_eq!(outcome(&packed, options), outcome(&plain, options));
        for (packed, plain) in packed.columns().iter().zip(plain.columns()) {
            assert_eq!(groups(packed, NumberFormat::POINT), groups(plain, NumberFormat::POINT));
        }
    }
}

/// The kinds of cells that columns hold.
const KINDS: [&str; 19] = [
    "-?[0-9]{1,3}\\.[0-9]{3}",
    "-?(0|[1-9][0-9]{0,2})(\\.[0-9]{1,3})?",
    "[0-9]{1,2}|",
    "[123]",
    "[12]|1\\.0|",
    "0?[0-9]{4}",
    "[abc]|",
    "[a-z]{5}",
    "yes|no|",
    "0|1|true",
    "20[0-2][0-9]-0[1-9]-1[0-9]|",
    "[0-9]{1,2}/[0-9]{1,2}/20[0-2][0-9]",
    "-?[0-9]{1,3},[0-9]",
    "-?[0-9]\\.[0-9]{1,17}(e-?[0-9])?|-0\\.0",
    "[1-9][0-9]{0,2},[0-9]{3}",
    "\\$[1-9][0-9]{0,2}(,[0-9]{3})?",
    "[0-9]{1,2}%|",
    "[0-9]{1,3} kg|",
    "[0-9]{2,4}|unknown",
];

fn cells(kind: usize) -> impl Strategy<Value = Vec<String>> {
    let stray = prop_oneof![40 => KINDS[kind], 1 => "x|1e5|\\+7|-0|"];
    proptest::collection::vec(stray, 80)
}

fn tables() -> impl Strategy<Value = Vec<Vec<String>>> {
    let column = (0..KINDS.len()).prop_flat_map(cells);
    let clean = (0..KINDS.len()).prop_flat_map(|kind| proptest::collection::vec(KINDS[kind], 80));
    let columns = proptest::collection::vec(prop_oneof![1 => column, 3 => clean], COLUMNS);
    (columns, 1..80usize).prop_map(|(columns, rows)| {
        (0..rows).map(|row| columns.iter().map(|cells| cells[row].clone()).collect()).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn packing_shows_nowhere(
        rows in tables(),
        decimal in prop_oneof![2 => Just(None), 2 => Just(Some(b'.')), 1 => Just(Some(b','))],
        declared in proptest::option::of((0..4usize, 0..6usize)),
        kind in 0..5usize,
    ) {
        // A line without a sign is no row, and a row of empty cells is one.
        let types = [
            Declared::As(FeatureType::Numeric),
            Declared::As(FeatureType::Categorical),
            Declared::As(FeatureType::Boolean),
            Declared::As(FeatureType::Date),
            Declared::Date(DateOrder::DayFirst),
            Declared::Ignore,
        ];
        let kinds = [
            None,
            Some(TaskType::Classification),
            Some(TaskType::Regression),
            Some(TaskType::Count),
            Some(TaskType::Ordinal),
        ];
        let declared = declared.map(|(column, at)| (format!("n{column}"), types[at]));
        let options = SchemaOptions {
            targets: vec![TargetChoice::new("n4", kinds[kind])],
            types: declared.into_iter().collect(),
            decimal,
            ..SchemaOptions::default()
        };
        same(&rows, &options);
    }
}

#[test]
fn many_different_numbers_are_more_than_a_limit() {
    let rows: Vec<Vec<String>> = (0..12_000)
        .map(|row| {
            vec![
                format!("{row}.5"),
                "a".into(),
                (row % 7).to_string(),
                format!("b{}", row % 3),
                format!("{row}"),
            ]
        })
        .collect();
    same(&rows, &SchemaOptions::default());
    let (packed, _) = both(&rows, &(0..rows.len()).collect::<Vec<_>>());
    let schema = Schema::infer(&packed, &SchemaOptions::default()).unwrap();
    assert_eq!(schema.tasks[0].reason, "whole numbers with more than 10000 different values");
}
