//! Rows of numbers are answered with the bits of the general way, and without an allocation.
#![allow(clippy::unwrap_used)] // a test may fail in its helpers too

use polytask::artifact::{Artifact, DataInfo, FORMAT, Header, Versions};
use polytask::data::{Cell, Encoder, Schema, SchemaOptions, TableBuilder, TargetChoice};
use polytask::graph::{Activation, Norm, Spec};
use polytask::{Answers, Model, Numbers, Room, Strip, Table};
use std::alloc::{GlobalAlloc, Layout, System};

/// The system's allocator, which counts what each thread asks of it.
struct Counting;

thread_local! {
    static ASKED: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

// SAFETY: the system's allocator does the work.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ASKED.set(ASKED.get() + 1);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        unsafe { System.dealloc(memory, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Two features, the second with missing cells, and a task of each kind of answer.
fn cells(row: usize) -> [f64; 2] {
    let x = (row as f64 * 0.7).sin() * 3.0;
    [x, if row.is_multiple_of(7) { f64::NAN } else { x * x }]
}

fn table(rows: usize) -> Table {
    let mut builder = TableBuilder::from_rows(["a", "b", "two", "three", "y"].map(str::to_owned));
    for row in 0..rows {
        let cells = cells(row);
        let number = |x: f64| if x.is_nan() { Cell::Missing } else { Cell::Number(x) };
        let (two, three) = (["n", "y"][row % 2], ["p", "q", "r"][row % 3]);
        let labels = [Cell::Text(two), Cell::Text(three), Cell::Number(row as f64 / 9.0)];
        builder.push(0, [number(cells[0]), number(cells[1])].into_iter().chain(labels));
    }
    builder.build()
}

fn model(activation: Activation) -> Model {
    ensemble(activation, 1, 0)
}

/// So many networks, or one with so many members.
fn ensemble(activation: Activation, networks: usize, members: usize) -> Model {
    Model::new(artifact(activation, networks, members)).unwrap()
}

/// A network with temperatures for its classes and intervals for its values.
fn calibrated(networks: usize) -> Model {
    let mut artifact = artifact(Activation::Silu, networks, 0);
    let rows = artifact.header.encoder.encode_labelled(&table(60)).unwrap();
    artifact.calibrate(&rows, true, Some(0.9)).unwrap();
    let temperatures = artifact.header.calibration.iter().flatten();
    assert!(temperatures.clone().count() == 2 && temperatures.clone().all(|t| t.power().is_some()));
    Model::from_bytes(&artifact.to_bytes().unwrap()).unwrap()
}

fn artifact(activation: Activation, networks: usize, members: usize) -> Artifact {
    let table = table(60);
    let targets = ["two", "three", "y"].map(|name| TargetChoice::new(name, None)).to_vec();
    let options = SchemaOptions { targets, ..SchemaOptions::default() };
    let schema = Schema::infer(&table, &options).unwrap();
    let encoder = Encoder::fit(&table, &schema, &(0..60).collect::<Vec<_>>()).unwrap();
    let norm = if members > 0 { Norm::None } else { Norm::Layer };
    let spec = Spec { hidden: vec![40, 20], activation, norm, members, ..Spec::default() };
    let heads: Vec<usize> = encoder.targets().iter().map(|target| target.head_width()).collect();
    let graph = spec.compose(encoder.inputs(), &heads).ensemble(networks);
    let weights = (0..graph.weights()).map(|i| (i as f32 * 0.37).sin()).collect();
    let header = Header {
        format: FORMAT,
        versions: Versions { polytask: "0".into(), libtorch: "0".into() },
        schema,
        encoder,
        graph,
        options: serde_json::json!({}),
        data: DataInfo {
            source: "rows".into(),
            fingerprint: "0".into(),
            rows: 60,
            zero_weight_rows: 0,
            train_rows: 60,
            validation_rows: 0,
            labels: vec![60; 3],
            reading: None,
            taken: Vec::new(),
            refit: None,
            split: None,
        },
        engine: "fused kernels".into(),
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

/// Models of several members, of either kind, and calibrated ones.
fn several() -> [Model; 4] {
    [
        ensemble(Activation::Tanh, 3, 0),
        ensemble(Activation::Silu, 1, 5),
        calibrated(1),
        calibrated(3),
    ]
}

fn flat(rows: usize) -> Vec<f64> {
    (0..rows).flat_map(cells).collect()
}

#[test]
fn the_bits_are_those_of_the_general_way() {
    let alone = Activation::ALL.map(|(_, activation)| model(activation));
    for model in alone.into_iter().chain(several()) {
        for rows in [0, 1, 5, 3000] {
            let expected = model.predict(&table(rows)).unwrap();
            let flat = flat(rows);
            let mut answers = vec![9.0; rows * model.answer_width()];
            assert!(model.answer_numbers(Numbers::Double(&flat), &mut answers));
            assert_eq!(answers, expected);

            let encoded = model.encode_numbers(&flat).unwrap();
            assert_eq!(
                model.answer_until(&encoded, &polytask::Watch::default()).unwrap(),
                expected
            );
        }
    }
}

#[test]
fn columns_hold_the_same() {
    let models = [model(Activation::Silu)].into_iter().chain(several()).collect::<Vec<_>>();
    for (model, rows) in models.iter().flat_map(|model| [(model, 1), (model, 3000)]) {
        let expected = model.predict(&table(rows)).unwrap();
        let flat = flat(rows);
        let column = |feature| flat.iter().skip(feature).step_by(2).copied().collect::<Vec<f64>>();
        let (a, b) = (column(0), column(1));
        let strips = [Strip::Double(&a), Strip::Double(&b)];
        for numbers in [Numbers::Double(&flat), Numbers::Columns(&strips)] {
            let (mut codes, mut sure) =
                ([vec![9; rows], vec![9; rows]], [vec![9.0; rows], vec![9.0; rows]]);
            let mut all = [vec![9.0; rows * 2], vec![9.0; rows * 3]];
            let mut values = vec![9.0; rows];
            let mut rooms = Vec::new();
            let tasks = codes.iter_mut().zip(sure.iter_mut()).zip(all.iter_mut());
            for ((codes, probability), probabilities) in tasks {
                rooms.push(Room::Classes { codes, probability, probabilities });
            }
            rooms.push(Room::Values(&mut values));
            assert!(model.answer_columns(numbers, rows, rooms));
            for (row, answer) in expected.chunks_exact(model.answer_width()).enumerate() {
                assert_eq!(f64::from(codes[0][row]), answer[0]);
                assert_eq!(f64::from(codes[1][row]), answer[3]);
                assert_eq!(all[0][row * 2..][..2], answer[1..3]);
                assert_eq!(all[1][row * 3..][..3], answer[4..7]);
                assert_eq!(sure[1][row], answer[4 + codes[1][row] as usize]);
                assert_eq!(values[row], answer[7]);
            }
        }
    }
}

#[test]
fn intervals_have_columns_of_their_own_and_labels_stay() {
    let (plain, model) = (model(Activation::Silu), calibrated(1));
    for rows in [1, 3000] {
        let (expected, flat) = (model.predict(&table(rows)).unwrap(), flat(rows));
        let [mut values, mut low, mut high] = [(); 3].map(|()| vec![9.0; rows]);
        let (mut codes, mut sure) =
            ([vec![9; rows], vec![9; rows]], [vec![9.0; rows], vec![9.0; rows]]);
        let mut all = [vec![9.0; rows * 2], vec![9.0; rows * 3]];
        let tasks = codes.iter_mut().zip(sure.iter_mut()).zip(all.iter_mut());
        let mut rooms: Vec<Room<'_>> = tasks
            .map(|((codes, probability), probabilities)| Room::Classes {
                codes,
                probability,
                probabilities,
            })
            .collect();
        rooms.push(Room::Intervals { values: &mut values, low: &mut low, high: &mut high });
        assert!(model.answer_columns(Numbers::Double(&flat), rows, rooms));
        let columns = model.predict_columns(&table(rows)).unwrap();
        let Answers::Intervals { values: v, low: l, high: h } = &columns[2] else { unreachable!() };
        assert_eq!((v, l, h), (&values, &low, &high));
        let before = plain.predict(&table(rows)).unwrap();
        let before = before.chunks_exact(plain.answer_width());
        for ((row, answer), before) in expected.chunks_exact(10).enumerate().zip(before) {
            assert_eq!(all[1][row * 3..][..3], answer[4..7]);
            assert_eq!([values[row], low[row], high[row]], answer[7..]);
            assert_eq!((answer[0], answer[3], answer[7]), (before[0], before[3], before[7]));
            assert!(answer[1] != before[1] && answer[4] != before[4]);
            assert!(answer[8] < answer[7] && answer[7] < answer[9]);
        }
    }
    let scores = model.evaluate(&table(60)).unwrap();
    assert!(scores[2].1.coverage.unwrap() >= 0.9, "it was fitted to these rows");
    let found = model.describe()["tasks"][2]["interval"]["halfWidth"].as_f64().unwrap();
    assert!((scores[2].1.mean_width.unwrap() - 2.0 * found).abs() < 1e-9);
    assert_eq!(plain.evaluate(&table(60)).unwrap()[2].1.coverage, None);
    for words in ["calibrated \"two\": temperature ", "interval   \"y\": ± "] {
        assert!(model.summary().contains(words), "{}", model.summary());
        assert!(!plain.summary().contains(words));
    }
}

#[test]
fn what_is_no_number_is_declined() {
    let model = model(Activation::Relu);
    let mut answers = vec![0.0; model.answer_width()];
    assert!(!model.answer_numbers(Numbers::Double(&[1.0, f64::INFINITY]), &mut answers));
    assert!(!model.answer_numbers(Numbers::Single(&[f32::NEG_INFINITY, 1.0]), &mut answers));
    assert!(!model.answer_numbers(Numbers::Double(&[1.0]), &mut answers));
    assert!(model.answer_numbers(Numbers::Single(&[f32::NAN, 1.0]), &mut answers));
}

#[test]
fn a_call_allocates_nothing() {
    for model in [model(Activation::Gelu)].into_iter().chain(several()) {
        let flat = flat(100);
        let mut answers = vec![0.0; 100 * model.answer_width()];
        let width = model.answer_width();
        let mut ask = |rows: usize| {
            let numbers = Numbers::Double(&flat[..rows * 2]);
            assert!(model.answer_numbers(numbers, &mut answers[..rows * width]));
        };
        ask(100);
        let before = ASKED.get();
        (1..100).for_each(&mut ask);
        assert_eq!(ASKED.get(), before);
    }
}
