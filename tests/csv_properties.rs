//! Promises of the CSV reader that hold for any table and for any bytes.

// clippy.toml lets tests panic; this lets what the tests call do so as well.
#![allow(clippy::unwrap_used, clippy::panic)]

use csv::{QuoteStyle, Terminator, WriterBuilder};
use proptest::collection::vec;
use proptest::prelude::*;

use polytask::data::csv::{CsvOptions, Encoding, OnError, read_bytes};
use polytask::data::{Cell, MissingTokens};

/// Cells with all that is special in a CSV file, and some plain ones.
fn cell() -> impl Strategy<Value = String> {
    prop_oneof!["[a-z0-9 ,;\t|\"'\n\r#é😀]{0,6}", "[0-9.]{1,4}", "(NA|null|\\?|N/A|)"]
}

fn rows() -> impl Strategy<Value = Vec<Vec<String>>> {
    (1usize..6).prop_flat_map(|width| vec(vec(cell(), width), 1..12))
}

fn written(rows: &[Vec<String>], style: QuoteStyle, delimiter: u8, end: Terminator) -> Vec<u8> {
    let mut writer = WriterBuilder::new()
        .quote_style(style)
        .delimiter(delimiter)
        .terminator(end)
        .from_writer(Vec::new());
    for row in rows {
        writer.write_record(row).unwrap();
    }
    writer.into_inner().unwrap()
}

/// The cells that come back, where `expected` makes of a written cell what should.
fn same(bytes: &[u8], rows: &[Vec<String>], delimiter: u8, expected: impl Fn(&str) -> String) {
    let header: Vec<String> = (0..rows[0].len()).map(|i| format!("column {i}")).collect();
    let header = written(&[header], QuoteStyle::Always, delimiter, Terminator::CRLF);
    let bytes = [&header, bytes].concat();
    let options = CsvOptions {
        delimiter: Some(delimiter),
        header: Some(true),
        missing: MissingTokens::only(Vec::new()),
        ..CsvOptions::default()
    };
    let table = read_bytes("x.csv", &bytes, &options).unwrap().table;
    assert_eq!(table.rows(), rows.len());
    for (i, row) in rows.iter().enumerate() {
        for (j, cell) in row.iter().enumerate() {
            let found = match table.columns()[j].cell(i) {
                Cell::Text(text) => text,
                _ => "",
            };
            let expected = expected(cell);
            // A cell of nothing but blanks is missing.
            let expected = if expected.trim().is_empty() { "" } else { &expected };
            assert_eq!(found, expected, "row {i}, column {j}");
        }
    }
}

proptest! {
    #[test]
    fn quoted_tables_come_back_as_written(
        rows in rows(),
        delimiter in prop::sample::select(b",;\t|".to_vec()),
        end in prop::sample::select(vec![
            Terminator::CRLF, Terminator::Any(b'\n'), Terminator::Any(b'\r'),
        ]),
    ) {
        let bytes = written(&rows, QuoteStyle::Always, delimiter, end);
        same(&bytes, &rows, delimiter, str::to_owned);
    }

    #[test]
    fn tables_quoted_where_needed_come_back_trimmed(rows in rows()) {
        // A row of one cell that is only blanks is a blank line.
        let rows: Vec<_> =
            rows.into_iter().filter(|row| row.len() > 1 || !row[0].trim().is_empty()).collect();
        if rows.is_empty() {
            return Ok(());
        }
        let bytes = written(&rows, QuoteStyle::Necessary, b',', Terminator::Any(b'\n'));
        let unquoted = |cell: &str| !cell.contains([',', '"', '\n', '\r']);
        same(&bytes, &rows, b',', |cell| match unquoted(cell) {
            true => cell.trim_matches([' ', '\t']).to_owned(),
            false => cell.to_owned(),
        });
    }

    #[test]
    fn missing_tokens_and_only_they_are_missing(rows in rows()) {
        let bytes = written(&rows, QuoteStyle::Always, b',', Terminator::CRLF);
        let options = CsvOptions {
            header: Some(false),
            delimiter: Some(b','),
            columns: Some((0..rows[0].len()).map(|i| format!("column {i}")).collect()),
            ..CsvOptions::default()
        };
        let table = read_bytes("x.csv", &bytes, &options).unwrap().table;
        let tokens = ["", "NA", "null", "?", "N/A", "."];
        for (i, row) in rows.iter().enumerate() {
            for (j, cell) in row.iter().enumerate() {
                let missing = tokens.contains(&cell.trim());
                let expected = if missing { Cell::Missing } else { Cell::Text(cell) };
                prop_assert_eq!(table.columns()[j].cell(i), expected);
            }
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(
        bytes in prop_oneof![
            vec(any::<u8>(), 0..200),
            vec(prop::sample::select(b"ab1,;\t|\"\r\n #?\0\xe9\xff\xfe".to_vec()), 0..200),
        ],
        name in prop::sample::select(vec!["x.csv", "x.csv.gz"]),
        encoding in prop::sample::select(vec![
            None, Some(Encoding::Utf8), Some(Encoding::Utf16), Some(Encoding::Latin1),
        ]),
        on_error in prop::sample::select(vec![OnError::Fail, OnError::Skip]),
        header in any::<Option<bool>>(),
        comment in prop::option::of(Just(b'#')),
        skip_lines in 0usize..3,
        columns in prop::option::of(Just(vec!["a".to_owned(), "b".to_owned()])),
    ) {
        let options = CsvOptions {
            encoding, on_error, header, comment, skip_lines, columns, ..CsvOptions::default()
        };
        match read_bytes(name, &bytes, &options) {
            Ok(read) => {
                prop_assert!(read.table.rows() > 0 && !read.table.columns().is_empty());
                prop_assert!(on_error == OnError::Skip || read.skipped.count == 0);
            }
            Err(error) => {
                prop_assert_eq!(error.code(), polytask::Code::Csv);
                prop_assert_eq!(error.place().file.as_deref(), Some(name));
            }
        }
    }
}
