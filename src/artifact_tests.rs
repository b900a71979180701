//! Model files that are right, and model files that lie.

use super::*;
use crate::data::{Cell, SchemaOptions, Table, TableBuilder};
use crate::error::{Code, Error};
use crate::graph::{Activation, Norm, Spec};
use crate::model::Model;
use safetensors::Dtype;
use safetensors::tensor::TensorView;
use serde_json::json;
use std::collections::HashMap;
use std::fs;

fn table() -> Table {
    let mut builder = TableBuilder::from_rows(["x", "city", "kind"].map(str::to_owned));
    for row in 0..24 {
        let city = format!("city {}", row % 11);
        let cells = [
            Cell::Number(f64::from(row) * 0.1),
            Cell::Text(&city),
            Cell::Text(["a", "b", "c"][row as usize % 3]),
        ];
        builder.push(0, cells);
    }
    builder.build()
}

fn artifact() -> Artifact {
    let table = table();
    let schema = Schema::infer(&table, &SchemaOptions::default()).unwrap();
    let encoder = Encoder::fit(&table, &schema, &(0..24).collect::<Vec<_>>()).unwrap();
    let spec = Spec {
        hidden: vec![5],
        activation: Activation::Relu,
        norm: Norm::Layer,
        ..Spec::default()
    };
    let graph = spec.compose(encoder.inputs(), &[3]);
    let weights = (0..graph.weights()).map(|i| (i as f32 * 0.37).sin()).collect();
    let header = Header {
        format: FORMAT,
        versions: Versions { polytask: "0.1.0".into(), libtorch: "2.13.0".into() },
        schema,
        encoder,
        graph,
        options: json!({}),
        engine: "fused kernels".into(),
        data: DataInfo {
            source: "rows".into(),
            fingerprint: "0".into(),
            rows: 24,
            zero_weight_rows: 0,
            train_rows: 24,
            validation_rows: 0,
            labels: vec![24],
            reading: None,
            taken: Vec::new(),
            refit: None,
            split: None,
        },
        history: vec![],
        comparison: None,
        tuning: Vec::new(),
        warnings: Vec::new(),
        experts: Vec::new(),
        calibration: Vec::new(),
        intervals: Vec::new(),
    };
    Artifact { header, weights }
}

/// The file with its metadata or tensors changed.
fn rewritten(change: impl Fn(&mut Value), weights: &[f32]) -> Vec<u8> {
    let good = artifact();
    let mut json = serde_json::to_value(&good.header).unwrap();
    change(&mut json);
    let bytes: Vec<u8> = weights.iter().flat_map(|weight| weight.to_le_bytes()).collect();
    let graph = &good.header.graph;
    let tensors = graph.params.iter().zip(graph.ranges()).map(|(param, range)| {
        let bytes = &bytes[range.start * 4..range.end * 4];
        (param.name.clone(), TensorView::new(Dtype::F32, param.shape.clone(), bytes).unwrap())
    });
    let metadata = HashMap::from([("polytask".to_owned(), json.to_string())]);
    safetensors::serialize(tensors, Some(metadata)).unwrap()
}

fn refusal(bytes: &[u8]) -> Error {
    let error = Artifact::from_bytes(bytes).unwrap_err();
    assert_eq!(error.code(), Code::Artifact, "{error}");
    error
}

#[test]
fn a_file_comes_back_whole() {
    let good = artifact();
    let again = Artifact::from_bytes(&good.to_bytes().unwrap()).unwrap();
    assert_eq!(again, good);
}

#[test]
fn a_file_is_written_whole_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.safetensors");
    let good = artifact();
    good.write(&path).unwrap();
    good.write(&path).unwrap();
    assert_eq!(Artifact::read(&path).unwrap(), good);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "no temporary file stays");
    let error = good.write(&folder.path().join("no/such/folder.safetensors")).unwrap_err();
    assert_eq!(error.code(), Code::Artifact);
    let error = Artifact::read(&folder.path().join("none")).unwrap_err();
    assert!(error.to_string().ends_with("no such file"), "{error}");
    assert!(Artifact::read(folder.path()).unwrap_err().to_string().contains("is a folder"));
}

#[test]
fn a_model_answers_alike_before_and_after() {
    let bytes = artifact().to_bytes().unwrap();
    let model = Model::from_bytes(&bytes).unwrap();
    let again = Model::from_bytes(&model.to_bytes().unwrap()).unwrap();
    let answers = model.predict(&table()).unwrap();
    assert_eq!(answers, again.predict(&table()).unwrap());
    assert_eq!(answers.len(), 24 * 4);
    for answer in answers.chunks(4) {
        assert!((answer[1..].iter().sum::<f64>() - 1.0).abs() < 1e-12);
    }
    assert_eq!(model.evaluate(&table()).unwrap()[0].1.n, 24);
}

#[test]
fn calibration_comes_back_and_lies_about_it_are_refused() {
    let weights = artifact().weights;
    let figures = json!({ "logLoss": 0.5, "ece": 0.1 });
    let temperature = |temperature: Value| json!([{ "temperature": temperature, "labels": 60, "before": figures, "after": figures }]);
    let with = |name: &str, value: Value| rewritten(|json| json[name] = value.clone(), &weights);
    let bytes = with("calibration", temperature(json!(1.5)));
    let read = Artifact::from_bytes(&bytes).unwrap();
    assert_eq!(read.header.temperature(0).unwrap().temperature, 1.5);
    assert_eq!(Artifact::from_bytes(&read.to_bytes().unwrap()).unwrap(), read);
    let answers = Model::new(read).unwrap().predict(&table()).unwrap();
    let plain = Model::new(artifact()).unwrap().predict(&table()).unwrap();
    for (answer, plain) in answers.chunks(4).zip(plain.chunks(4)) {
        assert_eq!(answer[0], plain[0]);
        assert!((answer[1..].iter().sum::<f64>() - 1.0).abs() < 1e-12 && answer[1] != plain[1]);
    }
    assert!(!String::from_utf8_lossy(&artifact().to_bytes().unwrap()).contains("calibration"));
    for lie in [json!(0), json!(-1), json!(1e-9), json!(1e300), json!(null), json!("NaN")] {
        refusal(&with("calibration", temperature(lie)));
    }
    refusal(&with("calibration", json!([null, null])));
    let mut negative = temperature(json!(1.5));
    negative[0]["after"]["ece"] = json!(-1);
    refusal(&with("calibration", negative));
    // A task with classes has no interval.
    refusal(&with("intervals", json!([{ "level": 0.9, "labels": 9, "halfWidth": 1 }])));
    refusal(&with("intervals", json!([null, null])));
}

#[test]
fn every_cut_is_refused() {
    let bytes = artifact().to_bytes().unwrap();
    for length in (0..bytes.len()).step_by(7) {
        refusal(&bytes[..length]);
    }
}

#[test]
fn bytes_that_were_never_a_model_are_refused() {
    refusal(b"");
    refusal(&[0xff; 4096]);
    refusal(b"PK\x03\x04 some archive or other, long enough to hold a header length");
    // A header of 2^62 bytes is announced, and none is there.
    refusal(&(1u64 << 62).to_le_bytes());
    let plain = safetensors::serialize(Vec::<(String, TensorView<'_>)>::new(), None).unwrap();
    assert!(refusal(&plain).to_string().contains("not one of polytask"));
}

#[test]
fn metadata_that_lies_is_refused() {
    let weights = artifact().weights;
    type Lie = (&'static str, fn(&mut Value));
    let lies: [Lie; 15] = [
        ("format", |json| json["format"] = json!(99)),
        ("no format", |json| json["format"] = Value::Null),
        ("graph", |json| json["graph"]["nodes"][3]["inputs"] = json!([99])),
        ("width", |json| json["graph"]["nodes"][3]["width"] = json!(1u64 << 60)),
        ("shape", |json| json["graph"]["params"][0]["shape"] = json!([1u64 << 40, 1u64 << 40])),
        ("heads", |json| json["graph"]["heads"] = json!([])),
        ("inputs", |json| json["graph"]["inputs"]["numeric"] = json!(77)),
        ("tasks", |json| json["schema"]["tasks"] = json!([])),
        ("classes", |json| {
            json["encoder"]["targets"][0]["encoding"]["classes"]["names"] = json!(["a"]);
        }),
        ("kind", |json| json["schema"]["tasks"][0]["type"] = json!("ordinal")),
        ("order", |json| {
            let classes = json["encoder"]["targets"][0]["encoding"]["classes"].take();
            json["encoder"]["targets"][0]["encoding"] = json!({ "ordinal": classes });
        }),
        ("count", |json| {
            json["encoder"]["targets"][0]["encoding"] = json!({ "count": { "scale": 0.0 } });
        }),
        ("scale", |json| {
            json["encoder"]["features"][0]["encoding"]["numeric"]["scale"] = json!(0.0);
        }),
        ("labels", |json| json["data"]["labels"] = json!([])),
        ("deep", |json| {
            let mut deep = json!(1);
            for _ in 0..1000 {
                deep = json!([deep]);
            }
            json["options"] = deep;
        }),
    ];
    for (name, lie) in lies {
        let error = refusal(&rewritten(lie, &weights));
        assert!(error.to_string().len() < 300, "{name}: {error}");
    }
    let message = refusal(&rewritten(|json| json["format"] = json!(99), &weights)).to_string();
    assert_eq!(message, "has format version 99, this polytask reads 1");
}

#[test]
fn weights_that_lie_are_refused() {
    let mut weights = artifact().weights;
    Artifact::from_bytes(&rewritten(|_| {}, &weights)).unwrap();
    weights[3] = f32::NAN;
    assert!(refusal(&rewritten(|_| {}, &weights)).to_string().contains("is not finite"));
    let mut short = artifact();
    short.header.graph.params.pop();
    short.weights.truncate(short.header.graph.weights());
    refusal(&short.to_bytes().unwrap());
}

#[test]
fn random_damage_never_panics() {
    use crate::random::{Purpose, Random};
    let bytes = artifact().to_bytes().unwrap();
    let mut random = Random::new(5, Purpose::Init);
    for _ in 0..2_000 {
        let mut damaged = bytes.clone();
        for _ in 0..3 {
            let at = (random.unit() * bytes.len() as f32) as usize % bytes.len();
            damaged[at] = (random.unit() * 256.0) as u8;
        }
        // Damage may fall where it cannot be seen, in a weight; then the model must still answer.
        if let Ok(model) = Model::from_bytes(&damaged) {
            let _ = model.predict(&table());
        }
    }
}

#[test]
fn a_comparison_of_other_tasks_is_refused() {
    let weights = artifact().weights;
    let with = |name: &str, values: Value| {
        let spread = json!({ "mean": 0.5, "deviation": null, "values": values });
        let task = json!({
            "metric": "accuracy", "higherIsBetter": true,
            "multi": spread, "single": spread, "delta": null,
        });
        let comparison = json!({
            "seeds": [0], "heldOutRows": 5, "tasks": [[name, task]], "delta": null,
        });
        rewritten(|json| json["comparison"] = comparison.clone(), &weights)
    };
    Artifact::from_bytes(&with("kind", json!([0.5]))).unwrap();
    refusal(&with("city", json!([0.5])));
    refusal(&with("kind", json!([])));
    refusal(&with("kind", json!([0.5, 0.5])));
}
