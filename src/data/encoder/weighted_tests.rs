//! What is fitted to rows of unequal weight is what is fitted to as many rows, repeated; and no number
//! hangs on a row of weight 0, or on what all weights are multiplied with.

use super::*;
use crate::data::{Preprocessing, Scaling, SchemaOptions, TableBuilder, TargetChoice, TaskType};
use crate::graph::{Edges, EmbeddingType, Embeddings};
use crate::random::{Purpose, Random};
use serde_json::Value;

const NAMES: [&str; 7] = ["number", "gaps", "day", "often", "value", "calls", "w"];

/// A row by its number: whole numbers and others, missing cells, dates, and labels that hang on the
/// numbers, so that a tree has something to cut.
fn cells(row: usize) -> [String; 6] {
    let mut random = Random::new(row as u64, Purpose::Shuffle);
    let number = f64::from(random.normal());
    let gaps =
        if row % 7 == 3 { String::new() } else { format!("{}", (row * 37 % 101) as f64 / 8.0) };
    [
        format!("{number}"),
        gaps,
        format!("{}-03-{:02}", 1990 + row * row % 30, 1 + row % 28),
        format!("{}", if row.is_multiple_of(3) { 0.0 } else { number * 3.0 }),
        format!("{}", 1e6 + if number > 0.3 { 40.0 } else { number }),
        format!("{}", row * row % 9),
    ]
}

/// Rows with their weights.
fn table(rows: &[(usize, f64)]) -> Table {
    let mut builder = TableBuilder::from_rows(NAMES.map(str::to_owned));
    for &(row, weight) in rows {
        let (cells, weight) = (cells(row), format!("{weight}"));
        let cell = |text| if str::is_empty(text) { Cell::Missing } else { Cell::Text(text) };
        builder.push(0, cells.iter().map(|text| cell(text)).chain([Cell::Text(&weight)]));
    }
    builder.build()
}

/// What is fitted to these rows: an encoder, as JSON, and the edges of bins.
fn fitted(rows: &[(usize, f64)], scaling: Scaling, edges: Edges) -> (Value, Vec<Vec<f32>>) {
    let table = table(rows);
    let targets = [("value", TaskType::Regression), ("calls", TaskType::Count)];
    let options = SchemaOptions {
        targets: targets.map(|(name, kind)| TargetChoice::new(name, Some(kind))).to_vec(),
        sample_weights: Some("w".to_owned()),
        preprocessing: Preprocessing { scaling, ..Preprocessing::default() },
        ..SchemaOptions::default()
    };
    let schema = Schema::infer(&table, &options).unwrap();
    let all: Vec<usize> = (0..table.rows()).collect();
    let encoder = Encoder::fit(&table, &schema, &all).unwrap();
    encoder.check().unwrap();
    let counted = encoder.counted(&table, &all).unwrap();
    let encoded = encoder.encode_rows(&table, &counted, true).unwrap();
    let bins = Embeddings { bins: 3, edges, ..Embeddings::of(EmbeddingType::Piecewise) };
    let sketch = encoder.sketch(&encoded, &bins);
    (serde_json::to_value(&encoder).unwrap(), sketch.edges)
}

const ALL: [(Scaling, Edges); 4] = [
    (Scaling::Standard, Edges::Quantiles),
    (Scaling::Standard, Edges::Targets),
    (Scaling::Robust, Edges::Quantiles),
    (Scaling::Quantile, Edges::Targets),
];

/// Whole weights, the least of them 1.
fn weighted(factor: f64) -> Vec<(usize, f64)> {
    (0..150).map(|row| (row, factor * (1 + row * row % 3) as f64)).collect()
}

/// Equal but for rounding.
fn close(found: &Value, expected: &Value) {
    match (found, expected) {
        (Value::Object(a), Value::Object(b)) => {
            assert!(a.keys().eq(b.keys()));
            a.values().zip(b.values()).for_each(|(a, b)| close(a, b));
        }
        (Value::Array(a), Value::Array(b)) => {
            assert_eq!(a.len(), b.len());
            a.iter().zip(b).for_each(|(a, b)| close(a, b));
        }
        (Value::Number(a), Value::Number(b)) => {
            let (a, b) = (a.as_f64().unwrap(), b.as_f64().unwrap());
            assert!((a - b).abs() <= 1e-9 * (1.0 + b.abs()), "{a} {b}");
        }
        _ => assert_eq!(found, expected),
    }
}

fn all_close((encoder, edges): (Value, Vec<Vec<f32>>), expected: (Value, Vec<Vec<f32>>)) {
    close(&encoder, &expected.0);
    assert_eq!(edges.len(), 4);
    for (edges, expected) in edges.iter().zip(&expected.1) {
        assert!(edges.len() > 1 && edges.len() == expected.len(), "{edges:?} {expected:?}");
        let near = edges.iter().zip(expected).all(|(a, b)| (a - b).abs() <= 1e-5);
        assert!(near, "{edges:?} {expected:?}");
    }
}

#[test]
fn whole_weights_are_repeated_rows() {
    let rows = weighted(1.0);
    let repeated = rows.iter().flat_map(|&(row, weight)| vec![(row, 1.0); weight as usize]);
    let repeated: Vec<(usize, f64)> = repeated.collect();
    let alike: Vec<(usize, f64)> = rows.iter().map(|&(row, _)| (row, 1.0)).collect();
    for (scaling, edges) in ALL {
        let found = fitted(&rows, scaling, edges);
        assert_ne!(found, fitted(&alike, scaling, edges));
        let expected = fitted(&repeated, scaling, edges);
        match edges {
            Edges::Quantiles => all_close(found, expected),
            // How many rows a leaf has at least goes by rows, of which there are more.
            Edges::Targets => close(&found.0, &expected.0),
        }
    }
}

#[test]
fn what_all_weights_are_multiplied_with_changes_nothing() {
    let alike = |weight| (0..150).map(|row| (row, weight)).collect::<Vec<_>>();
    for (scaling, edges) in ALL {
        let expected = fitted(&weighted(1.0), scaling, edges);
        assert_eq!(fitted(&weighted(4096.0), scaling, edges), expected);
        for factor in [0.1, 3.0, 1e-300, 1e300] {
            all_close(fitted(&weighted(factor), scaling, edges), expected.clone());
            // Where all count alike there is no rounding.
            let alike =
                [fitted(&alike(factor), scaling, edges), fitted(&alike(1.0), scaling, edges)];
            assert_eq!(alike[0], alike[1]);
        }
    }
}

#[test]
fn equal_weights_are_as_good_as_none() {
    let rows: Vec<(usize, f64)> = (0..150).map(|row| (row, 0.3)).collect();
    let table = table(&rows);
    let all: Vec<usize> = (0..150).collect();
    let fit = |weights: Option<&str>| {
        let options = SchemaOptions {
            targets: vec![TargetChoice::new("value", None)],
            exclude: vec!["w".to_owned()],
            sample_weights: weights.map(str::to_owned),
            ..SchemaOptions::default()
        };
        let schema = Schema::infer(&table, &options).unwrap();
        let encoder = Encoder::fit(&table, &schema, &all).unwrap();
        (encoder.features, encoder.targets)
    };
    assert_eq!(fit(Some("w")), fit(None));
}

#[test]
fn nothing_hangs_on_rows_of_weight_0() {
    let mut rows = weighted(1.0);
    rows.iter_mut().step_by(5).for_each(|(_, weight)| *weight = 0.0);
    let kept: Vec<(usize, f64)> = rows.iter().copied().filter(|(_, it)| *it > 0.0).collect();
    for (scaling, edges) in ALL {
        assert_eq!(fitted(&rows, scaling, edges), fitted(&kept, scaling, edges));
    }
}
