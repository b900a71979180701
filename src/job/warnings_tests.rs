//! What is said of cells, labels and targets, and of what nothing is said.

use super::*;
use crate::data::TableBuilder;
use crate::options::TrainOptions;
use crate::random::{Purpose, Random};
use serde_json::json;

/// A file of numbers: a feature, a day, a target; of each some cells are put otherwise.
fn table(rows: usize, odd: &[(&str, usize, &str)]) -> Table {
    let names = ["a", "day", "y", "w"];
    let mut builder = TableBuilder::from_files(names.map(str::to_owned));
    builder.start_file("d.csv");
    let mut random = Random::new(4, Purpose::Split);
    for row in 0..rows {
        let a = random.normal();
        let cells = [
            format!("{a:.4}"),
            format!("2024-{:02}-{:02}", row % 12 + 1, row % 28 + 1),
            format!("{:.4}", 2.0 * a + random.normal()),
            "1".to_owned(),
        ];
        let cell = |column: usize| {
            let odd = odd.iter().find(|(name, at, _)| *name == names[column] && *at == row);
            odd.map_or(Cell::Text(&cells[column]), |(_, _, text)| Cell::Text(text))
        };
        builder.push(row as u64 + 2, (0..4).map(cell));
    }
    builder.build()
}

fn found(table: &Table, options: serde_json::Value) -> Vec<String> {
    let mut given = json!({ "targets": "y", "features": { "types": { "day": "date" } } });
    given.as_object_mut().unwrap().extend(options.as_object().unwrap().clone());
    let schema = Schema::infer(table, &TrainOptions::parse(given).unwrap().schema).unwrap();
    let rows: Vec<usize> = (0..table.rows()).collect();
    of_table(table, &rows, &schema, NumberFormat::POINT)
}

#[test]
fn nothing_is_said_of_an_ordinary_table() {
    assert_eq!(found(&table(300, &[]), json!({})), Vec::<String>::new());
}

#[test]
fn cells_and_labels_far_out_are_named_with_their_line() {
    let one = found(&table(300, &[("a", 17, "1000000000")]), json!({}));
    let [one] = &*one else { panic!("{one:?}") };
    let expected = "\"a\": 1 of 300 cells lies more than 10 deviations out (line 19: 1000000000; the \
                    others lie between ";
    assert!(one.starts_with(expected), "{one}");
    assert!(one.ends_with("Correct this cell or leave the row out."), "{one}");
    let max = format!("{}", f64::MAX);
    for text in ["1e9", "1.7976931348623157e308", "-3.4028234663852886e+38", &max] {
        for column in ["a", "y"] {
            let said = found(&table(300, &[(column, 3, text)]), json!({})).concat();
            assert!(said.starts_with(&format!("\"{column}\": 1 of 300 ")), "{said}");
            let shown: String = text.chars().take(60).collect();
            assert!(said.contains(&format!("(line 5: {shown};")), "{said}");
            let no_data = said.contains(&format!("csv.missing: ['{shown}']"));
            assert_eq!(no_data, text != "1e9", "{said}");
        }
    }
    let odd: Vec<_> = (0..12).map(|row| ("y", row * 20 + 1, "-999")).collect();
    let said = found(&table(300, &odd), json!({})).concat();
    assert!(said.contains("12 of 300 labels lie more than 10 deviations out"), "{said}");
    assert!(said.contains("(line 3: -999, as in 11 more rows; the others"), "{said}");
    assert!(
        said.ends_with("where -999 stands for no data, say so by csv.missing: ['-999']."),
        "{said}"
    );
}

#[test]
fn a_date_of_no_year_is_named() {
    let said =
        found(&table(300, &[("day", 9, "9999-12-31"), ("day", 20, "9999-12-31")]), json!({}));
    let said = said.concat();
    assert!(
        said.starts_with("\"day\": 2 of 300 dates are of a year like 9999 (line 11: 9999-12-31)"),
        "{said}"
    );
    assert!(said.contains("csv.missing: ['9999-12-31']"), "{said}");
}

#[test]
fn rows_of_no_weight_are_not_looked_at() {
    let odd = [("a", 17, "1e9"), ("w", 17, "0")];
    assert_eq!(found(&table(300, &odd), json!({ "sampleWeights": "w" })), Vec::<String>::new());
    assert_eq!(found(&table(300, &odd[..1]), json!({ "sampleWeights": "w" })).len(), 1);
}

#[test]
fn many_columns_are_counted() {
    let names: Vec<String> = (0..12).map(|nth| format!("c{nth}")).collect();
    let mut builder = TableBuilder::from_rows(names.iter().cloned().chain(["y".to_owned()]));
    let mut random = Random::new(4, Purpose::Split);
    for row in 0..100 {
        let cells: Vec<f64> = (0..13).map(|_| f64::from(random.normal())).collect();
        let cell = |x: &f64| Cell::Number(if row == 6 { 1e12 * x } else { *x });
        builder.push(row, cells[..12].iter().map(cell).chain([Cell::Number(cells[12])]));
    }
    let table = builder.build();
    let schema = json!({ "targets": "y" });
    let schema = Schema::infer(&table, &TrainOptions::parse(schema).unwrap().schema).unwrap();
    let rows: Vec<usize> = (0..100).collect();
    let said = of_table(&table, &rows, &schema, NumberFormat::POINT);
    assert_eq!(said.len(), 9, "{said:?}");
    assert!(said[0].contains("(rows[6]: "), "{said:?}");
    assert_eq!(said[8], "\"c8\" and 3 more columns have such cells too.");
}

#[test]
fn targets_that_are_nearly_constant_are_named() {
    // So many of 1000 labels are another.
    let of = |kind: &str, usual: &str, others: &[&str]| {
        let mut builder = TableBuilder::from_rows(["a".to_owned(), "y".to_owned()]);
        let mut random = Random::new(4, Purpose::Split);
        for row in 0..1000 {
            let label = others.get(row / 3).filter(|_| row % 3 == 0).unwrap_or(&usual);
            builder.push(0, [Cell::Number(f64::from(random.normal())), Cell::Text(label)]);
        }
        let table = builder.build();
        let options = json!({ "targets": { "y": kind } });
        let schema = Schema::infer(&table, &TrainOptions::parse(options).unwrap().schema);
        let rows: Vec<usize> = (0..1000).collect();
        of_table(&table, &rows, &schema.unwrap(), NumberFormat::POINT).concat()
    };
    assert_eq!(
        of("regression", "5", &["5.5", "7"]),
        "The target \"y\" is nearly constant: 998 of 1000 labels are 5, and 2 others are too few to \
         learn from, or to score by. Check that it is the column you mean, or gather rows with other \
         labels."
    );
    assert!(of("regression", "5", &[]).contains(
        "The target \"y\" is constant: all 1000 labels are 5, and there is nothing to learn of it. \
         Check that it is the column you mean"
    ));
    assert!(of("regression", "5", &["9"]).contains("one other is too little"));
    assert!(of("regression", "5", &["9"; 10]).contains("990 of 1000 labels are 5"));
    assert!(!of("regression", "5", &["9"; 11]).contains("nearly constant"));
    assert!(of("count", "0", &["1", "2"]).contains("998 of 1000 labels are 0"));
    assert!(of("classification", "no", &["yes", "yes"]).contains("998 of 1000 labels are \"no\""));
    assert!(of("classification", "no", &["yes"; 9]).contains("9 others are too few"));
    // Rare, but there: of ten much can be learnt.
    assert_eq!(of("classification", "no", &["yes"; 10]), "");
    let said = of("regression", "1000000000.0000001", &["1000000000.0000002"; 300]);
    assert!(said.contains("differ by no more than rounding"), "{said}");
}

#[test]
fn what_diverged_is_explained() {
    let error = || Error::new(Code::Diverged, "training diverged");
    let text = explain(error(), &["\"y\": 1 of 9.".to_owned()]).to_string();
    assert_eq!(text, "training diverged. It may come of this: \"y\": 1 of 9.");
    assert_eq!(explain(error(), &[]).to_string(), "training diverged");
    let other = explain(Error::new(Code::Options, "no"), &["x".to_owned()]);
    assert_eq!(other.to_string(), "no");
}

#[test]
fn numbers_are_told_shortly() {
    for (number, text) in [
        (0.0, "0"),
        (-2.0, "-2"),
        (3.24159, "3.242"),
        (-0.012345, "-0.01235"),
        (123456.7, "123457"),
        (1e20, "1.000e20"),
        (1.5e-7, "1.500e-7"),
        (f64::MAX, "1.798e308"),
    ] {
        assert_eq!(figure(number), text);
    }
    assert_eq!(written(Cell::Number(1e300)), "1e300");
    assert_eq!(written(Cell::Number(-999.0)), "-999");
}
