//! What labels make of a target, and how what was said of it is refused.

use super::*;
use crate::data::{Encoded, Encoder, NumberLoss, Schema, SchemaOptions, Table, TableBuilder};

const HEADER: [&str; 5] = ["x", "size", "visits", "rank", "w"];

fn rows(rows: &[[&str; 5]]) -> Table {
    let mut builder = TableBuilder::from_files(HEADER.map(str::to_owned));
    builder.start_file("t.csv");
    for (row, line) in rows.iter().zip(2..) {
        let cells = row.map(|cell| if cell.is_empty() { Cell::Missing } else { Cell::Text(cell) });
        builder.push(line, cells);
    }
    builder.build()
}

fn table() -> Table {
    rows(&[
        ["1", "low", "0", "10", "1"],
        ["2", "high", "4", "9", "0.5"],
        ["3", "mid", "", "2", "0"],
        ["4", "", "2", "", "2"],
    ])
}

fn choice(name: &str, kind: TaskType) -> TargetChoice {
    TargetChoice::new(name, Some(kind))
}

fn infer(table: &Table, target: TargetChoice) -> Result<Schema> {
    Schema::infer(table, &SchemaOptions { targets: vec![target], ..SchemaOptions::default() })
}

fn refused(table: &Table, target: TargetChoice) -> Error {
    infer(table, target).unwrap_err()
}

fn listed(classes: &[&str]) -> Option<Vec<String>> {
    Some(classes.iter().map(|&class| class.to_owned()).collect())
}

fn encoded(table: &Table, schema: &Schema) -> (Encoder, Encoded) {
    let all: Vec<usize> = (0..table.rows()).collect();
    let encoder = Encoder::fit(table, schema, &all).unwrap();
    let encoded = encoder.encode_labelled(table).unwrap();
    (encoder, encoded)
}

#[test]
fn numbers_order_themselves_and_texts_are_listed() {
    let table = table();
    let names = |target| infer(&table, target).unwrap().tasks[0].classes.clone().unwrap();
    assert_eq!(names(choice("rank", TaskType::Ordinal)).names(), ["2", "9", "10"]);
    let order = listed(&["low", "mid", "high", "top"]);
    for kind in [TaskType::Ordinal, TaskType::Classification] {
        let target = TargetChoice { classes: order.clone(), ..choice("size", kind) };
        assert_eq!(names(target).names(), ["low", "mid", "high", "top"]);
    }
    // What is listed is told by number where it is one, and comes back as it stood.
    let order = listed(&["10.0", "9", "2"]);
    let target = TargetChoice { classes: order, ..choice("rank", TaskType::Ordinal) };
    assert_eq!(names(target).names(), ["10", "9", "2"]);
    assert_eq!(names(choice("size", TaskType::Classification)).names(), ["high", "low", "mid"]);
}

#[test]
fn an_order_that_is_not_known_or_not_whole_is_refused() {
    let table = table();
    let error = refused(&table, choice("size", TaskType::Ordinal));
    assert_eq!(error.code(), Code::Schema);
    assert_eq!(
        error.to_string(),
        "t.csv, column \"size\": the order of classes that are no numbers must be given: list \
         \"high\", \"low\", \"mid\" in targets.size.classes"
    );
    assert_eq!(error.place().option.as_deref(), Some("targets.size.classes"));
    let order = listed(&["low", "hihg", "mid"]);
    let target = TargetChoice { classes: order, ..choice("size", TaskType::Ordinal) };
    assert_eq!(
        refused(&table, target).message(),
        "targets.size.classes: the class \"high\" is missing; is it \"hihg\"?"
    );
    let target =
        TargetChoice { classes: listed(&["low", "high"]), ..TargetChoice::new("size", None) };
    assert_eq!(
        refused(&table, target).message(),
        "targets.size.classes: the class \"mid\" is missing; it must list every class"
    );
}

#[test]
fn counts_are_whole_numbers_from_0_up() {
    let table = table();
    let schema = infer(&table, choice("visits", TaskType::Count)).unwrap();
    assert_eq!((schema.tasks[0].kind, &schema.tasks[0].classes), (TaskType::Count, &None));
    for (cell, found) in [("2.5", "2.5"), ("-1", "-1")] {
        let wrong = rows(&[["1", "a", "3", "1", "1"], ["2", "b", cell, "2", "1"]]);
        let error = refused(&wrong, choice("visits", TaskType::Count));
        assert_eq!(
            error.to_string(),
            format!(
                "t.csv line 3, column \"visits\": {found} is not a whole number from 0 up, and \
                 the task is declared a count"
            )
        );
        assert_eq!(error.code(), Code::Schema);
    }
    let error = refused(&table, choice("size", TaskType::Count)).to_string();
    assert!(error.contains("line 2") && error.contains("\"low\" is not a number"), "{error}");
}

#[test]
fn what_does_not_fit_the_inferred_type_is_refused() {
    let objective = Objective { loss: Some(NumberLoss::Mae), ..Objective::default() };
    let target = TargetChoice { objective, ..TargetChoice::new("size", None) };
    let error = refused(&table(), target);
    assert_eq!(error.code(), Code::Options);
    assert_eq!(
        error.message(),
        "targets.size.loss: is for a regression if it is 'mae', and the task is of type \
         'classification', as its labels look; give its type"
    );
}

#[test]
fn weights_of_unknown_classes_are_refused() {
    let weigh = |name: &str| {
        let weights = ClassWeights::Each(vec![(name.to_owned(), 2.0)]);
        let objective = Objective { class_weights: Some(weights), ..Objective::default() };
        TargetChoice { objective, ..TargetChoice::new("size", None) }
    };
    infer(&table(), weigh("mid")).unwrap();
    assert_eq!(
        refused(&table(), weigh("hgih")).message(),
        "targets.size.classWeights: no class \"hgih\"; did you mean \"high\"?"
    );
    assert_eq!(
        refused(&table(), weigh("enormous")).message(),
        "targets.size.classWeights: no class \"enormous\"; the classes are \"high\", \"low\", \
         \"mid\""
    );
}

#[test]
fn a_count_is_scaled_by_its_mean_and_comes_back() {
    let table = table();
    let schema = infer(&table, choice("visits", TaskType::Count)).unwrap();
    let (encoder, encoded) = encoded(&table, &schema);
    let target = &encoder.targets()[0];
    assert_eq!((target.head_width(), target.answer_width()), (1, 1));
    assert_eq!(encoded.labels[0].encoded[..2], [0.0, 2.0]);
    assert_eq!(encoded.labels[0].raw[..2], [0.0, 4.0]);
    assert!(encoded.labels[0].encoded[2].is_nan());
    let mut answer = [0.0];
    target.decode(&[0.0], &mut answer);
    assert_eq!(answer, [2.0]);
    target.decode(&[1e9], &mut answer);
    assert_eq!(answer, [f64::MAX]);
    let zeros = rows(&[["1", "a", "0", "1", "1"], ["2", "b", "0", "2", "1"]]);
    let schema = infer(&zeros, choice("visits", TaskType::Count)).unwrap();
    let (encoder, _) = self::encoded(&zeros, &schema);
    encoder.check().unwrap();
    let error = encoder.encode_labelled(&rows(&[["1", "a", "-2", "1", "1"]])).unwrap_err();
    assert!(error.to_string().contains("expected a count from 0 up, found -2"), "{error}");
}

#[test]
fn the_chance_of_a_higher_class_only_falls() {
    let table = table();
    let schema = infer(&table, choice("rank", TaskType::Ordinal)).unwrap();
    let (encoder, encoded) = encoded(&table, &schema);
    assert_eq!(encoded.labels[0].encoded[..3], [2.0, 1.0, 0.0]);
    let target = &encoder.targets()[0];
    assert_eq!((target.head_width(), target.answer_width()), (2, 4));
    let mut answer = [0.0; 4];
    for i in 0..2_000 {
        let logit = |k: i32| ((i * k) as f32 * 0.7).sin() * if i % 3 == 0 { 1e9 } else { 8.0 };
        target.decode(&[logit(1), logit(7)], &mut answer);
        let [label, low, mid, high] = answer;
        assert!((low + mid + high - 1.0).abs() < 1e-12, "{answer:?}");
        assert!(low >= 0.0 && mid >= 0.0 && high >= 0.0, "{answer:?}");
        assert!(high <= mid + high && mid + high <= 1.0 + 1e-12);
        let best = answer[1..].iter().copied().fold(0.0, f64::max);
        assert_eq!(answer[1 + label as usize], best);
    }
    target.decode(&[0.0, 3f32.ln()], &mut answer);
    for (found, expected) in answer.iter().zip([0.0, 0.5, 0.125, 0.375]) {
        assert!((found - expected).abs() < 1e-7, "{answer:?}");
    }
}

#[test]
fn rows_have_weights_from_a_column_that_is_no_feature() {
    let table = table();
    let options = |weights: &str| SchemaOptions {
        targets: vec![TargetChoice::new("size", None)],
        sample_weights: Some(weights.to_owned()),
        ..SchemaOptions::default()
    };
    let schema = Schema::infer(&table, &options("w")).unwrap();
    assert!(schema.features.iter().all(|feature| feature.name != "w"));
    assert_eq!(encoded(&table, &schema).1.weights.unwrap(), [1.0, 0.5, 0.0, 2.0]);
    // Without said targets the last column is one, if it is not the weights.
    let last = SchemaOptions { targets: vec![], ..options("w") };
    assert_eq!(Schema::infer(&table, &last).unwrap().tasks[0].name, "rank");

    let fails = |table: &Table, options| {
        let error = Schema::infer(table, &options).unwrap_err();
        assert_eq!(error.code(), Code::Schema);
        error.to_string()
    };
    assert!(fails(&table, options("ww")).contains("did you mean \"w\"?"));
    assert!(fails(&table, options("size")).contains("is a target and cannot weigh rows too"));
    let include = SchemaOptions { include: Some(vec!["w".to_owned()]), ..options("w") };
    assert!(fails(&table, include).contains("weighs rows and cannot be a feature too"));
    for (cell, found) in [("", "nothing"), ("-1", "\"-1\""), ("x", "\"x\"")] {
        let wrong = rows(&[["1", "a", "1", "1", "1"], ["2", "b", "1", "2", cell]]);
        assert_eq!(
            fails(&wrong, options("w")),
            format!(
                "t.csv line 3, column \"w\": expected the weight of the row, from 0 up, found \
                 {found}"
            )
        );
    }
    let none = rows(&[["1", "a", "1", "1", "0"], ["2", "b", "1", "2", "0"]]);
    assert!(fails(&none, options("w")).contains("every row has weight 0"));
}

#[test]
fn an_encoder_is_saved_with_its_kind_and_checked() {
    let table = table();
    for (name, kind) in [("visits", TaskType::Count), ("rank", TaskType::Ordinal)] {
        let schema = infer(&table, choice(name, kind)).unwrap();
        let (encoder, _) = encoded(&table, &schema);
        let json = serde_json::to_value(&encoder).unwrap();
        let again: Encoder = serde_json::from_value(json.clone()).unwrap();
        assert_eq!(again, encoder);
        assert_eq!(again.targets()[0].kind(), kind);
        let mut lie = json.clone();
        lie["targets"][0]["encoding"] = match kind {
            TaskType::Count => serde_json::json!({ "count": { "scale": -1.0 } }),
            _ => {
                let names = serde_json::json!({ "names": ["a"], "decimal": "." });
                serde_json::json!({ "ordinal": names })
            }
        };
        let lie: Encoder = serde_json::from_value(lie).unwrap();
        assert_eq!(lie.check().unwrap_err().code(), Code::Artifact);
    }
}

/// Rows of a label and a number.
fn labelled(labels: &[Cell<'_>]) -> Table {
    let mut builder = TableBuilder::from_rows(["label", "x"].map(str::to_owned));
    for (row, label) in labels.iter().enumerate() {
        builder.push(0, [*label, Cell::Number(row as f64)]);
    }
    builder.build()
}

fn labels(texts: &[&str]) -> Table {
    labelled(&texts.iter().map(|text| Cell::Text(text)).collect::<Vec<_>>())
}

fn classes(table: &Table, target: TargetChoice) -> Vec<String> {
    infer(table, target).unwrap().tasks[0].classes.clone().unwrap().names().to_vec()
}

#[test]
fn declared_classes_are_texts_and_inferred_ones_numbers() {
    let declared = || choice("label", TaskType::Classification);
    let inferred = || TargetChoice::new("label", None);
    let whole = labels(&["1", "1.00", "1e0", "0", "0", "0", "1", "2", "2.0"]);
    assert_eq!(classes(&whole, inferred()), ["0", "1", "2"]);
    assert_eq!(classes(&whole, declared()), ["0", "1", "1.00", "1e0", "2"]);
    for texts in [["1.1", "1.10", "2"], ["100000", "1E5", "3e5"]] {
        let table = labels(&texts);
        let schema = infer(&table, declared()).unwrap();
        assert_eq!(schema.tasks[0].classes.as_ref().unwrap().names(), texts);
        assert!(schema.tasks[0].reason.contains("written in two ways, and two classes"));
        let raw = &encoded(&table, &schema).1.labels[0].raw;
        assert_eq!(raw, &[0.0, 1.0, 2.0]);
    }
    let ids = ["12345678901234567890", "12345678901234567891", "12345678901234567892"];
    for choice in [declared(), inferred()] {
        assert_eq!(classes(&labels(&ids), choice), ids);
    }
}

#[test]
fn the_order_of_one_number_in_two_spellings_is_not_known() {
    let table = labels(&["1.5", "1.50", "2"]);
    let error = refused(&table, choice("label", TaskType::Ordinal));
    let message = "rows, column \"label\": \"1.5\" and \"1.50\" are one number, written in two \
                   ways, which leaves their order open; write them alike, or list the classes in \
                   targets.label.classes";
    assert_eq!(error.to_string(), message);
    let order = ["1.5", "1.50", "2"];
    let target = TargetChoice { classes: listed(&order), ..choice("label", TaskType::Ordinal) };
    assert_eq!(classes(&table, target), order);
    let target =
        TargetChoice { classes: listed(&["1.5", "2"]), ..choice("label", TaskType::Ordinal) };
    assert!(refused(&table, target).to_string().contains("the class \"1.50\" is missing"));
    assert_eq!(
        classes(&labels(&["1", "1.0", "2"]), choice("label", TaskType::Ordinal)),
        ["1", "2"]
    );
}

#[test]
fn listed_classes_are_each_another_one() {
    let table = labels(&["1", "2"]);
    for (one, other) in [("1", "1.0"), ("2", "+2"), ("True", "true")] {
        let classes = listed(&["1", "2", one, other][if one == "True" { 0 } else { 1 }..]);
        let target = TargetChoice { classes, ..TargetChoice::new("label", None) };
        let message = refused(&table, target).to_string();
        assert!(message.contains("are one class"), "{message}");
    }
    let order = listed(&["false", "true"]);
    let target = TargetChoice { classes: order, ..TargetChoice::new("label", None) };
    assert_eq!(classes(&labels(&["True", "False"]), target), ["False", "True"]);
    let mut target = choice("label", TaskType::Classification);
    let weights = [("1".to_owned(), 2.0), ("1.0".to_owned(), 3.0)];
    target.objective.class_weights = Some(ClassWeights::Each(weights.to_vec()));
    let message = refused(&table, target).to_string();
    assert!(message.contains("classWeights: \"1\" and \"1.0\" are one class"), "{message}");
}

#[test]
fn labels_in_two_spellings_are_no_single_class() {
    let table = labels(&["1.1", "1.2", "3"]);
    let schema = infer(&table, choice("label", TaskType::Classification)).unwrap();
    let (encoder, _) = encoded(&table, &schema);
    let raw = |labels: &Table| encoder.encode_labelled(labels).map(|all| all.labels[0].raw.clone());
    // Another program writes all of them in its way.
    assert_eq!(raw(&labels(&["1.10", "1.20", "3.00"])).unwrap(), [0.0, 1.0, 2.0]);
    assert_eq!(raw(&labelled(&[Cell::Number(1.1), Cell::Text("1.10")])).unwrap(), [0.0, 0.0]);
    let error = raw(&labels(&["1.2", "1.1", "3", "3.0", "1.10"])).unwrap_err();
    assert_eq!((error.code(), error.place().row), (Code::Rows, Some(4)));
    assert_eq!(
        error.to_string(),
        "rows[4], column \"label\": \"1.1\" and \"1.10\" are one number, and training knew one way \
         to write it, \"1.1\"; write them alike if they are one class, else train with both"
    );
    // Numbers that were inferred to be classes are numbers.
    let table = labels(&["1", "2", "1", "2", "1", "2"]);
    let schema = infer(&table, TargetChoice::new("label", None)).unwrap();
    let again = labels(&["1", "1.00", "1e0", "2"]);
    let all = encoded(&table, &schema).0.encode_labelled(&again).unwrap();
    assert_eq!(all.labels[0].raw, [0.0, 0.0, 0.0, 1.0]);
}

#[test]
fn labels_are_the_same_class_by_any_route() {
    for (texts, asked) in [
        (["True", "False"], [Cell::Text("true"), Cell::Text("f")]),
        (["t", "f"], [Cell::Text("true"), Cell::Text("false")]),
        (["1", "0"], [Cell::Text("true"), Cell::Number(0.0)]),
        (["1.0", "K"], [Cell::Number(1.0), Cell::Text("K")]),
        (["2.50", "K"], [Cell::Number(2.5), Cell::Text("K")]),
        (["2024-03-31", "never"], [Cell::Text("2024-03-31T00:00:00.000Z"), Cell::Text("never")]),
    ] {
        let table = labels(&texts);
        let schema = infer(&table, choice("label", TaskType::Classification)).unwrap();
        let (encoder, learnt) = encoded(&table, &schema);
        let found = encoder.encode_labelled(&labelled(&asked)).unwrap();
        assert_eq!(found.labels[0].raw, learnt.labels[0].raw, "{texts:?}");
    }
    let table = labels(&["12345678901234567890", "12345678901234567891"]);
    let schema = infer(&table, choice("label", TaskType::Classification)).unwrap();
    let asked = labelled(&[Cell::Number(12_345_678_901_234_567_890.0)]);
    let error = encoded(&table, &schema).0.encode_labelled(&asked).unwrap_err();
    assert!(error.to_string().contains("expected a string"), "{error}");
    let error = refused(&asked, choice("label", TaskType::Classification));
    assert!(error.to_string().contains("give them as strings"), "{error}");
}
