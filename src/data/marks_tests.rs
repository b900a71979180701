//! The decimal comma is found where the whole table shows it, asked for where it may be another
//! sign, and the point where nothing shows otherwise.

use super::*;
use crate::data::{
    CURRENCY, Cell, Declared, Encoder, FeatureType, Schema, TableBuilder, TargetChoice, Unit,
};

const ROWS: usize = 60;

/// A file of these columns, each with what makes its cells, and a target of two classes.
fn table(delimiter: u8, columns: &[&dyn Fn(usize) -> String]) -> Table {
    let names = (0..columns.len()).map(|nth| format!("c{nth}")).chain(["t".to_owned()]);
    let mut builder = TableBuilder::from_files(names).delimited(delimiter);
    builder.start_file("t.csv");
    for row in 0..ROWS {
        let cells: Vec<String> = columns.iter().map(|of| of(row)).collect();
        let class = Cell::Text(["p", "q"][row % 2]);
        builder.push(row as u64 + 2, cells.iter().map(|cell| Cell::Text(cell)).chain([class]));
    }
    builder.build()
}

fn infer(table: &Table) -> Result<Schema> {
    Schema::infer(table, &SchemaOptions::default())
}

fn refused(table: &Table) -> String {
    infer(table).unwrap_err().to_string()
}

fn kinds(schema: &Schema) -> Vec<FeatureType> {
    schema.features.iter().map(|feature| feature.kind).collect()
}

fn comma(row: usize) -> String {
    format!("{},{}", row % 50, row * 7 % 10)
}

fn point(row: usize) -> String {
    format!("{}.{}", row % 50, row * 7 % 10 + 1)
}

fn whole(row: usize) -> String {
    (row * 13 % 59).to_string()
}

fn thousand(row: usize) -> String {
    format!("{},{:03}", row % 50 + 1, row * 7)
}

const FOUND: &str = "as in \"0,0\" (line 2, column \"c0\")";

#[test]
fn a_decimal_comma_is_found_and_kept_with_the_model() {
    for delimiter in [b';', b'\t', b','] {
        let table = table(delimiter, &[&comma, &whole]);
        let schema = infer(&table).unwrap();
        assert_eq!((schema.decimal, schema.decimal_why.as_deref()), (',', Some(FOUND)));
        assert_eq!(kinds(&schema), [FeatureType::Numeric; 2]);
        let encoder = Encoder::fit(&table, &schema, &(0..ROWS).collect::<Vec<_>>()).unwrap();
        let saved = serde_json::to_string(&encoder).unwrap();
        let encoder: Encoder = serde_json::from_str(&saved).unwrap();
        let row = |cell: &str| {
            let mut row = TableBuilder::from_rows(["c0", "c1"].map(str::to_owned));
            row.push(0, [Cell::Text(cell), Cell::Text("5")]);
            encoder.encode(&row.build()).map(|encoded| encoded.numeric)
        };
        assert_eq!(row("12,5").unwrap(), row("12,50").unwrap());
        let message = row("12.5").unwrap_err().to_string();
        assert!(
            message.ends_with(
                "expected a number, found \"12.5\", and texts of rows have the decimal sign ',' and \
                 nothing between thousands, as in training; give a number"
            ),
            "{message}"
        );
        for (cell, cure) in [
            ("2,000.25", "; set csv: { decimal: '.', thousands: ',' } to read it"),
            ("12.5", "; set csv: { decimal: '.' } to read it"),
            ("2.000,25", "; set csv: { thousands: '.' } to read it"),
            ("2.000", "; set csv: { thousands: '.' } or csv: { decimal: '.' } to read it"),
            ("two", ""),
        ] {
            let mut file = TableBuilder::from_files(["c0", "c1"].map(str::to_owned));
            file.start_file("p.csv");
            file.push(2, [Cell::Text(cell), Cell::Text("5")]);
            let message = encoder.encode(&file.build()).unwrap_err().to_string();
            let end = format!("expected a number, found \"{cell}\"{cure}");
            assert!(message.ends_with(&end), "{message}");
        }
    }
}

#[test]
fn targets_and_weights_show_it_too_and_columns_left_out_do_not() {
    let table = table(b';', &[&comma, &whole]);
    let options =
        SchemaOptions { targets: vec![TargetChoice::new("c0", None)], ..SchemaOptions::default() };
    let schema = Schema::infer(&table, &options).unwrap();
    assert_eq!((schema.decimal, schema.tasks[0].kind), (',', crate::data::TaskType::Regression));
    let options =
        SchemaOptions { sample_weights: Some("c0".to_owned()), ..SchemaOptions::default() };
    assert_eq!(Schema::infer(&table, &options).unwrap().decimal, ',');
    let options = SchemaOptions { exclude: vec!["c0".to_owned()], ..SchemaOptions::default() };
    let schema = Schema::infer(&table, &options).unwrap();
    assert_eq!((schema.decimal, schema.decimal_why), ('.', None));
    let types = vec![("c0".to_owned(), Declared::As(FeatureType::Categorical))];
    let schema = Schema::infer(&table, &SchemaOptions { types, ..SchemaOptions::default() });
    assert_eq!(schema.unwrap().decimal, '.');
}

#[test]
fn points_stay_points_and_what_is_said_is_not_looked_for() {
    let schema = infer(&table(b';', &[&point, &whole])).unwrap();
    assert_eq!((schema.decimal, schema.decimal_why), ('.', None));
    for decimal in [b'.', b','] {
        let options = SchemaOptions { decimal: Some(decimal), ..SchemaOptions::default() };
        let schema = Schema::infer(&table(b';', &[&whole]), &options).unwrap();
        assert_eq!((schema.decimal, schema.decimal_why), (decimal.into(), None));
    }
    let options = SchemaOptions { decimal: Some(b'.'), ..SchemaOptions::default() };
    let message = Schema::infer(&table(b';', &[&comma]), &options).unwrap_err().to_string();
    assert!(message.contains("set csv: { decimal: ',' }"), "{message}");
    let options = SchemaOptions { decimal: Some(b','), ..SchemaOptions::default() };
    let message = Schema::infer(&table(b';', &[&point]), &options).unwrap_err().to_string();
    assert!(message.contains("set csv: { decimal: '.' }"), "{message}");
}

#[test]
fn a_table_has_one_decimal_sign() {
    assert_eq!(
        refused(&table(b';', &[&comma, &point])),
        "t.csv line 2, column \"c0\": \"0,0\" has the decimal sign ',', and \"0.1\" in column \
         \"c1\" has '.' (line 2); write both alike, or set features: { types: { c0: 'categorical' } \
         } if they are names"
    );
}

#[test]
fn three_digits_behind_every_comma_are_asked_about() {
    for delimiter in [b';', b','] {
        assert_eq!(
            refused(&table(delimiter, &[&thousand, &whole])),
            "t.csv line 2, column \"c0\": \"1,000\": ',' may stand between thousands or be the \
             decimal sign, which no cell of the column tells; set csv: { thousands: ',' } or csv: \
             { decimal: ',' }, or set features: { types: { c0: 'categorical' } } if they are names"
        );
    }
    // Where others have a point, the comma is none.
    let message = refused(&table(b';', &[&thousand, &point]));
    assert!(message.contains("set csv: { thousands: ',' }, or set features"), "{message}");
    // Where others have a comma, so does this one.
    let schema = infer(&table(b';', &[&comma, &thousand])).unwrap();
    assert_eq!((schema.decimal, kinds(&schema)), (',', vec![FeatureType::Numeric; 2]));
    // A slip does not tell.
    let slip = |row: usize| if row == 9 { "1000,993".to_owned() } else { thousand(row) };
    assert!(refused(&table(b';', &[&slip, &whole])).contains("which no cell of the column tells"));
    let small = |row: usize| if row == 9 { "0,993".to_owned() } else { thousand(row) };
    assert_eq!(infer(&table(b';', &[&small])).unwrap().decimal, ',');
    // A larger number tells.
    let large = |row: usize| format!("{},{:03}.5", row + 1, row);
    let message = refused(&table(b';', &[&large]));
    assert!(message.contains("with ',' between thousands"), "{message}");
    assert!(message.contains("set csv: { thousands: ',' }, or"), "{message}");
    let continental = |row: usize| format!("{}.{:03},5", row + 1, row);
    let message = refused(&table(b';', &[&continental]));
    assert!(message.contains("set csv: { thousands: '.' }, or"), "{message}");
}

/// A number as German programs write it.
fn german(number: usize) -> String {
    match number {
        1000.. => format!("{}.{:03}", number / 1000, number % 1000),
        _ => number.to_string(),
    }
}

#[test]
fn points_between_thousands_are_asked_about() {
    let size = |row: usize| german(row * 7 % 11 * 250 + 100);
    let price = |row: usize| german(row * 7 % 11 * 2500 + 1000);
    for delimiter in [b';', b',', b'\t'] {
        assert_eq!(
            refused(&table(delimiter, &[&size, &price])),
            "t.csv line 3, column \"c0\": \"1.850\": '.' may stand between thousands or be the \
             decimal sign, which no cell of the column tells; set csv: { thousands: '.', decimal: \
             ',' } or csv: { decimal: '.' }, or set features: { types: { c0: 'categorical' } } if \
             they are names"
        );
    }
    let read = |decimal, thousands, of: &dyn Fn(usize) -> String| {
        let options =
            SchemaOptions { decimal: Some(decimal), thousands, ..SchemaOptions::default() };
        Schema::infer(&table(b';', &[of]), &options).map(|schema| kinds(&schema))
    };
    assert_eq!(read(b',', Some(b'.'), &size).unwrap(), [FeatureType::Numeric]);
    assert_eq!(read(b'.', None, &size).unwrap(), [FeatureType::Numeric]);
    // Where others have a decimal comma, points are none.
    let message = refused(&table(b';', &[&comma, &size]));
    assert!(message.contains("with '.' between thousands"), "{message}");
    assert!(message.contains("set csv: { thousands: '.' }"), "{message}");
    let message = refused(&table(b';', &[&comma, &price]));
    assert!(message.contains("set csv: { thousands: '.' }"), "{message}");
    // Larger ones tell.
    let large = |row: usize| if row == 9 { "1.234.567".to_owned() } else { size(row) };
    let message = refused(&table(b';', &[&large]));
    assert!(message.contains("set csv: { thousands: '.' }"), "{message}");
    // So does another column, unless semicolons are between cells.
    assert_eq!(infer(&table(b',', &[&size, &point])).unwrap().decimal, '.');
    assert!(refused(&table(b';', &[&size, &point])).contains("which no cell of the column tells"));
    // Targets too.
    let options =
        SchemaOptions { targets: vec![TargetChoice::new("c0", None)], ..SchemaOptions::default() };
    let message = Schema::infer(&table(b';', &[&size, &whole]), &options).unwrap_err().to_string();
    assert!(message.contains("'.' may stand between thousands"), "{message}");
    assert!(
        message.ends_with("targets: { c0: 'classification' } if they are classes"),
        "{message}"
    );
}

#[test]
fn three_decimals_are_decimals() {
    let cases: [&dyn Fn(usize) -> String; 6] = [
        &|row| format!("{}.{:03}", row % 5, row * 7 % 1000),
        &|row| format!("{}.{:03}", row + 1, row * 7 % 1000),
        &|row| if row % 9 == 0 { (row % 80).to_string() } else { format!("1.{:03}", row + 100) },
        &|row| if row % 9 == 0 { "999".to_owned() } else { format!("1.{:03}", row + 100) },
        &|row| if row % 2 == 0 { (row + 300).to_string() } else { format!("1.{row:02}") },
        &|row| if row == 5 { "1.000".to_owned() } else { (row + 300).to_string() },
    ];
    for of in cases {
        for delimiter in [b';', b','] {
            let schema = infer(&table(delimiter, &[of])).unwrap();
            assert_eq!((schema.decimal, kinds(&schema)), ('.', vec![FeatureType::Numeric]));
        }
    }
}

#[test]
fn thousands_are_read_where_they_are_said_to_be() {
    let blank = |row: usize| format!("{}\u{a0}{:03},5", row + 1, row);
    for (thousands, of, decimal) in [
        (b',', &thousand as &dyn Fn(usize) -> String, '.'),
        (b' ', &blank, ','),
        (b'\'', &point, '.'),
    ] {
        let decimal_said = (thousands == b',').then_some(b'.');
        let options = SchemaOptions {
            decimal: decimal_said,
            thousands: Some(thousands),
            ..SchemaOptions::default()
        };
        let table = table(b';', &[of]);
        let schema = Schema::infer(&table, &options).unwrap();
        assert_eq!((schema.decimal, schema.thousands), (decimal, Some(thousands.into())));
        assert_eq!(kinds(&schema), [FeatureType::Numeric]);
        let encoder = Encoder::fit(&table, &schema, &[0, 1, 2]).unwrap();
        let saved = serde_json::to_string(&encoder).unwrap();
        assert_eq!(serde_json::from_str::<Encoder>(&saved).unwrap(), encoder);
        encoder.encode(&table).unwrap();
    }
}

#[test]
fn lists_of_two_and_a_few_numbers_with_commas_are_names() {
    let pairs = |row: usize| format!("{},{}", row % 4 + 1, row % 4 + 2 + row % 3);
    let message = refused(&table(b';', &[&pairs]));
    assert!(message.contains("may be a list of two; set csv: { decimal: ',' }"), "{message}");
    let few = |row: usize| format!("{},{}", row % 2 + 1, row % 2 + 3);
    for delimiter in [b';', b','] {
        let schema = infer(&table(delimiter, &[&few])).unwrap();
        assert_eq!((schema.decimal, kinds(&schema)), ('.', vec![FeatureType::Categorical]));
        assert!(schema.features[0].reason.ends_with("numbers if csv.decimal is ','"));
    }
    // A few that are no list are numbers where commas do not separate cells.
    let half = |row: usize| ["0,5", "1,5", "2,0"][row % 3].to_owned();
    assert_eq!(infer(&table(b';', &[&half])).unwrap().decimal, ',');
    assert_eq!(infer(&table(b',', &[&half])).unwrap().decimal, '.');
    assert_eq!(infer(&table(b';', &[&half, &point])).unwrap().decimal, '.');
}

#[test]
fn amounts_and_percentages_show_the_decimal_sign() {
    let euro = |row: usize| format!("{}.{:03},50 €", row + 1, row);
    let cents = |row: usize| format!("{row},50 €");
    let percent = |row: usize| format!("{row},5 %");
    let dollar = |row: usize| format!("${},{row:03}", row + 1);
    let dots = |row: usize| format!("{}.{row:03} €", row + 1);
    let declared = |delimiter, of: &dyn Fn(usize) -> String, unit| {
        let types = vec![("c0".to_owned(), Declared::Numbers(unit))];
        let options = SchemaOptions { types, ..SchemaOptions::default() };
        Schema::infer(&table(delimiter, &[of]), &options).map(|schema| schema.decimal)
    };
    assert_eq!(declared(b';', &euro, CURRENCY).unwrap(), ',');
    assert_eq!(declared(b',', &cents, CURRENCY).unwrap(), ',');
    assert_eq!(declared(b';', &percent, Unit::Percent).unwrap(), ',');
    assert_eq!(declared(b',', &dollar, CURRENCY).unwrap(), '.');
    for (of, cures) in [
        (&dollar as &dyn Fn(usize) -> String, "csv: { thousands: ',' } or csv: { decimal: ',' }"),
        (&dots, "csv: { decimal: ',', thousands: '.' } or csv: { decimal: '.' }"),
    ] {
        let message = declared(b';', of, CURRENCY).unwrap_err().to_string();
        assert!(message.contains(cures), "{message}");
    }
}
