//! Targets that look like identifiers, dates or free text are errors that say so.

use crate::data::{
    CURRENCY, Cell, Encoder, Schema, SchemaOptions, TableBuilder, TargetChoice, TaskType, Unit,
};
use crate::error::Result;

fn infer(cells: &[String], choice: TargetChoice) -> Result<Schema> {
    let mut builder = TableBuilder::from_files(["x", "y"].map(str::to_owned));
    builder.start_file("t.csv");
    for (row, cell) in cells.iter().enumerate() {
        let number = (row * 7 % 31).to_string();
        builder.push(row as u64 + 2, [Cell::Text(&number), Cell::Text(cell)]);
    }
    Schema::infer(
        &builder.build(),
        &SchemaOptions { targets: vec![choice], ..SchemaOptions::default() },
    )
}

fn cells(rows: usize, of: impl Fn(usize) -> String) -> Vec<String> {
    (0..rows).map(of).collect()
}

fn kind(cells: &[String]) -> std::result::Result<TaskType, String> {
    let schema = infer(cells, TargetChoice::new("y", None)).map_err(|error| error.to_string())?;
    Ok(schema.tasks[0].kind)
}

fn declared(cells: &[String], kind: TaskType) -> std::result::Result<TaskType, String> {
    let choice = TargetChoice::new("y", Some(kind));
    let schema = infer(cells, choice).map_err(|error| error.to_string())?;
    Ok(schema.tasks[0].kind)
}

#[test]
fn labels_of_which_most_are_unique_are_no_classes() {
    let ids = |distinct: usize| cells(100, move |row| format!("id-{}", row % distinct));
    assert_eq!(
        kind(&ids(60)).unwrap_err(),
        "t.csv, column \"y\": the labels look like identifiers or names: 60 different ones in 100 \
         rows, too many for a classification, of which each class must stand in several rows; name \
         another target"
    );
    assert_eq!(kind(&ids(50)), Ok(TaskType::Classification));
    // What was said to be classes must repeat too.
    let message = declared(&ids(60), TaskType::Classification).unwrap_err();
    assert!(message.ends_with("name another target, or put classes together"), "{message}");
    assert_eq!(declared(&ids(50), TaskType::Classification), Ok(TaskType::Classification));
    let numbers = cells(100, |row| format!("{row}.5"));
    for kind in [TaskType::Classification, TaskType::Ordinal] {
        let message = declared(&numbers, kind).unwrap_err();
        assert!(message.ends_with("set targets: { y: 'regression' }"), "{message}");
    }
    // A few rows do not tell.
    assert_eq!(kind(&cells(19, |row| format!("id-{row}"))), Ok(TaskType::Classification));
}

#[test]
fn dates_are_no_classes() {
    for of in [
        (|row| format!("2011-01-{:02}", row % 28 + 1)) as fn(usize) -> String,
        |row| format!("{}/{}/2011", row % 9 + 1, row % 8 + 1),
        |row| ["2020-01-01", "2021-01-01"][row % 2].to_owned(),
    ] {
        let message = kind(&cells(400, of)).unwrap_err();
        assert!(message.contains("the labels are dates, such as \""), "{message}");
        assert!(message.contains("set targets: { y: 'classification' }"), "{message}");
        let said = declared(&cells(400, of), TaskType::Classification);
        assert_eq!(said, Ok(TaskType::Classification));
    }
}

#[test]
fn sentences_are_no_classes() {
    let note = |row: usize| format!("the thing broke on day {}", row % 40);
    let message = kind(&cells(100, note)).unwrap_err();
    assert!(message.contains("look like free text: 40 different ones of 6 words"), "{message}");
    let said = declared(&cells(100, note), TaskType::Classification);
    assert_eq!(said, Ok(TaskType::Classification));
    let message = kind(&cells(100, |row| format!("the thing broke on day {row}"))).unwrap_err();
    assert!(message.contains("the labels look like free text: 100 different ones"), "{message}");
    // Long names that repeat are names.
    assert_eq!(kind(&cells(400, note)), Ok(TaskType::Classification));
    let few = |row: usize| format!("a class of many words {}", row % 9);
    assert_eq!(kind(&cells(40, few)), Ok(TaskType::Classification));
}

#[test]
fn amounts_and_percentages_are_labels() {
    for (of, unit, mean) in [
        ((|row| format!("${row},000")) as fn(usize) -> String, CURRENCY, 20_000.0),
        (|row| format!("{row}%"), Unit::Percent, 0.2),
    ] {
        let choice =
            TargetChoice { unit: Some(unit), ..TargetChoice::new("y", Some(TaskType::Regression)) };
        let cells = cells(39, |row| of(row + 1));
        let schema = infer(&cells, choice.clone()).unwrap();
        let mut builder = TableBuilder::from_rows(["x", "y"].map(str::to_owned));
        cells.iter().for_each(|cell| builder.push(0, [Cell::Number(1.0), Cell::Text(cell)]));
        builder.push(0, [Cell::Number(1.0), Cell::Number(0.5)]);
        let table = builder.build();
        let encoder = Encoder::fit(&table, &schema, &(0..39).collect::<Vec<_>>()).unwrap();
        let saved = serde_json::to_string(&encoder).unwrap();
        let encoder: Encoder = serde_json::from_str(&saved).unwrap();
        let labels = encoder.encode_labelled(&table).unwrap().labels.remove(0);
        let sum: f64 = labels.raw[..39].iter().sum();
        assert!((sum / 39.0 - mean).abs() < 1e-9, "{sum}");
        assert_eq!(labels.raw[39], 0.5);
        let mut wrong = cells.clone();
        wrong[4] = "seven".to_owned();
        let message = infer(&wrong, choice).unwrap_err().to_string();
        assert!(message.starts_with("t.csv line 6, column \"y\": \"seven\" is not a"), "{message}");
        assert!(message.contains("targets.y.format is '"), "{message}");
    }
}
