//! Every architecture trains alike on both engines, answers in plain Rust as on libtorch, and comes
//! back from its file.
#![cfg(feature = "train")]
#![allow(clippy::unwrap_used, clippy::panic)] // a test may fail in its helpers too

use polytask::artifact::Artifact;
use polytask::data::Encoded;
use polytask::graph::{Activation, Architecture, Graph, Inputs, Norm, Spec};
use polytask::infer::{Net, Rows};
use polytask::options::TrainOptions;
use polytask::random::{Purpose, Random};
use polytask::train::{Batch, Params, forward};
use polytask::{Cell, Code, EpochReport, Model, Source, Stop, Table, TableBuilder, train_model};
use serde_json::{Value, json};

/// Two chained yes-or-no tasks of three numbers and a category; labels missing here and there.
fn table(rows: usize) -> Table {
    let names = ["a", "b", "c", "kind", "click", "buy"];
    let mut builder = TableBuilder::from_rows(names.map(str::to_owned));
    let mut random = Random::new(3, Purpose::Init);
    for row in 0..rows {
        let [a, b, c] = [random.normal(), random.normal(), random.normal()];
        let kind = (random.unit() * 12.0) as usize;
        let click = a + b * c + kind as f32 * 0.1 > 0.3;
        let buy = click && b > -0.2;
        let label = |yes: bool, masked: bool| match masked {
            true => Cell::Missing,
            false => Cell::Text(if yes { "yes" } else { "no" }),
        };
        let kind = format!("k{kind}");
        builder.push(
            0,
            [
                Cell::Number(f64::from(a)),
                Cell::Number(f64::from(b)),
                Cell::Number(f64::from(c)),
                Cell::Text(&kind),
                label(click, row % 7 == 0),
                label(buy, row % 5 == 0),
            ],
        );
    }
    builder.build()
}

fn train(table: Table, options: Value) -> polytask::Result<Artifact> {
    let options = TrainOptions::parse(options).unwrap();
    let bytes = train_model(Source::Rows(table), &options, &(), &Stop::new())?;
    Artifact::from_bytes(&bytes)
}

fn options(architecture: &str, model: &Value, engine: &str) -> Value {
    let mut options = json!({
        "targets": ["click", "buy"], "epochs": 6, "seed": 2, "engine": engine,
        "learningRate": 0.005, "batchSize": 32, "earlyStopping": false,
        "model": { "preset": "fast", "architecture": architecture, "norm": "layer", "hidden": [12, 9], "tower": [7] },
    });
    for (name, value) in model.as_object().unwrap() {
        match name.as_str() {
            "ensemble" => options[name] = value.clone(),
            _ => options["model"][name] = value.clone(),
        }
    }
    options
}

/// Every architecture, with options of its own.
fn all() -> [(&'static str, Value); 21] {
    [
        ("shared", json!({})),
        ("omoe", json!({ "experts": 3, "gateDropout": 0.3 })),
        ("mmoe", json!({ "experts": 5 })),
        ("mmoe", json!({ "experts": 1, "tower": [] })),
        ("cgc", json!({ "experts": 2, "taskExperts": 2 })),
        ("ple", json!({ "experts": 1, "taskExperts": 2, "levels": 3, "gateDropout": 0.4 })),
        ("ple", json!({ "gateDropout": 0 })),
        ("cross-stitch", json!({})),
        ("adatt", json!({ "levels": 1 })),
        ("adatt", json!({ "taskExperts": 1 })),
        ("dselect-k", json!({ "experts": 8, "k": 3 })),
        ("dselect-k", json!({ "experts": 5, "entropy": 0.3 })),
        ("dselect-k", json!({ "experts": 3, "k": 1, "entropy": 0 })),
        ("esmm", json!({ "hidden": [] })),
        ("aitm", json!({ "hidden": [] })),
        ("aitm", json!({ "norm": "none" })),
        ("shared", json!({ "ensemble": 3 })),
        ("ple", json!({ "ensemble": 2, "gateDropout": 0.2 })),
        ("aitm", json!({ "ensemble": 2, "hidden": [] })),
        ("shared", json!({ "members": 4, "norm": "none" })),
        ("aitm", json!({ "calibrator": 4 })),
    ]
}

#[test]
fn both_engines_learn_the_same_and_losses_fall() {
    for (architecture, model) in all() {
        let of = |engine| train(table(400), options(architecture, &model, engine)).unwrap();
        let (fused, torch) = (of("fused"), of("libtorch"));
        assert!(fused.header.engine.starts_with("fused"), "{architecture}");
        let losses = |of: &Artifact| -> Vec<f64> {
            of.header.history.iter().map(|report| report.loss).collect()
        };
        let (a, b) = (losses(&fused), losses(&torch));
        assert!(a[5] < a[0] * 0.97, "{architecture}: {a:?}");
        for (a, b) in a.iter().zip(&b) {
            assert!((a - b).abs() < 2e-3 * b, "{architecture} {model}: losses {a} and {b}");
        }
        // The first step is looked at, and no other of these 78.
        for (fused, torch) in fused.header.history.iter().zip(&torch.header.history) {
            let tasks = fused.tasks.iter().zip(&torch.tasks);
            for ((_, a), (_, b)) in tasks {
                assert_eq!((a.weight, b.weight), (Some(1.0), Some(1.0)));
                assert_eq!(a.gradient_norm.is_some(), fused.epoch == 1);
                assert_eq!(b.gradient_norm.is_some(), fused.epoch == 1);
                let (a, b) = (a.gradient_norm.unwrap_or(1.0), b.gradient_norm.unwrap_or(1.0));
                assert!((a / b - 1.0).abs() < 1e-3, "{architecture}: lengths {a} and {b}");
            }
            let cosine = |report: &EpochReport| report.cosines.as_ref().map(|all| all[0][1]);
            let (a, b) = (cosine(fused), cosine(torch));
            assert_eq!((a.is_some(), b.is_some()), (fused.epoch == 1, fused.epoch == 1));
            if let (Some(Some(a)), Some(Some(b))) = (a, b) {
                assert!((a - b).abs() < 1e-3, "{architecture}: cosines {a} and {b}");
            }
        }
        let (mut apart, mut all) = (0.0, 0.0);
        for (a, b) in fused.weights.iter().zip(&torch.weights) {
            apart += f64::from(a - b).powi(2);
            all += f64::from(*b).powi(2);
        }
        assert!((apart / all).sqrt() < 0.02, "{architecture} {model}: {apart} of {all}");
    }
}

#[test]
fn both_engines_leave_alone_what_no_label_reaches() {
    for (architecture, model) in all() {
        let of = |engine| {
            let mut options = options(architecture, &model, engine);
            // Now and then a batch has no label of one task.
            (options["batchSize"], options["epochs"]) = (json!(3), json!(1));
            (options["optimizer"], options["learningRate"]) = (json!("sgd"), json!(0.01));
            train(table(60), options).unwrap().weights
        };
        let (fused, torch) = (of("fused"), of("libtorch"));
        for (a, b) in fused.iter().zip(&torch) {
            assert!((a - b).abs() < 1e-4, "{architecture} {model}: {a} and {b}");
        }
    }
}

#[test]
fn models_come_back_and_report_their_experts() {
    for (architecture, model) in all() {
        let artifact = train(table(300), options(architecture, &model, "auto")).unwrap();
        let again = Artifact::from_bytes(&artifact.to_bytes().unwrap()).unwrap();
        assert_eq!(again, artifact, "{architecture}");
        let has_experts = !matches!(architecture, "shared" | "cross-stitch" | "esmm" | "aitm");
        assert_eq!(artifact.header.experts.len(), if has_experts { 2 } else { 0 });
        for weights in &artifact.header.experts {
            assert!((weights.iter().sum::<f64>() - 1.0).abs() < 1e-5, "{architecture} {weights:?}");
        }
        let (a, b) = (Model::new(artifact).unwrap(), Model::new(again).unwrap());
        assert_eq!(a.predict(&table(50)).unwrap(), b.predict(&table(50)).unwrap());
        let summary = a.summary();
        assert!(summary.contains(&format!("network    {architecture}, ")), "{summary}");
        assert_eq!(summary.contains("experts    \"buy\": "), has_experts, "{summary}");
        let experts = &a.describe()["tasks"][1]["experts"];
        assert_eq!(experts.is_array(), has_experts);
    }
}

#[test]
fn chances_fall_along_a_chain() {
    let artifact = train(table(300), options("esmm", &json!({}), "auto")).unwrap();
    let model = Model::new(artifact).unwrap();
    let answers = model.predict(&table(200)).unwrap();
    // For each task the class, then the chances of no and yes.
    for answer in answers.chunks_exact(6) {
        assert!(answer[5] < answer[2], "{answer:?}");
    }
}

#[test]
fn a_calibrator_keeps_the_order_of_a_chain() {
    let table = || {
        let mut builder = TableBuilder::from_rows(["x", "early", "late"].map(str::to_owned));
        let mut random = Random::new(3, Purpose::Init);
        for _ in 0..300 {
            let x = random.normal();
            let label = |yes: bool| Cell::Text(if yes { "yes" } else { "no" });
            builder.push(0, [Cell::Number(f64::from(x)), label(x > 0.0), label(x > 1.0)]);
        }
        builder.build()
    };
    let above = |calibrator: f64| {
        let mut options = options("aitm", &json!({ "calibrator": calibrator }), "auto");
        // What is rare and weighs much is thought likelier than it is.
        let late = json!({ "classWeights": { "yes": 60, "no": 1 } });
        options["targets"] = json!({ "early": {}, "late": late });
        let model = Model::new(train(table(), options).unwrap()).unwrap();
        let answers = model.predict(&table()).unwrap();
        let each = answers.chunks_exact(6).map(|answer| (answer[5] - answer[2]).max(0.0));
        each.sum::<f64>() / 300.0
    };
    let (without, with) = (above(0.0), above(20.0));
    assert!(without > 0.05 && with < 0.5 * without, "{with}, without {without}");
}

#[test]
fn an_entropy_that_counts_makes_selections_clear() {
    let entropy = |weight: f64| {
        let model = json!({ "experts": 6, "k": 1, "entropy": weight });
        let mut options = options("dselect-k", &model, "auto");
        (options["learningRate"], options["epochs"]) = (json!(0.05), json!(10));
        let artifact = train(table(300), options).unwrap();
        let (graph, rows) = (artifact.header.graph.clone(), 50);
        let mut random = Random::new(4, Purpose::Init);
        let numeric: Vec<f32> = (0..rows * graph.inputs.numeric).map(|_| random.normal()).collect();
        let codes = vec![0; rows * graph.inputs.codes.len()];
        let read = Graph { heads: graph.gates.clone(), ..graph };
        let net = Net::new(read, artifact.weights).unwrap();
        let gates = net.run(Rows { rows, numeric: &numeric, codes: &codes });
        gates.iter().map(|&p| -f64::from(p) * f64::from(p + 1e-6).ln()).sum::<f64>() / 100.0
    };
    let (without, with) = (entropy(0.0), entropy(5.0));
    assert!(with < 0.5 * without, "{with}, without {without}");
}

#[test]
fn tasks_that_are_no_chain_are_refused() {
    for architecture in ["esmm", "aitm"] {
        let mut wrong = options(architecture, &json!({}), "auto");
        wrong["targets"] = json!(["buy", "click"]);
        let error = train(table(300), wrong.clone()).unwrap_err();
        assert_eq!(error.code(), Code::Schema);
        assert!(
            error.to_string().contains("\"click\" is \"yes\" where \"buy\" is \"no\""),
            "{error}"
        );
        assert_eq!(error.place().task.as_deref(), Some("click"));
        assert!(error.place().row.is_some());
        wrong["targets"] = json!(["click", "a"]);
        let error = train(table(300), wrong).unwrap_err();
        assert_eq!(error.code(), Code::Schema);
        assert!(error.to_string().contains("\"a\" is no classification"), "{error}");
    }
}

#[test]
fn gates_drop_out_by_the_seed() {
    let with = |seed: u64, rate: f64| {
        let mut options = options("mmoe", &json!({ "gateDropout": rate }), "auto");
        options["seed"] = json!(seed);
        train(table(200), options).unwrap().weights
    };
    assert_eq!(with(1, 0.5), with(1, 0.5));
    assert_ne!(with(1, 0.5), with(1, 0.0));
}

#[test]
fn plain_rust_answers_as_libtorch() {
    let mut random = Random::new(9, Purpose::Init);
    for (_, architecture) in Architecture::ALL {
        for (norm, experts) in [(Norm::None, 4), (Norm::Layer, 5)] {
            let spec = Spec {
                architecture,
                hidden: vec![20, 17],
                activation: Activation::Gelu,
                norm,
                experts,
                task_experts: 2,
                levels: 2,
                tower: vec![9],
                gate_dropout: 0.5,
                k: 2,
                ..Spec::default()
            };
            let heads = if architecture.is_chained() { [1, 1, 1] } else { [3, 1, 2] };
            let graph = spec.compose(Inputs { numeric: 6, codes: vec![12, 4] }, &heads);
            graph.check().unwrap();
            let weights: Vec<f32> = (0..graph.weights()).map(|_| random.symmetric(0.4)).collect();
            let rows = 77;
            let numeric: Vec<f32> = (0..rows * 6).map(|_| random.normal() * 2.0).collect();
            let codes: Vec<u32> = (0..rows * 2).map(|i| (i * 5 % 4) as u32).collect();
            let encoded = Encoded { rows, numeric, codes, ..Encoded::default() };
            let params = Params::new(&graph, &weights).unwrap();
            let batch = Batch::new(&encoded, &graph, &[]).unwrap();
            let torch = forward(&graph, &params.leaves, &batch, None).unwrap();
            let torch = tch::Tensor::cat(&torch, 1).contiguous();
            let mut expected = vec![0.0f32; torch.numel()];
            torch.copy_data(&mut expected, torch.numel());
            let net = Net::new(graph, weights).unwrap();
            let Encoded { numeric, codes, .. } = &encoded;
            let found = net.run(Rows { rows, numeric, codes });
            for (a, b) in expected.iter().zip(&found) {
                assert!((a - b).abs() <= 1e-5 * a.abs().max(1.0), "{architecture:?}: {a}, {b}");
            }
        }
    }
}
