//! What checkpoints promise: a run that stopped, whenever, ends like one that did not; and a file
//! that is another's, or lies, is refused.
#![cfg(feature = "train")]
#![allow(clippy::unwrap_used, clippy::panic)] // a test may fail in its helpers too

use polytask::artifact::Artifact;
use polytask::checkpoint::Checkpoint;
use polytask::data::csv::CsvOptions;
use polytask::options::TrainOptions;
use polytask::random::{Purpose, Random};
use polytask::{Cell, Code, EpochReport, Error, Observer, Source, Stop, TableBuilder, train_model};
use safetensors::SafeTensors;
use safetensors::tensor::{Dtype, TensorView};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

const IRIS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/iris.csv");

fn iris() -> Source {
    Source::Files(vec![IRIS.to_owned()])
}

/// 48 rows with a class and two numbers to learn. Most labels of `size` are missing, so that many
/// batches have none and its head steps less often than the rest; `kind` lacks every fifth.
fn sparse() -> Source {
    let mut builder = TableBuilder::from_rows(["x", "y", "kind", "size", "age"].map(str::to_owned));
    for row in 0..48u32 {
        let (x, y) = (f64::from(row) / 10.0, f64::from(row * 7 % 11));
        let kind =
            if row % 5 == 0 { Cell::Missing } else { Cell::Text(["a", "b"][row as usize % 2]) };
        let size = if row % 12 == 0 { Cell::Number(x * y) } else { Cell::Missing };
        builder.push(0, [Cell::Number(x), Cell::Number(y), kind, size, Cell::Number(y - x)]);
    }
    Source::Rows(builder.build())
}

fn sparse_options() -> Value {
    json!({
        "targets": { "kind": "classification", "size": { "type": "regression", "weight": 2 }, "age": {} },
        "features": { "types": { "x": "numeric", "y": "numeric" } },
        "batchSize": 4, "model": { "preset": "fast", "hidden": [12, 6], "dropout": 0.3, "norm": "layer" },
        "validation": 0.25, "weightDecay": 0.05,
    })
}

/// Options with further ones.
fn with(mut options: Value, more: Value) -> Value {
    options.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    options
}

/// Stops the training when it hears of an epoch.
struct Halt(Stop, usize);

impl Observer for Halt {
    fn epoch(&self, report: &EpochReport) {
        if report.epoch == self.1 {
            self.0.stop();
        }
    }
}

fn train(source: Source, options: &Value, halt: usize) -> Result<Artifact, Error> {
    let options = TrainOptions::parse(options.clone())?;
    let stop = Stop::new();
    let bytes = train_model(source, &options, &Halt(stop.clone(), halt), &stop)?;
    Artifact::from_bytes(&bytes)
}

fn bits(weights: &[f32]) -> Vec<u32> {
    weights.iter().map(|weight| weight.to_bits()).collect()
}

/// Everything of a model is the same, but the seconds.
fn assert_same(found: &Artifact, expected: &Artifact) {
    assert_eq!(bits(&found.weights), bits(&expected.weights));
    let (mut found, mut expected) = (found.header.clone(), expected.header.clone());
    for report in found.history.iter_mut().chain(&mut expected.history) {
        report.seconds = 0.0;
    }
    assert_eq!(found, expected);
}

fn place() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run.checkpoint");
    (folder, path)
}

fn keep(path: &Path) -> Value {
    json!({ "checkpoint": { "path": path } })
}

fn go_on(path: &Path) -> Value {
    json!({ "checkpoint": { "path": path }, "resume": path })
}

/// Stops after each epoch but the last, goes on, and compares with a run that never stopped.
fn stops_anywhere(source: fn() -> Source, options: Value) -> Artifact {
    let (_folder, path) = place();
    let whole = train(source(), &options, 0).unwrap();
    let epochs = whole.header.history.len();
    assert!(epochs >= 4, "{epochs} epochs show little");
    for halt in 1..=epochs {
        let stopped = train(source(), &with(options.clone(), keep(&path)), halt).unwrap();
        assert_eq!(stopped.header.history.len(), halt);
        let resumed = train(source(), &with(options.clone(), go_on(&path)), 0).unwrap();
        assert_same(&resumed, &whole);
        let seconds = resumed.header.history.iter().map(|report| report.seconds);
        assert!(seconds.is_sorted(), "time runs backwards");
    }
    whole
}

#[test]
fn with_several_members() {
    let balanced = json!({ "epochs": 4, "ensemble": 3, "balance": "mgda" });
    stops_anywhere(sparse, with(sparse_options(), balanced));
    let members =
        json!({ "epochs": 4, "model": { "preset": "fast", "hidden": [12, 6], "members": 3 } });
    stops_anywhere(sparse, with(sparse_options(), members));
}

#[test]
fn with_adamw_dropout_and_a_cosine() {
    stops_anywhere(iris, json!({ "epochs": 6, "seed": 5 }));
}

#[test]
fn with_several_tasks_and_masked_labels() {
    for optimizer in ["sgd", "adam", "adamw"] {
        let more = json!({ "epochs": 5, "optimizer": optimizer });
        stops_anywhere(sparse, with(sparse_options(), more));
    }
    // Heads step apart, so there is something to mix up.
    let (_folder, path) = place();
    train(sparse(), &with(with(sparse_options(), json!({ "epochs": 2 })), keep(&path)), 0).unwrap();
    let steps = Checkpoint::read(&path).unwrap().state.arrays.steps;
    assert!(steps.iter().min() < steps.iter().max(), "{steps:?}");
}

#[test]
fn with_tasks_that_are_balanced() {
    for balance in [
        json!("uncertainty"),
        json!("dwa"),
        json!("rlw"),
        json!("famo"),
        json!("stch"),
        json!("gradnorm"),
        json!({ "method": "mgda", "momentum": 0.5 }),
        json!({ "method": "cagrad", "every": 5 }),
        json!({ "method": "upgrad", "on": "representation" }),
        json!("pcgrad"),
        json!("gradvac"),
        json!("graddrop"),
        json!("db-mtl"),
        json!("excess"),
        json!("moco"),
        json!("sdmgrad"),
    ] {
        let more = json!({ "epochs": 5, "balance": balance });
        let whole = stops_anywhere(sparse, with(sparse_options(), more));
        assert!(whole.weights.iter().all(|weight| weight.is_finite()), "{balance}");
    }
    // What one method has learnt is not for another.
    let (_folder, path) = place();
    let options = with(sparse_options(), json!({ "epochs": 5, "balance": "moco" }));
    train(sparse(), &with(options.clone(), keep(&path)), 2).unwrap();
    let other = with(with(options.clone(), go_on(&path)), json!({ "balance": "mgda" }));
    let error = train(sparse(), &other, 0).unwrap_err();
    assert_eq!(error.place().option.as_deref(), Some("balance.method"), "{error}");
    let damaged = |change: fn(&mut Checkpoint)| {
        let mut checkpoint = Checkpoint::read(&path).unwrap();
        change(&mut checkpoint);
        let file = path.with_extension("damaged");
        fs::write(&file, checkpoint.to_bytes().unwrap()).unwrap();
        train(sparse(), &with(options.clone(), json!({ "resume": file })), 0).unwrap_err().code()
    };
    assert_eq!(damaged(|it| it.state.balance = None), Code::Artifact);
    assert_eq!(damaged(|it| it.state.balance.as_mut().unwrap().rows.truncate(7)), Code::Artifact);
}

#[test]
fn with_momentum_schedules_and_an_average() {
    let sgd = json!({ "method": "sgd", "momentum": 0.8, "nesterov": true });
    let adam = json!({ "method": "adamw", "betas": [0.9, 0.95] });
    for (optimizer, schedule, model) in [
        (
            sgd.clone(),
            json!({ "method": "one-cycle", "warmup": 1.5 }),
            json!({ "parametric": true }),
        ),
        (adam, json!("coslog4"), json!({ "parametrization": "ntk", "init": "data" })),
    ] {
        let mut options = with(
            sparse_options(),
            json!({
                "epochs": 5, "optimizer": optimizer, "schedule": schedule, "ema": 0.9,
                "weightDecaySchedule": "flat-cosine", "dropoutSchedule": "flat-cosine",
                "earlyStopping": { "patience": false, "ties": "last" },
            }),
        );
        options["model"].as_object_mut().unwrap().extend(model.as_object().unwrap().clone());
        stops_anywhere(sparse, options.clone());
        // Libtorch too.
        stops_anywhere(sparse, with(options, json!({ "engine": "libtorch" })));
    }
    let (_folder, path) = place();
    let options = json!({ "epochs": 5, "optimizer": sgd, "ema": 0.9 });
    let options = with(sparse_options(), options);
    train(sparse(), &with(options.clone(), keep(&path)), 2).unwrap();
    let damaged = |change: fn(&mut Checkpoint)| {
        let mut checkpoint = Checkpoint::read(&path).unwrap();
        change(&mut checkpoint);
        let file = path.with_extension("damaged");
        fs::write(&file, checkpoint.to_bytes().unwrap()).unwrap();
        train(sparse(), &with(options.clone(), json!({ "resume": file })), 0).unwrap_err().code()
    };
    assert_eq!(damaged(|it| it.state.arrays.average = None), Code::Artifact);
    assert_eq!(damaged(|it| it.state.arrays.average.as_mut().unwrap().truncate(7)), Code::Artifact);
    assert_eq!(damaged(|it| it.state.arrays.moments = None), Code::Artifact);
    let both = |it: &mut Checkpoint| {
        let moments = it.state.arrays.moments.as_mut().unwrap();
        moments.1 = moments.0.clone();
    };
    assert_eq!(damaged(both), Code::Artifact);
    // What falls over the run must not be stretched.
    let even = with(sparse_options(), json!({ "epochs": 2, "schedule": "constant" }));
    let falls = with(even.clone(), json!({ "dropoutSchedule": "flat-cosine" }));
    for (options, may) in [(even, true), (falls, false)] {
        train(sparse(), &with(options.clone(), keep(&path)), 0).unwrap();
        let longer = with(with(options, go_on(&path)), json!({ "epochs": 3 }));
        assert_eq!(train(sparse(), &longer, 0).is_ok(), may);
    }
}

#[test]
fn with_early_stopping() {
    let more = json!({
        "epochs": 200, "learningRate": 0.05, "schedule": "constant",
        "earlyStopping": { "patience": 3 },
    });
    let whole = stops_anywhere(sparse, with(sparse_options(), more));
    assert!(whole.header.history.len() < 200, "patience did not end the run");
}

#[test]
fn without_validation_and_with_the_article_s_sgd() {
    stops_anywhere(iris, json!({ "model": "article", "epochs": 4, "validation": false }));
}

#[test]
fn a_run_may_stop_after_every_epoch() {
    let (_folder, path) = place();
    let options = with(sparse_options(), json!({ "epochs": 5 }));
    let whole = train(sparse(), &options, 0).unwrap();
    let again = json!({ "checkpoint": { "path": path }, "resume": true });
    let options = with(options, again);
    for halt in 1..5 {
        assert_eq!(train(sparse(), &options, halt).unwrap().header.history.len(), halt);
    }
    assert_same(&train(sparse(), &options, 0).unwrap(), &whole);
}

#[test]
fn an_epoch_that_was_cut_short_leaves_the_checkpoint_before_it() {
    let (_folder, path) = place();
    let options = json!({ "epochs": 4 });
    let whole = train(iris(), &options, 0).unwrap();
    train(iris(), &with(options.clone(), keep(&path)), 2).unwrap();
    let before = fs::read(&path).unwrap();
    let parsed = TrainOptions::parse(with(options.clone(), go_on(&path))).unwrap();
    let stop = Stop::new();
    stop.stop();
    let bytes = train_model(iris(), &parsed, &(), &stop).unwrap();
    assert_eq!(Artifact::from_bytes(&bytes).unwrap().header.history.len(), 3);
    stop.abort();
    assert_eq!(train_model(iris(), &parsed, &(), &stop).unwrap_err().code(), Code::Aborted);
    assert_eq!(fs::read(&path).unwrap(), before);
    assert_same(&train(iris(), &with(options, go_on(&path)), 0).unwrap(), &whole);
}

#[test]
fn every_says_how_often_and_the_end_is_always_kept() {
    let (_folder, path) = place();
    let every = json!({ "checkpoint": { "path": path, "every": 3 } });
    let options = with(json!({ "epochs": 8 }), every);
    struct Watch(PathBuf, std::sync::Mutex<Vec<usize>>);
    impl Observer for Watch {
        fn epoch(&self, _report: &EpochReport) {
            let epochs = Checkpoint::read(&self.0).map_or(0, |found| found.state.epochs());
            self.1.lock().unwrap().push(epochs);
        }
    }
    let watch = Watch(path.clone(), std::sync::Mutex::default());
    let parsed = TrainOptions::parse(options.clone()).unwrap();
    train_model(iris(), &parsed, &watch, &Stop::new()).unwrap();
    // A report comes just before its checkpoint.
    assert_eq!(*watch.1.lock().unwrap(), [0, 0, 0, 3, 3, 3, 6, 6]);
    assert_eq!(Checkpoint::read(&path).unwrap().state.epochs(), 8);
    train(iris(), &options, 4).unwrap();
    assert_eq!(Checkpoint::read(&path).unwrap().state.epochs(), 4);
}

#[test]
fn a_finished_run_gives_its_model_at_once() {
    let (_folder, path) = place();
    let whole = train(iris(), &with(json!({ "epochs": 3 }), keep(&path)), 0).unwrap();
    struct Deaf;
    impl Observer for Deaf {
        fn epoch(&self, report: &EpochReport) {
            panic!("epoch {} was trained again", report.epoch);
        }
    }
    let options = TrainOptions::parse(json!({ "epochs": 3, "resume": path })).unwrap();
    let bytes = train_model(iris(), &options, &Deaf, &Stop::new()).unwrap();
    assert_eq!(Artifact::from_bytes(&bytes).unwrap(), whole);
}

#[test]
fn a_run_at_a_constant_rate_may_be_made_longer() {
    let (_folder, path) = place();
    let options = |epochs| json!({ "epochs": epochs, "schedule": "constant" });
    let whole = train(iris(), &options(7), 0).unwrap();
    train(iris(), &with(options(3), keep(&path)), 0).unwrap();
    assert_same(&train(iris(), &with(options(7), go_on(&path)), 0).unwrap(), &whole);
    let error = train(iris(), &with(options(5), go_on(&path)), 0).unwrap_err();
    assert_eq!(error.to_string(), "epochs: the checkpoint has 7 behind it, found 5");
    let (_folder, path) = place();
    train(iris(), &with(json!({ "epochs": 3 }), keep(&path)), 0).unwrap();
    let error = train(iris(), &with(json!({ "epochs": 7 }), go_on(&path)), 0).unwrap_err();
    assert_eq!(
        error.to_string(),
        "epochs: the checkpoint was made with 3, found 7; only with the schedule 'constant' may \
         it change"
    );
    assert_eq!(error.place().option.as_deref(), Some("epochs"));
}

#[test]
fn other_options_are_refused_by_name() {
    let (_folder, path) = place();
    let options = json!({ "epochs": 2, "targets": ["species", "petal_width"], "model": { "preset": "fast" } });
    train(iris(), &with(options.clone(), keep(&path)), 1).unwrap();
    for (more, option, what) in [
        (json!({ "seed": 1 }), "seed", "made with 0, found 1"),
        (json!({ "batchSize": 8 }), "batchSize", "made with none, found 8"),
        (json!({ "optimizer": "sgd" }), "optimizer", "made with \"adamw\", found \"sgd\""),
        (json!({ "threads": 1 }), "threads", "made with none, found 1"),
        (json!({ "validation": 0.3 }), "validation", "made with 0.2, found 0.3"),
        (json!({ "gradientClip": false }), "gradientClip", "made with 1.0, found false"),
        (
            json!({ "model": { "preset": "fast", "hidden": [8] } }),
            "model.hidden",
            "made with [128,128], found [8]",
        ),
        (json!({ "earlyStopping": { "patience": 9 } }), "earlyStopping.patience", "made with 20"),
        (json!({ "targets": ["species"] }), "targets", "other tasks"),
        (
            json!({ "targets": { "species": { "weight": 2 }, "petal_width": {} } }),
            "targets",
            "other",
        ),
        (json!({ "features": { "exclude": ["sepal_width"] } }), "features", "other features"),
        (json!({ "csv": { "missing": ["3.5"] } }), "csv", "read or split otherwise"),
    ] {
        let more = with(options.clone(), with(go_on(&path), more));
        let error = train(iris(), &more, 0).unwrap_err();
        assert_eq!(error.code(), Code::Options, "{error}");
        assert_eq!(error.place().option.as_deref(), Some(option), "{error}");
        assert!(error.to_string().contains(what), "{error}");
    }
}

#[test]
fn other_data_is_refused_with_both_fingerprints() {
    let (folder, path) = place();
    train(iris(), &with(json!({ "epochs": 2 }), keep(&path)), 1).unwrap();
    let csv = folder.path().join("iris.csv");
    let text = fs::read_to_string(IRIS).unwrap();
    let elsewhere = || Source::Files(vec![csv.to_str().unwrap().to_owned()]);
    // The same bytes are the same data, wherever they lie.
    fs::write(&csv, &text).unwrap();
    let options = with(json!({ "epochs": 2 }), json!({ "resume": path }));
    train(elsewhere(), &options, 0).unwrap();
    fs::write(&csv, text.replacen("5.1", "5.2", 1)).unwrap();
    let error = train(elsewhere(), &options, 0).unwrap_err();
    assert_eq!(error.code(), Code::Artifact);
    assert_eq!(error.place().file.as_deref(), path.to_str());
    let load = |source: Source| source.load(&CsvOptions::default()).unwrap().fingerprint;
    let (then, now) = (load(iris()), load(elsewhere()));
    let expected = format!("was made of data with the fingerprint {then}, this data has {now}");
    assert!(error.to_string().ends_with(&expected), "{error}");
}

#[test]
fn what_is_no_checkpoint_is_refused() {
    let (folder, path) = place();
    let refusal = |more: Value| {
        let error = train(iris(), &with(json!({ "epochs": 2 }), more), 0).unwrap_err();
        assert_eq!(error.code(), Code::Artifact, "{error}");
        error.to_string()
    };
    assert!(refusal(json!({ "resume": path })).ends_with("no such file"));
    assert!(refusal(json!({ "resume": folder.path() })).ends_with("is a folder, not a checkpoint"));
    assert!(refusal(keep(folder.path())).ends_with("is a folder, not a checkpoint"));
    let nowhere = folder.path().join("no/run.checkpoint");
    assert!(refusal(keep(&nowhere)).contains("there is no folder"));
    // Before any data is read: the source is not even there.
    let none = Source::Files(vec!["no such.csv".to_owned()]);
    let error = train(none, &json!({ "resume": path }), 0).unwrap_err();
    assert_eq!(error.code(), Code::Artifact, "{error}");

    let model = train(iris(), &with(json!({ "epochs": 2 }), keep(&path)), 0).unwrap();
    let error = Artifact::read(&path).unwrap_err();
    assert_eq!(error.code(), Code::Artifact);
    assert!(error.to_string().contains("is a checkpoint, not a model file"), "{error}");
    model.write(&path).unwrap();
    assert!(refusal(json!({ "resume": path })).contains("is a model file, not a checkpoint"));
    fs::write(&path, "iris").unwrap();
    assert!(refusal(json!({ "resume": path })).contains("not a checkpoint, or a damaged one"));
    // A start anew is for a file that is not there, not for one that cannot be read.
    let again = json!({ "checkpoint": { "path": path }, "resume": true });
    assert!(refusal(again).contains("not a checkpoint, or a damaged one"));
}

/// A checkpoint of two epochs on the sparse rows, and the options it was made with.
fn made(path: &Path) -> (Vec<u8>, Value) {
    let options = with(sparse_options(), json!({ "epochs": 3, "seed": 2 }));
    train(sparse(), &with(options.clone(), keep(path)), 2).unwrap();
    (fs::read(path).unwrap(), with(options, json!({ "resume": path })))
}

type Tensors = HashMap<String, (Dtype, Vec<usize>, Vec<u8>)>;

/// The bytes with the header or the tensors changed.
fn rewritten(bytes: &[u8], change: &dyn Fn(&mut Value, &mut Tensors)) -> Vec<u8> {
    let (_, metadata) = SafeTensors::read_metadata(bytes).unwrap();
    let key = "polytask-checkpoint".to_owned();
    let mut json = serde_json::from_str(&metadata.metadata().as_ref().unwrap()[&key]).unwrap();
    let file = SafeTensors::deserialize(bytes).unwrap();
    let mut tensors: Tensors = file
        .tensors()
        .into_iter()
        .map(|(name, view)| (name, (view.dtype(), view.shape().to_vec(), view.data().to_vec())))
        .collect();
    change(&mut json, &mut tensors);
    let views = tensors.iter().map(|(name, (dtype, shape, bytes))| {
        (name.as_str(), TensorView::new(*dtype, shape.clone(), bytes).unwrap())
    });
    safetensors::serialize(views, Some(HashMap::from([(key, json.to_string())]))).unwrap()
}

#[test]
fn checkpoints_that_lie_are_refused() {
    let (_folder, path) = place();
    let (bytes, options) = made(&path);
    let go_on = |bytes: &[u8]| {
        fs::write(&path, bytes).unwrap();
        train(sparse(), &options, 0)
    };
    let whole = go_on(&bytes).unwrap();
    assert_same(&go_on(&rewritten(&bytes, &|_, _| {})).unwrap(), &whole);
    type Lie = fn(&mut Value, &mut Tensors);
    let lies: [(&str, Lie); 26] = [
        ("format", |json, _| json["format"] = json!(99)),
        ("no format", |json, _| json["format"] = Value::Null),
        ("no object", |json, _| *json = json!([])),
        ("versions", |json, _| json["origin"]["versions"]["libtorch"] = json!("1.0.0")),
        ("fingerprint", |json, _| json["origin"]["fingerprint"] = json!("0")),
        ("step", |json, _| json["state"]["step"] = json!(1)),
        ("far step", |json, _| json["state"]["step"] = json!(u64::MAX)),
        ("negative step", |json, _| json["state"]["step"] = json!(-1)),
        ("generator", |json, _| json["state"]["shuffle"] = json!({ "s": [1] })),
        ("best epoch", |json, _| json["state"]["best"]["epoch"] = json!(3)),
        ("no best epoch", |json, _| json["state"]["best"]["epoch"] = json!(0)),
        ("no history", |json, _| json["state"]["history"] = json!([])),
        ("epoch", |json, _| json["state"]["history"][1]["epoch"] = json!(u64::MAX)),
        ("tasks", |json, _| json["state"]["history"][1]["tasks"] = json!([])),
        ("deep", |json, _| {
            json["origin"]["options"] = (0..1000).fold(json!(1), |deep, _| json!([deep]));
        }),
        ("no weights", |_, tensors| drop(tensors.remove("weights"))),
        ("no best", |_, tensors| drop(tensors.remove("best"))),
        ("no moments", |_, tensors| {
            tensors.remove("moments.first");
            tensors.remove("moments.second");
        }),
        ("half of the moments", |_, tensors| drop(tensors.remove("moments.second"))),
        ("one more", |_, tensors| {
            tensors.insert("more".to_owned(), (Dtype::F32, vec![1], vec![0; 4]));
        }),
        ("short weights", |_, tensors| {
            tensors.insert("weights".to_owned(), (Dtype::F32, vec![1], vec![0; 4]));
        }),
        ("no list", |_, tensors| {
            let (_, shape, _) = tensors.get_mut("best").unwrap();
            shape.insert(0, 1);
        }),
        ("type", |_, tensors| tensors.get_mut("steps").unwrap().0 = Dtype::F32),
        ("steps", |_, tensors| {
            tensors.get_mut("steps").unwrap().2[..4].copy_from_slice(&i32::MAX.to_le_bytes());
        }),
        ("row", |_, tensors| {
            tensors.get_mut("order").unwrap().2[..4].copy_from_slice(&u32::MAX.to_le_bytes());
        }),
        ("row twice", |_, tensors| {
            tensors.get_mut("order").unwrap().2.copy_within(..4, 4);
        }),
    ];
    for (name, lie) in lies {
        let error = go_on(&rewritten(&bytes, &lie)).expect_err(name);
        assert_eq!(error.code(), Code::Artifact, "{name}: {error}");
        assert_eq!(error.place().file.as_deref(), path.to_str(), "{name}: {error}");
        assert!(error.to_string().len() < 300, "{name}: {error}");
    }
}

#[test]
fn every_cut_is_refused() {
    let (_folder, path) = place();
    let (bytes, _) = made(&path);
    for length in (0..bytes.len()).step_by(7) {
        let error = Checkpoint::from_bytes(&bytes[..length]).unwrap_err();
        assert_eq!(error.code(), Code::Artifact, "{error}");
    }
    // A header of 2^62 bytes is announced, and none is there.
    Checkpoint::from_bytes(&(1u64 << 62).to_le_bytes()).unwrap_err();
    let good = Checkpoint::from_bytes(&bytes).unwrap();
    assert_eq!(Checkpoint::from_bytes(&good.to_bytes().unwrap()).unwrap(), good);
}

#[test]
fn random_damage_never_panics() {
    let (_folder, path) = place();
    let (bytes, options) = made(&path);
    let header = 8 + u64::from_le_bytes(bytes[..8].try_into().unwrap()) as usize;
    let mut random = Random::new(5, Purpose::Init);
    let mut trained = 0;
    for round in 0..300 {
        let mut damaged = bytes.clone();
        // Half of the time the tensors alone, for a damaged header is mostly no JSON at all.
        let first = if round % 2 == 0 { 8 } else { header };
        for _ in 0..3 {
            let at = first + (random.unit() * (bytes.len() - first) as f32) as usize;
            damaged[at.min(bytes.len() - 1)] = (random.unit() * 256.0) as u8;
        }
        fs::write(&path, &damaged).unwrap();
        // Damage may fall where it cannot be seen, in a weight; then the training goes on.
        trained += usize::from(train(sparse(), &options, 0).is_ok());
    }
    assert!(trained > 0, "no damage was left to the training");
}
