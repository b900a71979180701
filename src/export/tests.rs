//! Exported graphs of every architecture, read back: each value is made once, before it is used.

use super::*;
use crate::artifact::{DataInfo, FORMAT, Versions};
use crate::data::{Cell, Encoder, Preprocessing, Scaling, Schema, SchemaOptions, TableBuilder};
use crate::graph::{Architecture, EmbeddingType, Embeddings, Spec};
use serde_json::json;
use std::collections::HashSet;

/// The fields of a message: number, and the bytes of those that have some.
fn fields(mut bytes: &[u8]) -> Vec<(u64, &[u8])> {
    fn varint(bytes: &mut &[u8]) -> u64 {
        let mut number = 0;
        for shift in (0..).step_by(7) {
            let byte = bytes[0];
            *bytes = &bytes[1..];
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                break;
            }
        }
        number
    }
    let mut fields = Vec::new();
    while !bytes.is_empty() {
        let key = varint(&mut bytes);
        let length = match key & 7 {
            0 => {
                varint(&mut bytes);
                0
            }
            2 => varint(&mut bytes) as usize,
            5 => 4,
            other => panic!("wire type {other}"),
        };
        let (own, rest) = bytes.split_at(length);
        fields.push((key >> 3, own));
        bytes = rest;
    }
    fields
}

fn all(bytes: &[u8], number: u64) -> Vec<&[u8]> {
    let own = fields(bytes).into_iter().filter(|(field, _)| *field == number);
    own.map(|(_, bytes)| bytes).collect()
}

fn texts(bytes: &[u8], number: u64) -> Vec<String> {
    let own = all(bytes, number).into_iter();
    own.map(|bytes| String::from_utf8(bytes.to_vec()).unwrap()).collect()
}

/// A model of features of every type, the first of which is called `first`, and two tasks.
fn header(first: &str, scaling: Scaling, spec: Spec) -> Header {
    let names = [first, "city", "flag", "day", "kind", "_x"].map(str::to_owned);
    let mut builder = TableBuilder::from_rows(names);
    for row in 0..40 {
        let (city, day) = (format!("city {}", row % 13), format!("2020-{:02}-07", 1 + row % 12));
        builder.push(
            0,
            [
                if row == 3 { Cell::Missing } else { Cell::Number(f64::from(row) * 1.5) },
                Cell::Text(&city),
                Cell::Text(["yes", "no"][row as usize % 2]),
                Cell::Text(&day),
                Cell::Text(["a", "b", "c"][row as usize % 3]),
                Cell::Number(f64::from(row * row)),
            ],
        );
    }
    let table = builder.build();
    let target = |name| crate::data::TargetChoice::new(name, None);
    let options = SchemaOptions {
        targets: vec![target("kind"), target("_x")],
        preprocessing: Preprocessing { scaling, ..Preprocessing::default() },
        ..SchemaOptions::default()
    };
    let schema = Schema::infer(&table, &options).unwrap();
    let train: Vec<usize> = (0..40).collect();
    let encoder = Encoder::fit(&table, &schema, &train).unwrap();
    let rows = encoder.encode(&table).unwrap();
    let piecewise = Embeddings { bins: 4, ..Embeddings::of(EmbeddingType::Piecewise) };
    let sketch = encoder.sketch(&rows, &piecewise);
    let graph = spec.compose_for(encoder.inputs(), &[3, 1], &sketch).ensemble(2);
    Header {
        format: FORMAT,
        versions: Versions { polytask: "0.1.0".into(), libtorch: "2.13.0".into() },
        schema,
        encoder,
        graph,
        options: json!({}),
        engine: String::new(),
        data: DataInfo {
            source: "rows".into(),
            fingerprint: "0".into(),
            rows: 40,
            zero_weight_rows: 0,
            train_rows: 40,
            validation_rows: 0,
            labels: vec![40, 40],
            reading: None,
            taken: Vec::new(),
            refit: None,
            split: None,
        },
        history: Vec::new(),
        experts: Vec::new(),
        calibration: Vec::new(),
        intervals: Vec::new(),
        comparison: None,
        tuning: Vec::new(),
        warnings: Vec::new(),
    }
}

fn spec(architecture: Architecture, kind: EmbeddingType) -> Spec {
    Spec {
        architecture,
        hidden: vec![6],
        experts: 5,
        task_experts: 2,
        levels: 2,
        k: 2,
        embeddings: Embeddings::of(kind),
        ..Spec::default()
    }
}

fn exported(header: &Header) -> Vec<u8> {
    let weights: Vec<f32> = (0..header.graph.weights()).map(|i| (i as f32 * 0.37).sin()).collect();
    onnx(header, &weights).unwrap()
}

#[test]
fn values_are_made_once_and_before_they_are_used() {
    let scalings = [Scaling::Standard, Scaling::Robust, Scaling::Quantile];
    let architectures = Architecture::ALL.iter().filter(|(_, it)| !it.is_chained());
    for (nth, (name, architecture)) in architectures.enumerate() {
        let (_, kind) = EmbeddingType::ALL[nth % EmbeddingType::ALL.len()];
        let header = header("size", scalings[nth % 3], spec(*architecture, kind));
        let bytes = exported(&header);
        let graph = all(&bytes, 7)[0];
        let named = |field, name| {
            let values = all(graph, field).into_iter();
            values.map(|value| texts(value, name)[0].clone()).collect::<Vec<String>>()
        };
        assert_eq!(named(11, 1), ["size", "city", "flag", "day"]);
        let outputs = named(12, 1);
        assert_eq!(outputs, ["kind", "kind.label", "_x"]);
        let mut known: HashSet<String> = named(11, 1).into_iter().collect();
        for constant in named(5, 8) {
            assert!(known.insert(constant.clone()), "{name}: {constant} twice");
        }
        for node in all(graph, 1) {
            for input in texts(node, 1) {
                assert!(known.contains(&input), "{name}: {input} is not there yet");
            }
            for output in texts(node, 2) {
                assert!(known.insert(output.clone()), "{name}: {output} twice");
            }
        }
        assert!(outputs.iter().all(|output| known.contains(output)), "{name}");
    }
}

#[test]
fn the_same_model_is_the_same_file_and_says_what_it_takes() {
    let header =
        header("kind.label", Scaling::Standard, spec(Architecture::Mmoe, EmbeddingType::None));
    let bytes = exported(&header);
    assert_eq!(bytes, exported(&header));
    let metadata: Vec<(String, String)> = all(&bytes, 14)
        .into_iter()
        .map(|entry| (texts(entry, 1)[0].clone(), texts(entry, 2)[0].clone()))
        .collect();
    assert_eq!(metadata[0], ("polytask".to_owned(), "0.1.0".to_owned()));
    assert_eq!(metadata[1].1, r#"{"kind":["a","b","c"]}"#);
    let schema: serde_json::Value = serde_json::from_str(&metadata[2].1).unwrap();
    let holds: Vec<&str> = schema["features"]
        .as_array()
        .unwrap()
        .iter()
        .map(|feature| feature["holds"].as_str().unwrap())
        .collect();
    assert_eq!(holds, ["number", "text", "text", "milliseconds since 1970"]);
    // A column has the name that a label would.
    assert_eq!(schema["tasks"][0]["label"], "kind.label_");
}

#[test]
fn a_name_that_onnx_cannot_have_is_an_error_with_its_place() {
    let header = header("", Scaling::Standard, spec(Architecture::Shared, EmbeddingType::None));
    let error = onnx(&header, &vec![0.0; header.graph.weights()]).unwrap_err();
    assert_eq!((error.code(), error.place().column.as_deref()), (Code::Schema, Some("")));
}
